"""What was in force at a login: kept once, named by its events, and in the bundle however much changed since."""

import io
import json
import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest
import sqlalchemy as sa

from broker.auditing import lines_of
from broker.auditing import verify as verify_audit
from broker.core.administration.events import Event
from broker.core.recorded import Carrier, Outcome, WireMessage
from broker.saml import catalogue
from broker.simulator.audit import evidence
from broker.simulator.audit.bundle_verifier import MANIFEST, SIGNATURE, problems
from broker.simulator.audit.logins import opened
from broker.simulator.audit.recording import BROKER, keep
from broker.store.administration import events
from broker.store.audit import records
from broker.store.audit.in_force import Altered
from broker.store.audit.records import Wanted
from broker.store.audit.tables import documents_in_force
from tests.flow.answers import answer
from tests.flow.steps import details
from tests.network import CHECKOUT, register_at

ENTITY = "urn:etoegang:DV:00000099000000110000:entities:9066"
FOLDER = "logins/0001"


@pytest.fixture(scope="module")
def first(network, make_requester):
    """A login at a service provider that is registered anew since, with other keys."""
    old = make_requester(network, entity=9066)
    answer(network, old, "Otto Enkel")
    return logins_of(network, ENTITY)[0]


@pytest.fixture(scope="module")
def second(network, make_requester, requester_keys, first):
    old = make_requester(network, entity=9066)
    new = replace(old, **requester_keys["other"])
    register_at(network, new.metadata())
    answer(network, new, "Otto Enkel")
    return next(name for name in logins_of(network, ENTITY) if name != first)


def logins_of(network, entity):
    wanted = Wanted(service_provider=entity, outcome=Outcome.GRANTED)
    return [one.id for one in network.simulator.store.read(lambda tx: records.search(tx, wanted))]


def members(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def known_at(found, event):
    """The octets of what a bundle says was in force at this event of the login, by name."""
    files = list(json.loads(found[f"{FOLDER}/in-force.json"])["at_event"].values())[event]
    return {name: found[file] for name, file in files.items()}


def other_catalogue(network):
    """The same simulator after a restart with a catalogue in which services have another name."""
    text = (CHECKOUT / "metadata" / "service-catalogue.xml").read_bytes()
    changed = catalogue.merge([catalogue.read_catalogue(text.replace(b"Inkomstenbelasting", b"Loonheffing"), "other")])
    return replace(network.simulator, catalogue=changed.catalogue, catalogue_files=changed.documents)


def test_a_login_is_shown_with_the_metadata_certificates_and_catalogue_that_it_had(
    network, first, second, make_requester, requester_keys
):
    key = network.simulator.notary.key.public.pem
    later = other_catalogue(network)
    bundle = evidence.of_login(later, first)
    # All signatures of its older messages too: a certificate of the second is none of the first.
    assert problems(bundle, key) == []
    found = members(bundle)
    of_first = known_at(found, 0)
    assert of_first["service-provider"] == make_requester(network, entity=9066).metadata()
    assert of_first["catalogue-1"] == (CHECKOUT / "metadata" / "service-catalogue.xml").read_bytes()
    assert json.loads(of_first["service"])["chain_allowed"] is True
    assert of_first["network"] == network.simulator.network.get().source.octets
    assert of_first["broker-1.13"] == network.simulator.metadata("1.13")
    pems = {content for name, content in found.items() if name.startswith("certificates/service-provider-")}
    assert pems == {requester_keys["one"]["signing"].certificate_pem}
    assert json.loads(found[f"{FOLDER}/in-force.json"])["as_it_was"] is True

    of_second = known_at(members(evidence.of_login(later, second)), 0)
    assert of_second["service-provider"] != of_first["service-provider"]
    assert of_second["network"] == of_first["network"]


def test_messages_are_of_the_keys_that_their_sender_had_and_of_no_others(network, first, second):
    """Even the installation cannot put other metadata, or none, below a login."""
    of_second = members(evidence.of_login(network.simulator, second))
    found = members(evidence.of_login(network.simulator, first))
    kept = {name: one for name, one in found.items() if name not in {MANIFEST, SIGNATURE}}
    metadata = next(name for name in kept if name.startswith("documents/service-provider-"))
    other = next(one for name, one in of_second.items() if name.startswith("documents/service-provider-"))
    told = problems(evidence.sealed(network.simulator, {**kept, metadata: other}))
    assert any("names service-provider, which is not in the bundle: " in line for line in told)
    assert any(line.endswith("is of no certificate that its sender had") for line in told)

    lists = {name for name in kept if name.startswith("in-force/")}
    told = problems(evidence.sealed(network.simulator, {name: one for name, one in kept.items() if name not in lists}))
    assert any("names what was in force, which is not in the bundle: " in line for line in told)


def test_a_certificate_counts_for_the_party_that_has_it_and_for_nobody_else(network, first):
    """The one with which a message was signed is in the bundle, but in metadata of somebody else."""
    found = members(evidence.of_login(network.simulator, first))
    name = next(name for name in found if name.startswith("documents/service-provider-"))
    other = found[name].replace(ENTITY.encode(), ENTITY.replace("9066", "9067").encode())
    old, new = (sha256(one).hexdigest() for one in (found[name], other))
    changed = {**found, name: other}
    for path, content in found.items():
        if path.startswith("in-force/"):
            changed[path] = content.replace(old.encode(), new.encode())
    lists = {sha256(content).hexdigest(): path for path, content in changed.items() if path.startswith("in-force/")}
    record = json.loads(found[f"{FOLDER}/login.json"])
    for digest in lists:
        changed[f"{FOLDER}/login.json"] = json.dumps({**record, "present": digest}).encode()
        kept = {path: one for path, one in changed.items() if path not in {MANIFEST, SIGNATURE}}
        told = problems(evidence.sealed(network.simulator, kept))
        wrong = [line.partition(":")[0] for line in told if line.endswith("is of no certificate that its sender had")]
        assert [line.rpartition("-")[2] for line in wrong] == ["AuthnRequest.xml", "ArtifactResolve.xml"]


def test_every_event_of_a_login_names_what_was_in_force_by_one_digest(network, first, second):
    named = [event.content["after"]["in_force"] for event in opened(network.simulator, first).events]
    # The last event is about no service.
    assert (len(named), len(set(named[:-1])), None in named) == (4, 1, False)
    assert not set(named) & {event.content["after"]["in_force"] for event in opened(network.simulator, second).events}


@pytest.mark.parametrize("name", ["in-force", "service-provider", "network", "catalogue-1"])
def test_a_kept_document_that_was_altered_is_named(network, browser, first, name):
    store, column = network.simulator.store, documents_in_force.c
    digests = {event.content["after"]["in_force"] for event in opened(network.simulator, first).events}
    found = members(evidence.of_login(network.simulator, first))
    listed = json.loads(next(one for path, one in found.items() if path[len("in-force/") : -len(".json")] in digests))
    digest = next(iter(sorted(digests))) if name == "in-force" else listed[name]
    was = store.read(lambda tx: tx.execute(sa.select(column.octets).where(column.sha256 == digest)).scalar_one())
    spoilt = was[:20] + bytes([was[20] ^ 1]) + was[21:]
    change = sa.update(documents_in_force).where(column.sha256 == digest)
    store.write(lambda tx: tx.execute(change.values(octets=spoilt)))
    try:
        verified = verify_audit(network.settings)
        assert [line for line in lines_of(verified) if line == f"document {digest} ({name}): is not what was written"]
        assert not verified.verdict.is_right
        with pytest.raises(Altered, match=digest):
            evidence.of_login(network.simulator, first)
        page = browser.open(f"{network.broker}/operator/logins/{first}")
        refused = browser.submit(page.form("Maak een bewijsbestand"))
        assert (refused.status, details(refused)["Code"]) == (500, "EH-AUD-01")
        assert "ketenbroker audit verify" in refused.text
    finally:
        store.write(lambda tx: tx.execute(change.values(octets=was)))
    assert verify_audit(network.settings).verdict.is_right


def test_a_kept_document_that_is_gone_is_named(network, first):
    store, column = network.simulator.store, documents_in_force.c
    wanted = sa.select(column.sha256, column.name, column.octets).where(column.name == "network")
    row = store.read(lambda tx: tx.execute(wanted).mappings().one())
    store.write(lambda tx: tx.execute(sa.delete(documents_in_force).where(column.sha256 == row["sha256"])))
    try:
        verdict = verify_audit(network.settings).verdict
        assert (verdict.broken, verdict.altered) == (None, (f"document {row['sha256']}: is missing",))
        with pytest.raises(Altered, match="is missing"):
            evidence.of_login(network.simulator, first)
    finally:
        store.write(lambda tx: tx.execute(sa.insert(documents_in_force), dict(row)))


def test_a_login_of_before_this_was_kept_gets_what_is_in_force_now_and_the_bundle_says_so(network, second):
    """Events as an earlier version wrote them."""
    sim, old = network.simulator, "login-of-an-earlier-version"
    of_second = opened(sim, second)
    request = of_second.messages[0]
    message = WireMessage(
        old, request.stored.at, request.stored.direction, Carrier.POST, "AuthnRequest", ENTITY, request.body.octets
    )
    event = Event(
        sim.clock(), BROKER, "login.started", old, (), after={"messages": [request.stored.sha256]}, login_id=old
    )

    def write(tx):
        keep(sim, tx, message)
        records.put(tx, replace(of_second.record, id=old, outcome=Outcome.CANCELLED))
        events.append(tx, [event])

    sim.store.write(write)
    bundle = evidence.of_login(sim, old)
    assert problems(bundle, sim.notary.key.public.pem) == []
    told = json.loads(members(bundle)[f"{FOLDER}/in-force.json"])
    assert (told["as_it_was"], told["at_event"]) == (False, {})
    assert {"network", "broker-1.13", "service-provider", "service"} <= set(told["when_the_bundle_was_made"])

    # A bundle that an earlier version made has certificates only.
    record = json.loads(members(bundle)[f"{FOLDER}/login.json"])
    del record["present"]
    older = {f"{FOLDER}/login.json": json.dumps(record).encode()}
    for name, content in members(bundle).items():
        if name not in {*older, MANIFEST, SIGNATURE} and not name.startswith(("in-force/", "documents/")):
            older[name] = content
    assert problems(evidence.sealed(sim, older), sim.notary.key.public.pem) == []
    without = {name: content for name, content in older.items() if not name.startswith("certificates/service-provider")}
    (problem,) = problems(evidence.sealed(sim, without))
    assert problem.endswith("is of no certificate that its sender had")
