"""What a decision rests on, as plain data for the record of a login: ids, versions, levels, scopes and periods.

No names, no numbers of organisations and no pseudonym: those stand in the register under these ids.
"""

from typing import Any

from broker.core.administration.events import state_of
from broker.core.links import ChainLink, Link
from broker.core.question import Question
from broker.core.why_not import effective_level


def facts_of(question: Question, link: Link | None) -> dict[str, Any]:
    """Who asked to act for whom, over which link as it was at this moment; without a link only who asked."""
    means = state_of(question.in_use.means)
    facts: dict[str, Any] = {
        "person": question.in_use.person.id,
        "means": {name: value for name, value in means.items() if name != "internal_pseudonym"},
        "authenticated_level": question.authenticated_level.value,
        "needed_level": question.needed_level.value,
        "service": str(question.service.service_id),
        "day": question.day.isoformat(),
    }
    if link is None:
        return facts
    facts |= {
        "kind": link.reference.kind.value,
        "client": link.organisation.id,
        "mandate": state_of(link.mandate),
        "effective_level": effective_level(question, link).value,
    }
    if isinstance(link, ChainLink):
        facts |= {"intermediary": link.intermediary.id, "coupling": state_of(link.coupling)}
    return facts
