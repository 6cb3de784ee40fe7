"""The program `hookproof` as pip installs it: Rust tests what it does, and this that it is the same one."""

import datetime
import ipaddress
import json
import re
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

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


class _Accepts(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # the name that http.server asks for
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002, the name that it overrides
        """Keeps the output of the tests clean."""


@pytest.fixture
def own_https(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A receiver with a certificate that nobody but its owner has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "certificate.pem", tmp_path / "key.pem"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    server = HTTPServer(("127.0.0.1", 0), _Accepts)
    # The handshake is made where the request is read, so that one that fails stops nobody.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/", public
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_believes_the_certificate_that_it_is_told_to(own_https: tuple[str, Path], tmp_path: Path) -> None:
    url, certificate = own_https
    send = ("send", url, "-p", "fast-events", "-s", SECRET)
    # The default is Mozilla's roots, to which it is a stranger.
    assert hookproof(*send).returncode == 3
    assert hookproof(*send, "--ca", str(certificate)).returncode == 0
    (tmp_path / "none.pem").write_text("no certificate", encoding="utf-8")
    assert hookproof(*send, "--ca", str(tmp_path / "none.pem")).returncode == 2
    assert hookproof(*send, "--ca", str(tmp_path / "missing.pem")).returncode == 3
