"""The sending half of the schemes that sign a timestamp beside the body."""

import base64
import hashlib

from generator import keys
from generator.case import NOW, Event, Headers, moment
from generator.senders import Sender


class TimedSender(Sender):
    """A sender that signs a timestamp as well; the text of the timestamp is signed as it is sent."""

    def __init__(self, timestamp: str = str(NOW)) -> None:
        self.timestamp = timestamp

    def at(self, timestamp: str) -> "TimedSender":
        return type(self)(timestamp)


class Stripe(TimedSender):
    """Signs `timestamp.body` and writes both into pairs of one header."""

    provider = "stripe"
    signature_header = "Stripe-Signature"
    secret = "whsec_test_stripe_text_is_the_key"
    other_secret = "whsec_test_stripe_previous"
    body = (
        b'{"id":"evt_1Pq","object":"event","type":"charge.succeeded",'
        b'"data":{"object":{"id":"ch_1","amount":8000}}}'
    )

    def event(self) -> Event:
        return {
            "id": "evt_1Pq",
            "type": "charge.succeeded",
            "is_ping": False,
            "covers": ["body", "id", "timestamp", "type"],
            "sent_at": NOW,
            "occurred_at": None,
            "data": {"object": {"id": "ch_1", "amount": 8000}},
            "key_index": 0,
            "content": "raw",
        }

    def content(self, body: bytes) -> bytes:
        return f"{self.timestamp}.".encode("latin-1") + body

    def wrap(self, text: str) -> str:
        return f"t={self.timestamp},v1={text}"

    def around(self, value: str) -> bytes:
        return f'{{"id":"evt_1Pq","type":"charge.succeeded","data":{value}}}'.encode()

    def other_headers(self) -> Headers:
        return [["Content-Type", "application/json"]]


class Slack(TimedSender):
    """Signs `v0:timestamp:body`."""

    provider = "slack"
    outer_depth = 2
    signature_header = "X-Slack-Signature"
    body = b'{"type":"event_callback","event_id":"Ev08MFMKH6","event":{"type":"app_mention","text":"hello"}}'

    def event(self) -> Event:
        return {
            "id": "Ev08MFMKH6",
            "type": "app_mention",
            "is_ping": False,
            "covers": ["body", "id", "timestamp", "type"],
            "sent_at": NOW,
            "data": {"type": "app_mention", "text": "hello"},
            "key_index": 0,
            "content": "raw",
        }

    def content(self, body: bytes) -> bytes:
        return f"v0:{self.timestamp}:".encode("latin-1") + body

    def wrap(self, text: str) -> str:
        return f"v0={text}"

    def around(self, value: str) -> bytes:
        event = f'{{"type":"app_mention","text":{value}}}'
        return f'{{"type":"event_callback","event_id":"Ev08MFMKH6","event":{event}}}'.encode()

    def other_headers(self) -> Headers:
        return [["Content-Type", "application/json"], ["X-Slack-Request-Timestamp", self.timestamp]]


class StandardWebhooks(TimedSender):
    """Signs `id.timestamp.body` under a shared secret or Ed25519."""

    provider = "standard-webhooks"
    encoding = "base64"
    signature_header = "webhook-signature"
    secret = "whsec_" + base64.b64encode(hashlib.sha256(b"hookproof test secret").digest()).decode()
    other_secret = (
        "whsec_" + base64.b64encode(hashlib.sha256(b"hookproof previous test secret").digest()).decode()
    )
    body = (
        b'{"type":"contact.created","timestamp":"2026-09-21T14:13:19.25Z","data":{"id":"c_1","amount":10.50}}'
    )

    def __init__(
        self, timestamp: str = str(NOW), identifier: str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
    ) -> None:
        super().__init__(timestamp)
        self.identifier = identifier

    def at(self, timestamp: str) -> "StandardWebhooks":
        return type(self)(timestamp, self.identifier)

    def named(self, identifier: str) -> "StandardWebhooks":
        return type(self)(self.timestamp, identifier)

    def event(self) -> Event:
        return {
            "id": self.identifier,
            "type": "contact.created",
            "is_ping": False,
            "covers": ["body", "id", "timestamp", "type"],
            "sent_at": NOW,
            "occurred_at": moment("2026-09-21T14:13:19.25Z"),
            "attributes": {},
            "data": {"id": "c_1", "amount": 10.50},
            "key_index": 0,
            "content": "raw",
        }

    def key(self, secret: str) -> bytes:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)

    def content(self, body: bytes) -> bytes:
        return f"{self.identifier}.{self.timestamp}.".encode("latin-1") + body

    def wrap(self, text: str) -> str:
        return f"v1,{text}"

    def around(self, value: str) -> bytes:
        return f'{{"type":"contact.created","timestamp":"2026-09-21T14:13:19.25Z","data":{value}}}'.encode()

    def other_headers(self) -> Headers:
        return [
            ["content-type", "application/json"],
            ["webhook-id", self.identifier],
            ["webhook-timestamp", self.timestamp],
        ]

    def asymmetric(self, secret: str = keys.ED25519, body: bytes | None = None) -> str:
        """Returns the entry of a signature under Ed25519, `v1a,` and base64."""
        signature = keys.ed25519(secret).sign(self.content(self.body if body is None else body))
        return "v1a," + base64.b64encode(signature).decode()


class EventsAir(StandardWebhooks):
    """Signs as Standard Webhooks does, with an envelope of its own."""

    provider = "eventsair"
    outer_depth = 2
    signature_header = "Webhook-Signature"
    body = (
        b'{"type":"Event.Registration.Created","data":{"eventId":"3f0e6a52","contactId":"9d1c77b0",'
        b'"registrationId":"c5a8f3e1","timestamp":"2026-09-21T14:13:05Z",'
        b'"correlationId":"6ab1f0de-5a43-4c2e-9a39-0d8f2b7c1e11"}}'
    )

    def event(self) -> Event:
        return {
            "id": self.identifier,
            "type": "Event.Registration.Created",
            "is_ping": False,
            "covers": ["body", "id", "timestamp", "type"],
            "sent_at": NOW,
            "occurred_at": moment("2026-09-21T14:13:05Z"),
            "attributes": {
                "correlation_id": "6ab1f0de-5a43-4c2e-9a39-0d8f2b7c1e11",
                "entity.eventId": "3f0e6a52",
                "entity.contactId": "9d1c77b0",
                "entity.registrationId": "c5a8f3e1",
            },
            "data": {
                "eventId": "3f0e6a52",
                "contactId": "9d1c77b0",
                "registrationId": "c5a8f3e1",
                "timestamp": "2026-09-21T14:13:05Z",
                "correlationId": "6ab1f0de-5a43-4c2e-9a39-0d8f2b7c1e11",
            },
            "key_index": 0,
            "content": "raw",
        }

    def around(self, value: str) -> bytes:
        data = f'{{"eventId":"3f0e6a52","timestamp":"2026-09-21T14:13:05Z","notes":{value}}}'
        return f'{{"type":"Event.Registration.Created","data":{data}}}'.encode()

    def holding(self, value: str) -> tuple[bytes, Event]:
        body, event = super().holding(value)
        return body, {**event, "attributes": {"entity.eventId": "3f0e6a52"}}

    def other_headers(self) -> Headers:
        return [
            ["Content-Type", "application/json"],
            ["Webhook-Id", self.identifier],
            ["Webhook-Timestamp", self.timestamp],
        ]
