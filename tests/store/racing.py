"""What the processes of `test_races` run."""

from collections.abc import Callable
from dataclasses import replace
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from broker.store import artifacts, logins, replay
from broker.store.database import Store, open_store
from broker.store.errors import AlreadyClaimed, StoreConflict
from broker.store.logins import PendingLogin
from tests.core.register_values import NOON


def take_artifact(store: Store, turn: int) -> bool:
    return store.write(lambda tx: artifacts.claim(tx, b"%d" % turn, "sp", NOON)) is not None


def claim_message(store: Store, turn: int) -> bool:
    try:
        store.write(lambda tx: replay.claim(tx, "AuthnRequest", "sp", f"_{turn}", NOON))
    except AlreadyClaimed:
        return False
    return True


def take_step(store: Store, turn: int) -> bool:
    seen = PendingLogin(f"login-{turn}", "choose", NOON, "{}")
    try:
        store.write(lambda tx: logins.replace(tx, replace(seen, step="done")))
    except StoreConflict:
        return False
    return True


def race(url: str, move: Callable[[Store, int], bool], turns: int, start: Barrier, won: Queue) -> None:
    """In every turn, all processes make the same move at the same moment; each reports the turns that it won."""
    store = open_store(url)
    store.write(lambda _: None)
    mine = []
    for turn in range(turns):
        start.wait(30)
        if move(store, turn):
            mine.append(turn)
    won.put(mine)
    store.close()
