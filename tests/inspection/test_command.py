"""`ketenbroker inspect`: what it shows, as text and as JSON, and the exit status."""

import io
import json
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from structlog.testing import capture_logs

from broker import cli
from tests.inspection.conftest import Messages
from tests.inspection.test_intake import TRACER


@pytest.fixture
def files(messages: Messages, tmp_path: Path) -> Path:
    """A folder with the messages, the metadata and the key."""
    for name in ("request", "question", "answer", "envelope"):
        (tmp_path / f"{name}.xml").write_bytes(getattr(messages, name))
    for name, octets in zip(("broker", "network", "sp"), messages.metadata, strict=True):
        (tmp_path / f"{name}.xml").write_bytes(octets)
    (tmp_path / "broken.xml").write_bytes(messages.envelope.replace(b">Permit<", b">Pormit<", 1))
    pem = messages.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "sp.key").write_bytes(pem)
    (tmp_path / "trace.json").write_text(json.dumps(TRACER))
    (tmp_path / "text.txt").write_text("hello, world!")
    return tmp_path


def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str):
    """Exit status, standard output and standard error."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["ketenbroker", "inspect", *arguments])
    # Not what threads of other tests have to say on the same standard output.
    with capture_logs(), pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    return left.value.code, said.out, said.err


KNOWN = ("--metadata", "broker.xml", "--metadata", "network.xml", "--metadata", "sp.xml")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("envelope.xml", *KNOWN), 0),
        (("broken.xml", *KNOWN), 1),
        (("broken.xml",), 1),
        (("trace.json",), 2),
        (("trace.json", "--message", "1"), 1),
        (("text.txt",), 2),
        (("nowhere.xml",), 2),
        (("envelope.xml", "--metadata", "nowhere.xml"), 2),
        (("envelope.xml", "--key", "sp.xml"), 2),
        (("envelope.xml", "--at", "yesterday"), 2),
        (("envelope.xml", "--message", "2"), 2),
        (("answer.xml", "--request", "text.txt"), 2),
        (("answer.xml", "--request", "answer.xml"), 2),
        (("answer.xml", "--request", "request.xml"), 1),
        (("answer.xml", "--request", "question.xml", *KNOWN), 0),
        (("answer.xml", "--at", "2020-01-01T00:00:00Z"), 1),
    ],
)
def test_the_exit_status_is_the_verdict(files, capsys, monkeypatch, arguments, status):
    left, out, err = run(files, capsys, monkeypatch, *arguments)
    assert left == status
    assert "Traceback" not in out + err
    assert bool(err) is not bool(out)


def test_the_text_tells_what_is_signed_and_what_was_opened(files, capsys, monkeypatch):
    _, out, _ = run(files, capsys, monkeypatch, "envelope.xml", *KNOWN, "--key", "sp.key")
    assert "Nothing rejects the message." in out
    assert out.count("trusted: The key is in the metadata of the sender.") == 6
    assert "68727720" in out
    assert "signxml: right" in out
    _, dutch, _ = run(files, capsys, monkeypatch, "broken.xml", *KNOWN, "--language", "nl")
    assert "Iets keurt het bericht af." in dutch
    assert "EH-ADV-08" in dutch
    assert "De inhoud is veranderd nadat zij werd ondertekend" in dutch


def test_json_has_the_same_for_programs(files, capsys, monkeypatch):
    left, out, _ = run(files, capsys, monkeypatch, "broken.xml", *KNOWN, "--json")
    (told,) = json.loads(out)["messages"]
    assert (left, told["verdict"], told["kind"]) == (1, "flawed", "ArtifactResponse")
    assert {"EH-SIG-11", "EH-ADV-08"} <= {item["rule"] for item in told["remarks"]}
    assert [item["standing"] for item in told["signatures"]][3:] == ["trusted", "broken", "trusted"]
    assert "octets" not in told["found"]


def test_a_message_comes_by_standard_input_too(files, capsys, monkeypatch, messages):
    class Input:
        buffer = io.BytesIO(messages.request)

    monkeypatch.setattr(sys, "stdin", Input)
    left, out, _ = run(files, capsys, monkeypatch, "-", "--metadata", "sp.xml")
    assert left == 0
    assert out.startswith("AuthnRequest: request to log in\n")


def test_a_terminal_is_safe_from_what_a_message_says(files, capsys, monkeypatch):
    (files / "odd.xml").write_text("<a b='\u009b31m'>\u202e</a>")
    _, out, _ = run(files, capsys, monkeypatch, "odd.xml")
    assert not {"\u009b", "\u202e"} & set(out)
