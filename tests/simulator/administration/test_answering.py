"""Route 1 goes on: the client answers, through a link without any means or with its own, alone or together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.core.administration.actors import OPERATOR
from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import InvitationStatus
from broker.core.administration.mail import LinkTarget
from broker.core.administration.narrowing import is_within
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import KvkResult
from broker.core.clock import amsterdam_date
from broker.core.identifiers import KvkNumber, Oin
from broker.core.mandates import ChainStatus, Origin
from broker.core.scope import EVERYTHING, Scope
from broker.core.validity import years_later
from broker.simulator.administration import answering, checking, endings, granting, inviting, signing
from broker.simulator.administration.answering import Consent
from broker.simulator.administration.signing import Cosigner
from broker.store.administration import checks, couplings, filed, invitations
from tests.simulator.administration.people import GLASS, OFFICE, forget_what_waits, mailbox, make_manager, told
from tests.simulator.administration.requests import (
    CLIENT_MAIL,
    KVK,
    OF_KVK,
    ONE_SIGNS,
    TAX,
    TWO_OF_THREE,
    TWO_SIGN,
    invite,
    last_token,
)
from tests.simulator.administration.standing import ON_BOTH

ALONE = Consent("Hoek Duizendpoot", OF_KVK)
FLEUR_MAIL = "fleur-voorbeeld@mail.example"
ACTIVE, SIGNING, UNDER_REVIEW = ChainStatus.ACTIVE, ChainStatus.SIGNING, ChainStatus.UNDER_REVIEW


@pytest.fixture(autouse=True)
def nothing_of_the_sample_waits(request: pytest.FixtureRequest) -> None:
    for name in {"sim", "either"} & set(request.fixturenames):
        forget_what_waits(request.getfixturevalue(name))


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


def together(name, next_one=None):
    cosigner = Cosigner(next_one, f"{next_one.split()[0].lower()}@mail.example") if next_one else None
    return Consent(name, OF_KVK, cosigner)


@pytest.fixture
def fleur(sim):
    """A manager of the intermediary, who is written to."""
    return make_manager(sim)


@ON_BOTH
def test_M06_M31_a_client_without_means_accepts_by_its_link_and_the_mandate_is_active(sim, fleur):
    made, token = invite(sim, fleur)
    page = answering.opened(sim, token)
    assert (page.extract.statutory_name, page.intermediary.id) == ("Kiosk Op Elke Hoek B.V.", OFFICE)
    assert [one.name for one in page.representatives] == ["Hoek Duizendpoot"]
    stored = answering.accept(sim, token, ALONE)
    mandate, dossier = stored.mandate, stored.dossier
    assert (mandate.status, mandate.origin) == (ACTIVE, Origin.INVITED_BY_INTERMEDIARY)
    assert (mandate.scope, dossier.invitation_id) == (OF_KVK, made.id)
    assert [one.representative for one in dossier.signatures] == ["Hoek Duizendpoot"]
    answered = sim.store.read(lambda tx: invitations.load(tx, made.id))
    assert (answered.status, answered.mandate_id) == (InvitationStatus.ACCEPTED, mandate.id)
    assert told(sim, FLEUR_MAIL) == ["accepted", "active"]
    assert told(sim, CLIENT_MAIL) == ["active", "invitation"]
    (active,) = [mail for mail in mailbox(sim, CLIENT_MAIL) if mail.kind.value == "active"]
    assert active.link is LinkTarget.REVOCATION_FORM


def test_M41_a_kvk_check_is_recorded_for_every_mandate_before_it_is_activated(sim, fleur):
    _, token = invite(sim, fleur)
    stored = answering.accept(sim, token, ALONE)
    check = sim.store.read(lambda tx: checks.find(tx, stored.dossier.check_id))
    assert (check.organisation_id, check.result) == (stored.mandate.grantor_id, KvkResult.OK)


def test_without_automatic_activation_the_mandate_waits_and_urgent_ones_come_first_M43(sim, fleur):
    by_hand = replace(sim, register_policy=replace(sim.register_policy, automatic_activation=False))
    _, normal = invite(by_hand, fleur)
    _, urgent = invite(by_hand, fleur, TWO_SIGN, priority=Priority.URGENT)
    assert answering.accept(by_hand, normal, ALONE).mandate.status is UNDER_REVIEW
    answering.accept(by_hand, urgent, together("Rinkel de Groot", "Tring Zadelmaker"))
    signing.sign(by_hand, last_token(by_hand, "tring@", LinkTarget.SIGNATURE))
    queue = by_hand.store.read(filed.review_queue)
    waiting = [one.mandate.grantor_id for one in queue if one.dossier.due_on]
    assert waiting[:2] == ["stichting-vergeten-fietsbellen", f"kvk-{ONE_SIGNS}"]
    assert told(sim, FLEUR_MAIL) == ["accepted", "accepted"]


def test_a_link_is_used_once_and_a_wrong_or_old_one_is_the_same_to_everybody(sim, fleur):
    _, token = invite(sim, fleur)
    _, later = invite(sim, fleur, scope=EVERYTHING)
    answering.accept(sim, token, ALONE)
    sim.clock.go(days=93)
    for wrong in (token, later, "wrong", "", "x" * 5000):
        for use in (answering.opened, lambda *link: answering.accept(*link, ALONE), signing.opened, signing.sign):
            assert refused(use, sim, wrong) is Obstacle.LINK_NOT_VALID


def test_the_first_time_that_a_link_is_opened_is_noted(sim, fleur):
    made, token = invite(sim, fleur)
    first = sim.clock()
    answering.opened(sim, token)
    sim.clock.go(days=1)
    answering.opened(sim, token)
    assert sim.store.read(lambda tx: invitations.load(tx, made.id)).opened_at == first


def test_the_client_may_give_less_than_was_asked_but_not_more(sim, fleur):
    _, token = invite(sim, fleur, scope=Scope(providers=frozenset({KVK, TAX})))
    for more in (EVERYTHING, Scope(providers=frozenset({Oin("00000099000000130000")}))):
        assert refused(answering.accept, sim, token, replace(ALONE, scope=more)) is Obstacle.SCOPE_UNKNOWN
    assert answering.accept(sim, token, ALONE).mandate.scope == OF_KVK


def test_what_is_within_a_scope(sim):
    service = next(one for one in sim.catalogue.services.values() if one.provider_oin == KVK)
    one = Scope(services=frozenset({service.definition_uuid}))
    cases = [(EVERYTHING, EVERYTHING), (one, EVERYTHING), (one, OF_KVK), (OF_KVK, OF_KVK)]
    assert all(is_within(chosen, asked, sim.catalogue) for chosen, asked in cases)
    cases = [(EVERYTHING, OF_KVK), (OF_KVK, one), (one, Scope(providers=frozenset({TAX})))]
    assert not any(is_within(chosen, asked, sim.catalogue) for chosen, asked in cases)


def test_who_is_no_representative_at_KVK_does_not_sign(sim, fleur):
    _, token = invite(sim, fleur)
    assert refused(answering.accept, sim, token, replace(ALONE, representative="Nobody")) is (
        Obstacle.SIGNATORY_NOT_AUTHORISED
    )
    dead = KvkNumber("90003942")
    _, other = invite(sim, fleur, dead)
    assert [one.name for one in answering.opened(sim, other).representatives] == ["Anker Waterdicht"]
    assert refused(answering.accept, sim, other, together("Schipper Vouw")) is Obstacle.SIGNATORY_NOT_AUTHORISED


@pytest.mark.parametrize(
    ("result", "obstacle"),
    [
        (KvkResult.INACTIVE, Obstacle.KVK_NOT_ACTIVE),
        (KvkResult.ERROR, Obstacle.KVK_NO_ANSWER),
        (KvkResult.SIGNATORY_NOT_AUTHORISED, Obstacle.SIGNATORY_NOT_AUTHORISED),
    ],
)
def test_what_KVK_does_not_confirm_is_not_accepted_and_the_link_still_works(sim, fleur, result, obstacle):
    _, token = invite(sim, fleur)
    checking.override(sim, OPERATOR, ONE_SIGNS, result)
    assert refused(answering.accept, sim, token, ALONE) is obstacle
    checking.take_back(sim, OPERATOR, ONE_SIGNS)
    assert answering.accept(sim, token, ALONE).mandate.status is ACTIVE


def test_two_who_sign_together_each_have_a_link_of_their_own(sim, fleur):
    _, token = invite(sim, fleur, TWO_SIGN, language="en")
    assert refused(answering.accept, sim, token, together("Rinkel de Groot")) is Obstacle.SIGNATURES_MISSING
    for nobody in ("Nobody Else", "Rinkel de Groot"):
        consent = together("Rinkel de Groot", nobody)
        assert refused(answering.accept, sim, token, consent) is Obstacle.SIGNATORY_NOT_AUTHORISED
    first = answering.accept(sim, token, together("Rinkel de Groot", "Tring Zadelmaker"))
    assert first.mandate.status is SIGNING
    (mail,) = mailbox(sim, "tring@")
    assert (mail.kind.value, mail.to.language) == ("second_signature", "en")
    second = last_token(sim, "tring@", LinkTarget.SIGNATURE)
    page = signing.opened(sim, second)
    assert (page.link.representative, page.signed, page.others) == ("Tring Zadelmaker", ("Rinkel de Groot",), ())
    stored = signing.sign(sim, second)
    assert (stored.mandate.status, len(stored.dossier.signatures)) == (ACTIVE, 2)
    assert refused(signing.sign, sim, second) is Obstacle.LINK_NOT_VALID


def test_three_of_four_sign_one_after_the_other(sim, fleur):
    names = ["Dooier Wit", "Haan Kukel", "Kip van Stok", "Veer Nestel"]
    _, token = invite(sim, fleur, KvkNumber("55344526"))
    answering.accept(sim, token, together(names[0], names[1]))
    link = last_token(sim, "haan@", LinkTarget.SIGNATURE)
    assert [one.name for one in signing.opened(sim, link).others] == names[2:]
    assert refused(signing.sign, sim, link) is Obstacle.SIGNATURES_MISSING
    assert signing.sign(sim, link, Cosigner(names[3], "veer@mail.example")).mandate.status is SIGNING
    assert signing.sign(sim, last_token(sim, "veer@", LinkTarget.SIGNATURE)).mandate.status is ACTIVE


def test_a_representative_who_does_not_sign_ends_it(sim, fleur):
    _, token = invite(sim, fleur, TWO_SIGN)
    stored = answering.accept(sim, token, together("Rinkel de Groot", "Tring Zadelmaker"))
    link = last_token(sim, "tring@", LinkTarget.SIGNATURE)
    signing.refuse(sim, link, "liever niet")
    ended = sim.store.read(lambda tx: filed.load(tx, stored.mandate.id))
    assert (ended.mandate.status, ended.dossier.reason) == (ChainStatus.DECLINED, "liever niet")
    assert told(sim, FLEUR_MAIL) == ["accepted", "declined"]
    assert refused(signing.opened, sim, link) is Obstacle.LINK_NOT_VALID


def test_signatures_that_take_too_long_lapse(sim, fleur):
    _, token = invite(sim, fleur, TWO_SIGN)
    answering.accept(sim, token, together("Rinkel de Groot", "Tring Zadelmaker"))
    link = last_token(sim, "tring@", LinkTarget.SIGNATURE)
    sim.clock.go(days=93)
    assert refused(signing.sign, sim, link) is Obstacle.LINK_NOT_VALID


def test_a_client_declines_by_its_link_and_the_intermediary_hears_why(sim, fleur):
    made, token = invite(sim, fleur)
    declined = answering.decline(sim, token, "Wij doen dit zelf")
    assert (declined.status, declined.id) == (InvitationStatus.DECLINED, made.id)
    (mail,) = mailbox(sim, FLEUR_MAIL)
    assert "Reden: Wij doen dit zelf" in mail.body
    assert refused(answering.opened, sim, token) is Obstacle.LINK_NOT_VALID


def test_M07_a_client_with_means_of_its_own_answers_as_a_manager(sim, fleur):
    gijs = make_manager(sim, "gijs-glas", GLASS)
    made, token = invite(sim, fleur, TWO_OF_THREE)
    (waiting,) = answering.waiting(sim, gijs)
    assert (waiting.invitation.id, waiting.intermediary.id) == (made.id, OFFICE)
    assert refused(answering.accept_as_manager, sim, fleur, made.id) is Obstacle.NOT_FOUND
    assert refused(answering.accept_as_manager, sim, gijs, made.id, None, 9) is Obstacle.CHANGED_MEANWHILE
    stored = answering.accept_as_manager(sim, gijs, made.id, version=made.version)
    assert (stored.mandate.status, stored.mandate.origin) == (ACTIVE, Origin.INVITED_BY_INTERMEDIARY)
    assert answering.waiting(sim, gijs) == ()
    assert refused(answering.opened, sim, token) is Obstacle.LINK_NOT_VALID


def test_a_manager_declines_and_one_who_may_not_sign_alone_leaves_it_to_a_colleague(sim, fleur):
    gijs = make_manager(sim, "gijs-glas", GLASS)
    made, _ = invite(sim, fleur, TWO_OF_THREE)
    assert answering.decline_as_manager(sim, gijs, made.id, "nee").status is InvitationStatus.DECLINED
    again, _ = invite(sim, fleur, TWO_OF_THREE)
    junior = replace(gijs, id="somebody-without-a-role")
    stored = answering.accept_as_manager(sim, junior, again.id)
    assert stored.mandate.status is SIGNING
    assert granting.sign(sim, gijs, stored.mandate.id).mandate.status is ACTIVE


def test_M51_what_came_of_an_invitation_is_revoked_by_the_intermediary(sim, fleur):
    _, token = invite(sim, fleur)
    stored = answering.accept(sim, token, ALONE)
    endings.revoke(sim, fleur, stored.mandate.id, "klaar")
    assert told(sim, FLEUR_MAIL) == ["accepted", "active", "revoked"]
    assert told(sim, CLIENT_MAIL) == ["active", "invitation", "revoked"]


def the_mandate(sim, client=GLASS):
    return sim.store.read(lambda tx: filed.between(tx, client, OFFICE))[0]


def asked_to_renew(sim, fleur, client=GLASS, years=4):
    until = years_later(amsterdam_date(sim.clock()), years)
    inviting.ask_renewal(sim, fleur, the_mandate(sim, client).mandate.id, until, CLIENT_MAIL, "")
    return until, last_token(sim)


@ON_BOTH
def test_a_renewal_needs_as_many_signatures_as_a_mandate_and_loses_no_coupling(sim, fleur):
    before = the_mandate(sim)
    until, token = asked_to_renew(sim, fleur)
    first = Consent("Bella van Schuim", EVERYTHING, Cosigner("Crispijn Scherf", "crispijn@mail.example"))
    assert answering.accept(sim, token, first).mandate.validity == before.mandate.validity
    link = last_token(sim, "crispijn@", LinkTarget.SIGNATURE)
    assert signing.opened(sim, link).signed == ("Bella van Schuim",)
    after = signing.sign(sim, link)
    assert (after.mandate.id, after.mandate.validity.valid_until) == (before.mandate.id, until)
    assert after.dossier.check_id != before.dossier.check_id
    coupled = sim.store.read(lambda tx: couplings.of_mandate(tx, after.mandate.id))
    assert {one.coupling.validity.valid_until for one in coupled} == {until}


def test_an_expired_mandate_gets_a_successor_with_the_signatures_of_the_renewal(sim, fleur):
    client = "pannenkoekenhuis-de-platte-aarde"
    old = the_mandate(sim, client).mandate.id
    until, token = asked_to_renew(sim, fleur, client)
    name = answering.opened(sim, token).representatives[0].name
    new = answering.accept(sim, token, Consent(name, EVERYTHING))
    assert (new.mandate.status, new.mandate.validity.valid_until) == (ACTIVE, until)
    assert new.dossier.successor_of == old
    assert [one.representative for one in new.dossier.signatures] == [name]


def test_a_manager_of_the_client_agrees_to_a_renewal(sim, fleur):
    gijs = make_manager(sim, "gijs-glas", GLASS)
    until, _ = asked_to_renew(sim, fleur)
    (waiting,) = answering.waiting(sim, gijs)
    renewed = answering.accept_as_manager(sim, gijs, waiting.invitation.id)
    assert renewed.mandate.validity.valid_until == until


def test_a_renewal_that_one_does_not_sign_leaves_the_mandate_as_it_is(sim, fleur):
    before = the_mandate(sim)
    _, token = asked_to_renew(sim, fleur)
    consent = Consent("Bella van Schuim", EVERYTHING, Cosigner("Crispijn Scherf", "crispijn@mail.example"))
    answering.accept(sim, token, consent)
    link = last_token(sim, "crispijn@", LinkTarget.SIGNATURE)
    signing.refuse(sim, link, "nee")
    assert the_mandate(sim) == before
    assert refused(signing.sign, sim, link) is Obstacle.LINK_NOT_VALID
    assert told(sim, FLEUR_MAIL) == ["declined"]


def test_an_invitation_that_names_a_day_that_has_passed_meanwhile_ends_today(sim, fleur):
    soon = amsterdam_date(sim.clock()) + timedelta(days=2)
    _, token = invite(sim, fleur, valid_until=soon)
    sim.clock.go(days=5)
    assert answering.accept(sim, token, ALONE).mandate.validity.valid_until == amsterdam_date(sim.clock())
