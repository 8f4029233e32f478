"""`client_selection`: the index by which the clients that a means may act for are found.

It holds one row per coupling, in the order of the list; when one of its links is not active its level is `NEVER`, which
is below every level that a question may need. The rows are an index and no more: what a query selects is read from the
register again and put to `core.why_not`, so a row that is out of date can hide a client for a moment but can never let
anybody in.
"""

from typing import Any

import sqlalchemy as sa

from broker.core.assurance import AssuranceLevel
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus
from broker.core.question import Question
from broker.core.why_not import why_no_chain, why_not_means
from broker.store.scopes import covering, covering_parameters
from broker.store.tables import chain_mandates, client_selection, mandate_couplings, organisations

NEVER = -1

_row = client_selection.c
_AT_ALL = (
    _row.means_id == sa.bindparam("means_id"),
    _row.valid_from <= sa.bindparam("day"),
    _row.valid_until >= sa.bindparam("day"),
    _row.intermediary_id.in_(sa.bindparam("intermediaries", expanding=True)),
    sa.or_(_row.client_is_active, sa.bindparam("inactive_relations", type_=sa.Boolean)),
)


def usable(services: int) -> sa.ColumnElement[bool]:
    """`core.why_not` for chain links and this number of services, in SQL. Parameters: `usable_parameters`."""
    return sa.and_(*_AT_ALL, sa.or_(*(_usable_for(number) for number in range(services))))


def _usable_for(number: int) -> sa.ColumnElement[bool]:
    covering_ids = sa.select(covering(number).cte(f"covering_{number}").c.scope_id)
    return sa.and_(
        _row.scope_id.in_(covering_ids),
        sa.or_(_row.narrowing_id.is_(None), _row.narrowing_id.in_(covering_ids)),
        _row.level_rank >= sa.bindparam(f"needed_rank_{number}"),
    )


def open_services(question: Question) -> tuple[Question, ...]:
    """The question for each service for which a client can be acted for at all."""
    return tuple(each for each in question.each if why_not_means(each) is None and why_no_chain(each) is None)


def usable_parameters(question: Question, services: tuple[Question, ...]) -> dict[str, Any]:
    """The parameters of `usable`: for `question`, and for each service that it is about."""
    parameters: dict[str, Any] = {
        "means_id": question.in_use.means.id,
        "day": question.day,
        "intermediaries": sorted(_working_intermediaries(question)),
        "inactive_relations": not question.policy.relation_must_be_active,
    }
    for number, each in enumerate(services):
        parameters |= {f"needed_rank_{number}": each.needed_level.rank, **covering_parameters(each.service, number)}
    return parameters


def refresh_selection(tx: sa.Connection, changed: sa.ColumnElement[bool]) -> None:
    """Bring the selection up to date for the couplings that `changed` is true for.

    `changed` is a condition on the tables that `_JOINED` joins. Call it in the transaction that makes the change.
    """
    couplings = sa.select(mandate_couplings.c.id).select_from(_JOINED).where(changed)
    tx.execute(sa.delete(client_selection).where(_row.coupling_id.in_(couplings)))
    tx.execute(sa.insert(client_selection).from_select(list(_COPIED), _COPY.where(changed)))


def _working_intermediaries(question: Question) -> frozenset[str]:
    """Whose chains the means may take part in, as far as the trade register does not forbid it."""
    in_use = question.in_use
    known = {item.id: item for item in (in_use.employer, *(link.organisation for link in in_use.direct))}
    works_for = in_use.works_for(question.day)
    if not question.policy.intermediary_must_be_active:
        return works_for
    return frozenset(id_ for id_ in works_for if known[id_].is_active)


def _later(one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.case((one > other, one), else_=other)


def _earlier(one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.case((one < other, one), else_=other)


def _rank(level: sa.ColumnElement[AssuranceLevel]) -> sa.ColumnElement[int]:
    return sa.case(*((level == known, known.rank) for known in AssuranceLevel))


_mandate, _coupling = chain_mandates.c, mandate_couplings.c
_JOINED = mandate_couplings.join(chain_mandates, _mandate.id == _coupling.mandate_id).join(
    organisations, organisations.c.id == _mandate.grantor_id
)
_COPIED: dict[str, sa.ColumnElement[Any]] = {
    "means_id": _coupling.means_id,
    "sort_name": organisations.c.sort_name,
    "client_id": _mandate.grantor_id,
    "intermediary_id": _mandate.intermediary_id,
    "coupling_id": _coupling.id,
    "kvk_number": organisations.c.kvk_number,
    "search_text": organisations.c.search_text,
    "client_is_active": organisations.c.kvk_status == KvkStatus.ACTIVE,
    "scope_id": _mandate.scope_id,
    "narrowing_id": _coupling.narrowing_id,
    "level_rank": sa.case(
        (
            sa.and_(_mandate.status == ChainStatus.ACTIVE, _coupling.status == LinkStatus.ACTIVE),
            _earlier(_rank(_mandate.level), _rank(_coupling.level)),
        ),
        else_=NEVER,
    ),
    "valid_from": _later(_mandate.valid_from, _coupling.valid_from),
    "valid_until": _earlier(_mandate.valid_until, _coupling.valid_until),
}
_COPY = sa.select(*(column.label(name) for name, column in _COPIED.items())).select_from(_JOINED)
