"""What a correct service provider understands of a login: who acts for whom, at which level, for what.

It is what stands in the answer, in whatever words and however encrypted; what a service provider's dialect leaves out
is left out here too.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Plain = dict[str, Any]
_OPEN_FORMS = {"kvk_number": "kvkNummer", "rsin": "rsin"}


@dataclass(frozen=True, slots=True)
class Intermediary:
    """The intermediary of a chain mandate: its presence is the only way to see that there was a chain."""

    kvk_number: str
    rsin: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Understood:
    """One login. `level` is the URN; `identifiers` are pairs of `kvk_number` or `rsin` and the value, in their order;
    `acting_subject` is the pseudonym of the person; `attributes` are those that were asked for, by their URN.
    """

    service_provider: str
    level: str
    service_ids: tuple[str, ...]
    service_uuid: str
    acting_subject: str
    identifiers: tuple[tuple[str, str], ...]
    branch: str | None
    intermediary: Intermediary | None
    attributes: Mapping[str, str]


def described(known: Understood) -> Plain:
    """What was understood, in our own words, as plain data."""
    through = known.intermediary
    return {
        "service_provider": known.service_provider,
        "level": known.level,
        "service_ids": list(known.service_ids),
        "service_uuid": known.service_uuid,
        "acting_subject": known.acting_subject,
        "identifiers": [{"type": kind, "value": value} for kind, value in known.identifiers],
        "branch": known.branch,
        "is_chain": through is not None,
        "intermediary": None if through is None else asdict(through),
        "attributes": dict(known.attributes),
    }


def authentication_context(understood: Understood) -> Plain:
    """The same as Open Forms and Open Zaak keep it: authentication context, source eherkenning.

    Its shape is that of the JSON Schema that Open Forms tests its contexts with, where a company represents a company.
    `mandate` is there whenever there is a `representee`. Without a chain the organisation itself is the legal subject.
    """
    kind, value = understood.identifiers[0]
    organisation = {"identifierType": _OPEN_FORMS[kind], "identifier": value}
    acting = {"identifierType": "opaque", "identifier": understood.acting_subject}
    if understood.branch is not None:
        organisation["branchNumber"] = understood.branch
    context: Plain = {"source": "eherkenning", "levelOfAssurance": understood.level}
    if understood.intermediary is None:
        return {**context, "authorizee": {"legalSubject": organisation, "actingSubject": acting}}
    through = {"identifierType": "kvkNummer", "identifier": understood.intermediary.kvk_number}
    services = [{"id": name, "uuid": understood.service_uuid} for name in understood.service_ids]
    return {
        **context,
        "representee": organisation,
        "authorizee": {"legalSubject": through, "actingSubject": acting},
        "mandate": {"services": services},
    }
