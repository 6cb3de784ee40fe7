"""One version: the workspace's. The packages of the two registries must say the same."""

import json
import re

from repository import ROOT, crate


def _workspace_version() -> str:
    version: str = crate("hookproof")["version"]
    return version


def test_the_crates_have_one_version() -> None:
    assert {crate(name)["version"] for name in ("hookproof-python", "hookproof-node")} == {
        _workspace_version()
    }


def test_the_npm_package_has_the_version_of_the_workspace() -> None:
    assert json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["version"] == _workspace_version()
    assert (
        json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["version"]
        == _workspace_version()
    )


def test_the_python_package_takes_its_version_from_the_workspace() -> None:
    """What the built wheel says is compared where it is built: tests/e2e/install."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^dynamic = \[.*"version".*\]$', project, flags=re.MULTILINE)
    assert not re.search(r"^version\b", project, flags=re.MULTILINE)


def test_the_changelog_names_the_version() -> None:
    headings = re.findall(
        r"^## \[?([\w.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert {_workspace_version(), "Unreleased"} & set(headings)
