"""The libraries that people take, called as their documentation says, with their defaults."""

import standardwebhooks
import stripe
import svix
from delivery import Delivery, Headers, Verify


def with_standardwebhooks(delivery: Delivery) -> Verify:
    """Verifies, and parses the body."""
    check, body = standardwebhooks.Webhook(delivery.secret).verify, delivery.body

    def verify(headers: Headers) -> object:
        return check(body, headers)

    return verify


def with_svix(delivery: Delivery) -> Verify:
    """Verifies, and parses nothing."""
    check, body = svix.Webhook(delivery.secret).verify, delivery.body

    def verify(headers: Headers) -> object:
        return check(body, headers)

    return verify


def with_stripe(delivery: Delivery) -> Verify:
    """Verifies, parses the body and makes Stripe's object of it."""
    body, secret = delivery.body, delivery.secret

    def verify(headers: Headers) -> object:
        return stripe.Webhook.construct_event(body, headers["stripe-signature"], secret)

    return verify


def with_stripe_signature(delivery: Delivery) -> Verify:
    """Verifies, and parses nothing."""
    body, secret, tolerance = delivery.body, delivery.secret, stripe.Webhook.DEFAULT_TOLERANCE

    def verify(headers: Headers) -> object:
        return stripe.WebhookSignature.verify_header(body, headers["stripe-signature"], secret, tolerance)

    return verify
