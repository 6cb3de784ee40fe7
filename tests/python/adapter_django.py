"""The endpoints of the table in Django and Django REST framework."""

import asyncio
from collections.abc import Callable
from typing import Any

from adapter_table import endpoints, record
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response

from hookproof import Event
from hookproof.django import WebhookView, webhook
from hookproof.rest_framework import WebhookAPIView
from hookproof.rest_framework import webhook as api_webhook


def _view(request: HttpRequest, event: Event) -> HttpResponse | None:
    assert request.body
    status = record.take(event)
    return None if status is None else HttpResponse("own", status=status)


async def _awaited_view(request: HttpRequest, event: Event) -> HttpResponse | None:
    await asyncio.sleep(0)
    return _view(request, event)


class _Class(WebhookView):
    """A class whose subclasses name a provider."""

    def post(self, request: HttpRequest, event: Event) -> HttpResponse | None:
        assert self.request is request
        return _view(request, event)


class _AwaitedClass(WebhookView):
    """The same, asynchronous."""

    async def post(self, request: HttpRequest, event: Event) -> HttpResponse | None:
        return await _awaited_view(request, event)


class _ApiClass(WebhookAPIView):
    """The same of REST framework."""

    def post(self, request: Any, event: Event) -> Response | None:
        return _api_view(request, event)


def _api_view(request: Any, event: Event) -> Response | None:
    status = record.take(event)
    return None if status is None else Response({"read": request.data is not None}, status=status)


def _reading_first(view: Callable[..., Any]) -> Callable[..., Any]:
    def read(request: HttpRequest) -> HttpResponseBase:
        request.read()
        response: HttpResponseBase = view(request)
        return response

    async def aread(request: HttpRequest) -> HttpResponseBase:
        request.read()
        response: HttpResponseBase = await view(request)
        return response

    return csrf_exempt(aread if asyncio.iscoroutinefunction(view) else read)


def _by_class(kind: Any) -> Callable[[str, dict[str, Any]], Any]:
    def make(provider: str, options: dict[str, Any]) -> Any:
        made: Any = type("Made", (kind,), {"provider": provider, "webhook_options": options})
        return made.as_view()

    return make


_KINDS: dict[str, Callable[[str, dict[str, Any]], Any]] = {
    "django": lambda provider, options: webhook(provider, **options)(_view),
    "django-async": lambda provider, options: webhook(provider, **options)(_awaited_view),
    "django-class": _by_class(_Class),
    "django-async-class": _by_class(_AwaitedClass),
    "rest": lambda provider, options: api_webhook(provider, **options)(_api_view),
    "rest-class": _by_class(_ApiClass),
}


def _patterns() -> list[URLPattern]:
    found = []
    for kind, make in _KINDS.items():
        for name, (provider, options) in endpoints().items():
            view = make(provider, options)
            found.append(path(f"{kind}/{name}", _reading_first(view) if name == "consumed" else view))
    return found


urlpatterns = _patterns()
