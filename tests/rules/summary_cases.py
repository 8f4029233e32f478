"""Cases for the broker's assertion as a service provider should judge it, with the statements in its Advice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from broker.core.identifiers import IdentifierType
from broker.rules.evidence_context import EvidenceContext
from broker.rules.question import QuestionContext
from broker.rules.summary import Subjects
from broker.saml import names
from broker.saml.assertion import Window
from broker.saml.authn_request import AuthnRequest
from broker.saml.stated import Decision, Stated
from tests.rules.contexts import (
    AUTHENTICATION_SERVICE,
    BROKER,
    CONSUMER,
    EH3,
    NOW,
    REGISTER,
    SERVICE_ID,
    SERVICE_PROVIDER,
    SERVICE_UUID,
    SSO,
    SUBJECTS,
)

NEXT_REGISTER = "urn:etoegang:MR:00000099000000040000:entities:9002"
EH2, EH4 = (names.ASSURANCE_CLASS + level for level in ("loa2", "loa4"))
KVK, RSIN = IdentifierType.KVK_NUMBER.value, IdentifierType.RSIN.value
_WINDOW = Window(NOW - timedelta(seconds=5), NOW + timedelta(minutes=2))

BY_THE_BOOK = Stated(
    id="_summary",
    version="2.0",
    issuer=BROKER,
    issue_instant=NOW,
    signature_value="c3Vt",
    name_id="A" * 64,
    name_format=names.NAMEID_TRANSIENT,
    name_qualifier=AUTHENTICATION_SERVICE,
    confirmations=1,
    window=_WINDOW,
    audiences=(SERVICE_PROVIDER,),
    has_authentication=True,
    session_index="_session",
    level_urn=EH3,
    authority=AUTHENTICATION_SERVICE,
    plain={
        names.SERVICE_ID: (SERVICE_ID,),
        names.SERVICE_UUID: (SERVICE_UUID,),
        names.INTERMEDIATE_KVK_NUMBER: ("68750110",),
    },
    encrypted={names.ACTING_SUBJECT_ID: 1, names.LEGAL_SUBJECT_ID: 2},
    recipients=(SERVICE_PROVIDER,),
)


def written(**fields: Any) -> Stated:
    return replace(BY_THE_BOOK, **fields)


def telling(**values: tuple[str, ...]) -> Stated:
    """With these plain attributes beside the others, by the name of their constant."""
    return written(plain={**BY_THE_BOOK.plain, **{getattr(names, name): value for name, value in values.items()}})


def without(name: str) -> Stated:
    kept = {key: value for key, value in BY_THE_BOOK.plain.items() if key != name}
    return written(plain=kept, encrypted={key: value for key, value in BY_THE_BOOK.encrypted.items() if key != name})


_BESIDE = without(names.INTERMEDIATE_KVK_NUMBER)
WRITTEN_CASES = {
    "EH-SUM-50": written(issuer_is_plain=False),
    "EH-SUM-51": written(name_id=""),
    "EH-SUM-52": written(name_format=names.NAMEID_PERSISTENT),
    "EH-SUM-53": written(name_qualifier=REGISTER),
    "EH-SUM-54": written(confirmations=2),
    "EH-SUM-55": written(window=Window(NOW + timedelta(seconds=1), NOW + timedelta(minutes=2))),
    "EH-SUM-56": written(window=Window(NOW, NOW + timedelta(minutes=11))),
    "EH-SUM-57": written(audiences=()),
    "EH-SUM-58": written(audiences=(SERVICE_PROVIDER, BROKER)),
    "EH-SUM-59": written(session_index=None),
    "EH-SUM-60": written(authority="00000099000000020000", name_qualifier="00000099000000020000"),
    "EH-SUM-61": without(names.SERVICE_ID),
    "EH-SUM-62": telling(SERVICE_UUID=(SERVICE_UUID.upper(),)),
    "EH-SUM-63": without(names.ACTING_SUBJECT_ID),
    "EH-SUM-64": without(names.LEGAL_SUBJECT_ID),
    "EH-SUM-65": telling(LEGAL_SUBJECT_ID=("68727720",)),
    "EH-SUM-66": written(encrypted={**BY_THE_BOOK.encrypted, names.ACTING_SUBJECT_ID: 2}),
    "EH-SUM-67": written(recipients=(SERVICE_PROVIDER, REGISTER)),
    "EH-SUM-68": written(empty=(names.INTERMEDIATE_RSIN,)),
    "EH-SUM-69": written(plain={**BY_THE_BOOK.plain, "mail": ("x",)}),
    "EH-SUM-70": telling(INTERMEDIATE_KVK_NUMBER=("6875011",)),
    "EH-SUM-71": replace(_BESIDE, plain={**_BESIDE.plain, names.INTERMEDIATE_RSIN: ("000010029",)}),
    "EH-SUM-72": replace(_BESIDE, plain={**_BESIDE.plain, names.RESTRICTION_BRANCH: ("123",)}),
    "EH-SUM-73": telling(RESTRICTION_BRANCH=("000012345678",)),
}

SUBJECTS_CASES = {
    "EH-SUM-42": replace(SUBJECTS, legal=tuple(reversed(SUBJECTS.legal))),
    "EH-SUM-43": replace(SUBJECTS, legal=((KVK, "687"),)),
    "EH-SUM-44": Subjects(acting=(("urn:somebody", "x"),), legal=SUBJECTS.legal),
    "EH-SUM-45": replace(SUBJECTS, legal=(*SUBJECTS.legal, (RSIN, "000010029"))),
}

_AUTHENTICATED = Stated(
    id="_authentication",
    version="2.0",
    issuer=AUTHENTICATION_SERVICE,
    issue_instant=NOW,
    signature_value="YXV0",
    name_id="A" * 64,
    confirmations=1,
    window=_WINDOW,
    audiences=(BROKER, SERVICE_PROVIDER, REGISTER),
    has_authentication=True,
    level_urn=EH3,
    plain={names.SERVICE_UUID: (SERVICE_UUID,), names.AUTHORIZATION_REGISTRY_ID: (REGISTER,)},
)
_FACTS = {names.SERVICE_ID: (SERVICE_ID,), names.LEVEL_OF_ASSURANCE_USED: (EH4,)}
_FIRST = Stated(
    id="_first",
    version="2.0",
    issuer=REGISTER,
    issue_instant=NOW,
    signature_value="Zmly",
    name_id="B" * 64,
    window=_WINDOW,
    refers_to=("_authentication",),
    decision=Decision(
        "Permit",
        {**_FACTS, names.LINKED_SIGNATURE_VALUE: ("YXV0",), names.INTERMEDIATE_KVK_NUMBER: ("68750110",)},
        (NEXT_REGISTER,),
    ),
)
_SECOND = replace(
    _FIRST,
    id="_second",
    issuer=NEXT_REGISTER,
    signature_value="c2Vj",
    name_id="C" * 64,
    refers_to=("_first",),
    decision=Decision("Permit", {**_FACTS, names.LINKED_SIGNATURE_VALUE: ("Zmly",)}, ()),
)
EVIDENCE = EvidenceContext(BY_THE_BOOK, (_AUTHENTICATED, _FIRST, _SECOND))


def proven(number: int, **fields: Any) -> EvidenceContext:
    """The statement with this number, from 0, is otherwise."""
    statements = list(EVIDENCE.statements)
    statements[number] = replace(statements[number], **fields)
    return replace(EVIDENCE, statements=tuple(statements))


def decided(number: int, **fields: Any) -> EvidenceContext:
    return proven(number, decision=replace(EVIDENCE.statements[number].decision, **fields))


def summed(**fields: Any) -> EvidenceContext:
    return replace(EVIDENCE, summary=written(**fields))


_UNUSED_FACTS = {name: value for name, value in _SECOND.decision.facts.items() if name != names.SERVICE_ID}
EVIDENCE_CASES = {
    "EH-ADV-02": proven(2, has_authentication=True),
    "EH-ADV-03": proven(2, decision=None, plain={names.LINKED_SIGNATURE_VALUE: ("Zmly",)}),
    "EH-ADV-04": replace(EVIDENCE, summary=without(names.INTERMEDIATE_KVK_NUMBER)),
    "EH-ADV-05": replace(
        proven(0, issuer="urn:etoegang:HM:00000099000000020000:entities:9001"),
        summary=written(authority="urn:etoegang:HM:00000099000000020000:entities:9001"),
    ),
    "EH-ADV-06": proven(2, refers_to=("_authentication",)),
    "EH-ADV-07": decided(2, facts={**_SECOND.decision.facts, names.LINKED_SIGNATURE_VALUE: ("YXV0",)}),
    "EH-ADV-08": decided(2, word="Deny"),
    "EH-ADV-09": proven(1, window=Window(NOW - timedelta(minutes=5), NOW)),
    "EH-ADV-10": proven(2, issue_instant=NOW + timedelta(seconds=1)),
    "EH-ADV-11": summed(level_urn=EH4),
    "EH-ADV-12": summed(level_urn=EH2),
    "EH-ADV-13": decided(2, facts={**_SECOND.decision.facts, names.LEVEL_OF_ASSURANCE_USED: ("loa3",)}),
    "EH-ADV-14": summed(authority="urn:etoegang:AD:00000099000000020001:entities:9001"),
    "EH-ADV-15": summed(name_id="D" * 64),
    "EH-ADV-16": proven(2, name_id="B" * 64),
    "EH-ADV-17": proven(2, confirmations=1),
    "EH-ADV-18": proven(0, plain={**_AUTHENTICATED.plain, names.AUTHORIZATION_REGISTRY_ID: (NEXT_REGISTER,)}),
    "EH-ADV-19": decided(2, facts=_UNUSED_FACTS),
    "EH-ADV-20": proven(0, plain={**_AUTHENTICATED.plain, names.SERVICE_UUID: ("another",)}),
    "EH-ADV-21": decided(1, next_registers=(REGISTER,)),
    "EH-ADV-22": decided(2, next_registers=(REGISTER,)),
    "EH-ADV-23": decided(1, facts={**_FIRST.decision.facts, names.INTERMEDIATE_KVK_NUMBER: ("90000021",)}),
    "EH-ADV-24": replace(
        proven(2, signature_value=None),
    ),
    "EH-ADV-25": proven(1, version="1.1"),
}

QUESTION = QuestionContext(
    AuthnRequest(
        id="_question",
        version="2.0",
        issue_instant=NOW,
        issuer=BROKER,
        destination=SSO,
        consumer_index=1,
        comparison="minimum",
        levels=(EH3,),
        intended_audience=SERVICE_PROVIDER,
        service_uuid=SERVICE_UUID,
        has_extensions=True,
    ),
    SSO,
)


def questioned(**fields: Any) -> QuestionContext:
    return replace(QUESTION, request=replace(QUESTION.request, **fields))


QUESTION_CASES = {
    "EH-ASK-01": questioned(version="1.1"),
    "EH-ASK-02": questioned(destination=CONSUMER),
    "EH-ASK-03": questioned(is_passive=True),
    "EH-ASK-04": questioned(consumer_index=None),
    "EH-ASK-05": questioned(intended_audience=None),
    "EH-ASK-06": questioned(service_uuid=None),
    "EH-ASK-07": questioned(comparison="exact"),
    "EH-ASK-11": questioned(issuer_is_plain=False),
    "EH-ASK-12": questioned(consent=names.CONSENT_UNSPECIFIED),
    "EH-ASK-13": questioned(consumer_url=CONSUMER),
    "EH-ASK-14": questioned(scoped=(AUTHENTICATION_SERVICE,)),
}
