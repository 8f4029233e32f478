"""`samlp:AuthnRequest`: from service provider to broker (etd DV-HM) and from broker to authentication service (HM-AD).

Reading takes what is there and judges nothing: which attributes and elements may appear is a matter of rules.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import names, reading
from broker.saml.build import child, element, instant

TAG: Final = f"{{{names.SAMLP}}}AuthnRequest"
# Parts that the scheme does not use, by their path below the root.
_EXTRA: Final = {
    "Subject": f"{{{names.SAML}}}Subject",
    "NameIDPolicy": f"{{{names.SAMLP}}}NameIDPolicy",
    "Conditions": f"{{{names.SAML}}}Conditions",
    "Scoping/@ProxyCount": f"{{{names.SAMLP}}}Scoping[@ProxyCount]",
    "Scoping/RequesterID": f"{{{names.SAMLP}}}Scoping/{{{names.SAMLP}}}RequesterID",
    "Scoping/IDPList/GetComplete": (f"{{{names.SAMLP}}}Scoping/{{{names.SAMLP}}}IDPList/{{{names.SAMLP}}}GetComplete"),
}


@dataclass(frozen=True, slots=True)
class AuthnRequest:
    """An AuthnRequest as it was signed.

    `service_index` is AttributeConsumingServiceIndex; `levels` are AuthnContextClassRefs as URNs; `scoped` the
    ProviderIDs of Scoping/IDPList; `extra` the parts that the scheme does not use. `intended_audience` and
    `service_uuid` stand in Extensions on the way to an authentication service, and are only read there.
    """

    id: str
    version: str
    issue_instant: datetime
    issuer: str
    issuer_is_plain: bool = True
    destination: str | None = None
    consent: str | None = None
    consumer_index: int | None = None
    consumer_url: str | None = None
    protocol_binding: str | None = None
    service_index: int | None = None
    provider_name: str | None = None
    force_authn: bool = False
    is_passive: bool = False
    comparison: str | None = None
    levels: tuple[str, ...] = ()
    scoped: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    has_extensions: bool = False
    intended_audience: str | None = None
    service_uuid: str | None = None


def read(root: etree._Element) -> AuthnRequest:
    """Read verified content of a service provider, for which Extensions mean nothing; raises `Fault`."""
    issuer = reading.one(root, names.SAML, "Issuer")
    context = reading.optional(root, names.SAMLP, "RequestedAuthnContext")
    return AuthnRequest(
        id=reading.attribute(root, "ID"),
        version=reading.attribute(root, "Version"),
        issue_instant=reading.moment(root, "IssueInstant"),
        issuer=reading.text(issuer),
        issuer_is_plain=not issuer.attrib,
        destination=root.get("Destination"),
        consent=root.get("Consent"),
        consumer_index=reading.number(root, "AssertionConsumerServiceIndex"),
        consumer_url=root.get("AssertionConsumerServiceURL"),
        protocol_binding=root.get("ProtocolBinding"),
        service_index=reading.number(root, "AttributeConsumingServiceIndex"),
        provider_name=root.get("ProviderName"),
        force_authn=reading.boolean(root, "ForceAuthn", default=False),
        is_passive=reading.boolean(root, "IsPassive", default=False),
        # SAML core 3.3.2.2.1: an absent Comparison means exact.
        comparison=None if context is None else context.get("Comparison", "exact"),
        levels=()
        if context is None
        else tuple(reading.text(item) for item in context.findall(f"{{{names.SAML}}}AuthnContextClassRef")),
        scoped=_scoped(root),
        extra=tuple(name for name, path in _EXTRA.items() if root.find(path) is not None),
        has_extensions=root.find(f"{{{names.SAMLP}}}Extensions") is not None,
    )


def read_of_broker(root: etree._Element) -> AuthnRequest:
    """Read verified content of a broker, with what its Extensions tell an authentication service; raises `Fault`."""
    told = _extension_values(root)
    return replace(
        read(root), intended_audience=told.get(names.INTENDED_AUDIENCE), service_uuid=told.get(names.SERVICE_UUID)
    )


def _scoped(root: etree._Element) -> tuple[str, ...]:
    scoping = reading.optional(root, names.SAMLP, "Scoping")
    providers = None if scoping is None else reading.optional(scoping, names.SAMLP, "IDPList")
    entries = () if providers is None else providers.findall(f"{{{names.SAMLP}}}IDPEntry")
    return tuple(reading.attribute(entry, "ProviderID") for entry in entries)


def _extension_values(root: etree._Element) -> dict[str, str]:
    extensions = reading.optional(root, names.SAMLP, "Extensions")
    attributes = () if extensions is None else extensions.findall(f"{{{names.SAML}}}Attribute")
    return {
        reading.attribute(item, "Name"): reading.text(reading.one(item, names.SAML, "AttributeValue"))
        for item in attributes
    }


def write(request: AuthnRequest) -> etree._Element:
    """The unsigned element; the signature belongs directly behind Issuer."""
    root = element(names.SAMLP, "AuthnRequest", _attributes(request), "saml")
    child(root, names.SAML, "Issuer", text=request.issuer)
    extensions = {names.INTENDED_AUDIENCE: request.intended_audience, names.SERVICE_UUID: request.service_uuid}
    if any(extensions.values()):
        parent = child(root, names.SAMLP, "Extensions")
        for name, value in extensions.items():
            if value is not None:
                attribute = child(parent, names.SAML, "Attribute", {"Name": name})
                child(attribute, names.SAML, "AttributeValue", text=value)
    if request.levels:
        context = child(root, names.SAMLP, "RequestedAuthnContext", {"Comparison": request.comparison or "minimum"})
        for level in request.levels:
            child(context, names.SAML, "AuthnContextClassRef", text=level)
    return root


def _attributes(request: AuthnRequest) -> dict[str, str]:
    optional = {
        "Destination": request.destination,
        "ForceAuthn": "true" if request.force_authn else None,
        "AssertionConsumerServiceIndex": _digits(request.consumer_index),
        "AttributeConsumingServiceIndex": _digits(request.service_index),
        "ProviderName": request.provider_name,
    }
    return {
        "ID": request.id,
        "Version": request.version,
        "IssueInstant": instant(request.issue_instant),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _digits(index: int | None) -> str | None:
    return None if index is None else str(index)
