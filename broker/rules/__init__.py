"""Everything that may be wrong with a message, as one catalogue of rules.

A rule is a frozen entry: a stable id, a severity, the clause it comes from, a text in Dutch and English, and one small
function that looks at a context and returns what it saw. The broker rejects a message on findings of severity error;
nothing else in the project decides whether a message is acceptable.

    reception             what the primitives of `broker.saml` raise: transport, document, signature, content
    request               an AuthnRequest of a service provider
    by_the_book           the same, for what a strict broker rejects and a lenient one notes
    artifact_response     the answer to our own ArtifactResolve
    answer                what is looked at in every answer: rules of the next two use it
    statement             the answer of an authentication service
    summary               the broker's answer, as its Beheermodule judges it
    summary_by_the_book   the same answer, as any service provider should judge it: subject, conditions
    summary_attributes    the same: service, person, organisations
    evidence              the statements in its Advice: whether they bear it out (`evidence_mandate`: the registers)
    question              an AuthnRequest of a broker to an authentication service
    resolve               an ArtifactResolve of a service provider
    choice                what a person posts to choose an organisation
    registration          metadata of a service provider beside the service catalogue
    metadata_by_the_book  the same metadata, for what the scheme wants otherwise
    refused_metadata      what makes metadata unusable
    metadata_report       findings about metadata for whoever has to mend it, with line and advice (`metadata_advice`)
    list_request          which authentication services can be chosen for a service
    logout                a LogoutRequest of a service provider, and an authentication service's answer to ours

Ids are never used again for something else. To find a rule, search for its id.
"""

from typing import Any

from broker.rules import (
    artifact_response,
    by_the_book,
    choice,
    evidence,
    list_request,
    logout,
    metadata_by_the_book,
    question,
    reception,
    refused_metadata,
    registration,
    request,
    resolve,
    statement,
    summary,
    summary_attributes,
    summary_by_the_book,
)
from broker.rules.rule import Rule

RULES: tuple[Rule[Any], ...] = (
    *reception.RULES,
    *request.RULES,
    *by_the_book.RULES,
    *statement.RULES,
    *summary.RULES,
    *summary_by_the_book.RULES,
    *summary_attributes.RULES,
    *evidence.RULES,
    *question.RULES,
    *resolve.RULES,
    *artifact_response.RULES,
    *choice.RULES,
    *registration.RULES,
    *metadata_by_the_book.RULES,
    *refused_metadata.RULES,
    *list_request.RULES,
    *logout.RULES,
)
