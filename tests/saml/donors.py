"""Genuine messages to attack, and a signer of its own that can be told to do everything that is not allowed."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xmlsec
from lxml import etree
from signxml import CanonicalizationMethod, XMLSigner, methods

from broker.saml import document, names, signature

from .keyring import Keys

XMLSEC1 = shutil.which("xmlsec1")
SUBJECT = "DE0A2A4FB9E94D6B8C6F1B0F6A1CE1C3"
FORGED = "00000000000000000000000000000000"

SAML = f"{{{names.SAML}}}"
SAMLP = f"{{{names.SAMLP}}}"
DS = f"{{{names.DS}}}"
SIGNATURE = f"{DS}Signature"

_ASSERTION = """<saml:Assertion ID="{id}" Version="2.0" IssueInstant="2026-11-23T12:00:00Z">
  <saml:Issuer>urn:etoegang:AD:00000099000000020000:entities:9001</saml:Issuer>
  <saml:Subject>
    <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{subject}</saml:NameID>
    <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
      <saml:SubjectConfirmationData InResponseTo="_request" NotOnOrAfter="2026-11-23T12:02:00Z"
        Recipient="http://localhost:8080/broker/acs/1.13"/>
    </saml:SubjectConfirmation>
  </saml:Subject>
  <saml:Conditions NotBefore="2026-11-23T12:00:00Z" NotOnOrAfter="2026-11-23T12:02:00Z">
    <saml:AudienceRestriction><saml:Audience>urn:etoegang:HM:00000099000000010000:entities:9001</saml:Audience>
    </saml:AudienceRestriction>
  </saml:Conditions>
  <saml:AuthnStatement AuthnInstant="2026-11-23T12:00:00Z"><saml:AuthnContext>
    <saml:AuthnContextClassRef>urn:etoegang:core:assurance-class:loa3</saml:AuthnContextClassRef>
  </saml:AuthnContext></saml:AuthnStatement>
  <saml:AttributeStatement><saml:Attribute Name="urn:etoegang:core:Representation">
    <saml:AttributeValue xsi:type="xs:string">false</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion>"""

_RESPONSE = (
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
    ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="_response" Version="2.0" InResponseTo="_request"'
    ' IssueInstant="2026-11-23T12:00:00Z" Destination="http://localhost:8080/broker/acs/1.13">'
    "<saml:Issuer>urn:etoegang:AD:00000099000000020000:entities:9001</saml:Issuer>"
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
    "{assertion}</samlp:Response>"
)


def unsigned(*, subject: str = SUBJECT, assertion_id: str = "_assertion") -> etree._Element:
    """A Response with one Assertion, nothing signed."""
    return etree.fromstring(_RESPONSE.format(assertion=_ASSERTION.format(id=assertion_id, subject=subject)))


def assertion_of(root: etree._Element) -> etree._Element:
    return root.find(f"{SAML}Assertion")


def subject_of(assertion: etree._Element) -> str:
    return assertion.find(f"{SAML}Subject/{SAML}NameID").text


# --- signers ------------------------------------------------------------------------------------------------------


def with_ours(element: etree._Element, keys: Keys) -> None:
    signature.sign(element, keys.signing, prefixes=("xs",))


def with_signxml(element: etree._Element, keys: Keys) -> None:
    """Sign with signxml, which shares lxml with us and nothing else."""
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm="rsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    placeholder = etree.Element(SIGNATURE, Id="placeholder", nsmap={"ds": names.DS})
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    alone.insert(1, placeholder)
    signed = signer.sign(alone, key=keys.key_pem, cert=keys.certificate_pem, reference_uri=element.get("ID"))
    element.insert(1, signed[1])


def with_xmlsec1(element: etree._Element, keys: Keys, folder: Path) -> None:
    """Sign with the xmlsec1 program: another release of libxmlsec, another libxml2, another process."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    alone.insert(1, template("#" + element.get("ID")))
    source = folder / "unsigned.xml"
    source.write_bytes(etree.tostring(alone))
    pair = f"{keys.key_file},{keys.certificate_file}"
    name = etree.QName(element)
    made = subprocess.run(
        [XMLSEC1, "--sign", "--privkey-pem", pair, "--id-attr:ID", f"{name.namespace}:{name.localname}", source],
        capture_output=True,
        check=True,
    )
    element.insert(1, etree.fromstring(made.stdout)[1])


Signer = Callable[[etree._Element], None]


def response(signer: Signer, *, response_signed: bool = True, assertion_signed: bool = True) -> bytes:
    """The donor: a signed Assertion in a signed Response, or one of both signed."""
    root = unsigned()
    if assertion_signed:
        signer(assertion_of(root))
    if response_signed:
        signer(root)
    return document.write(root)


# --- a signer that obeys ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Transform:
    """One ds:Transform and what stands in it."""

    algorithm: str
    content: str = ""

    def __str__(self) -> str:
        return f'<ds:Transform xmlns:ds="{names.DS}" Algorithm="{self.algorithm}">{self.content}</ds:Transform>'


ENVELOPED = Transform(names.ENVELOPED_SIGNATURE)
EXCLUSIVE = Transform(names.C14N_EXCLUSIVE)


def inclusive(prefixes: str) -> Transform:
    content = f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}" PrefixList="{prefixes}"/>'
    return Transform(names.C14N_EXCLUSIVE, content)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to sign; the defaults are what the scheme wants, each field can be spoilt alone."""

    transforms: Sequence[Transform] = (ENVELOPED, EXCLUSIVE)
    canonicalization: str = names.C14N_EXCLUSIVE
    algorithm: str = names.RSA_SHA256
    algorithm_content: str = ""
    digest: str = names.SHA256
    more_references: str = ""
    key_info: str = ""
    position: int = 1
    tail: str | None = None
    key: xmlsec.Key | None = field(default=None, compare=False)


def template(uri: str | None, recipe: Recipe = Recipe()) -> etree._Element:
    attribute = "" if uri is None else f' URI="{uri}"'
    return etree.fromstring(
        f'<ds:Signature xmlns:ds="{names.DS}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{recipe.canonicalization}"/>'
        f'<ds:SignatureMethod Algorithm="{recipe.algorithm}">{recipe.algorithm_content}</ds:SignatureMethod>'
        f"<ds:Reference{attribute}><ds:Transforms>{''.join(map(str, recipe.transforms))}</ds:Transforms>"
        f'<ds:DigestMethod Algorithm="{recipe.digest}"/><ds:DigestValue/></ds:Reference>{recipe.more_references}'
        f"</ds:SignedInfo><ds:SignatureValue/>{recipe.key_info}</ds:Signature>"
    )


def sign(element: etree._Element, keys: Keys, recipe: Recipe = Recipe(), *, uri: str | None = "own") -> None:
    """Sign `element` as `recipe` says, whether that is allowed or not; `uri` is the ID of `element` unless given."""
    made = template("#" + element.get("ID") if uri == "own" else uri, recipe)
    element.insert(recipe.position, made)
    made.tail = recipe.tail
    context = xmlsec.SignatureContext()
    context.key = recipe.key or keys.signing.key
    for item in element.getroottree().iter(etree.Element):
        if item.get("ID"):
            context.register_id(item, "ID")
    context.sign(made)


def signed(keys: Keys, recipe: Recipe = Recipe(), **options) -> etree._Element:
    """A Response signed as `recipe` says, after a trip over the wire."""
    root = unsigned()
    sign(root, keys, recipe, **options)
    return document.read(document.write(root))


def libxmlsec_accepts(element: etree._Element, keys: Keys, key: xmlsec.Key | None = None) -> bool:
    """Whether plain python-xmlsec, with the sender's key set and nothing else restricted, is content."""
    context = xmlsec.SignatureContext()
    context.key = key or keys.verification.key
    for item in element.getroottree().iter(etree.Element):
        if item.get("ID"):
            context.register_id(item, "ID")
    try:
        context.verify(element.find(SIGNATURE))
    except xmlsec.Error:
        return False
    return True
