"""What a correct service provider understood of a login, for tests to compare theirs with.

It is written down in the transaction that issues the answer, from what the decision granted and the dialect delivers,
and kept sealed as messages are: it names people and organisations.
"""

from typing import Final

from pydantic import TypeAdapter

from broker.core.identifiers import IdentifierType
from broker.core.understood import Intermediary, Understood
from broker.saml import levels, names
from broker.saml.dialects import Dialect
from broker.saml.outcome import Outcome
from broker.simulator.audit.sealing import Body, seal, unseal
from broker.simulator.context import Simulator
from broker.store.audit import understandings
from broker.store.database import Transaction

_UNDERSTOOD: Final = TypeAdapter(Understood)
_KINDS: Final = {IdentifierType.KVK_NUMBER.value: "kvk_number", IdentifierType.RSIN.value: "rsin"}


def keep(sim: Simulator, tx: Transaction, login_id: str, outcome: Outcome, dialect: Dialect) -> None:
    """Write down what the answer of a login says."""
    octets = _UNDERSTOOD.dump_json(understood(outcome, dialect))
    understandings.put(tx, login_id, seal(sim.archive_key, Body(octets)))


def find(sim: Simulator, login_id: str) -> Understood | None:
    """What was told in a login; None when the service provider was told of no one. Raises `Unreadable`."""
    sealed = sim.store.read(lambda tx: understandings.find(tx, login_id))
    return None if sealed is None else _UNDERSTOOD.validate_json(unseal(sim.archive_key, sealed).octets)


def understood(outcome: Outcome, dialect: Dialect) -> Understood:
    """What is to be read in `outcome`, said in this dialect."""
    requested = {} if dialect.requested_attributes == "omitted" else {one.name: one.value for one in outcome.requested}
    named = {names.REPRESENTED_COMPANY_NAME: outcome.organisation} if dialect.name == "flat" else {}
    return Understood(
        service_provider=outcome.audience,
        level=levels.urn(outcome.level),
        service_ids=tuple(map(str, outcome.service_ids)),
        service_uuid=str(outcome.service_uuid),
        acting_subject=outcome.acting.value,
        identifiers=tuple((_KINDS[one.name], one.value) for one in outcome.legal),
        branch=None if outcome.branch is None else str(outcome.branch),
        intermediary=_intermediary(outcome, dialect),
        attributes={**named, **requested},
    )


def _intermediary(outcome: Outcome, dialect: Dialect) -> Intermediary | None:
    known = outcome.intermediary
    if known is None:
        return None
    return Intermediary(
        kvk_number=str(known.kvk_number),
        rsin=str(known.rsin) if dialect.intermediary_rsin and known.rsin else None,
        name=None if dialect.intermediary_name == "omitted" else known.name.value,
    )
