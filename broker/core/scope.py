"""What a mandate covers (reikwijdte)."""

from dataclasses import dataclass
from enum import IntEnum

from broker.core.catalogue import Service
from broker.core.identifiers import Oin, ServiceUuid


class ScopeKind(IntEnum):
    """The kinds of scope, from narrow to wide."""

    SERVICES = 1
    PROVIDERS = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything (algemene bevoegdheid), all services of some providers (Dienstverlenersmachtiging), some services,
    or a mix of the last two. Services are named by the UUID of their definition.
    """

    everything: bool = False
    providers: frozenset[Oin] = frozenset()
    services: frozenset[ServiceUuid] = frozenset()

    def __post_init__(self) -> None:
        """A scope covers something, and everything leaves nothing to add; raises ValueError."""
        if self.everything == bool(self.providers or self.services):
            raise ValueError("a scope is either everything or a non-empty set of providers and services")

    @property
    def kind(self) -> ScopeKind:
        """The widest kind that is part of this scope."""
        if self.everything:
            return ScopeKind.ALL
        return ScopeKind.PROVIDERS if self.providers else ScopeKind.SERVICES


EVERYTHING = Scope(everything=True)


def covers(scope: Scope, service: Service) -> bool:
    """Whether `scope` covers `service`, evaluated now: a provider's new services are covered the moment they exist.

    A definition shared by providers P and Q is covered by the scope {P} when it is asked for as P's instance,
    not as Q's.
    """
    return scope.everything or service.provider_oin in scope.providers or service.definition_uuid in scope.services
