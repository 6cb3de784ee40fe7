"""A face imports its native room and its standard library; an adapter imports the face and its framework."""

import ast
import re
import sys
from pathlib import Path

import pytest
from repository import NODE, PYTHON

PYTHON_FACE = PYTHON / "python" / "hookproof"
NODE_FACE = NODE / "face"

# Django brings asgiref along: it is how a Django application runs what is asynchronous.
PYTHON_ADAPTERS: dict[str, set[str]] = {
    "asgi.py": set(),
    "aws_lambda.py": set(),
    "django": {"django", "asgiref"},
    "fastapi.py": {"starlette"},
    "flask.py": {"flask", "werkzeug"},
    "rest_framework.py": {"django", "rest_framework"},
    "wsgi.py": set(),
    # The clients of the other stores are given to them, and only called.
    "stores/sqlalchemy.py": {"sqlalchemy"},
}
# Most adapters work on what Node and the standards have; Fastify's imports no more than types.
NODE_ADAPTERS: dict[str, set[str]] = {
    "express": set(),
    "fastify": {"fastify"},
    "fetch": set(),
    "http": set(),
    "lambda": set(),
    "nest": {"@nestjs/common"},
    "nest-interceptor": {"rxjs"},
}


def _python_modules() -> list[Path]:
    return sorted(PYTHON_FACE.rglob("*.py"))


def _node_files() -> list[Path]:
    return sorted(path for path in NODE_FACE.rglob("*") if re.search(r"\.[cm]?[jt]s$", path.name))


def _python_imports(path: Path) -> set[str]:
    """Returns the packages that run when a module is loaded or used; its own are not told apart."""
    imported: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_for_types = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
        for child in ast.walk(statement)
    }
    for node in set(ast.walk(tree)) - only_for_types:
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            imported.add(node.module.split(".")[0])
    return imported


def _modules_of_its_own(path: Path) -> set[str]:
    """Returns the modules of the package that a module imports."""
    own: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            own |= {node.module} if node.module else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hookproof."):
            own.add(str(node.module).split(".")[1])
    return own


def _node_imports(path: Path) -> set[str]:
    text = re.sub(
        r"/\*.*?\*/|^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    return set(re.findall(r"""(?:\bfrom|\bimport\s|\bimport\(|\brequire\()\s*['"]([^'"]+)['"]""", text))


@pytest.mark.parametrize("path", _python_modules(), ids=lambda path: path.name)
def test_the_python_face_imports_the_standard_library_and_itself(path: Path) -> None:
    place = path.relative_to(PYTHON_FACE)
    adapters = [PYTHON_ADAPTERS.get(name, set()) for name in (place.parts[0], place.as_posix())]
    allowed = set(sys.stdlib_module_names).union({"hookproof"}, *adapters)
    assert _python_imports(path) - allowed == set()


@pytest.mark.parametrize("path", _python_modules(), ids=lambda path: path.name)
def test_nothing_of_the_python_face_imports_an_adapter(path: Path) -> None:
    own = path.relative_to(PYTHON_FACE).parts[0].removesuffix(".py")
    adapters = {name.partition("/")[0].removesuffix(".py") for name in PYTHON_ADAPTERS} - {own}
    # The store in Django's database is one of those on SQL, and REST framework stands on Django.
    bases = {"django": {"stores"}, "rest_framework": {"django"}}.get(own, set())
    assert _modules_of_its_own(path) & adapters <= bases


@pytest.mark.parametrize("path", _node_files(), ids=lambda path: path.name)
def test_the_node_face_imports_built_in_modules_and_itself(path: Path) -> None:
    strangers = {name for name in _node_imports(path) if not name.startswith(("node:", "./", "../"))}
    assert strangers - NODE_ADAPTERS.get(path.name.split(".")[0], set()) == set()


@pytest.mark.parametrize("path", _node_files(), ids=lambda path: path.name)
def test_nothing_of_the_node_face_imports_an_adapter(path: Path) -> None:
    imported = {Path(name).name.split(".")[0] for name in _node_imports(path) if name.startswith(".")}
    own = path.name.split(".")[0]
    # An adapter may have rooms of its own: nest-interceptor is part of nest.
    assert {name for name in imported & NODE_ADAPTERS.keys() if not name.startswith(own)} == set()


def test_the_faces_are_where_these_tests_look() -> None:
    assert PYTHON_FACE / "__init__.py" in _python_modules()
    assert _node_files()
