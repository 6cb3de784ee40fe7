"""The guide to sending with BullMQ, run as it is printed, to a receiver that fails on purpose."""

import itertools
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from recipe import ROOT, Program, written_out
from sending_plan import DELAYS, PLAN, SECRET
from service_fixtures import entered
from services import RedisServer, free_port, running_redis
from unkind_receiver import Call, UnkindReceiver, status

GUIDE = "send-bullmq.md"
TIME_LIMIT = 1.0
# How late an attempt may be, in seconds, on a machine that does other things as well.
LATENESS = 2.0
_ATTEMPT = re.compile(r"^attempt (\d+) of (\S+): (\S+), (?:next at (\S+)|(\w+))$", re.MULTILINE)
_MESSAGES = itertools.count(1)


@dataclass(frozen=True)
class Attempt:
    """A line of a worker: what came of an attempt, and what is next."""

    number: int
    outcome: str
    due: float | None
    end: str


@dataclass
class Sending:
    """A queue, its workers, and the receiver that they send to."""

    folder: Path
    environment: dict[str, str]
    redis: RedisServer
    receiver: UnkindReceiver
    workers: list[Program] = field(default_factory=list)

    def start_worker(self, stack: ExitStack) -> Program:
        name = f"worker-{len(self.workers)}"
        command = ["node", "worker.mjs"]
        worker = stack.enter_context(Program.started(name, command, self.folder, self.environment))
        self.workers.append(worker)
        return worker

    def publish(self, endpoint: str, url: str | None, *, times: int = 1, failed: bool = False) -> str:
        """Registers an endpoint, if it has a URL, publishes a message to it, and returns the message's id.

        Where it has failed, the job stands as after a worker that died when it had noted a first failure.
        """
        message_id = f"msg_{next(_MESSAGES)}"
        message = {"id": message_id, "type": "a.b", "body": '{"type":"a.b","data":{"n":1.0}}'}
        job = {"endpoint": endpoint, "url": url, "secret": SECRET, "message": message, "failed": failed}
        subprocess.run(
            ["node", "publish_all.mjs"],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            input=json.dumps([job] * times),
            text=True,
            check=True,
            timeout=60,
        )
        return message_id

    def attempts(self, message_id: str) -> list[Attempt]:
        lines = [
            Attempt(int(number), outcome, _seconds(due), end)
            for worker in self.workers
            for number, found, outcome, due, end in _ATTEMPT.findall(worker.written())
            if found == message_id
        ]
        return sorted(lines, key=lambda line: line.number)

    def ended(self, message_id: str) -> list[Attempt]:
        """Waits until a delivery has ended, and returns its attempts."""
        worker = self.workers[-1]
        worker.wait_for(lambda: any(line.end for line in self.attempts(message_id)), message_id)
        return self.attempts(message_id)


@contextmanager
def prepared(time_limit: float = TIME_LIMIT) -> Iterator[Sending]:
    """A queue with a worker, and a receiver."""
    with ExitStack() as stack:
        redis = entered(stack, running_redis())
        receiver = stack.enter_context(UnkindReceiver.started(SECRET))
        # In the tree, where Node finds the package and what it was installed with.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=ROOT / "target", prefix="recipe-")))
        assert "worker.mjs" in written_out(GUIDE, folder)
        program = Path(__file__).with_name("publish_all.mjs")
        (folder / program.name).write_text(program.read_text(encoding="utf-8"), encoding="utf-8")
        environment = {
            "REDIS_URL": redis.url,
            "RETRY_PLAN": json.dumps(PLAN),
            "TIME_LIMIT_MS": str(int(time_limit * 1000)),
            "ALLOWED_ADDRESSES": "127.0.0.1",
        }
        found = Sending(folder, environment, redis, receiver)
        found.start_worker(stack)
        yield found


@pytest.fixture(scope="module")
def sending() -> Iterator[Sending]:
    """One queue for all tests: what one endpoint does must not keep the others waiting."""
    with prepared() as found:
        yield found


def test_attempts_are_made_at_the_planned_times(sending: Sending) -> None:
    answers = [status(500), status(503, Retry_After="3"), status(502), status(200)]
    message_id = sending.publish("fails", sending.receiver.url("/fails", *answers))
    attempts = sending.ended(message_id)
    assert [line.number for line in attempts] == [1, 2, 3, 4]
    assert [line.outcome for line in attempts] == ["500", "503", "502", "200"]
    assert attempts[-1].end == "delivered"
    calls = sending.receiver.calls("/fails")
    _check_times(attempts, calls)
    # The plan has 2 s and at most half a second there, and the receiver asks for more.
    waited = [later.came - earlier.came for earlier, later in itertools.pairwise(calls)]
    assert all(seconds >= least for seconds, least in zip(waited, (DELAYS[0], 3, DELAYS[2]), strict=True))
    # Signed anew each time, as one message: an old signature would be refused as a replay.
    assert {call.id for call in calls} == {message_id}
    assert all(abs(call.timestamp - call.came) < LATENESS for call in calls)
    assert len({call.timestamp for call in calls}) == len(calls)


@pytest.mark.parametrize("way", ["silence", "dripping"])
def test_no_answer_within_the_time_limit_is_a_failure(sending: Sending, way: str) -> None:
    url = sending.receiver.url(f"/{way}", getattr(sending.receiver, way), status(204))
    attempts = sending.ended(sending.publish(way, url))
    assert [line.outcome for line in attempts] == ["ABORT_ERR", "204"]
    calls = sending.receiver.calls(f"/{way}")
    _check_times(attempts, calls)
    assert calls[1].came - calls[0].came >= TIME_LIMIT + DELAYS[0]


def test_an_answer_without_end_is_not_read_to_its_end(sending: Sending) -> None:
    url = sending.receiver.url("/endless", sending.receiver.endless)
    assert [line.outcome for line in sending.ended(sending.publish("endless", url))] == ["200"]


def test_a_refused_connection_is_a_failure_until_the_plan_ends(sending: Sending) -> None:
    attempts = sending.ended(sending.publish("refuses", f"http://127.0.0.1:{free_port()}/"))
    assert [line.outcome for line in attempts] == ["ECONNREFUSED"] * (len(DELAYS) + 1)
    assert attempts[-1].end == "gave_up"


def test_no_address_is_connected_to_that_the_policy_refuses(sending: Sending) -> None:
    port = sending.receiver.port
    # It listens on all of them.
    sending.receiver.url("/inside", status(200))
    hosts = ["169.254.169.254", "[::ffff:127.0.0.2]", "2130706434", "0.0.0.0"]
    refused = [sending.publish(f"literal-{host}", f"http://{host}:{port}/inside") for host in hosts]
    for message_id in refused:
        assert {line.outcome for line in sending.ended(message_id)} == {"address_refused"}
    assert sending.receiver.calls("/inside") == []
    # Of this name, the one address that is allowed.
    named = sending.publish("named", sending.receiver.url("/named", status(200), host="localhost"))
    assert [line.outcome for line in sending.ended(named)] == ["200"]


def test_a_redirect_is_not_followed(sending: Sending) -> None:
    target = sending.receiver.url("/elsewhere", status(200))
    url = sending.receiver.url("/moved", status(302, Location=target), status(200))
    attempts = sending.ended(sending.publish("moved", url))
    assert [line.outcome for line in attempts] == ["302", "200"]
    assert sending.receiver.calls("/elsewhere") == []


def test_a_receiver_that_is_gone_gets_nothing_more(sending: Sending) -> None:
    failing = sending.publish("gone", sending.receiver.url("/gone", status(500), status(410)))
    ended = sending.ended(failing)
    assert [line.end for line in ended] == ["", "disabled"]
    sending.publish("gone", None)
    marker = sending.publish("other", sending.receiver.url("/other", status(200)))
    sending.ended(marker)
    assert len(sending.receiver.calls("/gone")) == 2


def test_publishing_twice_is_publishing_once(sending: Sending) -> None:
    message_id = sending.publish("once", sending.receiver.url("/once", status(200)), times=3)
    sending.ended(message_id)
    marker = sending.publish("another", sending.receiver.url("/another", status(200)))
    sending.ended(marker)
    assert len(sending.receiver.calls("/once")) == 1


def test_a_job_that_is_back_before_its_time_waits(sending: Sending) -> None:
    url = sending.receiver.url("/early", status(200))
    published = time.time()
    attempts = sending.ended(sending.publish("early", url, failed=True))
    assert [(line.number, line.outcome) for line in attempts] == [(2, "200")]
    assert sending.receiver.calls("/early")[0].came - published >= DELAYS[0]


def test_a_worker_that_is_killed_loses_nothing() -> None:
    with prepared(time_limit=60) as sending, ExitStack() as stack:
        receiver = sending.receiver
        # In the middle of an attempt: the receiver has the request, and nobody has its answer.
        answers = [receiver.silence, status(500), status(200)]
        hanging = sending.publish("killed", receiver.url("/killed", *answers))
        waiting = sending.publish("waits", receiver.url("/waits", status(500), status(500), status(200)))
        first = sending.workers[0]
        first.wait_for(lambda: bool(receiver.calls("/killed") and receiver.calls("/waits")), "a request")
        first.kill()
        assert sending.attempts(hanging) == []
        sending.start_worker(stack)
        # Attempt 1 was never noted, and is made again.
        attempts = sending.ended(hanging)
        assert [(line.number, line.outcome) for line in attempts] == [(1, "500"), (2, "200")]
        assert len(receiver.calls("/killed")) == 3
        _check_times(attempts, receiver.calls("/killed")[1:])
        attempts = sending.ended(waiting)
        assert [line.outcome for line in attempts][-1] == "200"
        assert len(receiver.calls("/waits")) >= 3


def _check_times(attempts: list[Attempt], calls: list[Call]) -> None:
    """Checks that each attempt was made when the one before had decided it: not early, and not much later."""
    assert len(attempts) == len(calls)
    planned = [line.due for line in attempts if line.due is not None]
    lateness = [call.came - due for due, call in zip(planned, calls[1:], strict=True)]
    print("late by " + ", ".join(f"{seconds * 1000:.0f} ms" for seconds in lateness))
    assert all(0 <= seconds < LATENESS for seconds in lateness)


def _seconds(text: str) -> float | None:
    # Python 3.10 does not read the Z.
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None
