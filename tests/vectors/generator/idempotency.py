"""Deliveries whose idempotency keys must be equal, and deliveries whose keys must differ."""

from typing import Any

from generator import idempotency_catalogue, idempotency_tokens
from generator.bearer import token
from generator.case import NOW, Case, Headers, case, replaced
from generator.ecmascript import reserialized
from generator.output import Document, Json
from generator.providers import pitchpoint
from generator.senders import FastEvents, Fourvenues, GitHub, Sender
from generator.timed_senders import EventsAir, StandardWebhooks, Stripe

Group = dict[str, Json]


def document() -> Document:
    groups = [
        *_same(),
        *_different(),
        *idempotency_tokens.groups(_group),
        *idempotency_catalogue.groups(_group),
    ]
    identifiers = [inner["id"] for group in groups for inner in group["cases"]]
    if len(identifiers) != len(set(identifiers)):
        raise ValueError("ids occur twice")
    return Document("idempotency.json", {"kind": "idempotency", "groups": groups})


def _group(relation: str, name: str, comment: str, *deliveries: Case) -> Group:
    for index, delivery in enumerate(deliveries):
        delivery["id"] = f"key-{name}-{index + 1}"
        delivery["comment"] = comment
    return {"id": f"{relation}-{name}", "comment": comment, "relation": relation, "cases": list(deliveries)}


def _delivery(
    sender: Sender, *, body: bytes | None = None, headers: Headers | None = None, **more: Any
) -> Case:
    body = sender.body if body is None else body
    made = case(
        "",
        "",
        [],
        {},
        provider=sender.provider,
        secret=[sender.secret],
        headers=sender.headers(body) if headers is None else headers,
        body=body,
        **more,
    )
    # Only the key is compared here; the event has cases of its own.
    made["expect"] = {"verdict": "accept"}
    return made


def _token_delivery(headers: Headers, claims: dict[str, Json], body: bytes = pitchpoint.BODY) -> Case:
    authorization = ["Authorization", f"Bearer {token({**pitchpoint.CLAIMS, **claims})}"]
    made = case(
        "",
        "",
        [],
        {},
        provider="pitchpoint",
        headers=[*headers, authorization],
        options=pitchpoint.OPTIONS,
        body=body,
    )
    made["expect"] = {"verdict": "accept"}
    return made


def _same() -> list[Group]:
    fast, four, stripe = FastEvents(), Fourvenues(), Stripe()
    events_air = EventsAir()
    retry = replaced(fast.headers(), "X-FE-Webhook-Delivery-ID", "ffffffffff")
    spaced = b'{ "id": "5f7b2c9e4d", "event": "payment.success", "payload": { } }'
    written = reserialized(spaced.decode()).encode()
    pps = pitchpoint.HEADERS
    return [
        _group(
            "same",
            "fast-events-delivery-id",
            "Fast Events makes a new delivery id for every retry.",
            _delivery(fast),
            _delivery(fast, headers=retry),
        ),
        _group(
            "same",
            "fast-events-without-delivery-id",
            "The delivery id plays no part, so it may be missing.",
            _delivery(fast),
            _delivery(fast, headers=[h for h in fast.headers() if "Delivery" not in h[0]]),
        ),
        _group(
            "same",
            "fast-events-line-end",
            "The signed bytes count, without the line end that a proxy added.",
            _delivery(fast),
            _delivery(fast, body=fast.body + b"\n", headers=fast.headers()),
        ),
        _group(
            "same",
            "fourvenues-id-header",
            "Fourvenues: the signed id counts, not the header's.",
            _delivery(four),
            _delivery(four, headers=replaced(four.headers(), "X-Webhook-Id", "another")),
        ),
        _group(
            "same",
            "fourvenues-body",
            "Fourvenues: the id counts, whatever else the body says.",
            _delivery(four),
            _delivery(four, body=four.body.replace(b"true", b"false")),
        ),
        _group(
            "same",
            "fourvenues-forms",
            "Fourvenues: the id is the same in either form of the body.",
            _delivery(four, body=spaced),
            _delivery(
                four, body=spaced, headers=four.headers(written), options={"accept_reserialized": True}
            ),
        ),
        _group(
            "same",
            "fourvenues-secrets",
            "A rotated secret does not change the key.",
            _delivery(four),
            {**_delivery(four), "secret": [four.other_secret, four.secret]},
        ),
        _group(
            "same",
            "pitchpoint-id",
            "Pitchpoint: X-Pps-Webhook-Id counts, whatever the token and the body.",
            _token_delivery(pps, {}),
            _token_delivery(pps, {"iat": NOW - 5}),
            _token_delivery(replaced(pps, "X-Pps-Topic", "orders/updated"), {}, b'{"order_id":"9"}'),
        ),
        _group(
            "same",
            "eventsair-timestamp",
            "EventsAir: the id stays over all attempts, the timestamp does not.",
            _delivery(events_air),
            _delivery(events_air.at(str(NOW - 200))),
        ),
        _group(
            "same",
            "standard-webhooks-timestamp",
            "Standard Webhooks: the id is the same over all retries.",
            _delivery(StandardWebhooks()),
            _delivery(StandardWebhooks(str(NOW + 200))),
        ),
        _group(
            "same",
            "stripe-timestamp",
            "Stripe: the event's id counts.",
            _delivery(stripe),
            _delivery(stripe.at(str(NOW - 100))),
        ),
        _group(
            "same",
            "github-delivery",
            "GitHub: a delivery that is sent again keeps its id.",
            _delivery(GitHub()),
            _delivery(GitHub()),
        ),
        _group(
            "same",
            "endpoint",
            "The same delivery at the same endpoint.",
            _delivery(four, options={"endpoint": "tickets"}),
            _delivery(four, options={"endpoint": "tickets"}),
        ),
    ]


def _different() -> list[Group]:
    fast, four = FastEvents(), Fourvenues()
    deleted = b'{"id":14810}'
    pps = pitchpoint.HEADERS

    def topic(name: str) -> Headers:
        return replaced(fast.headers(deleted), "X-FE-Webhook-Topic", name)

    def at(endpoint: str, identifier: str) -> Case:
        body = f'{{"id":"{identifier}","event":"x"}}'.encode()
        return _delivery(four, body=body, options={"endpoint": endpoint})

    return [
        _group(
            "different",
            "endpoints",
            "The same delivery at two endpoints is handled at both.",
            _delivery(four, options={"endpoint": "tickets"}),
            _delivery(four, options={"endpoint": "refunds"}),
            _delivery(four),
        ),
        _group(
            "different",
            "providers",
            "The same id from two providers is two deliveries.",
            _delivery(Stripe(), body=b'{"id":"evt_1","type":"x"}'),
            _delivery(four, body=b'{"id":"evt_1","event":"x"}'),
            _delivery(StandardWebhooks(identifier="evt_1")),
            _delivery(EventsAir(identifier="evt_1")),
        ),
        _group(
            "different",
            "case-of-ids",
            "Ids that differ by case are two ids.",
            _delivery(StandardWebhooks(identifier="msg_a")),
            _delivery(StandardWebhooks(identifier="msg_A")),
        ),
        _group(
            "different",
            "long-ids",
            "Ids that differ in their last character are not cut before it.",
            _delivery(StandardWebhooks(identifier="m" * 254 + "a")),
            _delivery(StandardWebhooks(identifier="m" * 254 + "b")),
        ),
        *(
            _group(
                "different",
                f"concatenation-{name}",
                f"Endpoint and id do not run together at a {name}.",
                at("a", f"b{separator}c"),
                at(f"a{separator}b", "c"),
                at("a", f"x{separator}b{separator}c"),
            )
            for name, separator in (("dot", "."), ("hyphen", "-"), ("low-line", "_"), ("nothing", ""))
        ),
        _group(
            "different",
            "endpoint-inside-id",
            "An id cannot spell an endpoint, whatever separates the two.",
            at("a", "b:c"),
            at("a", "b/c"),
            at("a", "b|c"),
            at("a", "b"),
            at("a.b", "c"),
            at("b", "c"),
        ),
        _group(
            "different",
            "case-of-endpoints",
            "Endpoints that differ by case are two endpoints.",
            at("a", "x"),
            at("A", "x"),
        ),
        _group(
            "different",
            "fast-events-topics",
            "Two topics may send the same body.",
            _delivery(fast, body=deleted, headers=topic("order.deleted")),
            _delivery(fast, body=deleted, headers=topic("event.deleted")),
        ),
        _group(
            "different",
            "fast-events-bodies",
            "Two bodies under one topic are two events.",
            _delivery(fast),
            _delivery(fast, body=deleted),
        ),
        _group(
            "different",
            "fast-events-topic-runs-into-body",
            "Topic and body do not run together.",
            _delivery(fast, body=b"1", headers=replaced(fast.headers(b"1"), "X-FE-Webhook-Topic", "a1")),
            _delivery(fast, body=b"11", headers=replaced(fast.headers(b"11"), "X-FE-Webhook-Topic", "a")),
        ),
        _group(
            "different",
            "fourvenues-ids",
            "Two ids are two deliveries, though the rest is the same.",
            _delivery(four),
            _delivery(four, body=four.body.replace(b"5f7b2c9e4d", b"5f7b2c9e4e")),
        ),
        _group(
            "different",
            "fourvenues-without-ids",
            "Two bodies without an id are two deliveries.",
            _delivery(four, body=b'{"event":"x","payload":1}'),
            _delivery(four, body=b'{"event":"x","payload":2}'),
        ),
        _group(
            "different",
            "pitchpoint-ids",
            "Pitchpoint: another id is another delivery of the same body.",
            _token_delivery(pps, {}),
            _token_delivery(replaced(pps, "X-Pps-Webhook-Id", "other"), {}),
        ),
        _group(
            "different",
            "blank-in-ids",
            "White space in a signed id is part of it.",
            _delivery(four, body=b'{"id":"a","event":"x"}'),
            _delivery(four, body=b'{"id":"a ","event":"x"}'),
            _delivery(four, body=b'{"id":" a","event":"x"}'),
        ),
    ]
