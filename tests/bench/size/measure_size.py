"""Measures what installing takes and what starting costs: `measure_size.py [--quick]` prints JSON lines.

`size` is in bytes, of the files as they are unpacked, each package with all that it pulls in. `start` is how
much longer a process takes that loads the package than one that loads nothing, in milliseconds: the median
over rounds in which each is started once. `cpu_ms` is the same of processor time, which what else the machine
does changes least. The files are in the system's cache.

PYTHONPATH must have tests/e2e.
"""

import argparse
import json
import resource
import subprocess
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from installed import PACKAGES, SPACE, bare, install, standard
from throwaway import Packages, bare_environment, built_packages

Json = Any
# Wall clock and processor, in milliseconds.
Times = tuple[float, float]

NOTHING = "nothing"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="too few rounds for a figure, enough to see it run"
    )
    parser.add_argument("--rounds", type=int, help="how often each process is started, default 31")
    options = parser.parse_args()
    rounds = options.rounds or (3 if options.quick else 31)

    built = built_packages()
    install(built)
    for language in PACKAGES:
        print(json.dumps(_size(language, built)), flush=True)
        print(json.dumps(_start(language, rounds)), flush=True)


def _size(language: str, built: Packages) -> Json:
    packages = PACKAGES[language]
    packed = built.wheel if language == "python" else built.tarball
    return {
        "language": language,
        "row": "size",
        "installed_bytes": {package.name: package.bytes() for package in packages},
        "binary_bytes": {package.name: package.binary_bytes() for package in packages},
        "packages": {package.name: package.packages() for package in packages},
        "packed_bytes": {"hookproof": packed.stat().st_size},
    }


def _start(language: str, rounds: int) -> Json:
    by_hand, command = standard(language)
    commands = {NOTHING: (bare(language), SPACE), by_hand: (command, SPACE)}
    for package in PACKAGES[language]:
        commands[package.name] = (package.command(), package.folder)
    names = list(commands)
    environment = bare_environment(SPACE)
    times: dict[str, list[Times]] = {name: [] for name in names}
    # The first round compiles Python's modules and fills the system's cache: it does not count.
    for number in range(rounds + 1):
        for index in range(len(names)):
            # Nobody is always the one that comes after the same other.
            name = names[(number + index) % len(names)]
            times[name].append(_once(*commands[name], environment))
    loaded = [name for name in names if name != NOTHING]
    walls = {name: _more(times, name, 0) for name in loaded}
    return {
        "language": language,
        "row": "start",
        "ms": {name: round(median(walls[name]), 2) for name in loaded},
        "quartiles": {name: _quartiles(walls[name]) for name in loaded},
        "cpu_ms": {name: round(median(_more(times, name, 1)), 2) for name in loaded},
        "nothing_ms": round(median(wall for wall, _ in times[NOTHING][1:]), 2),
    }


def _once(command: list[str], folder: Path, environment: dict[str, str]) -> Times:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdin=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, cpu * 1000


def _more(times: dict[str, list[Times]], name: str, part: int) -> list[float]:
    """Subtracts, round by round, what a process takes that loads nothing."""
    pairs = zip(times[name][1:], times[NOTHING][1:], strict=True)
    return [loaded[part] - nothing[part] for loaded, nothing in pairs]


def _quartiles(values: list[float]) -> list[float]:
    first, _, third = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return [round(first, 2), round(third, 2)]


if __name__ == "__main__":
    main()
