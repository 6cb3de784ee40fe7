"""An issuer of tokens on a real server, which may be as hostile as it likes, and counts requests."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from vectors import ROOT, VECTORS

from hookproof import Signer, Verifier

Json = Any

AUDIENCE = "acme"
BODY = b'{"order_id":"12345"}'
DISCOVERY, JWKS = "/.well-known/openid-configuration", "/jwks"

_PEM = (VECTORS / "keys" / "rsa-2048-test-key.pem").read_text(encoding="ascii")


def hostile() -> list[Json]:
    """Lists what a server may do, which the tests of all languages share."""
    found: list[Json] = json.loads((ROOT / "tests" / "keys" / "hostile.json").read_text("utf-8"))["answers"]
    return found


class Issuer:
    """A good issuer, until it is told to answer something else."""

    def __init__(self, port: int, scheme: str = "http") -> None:
        self.origin = f"{scheme}://127.0.0.1:{port}"
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.connected = threading.Event()
        # Who hangs hangs until the test is over.
        self.over = threading.Event()
        self._answers: dict[str, Json] = {}
        self.key_id = "key-1"

    def becomes(self, answer: Json) -> None:
        """Answers one document so from now on."""
        self._answers[DISCOVERY if answer["at"] == "discovery" else JWKS] = answer

    def answer(self, path: str) -> Json:
        """Returns the answer to a request."""
        body: Json
        if path == DISCOVERY:
            body = {"issuer": self.origin, "jwks_uri": self.origin + JWKS}
        elif path == JWKS:
            body = {"keys": [_jwk(self.key_id)]}
        else:
            return {"status": 404, "body": ""}
        good = {"headers": {"Cache-Control": "public, max-age=3600"}, "body": json.dumps(body)}
        return self._answers.get(path, good)

    def verifier(self, **options: Any) -> Verifier:
        """Makes a verifier whose keys are fetched from here."""
        given = {"issuer": self.origin, "audience": AUDIENCE, "allow_insecure_loopback": True, **options}
        return Verifier("pitchpoint", **given)

    def signed(self, key_id: str = "key-1") -> dict[str, str]:
        """Signs a request and returns its headers."""
        signer = Signer(
            "pitchpoint",
            secret=_PEM,
            issuer=self.origin,
            audience=AUDIENCE,
            key_id=key_id,
            claims={"sub": "robot", "iat": int(time.time()) - 1},
        )
        return signer.sign(BODY, id="d1", type="orders/placed").headers


@contextmanager
def issuer(tls: ssl.SSLContext | None = None) -> Iterator[Issuer]:
    """Starts an issuer and ends it."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    found = Issuer(server.server_port, "http" if tls is None else "https")
    server.issuer = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps the output of the tests clean: who does not trust this server ends the connection."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found: Issuer = self.server.issuer  # type: ignore[attr-defined]
        found.requests.append(self.path)
        found.headers.append(dict(self.headers.items()))
        found.connected.set()
        answer = found.answer(self.path)
        self.close_connection = True
        if answer.get("hangs"):
            found.over.wait(30)
            return
        if answer.get("resets"):
            return
        try:
            self._send(found, answer)
        except OSError:
            # The other side has heard enough.
            return

    def _send(self, found: Issuer, answer: Json) -> None:
        unit = base64.b64decode(answer["body_base64"]) if "body_base64" in answer else answer["body"].encode()
        unit = unit.replace(b"{origin}", found.origin.encode())
        body = unit * answer.get("repeat", 1)
        self.send_response(answer.get("status", 200))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value.replace("{origin}", found.origin))
        if not answer.get("endless"):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if answer.get("endless"):
            while not found.over.is_set():
                self.wfile.write(unit * 1000)
        elif "drip_milliseconds" in answer:
            for index in range(len(body)):
                if found.over.wait(answer["drip_milliseconds"] / 1000):
                    return
                self.wfile.write(body[index : index + 1])
        else:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keeps the output of the tests clean."""


def _jwk(key_id: str) -> Json:
    key = load_pem_private_key(_PEM.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": key_id, "alg": "RS256", "n": _number(numbers.n), "e": _number(numbers.e)}


def _number(value: int) -> str:
    encoded = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(encoded).decode().rstrip("=")
