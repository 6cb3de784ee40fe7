"""The cases about one signature: its text, its key, what it is over."""

import base64
import hmac

from generator.catalogue import tokens
from generator.catalogue.collect import Collector
from generator.catalogue.frame import base64_secret

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def add(to: Collector) -> None:
    entry = to.entry
    both = [entry.other_secret, entry.secret]
    to.add(
        "second-secret",
        "The second of two secrets matches.",
        "rotation",
        entry.usual(key_index=1),
        secret=both,
    )
    to.add("first-secret", "The first of two secrets matches.", "rotation", entry.usual(), secret=both[::-1])
    to.add(
        "wrong-secret",
        "The request is signed with a secret that is not configured.",
        "wrong_key",
        "no_matching_signature",
        entry.request(texts=[entry.text(secret=entry.other_secret)]),
    )
    to.add(
        "no-secret",
        "An empty secret is refused when the verifier is built.",
        "empty_secret",
        "invalid_secret",
        secret=[""],
    )
    for name, secrets in (("blank-secret", ["  "]), ("empty-second-secret", [entry.secret, ""])):
        to.add(
            name,
            "A secret that nobody filled in is refused when the verifier is built.",
            "empty_secret",
            "invalid_secret",
            secret=secrets,
        )
    to.add(
        "secret-with-newline",
        "A secret with a line feed at its end is refused: a file was read with its newline.",
        "secret_form",
        "invalid_secret",
        secret=[f"{entry.secret}\n"],
    )
    if entry.encoding == "token":
        tokens.add(to)
        return
    _tampered(to)
    _malformed(to)
    if entry.sign is None:
        _macs(to)


def _tampered(to: Collector) -> None:
    entry = to.entry
    signed = entry.text()
    if entry.arrange is None and "body" in entry.covers.split():
        for name, body in (
            ("changed", _changed(entry.body)),
            ("longer", entry.body + b" "),
            ("ended-with-a-line-break", entry.body + b"\n"),
            ("emptied", b""),
        ):
            to.add(
                f"body-{name}",
                f"The body was {name.replace('-', ' ')} after it was signed.",
                "tampered",
                "no_matching_signature",
                entry.request(entry.sent(body), [signed]),
            )
    if entry.signed or entry.content != "{body}":
        to.add(
            "over-the-body-alone",
            "A signature over the body alone is one over something else.",
            "content_confusion",
            "no_matching_signature",
            entry.request(texts=[entry.encode(entry.digest(entry.body))]),
        )


def _changed(body: bytes) -> bytes:
    place = len(body) // 2
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def _malformed(to: Collector) -> None:
    entry = to.entry
    digest = entry.digest(entry.message(entry.sent()))
    text = entry.encode(digest)
    malformed = {
        "empty": ("", "An empty signature is malformed."),
        "garbage": ("NOTVERYCONVINCING!", "A text that is no encoding at all is malformed."),
        "short": (entry.encode(digest[:-1]), "One byte less than a signature is malformed."),
        "long": (entry.encode(digest + b"\0"), "One byte more than a signature is malformed."),
        "inner-blank": (f"{text[:9]} {text[9:]}", "A blank inside a signature is malformed."),
        "tab": (f"\t{text}", "A tab before a signature is malformed."),
        "nul": (f"{text}\x00", "A NUL behind a signature is malformed."),
        "line-feed": (f"{text}\n", "A line feed behind a signature is malformed."),
        "doubled": (text + text, "A signature twice in a row is malformed."),
    }
    if entry.encoding == "hex":
        malformed["0x"] = (f"0x{text}", "The prefix 0x is no digit.")
        malformed["odd"] = (text[:-1], "An odd number of digits is malformed.")
        malformed["base64"] = (base64.b64encode(digest).decode(), "Base64 where digits belong is malformed.")
        to.add(
            "upper-case-digits",
            "Digits of either case are the same.",
            "hex",
            entry.usual(),
            entry.request(texts=[text.upper()]),
        )
    else:
        malformed["hex"] = (digest.hex(), "Digits where base64 belongs are malformed.")
        padded = text.rstrip("=") if text.endswith("=") else f"{text}="
        malformed["padding"] = (padded, "Base64 with the other padding is a second spelling.")
        if len(digest) % 3:
            malformed["stray-bits"] = (_stray(text), "Base64 whose unused bits are set is a second spelling.")
    flag = "hex" if entry.encoding == "hex" else "base64_malleability"
    for name, (changed, comment) in malformed.items():
        flags = "malformed_signature" if name in ("empty", "garbage", "short", "long") else flag
        to.add(f"signature-{name}", comment, flags, "malformed_header", entry.request(texts=[changed]))
    if entry.prefix:
        _prefixes(to, text)


def _stray(text: str) -> str:
    bare = text.rstrip("=")
    alphabet = _ALPHABET.replace("+/", "-_") if "-" in bare or "_" in bare else _ALPHABET
    last = alphabet[alphabet.index(bare[-1]) + 1]
    return bare[:-1] + last + "=" * (len(text) - len(bare))


def _prefixes(to: Collector, text: str) -> None:
    entry = to.entry
    sent = entry.sent()
    if entry.prefix_optional:
        to.add(
            "prefix-missing",
            f"The prefix {entry.prefix!r} is optional.",
            "multiple_signatures",
            entry.usual(),
            entry.placed(sent, [text]),
        )
    for name, signature in (
        *([] if entry.prefix_optional else [("missing", text)]),
        ("unknown", f"x9{entry.prefix[-1]}{text}"),
        ("alone", entry.prefix),
        ("twice", f"{entry.prefix}{entry.prefix}{text}"),
    ):
        to.add(
            f"prefix-{name}",
            f"The signature's prefix is {entry.prefix!r}, once and before the signature ({name}).",
            "malformed_signature",
            "malformed_header",
            entry.placed(sent, [signature]),
        )


def _macs(to: Collector) -> None:
    entry = to.entry
    message, key = entry.message(entry.sent()), entry.key_bytes(entry.secret)
    digest = entry.digest(message)
    to.add(
        "half-signature",
        "The first half of a signature is malformed: a comparison must not stop at the shorter side.",
        "malformed_signature",
        "malformed_header",
        entry.request(texts=[entry.encode(digest[: len(digest) // 2])]),
    )
    flipped = digest[:-1] + bytes([digest[-1] ^ 1])
    to.add(
        "last-bit-flipped",
        "One bit of the signature differs.",
        "wrong_key",
        "no_matching_signature",
        entry.request(texts=[entry.encode(flipped)]),
    )
    for other in ("sha1", "sha256", "sha512"):
        if other != entry.algorithm:
            text = entry.encode(hmac.digest(key, message, other))
            to.add(
                f"{other}-instead",
                f"A MAC with {other.upper()} has another length.",
                "algorithm_confusion",
                "malformed_header",
                entry.request(texts=[text]),
            )
    _secret_forms(to)


def _secret_forms(to: Collector) -> None:
    """Adds secrets that look as if they were written in another form than the provider's."""
    entry = to.entry
    if entry.key:
        return
    if entry.base64_prefix is not None:
        _base64_secrets(to, entry.base64_prefix)
        return
    lookalike = base64_secret("hookproof look-alike")
    sent = entry.sent()
    to.add(
        "text-secret-like-base64",
        "The secret looks like base64 behind whsec_, and its text is the key.",
        "secret_form",
        entry.usual(),
        entry.request(texts=[entry.text(sent, lookalike)]),
        secret=[lookalike],
    )
    decoded = base64.b64decode(lookalike.removeprefix("whsec_"))
    to.add(
        "text-secret-decoded",
        "The secret looks like base64, and the request is signed with what it decodes to.",
        "secret_form",
        "no_matching_signature",
        entry.request(texts=[entry.encode(hmac.digest(decoded, entry.message(sent), entry.algorithm))]),
        secret=[lookalike],
    )


def _base64_secrets(to: Collector, prefix: str) -> None:
    entry = to.entry
    bare = entry.secret.removeprefix(prefix)
    if prefix:
        to.add(
            "secret-without-prefix",
            f"The prefix {prefix!r} of a secret is optional.",
            "secret_form",
            entry.usual(),
            secret=[bare],
        )
    else:
        comment = "The provider's secrets have no prefix."
        to.add("secret-with-prefix", comment, "secret_form", "invalid_secret", secret=[f"whsec_{bare}"])
    for name, secret, comment in (
        ("not-base64", f"{prefix}not base64!", "A secret that is no base64 is refused."),
        ("unpadded", f"{prefix}{bare.rstrip('=')}", "A secret without its padding was cut off."),
        ("public-key", "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", "A public key is no secret."),
    ):
        to.add(f"secret-{name}", comment, "secret_form", "invalid_secret", secret=[secret])
    text = entry.encode(hmac.digest(bare.encode(), entry.message(entry.sent()), entry.algorithm))
    to.add(
        "signed-with-the-text",
        "The request is signed with the text of the base64 secret.",
        "secret_form",
        "no_matching_signature",
        entry.request(texts=[text]),
    )
