"""The providers that sign values out of the body, or whose timestamp stands there."""

import json
from collections.abc import Sequence
from typing import Any

from generator.case import NOW, Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.frame import Entry, Request, Sent, Time
from generator.catalogue.within import SIGNATURE, Within, absent_cases, arranged, without_member
from generator.output import Json

# Adyen's payments: eight members of the body.
_FIELDS = (
    "pspReference",
    "originalReference",
    "merchantAccountCode",
    "merchantReference",
    "amount/value",
    "amount/currency",
    "eventCode",
    "success",
)


def _eight(item: Json) -> bytes:
    def text(path: str) -> str:
        value = item
        for name in path.split("/"):
            value = value.get(name, "") if isinstance(value, dict) else ""
        return str(value)

    return ":".join(map(text, _FIELDS)).encode()


def _adyen_message(sent: Sent) -> bytes:
    body = json.loads(sent.body)
    items = body.get("notificationItems")
    return _eight(items[0]["NotificationRequestItem"] if items else body)


def _adyen_item(**changes: Json) -> Json:
    item: dict[str, Json] = {
        "additionalData": {"hmacSignature": SIGNATURE.decode()},
        "amount": {"currency": "EUR", "value": 1000},
        "eventCode": "AUTHORISATION",
        "eventDate": "2026-09-21T16:13:19+02:00",
        "merchantAccountCode": "TestMerchant",
        "merchantReference": "TestPayment-1407325143704",
        "pspReference": "7914073381342284",
        "success": "true",
    }
    return {name: value for name, value in (item | changes).items() if value is not None}


def _wrapped(*items: Json) -> bytes:
    return json.dumps(
        {"live": "false", "notificationItems": [{"NotificationRequestItem": item} for item in items]}
    ).encode()


def _adyen_standard(entry: Entry) -> list[Case]:
    def request(body: bytes, texts: Sequence[str] | None = None) -> Request:
        return entry.request(entry.sent(body), texts)

    bare = json.dumps(_adyen_item()).encode()
    original = _wrapped(_adyen_item(originalReference="8313547924770610"))
    signed = entry.text()
    hostile = json.loads(bare.replace(SIGNATURE, signed.encode()))
    hostile["notificationItems"] = [
        {"NotificationRequestItem": _adyen_item(eventCode="REFUND", amount={"currency": "EUR", "value": 1})}
    ]
    cases = [
        made(
            entry,
            "bare-item",
            "An item without anything around it is what Adyen's libraries take as well.",
            "content_confusion",
            entry.usual(),
            request(bare),
        ),
        made(
            entry,
            "original-reference",
            "A member that most notifications have not is signed where it is there.",
            "absent_member",
            entry.usual(),
            request(original),
        ),
        made(
            entry,
            "signed-bare-beside-forged",
            "The signed members stand at the top, and a forged item stands where events are read.",
            "content_confusion",
            "no_matching_signature",
            Request(entry.request().headers, json.dumps(hostile).encode()),
        ),
        made(
            entry,
            "unsigned-member",
            "A member that is not signed can be changed, and the proof does not cover the body.",
            "body_not_covered",
            entry.usual(),
            request(entry.body.replace(b'"live"', b'"xlive"'), [signed]),
        ),
        made(
            entry,
            "signature-not-valid",
            "A text that is no signature, as in Adyen's own test.",
            "malformed_signature",
            "malformed_header",
            request(entry.body, ["notValidSign"]),
        ),
    ]
    for path, value in (
        ("pspReference", "7914073381342285"),
        ("merchantAccountCode", "OtherMerchant"),
        ("amount", {"currency": "EUR", "value": 1001}),
        ("amount", {"currency": "USD", "value": 1000}),
        ("eventCode", "CANCELLATION"),
        ("success", "false"),
    ):
        name = next(iter(set(value.values()) - {"EUR", 1000})) if isinstance(value, dict) else path
        cases.append(
            made(
                entry,
                f"tampered-{str(name).lower()}",
                f"Another {path} under the same signature.",
                "tampered",
                "no_matching_signature",
                request(_wrapped(_adyen_item(**{path: value})), [signed]),
            )
        )
    return [
        *cases,
        *absent_cases(entry, "notificationItems", "0", "NotificationRequestItem", "additionalData"),
    ]


def _mailgun(entry: Entry) -> list[Case]:
    request = entry.request()
    parent = json.loads(request.body)
    own = entry.text(secret=entry.other_secret)
    parent["signature"] |= {"signature": own, "parent-signature": entry.text()}
    other = json.loads(request.body)
    other["event-data"] |= {"event": "opened", "id": "another"}
    token = json.loads(request.body)
    token["signature"]["token"] = "b" * 50
    return [
        made(
            entry,
            "parent-signature",
            "The account above a subaccount signs as well.",
            "multiple_signatures",
            entry.usual(),
            Request(request.headers, json.dumps(parent).encode()),
        ),
        made(
            entry,
            "other-event",
            "The event is not signed: another one is accepted, and the proof says so.",
            "body_not_covered",
            {
                "id": "another",
                "type": "opened",
                "covers": ["timestamp"],
                "data": other["event-data"],
            },
            Request(request.headers, json.dumps(other).encode()),
        ),
        made(
            entry,
            "other-token",
            "The token is signed.",
            "tampered",
            "no_matching_signature",
            Request(request.headers, json.dumps(token).encode()),
        ),
        made(
            entry,
            "no-timestamp",
            "The timestamp is signed, so it must be there.",
            "missing_header",
            "missing_header",
            without_member(entry, "signature", "timestamp"),
        ),
        *absent_cases(entry, "signature", "signature"),
    ]


def _dropbox_sign(entry: Entry) -> list[Case]:
    request = entry.request()
    published = json.dumps(
        {
            "event": {
                "event_time": "1348177752",
                "event_type": "account_confirmed",
                "event_hash": "6dc5b7aad93cf54915e0089d6c31d61b3833f66f51459171c69f8fa211308848",
            }
        }
    ).encode()
    other = json.loads(request.body)
    other["event"]["event_type"] = "signature_request_declined"
    later = json.loads(request.body)
    later["event"]["event_time"] = "1790000001"
    unsigned = json.loads(request.body)
    unsigned["account_guid"] = "another"
    test = entry.body.replace(b"signature_request_sent", b"callback_test")
    kind = {"type": "callback_test", "is_ping": True}
    boundary = "----test"
    field = f'--{boundary}\r\nContent-Disposition: form-data; name="json"\r\n\r\n'.encode()
    multipart = field + request.body + f"\r\n--{boundary}--\r\n".encode()
    return [
        made(
            entry,
            "multipart",
            "The form as it is sent is not read: the text of its field json is what has to be handed over.",
            "malformed_body",
            "missing_header",
            other_headers(
                Request(request.headers, multipart),
                {"Content-Type": f"multipart/form-data; boundary={boundary}"},
            ),
        ),
        made(
            entry,
            "published",
            "A value that the provider published.",
            "published",
            entry.usual(type="account_confirmed", attributes={"event_time": "1348177752"}),
            Request(request.headers, published),
            secret=["324e3b0840f065eb51f3fd63231d0d33daa35d4ed10d27718839e81737065782"],
        ),
        made(
            entry,
            "ping",
            "The event of a test is no event.",
            "ping",
            {**entry.usual(), **kind},
            entry.request(entry.sent(test)),
        ),
        made(
            entry,
            "other-type",
            "The type is signed.",
            "tampered",
            "no_matching_signature",
            Request(request.headers, json.dumps(other).encode()),
        ),
        made(
            entry,
            "other-time",
            "The time is signed.",
            "tampered",
            "no_matching_signature",
            Request(request.headers, json.dumps(later).encode()),
        ),
        made(
            entry,
            "other-account",
            "The rest of the body is not signed, and the proof does not cover it.",
            "body_not_covered",
            entry.usual(attributes={**entry.attributes, "account": "another"}),
            Request(request.headers, json.dumps(unsigned).encode()),
        ),
        *absent_cases(entry, "event", "event_hash"),
    ]


class _Linear(Entry):
    def sent(self, body: bytes | None = None, at: int = NOW, time: str | None = None, **more: Any) -> Sent:
        sent = super().sent(body, at, time, **more)
        changed = self.body.replace(f"{NOW}000".encode(), sent.time.encode())
        return sent if body is not None else super().sent(changed, at, time, **more)


def _linear(entry: Entry) -> list[Case]:
    def timed(value: bytes, header: str | None = None) -> Request:
        body = entry.body.replace(f"{NOW}000".encode(), value)
        return other_headers(entry.request(entry.sent(body)), {"linear-timestamp": header})

    return [
        made(
            entry,
            "body-counts",
            "The signed time in the body counts, not the one in the header.",
            "timestamp_window",
            "timestamp_too_old",
            timed(f"{NOW - 61}000".encode(), f"{NOW}000"),
        ),
        made(
            entry,
            "no-time-at-all",
            "A body without a time needs one in the header.",
            "missing_header",
            "missing_header",
            timed(b"null"),
        ),
        made(
            entry,
            "time-is-a-word",
            "The time in the body is no number.",
            "timestamp_form",
            "malformed_timestamp",
            timed(b'"hello"', f"{NOW}000"),
        ),
        made(
            entry,
            "time-with-a-fraction",
            "A number with a fraction is no text of a time, so the header's counts.",
            "timestamp_form",
            "missing_header",
            timed(f"{NOW}000.5".encode()),
        ),
        made(
            entry,
            "time-with-milliseconds",
            "The milliseconds are kept.",
            "timestamp_form",
            {"id": entry.id, "type": "Issue", "covers": ["body", "type"], "sent_at": NOW + 0.25},
            timed(f"{NOW}250".encode()),
        ),
        made(
            entry,
            "seconds",
            "Seconds where milliseconds belong are long ago.",
            "timestamp_form",
            "timestamp_too_old",
            timed(str(NOW).encode(), f"{NOW}000"),
        ),
    ]


ENTRIES = [
    Within(
        provider="adyen-standard",
        arrange=arranged,
        signed=_adyen_message,
        encoding="base64",
        key=bytes.fromhex,
        secret="6c" * 32,
        other_secret="7d" * 32,
        body=_wrapped(_adyen_item()),
        covers="",
        type="AUTHORISATION",
        occurred="2026-09-21T16:13:19+02:00",
        attributes={
            "psp_reference": "7914073381342284",
            "merchant_account": "TestMerchant",
            "merchant_reference": "TestPayment-1407325143704",
            "success": "true",
        },
        signs=False,
        extra=_adyen_standard,
    ),
    Within(
        provider="mailgun",
        arrange=arranged,
        signed=lambda sent: f"{sent.time}{'a' * 50}".encode("latin-1"),
        time=Time(tolerance=43200),
        body=b'{"signature":{"token":"' + b"a" * 50 + b'","timestamp":"@TIME@","signature":"@SIGNATURE@"},'
        b'"event-data":{"event":"delivered","id":"CPgfbmQMTCKtHW6uIWtuVe","recipient":"alice@example.com"}}',
        covers="timestamp",
        id="CPgfbmQMTCKtHW6uIWtuVe",
        type="delivered",
        data="event-data",
        attributes={"token": "a" * 50, "recipient": "alice@example.com"},
        signs=False,
        extra=_mailgun,
    ),
    Within(
        provider="dropbox-sign",
        arrange=arranged,
        signed=lambda sent: f"1790000000{json.loads(sent.body)['event']['event_type']}".encode(),
        body=b'{"account_guid":"63522885","event":{"event_time":"1790000000",'
        b'"event_type":"signature_request_sent","event_hash":"@SIGNATURE@"}}',
        covers="type",
        type="signature_request_sent",
        attributes={"account": "63522885", "event_time": "1790000000"},
        signs=False,
        extra=_dropbox_sign,
    ),
    _Linear(
        provider="linear",
        header="linear-signature",
        time=Time(form="milliseconds", tolerance=60),
        body=b'{"action":"update","type":"Issue","createdAt":"2026-09-21T14:13:19Z","data":{"id":"2174add1"},'
        b'"organizationId":"e8f2e2c4","webhookTimestamp":1790000000000,"webhookId":"000042e3"}',
        covers="body type",
        id="234d1a4e-b617-4388-90fe-adc3633d6b72",
        id_header="Linear-Delivery",
        type="Issue",
        data="data",
        occurred="2026-09-21T14:13:19Z",
        attributes={"action": "update", "organization": "e8f2e2c4", "webhook": "000042e3"},
        # What a body of other cases does not say, the header does.
        other_headers={"Content-Type": "application/json", "linear-timestamp": f"{NOW}000"},
        signs=False,
        extra=_linear,
    ),
]
