"""Sample data: a register written down in one YAML file.

    read_scenario   file -> core values; everything wrong with the file is a `ConfigError` with its line
    load_scenario   core values -> store

The format is described by `metadata/sample-register.yaml`, which uses all of it, and defined by `shapes`.
"""

from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from broker.core.administration.dossiers import filed_long_ago
from broker.core.administration.relations import Relation
from broker.store.administration import filed, people, relations
from broker.store.changes import add
from broker.store.scenario.assembly import Scenario, assemble
from broker.store.scenario.document import Document, Misplaced
from broker.store.scenario.shapes import ScenarioShape
from broker.store.tables import organisations

__all__ = ["Scenario", "is_empty", "load_scenario", "read_scenario"]


def read_scenario(path: Path, *, loaded_on: date, secret: bytes) -> Scenario:
    """The register that the file describes, as it is when loaded on this Amsterdam date.

    The internal pseudonym of a means is derived from `secret` and the id of the means, so the same secret gives the
    same pseudonyms. Raises `ConfigError`, one line: file, line, reason.
    """
    document = Document.read(path)
    try:
        return assemble(document.validated(ScenarioShape, loaded_on), secret)
    except Misplaced as error:
        raise document.error(error.path, error.reason) from error


def load_scenario(tx: sa.Connection, scenario: Scenario, moment: datetime) -> None:
    """Add everything to the store; raises `StoreConflict` when some of it is there already.

    Mandates get the papers of those whose past is not known, and each client becomes a relation of its intermediary.
    """
    add(tx, scenario.values)
    people.add_roles(tx, tuple(scenario.roles.values()))
    mandates = scenario.chain_mandates.values()
    filed.file_papers(tx, [filed_long_ago(mandate, moment) for mandate in mandates])
    pairs = dict.fromkeys((mandate.intermediary_id, mandate.grantor_id) for mandate in mandates)
    relations.insert(tx, [Relation(intermediary, client, moment) for intermediary, client in pairs])


def is_empty(tx: sa.Connection) -> bool:
    """Whether the register holds nothing at all yet."""
    return tx.execute(sa.select(organisations.c.id).limit(1)).first() is None
