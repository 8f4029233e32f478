"""Every page of the Beheermodule: importing a module puts its views on the blueprint."""

from broker.web.management import (
    batches,
    couplings,
    downloads,
    entrance,
    history,
    invitations,
    inviting,
    issuing,
    mandate_changes,
    mandates,
    overview,
    own_couplings,
    refusals,
    relations,
    uncouplings,
)
from broker.web.management.entrance import consume
from broker.web.management.routes import blueprint

__all__ = [
    "batches",
    "blueprint",
    "consume",
    "couplings",
    "downloads",
    "entrance",
    "history",
    "invitations",
    "inviting",
    "issuing",
    "mandate_changes",
    "mandates",
    "overview",
    "own_couplings",
    "refusals",
    "relations",
    "uncouplings",
]
