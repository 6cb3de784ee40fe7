"""What the package is made of: who imports whom, and what it offers."""

import ast
import importlib.metadata
import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import hookproof
from hookproof.types import VerifierOptions

PACKAGE = Path(hookproof.__file__).parent
# Which frameworks a module may import: an adapter its own, and nothing else any.
FRAMEWORKS = {
    # asgiref is what Django itself tells coroutine functions with.
    "django": {"django", "asgiref"},
    "fastapi.py": {"starlette"},
    "flask.py": {"flask", "werkzeug"},
    "rest_framework.py": {"django", "rest_framework"},
}
STORES = {"postgres.py": {"psycopg"}, "redis.py": {"redis"}, "sqlalchemy.py": {"sqlalchemy"}}
FACE = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Lists the packages that a file imports when it runs; what stands under TYPE_CHECKING does not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", FACE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_the_standard_library_itself_and_its_one_framework(path: Path) -> None:
    place, name = path.relative_to(PACKAGE).parts[0], path.name
    frameworks = STORES.get(name, set()) if place == "stores" else FRAMEWORKS.get(place, set())
    assert imported(path) <= set(sys.stdlib_module_names) | {"hookproof"} | frameworks


def test_importing_the_package_imports_no_framework() -> None:
    program = "import hookproof, sys; print(*sys.modules); print(hookproof.__version__)"
    found = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, text=True)
    modules, version = found.stdout.splitlines()
    frameworks = set().union(*FRAMEWORKS.values(), *STORES.values())
    assert set(modules.split()) & frameworks == set()
    assert version == hookproof.__version__


def test_verifying_with_a_secret_waits_for_no_import_that_it_does_not_need() -> None:
    program = """
import sys
from hookproof import Verifier
try:
    Verifier("github", secret="s3cr3t").verify(b"{}", {})
except Exception as error:
    print(error.code, *sys.modules)
"""
    # Without `site`: what an environment imports at every start is not the package's.
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.append({str(PACKAGE.parent)!r})\n{program}"]
    found = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    code, *modules = found.stdout.split()
    slow = {"asyncio", "dataclasses", "inspect", "logging", "socket", "ssl", "typing", "urllib"}
    assert code == "missing_header"
    assert set(modules) & slow == set()


def test_names_that_are_imported_at_their_first_use_are_listed_and_stay_the_same() -> None:
    assert set(hookproof.__all__) <= set(dir(hookproof))
    assert hookproof.Receiver is hookproof.Receiver is hookproof.receiver.Receiver
    assert pickle.loads(pickle.dumps(hookproof.Claim)) is hookproof.Claim


def test_the_package_has_no_name_that_nobody_gave_it() -> None:
    with pytest.raises(AttributeError, match="module 'hookproof' has no attribute 'Receivr'"):
        _ = getattr(hookproof, "Receivr")  # noqa: B009, as a program writes it that is not checked


def test_the_package_needs_no_other_package() -> None:
    needed = importlib.metadata.requires("hookproof") or []
    assert [line for line in needed if "extra ==" not in line] == []


def test_the_version_is_the_packages() -> None:
    assert hookproof.__version__ == importlib.metadata.version("hookproof")


def test_everything_that_is_offered_is_there() -> None:
    assert sorted(hookproof.__all__) == hookproof.__all__
    assert [name for name in hookproof.__all__ if not hasattr(hookproof, name)] == []


def test_adapters_pass_on_every_option_of_a_verifier() -> None:
    options = set(inspect.signature(hookproof.Verifier).parameters) - {"provider"}
    assert set(VerifierOptions.__annotations__) == options - {"max_body", "url"}
    assert [name for name in options if f"`{name}`" not in (hookproof.Verifier.__doc__ or "")] == []


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()
    assert (PACKAGE / "_native.pyi").is_file()


def test_no_file_is_longer_than_it_should_be() -> None:
    assert [
        path.name for path in PACKAGE.glob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 300
    ] == []
