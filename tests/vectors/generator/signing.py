"""The files of cases for signers, one for each provider."""

from generator.case import NOW
from generator.output import Document
from generator.providers import github as github_cases
from generator.providers import shopify as shopify_cases
from generator.providers import slack as slack_cases
from generator.senders import FastEvents, Fourvenues, GitHub, Shopify
from generator.signing_bearer import jwt_bearer_cases, pitchpoint_cases
from generator.signing_case import Case, plain_cases, signing_case
from generator.signing_standard import ed25519_cases, list_cases
from generator.timed_senders import EventsAir, Slack, StandardWebhooks, Stripe


def documents() -> list[Document]:
    return [
        _document("eventsair", list_cases(EventsAir())),
        _document("fast-events", _fast_events()),
        _document("fourvenues", plain_cases(Fourvenues())),
        _document("github", _github()),
        _document("jwt-bearer", jwt_bearer_cases()),
        _document("pitchpoint", pitchpoint_cases()),
        _document("shopify", _shopify()),
        _document("slack", _slack()),
        _document("standard-webhooks", [*list_cases(StandardWebhooks()), *ed25519_cases(StandardWebhooks())]),
        _document("stripe", _stripe()),
    ]


def _document(provider: str, cases: list[Case]) -> Document:
    return Document(f"sign/{provider}.json", {"kind": "sign", "cases": cases})


def _fast_events() -> list[Case]:
    sender = FastEvents()
    attributes = {
        "source": "https://tickets.example.com/",
        "resource": "order",
        "event": "updated",
        "subscription": "7",
        "delivery": "0b3e8d4c9a",
    }
    headers = {name.lower(): value for name, value in sender.headers() if name.lower().startswith("x-fe-")}
    return [
        *plain_cases(sender),
        signing_case(
            "fast-events",
            "published-empty",
            "The documentation's test webhook.",
            "asasasasas",
            b"",
            {"x-fe-webhook-signature": "ilKgiWuuu0YM/W+GmUyzsMahSp46Np07K7+Agsv/RMQ="},
            now=NOW,
        ),
        signing_case(
            "fast-events",
            "headers",
            "Type and attributes become headers.",
            sender.secret,
            sender.body,
            headers,
            now=NOW,
            type="order.updated",
            attributes=attributes,
        ),
    ]


def _github() -> list[Case]:
    sender = GitHub()
    secret, body, digits = github_cases.PUBLISHED["documentation"]
    return [
        *plain_cases(sender),
        signing_case(
            "github",
            "published",
            "The documentation's value.",
            secret,
            body,
            {"x-hub-signature-256": f"sha256={digits}"},
            now=NOW,
        ),
        signing_case(
            "github",
            "headers",
            "Type and id become headers.",
            sender.secret,
            sender.body,
            {
                "x-hub-signature-256": sender.wrap(sender.text()),
                "x-github-event": "issues",
                "x-github-delivery": sender.delivery,
            },
            now=NOW,
            type="issues",
            id=sender.delivery,
        ),
    ]


def _shopify() -> list[Case]:
    sender = Shopify()
    event = sender.event()
    headers = {name.lower(): value for name, value in sender.headers() if name.lower() != "content-type"}
    return [
        *plain_cases(sender),
        signing_case(
            "shopify",
            "published",
            "The value of shopify-app-js.",
            shopify_cases.PUBLISHED_SECRET,
            shopify_cases.PUBLISHED_BODY,
            {"x-shopify-hmac-sha256": shopify_cases.PUBLISHED_SIGNATURE},
            now=NOW,
        ),
        signing_case(
            "shopify",
            "headers",
            "Type, id and attributes become headers.",
            sender.secret,
            sender.body,
            headers,
            now=NOW,
            type=event["type"],
            id=event["id"],
            attributes=event["attributes"],
        ),
    ]


def _slack() -> list[Case]:
    cases = []
    for case in plain_cases(Slack()):
        case["expect"]["headers"]["x-slack-request-timestamp"] = str(NOW)
        cases.append(case)
    cases.append(
        signing_case(
            "slack",
            "published",
            "The documentation's slash command.",
            slack_cases.PUBLISHED_SECRET,
            slack_cases.PUBLISHED_BODY,
            {"x-slack-request-timestamp": "1531420618", "x-slack-signature": slack_cases.PUBLISHED_SIGNATURE},
            now=1531420618,
        )
    )
    return cases


def _stripe() -> list[Case]:
    sender = Stripe()
    both = f"{sender.wrap(sender.text())},v1={sender.text(secret=sender.other_secret)}"
    other_time = Stripe("1700000000")
    return [
        *plain_cases(sender),
        signing_case(
            "stripe",
            "two-secrets",
            "Every secret makes one v1, in the order of the secrets.",
            [sender.secret, sender.other_secret],
            sender.body,
            {"stripe-signature": both},
            now=NOW,
        ),
        signing_case(
            "stripe",
            "other-time",
            "The time is signed.",
            sender.secret,
            sender.body,
            {"stripe-signature": other_time.wrap(other_time.text())},
            now=1700000000,
        ),
    ]
