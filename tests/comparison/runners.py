"""Installs the libraries into a throw-away environment; puts the cases to each in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hostile.case import Case
from key_server import KeyServer

Json = Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SPACE = ROOT / "target" / "comparison"
# Far above what any of them takes, so that the answer is the same on every machine, and far below what
# quadratic work takes.
SLOW_MILLISECONDS = 500
# The longest of all asks for 40 tokens to be verified, and a loaded machine is slow.
LIMIT_SECONDS = 300


@dataclass(frozen=True)
class Library:
    """One column of the tables."""

    language: str
    name: str

    @property
    def title(self) -> str:
        return f"{self.name} ({self.language})"


LIBRARIES = (
    Library("Python", "standardwebhooks"),
    Library("Python", "svix"),
    Library("Python", "stripe"),
    Library("Python", "PyJWT"),
    Library("Python", "hookproof"),
    Library("Node", "standardwebhooks"),
    Library("Node", "svix"),
    Library("Node", "stripe"),
    Library("Node", "@octokit/webhooks-methods"),
    Library("Node", "@hookflo/tern"),
    Library("Node", "jose"),
    Library("Node", "jsonwebtoken"),
    Library("Node", "jsonwebtoken, rateLimit"),
    Library("Node", "hookproof"),
)


def install() -> None:
    """Installs what the two files pin, unless that is what is there."""
    wanted = {
        name: (HERE / name).read_bytes() for name in ("requirements.txt", "package.json", "package-lock.json")
    }
    mark = SPACE / "installed.json"
    stamp = json.dumps({name: content.decode() for name, content in wanted.items()})
    if mark.exists() and mark.read_text(encoding="utf-8") == stamp:
        return
    shutil.rmtree(SPACE, ignore_errors=True)
    node = SPACE / "node"
    node.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "venv", SPACE / "python"], check=True)
    pip: list[str | Path] = [SPACE / "python/bin/pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True)
    for name in ("package.json", "package-lock.json"):
        (node / name).write_bytes(wanted[name])
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"], cwd=node, check=True
    )
    mark.write_text(stamp, encoding="utf-8")


def ask(library: Library, cases: list[Case], server: KeyServer) -> dict[str, Json]:
    """Puts all cases to a library; it answers those of its families."""
    questions = [asdict(case) for case in cases]
    for question in questions:
        call = question["call"]
        if "server" in call:
            call["url"] = server.address(question["id"], call["server"], call.pop("keys"))
    answers = _run(library, json.dumps(questions))
    for question in questions:
        found = answers.get(question["id"])
        if found is None:
            continue
        if question["kind"] == "fetches":
            found["fetches"] = server.asked(question["call"]["url"])
        if "milliseconds" in found:
            found["slow"] = found.pop("milliseconds") >= SLOW_MILLISECONDS
    return answers


def versions() -> dict[str, str]:
    """Names the versions that are installed, as `language name`."""
    found = {}
    for library in LIBRARIES:
        if library.name == "hookproof":
            package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
            found[library.title] = package["version"]
        elif library.language == "Python":
            code = f"import importlib.metadata as m; print(m.version({library.name!r}))"
            shown = subprocess.run(
                [SPACE / "python/bin/python", "-c", code], check=True, capture_output=True, text=True
            )
            found[library.title] = shown.stdout.strip()
        else:
            names = (
                ["jsonwebtoken", "jwks-rsa"] if library.name.startswith("jsonwebtoken") else [library.name]
            )
            found[library.title] = ", jwks-rsa ".join(_node_version(name) for name in names)
    return found


def _node_version(name: str) -> str:
    version: str = json.loads((SPACE / "node/node_modules" / name / "package.json").read_text("utf-8"))[
        "version"
    ]
    return version


def _run(library: Library, questions: str) -> dict[str, Json]:
    command: list[str | Path]
    if library.language == "Python":
        # hookproof is not installed beside the others: it is what `make` built.
        python = sys.executable if library.name == "hookproof" else SPACE / "python/bin/python"
        command = [python, HERE / "libraries/drive.py", library.name]
    else:
        # Modules are looked for beside the file that imports them.
        driver = shutil.copy(HERE / "libraries/drive.mjs", SPACE / "node")
        command = ["node", driver, library.name, ROOT]
    proxies = {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    done = subprocess.run(
        command,
        input=questions,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
        env={**os.environ, **proxies},
    )
    if done.returncode != 0:
        message = f"{library.title} ended with {done.returncode}: {done.stderr[-2000:]}"
        raise RuntimeError(message)
    answers: dict[str, Json] = json.loads(done.stdout)["answers"]
    return answers
