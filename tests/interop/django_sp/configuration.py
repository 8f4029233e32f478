"""What an administrator does once: make a certificate, fill in the library's form, hand two files to the broker."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from digid_eherkenning.choices import ConfigTypes, XMLContentTypes
from digid_eherkenning.models import ConfigCertificate, EherkenningConfiguration
from digid_eherkenning.saml2.eherkenning import generate_dienst_catalogus_metadata, generate_eherkenning_metadata
from django.core.files.base import ContentFile
from simple_certmanager.constants import CertificateTypes
from simple_certmanager.models import Certificate


def configure_library(facts: dict[str, Any], base_url: str) -> None:
    """Store a certificate and the configuration, with the values of `facts`; raises Django's ValidationError."""
    key, certificate = _key_and_certificate(facts["organisation"], facts["oin"])
    stored = Certificate.objects.create(
        label="eHerkenning",
        type=CertificateTypes.key_pair,
        private_key=ContentFile(key, name="sp.key"),
        public_certificate=ContentFile(certificate, name="sp.pem"),
    )
    ConfigCertificate.objects.create(config_type=ConfigTypes.eherkenning, certificate=stored)
    config = EherkenningConfiguration(
        entity_id=facts["entity_id"],
        oin=facts["oin"],
        makelaar_id=facts["broker_oin"],
        organization_name=facts["organisation"],
        organization_url=base_url,
        base_url=base_url,
        privacy_policy=f"{base_url}/privacy",
        service_name=facts["service"],
        service_description=facts["service"],
        service_description_url=f"{base_url}/about",
        eh_attribute_consuming_service_index=facts["service_index"],
        eh_service_uuid=facts["definition_uuid"],
        eh_service_instance_uuid=facts["instance_uuid"],
        eh_loa=facts["level"],
        no_eidas=True,
        artifact_resolve_content_type=XMLContentTypes(facts["content_type"]),
    )
    config.full_clean(exclude=["metadata_file_source"])
    config.save()


def write_registration_files(directory: Path) -> dict[str, str]:
    """The two files that a service provider gives its broker, as the library makes them; their paths by kind."""
    files = {"metadata": directory / "sp-metadata.xml", "catalogue": directory / "dienstcatalogus.xml"}
    files["metadata"].write_bytes(generate_eherkenning_metadata())
    files["catalogue"].write_bytes(generate_dienst_catalogus_metadata())
    return {kind: str(path) for kind, path in files.items()}


def use_broker(metadata_url: str) -> str:
    """Have the library fetch the broker's metadata; the EntityID it found. Raises Django's ValidationError."""
    config = EherkenningConfiguration.get_solo()
    config.metadata_file_source = metadata_url
    config.save(force_metadata_update=True)
    return config.idp_service_entity_id


def _key_and_certificate(organisation: str, oin: str) -> tuple[bytes, bytes]:
    """A key and a self-signed certificate for it (PEM), with the OIN where PKIoverheid has it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, oin),
            x509.NameAttribute(NameOID.COMMON_NAME, "localhost"),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    return (
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate.public_bytes(encoding),
    )
