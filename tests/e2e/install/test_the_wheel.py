"""The wheel, installed by a user who has no Rust, no compiler and no network."""

import platform
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from elf import has_symbols
from throwaway import ROOT, Packages, bare_environment, python_environment

MEGABYTE = 1024 * 1024

VERIFIES_ONE_REQUEST = """
import hookproof

body = b'{"id":"5f7b","event":"payment.success","payload":{}}'
headers = hookproof.Signer("fourvenues", secret="s3cr3t").sign(body).headers
event = hookproof.Verifier("fourvenues", secret="s3cr3t").verify(body, headers)
assert (event.id, event.type) == ("5f7b", "payment.success")
try:
    hookproof.Verifier("fourvenues", secret="another").verify(body, headers)
except hookproof.VerificationError as error:
    print(error.code)
"""


@pytest.fixture(scope="module")
def python(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return python_environment(tmp_path_factory.mktemp("python"), str(packages.wheel), without_network=True)


def test_verifies_a_request_where_nothing_else_is_installed(python: Path) -> None:
    run = subprocess.run(
        [str(python), "-I", "-W", "error", "-c", VERIFIES_ONE_REQUEST],
        env=bare_environment(python.parent.parent),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    assert run.stdout == "no_matching_signature\n"


def test_the_program_is_installed(python: Path) -> None:
    run = subprocess.run(
        [str(python.parent / "hookproof"), "plan", "fast-events"],
        env=bare_environment(python.parent.parent),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    assert run.stdout.startswith("Fast Events: 5 retries")


def test_pulls_in_no_other_package(python: Path) -> None:
    listed = subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", "list", "--format=freeze"],
        env=bare_environment(python.parent.parent),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    names = {line.split("==")[0].split(" @ ")[0] for line in listed.splitlines()}
    assert names - {"pip", "setuptools"} == {"hookproof"}


def test_the_version_is_that_of_the_workspace(packages: Packages) -> None:
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    found = re.search(r'^\[workspace\.package\]\nversion = "(.+)"$', manifest, flags=re.MULTILINE)
    assert found is not None
    assert f"\nVersion: {found[1]}\n" in _metadata(packages)
    assert packages.wheel.name.startswith(f"hookproof-{found[1]}-")


def test_every_requirement_belongs_to_an_extra(packages: Packages) -> None:
    required = [line for line in _metadata(packages).splitlines() if line.startswith("Requires-Dist:")]
    assert [line for line in required if "extra ==" not in line] == []


def test_fits_every_python_since_3_10_and_every_linux_of_its_age(packages: Packages) -> None:
    machine = re.escape(platform.machine())
    assert re.fullmatch(
        rf"hookproof-[\d.]+-cp310-abi3-manylinux_2_\d+_{machine}(\..*)?\.whl", packages.wheel.name
    )


def test_the_native_module_is_stripped(packages: Packages) -> None:
    with zipfile.ZipFile(packages.wheel) as wheel:
        (library,) = (name for name in wheel.namelist() if name.endswith(".so"))
        assert not has_symbols(wheel.read(library))


def test_contains_only_what_a_user_needs(packages: Packages) -> None:
    with zipfile.ZipFile(packages.wheel) as wheel:
        names = wheel.namelist()
        assert sum(entry.file_size for entry in wheel.infolist()) < 8 * MEGABYTE
    strangers = [
        name
        for name in names
        if not re.fullmatch(
            r"hookproof/(\w+/)*\w+\.pyi?|hookproof/py\.typed|hookproof/_native\.abi3\.so|pytest_hookproof/\w+\.py",
            name,
        )
        and not re.fullmatch(
            r"hookproof-[\d.]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points.txt|licenses/LICENSE-\w+|sboms/.+)",
            name,
        )
    ]
    assert strangers == []
    assert {"hookproof/__init__.py", "hookproof/py.typed", "hookproof/django/__init__.py"} <= set(names)


def _metadata(packages: Packages) -> str:
    with zipfile.ZipFile(packages.wheel) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return wheel.read(name).decode()
