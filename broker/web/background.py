"""Work that no visitor waits for: a thread for each kind, in the process that serves, while there is work.

Tidying is done by whoever visits first in a minute.
"""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import structlog
from flask import Flask, Response, request

from broker.simulator.administration import batch_work, delivery
from broker.simulator.audit import keeping
from broker.simulator.context import Simulator
from broker.simulator.housekeeping import Housekeeping, tidy

log = structlog.get_logger("broker")


@dataclass(slots=True)
class Worker:
    """Does `job` when it is woken. A job gives the seconds after which it wants to be done again, or None.

    The thread begins at a wake-up, so that it is not lost in a fork, and ends when nothing is left to do.
    """

    name: str
    sim: Simulator
    job: Callable[[Simulator], float | None]
    condition: threading.Condition = field(default_factory=threading.Condition)
    is_wanted: bool = False
    thread: threading.Thread | None = None

    def wake(self) -> None:
        """There may be work."""
        with self.condition:
            self.is_wanted = True
            self.condition.notify()
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, name=self.name, daemon=True)
                self.thread.start()

    def _work(self) -> None:
        again: float | None = 0.0
        while self._goes_on(again):
            try:
                again = self.job(self.sim)
            except Exception:  # the store may be gone for a while; the next wake-up tries again
                log.exception("background.failed", worker=self.name)
                again = None

    def _goes_on(self, again: float | None) -> bool:
        """Whether to do the job (again): waits for as long as it asked, or gives up the thread."""
        with self.condition:
            if not self.is_wanted and again is None:
                self.thread = None
                return False
            self.condition.wait_for(lambda: self.is_wanted, again)
            self.is_wanted = False
            return True


def install(app: Flask, simulator: Simulator, *, without: Collection[str], watching: str) -> None:
    """Let `app` tidy now and then, and wake who works behind it; what is posted to blueprints of `without` does not.

    Who asks the blueprint `watching` is no visitor: it has to answer when the store does not.
    """
    housekeeping = Housekeeping()
    workers = [Worker("clerk", simulator, batch_work.work_through), Worker("notary", simulator, keeping.sign_heads)]
    if simulator.mail_server is not None:
        workers.append(Worker("courier", simulator, delivery.deliver))

    def wake() -> None:
        for worker in workers:
            worker.wake()

    @app.before_request
    def tidy_now_and_then() -> None:
        if request.blueprint != watching and housekeeping.is_due(simulator.clock()):
            tidy(simulator)
            wake()

    @app.after_request
    def work_behind(response: Response) -> Response:
        """What a visitor changed may leave work: mail to send, a file to go through."""
        if request.method == "POST" and request.blueprint not in without:
            wake()
        return response
