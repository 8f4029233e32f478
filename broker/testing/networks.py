"""The networks of a test run: one for each set of settings, started when a test asks for it and stopped at the end."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from broker.testing.calling import Api
from broker.testing.eherkenning import Eherkenning
from broker.testing.network import Network, Sections, running


@dataclass(frozen=True)
class Started:
    """A running network, and what fixtures of a whole run registered at it."""

    network: Network
    lasting: Eherkenning

    def fresh(self) -> Eherkenning:
        """The network as it was in the beginning, for one test."""
        self.lasting.reset()
        return Eherkenning(self.lasting.api, self.network.settings)


@dataclass
class Networks:
    """Those of one process. `folder` is for this run, `kept` for the next ones too."""

    folder: Path
    kept: Path
    _stack: ExitStack = field(default_factory=ExitStack)
    _started: dict[str, Started] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of(cls, folder: Path, kept: Path) -> Iterator[Self]:
        """Networks that stop at the end."""
        networks = cls(folder, kept)
        with networks._stack:
            yield networks

    def find(self, sections: Sections) -> Started:
        """The network with these settings, by section; raises as `running` does."""
        name = json.dumps(sections, sort_keys=True, default=str)
        if name not in self._started:
            folder = self.folder / str(len(self._started))
            network = self._stack.enter_context(running(folder, self.kept, sections))
            api = Api(f"{network.settings.broker.url}/api/v1", network.settings.api.token)
            self._stack.callback(api.close)
            self._started[name] = Started(network, Eherkenning(api, network.settings))
        return self._started[name]
