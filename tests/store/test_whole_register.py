"""A whole register out of a store and into another: nothing is lost, nothing is added, and the text is the same."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from broker.core.administration.dossiers import NOT_ENDED, Priority, filed_long_ago
from broker.core.administration.invitations import Invitation, InvitationStatus
from broker.core.administration.manager_roles import ManagerRole, RoleStatus
from broker.core.administration.relations import Relation
from broker.core.administration.representatives import Authority, Representative, Signature, SigningMethod
from broker.core.administration.revocation_requests import RequestState, RevocationRequest
from broker.core.administration.trade_register import KvkCheck, KvkResult
from broker.core.identifiers import BranchNumber, KvkNumber, Rsin
from broker.core.organisations import Branch
from broker.store.audit.tables import login_records, messages
from broker.store.scenario import FileFormat, Names, Scenario, clear, is_empty, load, read_scenario, take, written
from broker.store.scenario.parties import pseudonym_of
from broker.store.scenario.stored import AROUND_IT, HELD
from broker.store.tables import metadata
from tests.core.random_registers import SERVICES, Register, levels, members, registers, scopes, validities
from tests.core.register_values import AUTHENTICATION_SERVICE, NOON, TAX, TODAY
from tests.store.test_sample_register import SAMPLE

SECRET = b"secret"
FORMATS = list(FileFormat)
NAMES = Names(AUTHENTICATION_SERVICE, {TAX: "belastingdienst"}, {SERVICES[0].definition_uuid: "vennootschapsbelasting"})
LATER = NOON + timedelta(days=40)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = words.map(lambda text: "".join(c for c in text if c.isprintable()) or "-")
results = st.sampled_from(KvkResult)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
days = st.dates(date(2024, 1, 1), date(2029, 1, 1))


def maybe(strategy):
    return st.one_of(st.none(), strategy)


def text_of(scenario: Scenario, wanted: FileFormat) -> str:
    return "".join(written(scenario, NAMES, wanted))


def read_text(folder: Path, text: str, moment: datetime = LATER) -> Scenario:
    file = folder / "register.yaml"
    file.write_text(text, encoding="utf-8")
    return read_scenario(file, loaded_at=moment, secret=SECRET)


def without_secrets(scenario: Scenario) -> Scenario:
    """The links of invitations are no part of a file."""
    invitations = {name: replace(one, token_digest=b"") for name, one in scenario.invitations.items()}
    return replace(scenario, invitations=invitations)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A random register with everything around it that can be."""
    register: Register = draw(registers())
    organisations = {
        one.id: replace(
            one,
            trade_names=tuple(draw(st.lists(names, max_size=2))),
            rsin=draw(maybe(st.just(Rsin("000010005")))) if one.id == "org-3" else None,
        )
        for one in register.organisations
    }
    ids = st.sampled_from(sorted(organisations))
    persons = {
        one.id: replace(one, display_name=draw(names), email=draw(maybe(st.just("iemand@example.org"))))
        for one in register.persons
    }
    service = st.sampled_from([AUTHENTICATION_SERVICE, "urn:other"])
    means = {one.id: replace(one, authentication_service=draw(service)) for one in register.means}
    means = {
        name: replace(one, internal_pseudonym=pseudonym_of(SECRET, one.authentication_service, name))
        for name, one in means.items()
    }
    mandates = {one.id: replace(one, version=draw(st.integers(1, 3))) for one in _different(register)}
    known = set(mandates)
    number = BranchNumber("000000000001")
    pairs = draw(st.lists(st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1]), max_size=4))
    return Scenario(
        organisations=organisations,
        branches={number: Branch(number, "org-1", draw(words), draw(words), draw(st.booleans()))},
        representatives={"org-2": _sorted_by_name(draw(representatives()))},
        persons=persons,
        roles={"role": draw(roles(ids))},
        means=means,
        direct_mandates={one.id: one for one in register.direct},
        chain_mandates=mandates,
        dossiers={name: draw(dossiers(mandate)) for name, mandate in mandates.items()},
        couplings={one.id: one for one in register.couplings if one.mandate_id in known},
        relations={pair: draw(relations(*pair)) for pair in pairs},
        invitations={name: draw(invitations(name, ids)) for name in draw(st.sets(st.sampled_from("ab"), max_size=2))},
        checks={
            "check": KvkCheck("check", draw(ids), draw(moments), draw(st.sampled_from(KvkResult)), draw(maybe(words)))
        },
    )


@st.composite
def requests(draw):
    one = RevocationRequest(
        id="request",
        client=KvkNumber("00010001"),
        intermediary=KvkNumber("00010002"),
        name=draw(words),
        email=draw(words),
        reason=draw(words),
        language=draw(st.sampled_from(["nl", "en"])),
        submitted_at=draw(moments),
    )
    decided = replace(
        one,
        state=draw(st.sampled_from(RequestState)),
        decided_at=draw(moments),
        decided_by=draw(words),
        representative=draw(maybe(words)),
        mandate_ids=draw(st.sampled_from([(), ("chain-1", "chain-2")])),
        answer=draw(maybe(words)),
        version=2,
    )
    return draw(st.sampled_from([one, decided]))


def _different(register: Register):
    """The mandates of the register that may stand beside each other (I10)."""
    seen = set()
    for one in register.mandates:
        lasting = one.status in NOT_ENDED and one.validity.valid_until >= TODAY
        key = (one.grantor_id, one.intermediary_id, one.scope) if lasting else one.id
        if key not in seen:
            seen.add(key)
            yield one


def _sorted_by_name(found):
    return tuple(sorted({one.name: one for one in found}.values(), key=lambda one: one.name))


def representatives():
    kinds = st.builds(
        Representative, names, st.sampled_from(Authority), st.sampled_from(["NL", "BE"]), maybe(days), maybe(days)
    )
    return st.lists(kinds, min_size=1, max_size=3)


@st.composite
def roles(draw, ids):
    status, alone = draw(st.sampled_from(RoleStatus)), draw(st.booleans())
    return ManagerRole("role", "person-1", draw(ids), draw(levels), draw(validities()), status, may_act_alone=alone)


@st.composite
def dossiers(draw, mandate):
    usual = filed_long_ago(mandate, draw(moments), draw(st.sampled_from(Priority))).dossier
    signature = st.builds(Signature, names, st.sampled_from(SigningMethod), moments)
    return replace(
        usual,
        invitation_id=draw(maybe(st.just("_a1"))),
        signatures=tuple(draw(st.lists(signature, max_size=2))),
        reason=draw(maybe(words)),
        due_on=draw(maybe(days)),
        successor_of=draw(maybe(st.just("chain-0"))),
    )


@st.composite
def relations(draw, intermediary, client):
    return Relation(intermediary, client, draw(moments), draw(words), draw(words), draw(maybe(moments)))


@st.composite
def invitations(draw, name, ids):
    through = draw(ids)
    return Invitation(
        id=name,
        intermediary_id=through,
        client_id=draw(ids.filter(lambda client: client != through)),
        email=draw(words),
        contact=draw(words),
        scope=draw(scopes),
        level=draw(levels),
        valid_until=draw(days),
        token_digest=name.encode() * 32,
        sent_at=draw(moments),
        expires_on=draw(days),
        language=draw(st.sampled_from(["nl", "en"])),
        priority=draw(st.sampled_from(Priority)),
        status=draw(members(InvitationStatus, InvitationStatus.SENT, 2).filter(lambda s: s.value != "expired")),
        reference=draw(words),
        batch_id=draw(maybe(st.just("batch-1"))),
        opened_at=draw(maybe(moments)),
        answered_at=draw(maybe(moments)),
        reason=draw(maybe(words)),
        mandate_id=draw(maybe(st.just("chain-1"))),
        version=draw(st.integers(1, 2)),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("registers")


@settings(max_examples=60, deadline=None)
@given(scenario=scenarios(), wanted=st.sampled_from(FORMATS))
def test_any_register_is_read_back_as_it_was_and_written_alike(folder, scenario, wanted):
    text = text_of(scenario, wanted)
    found = read_text(folder, text)
    assert without_secrets(found) == without_secrets(scenario)
    assert text_of(found, wanted) == text


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(scenario=scenarios())
def test_any_register_is_the_same_after_a_store(store, scenario):
    store.write(clear)
    store.write(lambda tx: load(tx, scenario))
    assert store.read(take) == scenario


def test_the_sample_goes_round_through_a_store(store, folder):
    store.write(lambda tx: load(tx, SAMPLE))
    held = store.read(take)
    assert held == SAMPLE
    text = text_of(held, FileFormat.YAML)
    store.write(clear)
    for table in HELD:
        assert store.read(lambda tx, table=table: tx.execute(sa.select(table).limit(1)).first()) is None, table.name
    assert store.read(is_empty)
    store.write(lambda tx: load(tx, read_text(folder, text)))
    again = store.read(take)
    assert without_secrets(again) == without_secrets(SAMPLE)
    assert text_of(again, FileFormat.YAML) == text


def test_the_sample_goes_round_as_json(folder):
    text = text_of(SAMPLE, FileFormat.JSON)
    assert len(json.loads(text)["organisations"]) == len(SAMPLE.organisations)
    found = read_text(folder, text)
    assert without_secrets(found) == without_secrets(SAMPLE)
    assert text_of(found, FileFormat.YAML) == text_of(SAMPLE, FileFormat.YAML)


def test_every_table_is_part_of_the_register_or_known_not_to_be():
    """A new table belongs in `HELD`, with its values in the file, or here."""
    kept = {"events", "event_organisations", "sequences", *(table.name for table in (login_records, messages))}
    kept |= {
        "scripted_logins",
        "understandings",
        "quote_requests",
        "pending_logins",
        "claims",
        "artifacts",
        "sessions",
        "logouts",
        "documents",
        "documents_in_force",
    }
    cleared = {table.name for table in (*HELD, *AROUND_IT)}
    assert cleared | kept == set(metadata.tables)
    assert cleared & kept == set()
    position = {table: index for index, table in enumerate((*AROUND_IT, *HELD))}
    for table, index in position.items():
        for key in table.foreign_keys:
            assert index < position[key.column.table], f"{table.name} refers to {key.column.table.name}"
