"""HTTP as senders speak it: connections that are kept, and no word about why there is no answer."""

import http.client
import threading
import time

from soak.workers import Worker

ANSWER_LIMIT = 30.0
NO_ANSWER = 0
# Servers close connections that idle for 5 seconds, and a request that crosses with that gets no answer.
IDLE_LIMIT = 2.0


class Client:
    """Posts to workers from any number of threads; each thread has a connection of its own to each worker."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    def post(self, worker: Worker, body: bytes, headers: dict[str, str]) -> int:
        """Returns the status of the answer; 0 where the connection broke or nobody listened."""
        connection = self._connection(worker)
        is_kept = connection.sock is not None
        try:
            try:
                connection.request("POST", "/hooks", body, headers)
            except ConnectionError:
                if not is_kept:
                    raise
                # uvicorn closes a connection after a 500 without a word. Nothing was taken: once more.
                connection.close()
                connection.request("POST", "/hooks", body, headers)
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return NO_ANSWER
        return int(response.status)

    def _connection(self, worker: Worker) -> http.client.HTTPConnection:
        connections: dict[str, tuple[http.client.HTTPConnection | None, float]] = self._of_thread.__dict__
        connection, last_used = connections.get(worker.name, (None, 0.0))
        if connection is None or connection.port != worker.port:
            connection = http.client.HTTPConnection("127.0.0.1", worker.port, timeout=ANSWER_LIMIT)
        elif time.monotonic() - last_used > IDLE_LIMIT:
            # It is opened again by the next request.
            connection.close()
        connections[worker.name] = connection, time.monotonic()
        return connection
