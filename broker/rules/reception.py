"""Rules behind the primitives: each reason for which `broker.saml` refuses a message is one rule.

The primitives raise, so that nothing can be read by accident; the rule turns what they raised into a finding.
"""

from collections.abc import Iterable
from typing import Any, Final

from broker.core.findings import Finding, Severity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml.faults import (
    BindingReason,
    ContentReason,
    DocumentReason,
    EncryptionReason,
    Fault,
    MetadataRejected,
    Reason,
    SignatureReason,
)


def _raised(id_: str, reason: Reason, clause: str, nl: str, en: str) -> tuple[Reason, Rule[Fault]]:
    def look(fault: Fault) -> Iterable[Seen]:
        if fault.reason is reason:
            yield Seen(reason.value, fault.detail or en)

    return reason, Rule(id_, Severity.ERROR, clause, Text(nl, en), look)


_BY_REASON: Final[dict[Reason, Rule[Fault]]] = dict(
    (
        _raised(
            "EH-BND-01",
            BindingReason.PARAMETERS,
            "SAML bindings 3.5.4",
            "Het bericht ontbreekt of is te groot.",
            "The message is missing or too large.",
        ),
        _raised(
            "EH-BND-02",
            BindingReason.BASE64,
            "SAML bindings 3.5.4",
            "Het bericht is geen geldige base64.",
            "The message is not valid base64.",
        ),
        _raised(
            "EH-BND-03",
            BindingReason.ENVELOPE,
            "SAML bindings 3.2.2",
            "De SOAP-envelop bevat niet precies één bericht.",
            "The SOAP envelope does not hold exactly one message.",
        ),
        _raised(
            "EH-BND-04",
            BindingReason.ARTIFACT,
            "SAML bindings 3.6.4",
            "Het artifact heeft niet de vorm van type 4.",
            "The artifact does not have the form of type 4.",
        ),
        _raised(
            "EH-BND-05",
            BindingReason.COMPRESSION,
            "SAML bindings 3.4.4.1: DEFLATE",
            "Het bericht is niet goed gecomprimeerd of wordt te groot.",
            "The message is not compressed correctly or becomes too large.",
        ),
        _raised(
            "EH-BND-06",
            BindingReason.UNANSWERED,
            "SAML bindings 3.6.3; SAML bindings 3.2.3",
            "De dienstverlener gaf het bericht achter het artifact niet.",
            "The service provider did not hand over the message behind the artifact.",
        ),
        _raised(
            "EH-XML-01",
            DocumentReason.EMPTY,
            "XML 1.0, 2.1",
            "Het bericht is leeg.",
            "The message is empty.",
        ),
        _raised(
            "EH-XML-02",
            DocumentReason.TOO_LARGE,
            "limit: 256 KiB",
            "Het bericht is groter dan 256 KiB.",
            "The message is larger than 256 KiB.",
        ),
        _raised(
            "EH-XML-03",
            DocumentReason.NOT_UTF8,
            "limit: UTF-8 only",
            "Het bericht is geen UTF-8.",
            "The message is not UTF-8.",
        ),
        _raised(
            "EH-XML-04",
            DocumentReason.XML_DECLARATION,
            "limit: XML 1.0 in UTF-8",
            "De XML-declaratie noemt een andere versie of codering.",
            "The XML declaration names another version or encoding.",
        ),
        _raised(
            "EH-XML-05",
            DocumentReason.DOCTYPE,
            "SAML core 1.3; limit: no DOCTYPE",
            "Het bericht bevat een DOCTYPE of entiteiten.",
            "The message holds a DOCTYPE or entities.",
        ),
        _raised(
            "EH-XML-06",
            DocumentReason.NOT_WELL_FORMED,
            "XML 1.0, 2.1",
            "Het bericht is geen welgevormde XML.",
            "The message is not well-formed XML.",
        ),
        _raised(
            "EH-XML-07",
            DocumentReason.FOREIGN_NODE,
            "limit: elements and text only",
            "Het bericht bevat commentaar of een verwerkingsinstructie.",
            "The message holds a comment or a processing instruction.",
        ),
        _raised(
            "EH-XML-08",
            DocumentReason.TOO_MANY_ELEMENTS,
            "limit: 2,000 elements",
            "Het bericht heeft te veel elementen.",
            "The message has too many elements.",
        ),
        _raised(
            "EH-XML-09",
            DocumentReason.TOO_DEEP,
            "limit: depth 40",
            "Het bericht is te diep genest.",
            "The message is nested too deeply.",
        ),
        _raised(
            "EH-XML-10",
            DocumentReason.RELATIVE_NAMESPACE,
            "Namespaces in XML, 2.2; exclusive canonicalisation",
            "Een namespace is geen absolute URI.",
            "A namespace is not an absolute URI.",
        ),
        _raised(
            "EH-XML-11",
            DocumentReason.DUPLICATE_ID,
            "SAML core 1.3.4",
            "Een ID komt twee keer voor.",
            "An ID occurs twice.",
        ),
        _raised(
            "EH-XML-12",
            DocumentReason.FOREIGN_ID,
            "SAML core 1.3.4",
            "Een attribuut lijkt op een ID maar is het niet.",
            "An attribute looks like an ID and is none.",
        ),
        _raised(
            "EH-XML-13",
            DocumentReason.WRONG_ROOT,
            "SAML bindings 3.5.4",
            "Het bericht is van een andere soort dan hier wordt verwacht.",
            "The message is of another kind than is expected here.",
        ),
        _raised(
            "EH-XML-14",
            DocumentReason.SCHEMA,
            "SAML schema protocol 2.0",
            "Het bericht voldoet niet aan het SAML-schema.",
            "The message does not conform to the SAML schema.",
        ),
        _raised(
            "EH-XML-15",
            DocumentReason.TOO_MANY_ATTRIBUTES,
            "limit: 64 attributes on an element",
            "Een element heeft te veel attributen.",
            "An element has too many attributes.",
        ),
        _raised(
            "EH-XML-16",
            DocumentReason.TOO_MANY_NAMESPACES,
            "limit: 64 namespaces of at most 128 characters",
            "Het bericht gebruikt te veel of te lange namespaces.",
            "The message uses too many namespaces, or too long ones.",
        ),
        _raised(
            "EH-XML-17",
            DocumentReason.MALFORMED_ID,
            "SAML core 1.3.4; XML Schema: NCName",
            "Een ID heeft niet de vorm van een XML-naam.",
            "An ID does not have the form of an XML name.",
        ),
        _raised(
            "EH-SIG-01",
            SignatureReason.MISSING,
            "etd Digital signature",
            "Het bericht is niet ondertekend.",
            "The message is not signed.",
        ),
        _raised(
            "EH-SIG-02",
            SignatureReason.POSITION,
            "SAML core 5.4.1; schema order",
            "De handtekening staat niet direct na Issuer, of er zijn er meer.",
            "The signature does not directly follow Issuer, or there are several.",
        ),
        _raised(
            "EH-SIG-03",
            SignatureReason.STRUCTURE,
            "XML Signature 4; SAML core 5.4",
            "De handtekening bevat andere onderdelen dan toegestaan.",
            "The signature holds other parts than are allowed.",
        ),
        _raised(
            "EH-SIG-04",
            SignatureReason.CANONICALIZATION,
            "etd Digital signature",
            "De canonicalisatie is niet exclusive c14n zonder commentaar.",
            "The canonicalisation is not exclusive c14n without comments.",
        ),
        _raised(
            "EH-SIG-05",
            SignatureReason.ALGORITHM,
            "etd Digital signature",
            "De handtekening gebruikt niet RSA-SHA256.",
            "The signature does not use RSA-SHA256.",
        ),
        _raised(
            "EH-SIG-06",
            SignatureReason.REFERENCE,
            "SAML core 5.4.2",
            "De handtekening gaat niet over het element waarin zij staat.",
            "The signature does not cover the element that holds it.",
        ),
        _raised(
            "EH-SIG-07",
            SignatureReason.TRANSFORMS,
            "SAML core 5.4.4",
            "De transformaties zijn niet: enveloped en daarna exclusive c14n.",
            "The transforms are not: enveloped, then exclusive c14n.",
        ),
        _raised(
            "EH-SIG-08",
            SignatureReason.DIGEST_METHOD,
            "etd Digital signature",
            "De digest is niet SHA-256.",
            "The digest is not SHA-256.",
        ),
        _raised(
            "EH-SIG-09",
            SignatureReason.KEY_INFO,
            "etd Digital signature",
            "KeyInfo bevat iets anders dan één KeyName of één certificaat.",
            "KeyInfo holds something else than one KeyName or one certificate.",
        ),
        _raised(
            "EH-SIG-10",
            SignatureReason.NO_KEY,
            "etd Digital signature; metadata",
            "Geen geldige sleutel uit de metadata van de afzender past.",
            "No valid key of the sender's metadata fits.",
        ),
        _raised(
            "EH-SIG-11",
            SignatureReason.INVALID,
            "XML Signature 3.2",
            "De handtekening klopt niet.",
            "The signature is wrong.",
        ),
        _raised(
            "EH-SIG-12",
            SignatureReason.DIGEST,
            "XML Signature 3.2.1",
            "Wat gelezen zou worden, is niet wat ondertekend is.",
            "What would be read is not what was signed.",
        ),
        _raised(
            "EH-SIG-13",
            SignatureReason.CERTIFICATE,
            "etd Digital signature: the certificate must be valid and may sign",
            "Het certificaat van de afzender is nu niet geldig, of niet om mee te ondertekenen.",
            "The sender's certificate is not valid now, or not meant for signing.",
        ),
        _raised(
            "EH-ENC-01",
            EncryptionReason.STRUCTURE,
            "etd SAML encryption",
            "Een versleuteld element heeft niet de afgesproken bouw.",
            "An encrypted element does not have the agreed structure.",
        ),
        _raised(
            "EH-ENC-02",
            EncryptionReason.ALGORITHM,
            "etd SAML encryption",
            "De versleuteling is niet AES-256-CBC met RSA-OAEP.",
            "The encryption is not AES-256-CBC with RSA-OAEP.",
        ),
        _raised(
            "EH-ENC-03",
            EncryptionReason.RECIPIENT,
            "etd SAML encryption",
            "Er is niet precies één sleutel voor de ontvanger.",
            "There is not exactly one key for the recipient.",
        ),
        _raised(
            "EH-ENC-04",
            EncryptionReason.UNDECIPHERABLE,
            "XML Encryption 5",
            "De inhoud is niet te ontsleutelen.",
            "The content cannot be decrypted.",
        ),
        _raised(
            "EH-ENC-05",
            EncryptionReason.CONTENT,
            "etd SAML encryption",
            "De ontsleutelde inhoud is niet één NameID.",
            "The decrypted content is not one NameID.",
        ),
        _raised(
            "EH-CNT-01",
            ContentReason.MISSING,
            "etd interface specifications",
            "Een verplicht onderdeel ontbreekt.",
            "A required part is missing.",
        ),
        _raised(
            "EH-CNT-02",
            ContentReason.MALFORMED,
            "etd interface specifications",
            "Een waarde heeft niet de juiste vorm.",
            "A value does not have the right form.",
        ),
        _raised(
            "EH-CNT-03",
            ContentReason.REPEATED,
            "etd interface specifications",
            "Een onderdeel komt vaker voor dan mag.",
            "A part occurs more often than is allowed.",
        ),
    )
)


def _unknown(issuer: str) -> Iterable[Seen]:
    yield Seen("Issuer", f"{issuer[:200]!r} is not registered")


UNKNOWN_SENDER: Final = Rule(
    "EH-SND-01",
    Severity.ERROR,
    "etd DV-HM AuthnRequest: Issuer; metadata",
    Text("De afzender is niet geregistreerd.", "The sender is not registered."),
    _unknown,
)


def _unusable(fault: MetadataRejected) -> Iterable[Seen]:
    yield Seen("Issuer", f"metadata: {fault}")


SENDER_METADATA: Final = Rule(
    "EH-SND-02",
    Severity.ERROR,
    "SAML metadata 2.3.2: validUntil; etd DV metadata for HM",
    Text(
        "De geregistreerde metadata van de afzender is niet meer bruikbaar.",
        "The registered metadata of the sender can no longer be used.",
    ),
    _unusable,
)

RULES: Final[tuple[Rule[Any], ...]] = (*_BY_REASON.values(), UNKNOWN_SENDER, SENDER_METADATA)


def rule_of(reason: Reason) -> Rule[Fault]:
    """The rule behind a reason that is not one of metadata itself."""
    return _BY_REASON[reason]


def finding(fault: Fault) -> Finding:
    """The finding for what a primitive raised. Metadata was checked when it was registered; what is wrong with it now
    is a matter of the sender, not of the message, and one rule whatever the reason.
    """
    if isinstance(fault, MetadataRejected):
        return SENDER_METADATA.findings(fault)[0]
    return _BY_REASON[fault.reason].findings(fault)[0]
