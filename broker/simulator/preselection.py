"""The authentication services that a service provider may offer on its own site (etd RequestADlist)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from broker.core.errors import MessageRejected
from broker.rules import list_request as rules
from broker.rules.list_request import ListRequest
from broker.rules.rule import check, errors
from broker.saml import network_publication
from broker.simulator.context import Simulator

_LIFE: Final = timedelta(days=1)


def authentication_services(sim: Simulator, uuids: Sequence[str], levels: Sequence[str]) -> bytes:
    """The signed part of the network metadata with those that reach the level, for the service instance with this UUID.

    Both are given as the values of a parameter. Raises `MessageRejected`. One private-key operation.
    """
    wanted = uuids[0] if uuids else None
    service = next((item for item in sim.catalogue.services.values() if item.instance_uuid == wanted), None)
    known = sim.authentication_services.values()
    asked = ListRequest(uuids, levels, service, [item.maximum_level for item in known])
    findings = check(rules.RULES, asked)
    if errors(findings):
        raise MessageRejected(findings)
    level = asked.level
    able = [item for item in known if level is None or item.maximum_level >= level]
    return network_publication.write_list(able, sim.signing, sim.ids.message_id(), sim.clock() + _LIFE)
