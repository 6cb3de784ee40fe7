"""Gathers the files of cases for verifiers, one for each provider."""

from generator.case import document
from generator.output import Document
from generator.providers import (
    configuration,
    eventsair,
    fast_events,
    fourvenues,
    github,
    jwt_bearer,
    pitchpoint,
    shared_tokens,
    shopify,
    slack,
    standard_webhooks,
    stripe,
)


def documents() -> list[Document]:
    return [
        document("configuration", configuration.cases()),
        document("eventsair", eventsair.cases()),
        document("fast-events", fast_events.cases()),
        document("fourvenues", fourvenues.cases()),
        document("github", github.cases()),
        document("jwt-bearer", jwt_bearer.cases()),
        document("pitchpoint", pitchpoint.cases()),
        document("shopify", shopify.cases()),
        document("slack", slack.cases()),
        document("standard-webhooks", standard_webhooks.cases()),
        document("stripe", stripe.cases()),
        *(document(sender.provider, sender.cases()) for sender in shared_tokens.SENDERS),
    ]
