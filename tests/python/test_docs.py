"""The docstrings: every public thing has one, examples run, and the stub says what the module says."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

import hookproof
from hookproof import _native

PACKAGE = Path(hookproof.__file__).parent
MODULES = [
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if "migrations" not in path.parts
]


@pytest.mark.parametrize("module", MODULES)
def test_examples_run(module: str) -> None:
    found = importlib.import_module(module)
    assert doctest.testmod(found, raise_on_error=False).failed == 0


@pytest.mark.parametrize(
    "name", [name for name in hookproof.__all__ if inspect.isclass(getattr(hookproof, name))]
)
def test_every_public_class_has_documented_members(name: str) -> None:
    kind = getattr(hookproof, name)
    assert kind.__doc__
    undocumented = [
        member
        for member, value in vars(kind).items()
        if not member.startswith("_") and not isinstance(value, str) and not inspect.getdoc(value)
    ]
    assert [
        member for member in undocumented if member not in getattr(kind, "__dataclass_fields__", {})
    ] == []


@pytest.mark.parametrize(
    "name",
    ["Decision", "Event", "HookproofError", "MemoryStore", "Provider", "Receiver", "Signer", "Verifier"],
)
def test_the_main_classes_have_an_example(name: str) -> None:
    assert ">>> " in (getattr(hookproof, name).__doc__ or "")


def _stub_docstrings() -> dict[str, str]:
    tree = ast.parse((PACKAGE / "_native.pyi").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for item in tree.body:
        if isinstance(item, (ast.ClassDef, ast.FunctionDef)):
            found[item.name] = ast.get_docstring(item) or ""
        if isinstance(item, ast.ClassDef):
            members = [member for member in item.body if isinstance(member, ast.FunctionDef)]
            found |= {f"{item.name}.{member.name}": ast.get_docstring(member) or "" for member in members}
    return found


def _runtime_docstring(path: str) -> str:
    found: Any = _native
    for name in path.split("."):
        found = getattr(found, name)
    return inspect.getdoc(found) or ""


def test_the_stub_has_the_docstrings_of_the_module() -> None:
    stub = _stub_docstrings()
    inherited = {"__new__", "__len__"}
    differences = {
        path: (text, _runtime_docstring(path))
        for path, text in stub.items()
        if path.rpartition(".")[2] not in inherited and text != _runtime_docstring(path)
    }
    assert not differences
