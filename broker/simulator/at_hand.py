"""What this installation knows, for judging messages of others: metadata, keys to decrypt with, the catalogue."""

from dataclasses import replace

from broker.core.interface import VERSIONS
from broker.inspection import known
from broker.inspection.inspector import Given
from broker.simulator import service_providers
from broker.simulator.context import Simulator


def with_own(given: Given, sim: Simulator) -> Given:
    """`given`, and what the simulator knows besides: who is registered, who takes part, and its own keys.

    What was given goes first. Keys of other parties in `certs/` are not used: those are theirs.
    """
    documents = (*map(sim.metadata, VERSIONS), *service_providers.registered_metadata(sim.store))
    moment = given.moment or given.now
    parties = known.joined(known.read(documents, moment), known.of_network(sim.network.get()))
    keys = (
        sim.module.decryption.key,
        sim.intermediary_register.decryption.key,
        sim.client_register.decryption.key,
    )
    return replace(
        given,
        known=known.Known(known.joined(given.known, parties.parties).parties, given.known.problems),
        keys=(*given.keys, *keys),
        catalogue=given.catalogue or sim.catalogue,
    )
