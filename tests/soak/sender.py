"""The sender: it repeats each delivery until it is answered, as its provider does, only faster."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

from hookproof import RetryPolicy, Signer
from soak.client import ANSWER_LIMIT, NO_ANSWER, Client
from soak.plan import Delivery, Moment, Plan
from soak.router import Router
from soak.workers import Worker

PROVIDER = "fourvenues"
# Fourvenues comes back 40 times in 70 minutes; this sender does it in three and a half.
PACE = 20
# How many attempts find a handler that fails.
FAILURES = 0.08
THREADS = 48


class Sender:
    """Sends a plan, and remembers what was answered."""

    def __init__(self, plan: Plan, router: Router, secret: str, seed: int, *, anywhere: bool) -> None:
        self._plan = plan
        self._router = router
        self._seed = seed
        self._anywhere = anywhere
        self._signer = Signer(PROVIDER, secret=secret)
        self._forger = Signer(PROVIDER, secret=f"not-{secret}")
        self._policy = RetryPolicy.of(PROVIDER)
        self._client = Client()
        self._pool = ThreadPoolExecutor(THREADS)
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.finished = 0
        self.given_up: list[Delivery] = []
        # Attempts that got no answer: whoever kills a worker in the middle leaves some.
        self.unanswered: set[str] = set()
        # How many requests with handlers that hang were sent to each victim.
        self.sent_to_hang: Counter[str] = Counter()

    def start(self) -> None:
        """Queues everything; it is sent in the order of the plan."""
        for moment in self._plan.moments:
            copies = len(moment.deliveries)
            together = threading.Barrier(copies) if copies > 1 else None
            for delivery in moment.deliveries:
                self._pool.submit(self._deliver, moment, delivery, together)

    def is_finished(self) -> bool:
        with self._lock:
            return self.finished == self._plan.deliveries

    def stop(self) -> None:
        """Ends early: what is under way is given up."""
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)

    def _deliver(self, moment: Moment, delivery: Delivery, together: threading.Barrier | None) -> None:
        random = Random(f"{self._seed}/{delivery.number}")
        body, headers = self._signed(delivery)
        if together is not None:
            # Neighbours in the queue: whoever waits here is followed by those that it waits for.
            together.wait(ANSWER_LIMIT)
        status = NO_ANSWER
        for attempt in range(1, self._policy.retries + 2):
            control = self._control(random, delivery, attempt)
            worker = self._worker(random, moment, delivery, attempt)
            status = self._attempt(worker, delivery, body, {**headers, **control})
            if delivery.forgery or status // 100 == 2:
                break
            delay = self._policy.delay(attempt, seed=random.getrandbits(32))
            if delay is None or self._stopped.wait(delay / timedelta(seconds=PACE)):
                break
        with self._lock:
            self.finished += 1
            if not delivery.forgery and status // 100 != 2:
                self.given_up.append(delivery)

    def _attempt(self, worker: Worker, delivery: Delivery, body: bytes, headers: dict[str, str]) -> int:
        if headers["X-Soak-Handler"] == "hang":
            with self._lock:
                self.sent_to_hang[worker.name] += 1
        try:
            status = self._client.post(worker, body, headers)
        finally:
            self._router.answered(worker)
        with self._lock:
            self.answers["forged" if delivery.forgery else "authentic", status] += 1
            if status == NO_ANSWER:
                self.unanswered.add(headers["X-Soak-Delivery"])
        return status

    def _worker(self, random: Random, moment: Moment, delivery: Delivery, attempt: int) -> Worker:
        if attempt == 1 and delivery.hangs_in:
            if not self._anywhere:
                self._router.close(delivery.hangs_in)
            return self._router.named(delivery.hangs_in)
        if attempt == 1 and len(moment.deliveries) > 1:
            return self._router.of_another_language(random, moment.deliveries, delivery)
        return self._router.any(random)

    def _control(self, random: Random, delivery: Delivery, attempt: int) -> dict[str, str]:
        """Tells the handler what to do with this attempt: the test's own headers, which nobody signs."""
        fails = random.random() < FAILURES
        hangs = attempt == 1 and delivery.hangs_in
        handler = "hang" if hangs else "fail" if fails else "work"
        return {"X-Soak-Delivery": f"{delivery.number}.{attempt}", "X-Soak-Handler": handler}

    def _signed(self, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
        body = _body(delivery.event)
        signer = self._forger if delivery.forgery == "secret" else self._signer
        headers = {"Content-Type": "application/json", **signer.sign(body).headers}
        if delivery.forgery == "body":
            body = body.replace(b'"amount":1', b'"amount":2')
        if delivery.forgery == "unsigned":
            headers = {"Content-Type": "application/json"}
        return body, headers


def _body(event: int) -> bytes:
    payload = {"payment_id": f"payment-{event}", "amount": 1}
    document = {"id": f"event-{event}", "event": "payment.success", "payload": payload}
    return json.dumps(document, separators=(",", ":")).encode()
