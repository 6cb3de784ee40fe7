"""The Express and the Django receiver of the demo against `hookproof send`, as two users install them."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection

import pytest
from demo.__main__ import RECEIVERS, Server
from demo.setting import Setting, new_setting
from throwaway import Packages, bare_environment, node_environment, python_environment


@dataclass(frozen=True)
class Receiver:
    """A running receiver, and what sends to it."""

    port: int
    program: list[str]
    environment: dict[str, str]

    def send(self, route: str, *more: str) -> tuple[int, int]:
        """Sends, and returns the status of the reply and the exit status of the program."""
        url = f"http://127.0.0.1:{self.port}/{route}"
        done = subprocess.run(
            [*self.program, "send", url, "--json", "-p", route, *more],
            env=self.environment,
            stdout=subprocess.PIPE,
            check=False,
        )
        return json.loads(done.stdout.splitlines()[0])["reply"]["status"], done.returncode

    def handled(self, route: str) -> int:
        """Returns how often the application's handler ran."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/handled")
        counts = json.loads(connection.getresponse().read())
        connection.close()
        return int(counts.get(route, 0))


@pytest.fixture(scope="module")
def agreed() -> tuple[Setting, dict[str, object]]:
    return new_setting()


@pytest.fixture(scope="module", params=["Express", "Django"])
def receiver(
    request: pytest.FixtureRequest,
    packages: Packages,
    agreed: tuple[Setting, dict[str, object]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Receiver]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "Express":
        node = folder / "node"
        shutil.copytree(RECEIVERS / "node", node, ignore=shutil.ignore_patterns("node_modules"))
        node_environment(node, packages.tarball)
        command = ["node", str(node / "express.mjs")]
        program = [
            str(node / ".programs" / "node"),
            str(node / "node_modules" / "hookproof" / "bindings-node" / "face" / "cli.cjs"),
        ]
    else:
        python = python_environment(folder / "python", str(packages.wheel), "Django")
        command = [str(python), str(RECEIVERS / "python" / "django_receiver.py")]
        program = [str(python.with_name("hookproof"))]
    setting, routes = agreed
    secrets = {
        "FOURVENUES": setting.fourvenues_secret,
        "EVENTSAIR": setting.eventsair_secret,
        "FAST_EVENTS": setting.fast_events_secret,
    }
    (folder / "private.pem").write_text(setting.pitchpoint_key, encoding="ascii")
    environment = {**bare_environment(folder), **secrets, "KEY_FILE": str(folder / "private.pem")}
    with ExitStack() as stack:
        server = stack.enter_context(Server.started(request.param, [*command, json.dumps(routes)], folder))
        yield Receiver(server.port(), program, environment)


@pytest.mark.parametrize(
    ("route", "tampered", "stale"),
    [
        # What signs no time is not stale to anybody: an old request is a duplicate of the one before.
        ("fourvenues", 403, 200),
        ("eventsair", 401, 401),
        # Its guide wants 200 whatever comes, so that a forger learns nothing.
        ("fast-events", 200, 200),
        ("pitchpoint", 403, 403),
    ],
)
def test_accepts_what_is_sent_and_refuses_what_was_changed_or_is_old(
    receiver: Receiver, agreed: tuple[Setting, dict[str, object]], route: str, tampered: int, stale: int
) -> None:
    setting, _ = agreed
    proof: tuple[str, ...]
    if route == "pitchpoint":
        token = ("--issuer", setting.issuer, "--audience", setting.audience, "--key-id", setting.key_id)
        proof = (
            *token,
            "--claim",
            f"sub={setting.subject}",
            "--private-key",
            receiver.environment["KEY_FILE"],
        )
    else:
        proof = ("--secret-env", route.upper().replace("-", "_"))
    order = ("--id", "order-1", *proof)
    for more, status, handled in (
        ((), 200, 1),
        (("--tamper",), tampered, 1),
        (("--stale",), stale, 1),
        # What was refused has not been taken for the delivery, and what was handled is not handled again.
        ((), 200, 1),
    ):
        assert receiver.send(route, *order, *more) == (status, 0 if status == 200 else 1), more
        assert receiver.handled(route) == handled, more
    # Neither a forgery nor an old request runs the handler where the delivery is a new one.
    assert receiver.send(route, "--id", "order-2", *proof, "--tamper")[0] == tampered
    assert receiver.handled(route) == 1
    if stale != 200:
        assert receiver.send(route, "--id", "order-3", *proof, "--stale") == (stale, 1)
        assert receiver.handled(route) == 1
