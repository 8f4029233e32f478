"""The stub of KVK's trade register: published numbers, organisations of the register, the operator's answers."""

import pytest
import sqlalchemy as sa

from broker.core.administration.actors import OPERATOR
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.trade_register import KvkResult, NoAnswer, judge
from broker.core.clock import amsterdam_date
from broker.core.errors import ConfigError
from broker.core.identifiers import KvkNumber
from broker.core.organisations import KvkStatus, LegalForm
from broker.simulator.administration import checking
from broker.simulator.administration.recording import moment_of
from broker.simulator.trade_register import read_published
from broker.store.administration import checks, events, people
from tests.core.administration.values import OF_OFFICE
from tests.core.register_values import NOON
from tests.network import CHECKOUT
from tests.simulator.administration.standing import ON_BOTH

PUBLISHED = CHECKOUT / "metadata" / "trade-register.yaml"
BV, SILENT, UNKNOWN = KvkNumber("68750110"), KvkNumber("90004973"), KvkNumber("12345678")
OF_REGISTER, SOLE_TRADER = KvkNumber("00010011"), KvkNumber("00010005")


@pytest.mark.parametrize(
    ("number", "form", "result"),
    [
        ("69599084", LegalForm.EENMANSZAAK, KvkResult.OK),
        ("68750110", LegalForm.BV, KvkResult.OK),
        ("68727720", LegalForm.NV, KvkResult.OK),
        ("69599068", LegalForm.STICHTING, KvkResult.OK),
        ("69599076", LegalForm.VOF, KvkResult.OK),
        ("90001745", LegalForm.MAATSCHAP, KvkResult.OK),
        ("90003942", LegalForm.CV, KvkResult.OK),
        ("55344526", LegalForm.COOPERATIE, KvkResult.OK),
        ("96354429", LegalForm.COOPERATIE, KvkResult.INACTIVE),
        ("90006577", LegalForm.BV, KvkResult.OK),
    ],
)
def test_M41_the_numbers_that_kvk_publishes_are_known(sim, number, form, result):
    extract = sim.trade_register.look_up(KvkNumber(number))
    assert (extract.legal_form, judge(extract)) == (form, result)
    assert extract.representatives
    assert extract.branches == (1000 if number == "90006577" else 1)


@pytest.mark.parametrize("number", ["90004973", "90002903"])
def test_kvk_answers_with_an_error_about_some(sim, number):
    with pytest.raises(NoAnswer, match=number):
        sim.trade_register.look_up(KvkNumber(number))


def test_every_kind_of_representative_is_among_the_published(sim):
    numbers = [number for number in sim.trade_register.published.extracts if number != SILENT]
    found = sim.trade_register.look_up_many(numbers).values()
    everybody = [one for extract in found if not isinstance(extract, NoAnswer) for one in extract.representatives]
    today = amsterdam_date(sim.clock())
    assert {one.authority for one in everybody} == set(Authority)
    assert [one.name for one in everybody if one.lives_abroad] == ["Hout van Populier", "Kip van Stok"]
    assert [one.name for one in everybody if not one.is_in_office(today)] == ["Schipper Vouw"]


@ON_BOTH
def test_organisations_of_the_register_are_known_and_made_up_directors_stay_the_same(sim):
    found = sim.trade_register.look_up_many([OF_REGISTER, SOLE_TRADER, UNKNOWN, SILENT])
    director, owner = found[OF_REGISTER].representatives[0], found[SOLE_TRADER].representatives[0]
    assert found[OF_REGISTER].statutory_name == "Bouwbedrijf Luchtkasteel B.V."
    assert (director.authority, owner.authority) == (Authority.SOLE, Authority.OWNER)
    assert found[UNKNOWN] is None
    assert isinstance(found[SILENT], NoAnswer)
    assert sim.trade_register.look_up(OF_REGISTER) == found[OF_REGISTER]


def test_who_represents_an_organisation_in_the_register_represents_it_at_kvk(sim):
    people_of = [Representative("Anders Iemand", Authority.JOINT), Representative("Zus Iemand", Authority.JOINT)]
    sim.store.write(lambda tx: people.add_representatives(tx, "bouwbedrijf-luchtkasteel", people_of))
    assert list(sim.trade_register.look_up(OF_REGISTER).representatives) == people_of


def test_many_numbers_take_as_many_statements_as_one(sim):
    counted = []
    sa.event.listen(sim.store.reader, "after_cursor_execute", lambda *_: counted.append(1))
    sim.trade_register.look_up(OF_REGISTER)
    for_one = len(counted)
    sim.trade_register.look_up_many([KvkNumber(f"{number:08}") for number in range(20001, 21201)])
    assert len(counted) == 2 * for_one


@pytest.mark.parametrize("number", [BV, SILENT, OF_REGISTER])
@pytest.mark.parametrize("result", list(KvkResult))
def test_the_operator_has_kvk_answer_something_else(sim, number, result):
    checking.override(sim, OPERATOR, number, result)
    said = checking.ask(sim, number)
    assert judge(said) is (KvkResult.OK if result is KvkResult.SIGNATORY_NOT_AUTHORISED else result)
    if result is KvkResult.SIGNATORY_NOT_AUTHORISED:
        assert said.representatives == ()
    assert [(answer.kvk_number, answer.result) for answer in checking.overridden(sim)] == [(number, result)]


@ON_BOTH
def test_what_the_operator_changed_is_changed_again_taken_back_and_recorded(sim):
    checking.override(sim, OPERATOR, BV, KvkResult.NOT_FOUND)
    checking.override(sim, OPERATOR, BV, KvkResult.INACTIVE)
    assert checking.ask(sim, BV).status is KvkStatus.DEREGISTERED
    checking.take_back(sim, OPERATOR, BV)
    checking.take_back(sim, OPERATOR, BV)
    assert judge(checking.ask(sim, BV)) is KvkResult.OK
    history = sim.store.read(lambda tx: events.history_of(tx, BV))
    assert [event.content["action"] for event in history] == ["kvk_answer.taken_back", *["kvk_answer.set"] * 2]


def test_nobody_but_the_operator_decides_what_kvk_answers_nor_makes_up_organisations(sim):
    for change in (
        lambda: checking.override(sim, OF_OFFICE, BV, KvkResult.OK),
        lambda: checking.take_back(sim, OF_OFFICE, BV),
    ):
        with pytest.raises(ChangeRefused, match="NOT_BY_THIS_PARTY"):
            change()
    with pytest.raises(ChangeRefused, match="KVK_NOT_FOUND"):
        checking.override(sim, OPERATOR, UNKNOWN, KvkResult.OK)
    checking.override(sim, OPERATOR, UNKNOWN, KvkResult.ERROR)
    assert judge(checking.ask(sim, UNKNOWN)) is KvkResult.ERROR


@pytest.mark.parametrize(
    ("number", "obstacle"),
    [
        (SILENT, Obstacle.KVK_NO_ANSWER),
        (UNKNOWN, Obstacle.KVK_NOT_FOUND),
        (KvkNumber("96354429"), Obstacle.KVK_NOT_ACTIVE),
    ],
)
def test_what_kvk_does_not_confirm_is_refused_with_the_reason(sim, number, obstacle):
    with pytest.raises(ChangeRefused) as caught:
        checking.required(checking.ask(sim, number), number)
    assert caught.value.obstacle is obstacle


@ON_BOTH
def test_an_organisation_that_the_register_does_not_know_comes_in_with_its_representatives(sim):
    number = KvkNumber("90006577")
    extract = checking.required(checking.ask(sim, number), number)
    new = sim.store.write(lambda tx: checking.keep_organisation(tx, extract))
    assert sim.store.write(lambda tx: checking.keep_organisation(tx, extract)) == new
    assert (new.kvk_number, new.statutory_name) == (number, "Kiosk Op Elke Hoek B.V.")
    assert sim.store.read(lambda tx: people.representatives_of(tx, new.id)) == extract.representatives


def test_M41_a_check_is_recorded_with_its_event(sim):
    extract = checking.required(checking.ask(sim, OF_REGISTER), OF_REGISTER)
    now = moment_of(sim)

    def work(tx):
        organisation = checking.keep_organisation(tx, extract)
        return checking.record(tx, sim, organisation, extract, now, authorised=False)

    check = sim.store.write(work)
    assert check.result is KvkResult.SIGNATORY_NOT_AUTHORISED
    assert sim.store.read(lambda tx: checks.latest(tx, "bouwbedrijf-luchtkasteel")) == check
    assert sim.store.read(lambda tx: events.history_of(tx, check.id))[0].content["action"] == "kvk_check.made"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('kvk: "69599084"', 'kvk: "6959908"', "8 digits"),
        ('kvk: "69599084"', 'kvk: "68750110"', "stands here twice"),
        ("authority: owner", "authority: king", "owner"),
        ("    answers: false", "    answer: false", "unknown key"),
    ],
)
def test_a_file_with_a_mistake_stops_the_start_with_its_line(tmp_path, old, new, reason):
    file = tmp_path / "trade-register.yaml"
    file.write_text(PUBLISHED.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"trade-register.yaml:[0-9]+: organisations\[.*{reason}"):
        read_published(file, NOON)
