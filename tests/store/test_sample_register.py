"""The sample register that the simulator starts with: what it promises is in it."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import broker
from broker.core.assurance import AssuranceLevel
from broker.core.decision import best_reason, decide
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus, MeansType
from broker.core.refusals import DenialReason
from broker.core.scope import ScopeKind
from broker.store import accounts, register
from broker.store.scenario import load, read_scenario
from tests.core.register_values import EH2_PLUS, KVK, NOON, TAX, TODAY, TOWN, UWV, a_question, a_service

FILE = Path(broker.__file__).parent.parent / "metadata" / "sample-register.yaml"
AUTHENTICATION_SERVICE = "urn:etoegang:AD:00000099000000020000:entities:9001"
ACCOUNTANT, PAYROLL = "administratiekantoor-papiermolen", "salarisbureau-loonstrook"


def read(loaded_at: datetime = NOON):
    return read_scenario(FILE, loaded_at=loaded_at, secret=b"secret")


SAMPLE = read()


@pytest.fixture
def sample(store):
    store.write(lambda tx: load(tx, SAMPLE))
    return store


def asked(store, means: str, service=None, **changes):
    pseudonym = SAMPLE.means[means].internal_pseudonym
    held = store.read(lambda tx: register.means_in_use(tx, pseudonym, AUTHENTICATION_SERVICE))
    return a_question(service or a_service(TAX), held, authenticated_level=held.means.level, moment=NOON, **changes)


def page(store, question, search=""):
    return store.read(lambda tx: register.candidates_page(tx, question, search))


def reason(store, question):
    refused = store.read(lambda tx: register.refused_links(tx, question, 100))
    return best_reason(question, decide(question, refused).refusals).reason


def test_every_number_is_fictitious():
    published = {
        "69599084",
        "68750110",
        "68727720",
        "69599068",
        "69599076",
        "90001745",
        "90003942",
        "55344526",
        "96354429",
    }
    numbers = {organisation.kvk_number for organisation in SAMPLE.organisations.values()}
    assert published <= numbers
    assert all(number.startswith("000") for number in numbers - published)
    assert all(o.rsin is None or o.rsin.startswith("0000") for o in SAMPLE.organisations.values())


def test_sizes():
    clients = Counter(mandate.intermediary_id for mandate in SAMPLE.chain_mandates.values())
    people = Counter(person.organisation_id for person in SAMPLE.persons.values())
    assert (clients[ACCOUNTANT], clients[PAYROLL]) == (40, 1200)
    assert (people[ACCOUNTANT], people[PAYROLL]) == (3, 2)


def test_mandates_in_every_state_scope_and_level():
    mandates = SAMPLE.chain_mandates.values()
    assert {mandate.status_at(TODAY) for mandate in mandates} == set(ChainStatus)
    assert any(mandate.validity.valid_from > TODAY for mandate in mandates)
    assert {mandate.scope.kind for mandate in mandates} == set(ScopeKind)
    assert {mandate.level for mandate in mandates} == set(AssuranceLevel) - {AssuranceLevel.EH2}
    assert {c.status_at(TODAY) for c in SAMPLE.couplings.values()} >= {LinkStatus.ACTIVE, LinkStatus.EXPIRED}
    assert {o.kvk_status for o in SAMPLE.organisations.values()} >= {KvkStatus.ACTIVE, KvkStatus.DEREGISTERED}


@pytest.mark.parametrize("loaded_on", [date(2026, 1, 1), date(2028, 2, 29), date(2031, 12, 31)])
def test_the_sample_does_not_grow_old(loaded_on):
    scenario = read(datetime(loaded_on.year, loaded_on.month, loaded_on.day, 12, tzinfo=UTC))
    assert {mandate.status_at(loaded_on) for mandate in scenario.chain_mandates.values()} == set(ChainStatus)
    assert scenario.organisations == SAMPLE.organisations


def test_the_accountant_logs_in_for_a_client(sample):
    found = page(sample, asked(sample, "fleur-eh3"))
    assert found.candidates[0].organisation.id == ACCOUNTANT
    assert found.total == 27  # the office, 18 for everything, 4 by provider, 3 by service, 1 at EH4
    assert page(sample, asked(sample, "fleur-eh3"), "lachende maan").total == 1


def test_the_payroll_office_searches_in_1200(sample):
    assert page(sample, asked(sample, "noor-eh3", a_service(UWV))).total == 1201
    assert page(sample, asked(sample, "noor-eh3", a_service(UWV)), "adelaar").total == 40
    assert page(sample, asked(sample, "noor-eh3", a_service(KVK))).total == 1
    assert page(sample, asked(sample, "pim-eh3", a_service(UWV))).total == 1200
    assert page(sample, asked(sample, "pim-eh3", a_service(TAX))).total == 0


@pytest.mark.parametrize(
    ("means", "service", "expected"),
    [
        ("saskia-eh3-belastingdienst", a_service(TAX), DenialReason.MEANS_TYPE_NOT_ALLOWED),
        ("nina-eh3", a_service(TAX), DenialReason.NO_MANDATE),
        ("lotte-eh3", a_service(TAX), DenialReason.USER_LAPSED),
        ("bob-eh3", a_service(TAX), DenialReason.USER_BLOCKED),
        ("haarlinde-eh3-belastingdienst", a_service(KVK), DenialReason.DIRECT_SERVICE_NOT_COVERED),
        ("bram-eh2plus", a_service(TAX), DenialReason.LOA_TOO_LOW),
    ],
)
def test_refusals_to_show(sample, means, service, expected):
    question = asked(sample, means, service)
    assert page(sample, question).total == 0
    assert reason(sample, question) is expected


def test_E25_the_colleague_with_two_means(sample):
    parking = a_service(TOWN, 9002, EH2_PLUS)
    low, regular = asked(sample, "bram-eh2plus", parking), asked(sample, "bram-eh3", parking)
    assert [candidate.organisation.id for candidate in page(sample, low).candidates] == [ACCOUNTANT]
    assert reason(sample, low) is DenialReason.CHAIN_NEEDS_EH3
    assert page(sample, regular).total == 19


def test_people_with_few_candidates(sample):
    def ids(means, service):
        return [candidate.organisation.id for candidate in page(sample, asked(sample, means, service)).candidates]

    assert ids("otto-eh3", a_service(TAX)) == ["bakkerij-de-lachende-maan"]
    assert ids("tess-eh3", a_service(TAX)) == ["regenboogbeheer", "wolkenfabriek"]
    assert ids("karel-eh4", a_service(UWV, 9002, AssuranceLevel.EH4)) == ["uitvinder-kwikstaart"]
    assert ids("haarlinde-eh3-belastingdienst", a_service(TAX)) == ["kapsalon-wilde-haren"]


def test_M07_a_client_with_a_means_of_its_own(sample):
    own = asked(sample, "gijs-eh3")
    assert [candidate.intermediary for candidate in page(sample, own).candidates] == [None]
    assert page(sample, asked(sample, "fleur-eh3"), "zeepbel").total == 1


def test_accounts_are_listed_with_all_means(sample):
    listed = sample.read(lambda tx: accounts.list_accounts(tx, AUTHENTICATION_SERVICE))
    assert {account.person for account in listed} == set(SAMPLE.persons.values())
    assert {means for account in listed for means in account.means} == set(SAMPLE.means.values())
    assert [account.employer.id for account in listed[:3]] == [ACCOUNTANT] * 3
    bram = next(account for account in listed if account.person.id == "bram-proef")
    assert [means.level.label for means in bram.means] == ["EH2+", "EH3"]
    assert sample.read(lambda tx: accounts.list_accounts(tx, "urn:other")) == ()


def test_the_only_eh3_belastingdienst_means_are_those_that_show_it():
    special = {m.id for m in SAMPLE.means.values() if m.type is MeansType.EH3_BELASTINGDIENST}
    assert special == {"saskia-eh3-belastingdienst", "haarlinde-eh3-belastingdienst"}
