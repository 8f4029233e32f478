"""The question that a login asks: may this means, used now at this level, act at this service - and for whom?"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from broker.core.assurance import LOWEST, AssuranceLevel
from broker.core.catalogue import RequestedAttribute, Service
from broker.core.clock import amsterdam_date
from broker.core.links import MeansInUse


@dataclass(frozen=True, slots=True)
class ChainPolicy:
    """What suppliers differ on. The defaults are the We-ID profile.

    `chain_min_level`: the level that every login in a chain needs, whatever the service asks; None for no such floor.
    `organisation_must_be_active`: refuse organisations that the trade register does not hold as active.
    `lapse_after_months`: a person who used no mandate for longer has lapsed; None for never.
    """

    chain_min_level: AssuranceLevel | None = AssuranceLevel.EH3
    relation_must_be_active: bool = True
    intermediary_must_be_active: bool = True
    organisation_must_be_active: bool = True
    lapse_after_months: int | None = 24


WE_ID_PROFILE = ChainPolicy()


@dataclass(frozen=True)  # without slots: every link of thousands asks for the properties, so they are worked out once
class Question:
    """Everything the decision depends on besides the mandates.

    `authenticated_level` is what the authentication service declared for this login, `requested_level` the minimum
    that the service provider asked for, `attributes` what it asked for besides identifiers, `moment` is in UTC.
    `behind` are the services behind a portal (portaalfunctie).
    """

    service: Service
    authenticated_level: AssuranceLevel
    in_use: MeansInUse
    moment: datetime
    requested_level: AssuranceLevel = LOWEST
    policy: ChainPolicy = WE_ID_PROFILE
    attributes: tuple[RequestedAttribute, ...] = ()
    behind: tuple[Service, ...] = ()

    @cached_property
    def each(self) -> tuple["Question", ...]:
        """The question for each service by itself: those behind the portal, or the one that is asked for."""
        return tuple(replace(self, service=service, behind=()) for service in self.behind) or (self,)

    def with_highest_means(self) -> "Question":
        """The question with these means at the highest level: what that gives more, their level alone keeps out."""
        highest = max(AssuranceLevel)
        means = replace(self.in_use.means, level=highest)
        return replace(self, authenticated_level=highest, in_use=replace(self.in_use, means=means))

    @cached_property
    def day(self) -> date:
        """The Amsterdam calendar date of the moment."""
        return amsterdam_date(self.moment)

    @cached_property
    def needed_level(self) -> AssuranceLevel:
        """The higher of what the service requires and what was requested."""
        return max(self.service.required_level, self.requested_level)

    @cached_property
    def means_level(self) -> AssuranceLevel:
        """The level of the person's part: what was declared, and never more than the means is registered with."""
        return min(self.authenticated_level, self.in_use.means.level)
