"""Which bytes of a message are covered by which signature, and what is covered by none."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from lxml import etree

from broker.inspection.inspected import Run, SignatureFacts, Span, Standing
from broker.inspection.places import Place
from broker.inspection.signatures import SIGNATURE
from broker.saml import names, reading

_HOLDS: Final = (Standing.TRUSTED, Standing.INTACT)
# What carries a message says nothing by itself.
_CARRIERS: Final = (f"{{{names.SOAP}}}Envelope", f"{{{names.SOAP}}}Body", f"{{{names.SOAP}}}Header")


def runs(octets: bytes, signatures: Sequence[SignatureFacts]) -> tuple[Run, ...]:
    """The whole text in runs, one for each change of what covers it. Signatures that do not hold prove nothing."""
    edges = {0, len(octets)} | {edge for item in signatures for span in item.spans for edge in (span.start, span.end)}
    ordered = sorted(edges)
    return tuple(_run(octets, start, end, signatures) for start, end in pairwise(ordered))


def _run(octets: bytes, start: int, end: int, signatures: Iterable[SignatureFacts]) -> Run:
    over = [item for item in signatures if _covers(item, Span(start, end))]
    return Run(
        text=octets[start:end].decode("utf-8", "replace"),
        start=start,
        covered_by=tuple(item.number for item in over),
        proven=any(item.standing in _HOLDS for item in over),
        signature=next((item.number for item in signatures if not over and _is(item, start, end)), None),
    )


def _is(item: SignatureFacts, start: int, end: int) -> bool:
    """Whether these bytes are the signature itself: what its element is over stands on both sides."""
    return len(item.spans) > 1 and item.spans[0].end <= start and end <= item.spans[-1].start


def covers(signatures: Iterable[SignatureFacts], place: Place) -> bool:
    """Whether a signature that holds covers all of an element, or all but the signature itself."""
    return any(item.standing in _HOLDS and _around(item, place) for item in signatures)


def _around(item: SignatureFacts, place: Place) -> bool:
    return bool(item.spans) and item.spans[0].start <= place.start and place.end <= item.spans[-1].end


def _covers(item: SignatureFacts, span: Span) -> bool:
    return any(own.start <= span.start and span.end <= own.end for own in item.spans)


def uncovered(
    root: etree._Element, where: dict[etree._Element, Place], signatures: Sequence[SignatureFacts]
) -> tuple[str, ...]:
    """The elements that no signature that holds covers, by path; what is inside one of them is not named again.

    An element that is only partly covered is named as itself, when it says anything: attributes or text.
    """
    return tuple(_uncovered(root, where, signatures))


def _uncovered(
    element: etree._Element, where: dict[etree._Element, Place], signatures: Sequence[SignatureFacts]
) -> Iterable[str]:
    place = where[element]
    inside = any(item.standing in _HOLDS and _inside(item, place) for item in signatures)
    if element.tag == SIGNATURE or covers(signatures, place):
        return
    if not inside:
        yield reading.path(element)
        return
    if element.tag not in _CARRIERS and (element.attrib or (element.text or "").strip()):
        yield f"{reading.path(element)} (start tag)"
    for child in element.iterchildren(etree.Element):
        yield from _uncovered(child, where, signatures)


def _inside(item: SignatureFacts, place: Place) -> bool:
    return bool(item.spans) and place.start <= item.spans[0].start and item.spans[-1].end <= place.end
