"""The messages in a message: an envelope holds an ArtifactResponse, that a Response, that an Assertion, that others."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from lxml import etree

from broker.core.text import Text
from broker.saml import descriptors, names, stated

_SAMLP: Final = f"{{{names.SAMLP}}}"
ASSERTION: Final = f"{{{names.SAML}}}Assertion"
_BODY: Final = f"{{{names.SOAP}}}Body"


class Kind(Enum):
    """What a message is, whoever made it."""

    REQUEST = "AuthnRequest"
    RESPONSE = "Response"
    SUMMARY = "Assertion"
    AUTHENTICATION = "Assertion of an authentication service"
    DECISION = "Assertion of a mandate register"
    RESOLVE = "ArtifactResolve"
    RESOLVED = "ArtifactResponse"
    LOGOUT = "LogoutRequest"
    LOGGED_OUT = "LogoutResponse"
    METADATA = "EntityDescriptor"
    NETWORK = "EntitiesDescriptor"
    OTHER = "other"


WHAT: Final = {
    Kind.REQUEST: Text("vraag om in te loggen", "request to log in"),
    Kind.RESPONSE: Text("antwoord op een vraag om in te loggen", "answer to a request to log in"),
    Kind.SUMMARY: Text("verklaring voor een dienstverlener", "assertion for a service provider"),
    Kind.AUTHENTICATION: Text("verklaring van een authenticatiedienst", "statement of an authentication service"),
    Kind.DECISION: Text("verklaring van een machtigingenregister", "statement of a mandate register"),
    Kind.RESOLVE: Text("vraag om het bericht achter een artifact", "question for the message behind an artifact"),
    Kind.RESOLVED: Text("bericht achter een artifact", "message behind an artifact"),
    Kind.LOGOUT: Text("verzoek om uit te loggen", "request to log out"),
    Kind.LOGGED_OUT: Text("antwoord op een verzoek om uit te loggen", "answer to a request to log out"),
    Kind.METADATA: Text("metadata van een partij", "metadata of one party"),
    Kind.NETWORK: Text("metadata van verschillende partijen", "metadata of several parties"),
    Kind.OTHER: Text("geen bericht dat het stelsel kent", "no message that the scheme knows"),
}
_BY_TAG: Final = {
    **{f"{_SAMLP}{kind.value}": kind for kind in Kind if kind.value.isalpha() and kind is not Kind.SUMMARY},
    descriptors.ENTITY: Kind.METADATA,
    descriptors.ENTITIES: Kind.NETWORK,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One message; `path` leads to it from the root, `in_advice` when it is evidence for the assertion around it."""

    kind: Kind
    element: etree._Element
    path: str
    in_advice: bool = False


def parts(root: etree._Element) -> tuple[Part, ...]:
    """The message and those in it, from the outside in."""
    return tuple(_parts(root, etree.QName(root).localname))


def _parts(element: etree._Element, path: str) -> Iterator[Part]:
    body = element.find(_BODY)
    if body is not None:
        for child in body:
            yield from _parts(child, f"{path}/Body/{etree.QName(child).localname}")
        return
    kind = _kind(element)
    yield Part(kind, element, path)
    if kind is Kind.SUMMARY:
        for number, child in enumerate(stated.in_advice(element), 1):
            yield Part(_kind(child), child, f"{path}/Advice/Assertion[{number}]", in_advice=True)
    elif kind in (Kind.RESOLVED, Kind.RESPONSE):
        inside = [child for child in element if child.tag == ASSERTION or child.tag in _BY_TAG]
        for number, child in enumerate(inside, 1):
            yield from _parts(child, f"{path}/{etree.QName(child).localname}{_number(number)}")


def _number(number: int) -> str:
    return "" if number == 1 else f"[{number}]"


def _kind(element: etree._Element) -> Kind:
    if element.tag != ASSERTION:
        return _BY_TAG.get(str(element.tag), Kind.OTHER)
    if element.find(f"{{{names.SAML}}}Statement") is not None:
        return Kind.DECISION
    attributes = element.findall(f"{{{names.SAML}}}AttributeStatement/{{{names.SAML}}}Attribute")
    of_authentication = {names.REPRESENTATION, names.AUTHORIZATION_REGISTRY_ID}
    return Kind.AUTHENTICATION if of_authentication & {item.get("Name") for item in attributes} else Kind.SUMMARY
