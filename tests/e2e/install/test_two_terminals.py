"""`hookproof listen` and `hookproof send` for each of the four systems, as pip and as npm install them."""

import re
import subprocess
from pathlib import Path

import pytest
from terminals import SYSTEMS, System, documented, run, without_what_changes
from throwaway import ROOT, Packages, bare_environment, node_environment, python_environment

Program = tuple[list[str], dict[str, str]]


@pytest.fixture(scope="module")
def pip(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("pip")
    python = python_environment(folder, str(packages.wheel), without_network=True)
    return [str(python.parent / "hookproof")], bare_environment(folder)


@pytest.fixture(scope="module")
def npm(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text('{"name": "a-user", "private": true}', encoding="utf-8")
    node_environment(folder, packages.tarball, without_network=True)
    program = [str(folder / ".programs" / "node"), str(folder / "node_modules" / ".bin" / "hookproof")]
    return program, bare_environment(folder)


@pytest.mark.parametrize("installation", ["pip", "npm"])
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_one_listens_and_the_other_sends(
    installation: str, system: System, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    program, environment = request.getfixturevalue(installation)
    session = run(program, system, tmp_path, environment)
    assert session.outcomes() == system.outcomes, session.listened
    assert session.exits == system.exits, session.sent
    # A refusal comes with its reason, and a system that signs no time with a word about it.
    assert session.listened.count("unclear:") + session.listened.count("reason:") == sum(
        outcome in ("not_authentic", "stale") for outcome, _ in system.outcomes
    )
    assert ("signs no time" in session.sent[2]) == (system.outcomes[2][0] == "duplicate")
    # Nobody who looks over a shoulder learns what a request is proven with.
    shown = session.listened + "".join(session.sent)
    assert not system.secret or system.secret not in shown
    assert "PRIVATE KEY" not in shown


def test_the_documentation_shows_what_is_printed(pip: Program, tmp_path: Path) -> None:
    """`python tests/e2e/install/terminals.py hookproof` prints it anew."""
    guide = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    program, environment = pip
    for system in SYSTEMS:
        said = documented(system, run(program, system, tmp_path, environment))
        (shown,) = re.findall(
            rf"<!-- terminals: {system.name} -->\n(.*?)\n<!-- end -->", guide, flags=re.DOTALL
        )
        assert without_what_changes(shown) == without_what_changes(said)


IMPORTS = """
import sys, time
began = time.perf_counter()
import hookproof
took = time.perf_counter() - began
own = (name for name in sys.modules if name.startswith("hookproof"))
print(sorted(name for name in own if "cli" in name.rpartition(".")[2]), took)
"""
REQUIRES = """
const began = performance.now()
require('hookproof')
const loaded = Object.keys(require.cache).filter((path) => /cli[^/]*$/.test(path))
console.log(JSON.stringify(loaded), (performance.now() - began) / 1000)
"""


@pytest.mark.parametrize("installation", ["pip", "npm"])
def test_importing_the_library_loads_nothing_of_the_program(
    installation: str, request: pytest.FixtureRequest
) -> None:
    """The native module holds both, as one file that the system maps and reads where it is used.

    No module of the program is imported, and the import takes a fraction of a second.
    """
    program, environment = request.getfixturevalue(installation)
    first = Path(program[0])
    if installation == "pip":
        command, folder = [str(first.with_name("python")), "-I", "-c", IMPORTS], first.parent
    else:
        command, folder = [str(first), "-e", REQUIRES], first.parents[1]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    loaded, took = done.stdout.split()
    assert loaded == "[]"
    assert float(took) < 2
