"""What the other side must know of this broker: to copy into the software of a service provider."""

from broker.core.text import Text
from broker.simulator.context import Addresses

Named = tuple[tuple[Text, str], ...]


def needed(own: Addresses, entity_id: str, key_name: str) -> Named:
    """Names and values. `own` are the addresses of the version that the service provider is answered in; the broker has
    this EntityID, and signs with a certificate of this KeyName.
    """
    return (
        (Text("Metadata van de makelaar", "Metadata of the broker"), own.metadata),
        (Text("EntityID van de makelaar", "EntityID of the broker"), entity_id),
        (Text("Adres voor aanvragen", "Address for requests"), own.sso),
        (Text("Adres om antwoorden op te halen", "Address to fetch answers at"), own.resolution),
        (Text("Adres om uit te loggen", "Address to log out"), own.logout),
        (Text("KeyName van het certificaat", "KeyName of the certificate"), key_name),
    )
