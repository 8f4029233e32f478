"""Every page of the Beheermodule: importing a module puts its views on the blueprint."""

from broker.web.management import (
    couplings,
    downloads,
    entrance,
    history,
    issuing,
    mandate_changes,
    mandates,
    overview,
    own_couplings,
    refusals,
    relations,
)
from broker.web.management.entrance import consume
from broker.web.management.routes import blueprint

__all__ = [
    "blueprint",
    "consume",
    "couplings",
    "downloads",
    "entrance",
    "history",
    "issuing",
    "mandate_changes",
    "mandates",
    "overview",
    "own_couplings",
    "refusals",
    "relations",
]
