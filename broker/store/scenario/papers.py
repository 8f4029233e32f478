"""Dossiers, relations, invitations, KVK checks and requests to revoke of a scenario."""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from broker.core.administration.dossiers import Dossier, FiledMandate, filed_long_ago
from broker.core.administration.invitations import Invitation, token_digest
from broker.core.administration.relations import Relation
from broker.core.administration.representatives import Signature
from broker.core.administration.revocation_requests import RevocationRequest
from broker.core.administration.trade_register import KvkCheck
from broker.core.clock import amsterdam_date
from broker.core.identifiers import KvkNumber
from broker.core.mandates import ChainMandate
from broker.core.organisations import Organisation
from broker.core.validity import months_later
from broker.store.scenario.document import Place
from broker.store.scenario.lookup import at, find, find_clients, read_scope, unique
from broker.store.scenario.paper_shapes import DossierShape, InvitationShape
from broker.store.scenario.shapes import ChainMandateShape, ScenarioShape

_INVITATION_MONTHS = 3

LinkToken = Callable[[str, str], str]
"""From the id and the e-mail address of an invitation to the secret in its link."""


@dataclass(frozen=True, slots=True)
class Reading:
    """When and where a file is read: see `read_scenario`."""

    secret: bytes
    loaded_at: datetime
    link: LinkToken | None = None

    def token(self, invitation_id: str, email: str) -> str:
        """What stands in the link of an invitation."""
        if self.link is not None:
            return self.link(invitation_id, email)
        return hmac.new(self.secret, f"invitation|{invitation_id}".encode(), sha256).hexdigest()


def read_dossiers(
    chains: Iterable[tuple[Place, ChainMandateShape, ChainMandate]], loaded_at: datetime
) -> dict[str, Dossier]:
    """The dossier of every chain mandate, by the id of the mandate."""
    found = {}
    for place, shape, mandate in chains:
        with at((*place[:2], "dossier")):
            found[mandate.id] = FiledMandate(mandate, _dossier(shape.dossier, mandate, loaded_at)).dossier
    return found


def _dossier(shape: DossierShape, mandate: ChainMandate, loaded_at: datetime) -> Dossier:
    long_ago = filed_long_ago(mandate, loaded_at, shape.priority).dossier
    written = Dossier(
        mandate_id=mandate.id,
        requested_at=shape.requested or long_ago.requested_at,
        priority=shape.priority,
        invitation_id=shape.invitation,
        signatures=tuple(Signature(one.by, one.method, one.at) for one in shape.signatures),
        signed_at=shape.signed,
        due_on=shape.due,
        check_id=shape.check,
        activated_at=shape.activated,
        ended_at=shape.ended,
        reason=shape.reason,
        successor_of=shape.successor_of,
    )
    return written if shape.requested else _completed(written, long_ago)


def _completed(written: Dossier, long_ago: Dossier) -> Dossier:
    """`written`, with that of `long_ago` where it says nothing."""
    return Dossier(
        **{name: getattr(written, name) or getattr(long_ago, name) for name in Dossier.__slots__},
    )


def read_relations(
    scenario: ScenarioShape,
    organisations: Mapping[str, Organisation],
    groups: Mapping[str, tuple[str, ...]],
    mandates: Mapping[str, ChainMandate],
    loaded_at: datetime,
) -> dict[tuple[str, str], Relation]:
    """All relations: those that follow from mandates, and in their place those that the file describes."""
    found = {}
    if scenario.relations_of_mandates:
        pairs = ((mandate.intermediary_id, mandate.grantor_id) for mandate in mandates.values())
        found = {pair: Relation(*pair, loaded_at) for pair in pairs}
    described = _relations(scenario, organisations, groups, loaded_at)
    return found | {
        (relation.intermediary_id, relation.client_id): relation
        for relation in unique(described, lambda one: f"{one.intermediary_id} of {one.client_id}", "relation").values()
    }


def _relations(
    scenario: ScenarioShape,
    organisations: Mapping[str, Organisation],
    groups: Mapping[str, tuple[str, ...]],
    loaded_at: datetime,
) -> Iterator[tuple[Place, Relation]]:
    for index, shape in enumerate(scenario.relations):
        place = ("relations", index)
        through = find(organisations, shape.intermediary, (*place, "intermediary"), "an organisation").id
        for client_place, client in find_clients(organisations, groups, place, shape.clients, shape.group):
            relation = Relation(
                through, client, shape.added or loaded_at, shape.email, shape.contact, removed_at=shape.removed
            )
            yield client_place, relation


def read_invitations(
    scenario: ScenarioShape, organisations: Mapping[str, Organisation], reading: Reading
) -> dict[str, Invitation]:
    """All invitations by id."""
    placed = (
        (("invitations", index), _invitation(scenario, index, shape, organisations, reading))
        for index, shape in enumerate(scenario.invitations)
    )
    return unique(placed, lambda invitation: invitation.id, "invitation")


def _invitation(
    scenario: ScenarioShape,
    index: int,
    shape: InvitationShape,
    organisations: Mapping[str, Organisation],
    reading: Reading,
) -> Invitation:
    place = ("invitations", index)
    sent_at = shape.sent or reading.loaded_at
    through = find(organisations, shape.intermediary, (*place, "intermediary"), "an organisation")
    with at(place):
        return Invitation(
            id=shape.id,
            intermediary_id=through.id,
            client_id=find(organisations, shape.client, (*place, "client"), "an organisation").id,
            email=shape.email,
            contact=shape.contact,
            scope=read_scope(scenario, shape.scope, (*place, "scope")),
            level=shape.level,
            valid_until=shape.until,
            token_digest=token_digest(reading.token(shape.id, shape.email)),
            sent_at=sent_at,
            expires_on=shape.expires or months_later(amsterdam_date(sent_at), _INVITATION_MONTHS),
            language=shape.language,
            priority=shape.priority,
            status=shape.status,
            reference=shape.reference,
            batch_id=shape.batch,
            renews=shape.renews,
            opened_at=shape.opened,
            answered_at=shape.answered,
            reason=shape.reason,
            mandate_id=shape.mandate,
            version=shape.version,
        )


def read_checks(scenario: ScenarioShape, organisations: Mapping[str, Organisation]) -> dict[str, KvkCheck]:
    """All KVK checks by id."""
    placed = (
        (
            ("kvk_checks", index),
            KvkCheck(
                shape.id,
                find(organisations, shape.organisation, ("kvk_checks", index, "organisation"), "an organisation").id,
                shape.at,
                shape.result,
                shape.by,
            ),
        )
        for index, shape in enumerate(scenario.kvk_checks)
    )
    return unique(placed, lambda check: check.id, "KVK check")


def read_requests(scenario: ScenarioShape) -> dict[str, RevocationRequest]:
    """All requests to revoke by id."""
    placed = (
        (
            ("revocation_requests", index),
            RevocationRequest(
                id=shape.id,
                client=KvkNumber(shape.client),
                intermediary=KvkNumber(shape.intermediary),
                name=shape.name,
                email=shape.email,
                reason=shape.reason,
                language=shape.language,
                submitted_at=shape.submitted,
                state=shape.state,
                decided_at=shape.decided,
                decided_by=shape.decided_by,
                representative=shape.representative,
                mandate_ids=shape.mandates,
                answer=shape.answer,
                version=shape.version,
            ),
        )
        for index, shape in enumerate(scenario.revocation_requests)
    )
    return unique(placed, lambda request: request.id, "revocation request")
