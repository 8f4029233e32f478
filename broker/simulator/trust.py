"""Turning what primitives raise into rejections, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.core.findings import Finding
from broker.rules import reception
from broker.rules.rule import errors
from broker.saml import document, names, schema
from broker.saml.faults import Fault


@contextmanager
def untrusted() -> Iterator[None]:
    """Inside, a `Fault` becomes `UntrustedMessage` with the finding of its rule."""
    try:
        yield
    except Fault as fault:
        raise UntrustedMessage((reception.finding(fault),)) from fault


def require(findings: tuple[Finding, ...]) -> None:
    """Raises `UntrustedMessage` when there is a finding of severity error."""
    if errors(findings):
        raise UntrustedMessage(findings)


def unknown_sender(issuer: str) -> UntrustedMessage:
    """The error for a message whose issuer is not registered."""
    return UntrustedMessage(tuple(reception.UNKNOWN_SENDER.findings(issuer)))


def read_message(data: bytes, tag: str) -> tuple[etree._Element, str]:
    """Parse and validate a message of one kind; returns its root and the issuer that it *claims*.

    The claim only serves to look up keys. Raises `Fault`.
    """
    root = document.read(data)
    document.expect_root(root, tag)
    schema.validate(root)
    return root, claimed_issuer(root)


def claimed_issuer(root: etree._Element) -> str:
    """The text of Issuer, not yet proven."""
    return root.findtext(f"{{{names.SAML}}}Issuer") or ""
