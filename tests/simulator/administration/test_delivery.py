"""Handing mails over to a real SMTP server: sent once, tried again, given up, given back."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from broker.core.administration.letters import write
from broker.core.administration.mail import Addressee, Facts, LinkTarget, MailKind
from broker.simulator.administration import delivery
from broker.simulator.context import MailServer
from broker.store.administration import mails
from broker.web.background import Worker
from tests.ports import free_ports
from tests.simulator.administration.standing import ON_BOTH


@dataclass
class Postbox:
    """What an SMTP server took; `refuse` gives addresses the reply that they get instead of a yes."""

    refuse: dict[str, str] = field(default_factory=dict)
    messages: list = field(default_factory=list)

    async def handle_RCPT(self, _server, _session, envelope, address, _rcpt_options):  # the library's name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def recipients(self):
        return sorted(message["To"].addresses[0].addr_spec for message in self.messages)


@contextmanager
def smtp_server(postbox):
    (port,) = free_ports(1)
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield MailServer("127.0.0.1", port, "post@ketenbroker.example", 5)
    finally:
        controller.stop()


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def sending(sim, postbox):
    """The simulator with a mail server that listens."""
    with smtp_server(postbox) as server:
        yield replace(sim, mail_server=server)


def a_mail(sim, address="klant@mail.example", name="Zoë Klant", **changes):
    to = Addressee(address, name, "nl")
    facts = Facts(client="Coöperatie Het Zilveren Ei", intermediary="Kantoor", reason="€ 5 & <b>")
    options = {"occasion": "x", "link": LinkTarget.INVITATION, "object_id": "i-1", **changes}
    return write(MailKind.REVOKED, to, facts, sim.clock(), **options)


def queue(sim, *new):
    sim.store.write(lambda tx: mails.queue(tx, new))


def state(sim, mail):
    found = sim.store.read(lambda tx: mails.load(tx, mail.id))
    return found.attempts, found.next_attempt_at, found.sent_at, found.problem


def test_a_mail_arrives_as_it_is_in_the_mailbox(sending, postbox):
    mail = a_mail(sending)
    queue(sending, mail)
    assert delivery.deliver_due(sending) == 1
    (message,) = postbox.messages
    assert str(message["To"]) == "Zoë Klant <klant@mail.example>"
    assert str(message["From"]) == "Ketenbroker <post@ketenbroker.example>"
    assert message["Subject"] == mail.subject == "De ketenmachtiging van Coöperatie Het Zilveren Ei is ingetrokken"
    assert message["Message-ID"] == f"<{mail.id}@ketenbroker.example>"
    text = message.get_content()
    assert "€ 5 & <b>" in text
    assert f"{sending.addresses.base}/uitnodiging/" in text
    assert state(sending, mail) == (1, None, sending.clock(), None)


def test_nothing_is_sent_twice_and_nothing_without_a_server(sending, postbox):
    queue(sending, a_mail(sending))
    assert delivery.deliver_due(replace(sending, mail_server=None)) == 0
    assert [delivery.deliver_due(sending), delivery.deliver_due(sending)] == [1, 0]
    queue(sending, a_mail(sending))
    assert delivery.deliver_due(sending) == 0
    assert len(postbox.messages) == 1


@ON_BOTH
def test_several_processes_never_send_the_same_mail(sending, postbox):
    addresses = [f"klant{number}@mail.example" for number in range(60)]
    queue(sending, *(a_mail(sending, address) for address in addresses))
    workers = [threading.Thread(target=delivery.deliver_due, args=(sending,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert postbox.recipients == sorted(addresses)


def test_a_server_that_is_away_is_tried_again_less_and_less_often_for_a_day(sim, postbox):
    (port,) = free_ports(1)
    away = replace(sim, mail_server=MailServer("127.0.0.1", port, "post@ketenbroker.example", 1))
    mail = a_mail(away)
    queue(away, mail)
    waits = []
    for _ in range(9):
        assert delivery.deliver_due(away) == 0
        attempts, again, _, problem = state(away, mail)
        waits.append(int((again - away.clock()).total_seconds() // 60))
        assert "ConnectionRefusedError" in problem
        assert delivery.deliver_due(away) == 0
        assert state(away, mail)[0] == attempts
        away.clock.moment = again
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    with smtp_server(postbox) as server:
        back = replace(away, mail_server=server)
        assert delivery.deliver_due(back) == 1
        queue(back, a_mail(back, occasion="old"))
        back.clock.go(days=1, seconds=1)
        assert delivery.deliver_due(back) == 0


def test_an_address_that_is_refused_for_good_is_given_up_and_the_others_arrive(sending, postbox):
    postbox.refuse = {"weg@mail.example": "550 5.1.1 no such\tuser", "later@mail.example": "451 4.7.1 try later"}
    gone, later, fine = (a_mail(sending, f"{name}@mail.example") for name in ("weg", "later", "goed"))
    queue(sending, gone, later, fine)
    delivery.deliver_due(sending)
    assert postbox.recipients == ["goed@mail.example"]
    assert state(sending, gone)[1:] == (None, None, "550 5.1.1 no such user")
    attempts, again, sent, problem = state(sending, later)
    assert (attempts, again > sending.clock(), sent, problem) == (1, True, None, "451 4.7.1 try later")
    postbox.refuse = {}
    sending.clock.moment = again
    assert delivery.deliver_due(sending) == 1
    assert postbox.recipients == ["goed@mail.example", "later@mail.example"]


@pytest.mark.parametrize("name", ["Regel\nBcc: ander@mail.example", "Gewoon"])
def test_what_cannot_be_a_header_is_no_header(sending, postbox, name):
    address = "klant@mail.example" if "\n" in name else "geen adres"
    mail = a_mail(sending, address, name)
    queue(sending, mail)
    assert delivery.deliver_due(sending) == 0
    assert postbox.messages == []
    attempts, again, sent, problem = state(sending, mail)
    assert (attempts, again, sent) == (1, None, None)
    assert problem


def test_a_process_that_dies_while_sending_leaves_its_mail_to_the_others(sending, postbox):
    mail = a_mail(sending)
    queue(sending, mail)
    assert [one.mail.id for one in delivery._claim(sending)] == [mail.id]
    assert delivery.deliver_due(sending) == 0
    sending.clock.moment += delivery.CLAIM
    assert delivery.deliver_due(sending) == 1


def test_a_worker_delivers_in_a_thread_of_its_own_and_goes_when_nothing_is_left(sending, postbox):
    worker = Worker("courier", sending, delivery.deliver)
    queue(sending, a_mail(sending))
    worker.wake()
    thread = worker.thread
    assert thread.daemon
    thread.join(10)
    assert (len(postbox.messages), worker.thread) == (1, None)


def test_a_worker_that_waits_for_another_attempt_is_woken_and_survives_a_failure(sim, log):
    done, woken = [], threading.Event()

    def job(_):
        done.append(1)
        woken.set()
        if len(done) == 1:
            return 60.0
        raise RuntimeError("store is gone")

    worker = Worker("test", sim, job)
    worker.wake()
    assert woken.wait(10)
    thread = worker.thread
    worker.wake()
    thread.join(10)
    assert (len(done), worker.thread) == (2, None)
    assert [entry["event"] for entry in log] == ["background.failed"]


def test_what_waits_is_looked_at_again(sending, postbox):
    postbox.refuse = {"klant@mail.example": "451 later"}
    assert delivery.deliver(sending) is None
    queue(sending, a_mail(sending))
    assert delivery.deliver(sending) == 30.0
    sending.clock.go(days=2)
    assert delivery.deliver(sending) is None
