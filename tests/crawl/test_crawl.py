"""Every page of the three parties, in both languages and over https: one visit, all rules (WEB, B-24)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, template_rendered
from jinja2 import Template

from tests.crawl.journey import Journey
from tests.crawl.journeys import JOURNEYS
from tests.crawl.logins import on_behalf_of_a_client
from tests.crawl.parties import Party, parties
from tests.crawl.rules import faults
from tests.crawl.visitor import Visitor
from tests.interop.page import NotOnPage
from tests.network import Network, register_at
from tests.requester import Listening, Requester

# A form that is shown again because of what was filled in (422) is no way to where it goes.
COMES = range(200, 400)
FAILS = 500


@contextmanager
def rendered(known: Iterable[Party]) -> Iterator[set[str]]:
    """The templates that are shown meanwhile, by all applications of this process."""
    seen: set[str] = set()
    names = {party.app.name: party.name for party in known}

    def note(sender: Flask, template: Template, **_: object) -> None:
        seen.add(f"{names[sender.name]} {template.name}")

    with template_rendered.connected_to(note):
        yield seen


def crawl(
    network: Network, requester: Requester, language: str, journeys: Iterable[Callable[[Journey], None]] = JOURNEYS
) -> tuple[list[str], set[str], set[str]]:
    """What was wrong, and the endpoints and templates that nobody came to."""
    listening = Listening.of(requester, entity=9062)
    register_at(network, listening.metadata())
    known = parties(network)
    authorities = (network.authority,) if network.settings.broker.tls else ()
    with rendered(known) as templates, Visitor(known, language, authorities) as visitor:
        found = visitor.found
        for journey in journeys:
            visitor.cookies.clear()
            visitor.language = language
            try:
                journey(Journey(visitor, network, listening))
            except NotOnPage as error:  # what is wrong on the way here tells why
                found.broken.append(f"{journey.__name__} ends: {error}")
                break
    wrong = [fault for answer in found.answers for fault in faults(answer)]
    wrong += [f"{answer}: fails" for answer in found.answers if answer.is_page and answer.status >= FAILS]
    came_to = {f"{item.party.name} {item.method} {item.endpoint}" for item in found.answers if item.status in COMES}
    there = set[str]().union(*(party.endpoints for party in known))
    pages = set[str]().union(*(party.templates for party in known))
    return sorted({*wrong, *found.broken}), there - came_to, pages - templates


@pytest.mark.parametrize("language", ["nl", "en"])
def test_WEB_02_WEB_04_WEB_07_WEB_10_WEB_15_WEB_17_B24_every_answer_of_every_party(
    own_network_of_two: Network, make_requester: Callable[..., Requester], language: str
) -> None:
    wrong, endpoints, templates = crawl(own_network_of_two, make_requester(own_network_of_two), language)
    assert not wrong, "\n".join(wrong)
    missed = sorted(endpoints | templates)
    assert not missed, "\n".join(("nobody came here; add the way to tests/crawl/journeys.py:", *missed))


def test_WEB_04_WEB_07_B24_every_answer_over_https(
    network_over_tls: Network, make_requester: Callable[..., Requester]
) -> None:
    wrong, endpoints, templates = crawl(
        network_over_tls, make_requester(network_over_tls), "en", [on_behalf_of_a_client]
    )
    assert not wrong, "\n".join(wrong)
    # Whoever does not take a way misses where it leads: what the test above would tell.
    assert "broker POST logout.post" in endpoints
    assert "broker logout_impossible.html" in templates
