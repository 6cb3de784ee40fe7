"""The sending half of every scheme that signs with a shared secret, written from the providers' pages."""

import base64
import hmac

from generator.case import NOW, Event, Headers

GOOD_SECRET = "test-sign-secret-7c1f"
OTHER_SECRET = "previous-sign-secret-02be"


class Sender:
    """One provider's way to sign. Subclasses say what stands where."""

    provider: str
    encoding = "hex"
    signature_header: str
    secret = GOOD_SECRET
    other_secret = OTHER_SECRET
    body: bytes
    now = NOW

    # How many arrays and objects are open around what `around` is given.
    outer_depth = 1

    def event(self) -> Event:
        """Returns the event that the sender's usual body holds."""
        raise NotImplementedError

    def around(self, value: str) -> bytes:
        """Returns a body that holds a JSON text as deep as the sender's data stands."""
        raise NotImplementedError

    def holding(self, value: str) -> tuple[bytes, Event]:
        """Returns such a body, and the event that it is apart from its data."""
        return self.around(value), {name: item for name, item in self.event().items() if name != "data"}

    def key(self, secret: str) -> bytes:
        """Returns the bytes of the key; for most providers the text is the key."""
        return secret.encode()

    def content(self, body: bytes) -> bytes:
        """Returns the bytes that are signed."""
        return body

    def wrap(self, text: str) -> str:
        """Returns the header's value around the text of a signature."""
        return text

    def other_headers(self) -> Headers:
        """Returns the headers beside the signature."""
        return []

    def digest(
        self, body: bytes | None = None, secret: str | None = None, algorithm: str = "sha256"
    ) -> bytes:
        key = self.key(self.secret if secret is None else secret)
        return hmac.new(key, self.content(self.body if body is None else body), algorithm).digest()

    def encode(self, digest: bytes) -> str:
        return digest.hex() if self.encoding == "hex" else base64.b64encode(digest).decode()

    def text(self, body: bytes | None = None, secret: str | None = None) -> str:
        return self.encode(self.digest(body, secret))

    def over(self, content: bytes) -> str:
        """Returns the text of a signature over other content than the provider's."""
        return self.encode(hmac.digest(self.key(self.secret), content, "sha256"))

    def headers(self, body: bytes | None = None, secret: str | None = None) -> Headers:
        return self.headers_around(self.text(body, secret))

    def headers_around(self, text: str) -> Headers:
        """Returns the headers with a given text where the signature belongs."""
        return [*self.other_headers(), [self.signature_header, self.wrap(text)]]


class Fourvenues(Sender):
    """Signs the body; digits without a prefix."""

    provider = "fourvenues"
    signature_header = "X-Webhook-Signature"
    body = (
        b'{"id":"5f7b2c9e4d","event":"payment.success","payload":{"payment_id":"pay_81","resource_type":"ticket",'
        b'"resource_ids":["tk_1","tk_2"],"metadata":{"channel":"web"},"send_resources":true}}'
    )

    def event(self) -> Event:
        data = {
            "payment_id": "pay_81",
            "resource_type": "ticket",
            "resource_ids": ["tk_1", "tk_2"],
            "metadata": {"channel": "web"},
            "send_resources": True,
        }
        return {
            "id": "5f7b2c9e4d",
            "type": "payment.success",
            "is_ping": False,
            "covers": ["body", "id", "type"],
            "sent_at": None,
            "occurred_at": None,
            "attributes": {},
            "data": data,
            "key_index": 0,
            "content": "raw",
        }

    def around(self, value: str) -> bytes:
        return f'{{"id":"5f7b2c9e4d","event":"payment.success","payload":{value}}}'.encode()

    def other_headers(self) -> Headers:
        return [["Content-Type", "application/json"], ["X-Webhook-Id", "5f7b2c9e4d"]]


class FastEvents(Sender):
    """Signs the body in base64; everything else stands in unsigned headers."""

    provider = "fast-events"
    encoding = "base64"
    signature_header = "X-FE-Webhook-Signature"
    body = b'{"id":14810,"custom_status":"checked","name":"Ada Lovelace","email":"ada@example.com"}'

    def event(self) -> Event:
        return {
            "id": None,
            "type": "order.updated",
            "is_ping": False,
            "covers": ["body"],
            "sent_at": None,
            "occurred_at": None,
            "attributes": {
                "source": "https://tickets.example.com/",
                "resource": "order",
                "event": "updated",
                "subscription": "7",
                "delivery": "0b3e8d4c9a",
            },
            "data": {
                "id": 14810,
                "custom_status": "checked",
                "name": "Ada Lovelace",
                "email": "ada@example.com",
            },
            "key_index": 0,
            "content": "raw",
        }

    def around(self, value: str) -> bytes:
        return f'{{"id":14810,"input_fields":{value}}}'.encode()

    def other_headers(self) -> Headers:
        return [
            ["User-Agent", "Fast-Events/2.0.0 (WordPress/6.3.1)"],
            ["Content-Type", "application/json"],
            ["X-FE-Webhook-ID", "7"],
            ["X-FE-Webhook-Source", "https://tickets.example.com/"],
            ["X-FE-Webhook-Topic", "order.updated"],
            ["X-FE-Webhook-Resource", "order"],
            ["X-FE-Webhook-Event", "updated"],
            ["X-FE-Webhook-Delivery-ID", "0b3e8d4c9a"],
        ]


class GitHub(Sender):
    """Signs the body; type and delivery stand in unsigned headers."""

    provider = "github"
    signature_header = "X-Hub-Signature-256"
    body = b'{"action":"opened","issue":{"number":7}}'
    delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958"

    def event(self) -> Event:
        return {
            "id": self.delivery,
            "type": "issues",
            "is_ping": False,
            "covers": ["body"],
            "sent_at": None,
            "occurred_at": None,
            "key_index": 0,
            "content": "raw",
        }

    def wrap(self, text: str) -> str:
        return f"sha256={text}"

    def around(self, value: str) -> bytes:
        return f'{{"action":"opened","issue":{value}}}'.encode()

    def other_headers(self) -> Headers:
        return [
            ["Content-Type", "application/json"],
            ["X-GitHub-Event", "issues"],
            ["X-GitHub-Delivery", self.delivery],
        ]


class Shopify(Sender):
    """Signs the body in base64; type, id and shop stand in unsigned headers."""

    provider = "shopify"
    encoding = "base64"
    signature_header = "X-Shopify-Hmac-Sha256"
    body = b'{"id":820982911946154508,"email":"ada@example.com","total_price":"80.00"}'

    def event(self) -> Event:
        return {
            "id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
            "type": "orders/create",
            "is_ping": False,
            "covers": ["body"],
            "sent_at": None,
            "attributes": {
                "shop": "example.myshopify.com",
                "triggered_at": "2026-09-21T14:13:18.123456789Z",
                "api_version": "2026-07",
            },
            "data": {"id": 820982911946154508, "email": "ada@example.com", "total_price": "80.00"},
            "key_index": 0,
            "content": "raw",
        }

    def around(self, value: str) -> bytes:
        return f'{{"id":820982911946154508,"note_attributes":{value}}}'.encode()

    def other_headers(self) -> Headers:
        return [
            ["Content-Type", "application/json"],
            ["X-Shopify-Topic", "orders/create"],
            ["X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"],
            ["X-Shopify-Shop-Domain", "example.myshopify.com"],
            ["X-Shopify-Triggered-At", "2026-09-21T14:13:18.123456789Z"],
            ["X-Shopify-API-Version", "2026-07"],
        ]
