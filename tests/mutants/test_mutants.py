"""100,000 spoilt messages: none makes the broker do what no genuine one does, and none gives an unexpected error."""

import pytest
import xmlsec
from lxml import etree

from broker.saml import document, redirect, signature
from broker.simulator import resolution, trust
from tests.mutants import driver, trees
from tests.mutants.driver import SHARES, Tally

MUTANTS = 100_000
IN_A_TEST = 2_000
SEEDS = {name: range(share * MUTANTS // 100) for name, share in SHARES.items()}
PARTS = [(name, part) for name, seeds in SEEDS.items() for part in range(0, len(seeds), IN_A_TEST)]


def test_the_parts_are_all_mutants_and_every_target_has_a_share(all_targets):
    assert set(SHARES) == set(all_targets)
    assert sum(len(SEEDS[name][part : part + IN_A_TEST]) for name, part in PARTS) == MUTANTS


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_no_mutant_is_believed_and_none_breaks_the_broker(all_targets, name, part):
    seeds = SEEDS[name][part : part + IN_A_TEST]
    tally = driver.run(all_targets[name], seeds)
    assert tally.forged == []
    assert tally.crashed == []
    assert tally.mutants == len(seeds)
    # Otherwise the mutants are too wild, or too tame, to prove anything.
    assert tally.accepted >= len(seeds) // 50
    assert tally.refused.total() >= len(seeds) // 3
    assert len(tally.refused) >= (2 if name == "artifact" else 8)


def test_a_seed_always_makes_the_same_mutant(all_targets):
    for target in all_targets.values():
        made = [driver.mutant(target, seed) for seed in range(50)]
        assert made == [driver.mutant(target, seed) for seed in range(50)]
        assert len({repr(item.delivered) for item in made}) > 25


# --- the driver finds what is wrong with a receiver -----------------------------------------------------------------


def any_signature_will_do(element, keys, moment, *, position=signature.AFTER_ISSUER):
    """What careless receivers do: look for a valid signature anywhere, then read the element."""
    root = element.getroottree().getroot()
    for found in root.iter(trees.SIGNATURE):
        for key in keys:
            context = xmlsec.SignatureContext()
            context.key = key.key
            for item in root.iter(etree.Element):
                if item.get("ID"):
                    context.register_id(item, "ID")
            try:
                context.verify(found)
            except xmlsec.Error:
                continue
            return document.detached(element)
    return genuine_verify(element, keys, moment, position=position)


genuine_verify = signature.verify


def no_digest(element, keys, moment, *, position=signature.AFTER_ISSUER):
    """A receiver that trusts any signature that stands in its place."""
    signature._the_signature(element, position)
    return document.detached(element)


def until(found, target):
    """The tally of the first mutants, at most 3,000, until there is one that `found` looks for."""
    tally = Tally()
    for start in range(0, 3_000, 50):
        tally += driver.run(target, range(start, start + 50))
        if found(tally):
            break
    return tally


FOOLS = {
    "response-any-signature": ("response", signature, "verify", any_signature_will_do),
    "response-no-digest": ("response", signature, "verify", no_digest),
    "request-any-signature": ("request", signature, "verify", any_signature_will_do),
    "soap-any-signature": ("soap", signature, "verify", any_signature_will_do),
    "answer-any-signature": ("answer", signature, "verify", any_signature_will_do),
    "metadata-no-digest": ("metadata", signature, "verify", no_digest),
    "network-no-digest": ("network", signature, "verify", no_digest),
    "query-not-proven": ("query", redirect, "prove", lambda _signed, root, *_: root),
    "artifact-source-only": ("artifact", resolution, "handle_digest", lambda _handle: b"\0" * 32),
}


@pytest.mark.parametrize("case", FOOLS)
def test_a_receiver_that_can_be_fooled_is_found_out(all_targets, monkeypatch, case):
    name, module, function, broken = FOOLS[case]
    monkeypatch.setattr(module, function, broken)
    assert until(lambda tally: tally.forgeries > 0, all_targets[name]).forgeries


def test_a_reader_that_breaks_is_found_out(all_targets, monkeypatch):
    monkeypatch.setattr(trust, "claimed_issuer", lambda root: root.find(f"{trees.SAML}Issuer").text.strip())
    tally = until(lambda tally: tally.crashes > 0, all_targets["response"])
    assert tally.crashes
    assert "response, seed" in tally.crashed[0]


def test_tallies_add_up():
    one = Tally(accepted=1, forgeries=2, forged=["a"], slowest=0.5, slow=1)
    other = Tally(unproven=3, crashes=1, crashed=["b"], slowest=0.1)
    other.refused["EH-SIG-11"] += 4
    both = one + other
    assert (both.mutants, both.slowest, both.slow, both.is_clean) == (11, 0.5, 1, False)
    assert (both.forged, both.crashed) == (["a"], ["b"])
