"""Where things are on disk, below the folders that settings name."""

from dataclasses import dataclass
from pathlib import Path

from broker.core.interface import InterfaceVersion
from broker.saml.pki import certificate_path, key_path
from broker.settings import Settings
from broker.tls import TlsFiles


@dataclass(frozen=True, slots=True)
class Layout:
    """Files of one installation: certificates and secrets, and what is generated."""

    certs: Path
    state: Path

    @classmethod
    def of(cls, settings: Settings) -> "Layout":
        """The layout that `settings` ask for."""
        return cls(settings.paths.certs, settings.paths.state)

    def secret(self, name: str) -> Path:
        """A secret of all processes: `session`, `links`, `choices`, `pseudonyms`, `register`, `archive` and so on."""
        return self.certs / "secrets" / f"{name}.key"

    @property
    def audit_key(self) -> Path:
        """The private key that heads of the audit log and bundles of evidence are signed with."""
        return self.certs / "audit" / "signing.key"

    @property
    def audit_public_key(self) -> Path:
        """Its public half: what strangers verify with."""
        return self.certs / "audit" / "public.pem"

    @property
    def audit_heads(self) -> Path:
        """The signed heads of the audit log, unless settings name another file."""
        return self.state / "audit-heads.jsonl"

    def tls_files(self, party: str, authorities: Path | None = None) -> TlsFiles:
        """The pair of a party for TLS, and what those of others must come from if that matters."""
        return TlsFiles(certificate_path(self.certs, party, "tls"), key_path(self.certs, party, "tls"), authorities)

    @property
    def network_metadata(self) -> Path:
        """The scheme's signed list of participants."""
        return self.state / "metadata" / "network.xml"

    def broker_metadata(self, version: InterfaceVersion) -> Path:
        """The broker's signed metadata for service providers that use this version of the interface."""
        return self.state / "metadata" / f"broker-{version}.xml"

    @property
    def tenants(self) -> Path:
        """A folder for each tenant, with what an installation has in `state`."""
        return self.state / "tenants"

    @property
    def conditions(self) -> Path:
        """The clock and the seed of the network; not there while they are the usual ones."""
        return self.state / "conditions.json"

    @property
    def tls_authorities(self) -> Path:
        """Certificates that those of service providers on the back channel must come from."""
        return self.state / "tls-authorities.pem"

    @property
    def stub_config(self) -> Path:
        """The settings of the stub authentication service."""
        return self.state / "stub" / "config.toml"

    @property
    def stub_accounts(self) -> Path:
        """The people of the stub authentication service."""
        return self.state / "stub" / "accounts.json"

    @property
    def demo_config(self) -> Path:
        """The settings of the demo service provider."""
        return self.state / "demo" / "config.toml"
