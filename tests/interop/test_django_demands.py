"""What the unmodified library demands of a broker, and what it lets pass: each case changes one thing."""

import pytest
from lxml import etree

from .visit import LogIn
from .wire.broker import BINDING, MD, Change, Plan, WireBroker
from .wire.changes import (
    STATUS,
    SUMMARY,
    encrypted_attribute,
    found,
    with_attribute,
    with_attributes,
    with_ids_of_advice,
    with_key_inside_key_info,
    with_second_recipient,
    with_status,
    with_text,
    with_time,
    without,
)
from .wire.crypto import DS, x509_text
from .wire.elements import CORE, plain_attribute
from .wire.messages import Chain

COMPANY_NAME = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
CONFIRMATION = f"{SUMMARY}/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
CONDITIONS = f"{SUMMARY}/saml:Conditions"
KEY_NAMES = f"{SUMMARY}/saml:AttributeStatement//xenc:EncryptedKey/ds:KeyInfo"
RSIN_VALUE = f"{SUMMARY}/saml:AttributeStatement/saml:Attribute[@Name='{CORE}LegalSubjectID']/saml:AttributeValue[2]"


def signed(*elements: str) -> Plan:
    return Plan(signed=frozenset(elements))


ACCEPTED = {
    "only the assertion is signed": signed("Assertion"),
    "the artifact response's signature is broken": Plan(spoil=with_attribute(".", "Consent", "urn:x")),
    "a signature in Advice is broken": Plan(
        with_text(f"{SUMMARY}/saml:Advice/saml:Assertion[1]/saml:Subject/saml:NameID", "x")
    ),
    "no Advice": Plan(without(f"{SUMMARY}/saml:Advice")),
    "no KeyName in EncryptedKey": Plan(without(KEY_NAMES)),
    "EncryptedKey inside KeyInfo": Plan(with_key_inside_key_info),
    "intermediary's name as a plain attribute": Plan(with_attributes(plain_attribute(COMPANY_NAME, "Kantoor"))),
    "no audience": Plan(without(f"{CONDITIONS}/saml:AudienceRestriction")),
    "no Destination": Plan(with_attribute(".", "Destination", None)),
    "conditions ran out within the clock drift": Plan(with_time(CONDITIONS, "NotOnOrAfter", -200)),
    "level below the catalogue's": Plan(
        with_text(f"{SUMMARY}//saml:AuthnContextClassRef", CORE + "assurance-class:loa1")
    ),
    "answer is called application/soap+xml": Plan(content_type="application/soap+xml"),
    "artifact names endpoint 1": Plan(endpoint_index=1),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_library_accepts(log_in: LogIn, chain: Chain, case: str) -> None:
    visit = log_in(ACCEPTED[case])

    assert visit.rsin == chain.client_rsin, visit.log[-2000:]


REFUSED = {
    "assertion not signed": (signed("ArtifactResponse"), "The Assertion of the Response is not signed"),
    "assertion changed": (
        Plan(
            spoil=with_text(f"samlp:Response/{SUMMARY}/saml:Subject/saml:NameID", "x"),
            signed=frozenset({"Assertion"}),
        ),
        "Signature validation failed",
    ),
    "response's signature broken": (
        Plan(spoil=with_attribute("samlp:Response", "Consent", "urn:x")),
        "Signature validation failed",
    ),
    "same Ids in summary and Advice": (Plan(with_ids_of_advice), "Invalid SAML ArtifactResponse"),
    "a register's statement breaks its schema": (
        Plan(without(f"{SUMMARY}/saml:Advice//{{*}}Environment")),
        "Invalid SAML ArtifactResponse",
    ),
    "no KeyInfo in EncryptedData": (
        Plan(without(f"{SUMMARY}/saml:AttributeStatement//xenc:EncryptedData/ds:KeyInfo")),
        "No KeyInfo present",
    ),
    "an attribute's name twice": (
        Plan(with_attributes(plain_attribute(CORE + "ServiceID", "x"))),
        "duplicated Name",
    ),
    "another audience": (Plan(with_text(f"{CONDITIONS}//saml:Audience", "urn:other")), "is not a valid audience"),
    "another Destination": (
        Plan(with_attribute(".", "Destination", "http://localhost/")),
        "The response was received at",
    ),
    "another Recipient": (Plan(with_attribute(CONFIRMATION, "Recipient", "http://localhost/")), "SubjectConfirmation"),
    "confirms another request": (Plan(with_attribute(CONFIRMATION, "InResponseTo", "_x")), "SubjectConfirmation"),
    "confirmation ran out, no drift allowed": (
        Plan(with_time(CONFIRMATION, "NotOnOrAfter", -1)),
        "SubjectConfirmation",
    ),
    "conditions ran out": (Plan(with_time(CONDITIONS, "NotOnOrAfter", -400)), "expired"),
    "no InResponseTo": (Plan(with_attribute(".", "InResponseTo", None)), "is not a request id"),
    "no conditions": (Plan(without(CONDITIONS)), "must include a Conditions"),
    "no AuthnStatement": (Plan(without(f"{SUMMARY}/saml:AuthnStatement")), "must include an AuthnStatement"),
    "another issuer": (Plan(with_text("saml:Issuer", "urn:x")), "Invalid issuer"),
    "artifact response to another request": (
        Plan(spoil=with_attribute(".", "InResponseTo", "_x")),
        "does not match the ID",
    ),
    "artifact response without success": (
        Plan(spoil=with_attribute("samlp:Status/samlp:StatusCode", "Value", STATUS + "Requester")),
        "was not Success",
    ),
    "HTTP status 202": (Plan(status=202), "Received a status code 202"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_library_refuses(log_in: LogIn, case: str) -> None:
    plan, reason = REFUSED[case]
    visit = log_in(plan)

    assert visit.rsin is None
    assert visit.messages == ["Login to eHerkenning did not succeed. Please try again."]
    assert reason in visit.log


def test_library_refuses_every_encrypted_attribute(log_in: LogIn, wire: WireBroker) -> None:
    name = encrypted_attribute(COMPANY_NAME, "Kantoor", wire.provider)
    visit = log_in(Plan(with_attributes(name)))

    assert visit.rsin is None
    assert "There is an EncryptedAttribute in the Response and this SP not support them" in visit.log


def test_library_finds_its_key_among_those_of_others_by_retrieval_method(log_in: LogIn, chain: Chain) -> None:
    change = with_second_recipient(chain.client_register, by_name=False, ours_first=False)

    assert log_in(Plan(change)).rsin == chain.client_rsin


def test_library_takes_the_first_key_of_a_shared_name(log_in: LogIn, chain: Chain) -> None:
    ours_first = with_second_recipient(chain.client_register, by_name=True, ours_first=True)
    ours_last = with_second_recipient(chain.client_register, by_name=True, ours_first=False)

    assert log_in(Plan(ours_first)).rsin == chain.client_rsin
    assert log_in(Plan(ours_last)).page.status == 500


def test_login_without_rsin_is_refused_with_its_own_message(log_in: LogIn) -> None:
    visit = log_in(Plan(without(RSIN_VALUE)))

    assert visit.rsin is None
    assert visit.messages == ["No RSIN returned by eHerkenning. Login to eHerkenning did not succeed."]


@pytest.mark.parametrize("second_level", ["AuthnFailed", "RequestUnsupported"])
def test_cancelled_login_brings_the_visitor_back_with_a_message(log_in: LogIn, second_level: str) -> None:
    visit = log_in(Plan(with_status(second_level)))

    assert visit.rsin is None
    assert visit.messages == ["Login to eHerkenning did not succeed. Please try again."]
    assert ("did not succeed or was cancelled" in visit.log) == (second_level == "AuthnFailed")


def test_artifact_response_without_response_breaks_the_library(log_in: LogIn) -> None:
    assert log_in(Plan(spoil=without("samlp:Response"))).page.status == 500


def endpoint(binding: str) -> str:
    return f"md:IDPSSODescriptor/md:SingleSignOnService[@Binding='{BINDING}{binding}']"


def with_key_of_another(chain: Chain, use: str) -> Change:
    """One more key, before the real one."""

    def change(descriptor: etree._Element) -> None:
        key = DS.KeyInfo(DS.X509Data(DS.X509Certificate(x509_text(chain.client_register.certificate))))
        found(descriptor, "md:IDPSSODescriptor").insert(0, MD.KeyDescriptor(key, use=use))

    return change


def test_metadata_needs_a_redirect_endpoint_though_the_library_posts(log_in: LogIn) -> None:
    without_redirect = log_in(Plan(metadata=without(endpoint("HTTP-Redirect"))))

    assert without_redirect.page.status == 500
    assert "idp_sso_not_found" in without_redirect.log


def test_library_posts_to_the_redirect_endpoint(log_in: LogIn, wire: WireBroker, chain: Chain) -> None:
    visit = log_in(Plan(metadata=with_attribute(endpoint("HTTP-Redirect"), "Location", f"{wire.url}/redirect")))

    assert visit.page.hops[0] == (302, f"{wire.url}/redirect")
    assert visit.rsin == chain.client_rsin


@pytest.mark.parametrize("use", ["signing", "encryption"])
def test_metadata_may_hold_more_keys(log_in: LogIn, chain: Chain, use: str) -> None:
    assert log_in(Plan(metadata=with_key_of_another(chain, use))).rsin == chain.client_rsin


def test_metadata_needs_certificates_and_not_key_names(log_in: LogIn, chain: Chain) -> None:
    assert log_in(Plan(metadata=without(".//ds:KeyName"))).rsin == chain.client_rsin
    assert "idp_cert_or_fingerprint_not_found_and_required" in log_in(Plan(metadata=without(".//ds:X509Data"))).log


def test_metadata_needs_the_resolution_endpoint_that_the_artifact_names(log_in: LogIn, chain: Chain) -> None:
    without_index_0 = without("md:IDPSSODescriptor/md:ArtifactResolutionService[@index='0']")

    assert log_in(Plan(metadata=without_index_0)).page.status == 500
    assert log_in(Plan(metadata=without_index_0, endpoint_index=1)).rsin == chain.client_rsin
