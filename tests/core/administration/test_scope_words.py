"""What a scope is called."""

from broker.core.administration.scope_words import describe
from broker.core.catalogue import Catalogue
from broker.core.identifiers import ServiceUuid
from broker.core.scope import EVERYTHING, Scope
from broker.core.text import Text
from tests.core.register_values import TAX, TOWN, UWV, a_service

PERMIT = a_service(TOWN, name=Text("Bouwvergunning", "Building permit"), provider_name=Text("Gemeente", "Municipality"))
RETURN = a_service(TAX, name=Text("Aangifte", "Tax return"), provider_name=Text("Belastingdienst", "Tax office"))
CATALOGUE = Catalogue({service.service_id: service for service in (PERMIT, RETURN)})


def test_everything_providers_and_services_are_called_by_their_names_in_order():
    assert describe(EVERYTHING, CATALOGUE).nl == "alle diensten, nu en later"
    mixed = Scope(providers=frozenset({TAX}), services=frozenset({PERMIT.definition_uuid}))
    assert describe(mixed, CATALOGUE).nl == "alle diensten van Belastingdienst; Bouwvergunning (Gemeente)"
    assert describe(mixed, CATALOGUE).en == "all services of Tax office; Building permit (Municipality)"


def test_what_the_catalogue_no_longer_has_is_called_by_its_number():
    gone = ServiceUuid("d0000099-0019-4000-8000-000000009009")
    words = describe(Scope(providers=frozenset({UWV}), services=frozenset({gone})), CATALOGUE)
    assert words.nl == f"alle diensten van {UWV}; {gone}"
