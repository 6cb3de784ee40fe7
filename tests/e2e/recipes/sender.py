"""The sender of the recipes: Fast Events, whose every delivery has an id of its own."""

import http.client
import itertools
import json
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hookproof import Signer

SECRET = "yoursharedsecret"
_DELIVERIES = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float


class Sender:
    """Sends orders to one receiver."""

    def __init__(self, port: int, secret: str = SECRET) -> None:
        self.port = port
        self._signer = Signer("fast-events", secret=secret)

    def send(self, order: int) -> Answer:
        """Sends one delivery of an order, and tells what was answered and when."""
        body = json.dumps({"id": order, "name": "Ada"}).encode()
        attributes = {"resource": "order", "event": "created", "subscription": "7"}
        attributes["delivery"] = f"d-{next(_DELIVERIES)}"
        signed = self._signer.sign(body, type="order.created", attributes=attributes)
        headers = {"Content-Type": "application/json", **signed.headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        started = time.monotonic()
        try:
            connection.request("POST", "/hooks/orders", signed.body, headers)
            response = connection.getresponse()
            response.read()
            return Answer(response.status, time.monotonic() - started)
        finally:
            connection.close()

    def send_all(self, orders: Sequence[int]) -> list[Answer]:
        """Sends deliveries at the same time."""
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self.send, orders))

    def listens(self) -> bool:
        """Tells whether the receiver takes connections."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False
