"""Whether a client that answers an invitation gives no more than was asked."""

from broker.core.catalogue import Catalogue
from broker.core.scope import Scope


def is_within(chosen: Scope, asked: Scope, catalogue: Catalogue) -> bool:
    """Whether everything that `chosen` covers is covered by `asked` too, as the catalogue is now."""
    if asked.everything:
        return True
    if chosen.everything or not chosen.providers <= asked.providers:
        return False
    of_providers = {
        service.definition_uuid for service in catalogue.services.values() if service.provider_oin in asked.providers
    }
    return chosen.services <= asked.services | of_providers
