"""The recipes that hand work over to a queue, run as their guides print them."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from recipe import ROOT, Program, written_out
from redis import Redis
from sender import SECRET, Sender
from service_fixtures import entered
from services import RedisServer, free_port, running_redis

# What the slow part of the work takes in both guides, in seconds.
WORK = 0.5


@dataclass(frozen=True)
class HandOff:
    """A receiver, its queue and the worker behind it."""

    redis: RedisServer
    sender: Sender
    worker: Program

    def executions(self, order: int) -> int:
        return self.worker.written().count(f"handled order.created {order}\n")

    def wait_for(self, *orders: int) -> None:
        self.worker.wait_for(lambda: all(map(self.executions, orders)), f"the work of {orders}")


@pytest.fixture(params=["celery", "bullmq"])
def hand_off(request: pytest.FixtureRequest) -> Iterator[HandOff]:
    port = free_port()
    with ExitStack() as stack:
        # Its own: a test stops it.
        redis = entered(stack, running_redis())
        environment = {"REDIS_URL": redis.url, "FAST_EVENTS_SECRET": SECRET, "PORT": str(port)}
        # In the tree, where Node finds the package and what it was installed with.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=ROOT / "target", prefix="recipe-")))
        assert written_out(f"{request.param}.md", folder)
        server_command, worker_command = _celery(port) if request.param == "celery" else _bullmq()
        if request.param == "celery":
            environment |= {"SECRET_KEY": "only-for-the-test", "DJANGO_SETTINGS_MODULE": "shop.settings"}
        worker = stack.enter_context(Program.started("worker", worker_command, folder, environment))
        server = stack.enter_context(Program.started("server", server_command, folder, environment))
        sender = Sender(port)
        server.wait_for(sender.listens, "listening")
        found = HandOff(redis, sender, worker)
        # The server may listen before it has reached Redis; it says 503 until then.
        server.wait_for(lambda: sender.send(0).status == 200, "taking orders")
        # The first one has to wait until the worker is up.
        found.wait_for(0)
        yield found


def _celery(port: int) -> tuple[list[str], list[str]]:
    django = [sys.executable, "-m", "django", "runserver", f"127.0.0.1:{port}", "--noreload"]
    # Threads: the work of the guide sleeps, and a process for each would only take longer to start.
    celery = [sys.executable, "-m", "celery", "--app", "shop", "worker", "--pool", "threads"]
    return django, [*celery, "--concurrency", "8", "--loglevel", "WARNING"]


def _bullmq() -> tuple[list[str], list[str]]:
    return ["node", "server.mjs"], ["node", "worker.mjs"]


def test_answers_long_before_the_work_is_done(hand_off: HandOff) -> None:
    answers = hand_off.sender.send_all(range(1, 25))
    seconds = [answer.seconds for answer in answers]
    print(f"answers took {statistics.median(seconds) * 1000:.0f} ms, at most {max(seconds) * 1000:.0f} ms")
    assert {answer.status for answer in answers} == {200}
    assert statistics.median(seconds) < WORK / 2
    hand_off.wait_for(*range(1, 25))


def test_duplicates_lead_to_one_execution(hand_off: HandOff) -> None:
    answers = hand_off.sender.send_all([1, 1, 1, 1, 1, 1, 1, 1])
    # Those that came while the first was being handed over are asked to come back.
    assert {answer.status for answer in answers} <= {200, 503}
    hand_off.wait_for(1)
    assert hand_off.sender.send(1).status == 200
    hand_off.sender.send(2)
    hand_off.wait_for(2)
    time.sleep(WORK)
    assert hand_off.executions(1) == 1


def test_a_crash_before_the_completion_leads_to_one_execution(hand_off: HandOff) -> None:
    assert hand_off.sender.send(1).status == 200
    # What such a crash leaves behind when the lease has ended: the work is in the queue, and nobody knows.
    client = Redis.from_url(hand_off.redis.url)
    forgotten = list(client.scan_iter("hookproof:*"))
    assert client.delete(*forgotten) == len(forgotten) > 0
    client.close()
    assert hand_off.sender.send(1).status == 200
    hand_off.sender.send(2)
    hand_off.wait_for(1, 2)
    time.sleep(2 * WORK)
    assert hand_off.executions(1) == 1


def test_nothing_is_lost_while_redis_is_down(hand_off: HandOff) -> None:
    hand_off.redis.stop()
    refused = hand_off.sender.send_all([1, 2, 3])
    assert {answer.status for answer in refused} == {503}
    assert max(answer.seconds for answer in refused) < 10
    hand_off.redis.start()
    hand_off.worker.wait_for(lambda: hand_off.sender.send(1).status == 200, "taking orders again")
    hand_off.sender.send_all([2, 3])
    hand_off.wait_for(1, 2, 3)
    assert [hand_off.executions(order) for order in (1, 2, 3)] == [1, 1, 1]


def test_a_forgery_reaches_no_queue(hand_off: HandOff) -> None:
    forger = Sender(hand_off.sender.port, secret="not-the-secret")
    # Fast Events wants 200 for that as well.
    assert forger.send(1).status == 200
    assert hand_off.sender.send(2).status == 200
    hand_off.wait_for(2)
    assert hand_off.executions(1) == 0
