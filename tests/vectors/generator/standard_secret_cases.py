"""The cases about secrets in the form of Standard Webhooks."""

import base64
import hashlib

from generator.timed_senders import StandardWebhooks
from generator.writer import Writer


def secret_form_cases(writer: Writer, sender: StandardWebhooks) -> None:
    event = sender.event()
    for length in (24, 32, 64):
        secret = whsec(length)
        writer.add(
            f"secret-{length}-bytes",
            f"A secret of {length} bytes is within the standard's 24 to 64.",
            "secret_form",
            event,
            secret=[secret],
            headers=sender.headers(secret=secret),
        )
    for length in (0, 1, 23, 65):
        secret = whsec(length)
        writer.add(
            f"secret-{length}-bytes",
            f"A secret of {length} bytes is not within the standard's 24 to 64.",
            "secret_form",
            "invalid_secret",
            secret=[secret],
            headers=sender.headers(secret=secret),
        )
    plain = sender.secret.removeprefix("whsec_")
    writer.add("secret-without-prefix", "The prefix may be missing.", "secret_form", event, secret=[plain])
    special = "whsec_" + "++++//vvvv/7777/" * 2
    writer.add(
        "secret-with-special-characters",
        "The base64 of a secret may hold + and /.",
        "secret_form",
        event,
        secret=[special],
        headers=sender.headers(secret=special),
    )
    stray = f"{sender.secret[:-2]}{chr(ord(sender.secret[-2]) + 1)}="
    for name, secret, comment in (
        ("prefix-twice", f"whsec_{sender.secret}", "The prefix twice"),
        ("prefix-in-upper-case", f"WHSEC_{plain}", "The prefix in upper case"),
        ("other-prefix", f"whsek_{plain}", "Another prefix"),
        ("unpadded", sender.secret.rstrip("="), "Base64 without its padding"),
        ("stray-bits", stray, "Base64 with stray bits"),
        ("url-safe", special.replace("+", "-").replace("/", "_"), "The URL-safe alphabet"),
        ("inner-blank", f"{sender.secret[:20]} {sender.secret[20:]}", "A blank inside"),
        ("literal-text", "correct horse battery staple", "Text that is no base64"),
        ("hexadecimal-odd", "whsec_" + "ab" * 12 + "a", "Digits that are no whole base64"),
        ("signing-key", "whsk_" + plain, "A private key, which belongs to the sender,"),
        ("not-ascii", "whsec_" + "\u00e9" * 32, "Letters beyond ASCII"),
    ):
        writer.add(
            f"secret-{name}",
            f"{comment} is refused at construction.",
            "secret_form",
            "invalid_secret",
            secret=[secret],
        )
    writer.add(
        "secret-second-malformed",
        "A malformed secret is refused as the second of a list, too.",
        "secret_form",
        "invalid_secret",
        secret=[sender.secret, "whsec_AAAA"],
    )


def whsec(length: int) -> str:
    """Returns a secret of the given number of bytes."""
    row = b"".join(hashlib.sha256(bytes([index])).digest() for index in range(3))
    return "whsec_" + base64.b64encode(row[:length]).decode()
