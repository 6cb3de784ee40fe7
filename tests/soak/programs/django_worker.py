"""A worker of the soak: Django behind the standard library's WSGI server, with a synchronous store."""

import os
import time
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.urls import path
from redis import Redis

from hookproof import Event
from hookproof.django import webhook
from hookproof.stores.redis import RedisStore

settings.configure(DEBUG=False, ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, LOGGING_CONFIG=None)
django.setup()

store = RedisStore(Redis.from_url(os.environ["SOAK_REDIS"]))
lease = float(os.environ["SOAK_LEASE_SECONDS"])


@webhook(
    "fourvenues",
    secret=os.environ["SOAK_SECRET"],
    store=store,
    lease=lease,
    on_reject=lambda error: None,
    on_error=lambda error, event: None,
)
def hooks(request: HttpRequest, event: Event) -> None:
    delivery, handler = request.headers["X-Soak-Delivery"], request.headers["X-Soak-Handler"]
    if handler == "hang":
        note("hanging", event, delivery)
        time.sleep(3600)
    time.sleep(0.002)
    if handler == "fail":
        note("failing", event, delivery)
        raise RuntimeError("the handler fails, as its sender asks")
    note("handled", event, delivery)


def note(step: str, event: Event, delivery: str) -> None:
    os.write(1, f"{step} {event.id} {delivery}\n".encode())


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Writes nothing: thousands of lines say nothing."""


urlpatterns = [path("hooks", hooks)]

if __name__ == "__main__":
    application = get_wsgi_application()
    with make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet) as server:
        os.write(1, f"listening {server.server_port}\n".encode())
        server.serve_forever()
