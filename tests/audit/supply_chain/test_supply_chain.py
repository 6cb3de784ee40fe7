"""What comes with hookproof: how many crates, which twice and why, and a list that tells nothing else."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from graph import ROOT, SHIPPED, crates, oldest_compilers, published
from sbom import bill

# Every crate is code that somebody has to trust. A higher number is a decision.
BUDGET = {"crate": 60, "wheel": 135, "npm": 148}


def _skipped() -> set[tuple[str, str]]:
    rules = (ROOT / "deny.toml").read_text(encoding="utf-8")
    return set(re.findall(r'crate = "([\w-]+)@([\d.]+)", reason = ".{10,}"', rules))


@pytest.mark.parametrize("part", SHIPPED)
def test_no_more_crates_are_shipped_than_were_decided(part: str) -> None:
    found = len(crates(SHIPPED[part]))
    print(f"{part}: {found} crates of at most {BUDGET[part]}")
    assert BUDGET[part] * 0.9 < found <= BUDGET[part], "lower the budget, or take the decision"


@pytest.mark.parametrize("part", SHIPPED)
def test_a_second_version_of_a_crate_has_its_reason_in_deny_toml(part: str) -> None:
    found = crates(SHIPPED[part], edges="normal,build")
    twice = {name for name, count in Counter(crate.name for crate in found).items() if count > 1}
    for name in twice:
        versions = {crate.version for crate in found if crate.name == name}
        excused = {v for v in versions for n, start in _skipped() if n == name and v.startswith(f"{start}.")}
        assert len(versions - excused) == 1, f"{name}: {sorted(versions)}"


@pytest.mark.parametrize("part", SHIPPED)
def test_the_bill_of_materials_is_one_and_lists_every_crate_that_is_shipped(part: str) -> None:
    text = JsonV1Dot6(bill(part, SHIPPED[part])).output_as_string()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    listed: list[dict[str, Any]] = json.loads(text)["components"]
    found = {(component["name"], component["version"]) for component in listed}
    assert found == {(crate.name, crate.version) for crate in crates(SHIPPED[part])}
    outside = [c for c in listed if not c["name"].startswith("hookproof")]
    assert all(re.fullmatch(r"[0-9a-f]{64}", component["hashes"][0]["content"]) for component in outside)
    assert all(component["licenses"] for component in listed)


@pytest.mark.parametrize("part", SHIPPED)
def test_the_bill_of_materials_names_no_folder_and_no_other_host(part: str) -> None:
    text = JsonV1Dot6(bill(part, SHIPPED[part])).output_as_string()
    assert str(ROOT) not in text
    hosts = set(re.findall(r"https?://([^/\"]+)", text))
    assert hosts <= {
        "cyclonedx.org",
        "www.cyclonedx.org",
        "pypi.org",
        "github.com",
        "cyclonedx.github.io",
    } | {host for host in hosts if host.endswith(".readthedocs.io")}


def test_no_crate_asks_for_a_newer_compiler_than_is_promised() -> None:
    """The compiler itself tells more, where it is there: `make msrv`."""
    promised = _number(published()[1])
    compilers = oldest_compilers()
    assert len(compilers) > 100
    assert {crate for crate, oldest in compilers.items() if _number(oldest) > promised} == set()


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


def test_the_npm_package_pulls_no_other() -> None:
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert not manifest.keys() & {
        "dependencies",
        "optionalDependencies",
        "bundleDependencies",
        "bundledDependencies",
    }
    # Nothing of it runs when it is installed.
    assert not manifest.get("scripts", {}).keys() & {"preinstall", "install", "postinstall", "prepare"}
    peers = manifest.get("peerDependencies", {})
    optional = {
        name for name, meta in manifest.get("peerDependenciesMeta", {}).items() if meta.get("optional")
    }
    assert set(peers) <= optional


def test_the_python_package_pulls_no_other() -> None:
    manifest = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = manifest.split("[project]\n")[1].split("\n[")[0]
    assert not re.search(r"^dependencies\b", project, flags=re.MULTILINE)
