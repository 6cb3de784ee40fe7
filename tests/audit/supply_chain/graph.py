"""What Cargo puts into what is shipped: the crates, their licences and their checksums."""

import json
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# The parts that are published, and the crate that each is made of.
SHIPPED = {"crate": "hookproof", "wheel": "hookproof-python", "npm": "hookproof-node"}
# Counts and lists are the same on every machine.
TARGET = "x86_64-unknown-linux-gnu"


@dataclass(frozen=True, order=True)
class Crate:
    name: str
    version: str
    licence: str

    @property
    def checksum(self) -> str | None:
        """The SHA-256 of the crate's archive; none where it is a part of this repository."""
        return _checksums().get((self.name, self.version))


@cache
def crates(name: str, *, edges: str = "normal,no-proc-macro") -> tuple[Crate, ...]:
    """Lists what ends up in a crate with its default features, itself left out."""
    command = ("cargo", "tree", "--locked", "-p", name, "-e", edges, "--target", TARGET)
    listed = _run(*command, "--prefix", "none", "--format", "{p}|{l}").splitlines()
    found = {
        Crate(match[1], match[2], match[3])
        for line in listed
        if (match := re.match(r"(\S+) v(\S+)(?: \([^)]*\))*\|([^*]*?)(?: \(\*\))?$", line))
    }
    return tuple(sorted(crate for crate in found if crate.name != name))


def oldest_compilers() -> dict[str, str]:
    """Returns the Rust version that each crate of the lock file asks for, where it says."""
    packages = _metadata("--filter-platform", TARGET)["packages"]
    return {f"{p['name']} {p['version']}": p["rust_version"] for p in packages if p["rust_version"]}


def published() -> tuple[str, str]:
    """Returns the one version of everything that is published, and the oldest Rust that is promised."""
    packages = _metadata("--no-deps")["packages"]
    found = {(package["version"], package["rust_version"]) for package in packages}
    assert len(found) == 1
    version, rust = found.pop()
    return version, rust


@cache
def _checksums() -> dict[tuple[str, str], str]:
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    entry = r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "([0-9a-f]{64})"'
    return {(name, version): checksum for name, version, checksum in re.findall(entry, lock)}


def _metadata(*options: str) -> Any:
    return json.loads(_run("cargo", "metadata", "--locked", "--format-version", "1", *options))


def _run(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
