"""A whole register as core values: what a scenario file says, and what a store holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from broker.core.administration.dossiers import Dossier, FiledMandate
from broker.core.administration.invitations import Invitation
from broker.core.administration.manager_roles import ManagerRole
from broker.core.administration.relations import Relation
from broker.core.administration.representatives import Representative
from broker.core.administration.revocation_requests import RevocationRequest
from broker.core.administration.trade_register import KvkCheck
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.core.organisations import Branch, Means, Organisation, Person
from broker.store.rows import Registered


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole register, each part by id: branches by number, representatives by organisation, dossiers by mandate,
    relations by intermediary and client.

    `digest` is the SHA-256 of the file that it was read from; it does not count when registers are compared.
    """

    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    branches: Mapping[str, Branch] = field(default_factory=dict)
    representatives: Mapping[str, tuple[Representative, ...]] = field(default_factory=dict)
    persons: Mapping[str, Person] = field(default_factory=dict)
    roles: Mapping[str, ManagerRole] = field(default_factory=dict)
    means: Mapping[str, Means] = field(default_factory=dict)
    direct_mandates: Mapping[str, DirectMandate] = field(default_factory=dict)
    chain_mandates: Mapping[str, ChainMandate] = field(default_factory=dict)
    dossiers: Mapping[str, Dossier] = field(default_factory=dict)
    couplings: Mapping[str, MandateCoupling] = field(default_factory=dict)
    relations: Mapping[tuple[str, str], Relation] = field(default_factory=dict)
    invitations: Mapping[str, Invitation] = field(default_factory=dict)
    checks: Mapping[str, KvkCheck] = field(default_factory=dict)
    requests: Mapping[str, RevocationRequest] = field(default_factory=dict)
    digest: str = field(default="", compare=False)

    @property
    def values(self) -> tuple[Registered, ...]:
        """What logins rest on, in an order in which each value refers to earlier ones only."""
        return (
            *self.organisations.values(),
            *self.persons.values(),
            *self.means.values(),
            *self.direct_mandates.values(),
            *self.chain_mandates.values(),
            *self.couplings.values(),
        )

    @property
    def filed(self) -> tuple[FiledMandate, ...]:
        """Every chain mandate with its dossier."""
        return tuple(FiledMandate(mandate, self.dossiers[name]) for name, mandate in self.chain_mandates.items())

    def counts(self) -> dict[str, int]:
        """How many there are of each part that a person would count."""
        return {
            "organisations": len(self.organisations),
            "people": len(self.persons),
            "means": len(self.means),
            "direct_mandates": len(self.direct_mandates),
            "chain_mandates": len(self.chain_mandates),
            "couplings": len(self.couplings),
            "relations": len(self.relations),
            "invitations": len(self.invitations),
        }
