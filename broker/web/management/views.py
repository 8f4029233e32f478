"""Every page of the Beheermodule: importing a module puts its views on the blueprint."""

from broker.web.management import entrance, overview, own_couplings, refusals
from broker.web.management.entrance import consume
from broker.web.management.routes import blueprint

__all__ = ["blueprint", "consume", "entrance", "overview", "own_couplings", "refusals"]
