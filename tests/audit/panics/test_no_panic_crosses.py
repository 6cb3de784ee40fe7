"""A panic in native code ends as any other error does: no abort of Node, no way past `except Exception`."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
DEBUG = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
INSIDE = ["HookproofError", "internal_error", "hookproof failed inside: please report what it was given"]
# A store that cannot be asked is an error of the system's, as with any other store.
STORE = ["Error", "store_unavailable", "the store failed inside"]


def _run(*command: str, **variables: str) -> dict[str, list[str]]:
    environment = os.environ | variables
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    outcomes: dict[str, list[str]] = json.loads(done.stdout)
    return outcomes


def test_in_python_every_panic_is_an_error_of_the_package(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bindings-python/python/hookproof", tmp_path / "hookproof")
    shutil.copy(DEBUG / "lib_native.so", tmp_path / "hookproof/_native.abi3.so")
    program, store = str(HERE / "forced.py"), str(tmp_path / "store")
    outcomes = _run(sys.executable, program, PYTHONPATH=str(tmp_path), STORE=store)
    assert outcomes.pop("afterwards") == ["hmac-sha256"]
    assert len(outcomes) > 10
    assert {name for name, outcome in outcomes.items() if outcome != INSIDE} == set()


def test_in_node_every_panic_is_an_error_of_the_package(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bindings-node/face", tmp_path / "face")
    built = next((ROOT / "bindings-node").glob("hookproof.*.node")).name
    shutil.copy(DEBUG / "libhookproof_node.so", tmp_path / built)
    program, package = str(HERE / "forced.cjs"), str(tmp_path / "face/index.cjs")
    outcomes = _run("node", program, PACKAGE=package, STORE=str(tmp_path / "store"))
    assert outcomes.pop("afterwards") == ["hmac-sha256"]
    assert outcomes.pop("SqliteStore, thread") == STORE
    assert len(outcomes) > 10
    assert {name for name, outcome in outcomes.items() if outcome != INSIDE} == set()


def test_every_export_to_node_is_guarded() -> None:
    """A panic in a call that is not would abort the process."""
    exports = 0
    for path in (ROOT / "bindings-node/src").glob("*.rs"):
        source = path.read_text(encoding="utf-8")
        for attribute, item in re.findall(
            r"#\[napi(\([^\]]*\))?\]\s*(?:#\[[^\]]*\]\s*)*((?:pub )?\w+)", source
        ):
            if item == "pub fn":
                exports += 1
                assert "catch_unwind" in attribute, path.name
    assert exports > 40


# What reads a field or formats one, swaps one number, or takes or gives back a lock. By the lints it neither
# indexes, unwraps nor overflows.
PLAIN = re.compile(r"#\[getter\]|fn (__\w+__|stop_clock|stopped_clock|before_fork|after_fork)\(")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "bindings-python/src").glob("*.rs")), ids=lambda path: path.name
)
def test_every_export_to_python_that_does_more_than_read_is_guarded(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    bodies = re.findall(r"^#\[pymethods\]\nimpl \w+ \{\n(.*?)^\}", source, flags=re.DOTALL | re.MULTILINE)
    methods = [method for body in bodies for method in re.split(r"\n(?=    (?:///|#\[|fn ))", body)]
    functions = re.findall(r"^#\[pyfunction\].*?^\}", source, flags=re.DOTALL | re.MULTILINE)
    exports = [text for text in [*_joined(methods), *functions] if "fn " in text]
    open_ones = [text for text in exports if "guard(" not in text and not PLAIN.search(text)]
    assert [re.findall(r"fn (\w+)", text)[0] for text in open_ones] == []


def _joined(parts: list[str]) -> list[str]:
    """Puts comments and attributes before what they belong to."""
    items, pending = [], ""
    for part in parts:
        pending += part
        if re.search(r"^    (?:pub(?:\(crate\))? )?fn ", part, flags=re.MULTILINE):
            items.append(pending)
            pending = ""
    return items


def test_what_is_shipped_cannot_be_made_to_panic() -> None:
    """The switch is in debug builds alone."""
    switch = b"HOOKPROOF_FORCED_PANIC"
    assert switch in (DEBUG / "lib_native.so").read_bytes()
    shipped = [
        *(ROOT / ".venv").rglob("hookproof/_native*.so"),
        *(ROOT / "bindings-node").glob("hookproof.*.node"),
    ]
    assert len(shipped) >= 2
    for path in shipped:
        assert switch not in path.read_bytes(), path.name
