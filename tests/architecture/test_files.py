"""What is committed works on any machine: no path of one of ours, no host beside the public registries."""

import json
import re

from repository import ROOT, tracked_files

# A path of a person's machine or of a workplace.
MACHINE_PATHS = re.compile(r"(?<![\w.~$}-])/(work|tmp|root|home/\w+|Users/\w+)/\w")
PUBLIC_HOSTS = {
    "Cargo.lock": {"github.com"},
    "package-lock.json": {"registry.npmjs.org"},
}


def _texts() -> dict[str, str]:
    texts = {}
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            texts[path.relative_to(ROOT).as_posix()] = content.decode("utf-8")
    return texts


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{name}: {match[0]}" for name, text in _texts().items() for match in MACHINE_PATHS.finditer(text)
    ]
    assert not found


def test_the_lock_file_of_cargo_names_its_public_registry() -> None:
    sources = set(
        re.findall(
            r'^source = "(.*)"$', (ROOT / "Cargo.lock").read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    )
    assert sources == {"registry+https://github.com/rust-lang/crates.io-index"}


def test_the_lock_files_of_npm_name_no_host_but_the_public_registry() -> None:
    locks = [path for path in tracked_files() if path.name == "package-lock.json"]
    assert ROOT / "package-lock.json" in locks
    for path in locks:
        packages = json.loads(path.read_text(encoding="utf-8"))["packages"].values()
        downloads = [package["resolved"] for package in packages if "resolved" in package]
        assert all(url.startswith("https://registry.npmjs.org/") for url in downloads), path


def test_the_lock_file_of_npm_belongs_to_its_manifest() -> None:
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"][""]
    for kind in ("dependencies", "devDependencies", "peerDependencies"):
        assert locked.get(kind) == manifest.get(kind)


def test_the_requirements_of_python_are_pinned_and_name_no_host() -> None:
    files = [path for path in tracked_files() if re.fullmatch(r"requirements.*\.txt", path.name)]
    assert files
    pinned = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+( ?;.*)?")
    for path in files:
        lines = [line.split(" #")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
        assert [
            line for line in lines if line and not line.startswith("#") and not pinned.fullmatch(line)
        ] == [], path


def test_no_file_sets_another_registry() -> None:
    settings = re.compile(
        r"(?i)(--(extra-)?index-url|--find-links|--registry|index-url\s*=|registry\s*=\s*https?:|replace-with\s*=)"
    )
    # Documentation may speak of them; what is read by a tool may not set them.
    read_by_tools = [
        name for name in _texts() if not name.endswith((".md", ".py")) and name not in PUBLIC_HOSTS
    ]
    assert [name for name in read_by_tools if settings.search(_texts()[name])] == []
