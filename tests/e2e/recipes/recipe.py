"""A recipe: the files of a guide, written out as they stand in it, and the programs that run them."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
GUIDES = ROOT / "docs" / "recipes"
TIME_LIMIT = 30.0
# A block whose first line is a comment with a path is a file; others are commands for the reader.
_FILE = re.compile(r"^```(?:python|js)\n(?:#|//) (\S+\.\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def written_out(guide: str, folder: Path) -> list[str]:
    """Writes the files of a guide into a folder, and returns their names."""
    files = _FILE.findall((GUIDES / guide).read_text(encoding="utf-8"))
    for name, text in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [name for name, _ in files]


class Program:
    """A running program and what it has written."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    @classmethod
    @contextmanager
    def started(
        cls, name: str, command: list[str], folder: Path, environment: dict[str, str]
    ) -> Iterator["Program"]:
        """Runs a program for as long as the caller's block."""
        log = folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environment, "PYTHONPATH": _path(folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        program = cls(process, log)
        try:
            yield program
        finally:
            program.kill()

    def kill(self) -> None:
        """Ends the program as a crash does, and its children with it: a Celery worker has some."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def written(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Waits for something that the program brings about, and fails with what it wrote."""
        give_up = time.monotonic() + TIME_LIMIT
        while not condition():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise AssertionError(f"{what}: it did not come to that\n{self.written()[-4000:]}")
            time.sleep(0.05)


def _path(folder: Path) -> str:
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
