"""What the parts and values of messages mean, in both languages, with the clause that says so. No logic."""

from typing import Final

from broker.core.identifiers import IdentifierType
from broker.core.text import Text
from broker.saml import names

Meaning = tuple[Text, str]


def _of(nl: str, en: str, clause: str) -> Meaning:
    return Text(nl, en), clause


_CORE, _ETD = "SAML core", "etd DV-HM"

ELEMENTS: Final[dict[str, Meaning]] = {
    "Envelope": _of("SOAP-envelop om het bericht", "SOAP envelope around the message", "SAML bindings 3.2.2"),
    "Body": _of("inhoud van de envelop", "content of the envelope", "SAML bindings 3.2.2"),
    "AuthnRequest": _of("vraag om iemand te laten inloggen", "request to have somebody log in", f"{_CORE} 3.4.1"),
    "Response": _of("antwoord op zo'n vraag", "answer to such a request", f"{_CORE} 3.3.3; {_ETD} response"),
    "ArtifactResolve": _of(
        "vraag om het bericht achter een artifact", "asks for what an artifact is for", f"{_CORE} 3.5.1"
    ),
    "ArtifactResponse": _of(
        "levert het bericht achter een artifact", "gives what an artifact is for", f"{_CORE} 3.5.2"
    ),
    "Artifact": _of(
        "verwijzing naar een bericht; werkt één keer", "reference to a message; works once", "SAML bindings 3.6.4"
    ),
    "LogoutRequest": _of("verzoek om uit te loggen", "request to log out", f"{_CORE} 3.7.1"),
    "LogoutResponse": _of("antwoord op zo'n verzoek", "answer to such a request", f"{_CORE} 3.7.2"),
    "Assertion": _of("verklaring van één partij", "statement of one party", f"{_CORE} 2.3.3"),
    "EncryptedAssertion": _of("versleutelde verklaring", "encrypted assertion", f"{_CORE} 2.3.4"),
    "Issuer": _of("wie dit zegt: de EntityID", "who says this: the EntityID", f"{_CORE} 2.2.5"),
    "Signature": _of("handtekening; zie onder handtekeningen", "signature; see under signatures", "XML Signature 4"),
    "Status": _of("hoe het afliep", "how it ended", f"{_CORE} 3.2.2.1"),
    "StatusCode": _of(
        "code van de afloop; een tweede erin zegt meer", "code of the outcome; one inside says more", f"{_CORE} 3.2.2.2"
    ),
    "StatusMessage": _of("de afloop in woorden", "the outcome in words", f"{_CORE} 3.2.2.3"),
    "Extensions": _of("wat SAML zelf niet kent", "what SAML itself does not know", f"{_CORE} 3.2.1"),
    "RequestedAuthnContext": _of(
        "het gevraagde betrouwbaarheidsniveau", "the level of assurance asked for", f"{_CORE} 3.3.2.2"
    ),
    "Scoping": _of(
        "welke authenticatiedienst gewenst is", "which authentication service is wanted", f"{_CORE} 3.4.1.2"
    ),
    "NameIDPolicy": _of("welke soort naam gewenst is", "which kind of name is wanted", f"{_CORE} 3.4.1.1"),
    "Subject": _of("over wie dit gaat", "whom this is about", f"{_CORE} 2.4"),
    "NameID": _of(
        "naam van de persoon, of een versleuteld kenmerk", "name of the person, or an identifier", f"{_CORE} 2.2.3"
    ),
    "SubjectConfirmation": _of(
        "hoe de ontvanger weet dat het over de brenger gaat",
        "how it is known to be about who brings it",
        "SAML profiles 4.1.4.2",
    ),
    "SubjectConfirmationData": _of(
        "voor welke vraag, waar en tot wanneer", "for which request, where and until when", "SAML profiles 4.1.4.2"
    ),
    "Conditions": _of("wanneer en voor wie dit geldt", "when and for whom this counts", f"{_CORE} 2.5"),
    "AudienceRestriction": _of("alleen voor deze ontvangers", "for these recipients only", f"{_CORE} 2.5.1.4"),
    "Audience": _of("een ontvanger: de EntityID", "a recipient: its EntityID", f"{_CORE} 2.5.1.4"),
    "Advice": _of(
        "het bewijs: verklaringen van andere partijen",
        "the evidence: statements of other parties",
        "etd Linking of assertions",
    ),
    "AssertionIDRef": _of(
        "rust op de verklaring met dit ID", "rests on the assertion with this ID", "etd Linking of assertions"
    ),
    "AuthnStatement": _of("dat en wanneer iemand inlogde", "that somebody logged in, and when", f"{_CORE} 2.7.2"),
    "AuthnContext": _of("hoe sterk dat was", "how strong that was", f"{_CORE} 2.7.2.2"),
    "AuthnContextClassRef": _of("het betrouwbaarheidsniveau", "the level of assurance", "etd Levels of assurance"),
    "AuthenticatingAuthority": _of("bij wie werd ingelogd", "at whom that was", f"{_CORE} 2.7.2.2"),
    "AttributeStatement": _of(
        "gegevens over persoon, organisatie en dienst", "facts about person, organisation and service", f"{_CORE} 2.7.3"
    ),
    "AttributeValue": _of("waarde", "value", f"{_CORE} 2.7.3.1.1"),
    "EncryptedID": _of(
        "kenmerk, versleuteld voor één ontvanger", "identifier, encrypted for one recipient", "etd SAML encryption"
    ),
    "EncryptedAttribute": _of(
        "gegeven, versleuteld voor één ontvanger", "attribute, encrypted for one recipient", "etd EncryptedAttribute"
    ),
    "EncryptedData": _of("de versleutelde inhoud", "the encrypted content", "XML Encryption 3.1"),
    "EncryptedKey": _of("de sleutel daarvan, zelf versleuteld", "its key, itself encrypted", "XML Encryption 3.5.1"),
    "Statement": _of("besluit van een machtigingenregister", "decision of a mandate register", "etd HM-MR interface"),
    "Decision": _of(
        "het besluit: Permit is toegestaan", "the decision: Permit allows it", "XACML 2.0; etd HM-MR interface"
    ),
    "Obligation": _of(
        "een ander register moet dit bevestigen",
        "another register must confirm this",
        "etd HM-MR interface: chain authorisation",
    ),
    "AttributeAssignment": _of("welk register", "which register", "etd HM-MR interface: chain authorisation"),
    "EntityDescriptor": _of("beschrijving van een partij", "description of a party", "SAML metadata 2.3.2"),
    "EntitiesDescriptor": _of("beschrijving van partijen", "description of parties", "SAML metadata 2.3.1"),
    "KeyDescriptor": _of("certificaat en waarvoor het is", "certificate and what it is for", "SAML metadata 2.4.1.1"),
    "AssertionConsumerService": _of("adres voor antwoorden", "address for answers", "SAML metadata 2.4.4"),
    "SingleSignOnService": _of(
        "adres voor vragen om in te loggen", "address for requests to log in", "SAML metadata 2.4.3"
    ),
    "ArtifactResolutionService": _of(
        "adres om berichten op te halen", "address to fetch messages at", "SAML metadata 2.4.2"
    ),
    "SingleLogoutService": _of("adres om uit te loggen", "address to log out", "SAML metadata 2.4.2"),
    "AttributeConsumingService": _of(
        "een dienst en wat die vraagt", "a service and what it asks for", "SAML metadata 2.4.4.1"
    ),
    "RequestedAttribute": _of(
        "gegeven of dienst die gevraagd wordt", "attribute or service that is asked for", "SAML metadata 2.4.4.2"
    ),
}

ATTRIBUTES: Final[dict[str, Meaning]] = {
    "@ID": _of(
        "kenmerk van dit bericht; komt nooit terug", "identifier of this message; never comes back", f"{_CORE} 1.3.4"
    ),
    "@Version": _of("versie van SAML", "version of SAML", f"{_CORE} 3.2.1"),
    "@IssueInstant": _of("wanneer het werd gemaakt (UTC)", "when it was made (UTC)", f"{_CORE} 1.3.3"),
    "@Destination": _of("adres waarvoor het bestemd is", "address that it is meant for", f"{_CORE} 3.2.1"),
    "@InResponseTo": _of(
        "ID van het bericht waarop dit antwoordt", "ID of the message that this answers", f"{_CORE} 3.2.2"
    ),
    "@Recipient": _of("adres of partij die het mag gebruiken", "address or party that may use it", f"{_CORE} 2.4.1.2"),
    "@NotBefore": _of("geldt vanaf", "counts from", f"{_CORE} 2.5.1.2"),
    "@NotOnOrAfter": _of(
        "geldt tot, dit moment niet meegeteld", "counts until, not at this moment", f"{_CORE} 2.5.1.2"
    ),
    "@AuthnInstant": _of("wanneer werd ingelogd (UTC)", "when somebody logged in (UTC)", f"{_CORE} 2.7.2"),
    "@SessionIndex": _of("kenmerk van de sessie", "identifier of the session", f"{_CORE} 2.7.2"),
    "@ForceAuthn": _of("opnieuw inloggen verplicht", "logging in anew is obligatory", f"{_CORE} 3.4.1"),
    "@IsPassive": _of("zonder schermen", "without screens", f"{_CORE} 3.4.1"),
    "@AssertionConsumerServiceIndex": _of(
        "nummer van het antwoordadres in de metadata",
        "number of the address for the answer in the metadata",
        f"{_CORE} 3.4.1",
    ),
    "@AssertionConsumerServiceURL": _of(
        "het antwoordadres zelf", "the address for the answer itself", f"{_CORE} 3.4.1"
    ),
    "@AttributeConsumingServiceIndex": _of(
        "nummer van de dienst in de metadata", "number of the service in the metadata", f"{_CORE} 3.4.1"
    ),
    "@ProtocolBinding": _of("hoe het antwoord moet komen", "how the answer should come", f"{_CORE} 3.4.1"),
    "@ProviderName": _of("naam van de dienstverlener", "name of the service provider", f"{_CORE} 3.4.1"),
    "@Comparison": _of("hoe het niveau vergeleken wordt", "how the level is compared", f"{_CORE} 3.3.2.2.1"),
    "@Format": _of("soort naam", "kind of name", f"{_CORE} 8.3"),
    "@NameQualifier": _of(
        "van wie de naam is, of welke soort kenmerk",
        "whose name it is, or which kind of identifier",
        "etd Identifying attributes",
    ),
    "@entityID": _of("EntityID van de partij", "EntityID of the party", "SAML metadata 2.3.2"),
    "@validUntil": _of(
        "daarna telt de metadata niet meer", "after that the metadata no longer counts", "SAML metadata 2.3.2"
    ),
}

_IDENTIFIERS: Final = {
    IdentifierType.KVK_NUMBER: ("KvK-nummer", "KvK number"),
    IdentifierType.RSIN: ("RSIN", "RSIN"),
    IdentifierType.PSEUDO: ("specifiek pseudoniem van de persoon", "specific pseudonym of the person"),
    IdentifierType.BSN: ("burgerservicenummer", "citizen service number (BSN)"),
    IdentifierType.PSEUDO_ID: ("pseudoniem van BSNk", "pseudonym of BSNk"),
    IdentifierType.EIDAS_LEGAL: ("Europees kenmerk van een organisatie", "European identifier of an organisation"),
}

VALUES: Final[dict[str, Meaning]] = {
    names.SERVICE_ID: _of("ServiceID: de dienst", "ServiceID: the service", "etd ServiceID"),
    names.SERVICE_UUID: _of(
        "ServiceUUID: de dienst in de catalogus", "ServiceUUID: the service in the catalogue", "etd ServiceUUID"
    ),
    names.INTENDED_AUDIENCE: _of(
        "de dienstverlener waarvoor het is", "the service provider that it is for", "etd HM-AD AuthnRequest"
    ),
    names.ACTING_SUBJECT_ID: _of("de handelende persoon", "the acting person", "etd ActingSubjectID"),
    names.ACTING_ENTITY_ID: _of(
        "de handelende persoon, leesbaar", "the acting person, readable", "etd HM-MR interface"
    ),
    names.LEGAL_SUBJECT_ID: _of(
        "de organisatie namens wie wordt gehandeld", "the organisation acted for", "etd LegalSubjectID"
    ),
    names.REPRESENTATION: _of(
        "of de persoon namens een ander handelt", "whether the person acts for another", "etd HM-AD Assertion"
    ),
    names.AUTHORIZATION_REGISTRY_ID: _of(
        "register dat de machtiging kent", "register that knows the mandate", "etd HM-AD Assertion"
    ),
    names.LEVEL_OF_ASSURANCE: _of("niveau dat gevraagd was", "level that was asked for", "etd HM-MR interface"),
    names.LEVEL_OF_ASSURANCE_USED: _of(
        "niveau waarop de machtiging is vastgelegd", "level at which the mandate was registered", "etd HM-MR interface"
    ),
    names.LINKED_SIGNATURE_VALUE: _of(
        "handtekening waarop dit rust", "signature that this rests on", "etd LinkedDeclarationSignatureValue"
    ),
    names.REQUIRE_NEXT_REGISTER: _of(
        "het register van de klant moet bevestigen",
        "the client's register must confirm",
        "etd HM-MR interface: chain authorisation",
    ),
    names.INTERMEDIATE_KVK_NUMBER: _of(
        "KvK-nummer van de intermediair: een ketenmachtiging",
        "KvK number of the intermediary: a chain mandate",
        "etd DV-HM response: IntermediateEntityID",
    ),
    names.INTERMEDIATE_RSIN: _of(
        "RSIN van de intermediair", "RSIN of the intermediary", "etd DV-HM response: IntermediateEntityID"
    ),
    names.INTERMEDIATE_SUBJECT_ID: _of(
        "de intermediair, versleuteld", "the intermediary, encrypted", "etd HM-MR interface: chain authorisation"
    ),
    names.INTERMEDIATE_COMPANY_NAME: _of(
        "naam van de intermediair", "name of the intermediary", "etd Attribute catalogue"
    ),
    names.REPRESENTED_COMPANY_NAME: _of(
        "naam van de organisatie", "name of the organisation", "etd Attribute catalogue"
    ),
    names.RESTRICTION_BRANCH: _of("alleen voor deze vestiging", "for this branch only", "etd ServiceRestriction"),
    names.BEARER: _of("wie het brengt, is de persoon", "whoever brings it is the person", "SAML profiles 3.3"),
    names.NAMEID_TRANSIENT: _of("tijdelijk: voor deze keer", "transient: for this time only", f"{_CORE} 8.3.8"),
    names.NAMEID_PERSISTENT: _of("blijvend", "persistent", f"{_CORE} 8.3.7"),
    names.NAMEID_UNSPECIFIED: _of("niet nader bepaald", "unspecified", f"{_CORE} 8.3.1"),
    names.STATUS_SUCCESS: _of("gelukt", "succeeded", f"{_CORE} 3.2.2.2"),
    names.STATUS_REQUESTER: _of("mislukt door de vrager", "failed by who asked", f"{_CORE} 3.2.2.2"),
    names.STATUS_RESPONDER: _of("mislukt bij wie antwoordt", "failed at who answers", f"{_CORE} 3.2.2.2"),
    names.STATUS_AUTHN_FAILED: _of("niet ingelogd of geannuleerd", "not logged in, or cancelled", f"{_CORE} 3.2.2.2"),
    names.STATUS_REQUEST_UNSUPPORTED: _of("de vraag kan niet", "the request cannot be", f"{_CORE} 3.2.2.2"),
    names.BINDING_POST: _of("door een formulier", "by a form", "SAML bindings 3.5"),
    names.BINDING_REDIRECT: _of("in een adres", "in an address", "SAML bindings 3.4"),
    names.BINDING_ARTIFACT: _of("met een artifact", "by an artifact", "SAML bindings 3.6"),
    names.BINDING_SOAP: _of("rechtstreeks (SOAP)", "directly (SOAP)", "SAML bindings 3.2"),
    **{
        names.ASSURANCE_CLASS + level: _of(f"niveau {label}", f"level {label}", "etd Levels of assurance")
        for level, label in (
            *(("loa1", "EH1"), ("loa2", "EH2"), ("loa2plus", "EH2+")),
            *(("loa3", "EH3"), ("loa4", "EH4")),
        )
    },
    **{kind.value: _of(nl, en, "etd Identifying attributes") for kind, (nl, en) in _IDENTIFIERS.items()},
}
