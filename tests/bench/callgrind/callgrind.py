"""Counts the instructions of each case, without those of the cryptography and the allocator below it."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The function that runs one case, and after which callgrind writes down what it has counted.
COUNTED = "*counted::counted"
# The compression of SHA-256, and the arithmetic of aws-lc. And what the allocator does inside, which hangs on
# all that was allocated before: another build of the same source counted 240 instructions more for a request.
LEFT_OUT = re.compile(r"sha2::|aws_lc_|bn_|_int_|unlink_chunk|malloc_consolidate|sysmalloc|systrim")

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
        cases: list[tuple[str, int]] = json.loads(answer.stdout)
        # A name of a function is written out where it comes up first, which may be in an earlier file.
        functions: dict[str, str] = {}
        parts = [output.with_name(f"counts.{number}") for number in range(1, len(cases) + 1)]
        counts = [_own_work(part, functions) for part in parts]
        if min(counts) <= 0 or output.with_name(f"counts.{len(cases) + 1}").exists():
            raise RuntimeError("callgrind did not count each case once")
        return {name: count / calls for (name, calls), count in zip(cases, counts, strict=True)}


def _own_work(path: Path, functions: dict[str, str]) -> int:
    with path.open(encoding="utf-8") as lines:
        return sum(cost for name, cost in _own_costs(lines, functions) if not LEFT_OUT.match(name))


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
