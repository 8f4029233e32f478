"""Signatures and the links between statements, verified by implementations that share nothing with the broker's."""

import hashlib
import re
import shutil
import subprocess
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier
from signxml.exceptions import InvalidSignature

from broker.saml.pki import certificate_path
from broker.simulator.parties import AUTHENTICATION_SERVICE, BROKER, CLIENT_REGISTER, INTERMEDIARY_REGISTER
from tests.flow.answers import SAML, SAMLP, Answer, facts_of
from tests.requester import NS

LINKED = "urn:etoegang:core:LinkedDeclarationSignatureValue"
NEXT_REGISTER = "urn:etoegang:core:RequireConfirmationFromNextMR"

ASSERTION = f"{SAMLP}Response/{SAML}Assertion/"
ADVICE = f"{ASSERTION}{SAML}Advice/{SAML}Assertion"
# Where a signature is, from the ArtifactResponse, and whose it must be.
PLACES = {
    "ArtifactResponse": ("", BROKER),
    "Response": (f"{SAMLP}Response/", BROKER),
    "Assertion": (ASSERTION, BROKER),
    "of-the-authentication-service": (f"{ADVICE}[1]/", AUTHENTICATION_SERVICE),
    "of-the-intermediary-register": (f"{ADVICE}[2]/", INTERMEDIARY_REGISTER),
    "of-the-client-register": (f"{ADVICE}[3]/", CLIENT_REGISTER),
}
PARTIES = (BROKER, AUTHENTICATION_SERVICE, INTERMEDIARY_REGISTER, CLIENT_REGISTER)


@pytest.fixture
def certificate(network):
    """certificate(entity): the file with its certificate for signing."""
    return lambda entity: certificate_path(network.settings.paths.certs, entity.certificates.folder, "signing")


def verified(root: etree._Element, location: str, pem: str) -> etree._Element:
    """What signxml says the signature at `location` covers."""
    configuration = SignatureConfiguration(
        signature_methods=frozenset({SignatureMethod.RSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        location="./" + location,
        expect_references=1,
    )
    octets = etree.tostring(root)
    return XMLVerifier().verify(octets, x509_cert=pem, id_attribute="ID", expect_config=configuration).signed_xml


def at(root: etree._Element, location: str) -> etree._Element:
    return root.find(location.rstrip("/")) if location else root


def signxml_verifies(root: etree._Element, location: str, certificate: Path, _folder: Path) -> None:
    covered = verified(root, location, certificate.read_text())
    assert covered.get("ID") == at(root, location).get("ID")


def xmlsec1_verifies(root: etree._Element, location: str, certificate: Path, folder: Path) -> None:
    message = folder / "message.xml"
    message.write_bytes(etree.tostring(root))
    path = root.getroottree().getpath(at(root, location).find("ds:Signature", NS))
    # The program knows no prefixes.
    path = re.sub(r"/(?:[\w-]+:)?(\w+)", r"/*[local-name()='\1']", path)
    ids = [item for kind in SIGNED for item in ("--id-attr:ID", kind)]
    command = [XMLSEC1, "--verify", "--pubkey-cert-pem", certificate, "--node-xpath", path, *ids, message]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


XMLSEC1 = shutil.which("xmlsec1")
WITNESSES = (signxml_verifies, xmlsec1_verifies) if XMLSEC1 else (signxml_verifies,)
SIGNED = (f"{NS['samlp']}:ArtifactResponse", f"{NS['samlp']}:Response", f"{NS['saml']}:Assertion")


@pytest.mark.parametrize("witness", WITNESSES)
@pytest.mark.parametrize("place", PLACES)
def test_OUT_04_each_signature_verifies_where_it_stands(chain_answer: Answer, certificate, place, witness, tmp_path):
    location, entity = PLACES[place]
    witness(chain_answer.root, location, certificate(entity), tmp_path)


@pytest.mark.parametrize("witness", WITNESSES)
@pytest.mark.parametrize("place", [place for place, (location, _) in PLACES.items() if location])
def test_each_signature_verifies_of_the_element_taken_out(chain_answer: Answer, certificate, place, witness, tmp_path):
    location, entity = PLACES[place]
    alone = etree.fromstring(etree.tostring(at(chain_answer.root, location), with_tail=False))
    witness(alone, "", certificate(entity), tmp_path)


@pytest.mark.parametrize("place", PLACES)
def test_no_signature_verifies_with_the_key_of_another_party(chain_answer: Answer, certificate, place):
    location, entity = PLACES[place]
    for other in PARTIES:
        if other is not entity:
            with pytest.raises(InvalidSignature):
                verified(chain_answer.root, location, certificate(other).read_text())


def test_one_changed_character_anywhere_breaks_the_signatures_around_it(chain_answer: Answer, certificate):
    """The witness would say so: it is not a check that cannot fail."""
    broken = deepcopy(chain_answer.root)
    kvk = broken.find(f".//{SAML}Attribute[@Name='urn:etoegang:1.9:IntermediateEntityID:KvKnr']/{SAML}AttributeValue")
    kvk.text = "68750111"
    for place in ("ArtifactResponse", "Response", "Assertion"):
        with pytest.raises(InvalidSignature):
            verified(broken, PLACES[place][0], certificate(BROKER).read_text())
    verified(broken, PLACES["of-the-client-register"][0], certificate(CLIENT_REGISTER).read_text())


def test_there_are_no_other_signatures(chain_answer: Answer, direct_answer: Answer):
    assert len(list(chain_answer.root.iter(f"{{{NS['ds']}}}Signature"))) == 6
    assert len(list(direct_answer.root.iter(f"{{{NS['ds']}}}Signature"))) == 5


def test_each_signature_is_made_as_the_scheme_wants(either_answer: Answer):
    for signature in either_answer.root.iter(f"{{{NS['ds']}}}Signature"):
        parent = signature.getparent()
        assert parent.index(signature) == 1
        algorithms = [item.get("Algorithm") for item in signature.iter() if item.get("Algorithm")]
        assert algorithms == [
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            "http://www.w3.org/2001/04/xmlenc#sha256",
        ]
        (reference,) = signature.iter("{*}Reference")
        assert reference.get("URI") == f"#{parent.get('ID')}"


def test_key_info_holds_the_name_of_the_right_key_and_nothing_else(chain_answer: Answer, certificate):
    for location, entity in PLACES.values():
        (info,) = at(chain_answer.root, location).findall("ds:Signature/ds:KeyInfo", NS)
        (name,) = info
        assert name.tag == f"{{{NS['ds']}}}KeyName"
        der = x509.load_pem_x509_certificate(certificate(entity).read_bytes()).public_bytes(Encoding.DER)
        assert name.text == hashlib.sha256(der).hexdigest()


def test_OUT_02_no_id_occurs_twice_and_each_is_a_name(either_answer: Answer):
    ids = Counter(value for item in either_answer.root.iter() for value in (item.get("ID"), item.get("Id")) if value)
    assert [value for value, count in ids.items() if count > 1] == []
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", value) for value in ids)
    assert len(ids) > 12


def test_each_statement_links_to_the_one_before_it(either_answer: Answer):
    for previous, statement in zip(either_answer.evidence, either_answer.evidence[1:], strict=False):
        advice = statement.find("saml:Advice", NS)
        assert [(item.tag, item.text) for item in advice] == [(f"{SAML}AssertionIDRef", previous.get("ID"))]
        linked = facts_of(statement, "Subject")[LINKED]
        assert [item.text for item in linked] == [previous.findtext("ds:Signature/ds:SignatureValue", None, NS)]


def test_the_first_statement_links_to_nothing(either_answer: Answer):
    assert either_answer.evidence[0].find("saml:Advice", NS) is None


def test_only_in_a_chain_the_first_register_names_the_next_one(chain_answer: Answer, direct_answer: Answer):
    obligations = chain_answer.root.findall(".//xacml-policy:Obligation", NS)
    assert len(obligations) == 1
    assert obligations[0] in list(chain_answer.evidence[1].iter())
    assert dict(obligations[0].attrib) == {"ObligationId": NEXT_REGISTER, "FulfillOn": "Permit"}
    (assignment,) = obligations[0]
    assert assignment.text == CLIENT_REGISTER.entity_id
    assert direct_answer.root.find(".//xacml-policy:Obligation", NS) is None
