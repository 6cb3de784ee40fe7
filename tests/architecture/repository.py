"""What the tests of the architecture read: the repository's files, and Cargo's view of its crates."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core"
PYTHON = ROOT / "bindings-python"
NODE = ROOT / "bindings-node"


def run(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout


@cache
def tracked_files() -> tuple[Path, ...]:
    """Lists what is committed or about to be: whatever git does not ignore."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return tuple(path for name in listed if name and (path := ROOT / name).is_file())


@cache
def crate(name: str) -> dict[str, Any]:
    """Returns what Cargo knows of one crate of the workspace."""
    metadata = json.loads(run("cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"))
    found: dict[str, Any] = next(package for package in metadata["packages"] if package["name"] == name)
    return found


def direct_dependencies(name: str, kind: str | None = None) -> set[str]:
    """Returns what a crate names in its manifest: what it needs to run, or for its `dev` or `build` alone."""
    return {dependency["name"] for dependency in crate(name)["dependencies"] if dependency["kind"] == kind}


def all_dependencies(name: str, feature: str | None = None) -> set[str]:
    """Returns every crate that ends up in a crate, over all steps, with its default features and another."""
    features = ["--features", feature] if feature else []
    lines = run(
        "cargo", "tree", "--locked", "-p", name, *features, "-e", "normal", "--prefix", "none"
    ).splitlines()
    return {line.split()[0] for line in lines if line} - {name}


def without_tests(source: str) -> str:
    """Returns Rust source without its comments and without the tests at its end."""
    shipped = re.split(r"^#\[cfg\(test\)\]\nmod \w+ \{", source, maxsplit=1, flags=re.MULTILINE)[0]
    return re.sub(r"//.*", "", shipped)


def core_sources() -> dict[Path, str]:
    """Returns the shipped Rust source of the core by its path below `core/src`.

    The command line is left out: it is a program that uses the core as others do, and stands in the same
    crate so that `cargo install` and both packages have the same one. So is what the fuzz targets reach,
    which no user's build has.
    """
    sources = CORE / "src"
    only_tests = re.compile(r"(^|_)(tests|testing)\.rs$")
    return {
        path.relative_to(sources): without_tests(path.read_text(encoding="utf-8"))
        for path in sorted(sources.rglob("*.rs"))
        if not only_tests.search(path.name)
        and "tests" not in path.parts
        and path.name != "fuzzing.rs"
        and not _is_program(path.relative_to(sources))
    }


def program_sources() -> dict[Path, str]:
    """Returns the source of the command line."""
    sources = CORE / "src"
    paths = (path.relative_to(sources) for path in sorted(sources.rglob("*.rs")))
    return {
        path: without_tests((sources / path).read_text(encoding="utf-8"))
        for path in paths
        if _is_program(path)
    }


def _is_program(path: Path) -> bool:
    return path.parts[0] in ("cli", "bin")
