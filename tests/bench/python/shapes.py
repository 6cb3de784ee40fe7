"""The rows of what headers come in: a dict, Django's mapping, the environ of WSGI."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import ours
from baseline import WrongSignatureError
from contest import Call, Json, Pace, calling, measure
from delivery import Delivery, Headers
from django.http.request import HttpHeaders
from ours import Builds

_HEADER, _VARIABLE = "x-webhook-signature", "HTTP_X_WEBHOOK_SIGNATURE"

Environ = dict[str, Any]
T = TypeVar("T")


def rows(deliveries: list[Delivery], pace: Pace, builds: Builds) -> Iterator[Json]:
    delivery = next(one for one in deliveries if one.row == "hex-hmac" and one.size == 1024)
    environ = _environ(delivery)
    at_hand = HttpHeaders(environ)
    shapes: dict[str, dict[str, Callable[[], Headers]]] = {
        "headers-dict": {"": lambda: delivery.headers},
        # Django makes the mapping when a view asks for it, once for a request.
        "headers-django": {"": lambda: HttpHeaders(environ), ", mapping at hand": lambda: at_hand},
        "headers-environ": {"": lambda: _headers(environ)},
    }
    signatures: dict[str, dict[str, Callable[[], str]]] = {
        "headers-dict": {"": lambda: delivery.headers[_HEADER]},
        "headers-django": {
            "": lambda: HttpHeaders(environ)[_HEADER],
            ", mapping at hand": lambda: at_hand[_HEADER],
            ", META": lambda: environ[_VARIABLE],
        },
        "headers-environ": {"": lambda: environ[_VARIABLE]},
    }
    by_hand = _hmac(delivery)
    for row, readings in shapes.items():
        calls = {
            f"{name}{suffix}": _call(ours.reads_event(build)(delivery), headers)
            for name, build in builds.items()
            for suffix, headers in readings.items()
        }
        calls |= {f"hmac{suffix}": _call(by_hand, read) for suffix, read in signatures[row].items()}
        for call in calls.values():
            call()
        yield measure(row, delivery.size, [calling(name, call) for name, call in calls.items()], pace)


def _call(verify: Callable[[T], object], read: Callable[[], T]) -> Call:
    return lambda: verify(read())


def _hmac(delivery: Delivery) -> Callable[[str], None]:
    key, body = delivery.secret.encode(), delivery.body

    def verify(signature: str) -> None:
        mac = hmac.new(key, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(mac, signature):
            raise WrongSignatureError

    return verify


def _environ(delivery: Delivery) -> Environ:
    """What a server of WSGI hands over."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in delivery.headers.items()}
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/webhooks",
        "QUERY_STRING": "",
        "SERVER_NAME": "example.com",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.7",
        "CONTENT_TYPE": named.pop("HTTP_CONTENT_TYPE"),
        "CONTENT_LENGTH": str(delivery.size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": None,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **named,
    }


def _headers(environ: Environ) -> dict[str, str]:
    """Makes of it what a verifier reads, as the adapter of WSGI does."""
    return {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
