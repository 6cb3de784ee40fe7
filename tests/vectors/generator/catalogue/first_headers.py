"""The providers that sign a timestamp which stands in a header of its own."""

from generator.case import Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.frame import Entry, Sent, Time


def _revolut(entry: Entry) -> list[Case]:
    sent = entry.sent()
    good, other = entry.text(sent), entry.text(sent, entry.other_secret)
    usual = entry.request()
    return [
        made(
            entry,
            "blank-between-signatures",
            "A blank may follow the comma between two signatures.",
            "multiple_signatures",
            entry.usual(),
            other_headers(usual, {"Revolut-Signature": f"v1={other}, v1={good}"}),
        )
    ]


def _zendesk(entry: Entry) -> list[Case]:
    usual = entry.request()
    ticket = b'{"id":"4711","subject":"ticket"}'
    return [
        made(
            entry,
            "id-in-the-body",
            "Without the invocation's header there is no id: one in the body may be that of a ticket.",
            "attributes",
            entry.usual(id=None),
            other_headers(usual, {"X-Zendesk-Webhook-Invocation-Id": None}),
        ),
        made(
            entry,
            "id-of-a-ticket",
            "A trigger's body is free text: an id in it is that of a ticket, and not of the event.",
            "attributes",
            {"id": entry.id, "type": None, "covers": ["body", "timestamp", "type"]},
            entry.request(entry.sent(ticket)),
        ),
    ]


def _twitch(entry: Entry) -> list[Case]:
    moved = entry.sent(id=f"{entry.id}2026")
    return [
        made(
            entry,
            "id-and-time-moved",
            "Digits moved from the timestamp to the id give no timestamp.",
            "content_confusion",
            "malformed_timestamp",
            entry.request(Sent(moved.body, moved.time.removeprefix("2026"), moved.id, None, None)),
        )
    ]


def _box(entry: Entry) -> list[Case]:
    sent = entry.sent()
    keys = [entry.secret, entry.other_secret]
    crossed = [entry.text(sent, key) for key in reversed(keys)]
    return [
        made(
            entry,
            "keys-crossed",
            "Each header is signed with the other key.",
            "rotation",
            entry.usual(),
            entry.request(sent, crossed),
            secret=keys,
        ),
        made(
            entry,
            "escaped-body",
            "Box escapes slashes and what is not ASCII, and signs what it sends.",
            "body_bytes",
            entry.bare(
                id="e1", type="FILE.UPLOADED", attributes={"delivery": "f96bb54b-ee16-4fc5-aa65-8c2d9e5b546f"}
            ),
            entry.request(
                entry.sent(
                    b'{"id":"e1","trigger":"FILE.UPLOADED","source":{"name":"\\ud83d\\ude00","url":"https:\\/\\/a"}}'
                )
            ),
        ),
        made(
            entry,
            "primary-not-ascii",
            "A header of one key that is not ASCII is refused, although the other one is right.",
            "header_narrowing",
            "malformed_header",
            other_headers(entry.request(), {"Box-Signature-Secondary": "\u00e9"}),
        ),
    ]


def _sinch(entry: Entry) -> list[Case]:
    usual = entry.request()
    nonce = "X-Sinch-Webhook-Signature-Nonce"
    return [
        made(
            entry,
            "nonce-missing",
            "The nonce is signed, so it must be there.",
            "missing_header",
            "missing_header",
            other_headers(usual, {nonce: None}),
        ),
        made(
            entry,
            "nonce-tampered",
            "The nonce is signed, so another one does not match.",
            "tampered",
            "no_matching_signature",
            other_headers(usual, {nonce: "01FJA8B4A7BM43YGWSG9GBV068"}),
        ),
        made(
            entry,
            "algorithm-missing",
            "The header that names the algorithm may be absent.",
            "required_value",
            entry.usual(),
            other_headers(usual, {"X-Sinch-Webhook-Signature-Algorithm": None}),
        ),
        made(
            entry,
            "algorithm-other",
            "Another algorithm is named than the one that is checked.",
            "required_value",
            "no_matching_signature",
            other_headers(usual, {"X-Sinch-Webhook-Signature-Algorithm": "none"}),
        ),
    ]


ENTRIES = [
    Entry(
        provider="revolut",
        header="Revolut-Signature",
        pair="v1",
        separator=",",
        blanks=True,
        content="v1.{time}.{body}",
        time=Time("Revolut-Request-Timestamp", form="milliseconds"),
        secret="wsk_hookproof-test-secret",
        body=(
            b'{"event":"TransactionStateChanged","timestamp":"2026-09-21T14:13:19.553756Z",'
            b'"data":{"id":"645a7696-22f3-aa47-9c74-cbae0449cc46","new_state":"completed"}}'
        ),
        covers="body timestamp type",
        type="TransactionStateChanged",
        data="data",
        occurred="2026-09-21T14:13:19.553756Z",
        extra=_revolut,
    ),
    Entry(
        provider="zoom",
        header="X-Zm-Signature",
        prefix="v0=",
        content="v0:{time}:{body}",
        time=Time("X-Zm-Request-Timestamp"),
        body=(
            b'{"event":"meeting.started","event_ts":1790000000000,'
            b'"payload":{"account_id":"AAAAAABBBB","object":{"id":"1234567890"}}}'
        ),
        covers="body timestamp type",
        type="meeting.started",
        data="payload",
        attributes={"account": "AAAAAABBBB", "event_ts": "1790000000000"},
    ),
    Entry(
        provider="webflow",
        header="X-Webflow-Signature",
        content="{time}:{body}",
        time=Time("X-Webflow-Timestamp", form="milliseconds"),
        body=b'{"triggerType":"form_submission","payload":{"name":"Contact","siteId":"65427cf400e02b306eaa049c"}}',
        covers="body timestamp type",
        type="form_submission",
        data="payload",
    ),
    Entry(
        provider="zendesk",
        header="X-Zendesk-Webhook-Signature",
        encoding="base64",
        content="{time}{body}",
        time=Time("X-Zendesk-Webhook-Signature-Timestamp", form="rfc3339"),
        # It looks like base64 and is not decoded.
        secret="dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
        body=(
            b'{"account_id":12514403,"id":"cbe4028c-7239-495d-b020-f22348516046","time":"2026-09-21T14:13:19.066Z",'
            b'"type":"zen:event-type:user.created","event":{},"detail":{"id":"6596848315901"}}'
        ),
        covers="body timestamp type",
        bodies="any",
        id="8350205582",
        id_header="X-Zendesk-Webhook-Invocation-Id",
        type="zen:event-type:user.created",
        data="event",
        occurred="2026-09-21T14:13:19.066Z",
        header_attributes={
            "webhook": ("X-Zendesk-Webhook-Id", "01F1KRFQ6BG29CNWFR60NK5FNY"),
            "account": ("X-Zendesk-Account-Id", "123456"),
        },
        extra=_zendesk,
    ),
    Entry(
        provider="twitch",
        header="Twitch-Eventsub-Message-Signature",
        prefix="sha256=",
        content="{id}{time}{body}",
        time=Time("Twitch-Eventsub-Message-Timestamp", form="rfc3339", tolerance=600),
        body=(
            b'{"subscription":{"id":"f1c2a387-161a-49f9-a165-0f21d7a4e1c4","type":"channel.follow","version":"2"},'
            b'"event":{"user_id":"1337"}}'
        ),
        covers="body id timestamp type",
        id="e76c6bd4-55c9-4987-8304-da1588d8988b",
        id_header="Twitch-Eventsub-Message-Id",
        type="channel.follow",
        data="event",
        attributes={"subscription": "f1c2a387-161a-49f9-a165-0f21d7a4e1c4", "version": "2"},
        header_attributes={"message_type": ("Twitch-Eventsub-Message-Type", "notification")},
        other_headers={
            "Content-Type": "application/json",
            "Twitch-Eventsub-Subscription-Type": "channel.follow",
        },
        extra=_twitch,
    ),
    Entry(
        provider="box",
        header=("Box-Signature-Primary", "Box-Signature-Secondary"),
        encoding="base64",
        content="{body}{time}",
        time=Time("Box-Delivery-Timestamp", form="rfc3339", tolerance=600),
        fixed={"Box-Signature-Version": "1", "Box-Signature-Algorithm": "HmacSHA256"},
        body=(
            b'{"type":"webhook_event","id":"0e5a8e1a-3b5b-4a6c-9a58-0c5a5d1b6f00","created_at":"2026-09-21T07:13:19-07:00",'
            b'"trigger":"FILE.UPLOADED","webhook":{"id":"1234567890"},"source":{"type":"file","id":"42"}}'
        ),
        covers="body id timestamp type",
        id="0e5a8e1a-3b5b-4a6c-9a58-0c5a5d1b6f00",
        type="FILE.UPLOADED",
        occurred="2026-09-21T07:13:19-07:00",
        attributes={"webhook": "1234567890"},
        header_attributes={"delivery": ("Box-Delivery-Id", "f96bb54b-ee16-4fc5-aa65-8c2d9e5b546f")},
        extra=_box,
    ),
    Entry(
        provider="klaviyo",
        header="Klaviyo-Signature",
        content="{body}{time}",
        time=Time("Klaviyo-Timestamp", form="http-date"),
        body=(
            b'{"data":[{"external_id":"4vRpBT","topic":"event:klaviyo.sent_sms","payload":{}}],'
            b'"meta":{"timestamp":"2026-09-21T14:13:19+00:00","klaviyo_account_id":"XyZ123","klaviyo_webhook_id":"01H"}}'
        ),
        covers="body timestamp",
        occurred="2026-09-21T14:13:19+00:00",
        attributes={"account": "XyZ123", "webhook": "01H"},
    ),
    Entry(
        provider="sinch-conversation",
        header="X-Sinch-Webhook-Signature",
        encoding="base64",
        content="{body}.01FJA8B4A7BM43YGWSG9GBV067.{time}",
        time=Time("X-Sinch-Webhook-Signature-Timestamp"),
        body=(
            b'{"app_id":"01F","project_id":"e0cc7ab1","accepted_time":"2026-09-21T14:13:18Z",'
            b'"event_time":"2026-09-21T14:13:19.250Z","message":{"id":"01FJA8B4A7BM43YGWSG9GBV067"}}'
        ),
        covers="body timestamp",
        occurred="2026-09-21T14:13:19.250Z",
        attributes={"app": "01F", "project": "e0cc7ab1"},
        header_attributes={"nonce": ("X-Sinch-Webhook-Signature-Nonce", "01FJA8B4A7BM43YGWSG9GBV067")},
        fixed={"X-Sinch-Webhook-Signature-Algorithm": "HmacSHA256"},
        skip=frozenset({"x-sinch-webhook-signature-algorithm-missing"}),
        extra=_sinch,
    ),
]
