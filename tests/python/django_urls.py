"""The views that the tests of the Django adapter call."""

import asyncio
from typing import Any

from authentic import SECRET
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import include, path

from hookproof import Event, MemoryStore, Verifier
from hookproof.django import webhook

handled: list[tuple[Event, dict[str, Any]]] = []
# What the next calls of the view do: return it, or raise it.
answers: list[object] = []
failures: list[tuple[BaseException, Event | None]] = []
store = MemoryStore()


def reset() -> None:
    """Forgets what happened."""
    for happened in (handled, answers, failures):
        happened.clear()


def _failed(error: BaseException, event: Event | None) -> None:
    failures.append((error, event))


def _handle(event: Event, arguments: dict[str, Any]) -> Any:
    handled.append((event, arguments))
    answer = answers.pop(0) if answers else None
    if isinstance(answer, BaseException):
        raise answer
    return answer


@webhook("fourvenues", secret=SECRET, store=store, on_error=_failed)
def synchronous(request: HttpRequest, event: Event, **arguments: Any) -> Any:
    """Handles what a test said."""
    assert request.body == event.body
    return _handle(event, arguments)


@webhook("fourvenues", secret=SECRET, store=store, on_error=_failed)
async def asynchronous(request: HttpRequest, event: Event, **arguments: Any) -> Any:
    """Handles what a test said."""
    await asyncio.sleep(0)
    assert request.body == event.body
    return _handle(event, arguments)


@webhook(Verifier("fast-events", secret=SECRET), max_body=100, on_error=_failed)
def small(_request: HttpRequest, event: Event) -> None:
    """Takes small bodies only."""
    _handle(event, {})


@webhook("fourvenues", secret=SECRET, on_error=_failed)
def writing(_request: HttpRequest, event: Event) -> Any:
    """Writes to the database, then does what a test said."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO deliveries VALUES (%s, %s)", [event.id, connection.in_atomic_block])
    return _handle(event, {})


def plain(_request: HttpRequest) -> HttpResponseBase:
    """Has nothing to do with webhooks."""
    return HttpResponse("plain")


def described(_request: HttpRequest) -> HttpResponseBase:
    """Says how often a handler ran."""
    return JsonResponse({"handled": len(handled)})


urlpatterns = [
    path("sync/<str:tenant>", synchronous),
    path("async/<str:tenant>", asynchronous),
    path("small", small),
    path("writing", writing),
    path("plain", plain),
    path("described", described),
    path("adapters/", include("adapter_django")),
]
