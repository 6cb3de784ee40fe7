"""The bindings are twins: the same rooms with the same names. Whoever knows one knows the other."""

from pathlib import Path

import pytest
from repository import NODE, PYTHON, core_sources

# Rooms that one language alone needs, each with its reason.
ONLY_IN_ONE = {
    "fork.rs": "a process of Node is not forked",
    "json.rs": "Python's parser is a module, called from here; Node's is part of the language, in the face",
    "clock.rs": "Python's clock is read here, at less cost than a call of Python; Node's is read in the face",
}


def _rooms(binding: Path) -> set[str]:
    return {path.relative_to(binding / "src").as_posix() for path in (binding / "src").rglob("*.rs")}


def test_the_bindings_have_the_same_rooms() -> None:
    assert (_rooms(PYTHON) ^ _rooms(NODE)) == set(ONLY_IN_ONE)


@pytest.mark.parametrize("binding", [PYTHON, NODE], ids=lambda path: path.name)
def test_a_binding_computes_nothing(binding: Path) -> None:
    """No hash, no encoding and no parser of its own: if one appears, logic has leaked."""
    for path in (binding / "src").rglob("*.rs"):
        source = path.read_text(encoding="utf-8")
        for word in ("hmac", "sha2", "base64", "serde_json", "rand"):
            assert f"{word}::" not in source, f"{path.name} uses {word}"


@pytest.mark.parametrize("binding", [PYTHON, NODE], ids=lambda path: path.name)
def test_a_binding_names_no_provider(binding: Path) -> None:
    for path in (binding / "src").rglob("*.rs"):
        for provider in ("fourvenues", "eventsair", "fast-events", "pitchpoint", "stripe", "github"):
            code = [
                line
                for line in path.read_text(encoding="utf-8").splitlines()
                if not line.strip().startswith("//")
            ]
            assert f'"{provider}"' not in "\n".join(code), f"{path.name} has a special case for {provider}"


def test_the_core_has_no_special_case_for_a_provider() -> None:
    for path, source in core_sources().items():
        if path.as_posix() != "provider/builtin.rs":
            for provider in ("fourvenues", "eventsair", "fast-events", "pitchpoint", "stripe", "github"):
                assert f'"{provider}"' not in source, path
