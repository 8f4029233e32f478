"""Every kind of message that the broker, its registers, the scheme authority and the stub sign, as reviewed text.

What can be fixed is fixed: the clock, the ids, the secrets that pseudonyms come from. `golden_text` says how the rest
is shown, and why. `make golden` writes the files anew; what changed is then a difference to read, and to explain in the
commit.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import unified_diff
from pathlib import Path

import pytest
from lxml import etree

from tests.requester import NS

from .golden_exchange import Exchange
from .golden_text import Showing, without_evidence

FOLDER = Path(__file__).with_name("golden")


def test_every_message_is_as_it_was_reviewed(tmp_path: Path, pytestconfig: pytest.Config, subtests: pytest.Subtests):
    made = messages(Exchange.below(tmp_path))
    if pytestconfig.getoption("--regenerate-golden"):
        write(made)
    assert sorted(file.stem for file in FOLDER.iterdir()) == sorted(made)
    for name, text in made.items():
        with subtests.test(name):
            difference = "\n".join(differences(name, text))
            if difference:
                pytest.fail(f"If it is meant, run `make golden` and review:\n{difference}", pytrace=False)


def messages(exchange: Exchange) -> Mapping[str, str]:
    """The messages as they are made now, by name."""
    chain, direct = exchange.login("chain", "glasblazerij"), exchange.login("direct", "papiermolen")
    _, first, second = chain.evidence
    stopped, cancelled = exchange.cancelled()
    made = {
        "artifact_response": _without_assertion(chain.artifact_response),
        "artifact_response_empty": exchange.nothing(),
        "assertion_chain": without_evidence(chain.assertion),
        "assertion_direct": without_evidence(direct.assertion),
        "authn_request_to_authentication_service": chain.question,
        "broker_metadata": exchange.broker_metadata("1.13"),
        "broker_metadata_1_11": exchange.broker_metadata("1.11"),
        "network_metadata": exchange.network_metadata,
        "response_cancelled": cancelled.find("samlp:Response", NS),
        "response_of_authentication_service": chain.answer,
        "response_of_authentication_service_cancelled": stopped,
        "response_unsupported": exchange.unsupported().find("samlp:Response", NS),
        "statement_of_client_register": second,
        "statement_of_intermediary_register": first,
        "statement_of_register_direct": direct.evidence[1],
    }
    show = Showing.of(exchange.certs, (*chain.evidence, *direct.evidence))
    return {name: show.text(message) for name, message in made.items()}


def _without_assertion(artifact_response: etree._Element) -> etree._Element:
    envelope = deepcopy(artifact_response)
    response = envelope.find("samlp:Response", NS)
    response.remove(response.find("saml:Assertion", NS))
    return envelope


def write(texts: Mapping[str, str]) -> None:
    """Keep exactly these."""
    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.iterdir():
        if file.stem not in texts:
            file.unlink()
    for name, text in texts.items():
        (FOLDER / f"{name}.xml").write_text(text, encoding="utf-8")


def differences(name: str, text: str) -> Iterator[str]:
    """What changed, as lines of a diff."""
    reviewed = (FOLDER / f"{name}.xml").read_text(encoding="utf-8").splitlines()
    return unified_diff(reviewed, text.splitlines(), f"golden/{name}.xml", "as it is made now", lineterm="")
