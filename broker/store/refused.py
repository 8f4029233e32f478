"""The links that cannot be used, for the reason that a person is told and for the trace."""

import sqlalchemy as sa

from broker.core.decision import decide
from broker.core.links import Link, UncoupledMandate
from broker.core.mandates import ChainStatus
from broker.core.question import Question
from broker.store.links import CHAIN_LINKS, UNCOUPLED_MANDATES, read_chain_link, read_uncoupled_mandate
from broker.store.scopes import covering, covering_parameters
from broker.store.selection import allows_chains, usable, usable_parameters
from broker.store.tables import chain_mandates, client_selection, mandate_couplings

_OF_MEANS = (
    sa.select(mandate_couplings.c.id)
    .where(mandate_couplings.c.means_id == sa.bindparam("means_id"))
    .order_by(mandate_couplings.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_REFUSED = _OF_MEANS.outerjoin(client_selection, client_selection.c.coupling_id == mandate_couplings.c.id).where(
    usable(1).is_not(sa.true())
)
_LINKS_OF_MEANS, _LINKS_REFUSED = (
    CHAIN_LINKS.where(mandate_couplings.c.id.in_(ids.subquery().select())).order_by(mandate_couplings.c.id)
    for ids in (_OF_MEANS, _REFUSED)
)
_UNCOUPLED = (
    UNCOUPLED_MANDATES.where(
        chain_mandates.c.intermediary_id.in_(sa.bindparam("works_for", expanding=True)),
        chain_mandates.c.status == ChainStatus.ACTIVE,
        chain_mandates.c.valid_from <= sa.bindparam("day"),
        chain_mandates.c.valid_until >= sa.bindparam("day"),
        chain_mandates.c.scope_id.in_(covering(0)),
        ~sa.exists().where(
            mandate_couplings.c.mandate_id == chain_mandates.c.id,
            mandate_couplings.c.means_id == sa.bindparam("means_id"),
        ),
    )
    .order_by(chain_mandates.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def refused_links(tx: sa.Connection, question: Question, limit: int) -> tuple[Link | UncoupledMandate, ...]:
    """At most `limit` links that `core.decide` refuses for `question`: direct ones first, then couplings of the means.

    When there are none of these: the chain mandates that cover the service and that the person's organisations hold
    in force, but that are not coupled to the means.
    """
    direct = [refusal.link for refusal in decide(question, question.in_use.direct).refusals]
    parameters = usable_parameters(question, question.each) | {"most": limit}
    # Of a portal this is only asked when nothing at all can be used.
    some_are_usable = len(question.each) == 1 and allows_chains(question)
    coupled = tx.execute(_LINKS_REFUSED if some_are_usable else _LINKS_OF_MEANS, parameters).mappings()
    refused = [*direct, *(read_chain_link(row) for row in coupled)][:limit]
    uncoupled = {mandate.mandate.id: mandate for each in question.each for mandate in _uncoupled(tx, each, limit)}
    return tuple(refused) or tuple(uncoupled.values())[:limit]


def _uncoupled(tx: sa.Connection, question: Question, limit: int) -> tuple[UncoupledMandate, ...]:
    parameters = {
        "means_id": question.in_use.means.id,
        "works_for": sorted(question.in_use.works_for(question.day)),
        "day": question.day,
        "most": limit,
        **covering_parameters(question.service, 0),
    }
    return tuple(read_uncoupled_mandate(row) for row in tx.execute(_UNCOUPLED, parameters).mappings())
