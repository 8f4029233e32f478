"""The signature over a query: HTTP-Redirect signs the parameters as they were sent, and nothing in the message.

SAML bindings 3.4.4.1.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import unquote_plus

from lxml import etree

from broker.core.text import Text
from broker.inspection import signatures
from broker.inspection.found import Found
from broker.inspection.inspected import SignatureFacts, Standing
from broker.inspection.known import Known
from broker.inspection.signatures import Judged
from broker.rules import reception
from broker.saml import redirect
from broker.saml.faults import Fault, SignatureReason

_TRUSTED: Final = Text("De sleutel staat in de metadata van de afzender.", "The key is in the metadata of the sender.")
_NO_KEY: Final = Text(
    "Er is geen metadata van de afzender, en een query brengt geen certificaat mee.",
    "There is no metadata of the sender, and a query brings no certificate.",
)
_ALTERED: Final = Text(
    "De query is veranderd nadat zij werd ondertekend, of een andere sleutel ondertekende.",
    "The query was altered after it was signed, or another key signed.",
)


@dataclass(frozen=True, slots=True)
class Carried:
    """The signature over the query, and the fault that is held against it."""

    facts: SignatureFacts
    fault: Fault | None

    @property
    def judged(self) -> Judged:
        """The same, as any signature."""
        return Judged(self.facts, etree.Element("query"), self.fault, None, None)


def judge(found: Found, root: etree._Element, known: Known, moment: datetime) -> Carried | None:
    """The signature over the query; None when there was no query, or one that is not signed."""
    if found.query is None or found.parameter is None or b"Signature=" not in found.query:
        return None
    signer = signatures.signer(root)
    keys = known.keys_of(signer)
    standing, why, fault = Standing.TRUSTED, _TRUSTED, None
    try:
        signed = redirect.decode(found.query, found.parameter)
        if keys:
            redirect.prove(signed, root, keys, moment)
        else:
            standing, why = Standing.UNPROVEN, _NO_KEY
    except Fault as error:
        fault = error
        altered = error.reason is SignatureReason.INVALID
        standing = Standing.BROKEN if altered else Standing.REFUSED
        why = _ALTERED if altered else reception.rule_of(error.reason).text
    parameters = dict(part.partition("=")[::2] for part in found.query.decode("ascii", "replace").split("&"))
    facts = SignatureFacts(
        number=len(list(root.iter(signatures.SIGNATURE))) + 1,
        path="query",
        covers=f"query: {', '.join(name for name in (found.parameter, 'RelayState', 'SigAlg') if name in parameters)}",
        signer=signer,
        algorithm=unquote_plus(parameters.get("SigAlg", "")),
        digest="",
        canonicalization="",
        transforms=(),
        key_name=None,
        certificate=None if not keys else signatures.certificate_facts(keys[0].certificate, from_metadata=True),
        standing=standing,
        why=why,
        detail="" if fault is None else fault.detail,
        spans=signatures.whole(found.octets),
    )
    return Carried(facts, fault)
