"""A receiver that treats its sender as badly as it is told to, and notes each call."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hookproof import Verifier

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Call:
    """One authentic request, and when it came, in unix seconds."""

    came: float
    id: str
    timestamp: int


@dataclass
class _Path:
    answers: list[Answer]
    calls: list[Call] = field(default_factory=list)


class UnkindReceiver:
    """A server on the loopback. Each path has a list of answers, the last of which it gives for ever."""

    def __init__(self, secret: str) -> None:
        self._verifier = Verifier("standard-webhooks", secret=secret)
        self._paths: dict[str, _Path] = {}
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self.port = 0

    @classmethod
    @contextmanager
    def started(cls, secret: str) -> Iterator["UnkindReceiver"]:
        """Serves for as long as the caller's block, on every address of the loopback."""
        receiver = cls(secret)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                with suppress(ConnectionError):
                    receiver.serve(self)

            def log_message(self, *_: object) -> None:
                """Says nothing: the calls are noted."""

        with ThreadingHTTPServer(("", 0), Handler) as server:
            receiver.port = server.server_port
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield receiver
            finally:
                receiver._ends.set()
                server.shutdown()
                thread.join()

    def url(self, path: str, *answers: Answer, host: str = "127.0.0.1") -> str:
        """Says how a path answers, and returns its URL."""
        self._paths[path] = _Path(list(answers))
        return f"http://{host}:{self.port}{path}"

    def calls(self, path: str) -> list[Call]:
        """Lists the authentic calls of a path."""
        with self._lock:
            return list(self._paths[path].calls)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers one request."""
        came = time.time()
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        # What is not authentic is not noted, and its sender gets no answer.
        event = self._verifier.verify(body, list(handler.headers.items()))
        found = self._paths[handler.path]
        with self._lock:
            answer = found.answers[min(len(found.calls), len(found.answers) - 1)]
            found.calls.append(Call(came, str(event.id), int(handler.headers["Webhook-Timestamp"])))
        answer(handler)

    def silence(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers nothing, until the end."""
        self._ends.wait(60)

    def dripping(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers without end: a byte of a header now and then, so that no socket times out."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        while not self._ends.wait(0.2):
            handler.wfile.write(b"x")

    def endless(self, handler: BaseHTTPRequestHandler) -> None:
        """Answers 200 with a body that has no end."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self._ends.is_set():
            handler.wfile.write(b"x" * 65536)


def status(code: int, **headers: str) -> Answer:
    """Answers a status, and headers whose names have underscores here."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer
