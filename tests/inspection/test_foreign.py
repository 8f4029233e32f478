"""Messages of others, of shapes seen in public: what the inspector says of each is what is the matter with it."""

from pathlib import Path

import pytest

from broker.inspection import inspector, intake, known, second_opinion
from broker.inspection.inspected import Inspection, Standing
from broker.inspection.inspector import Given
from broker.inspection.known import Known
from tests.inspection import foreign
from tests.requester import Pair

# What every assertion of a general identity provider lacks of the scheme.
_NO_SERVICE = {"EH-SUM-61", "EH-SUM-62", "EH-SUM-63", "EH-SUM-64"}
_OTHER_FORM = {"EH-SUM-26", "EH-SUM-52", "EH-SUM-60", "EH-SUM-69", "EH-ADV-01"}
GENERAL = _NO_SERVICE | _OTHER_FORM
UNSIGNED = {"EH-SIG-01"}

SHAPES: dict[str, tuple[foreign.Make, set[str], list[Standing], list[bool | None]]] = {
    "signxml: Response": (foreign.signxml_response, GENERAL | UNSIGNED, [Standing.TRUSTED], [True, True]),
    "signxml: Assertion in an unsigned Response": (
        foreign.signxml_assertion_in_response,
        GENERAL | UNSIGNED,
        [Standing.TRUSTED],
        [True, True],
    ),
    "xmlsec1: reference to the whole document": (
        foreign.xmlsec1_whole_document,
        GENERAL | UNSIGNED | {"EH-SIG-06"},
        [Standing.REFUSED],
        [True, True],
    ),
    "signxml: SHA-512": (
        foreign.signxml_sha512,
        GENERAL | UNSIGNED | {"EH-SIG-05"},
        [Standing.REFUSED],
        [True, True],
    ),
    "xmlsec1: KeyValue": (
        foreign.xmlsec1_key_value,
        GENERAL | UNSIGNED | {"EH-SIG-09"},
        [Standing.REFUSED],
        [True, True],
    ),
    "xmlsec1: SHA-1": (foreign.xmlsec1_sha1, GENERAL | UNSIGNED | {"EH-SIG-05"}, [Standing.REFUSED], [False, True]),
    "xmlsec1: digest SHA-1": (
        foreign.xmlsec1_sha1_digest,
        GENERAL | UNSIGNED | {"EH-SIG-08"},
        [Standing.REFUSED],
        [False, True],
    ),
    "xmlsec1: inclusive canonicalisation": (
        foreign.xmlsec1_inclusive,
        GENERAL | UNSIGNED | {"EH-SIG-04"},
        [Standing.REFUSED],
        [True, True],
    ),
    "xmlsec1: signature at the end": (
        foreign.xmlsec1_last,
        GENERAL | UNSIGNED | {"EH-SIG-02", "EH-XML-14"},
        [Standing.REFUSED],
        [True, True],
    ),
    "python3-saml: AuthnRequest by redirect": (
        foreign.onelogin_request,
        {"EH-REQ-24", "EH-REQ-25", "EH-REQ-40", "EH-REQ-41", "EH-REQ-48"},
        [Standing.TRUSTED],
        [],
    ),
    "python3-saml: LogoutRequest by redirect": (foreign.onelogin_logout, set(), [Standing.TRUSTED], []),
    "python3-saml: metadata": (foreign.onelogin_metadata, {"EH-REG-43"}, [Standing.TRUSTED], [True, True]),
    "python3-saml: Response in a form": (
        foreign.onelogin_response,
        GENERAL | UNSIGNED,
        [Standing.TRUSTED],
        [True, True],
    ),
    "pysaml2: AuthnRequest": (
        foreign.pysaml2_request,
        {"EH-REQ-05", "EH-REQ-41", "EH-REQ-44", "EH-REQ-48"},
        [Standing.TRUSTED],
        [True, True],
    ),
    "pysaml2: LogoutRequest": (foreign.pysaml2_logout, {"EH-LGO-04"}, [Standing.TRUSTED], [True, True]),
}


@pytest.fixture
def pair(requester_keys: dict[str, dict[str, Pair]]) -> Pair:
    return requester_keys["one"]["signing"]


def inspected(octets: bytes, pair: Pair, *, trusted: bool = True) -> Inspection:
    own = known.read((foreign.metadata(pair),), foreign.NOW) if trusted else Known()
    given = Given(known=own, now=foreign.NOW, ask=second_opinion.opinions)
    return inspector.inspect(intake.take(octets)[0], given)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_message_that_others_made_is_judged_as_expected(shape: str, pair: Pair, tmp_path: Path):
    make, expected, standing, opinions = SHAPES[shape]
    found = inspected(make(pair, tmp_path), pair)
    assert {remark.rule for remark in found.remarks} == expected
    assert [item.standing for item in found.signatures] == standing
    assert [one.holds for item in found.signatures for one in item.opinions] == opinions


@pytest.mark.parametrize("shape", ["signxml: Response", "xmlsec1: signature at the end", "pysaml2: AuthnRequest"])
def test_a_message_of_nobody_that_is_known_is_never_trusted(shape: str, pair: Pair, tmp_path: Path):
    make, _, (standing,), _ = SHAPES[shape]
    found = inspected(make(pair, tmp_path), pair, trusted=False)
    (item,) = found.signatures
    assert item.standing is (Standing.INTACT if standing is Standing.TRUSTED else standing)
    assert item.certificate is None or not item.certificate.from_metadata


@pytest.mark.parametrize("shape", SHAPES)
def test_a_message_of_others_with_one_byte_altered_is_not_trusted(shape: str, pair: Pair, tmp_path: Path):
    octets = SHAPES[shape][0](pair, tmp_path)
    found = intake.take(octets)[0]
    if found.query is not None:
        changed = octets.replace(b"RelayState=https", b"RelayState=httpx")
    else:
        changed = found.octets.replace(b"voorbeeld.example", b"voorbeelt.example", 4)
        changed = changed.replace(b"voorbeelt.example/metadata", b"voorbeeld.example/metadata")
        changed = changed if changed != found.octets else found.octets.replace(b">iemand", b">niemand", 1)
    assert changed not in (octets, found.octets)
    assert Standing.TRUSTED not in {item.standing for item in inspected(changed, pair).signatures}
