"""A worker's death in the middle of its work, and its return.

There is one moment in which no store outside the handler's own database can help: the handler's effect is
there, its claim is not completed yet, and the process dies. A retry then has the effect a second time. Every
system that keeps the two apart has that window. So the accident keeps out of it, by construction:

1. The worker gets no new requests but those whose handlers hang before their effect.
2. When every other request to it is answered, all that is left in it are hanging handlers with open claims.
3. It is killed and started again. The leases end, and the retries are handled elsewhere.

With `anywhere` it is killed at full speed instead, and the verdict counts what fell into the window.
"""

import threading

from soak.plan import HANGING
from soak.router import Router
from soak.sender import Sender
from soak.workers import Worker


class Accident(threading.Thread):
    """Kills one worker once, when the plan comes to it."""

    def __init__(self, victim: Worker, router: Router, sender: Sender, *, anywhere: bool) -> None:
        super().__init__(name=f"accident of {victim.name}", daemon=True)
        self.victim = victim
        self.happened = False
        self._router = router
        self._sender = sender
        self._anywhere = anywhere
        self._abandoned = threading.Event()

    def run(self) -> None:
        while not self._is_time():
            if self._abandoned.wait(0.02):
                return
        hanging, under_way = self._hanging(), self._router.under_way(self.victim.name)
        self.victim.kill()
        print(
            f"{self.victim.name} was killed with {under_way} requests under way, {hanging} of them hanging",
            flush=True,
        )
        self.victim.start()
        self._router.open(self.victim.name)
        self.happened = True

    def end(self) -> None:
        """Waits until a victim is back, and lets nobody be killed any more."""
        self._abandoned.set()
        self.join()

    def _is_time(self) -> bool:
        if self._anywhere:
            return self._hanging() > 0
        is_complete = self._sender.sent_to_hang[self.victim.name] == HANGING
        return is_complete and self._router.under_way(self.victim.name) == self._hanging() > 0

    def _hanging(self) -> int:
        """Counts the handlers that hang: they have begun, and their requests are not answered."""
        return sum(entry.step == "hanging" for entry in self.victim.entries())
