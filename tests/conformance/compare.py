"""Runs the shared conformance cases in the three languages; fails when one misses a case or they differ."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
HARNESSES = {
    "Rust": [
        "cargo",
        "run",
        "--release",
        "--quiet",
        "--locked",
        "-p",
        "hookproof",
        "--example",
        "conformance",
    ],
    "Python": [".venv/bin/python", "tests/conformance/run.py"],
    "Node": ["node", "tests/conformance/run.mjs"],
}


def main() -> int:
    failures = _compare("attacks.json", SHARED / "vectors" / "attacks.json")
    with tempfile.TemporaryDirectory() as folder:
        official = Path(folder) / "official.json"
        official.write_text(json.dumps({"cases": _official_cases()}), encoding="utf-8")
        failures += _compare("official.json, for the providers that are built in", official)
    return 1 if failures else 0


def _official_cases() -> list[dict[str, Any]]:
    """Returns the published values of the providers that are built in."""
    built_in = {path.stem for path in (ROOT / "core" / "providers").glob("*.json")}
    cases = json.loads((SHARED / "vectors" / "official.json").read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["provider"] in built_in]


def _compare(title: str, cases: Path) -> int:
    """Returns how many things are wrong: a language that misses a case, or a case with different answers."""
    print(f"{title}:", flush=True)
    failures = 0
    answers = {}
    for language, harness in HARNESSES.items():
        passed, answers[language] = _run(language, cases, harness)
        failures += not passed
    for identifier, expected in answers["Rust"].items():
        for language in ("Python", "Node"):
            found = answers[language].get(identifier)
            if found != expected:
                failures += 1
                print(f"  {identifier}: Rust answers {expected}, {language} {found}")
    summary = "not all agree" if failures else "the three languages answer alike"
    print(f"  {len(answers['Rust'])} cases: {summary}")
    return failures


def _run(language: str, cases: Path, harness: list[str]) -> tuple[bool, dict[str, Any]]:
    tool = [
        sys.executable,
        str(SHARED / "tools" / "conformance"),
        "--json",
        "--cases",
        str(cases),
        "--",
        *harness,
    ]
    run = subprocess.run(tool, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    lines = run.stdout.splitlines()
    answers = [json.loads(line) for line in lines if line.startswith("{")]
    for line in lines:
        if not line.startswith("{"):
            print(f"  {language}: {line}", flush=True)
    return run.returncode == 0, {answer["id"]: answer for answer in answers if "id" in answer}


if __name__ == "__main__":
    sys.exit(main())
