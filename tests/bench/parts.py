"""The parts that are measured: which programs each runs, one after the other."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import install

Json = Any
Command = list[str | Path]

HERE = install.HERE
DELIVERIES = install.SPACE / "deliveries.json"


@dataclass(frozen=True)
class Program:
    """What is started, and what must be installed before."""

    command: Command
    install: Callable[[], None]
    # Where it finds modules that are not its own, in the folder of the tests.
    modules: tuple[str, ...] = ()

    def lines(self, options: list[str]) -> Iterator[Json]:
        """Runs it, and yields what it prints."""
        modules = os.pathsep.join(str(HERE.parent / folder) for folder in self.modules)
        environment = {**os.environ, "PYTHONPATH": modules}
        with subprocess.Popen(
            [*self.command, *options], stdout=subprocess.PIPE, text=True, cwd=install.ROOT, env=environment
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                yield json.loads(line)
        if process.returncode != 0:
            raise SystemExit(f"{self.command[0]} ended with {process.returncode}")


_E2E = ("e2e", "support")
PARTS: dict[str, list[Program]] = {
    "rust": [Program([install.RUST / "measure", DELIVERIES], install.rust)],
    "python": [Program([install.PYTHON, HERE / "python/measure.py", DELIVERIES], install.python)],
    "node": [
        Program(
            ["node", HERE / "node/measure.mjs", DELIVERIES, "--peers", install.PEERS_OF_NODE], install.node
        )
    ],
    "scale": [
        Program([install.RUST / "scale", DELIVERIES], install.rust),
        Program([install.PYTHON, HERE / "python/scale.py", DELIVERIES], install.python),
    ],
    "size": [Program([sys.executable, HERE / "size/measure_size.py"], lambda: None, _E2E)],
    "load": [Program([sys.executable, HERE / "load/measure_load.py"], lambda: None, _E2E)],
    "profile": [Program([sys.executable, HERE / "profile/measure_profile.py", DELIVERIES], lambda: None)],
}


def measured(part: str, options: list[str]) -> list[Json]:
    """Runs the programs of a part, and tells on standard error how far it is."""
    found = []
    for program in PARTS[part]:
        # Signed right before, as most libraries take no request that is older than five minutes.
        DELIVERIES.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, HERE / "deliveries.py", DELIVERIES], check=True)
        for line in program.lines(options):
            found.append(line)
            print(part, line["language"], line.get("row", ""), line.get("bytes") or "", file=sys.stderr)
    return found
