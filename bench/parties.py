"""The parties around the broker, with their real keys: a service provider, and an authentication service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bench.installation import Installation
from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.core.interface import CURRENT
from broker.saml import artifact, authn_request, document, names, network, signature
from broker.saml.authn_request import AuthnRequest
from broker.saml.build import child, element, instant
from broker.saml.keys import Certificate, SigningKey, VerificationKey
from broker.saml.network import Broker
from broker.simulator.compose import read_catalogues
from broker.simulator.service_providers import register
from broker.store.database import open_store
from idp_stub import questions, statements
from idp_stub.accounts import Accounts, Means
from idp_stub.config import Config
from idp_stub.statements import Issuer
from sp_demo import checks
from sp_demo.broker import Broker as KnownBroker
from sp_demo.broker import read_broker
from sp_demo.decryption import Recipient
from sp_demo.facts import Facts, read_facts
from sp_demo.keys import read_own_key
from sp_demo.metadata import ACS_INDEX, signed_metadata
from sp_demo.receive import read_answer
from sp_demo.settings import Portal, Service, read_settings

PORTAL, SERVICE = "gemeente", 9001
PERSON, MEANS_LEVEL = "Fleur Voorbeeld", "EH3"

_IDS = RandomIds()


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """A portal of the demo service provider, which the broker knows by the metadata that the portal publishes."""

    portal: Portal
    service: Service
    consumer: str
    metadata: bytes
    signing: SigningKey
    recipient: Recipient
    broker: KnownBroker

    @classmethod
    def registered(cls, installation: Installation) -> Self:
        """Read its settings and keys, and register it."""
        settings = read_settings(installation.layout.demo_config)
        portal = settings.portal(PORTAL)
        service = portal.service(SERVICE) if portal else None
        if portal is None or service is None:
            raise LookupError(f"the sample data have no service {SERVICE} of {PORTAL}")
        metadata = signed_metadata(settings, portal)
        store = open_store(installation.settings.store_url)
        register(store, metadata, system_clock(), read_catalogues(installation.settings).certificates)
        store.close()
        encryption = read_own_key(portal.encryption_key_file, portal.encryption_certificate_file)
        return cls(
            portal=portal,
            service=service,
            consumer=settings.acs_url(portal),
            metadata=metadata,
            signing=SigningKey.load(portal.signing_key_file, portal.signing_certificate_file),
            recipient=Recipient(portal.entity_id, {encryption.name: encryption.key}),
            broker=read_broker(installation.layout.broker_metadata(CURRENT)),
        )

    def request(self, message_id: str) -> bytes:
        """A signed AuthnRequest."""
        message = authn_request.write(
            AuthnRequest(
                id=message_id,
                version=names.VERSION,
                issue_instant=system_clock(),
                issuer=self.portal.entity_id,
                destination=self.broker.sso_url,
                consumer_index=ACS_INDEX,
                service_index=self.service.index,
                provider_name=self.portal.name.nl,
                force_authn=True,
            )
        )
        signature.sign(message, self.signing)
        return document.write(message)

    def resolve(self, message_id: str, artifact_: str) -> bytes:
        """A signed ArtifactResolve in its envelope."""
        attributes = {"ID": message_id, "Version": names.VERSION, "IssueInstant": instant(system_clock())}
        message = element(names.SAMLP, "ArtifactResolve", attributes, "saml")
        child(message, names.SAML, "Issuer", text=self.portal.entity_id)
        child(message, names.SAMLP, "Artifact", text=artifact_)
        signature.sign(message, self.signing)
        return document.write(artifact.in_envelope(message))

    def read(self, envelope: bytes, request_id: str, resolve_id: str) -> Facts:
        """Verify an answer as the demo service provider does, and decrypt what it says; raises `Refused`."""
        moment = system_clock()
        answer = read_answer(envelope, self.broker.keys, moment)
        expected = checks.Expected(
            broker=self.broker.entity_id,
            entity_id=self.portal.entity_id,
            acs_url=self.consumer,
            resolve_id=resolve_id,
            request_id=request_id,
            service_id=self.service.service_id,
            level=self.service.level,
            now=moment,
        )
        checks.run(answer, expected)
        if answer.assertion is None:
            raise LookupError(f"no login but {answer.status}")
        return read_facts(answer.assertion, self.recipient)


@dataclass(frozen=True, slots=True)
class AuthenticationService:
    """The stub authentication service without its pages: one person always logs in."""

    sso_location: str
    brokers: Mapping[str, Broker]
    issuer: Issuer
    means: Means

    @classmethod
    def of(cls, installation: Installation, person: str = PERSON) -> Self:
        """Read its settings, keys and people; `person` is who logs in."""
        config = Config.load(installation.layout.stub_config)
        authority = VerificationKey.of(Certificate.from_pem_file(config.network_certificate))
        known = network.read_network(config.network_metadata.read_bytes(), (authority,), system_clock())
        signing = SigningKey.load(config.signing_key, config.signing_certificate)
        register_ = next(item for item in known.registers if item.entity_id == config.register)
        return cls(
            sso_location=f"{config.base_url}/sso",
            brokers={item.entity_id: item for item in known.brokers},
            issuer=Issuer(config.entity_id, signing, register_.recipient),
            means=_means(Accounts(config.accounts), person),
        )

    def answer(self, fields: Mapping[str, str]) -> bytes:
        """The signed Response to the form that the broker's page sends; raises `QuestionRefused`."""
        form = {name: [value] for name, value in fields.items()}
        moment = system_clock()
        question = questions.receive(form, self.brokers, self.sso_location, moment)
        return document.write(statements.authenticated(self.issuer, question, self.means, moment, _IDS))


def _means(accounts: Accounts, person: str) -> Means:
    found = (means for account in accounts.all() if account.person == person for means in account.means)
    return next(means for means in found if means.level.label == MEANS_LEVEL)
