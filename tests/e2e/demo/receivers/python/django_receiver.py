"""A Django application that receives the webhooks of four systems, behind the standard library's WSGI server.

It is called with the options of each route as JSON, prints the port that it listens on, and tells under
`/handled` how often each route's handler ran.
"""

import json
import sys
import time
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

import django
from demo_handler import begin, handled
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from hookproof import Event, MemoryStore
from hookproof.django import webhook

settings.configure(
    DEBUG=False,
    SECRET_KEY="only-for-the-demo",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
)
django.setup()


def receiver(name: str, route: dict[str, Any]) -> URLPattern:
    @webhook(route["provider"], store=MemoryStore(), max_body=route["max_body"], **route["options"])
    def view(request: HttpRequest, event: Event) -> HttpResponse | None:
        time.sleep(begin(name, event))
        return None

    return path(name, view)


def show_handled(request: HttpRequest) -> HttpResponse:
    return JsonResponse(handled)


class ThreadedServer(ThreadingMixIn, WSGIServer):
    """One thread a request, so that a delivery can come again while the first is being handled."""

    daemon_threads = True


urlpatterns = [
    *(receiver(name, route) for name, route in json.loads(sys.argv[1]).items()),
    path("handled", show_handled),
]

if __name__ == "__main__":
    with make_server("127.0.0.1", 0, get_wsgi_application(), server_class=ThreadedServer) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
