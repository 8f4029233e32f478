"""The parties of the simulated network: names, EntityIDs and OINs. OINs have the prefix that is free for tests."""

from dataclasses import dataclass
from typing import Final

from broker.core.identifiers import Oin, ServiceId
from broker.core.text import Text
from broker.saml.pki import Party


@dataclass(frozen=True, slots=True)
class Entity:
    """A party that speaks SAML: its EntityID, its names on screens, and whose certificates it uses."""

    entity_id: str
    name: Text
    certificates: Party


def _entity(role: str, oin: str, index: int, folder: str, nl: str, en: str) -> Entity:
    return Entity(f"urn:etoegang:{role}:{oin}:entities:{index}", Text(nl, en), Party(folder, nl, Oin(oin)))


SCHEME_AUTHORITY: Final = Party("bo", "Beheerorganisatie (simulator)", Oin("00000099000000000001"))
BROKER: Final = _entity(
    "HM", "00000099000000010000", 9001, "broker", "Ketenbroker (simulator)", "Ketenbroker (simulator)"
)
AUTHENTICATION_SERVICE: Final = _entity(
    "AD",
    "00000099000000020000",
    9001,
    "authentication_service",
    "Stub Authenticatiedienst A",
    "Stub Authentication Service A",
)
INTERMEDIARY_REGISTER: Final = _entity(
    "MR",
    "00000099000000030000",
    9001,
    "intermediary_register",
    "Machtigingenregister van de intermediair (simulator)",
    "Register of the intermediary (simulator)",
)
CLIENT_REGISTER: Final = _entity(
    "MR",
    "00000099000000040000",
    9002,
    "client_register",
    "Machtigingenregister van de klant (simulator)",
    "Register of the client (simulator)",
)
MANAGEMENT_MODULE: Final = _entity(
    "DV",
    "00000099000000160000",
    9001,
    "management_module",
    "Beheermodule machtigingenregister (simulator)",
    "Management module of the register (simulator)",
)
MANAGEMENT_SERVICE: Final = ServiceId(f"urn:etoegang:DV:{MANAGEMENT_MODULE.certificates.oin}:services:9001")


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal of the demo service provider: its key in addresses, and its entity."""

    key: str
    entity: Entity


def _portal(key: str, oin: str, nl: str, en: str) -> Portal:
    return Portal(key, _entity("DV", oin, 9001, key, nl, en))


PORTALS: Final = (
    _portal("belastingdienst", "00000099000000110000", "Belastingdienst (test)", "Tax Administration (test)"),
    _portal("kvk", "00000099000000120000", "KVK (test)", "Chamber of Commerce (test)"),
    _portal("uwv", "00000099000000130000", "UWV (test)", "Employee Insurance Agency (test)"),
    _portal("gemeente", "00000099000000140000", "Gemeente Voorbeeldstad", "Municipality of Voorbeeldstad"),
)

CERTIFIED: Final[tuple[Party, ...]] = (
    SCHEME_AUTHORITY,
    *(
        entity.certificates
        for entity in (
            BROKER,
            AUTHENTICATION_SERVICE,
            INTERMEDIARY_REGISTER,
            CLIENT_REGISTER,
            MANAGEMENT_MODULE,
        )
    ),
    *(portal.entity.certificates for portal in PORTALS),
)
