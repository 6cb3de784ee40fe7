"""A Django application with one webhook, for gunicorn; the environment has the CONTENDER and the SECRET.

Every contender but `none` verifies, reads the event's type and answers 204, or 401 to a forgery.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., Any]

TOLERANCE_SECONDS = 300

settings.configure(
    DEBUG=False,
    SECRET_KEY="only-for-the-benchmark",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
    LOGGING_CONFIG=None,
)
django.setup()


def none(_secret: str) -> View:
    def view(request: HttpRequest) -> HttpResponse:
        # What is not read would have to be, before the next request of the connection.
        _ = request.body
        return HttpResponse(status=204)

    return csrf_exempt(view)


def hookproof(secret: str) -> View:
    webhook: Callable[..., Callable[[View], View]] = import_module("hookproof.django").webhook
    claim = import_module("hookproof").Claim("new", "owner")

    class Forgetful:
        """The same delivery comes again and again, and its handler is to run each time."""

        def claim(self, key: str, lease_seconds: float) -> Any:
            return claim

        def complete(self, key: str, owner: str, retention_seconds: float) -> bool:
            return True

        def release(self, key: str, owner: str) -> bool:
            return True

    @webhook("standard-webhooks", secret=secret, store=Forgetful(), on_reject=lambda _error: None)
    def view(request: HttpRequest, event: Any) -> HttpResponse:
        return accept(event.type)

    return view


def hookproof_verify(secret: str) -> View:
    package = import_module("hookproof")
    verifier = package.Verifier("standard-webhooks", secret=secret)
    return checked_by(
        lambda body, headers: verifier.verify(body, headers).type, refusal=package.VerificationError
    )


def standardwebhooks(secret: str) -> View:
    package = import_module("standardwebhooks")
    webhook = package.Webhook(secret)
    return checked_by(
        lambda body, headers: webhook.verify(body, headers)["type"], refusal=package.WebhookVerificationError
    )


def by_hand(secret: str) -> View:
    key = base64.b64decode(secret.removeprefix("whsec_"))

    def type_of(body: bytes, headers: Mapping[str, str]) -> str:
        timestamp = headers["webhook-timestamp"]
        if not abs(time.time() - float(timestamp)) <= TOLERANCE_SECONDS:
            raise ValueError("too old")
        proof = hmac.new(key, f"{headers['webhook-id']}.{timestamp}.".encode(), hashlib.sha256)
        proof.update(body)
        sent = base64.b64decode(headers["webhook-signature"].removeprefix("v1,"))
        if not hmac.compare_digest(sent, proof.digest()):
            raise ValueError("forged")
        found: str = json.loads(body)["type"]
        return found

    return checked_by(type_of, refusal=ValueError)


def checked_by(type_of: Callable[[bytes, Any], str], refusal: type[Exception]) -> View:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            event_type = type_of(request.body, request.headers)
        except refusal:
            return HttpResponse(status=401)
        return accept(event_type)

    return csrf_exempt(view)


def accept(event_type: str) -> HttpResponse:
    """Answers what only somebody who has read the event can know."""
    return HttpResponse(status=204 if event_type == "order.paid" else 422)


CONTENDERS: dict[str, Callable[[str], View]] = {
    "none": none,
    "hookproof": hookproof,
    "hookproof verify": hookproof_verify,
    "standardwebhooks": standardwebhooks,
    "hmac": by_hand,
}


def cpu(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(time.process_time_ns() / 1000))


urlpatterns = [
    path("hooks", CONTENDERS[os.environ["CONTENDER"]](os.environ["SECRET"])),
    path("cpu", cpu),
]
application = get_wsgi_application()
