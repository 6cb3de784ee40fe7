"""Handshakes: what is answered, what is verified before, what is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from authentic import HEADERS, NOW, SECRET, verifier
from django.test import AsyncClient, RequestFactory, override_settings
from django.urls import path

from hookproof import (
    Event,
    Handshake,
    HookproofError,
    Provider,
    Receiver,
    Signer,
    VerificationError,
    Verifier,
)
from hookproof.django import webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

CHALLENGE = b'{"type":"url_verification","challenge":"3eZbrw1a"}'
HOOK_SECRET = {"X-Hook-Secret": "b537207f20cbfa02357cf448134da559"}
SUBSCRIBE = "?hub.mode=subscribe&hub.challenge=42&hub.verify_token="


def slack(body: bytes = CHALLENGE) -> dict[str, str]:
    """Returns the headers with which Slack sends a body."""
    return Signer("slack", secret=SECRET).sign(body, now=NOW).headers


def view(provider: str, **options: Any) -> tuple[Callable[..., Any], list[Event]]:
    """Makes a view for a provider, and the list of what reaches it."""
    handled: list[Event] = []

    @webhook(provider, secret=SECRET, **options)
    def receive(_request: HttpRequest, event: Event) -> None:
        handled.append(event)

    return receive, handled


def unhandled(event: Event) -> None:
    """Stands for a handler that nothing may reach."""
    pytest.fail(f"{event} is no event")


def test_a_signed_challenge_is_verified_and_answered() -> None:
    handshake = Verifier("slack", secret=SECRET).handshake(CHALLENGE, slack(), now=NOW)
    assert handshake is not None
    assert (handshake.name, handshake.keep) == ("url_verification", None)
    reply = handshake.reply
    assert (reply.status, reply.body, reply.outcome) == (200, b"3eZbrw1a", "ping")


def test_a_forged_challenge_is_not_answered() -> None:
    with pytest.raises(VerificationError) as caught:
        Verifier("slack", secret=SECRET).handshake(CHALLENGE + b" ", slack(), now=NOW)
    assert caught.value.code == "no_matching_signature"


def test_the_event_of_a_signed_challenge_is_a_ping_with_an_answer() -> None:
    event = Verifier("slack", secret=SECRET).verify(CHALLENGE, slack(), now=NOW)
    assert event.is_ping
    assert event.handshake is not None
    assert event.handshake is event.handshake
    assert event.handshake.reply.body == b"3eZbrw1a"


def test_an_event_is_no_handshake() -> None:
    body = b'{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}'
    checker = Verifier("slack", secret=SECRET)
    assert checker.handshake(body, slack(body), now=NOW) is None
    assert checker.verify(body, slack(body), now=NOW).handshake is None


def test_a_handshake_shows_no_secret_and_cannot_be_changed() -> None:
    handshake = Provider.named("asana").handshake(b"{}", HOOK_SECRET)
    assert handshake is not None
    assert repr(handshake) == "<Handshake 'x-hook-secret'>"
    with pytest.raises(AttributeError):
        handshake.keep = "another"  # type: ignore[misc]


@pytest.mark.parametrize(("provider", "answers"), [("slack", False), ("fourvenues", False), ("asana", True)])
def test_a_verifier_tells_whether_it_answers_unsigned_requests(provider: str, answers: bool) -> None:
    assert Verifier(provider, secret=SECRET).answers_unsigned is answers


@pytest.mark.parametrize(("token", "found"), [("mine", b"42"), ("other", None), (None, None)])
def test_a_subscription_needs_the_receivers_own_token(token: str | None, found: bytes | None) -> None:
    checker = Verifier("meta", secret=SECRET, verify_token=token)
    handshake = checker.handshake(b"", {}, method="GET", url=f"https://example.com/{SUBSCRIBE}mine")
    assert (handshake and handshake.reply.body) == found


@pytest.mark.parametrize(
    "headers",
    [
        HOOK_SECRET,
        [(b"x-hook-secret", b"b537207f20cbfa02357cf448134da559")],
        {"X-Hook-Secret": ["b537207f20cbfa02357cf448134da559"], "Content-Length": "2"},
    ],
)
def test_a_secret_is_handed_over_before_there_is_one(headers: Any) -> None:
    handshake = Provider.named("asana").handshake(b"{}", headers, method="POST")
    assert handshake is not None
    assert handshake.keep == HOOK_SECRET["X-Hook-Secret"]
    assert handshake.reply.headers == HOOK_SECRET


def test_a_secret_that_is_sent_twice_is_refused() -> None:
    with pytest.raises(VerificationError) as caught:
        Provider.named("asana").handshake(b"{}", [*HOOK_SECRET.items(), ("x-hook-secret", "another")])
    assert caught.value.code == "duplicate_header"


def test_a_signed_handshake_is_not_answered_without_a_verifier() -> None:
    assert Provider.named("slack").handshake(CHALLENGE, slack()) is None


def test_a_parsed_body_is_refused() -> None:
    for handshake in (Provider.named("asana").handshake, Verifier("slack", secret=SECRET).handshake):
        with pytest.raises(HookproofError) as caught:
            handshake({"type": "url_verification"}, {})  # type: ignore[arg-type]
        assert caught.value.code == "body_already_parsed"


def test_a_receiver_answers_a_signed_challenge() -> None:
    kept: list[Handshake] = []
    receiver = Receiver(Verifier("slack", secret=SECRET), on_handshake=kept.append)
    reply = receiver.receive(CHALLENGE, slack(), unhandled, now=NOW)
    assert (reply.status, reply.body, reply.outcome) == (200, b"3eZbrw1a", "ping")
    assert [handshake.name for handshake in kept] == ["url_verification"]
    assert receiver.receive(CHALLENGE + b" ", slack(), unhandled, now=NOW).outcome == "not_authentic"
    assert len(kept) == 1


def test_a_receiver_hands_over_what_is_to_be_kept() -> None:
    kept: list[str | None] = []
    receiver = Receiver(
        Verifier("asana", secret=SECRET), on_handshake=lambda handshake: kept.append(handshake.keep)
    )
    reply = receiver.receive(b"{}", HOOK_SECRET, unhandled, method="POST")
    assert (reply.status, reply.headers) == (200, HOOK_SECRET)
    assert kept == [HOOK_SECRET["X-Hook-Secret"]]


def test_an_asynchronous_callback_is_awaited() -> None:
    kept: list[str | None] = []

    async def keep(handshake: Handshake) -> None:
        await asyncio.sleep(0)
        kept.append(handshake.keep)

    receiver = Receiver(Verifier("asana", secret=SECRET), on_handshake=keep)
    assert asyncio.run(receiver.areceive(b"{}", HOOK_SECRET, unhandled)).outcome == "ping"
    assert kept == [HOOK_SECRET["X-Hook-Secret"]]


def test_what_could_not_be_kept_is_not_answered() -> None:
    def keep(_handshake: Handshake) -> None:
        message = "the database is down"
        raise OSError(message)

    failures: list[tuple[BaseException, Event | None]] = []
    receiver = Receiver(
        Verifier("asana", secret=SECRET),
        on_handshake=keep,
        on_error=lambda error, event: failures.append((error, event)),
    )
    for reply in (
        receiver.receive(b"{}", HOOK_SECRET, unhandled),
        asyncio.run(receiver.areceive(b"{}", HOOK_SECRET, unhandled)),
    ):
        assert reply.outcome == "handler_failed"
        assert "X-Hook-Secret" not in reply.headers
    assert [(type(error), event) for error, event in failures] == [(OSError, None)] * 2


def test_an_asynchronous_callback_does_not_pass_for_one_that_kept_something() -> None:
    async def keep(_handshake: Handshake) -> None:
        pytest.fail("nobody awaits this")

    receiver = Receiver(
        Verifier("asana", secret=SECRET), on_handshake=keep, on_error=lambda _error, _event: None
    )
    assert receiver.receive(b"{}", HOOK_SECRET, unhandled).outcome == "handler_failed"


def test_a_receiver_that_answers_unsigned_requests_verifies_events() -> None:
    body = b'{"events":[{"action":"changed"}]}'
    headers = Signer("asana", secret=SECRET).sign(body).headers
    handled: list[Event] = []
    receiver = Receiver(Verifier("asana", secret=SECRET))
    assert receiver.receive(body, headers, handled.append).outcome == "accepted"
    assert receiver.receive(body + b" ", headers, handled.append).outcome == "not_authentic"
    assert len(handled) == 1


@pytest.mark.parametrize("url", [None, "https://example.com/hooks"])
def test_a_subscription_is_answered_through_django(url: str | None) -> None:
    receive, handled = view("meta", verify_token="mine", url=url)
    answers = [receive(RequestFactory().get(f"/hooks{SUBSCRIBE}{token}")) for token in ("mine", "other")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"42"), (405, b"")]
    assert answers[0].headers["Content-Type"] == "text/plain"
    assert handled == []


def test_a_connection_test_is_answered_through_django() -> None:
    receive, handled = view("trello")
    requests = [RequestFactory().generic(method, "/hooks") for method in ("HEAD", "GET", "PUT")]
    assert [receive(request).status_code for request in requests] == [200, 405, 405]
    assert handled == []


def test_an_asynchronous_view_answers_handshakes() -> None:
    @webhook("trello", secret=SECRET)
    async def receive(_request: HttpRequest, event: Event) -> None:
        unhandled(event)

    with override_settings(ROOT_URLCONF=(path("hooks", receive),)):
        assert asyncio.run(AsyncClient().head("/hooks")).status_code == 200


def test_django_hands_over_what_is_to_be_kept() -> None:
    kept: list[str | None] = []
    receive, handled = view("asana", on_handshake=lambda handshake: kept.append(handshake.keep))
    answer = receive(RequestFactory().generic("POST", "/hooks", b"{}", headers=HOOK_SECRET))
    assert (answer.status_code, answer.headers["X-Hook-Secret"]) == (200, HOOK_SECRET["X-Hook-Secret"])
    assert (kept, handled) == ([HOOK_SECRET["X-Hook-Secret"]], [])


def test_what_is_echoed_is_no_page() -> None:
    echo = {
        "name": "echoes",
        "scheme": {
            "signature": {
                "from": {"header": "X-Signature"},
                "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
                "content": "{body}",
            }
        },
        "event": {"id": {"json": "/id"}, "type": {"json": "/type"}},
        "handshakes": [
            {
                "name": "challenge",
                "signed": False,
                "method": "GET",
                "when": [{"value": {"query": "challenge"}}],
                "reply": {"status": 200, "body": "{query:challenge}"},
            }
        ],
    }
    receive = webhook(Provider.from_dict(echo), secret=SECRET)(lambda _request, _event: None)
    answer = receive(RequestFactory().get("/", {"challenge": "<script>"}))
    assert (answer.content, answer.headers["Content-Type"]) == (b"<script>", "text/plain; charset=utf-8")


@pytest.mark.parametrize("provider", ["square", "trello"])
def test_a_verifier_knows_its_public_url_behind_a_proxy(provider: str) -> None:
    body, public = b'{"event_id":"1","action":{"id":"1"}}', "https://example.com/hooks"
    headers = Signer(provider, secret=SECRET).sign(body, url=f"{public}?tenant=acme").headers
    inside = "http://10.0.0.7:8000/hooks?tenant=acme"
    assert Verifier(provider, secret=SECRET, url=public).verify(body, headers, url=inside).id == "1"
    with pytest.raises(VerificationError):
        Verifier(provider, secret=SECRET).verify(body, headers, url=inside)
    with pytest.raises(VerificationError):
        Verifier(provider, secret=SECRET, url=public).verify(body, headers, url=f"{inside}&more=1")


def test_a_forwarded_host_is_not_asked() -> None:
    body = b'{"event_id":"1"}'
    headers = Signer("square", secret=SECRET).sign(body, url="https://example.com/hooks").headers
    forwarded = {**headers, "X-Forwarded-Host": "example.com", "X-Forwarded-Proto": "https"}
    for url, status in ((None, 401), ("https://example.com/hooks", 200)):
        receive, _ = view("square", url=url)
        answer = receive(RequestFactory().generic("POST", "/hooks", body, headers=forwarded))
        assert (answer.status_code == 200) is (status == 200), url


@pytest.mark.parametrize("option", ["url", "verify_token"])
def test_an_option_that_is_no_text_is_a_type_error(option: str) -> None:
    with pytest.raises(TypeError, match=f"the option {option} is int, expected str"):
        Verifier("meta", secret=SECRET, **{option: 1})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", Provider.names())
def test_every_provider_describes_itself(name: str) -> None:
    provider = Provider.named(name)
    description = provider.describe()
    assert (description["name"], description["title"]) == (name, provider.title)
    assert (description["evidence"], tuple(description["docs"])) == (provider.evidence, provider.docs)
    assert provider.evidence in ("source", "documentation", "second-hand")
    description.clear()
    assert provider.describe()["name"] == name


def test_a_description_tells_what_is_signed_and_how() -> None:
    description = Provider.named("slack").describe()
    assert description["algorithms"] == ["hmac-sha256"]
    assert "body" in description["covers"]
    assert description["tolerance_seconds"] == 300
    assert description["handshakes"] == ["url_verification"]
    assert description["replies"]["accepted"] == 200


@pytest.mark.parametrize(
    "shape",
    [
        dict,
        lambda headers: list(headers.items()),
        lambda headers: [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        lambda headers: {name.upper(): [value] for name, value in headers.items()},
        lambda headers: RequestFactory().get("/", headers=headers).headers,
    ],
)
def test_a_provider_is_detected_in_every_shape_of_headers(shape: Callable[[dict[str, str]], Any]) -> None:
    sent = {"X-GitHub-Event": "push", "X-Hub-Signature-256": "sha256=00", "X-GitHub-Delivery": "1"}
    assert Provider.detect(shape(sent))[0] == "github"


def test_what_no_provider_sends_is_from_nobody() -> None:
    assert Provider.detect({"Content-Type": "application/json"}) == []
    assert "fourvenues" in Provider.detect(HEADERS)
    with pytest.raises(TypeError, match="headers is str"):
        Provider.detect("X-GitHub-Event: push")  # type: ignore[arg-type]


def test_a_provider_of_ones_own_may_say_nothing_of_its_evidence() -> None:
    form = verifier().provider.to_dict()
    del form["evidence"]
    own = Provider.from_dict({**form, "name": "own"})
    assert (own.evidence, own.describe()["evidence"]) == (None, None)
