"""The sending program: it runs where the wheel is installed, sends everything and prints what came back."""

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus

from demo.request import Answer, Request
from demo.senders import requests_of

TIME_LIMIT = 15.0


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Receiver:
    """A server under test, by the name of its framework."""

    name: str
    port: int

    def answer(self, request: Request) -> Answer:
        """Sends a request and tells what came of it."""
        if request.while_running:
            return self._answer_while_running(request)
        before = self._handled(request.route)
        reply = self._send(request)
        return Answer(reply.status, self._handled(request.route) - before, _complaint(request, reply))

    def _answer_while_running(self, request: Request) -> Answer:
        """Sends a request once more while the handler is still busy with the first; tells of the second."""
        before = self._handled(request.route)
        with ThreadPoolExecutor(max_workers=1) as pool:
            first = pool.submit(self._send, request)
            give_up = time.monotonic() + TIME_LIMIT
            while self._handled(request.route) == before and time.monotonic() < give_up:
                time.sleep(0.02)
            second = self._send(request)
            complaint = _complaint(request, second)
            if first.result().status != HTTPStatus.OK:
                complaint = f"the first got {first.result().status}"
        return Answer(second.status, self._handled(request.route) - before - 1, complaint)

    def _send(self, request: Request) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIME_LIMIT)
        try:
            connection.request(request.method, f"/{request.route}", request.body or None, request.headers)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def _handled(self, route: str) -> int:
        counts = json.loads(self._send(Request("", "handled", {}, b"", Answer(200), method="GET")).body)
        return int(counts.get(route, 0))


def main() -> int:
    task = json.load(sys.stdin)
    receivers = [Receiver(name, port) for name, port in task["receivers"].items()]
    print("“handled” means that the application's handler ran, once.\n")
    print(_row("system", "request", "expected", *(receiver.name for receiver in receivers)))
    passed = failed = 0
    for system, requests in requests_of(task["setting"]).items():
        print()
        for request in requests:
            answers = [receiver.answer(request) for receiver in receivers]
            passed += answers.count(request.expected)
            failed += len(answers) - answers.count(request.expected)
            cells = (f"{answer} {'✓' if answer == request.expected else '✗'}" for answer in answers)
            print(_row(system, request.title, str(request.expected), *cells), flush=True)
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


def _complaint(request: Request, reply: Reply) -> str:
    """Says what is wrong with a reply beside its status."""
    for name, value in request.reply_headers.items():
        found = reply.headers.get(name)
        if found is None or value not in (None, found):
            return f"{name}: {found}"
    # A reply that explains a refusal tells a forger what to improve.
    if not request.expected.handled and reply.body:
        return f"a body of {len(reply.body)} bytes"
    return ""


def _row(system: str, request: str, *cells: str) -> str:
    return f"{system:<12} {request:<36} " + " ".join(f"{cell:<15}" for cell in cells).rstrip()


if __name__ == "__main__":
    sys.exit(main())
