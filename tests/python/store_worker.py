"""Makes processes that use a store: it is asked on its standard input, one line for each, and forks itself.

Whoever asks listens at the socket that a line names. The process connects there, says its id, and then does
what it is told until it is killed. It is forked before anything is open, so it is one like any other.
"""

import json
import os
import signal
import sys
import time
import traceback
from multiprocessing.connection import Client, Connection
from typing import Any

import django
from django.conf import settings

settings.configure(INSTALLED_APPS=["hookproof.django"], USE_TZ=True)
django.setup()

from store_kinds import KINDS  # noqa: E402, Django must be set up


def _work(name: str, address: str, connection: Connection) -> None:
    with KINDS[name].open(address) as store:
        connection.send(os.getpid())
        while True:
            connection.send(_obey(store, connection.recv()))


def _obey(store: Any, order: dict[str, Any]) -> object:
    if order["do"] == "claim":
        return store.claim(order["key"], order["seconds"]).state
    # All start at once: none is to be the first because it was made first.
    time.sleep(max(0.0, order["at"] - time.time()))
    return [key for key in order["keys"] if store.claim(key, order["seconds"]).state == "new"]


def _main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        if os.fork() == 0:
            try:
                with Client(order["socket"], family="AF_UNIX") as connection:
                    _work(order["name"], order["address"], connection)
            except Exception:  # noqa: BLE001, it is told, and a fork must not go on with what is its maker's
                traceback.print_exc()
            finally:
                os._exit(1)


if __name__ == "__main__":
    _main()
