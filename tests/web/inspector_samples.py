"""The page of the inspector with values as they occur: the real inspections of small messages."""

from collections.abc import Mapping
from datetime import UTC, datetime

from broker.core.text import Text
from broker.inspection import inspector, intake
from broker.inspection.inspected import (
    CertificateFacts,
    Inspection,
    Opened,
    Opinion,
    Run,
    SignatureFacts,
    Span,
    Standing,
)
from broker.inspection.inspector import Given
from broker.web.operator import inspector_pages as pages
from broker.web.operator.pages import Operator
from tests.web.operator_samples import FRAME, HIDDEN

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOGOUT = (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
    ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-11-23T12:00:00Z">'
    "<saml:Issuer>urn:etoegang:DV:00000099000000140000:entities:9001</saml:Issuer>"
    "<saml:NameID>CA9195F720519CA59A32EF8E6608492A32A0E49B75026746D47A1D3EFD4A3B6E</saml:NameID></samlp:LogoutRequest>"
)
_CERTIFICATE = CertificateFacts(
    subject="CN=Gemeente (test),O=Simulator - geen echte gegevens,C=NL",
    issuer="CN=Ketenbroker Test CA",
    oin="00000099000000140000",
    not_before=NOW,
    not_after=datetime(2029, 11, 22, tzinfo=UTC),
    fingerprint="d" * 64,
    from_metadata=True,
)
_SIGNATURE = SignatureFacts(
    number=1,
    path="LogoutRequest/Signature",
    covers="LogoutRequest #_1",
    signer="urn:etoegang:DV:00000099000000140000:entities:9001",
    algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    digest="http://www.w3.org/2001/04/xmlenc#sha256",
    canonicalization="http://www.w3.org/2001/10/xml-exc-c14n#",
    transforms=("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/2001/10/xml-exc-c14n#"),
    key_name="d" * 64,
    certificate=_CERTIFICATE,
    standing=Standing.BROKEN,
    why=Text("De inhoud is veranderd nadat zij werd ondertekend.", "The content was altered after it was signed."),
    detail="with 1 key(s)",
    spans=(Span(0, 20), Span(40, 60)),
    opinions=(Opinion("signxml", None, "not installed"), Opinion("xmlsec1", False, "data and digest do not match")),
)


def inspected(text: str) -> Inspection:
    return inspector.inspect(intake.take(text.encode())[0], Given(now=NOW))


def _signed() -> Inspection:
    found = inspected(LOGOUT)
    return Inspection(
        found=found.found,
        kind=found.kind,
        what=found.what,
        moment=NOW,
        given=True,
        signatures=(_SIGNATURE,),
        runs=(Run("<a>", 0, (1,), True), Run("<b/>", 3, (), False, 1), Run("</a>", 7, (), False)),
        uncovered=("Status",),
        opened=(
            Opened("EncryptedID", ("urn:ontvanger",), ("d" * 64,), "<NameID>68727720</NameID>"),
            Opened("EncryptedID[2]", (), (), None, Text("Er is geen sleutel gegeven.", "No key was given.")),
        ),
        tree=found.tree,
        notes=("metadata: document: not-well-formed",),
    )


def _form(text: str = "") -> pages.InspectionForm:
    return pages.InspectionForm(action="/posted", hidden=HIDDEN, text=text)


INSPECTOR_PAGES: Mapping[str, Operator] = {
    "operator_inspector": pages.Inspector(**FRAME, form=_form()),
    "operator_inspector_refused": pages.Inspector(
        **FRAME,
        form=_form("hallo!"),
        problem=pages.Problem(
            what=Text("Dit is geen SAML-bericht.", "This is no SAML message."),
            advice=Text("Geef XML of base64.", "Give XML or base64."),
        ),
    ),
    "operator_inspector_found": pages.Inspector(**FRAME, form=_form(LOGOUT), inspection=inspected(LOGOUT)),
    "operator_inspector_signed": pages.Inspector(
        **FRAME,
        form=_form(LOGOUT),
        inspection=_signed(),
        choices=(
            pages.Choice(number=1, label="1: POST portaal.example/acs", kind="LogoutRequest", is_shown=True),
            pages.Choice(number=2, label="2: GET portaal.example/sso", kind="", is_shown=False),
        ),
    ),
    "operator_inspector_unreadable": pages.Inspector(**FRAME, form=_form("<a>"), inspection=inspected("<a>")),
}
