"""Lists what the Python package offers: every public module, its names, their methods and signatures.

Read from the sources and the stub, so that neither a build nor a framework has to be there.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[3] / "bindings-python/python/hookproof"


def surface() -> str:
    """Returns one line for each thing that a program can name."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _modules()}
    exported = {name for tree in trees.values() for name in _exported(tree)}
    return "\n".join(line for path, tree in trees.items() for line in _module(path, tree, exported)) + "\n"


def _modules() -> list[Path]:
    # The stub stands for the native module, and for nothing else.
    return sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.pyi")])


def _module(path: Path, tree: ast.Module, exported: set[str]) -> Iterator[str]:
    parts = ["hookproof", *path.relative_to(PACKAGE).with_suffix("").parts]
    name = ".".join(part for part in parts if part != "__init__")
    if names := _exported(tree):
        yield f"{name}: {', '.join(sorted(names))}"
    # Of a private module, only what a public one exports.
    is_private = any(_is_private(part) for part in parts)
    for node in tree.body:
        if not is_private or getattr(node, "name", None) in exported:
            yield from _item(f"{name}.", node)


def _exported(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(value) for value in ast.literal_eval(node.value)]
    return []


def _item(prefix: str, node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) if _is_public(name):
            yield f"{prefix}{name}({', '.join(map(ast.unparse, node.bases))})"
            for member in node.body:
                yield from _item(f"{prefix}{name}.", member)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if _is_public(name):
            marks = "".join(f"@{ast.unparse(mark)} " for mark in node.decorator_list)
            verb = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
            result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            yield f"{prefix}{marks}{verb}{name}({ast.unparse(node.args)}){result}"
        case ast.AnnAssign(target=ast.Name(id=name)) if _is_public(name):
            yield f"{prefix}{name}: {ast.unparse(node.annotation)}"


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name in ("__init__", "__new__", "__call__")


def _is_private(part: str) -> bool:
    return part.startswith("_") and part != "__init__"
