"""The cases about the work that signatures under public keys can cause."""

import base64

from generator import keys
from generator.body_cases import MEBIBYTE
from generator.case import repeated, replaced
from generator.timed_senders import StandardWebhooks
from generator.writer import Writer


def limit_cases(writer: Writer, sender: StandardWebhooks) -> None:
    """Adds the limits of the work that signatures under public keys can cause: 32 signatures, 64 checks."""
    public, other_public = keys.ed25519_public(keys.ED25519), keys.ed25519_public(keys.ED25519_OTHER)
    base, good = sender.event(), sender.asymmetric()
    wrong = [_wrong(number) for number in range(32)]
    for name, entries, secret, expect, comment in (
        ("good-at-32", [*wrong[:31], good], [public], base, "The right one of 32 signatures is the last."),
        (
            "good-at-33",
            [*wrong, good],
            [public],
            "no_matching_signature",
            "At most 32 signatures are looked at: the right one is the 33rd.",
        ),
        (
            "two-keys-good-at-32",
            [*wrong[:31], good],
            [other_public, public],
            {**base, "key_index": 1},
            "32 signatures and two keys are 64 checks, of which the last one finds the right pair.",
        ),
        (
            "three-keys-good-first",
            [good, *wrong[:31]],
            [public, other_public, other_public],
            base,
            "The right pair is the first of 96.",
        ),
        (
            "three-keys-good-at-32",
            [*wrong[:31], good],
            [other_public, other_public, public],
            "no_matching_signature",
            "At most 64 checks are made: the right pair is the last of 96.",
        ),
        (
            "three-keys-21-signatures",
            [*wrong[:20], good],
            [other_public, other_public, public],
            {**base, "key_index": 2},
            "21 signatures and three keys are 63 checks, of which the last one finds the right pair.",
        ),
        (
            "macs-are-not-counted",
            [*[sender.wrap(sender.encode(bytes(32)))] * 20, *wrong[:11], good],
            [sender.other_secret, sender.secret, other_public, public],
            {**base, "key_index": 3},
            "Signatures of the other version do not count as checks with public keys.",
        ),
    ):
        writer.add(
            f"ed25519-{name}",
            comment,
            "signature_limit",
            expect,
            secret=secret,
            headers=replaced(sender.headers(), "webhook-signature", " ".join(entries)),
        )
    _large_body_cases(writer, sender)


def _large_body_cases(writer: Writer, sender: StandardWebhooks) -> None:
    """Adds the limits for a body of a mebibyte, which is hashed anew for every signature."""
    public = keys.ed25519_public(keys.ED25519)
    prefix, suffix = sender.around('"|"').decode().split("|")
    form, body = repeated(prefix, "x", MEBIBYTE - len(prefix) - len(suffix), suffix)
    good = sender.asymmetric(body=body)
    _, event = sender.holding("1")
    for place, expect in ((4, event), (9, "no_matching_signature")):
        entries = [*(_wrong(number) for number in range(place - 1)), good]
        writer.add(
            f"ed25519-large-body-good-at-{place}",
            "Of a mebibyte eight signatures are checked, for the body is hashed anew for each of them.",
            "signature_limit",
            expect,
            secret=[public],
            body_repeat=form,
            headers=replaced(sender.headers(body), "webhook-signature", " ".join(entries)),
            options={"max_body": 2 * MEBIBYTE},
        )


def _wrong(number: int) -> str:
    """Returns an entry that is well-formed and nobody's signature."""
    return "v1a," + base64.b64encode(bytes([number]) * 32 + bytes(32)).decode()
