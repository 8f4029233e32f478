"""People of the sample register with addresses and roles, and the mails that they got."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.manager_roles import ManagerRole
from broker.core.assurance import AssuranceLevel
from broker.core.clock import amsterdam_date
from broker.core.validity import Validity
from broker.store.administration import mails, people
from broker.store.administration.tables import dossiers, invitations, manager_roles
from broker.store.changes import replace_party
from broker.store.database import Transaction
from broker.store.rows import read_person
from broker.store.tables import persons

OFFICE, PAYROLL, BAKERY, GLASS = (
    "administratiekantoor-papiermolen",
    "salarisbureau-loonstrook",
    "bakkerij-de-lachende-maan",
    "glasblazerij-zeepbel",
)
EH3 = AssuranceLevel.EH3


def the_person(sim, person_id):
    """Somebody of the sample register."""
    found = sa.select(persons).where(persons.c.id == person_id)
    return read_person(sim.store.read(lambda tx: tx.execute(found).mappings().one()))


def make_manager(sim, person_id="fleur-voorbeeld", organisation_id=OFFICE, *, days=365, **changes):
    """Make somebody manager of an organisation, with an address to write to; gives the actor."""
    person = replace(the_person(sim, person_id), **{"email": f"{person_id}@mail.example", **changes})
    today = amsterdam_date(sim.clock())
    period = Validity(today - timedelta(days=400), today + timedelta(days=days))
    role = ManagerRole(f"{person_id}--{organisation_id}", person_id, organisation_id, EH3, period)

    def work(tx):
        replace_party(tx, person)
        tx.execute(sa.delete(manager_roles).where(manager_roles.c.person_id == person_id))
        people.add_roles(tx, [role])

    sim.store.write(work)
    return Actor(ActorKind.MANAGER, person_id, person.display_name, organisation_id, EH3, EH3)


def mailbox(sim, recipient=""):
    """Every mail, oldest first."""
    return [queued.mail for queued in reversed(sim.store.read(lambda tx: mails.page(tx, recipient, most=1000)))]


def told(sim, recipient=""):
    """The kinds of mail that somebody got, in alphabetical order."""
    return sorted(mail.kind.value for mail in mailbox(sim, recipient))


def forget_what_waits(sim) -> None:
    """No invitation of the sample is open and none of its mandates waits for review: what there is, a test made."""

    def forget(tx: Transaction) -> None:
        tx.execute(sa.delete(invitations))
        tx.execute(sa.update(dossiers).values(due_on=None))

    sim.store.write(forget)
