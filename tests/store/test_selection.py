"""The list that SQL selects is the list that the pure decision gives, for every register, question and search."""

from dataclasses import replace

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from broker.core.decision import decide
from broker.core.links import ChainLink, UncoupledMandate
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus
from broker.core.scope import covers
from broker.core.search import Search, sort_name
from broker.store.changes import add, replace_mandate, replace_party
from broker.store.database import Store
from broker.store.refused import look_up_refused
from broker.store.register import candidates_page, means_in_use, refused_links, reload_link
from tests.core.random_registers import Register, asked_registers, members, validities

SEARCHES = (
    "",
    "",
    "",
    "",
    "",
    "",
    "élan",
    "de",
    "kaas",
    "100%",
    "b_b",
    "%",
    "_",
    "000",
    "0009",
    "den bosch",
    "zon 's",
    "x",
)
DIFFERENTIAL = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class UndoneOnPurpose(Exception):
    """Ends a transaction without leaving anything behind, so the next example finds an empty store."""


def in_passing(store: Store, work) -> None:
    def undone(tx):
        work(tx)
        raise UndoneOnPurpose

    try:
        store.write(undone)
    except UndoneOnPurpose:
        return


def selected(tx, question, search="", size=1):
    """All pages of the list, one after the other."""
    first = candidates_page(tx, question, search, 1, size)
    pages = [first, *(candidates_page(tx, question, search, page, size) for page in range(2, first.pages + 1))]
    assert {page.total for page in pages} == {first.total}
    assert all(len(page.candidates) == page.last - page.first + 1 for page in pages if page.total)
    candidates = [candidate for page in pages for candidate in page.candidates]
    assert len(candidates) == first.total
    return candidates


def decided(register: Register, question, search=""):
    wanted = Search.read(search)
    found = decide(question, register.links(question.in_use)).candidates
    return [candidate for candidate in found if wanted.matches(candidate.organisation)]


@DIFFERENTIAL
@given(asked=asked_registers(), search=st.sampled_from(SEARCHES))
def test_the_store_selects_what_the_decision_decides(store, asked, search):
    register, question = asked

    def compare(tx):
        add(tx, register.values)
        held = question.in_use.means
        found = means_in_use(tx, held.internal_pseudonym, held.authentication_service)
        assert found == question.in_use
        expected = decided(register, question, search)
        assert selected(tx, replace(question, in_use=found), search) == expected
        for candidate in expected:
            assert reload_link(tx, candidate.link.reference) == candidate.link
        event(f"{min(len(expected), 4)} candidates")

    in_passing(store, compare)


@DIFFERENTIAL
@given(asked=asked_registers())
def test_the_store_finds_the_links_that_the_decision_refuses(store, asked):
    register, question = asked

    def compare(tx):
        add(tx, register.values)
        refusals = decide(question, register.links(question.in_use)).refusals
        expected = {refusal.link for refusal in refusals}
        found = refused_links(tx, question, 100)
        if expected:
            assert set(found) == expected
            assert len(found) == len(expected)
            assert len(refused_links(tx, question, 1)) == 1
        else:
            coupled = {c.mandate_id for c in register.couplings if c.means_id == question.in_use.means.id}
            assert not coupled & {link.mandate.id for link in found}
        assert decide(question, found).candidates == ()

    in_passing(store, compare)


@settings(DIFFERENTIAL, max_examples=40)
@given(asked=asked_registers(), search=st.sampled_from(SEARCHES))
def test_who_is_hidden_is_who_the_decision_refuses_and_whom_nobody_coupled(store, asked, search):
    register, question = asked
    wanted = Search.read(search)

    def compare(tx):
        add(tx, register.values)
        refusals = decide(question, register.links(question.in_use)).refusals
        expected = [refusal.link for refusal in refusals if wanted.matches(refusal.link.organisation)]
        found = look_up_refused(tx, question, wanted, 100)
        coupled = [link for link in found.links if not isinstance(link, UncoupledMandate)]
        assert sorted(coupled, key=repr) == sorted(expected, key=repr)
        chains = [sort_name(link.organisation) for link in coupled if isinstance(link, ChainLink)]
        assert chains == sorted(chains)
        used = {coupling.mandate_id for coupling in register.couplings if coupling.means_id == question.in_use.means.id}
        uncoupled = [link for link in found.links if isinstance(link, UncoupledMandate)]
        assert {link.mandate.id for link in uncoupled} == {
            mandate.id
            for mandate in register.mandates
            if mandate.id not in used
            and mandate.intermediary_id in question.in_use.works_for(question.day)
            and mandate.status_at(question.day) is ChainStatus.ACTIVE
            and question.day >= mandate.validity.valid_from
            and covers(mandate.scope, question.service)
            and wanted.matches(next(o for o in register.organisations if o.id == mandate.grantor_id))
        }
        assert found.total == len(found.links)
        first = look_up_refused(tx, question, wanted, 1)
        assert len(first.links) == min(1, len(found.links))
        assert first.total == len(expected) + min(1, len(uncoupled))
        assert decide(question, found.links).candidates == ()

    in_passing(store, compare)


@st.composite
def changes(draw: st.DrawFn, register: Register):
    """A changed value of the register."""
    status, link_status = members(ChainStatus, ChainStatus.ACTIVE, 2), members(LinkStatus, LinkStatus.ACTIVE, 2)
    return draw(
        st.one_of(
            st.builds(replace, st.sampled_from(register.mandates), status=status, validity=validities()),
            st.builds(replace, st.sampled_from(register.couplings), status=link_status, validity=validities()),
            st.builds(
                replace,
                st.sampled_from(register.organisations),
                kvk_status=st.sampled_from(KvkStatus),
                statutory_name=st.sampled_from(["Aarde", "Élan", "Zee"]),
            ),
        )
    )


@DIFFERENTIAL
@given(asked=asked_registers(), data=st.data())
def test_every_change_brings_the_selection_along(store, asked, data):
    register, question = asked

    def compare(tx):
        add(tx, register.values)
        now = {value.id: value for value in register.values}
        for _ in range(3):
            changed = data.draw(changes(Register(*(tuple(now[v.id] for v in part) for part in parts(register)))))
            if hasattr(changed, "version"):
                now[changed.id] = replace_mandate(tx, changed)
            else:
                replace_party(tx, changed)
                now[changed.id] = changed
        after = Register(*(tuple(now[v.id] for v in part) for part in parts(register)))
        held = question.in_use.means
        found = replace(question, in_use=means_in_use(tx, held.internal_pseudonym, held.authentication_service))
        assert found.in_use == after.in_use(held)
        assert selected(tx, found) == decided(after, found)

    in_passing(store, compare)


def parts(register: Register):
    return (
        register.organisations,
        register.persons,
        register.means,
        register.direct,
        register.mandates,
        register.couplings,
    )
