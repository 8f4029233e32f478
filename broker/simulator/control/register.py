"""Adding to the register and changing it, as its operator: each in one transaction, with its event.

Everything counts at the next decision, in every process. The stub authentication service is told of its people by its
file. All raise `StoreConflict` for what is there already or refers to what is not, and ValueError for values that the
register may never hold.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from broker.core.administration.actors import OPERATOR
from broker.core.administration.dossiers import FiledMandate, filed_long_ago
from broker.core.administration.events import Event, changed
from broker.core.administration.relations import Relation
from broker.core.errors import NotFound
from broker.core.mandates import ChainMandate, DirectMandate, LinkStatus, MandateCoupling
from broker.core.organisations import KvkStatus, Means, MeansStatus, Organisation, Person, PersonStatus
from broker.simulator import other_parties
from broker.simulator.context import Simulator
from broker.store import accounts, register_pages
from broker.store.administration import events, filed, organisations, relations
from broker.store.changes import add, replace_mandate, replace_party
from broker.store.database import Transaction
from broker.store.rows import Registered

Value = TypeVar("Value", Organisation, Person, Means)
Found = TypeVar("Found")


def add_organisation(sim: Simulator, new: Organisation) -> None:
    """Store an organisation."""

    def work(tx: Transaction) -> None:
        _add(sim, tx, "organisation", new, about=(new.id,))

    sim.store.write(work)


def add_person(sim: Simulator, new: Person, means: Sequence[Means] = (), direct: Sequence[DirectMandate] = ()) -> None:
    """Store a person with their means and their direct mandates."""

    def work(tx: Transaction) -> None:
        _add(sim, tx, "person", new, about=(new.organisation_id,))
        for one in means:
            _add(sim, tx, "means", one, about=(new.organisation_id,))
        for mandate in direct:
            _add(sim, tx, "direct_mandate", mandate, about=(mandate.organisation_id,))

    sim.store.write(work)
    tell_stub(sim)


def add_means(sim: Simulator, new: Means, direct: Sequence[DirectMandate] = ()) -> None:
    """Store a means of a person who is there."""

    def work(tx: Transaction) -> None:
        _add(sim, tx, "means", new, about=())
        for mandate in direct:
            _add(sim, tx, "direct_mandate", mandate, about=(mandate.organisation_id,))

    sim.store.write(work)
    tell_stub(sim)


def add_direct_mandate(sim: Simulator, new: DirectMandate) -> None:
    """Store a direct mandate of a means."""
    sim.store.write(lambda tx: _add(sim, tx, "direct_mandate", new, about=(new.organisation_id,)))


def add_chain_mandate(sim: Simulator, new: ChainMandate, couple: Sequence[str] = ()) -> FiledMandate:
    """Store a chain mandate, coupled to the means with these ids, with papers as if everything was arranged before."""
    moment = sim.clock()

    def work(tx: Transaction) -> FiledMandate:
        mandate = filed_long_ago(new, moment)
        filed.insert(tx, [mandate])
        relations.keep(tx, [Relation(new.intermediary_id, new.grantor_id, moment)])
        about = (new.grantor_id, new.intermediary_id)
        _happened(sim, tx, "chain_mandate.added", about, None, mandate)
        for means_id in couple:
            _couple(sim, tx, new, means_id)
        return mandate

    return sim.store.write(work)


def couple(sim: Simulator, mandate_id: str, means_id: str) -> MandateCoupling:
    """Couple a chain mandate to a means, at the level and for the period of the mandate."""

    def work(tx: Transaction) -> MandateCoupling:
        found = _known(filed.load(tx, mandate_id), "chain mandate", mandate_id)
        return _couple(sim, tx, found.mandate, means_id)

    return sim.store.write(work)


def change_organisation(sim: Simulator, organisation_id: str, status: KvkStatus) -> Organisation:
    """Have KVK's trade register hold the organisation otherwise."""

    def work(tx: Transaction) -> Organisation:
        before = _known(organisations.find(tx, organisation_id), "organisation", organisation_id)
        after = replace(before, kvk_status=status)
        return _replace(sim, tx, f"organisation.{status.value}", before, after)

    return sim.store.write(work)


def change_person(sim: Simulator, person_id: str, status: PersonStatus) -> Person:
    """Block a person, or let them in again."""

    def work(tx: Transaction) -> Person:
        before = _known(register_pages.person(tx, person_id), "person", person_id)
        return _replace(sim, tx, f"person.{status.value}", before, replace(before, status=status))

    changed_one = sim.store.write(work)
    tell_stub(sim)
    return changed_one


def change_means(sim: Simulator, means_id: str, status: MeansStatus) -> Means:
    """Suspend or revoke a means, or make it active again."""

    def work(tx: Transaction) -> Means:
        before = _known(register_pages.means_by_id(tx, means_id), "means", means_id)
        return _replace(sim, tx, f"means.{status.value}", before, replace(before, status=status))

    changed_one = sim.store.write(work)
    tell_stub(sim)
    return changed_one


def change_direct_mandate(sim: Simulator, mandate_id: str, status: LinkStatus) -> DirectMandate:
    """Suspend or revoke a direct mandate, or make it active again."""

    def work(tx: Transaction) -> DirectMandate:
        before = _known(register_pages.direct_mandate(tx, mandate_id), "direct mandate", mandate_id)
        after = replace_mandate(tx, replace(before, status=status))
        _happened(sim, tx, f"direct_mandate.{status.value}", (after.organisation_id,), before, after)
        return after

    return sim.store.write(work)


def tell_stub(sim: Simulator) -> None:
    """Give the stub authentication service its people as the register has them now."""
    other_parties.write_accounts(sim.register_files.accounts, sim.store)


def account(sim: Simulator, authentication_service: str, person: str) -> accounts.Account:
    """The person with this id or this name, and their means there; raises `NotFound`, also when several have it."""
    known = sim.store.read(lambda tx: accounts.list_accounts(tx, authentication_service))
    found = [one for one in known if one.person.id == person]
    found = found or [one for one in known if one.person.display_name == person]
    if len(found) != 1:
        raise NotFound(f"there are {len(found)} people with means whose id or name is {person[:80]!r}")
    return found[0]


def _couple(sim: Simulator, tx: Transaction, mandate: ChainMandate, means_id: str) -> MandateCoupling:
    coupling = MandateCoupling(
        id=f"{mandate.id}--{means_id}",
        mandate_id=mandate.id,
        means_id=means_id,
        narrowing=None,
        level=mandate.level,
        validity=mandate.validity,
    )
    _add(sim, tx, "mandate_coupling", coupling, about=(mandate.intermediary_id,))
    return coupling


def _add(sim: Simulator, tx: Transaction, kind: str, new: Registered, *, about: tuple[str, ...]) -> None:
    add(tx, [new])
    _happened(sim, tx, f"{kind}.added", about, None, new)


def _replace(sim: Simulator, tx: Transaction, action: str, before: Value, after: Value) -> Value:
    replace_party(tx, after)
    _happened(sim, tx, action, (after.id,) if isinstance(after, Organisation) else (), before, after)
    return after


def _happened(
    sim: Simulator,
    tx: Transaction,
    action: str,
    about: tuple[str, ...],
    before: Registered | None,
    after: Registered | FiledMandate,
) -> None:
    name = after.mandate.id if isinstance(after, FiledMandate) else after.id
    event: Event = changed(action, OPERATOR, sim.clock(), about=about, before=before, after=after, object_id=name)
    events.append(tx, [event])


def _known(found: Found | None, kind: str, wanted: str) -> Found:
    if found is None:
        raise NotFound(f"there is no {kind} {wanted[:80]!r}")
    return found
