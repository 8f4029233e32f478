"""The SAML client of one portal: pysaml2's `Saml2Client`, made to speak the scheme's dialect.

What pysaml2 does otherwise than the scheme wants is set here through its own hooks: KeyInfo with a KeyName instead of
a certificate, an Issuer without Format, an index instead of an address, `text/xml`, and binary artifact indexes.
What it leaves unchecked is checked in `checks`; which attributes there are is read in `facts`: pysaml2's identity
mixes in what it finds in Advice, so it is not even made here.
"""

import base64
import logging
import ssl
from collections.abc import Callable
from typing import Any

import requests
from saml2 import BINDING_HTTP_ARTIFACT, SAMLError
from saml2 import xmldsig as ds
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.response import AuthnResponse, StatusError
from saml2.sigver import pre_signature_part

from sp_demo import soap
from sp_demo.artifact import endpoint_index
from sp_demo.backend import InProcessBackend, InProcessContext
from sp_demo.broker import Broker
from sp_demo.clock import Clock
from sp_demo.keys import OwnKey
from sp_demo.metadata import ACS_INDEX
from sp_demo.names import DSIG, RSA_SHA256, SAML, SAMLP, SHA256
from sp_demo.refusal import Reason, Refused
from sp_demo.settings import ConfigError, Portal, Settings

SKEW_SECONDS = 60
TIMEOUT_SECONDS = 10

# pysaml2 logs subjects at INFO and whole messages at DEBUG
logging.getLogger("saml2").setLevel(logging.CRITICAL)


class SummaryResponse(AuthnResponse):  # type: ignore[misc]  # pysaml2 has no types
    """pysaml2's response without its reading of attributes."""

    def get_identity(self) -> dict[str, object]:
        """Nothing: the attributes are read from the verified assertion, without those in Advice."""
        return {}


class PortalClient(Saml2Client):  # type: ignore[misc]  # pysaml2 has no types
    """Requests to the broker and pysaml2's judgement of its responses, for one portal."""

    def __init__(self, settings: Settings, portal: Portal, broker: Broker, key: OwnKey, clock: Clock) -> None:
        """`key`: what `portal` signs with; `clock`: which of the broker's certificates are valid now.

        Raises `ConfigError` when the files for TLS are of no use.
        """
        config = _configuration(settings, portal)
        super().__init__(config, msg_cb=_in_dialect(key))
        self.sec = InProcessContext(InProcessBackend(key, broker, clock), config, broker)
        self.request_args["cert"] = _client_certificate(portal)
        self._broker = broker
        self._content_type = settings.soap_content_type

    def login_request(self, request_id: str, service_index: int, provider_name: str) -> str:
        """A signed AuthnRequest for the service with this index, for binding HTTP-POST to the broker's `sso_url`."""
        _, document = self.create_authn_request(
            self._broker.sso_url,
            binding=None,
            message_id=request_id,
            assertion_consumer_service_index=str(ACS_INDEX),
            attribute_consuming_service_index=str(service_index),
            provider_name=provider_name,
            sign=True,
        )
        return str(document)

    def resolve(self, artifact: str, resolve_id: str) -> bytes:
        """Exchange `artifact` for the SOAP answer of the broker, not verified in any way.

        Raises `Refused`: ARTIFACT when it is not one of this broker, BROKER_SILENT when there is no usable answer.
        """
        destination = self._resolution_url(artifact)
        _, document = self.create_artifact_resolve(artifact, destination, resolve_id, sign=True)
        try:
            # pysaml2's own envelope writes the signed message anew, which breaks its signature
            answer = self.send(
                destination,
                "POST",
                data=soap.envelope(str(document)),
                headers=soap.headers(self._content_type),
                stream=True,
                # metadata says where the broker is; nobody else gets the artifact or sees our certificate
                allow_redirects=False,
            )
            return soap.read_body(answer)
        except (requests.RequestException, SAMLError) as error:
            raise Refused(Reason.BROKER_SILENT, f"{destination}: {error}") from error

    def _resolution_url(self, artifact: str) -> str:
        index = endpoint_index(artifact, self._broker.entity_id)
        if index not in self._broker.resolution_urls:
            raise Refused(Reason.ARTIFACT, f"the broker has no artifact resolution service {index}")
        return self._broker.resolution_urls[index]

    def judge(self, response: bytes, request_id: str) -> None:
        """Have pysaml2 verify a Response to the request `request_id`; raises `Refused` when it finds fault.

        A verified status other than Success is no fault.
        """
        try:
            parsed = self._parse_response(
                base64.b64encode(response),
                SummaryResponse,
                "assertion_consumer_service",
                BINDING_HTTP_ARTIFACT,
                entity_id=self.config.entityid,
                attribute_converters=self.config.attribute_converters,
                outstanding_queries={request_id: ""},
                allow_unsolicited=False,
                want_response_signed=True,
                want_assertions_signed=True,
                return_addrs=self.service_urls(BINDING_HTTP_ARTIFACT),
                # without it Recipient is not looked at
                conv_info={"binding": BINDING_HTTP_ARTIFACT},
            )
        except StatusError:
            return
        except Exception as error:  # pysaml2 raises 88 classes of exception, bare Exception among them
            raise Refused(Reason.MALFORMED, f"pysaml2: {type(error).__name__}") from error
        # a wrong Destination gives no exception but an object that was never verified
        if parsed is None or parsed.assertion is None or parsed.name_id is None:
            raise Refused(Reason.MALFORMED, "pysaml2 did not verify the response")


def _client_certificate(portal: Portal) -> tuple[str, str]:
    """Certificate and key to show to the broker over https: those for TLS, or else those for signing."""
    if portal.tls_certificate_file is None or portal.tls_key_file is None:
        return str(portal.signing_certificate_file), str(portal.signing_key_file)
    certificate, key = str(portal.tls_certificate_file), str(portal.tls_key_file)
    try:
        ssl.create_default_context().load_cert_chain(certificate, key)
    except OSError as error:
        raise ConfigError(f"{certificate}, {key}: cannot be used for TLS: {error}") from error
    return certificate, key


def _in_dialect(key: OwnKey) -> Callable[[Any], Any]:
    """pysaml2's hook for messages that are about to be signed."""

    def adapt(message: Any) -> Any:
        message.register_prefix({"samlp": SAMLP, "saml": SAML, "ds": DSIG})
        message.issuer.format = None
        message.signature = pre_signature_part(message.id, sign_alg=RSA_SHA256, digest_alg=SHA256)
        message.signature.key_info = ds.KeyInfo(key_name=ds.KeyName(text=key.name))
        return message

    return adapt


def _configuration(settings: Settings, portal: Portal) -> SPConfig:
    service = {
        "endpoints": {"assertion_consumer_service": [(settings.acs_url(portal), BINDING_HTTP_ARTIFACT)]},
        "authn_requests_signed": True,
        "want_response_signed": True,
        "want_assertions_signed": True,
        "allow_unsolicited": False,
        "force_authn": True,
    }
    return SPConfig().load(
        {
            "entityid": portal.entity_id,
            "service": {"sp": service},
            "metadata": {"local": [str(settings.broker_metadata_file)]},
            "key_file": str(portal.signing_key_file),
            "cert_file": str(portal.signing_certificate_file),
            "ca_certs": str(settings.broker_ca_file) if settings.broker_ca_file else None,
            "verify_ssl_cert": True,
            "http_client_timeout": TIMEOUT_SECONDS,
            "signing_algorithm": RSA_SHA256,
            "digest_algorithm": SHA256,
            "only_use_keys_in_metadata": True,
            "accepted_time_diff": SKEW_SECONDS,
            # the other choice would look for the xmlsec1 program; both are replaced right after
            "crypto_backend": "XMLSecurity",
        }
    )
