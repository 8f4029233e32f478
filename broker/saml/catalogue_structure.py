"""The shape of a service catalogue (etd Service catalog, and the schema that goes with it), as a table.

The scheme's schema fixes an order that carries no meaning, and hand-written files get it wrong; here the order is
free. Everything else is checked: which elements and attributes there must and may be, how often, and how long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from broker.saml import names


class Refused(Exception):
    """What is wrong with a catalogue, and the element where."""

    def __init__(self, element: etree._Element, reason: str) -> None:
        super().__init__(reason)
        self.line = element.sourceline


@dataclass(frozen=True, slots=True)
class Occurs:
    """How often an element may occur."""

    least: int
    most: int | None


_ONE: Final = Occurs(1, 1)
_OPTIONAL: Final = Occurs(0, 1)
_SOME: Final = Occurs(1, None)
_ANY: Final = Occurs(0, None)


@dataclass(frozen=True, slots=True)
class Shape:
    """The children and required attributes (in the catalogue's namespace) of an element."""

    children: Mapping[str, Occurs]
    attributes: tuple[str, ...] = field(default=())


def _tag(name: str) -> str:
    return name if name.startswith("{") else f"{{{names.ESC}}}{name}"


def _children(**occurs: Occurs) -> dict[str, Occurs]:
    return {_tag(name): count for name, count in occurs.items()}


_SHAPES: Final = {
    _tag("ServiceCatalogue"): Shape(
        _children(ServiceProvider=_SOME) | {f"{{{names.DS}}}Signature": _OPTIONAL}, ("IssueInstant", "Version")
    ),
    _tag("ServiceProvider"): Shape(
        _children(ServiceProviderID=_ONE, OrganizationDisplayName=_SOME, ServiceDefinition=_ANY, ServiceInstance=_ANY),
        ("IsPublic",),
    ),
    _tag("ServiceDefinition"): Shape(
        _children(
            ServiceUUID=_ONE,
            ServiceName=_SOME,
            ServiceDescription=_SOME,
            ServiceDescriptionURL=_ANY,
            HerkenningsmakelaarId=_ONE,
            EntityConcernedTypesAllowed=_SOME,
            ActingSubjectTypesAllowed=_ANY,
            ServiceRestrictionsAllowed=_ANY,
            RequestedAttribute=_ANY,
        )
        | {f"{{{names.SAML}}}AuthnContextClassRef": _ONE},
        ("IsPublic",),
    ),
    _tag("ServiceInstance"): Shape(
        _children(
            ServiceID=_ONE,
            ServiceUUID=_ONE,
            InstanceOfService=_OPTIONAL,
            IntermediatedService=_OPTIONAL,
            ServiceURL=_ANY,
            PrivacyPolicyURL=_ANY,
            HerkenningsmakelaarId=_ONE,
            AdditionalHerkenningsmakelaarId=_ANY,
            SSOSupport=_OPTIONAL,
            EntityConcernedTypesAllowed=_ANY,
            ServiceCertificate=_ANY,
            ServiceIntermediation=_OPTIONAL,
            Classifiers=_OPTIONAL,
            BsnkStructureVersion=_OPTIONAL,
            BsnkRecipientKeySetVersion=_OPTIONAL,
            PortalForService=_ANY,
        ),
        ("IsPublic",),
    ),
    _tag("RequestedAttribute"): Shape(
        _children(PurposeStatement=_SOME) | {f"{{{names.SAML}}}AttributeValue": _ANY},
    ),
    _tag("ServiceCertificate"): Shape({f"{{{names.MD}}}KeyDescriptor": _ONE}),
    _tag("ServiceIntermediation"): Shape(_children(ServiceIntermediationAllowed=_ANY)),
    _tag("Classifiers"): Shape(_children(Classifier=_SOME)),
}

_LONGEST: Final = {
    _tag("OrganizationDisplayName"): 64,
    _tag("ServiceName"): 64,
    _tag("ServiceDescription"): 1024,
    _tag("ServiceDescriptionURL"): 512,
    _tag("ServiceURL"): 512,
    _tag("PrivacyPolicyURL"): 512,
    _tag("PurposeStatement"): 1024,
}


def check(root: etree._Element) -> None:
    """Refuse a document that is not shaped like a catalogue; raises `Refused` for the first thing that is wrong."""
    if root.tag != _tag("ServiceCatalogue"):
        raise Refused(root, f"the root is {root.tag}, expected {_tag('ServiceCatalogue')}")
    _check(root)


def _check(element: etree._Element) -> None:
    shape = _SHAPES.get(str(element.tag))
    if shape is None:
        _check_leaf(element)
        return
    for attribute in shape.attributes:
        if element.get(_tag(attribute)) is None:
            raise Refused(element, f"{_local(element.tag)}: attribute esc:{attribute} is missing")
    for child in element:
        if child.tag not in shape.children:
            raise Refused(child, f"{_local(element.tag)} may not hold {_local(child.tag)}")
        _check(child)
    for tag, occurs in shape.children.items():
        _check_count(element, tag, occurs)


def _check_count(element: etree._Element, tag: str, occurs: Occurs) -> None:
    found = element.findall(tag)
    if len(found) < occurs.least:
        raise Refused(element, f"{_local(element.tag)}: {_local(tag)} is missing")
    if occurs.most is not None and len(found) > occurs.most:
        raise Refused(found[occurs.most], f"{_local(element.tag)}: {_local(tag)} may occur once")


def _check_leaf(element: etree._Element) -> None:
    """Elements of other namespaces are judged by whoever reads them; ours hold text only."""
    if not str(element.tag).startswith(_tag("")):
        return
    if len(element):
        raise Refused(element[0], f"{_local(element.tag)} must hold text only")
    longest = _LONGEST.get(str(element.tag))
    if longest is not None and len(element.text or "") > longest:
        raise Refused(element, f"{_local(element.tag)}: {len(element.text or '')} characters, at most {longest}")


def _local(tag: object) -> str:
    return etree.QName(str(tag)).localname
