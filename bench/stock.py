"""The same signatures with pysaml2 as it comes: its own objects, and the program xmlsec1 for every signature."""

import resource
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from lxml import etree
from saml2 import class_name, saml, samlp
from saml2.attribute_converter import ac_factory
from saml2.mdstore import MetadataStore
from saml2.sigver import CryptoBackendXmlSec1, SecurityContext, pre_signature_part

from bench.installation import Installation
from bench.journey import Messages
from bench.parties import ServiceProvider
from broker.saml import artifact, document, names
from broker.saml.pki import certificate_path, key_path
from broker.simulator.parties import AUTHENTICATION_SERVICE, BROKER

_READERS: Final[dict[str, Callable[[bytes], Any]]] = {
    "AuthnRequest": samlp.authn_request_from_string,
    "Assertion": saml.assertion_from_string,
    "Response": samlp.response_from_string,
    "ArtifactResponse": samlp.artifact_response_from_string,
}
_SIGNATURE: Final = f"{{{names.DS}}}Signature"
_ADVICE: Final = f"{{{names.SAML}}}Advice/{{{names.SAML}}}Assertion"


class NotInstalled(Exception):
    """The program xmlsec1 is not on this machine."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The signatures of one login, ready to be verified and made; `versions` says with what."""

    versions: str
    work: tuple[Callable[[], object], ...]

    def measure(self, logins: int) -> float:
        """Seconds of processor time for as many logins, that of the programs that it starts included."""
        before = _used()
        for _ in range(logins):
            for part in self.work:
                part()
        return _used() - before


def _used() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def prepared_stock(installation: Installation, service_provider: ServiceProvider, messages: Messages) -> Stock:
    """Set up pysaml2 with the broker's key and the metadata of the other parties; raises `NotInstalled`."""
    program = shutil.which("xmlsec1")
    if program is None:
        raise NotInstalled("the program xmlsec1 is not on PATH")
    crypto = CryptoBackendXmlSec1(program)
    certs, party = installation.layout.certs, BROKER.certificates.folder
    security = SecurityContext(
        crypto,
        key_file=str(key_path(certs, party, "signing")),
        cert_file=str(certificate_path(certs, party, "signing")),
        metadata=_metadata(installation.layout.network_metadata, service_provider.metadata),
        only_use_keys_in_metadata=True,
    )
    work = (*_verifications(security, messages), *_signatures(security, messages))
    return Stock(f"pysaml2 {version('pysaml2')} with xmlsec1 {crypto.version}", work)


def _metadata(network: Path, service_provider: bytes) -> MetadataStore:
    store = MetadataStore(ac_factory(), None)
    store.load("inline", service_provider)
    # pysaml2 does not look into an EntitiesDescriptor in another, which is how the scheme publishes its participants.
    for entity in etree.parse(network).iter(f"{{{names.MD}}}EntityDescriptor"):
        if entity.get("entityID") == AUTHENTICATION_SERVICE.entity_id:
            store.load("inline", document.write(entity))
    return store


def _verifications(security: SecurityContext, messages: Messages) -> Iterator[Callable[[], object]]:
    """Each raises when the signature is wrong."""
    request, statement = messages.request.decode(), messages.statement.decode()
    resolve = document.write(artifact.from_envelope(document.read(messages.resolve))).decode()

    def response_with_assertion() -> None:
        response = security.correctly_signed_response(statement, must=True, require_response_signature=True)
        for assertion in response.assertion:
            security.check_signature(assertion, class_name(assertion), statement)

    yield partial(security.correctly_signed_message, request, "authn_request", must=True)
    yield response_with_assertion
    yield partial(security.correctly_signed_message, resolve, "artifact_resolve", must=True)


def _signatures(security: SecurityContext, messages: Messages) -> Iterator[Callable[[], object]]:
    """Sign what the broker signed: the messages of a login without their own signature, those inside them kept."""
    outer = artifact.from_envelope(document.read(messages.answer))
    response = outer[-1]
    summary = response[-1]
    registers = summary.findall(_ADVICE)[1:]
    for element in (document.read(messages.question), *registers, summary, response, outer):
        yield partial(_sign, security, etree.QName(element).localname, _unsigned(element))


def _unsigned(element: etree._Element) -> bytes:
    copy = document.detached(element)
    for own in copy.findall(_SIGNATURE):
        copy.remove(own)
    return document.write(copy)


def _sign(security: SecurityContext, kind: str, xml: bytes) -> str:
    message = _READERS[kind](xml)
    message.signature = pre_signature_part(message.id, sign_alg=names.RSA_SHA256, digest_alg=names.SHA256)
    signed: str = security.sign_statement(message, class_name(message), node_id=message.id)
    return signed
