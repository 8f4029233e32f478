"""Handing mails over to a mail server (SMTP), when one is configured.

Any number of processes deliver from one store: mails are claimed in a serial transaction before they are sent, so two
processes never send the same one. A process that dies between the server's yes and the note of it leaves a mail that is
sent again when its claim has run out; its Message-ID is the same then, so that the receiver can tell.
"""

import smtplib
from collections.abc import Sequence
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

import structlog

from broker.core.administration import invitations as rules
from broker.core.administration.actors import rule
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import LinkTarget, Mail, with_link
from broker.simulator.administration.links import address_of
from broker.simulator.administration.recording import moment_of, store_invitation
from broker.simulator.context import MailServer, Simulator
from broker.store.administration import invitations, mails
from broker.store.administration.mails import QueuedMail
from broker.store.database import Transaction

log = structlog.get_logger("broker")

AT_ONCE: Final = 20
"""Mails of one connection."""
CLAIM: Final = timedelta(minutes=5)
"""How long a claim lasts: longer than sending what was claimed takes."""
GIVE_UP: Final = timedelta(days=1)
"""A mail that could not be sent for so long is not sent any more; so neither is what is older than the mail server."""
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_LOOK_AGAIN_S: Final = 30.0
_LONGEST_PROBLEM: Final = 300
_PERMANENT: Final = 500  # RFC 5321, 4.2.1: a reply of 5yz is a lasting no
_POSTMAN = rule("bezorging van mail")


def deliver(sim: Simulator) -> float | None:
    """Send what is due; gives the seconds after which to look again, because something waits, or None."""
    deliver_due(sim)
    oldest = sim.clock() - GIVE_UP
    waits = sim.store.read(lambda tx: mails.has_waiting(tx, not_before=oldest))
    return _LOOK_AGAIN_S if waits else None


def deliver_due(sim: Simulator) -> int:
    """Send what is due, as long as there is something; gives how many mails the server took."""
    sent = 0
    while sim.mail_server is not None:
        claimed = _claim(sim)
        if not claimed:
            break
        done = _send_all(sim, sim.mail_server, claimed)
        sent += done
        if done < len(claimed):
            break
    return sent


def _claim(sim: Simulator) -> tuple[QueuedMail, ...]:
    now = sim.clock()
    return sim.store.write(lambda tx: mails.claim(tx, now, not_before=now - GIVE_UP, until=now + CLAIM, most=AT_ONCE))


def give_back(sim: Simulator, mail_id: str, problem: str) -> None:
    """What the operator says of a mail that does not arrive: an invitation that it holds has BOUNCED."""
    now = moment_of(sim)
    sim.store.write(lambda tx: _bounced(tx, mail_id, problem, now))


def message_of(sim: Simulator, mail: Mail, sender: str) -> EmailMessage:
    """The mail as it goes to the server."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Date"] = format_datetime(mail.queued_at)
    message["From"] = Address("Ketenbroker", addr_spec=sender)
    message["To"] = Address(mail.to.name, addr_spec=mail.to.address)
    message["Subject"] = mail.subject
    message["Content-Language"] = mail.to.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence should answer it
    message.set_content(with_link(mail, address_of(sim, mail)) + "\n")
    return message


def _send_all(sim: Simulator, server: MailServer, claimed: Sequence[QueuedMail]) -> int:
    """How many the server took. Those that were not tried because it went away wait like the one that was."""
    waiting = list(claimed)
    sent = 0
    try:
        with smtplib.SMTP(server.host, server.port, timeout=server.timeout_s) as connection:
            while waiting:
                sent += _send(sim, server, connection, waiting[0])
                waiting.pop(0)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail.no_server", host=server.host, port=server.port, waiting=len(waiting), detail=_said(error))
        for one in waiting:
            _postpone(sim, one, _said(error))
    return sent


def _send(sim: Simulator, server: MailServer, connection: smtplib.SMTP, one: QueuedMail) -> bool:
    """Whether the server took this one; raises when there is no talking to it."""
    try:
        connection.send_message(message_of(sim, one.mail, server.sender), server.sender, [one.mail.to.address])
    except smtplib.SMTPServerDisconnected:
        raise
    except (smtplib.SMTPException, ValueError) as error:
        if _is_lasting(error):
            _give_up(sim, one, _said(error))
        else:
            _postpone(sim, one, _said(error))
        return False
    moment = sim.clock()
    sim.store.write(lambda tx: mails.mark_sent(tx, one.mail.id, moment))
    return True


def _is_lasting(error: Exception) -> bool:
    """Whether trying again is no use: a reply of 5yz, or a mail that cannot be written down."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= _PERMANENT for code, _ in error.recipients.values())
        case smtplib.SMTPResponseException():
            return error.smtp_code >= _PERMANENT
    return True


def _postpone(sim: Simulator, one: QueuedMail, problem: str) -> None:
    again = sim.clock() + min(_FIRST_PAUSE * 2**one.attempts, _LONGEST_PAUSE)
    sim.store.write(lambda tx: mails.mark_failed(tx, one.mail.id, problem, again))


def _give_up(sim: Simulator, one: QueuedMail, problem: str) -> None:
    log.warning("mail.refused", mail=one.mail.id, detail=problem)
    give_back(sim, one.mail.id, problem)


def _bounced(tx: Transaction, mail_id: str, problem: str, now: Moment) -> None:
    mails.mark_failed(tx, mail_id, problem, None)
    queued = mails.load(tx, mail_id)
    if queued is None or queued.mail.link is not LinkTarget.INVITATION:
        return
    before = invitations.load(tx, queued.mail.object_id)
    # The address may have been corrected meanwhile, or the client answered by another way.
    if before is None or before.email != queued.mail.to.address or not before.is_open(now.today):
        return
    store_invitation(tx, before, rules.bounced(before, now, problem), "bounced", actor=_POSTMAN, now=now)


def _said(error: Exception) -> str:
    """What a server said, in one line; it may say anything."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, words = next(iter(error.recipients.values()))
            text = f"{code} {_text(words)}"
        case smtplib.SMTPResponseException():
            text = f"{error.smtp_code} {_text(error.smtp_error)}"
        case _:
            text = f"{type(error).__name__}: {error}"
    return " ".join(text.split())[:_LONGEST_PROBLEM]


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
