"""Counts the instructions of each case of the program, without those of the cryptography below it."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The function that runs one case, and after which callgrind writes down what it has counted.
COUNTED = "*counted::counted"
# How often the program makes each call.
CALLS = 10
# The compression of SHA-256, and the arithmetic of aws-lc.
CRYPTOGRAPHY = re.compile(r"sha2::|aws_lc_|bn_")

_NAME = re.compile(r"(c?fn)=\((\d+)\)(?: (.*))?")
_COST = re.compile(r"[-+*\d]\S* (\d+)")


def instructions(program: Path) -> dict[str, float]:
    """Returns what one call of each case takes."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "counts"
        answer = subprocess.run(
            [
                *("valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={output}"),
                *(f"--toggle-collect={COUNTED}", f"--dump-after={COUNTED}"),
                *(program, "count"),
            ],
            check=True,
            capture_output=True,
        )
        names: list[str] = json.loads(answer.stdout)
        # A name of a function is written out where it comes up first, which may be in an earlier file.
        functions: dict[str, str] = {}
        parts = [output.with_name(f"counts.{number}") for number in range(1, len(names) + 1)]
        counts = [_outside_of_cryptography(part, functions) / CALLS for part in parts]
        if min(counts) <= 0 or output.with_name(f"counts.{len(names) + 1}").exists():
            raise RuntimeError("callgrind did not count each case once")
        return dict(zip(names, counts, strict=True))


def _outside_of_cryptography(path: Path, functions: dict[str, str]) -> int:
    with path.open(encoding="utf-8") as lines:
        return sum(cost for name, cost in _own_costs(lines, functions) if not CRYPTOGRAPHY.match(name))


def _own_costs(lines: Iterator[str], functions: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Reads what each function costs itself (https://valgrind.org/docs/manual/cl-format.html)."""
    function, is_called = "", False
    for line in lines:
        if found := _NAME.match(line):
            kind, number, name = found.groups()
            if name:
                functions[number] = name
            if kind == "fn":
                function = functions[number]
        elif line.startswith("calls="):
            is_called = True
        elif found := _COST.match(line):
            # After a call, what all of the called function took.
            if not is_called:
                yield function, int(found[1])
            is_called = False
