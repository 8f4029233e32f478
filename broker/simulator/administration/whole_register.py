"""The register as a whole: out of the store into a file, from a file into the store, and back to the sample data.

All or nothing: a file is read and checked to its end before anything is written, and writing is one transaction.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from broker.core.administration.actors import Actor
from broker.core.administration.events import REGISTER, Event
from broker.core.administration.mail import LinkTarget
from broker.core.catalogue import Catalogue
from broker.core.clock import amsterdam_date
from broker.core.errors import ConfigError
from broker.core.search import folded
from broker.simulator import other_parties
from broker.simulator.administration.links import token_from
from broker.simulator.context import RegisterFiles, Simulator
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store import scenario
from broker.store.administration import events
from broker.store.database import Store, Transaction
from broker.store.scenario import FileFormat, Names, Scenario

Key = TypeVar("Key", bound=str)


class NotEmpty(ConfigError):
    """The register holds something, and nobody said that it may be replaced."""

    http_status = 409


def exported(store: Store, catalogue: Catalogue, wanted: FileFormat) -> Iterator[str]:
    """The whole register as the text of a file, piece by piece, as it is at one moment.

    Links of invitations and internal pseudonyms are not in it: they follow from secrets of the installation.
    """
    held = store.read(scenario.take)
    return scenario.written(held, names_of(catalogue), wanted)


def counted(store: Store) -> dict[str, int]:
    """How many the register holds of each part that a person would count, as `Scenario.counts` names them."""
    return store.read(scenario.count)


def imported(
    store: Store, files: RegisterFiles, path: Path, actor: Actor, moment: datetime, *, replace: bool
) -> Scenario:
    """Fill the register from a file, in place of what is there if `replace`.

    Raises `ConfigError`: the file with its line, or that the register is not empty (`NotEmpty`).
    """
    read = read_file(files, path, moment)
    fill(store, read, actor, moment, replace=replace)
    other_parties.write_accounts(files.accounts, store)
    return read


def read_file(files: RegisterFiles, path: Path, moment: datetime) -> Scenario:
    """The register that a file describes, in this installation. Raises `ConfigError`.

    A link of an invitation follows from the invitation, so links that were sent work after a register comes back.
    """

    def link(invitation_id: str, email: str) -> str:
        return token_from(files.links, LinkTarget.INVITATION, invitation_id, email)

    return scenario.read_scenario(path, loaded_at=moment, secret=files.secret, link=link)


def reset(sim: Simulator, actor: Actor) -> Scenario:
    """Back to the sample data. Raises `ConfigError` when the file of it cannot be read."""
    files = sim.register_files
    return imported(sim.store, files, files.sample, actor, sim.clock(), replace=True)


def fill(store: Store, wanted: Scenario, actor: Actor, moment: datetime, *, replace: bool = False) -> None:
    """Put `wanted` in the register, and say so in the chain of events, which goes on. Raises `NotEmpty`."""
    loaded = Event(
        at=moment,
        actor=actor,
        action=f"{REGISTER}.loaded",
        object_id=REGISTER,
        about=(),
        after=what_was_loaded(wanted, amsterdam_date(moment)),
    )

    def work(tx: Transaction) -> None:
        if replace:
            scenario.clear(tx)
        elif not scenario.is_empty(tx):
            raise NotEmpty("the register is not empty; with --replace what it holds is lost")
        scenario.load(tx, wanted)
        events.append(tx, [loaded])

    store.write(work)


def what_was_loaded(wanted: Scenario, day: date) -> dict[str, str | int]:
    """What the event says that loads `wanted`: dates in a file may count from the day."""
    return {"sha256": wanted.digest, "day": day.isoformat(), **wanted.counts()}


def names_of(catalogue: Catalogue) -> Names:
    """What providers and services are called in a file: their Dutch names, in small letters with dashes."""
    services = catalogue.services.values()
    return Names(
        AUTHENTICATION_SERVICE.entity_id,
        _unambiguous({service.provider_oin: service.provider_name.nl for service in services}),
        _unambiguous({service.definition_uuid: service.name.nl for service in services}),
    )


def _unambiguous(names: Mapping[Key, str]) -> dict[Key, str]:
    """The names as words of a file, without those that two have."""
    words = {key: re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-") for key, name in names.items()}
    every = list(words.values())
    return {key: word for key, word in words.items() if word and every.count(word) == 1}
