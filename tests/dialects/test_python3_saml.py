"""Each dialect as python3-saml reads it: the library behind most service providers in Python."""

import base64
import json
from collections.abc import Callable
from string import Template
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from broker.saml.pki import certificate_path
from broker.simulator.parties import BROKER
from tests.docs.pages import read as read_page
from tests.flow.answers import Answer

Answered = Callable[..., Answer]
KVK, RSIN = "urn:etoegang:1.9:EntityConcernedID:KvKnr", "urn:etoegang:1.9:EntityConcernedID:RSIN"
INTERMEDIARY = "urn:etoegang:1.9:IntermediateEntityID:KvKnr"
INTERMEDIARY_NAME = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
OFFICE = "Administratiekantoor Papiermolen B.V."


@pytest.fixture
def read(network_of_dialects) -> Callable[..., Any]:
    """read(answer, **security): the Response, judged by the library as the service provider that asked for it."""
    certs = network_of_dialects.settings.paths.certs
    certificate = certificate_path(certs, BROKER.certificates.folder, "signing").read_text()

    def judge(got: Answer, **security: bool) -> Any:
        settings = OneLogin_Saml2_Settings(_settings(got, certificate, security), sp_validation_only=True)
        response = OneLogin_Saml2_Response(settings, base64.b64encode(etree.tostring(got.response)))
        host = got.requester.consumer.partition("//")[2].partition("/")[0]
        request = {"http_host": host, "script_name": got.requester.consumer.partition(host)[2], "get_data": {}}
        assert response.is_valid(request, got.request.get("ID")), response.get_error()
        return response

    return judge


def _settings(got: Answer, certificate: str, security: dict[str, bool]) -> dict[str, Any]:
    key = got.requester.encryption.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    recipe = next(code for language, code in read_page("docs/connect/python3-saml.md").blocks if language == "json")
    values = {
        "entity_id": got.requester.entity_id,
        "consumer": got.requester.consumer,
        "certificate": got.requester.encryption.text,
        "key": key.decode(),
        "broker_certificate": certificate,
    }
    escaped = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    settings = json.loads(Template(recipe).substitute(escaped))
    settings["security"] |= security
    return settings


def test_1_13_is_read_when_nothing_but_identifiers_is_encrypted(answered: Answered, read):
    response = read(answered("all-readable"))
    assert response.get_nameid_format().endswith(":transient")
    assert response.get_attributes()[INTERMEDIARY] == ["68750110"]
    assert response.get_attributes()[INTERMEDIARY_NAME] == [OFFICE]


def test_1_11_is_read(answered: Answered, read):
    response = read(answered("1.11-without-advice"))
    attributes = response.get_attributes()
    assert response.get_nameid_format().endswith(":persistent")
    assert (attributes[KVK], attributes[RSIN]) == (["68727720"], ["000010029"])
    assert attributes[INTERMEDIARY] == ["68750110"]


@pytest.mark.parametrize("case", ["flat", "flat-named"])
def test_flat_is_read(answered: Answered, read, case):
    response = read(answered(case))
    attributes = response.get_attributes()
    assert [response.get_nameid()] == attributes["urn:etoegang:1.13:EntityConcernedID:Pseudo"]
    assert (attributes[KVK], attributes[RSIN]) == (["68727720"], ["000010029"])
    assert attributes[INTERMEDIARY_NAME] == [OFFICE]


@pytest.mark.parametrize("case", ["plain-name", "1.11", "flat-with-advice"])
def test_with_advice_it_must_be_told_to_look_no_further(answered: Answered, read, case):
    """It counts the assertions of the whole message; that check is what its setting takes away."""
    with pytest.raises(AssertionError, match="must contain 1 assertion"):
        read(answered(case))
    assert read(answered(case), disableSignatureWrappingProtection=True).get_attributes()[INTERMEDIARY] == ["68750110"]


def test_it_refuses_every_encrypted_attribute(answered: Answered, read):
    with pytest.raises(AssertionError, match="EncryptedAttribute"):
        read(answered("1.13-without-advice"))
