"""The cases at the edges of what a parser of another language makes of a header, an id or a time."""

from generator.case import NOW, replaced
from generator.timed_senders import StandardWebhooks, Stripe
from generator.token_writer import TokenWriter
from generator.writer import Writer

# What 32 bits, 64 bits, a double and a calendar make of a time that is not now.
_TIMES = {
    "wraps-at-32-bits": (str(NOW + 2**32), "timestamp_too_new"),
    "wraps-at-64-bits": (str(NOW + 2**64), "malformed_timestamp"),
    "2-to-the-53": (str(2**53), "timestamp_too_new"),
    "2-to-the-63": (str(2**63), "malformed_timestamp"),
    "end-of-9999": ("253402300799", "timestamp_too_new"),
    "start-of-10000": ("253402300800", "timestamp_too_new"),
    "http-date": ("Mon 21 Sep 2026 14:13:20 GMT", "malformed_timestamp"),
    "big-integer-suffix": (f"{NOW}n", "malformed_timestamp"),
    "binary": ("0b1101010101100010011110110000000", "malformed_timestamp"),
    "quoted": (f"'{NOW}'", "malformed_timestamp"),
    "5000-digits": ("9" * 5000, "malformed_timestamp"),
    "5000-zeros": ("0" * 5000, "malformed_timestamp"),
}


def time_edge_cases(writer: Writer, sender: Stripe | StandardWebhooks) -> None:
    for name, (text, code) in _TIMES.items():
        writer.add(
            f"timestamp-edge-{name}",
            f"The timestamp {text[:40]} is not now, right as its signature is, and nothing overflows.",
            "timestamp_form" if code == "malformed_timestamp" else "timestamp_window",
            code,
            headers=sender.at(text).headers(),
        )


def id_edge_cases(writer: Writer, sender: StandardWebhooks) -> None:
    event = sender.event()
    for name, identifier in (
        ("template", "{id}{timestamp}{body}"),
        ("replacement", "$$1$&$`"),
        ("escaped-dot", "msg%2E1"),
        ("proto", "__proto__"),
        ("null", "null"),
        ("minus", "-"),
        ("comma", "msg,1"),
        ("semicolon", "msg;1"),
        ("backslash", "msg\\u002e1"),
    ):
        writer.add(
            f"id-edge-{name}",
            "An id is text that stands for nothing else.",
            ["open_set", "content_confusion"],
            {**event, "id": identifier},
            sender=sender.named(identifier),
        )
    for name, identifier in (("path", "../../etc"), ("only-dots", "..")):
        writer.add(
            f"id-edge-{name}",
            "An id with a dot is refused, whatever it seems to mean.",
            "content_confusion",
            "malformed_header",
            sender=sender.named(identifier),
        )


def list_edge_cases(writer: Writer, sender: StandardWebhooks) -> None:
    """Adds lists as long as servers let in."""
    headers, text = sender.headers(), sender.text()
    for name, count, entry, code in (
        ("unknown-versions", 900, f"v9,{'A' * 43}=", "malformed_header"),
        ("wrong-signatures", 900, f"v1,{'A' * 43}=", "no_matching_signature"),
        ("empty-signatures", 9_000, "v1,", "malformed_header"),
    ):
        writer.add(
            f"list-edge-{count}-{name}",
            f"{count} {name.replace('-', ' ')} are none that is right, and cost no more than some do.",
            ["signature_limit", "multiple_signatures"],
            code,
            headers=replaced(headers, sender.signature_header, " ".join([entry] * count)),
        )
    writer.add(
        "list-edge-500-right",
        "The first right one is enough, however many follow.",
        ["signature_limit", "multiple_signatures"],
        sender.event(),
        headers=replaced(headers, sender.signature_header, " ".join([f"v1,{text}"] * 500)),
    )


def pair_edge_cases(writer: Writer, sender: Stripe) -> None:
    text, old = sender.text(), sender.at(str(NOW - 1_000_000)).text()
    zero = f",v1={'0' * 64}"
    for name, value, code, comment in (
        (
            "replay-now-first",
            f"t={NOW},t={NOW - 1_000_000},v1={old}",
            "malformed_header",
            "A captured signature with its own time behind the present one",
        ),
        (
            "replay-now-last",
            f"t={NOW - 1_000_000},t={NOW},v1={old}",
            "malformed_header",
            "A captured signature with its own time before the present one",
        ),
        ("5000-times", f"{f't={NOW},' * 5000}v1={text}", "malformed_header", "Five thousand equal times"),
        ("equals-behind", f"t={NOW},v1={text}=", "malformed_header", "An equals sign behind the signature"),
        ("url-escaped", f"t%3D{NOW}%2Cv1%3D{text}", "malformed_header", "Pairs in the escapes of a URL"),
        ("blanks-around", f"t = {NOW} , v1 = {text}", "malformed_header", "Blanks around names and values"),
        ("60000-commas", "," * 60_000, "malformed_header", "Nothing but separators"),
        (
            "900-wrong",
            f"t={NOW}{zero * 900}",
            "no_matching_signature",
            "Nine hundred wrong signatures",
        ),
    ):
        writer.add(
            f"pairs-edge-{name}",
            f"{comment}: refused.",
            ["malformed_signature", "multiple_signatures"],
            code,
            headers=[[sender.signature_header, value]],
        )
    for name, value, comment in (
        ("comma-first", f",t={NOW},v1={text}", "An empty pair at the front is skipped."),
        ("comma-last", f"t={NOW},v1={text},", "An empty pair at the end is skipped."),
        ("two-commas", f"t={NOW},,v1={text}", "An empty pair in the middle is skipped."),
        (
            "8000-unknown",
            f"t={NOW},{','.join(f'x{count}=1' for count in range(8000))},v1={text}",
            "Eight thousand unknown pairs are skipped.",
        ),
    ):
        writer.add(
            f"pairs-edge-{name}",
            comment,
            "multiple_signatures",
            sender.event(),
            headers=[[sender.signature_header, value]],
        )


def claim_edge_cases(writer: TokenWriter) -> None:
    """Adds times with fractions at the edge of the skew, and texts that are long in one unit and short in another."""
    for name, claims, code in (
        ("exp-half-a-second-within-skew", {"exp": NOW - 59.5}, None),
        ("exp-half-a-second-beyond-skew", {"exp": NOW - 60.5}, "token_expired"),
        ("iat-half-a-second-beyond-skew", {"iat": NOW + 60.5}, "token_not_yet_valid"),
        ("nbf-half-a-second-beyond-skew", {"nbf": NOW + 60.5}, "token_not_yet_valid"),
        ("auth-time-half-a-second-beyond-skew", {"auth_time": NOW + 60.5}, "token_not_yet_valid"),
        ("iat-zero", {"iat": 0}, None),
        ("iat-minus-one", {"iat": -1}, None),
        ("exp-1e300", {"exp": 1e300}, None),
        ("iat-1e300", {"iat": 1e300}, "token_not_yet_valid"),
        ("exp-minus-1e300", {"exp": -1e300}, "token_expired"),
    ):
        writer.add(
            f"claims-edge-{name}",
            f"The skew is 60 seconds, and a time may have a fraction ({name.replace('-', ' ')}).",
            "expiry",
            code,
            claims=claims,
        )
    for name, audience in (("array-of-one", [writer.claims["aud"]]), ("empty-array", []), ("blank", " ")):
        writer.add(
            f"claims-edge-aud-{name}",
            "The audience is exactly one text.",
            "audience",
            "wrong_audience",
            claims={"aud": audience},
        )
