"""Rules for metadata: those by which a service provider is registered, and what makes any metadata unusable."""

from broker.inspection.circumstances import Circumstances, Judgement
from broker.inspection.parts import Kind, Part
from broker.rules import metadata_by_the_book, refused_metadata
from broker.rules.metadata_by_the_book import Written
from broker.rules.rule import check
from broker.saml import known_broker, metadata, names
from broker.saml.faults import MetadataRejected


def judge_metadata(octets: bytes, all_parts: tuple[Part, ...], known: Circumstances) -> Judgement:
    """What is wrong with metadata of one party; nothing for anything else.

    That of several parties is only believed with the key of who signs it for all, which nobody can give here.
    """
    if not all_parts or all_parts[0].kind is not Kind.METADATA:
        return Judgement()
    try:
        if all_parts[0].element.find(f"{{{names.MD}}}IDPSSODescriptor") is not None:
            known_broker.read_broker(octets, known.moment)
            return Judgement()
        read, entity = metadata.read_as_written(octets, known.moment)
    except MetadataRejected as rejected:
        return Judgement((refused_metadata.finding(rejected),))
    return Judgement(check(metadata_by_the_book.RULES, Written(read, entity, known.moment)))
