"""Messages made with the JavaScript libraries of others: xml-crypto, node-saml, xml-encryption."""

import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from broker.inspection import inspector, intake, known, second_opinion
from broker.inspection.inspected import Inspection, Standing
from broker.inspection.inspector import Given
from tests.inspection import foreign
from tests.inspection.test_foreign import GENERAL, UNSIGNED
from tests.requester import NS, Pair

PROGRAM = Path(__file__).parent / "node_saml" / "messages.mjs"


@pytest.fixture(scope="module")
def pair(requester_keys: dict[str, dict[str, Pair]]) -> Pair:
    return requester_keys["one"]["signing"]


@pytest.fixture(scope="module")
def made(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The messages by name; one start of node for all of them."""
    facts = tmp_path_factory.mktemp("node") / "facts.json"
    whole = foreign.response()
    facts.write_text(
        json.dumps(
            {
                "key": pair.key_pem.decode(),
                "public": pair.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
                "certificate": pair.certificate_pem.decode(),
                "xml": etree.tostring(whole).decode(),
                "assertion": etree.tostring(whole.find("saml:Assertion", NS), with_tail=False).decode(),
                "issuer": foreign.SENDER,
            }
        )
    )
    done = subprocess.run(["node", PROGRAM, facts], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def inspected(text: str, pair: Pair) -> Inspection:
    own = known.read((foreign.metadata(pair),), foreign.NOW)
    given = Given(known=own, keys=(pair.key,), now=foreign.NOW, ask=second_opinion.opinions)
    return inspector.inspect(intake.take(text.encode())[0], given)


REQUESTED = {"EH-REQ-24", "EH-REQ-25", "EH-REQ-40", "EH-REQ-41", "EH-REQ-48"}
SHAPES = {
    "response": (GENERAL | UNSIGNED, [Standing.TRUSTED]),
    "exclusive_only": (GENERAL | UNSIGNED | {"EH-SIG-07"}, [Standing.REFUSED]),
    "request": (REQUESTED, [Standing.TRUSTED]),
    "form": (REQUESTED, [Standing.TRUSTED]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_message_that_javascript_made_is_judged_as_expected(shape: str, made: dict[str, str], pair: Pair):
    expected, standing = SHAPES[shape]
    found = inspected(made[shape], pair)
    assert {remark.rule for remark in found.remarks} == expected
    assert [item.standing for item in found.signatures] == standing


@pytest.mark.parametrize(("shape", "opened"), [("cbc", True), ("gcm", False)])
def test_an_assertion_that_javascript_encrypted_is_opened_when_the_scheme_has_its_algorithm(
    shape: str, made: dict[str, str], pair: Pair, opened: bool
):
    whole = foreign.response()
    sealed = etree.fromstring(
        f'<saml:EncryptedAssertion xmlns:saml="{NS["saml"]}">{made[shape]}</saml:EncryptedAssertion>'
    )
    whole.replace(whole.find("saml:Assertion", NS), sealed)
    found = inspected(etree.tostring(whole).decode(), pair)
    (one,) = found.opened
    assert "EH-SUM-16" in {remark.rule for remark in found.remarks}
    assert (one.content is not None) is opened
    # The rules of an assertion are asked of what came out.
    assert any(remark.where.startswith("EncryptedAssertion/Assertion") for remark in found.remarks) is opened
    assert "iemand" in one.content if opened else "AES-256-CBC" in one.why_not.en
