"""The metadata that this party publishes for the broker, one signed EntityDescriptor per portal."""

import hashlib

from lxml import etree
from lxml.etree import _Element as Element

from sp_demo import signature
from sp_demo.keys import OwnKey, read_own_key
from sp_demo.names import (
    DSIG,
    ENVELOPED,
    EXCLUSIVE_C14N,
    HTTP_ARTIFACT,
    METADATA,
    METADATA_EXTENSION,
    RSA_SHA256,
    SAMLP,
    SHA256,
    dsig,
)
from sp_demo.settings import LANGUAGES, Portal, Service, Settings, Text

ACS_INDEX = 0

_PREFIXES = {"md": METADATA, "ds": DSIG, "eme": METADATA_EXTENSION}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def signed_metadata(settings: Settings, portal: Portal) -> bytes:
    """SAML metadata of `portal`; the same settings and keys always give the same bytes.

    Raises `ConfigError` when a key file of the portal cannot be used.
    """
    signing = read_own_key(portal.signing_key_file, portal.signing_certificate_file)
    encryption = read_own_key(portal.encryption_key_file, portal.encryption_certificate_file)
    name = "_" + hashlib.sha256(portal.entity_id.encode()).hexdigest()[:32]
    descriptor = _make(
        _md("EntityDescriptor"),
        _signature_template(name, signing),
        _make(
            _md("SPSSODescriptor"),
            _key_descriptor("signing", signing),
            _key_descriptor("encryption", encryption),
            _consumer(settings.acs_url(portal)),
            *[_service(service, default=service is portal.services[0]) for service in portal.services],
            AuthnRequestsSigned="true",
            WantAssertionsSigned="true",
            protocolSupportEnumeration=SAMLP,
        ),
        _organization(settings, portal),
        entityID=portal.entity_id,
        ID=name,
    )
    descriptor.set(f"{{{METADATA_EXTENSION}}}version", "1.13")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + signature.sign(etree.tostring(descriptor), signing)


def _make(name: str, *content: Element | str, **attributes: str) -> Element:
    element = etree.Element(name, attributes, nsmap=_PREFIXES)
    for part in content:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def _md(name: str) -> str:
    return f"{{{METADATA}}}{name}"


def _signature_template(name: str, key: OwnKey) -> Element:
    """Unlike in messages, the scheme wants the whole certificate in the KeyInfo of metadata."""
    reference = _make(
        dsig("Reference"),
        _make(
            dsig("Transforms"),
            _make(dsig("Transform"), Algorithm=ENVELOPED),
            _make(dsig("Transform"), Algorithm=EXCLUSIVE_C14N),
        ),
        _make(dsig("DigestMethod"), Algorithm=SHA256),
        _make(dsig("DigestValue")),
        URI=f"#{name}",
    )
    return _make(
        dsig("Signature"),
        _make(
            dsig("SignedInfo"),
            _make(dsig("CanonicalizationMethod"), Algorithm=EXCLUSIVE_C14N),
            _make(dsig("SignatureMethod"), Algorithm=RSA_SHA256),
            reference,
        ),
        _make(dsig("SignatureValue")),
        _make(dsig("KeyInfo"), _x509_data(key)),
    )


def _key_descriptor(use: str, key: OwnKey) -> Element:
    return _make(
        _md("KeyDescriptor"), _make(dsig("KeyInfo"), _make(dsig("KeyName"), key.name), _x509_data(key)), use=use
    )


def _x509_data(key: OwnKey) -> Element:
    return _make(dsig("X509Data"), _make(dsig("X509Certificate"), key.certificate_base64))


def _consumer(url: str) -> Element:
    return _make(
        _md("AssertionConsumerService"), Binding=HTTP_ARTIFACT, Location=url, index=str(ACS_INDEX), isDefault="true"
    )


def _service(service: Service, *, default: bool) -> Element:
    return _make(
        _md("AttributeConsumingService"),
        *_in_languages("ServiceName", service.name),
        _make(_md("RequestedAttribute"), Name=service.service_id, isRequired="true"),
        index=str(service.index),
        isDefault="true" if default else "false",
    )


def _organization(settings: Settings, portal: Portal) -> Element:
    name = Text(nl=f"{portal.name.nl} (simulator)", en=f"{portal.name.en} (simulator)")
    address = Text(nl=settings.base_url, en=settings.base_url)
    return _make(
        _md("Organization"),
        *_in_languages("OrganizationName", name),
        *_in_languages("OrganizationDisplayName", portal.name),
        *_in_languages("OrganizationURL", address),
    )


def _in_languages(name: str, text: Text) -> list[Element]:
    parts = []
    for language in LANGUAGES:
        part = _make(_md(name), text.in_language(language))
        part.set(_XML_LANG, language)
        parts.append(part)
    return parts
