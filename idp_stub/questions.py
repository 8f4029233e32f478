"""What the broker asks, once it is proven that the broker asks it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from itsdangerous import BadSignature, URLSafeTimedSerializer

from broker.core.assurance import AssuranceLevel
from broker.saml import authn_request, document, levels, names, post, schema, signature
from broker.saml.authn_request import AuthnRequest
from broker.saml.faults import Fault
from broker.saml.network import Broker

_AGE: Final = timedelta(minutes=5)
_SKEW: Final = timedelta(minutes=1)
_PATIENCE_S: Final = 15 * 60


class QuestionRefused(Exception):
    """The question cannot be trusted or understood; the message is for the log only."""


@dataclass(frozen=True, slots=True)
class Question:
    """An AuthnRequest as far as the answer needs it; `consumer` is the broker's registered address."""

    request_id: str
    broker: str
    consumer: str
    relay_state: str
    level: AssuranceLevel
    service_provider: str
    service_uuid: str
    provider_name: str | None


def receive(form: post.Form, brokers: Mapping[str, Broker], destination: str, moment: datetime) -> Question:
    """Verify a posted AuthnRequest; raises `QuestionRefused`."""
    try:
        posted = post.read(form, "SAMLRequest")
        root = document.read(posted.message)
        document.expect_root(root, authn_request.TAG)
        schema.validate(root)
        broker = brokers.get(root.findtext(f"{{{names.SAML}}}Issuer") or "")
        if broker is None:
            raise QuestionRefused("the sender is not a broker of this network")
        request = authn_request.read_of_broker(signature.verify(root, broker.verification_keys, moment))
    except Fault as fault:
        raise QuestionRefused(str(fault)) from fault
    return _question(request, broker, posted.relay_state or "", destination, moment)


def _question(request: AuthnRequest, broker: Broker, relay_state: str, destination: str, moment: datetime) -> Question:
    level = levels.read(request.levels[0]) if len(request.levels) == 1 else None
    consumer = broker.assertion_consumers.get(request.consumer_index if request.consumer_index is not None else -1)
    if request.destination != destination:
        raise QuestionRefused(f"meant for {request.destination!r}")
    if not moment - _AGE - _SKEW <= request.issue_instant <= moment + _SKEW:
        raise QuestionRefused(f"issued at {request.issue_instant.isoformat()}")
    if level is None or request.comparison != "minimum" or request.is_passive:
        raise QuestionRefused("wanted: one minimum level of assurance, and screens")
    if consumer is None:
        raise QuestionRefused(f"AssertionConsumerServiceIndex {request.consumer_index} is not in the metadata")
    if request.intended_audience is None or request.service_uuid is None:
        raise QuestionRefused("IntendedAudience or ServiceUUID is missing from Extensions")
    return Question(
        request_id=request.id,
        broker=broker.entity_id,
        consumer=consumer,
        relay_state=relay_state,
        level=level,
        service_provider=request.intended_audience,
        service_uuid=request.service_uuid,
        provider_name=request.provider_name,
    )


def to_token(question: Question, secret: bytes) -> str:
    """`question` as a signed token for addresses and hidden fields."""
    return _serializer(secret).dumps({**asdict(question), "level": question.level.value})


def from_token(token: str, secret: bytes) -> Question:
    """The question in a token of ours that is at most a quarter of an hour old; raises `QuestionRefused`."""
    try:
        values = _serializer(secret).loads(token, max_age=_PATIENCE_S)
    except BadSignature as error:
        raise QuestionRefused(f"token: {error}") from error
    return Question(**{**values, "level": AssuranceLevel(values["level"])})


def _serializer(secret: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="idp_stub.question")
