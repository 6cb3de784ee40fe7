"""Installs the receivers into throw-away environments, starts those of one framework, and checks each."""

import base64
import hashlib
import http.client
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from demo.__main__ import Server
from throwaway import ROOT, bare_environment, built_packages, node_environment, python_environment

Json = Any
# What came of each contender's turns: `perSecond`, `cpu`, `p50` and `p99`.
Turns = dict[str, list[dict[str, float]]]

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
SPACE = ROOT / "target" / "bench" / "load"
NODE = SPACE / "node"
PYTHON = SPACE / "python"
INTERPRETER = PYTHON / "bin" / "python"
PATH = "/hooks"
TIME_LIMIT = 15.0


@dataclass(frozen=True)
class Framework:
    """A framework, and what its receivers verify with."""

    name: str
    language: str
    contenders: tuple[str, ...]

    def command(self, contender: str, secret: str) -> list[str]:
        if self.language == "node":
            return ["node", str(NODE / "express-receiver.mjs"), contender, secret]
        settings = ["--config", str(PROGRAMS / "gunicorn_settings.py"), "--chdir", str(PROGRAMS)]
        environment = ["--env", f"CONTENDER={contender}", "--env", f"SECRET={secret}"]
        return [str(INTERPRETER), "-m", "gunicorn", *settings, *environment, "django_receiver:application"]

    def versions(self) -> dict[str, str]:
        """Names what is measured and what measures, as it is installed."""
        if self.language == "node":
            names = ("express", "standardwebhooks", "hookproof", "autocannon")
            manifests = {name: NODE / "node_modules" / name / "package.json" for name in names}
            return {name: json.loads(file.read_text("utf-8"))["version"] for name, file in manifests.items()}
        names = ("Django", "gunicorn", "standardwebhooks", "hookproof")
        code = (
            f"import importlib.metadata as m, json; print(json.dumps({{n: m.version(n) for n in {names}}}))"
        )
        shown = subprocess.run([INTERPRETER, "-c", code], check=True, capture_output=True, text=True)
        found: dict[str, str] = json.loads(shown.stdout)
        return found


# `hookproof` is the framework's adapter, `hookproof verify` the verifier alone, called as the peers are.
FRAMEWORKS = (
    Framework(
        "express", "node", ("none", "hookproof", "hookproof verify", "standardwebhooks", "node:crypto")
    ),
    Framework("django", "python", ("none", "hookproof", "hookproof verify", "standardwebhooks", "hmac")),
)


def install() -> None:
    """Installs what the files here pin and the built packages, unless that is what is there."""
    packages = built_packages()
    pinned = [HERE / name for name in ("requirements.txt", "package.json", "package-lock.json")]
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (*pinned, packages.wheel, packages.tarball)
    }
    mark = SPACE / "installed.json"
    if not mark.exists() or json.loads(mark.read_text(encoding="utf-8")) != digests:
        shutil.rmtree(SPACE, ignore_errors=True)
        NODE.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, NODE)
        node_environment(NODE, packages.tarball)
        python_environment(PYTHON, str(packages.wheel), "--requirement", str(HERE / "requirements.txt"))
        mark.write_text(json.dumps(digests), encoding="utf-8")
    # Modules are looked for beside the file that imports them.
    for program in PROGRAMS.glob("*.mjs"):
        shutil.copy(program, NODE)


@contextmanager
def receivers(framework: Framework, secret: str) -> Iterator[dict[str, int]]:
    """Runs a receiver for each contender as long as the caller's block, and gives their ports."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hookproof-load-")))
        servers = {
            contender: stack.enter_context(
                Server.started(contender.replace(":", "-"), framework.command(contender, secret), folder)
            )
            for contender in framework.contenders
        }
        yield {contender: server.port() for contender, server in servers.items()}


def check(contender: str, port: int, delivery: Json) -> None:
    """Refuses a receiver that takes what is forged, or does not take what is good."""
    refusal = HTTPStatus.NO_CONTENT if contender == "none" else HTTPStatus.UNAUTHORIZED
    for name, expected in (("headers", HTTPStatus.NO_CONTENT), ("rejected", refusal)):
        found = _status(port, base64.b64decode(delivery["body"]), sent_headers(delivery[name]))
        if found != expected:
            raise SystemExit(
                f"{contender} answered {found} and not {expected:d}: {name} of {delivery['bytes']}"
            )


def sent_headers(headers: dict[str, str]) -> dict[str, str]:
    """Leaves out what belongs to a connection, and is its client's."""
    return {name: value for name, value in headers.items() if name not in ("host", "connection")}


def load(plan: Json) -> Turns:
    """Loads receivers in turns, and returns what came of the turns of each."""
    done = subprocess.run(
        [shutil.which("node") or "node", NODE / "generator.mjs"],
        input=json.dumps(plan).encode(),
        stdout=subprocess.PIPE,
        cwd=NODE,
        env=bare_environment(NODE),
        check=True,
    )
    turns: Turns = json.loads(done.stdout)
    return turns


def _status(port: int, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIME_LIMIT)
    try:
        connection.request("POST", PATH, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
