"""Installs what is measured, and what draws, into throw-away environments."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SPACE = ROOT / "target" / "bench"
PEERS_OF_NODE = SPACE / "node"
PYTHON = SPACE / "python" / "bin" / "python"
PICTURE = SPACE / "picture" / "bin" / "python"
RUST = SPACE / "rust" / "release"


def node() -> None:
    """Installs the peers of Node. hookproof itself is measured as `make build` left it."""
    pinned = [HERE / "node" / name for name in ("package.json", "package-lock.json")]
    if not _is_new(PEERS_OF_NODE, pinned):
        return
    PEERS_OF_NODE.mkdir(parents=True)
    for path in pinned:
        shutil.copy(path, PEERS_OF_NODE)
    quietly = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(["npm", "ci", *quietly], cwd=PEERS_OF_NODE, check=True)
    _mark(PEERS_OF_NODE, pinned)


def python() -> None:
    """Installs the peers of Python, and the wheel that was built."""
    (wheel,) = (ROOT / "target" / "packages").glob("*.whl")
    _environment(SPACE / "python", HERE / "python" / "requirements.txt", wheel)


def picture() -> None:
    """Installs what draws."""
    _environment(SPACE / "picture", HERE / "requirements.txt")


def rust() -> None:
    """Builds the programs of Rust, with all that they measure."""
    manifest = HERE / "rust" / "Cargo.toml"
    subprocess.run(
        [
            *("cargo", "build", "--quiet", "--release", "--locked"),
            *("--manifest-path", manifest, "--target-dir", SPACE / "rust"),
        ],
        cwd=ROOT,
        check=True,
    )


def _environment(folder: Path, requirements: Path, *packages: Path) -> None:
    pinned = [requirements, *packages]
    if not _is_new(folder, pinned):
        return
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip: list[str | Path] = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "-r", requirements], check=True)
    if packages:
        subprocess.run([*pip, "--no-deps", *packages], check=True)
    _mark(folder, pinned)


def _is_new(folder: Path, pinned: Iterable[Path]) -> bool:
    """Tells whether something else is installed there than is pinned, and takes that away."""
    mark = folder / "installed.json"
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8")) == _digests(pinned):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return True


def _mark(folder: Path, pinned: Iterable[Path]) -> None:
    (folder / "installed.json").write_text(json.dumps(_digests(pinned)), encoding="utf-8")


def _digests(pinned: Iterable[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in pinned}
