"""The test kit's requests, handed to the frameworks' own test clients: real apps answer them."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from authentic import SECRET, WHSEC
from django.http import HttpRequest
from django.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory, override_settings
from django.urls import path
from fastapi import Depends, FastAPI
from flask import Flask
from rest_framework.test import APIClient
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

import hookproof.django
import hookproof.fastapi
import hookproof.flask
import hookproof.rest_framework
from hookproof import Event
from hookproof.testing import SignedRequest, generate_keys, signed_request

KEYS = generate_keys()
OPTIONS: dict[str, dict[str, Any]] = {
    "fourvenues": {"secret": SECRET},
    "eventsair": {"secret": WHSEC},
    "fast-events": {"secret": SECRET},
    "pitchpoint": dict(KEYS.verifier),
}
SIGNING: dict[str, dict[str, Any]] = {**OPTIONS, "pitchpoint": dict(KEYS.signer)}
# What each replies to a request that is not authentic.
REFUSED = {"fourvenues": 403, "eventsair": 401, "fast-events": 200, "pitchpoint": 403}

handled: list[str | None] = []


@pytest.fixture(autouse=True)
def _nothing_handled() -> None:
    handled.clear()


Post = Callable[[str, SignedRequest], int]


def _django_view(provider: str) -> Any:
    def view(request: HttpRequest, event: Event) -> None:
        handled.append(event.type)

    return hookproof.django.webhook(provider, **OPTIONS[provider])(view)


def _rest_view(provider: str) -> Any:
    def view(request: Any, event: Event) -> None:
        handled.append(event.type)

    return hookproof.rest_framework.webhook(provider, **OPTIONS[provider])(view)


class _Urls:
    """The Django project of one test, whose stores are its own."""

    def __init__(self, view: Callable[[str], Any]) -> None:
        self.urlpatterns = [path(f"{provider}/", view(provider)) for provider in OPTIONS]


def _django() -> Iterator[Post]:
    with override_settings(ROOT_URLCONF=_Urls(_django_view)):
        client = Client(enforce_csrf_checks=True)
        yield lambda provider, request: client.post(f"/{provider}/", **request.for_django()).status_code


def _django_async() -> Iterator[Post]:
    with override_settings(ROOT_URLCONF=_Urls(_django_view)):

        async def post(provider: str, request: SignedRequest) -> int:
            response = await AsyncClient().post(f"/{provider}/", **request.for_django())
            return response.status_code

        yield lambda provider, request: int(asyncio.run(post(provider, request)))


def _django_factory() -> Iterator[Post]:
    views = {provider: _django_view(provider) for provider in OPTIONS}
    factory = RequestFactory()
    yield lambda provider, request: int(
        views[provider](factory.post("/", **request.for_django())).status_code
    )


def _rest_framework() -> Iterator[Post]:
    with override_settings(ROOT_URLCONF=_Urls(_rest_view)):
        client = APIClient()
        yield lambda provider, request: client.post(f"/{provider}/", **request.for_django()).status_code


def _endpoint(provider: str) -> Any:
    async def endpoint(request: Any, event: Event) -> None:
        handled.append(event.type)

    return hookproof.fastapi.webhook(provider, **OPTIONS[provider])(endpoint)


def _starlette_app() -> Starlette:
    return Starlette(
        routes=[Route(f"/{provider}/", _endpoint(provider), methods=["POST"]) for provider in OPTIONS]
    )


def _starlette() -> Iterator[Post]:
    with TestClient(_starlette_app()) as client:
        yield lambda provider, request: client.post(f"/{provider}/", **request.for_httpx()).status_code


def _httpx() -> Iterator[Post]:
    app = _starlette_app()

    async def post(provider: str, request: SignedRequest) -> int:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://testserver"
        ) as client:
            return int((await client.post(f"/{provider}/", **request.for_httpx())).status_code)

    yield lambda provider, request: int(asyncio.run(post(provider, request)))


def _fastapi() -> Iterator[Post]:
    app = FastAPI()
    for name, options in OPTIONS.items():
        dependency = Depends(hookproof.fastapi.Webhook(name, **options))

        @app.post(f"/{name}/")
        async def endpoint(event: Event = dependency) -> None:
            handled.append(event.type)

    with TestClient(app) as client:
        yield lambda provider, request: client.post(f"/{provider}/", **request.for_httpx()).status_code


def _flask() -> Iterator[Post]:
    app = Flask("kit")
    for name, options in OPTIONS.items():

        def view(event: Event) -> None:
            handled.append(event.type)

        app.post(f"/{name}/", endpoint=name)(hookproof.flask.webhook(name, **options)(view))
    client = app.test_client()
    yield lambda provider, request: client.post(f"/{provider}/", **request.for_flask()).status_code


CLIENTS = [
    *(_django, _django_async, _django_factory, _rest_framework),
    *(_starlette, _httpx, _fastapi, _flask),
]


@pytest.fixture(params=CLIENTS, ids=lambda made: made.__name__.strip("_"))
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    yield from request.param()


def made(provider: str, **options: Any) -> SignedRequest:
    return signed_request(provider, **{**SIGNING[provider], **options})


@pytest.mark.parametrize("provider", OPTIONS)
def test_an_authentic_request_is_handled_once(post: Post, provider: str) -> None:
    request = made(provider)
    assert [post(provider, request), post(provider, request), post(provider, request.duplicate())] == [
        200
    ] * 3
    assert handled == [request.type]


@pytest.mark.parametrize("provider", OPTIONS)
def test_what_is_not_authentic_is_refused_as_the_provider_wants_it(post: Post, provider: str) -> None:
    request = made(provider)
    another = {"eventsair": "whsec_" + "A" * 32, "pitchpoint": generate_keys().private_key}
    variants = [request.tampered(), request.signed_with(another.get(provider, "another"))]
    if provider in ("eventsair", "pitchpoint"):
        variants.append(request.stale())
    proof = "Authorization" if provider == "pitchpoint" else _signature_header(request)
    variants.append(request.without(proof))
    assert [post(provider, variant) for variant in variants] == [REFUSED[provider]] * len(variants)
    assert handled == []


def _signature_header(request: SignedRequest) -> str:
    return next(name for name in request.headers if name.lower().endswith("-signature"))


def test_a_ping_is_answered_and_not_handled(post: Post) -> None:
    request = made("fast-events", event="ping")
    assert request.body == b""
    assert post("fast-events", request) == 200
    assert handled == []


def test_a_body_arrives_to_the_byte(post: Post) -> None:
    body = '{"id":"1","event":"é\\u00e9 $& \u2028","payload":{"1":1.0,"0":-0}}\r\n'
    assert post("fourvenues", made("fourvenues", body=body)) == 200
    assert handled == ["éé $& \u2028"]


def test_the_asynchronous_request_factory_takes_it_too() -> None:
    async def view(request: HttpRequest, event: Event) -> None:
        handled.append(event.type)

    async def run() -> int:
        request = AsyncRequestFactory().post("/", **made("fourvenues").for_django())
        return int((await hookproof.django.webhook("fourvenues", secret=SECRET)(view)(request)).status_code)

    assert asyncio.run(run()) == 200
    assert handled == ["payment.success"]


def test_the_url_that_is_signed_is_that_of_the_clients() -> None:
    def view(request: HttpRequest, event: Event) -> None:
        handled.append(event.id)

    decorated: Any = hookproof.django.webhook("twilio", secret="a token")(view)
    request = signed_request(
        "twilio",
        secret="a token",
        body="MessageSid=SM1&Body=hello",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert decorated(RequestFactory().post("/hooks", **request.for_django())).status_code == 200
    assert decorated(RequestFactory().post("/other", **request.for_django())).status_code != 200
    assert len(handled) == 1
