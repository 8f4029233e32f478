"""Sending mail while the application serves: a thread of its own, so that no visitor waits for a mail server."""

import threading
from dataclasses import dataclass, field
from typing import Final

import structlog

from broker.simulator.administration.delivery import deliver_due
from broker.simulator.context import Simulator

log = structlog.get_logger("broker")

_EVERY_S: Final = 30.0


@dataclass(slots=True)
class Courier:
    """Delivers when it is woken, and twice a minute for what has to be tried again.

    The thread begins at the first wake-up, in the process that serves: it would not outlive a fork. It ends with it.
    """

    sim: Simulator
    there_is_mail: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None

    def wake(self) -> None:
        """There may be mail to deliver."""
        if self.sim.mail_server is None:
            return
        self.there_is_mail.set()
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, name="courier", daemon=True)
                self.thread.start()

    def _work(self) -> None:
        while True:
            self.there_is_mail.wait(_EVERY_S)
            self.there_is_mail.clear()
            try:
                deliver_due(self.sim)
            except Exception:  # the store may be gone for a while; the next round tries again
                log.exception("mail.not_delivered")
