"""What people write by hand instead of taking a library: `hmac`, and a comparison in constant time.

No more than that, so that it is as fast as it can be: the age of a timestamp, say, is not looked at.
"""

import base64
import hashlib
import hmac
import json

from delivery import Delivery, Headers, Make, Verify


class WrongSignatureError(Exception):
    """The signature is not that of the body."""


def standard_webhooks(delivery: Delivery) -> Verify:
    key, body = base64.b64decode(delivery.secret.removeprefix("whsec_")), delivery.body

    def verify(headers: Headers) -> None:
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        if not hmac.compare_digest(f"v1,{mac}", headers["webhook-signature"]):
            raise WrongSignatureError

    return verify


def stripe(delivery: Delivery) -> Verify:
    key, body = delivery.secret.encode(), delivery.body

    def verify(headers: Headers) -> None:
        parts = dict(part.split("=", 1) for part in headers["stripe-signature"].split(","))
        content = parts["t"].encode() + b"." + body
        if not hmac.compare_digest(hmac.new(key, content, hashlib.sha256).hexdigest(), parts["v1"]):
            raise WrongSignatureError

    return verify


def hexadecimal(header: str) -> Make:
    """Verifies a signature over the body alone."""

    def make(delivery: Delivery) -> Verify:
        key, body = delivery.secret.encode(), delivery.body

        def verify(headers: Headers) -> None:
            if not hmac.compare_digest(hmac.new(key, body, hashlib.sha256).hexdigest(), headers[header]):
                raise WrongSignatureError

        return verify

    return make


def one_shot(header: str) -> Make:
    """Does the same with the function that few know: the fastest that the standard library has."""

    def make(delivery: Delivery) -> Verify:
        key, body = delivery.secret.encode(), delivery.body

        def verify(headers: Headers) -> None:
            if not hmac.compare_digest(hmac.digest(key, body, "sha256").hex(), headers[header]):
                raise WrongSignatureError

        return verify

    return make


def and_parse(make: Make) -> Make:
    """Also parses the body, which is what the handler of an event starts with."""

    def make_both(delivery: Delivery) -> Verify:
        prove, body = make(delivery), delivery.body

        def verify(headers: Headers) -> object:
            prove(headers)
            return json.loads(body)

        return verify

    return make_both
