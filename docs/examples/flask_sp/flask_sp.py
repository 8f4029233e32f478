"""A small service provider for eHerkenning: Flask, and python3-saml for the messages."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, redirect, render_template_string, request, session
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as Refused
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as BrokerMetadata
from onelogin.saml2.metadata import OneLogin_Saml2_Metadata as OwnMetadata
from werkzeug.wrappers import Response as AnyResponse

CLIENT = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
INTERMEDIARY = "urn:etoegang:1.9:IntermediateEntityID:KvKnr"
SERVICE_INDEX = 9001
NOBODY = (Refused.STATUS_CODE_IS_NOT_SUCCESS, Refused.STATUS_CODE_AUTHNFAILED)

PAGE = """<!doctype html><html lang="nl"><title>{{ title }}</title><h1>{{ title }}</h1>
{% if client %}<p>KvK-nummer {{ client }}
{%- if intermediary %}, via KvK-nummer {{ intermediary }}{% endif %}</p>{% endif %}
<p><a href="/login">Inloggen met eHerkenning</a></p></html>"""


@dataclass(frozen=True)
class Party:
    """Who we are: address, EntityID, the service that we offer, and a pair (PEM)."""

    url: str
    entity_id: str
    service_id: str
    key: str
    certificate: str


def create_app(party: Party, broker_metadata: str, secret: str) -> Flask:
    """The application, for the broker that published this metadata."""
    app = Flask("flask_sp")
    app.secret_key = secret
    saml = settings(party, broker_metadata)

    @app.get("/")
    def home() -> str:
        return page("U bent ingelogd" if session.get("client") else "U bent niet ingelogd")

    @app.get("/login")
    def login() -> AnyResponse:
        auth = OneLogin_Saml2_Auth(described(), saml)
        address = auth.login(
            return_to="", set_nameid_policy=False, force_authn=True, attr_consuming_service_index=SERVICE_INDEX
        )
        session.clear()
        session["asked"] = auth.get_last_request_id()
        return redirect(address)

    @app.get("/acs")
    def consume() -> AnyResponse | tuple[str, int]:
        asked = session.pop("asked", None)
        if asked is None:
            return page("Dit is niet uw login"), 400
        try:
            known = identities(OneLogin_Saml2_Auth(described(), saml), asked)
        except (Refused, ValueError, TypeError):  # the last two: an artifact that is none
            return page("Het antwoord is geweigerd"), 400
        session.update(known)
        return redirect("/")

    @app.get("/metadata")
    def metadata() -> Response:
        return Response(own_metadata(saml), mimetype="application/samlmetadata+xml")

    return app


def identities(auth: OneLogin_Saml2_Auth, asked: str) -> dict[str, str]:
    """Who acts for whom, by the answer to our question; empty when nobody was logged in. Raises `Refused`."""
    try:
        answer = auth.artifact_resolve(request.args.get("SAMLart", ""))
    except Refused as error:
        if error.code in NOBODY:
            return {}
        raise
    if answer.get_in_response_to() != asked:
        raise Refused("an answer to another question")
    attributes = answer.get_attributes()
    found = {"client": attributes[CLIENT], "intermediary": attributes.get(INTERMEDIARY)}
    return {name: values[0] for name, values in found.items() if values}


def page(title: str) -> str:
    """The one page that there is."""
    known = {name: session.get(name) for name in ("client", "intermediary")}
    return render_template_string(PAGE, title=title, **known)


def described() -> dict[str, object]:
    """This request as python3-saml wants it described."""
    return {"http_host": request.host, "script_name": request.path, "get_data": request.args.to_dict()}


def settings(party: Party, broker_metadata: str) -> dict[str, object]:
    """Settings of python3-saml: ours, and what the metadata of the broker says."""
    broker = BrokerMetadata.parse(broker_metadata)["idp"]
    return {
        "strict": True,
        "sp": {
            "entityId": party.entity_id,
            "assertionConsumerService": {"url": f"{party.url}/acs", "binding": Saml.BINDING_HTTP_ARTIFACT},
            "attributeConsumingService": {
                "index": SERVICE_INDEX,
                "serviceName": "Bouwvergunning",
                "requestedAttributes": [{"name": party.service_id, "isRequired": True}],
            },
            "NameIDFormat": Saml.NAMEID_TRANSIENT,
            "x509cert": party.certificate,
            "privateKey": party.key,
        },
        "idp": broker,
        "security": {
            "authnRequestsSigned": True,
            "wantAssertionsSigned": True,
            "wantMessagesSigned": True,
            "requestedAuthnContext": False,
            "soapClientCert": None,
            "soapClientKey": None,
        },
    }


def own_metadata(saml: Mapping[str, dict[str, object]]) -> bytes:
    """Our metadata, with the certificate for signing and for encryption."""
    written = OwnMetadata.builder(saml["sp"], authnsign=True, wsign=True, valid_until="", cache_duration="")
    octets: bytes = OwnMetadata.add_x509_key_descriptors(written, saml["sp"]["x509cert"])
    return octets
