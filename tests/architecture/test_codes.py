"""Every error code is reached by a vector: a code that no test provokes is a promise that nobody checks."""

import json
import re
from pathlib import Path

from repository import CORE, ROOT

VECTORS = ROOT / "tests" / "vectors"


def _declared() -> dict[str, str]:
    """Returns the kind of each code, as the core declares them."""
    source = (CORE / "src" / "error.rs").read_text(encoding="utf-8")
    return dict(re.findall(r'^    \w+ = "(\w+)" in (\w+),$', source, flags=re.MULTILINE))


def _expected_by(path: Path) -> set[str]:
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return {case["expect"]["code"] for case in cases if "code" in case["expect"]}


def test_every_code_is_reached_by_a_vector() -> None:
    reached = set().union(*(_expected_by(path) for path in (VECTORS / "verify").glob("*.json")))
    assert set(_declared()) - reached == set()


def test_no_vector_expects_a_code_that_does_not_exist() -> None:
    for path in (VECTORS / "verify").glob("*.json"):
        assert _expected_by(path) <= set(_declared()), path.name


def test_the_declared_codes_are_those_of_the_design() -> None:
    kinds = list(_declared().values())
    counts = {kind: kinds.count(kind) for kind in kinds}
    assert counts == {"Configuration": 6, "Verification": 15, "Payload": 2, "KeysUnavailable": 1}
