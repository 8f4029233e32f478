"""Rules for the broker's assertion as any service provider should judge it: subject, conditions, authentication.

etd DV-HM response, dialect 1.13 (docs/limits.md names the dialects). `summary` says whether it is an answer to this
login, `summary_attributes` is about its attributes, `evidence` about the statements in Advice. A service provider can
log people in with most of the warnings; the errors leave in doubt who acts, or for how long that counts.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from broker.core.findings import Severity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml import names
from broker.saml.stated import Stated

LONGEST: Final = timedelta(minutes=10)
_CLAUSE: Final = "etd DV-HM response"
_SCHEME: Final = "urn:etoegang:"


def _issuer(stated: Stated) -> Iterable[Seen]:
    if not stated.issuer_is_plain:
        yield Seen("Assertion/Issuer", "has attributes")


def _name_id(stated: Stated) -> Iterable[Seen]:
    if not stated.name_id:
        yield Seen("Assertion/Subject/NameID", "is missing or empty")


def _format(stated: Stated) -> Iterable[Seen]:
    if stated.name_format != names.NAMEID_TRANSIENT:
        yield Seen("Assertion/Subject/NameID/@Format", repr(stated.name_format))


def _qualifier(stated: Stated) -> Iterable[Seen]:
    if stated.name_qualifier != stated.authority:
        yield Seen("Assertion/Subject/NameID/@NameQualifier", f"{stated.name_qualifier!r:.200}")


def _confirmations(stated: Stated) -> Iterable[Seen]:
    if stated.confirmations != 1:
        yield Seen("Assertion/Subject/SubjectConfirmation", f"{stated.confirmations}, expected one")


def _period(stated: Stated) -> Iterable[Seen]:
    if stated.window is None:
        yield Seen("Assertion/Conditions", "NotBefore or NotOnOrAfter is missing")
    elif not stated.window.not_before <= stated.issue_instant < stated.window.not_on_or_after:
        yield Seen("Assertion/Conditions", "does not hold at the moment of issue")


def _long(stated: Stated) -> Iterable[Seen]:
    if stated.window is not None and stated.window.not_on_or_after - stated.issue_instant > LONGEST:
        seconds = (stated.window.not_on_or_after - stated.issue_instant).total_seconds()
        yield Seen("Assertion/Conditions/@NotOnOrAfter", f"{seconds:.0f} s after the moment of issue")


def _no_audience(stated: Stated) -> Iterable[Seen]:
    if not stated.audiences:
        yield Seen("Assertion/Conditions/AudienceRestriction", "names nobody, so anybody may use it")


def _audiences(stated: Stated) -> Iterable[Seen]:
    if len(stated.audiences) > 1:
        yield Seen("Assertion/Conditions/AudienceRestriction", f"{len(stated.audiences)} audiences, expected one")


def _session(stated: Stated) -> Iterable[Seen]:
    if stated.has_authentication and stated.session_index is None:
        yield Seen("Assertion/AuthnStatement/@SessionIndex", "is missing")


def _authority(stated: Stated) -> Iterable[Seen]:
    if not (stated.authority or "").startswith((f"{_SCHEME}AD:", f"{_SCHEME}EB:")):
        yield Seen("Assertion/AuthenticatingAuthority", f"{stated.authority!r:.200}, expected an EntityID")


def _rule(number: int, severity: Severity, clause: str, text: Text, look: Any) -> Rule[Any]:
    return Rule(f"EH-SUM-{number}", severity, clause, text, look)


RULES: Final[tuple[Rule[Stated], ...]] = (
    _rule(
        50,
        Severity.WARNING,
        f"{_CLAUSE}: Issuer",
        Text("Issuer van de verklaring heeft attributen.", "Issuer of the assertion has attributes."),
        _issuer,
    ),
    _rule(
        51,
        Severity.ERROR,
        f"{_CLAUSE}: NameID",
        Text("De verklaring noemt niemand.", "The assertion names nobody."),
        _name_id,
    ),
    _rule(
        52,
        Severity.WARNING,
        f"{_CLAUSE}: NameID",
        Text(
            "De naam van de persoon is niet tijdelijk (transient), zoals 1.13 wil.",
            "The name of the person is not transient, as 1.13 wants.",
        ),
        _format,
    ),
    _rule(
        53,
        Severity.WARNING,
        f"{_CLAUSE}: NameID",
        Text("NameQualifier is niet de authenticatiedienst.", "NameQualifier is not the authentication service."),
        _qualifier,
    ),
    _rule(
        54,
        Severity.ERROR,
        f"{_CLAUSE}: SubjectConfirmation",
        Text(
            "De verklaring heeft niet precies één bevestiging van het onderwerp.",
            "The assertion has not exactly one subject confirmation.",
        ),
        _confirmations,
    ),
    _rule(
        55,
        Severity.ERROR,
        f"{_CLAUSE}: Conditions",
        Text("De verklaring gold niet toen zij werd gemaakt.", "The assertion did not hold when it was made."),
        _period,
    ),
    _rule(
        56,
        Severity.WARNING,
        f"{_CLAUSE}: Conditions",
        Text("De verklaring geldt langer dan tien minuten.", "The assertion holds for more than ten minutes."),
        _long,
    ),
    _rule(
        57,
        Severity.ERROR,
        f"{_CLAUSE}: AudienceRestriction",
        Text(
            "De verklaring is voor niemand in het bijzonder bedoeld.",
            "The assertion is meant for nobody in particular.",
        ),
        _no_audience,
    ),
    _rule(
        58,
        Severity.WARNING,
        f"{_CLAUSE}: AudienceRestriction",
        Text(
            "De verklaring is voor meer dan één ontvanger bedoeld.",
            "The assertion is meant for more than one recipient.",
        ),
        _audiences,
    ),
    _rule(
        59,
        Severity.WARNING,
        f"{_CLAUSE}: AuthnStatement",
        Text("SessionIndex ontbreekt.", "SessionIndex is missing."),
        _session,
    ),
    _rule(
        60,
        Severity.WARNING,
        f"{_CLAUSE}: AuthenticatingAuthority",
        Text("De authenticatiedienst staat er niet bij.", "The authentication service is not named."),
        _authority,
    ),
)
