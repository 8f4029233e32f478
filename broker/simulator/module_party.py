"""The Beheermodule as a party of its own: a service provider at its own broker, with its own keys."""

from dataclasses import dataclass

from broker.core.identifiers import ServiceId
from broker.saml.client_certificate import ClientCertificate
from broker.saml.keys import DecryptionKey, SigningKey


@dataclass(frozen=True, slots=True)
class ModuleParty:
    """What it asks and reads with; `certificate` is the client certificate that it shows on the back channel."""

    entity_id: str
    service_id: ServiceId
    signing: SigningKey
    decryption: DecryptionKey
    certificate: ClientCertificate
