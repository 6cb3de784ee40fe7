"""Throw-away environments: the packages are installed from what was built, as by a user."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "target" / "packages"


@dataclass(frozen=True)
class Packages:
    """The two packages that are published."""

    wheel: Path
    tarball: Path


def built_packages() -> Packages:
    """Builds what is not up to date, and returns the files."""
    subprocess.run(
        ["make", "--no-print-directory", "packages"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    (wheel,) = PACKAGES.glob("*.whl")
    (tarball,) = PACKAGES.glob("*.tgz")
    return Packages(wheel, tarball)


def python_environment(folder: Path, *to_install: str, without_network: bool = False) -> Path:
    """Makes an empty environment, installs into it and returns its interpreter.

    Versions are those that the project's own environment has.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    if without_network:
        options.append("--no-index")
    constraints = ROOT / "bindings-python" / "requirements-dev.txt"
    command = [str(python), "-m", "pip", "install", *options, "--constraint", str(constraints), *to_install]
    subprocess.run(command, env=bare_environment(folder), check=True)
    return python


def node_environment(folder: Path, tarball: Path, *, without_network: bool = False) -> Path:
    """Installs what the folder's lock file names and the packed package beside it, and returns the folder."""
    quietly = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    environment = bare_environment(folder)
    if (folder / "package-lock.json").is_file():
        subprocess.run(["npm", "ci", *quietly], cwd=folder, env=environment, check=True)
    offline = ["--offline"] if without_network else []
    subprocess.run(
        ["npm", "install", *quietly, *offline, "--no-save", str(tarball)],
        cwd=folder,
        env=environment,
        check=True,
    )
    return folder


def bare_environment(folder: Path) -> dict[str, str]:
    """Returns an environment whose PATH has Node, npm and a shell, and neither a compiler nor the project."""
    programs = folder / ".programs"
    programs.mkdir(parents=True, exist_ok=True)
    for name in ("node", "npm", "sh", "env"):
        found = shutil.which(name)
        if found is None:
            raise RuntimeError(f"{name} is not installed")
        link = programs / name
        if not link.exists():
            link.symlink_to(Path(found).resolve() if name == "npm" else found)
    leaves_out = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "NODE_PATH", "NODE_OPTIONS")
    kept = {name: value for name, value in os.environ.items() if name not in leaves_out}
    # npm hands its settings down to what it starts; those of the tree must not reach it.
    kept = {name: value for name, value in kept.items() if not name.startswith("npm_")}
    return {**kept, "PATH": str(programs), "PYTHONDONTWRITEBYTECODE": "1"}
