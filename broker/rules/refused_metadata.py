"""Rules behind the reading of metadata: each reason for which `broker.saml` refuses a file is one rule.

What is wrong with the document itself, or with its signature, is the same rule as for a message (`reception`).
"""

from collections.abc import Iterable
from typing import Final

from broker.core.findings import Finding, Severity
from broker.core.text import Text
from broker.rules import reception, registration
from broker.rules.rule import Rule, Seen
from broker.saml.faults import MetadataReason, MetadataRejected


def _raised(
    id_: str, reason: MetadataReason, clause: str, nl: str, en: str
) -> tuple[MetadataReason, Rule[MetadataRejected]]:
    def look(rejected: MetadataRejected) -> Iterable[Seen]:
        if rejected.reason is reason:
            yield Seen(rejected.where, f"{rejected.what} ({rejected.clause})")

    return reason, Rule(id_, Severity.ERROR, clause, Text(nl, en), look)


_BY_REASON: Final[dict[MetadataReason, Rule[MetadataRejected]]] = dict(
    (
        _raised(
            "EH-REG-40",
            MetadataReason.ENTITY,
            "etd DV metadata for HM: EntityDescriptor",
            "Het bestand beschrijft niet precies één partij.",
            "The file does not describe exactly one party.",
        ),
        _raised(
            "EH-REG-41",
            MetadataReason.ROLE,
            "SAML metadata 2.4; etd DV metadata for HM: SPSSODescriptor",
            "De rol ontbreekt, komt vaker voor of is niet voor SAML 2.0.",
            "The role is missing, occurs more than once or is not for SAML 2.0.",
        ),
        _raised(
            "EH-REG-42",
            MetadataReason.KEY,
            "SAML metadata 2.4.1.1; etd Digital signature",
            "Een certificaat ontbreekt of is niet bruikbaar.",
            "A certificate is missing or cannot be used.",
        ),
        _raised(
            "EH-REG-43",
            MetadataReason.ENDPOINT,
            "SAML metadata 2.2.2; etd Bindings",
            "Een adres ontbreekt of is niet bruikbaar.",
            "An address is missing or cannot be used.",
        ),
        _raised(
            "EH-REG-44",
            MetadataReason.DUPLICATE,
            "SAML metadata 2.2.3",
            "Iets dat één keer mag voorkomen, staat er vaker.",
            "What may occur once is there more often.",
        ),
        _raised(
            "EH-REG-45",
            MetadataReason.EXPIRED,
            "SAML metadata 2.3.2: validUntil",
            "De metadata is verlopen.",
            "The metadata has expired.",
        ),
        _raised(
            "EH-REG-46",
            MetadataReason.VALIDITY,
            "etd Network metadata: validUntil",
            "De netwerkmetadata zou te lang geldig zijn.",
            "The network metadata would be valid for too long.",
        ),
        _raised(
            "EH-REG-47",
            MetadataReason.NAME,
            "etd Network metadata: Name",
            "De naam van de netwerkmetadata is niet die van een testnetwerk.",
            "The name of the network metadata is not that of a test network.",
        ),
        _raised(
            "EH-REG-48",
            MetadataReason.OLDER,
            "etd Network metadata: Name",
            "De netwerkmetadata is ouder dan wat al gelezen was.",
            "The network metadata is older than what was read before.",
        ),
        _raised(
            "EH-REG-49",
            MetadataReason.SOURCE,
            "limit: http and https, no redirect, 10 s, 256 KiB",
            "De metadata is niet op te halen.",
            "The metadata cannot be fetched.",
        ),
    )
)

RULES: Final[tuple[Rule[MetadataRejected], ...]] = tuple(_BY_REASON.values())


def finding(rejected: MetadataRejected) -> Finding:
    """The finding for metadata that was refused: which rule, where, and what is wrong by which clause."""
    if rejected.reason is MetadataReason.RECIPIENT:
        rule_id = registration.NO_CERTIFICATE.id
    elif isinstance(rejected.reason, MetadataReason):
        rule_id = _BY_REASON[rejected.reason].id
    else:
        rule_id = reception.rule_of(rejected.reason).id
    return Finding(rule_id, Severity.ERROR, rejected.where, f"{rejected.what} ({rejected.clause})")
