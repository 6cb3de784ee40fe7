"""Installs both packages into throw-away environments, starts the receivers, and lets the senders send."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from throwaway import bare_environment, built_packages, node_environment, python_environment

from demo.setting import new_setting

HERE = Path(__file__).resolve().parent
RECEIVERS = HERE / "receivers"


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hookproof-demo-")))
        packages = built_packages()
        print("installing both packages into throw-away environments …", flush=True)
        python = python_environment(folder / "python", str(packages.wheel), "Django", "fastapi", "uvicorn")
        node = folder / "node"
        shutil.copytree(RECEIVERS / "node", node, ignore=shutil.ignore_patterns("node_modules"))
        node_environment(node, packages.tarball)

        setting, routes = new_setting()
        commands = {
            "Express": ["node", str(node / "express.mjs")],
            "Fastify": ["node", str(node / "fastify.mjs")],
            "Django": [str(python), str(RECEIVERS / "python" / "django_receiver.py")],
            "FastAPI": [str(python), str(RECEIVERS / "python" / "fastapi_receiver.py")],
        }
        receivers = {
            name: stack.enter_context(Server.started(name, [*command, json.dumps(routes)], folder))
            for name, command in commands.items()
        }
        ports = {name: server.port() for name, server in receivers.items()}
        print(
            f"listening: {', '.join(f'{name} on port {port}' for name, port in ports.items())}\n", flush=True
        )
        outcome = _send(python, folder, {"receivers": ports, "setting": setting.to_json()})
        if outcome:
            for name, server in receivers.items():
                print(f"\n{name} wrote:\n{server.log()}", file=sys.stderr)
        return outcome


class Server:
    """A receiver's process and what it wrote."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    @classmethod
    @contextmanager
    def started(cls, name: str, command: list[str], folder: Path) -> Iterator["Server"]:
        """Runs a command for as long as the caller's block, whatever happens in it."""
        environment = bare_environment(folder)
        program = shutil.which(command[0], path=environment["PATH"]) or command[0]
        log = folder / f"{name}.log"
        with (
            log.open("wb") as errors,
            subprocess.Popen(
                [program, *command[1:]],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            ) as process,
        ):
            try:
                yield cls(process, log)
            finally:
                process.kill()

    def port(self) -> int:
        """Waits until the server listens, and returns where."""
        line = self._process.stdout.readline() if self._process.stdout else b""
        if not line.strip().isdigit():
            raise SystemExit(f"a receiver did not start:\n{self.log()}")
        return int(line)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


def _send(python: Path, folder: Path, task: dict[str, Any]) -> int:
    environment = {**bare_environment(folder), "PYTHONPATH": str(HERE.parent), "PYTHONIOENCODING": "utf-8"}
    command = [str(python), "-m", "demo.send"]
    # The private keys go through a pipe: a command line can be read by everybody on the machine.
    return subprocess.run(
        command, input=json.dumps(task).encode(), cwd=folder, env=environment, check=False
    ).returncode


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # As an exception, so that servers and folders are cleaned up on the way out.
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())
