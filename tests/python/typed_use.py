"""Uses that a type checker must take, and uses that it must refuse. Nothing runs this: mypy reads it.

In strict mode an `ignore` that hides no error is an error itself, so each one below says that the line is
refused.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.http import HttpRequest, HttpResponse
from typing_extensions import assert_type

from hookproof import (
    AddressPolicy,
    AsyncStore,
    Claim,
    Event,
    MemoryStore,
    Provider,
    Receiver,
    RequestHead,
    RetryPolicy,
    Signer,
    Store,
    Verifier,
    asgi,
    fastapi,
    flask,
    rest_framework,
    wsgi,
)
from hookproof.django import webhook
from hookproof.testing import (
    FrozenClock,
    IssuerKeys,
    SignedRequest,
    freeze_clock,
    generate_keys,
    signed_request,
)


def verifiers() -> None:
    """Builds verifiers."""
    Verifier("fourvenues", secret="a")
    Verifier(Provider.named("fourvenues"), secret=[b"a", "b"], tolerance=timedelta(minutes=5))
    Verifier("pitchpoint", issuer=["a", "b"], audience="c", claims={"sub": "x"}, jwks={"keys": []})
    issued = Verifier("pitchpoint", issuer="a", audience="b", jwks_uri="c", fetch_timeout=2.5, keys=None)
    assert_type(issued.export_keys(), str | None)
    assert_type(issued.import_keys("d"), bool)
    issued.prewarm()
    Verifier("pitchpoint", fetch_keys="no")  # type: ignore[arg-type]
    Verifier("pitchpoint", keys={})  # type: ignore[arg-type]
    Verifier(5, secret="a")  # type: ignore[arg-type]
    Verifier("fourvenues", "a")  # type: ignore[call-arg]
    Verifier("fourvenues", secrets="a")  # type: ignore[call-arg]
    Verifier("fourvenues", secret=5)  # type: ignore[arg-type]
    Verifier("fourvenues", secret="a", tolerance="300")  # type: ignore[arg-type]
    Verifier("fourvenues", secret="a", accept_reserialized="yes")  # type: ignore[arg-type]


async def requests(verifier: Verifier, headers: Mapping[str, str], pairs: list[tuple[bytes, bytes]]) -> None:
    """Verifies requests."""
    assert_type(verifier.verify(b"", headers), Event)
    assert_type(verifier.verify("", pairs, now=1.5, method="POST", url="https://example.com"), Event)
    assert_type(await verifier.averify(bytearray(), {"a": ["b"]}), Event)
    assert_type(verifier.provider, Provider)
    verifier.verify({}, headers)  # type: ignore[arg-type]
    verifier.verify(b"", headers, 1_700_000_000)  # type: ignore[call-arg]
    verifier.verify(b"", 5)  # type: ignore[arg-type]
    verifier.verify(b"", headers, now="now")  # type: ignore[arg-type]


def events(event: Event) -> None:
    """Reads events."""
    assert_type(event.id, str | None)
    assert_type(event.type, str | None)
    assert_type(event.data, Any)
    assert_type(event.body, bytes)
    assert_type(event.sent_at, datetime | None)
    assert_type(event.proof.covers, frozenset[str])
    event.id = "forged"  # type: ignore[misc]
    event.attributes["a"] = "b"  # type: ignore[index]
    Event()  # a stub cannot say that only `verify` makes one


def senders(policy: RetryPolicy) -> None:
    """Signs and retries."""
    signed = Signer("eventsair", secret="a").sign(b"", id="b", now=1, attributes={"c": "d"})
    assert_type(signed.headers, dict[str, str])
    assert_type(signed.body, bytes)
    assert_type(policy.delay(1), timedelta | None)
    assert_type(policy.schedule(seed=1), list[timedelta])
    assert_type(policy.next(1, None).delay, timedelta | None)
    Signer("eventsair", secret="a").sign(b"", "b")  # type: ignore[call-arg]
    policy.delay("1")  # type: ignore[arg-type]


class Awaited:
    """A store whose methods are coroutines."""

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        """Claims."""
        return Claim("new", f"{key} {lease_seconds}")

    async def complete(self, key: str, owner: str, retention_seconds: float) -> bool:
        """Completes."""
        return bool(key and owner and retention_seconds)

    async def release(self, key: str, owner: str) -> bool:
        """Releases."""
        return bool(key and owner)


def stores() -> None:
    """Makes receivers with stores."""
    store: Store = MemoryStore()
    awaited: AsyncStore = Awaited()
    wrong: Store = Awaited()  # type: ignore[assignment]
    for one in (store, awaited, wrong):
        Receiver(Verifier("fourvenues", secret="a"), one, lease=timedelta(minutes=1))
    Receiver("fourvenues")  # type: ignore[arg-type]
    Receiver(Verifier("fourvenues", secret="a"), store={})  # type: ignore[arg-type]


@webhook("fourvenues", secret="a", store=MemoryStore(), max_body=1000)
def view(request: HttpRequest, event: Event, tenant: str) -> HttpResponse:
    """Takes a webhook."""
    return HttpResponse(f"{request} {event} {tenant}")


webhook("fourvenues", secrets="a")  # type: ignore[call-arg]
webhook("fourvenues", secret=5)  # type: ignore[arg-type]


async def tenant(head: RequestHead) -> list[str] | None:
    """Chooses secrets."""
    return [head.headers["x-tenant"]]


def adapters() -> None:
    """Makes endpoints."""
    for make in (asgi.webhook, wsgi.webhook, flask.webhook, fastapi.webhook, rest_framework.webhook):
        make("fourvenues", secret=tenant, on_outcome=lambda outcome, event, seconds: None)
        make("fourvenues", secret="a", lease="long")  # type: ignore[arg-type]
        make("fourvenues", secrets="a")  # type: ignore[call-arg]
        make(lambda _head: None, replies="fourvenues")
    fastapi.Webhook("fourvenues", secret=lambda head: head.path)
    fastapi.Webhook("fourvenues", secret=lambda head: 5)  # type: ignore[arg-type,return-value]
    Receiver(lambda _head: "a secret")  # type: ignore[arg-type,return-value]


def addresses() -> None:
    """Checks addresses."""
    policy = AddressPolicy(allow="10.0.0.0/8", deny=[ip_network("10.1.0.0/16"), ip_address("10.0.0.1")])
    assert_type(policy.refusal(ip_address("10.0.0.1")), str | None)
    assert_type(policy.permits("10.0.0.1"), bool)
    assert_type(policy.resolve("example.com", 443), list[str])
    AddressPolicy(allow=5)  # type: ignore[arg-type]
    policy.refusal(b"10.0.0.1")  # type: ignore[arg-type]
    policy.resolve("example.com")  # type: ignore[call-arg]


def tests(client: Any) -> None:
    """Uses the test kit."""
    keys = generate_keys(claims={"sub": "x"})
    assert_type(keys, IssuerKeys)
    Verifier("pitchpoint", **keys.verifier)
    webhook("pitchpoint", **keys.verifier)
    Signer("pitchpoint", **keys.signer)
    request = signed_request("pitchpoint", event="orders/placed", **keys.signer)
    assert_type(request.stale(timedelta(hours=2)).tampered().without("a").duplicate(), SignedRequest)
    assert_type(request.headers, Mapping[str, str])
    client.post("/", **request.for_django())
    signed_request("fourvenues", secret="a", body={"a": [1]}, now=1.5)
    signed_request("fourvenues", "payment.success")  # type: ignore[call-arg]
    signed_request("fourvenues", secret="a", body=5)  # type: ignore[arg-type]
    request.headers["a"] = "b"  # type: ignore[index]
    with freeze_clock(datetime.now().astimezone()) as clock:
        assert_type(clock, FrozenClock)
        clock.tick(1.5)
    freeze_clock("now")  # type: ignore[arg-type]
