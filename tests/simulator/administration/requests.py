"""An intermediary of the sample register that asks clients for mandates, and the links that they get."""

from dataclasses import replace

from broker.core.administration.actors import Actor
from broker.core.administration.mail import LinkTarget
from broker.core.clock import amsterdam_date
from broker.core.identifiers import KvkNumber, Oin
from broker.core.scope import Scope
from broker.core.validity import years_later
from broker.simulator.administration import inviting
from broker.simulator.administration.inviting import Request
from broker.simulator.administration.links import address_of, token
from tests.simulator.administration.people import EH3, mailbox

TAX, KVK = Oin("00000099000000110000"), Oin("00000099000000120000")
ONE_SIGNS, TWO_SIGN, TWO_OF_THREE = KvkNumber("90006577"), KvkNumber("69599068"), KvkNumber("68727720")
ABROAD, INACTIVE, SILENT, UNKNOWN = map(KvkNumber, ("69599076", "96354429", "90004973", "12345678"))
OF_KVK = Scope(providers=frozenset({KVK}))
CLIENT_MAIL = "klant@mail.example"


def a_request(sim, number=ONE_SIGNS, **changes) -> Request:
    """For all services of KVK, at EH3, for a year."""
    until = years_later(amsterdam_date(sim.clock()), 1)
    return replace(Request(number, CLIENT_MAIL, "Klaas Klant", OF_KVK, EH3, until), **changes)


def invite(sim, actor: Actor, number=ONE_SIGNS, **changes):
    """An invitation, and the secret in its link."""
    made = inviting.invite(sim, actor, a_request(sim, number, **changes))
    return made, token(sim, LinkTarget.INVITATION, made.id, made.email)


def last_token(sim, recipient=CLIENT_MAIL, target=LinkTarget.INVITATION) -> str:
    """The secret in the link of the last mail to somebody."""
    mail = [one for one in mailbox(sim, recipient) if one.link is target][-1]
    return address_of(sim, mail).rpartition("/")[2]
