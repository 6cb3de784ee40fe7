"""The four systems: what each sends, signed by hookproof's own signer, and what it must be answered."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from demo.request import ALLOW_POST, RETRY_AFTER, Answer, Request
from hookproof import Signer

Json = Any
# Signs an event that is named by a word; keywords change the moment, the topic or the attributes.
Send = Callable[..., Request]

NOW = int(time.time())


def requests_of(setting: dict[str, Json]) -> dict[str, list[Request]]:
    """Returns every system's requests, in the order in which they are sent."""
    return {
        "Fourvenues": list(_fourvenues(setting)),
        "EventsAir": list(_eventsair(setting)),
        "Fast Events": list(_fast_events(setting)),
        "Pitchpoint": list(_pitchpoint(setting)),
    }


def _fourvenues(setting: dict[str, Json]) -> Iterator[Request]:
    def send(word: str, secret: str = setting["fourvenues_secret"], more: str = "") -> Request:
        body = (
            f'{{"id":"{word}","event":"payment.success","payload":{{"payment_id":"{word}{more}"}}}}'.encode()
        )
        signed = Signer("fourvenues", secret=secret).sign(body)
        return _good("fourvenues", signed.headers, signed.body)

    good = send("good")
    yield good
    yield good.but("the same delivery again", 200)
    yield _tampered(send("tampered"), 403)
    yield send("wrong-key", secret="not-the-secret").but("signed with a wrong key", 403)
    yield send("unsigned").but("no signature", 403, headers={})
    yield _not_json(Signer("fourvenues", secret=setting["fourvenues_secret"]), "fourvenues", 400)
    yield from _common(send, setting)


def _eventsair(setting: dict[str, Json]) -> Iterator[Request]:
    def send(word: str, secret: str = setting["eventsair_secret"], now: int = NOW, more: str = "") -> Request:
        body = f'{{"type":"Event.Contact.Created","data":{{"contactId":"{word}{more}"}}}}'.encode()
        signed = Signer("eventsair", secret=secret).sign(body, id=f"msg_{word}", now=now)
        return _good("eventsair", signed.headers, signed.body)

    good = send("good")
    yield good
    yield good.but("the same delivery again", 200)
    yield send("good", now=NOW + 5).but("a retry of it, with a new timestamp", 200)
    yield _tampered(send("tampered"), 401)
    yield send("stale", now=NOW - 400).but("stale: 400 seconds old", 401)
    yield send("early", now=NOW + 400).but("400 seconds ahead", 401)
    yield send("wrong-key", secret="whsec_" + "d3Jvbmch" * 4).but("signed with a wrong key", 401)
    yield send("unsigned").but("no signature", 401, headers={})
    yield _not_json(Signer("eventsair", secret=setting["eventsair_secret"]), "eventsair", 400)
    yield from _common(send, setting)


def _fast_events(setting: dict[str, Json]) -> Iterator[Request]:
    def sign(body: bytes, secret: str = setting["fast_events_secret"], delivery: str = "d-1") -> Request:
        attributes = {"resource": "order", "event": "created", "subscription": "7", "delivery": delivery}
        signed = Signer("fast-events", secret=secret).sign(body, type="order.created", attributes=attributes)
        return _good("fast-events", signed.headers, signed.body)

    def send(word: str, more: str = "", **changes: Any) -> Request:
        return sign(f'{{"id":14810,"name":"{word}{more}"}}'.encode(), **changes)

    yield send("good")
    yield send("good", delivery="d-2").but("the same again, as a new delivery", 200)
    yield _tampered(send("tampered"), 200)
    yield send("wrong-key", secret="not-the-secret").but("signed with a wrong key", 200)
    yield send("unsigned").but("no signature", 200, headers={})
    yield sign(b"").but("test webhook: signed, no body", 200)
    yield sign(b"", secret="not-the-secret").but("test webhook, wrong key", 200)
    yield _not_json(Signer("fast-events", secret=setting["fast_events_secret"]), "fast-events", 200)
    yield from _common(send, setting)


def _pitchpoint(setting: dict[str, Json]) -> Iterator[Request]:
    token = {"issuer": setting["issuer"], "audience": setting["audience"], "key_id": setting["key_id"]}
    claims = {"sub": setting["subject"]}

    def send(
        word: str, key: str = setting["pitchpoint_key"], now: int = NOW, more: str = "", **changes: Any
    ) -> Request:
        signer = Signer("pitchpoint", **{"secret": key, "claims": claims, **token, **changes})
        body = f'{{"message":"{word}{more}","order_id":"12345"}}'.encode()
        attributes = {"tenant": "OU1243", "sub_topic": "product:adv/adv-120"}
        signed = signer.sign(body, id=f"id-{word}", type="orders/placed", now=now, attributes=attributes)
        return _good("pitchpoint", signed.headers, signed.body)

    good = send("good")
    yield good
    yield good.but("the same delivery again", 200)
    changed = send("changed")
    yield changed.but(
        "another body: no token covers it", 200, 1, body=changed.body.replace(b"12345", b"99999")
    )
    tampered = send("tampered")
    yield tampered.but("tampered token", 403, headers={**tampered.headers, **_other_claims(tampered)})
    yield send("stale", now=NOW - 4000).but("stale: token expired", 403)
    yield send("wrong-key", key=setting["pitchpoint_other_key"]).but("signed with a wrong key", 403)
    yield send("unknown-key", key_id="another-key").but("signed with an unknown key", 403)
    yield send("audience", audience="another-tenant").but("a token for another audience", 403)
    yield send("subject", claims={"sub": "another-customer"}).but("another customer's token", 403)
    yield send("no-token").but("no token", 403, headers={})
    no_keys = send("no-keys")
    yield no_keys.but("keys unavailable", 503, route="pitchpoint-without-keys", reply_headers=RETRY_AFTER)
    yield send("not-json").but("authentic, not JSON", 400, body=b"not JSON")
    yield from _common(send, setting)


def _common(send: Send, setting: dict[str, Json]) -> Iterator[Request]:
    """What every system sends, and every system answers alike."""
    failing = send("fails-once")
    yield failing.but("the handler fails", 500, 1)
    yield failing.but("a retry of that", 200, 1)
    slow = send("takes-a-while")
    yield slow.but("again, while it is being handled", 503, while_running=True, reply_headers=RETRY_AFTER)
    yield send("large", more="x" * setting["max_body"]).but("a body over the limit", 413)
    yield send("get").but("a GET", 405, method="GET", body=b"", reply_headers=ALLOW_POST)


def _good(route: str, headers: dict[str, str], body: bytes) -> Request:
    return Request("good", route, {"Content-Type": "application/json", **headers}, body, Answer(200, 1))


def _tampered(request: Request, status: int) -> Request:
    body = request.body.replace(b"tampered", b"tampereD")
    return request.but("tampered body", status, body=body)


def _not_json(signer: Signer, route: str, status: int) -> Request:
    signed = signer.sign(b"not JSON", id="not-json", now=NOW)
    return _good(route, signed.headers, signed.body).but("authentic, not JSON", status)


def _other_claims(request: Request) -> dict[str, str]:
    """Returns the token with its claims changed and its signature kept."""
    (name,) = (name for name in request.headers if name.lower() == "authorization")
    header, claims, signature = request.headers[name].split(".")
    flipped = ("B" if claims[20] == "A" else "A").join([claims[:20], claims[21:]])
    return {name: f"{header}.{flipped}.{signature}"}
