"""A second authentication service in the network: the same program and the same people, other keys and EntityID.

The register knows people by the pseudonyms of the first one, so whoever logs in here is a stranger to it.
"""

import tomllib
from dataclasses import replace
from pathlib import Path

import tomli_w

from broker.core.clock import Clock
from broker.core.identifiers import Oin
from broker.core.ids import RandomIds
from broker.core.text import Text
from broker.saml import network, network_publication, pki
from broker.saml.keys import Certificate, VerificationKey
from broker.simulator.compose import signing_key
from broker.simulator.layout import Layout
from broker.simulator.parties import SCHEME_AUTHORITY

PARTY = pki.Party("second_authentication_service", "Tweede Authenticatiedienst B", Oin("00000099000000020001"))
ENTITY_ID = f"urn:etoegang:AD:{PARTY.oin}:entities:9001"


def join(layout: Layout, url: str, clock: Clock) -> Path:
    """Make its keys, publish the network with it, and give the settings of its program."""
    pki.ensure(layout.certs, (PARTY,), clock())
    authority = signing_key(layout, SCHEME_AUTHORITY.folder)
    published = layout.network_metadata.read_bytes()
    known = network.read_network(published, (VerificationKey.of(authority.certificate),), clock())
    certificate_file = pki.certificate_path(layout.certs, PARTY.folder, "signing")
    second = replace(
        known.authentication_services[0],
        entity_id=ENTITY_ID,
        names=Text(PARTY.name, "Second Authentication Service B"),
        sso_location=f"{url}/sso",
        logout_location=f"{url}/logout",
        verification_keys=(VerificationKey.of(Certificate.from_pem_file(certificate_file)),),
    )
    both = replace(known, authentication_services=(*known.authentication_services, second))
    layout.network_metadata.write_bytes(network_publication.write_network(both, authority, RandomIds().message_id()))
    values = tomllib.loads(layout.stub_config.read_text(encoding="utf-8"))
    config = layout.stub_config.with_name("second.toml")
    key_file = pki.key_path(layout.certs, PARTY.folder, "signing")
    own = {
        "base_url": url,
        "entity_id": ENTITY_ID,
        "signing_key": str(key_file),
        "signing_certificate": str(certificate_file),
    }
    config.write_text(tomli_w.dumps({**values, **own}), encoding="utf-8")
    return config
