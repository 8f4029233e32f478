"""Metadata of a service provider by the book, and for every rule metadata that differs in one thing."""

from dataclasses import replace
from datetime import timedelta

from broker.rules.metadata_by_the_book import Written
from broker.saml import names
from broker.saml.faults import MetadataReason, MetadataRejected
from broker.saml.metadata import read_as_written
from tests.saml.metadata_samples import (
    END,
    MOMENT,
    SERVICE,
    SP,
    certificate_text,
    consumer,
    key_descriptor,
    service,
    signed,
    signing_key,
    sp_metadata,
)

KEY = signing_key("sp")
KEYS = key_descriptor(certificate_text(KEY), key_name=KEY.certificate.key_name)
MANAGED = f'<md:ManageNameIDService Binding="{names.BINDING_SOAP}" Location="http://127.0.0.1:8082/names"/>'
SECOND = "http://127.0.0.1:8082/acs/second"


def by_the_book(**parts: str) -> str:
    xml = sp_metadata(**{"keys": KEYS} | parts)
    return xml.replace('AuthnRequestsSigned="true"', 'AuthnRequestsSigned="true" WantAssertionsSigned="true"')


def written(xml: str | bytes) -> Written:
    octets = xml if isinstance(xml, bytes) else signed(xml, KEY)
    return Written(*read_as_written(octets, MOMENT), MOMENT)


def requesting(name: str) -> str:
    return service(attributes=f'<md:RequestedAttribute Name="{name}"/>')


WRITTEN = written(by_the_book())
WRITTEN_CASES = {
    "EH-REG-10": written(by_the_book().encode()),
    "EH-REG-11": written(by_the_book().replace('AuthnRequestsSigned="true"', 'AuthnRequestsSigned="false"')),
    "EH-REG-12": written(sp_metadata(keys=KEYS)),
    "EH-REG-13": written(
        by_the_book(others=f"<md:NameIDFormat>{names.NAMEID_TRANSIENT}</md:NameIDFormat>"),
    ),
    "EH-REG-14": written(by_the_book(keys=key_descriptor(certificate_text(KEY)))),
    "EH-REG-15": replace(WRITTEN, moment=END - timedelta(days=29)),
    "EH-REG-16": written(
        by_the_book(consumers=consumer(more=' isDefault="true"') + consumer(SECOND, 1, names.BINDING_POST))
    ),
    "EH-REG-17": written(by_the_book(consumers=consumer() + consumer(SECOND, 1))),
    "EH-REG-18": written(by_the_book(services=service() + service(9002, SERVICE.replace("9001", "9002")))),
    "EH-REG-19": written(by_the_book(services="")),
    "EH-REG-20": written(by_the_book(services=service(service_id="urn:etoegang:1.9:attribute:FirstName"))),
    "EH-REG-21": written(by_the_book(services=requesting("urn:etoegang:1.9:EntityConcernedID:KvKnr"))),
    "EH-REG-22": written(by_the_book().replace(SP, "https://portal.invalid/eherkenning")),
    "EH-REG-23": written(by_the_book().replace('eme:version="1.13"', 'eme:version="1.7"')),
    "EH-REG-24": written(by_the_book(others=MANAGED)),
}

REFUSED_CASES = {
    f"EH-REG-{40 + number}": MetadataRejected(reason, "SPSSODescriptor", "what was seen", "etd DV metadata for HM")
    for number, reason in enumerate(
        (
            MetadataReason.ENTITY,
            MetadataReason.ROLE,
            MetadataReason.KEY,
            MetadataReason.ENDPOINT,
            MetadataReason.DUPLICATE,
            MetadataReason.EXPIRED,
            MetadataReason.VALIDITY,
            MetadataReason.NAME,
            MetadataReason.OLDER,
            MetadataReason.SOURCE,
        )
    )
}
