"""Where messages may be sent: endpoints in metadata, and the addresses that are refused there.

Only addresses that passed here are ever answered to, so a check at loading covers every answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from broker.saml import names, reading
from broker.saml.build import child
from broker.saml.faults import MetadataReason, MetadataRejected

_VISIBLE: Final = re.compile(r"[!-~]+")
_LOCATIONS: Final = ("Location", "ResponseLocation")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place that takes messages: binding (URN), address, and for indexed endpoints the index.

    `is_default` marks the one endpoint that is meant when a message names none.
    """

    binding: str
    location: str
    index: int | None = None
    is_default: bool = False


def assertion_consumers(role: etree._Element, binding: str) -> tuple[Endpoint, ...]:
    """The AssertionConsumerServices of `role`; the default is one of those with `binding`.

    Raises `MetadataRejected` for an index that is used twice or a second default.
    """
    elements = role.findall(f"{{{names.MD}}}AssertionConsumerService")
    check_indexes(elements)
    default = default_of([element for element in elements if element.get("Binding") == binding])
    return tuple(
        Endpoint(
            binding=reading.attribute(element, "Binding"),
            location=location(element),
            index=reading.number(element, "index"),
            is_default=element is default,
        )
        for element in elements
    )


def artifact_resolution(role: etree._Element) -> tuple[Endpoint, ...]:
    """The ArtifactResolutionServices of `role`; raises `MetadataRejected` for an index that is used twice."""
    elements = role.findall(f"{{{names.MD}}}ArtifactResolutionService")
    check_indexes(elements)
    return tuple(
        Endpoint(reading.attribute(element, "Binding"), location(element), reading.number(element, "index"))
        for element in elements
    )


def single_sign_on(role: etree._Element) -> str:
    """Where `role` takes an AuthnRequest by HTTP-POST; raises `MetadataRejected` when it does not."""
    elements = role.findall(f"{{{names.MD}}}SingleSignOnService")
    found = [location(item) for item in elements if item.get("Binding") == names.BINDING_POST]
    if not found:
        what = "no SingleSignOnService with binding HTTP-POST"
        raise MetadataRejected(MetadataReason.ENDPOINT, reading.path(role), what, "SAML metadata 2.4.3")
    return found[0]


def logout(role: etree._Element) -> str | None:
    """Where `role` takes a LogoutRequest by HTTP-POST, or None; raises `MetadataRejected`."""
    found = _posted_logout(role)
    return None if found is None else location(found)


def logout_response(role: etree._Element) -> str | None:
    """Where `role` takes a LogoutResponse by HTTP-POST, or None; raises `MetadataRejected`.

    SAML metadata 2.2.2: an address of its own (ResponseLocation), or else the one for requests.
    """
    found = _posted_logout(role)
    if found is None:
        return None
    return location(found, "ResponseLocation" if found.get("ResponseLocation") is not None else "Location")


def _posted_logout(role: etree._Element) -> etree._Element | None:
    elements = role.findall(f"{{{names.MD}}}SingleLogoutService")
    return next((element for element in elements if element.get("Binding") == names.BINDING_POST), None)


def check_indexes(elements: Sequence[etree._Element]) -> None:
    """Refuse an index that is used twice in one list; raises `MetadataRejected`."""
    seen: set[int | None] = set()
    for element in elements:
        index = reading.number(element, "index")
        if index in seen:
            what = f"index {index} is used twice"
            raise MetadataRejected(MetadataReason.DUPLICATE, reading.path(element), what, "SAML metadata 2.2.3")
        seen.add(index)


def default_of(elements: Sequence[etree._Element]) -> etree._Element | None:
    """The default of a list: marked as such, else the first that is not marked otherwise, else the first.

    None for an empty list; raises `MetadataRejected` when several are marked.
    """
    marked = [element for element in elements if reading.boolean(element, "isDefault", default=False)]
    if len(marked) > 1:
        what = f"{len(marked)} elements have isDefault=true"
        raise MetadataRejected(MetadataReason.DUPLICATE, reading.path(marked[1]), what, "SAML metadata 2.2.3")
    unmarked = [element for element in elements if element.get("isDefault") is None]
    return next(iter((*marked, *unmarked, *elements)), None)


def check_locations(role: etree._Element) -> None:
    """Refuse a role of which any address is unusable, used by us or not; raises `MetadataRejected`."""
    for element in role.iter(etree.Element):
        for name in _LOCATIONS:
            if element.get(name) is not None:
                location(element, name)


def location(element: etree._Element, name: str = "Location") -> str:
    """The address in attribute `name`, exactly as it is written; raises `MetadataRejected`."""
    value = reading.attribute(element, name)
    fault = fault_of(value)
    if fault:
        where = f"{reading.path(element)}/@{name}"
        raise MetadataRejected(MetadataReason.ENDPOINT, where, f"{value[:80]!r}: {fault}", "SAML metadata 2.2.2")
    return value


def fault_of(value: str) -> str | None:
    """What is wrong with a web address, or None. A browser and `urlsplit` must not be able to disagree about it."""
    if not _VISIBLE.fullmatch(value) or "\\" in value:
        return "white space, a backslash or a character outside ASCII"
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  reading it is the check
    except ValueError as error:
        return str(error)
    if parts.scheme not in ("http", "https"):
        return "only http and https"
    if not parts.hostname:
        return "no host name"
    if "@" in parts.netloc:
        return "user name or password in the address"
    return "a fragment" if "#" in value else None


def write(role: etree._Element, name: str, endpoint: Endpoint) -> None:
    """Append `md:<name>` for `endpoint`."""
    attributes = {"Binding": endpoint.binding, "Location": endpoint.location}
    if endpoint.index is not None:
        attributes |= {"index": str(endpoint.index), "isDefault": str(endpoint.is_default).lower()}
    child(role, names.MD, name, attributes)
