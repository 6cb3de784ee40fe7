"""One process of four threads, on a free port of the loopback.

One, because what is compared is the work that one process has with a request. `gthread` and not the default
`sync`, which closes each connection: most of what was measured would be connecting.
"""

from typing import Any

bind = "127.0.0.1:0"
workers = 1
worker_class = "gthread"
threads = 4
keepalive = 60
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Prints the port."""
    print(server.LISTENERS[0].sock.getsockname()[1], flush=True)
