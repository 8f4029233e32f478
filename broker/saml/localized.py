"""Names and descriptions that stand in metadata and the service catalogue once per language."""

from lxml import etree

from broker.core.text import LANGUAGES, Text
from broker.saml import names
from broker.saml.build import child
from broker.saml.faults import ContentReason, Fault

_LANGUAGE = f"{{{names.XML}}}lang"


def read(parent: etree._Element, namespace: str, name: str) -> Text:
    """The text of the children `{namespace}name` by `xml:lang`; raises `Fault` when there are none.

    A missing language takes the other one, and where neither Dutch nor English is given both take the first:
    real catalogues name an organisation in one language only.
    """
    found: dict[str, str] = {}
    for element in parent.findall(f"{{{namespace}}}{name}"):
        language = element.get(_LANGUAGE, "").partition("-")[0].lower()
        found.setdefault(language, " ".join((element.text or "").split()))
    if not found:
        raise Fault(ContentReason.MISSING, f"{name} in {etree.QName(parent).localname}")
    first = next(iter(found.values()))
    return Text(nl=found.get("nl") or found.get("en") or first, en=found.get("en") or found.get("nl") or first)


def write(parent: etree._Element, namespace: str, name: str, text: Text) -> None:
    """Append one child `{namespace}name` per language."""
    for language in LANGUAGES:
        child(parent, namespace, name, {_LANGUAGE: language}, text.in_language(language))
