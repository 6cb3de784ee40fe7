"""The program `hookproof` as pip installs it: Rust tests what it does, and this that it is the same one."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

SECRET = "asasasasas"


def hookproof(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hookproof", *arguments], capture_output=True, text=True, check=False
    )


def test_importing_the_library_does_not_load_the_program() -> None:
    code = "import sys, hookproof; print(sorted(name for name in sys.modules if 'cli' in name.lower()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "hookproof._cli" not in done.stdout


def test_it_is_declared_as_a_console_script() -> None:
    manifest = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^hookproof = "hookproof\._cli:main"$', manifest, flags=re.MULTILINE)


def test_its_exit_status_is_that_of_the_program() -> None:
    assert hookproof("--version").returncode == 0
    assert hookproof("send").returncode == 2
    assert hookproof("providers", "nobody").returncode == 2
    assert hookproof("plan", "fast-events").stdout.startswith("Fast Events: 5 retries")


def test_it_listens_and_sends_and_ends_with_an_interrupt(tmp_path: Path) -> None:
    keys = ("-p", "fast-events", "-s", SECRET)
    listening = subprocess.Popen(
        [sys.executable, "-m", "hookproof", "listen", "--json", "--port", "0", *keys],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert listening.stdout is not None
        url = json.loads(listening.stdout.readline())["listening"]
        assert hookproof("send", url, *keys).returncode == 0
        assert json.loads(listening.stdout.readline())["outcome"] == "accepted"
        listening.send_signal(signal.SIGINT)
        assert listening.wait(timeout=10) == -signal.SIGINT
    finally:
        listening.kill()
        listening.communicate()
