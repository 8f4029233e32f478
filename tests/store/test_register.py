"""Reading the register for a login, and what changes while somebody logs in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.core.decision import Granted, best_reason, decide, grant
from broker.core.identifiers import InternalPseudonym
from broker.core.links import LinkKind, LinkReference
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus, MeansStatus, PersonStatus
from broker.core.refusals import DenialReason, Denied
from broker.core.validity import Validity
from broker.store import candidates, lines, register
from broker.store.changes import add, record_use, replace_mandate, replace_party
from broker.store.errors import StoreConflict
from tests.core.register_values import (
    ALWAYS,
    AUTHENTICATION_SERVICE,
    CLIENT,
    KVK,
    OFFICE,
    TODAY,
    a_coupling,
    a_direct_link,
    a_mandate,
    a_means,
    a_person,
    a_question,
    a_service,
    an_organisation,
    providers,
)

MEANS, MANDATE = a_means(), a_mandate()
COUPLING = a_coupling(MANDATE)
LINK = LinkReference(LinkKind.CHAIN, COUPLING.id)


@pytest.fixture
def filled(store):
    """One office, one person, one client."""
    store.write(lambda tx: add(tx, [OFFICE, CLIENT, a_person(), MEANS, a_direct_link().mandate, MANDATE, COUPLING]))
    return store


def in_use(store):
    return store.read(lambda tx: register.means_in_use(tx, MEANS.internal_pseudonym, AUTHENTICATION_SERVICE))


def ask(store, **changes):
    return a_question(held=in_use(store), **changes)


def shown(store, search="", **changes):
    page = store.read(lambda tx: register.candidates_page(tx, ask(store, **changes), search))
    return [candidate.organisation.id for candidate in page.candidates]


def issue(store, reference=LINK, **changes):
    return store.read(lambda tx: grant(ask(store, **changes), register.reload_link(tx, reference)))


def test_a_means_is_known_by_pseudonym_and_authentication_service_together(filled):
    assert in_use(filled).means == MEANS
    assert in_use(filled).direct == (a_direct_link(),)
    for pseudonym, service in (
        (MEANS.internal_pseudonym, "urn:other"),
        (InternalPseudonym("F" * 64), AUTHENTICATION_SERVICE),
    ):
        found = filled.read(lambda tx, p=pseudonym, s=service: register.means_in_use(tx, p, s))
        assert found is None


def test_the_own_organisation_comes_first_and_then_clients(filled):
    assert shown(filled) == [OFFICE.id, CLIENT.id]


def test_a_link_is_reloaded_by_kind_and_id(filled):
    granted = issue(filled)
    assert isinstance(granted, Granted)
    assert granted.candidate.link.mandate == MANDATE
    direct = LinkReference(LinkKind.DIRECT, a_direct_link().mandate.id)
    assert filled.read(lambda tx: register.reload_link(tx, direct)) == a_direct_link()
    for unknown in (LinkReference(LinkKind.DIRECT, COUPLING.id), LinkReference(LinkKind.CHAIN, "x")):
        assert filled.read(lambda tx, ref=unknown: register.reload_link(tx, ref)) is None
        assert issue(filled, unknown) == Denied(DenialReason.NO_MANDATE)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (replace(MANDATE, status=ChainStatus.REVOKED), DenialReason.CHAIN_REVOKED),
        (replace(MANDATE, status=ChainStatus.SUSPENDED), DenialReason.CHAIN_SUSPENDED),
        (replace(MANDATE, scope=providers(KVK)), DenialReason.CHAIN_SERVICE_NOT_COVERED),
        (replace(COUPLING, status=LinkStatus.REVOKED), DenialReason.COUPLING_NOT_ACTIVE),
        (replace(COUPLING, narrowing=providers(KVK)), DenialReason.COUPLING_SERVICE_NOT_COVERED),
    ],
)
def test_E07_E08_a_change_between_the_list_and_the_issue_denies_and_leaves_the_list(filled, changed, reason):
    assert shown(filled) == [OFFICE.id, CLIENT.id]
    filled.write(lambda tx: replace_mandate(tx, changed))
    assert issue(filled) == Denied(reason)
    assert shown(filled) == [OFFICE.id]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (replace(MEANS, status=MeansStatus.SUSPENDED), DenialReason.MEANS_NOT_USABLE),
        (a_person(status=PersonStatus.BLOCKED), DenialReason.USER_BLOCKED),
        (replace(CLIENT, kvk_status=KvkStatus.DEREGISTERED), DenialReason.RELATION_NOT_ACTIVE),
        (replace(OFFICE, kvk_status=KvkStatus.BANKRUPT), DenialReason.INTERMEDIARY_NOT_ACTIVE),
    ],
)
def test_E08_E13_a_blocked_party_denies_at_issue(filled, changed, reason):
    filled.write(lambda tx: replace_party(tx, changed))
    assert issue(filled) == Denied(reason)
    assert CLIENT.id not in shown(filled)


def test_E06_a_mandate_that_expires_during_the_login_is_denied_at_issue(filled):
    last_day = replace(MANDATE, validity=Validity(ALWAYS.valid_from, TODAY))
    filled.write(lambda tx: replace_mandate(tx, last_day))
    assert CLIENT.id in shown(filled)
    tomorrow = a_question().moment + timedelta(hours=12)
    assert issue(filled, moment=tomorrow) == Denied(DenialReason.CHAIN_EXPIRED)
    assert CLIENT.id not in shown(filled, moment=tomorrow)


def test_a_use_is_remembered_by_its_day_and_never_goes_back(filled):
    def used(day):
        filled.write(lambda tx: record_use(tx, in_use(filled).person, day))
        return in_use(filled).person.last_used_on

    assert in_use(filled).person.last_used_on is None
    assert used(TODAY) == TODAY
    assert used(TODAY - timedelta(days=1)) == TODAY
    assert used(TODAY + timedelta(days=1)) == TODAY + timedelta(days=1)


def test_E18_somebody_who_leaves_loses_the_relations_at_once(filled):
    elsewhere = an_organisation("Elders")
    filled.write(lambda tx: add(tx, [elsewhere]))
    filled.write(lambda tx: replace_mandate(tx, replace(a_direct_link().mandate, status=LinkStatus.REVOKED)))
    filled.write(lambda tx: replace_party(tx, a_person(organisation_id=elsewhere.id)))
    assert issue(filled) == Denied(DenialReason.CHAIN_BROKEN)
    assert shown(filled) == []


def test_M11_M12_who_is_not_coupled_is_told_so_and_uncoupling_one_leaves_the_other(filled):
    colleague = a_person(id="bram")
    means = a_means(colleague)
    filled.write(lambda tx: add(tx, [colleague, means]))

    def of_colleague(tx):
        found = register.means_in_use(tx, means.internal_pseudonym, AUTHENTICATION_SERVICE)
        question = a_question(held=found)
        refusals = decide(question, register.refused_links(tx, question, 10)).refusals
        return register.candidates_page(tx, question).total, best_reason(question, refusals).reason

    assert filled.read(of_colleague) == (0, DenialReason.NO_USER_COUPLING)
    second = a_coupling(MANDATE, means)
    filled.write(lambda tx: add(tx, [second]))
    assert filled.read(of_colleague)[0] == 1
    filled.write(lambda tx: replace_mandate(tx, replace(COUPLING, status=LinkStatus.REVOKED)))
    assert filled.read(of_colleague)[0] == 1
    assert shown(filled) == [OFFICE.id]


def test_uncoupled_mandates_that_would_not_help_are_not_mentioned(filled):
    filled.write(lambda tx: replace_mandate(tx, replace(COUPLING, status=LinkStatus.REVOKED)))
    useless = [
        a_mandate(an_organisation("a"), status=ChainStatus.REVOKED),
        a_mandate(an_organisation("b"), scope=providers(KVK)),
        a_mandate(an_organisation("c"), validity=Validity(ALWAYS.valid_from, TODAY - timedelta(1))),
    ]
    colleague = a_person(id="bram")
    means = a_means(colleague)
    clients = [an_organisation(name) for name in "abc"]
    filled.write(lambda tx: add(tx, [*clients, *useless, colleague, means]))
    held = filled.read(lambda tx: register.means_in_use(tx, means.internal_pseudonym, AUTHENTICATION_SERVICE))
    found = filled.read(lambda tx: register.refused_links(tx, a_question(held=held), 10))
    assert [link.mandate.id for link in found] == [MANDATE.id]


def test_WEB_14_two_changes_from_the_same_version_do_not_both_succeed(filled):
    following = filled.write(lambda tx: replace_mandate(tx, replace(MANDATE, status=ChainStatus.SUSPENDED)))
    assert following.version == 2
    with pytest.raises(StoreConflict):
        filled.write(lambda tx: replace_mandate(tx, replace(MANDATE, status=ChainStatus.ACTIVE)))
    assert issue(filled) == Denied(DenialReason.CHAIN_SUSPENDED)


def test_what_does_not_exist_cannot_be_replaced(filled):
    with pytest.raises(StoreConflict):
        filled.write(lambda tx: replace_party(tx, an_organisation("Onbekend")))


@pytest.mark.parametrize(
    "twice",
    [OFFICE, a_person(), MEANS, MANDATE, COUPLING, an_organisation("Ander", kvk_number=CLIENT.kvk_number)],
)
def test_an_id_or_number_that_exists_is_refused(filled, twice):
    with pytest.raises(StoreConflict):
        filled.write(lambda tx: add(tx, [twice]))


@pytest.fixture
def busy(filled):
    """Sixty clients more."""
    clients = [an_organisation(f"Klant {n:02}", kvk_number=f"0009{n:04}") for n in range(60)]
    mandates = [a_mandate(client) for client in clients]
    filled.write(lambda tx: add(tx, [*clients, *mandates, *(a_coupling(mandate) for mandate in mandates)]))
    return filled


@pytest.mark.parametrize(
    ("asked", "page", "first", "last", "head"),
    [
        (1, 1, 1, 25, "kantoor"),
        (2, 2, 26, 50, "klant-23"),
        (3, 3, 51, 62, "klant-48"),
        (99, 3, 51, 62, "klant-48"),
        (0, 1, 1, 25, "kantoor"),
        (-5, 1, 1, 25, "kantoor"),
    ],
)
def test_pages_of_25_with_a_count(busy, asked, page, first, last, head):
    got = busy.read(lambda tx: register.candidates_page(tx, ask(busy), page=asked))
    assert (got.page, got.pages, got.first, got.last, got.total) == (page, 3, first, last, 62)
    assert got.candidates[0].organisation.id == head
    assert len(got.candidates) == last - first + 1


def test_a_list_is_counted_as_far_as_it_can_be_paged_through(busy, monkeypatch):
    """What lies beyond is found by searching."""
    monkeypatch.setattr(lines, "MOST_LINES", 30)
    monkeypatch.setattr(candidates, "MOST_LINES", 30)
    lines._page.cache_clear()
    got = [busy.read(lambda tx, page=page: register.candidates_page(tx, ask(busy), page=page)) for page in (1, 2, 3)]
    assert [(page.page, page.first, page.last, page.total, page.more) for page in got] == [
        (1, 1, 25, 31, True),
        (2, 26, 31, 31, True),
        (2, 26, 31, 31, True),
    ]
    assert shown(busy, "klant 59") == ["klant-59"]
    monkeypatch.setattr(lines, "MOST_LINES", 61)
    monkeypatch.setattr(candidates, "MOST_LINES", 61)
    lines._page.cache_clear()
    got = busy.read(lambda tx: register.candidates_page(tx, ask(busy)))
    assert (got.total, got.more) == (62, False)
    lines._page.cache_clear()


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("kantoor", ["kantoor"]),
        ("KLANT 07", ["klant-07"]),
        ("00090007", ["klant-07"]),
        ("0009000", [f"klant-{n:02}" for n in range(10)]),
        ("bakker voorbeeld", ["bakkerij"]),
        ("geen", []),
        ("%", []),
        ("klant_07", []),
        ("k%7", []),
        ("nul\x00teken", []),
        ("\ud800", None),
    ],
)
def test_search_by_name_number_and_city(busy, search, expected):
    found = shown(busy, search)
    assert len(found) == 25 if expected is None else found == expected


def test_an_empty_list_is_one_page_without_lines(filled):
    page = filled.read(lambda tx: register.candidates_page(tx, ask(filled), "geen"))
    assert (page.total, page.pages, page.page, page.first, page.last) == (0, 1, 1, 0, 0)


def test_M05_the_list_depends_on_the_service(filled):
    other = an_organisation("Ander")
    mandate = a_mandate(other, scope=providers(KVK))
    filled.write(lambda tx: add(tx, [other, mandate, a_coupling(mandate)]))
    filled.write(lambda tx: replace_mandate(tx, replace(MANDATE, scope=providers(a_service().provider_oin))))
    assert shown(filled) == [OFFICE.id, CLIENT.id]
    assert shown(filled, service=a_service(KVK)) == [OFFICE.id, other.id]
