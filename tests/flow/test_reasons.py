"""Every state in which a mandate or a party can be, told in words to the one person whom it stops."""

from datetime import timedelta

import pytest

from broker.core.assurance import AssuranceLevel
from broker.core.clock import amsterdam_date
from broker.core.identifiers import Oin
from broker.core.links import ChainLink
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus, MeansStatus, PersonStatus
from broker.core.refusals import DenialReason
from broker.core.scope import Scope
from broker.core.validity import Validity
from tests.flow.register import chain_link, in_use
from tests.flow.steps import authenticated
from tests.flow.test_refusals import assert_refused

MEANS, CLIENT = "otto-eh3", "bakkerij-de-lachende-maan"


@pytest.fixture
def link(changing_network) -> ChainLink:
    """The only link of Otto Enkel."""
    return chain_link(changing_network.simulator.store, MEANS, CLIENT)


def log_in(browser, changing_network):
    return authenticated(browser, changing_network, "gemeente", 9001, "Otto Enkel")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (ChainStatus.INVITED, DenialReason.CHAIN_NOT_YET_ACTIVE),
        (ChainStatus.SIGNING, DenialReason.CHAIN_NOT_YET_ACTIVE),
        (ChainStatus.UNDER_REVIEW, DenialReason.CHAIN_NOT_YET_ACTIVE),
        (ChainStatus.REJECTED, DenialReason.CHAIN_NEVER_ACTIVATED),
        (ChainStatus.CANCELLED, DenialReason.CHAIN_NEVER_ACTIVATED),
        (ChainStatus.DECLINED, DenialReason.CHAIN_NEVER_ACTIVATED),
        (ChainStatus.LAPSED, DenialReason.CHAIN_NEVER_ACTIVATED),
        (ChainStatus.SUSPENDED, DenialReason.CHAIN_SUSPENDED),
        (ChainStatus.REVOKED, DenialReason.CHAIN_REVOKED),
    ],
)
def test_chain_mandate_in_another_state(changing_network, changes, browser, link, status, reason):
    changes.make(link.mandate, status=status)
    assert_refused(log_in(browser, changing_network), reason)


@pytest.mark.parametrize(
    ("days", "reason"),
    [((-400, -1), DenialReason.CHAIN_EXPIRED), ((1, 400), DenialReason.CHAIN_NOT_YET_VALID)],
)
def test_E06_chain_mandate_outside_its_period(changing_network, changes, browser, link, days, reason):
    changes.make(link.mandate, validity=period(changing_network, *days))
    assert_refused(log_in(browser, changing_network), reason)


@pytest.mark.parametrize("status", [LinkStatus.SUSPENDED, LinkStatus.REVOKED])
def test_coupling_in_another_state(changing_network, changes, browser, link, status):
    changes.make(link.coupling, status=status)
    assert_refused(log_in(browser, changing_network), DenialReason.COUPLING_NOT_ACTIVE)


def test_coupling_outside_its_period(changing_network, changes, browser, link):
    changes.make(link.coupling, validity=period(changing_network, -400, -1))
    assert_refused(log_in(browser, changing_network), DenialReason.COUPLING_EXPIRED)


def test_E18_person_who_left_the_intermediary(changing_network, changes, browser, link):
    person = in_use(changing_network.simulator.store, MEANS).person
    changes.make(person, organisation_id="regenboogbeheer")
    assert_refused(log_in(browser, changing_network), DenialReason.CHAIN_BROKEN)


@pytest.mark.parametrize("status", [KvkStatus.DEREGISTERED, KvkStatus.BANKRUPT, KvkStatus.SUSPENSION_OF_PAYMENTS])
def test_E13_client_that_the_trade_register_does_not_hold_as_active(changing_network, changes, browser, link, status):
    changes.make(link.client, kvk_status=status)
    assert_refused(log_in(browser, changing_network), DenialReason.RELATION_NOT_ACTIVE)


def test_intermediary_that_the_trade_register_does_not_hold_as_active(changing_network, changes, browser, link):
    changes.make(link.intermediary, kvk_status=KvkStatus.BANKRUPT)
    assert_refused(log_in(browser, changing_network), DenialReason.INTERMEDIARY_NOT_ACTIVE)


def test_chain_mandate_for_another_provider(changing_network, changes, browser, link):
    changes.make(link.mandate, scope=Scope(providers=frozenset({Oin("00000099000000120000")})))
    assert_refused(log_in(browser, changing_network), DenialReason.CHAIN_SERVICE_NOT_COVERED)


def test_E15_chain_mandate_below_the_level_of_the_service(changing_network, changes, browser, link):
    changes.make(link.mandate, level=AssuranceLevel.EH2_PLUS)
    page = log_in(browser, changing_network)
    assert_refused(page, DenialReason.LOA_TOO_LOW)
    assert "Het laagste niveau heeft de ketenmachtiging van uw klant." in page.text


@pytest.mark.parametrize("status", [MeansStatus.SUSPENDED, MeansStatus.REVOKED])
def test_means_that_the_register_holds_as_unusable(changing_network, changes, browser, link, status):
    changes.make(in_use(changing_network.simulator.store, MEANS).means, status=status)
    assert_refused(log_in(browser, changing_network), DenialReason.MEANS_NOT_USABLE)


def test_person_who_is_blocked(changing_network, changes, browser, link):
    changes.make(in_use(changing_network.simulator.store, MEANS).person, status=PersonStatus.BLOCKED)
    assert_refused(log_in(browser, changing_network), DenialReason.USER_BLOCKED)


def period(network, first: int, last: int) -> Validity:
    """Both in days from today."""
    today = amsterdam_date(network.clock())
    return Validity(today + timedelta(days=first), today + timedelta(days=last))
