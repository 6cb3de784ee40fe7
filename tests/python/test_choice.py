"""Verifiers that are chosen per request, and bodies that are encoded, without a framework."""

import asyncio
import gzip
import zlib
from functools import partial
from typing import Any

import pytest
from authentic import BODY, HEADERS, SECRET, delivery, signed, verifier

from hookproof import ConfigurationError, Receiver, Reply, RequestHead, Signer, Verifier
from hookproof._choice import by_secret, endpoint_of
from hookproof.asgi import webhook


def _returned(secret: Any, _head: RequestHead) -> Any:
    return secret


def receive(receiver: Receiver, body: Any = BODY, headers: Any = HEADERS, **words: Any) -> Reply:
    return receiver.receive(body, headers, lambda _event: None, **words)


def areceive(receiver: Receiver, body: Any = BODY, headers: Any = HEADERS, **words: Any) -> Reply:
    return asyncio.run(receiver.areceive(body, headers, lambda _event: None, **words))


BOTH = pytest.mark.parametrize("call", [receive, areceive])


@BOTH
def test_a_function_chooses_the_verifier(call: Any) -> None:
    heads: list[RequestHead] = []

    def choose(head: RequestHead) -> Verifier | None:
        heads.append(head)
        return verifier() if head.headers["X-TENANT"] == "a" else None

    receiver = Receiver(choose)
    url = "https://example.com/hooks/a?b=c"
    assert call(receiver, headers={**HEADERS, "x-tenant": "a"}, method="POST", url=url).outcome == "accepted"
    assert (heads[0].method, heads[0].url, heads[0].path) == ("POST", url, "/hooks/a")
    assert call(receiver, headers=[(b"X-Tenant", b"b")]).outcome == "not_authentic"
    assert (dict(heads[1].headers), len(heads[1].headers), heads[1].path) == ({"x-tenant": "b"}, 1, None)


def test_an_asynchronous_choice_serves_asyncio() -> None:
    async def choose(_head: RequestHead) -> Verifier | None:
        await asyncio.sleep(0)
        return verifier()

    assert areceive(Receiver(choose)).outcome == "accepted"
    errors: list[Any] = []
    reply = receive(Receiver(choose, on_error=lambda *found: errors.append(found)))
    assert (reply.outcome, reply.status, "areceive" in str(errors[0][0])) == ("keys_unavailable", 503, True)


@pytest.mark.parametrize("found", [KeyError("tenant"), "a secret", 5])
@BOTH
def test_a_choice_that_fails_asks_the_sender_to_come_back(call: Any, found: Any) -> None:
    def choose(_head: RequestHead) -> Any:
        if isinstance(found, Exception):
            raise found
        return found

    errors: list[Any] = []
    reply = call(Receiver(choose, on_error=lambda *told: errors.append(told)))
    assert (reply.outcome, reply.status, len(errors)) == ("keys_unavailable", 503, 1)


def test_where_nobody_is_known_the_named_provider_answers() -> None:
    rejected: list[Any] = []
    for replies, status in ((None, 401), ("fourvenues", 403), ("fast-events", 200)):
        receiver = Receiver(lambda _head: None, replies=replies, on_reject=rejected.append)
        assert receive(receiver).status == status
    assert {(error.code, str(error)) for error in rejected} == {
        ("no_matching_signature", "no secret is known for this request")
    }


def test_verifiers_are_built_once_and_not_kept_for_ever() -> None:
    head = RequestHead({}, None, None, None)
    secrets = iter([*(f"secret {number}" for number in range(1025)), "secret 1024", "secret 0"])
    choose: Any = by_secret("fourvenues", lambda _head: next(secrets), {})
    built = [choose(head) for _ in range(1027)]
    assert built[1025] is built[1024]
    assert built[1026] is not built[0]


def test_a_secret_that_is_none_never_verifies() -> None:
    head = RequestHead({}, None, None, None)
    for secret in ("", [], ["good", ""]):
        choose: Any = by_secret("fourvenues", partial(_returned, secret), {})
        with pytest.raises(ConfigurationError):
            choose(head)


def test_tenants_never_share_an_idempotency_key() -> None:
    head = RequestHead({}, None, None, None)
    keys = {}
    for secret, endpoint in (("a", None), ("b", None), ("a", "named"), ("b", "named")):
        options = {} if endpoint is None else {"endpoint": endpoint}
        choose: Any = by_secret("fourvenues", partial(_returned, secret), options)
        message = Signer("fourvenues", secret=secret).sign(BODY)
        event = choose(head).verify(message.body, message.headers)
        keys[secret, endpoint] = event.idempotency_key
    assert keys["a", None] != keys["b", None]
    assert keys["a", "named"] == keys["b", "named"]


def test_a_tenant_has_the_name_that_the_node_package_gives_it() -> None:
    assert endpoint_of(["secret-of-a"]) == "by-secret-31265f33811ffe57f6db144f"


def test_options_that_go_with_no_choice_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError, match="key_labels"):
        webhook("fourvenues", secret=lambda _head: SECRET, key_labels=["a"])
    with pytest.raises(ConfigurationError) as caught:
        webhook("four-venues", secret=lambda _head: SECRET)
    assert caught.value.code == "unknown_provider"
    with pytest.raises(TypeError):
        Receiver("fourvenues")  # type: ignore[arg-type]


@BOTH
@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("identity", lambda body: body),
        ("", lambda body: body),
    ],
)
def test_codings_are_undone(call: Any, coding: str, pack: Any) -> None:
    for headers in (
        {**HEADERS, "Content-Encoding": coding},
        [*HEADERS.items(), (b"content-encoding", coding.encode())],
    ):
        assert call(Receiver(verifier()), pack(BODY), headers).outcome == "accepted"


@BOTH
def test_the_limit_is_that_of_the_decoded_body(call: Any) -> None:
    body, headers = signed(b'{"id":"' + b"x" * 50_000 + b'"}')
    packed = gzip.compress(body)
    coded = {**headers, "Content-Encoding": "gzip"}
    assert call(Receiver(verifier(), max_body=len(body)), packed, coded).outcome == "accepted"
    assert call(Receiver(verifier(), max_body=len(body) - 1), packed, coded).outcome == "too_large"


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b * 20, lambda _b: b"{}"])
def test_half_a_stream_or_far_too_many_are_no_body(damage: Any) -> None:
    reply = receive(
        Receiver(verifier()), damage(gzip.compress(BODY)), {**HEADERS, "Content-Encoding": "gzip"}
    )
    assert (reply.outcome, reply.status) == ("malformed", 400)


def test_an_unknown_coding_is_answered_with_those_that_are_known() -> None:
    reply = receive(Receiver(verifier()), BODY, {**HEADERS, "Content-Encoding": "br"})
    assert (reply.status, reply.headers["Accept-Encoding"], reply.body) == (415, "gzip, x-gzip, deflate", b"")


@BOTH
def test_the_outcome_of_each_request_is_told_once(call: Any) -> None:
    told: list[Any] = []
    receiver = Receiver(verifier(), max_body=1000, on_outcome=lambda *found: told.append(found))
    body, headers = delivery("outcome")
    for sent in (body, body, b"{}", b"x" * 1001):
        call(receiver, sent, headers)
    assert [outcome for outcome, _, _ in told] == ["accepted", "duplicate", "not_authentic", "too_large"]
    assert [event is None or event.id for _, event, _ in told] == ["outcome", "outcome", True, True]
    assert all(0 <= seconds < 10 for _, _, seconds in told)


def test_a_hook_for_outcomes_that_fails_changes_no_reply() -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    assert receive(Receiver(verifier(), on_outcome=fail)).outcome == "accepted"


def test_an_interruption_is_told_as_a_failure() -> None:
    told: list[str] = []
    receiver = Receiver(verifier(), on_outcome=lambda outcome, *_: told.append(outcome))

    def interrupt(_event: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        receiver.receive(BODY, HEADERS, interrupt)
    assert told == ["handler_failed"]


def test_a_secret_that_is_no_unicode_stands_in_no_error() -> None:
    choose: Any = by_secret("fourvenues", partial(_returned, "s3cr3t-\ud800"), {})
    with pytest.raises(ConfigurationError) as caught:
        choose(RequestHead({}, None, None, None))
    assert caught.value.code == "invalid_secret"
    errors = (caught.value, caught.value.__cause__, caught.value.__context__)
    assert not any("s3cr3t" in repr(error) for error in errors)
