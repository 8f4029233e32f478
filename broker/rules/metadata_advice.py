"""What somebody can do about a finding in the metadata of a service provider."""

from collections.abc import Mapping
from typing import Final

from broker.core.text import Text

_OF_RULE: Final[Mapping[str, Text]] = {
    "EH-REG-01": Text(
        'Zet in de metadata een KeyDescriptor met use="encryption", of in de dienstencatalogus een ServiceCertificate.',
        'Put a KeyDescriptor with use="encryption" in the metadata, or a ServiceCertificate in the service catalogue.',
    ),
    "EH-REG-02": Text(
        "Zoek uit welk certificaat klopt, en zet dat op beide plaatsen. Tot dan geldt dat van de catalogus.",
        "Find out which certificate is right, and put it in both places. Until then that of the catalogue counts.",
    ),
    "EH-REG-03": Text(
        "Maak een dienstencatalogus met ‘ketenbroker catalogue’, noem die bij paths.catalogues en start de makelaar "
        "opnieuw.",
        "Make a service catalogue with ‘ketenbroker catalogue’, name it in paths.catalogues and start the broker "
        "again.",
    ),
    "EH-REG-10": Text(
        "Laat uw software de metadata ondertekenen. Hier hoeft dat niet, bij een echte makelaar wel.",
        "Have your software sign the metadata. Here it need not, with a real broker it must.",
    ),
    "EH-REG-11": Text(
        "Zet AuthnRequestsSigned op true, en onderteken elke aanvraag.",
        "Set AuthnRequestsSigned to true, and sign every request.",
    ),
    "EH-REG-12": Text("Zet WantAssertionsSigned op true.", "Set WantAssertionsSigned to true."),
    "EH-REG-13": Text("Haal NameIDFormat uit de metadata.", "Take NameIDFormat out of the metadata."),
    "EH-REG-14": Text(
        "Geef de sleutel een KeyName, en noem die in de handtekening van uw berichten.",
        "Give the key a KeyName, and name it in the signature of your messages.",
    ),
    "EH-REG-15": Text(
        "Zet op tijd een nieuw certificaat naast het oude in de metadata, en registreer die opnieuw.",
        "Put a new certificate beside the old one in the metadata in time, and register it again.",
    ),
    "EH-REG-16": Text(
        "Geef dit adres de binding HTTP-Artifact, of haal het weg. Antwoorden komen alleen zo.",
        "Give this address the binding HTTP-Artifact, or take it out. Answers come by no other.",
    ),
    "EH-REG-17": Text(
        'Zet isDefault="true" bij één AssertionConsumerService.',
        'Put isDefault="true" on one AssertionConsumerService.',
    ),
    "EH-REG-18": Text(
        'Zet isDefault="true" bij één AttributeConsumingService.',
        'Put isDefault="true" on one AttributeConsumingService.',
    ),
    "EH-REG-19": Text(
        "Zet voor elke dienst een AttributeConsumingService in de metadata.",
        "Put an AttributeConsumingService in the metadata for each service.",
    ),
    "EH-REG-20": Text(
        "Zet de ServiceID van de dienst als RequestedAttribute in de AttributeConsumingService.",
        "Put the ServiceID of the service in the AttributeConsumingService, as a RequestedAttribute.",
    ),
    "EH-REG-21": Text("Haal deze RequestedAttribute weg.", "Take this RequestedAttribute out."),
    "EH-REG-22": Text(
        "Hier mag elke EntityID. Een echte makelaar verwacht urn:etoegang:DV:<OIN>:entities:<index>.",
        "Here any EntityID will do. A real broker expects urn:etoegang:DV:<OIN>:entities:<index>.",
    ),
    "EH-REG-23": Text("Zet er 1.13 of 1.11 neer, of laat het weg.", "Make it 1.13 or 1.11, or leave it out."),
    "EH-REG-24": Text("Haal dit onderdeel uit de metadata.", "Take this part out of the metadata."),
    "EH-REG-40": Text(
        "Geef voor elke dienstverlener een eigen bestand, met één EntityDescriptor.",
        "Give a file of its own for each service provider, with one EntityDescriptor.",
    ),
    "EH-REG-41": Text(
        "Geef metadata van een dienstverlener, met één SPSSODescriptor voor SAML 2.0.",
        "Give the metadata of a service provider, with one SPSSODescriptor for SAML 2.0.",
    ),
    "EH-REG-42": Text(
        "Zet in elke KeyDescriptor één RSA-certificaat van ten minste 2048 bits, en ten minste één om mee te "
        "ondertekenen.",
        "Put one RSA certificate of at least 2048 bits in each KeyDescriptor, and at least one for signing.",
    ),
    "EH-REG-43": Text(
        "Schrijf elk adres voluit, met http:// of https://. Een AssertionConsumerService met HTTP-Artifact is nodig.",
        "Write each address in full, with http:// or https://. There must be an AssertionConsumerService with "
        "HTTP-Artifact.",
    ),
    "EH-REG-44": Text("Laat er één staan.", "Keep one of them."),
    "EH-REG-45": Text(
        "Laat uw software nieuwe metadata maken, die langer geldig is.",
        "Have your software make new metadata that is valid for longer.",
    ),
    "EH-REG-49": Text(
        "Controleer het adres, en of de website het doet. U kunt de metadata ook als bestand geven.",
        "Check the address, and whether the website works. You can give the metadata as a file as well.",
    ),
}
_OF_DOCUMENT: Final = Text(
    "Laat uw software de metadata opnieuw maken, en geef die zonder iets te veranderen.",
    "Have your software make the metadata anew, and give it without a change.",
)
_OF_GROUP: Final[Mapping[str, Text]] = {
    "EH-XML": _OF_DOCUMENT,
    "EH-SIG": Text(
        "Laat uw software de metadata opnieuw ondertekenen, met een sleutel die er zelf in staat. Of haal de "
        "handtekening eruit; dan staat u voor het bestand in.",
        "Have your software sign the metadata anew, with a key that stands in it. Or take the signature out; then you "
        "vouch for the file.",
    ),
    "EH-CNT": Text(
        "Verbeter dit in de instellingen van uw software, en laat die de metadata opnieuw maken.",
        "Mend this in the settings of your software, and have it make the metadata anew.",
    ),
}


def advice(rule_id: str) -> Text:
    """What can be done about a finding of this rule."""
    return _OF_RULE.get(rule_id) or _OF_GROUP.get(rule_id.rpartition("-")[0], _OF_DOCUMENT)
