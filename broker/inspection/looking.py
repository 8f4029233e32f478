"""One document looked at: its signatures, what is encrypted in it, and what the rules say of each message in it.

An assertion that was encrypted is looked at like a document of its own, by the same rules as one that was not. What
there is to say of it is told with the place of the element that held it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from broker.core.findings import Finding
from broker.inspection import answers, coverage, judging, opening, signatures
from broker.inspection.circumstances import NO_METADATA, Circumstances, Judgement
from broker.inspection.inspected import Opened, Standing, Unchecked
from broker.inspection.parts import ASSERTION, Kind, Part, parts
from broker.inspection.places import Place, places
from broker.inspection.queries import Carried
from broker.inspection.signatures import Judged
from broker.rules import reception
from broker.rules.summary import Subjects
from broker.saml import document, names, reading, schema
from broker.saml.faults import DocumentReason, Fault, SignatureReason

Contents = Mapping[etree._Element, etree._Element]
_ENCRYPTED: Final = f"{{{names.SAML}}}EncryptedAssertion"
_INSIDE: Final = "Assertion"


@dataclass(frozen=True, slots=True)
class Looked:
    """What there is to say of a document. `contents` are what its encrypted elements held, where that is known."""

    judgement: Judgement
    signatures: tuple[Judged, ...]
    opened: tuple[Opened, ...]
    contents: Contents


def look(
    root: etree._Element,
    where: dict[etree._Element, Place],
    known: Circumstances,
    keys: Sequence[rsa.RSAPrivateKey],
    carried: Carried | None = None,
    most: int = opening.MOST,
) -> Looked:
    """What there is to say of a document with its elements `where` they stand; `carried` is its query's signature.

    At most `most` encrypted elements are opened in it and in what was encrypted together.
    """
    all_parts = parts(root)
    judged = signatures.judge(root, where, known.known, known.moment)
    opened, contents = opening.open_all(root, keys, most)
    judgement = _schema(all_parts, contents)
    for part in all_parts:
        judgement += _of_part(part, judged, where, known, carried, contents)
    found = Looked(judgement, judged, opened, contents)
    for wrapper, content in contents.items():
        if content.tag == ASSERTION:
            inside = _inside(wrapper, content, known, keys, most - len(found.opened))
            found = Looked(
                judgement=found.judgement + inside.judgement,
                signatures=(*found.signatures, *_numbered(inside.signatures, len(found.signatures))),
                opened=(*found.opened, *inside.opened),
                contents={**found.contents, **inside.contents},
            )
    return found


def _inside(
    wrapper: etree._Element,
    content: etree._Element,
    known: Circumstances,
    keys: Sequence[rsa.RSAPrivateKey],
    most: int,
) -> Looked:
    """An assertion that was encrypted. Its bytes are none of the message, so its signatures cover none of those."""
    octets, path = document.write(content), reading.path(wrapper)
    root = document.reread(octets)
    found = look(root, places(octets, root), known, keys, None, most)
    return Looked(
        judgement=Judgement(
            tuple(replace(one, where=_under(path, one.where)) for one in found.judgement.findings),
            found.judgement.unchecked,
        ),
        signatures=tuple(_moved(one, path) for one in found.signatures),
        opened=tuple(replace(one, path=_under(path, one.path)) for one in found.opened),
        contents={**found.contents, wrapper: root},
    )


def _moved(judged: Judged, path: str) -> Judged:
    facts = judged.facts
    moved = replace(facts, path=_under(path, facts.path), covers=_under(path, facts.covers), spans=())
    return replace(judged, facts=moved)


def _under(path: str, where: str) -> str:
    """A place in the assertion as one in the message; some places begin with the assertion itself."""
    if where.startswith(_INSIDE) and where[len(_INSIDE) :][:1] in ("", "/", " "):
        return f"{path}/{where}"
    return f"{path}/{_INSIDE}/{where}"


def _numbered(found: Sequence[Judged], after: int) -> tuple[Judged, ...]:
    return tuple(replace(one, facts=replace(one.facts, number=at)) for at, one in enumerate(found, after + 1))


def _of_part(
    part: Part,
    judged: tuple[Judged, ...],
    where: dict[etree._Element, Place],
    known: Circumstances,
    carried: Carried | None,
    contents: Contents,
) -> Judgement:
    """The signatures of one part, and what its rules say: of what was signed, when that is known."""
    own = [item for item in judged if item.element.getparent() is part.element]
    outside = carried is not None or coverage.covers([item.facts for item in judged], where[part.element])
    judgement = Judgement()
    if part.kind is Kind.OTHER and part.element.getparent() is None:
        judgement += Judgement((reception.finding(Fault(DocumentReason.WRONG_ROOT, str(part.element.tag))),))
    if part.kind not in (Kind.METADATA, Kind.OTHER):
        judgement += _signed(part, own, carried, outside=outside)
    proven = own[0].proven if own else None
    # What stands in Advice answered a question of the broker's own.
    asked = replace(known, request=None) if part.in_advice else known
    judgement += judging.judge(part, part.element if proven is None else proven, asked)
    if part.kind is Kind.SUMMARY and answers.is_of_1_13(part.element):
        judgement += answers.subjects(_subjects(part.element, contents))
    return judgement


def _signed(part: Part, own: list[Judged], carried: Carried | None, *, outside: bool) -> Judgement:
    """What is wrong with the signatures of one part, and whose keys are not known."""
    findings = [_at(part, reception.finding(item.fault)) for item in own if item.fault is not None]
    unknown = [item for item in own if item.facts.standing in (Standing.INTACT, Standing.UNPROVEN)]
    if carried is not None and part.element.getparent() is None:
        findings += [reception.finding(carried.fault)] if carried.fault else []
        unknown += [] if carried.facts.standing is Standing.TRUSTED or carried.fault else [carried.judged]
    needs_own = part.kind in (Kind.SUMMARY, Kind.AUTHENTICATION, Kind.DECISION)
    if not own and (needs_own or not outside):
        fault = Fault(SignatureReason.MISSING, etree.QName(part.element).localname)
        findings.append(_at(part, reception.finding(fault)))
    if not unknown:
        return Judgement(tuple(findings))
    rule = reception.rule_of(SignatureReason.NO_KEY)
    return Judgement(tuple(findings), (Unchecked(rule.id, rule.text, NO_METADATA),))


def _at(part: Part, finding: Finding) -> Finding:
    return replace(finding, where=f"{part.path}/Signature")


def _subjects(content: etree._Element, contents: Contents) -> Subjects | None:
    """What was opened of the person and of the organisation; None when something stayed closed."""
    found: dict[str, list[tuple[str, str]]] = {names.ACTING_SUBJECT_ID: [], names.LEGAL_SUBJECT_ID: []}
    saml = f"{{{names.SAML}}}"
    for attribute in content.iterfind(f"{saml}AttributeStatement/{saml}Attribute"):
        kinds = found.get(attribute.get("Name", ""))
        if kinds is None:
            continue
        for encrypted in attribute.iterfind(f"{saml}AttributeValue/{saml}EncryptedID"):
            inside = contents.get(encrypted)
            if inside is None:
                return None
            kinds.append((inside.get("NameQualifier", ""), inside.text or ""))
    return Subjects(tuple(found[names.ACTING_SUBJECT_ID]), tuple(found[names.LEGAL_SUBJECT_ID]))


def _schema(all_parts: tuple[Part, ...], contents: Contents) -> Judgement:
    """Whether the outermost message, if it is one, conforms to the schema of SAML: as it is, and opened."""
    if not all_parts or all_parts[0].kind is Kind.OTHER:
        return Judgement()
    message = all_parts[0].element
    if message.tag.startswith(f"{{{names.SAML}}}"):
        return Judgement()
    try:
        schema.validate(document.detached(message))
        if next(message.iter(_ENCRYPTED), None) is not None:
            schema.validate(_with_assertions(message, contents))
    except Fault as fault:
        return Judgement((reception.finding(fault),))
    return Judgement()


def _with_assertions(message: etree._Element, contents: Contents) -> etree._Element:
    """A copy in which assertions that were opened stand in the place of what held them."""
    twin = document.detached(message)
    held = [contents.get(wrapper) for wrapper in message.iter(_ENCRYPTED)]
    for wrapper, content in zip(list(twin.iter(_ENCRYPTED)), held, strict=True):
        parent = wrapper.getparent()
        if parent is not None and content is not None and content.tag == ASSERTION:
            parent.replace(wrapper, document.detached(content))
    return twin
