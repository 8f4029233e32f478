"""Who is told what by mail when a mandate changes."""

import pytest
import sqlalchemy as sa

from broker.core.administration.actors import OPERATOR
from broker.core.administration.mail import LinkTarget
from broker.core.mandates import Origin
from broker.simulator.administration import endings
from broker.simulator.administration.links import address_of, token
from broker.store.administration import mails
from broker.store.tables import chain_mandates
from tests.simulator.administration.people import GLASS, OFFICE, mailbox, make_manager, told
from tests.simulator.administration.standing import ON_BOTH


def a_mandate_of(sim, client, origin=None):
    """The id of a mandate of the client to the office."""
    column = chain_mandates.c
    between = (column.grantor_id == client) & (column.intermediary_id == OFFICE)
    if origin:
        sim.store.write(lambda tx: tx.execute(sa.update(chain_mandates).where(between).values(origin=origin)))
    return sim.store.read(lambda tx: tx.scalars(sa.select(column.id).where(between)).one())


@pytest.fixture
def both(sim):
    """A manager at either side, and one whose role is over, one who has left, one without an address."""
    make_manager(sim)
    make_manager(sim, "gijs-glas", GLASS)
    make_manager(sim, "bram-proef", days=-1)
    make_manager(sim, "saskia-test", email=None)
    return sim


def test_M51_a_revocation_is_told_to_both_parties(both):
    endings.revoke(both, OPERATOR, a_mandate_of(both, GLASS), "Klant stopt")
    assert [(mail.to.address, mail.kind.value) for mail in sorted(mailbox(both), key=lambda mail: mail.to.address)] == [
        ("fleur-voorbeeld@mail.example", "revoked"),
        ("gijs-glas@mail.example", "revoked"),
    ]
    (mail,) = mailbox(both, "GIJS")
    assert mail.subject == "De ketenmachtiging van Glasblazerij Zeepbel N.V. is ingetrokken"
    assert "Reden: Klant stopt" in mail.body
    assert address_of(both, mail) == f"{both.addresses.base}/beheer"


def test_M50_what_the_client_issued_itself_is_told_to_the_client_alone(both):
    endings.revoke(both, OPERATOR, a_mandate_of(both, GLASS, Origin.SELF_ISSUED), "Klaar")
    assert [mail.to.address for mail in mailbox(both)] == ["gijs-glas@mail.example"]


def test_a_change_that_is_refused_or_undone_tells_nobody(both):
    with pytest.raises(Exception, match="CHANGED_MEANWHILE"):
        endings.revoke(both, OPERATOR, a_mandate_of(both, GLASS), "x", version=99)
    assert told(both) == []


@ON_BOTH
def test_a_mail_is_found_by_a_part_of_its_address_and_no_wildcard_counts(both):
    endings.revoke(both, OPERATOR, a_mandate_of(both, GLASS), "x")

    def count(text):
        return both.store.read(lambda tx: mails.count(tx, text))

    assert [count(text) for text in ("", "mail.example", " Fleur", "%", "gijs_", "nobody")] == [2, 2, 1, 0, 0, 0]


def test_links_hold_a_secret_that_differs_by_what_they_are_for_and_for_whom(both):
    made = {
        token(both, target, object_id, address)
        for target in (LinkTarget.INVITATION, LinkTarget.SIGNATURE)
        for object_id in ("one", "two")
        for address in ("a@b.example", "c@d.example")
    }
    assert len(made) == 8
    assert {len(one) for one in made} == {43}
