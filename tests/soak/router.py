"""Chooses the worker for each request, as a load balancer in front of all of them would."""

import threading
from collections import Counter
from collections.abc import Sequence
from random import Random

from soak.plan import Delivery
from soak.workers import Worker


class Router:
    """The workers that take requests, and how many are under way at each.

    A request is under way from the moment in which its worker is chosen until `answered` is called.
    """

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._workers = workers
        self._closed: set[str] = set()
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()

    def any(self, random: Random) -> Worker:
        """Chooses a worker."""
        return self._one_of(random, self._workers)

    def of_another_language(self, random: Random, copies: Sequence[Delivery], delivery: Delivery) -> Worker:
        """Chooses a worker for one of several copies that are sent at once: neighbours differ in language."""
        languages = sorted({worker.language for worker in self._workers})
        # The same start for all copies, whichever of them asks first.
        start = Random(copies[0].number).randrange(len(languages))
        language = languages[(start + copies.index(delivery)) % len(languages)]
        return self._one_of(random, [worker for worker in self._workers if worker.language == language])

    def named(self, name: str) -> Worker:
        """Chooses this worker, closed or not."""
        (worker,) = (worker for worker in self._workers if worker.name == name)
        with self._lock:
            self._under_way[name] += 1
        return worker

    def answered(self, worker: Worker) -> None:
        """Tells that a request has ended, with an answer or without."""
        with self._lock:
            self._under_way[worker.name] -= 1

    def under_way(self, name: str) -> int:
        """Returns how many requests have no answer yet."""
        with self._lock:
            return self._under_way[name]

    def close(self, name: str) -> None:
        """Chooses a worker no more, except by its name."""
        with self._lock:
            self._closed.add(name)

    def open(self, name: str) -> None:
        """Chooses a worker again."""
        with self._lock:
            self._closed.discard(name)

    def _one_of(self, random: Random, workers: Sequence[Worker]) -> Worker:
        with self._lock:
            open_ones = [worker for worker in workers if worker.name not in self._closed]
            chosen = random.choice(
                open_ones or [worker for worker in self._workers if worker.name not in self._closed]
            )
            self._under_way[chosen.name] += 1
            return chosen
