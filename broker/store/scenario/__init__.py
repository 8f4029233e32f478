"""A whole register in one file of YAML or JSON: the sample data, and what is exported and imported.

    read_scenario    file -> core values; everything wrong with the file is a `ConfigError` with its line
    load             core values -> store
    take             store -> core values
    written          core values -> the text of a file, piece by piece

What is exported, imported and exported again gives the same text. The format is described by
`metadata/sample-register.yaml` and defined by `shapes` and `paper_shapes`.
"""

from datetime import datetime
from pathlib import Path

from broker.store.scenario.assembly import assemble
from broker.store.scenario.content import Scenario
from broker.store.scenario.document import Document, Misplaced
from broker.store.scenario.entries import Names
from broker.store.scenario.papers import LinkToken, Reading
from broker.store.scenario.shapes import ScenarioShape
from broker.store.scenario.stored import clear, clear_around, count, is_empty, load, restore_use, take
from broker.store.scenario.writing import FileFormat, written

__all__ = [
    "FileFormat",
    "Names",
    "Scenario",
    "clear",
    "clear_around",
    "count",
    "is_empty",
    "load",
    "read_scenario",
    "restore_use",
    "take",
    "written",
]


def read_scenario(path: Path, *, loaded_at: datetime, secret: bytes, link: LinkToken | None = None) -> Scenario:
    """The register that the file describes, as it is when loaded at this moment.

    The internal pseudonym of a means is derived from `secret` and the id of the means, so the same secret gives the
    same pseudonyms. `link` gives what stands in the link of an invitation; without it nobody can know that. Raises
    `ConfigError`, one line: file, line, reason.
    """
    document = Document.read(path)
    try:
        shape = document.validated(ScenarioShape, loaded_at)
        return assemble(shape, Reading(secret, loaded_at, link), document.digest)
    except Misplaced as error:
        raise document.error(error.path, error.reason) from error
