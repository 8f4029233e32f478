"""Registering, looking at and removing service providers on the pages of the operator."""

import re
import socket
from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest
import requests

from broker.saml.dialects import DIALECTS
from broker.simulator.dialects import Dialects
from broker.web.app import MAX_BODY, create_app
from tests.cli.test_register import publishing
from tests.desk.conftest import PAGE, Operator, fact, shown, words
from tests.network import register_at
from tests.requester import at

BAD_REQUEST = 400


def headings(page: lxml.html.HtmlElement) -> list[str]:
    return [words(item) for item in page.xpath("//main//h1 | //main//h2")]


def remarks(page: lxml.html.HtmlElement) -> dict[str, lxml.html.HtmlElement]:
    """The findings on a page, by code."""
    return {fact(item, "Code"): item for item in page.xpath("//ul[@class='remarks']/li")}


def can_begin(network, requester) -> bool:
    """Whether the broker takes a request of this service provider."""
    sso = network.simulator.addresses.sso
    return requests.post(sso, requester.begin(sso), allow_redirects=False, timeout=30).status_code == 303


@pytest.mark.parametrize("way", ["file", "text", "address"])
def test_metadata_from_a_file_as_text_or_at_an_address(network, operator: Operator, newcomer, way):
    assert not can_begin(network, newcomer)
    with publishing(newcomer.metadata()) as address:
        given = {"file": newcomer.metadata(), "text": f"\r\n {newcomer.metadata().decode()} \r\n", "address": address}
        page = shown(operator.register(**{way: given[way]}))
    assert words(page.xpath("//main//*[@role='status']")[0]) == f"{newcomer.entity_id} is geregistreerd."
    assert fact(page, "EntityID") == newcomer.entity_id
    assert newcomer.entity_id in operator.registered()
    assert can_begin(network, newcomer)


def test_its_page_tells_the_other_side_what_it_needs_and_what_differs_from_the_book(network, operator, newcomer):
    metadata = newcomer.metadata().replace(b' isDefault="true"', b"")
    page = shown(operator.register(file=metadata))
    own = network.simulator.addresses
    copies = [words(item) for item in page.xpath("//code[@class='copy']")]
    assert copies[:5] == [own.metadata, network.simulator.entity_id, own.sso, own.resolution, own.logout]
    assert copies[5] == network.simulator.signing.certificate.key_name
    found = remarks(page)
    assert list(found) == ["EH-REG-10", "EH-REG-16", "EH-REG-17", "EH-REG-18"]
    line = next(number for number, text in enumerate(metadata.splitlines(), 1) if b"/post" in text)
    binding = found["EH-REG-16"]
    where = f"SPSSODescriptor/AssertionConsumerService[3], regel {line} van het bestand"
    assert fact(binding, "Plaats") == where
    assert words(binding.find("p")).startswith("Waarschuwing: Een AssertionConsumerService heeft een andere binding")
    assert fact(binding, "Wat te doen").startswith("Geef dit adres de binding HTTP-Artifact")
    assert fact(binding, "Bron").startswith("etd DV metadata for HM")
    assert "answers go by HTTP-Artifact only" in fact(binding, "Gezien")
    services = [fact(item, "ServiceID") for item in page.xpath("//ul[@class='entries']/li[h3]")]
    assert services == list(newcomer.services.values())
    keys = [fact(item, "KeyName") for item in page.xpath("//ul[@class='entries']/li[not(h3)]")]
    assert keys == [newcomer.signing.name, newcomer.encryption.name]


BROKEN = {
    "no-xml": (lambda text: text[:-20], "EH-XML-06", "regel"),
    "key": (
        lambda text: text.replace("<ds:X509Certificate>", "<ds:X509Certificate>!", 1),
        "EH-REG-42",
        "KeyDescriptor[1], regel 3",
    ),
    "two-defaults": (
        lambda text: text.replace('index="1"', 'index="1" isDefault="true"'),
        "EH-REG-44",
        "AssertionConsumerService[2], regel",
    ),
    "scheme": (lambda text: text.replace("/second?x=1", "/second#x"), "EH-REG-43", "@Location, regel"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("way", ["file", "text"])
def test_what_cannot_be_used_is_explained_and_what_was_given_stays(network, operator, newcomer, case, way):
    spoil, rule, place = BROKEN[case]
    text = spoil(newcomer.metadata().decode())
    given = text if way == "text" else text.encode()
    page = shown(operator.register(**{way: given}), BAD_REQUEST)
    assert headings(page) == ["Niet geregistreerd", "Wat er aan de hand is", "Probeer het opnieuw"]
    assert page.xpath("//main/*[@role='alert']")
    (code,) = remarks(page)
    assert code == rule
    assert place in fact(page, "Plaats")
    assert fact(page, "Wat te doen")
    assert page.forms[0].fields["text"].split() == text.split()
    assert newcomer.entity_id not in operator.registered()
    assert not can_begin(network, newcomer)

    mended = operator.post(PAGE, page, text=newcomer.metadata().decode())
    assert fact(shown(mended), "EntityID") == newcomer.entity_id


def test_refused_metadata_leaves_what_was_registered(network, operator, newcomer):
    shown(operator.register(file=newcomer.metadata()))
    shown(operator.register(file=newcomer.metadata().replace(b'index="1"', b'index="0"')), BAD_REQUEST)
    assert can_begin(network, newcomer)


def test_an_address_that_gives_nothing_is_explained_and_stays(operator):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and does not listen
        for address, told in (
            (f"http://127.0.0.1:{bound.getsockname()[1]}/<b>", "ConnectionRefusedError"),
            ("ftp://127.0.0.1/sp.xml", "only http and https"),
            ("my-metadata.xml", "only http and https"),
        ):
            page = shown(operator.register(address=address), BAD_REQUEST)
            assert told in fact(page, "Gezien")
            assert fact(page, "Code") == "EH-REG-49"
            assert page.forms[0].fields["address"] == address


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Kies een bestand, vul een webadres in, of plak de metadata zelf."),
        ({"address": " ", "text": "\r\n"}, "Kies een bestand, vul een webadres in, of plak de metadata zelf."),
        ({"address": "http://127.0.0.1/x", "text": "<x/>"}, "Geef de metadata op één manier"),
        ({"address": "http://127.0.0.1/x", "file": b"<x/>"}, "Geef de metadata op één manier"),
    ],
    ids=["nothing", "blanks", "two", "file-and-address"],
)
def test_a_form_that_is_not_filled_in_once_says_so_and_keeps_the_rest(operator, given, said):
    page = shown(operator.register(**given), BAD_REQUEST)
    assert said in words(page.xpath("//main/*[@role='alert']")[0])
    assert page.xpath("//main//*[@role='alert']//a/@href") == ["#file"]
    assert page.forms[0].fields["address"] == given.get("address", "").strip()
    assert page.forms[0].fields["text"].strip() == ("<x/>" if len(given) == 2 and given["address"].strip() else "")
    assert set(page.xpath("//form//*[@id]/@aria-invalid")) == {"true"}


def test_DOS_02_what_is_too_large_is_not_read(operator):
    page = shown(operator.register(file=b"x" * (MAX_BODY + 1)), BAD_REQUEST)
    assert list(remarks(page)) == ["EH-XML-02"]


def test_WEB_01_without_the_token_of_the_form_nothing_is_registered_or_removed(network, operator, newcomer):
    address = network.broker + PAGE
    assert requests.post(address, {"text": newcomer.metadata()}, timeout=30).status_code == BAD_REQUEST
    operator.open(PAGE)
    assert operator.session.post(address, {"text": newcomer.metadata()}, timeout=30).status_code == BAD_REQUEST
    assert newcomer.entity_id not in operator.registered()

    register_at(network, newcomer.metadata())
    given = {"entity_id": newcomer.entity_id}
    assert operator.session.post(f"{address}/remove", given, timeout=30).status_code == BAD_REQUEST
    assert newcomer.entity_id in operator.registered()


def test_removing_asks_first_and_can_be_left(network, operator, newcomer):
    page = shown(operator.register(file=newcomer.metadata()))
    (link,) = [item.get("href") for item in page.iter("a") if words(item) == "Verwijder deze dienstverlener"]
    asked = operator.open(link)
    assert headings(asked) == ["Wilt u deze dienstverlener verwijderen?"]
    assert fact(asked, "EntityID") == newcomer.entity_id
    (back,) = [item.get("href") for item in asked.iter("a") if words(item) == "Nee, ga terug"]
    assert fact(operator.open(back), "EntityID") == newcomer.entity_id
    assert can_begin(network, newcomer)

    done = shown(operator.post(f"{PAGE}/remove", asked))
    assert words(done.xpath("//main//*[@role='status']")[0]) == f"{newcomer.entity_id} is verwijderd."
    assert newcomer.entity_id not in operator.registered()
    assert not can_begin(network, newcomer)
    for gone in (back, link):
        assert operator.session.get(network.broker + gone, timeout=30).status_code == 404
    twice = shown(operator.post(f"{PAGE}/remove", asked))
    assert not twice.xpath("//main//*[@role='status']")


def test_whose_metadata_expired_is_shown_with_the_reason(own_network, make_requester):
    requester = make_requester(own_network)
    until = at(own_network.clock() + timedelta(hours=1)).encode()
    register_at(own_network, requester.metadata().replace(b"entityID=", b'validUntil="%s" entityID=' % until, 1))
    own_network.clock.offset = timedelta(hours=2)
    operator = Operator(own_network.broker)
    entries = {fact(item, "EntityID"): item for item in operator.open(PAGE).xpath("//ul[@class='entries']/li")}
    mine = entries[requester.entity_id]
    assert fact(mine, "Bevindingen") == "kan niet inloggen"
    assert {fact(item, "Bevindingen") for item in entries.values()} > {"kan niet inloggen"}
    page = operator.open(mine.find(".//a").get("href"))
    assert list(remarks(page)) == ["EH-REG-45"]
    assert "Registreer nieuwe metadata." in words(page.find(".//main"))


def test_the_settings_in_force_are_shown(network, requester):
    """Of the service provider with settings of its own, and of another without."""
    one, other = requester.entity_id, "urn:etoegang:DV:00000099000000120000:entities:9001"
    older = {version: replace(DIALECTS["1.11"], advice="none") for version in ("1.13", "1.11")}
    simulator = replace(network.simulator, dialects=Dialects({one: older}), strict=frozenset({one}))
    client = create_app(simulator).test_client()

    def page(entity_id: str) -> lxml.html.HtmlElement:
        answer = client.get(f"{PAGE}/show", query_string={"entity_id": entity_id})
        return lxml.html.document_fromstring(answer.text)

    mine = page(one)
    assert (fact(mine, "dialect"), fact(mine, "advice")) == ("1.11", "none")
    assert fact(mine, "strictness").startswith("streng")
    assert fact(mine, "Metadata van de makelaar") == simulator.addresses.at("1.11").metadata
    theirs = page(other)
    assert fact(theirs, "dialect").startswith("1.13 of 1.11")
    assert fact(theirs, "intermediary_name") == "1.13: encrypted, 1.11: omitted"
    assert fact(theirs, "strictness").startswith("soepel")
    assert fact(theirs, "Metadata van de makelaar") == simulator.addresses.metadata
    listed = lxml.html.document_fromstring(client.get(PAGE).text)
    # Others may be listed that no login can use any more, which are not judged.
    mentioned = {fact(item, "EntityID"): item for item in listed.xpath("//ul[@class='entries']/li")}
    told = {entity_id: fact(mentioned[entity_id], "Beoordeling") for entity_id in (one, other)}
    assert told[one].startswith("streng")
    assert told[other].startswith("soepel")


def test_the_list_shows_services_and_until_when_certificates_are_valid(operator):
    entries = {words(item.find("h3")): item for item in operator.open(PAGE).xpath("//ul[@class='entries']/li")}
    kvk = entries["KVK (test)"]
    assert fact(kvk, "Diensten") == "Jaarrekening deponerenHandelsregister wijzigen"
    assert re.fullmatch(
        r"ondertekenen: tot en met \d\d-\d\d-\d{4}versleutelen: tot en met \d\d-\d\d-\d{4}", fact(kvk, "Certificaten")
    )
    assert fact(kvk, "Bevindingen") == "geen"


def test_the_pages_are_in_english_too(operator, newcomer):
    operator.open(f"{PAGE}?lang=en")
    page = shown(operator.register(file=newcomer.metadata().replace(b"md:NameID", b"md:NameID")))
    assert f"{newcomer.entity_id} is registered." in words(page.find(".//main"))
    assert fact(page, "Metadata of the broker")
    assert words(remarks_in(page, "en")[0].find("p")).startswith("Warning: The metadata is not signed.")


def remarks_in(page: lxml.html.HtmlElement, language: str) -> list[lxml.html.HtmlElement]:
    assert page.get("lang") == language
    return page.xpath("//ul[@class='remarks']/li")
