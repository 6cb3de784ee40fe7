"""Talks to the three programs, one in each language, that sign and verify what they are told to."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).resolve().parent / "programs"
NAMES = ("rust", "python", "node")


class Language:
    """A program of one language: a task goes in as a line, its answer comes out as a line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            _command(name), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        """Returns the answer to one task; a program that died, printing why, is a failure of the test."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the program has no pipes")
        self._process.stdin.write(json.dumps(task).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the {self.name} program ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Lets the program read the end of its input, and waits until it is gone."""
        self._process.communicate(timeout=30)


def _command(name: str) -> list[str]:
    if name == "rust":
        return [_rust_program()]
    if name == "python":
        return [sys.executable, str(PROGRAMS / "sign_and_verify.py")]
    return ["node", str(PROGRAMS / "sign_and_verify.mjs")]


def _rust_program() -> str:
    """Builds the Rust program as `cargo test` does, so that it is built once, and returns where it is."""
    build = ["cargo", "build", "--quiet", "--locked", "--workspace", "--all-features", "--example", "cross"]
    messages = subprocess.run(
        [*build, "--message-format=json"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    ).stdout
    made = [json.loads(line).get("executable") for line in messages.splitlines()]
    return str(next(path for path in made if path))
