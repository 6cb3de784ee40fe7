"""Installs hookproof and each peer into a folder of its own, with all that it pulls in."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from throwaway import ROOT, Packages, bare_environment, node_environment

Json = Any

BENCH = ROOT / "tests" / "bench"
REQUIREMENTS = BENCH / "python" / "requirements.txt"
MANIFEST = BENCH / "node" / "package.json"
LOCK = BENCH / "node" / "package-lock.json"
SPACE = ROOT / "target" / "bench" / "size"
# An environment that has nothing in it but pip.
INTERPRETER = SPACE / "bare" / "bin" / "python"


@dataclass(frozen=True)
class Package:
    """What is installed by a name, and how a program that verifies gets hold of it."""

    language: str
    name: str
    load: str

    @property
    def folder(self) -> Path:
        """Where it is installed, without what the installer keeps for itself."""
        return SPACE / self.language / self.name.replace("/", "-")

    def command(self) -> list[str]:
        """Starts a process that has it and does nothing more."""
        if self.language == "python":
            return _python(self.load, self.folder)
        return _node(self.load)

    def bytes(self) -> int:
        return sum(file.stat().st_size for file in self._files())

    def binary_bytes(self) -> int:
        """Of machine code."""
        return sum(file.stat().st_size for file in self._files() if file.suffix in (".so", ".node", ".pyd"))

    def packages(self) -> int:
        """How many packages it comes to, itself included."""
        if self.language == "python":
            return len(list(self.folder.glob("*.dist-info")))
        lock = json.loads((self.folder / "node_modules" / ".package-lock.json").read_text(encoding="utf-8"))
        return len(lock["packages"])

    def _files(self) -> list[Path]:
        root = self.folder if self.language == "python" else self.folder / "node_modules"
        # What the interpreter compiled, and npm's notes, are no part of what was downloaded.
        return [
            path
            for path in root.rglob("*")
            if path.is_file()
            and not path.is_symlink()
            and "__pycache__" not in path.parts
            and path.name != ".package-lock.json"
        ]


PYTHON = (
    Package("python", "hookproof", "from hookproof import Verifier"),
    Package("python", "standardwebhooks", "from standardwebhooks import Webhook"),
    Package("python", "svix", "from svix.webhooks import Webhook"),
    Package("python", "stripe", "from stripe import Webhook"),
    Package("python", "PyJWT", "from jwt import PyJWK, decode"),
    Package("python", "joserfc", "from joserfc import jwk, jwt"),
)
NODE = (
    Package("node", "hookproof", "require('hookproof')"),
    Package("node", "standardwebhooks", "require('standardwebhooks')"),
    Package("node", "svix", "require('svix')"),
    Package("node", "stripe", "require('stripe')"),
    # Modules that older versions of Node cannot `require`.
    Package("node", "@octokit/webhooks-methods", "import('@octokit/webhooks-methods')"),
    Package("node", "@hookflo/tern", "require('@hookflo/tern')"),
    Package("node", "jose", "import('jose')"),
    Package("node", "jsonwebtoken", "require('jsonwebtoken')"),
    Package("node", "fast-jwt", "require('fast-jwt')"),
)
PACKAGES = {"python": PYTHON, "node": NODE}


def bare(language: str) -> list[str]:
    """Starts a process that does nothing."""
    return _python("pass", SPACE) if language == "python" else _node("0")


def standard(language: str) -> tuple[str, list[str]]:
    """Starts a process that has what the language brings for doing it by hand."""
    if language == "python":
        return "hmac", _python("import base64, hashlib, hmac, json", SPACE)
    return "node:crypto", _node("require('node:crypto')")


def install(built: Packages) -> None:
    """Installs what is pinned and what was built, unless that is what is there."""
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (REQUIREMENTS, MANIFEST, LOCK, built.wheel, built.tarball, Path(__file__))
    }
    mark = SPACE / "installed.json"
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8")) == digests:
        return
    shutil.rmtree(SPACE, ignore_errors=True)
    SPACE.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "venv", SPACE / "bare"], check=True)
    _install_python(built.wheel)
    _install_node(built.tarball)
    mark.write_text(json.dumps(digests), encoding="utf-8")


def _install_python(wheel: Path) -> None:
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    # A constraint takes no extras.
    constraints = SPACE / "constraints.txt"
    constraints.write_text("\n".join(re.sub(r"\[.*\]", "", pin) for pin in pins), encoding="utf-8")
    pip: list[str | Path] = [
        INTERPRETER,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
    ]
    for package in PYTHON:
        wanted = str(wheel)
        if package.name != "hookproof":
            (wanted,) = (pin for pin in pins if re.split(r"\[|==", pin)[0] == package.name)
        subprocess.run(
            [*pip, "--constraint", constraints, "--target", package.folder, wanted],
            env=bare_environment(SPACE),
            check=True,
        )


def _install_node(tarball: Path) -> None:
    pins = json.loads(MANIFEST.read_text(encoding="utf-8"))["dependencies"]
    for package in NODE:
        package.folder.mkdir(parents=True)
        is_ours = package.name == "hookproof"
        manifest = {"private": True, "dependencies": {} if is_ours else {package.name: pins[package.name]}}
        (package.folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
        if is_ours:
            node_environment(package.folder, tarball)
            continue
        # The lock file of all peers: npm leaves out what this one does not need, and keeps the versions.
        shutil.copy(LOCK, package.folder)
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=package.folder,
            env=bare_environment(SPACE),
            check=True,
        )


def _python(code: str, folder: Path) -> list[str]:
    # Isolated from the environment, the folder is the one place beside the standard library.
    return [str(INTERPRETER), "-I", "-c", f"import sys; sys.path.insert(0, sys.argv[1]); {code}", str(folder)]


def _node(code: str) -> list[str]:
    return [shutil.which("node") or "node", "--eval", code]
