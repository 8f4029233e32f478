"""The links that cannot be used: for the reason that a person is told, and for whoever wants to see them all."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from broker.core.decision import decide
from broker.core.links import ChainLink, DirectLink, Link, UncoupledMandate
from broker.core.mandates import ChainStatus
from broker.core.question import Question
from broker.core.search import EVERYTHING, Search
from broker.store.links import CHAIN_LINKS, UNCOUPLED_MANDATES, read_chain_link, read_uncoupled_mandate
from broker.store.matching import matching
from broker.store.planning import plan_by_values
from broker.store.scopes import covering, covering_parameters
from broker.store.selection import open_services, usable, usable_parameters
from broker.store.tables import chain_mandates, client_selection, mandate_couplings, organisations

_row = client_selection.c
_ORDER = (_row.sort_name, _row.client_id, _row.intermediary_id, _row.coupling_id)
_OF_MEANS = _row.means_id == sa.bindparam("means_id")
_MOST = sa.bindparam("most", type_=sa.Integer)
_CHAINS_BY_ID = CHAIN_LINKS.where(mandate_couplings.c.id.in_(sa.bindparam("ids", expanding=True)))
_COUPLINGS = sa.select(sa.func.count()).select_from(
    sa.select(_row.coupling_id).where(_OF_MEANS).limit(_MOST).subquery()
)


@dataclass(frozen=True, slots=True)
class RefusedLinks:
    """The first of the refused links, by name of the organisation, and how many there are in all."""

    links: tuple[Link | UncoupledMandate, ...]
    total: int


def refused_links(tx: sa.Connection, question: Question, limit: int) -> tuple[Link | UncoupledMandate, ...]:
    """At most `limit` links that `core.decide` refuses for `question`: direct ones first, then couplings of the means.

    When there are none of these: the chain mandates that cover the service and that the person's organisations hold
    in force, but that are not coupled to the means.
    """
    direct, coupled, _ = _refused(tx, question, EVERYTHING, limit)
    refused: tuple[Link, ...] = (*direct, *coupled)
    return refused[:limit] or _uncoupled(tx, question, EVERYTHING, limit)


def look_up_refused(tx: sa.Connection, question: Question, search: Search, limit: int) -> RefusedLinks:
    """At most `limit` of what `search` finds of all that `core.decide` refuses, in this order: direct mandates,
    couplings of the means, chain mandates of the person's organisations that are not coupled to it.

    Of the last kind no more than `limit` are counted. Every coupling of the means is looked at.
    """
    direct, coupled, total = _refused(tx, question, search, limit)
    uncoupled = _uncoupled(tx, question, search, limit)
    shown: tuple[Link | UncoupledMandate, ...] = (*direct, *coupled, *uncoupled)
    return RefusedLinks(shown[:limit], len(direct) + total + len(uncoupled))


def count_couplings(tx: sa.Connection, question: Question, most: int) -> int:
    """How many couplings the means has, counted up to `most`."""
    return tx.execute(_COUPLINGS, {"means_id": question.in_use.means.id, "most": most}).scalar_one()


def _refused(
    tx: sa.Connection, question: Question, search: Search, limit: int
) -> tuple[list[DirectLink], list[ChainLink], int]:
    """The refused direct links, at most `limit` refused couplings, and how many of these there are."""
    decided = decide(question, question.in_use.direct).refusals
    direct = [
        item.link for item in decided if isinstance(item.link, DirectLink) and search.matches(item.link.organisation)
    ]
    services = open_services(question)
    parameters = usable_parameters(question, services) | {"most": limit}
    plan_by_values(tx)
    found = tx.execute(_refused_couplings(search, len(services)), parameters).all()
    if not found:
        return direct, [], 0
    ids = [row.coupling_id for row in found]
    links = map(read_chain_link, tx.execute(_CHAINS_BY_ID, {"ids": ids}).mappings())
    by_id = {link.coupling.id: link for link in links}
    return direct, [by_id[id_] for id_ in ids], found[0].total


@lru_cache(maxsize=64)
def _refused_couplings(search: Search, services: int) -> sa.Select[Any]:
    """Couplings of the means that can be used for none of so many services; parameters as for `usable`."""
    of_means = sa.select(_row.coupling_id, sa.func.count().over().label("total")).where(
        _OF_MEANS, *matching(search, _row.kvk_number, _row.search_text)
    )
    return (of_means.where(sa.not_(usable(services))) if services else of_means).order_by(*_ORDER).limit(_MOST)


def _uncoupled(tx: sa.Connection, question: Question, search: Search, limit: int) -> tuple[UncoupledMandate, ...]:
    """At most `limit` mandates that only need a coupling to the means, for a service that the question is about."""
    found = {link.mandate.id: link for each in question.each for link in _uncoupled_for(tx, each, search, limit)}
    return tuple(found.values())[:limit]


def _uncoupled_for(tx: sa.Connection, question: Question, search: Search, limit: int) -> tuple[UncoupledMandate, ...]:
    parameters = {
        "means_id": question.in_use.means.id,
        "works_for": sorted(question.in_use.works_for(question.day)),
        "day": question.day,
        "most": limit,
        **covering_parameters(question.service, 0),
    }
    return tuple(read_uncoupled_mandate(row) for row in tx.execute(_uncoupled_found(search), parameters).mappings())


@lru_cache(maxsize=64)
def _uncoupled_found(search: Search) -> sa.Select[Any]:
    # PostgreSQL would otherwise walk through the mandates of everybody, hoping to find the first ones soon.
    mandate = chain_mandates.c
    held = (
        sa.select(
            mandate.id, mandate.grantor_id, mandate.scope_id, mandate.status, mandate.valid_from, mandate.valid_until
        )
        .where(mandate.intermediary_id.in_(sa.bindparam("works_for", expanding=True)))
        .cte("held")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    coupled = sa.exists().where(
        mandate_couplings.c.mandate_id == held.c.id, mandate_couplings.c.means_id == sa.bindparam("means_id")
    )
    wanted = sa.select(held.c.id).where(
        held.c.status == ChainStatus.ACTIVE,
        held.c.valid_from <= sa.bindparam("day"),
        held.c.valid_until >= sa.bindparam("day"),
        held.c.scope_id.in_(covering(0)),
        ~coupled,
    )
    if search != EVERYTHING:
        client = organisations.c
        found = matching(search, client.kvk_number, client.search_text)
        wanted = wanted.join(organisations, client.id == held.c.grantor_id).where(*found)
    wanted = wanted.limit(_MOST)
    return UNCOUPLED_MANDATES.where(mandate.id.in_(wanted.subquery().select())).order_by(mandate.id)
