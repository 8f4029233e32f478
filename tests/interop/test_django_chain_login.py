"""django-digid-eherkenning, unmodified, logs its users in at this project's broker, also on behalf of a client."""

import re
import socket
from pathlib import Path

import pytest
import requests
from digid_eherkenning.choices import AssuranceLevels

from tests.network import Network

from . import screens
from .driver import Browser
from .harness import SHIPPED_BACKEND, DjangoSp, SpFacts, StartDjangoSp
from .real_broker import Installation, broker_for
from .visitor import Visitor
from .wire.elements import CORE
from .wire.messages import INTERMEDIARY_KVK, KVK, LEVEL, RSIN

OFFICE = "Administratiekantoor Papiermolen B.V."
OFFICE_KVK, OFFICE_RSIN = "68750110", "000010005"
CLIENT = "Glasblazerij Zeepbel N.V."
CLIENT_KVK, CLIENT_RSIN = "68727720", "000010029"
OTHER_CLIENT, OTHER_CLIENT_RSIN = "IJssalon Poolster B.V.", "000010091"
CLIENT_WITHOUT_RSIN, KVK_OF_CLIENT_WITHOUT_RSIN = "Bakkerij De Lachende Maan", "69599084"

OF_THE_ORACLE = {KVK: "kvk_number", RSIN: "rsin"}
COMPANY_NAME = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
FAILED = "Login to eHerkenning did not succeed. Please try again."
FAILED_WITHOUT_RSIN = "No RSIN returned by eHerkenning. Login to eHerkenning did not succeed."


def identifiers(attributes: dict, name: str) -> list[tuple[str, str]]:
    """The decrypted values of an attribute: what kind of number, and the number."""
    found = [value["NameID"] for value in attributes[CORE + name]]
    return [(name_id["NameQualifier"], name_id["value"]) for name_id in found]


def test_accountant_is_logged_in_as_the_client(visitor: Visitor) -> None:
    visit = visitor.log_in_for(CLIENT)
    attributes = visit.read["attributes"]

    assert visit.rsin == CLIENT_RSIN, visit.log[-2000:]
    assert (visit.read["kvk"], visit.read["rsin"]) == (CLIENT_KVK, CLIENT_RSIN)
    assert visit.read["levels"] == [LEVEL]
    assert identifiers(attributes, "LegalSubjectID") == [(KVK, CLIENT_KVK), (RSIN, CLIENT_RSIN)]
    assert len(identifiers(attributes, "ActingSubjectID")) == 1
    assert attributes[INTERMEDIARY_KVK] == [OFFICE_KVK]
    assert attributes[COMPANY_NAME] == [OFFICE]
    assert attributes[CORE + "ServiceID"] == ["urn:etoegang:DV:00000099000000150000:services:9001"]
    assert attributes[CORE + "ServiceUUID"] == ["e0000099-0015-4000-8000-000000009001"]


def test_own_organisation_is_logged_in_without_an_intermediary(visitor: Visitor) -> None:
    visit = visitor.log_in_for(OFFICE)
    attributes = visit.read["attributes"]

    assert visit.rsin == OFFICE_RSIN
    assert identifiers(attributes, "LegalSubjectID") == [(KVK, OFFICE_KVK), (RSIN, OFFICE_RSIN)]
    assert set(attributes) == {
        CORE + name for name in ("ServiceID", "ServiceUUID", "ActingSubjectID", "LegalSubjectID")
    }


@pytest.mark.parametrize("organisation", [CLIENT, OFFICE], ids=["chain", "direct"])
def test_the_oracle_says_what_the_library_read(visitor: Visitor, real_broker: Network, organisation: str) -> None:
    """The library takes the assertion apart; it has no context of its own, so that is put together here from its words.

    Its shape is that of the authentication contexts of the Dutch government, which Open Forms keeps.
    """
    read = visitor.log_in_for(organisation).read
    api = f"{real_broker.broker}/api/v1/logins"
    (login,) = requests.get(f"{api}?most=1", timeout=30).json()["logins"]
    oracle = requests.get(f"{api}/{login['id']}/oracle", timeout=30).json()

    attributes = read["attributes"]
    through = attributes.get(INTERMEDIARY_KVK, [None])[0]
    numbers = identifiers(attributes, "LegalSubjectID")
    ((_, acting),) = identifiers(attributes, "ActingSubjectID")
    assert oracle["understood"] == {
        "service_provider": visitor.sp.entity_id,
        "level": read["levels"][0],
        "service_ids": attributes[CORE + "ServiceID"],
        "service_uuid": attributes[CORE + "ServiceUUID"][0],
        "acting_subject": acting,
        "identifiers": [{"type": OF_THE_ORACLE[kind], "value": value} for kind, value in numbers],
        "branch": None,
        "is_chain": through is not None,
        "intermediary": through and {"kvk_number": through, "rsin": None, "name": attributes[COMPANY_NAME][0]},
        "attributes": {},
    }

    assert read["levels"][0] in AssuranceLevels.values
    organisation_read = {"identifierType": "kvkNummer", "identifier": read["kvk"]}
    acting_read = {"identifierType": "opaque", "identifier": acting}
    context = {"source": "eherkenning", "levelOfAssurance": read["levels"][0]}
    services = [{"id": name, "uuid": attributes[CORE + "ServiceUUID"][0]} for name in attributes[CORE + "ServiceID"]]
    assert oracle["open_forms"] == context | (
        {
            "representee": organisation_read,
            "authorizee": {
                "legalSubject": {"identifierType": "kvkNummer", "identifier": through},
                "actingSubject": acting_read,
            },
            "mandate": {"services": services},
        }
        if through
        else {"authorizee": {"legalSubject": organisation_read, "actingSubject": acting_read}}
    )


def test_client_without_rsin_comes_with_the_second_set_and_the_library_refuses_it(visitor: Visitor) -> None:
    visit = visitor.log_in_for(CLIENT_WITHOUT_RSIN)

    assert identifiers(visit.read["attributes"], "LegalSubjectID") == [(KVK, KVK_OF_CLIENT_WITHOUT_RSIN)]
    assert visit.rsin is None
    assert visit.messages == [FAILED_WITHOUT_RSIN]


def test_next_client_in_the_same_browser_is_another_user(visitor: Visitor) -> None:
    first = visitor.log_in_for(CLIENT)
    second = visitor.log_in_for(OTHER_CLIENT)

    assert (first.rsin, second.rsin) == (CLIENT_RSIN, OTHER_CLIENT_RSIN)
    assert second.read["rsin"] == OTHER_CLIENT_RSIN
    assert visitor.browser.open(visitor.sp.whoami_url).json()["rsin"] == OTHER_CLIENT_RSIN


def test_library_keeps_the_last_user_when_the_next_login_fails(visitor: Visitor) -> None:
    visitor.log_in_for(CLIENT)
    visit = visitor.log_in_for(CLIENT_WITHOUT_RSIN)

    assert visit.messages == [FAILED_WITHOUT_RSIN]
    assert visit.rsin == CLIENT_RSIN


@pytest.mark.parametrize("at", ["authentication service", "broker"])
def test_cancelled_login_ends_at_the_service_provider_with_its_message(visitor: Visitor, at: str) -> None:
    if at == "broker":
        page = screens.cancel_representation(visitor.browser, visitor.to_representation())
    else:
        page = screens.cancel_authentication(visitor.browser, visitor.to_authentication())
    visit = visitor.arrive(page)

    assert visit.page.url.startswith(visitor.sp.whoami_url)
    assert visit.messages == [FAILED]
    assert visit.rsin is None
    assert "did not succeed or was cancelled" in visit.log


def test_login_without_relay_state_and_service_index_is_for_the_only_service(visitor: Visitor) -> None:
    visit = visitor.log_in_for(CLIENT, then=None, service_index=None)

    assert visit.rsin == CLIENT_RSIN
    assert visit.read["attributes"][CORE + "ServiceID"] == ["urn:etoegang:DV:00000099000000150000:services:9001"]


def test_service_that_was_not_registered_is_refused_with_a_reason_in_the_librarys_log(visitor: Visitor) -> None:
    request = visitor.browser.open(visitor.sp.login_url(service_index="9002")).form()
    visit = visitor.arrive(visitor.browser.submit(request))

    assert visit.rsin is None
    assert visit.messages == [FAILED]
    assert "was Requester -> The requested service is not in the metadata of the service provider." in visit.log


def test_artifact_is_good_for_one_login(visitor: Visitor) -> None:
    _, return_address = visitor.log_in_for(CLIENT).page.hops[-1]

    with Browser() as thief:
        assert thief.open(return_address).status == 500
        assert thief.open(visitor.sp.whoami_url).json()["rsin"] is None


def test_without_the_setting_for_its_entity_id_the_library_refuses_the_intermediary(
    django_sp: DjangoSp, real_broker: Network, browser: Browser, tmp_path: Path
) -> None:
    with broker_for(django_sp, tmp_path, {}, certs=real_broker.settings.paths.certs) as by_default:
        django_sp.use_broker(by_default.simulator.addresses.metadata)
        in_chain = Visitor(browser, django_sp).log_in_for(CLIENT)
        directly = Visitor(browser, django_sp).log_in_for(OFFICE)

    assert in_chain.rsin is None
    assert in_chain.messages == [FAILED]
    assert "There is an EncryptedAttribute in the Response and this SP not support them" in in_chain.log
    assert directly.rsin == OFFICE_RSIN


def test_registering_at_a_broker_that_was_not_made_yet_says_how_to_make_it(django_sp: DjangoSp, tmp_path: Path) -> None:
    done = Installation.make(tmp_path, django_sp, tmp_path / "certs", stub_port=1).run("sp", "add", django_sp.metadata)

    assert done.returncode == 2
    assert re.fullmatch("ketenbroker: .*'ketenbroker init' makes the store.*\n", done.stderr), done.stderr


def test_shipped_backend_logs_in_at_an_installed_broker(
    start_django_sp: StartDjangoSp, real_broker: Network, browser: Browser, tmp_path: Path
) -> None:
    sp = start_django_sp(SpFacts(backend=SHIPPED_BACKEND, content_type="application/soap+xml"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        installation = Installation.make(tmp_path, sp, real_broker.settings.paths.certs, listening.getsockname()[1])
        made = installation.run("init")
        with installation.stub(listening), installation.serve() as ready:
            added = installation.run("sp", "add", sp.metadata)
            sp.use_broker(installation.metadata_url)
            visit = Visitor(browser, sp).log_in_for(CLIENT)

    assert made.returncode == 0, made.stderr
    assert ready.startswith("Broker ready: http://localhost:")
    assert added.stdout.startswith(f"Registered {sp.entity_id} (Gemeente Djangodorp (test)) with 1 service(s).\n")
    assert visit.rsin == CLIENT_RSIN, visit.log[-2000:]
    assert f"User {CLIENT_RSIN} (new account)" in visit.log
