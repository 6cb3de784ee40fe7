"""The worker processes: real servers, whose output is the ledger of what their handlers did.

A handler writes a line, with one write to a file that only grows, for what it does with a delivery: `handled`
as its last act, `failing` before it raises, `hanging` before it waits for ever. What a process wrote before
it died is there: the ledger shares nothing with hookproof or its store.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

START_LIMIT = 30.0
_LINE = re.compile(r"^(handled|failing|hanging) (\S+) (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """A line of the ledger."""

    worker: str
    # The process that wrote it, of those that the worker had one after the other.
    process: int
    step: str
    event: str
    delivery: str


class Worker:
    """A server that can be killed and started again; each of its processes has a ledger of its own."""

    def __init__(
        self, name: str, language: str, command: Sequence[str], environment: dict[str, str], folder: Path
    ) -> None:
        self.name = name
        self.language = language
        self.port = 0
        self._command = command
        self._environment = {**os.environ, **environment}
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None
        self._started = 0

    def start(self) -> None:
        """Starts a process and waits until it listens."""
        self._started += 1
        with self._ledger(self._started).open("ab") as ledger, self._log().open("ab") as log:
            self._running = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=ledger, stderr=log, env=self._environment
            )
        give_up = time.monotonic() + START_LIMIT
        while time.monotonic() < give_up and self._running.poll() is None:
            found = re.match(r"listening (\d+)\n", self._ledger(self._started).read_text())
            if found:
                self.port = int(found[1])
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start:\n{self.log()}")

    def kill(self) -> None:
        """Ends the process in the middle of whatever it does: there is no signal that it could catch."""
        running, self._running = self._running, None
        if running is not None:
            running.send_signal(signal.SIGKILL)
            running.wait()

    def is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def entries(self) -> Iterator[Entry]:
        """Reads the ledgers of all its processes."""
        for process in range(1, self._started + 1):
            for step, event, delivery in _LINE.findall(self._ledger(process).read_text()):
                yield Entry(self.name, process, step, event, delivery)

    def log(self) -> str:
        """Returns the end of what it wrote beside its ledger."""
        return self._log().read_text(errors="replace")[-2000:] if self._log().exists() else ""

    def _ledger(self, process: int) -> Path:
        return self._folder / f"{self.name}.{process}.ledger"

    def _log(self) -> Path:
        return self._folder / f"{self.name}.log"
