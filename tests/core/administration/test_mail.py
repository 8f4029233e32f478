"""The words of every mail, when mails are due, and that the same mail is never another one."""

import string
from dataclasses import fields
from datetime import date, timedelta

import pytest

from broker.core.administration.letters import _TEXTS, write
from broker.core.administration.mail import (
    LINK_LINE,
    Addressee,
    Facts,
    LinkTarget,
    MailKind,
    after_change,
    reminder_due,
    tells_intermediary,
    with_link,
)
from broker.core.mandates import ChainStatus, Origin
from broker.core.text import Text
from tests.core.register_values import NOON, TODAY

TO = Addressee("klant@voorbeeld.example", "Klaas Klant")
FACTS = Facts(
    client="Bakkerij",
    intermediary="Kantoor",
    person="Fleur",
    services=Text("alle diensten", "all services"),
    level="EH3",
    until=date(2027, 3, 1),
    answer_by=date(2027, 2, 1),
    reason="{link} {0}",
    file="klanten.csv",
    created=3,
    skipped=2,
    refused=1,
)


def words(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_has_words_in_both_languages_that_tell_the_same(kind):
    subject, body = _TEXTS[kind]
    for text in (subject, body):
        assert words(text.nl) == words(text.en) <= {field.name for field in fields(Facts)}
        assert text.nl != text.en
    assert not {"je", "jij", "jouw"} & set(body.nl.lower().replace(".", " ").split())


@pytest.mark.parametrize("link", [None, *LinkTarget])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_can_be_written_with_one_link_at_most(kind, language, link):
    mail = write(kind, Addressee(TO.address, TO.name, language), FACTS, NOON, occasion="x", link=link)
    assert "\n" not in mail.subject
    shown = with_link(mail, "http://broker/link")
    assert shown.count("http://broker/link") == (1 if link else 0)
    assert LINK_LINE not in shown.split("\n")
    assert "Klaas Klant" in shown
    if "until" in words(_TEXTS[kind][1].nl):
        assert ("01-03-2027" if language == "nl" else "1 March 2027") in shown


def test_without_a_name_nobody_is_called_by_one():
    assert write(MailKind.EXPIRED, Addressee("a@b.example"), FACTS, NOON, occasion="x").body.startswith("Goedendag,")


def test_the_same_mail_has_the_same_id_and_no_other_has():
    def named(kind=MailKind.EXPIRED, address=TO.address, occasion="x", **facts):
        return write(kind, Addressee(address), Facts(**facts), NOON, occasion=occasion).id

    assert named() == named(client="another name meanwhile")
    assert len({named(), named(MailKind.REVOKED), named(address="b@b.example"), named(occasion="y")}) == 4


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, ChainStatus.SIGNING, None),
        (ChainStatus.SIGNING, ChainStatus.UNDER_REVIEW, None),
        (ChainStatus.UNDER_REVIEW, ChainStatus.ACTIVE, MailKind.ACTIVE),
        (ChainStatus.SUSPENDED, ChainStatus.ACTIVE, None),
        (ChainStatus.ACTIVE, ChainStatus.ACTIVE, None),
        (ChainStatus.UNDER_REVIEW, ChainStatus.REJECTED, MailKind.REJECTED),
        (ChainStatus.ACTIVE, ChainStatus.REVOKED, MailKind.REVOKED),
        (ChainStatus.SUSPENDED, ChainStatus.REVOKED, MailKind.REVOKED),
        (ChainStatus.SIGNING, ChainStatus.CANCELLED, None),
    ],
)
def test_what_the_parties_are_told_follows_from_the_statuses(before, after, kind):
    assert after_change(before, after) is kind


def test_M30_on_route_2_the_intermediary_is_told_nothing():
    assert [origin for origin in Origin if tells_intermediary(origin)] == [Origin.INVITED_BY_INTERMEDIARY]


@pytest.mark.parametrize(
    ("gone", "last_look", "due"),
    [
        (0, None, None),
        (13, 12, None),
        (14, 13, 14),
        (14, None, 14),
        (15, 14, None),
        (30, 29, 30),
        (45, 12, 30),
        (60, 59, 60),
        (80, 60, None),
        (80, None, 60),
    ],
)
def test_reminders_go_after_14_30_and_60_days_and_the_latest_counts(gone, last_look, due):
    sent = TODAY - timedelta(days=gone)
    last = None if last_look is None else sent + timedelta(days=last_look)
    assert reminder_due(sent, last, TODAY) == due
