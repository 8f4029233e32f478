"""What one line of the list "on whose behalf" stands for, whatever link it rests on."""

from dataclasses import dataclass

from broker.core.identifiers import BranchNumber
from broker.core.links import ChainLink, Link


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation, for itself (`intermediary_id` is None) or as the client of an intermediary.

    `branch` is the one that a direct mandate is limited to. Links with the same entry are shown as one line.
    """

    organisation_id: str
    intermediary_id: str | None = None
    branch: BranchNumber | None = None


def entry_of(link: Link) -> Entry:
    """The line that `link` belongs to."""
    if isinstance(link, ChainLink):
        return Entry(link.client.id, link.intermediary.id)
    return Entry(link.organisation.id, branch=link.mandate.branch)
