"""Making mutants of signed documents: as a tree, as bytes, or first the one and then the other."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from lxml import etree

from broker.saml import signature
from broker.saml.keys import SigningKey
from tests.mutants import octets, trees

AS_BYTES, THEN_AS_BYTES, STRANGER_SIGNS = 0.35, 0.1, 0.02


@dataclass(frozen=True, slots=True)
class Spoiler:
    """`own` are spoilt, the first most often; parts come from `lenders`; `strangers` may not sign what `own` says.

    `position` is where signatures stand.
    """

    own: tuple[bytes, ...]
    lenders: tuple[bytes, ...]
    strangers: tuple[SigningKey, ...]
    position: int = signature.AFTER_ISSUER
    parsed: dict[bytes, etree._Element] = field(default_factory=dict)

    def make(self, random: Random) -> tuple[bytes, list[str]]:
        """A mutant, and what was done."""
        chosen = self.own[0] if random.random() < 0.6 else random.choice(self.own)
        if random.random() < AS_BYTES:
            return octets.edit(random, chosen, self.lenders)
        root, done = trees.mutate(random, self._tree(chosen), self._trees(self.lenders))
        if random.random() < STRANGER_SIGNS:
            done.append(self._sign(random, root))
        data = etree.tostring(root)
        if random.random() < THEN_AS_BYTES:
            data, more = octets.edit(random, data, self.lenders)
            done += more
        return data, done

    def _tree(self, data: bytes) -> etree._Element:
        if data not in self.parsed:
            self.parsed[data] = etree.fromstring(data)
        return self.parsed[data]

    def _trees(self, documents: Sequence[bytes]) -> Sequence[etree._Element]:
        return [self._tree(data) for data in documents]

    def _sign(self, random: Random, root: etree._Element) -> str:
        """Everything that has a signature gets one by a stranger, from the inside out, as far as it can be signed."""
        key = random.choice(self.strangers)
        signed = [item.getparent() for item in root.iter(trees.SIGNATURE) if item.getparent() is not None]
        for element in reversed(signed):
            for item in element.findall(trees.SIGNATURE):
                element.remove(item)
            if element.get("ID") and len(element) >= self.position:
                with suppress(etree.C14NError):
                    signature.sign(element, key, position=self.position)
        return "stranger_signs"
