"""The cases about secrets: rotation, and what is refused when a verifier is built."""

import hmac

from generator.senders import Sender
from generator.writer import Writer

# What a missing environment variable, an empty setting or a file read with its newline make of a secret.
_NO_SECRETS = {
    "empty": ("", "An empty secret would accept whatever is signed with the empty key."),
    "blank": ("  ", "A blank secret is a setting that nobody filled in."),
    "newline": ("\n", "A lone newline is the content of an empty file."),
    "no-break-space": ("\u00a0", "A no-break space is blank as well."),
}


def rotation_cases(writer: Writer) -> None:
    sender, event = writer.sender, writer.sender.event()
    both = [sender.other_secret, sender.secret]
    writer.add(
        "rotation-second-secret",
        "The second of two secrets matches.",
        "rotation",
        {**event, "key_index": 1},
        secret=both,
    )
    writer.add(
        "rotation-first-secret", "The first of two secrets matches.", "rotation", event, secret=both[::-1]
    )
    writer.add(
        "rotation-labels",
        "The proof carries the label of the key that matched.",
        "rotation",
        {**event, "key_index": 1, "key_label": "current"},
        secret=both,
        options={"key_labels": ["previous", "current"]},
    )
    writer.add(
        "rotation-neither",
        "Two configured secrets, and the request is signed with a third one.",
        ["rotation", "wrong_key"],
        "no_matching_signature",
        secret=both,
        headers=sender.headers(secret=_third(sender.secret)),
    )


def refused_secret_cases(writer: Writer) -> None:
    sender = writer.sender
    writer.add(
        "secret-null",
        "No secret at all is refused at construction.",
        "empty_secret",
        "invalid_secret",
        secret=None,
    )
    writer.add(
        "secret-empty-list",
        "An empty list of secrets is refused at construction.",
        "empty_secret",
        "invalid_secret",
        secret=[],
    )
    empty_key = sender.encode(_keyed_with_nothing(sender))
    for name, (secret, comment) in _NO_SECRETS.items():
        writer.add(
            f"secret-{name}",
            f"{comment} The request is signed with the empty key.",
            "empty_secret",
            "invalid_secret",
            secret=[secret],
            headers=sender.headers_around(empty_key),
        )
    writer.add(
        "secret-second-empty",
        "An empty secret is refused as the second of a list, too.",
        "empty_secret",
        "invalid_secret",
        secret=[sender.secret, ""],
        headers=sender.headers_around(empty_key),
    )
    for name, secret in (
        ("leading-blank", f" {sender.secret}"),
        ("trailing-newline", f"{sender.secret}\n"),
        ("trailing-carriage-return", f"{sender.secret}\r\n"),
        ("leading-tab", f"\t{sender.secret}"),
        ("byte-order-mark", f"\ufeff{sender.secret}"),
    ):
        writer.add(
            f"secret-{name}",
            f"A secret with white space at an end ({name.replace('-', ' ')}) is refused.",
            "secret_form",
            "invalid_secret",
            secret=[secret],
        )


def literal_secret_cases(writer: Writer) -> None:
    """Adds the cases of providers whose secret's text is the key."""
    sender, event = writer.sender, writer.sender.event()
    for name, secret, comment in (
        ("one-character", "x", "Literal text has no minimum length."),
        ("64-bytes", "k" * 64, "A key of exactly the hash's block is used as it is."),
        ("65-bytes", "k" * 65, "A key over the hash's block is hashed first."),
        ("500-bytes", "k" * 500, "A long key is no problem."),
        ("inner-blank", "two words", "White space inside a secret belongs to it."),
        ("not-ascii", "cl\u00e9 \U0001f511 secr\u00e8te", "The key is the UTF-8 of the text."),
        ("whsec", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "The text is the key: whsec_ is no prefix here."),
        ("looks-like-hex", "00ff00ff00ff00ff", "Text that looks like digits is not decoded."),
    ):
        writer.add(
            f"secret-{name}",
            comment,
            "secret_form",
            event,
            secret=[secret],
            headers=sender.headers(secret=secret),
        )


def _third(secret: str) -> str:
    """Returns a secret of the same form that is configured nowhere: another letter stands in its middle."""
    middle = len(secret) // 2
    letter = "A" if secret[middle] != "A" else "B"
    return secret[:middle] + letter + secret[middle + 1 :]


def _keyed_with_nothing(sender: Sender) -> bytes:
    return hmac.digest(b"", sender.content(sender.body), "sha256")
