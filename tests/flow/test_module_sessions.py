"""A session of the Beheermodule: how long it lasts, and what ends it at the very next request."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from broker.core.assurance import AssuranceLevel
from broker.core.links import LinkKind, LinkReference
from broker.core.mandates import LinkStatus
from broker.core.organisations import KvkStatus, MeansStatus, PersonStatus
from broker.core.refusals import DenialReason
from broker.core.scope import EVERYTHING
from broker.simulator import housekeeping, module_sessions
from broker.simulator.module_entrance import ModuleLogin
from broker.simulator.module_sessions import Begun, Ended, Ending, Visitor
from broker.simulator.pseudonyms import direct_pseudonym
from broker.store import tables
from broker.store.register import reload_link
from tests.flow.register import Changes, direct_link, in_use
from tests.flow.steps import details, enter_module
from tests.flow.test_module_entrance import FRONT, NO_ENTRY, OVERVIEW, notice
from tests.network import Network

OFFICE = "administratiekantoor-papiermolen"


@pytest.fixture
def later(changing_network: Network) -> Iterator[Network]:
    """The network whose clock a test may move."""
    yield changing_network
    changing_network.clock.offset = timedelta()


def overview(network: Network) -> str:
    return f"{network.broker}/beheer/overzicht"


def login_of(network: Network, means_id: str, organisation: str = OFFICE, level: str = "EH3") -> ModuleLogin:
    """What a verified assertion would say."""
    sim = network.simulator
    found = in_use(sim.store, means_id)
    number = next(link.organisation.kvk_number for link in found.direct if link.organisation.id == organisation)
    known = direct_pseudonym(
        sim.pseudonym_secret, sim.module.service_id.oin, found.means.internal_pseudonym, organisation
    )
    return ModuleLogin(number, known, next(item for item in AssuranceLevel if item.label == level), "A" * 64)


def begun(network: Network, means_id: str = "fleur-eh3") -> Begun:
    made = module_sessions.begin(network.simulator, login_of(network, means_id), None)
    assert isinstance(made, Begun)
    return made


def test_half_an_hour_without_a_page_ends_it(later: Network, browser):
    enter_module(browser, later, "Fleur Voorbeeld")
    later.clock.offset = timedelta(minutes=29)
    assert browser.open(overview(later)).heading == OVERVIEW
    later.clock.offset = timedelta(minutes=58)
    assert browser.open(overview(later)).heading == OVERVIEW
    later.clock.offset = timedelta(minutes=58 + 31)
    page = browser.open(overview(later))
    assert (page.heading, notice(page)) == (FRONT, "U deed een tijd niets. Daarom bent u uitgelogd.")


def test_eight_hours_end_it_however_busy_somebody_is(later: Network):
    token = begun(later).token
    for minutes in range(0, 8 * 60, 20):
        later.clock.offset = timedelta(minutes=minutes)
        assert isinstance(module_sessions.current(later.simulator, token), Visitor)
    later.clock.offset = timedelta(hours=8)
    assert module_sessions.current(later.simulator, token) == Ended(Ending.OVER)


def test_a_session_that_is_over_is_forgotten(later: Network):
    digests = sa.select(sa.func.count()).select_from(tables.module_sessions)
    store = later.simulator.store
    begun(later)
    later.clock.offset = timedelta(hours=8)
    housekeeping.tidy(later.simulator)
    assert store.read(lambda tx: tx.scalar(digests)) == 0


def test_a_page_costs_a_write_at_most_once_a_minute(later: Network):
    token, store = begun(later).token, later.simulator.store
    seen = sa.select(tables.module_sessions.c.seen_at)
    before = store.read(lambda tx: set(tx.scalars(seen)))
    later.clock.offset = timedelta(seconds=50)
    module_sessions.current(later.simulator, token)
    assert store.read(lambda tx: set(tx.scalars(seen))) == before
    later.clock.offset = timedelta(seconds=70)
    module_sessions.current(later.simulator, token)
    assert store.read(lambda tx: set(tx.scalars(seen))) != before


@pytest.mark.parametrize("token", [None, "", "x" * 32, "\ud800"])
def test_a_token_that_nobody_was_given(network: Network, token):
    assert module_sessions.current(network.simulator, token) == Ended(Ending.ABSENT)


CHANGES = {
    "means": (lambda found, _: found.means, {"status": MeansStatus.SUSPENDED}, DenialReason.MEANS_NOT_USABLE),
    "person": (lambda found, _: found.person, {"status": PersonStatus.BLOCKED}, DenialReason.USER_BLOCKED),
    "mandate": (lambda _, link: link.mandate, {"status": LinkStatus.REVOKED}, DenialReason.DIRECT_NOT_ACTIVE),
    "organisation": (
        lambda _, link: link.organisation,
        {"kvk_status": KvkStatus.DEREGISTERED},
        DenialReason.ORGANISATION_NOT_ACTIVE,
    ),
    "level": (lambda _, link: link.mandate, {"level": AssuranceLevel.EH2}, DenialReason.LOA_TOO_LOW),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_the_register_no_longer_allows_ends_it_at_the_next_request(
    changing_network: Network, changes: Changes, browser, what: str
):
    enter_module(browser, changing_network, "Fleur Voorbeeld")
    store = changing_network.simulator.store
    choose, fields, reason = CHANGES[what]
    changes.make(choose(in_use(store, "fleur-eh3"), direct_link(store, "fleur-eh3", OFFICE)), **fields)
    page = browser.open(overview(changing_network))
    assert (page.response.status_code, page.heading) == (403, NO_ENTRY)
    assert details(page)["Code"] == reason.value
    changes.undo()
    changes.originals.clear()
    assert browser.open(overview(changing_network)).heading == FRONT


def test_a_login_is_a_use_of_the_mandate(changing_network: Network, changes: Changes):
    store = changing_network.simulator.store
    changes.make(in_use(store, "fleur-eh3").person, last_used_on=None)
    visitor = begun(changing_network).visitor
    assert in_use(store, "fleur-eh3").person.last_used_on == visitor.day


def test_who_may_act_for_two_organisations_is_in_for_the_one_of_the_login(changing_network: Network, changes: Changes):
    store = changing_network.simulator.store
    reference = LinkReference(LinkKind.DIRECT, "tess-eh3--wolkenfabriek")
    changes.make(store.read(lambda tx: reload_link(tx, reference)).mandate, scope=EVERYTHING)
    for organisation in ("regenboogbeheer", "wolkenfabriek"):
        made = module_sessions.begin(
            changing_network.simulator, login_of(changing_network, "tess-eh3", organisation), None
        )
        assert isinstance(made, Begun)
        assert made.visitor.organisation.id == organisation


def test_a_lower_level_in_the_register_counts_at_once(changing_network: Network, changes: Changes):
    token, store = begun(changing_network).token, changing_network.simulator.store
    changes.make(direct_link(store, "fleur-eh3", OFFICE).mandate, level=AssuranceLevel.EH2_PLUS)
    visitor = module_sessions.current(changing_network.simulator, token)
    assert isinstance(visitor, Visitor)
    assert visitor.level is AssuranceLevel.EH2_PLUS


def test_a_login_at_a_lower_level_stays_at_it(network: Network):
    made = module_sessions.begin(network.simulator, login_of(network, "fleur-eh3", level="EH2+"), None)
    assert isinstance(made, Begun)
    assert made.visitor.level is AssuranceLevel.EH2_PLUS


def test_a_pseudonym_is_one_means_of_one_person_for_one_organisation(network: Network):
    sim = network.simulator
    assert begun(network, "bram-eh3").visitor.in_use.means.id == "bram-eh3"
    own = login_of(network, "fleur-eh3")
    elsewhere = login_of(network, "gijs-eh3", "glasblazerij-zeepbel")
    unknown = ModuleLogin(own.kvk_number, elsewhere.pseudonym, own.level, own.name_id)
    assert module_sessions.begin(sim, unknown, None) == Ended(
        Ending.DENIED, module_sessions.Denied(DenialReason.NO_MANDATE)
    )
