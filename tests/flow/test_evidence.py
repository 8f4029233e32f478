"""Bundles of evidence: whole, verified by a program of their own, and broken by one changed byte anywhere."""

import io
import json
import random
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from click.testing import CliRunner

from broker.cli import commands
from broker.simulator.audit import evidence, keys
from broker.simulator.audit.bundle_verifier import MANIFEST, SIGNATURE, SIGNED_AS, packed, problems
from broker.simulator.audit.evidence import NothingToShow
from broker.simulator.audit.keys import AuditKey
from broker.simulator.audit.logins import Search
from tests.flow.steps import past_login

CLIENT = "Glasblazerij Zeepbel"


@pytest.fixture(scope="module")
def login(network):
    return past_login(network, CLIENT)


@pytest.fixture(scope="module")
def bundle(network, login):
    return evidence.of_login(network.simulator, login)


@pytest.fixture(scope="module")
def key(network):
    return network.simulator.notary.key.public.pem


def members(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_holds_all_that_there_is_of_a_login_and_is_right(bundle, key, login):
    assert problems(bundle, key) == []
    found = members(bundle)
    folder = "logins/0001"
    assert len([name for name in found if name.startswith(f"{folder}/messages/")]) == 8
    told = json.loads(found[f"{folder}/login.json"])
    assert (told["record"]["id"], told["record"]["outcome"]) == (login, "granted")
    assert told["people"] == {"fleur-voorbeeld": "Fleur Voorbeeld"}
    assert [
        one["action"] for one in map(lambda e: json.loads(e["document"]), json.loads(found[f"{folder}/events.json"]))
    ] == [
        *("login.started", "login.accepted", "login.granted", "login.delivered"),
    ]
    granted = json.loads(found[f"{folder}/decision.json"])[2]["facts"]
    assert granted["mandate"]["version"] >= 1
    assert b"Fleur Voorbeeld" in found["report.nl.html"]
    for name in ("logins/0001/in-force.json", "verify.py"):
        assert found[name]


def test_one_changed_byte_in_any_member_is_seen_and_the_member_named(bundle):
    chance, found = random.Random(6), members(bundle)
    for name, content in found.items():
        at = chance.randrange(len(content))
        changed = content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
        told = problems(packed({**found, name: changed}))
        # The signature is one over the manifest: which of the two was changed cannot be told.
        assert any(line.startswith(MANIFEST if name == SIGNATURE else name) for line in told), (name, told)


def test_one_changed_byte_anywhere_in_the_file_is_seen(bundle):
    chance = random.Random(7)
    for at in (*chance.sample(range(len(bundle)), 40), *range(len(bundle) - 22, len(bundle))):
        assert problems(bundle[:at] + bytes([bundle[at] ^ 1 << chance.randrange(8)]) + bundle[at + 1 :]), at
    assert problems(bundle + b"\0")
    assert problems(bundle[:-1])
    assert problems(b"")


def test_a_member_that_is_gone_or_put_in_is_named(bundle):
    found = members(bundle)
    assert problems(packed({name: one for name, one in found.items() if name != "report.en.html"})) == [
        "report.en.html: is missing"
    ]
    assert problems(packed({**found, "more.txt": b"more"})) == ["more.txt: is not in the manifest"]


def test_a_bundle_signed_anew_with_another_key_is_not_that_of_the_installation(bundle, key, tmp_path):
    private, public = tmp_path / "signing.key", tmp_path / "public.pem"
    keys.ensure(private, public)
    forger, found = AuditKey.load(private), members(bundle)
    forged = {**found, "audit-key.pem": public.read_bytes()}
    manifest = json.loads(found[MANIFEST])
    manifest["files"]["audit-key.pem"]["sha256"] = sha256(public.read_bytes()).hexdigest()
    forged[MANIFEST] = json.dumps(manifest).encode()
    forged[SIGNATURE] = forger.sign(SIGNED_AS + forged[MANIFEST]).hex().encode()
    assert problems(packed(forged), key)[0].startswith(MANIFEST)
    # Without a key from elsewhere the heads still tell: they are signed with that of the installation.
    assert problems(packed(forged))[0] == "heads.jsonl: line 1 is not signed with audit-key.pem"


def test_even_the_installation_cannot_put_another_message_or_event_in_a_bundle(network, bundle, key):
    found = {name: one for name, one in members(bundle).items() if name not in {MANIFEST, SIGNATURE}}
    message = next(name for name in found if name.endswith("-Response.xml"))
    other = found[message].replace(b"Success", b"Succes_")
    told = problems(evidence.sealed(network.simulator, {**found, message: other}), key)
    assert any(line.startswith(f"{message}: signature") for line in told)
    assert any("names a message that is not in the bundle" in line for line in told)

    events = found["logins/0001/events.json"].replace(b"login.granted", b"login.refused")
    told = problems(evidence.sealed(network.simulator, {**found, "logins/0001/events.json": events}), key)
    assert any("does not have the digest of its content" in line for line in told)
    assert any("no signed head vouches for event" in line for line in told)


def test_the_program_in_the_bundle_works_alone(bundle, key, tmp_path):
    for name, content in (("evidence.zip", bundle), ("key.pem", key), ("verify.py", members(bundle)["verify.py"])):
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-I", "verify.py", "evidence.zip", "key.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All is right: ")


def test_ketenbroker_verify_gives_a_status_by_verdict(bundle, key, tmp_path):
    file = tmp_path / "evidence.zip"
    file.write_bytes(bundle)
    (tmp_path / "key.pem").write_bytes(key)
    right = CliRunner().invoke(commands, ["verify", str(file), "--key", str(tmp_path / "key.pem")])
    assert (right.exit_code, right.output) == (0, "All is right.\n")
    file.write_bytes(bundle.replace(b"Fleur Voorbeeld", b"Flour Voorbeeld"))
    wrong = CliRunner().invoke(commands, ["verify", str(file)])
    assert wrong.exit_code == 1
    assert "WRONG  report.nl.html: " in wrong.output


def test_a_button_makes_it_and_of_nothing_there_is_no_evidence(network, browser, login, key):
    page = browser.open(f"{network.broker}/operator/logins/{login}")
    got = browser.submit(page.form("Maak een bewijsbestand")).response
    assert got.headers["Content-Type"] == "application/zip"
    assert problems(got.content, key) == []
    of_the_period = evidence.of_search(network.simulator, Search(client="zeepbel"))
    assert problems(of_the_period, key) == []
    with pytest.raises(NothingToShow):
        evidence.of_login(network.simulator, "unknown")
