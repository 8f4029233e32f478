"""A process of its own that evaluates one coupling each time it is told to: `python -m … <store> <coupling>`."""

import sys

from broker.core.decision import decide
from broker.core.links import LinkKind, LinkReference
from broker.core.question import Question
from broker.store.database import Transaction, open_store
from broker.store.register import means_in_use, reload_link
from tests.core.register_values import AUTHENTICATION_SERVICE, NOON, a_service
from tests.simulator.administration.world import ANNA_EH3


def evaluate(tx: Transaction, coupling_id: str) -> str:
    """The reason of the refusal, or that there is none."""
    in_use = means_in_use(tx, ANNA_EH3.internal_pseudonym, AUTHENTICATION_SERVICE)
    question = Question(a_service(), ANNA_EH3.level, in_use, NOON)
    decision = decide(question, [reload_link(tx, LinkReference(LinkKind.CHAIN, coupling_id))])
    return "granted" if decision.candidates else decision.refusals[0].denied.reason.value


def main(url: str, coupling_id: str) -> None:
    store = open_store(url)
    for _ in sys.stdin:
        sys.stdout.write(store.read(lambda tx: evaluate(tx, coupling_id)) + "\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
