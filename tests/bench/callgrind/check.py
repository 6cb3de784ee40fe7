"""Compares what verifying costs with the committed baselines: `check.py [counts] [ratios]`, both by default.

`counts`: the instructions that callgrind counts outside of the hashing and the RSA, which it would count for
a processor without extensions, and outside of the allocator's own. They hardly differ from run to run.
`ratios`: times against one raw SHA-256 of the same bytes, or one bare RSA verification, in the same run.

`check.py --write` writes the baselines anew: on a quiet machine, when a change is meant to cost so much.
"""

import argparse
import json
import platform
import re
import subprocess
import sys
from pathlib import Path

from callgrind import instructions

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PROGRAM = "bench_regressions"
# What differs between two builds of the same source, and what a table of random seeds adds.
MARGINS = {"counts": 0.05, "ratios": 0.25}
# A busy machine disturbs a run; a regression is in every one.
ATTEMPTS = 4

Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*", metavar="counts|ratios")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    kinds = arguments.kinds or list(MARGINS)
    if unknown := set(kinds) - set(MARGINS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    program = _built()
    run = _write if arguments.write else _holds
    results = [run(kind, program) for kind in kinds]
    if not all(results):
        sys.exit(1)


def _built() -> Path:
    """Builds the program on the core that `make build` has compiled, with the names of its functions."""
    subprocess.run(
        [
            *("cargo", "rustc", "--release", "--locked", "-p", "hookproof", "--example", PROGRAM),
            *("--", "-C", "strip=none"),
        ],
        cwd=ROOT,
        check=True,
    )
    metadata = subprocess.run(
        ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return Path(json.loads(metadata.stdout)["target_directory"]) / "release/examples" / PROGRAM


def _write(kind: str, program: Path) -> bool:
    figures = _measured(kind, program)
    if kind == "ratios":
        # The margin is for a machine that is not quiet, so it must not be in here as well.
        for _ in range(1, ATTEMPTS):
            figures = _lower(figures, _measured(kind, program))
    # Three digits of a ratio say all that it can.
    written = {name: round(figure, 3) for name, figure in figures.items()}
    text = json.dumps({"made_with": _made_with(kind), kind: written}, indent=2)
    _baseline(kind).write_text(f"{text}\n", encoding="utf-8")
    print(f"{kind}: {len(written)} written")
    return True


def _holds(kind: str, program: Path) -> bool:
    document = json.loads(_baseline(kind).read_text(encoding="utf-8"))
    expected, here = document["made_with"], _made_with(kind)
    if differing := [
        f"{name} {expected[name]}, not {here[name]}" for name in here if here[name] != expected[name]
    ]:
        print(f"{kind}: left out, the baseline was made with {' and '.join(differing)}")
        return True
    before: Figures = document[kind]
    now = _measured(kind, program)
    for _ in range(1, ATTEMPTS):
        if kind == "counts" or not _slower(kind, before, now):
            break
        now = _lower(now, _measured(kind, program))
    _show(kind, before, now)
    if before.keys() != now.keys():
        print(f"{kind}: the baseline has other cases: {', '.join(sorted(before.keys() ^ now.keys()))}")
        return False
    if slower := _slower(kind, before, now):
        print(f"{kind}: beyond the margin of {MARGINS[kind]:.0%}: {', '.join(slower)}")
        return False
    print(f"{kind}: all {len(now)} within the margin of {MARGINS[kind]:.0%}")
    return True


def _show(kind: str, before: Figures, now: Figures) -> None:
    digits = 0 if kind == "counts" else 2
    print(f"\n{kind:<58}{'baseline':>10}{'now':>10}{'change':>9}")
    for name in [name for name in before if name in now]:
        change = now[name] / before[name] - 1
        print(f"{name:<58}{before[name]:>10.{digits}f}{now[name]:>10.{digits}f}{change:>+9.1%}")


def _slower(kind: str, before: Figures, now: Figures) -> list[str]:
    limit = 1 + MARGINS[kind]
    return [name for name in before if name in now and now[name] > before[name] * limit]


def _lower(one: Figures, other: Figures) -> Figures:
    return {name: min(figure, other[name]) for name, figure in one.items()}


def _measured(kind: str, program: Path) -> Figures:
    if kind == "counts":
        return instructions(program)
    answer = subprocess.run([program, "ratios"], check=True, capture_output=True)
    figures: Figures = json.loads(answer.stdout)
    return figures


def _made_with(kind: str) -> dict[str, str]:
    """Tells what the figures depend on beside the source."""
    if kind == "ratios":
        return {"processor": _processor(), "SHA extensions": str("sha_ni" in _flags())}
    version = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True, cwd=ROOT)
    return {
        "rustc": version.stdout.split()[1],
        "libc": " ".join(platform.libc_ver()),
        "machine": platform.machine(),
        # What libraries choose their code by, when they run.
        "AVX2": str("avx2" in _flags()),
    }


def _processor() -> str:
    return _of_processor("model name") or platform.machine()


def _flags() -> list[str]:
    return _of_processor("flags").split()


def _of_processor(name: str) -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(rf"^{name}\s*: (.*)$", text, flags=re.MULTILINE)
    return found[1] if found else ""


def _baseline(kind: str) -> Path:
    return HERE / f"{kind}.json"


if __name__ == "__main__":
    main()
