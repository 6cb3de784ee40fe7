"""More providers that sign nothing but the body."""

import hashlib
import unicodedata
from typing import Any

from generator.case import NOW, Case
from generator.catalogue.collect import check_published, made, other_headers
from generator.catalogue.frame import Also, Entry, Request

_HAPPENED = "2026-09-21T14:13:19Z"


def published(entry: Entry, secret: str, body: bytes, text: str, **more: Any) -> Case:
    """Returns a case whose signature the provider published, after computing it anew."""
    computed = entry.text(entry.sent(body, **more), secret)
    if computed != text:
        raise SystemExit(f"{entry.provider}: computed {computed}, published {text}")
    return made(
        entry,
        "published",
        "A value that the provider published.",
        "published",
        entry.bare() if entry.bodies != "object" or body.startswith(b"{") else "malformed_body",
        entry.request(entry.sent(body, **more), [text]),
        secret=[secret],
    )


def _adyen(entry: Entry) -> list[Case]:
    secret = "9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6"
    return [
        published(entry, secret, b"TestPayload", "YA9/UDjldIO4Gq68X4ATYYoEaPYH4f4k2uzBBzEF1PA="),
        made(
            entry,
            "without-protocol",
            "The header that names the algorithm need not be there.",
            "required_value",
            entry.usual(),
            other_headers(entry.request(), {"Protocol": None}),
        ),
        made(
            entry,
            "secret-of-text",
            "A secret that is no hexadecimal number is refused.",
            "secret_form",
            "invalid_secret",
            secret=["not-hexadecimal"],
        ),
        made(
            entry,
            "signed-with-the-text",
            "The digits of the secret are not the key, the bytes that they stand for are.",
            "secret_form",
            "no_matching_signature",
            entry.request(texts=[_text_key(entry).text()]),
        ),
    ]


def _text_key(entry: Entry) -> Entry:
    return Entry(
        provider=entry.provider, body=entry.body, covers=entry.covers, secret=entry.secret, encoding="base64"
    )


def _sentry(entry: Entry) -> list[Case]:
    usual, text = entry.request(), entry.text()
    both = entry.request(texts=[entry.text(secret=entry.other_secret)])
    return [
        made(
            entry,
            "other-header",
            "Requests of another kind carry the signature in a header of another name.",
            "multiple_signatures",
            entry.usual(),
            other_headers(usual, {"Sentry-Hook-Signature": None, "Sentry-App-Signature": text}),
        ),
        made(
            entry,
            "both-headers",
            "Both headers are there, and one is right.",
            "multiple_signatures",
            entry.usual(),
            other_headers(both, {"Sentry-App-Signature": text}),
        ),
        made(
            entry,
            "hook-timestamp",
            "The time in a header is not signed, so nobody looks at it.",
            "unsigned_metadata",
            entry.usual(),
            other_headers(usual, {"Sentry-Hook-Timestamp": "1"}),
        ),
    ]


def _easypost(entry: Entry) -> list[Case]:
    composed, decomposed = "caf\u00e9-\u212b-\ufb01", unicodedata.normalize("NFKD", "caf\u00e9-\u212b-\ufb01")
    text = entry.text(secret=composed)
    plain = Entry(provider=entry.provider, body=entry.body, covers=entry.covers, secret=composed)
    request = entry.request(texts=[text])
    return [
        made(
            entry,
            f"secret-{name}",
            f"The secret is decomposed (NFKD) before it becomes the key ({name}).",
            "secret_form",
            entry.usual(),
            request,
            secret=[secret],
        )
        for name, secret in (("composed", composed), ("decomposed", decomposed))
    ] + [
        made(
            entry,
            "signed-with-the-text",
            "The text of the secret as it is written is not the key.",
            "secret_form",
            "no_matching_signature",
            entry.request(texts=[plain.text()]),
            secret=[composed],
        )
    ]


def _pusher(entry: Entry) -> list[Case]:
    body = b'{"time_ms":1403175510755,"events":[{"channel":"test_channel","name":"channel_vacated"}]}'
    computed = entry.text(entry.sent(body), "tofu")
    check_published(entry, computed, "c17257e92037cd7de407ebc1ed174ceb7b2e518db127f44411b9ffc4f5b28cc5")
    return [
        made(
            entry,
            "one-of-several-apps",
            "Every configured secret is tried, whatever key the request names.",
            "rotation",
            entry.bare(
                attributes={"app_key": "278d425bdf160c739803", "time_ms": "1403175510755"}, key_index=2
            ),
            entry.request(entry.sent(body), [computed]),
            secret=["nope", "not really", "tofu"],
        ),
        made(
            entry,
            "three-digits",
            "An odd number of digits, as in Pusher's own test.",
            "malformed_signature",
            "malformed_header",
            entry.request(texts=["000"]),
        ),
    ]


def _pagerduty(entry: Entry) -> list[Case]:
    ping = b'{"event":{"id":"01C","event_type":"pagey.ping","resource_type":"pagey","data":{"message":"Hi"}}}'
    return [
        made(
            entry,
            "ping",
            "The event of a test is no event.",
            "ping",
            {
                "id": "01C",
                "type": "pagey.ping",
                "is_ping": True,
                "covers": ["body", "id", "type"],
                "occurred_at": None,
                "data": {"message": "Hi"},
                "attributes": {"resource_type": "pagey", "subscription": "PWEBHK1"},
            },
            entry.request(entry.sent(ping)),
        )
    ]


def _circleci(entry: Entry) -> list[Case]:
    return [
        published(
            entry,
            "secret",
            b"hello world",
            "734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a",
        ),
        made(
            entry,
            "ping",
            "The event of a test is no event.",
            "ping",
            {"id": "1", "type": "ping", "is_ping": True, "covers": ["body", "id"]},
            entry.request(entry.sent(b'{"id":"1","type":"ping"}')),
        ),
        made(
            entry,
            "type-in-the-header-only",
            "A type that stands in the header alone is taken from there, and it is not signed.",
            "unsigned_metadata",
            {"id": "1", "type": "workflow-completed", "covers": ["body", "id"]},
            other_headers(
                entry.request(entry.sent(b'{"id":"1"}')), {"circleci-event-type": "workflow-completed"}
            ),
        ),
    ]


def _lemon_squeezy(entry: Entry) -> list[Case]:
    request = other_headers(entry.request(), {"X-Event-Name": "order_refunded"})
    return [
        made(
            entry,
            "other-event-name",
            "The signed name in the body counts, not the one in the header.",
            "unsigned_metadata",
            entry.usual(),
            request,
        )
    ]


def _coinbase_commerce(entry: Entry) -> list[Case]:
    later = entry.body.replace(b'"attempt_number":1', b'"attempt_number":2')
    attributes = {**entry.attributes, "attempt": "2"}
    return [
        made(
            entry,
            "second-attempt",
            "Another attempt has the same id.",
            "attributes",
            entry.usual(attributes=attributes),
            entry.request(entry.sent(later)),
        )
    ]


def _dropbox(entry: Entry) -> list[Case]:
    usual = entry.request()
    lines = [*usual.headers, ["User-Agent", "DropboxWebhooks/1.0"]]
    return [
        made(
            entry,
            "notification",
            "A notification has neither id nor type.",
            "absent_member",
            {"id": None, "type": None, "covers": ["body"], "attributes": {}},
            Request(lines, usual.body),
        )
    ]


def _getstream(entry: Entry) -> list[Case]:
    secret, digits = (
        "porewqKAFDSAKZssecretsercretfads",
        "d0b770e93a56adc3ee9ac5734533cc0acd71eea8e5e8204a28042ca0f60de1f3",
    )
    return [published(entry, secret, b"text", digits)]


ENTRIES = [
    Entry(
        provider="adyen",
        header="HmacSignature",
        encoding="base64",
        key=bytes.fromhex,
        secret="4a" * 32,
        other_secret="5b" * 32,
        fixed={"Protocol": "HmacSHA256"},
        skip=frozenset({"protocol-missing"}),
        body=b'{"data":{"id":"AH3227C223222B5FH6P7D9Q8G","status":"active"},"environment":"test",'
        b'"timestamp":"2026-09-21T16:13:19+02:00","type":"balancePlatform.accountHolder.created"}',
        covers="body type",
        type="balancePlatform.accountHolder.created",
        data="data",
        occurred="2026-09-21T16:13:19+02:00",
        attributes={"environment": "test"},
        also=(
            Also(
                "classic",
                "Classic platforms name the type and the time otherwise.",
                "attributes",
                b'{"eventDate":"2026-09-21T16:13:19+02:00","eventType":"ACCOUNT_HOLDER_CREATED",'
                b'"live":"false","pspReference":"9915311308462016","content":{"accountCode":"9915"}}',
                {
                    "id": None,
                    "type": "ACCOUNT_HOLDER_CREATED",
                    "covers": ["body", "type"],
                    "occurred_at": 1789999999,
                    "attributes": {"live": "false"},
                    "data": None,
                },
            ),
        ),
        extra=_adyen,
    ),
    Entry(
        provider="sentry",
        header="Sentry-Hook-Signature",
        body=b'{"action":"created","installation":{"uuid":"a8e5d37a"},"data":{"issue":{"id":"1170820242"}},'
        b'"actor":{"type":"application","id":"sentry","name":"Sentry"}}',
        covers="body",
        id="5f5c5d4e7ea74f9f9c5b5e6e",
        id_header="Request-ID",
        type="issue",
        type_header="Sentry-Hook-Resource",
        data="data",
        attributes={"action": "created", "installation": "a8e5d37a"},
        extra=_sentry,
    ),
    Entry(
        provider="asana",
        header="X-Hook-Signature",
        body=b'{"events":[{"user":{"gid":"1"},"created_at":"2026-09-21T14:13:19.000Z","action":"changed"}]}',
        covers="body",
        also=(
            Also(
                "heartbeat",
                "A heartbeat holds no event.",
                "absent_member",
                b'{"events":[]}',
                {"id": None, "type": None, "covers": ["body"], "data": {"events": []}},
            ),
        ),
    ),
    Entry(
        provider="lemon-squeezy",
        header="X-Signature",
        body=b'{"meta":{"event_name":"order_created","custom_data":{"customer_id":25}},'
        b'"data":{"type":"orders","id":"1","attributes":{"total":999}}}',
        covers="body",
        type="order_created",
        data="data",
        attributes={"resource_type": "orders", "resource": "1"},
        other_headers={"Content-Type": "application/json", "X-Event-Name": "order_created"},
        # The header tells the type where the body does not, and a body of these cases does not.
        skip=frozenset({"object-without-members", "patterns"}),
        # A signer writes no header that only stands in for a member of the body.
        extra=_lemon_squeezy,
    ),
    Entry(
        provider="razorpay",
        header="X-Razorpay-Signature",
        body=b'{"entity":"event","account_id":"acc_BFQ7uQEaa7j2z7","event":"payment.authorized",'
        b'"contains":["payment"],"payload":{"payment":{"entity":{"id":"pay_DESlfW9H8K9uqM"}}}}\n',
        covers="body type",
        id="K3fFh4pTIuGjtc",
        id_header="X-Razorpay-Event-Id",
        type="payment.authorized",
        data="payload",
        attributes={"account": "acc_BFQ7uQEaa7j2z7"},
    ),
    Entry(
        provider="gocardless",
        header="Webhook-Signature",
        body=b'{"events":[{"id":"EV00BD05S5VM2T","created_at":"2026-09-21T14:13:19.000Z","action":"confirmed",'
        b'"resource_type":"payments"}],"meta":{"webhook_id":"WB001"}}\n',
        covers="body id",
        id="WB001",
    ),
    Entry(
        provider="coinbase-commerce",
        header="X-CC-Webhook-Signature",
        body=b'{"id":1,"scheduled_for":"2026-09-21T14:14:19Z","attempt_number":1,"event":{"id":"24934862-d980",'
        b'"type":"charge:created","api_version":"2018-03-22","created_at":"2026-09-21T14:13:19Z",'
        b'"data":{"code":"66BEOV2A"}}}',
        covers="body id type",
        id="24934862-d980",
        type="charge:created",
        data="event/data",
        occurred=_HAPPENED,
        attributes={"attempt": "1", "api_version": "2018-03-22"},
        extra=_coinbase_commerce,
    ),
    Entry(
        provider="paystack",
        header="x-paystack-signature",
        algorithm="sha512",
        body=b'{"event":"charge.success","data":{"id":302961,"status":"success","amount":10000}}',
        covers="body type",
        type="charge.success",
        data="data",
        attributes={"resource": "302961"},
    ),
    Entry(
        provider="dropbox",
        header="X-Dropbox-Signature",
        body=b'{"list_folder":{"accounts":["dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"]},"delta":{"users":[1]}}',
        covers="body",
        # Nothing tells a notification from an equal one but the moment at which it came.
        identify=lambda request: hashlib.sha256(NOW.to_bytes(8, "big") + request.body).hexdigest(),
        extra=_dropbox,
    ),
    Entry(
        provider="pagerduty",
        header="X-PagerDuty-Signature",
        pair="v1",
        separator=",",
        secret="lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK",
        body=b'{"event":{"id":"01BWDWL3NYY7LUFPZCC28QUCMK","event_type":"incident.priority_updated",'
        b'"resource_type":"incident","occurred_at":"2026-09-21T14:13:19Z","data":{"id":"PGR0VU2"}}}',
        covers="body id type",
        id="01BWDWL3NYY7LUFPZCC28QUCMK",
        type="incident.priority_updated",
        data="event/data",
        occurred=_HAPPENED,
        attributes={"resource_type": "incident"},
        header_attributes={"subscription": ("X-Webhook-Subscription", "PWEBHK1")},
        extra=_pagerduty,
    ),
    Entry(
        provider="circleci",
        header="circleci-signature",
        pair="v1",
        separator=",",
        body=b'{"type":"workflow-completed","id":"3888f21b-eaa7-38e3-8f3d-75a63bba8895",'
        b'"happened_at":"2026-09-21T14:13:19Z","webhook":{"id":"cf8c4fdd","name":"Sample"},'
        b'"project":{"slug":"github/a/b"}}',
        covers="body id",
        id="3888f21b-eaa7-38e3-8f3d-75a63bba8895",
        type="workflow-completed",
        occurred=_HAPPENED,
        attributes={"webhook": "cf8c4fdd", "project": "github/a/b"},
        extra=_circleci,
    ),
    Entry(
        provider="onfido",
        header="X-SHA2-Signature",
        body=b'{"payload":{"resource_type":"check","action":"check.completed",'
        b'"object":{"id":"check-123","status":"complete"}}}',
        covers="body type",
        type="check.completed",
        data="payload",
        attributes={"resource_type": "check", "resource": "check-123"},
    ),
    Entry(
        provider="modern-treasury",
        header="X-Signature",
        body=b'{"event":"created","data":{"id":"c4b3a2","object":"payment_order"}}',
        covers="body",
        id="2f7e5a1c-4d1b-4d3e-8a7f-1c9b0e6d2a44",
        id_header="X-Webhook-ID",
        type="payment_order",
        type_header="X-Topic",
        data="data",
        attributes={"event": "created", "resource": "c4b3a2"},
    ),
    Entry(
        provider="getstream",
        header="X-Signature",
        body=b'{"type":"message.new","cid":"messaging:fun","created_at":"2026-09-21T14:13:19Z","message":{"id":"1"}}',
        covers="body type",
        id="123e4567-e89b-12d3-a456-426614174000",
        id_header="X-Webhook-Id",
        type="message.new",
        occurred=_HAPPENED,
        attributes={"cid": "messaging:fun"},
        header_attributes={"attempt": ("X-Webhook-Attempt", "1"), "api_key": ("X-Api-Key", "a1b23cdefgh4")},
        extra=_getstream,
    ),
    Entry(
        provider="pusher",
        header="X-Pusher-Signature",
        body=b'{"time_ms":1790000000000,"events":[{"name":"channel_occupied","channel":"test_channel"}]}',
        covers="body",
        attributes={"time_ms": "1790000000000"},
        header_attributes={"app_key": ("X-Pusher-Key", "278d425bdf160c739803")},
        extra=_pusher,
    ),
    Entry(
        provider="easypost",
        header="X-Hmac-Signature",
        prefix="hmac-sha256-hex=",
        key=lambda secret: unicodedata.normalize("NFKD", secret).encode(),
        body=b'{"id":"evt_1","object":"Event","description":"tracker.updated","mode":"production",'
        b'"user_id":"user_1","created_at":"2026-09-21T14:13:19Z","result":{"id":"trk_1","weight":614.4}}',
        covers="body id type",
        id="evt_1",
        type="tracker.updated",
        data="result",
        occurred=_HAPPENED,
        attributes={"mode": "production", "user": "user_1"},
        extra=_easypost,
    ),
    Entry(
        provider="sinch-numbers",
        header="X-Sinch-Signature",
        algorithm="sha1",
        body=b'{"eventId":"01hpa0mww4m79q8j2dwn3ggbgz","timestamp":"2026-09-21T14:13:19.412722588",'
        b'"projectId":"37b62a7b","resourceId":"+17818510001","resourceType":"ACTIVE_NUMBER",'
        b'"eventType":"DEPROVISIONING_FROM_VOICE_PLATFORM","status":"SUCCEEDED","failureCode":null}',
        covers="body id type",
        id="01hpa0mww4m79q8j2dwn3ggbgz",
        type="DEPROVISIONING_FROM_VOICE_PLATFORM",
        attributes={
            "project": "37b62a7b",
            "resource": "+17818510001",
            "resource_type": "ACTIVE_NUMBER",
            "status": "SUCCEEDED",
        },
    ),
]
