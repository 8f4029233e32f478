"""The entries of a scenario file for the values of the register: the reverse of `assembly`.

What has its usual value is left out. Chain mandates that differ in nothing but their client share an entry, and so do
relations, so that a file of thousands of mandates can be read.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from typing import Any

from broker.core.administration.dossiers import Dossier
from broker.core.administration.invitations import Invitation
from broker.core.administration.manager_roles import ManagerRole
from broker.core.administration.relations import Relation
from broker.core.administration.representatives import Representative
from broker.core.administration.revocation_requests import RevocationRequest
from broker.core.administration.trade_register import KvkCheck
from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import Oin, ServiceUuid
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling, Origin
from broker.core.organisations import Branch, Means, MeansStatus, MeansType, Organisation, Person
from broker.core.scope import Scope
from broker.core.validity import Validity
from broker.store.scenario.content import Scenario

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What providers and services are called in the file, and where means come from that do not say so."""

    authentication_service: str
    providers: Mapping[Oin, str] = field(default_factory=dict)
    services: Mapping[ServiceUuid, str] = field(default_factory=dict)

    def of(self, scope: Scope) -> str | Entry:
        """`all`, or names; what has no name stands there by its number."""
        if scope.everything:
            return "all"
        return _filled(
            providers=sorted(self.providers.get(oin, str(oin)) for oin in scope.providers),
            services=sorted(self.services.get(uuid, str(uuid)) for uuid in scope.services),
        )


def sections(scenario: Scenario, names: Names) -> Iterator[tuple[str, Any]]:
    """The keys of the file and what stands under each: a value, or an iterator of entries."""
    yield "authentication_service", names.authentication_service
    yield "providers", {name: str(oin) for oin, name in sorted(names.providers.items())}
    yield "services", {name: str(uuid) for uuid, name in sorted(names.services.items())}
    yield "organisations", _organisations(scenario)
    yield "people", _people(scenario, names)
    yield "chain_mandates", _chain_mandates(scenario, names)
    yield "relations_of_mandates", False
    yield "relations", _relations(scenario.relations.values())
    yield "invitations", (_invitation(one, names) for one in _sorted(scenario.invitations))
    yield "kvk_checks", map(_check, _sorted(scenario.checks))
    yield "revocation_requests", map(_request, _sorted(scenario.requests))


def _organisations(scenario: Scenario) -> Iterator[Entry]:
    branches = _grouped(_sorted(scenario.branches), "organisation_id")
    for one in _sorted(scenario.organisations):
        representatives = scenario.representatives.get(one.id, ())
        yield _organisation(one) | _filled(
            branches=[_branch(branch) for branch in branches.get(one.id, ())],
            representatives=[_representative(person) for person in representatives],
        )


def _organisation(one: Organisation) -> Entry:
    return {"id": one.id, "name": one.statutory_name, "form": _plain(one.legal_form), "city": one.city} | _filled(
        kvk=str(one.kvk_number),
        rsin=None if one.rsin is None else str(one.rsin),
        status=_unless(one.kvk_status, Organisation, "kvk_status"),
        trade_names=list(one.trade_names),
    )


def _branch(one: Branch) -> Entry:
    return _filled(number=str(one.number), name=one.name or None, city=one.city or None, main=one.is_main or None)


def _representative(one: Representative) -> Entry:
    country = _unless(one.country, Representative, "country")
    return _filled(name=one.name, authority=_plain(one.authority), country=country, since=one.since, until=one.until)


def _people(scenario: Scenario, names: Names) -> Iterator[Entry]:
    means, roles = _grouped(_sorted(scenario.means), "person_id"), _grouped(_sorted(scenario.roles), "person_id")
    direct = _grouped(_sorted(scenario.direct_mandates), "means_id")
    for one in _sorted(scenario.persons):
        yield {"id": one.id, "name": one.display_name, "employer": one.organisation_id} | _filled(
            email=one.email,
            status=_unless(one.status, Person, "status"),
            last_used=one.last_used_on,
            manager_of=[_role(role) for role in roles.get(one.id, ())],
            means=[_means(held, direct.get(held.id, ()), names) for held in means.get(one.id, ())],
        )


def _role(role: ManagerRole) -> Entry:
    return _filled(
        id=None if role.id == f"{role.person_id}--{role.organisation_id}" else role.id,
        organisation=role.organisation_id,
        level=_plain(role.level),
        **_period(role.validity),
        status=_unless(role.status, ManagerRole, "status"),
        may_act_alone=None if role.may_act_alone else False,
    )


def _means(means: Means, direct: Iterable[DirectMandate], names: Names) -> Entry:
    service = means.authentication_service
    return _filled(
        id=means.id,
        authentication_service=None if service == names.authentication_service else service,
        type=None if means.type is MeansType.REGULAR else _plain(means.type),
        level=_plain(means.level),
        status=None if means.status is MeansStatus.ACTIVE else _plain(means.status),
        **_period(means.validity),
        direct=[_direct(mandate, means, names) for mandate in direct],
    )


def _direct(mandate: DirectMandate, means: Means, names: Names) -> Entry:
    return _filled(
        id=None if mandate.id == f"{means.id}--{mandate.organisation_id}" else mandate.id,
        organisation=mandate.organisation_id,
        scope=names.of(mandate.scope),
        level=None if mandate.level is means.level else _plain(mandate.level),
        **_period(mandate.validity),
        status=_unless(mandate.status, DirectMandate, "status"),
        branch=None if mandate.branch is None else str(mandate.branch),
        for_third_parties_only=mandate.for_third_parties_only or None,
        version=_unless(mandate.version, DirectMandate, "version"),
    )


def _chain_mandates(scenario: Scenario, names: Names) -> Iterator[Entry]:
    couplings = _grouped(_sorted(scenario.couplings), "mandate_id")
    together: dict[str, tuple[list[str], Entry]] = {}
    for mandate in _sorted(scenario.chain_mandates):
        entry = _chain_mandate(mandate, scenario.dossiers[mandate.id], couplings.get(mandate.id, ()), names)
        clients, _ = together.setdefault(json.dumps(entry, default=str), ([], entry))
        clients.append(mandate.grantor_id)
    for clients, entry in together.values():
        yield _filled(id=entry.pop("id", None)) | {"clients": clients} | entry


def _chain_mandate(
    mandate: ChainMandate, dossier: Dossier, couplings: Iterable[MandateCoupling], names: Names
) -> Entry:
    return _filled(
        id=None if mandate.id == f"{mandate.intermediary_id}--{mandate.grantor_id}" else mandate.id,
        intermediary=mandate.intermediary_id,
        origin=None if mandate.origin is Origin.INVITED_BY_INTERMEDIARY else _plain(mandate.origin),
        scope=names.of(mandate.scope),
        level=_plain(mandate.level),
        **_period(mandate.validity),
        status=_unless(mandate.status, ChainMandate, "status"),
        version=_unless(mandate.version, ChainMandate, "version"),
        dossier=_dossier(dossier),
        couple=[_coupling(coupling, mandate, names) for coupling in couplings],
    )


def _dossier(papers: Dossier) -> Entry:
    return _filled(
        requested=_plain(papers.requested_at),
        priority=_unless(papers.priority, Dossier, "priority"),
        invitation=papers.invitation_id,
        signatures=[
            {"by": one.representative, "method": _plain(one.method), "at": _plain(one.signed_at)}
            for one in papers.signatures
        ],
        signed=_plain(papers.signed_at),
        due=papers.due_on,
        check=papers.check_id,
        activated=_plain(papers.activated_at),
        ended=_plain(papers.ended_at),
        reason=papers.reason,
        successor_of=papers.successor_of,
    )


def _coupling(coupling: MandateCoupling, mandate: ChainMandate, names: Names) -> str | Entry:
    narrowing, period = coupling.narrowing, coupling.validity
    entry = _filled(
        id=None if coupling.id == f"{mandate.id}--{coupling.means_id}" else coupling.id,
        means=coupling.means_id,
        scope=None if narrowing is None else names.of(narrowing),
        level=None if coupling.level is mandate.level else _plain(coupling.level),
        **({} if period == mandate.validity else _period(period)),
        status=_unless(coupling.status, MandateCoupling, "status"),
        version=_unless(coupling.version, MandateCoupling, "version"),
    )
    return coupling.means_id if entry.keys() == {"means"} else entry


def _relations(relations: Iterable[Relation]) -> Iterator[Entry]:
    together: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for one in sorted(relations, key=lambda relation: (relation.intermediary_id, relation.client_id)):
        alike = (one.intermediary_id, one.added_at, one.email, one.contact, one.removed_at)
        together[alike].append(one.client_id)
    for (intermediary, added, email, contact, removed), clients in together.items():
        yield _filled(
            intermediary=intermediary,
            clients=clients,
            added=_plain(added),
            email=email or None,
            contact=contact or None,
            removed=_plain(removed),
        )


def _invitation(one: Invitation, names: Names) -> Entry:
    return {"id": one.id, "intermediary": one.intermediary_id, "client": one.client_id, "email": one.email} | _filled(
        contact=one.contact or None,
        scope=names.of(one.scope),
        level=_plain(one.level),
        until=one.valid_until,
        sent=_plain(one.sent_at),
        expires=one.expires_on,
        language=_unless(one.language, Invitation, "language"),
        priority=_unless(one.priority, Invitation, "priority"),
        status=_unless(one.status, Invitation, "status"),
        reference=one.reference or None,
        batch=one.batch_id,
        renews=one.renews,
        opened=_plain(one.opened_at),
        answered=_plain(one.answered_at),
        reason=one.reason,
        mandate=one.mandate_id,
        version=_unless(one.version, Invitation, "version"),
    )


def _check(check: KvkCheck) -> Entry:
    return _filled(
        id=check.id,
        organisation=check.organisation_id,
        at=_plain(check.checked_at),
        result=_plain(check.result),
        by=check.by,
    )


def _request(one: RevocationRequest) -> Entry:
    return {"id": one.id, "client": str(one.client), "intermediary": str(one.intermediary)} | _filled(
        name=one.name,
        email=one.email,
        reason=one.reason or None,
        language=_unless(one.language, Invitation, "language"),
        submitted=_plain(one.submitted_at),
        state=_unless(one.state, RevocationRequest, "state"),
        decided=_plain(one.decided_at),
        decided_by=one.decided_by,
        representative=one.representative,
        mandates=list(one.mandate_ids),
        answer=one.answer,
        version=_unless(one.version, RevocationRequest, "version"),
    )


def _period(validity: Validity) -> Entry:
    return {"from": validity.valid_from, "until": validity.valid_until}


def _filled(**values: Any) -> Entry:
    """What there is: without None, and without empty lists and mappings."""
    return {key: value for key, value in values.items() if value is not None and value not in ([], {})}


def _unless(value: object, kind: type, name: str) -> Any:
    """`value`, or None when it is the usual one: that of the field `name` of `kind`."""
    return None if value == _USUAL[kind][name] else _plain(value)


def _plain(value: object) -> Any:
    if isinstance(value, AssuranceLevel):
        return value.label
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _grouped(values: Iterable[Any], key: str) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for value in values:
        found[getattr(value, key)].append(value)
    return found


def _sorted(values: Mapping[str, Any]) -> Iterator[Any]:
    return (values[name] for name in sorted(values))


_USUAL: Mapping[type, Mapping[str, Any]] = {
    kind: {item.name: item.default for item in fields(kind)}
    for kind in (
        ChainMandate,
        DirectMandate,
        Dossier,
        Invitation,
        ManagerRole,
        MandateCoupling,
        Organisation,
        Person,
        Representative,
        RevocationRequest,
    )
}
