"""What is changed here counts at the very next evaluation, in every process; and routes cannot be told apart there."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from broker.core.administration.actors import OPERATOR
from broker.core.mandates import Origin
from broker.core.scope import EVERYTHING
from broker.simulator.administration import coupling, endings, granting, renewing
from broker.simulator.administration.granting import Asked
from broker.store.changes import replace_mandate
from broker.store.errors import StoreConflict
from tests.core.register_values import EH3, OFFICE, TODAY
from tests.network import CHECKOUT
from tests.simulator.administration.world import ANNA_EH3, BAKERY, GARAGE, OF_BAKERY, OF_OFFICE


@pytest.fixture
def looking(either_world) -> Iterator[subprocess.Popen[str]]:
    """A process of its own with the same store."""
    either_world.put(id="m1", origin=Origin.SELF_ISSUED)
    coupling.couple(either_world.simulator, OF_OFFICE, "m1", [ANNA_EH3.id])
    url = either_world.simulator.store.writer.url.render_as_string(hide_password=False)
    made = either_world.couplings("m1")[ANNA_EH3.id].coupling
    program = "tests.simulator.administration.looking"
    command = [sys.executable, "-m", program, url.replace("postgresql+psycopg", "postgresql"), made.id]
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()
        assert process.wait(20) == 0


def test_P6_M50_each_change_is_seen_by_the_next_evaluation_in_another_process(either_world, looking):
    def seen() -> str:
        looking.stdin.write("\n")
        looking.stdin.flush()
        return looking.stdout.readline().strip()

    sim = either_world.simulator
    assert seen() == "granted"
    endings.suspend(sim, OF_BAKERY, "m1", "")
    assert seen() == "CHAIN_SUSPENDED"
    endings.resume(sim, OF_BAKERY, "m1")
    assert seen() == "granted"
    endings.revoke(sim, OPERATOR, "m1", "")
    assert seen() == "CHAIN_REVOKED"


def test_M30_M36_a_login_cannot_tell_the_routes_apart(world):
    issued = granting.issue(
        world.simulator, OF_BAKERY, Asked(OFFICE.kvk_number, EVERYTHING, EH3, TODAY, date(2027, 11, 24))
    ).mandate
    invited = world.put(GARAGE, id="m2", validity=issued.validity, level=issued.level).mandate
    same = {"id": "", "grantor_id": BAKERY.id, "version": 1}
    assert replace(issued, **same, origin=Origin.INVITED_BY_INTERMEDIARY) == replace(invited, **same)
    for mandate in (issued, invited):
        coupling.couple(world.simulator, OF_OFFICE, mandate.id, [ANNA_EH3.id])
        assert world.refusal(mandate, ANNA_EH3.id) is None


def test_M30_no_change_touches_the_origin(world):
    made = world.put(id="m1", origin=Origin.SELF_ISSUED)
    endings.suspend(world.simulator, OF_BAKERY, "m1", "")
    endings.resume(world.simulator, OF_BAKERY, "m1")
    renewing.renew(world.simulator, OF_BAKERY, "m1", date(2030, 1, 1))
    endings.end_on(world.simulator, OF_BAKERY, "m1", date(2029, 1, 1))
    current = world.mandate("m1").mandate
    assert current.origin is Origin.SELF_ISSUED
    other = replace(current, origin=Origin.INVITED_BY_INTERMEDIARY)
    with pytest.raises(StoreConflict, match="m1"):
        world.simulator.store.write(lambda tx: replace_mandate(tx, other))
    assert world.mandate("m1").mandate.origin is made.mandate.origin
