"""The npm package, installed by a user who has no Rust, no compiler and no network."""

import json
import subprocess
import tarfile
from pathlib import Path

import pytest
from elf import has_symbols
from throwaway import ROOT, Packages, bare_environment, node_environment

MEGABYTE = 1024 * 1024

VERIFIES_ONE_REQUEST = """
const body = Buffer.from('{"id":"5f7b","event":"payment.success","payload":{}}')
const { headers } = new hookproof.Signer('fourvenues', { secret: 's3cr3t' }).sign(body)
const event = new hookproof.Verifier('fourvenues', { secret: 's3cr3t' }).verify(body, headers)
if (event.id !== '5f7b' || event.type !== 'payment.success') throw new Error('not the event')
try {
  new hookproof.Verifier('fourvenues', { secret: 'another' }).verify(body, headers)
} catch (error) {
  if (error instanceof hookproof.VerificationError) console.log(error.code)
}
"""


@pytest.fixture(scope="module")
def project(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text('{"name": "a-user", "private": true}', encoding="utf-8")
    return node_environment(folder, packages.tarball, without_network=True)


@pytest.mark.parametrize(
    ("file", "load"),
    [
        ("module.mjs", "import * as hookproof from 'hookproof'"),
        ("script.cjs", "const hookproof = require('hookproof')"),
    ],
)
def test_verifies_a_request_where_nothing_else_is_installed(project: Path, file: str, load: str) -> None:
    (project / file).write_text(load + VERIFIES_ONE_REQUEST, encoding="utf-8")
    assert _run(project, "node", "--throw-deprecation", file) == "no_matching_signature\n"


# Not nest: its decorators are made by the framework when it is loaded.
@pytest.mark.parametrize("name", ["express", "fastify", "fetch", "http", "lambda"])
@pytest.mark.parametrize("load", ["import", "require"])
def test_the_adapter_loads_without_its_framework(project: Path, name: str, load: str) -> None:
    loaded = f"{load}('hookproof/{name}')"
    script = f"Promise.resolve({loaded}).then(adapter => console.log(typeof adapter.webhook))"
    assert _run(project, "node", "--throw-deprecation", "-e", script) == "function\n"


def test_the_program_is_installed(project: Path) -> None:
    assert _run(project, "node", "node_modules/.bin/hookproof", "plan", "fast-events").startswith("Fast")


def test_pulls_in_no_other_package(project: Path) -> None:
    installed = {path.name for path in (project / "node_modules").iterdir() if not path.name.startswith(".")}
    assert installed == {"hookproof"}


def test_the_native_module_is_stripped(packages: Packages) -> None:
    with tarfile.open(packages.tarball) as tarball:
        (name,) = (name for name in tarball.getnames() if name.endswith(".node"))
        library = tarball.extractfile(name)
        assert library is not None
        assert not has_symbols(library.read())


def test_contains_only_what_a_user_needs(packages: Packages) -> None:
    with tarfile.open(packages.tarball) as tarball:
        members = tarball.getmembers()
    assert sum(member.size for member in members) < 8 * MEGABYTE
    names = {member.name.removeprefix("package/") for member in members}
    face = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bindings-node" / "face").rglob("*")
        if path.is_file()
    }
    alone = {"package.json", "README.md", "LICENSE-MIT", "LICENSE-APACHE"}
    assert {name for name in names if not name.endswith(".node")} == face | alone


def test_every_export_is_in_the_package(project: Path) -> None:
    package = project / "node_modules" / "hookproof"
    manifest = json.loads((package / "package.json").read_text(encoding="utf-8"))
    targets = list(_targets(manifest["exports"]))
    assert targets
    assert [target for target in targets if not (package / target).is_file()] == []


def _targets(exports: object) -> list[str]:
    if isinstance(exports, dict):
        return [target for value in exports.values() for target in _targets(value)]
    return [str(exports)]


def _run(project: Path, *command: str) -> str:
    environment = bare_environment(project)
    # Found in the bare PATH, as a user's shell would.
    program = str(project / ".programs" / command[0])
    run = subprocess.run(
        [program, *command[1:]], cwd=project, env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return run.stdout
