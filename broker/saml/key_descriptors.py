"""`md:KeyDescriptor`: the certificates of a party and what each is for."""

import base64
from typing import Final, Literal

from lxml import etree

from broker.saml import names, reading
from broker.saml.build import child
from broker.saml.faults import MetadataReason, MetadataRejected
from broker.saml.keys import Certificate, VerificationKey

Use = Literal["signing", "encryption"]

_CLAUSE: Final = "SAML metadata 2.4.1.1; etd Digital signature"


def certificates(role: etree._Element, use: Use) -> tuple[Certificate, ...]:
    """The certificates of `role` for `use`, in order; a KeyDescriptor without `use` is for both."""
    found = role.findall(f"{{{names.MD}}}KeyDescriptor")
    return tuple(certificate(descriptor) for descriptor in found if descriptor.get("use", use) == use)


def verification_keys(role: etree._Element) -> tuple[VerificationKey, ...]:
    """The keys that sign for `role`, at least one; raises `MetadataRejected`."""
    found = [item for item in certificates(role, "signing") if item.may_sign]
    if not found:
        what = "no certificate for signing: nothing that this party sends could be verified"
        raise MetadataRejected(MetadataReason.KEY, reading.path(role), what, _CLAUSE)
    return tuple(VerificationKey.of(item) for item in found)


def certificate(descriptor: etree._Element) -> Certificate:
    """The one certificate in a KeyDescriptor, under the KeyName that its owner gives it or else under ours.

    Raises `MetadataRejected` when it is missing, unreadable or weak.
    """
    info = reading.one(descriptor, names.DS, "KeyInfo")
    key_name = reading.optional(info, names.DS, "KeyName")
    found = info.findall(f"{{{names.DS}}}X509Data/{{{names.DS}}}X509Certificate")
    if len(found) != 1:
        what = f"{len(found)} X509Certificate; exactly one is needed"
        raise MetadataRejected(MetadataReason.KEY, reading.path(descriptor), what, _CLAUSE)
    try:
        der = base64.b64decode("".join(reading.text(found[0]).split()), validate=True)
        return Certificate.from_der(der, None if key_name is None else reading.text(key_name).strip())
    except ValueError as error:
        raise MetadataRejected(MetadataReason.KEY, reading.path(descriptor), str(error), _CLAUSE) from error


def write(role: etree._Element, certificate: Certificate, use: Use) -> None:
    """Append a KeyDescriptor with KeyName and X509Certificate."""
    info = child(child(role, names.MD, "KeyDescriptor", {"use": use}), names.DS, "KeyInfo")
    child(info, names.DS, "KeyName", text=certificate.key_name)
    data = child(info, names.DS, "X509Data")
    child(data, names.DS, "X509Certificate", text=base64.b64encode(certificate.der).decode())
