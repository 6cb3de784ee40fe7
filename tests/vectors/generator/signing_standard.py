"""The signers of Standard Webhooks and EventsAir."""

import base64

from generator import keys
from generator.case import NOW
from generator.providers import standard_webhooks as specification
from generator.signing_case import BODIES, Case, signing_case
from generator.timed_senders import StandardWebhooks


def list_cases(sender: StandardWebhooks) -> list[Case]:
    """Signs under the scheme of Standard Webhooks: id, time and a list of signatures."""

    def headers(source: StandardWebhooks, *signatures: str) -> dict[str, str]:
        return {
            "webhook-id": source.identifier,
            "webhook-timestamp": source.timestamp,
            "webhook-signature": " ".join(signatures),
        }

    identifier = sender.identifier
    cases = [
        signing_case(
            sender.provider,
            f"body-{key}",
            "The body is signed as it is.",
            sender.secret,
            body,
            headers(sender, sender.wrap(sender.text(body))),
            now=NOW,
            id=identifier,
        )
        for key, body in {"usual": sender.body, **BODIES}.items()
    ]
    plain = sender.secret.removeprefix("whsec_")
    both = [sender.wrap(sender.text()), sender.wrap(sender.text(secret=sender.other_secret))]
    other = sender.at("1700000000").named("msg_1")
    return [
        *cases,
        signing_case(
            sender.provider,
            "secret-without-prefix",
            "The prefix may be missing.",
            plain,
            sender.body,
            headers(sender, both[0]),
            now=NOW,
            id=identifier,
        ),
        signing_case(
            sender.provider,
            "two-secrets",
            "Every secret makes one signature, in the order of the secrets.",
            [sender.secret, sender.other_secret],
            sender.body,
            headers(sender, *both),
            now=NOW,
            id=identifier,
        ),
        signing_case(
            sender.provider,
            "other-time-and-id",
            "Time and id are signed.",
            sender.secret,
            other.body,
            headers(other, other.wrap(other.text())),
            now=1700000000,
            id="msg_1",
        ),
    ]


def ed25519_cases(sender: StandardWebhooks) -> list[Case]:
    """Signs under Ed25519 as well, which not every provider does."""
    base = {"webhook-id": sender.identifier, "webhook-timestamp": sender.timestamp}
    seed_and_public = _seed_and_public()
    mixed = f"{sender.wrap(sender.text())} {sender.asymmetric()}"
    published = {
        "webhook-id": specification.PUBLISHED_ID,
        "webhook-timestamp": specification.PUBLISHED_TIME,
        "webhook-signature": specification.PUBLISHED_SIGNATURE,
    }

    def case(name: str, comment: str, secret: str | list[str], signature: str) -> Case:
        return signing_case(
            "standard-webhooks",
            name,
            comment,
            secret,
            sender.body,
            {**base, "webhook-signature": signature},
            now=NOW,
            id=sender.identifier,
        )

    return [
        signing_case(
            "standard-webhooks",
            "published",
            "The value in every reference library.",
            specification.PUBLISHED_SECRET,
            specification.PUBLISHED_BODY,
            published,
            now=int(specification.PUBLISHED_TIME),
            id=specification.PUBLISHED_ID,
        ),
        case("ed25519-seed", "A seed of 32 bytes signs under v1a.", keys.ED25519, sender.asymmetric()),
        case(
            "ed25519-seed-and-public",
            "A seed with its public half signs alike.",
            seed_and_public,
            sender.asymmetric(),
        ),
        case(
            "both-families",
            "A shared secret and a private key make both versions.",
            [sender.secret, keys.ED25519],
            mixed,
        ),
    ]


def _seed_and_public() -> str:
    seed = base64.b64decode(keys.ED25519.removeprefix("whsk_"))
    public = base64.b64decode(keys.ed25519_public(keys.ED25519).removeprefix("whpk_"))
    return "whsk_" + base64.b64encode(seed + public).decode()
