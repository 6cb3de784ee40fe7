"""The guide to sending with Celery, run as it is printed, to a receiver that fails on purpose."""

import itertools
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from recipe import Program, written_out
from redis import Redis
from sending_plan import DELAYS, PLAN, SECRET
from service_fixtures import entered
from services import RedisServer, free_port, running_redis
from unkind_receiver import UnkindReceiver, status

GUIDE = "send-celery.md"
# How late an attempt may be, in seconds, on a machine that does other things as well.
LATENESS = 3.0
# Every waiting of a task, and the restarting of a worker, has to fit in what `Program.wait_for` waits.
ENVIRONMENT = {"TIME_LIMIT": "1", "VISIBILITY_TIMEOUT": "4", "ALLOWED_ADDRESSES": "127.0.0.1"}
_ATTEMPT = re.compile(r"(msg_\w+) attempt (\d+): (\S+), (\w+)(?: due (\S+))?$", re.MULTILINE)


@dataclass(frozen=True)
class Attempt:
    """A line of a worker: what came of an attempt, and what is next."""

    number: int
    found: str
    action: str
    due: float | None


@dataclass
class Sending:
    """A queue, its workers, and the receiver that they send to."""

    folder: Path
    redis: RedisServer
    receiver: UnkindReceiver
    workers: list[Program] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {**ENVIRONMENT, "REDIS_URL": self.redis.url, "RETRY_PLAN": json.dumps(PLAN)}

    @contextmanager
    def worker(self) -> Iterator[Program]:
        """Runs a worker; at the end of the block it is killed, all of its processes at once."""
        command = [sys.executable, "-m", "celery", "--app", "hooks", "worker"]
        command += ["--concurrency", "4", "--loglevel", "INFO"]
        name = f"worker-{len(self.workers)}"
        with Program.started(name, command, self.folder, self.environment) as worker:
            self.workers.append(worker)
            yield worker

    def send(self, *endpoints: tuple[str, str]) -> list[str]:
        """Registers endpoints by name and URL, sends a message to each, and returns their ids."""
        program = (
            "import json, sys\n"
            "from hooks.endpoints import register\n"
            "from hooks.tasks import send\n"
            "for name, url, secret in json.load(sys.stdin):\n"
            "    register(name, url, secret)\n"
            "    print(send(name, 'order.created', {'n': 1.0}))\n"
        )
        return self._run(program, [[name, url, SECRET] for name, url in endpoints]).split()

    def send_again(self, endpoint: str) -> str:
        """Sends a further message to an endpoint that there is."""
        program = (
            "import json, sys; from hooks.tasks import send; print(send(json.load(sys.stdin), 'a.b', {}))"
        )
        return self._run(program, endpoint).strip()

    def send_twice(self, name: str, url: str) -> str:
        """Puts one message into the queue twice, as a worker that dies at the wrong moment leaves it."""
        program = (
            "import json, sys\n"
            "from hookproof import Delivery\n"
            "from hooks.endpoints import register\n"
            "from hooks.tasks import deliver\n"
            "name, url, secret = json.load(sys.stdin)\n"
            "register(name, url, secret)\n"
            "state = Delivery().to_json()\n"
            "for _ in range(2):\n"
            "    deliver.delay(name, {'id': 'msg_twice', 'type': 'a.b', 'body': '{}'}, state)\n"
            "print('msg_twice')\n"
        )
        return self._run(program, [name, url, SECRET]).strip()

    def queue_is_empty(self) -> bool:
        """Tells whether no task is waiting, in Redis or in a worker."""
        client = Redis.from_url(self.redis.url)
        try:
            return client.llen("celery") == client.hlen("unacked") == 0
        finally:
            client.close()

    def _run(self, program: str, given: Any) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            input=json.dumps(given),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def written(self) -> str:
        return "".join(worker.written() for worker in self.workers)

    def attempts(self, message_id: str) -> list[Attempt]:
        return [
            Attempt(int(number), found, action, datetime.fromisoformat(due).timestamp() if due else None)
            for found_id, number, found, action, due in _ATTEMPT.findall(self.written())
            if found_id == message_id
        ]

    def ended(self, message_id: str) -> list[Attempt]:
        """Waits until a delivery has ended, and returns its attempts."""
        self.workers[-1].wait_for(
            lambda: any(line.action != "retry" for line in self.attempts(message_id)), message_id
        )
        return self.attempts(message_id)


@contextmanager
def prepared() -> Iterator[Sending]:
    with ExitStack() as stack:
        redis = entered(stack, running_redis())
        receiver = stack.enter_context(UnkindReceiver.started(SECRET))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recipe-")))
        assert "hooks/tasks.py" in written_out(GUIDE, folder)
        yield Sending(folder, redis, receiver)


@dataclass(frozen=True)
class Sent:
    """Messages to unkind endpoints, by the endpoint's name."""

    sending: Sending
    messages: dict[str, str]

    def attempts(self, name: str) -> list[Attempt]:
        return self.sending.ended(self.messages[name])

    def outcomes(self, name: str) -> list[tuple[str, str]]:
        return [(line.found, line.action) for line in self.attempts(name)]


@pytest.fixture(scope="module")
def sent() -> Iterator[Sent]:
    """Sends to all of them at once: what one does must not keep the others waiting."""
    with prepared() as sending, sending.worker():
        receiver = sending.receiver
        urls = {
            "failing": receiver.url(
                "/failing", status(500), status(503, Retry_After="3"), status(502), status(200)
            ),
            "refusing": f"http://127.0.0.1:{free_port()}/",
            "silent": receiver.url("/silent", receiver.silence, status(204)),
            "dripping": receiver.url("/dripping", receiver.dripping, status(204)),
            "endless": receiver.url("/endless", receiver.endless),
            "gone": receiver.url("/gone", status(410)),
            "redirecting": receiver.url("/redirecting", status(307, Location="/failing"), status(200)),
            "inside": receiver.url("/inside", status(200), host="127.0.0.2"),
            "named": receiver.url("/named", status(200), host="localhost"),
        }
        ids = sending.send(*urls.items())
        yield Sent(sending, dict(zip(urls, ids, strict=True)))


def check_times(sent: Sent, name: str) -> None:
    """Compares when attempts came with when the attempts before them had said that they were due."""
    due = [line.due for line in sent.attempts(name) if line.due is not None]
    came = [call.came for call in sent.sending.receiver.calls(f"/{name}")][1:]
    late = [arrival - planned for arrival, planned in zip(came, due, strict=True)]
    print(name, "late by", *(f"{seconds:.3f} s" for seconds in late))
    assert all(0 <= seconds <= LATENESS for seconds in late), late


def test_attempts_are_made_at_the_planned_times(sent: Sent) -> None:
    retry = "retry"
    expected = [("500", retry), ("503", retry), ("502", retry), ("200", "delivered")]
    assert sent.outcomes("failing") == expected
    check_times(sent, "failing")
    calls = sent.sending.receiver.calls("/failing")
    waited = [later.came - earlier.came for earlier, later in itertools.pairwise(calls)]
    # The plan has 2 s and at most half a second there, and the receiver asks for 3.
    assert all(seconds >= least for seconds, least in zip(waited, (1, 3, 1), strict=True))
    # Signed anew each time, as one message: an old signature would be refused as a replay.
    assert {call.id for call in calls} == {sent.messages["failing"]}
    assert all(abs(call.timestamp - call.came) < LATENESS for call in calls)
    assert len({call.timestamp for call in calls}) == len(calls)


def test_a_refused_connection_is_given_up_at_the_end_of_the_plan(sent: Sent) -> None:
    attempts = sent.attempts("refusing")
    assert [line.found for line in attempts] == ["NewConnectionError"] * (1 + len(DELAYS))
    assert [line.action for line in attempts] == ["retry"] * len(DELAYS) + ["give_up"]
    client = Redis.from_url(sent.sending.redis.url)
    (letter,) = client.lrange("dead-letters:refusing", 0, -1)
    client.close()
    assert json.loads(letter)["id"] == sent.messages["refusing"]


def test_silence_is_a_failure(sent: Sent) -> None:
    assert sent.outcomes("silent") == [("ReadTimeoutError", "retry"), ("204", "delivered")]
    check_times(sent, "silent")


def test_an_answer_that_drips_is_ended(sent: Sent) -> None:
    assert sent.outcomes("dripping") == [("SoftTimeLimitExceeded", "retry"), ("204", "delivered")]
    check_times(sent, "dripping")


def test_an_answer_without_end_is_not_read(sent: Sent) -> None:
    assert sent.outcomes("endless") == [("200", "delivered")]


def test_a_redirect_is_a_failure_and_not_followed(sent: Sent) -> None:
    assert sent.outcomes("redirecting") == [("307", "retry"), ("200", "delivered")]
    calls = sent.sending.receiver.calls("/failing")
    assert sent.messages["redirecting"] not in {call.id for call in calls}


def test_an_address_inside_is_not_connected_to(sent: Sent) -> None:
    attempts = sent.attempts("inside")
    assert {line.found for line in attempts} == {"AddressRefusedError"}
    assert attempts[-1].action == "give_up"
    assert sent.sending.receiver.calls("/inside") == []


def test_a_name_is_connected_to_where_it_is_permitted(sent: Sent) -> None:
    assert sent.outcomes("named") == [("200", "delivered")]


def test_nothing_more_is_sent_to_an_endpoint_that_is_gone(sent: Sent) -> None:
    assert sent.outcomes("gone") == [("410", "disable")]
    message_id = sent.sending.send_again("gone")
    line = f"{message_id} not sent: the endpoint is disabled"
    sent.sending.workers[-1].wait_for(lambda: line in sent.sending.written(), line)
    assert len(sent.sending.receiver.calls("/gone")) == 1


def test_an_attempt_that_is_in_the_queue_twice_is_made_once(sent: Sent) -> None:
    sending = sent.sending
    url = sending.receiver.url("/twice", status(500), status(500), status(200))
    message_id = sending.send_twice("twice", url)
    assert [line.found for line in sending.ended(message_id)] == ["500", "500", "200"]
    sending.workers[-1].wait_for(sending.queue_is_empty, "the end of both tasks")
    assert len(sending.receiver.calls("/twice")) == 3


def test_a_worker_that_is_killed_loses_nothing() -> None:
    with prepared() as sending:
        receiver = sending.receiver
        with sending.worker() as worker:
            urls = {
                "in-the-middle": receiver.url("/in-the-middle", receiver.silence, status(200)),
                "waiting": receiver.url("/waiting", status(503, Retry_After="4"), status(200)),
            }
            in_the_middle, waiting = sending.send(*urls.items())
            worker.wait_for(lambda: bool(receiver.calls("/in-the-middle")), "an attempt")
            worker.wait_for(lambda: "retry: Retry in" in worker.written(), "a next task in the queue")
        assert sending.attempts(in_the_middle) == []
        # A worker looks for the tasks of the dead when it starts, and then every 100 seconds only.
        time.sleep(float(ENVIRONMENT["VISIBILITY_TIMEOUT"]))
        with sending.worker():
            # The attempt that was under way is made again, as the first one: nobody had noted it.
            first, *_ = sending.ended(in_the_middle)
            assert (first.number, first.found, first.action) == (1, "200", "delivered")
            assert {call.id for call in receiver.calls("/in-the-middle")} == {in_the_middle}
            assert [line.number for line in sending.ended(waiting)] == [1, 2]
            came = [call.came for call in receiver.calls("/waiting")]
            assert len(came) == 2
            assert came[1] - came[0] >= 4


def test_a_process_that_is_killed_loses_nothing() -> None:
    with prepared() as sending, sending.worker() as worker:
        receiver = sending.receiver
        (message_id,) = sending.send(("silent", receiver.url("/silent", receiver.silence, status(200))))
        worker.wait_for(lambda: bool(receiver.calls("/silent")), "an attempt")
        for process in _children(worker):
            os.kill(process, signal.SIGKILL)
        attempts = sending.ended(message_id)
        assert [(line.number, line.action) for line in attempts] == [(1, "delivered")]
        assert len(receiver.calls("/silent")) == 2


def _children(program: Program) -> list[int]:
    listed = subprocess.run(
        ["pgrep", "--parent", str(program._process.pid)], stdout=subprocess.PIPE, check=True, text=True
    )
    return [int(line) for line in listed.stdout.split()]


def test_tls_goes_by_the_name_and_the_connection_by_the_address(tmp_path: Path) -> None:
    assert "hooks/post.py" in written_out(GUIDE, tmp_path)
    certificate = _certificate("hooks.example.com", tmp_path)
    # The names of the test are nobody's: they lead to this machine.
    program = (
        "import socket, sys, urllib3\n"
        "socket.getaddrinfo = lambda host, port, *_, **__: [(2, 1, 6, '', ('127.0.0.1', port))]\n"
        "from hooks.post import post\n"
        "for host in ('hooks.example.com', 'other.example.com'):\n"
        "    try:\n"
        "        print(post(f'https://{host}:{sys.argv[1]}/in?a=1', {}, b'{}'))\n"
        "    except urllib3.exceptions.HTTPError as error:\n"
        "        print(type(error).__name__)\n"
    )
    with _tls_server(certificate) as (port, seen):
        environment = {**os.environ, **ENVIRONMENT, "REDIS_URL": "redis://127.0.0.1:1/0"}
        done = subprocess.run(
            [sys.executable, "-c", program, str(port)],
            cwd=tmp_path,
            env={**environment, "SSL_CERT_FILE": str(certificate)},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            timeout=60,
        )
    assert done.stdout.splitlines() == ["(200, '7')", "SSLError"]
    assert seen == [("/in?a=1", f"hooks.example.com:{port}")]


@contextmanager
def _tls_server(certificate: Path) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    seen: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((self.path, self.headers["Host"]))
            status(200, Retry_After="7")(self)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Server(HTTPServer):
        def get_request(self) -> tuple[ssl.SSLSocket, Any]:
            connection, address = super().get_request()
            # Not on the listening socket: whoever refuses the certificate only goes away.
            return context.wrap_socket(connection, server_side=True), address

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port, seen
        finally:
            server.shutdown()
            thread.join()


def _certificate(name: str, folder: Path) -> Path:
    """Makes a certificate for a name that signs itself, and writes it with its key into one file."""
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(tz=timezone.utc)
    built = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + built.public_bytes(Encoding.PEM))
    return path
