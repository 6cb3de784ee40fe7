"""An issuer's key server on the loopback, which behaves as a case says and counts how often it is asked."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = Any


class KeyServer:
    """One server for all: each library has an address of its own for each case."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sets: dict[str, tuple[str, bytes]] = {}
        self.fetches: Counter[str] = Counter()

    def address(self, name: str, behaviour: str, keys: Json) -> str:
        """Serves a key set at an address of its own."""
        path = f"/{len(self._sets)}/{name}"
        self._sets[path] = (behaviour, json.dumps(keys).encode())
        return f"http://127.0.0.1:{self._port}{path}"

    def asked(self, url: str) -> int:
        """Counts the requests for an address."""
        return self.fetches["/" + url.split("/", 3)[3]]

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        trapped = path.endswith("?trap")
        path = path.removesuffix("?trap")
        if path not in self._sets:
            return 404, {}, b""
        behaviour, document = self._sets[path]
        self.fetches[path] += 1
        if behaviour == "down" or (behaviour == "falls" and self.fetches[path] > 1):
            return 503, {}, b"busy"
        if behaviour == "redirect" and not trapped:
            return 302, {"Location": f"http://localhost:{self._port}{path}?trap"}, b""
        return 200, {"Content-Type": "application/json"}, document


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    keys: KeyServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: who has heard enough of a large document ends the connection."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        status, headers, body = self.server.keys.answer(self.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keeps the table readable."""


@contextmanager
def key_server() -> Iterator[KeyServer]:
    """Starts the server and ends it."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.keys = KeyServer(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.keys
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
