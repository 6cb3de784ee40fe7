"""Tells on what a verification spends its time: `measure_profile.py DELIVERIES [--quick]` prints JSON lines.

`perf` (Debian's package linux-perf) samples a process that does nothing but verify, with native modules that
keep the names of their functions, and each sample counts for the step that its function belongs to. The
compiler puts small functions into their callers, so that the borders between the steps of the core are not
sharp. `ns` is the share of each step in the fastest of many rounds.
"""

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
SPACE = ROOT / "target" / "bench" / "profile"
WORK = [
    *((row, size) for row in ("hex-hmac", "standard-webhooks") for size in (200, 1024, 16384)),
    ("reject", 200),
]

# The step of a function, by the name of its library and its own; the first that fits counts.
STEPS = {
    "hash": r"sha2::|digest::",
    "body": r"hookproof::document|simdutf8|serde_json",
    "headers": r"(_native|hookproof_node)::headers|hookproof::header|octets",
    "signature": (
        r"hookproof::(scheme|template|encoding|source|timestamp|constant_time)|::prove|base64|aws_lc|hex::"
    ),
    "event": r"hookproof::|drop_in_place",
    "binding": r"_native|hookproof_node|pyo3|napi",
    "copies and memory": r"libc\.|ld-linux",
    "JavaScript": r"\.map |\[JIT\]|JS:",
    "interpreter": r"libpython|^python|^node|libstdc|libuv|libv8",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("deliveries", type=Path)
    parser.add_argument("--quick", action="store_true", help="too short for figures, enough to see it run")
    parser.add_argument("--rounds", type=int, help="has no meaning here")
    options = parser.parse_args()
    if shutil.which("perf") is None:
        parser.error("perf is not installed: apt-get install linux-perf, or leave the part out with --only")
    seconds = "2" if options.quick else "6"
    programs = {"python": _python(), "node": _node()}
    for language, program in programs.items():
        for row, size in WORK:
            arguments = [options.deliveries.resolve(), row, str(size), seconds]
            ns, shares = _sampled([*program, *arguments])
            steps = {step: round(shares[step] * ns, 1) for step in [*STEPS, "other"] if shares[step]}
            line = {"language": language, "row": "profile", "work": row, "bytes": size, "ns": round(ns, 1)}
            print(json.dumps({**line, "steps": steps}), flush=True)


def _python() -> list[str | Path]:
    """Copies the package that `make build` has installed, with a module that keeps its names."""
    library = _built("hookproof-python", "lib_native.so")
    folder = SPACE / "python"
    shutil.rmtree(folder, ignore_errors=True)
    (package,) = (ROOT / ".venv").glob("lib/python3*/site-packages/hookproof")
    shutil.copytree(package, folder / "hookproof")
    shutil.copy(library, folder / "hookproof" / "_native.abi3.so")
    return ["env", f"PYTHONPATH={folder}", sys.executable, HERE / "verify.py"]


def _node() -> list[str | Path]:
    library = _built("hookproof-node", "libhookproof_node.so")
    folder = SPACE / "node"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "bindings-node" / "face", folder / "bindings-node" / "face")
    shutil.copy(ROOT / "package.json", folder)
    (addon,) = (ROOT / "bindings-node").glob("hookproof.*.node")
    shutil.copy(library, folder / "bindings-node" / addon.name)
    return ["node", "--perf-basic-prof", HERE / "verify.mjs", folder]


def _built(package: str, library: str) -> Path:
    """Links the package again, on what `make build` has compiled."""
    host = f"{platform.machine()}-unknown-linux-gnu"
    build = [*("cargo", "rustc", "--quiet", "--release", "--locked"), "--target", host]
    subprocess.run([*build, "-p", package, "--lib", "--", "-C", "strip=none"], cwd=ROOT, check=True)
    return ROOT / "target" / host / "release" / library


def _sampled(program: list[str | Path]) -> tuple[float, Counter[str]]:
    """Returns nanoseconds for a call, and which part of it each step takes."""
    samples = SPACE / "samples"
    # Not from the start: the first second also loads modules and compiles JavaScript.
    record = ["perf", "record", "--quiet", "--delay", "1000", "--freq", "5000", "--output", samples]
    ran = subprocess.run([*record, "--", *program], cwd=SPACE, check=True, stdout=subprocess.PIPE, text=True)
    columns = ["--fields", "overhead,dso,sym", "--field-separator", "|"]
    report = subprocess.run(
        ["perf", "report", "--input", samples, "--no-children", "--stdio", *columns],
        check=True,
        capture_output=True,
        text=True,
    )
    shares: Counter[str] = Counter()
    for line in report.stdout.splitlines():
        if found := re.match(r"\s*([\d.]+)%\s*\|([^|]+?)\s*\|(.*)", line):
            share, library, function = found.groups()
            shares[_step(f"{library} {function}")] += float(share) / 100
    return float(ran.stdout), shares


def _step(function: str) -> str:
    return next((step for step, pattern in STEPS.items() if re.search(pattern, function)), "other")


if __name__ == "__main__":
    main()
