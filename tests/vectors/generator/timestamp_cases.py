"""The cases about signed timestamps. Every text is signed as it stands, so only its form can be wrong."""

from generator.case import NOW
from generator.timed_senders import TimedSender
from generator.writer import Writer

_NO_TIMESTAMPS = {
    "plus": f"+{NOW}",
    "minus": f"-{NOW}",
    "leading-blank": f" {NOW}",
    "trailing-blank": f"{NOW} ",
    "leading-zero": f"0{NOW}",
    "plus-one": "+1",
    "minus-one": "-1",
    "minus-zero": "-0",
    "blank-one": " 1",
    "zero-one": "01",
    "one-point-zero": "1.0",
    "1e9": "1e9",
    "1-000": "1_000",
    "400-digits": "9" * 400,
    "negative-infinity": "-inf",
    "long-suffix": f"{NOW}L",
    "empty-quotes": '""',
    "two-zeros": "00",
    "fraction": f"{NOW}.0",
    "exponent": "179e7",
    "underscores": "1_790_000_000",
    "thousands": "1'790'000'000",
    "trailing-letters": f"{NOW}abc",
    "hexadecimal": "0x6ab13b80",
    "nan": "NaN",
    "infinity": "Infinity",
    "word": "hello",
    "iso-8601": "2026-09-21T14:13:20Z",
    "i64-min": "-9223372036854775808",
    "over-i64": "9223372036854775808",
    "20-digits": "17900000001790000000",
    "braces": "{}",
}


def timestamp_form_cases(writer: Writer, sender: TimedSender) -> None:
    """Adds texts that some parser takes for a number."""
    for name, text in _NO_TIMESTAMPS.items():
        writer.add(
            f"timestamp-{name}",
            f"A timestamp is digits only, not {text!r}.",
            "timestamp_form",
            "malformed_timestamp",
            sender=sender.at(text),
        )
    writer.add(
        "timestamp-i64-max",
        "The largest timestamp that fits is in the future; nothing overflows.",
        ["timestamp_form", "timestamp_window"],
        "timestamp_too_new",
        sender=sender.at("9223372036854775807"),
    )
    writer.add(
        "timestamp-zero",
        "0 is a timestamp, and a very old one.",
        ["timestamp_form", "timestamp_window"],
        "timestamp_too_old",
        sender=sender.at("0"),
    )
    writer.add(
        "timestamp-i64-max-at-zero",
        "The largest timestamp minus the smallest clock does not overflow.",
        ["timestamp_form", "timestamp_window"],
        "timestamp_too_new",
        sender=sender.at("9223372036854775807"),
        now=0,
    )
    writer.add(
        "timestamp-superscript-digit",
        "A superscript two is no digit and not ASCII.",
        "header_narrowing",
        "malformed_header",
        sender=sender.at(f"{NOW}\u00b2"),
    )
    for name, text, code in (
        ("milliseconds", f"{NOW}000", "timestamp_too_new"),
        ("microseconds", f"{NOW}000000", "timestamp_too_new"),
        ("minutes", str(NOW // 60), "timestamp_too_old"),
    ):
        writer.add(
            f"timestamp-in-{name}",
            f"A time in {name} where seconds belong is far off.",
            ["timestamp_form", "timestamp_window"],
            code,
            sender=sender.at(text),
        )
    for name, text in (
        ("tab", f"\t{NOW}"),
        ("nul", f"{NOW}\x00"),
        ("line-feed", f"{NOW}\n"),
        ("carriage-return", f"{NOW}\r"),
    ):
        writer.add(
            f"timestamp-with-{name}",
            "A control character beside the digits is refused.",
            "header_injection",
            "malformed_header",
            sender=sender.at(text),
        )
    arabic = "".join(chr(0x0660 + int(digit)) for digit in str(NOW))
    writer.add(
        "timestamp-arabic-digits",
        "Arabic-Indic digits, in UTF-8, are digits to Python's int and to no signature's sender.",
        "header_narrowing",
        "malformed_header",
        sender=sender.at(arabic.encode().decode("latin-1")),
    )
    full_width = "".join(chr(0xFF10 + int(digit)) for digit in str(NOW))
    writer.add(
        "timestamp-full-width-digits",
        "Full-width digits, in UTF-8, are digits to Python's int and to no signature's sender.",
        "header_narrowing",
        "malformed_header",
        sender=sender.at(full_width.encode().decode("latin-1")),
    )


def timestamp_window_cases(writer: Writer, sender: TimedSender) -> None:
    """Adds the edges of the tolerance, and requests that were captured."""
    event = sender.event()
    for name, offset, code in (
        ("past-edge", -300, ""),
        ("future-edge", 300, ""),
        ("too-old", -301, "timestamp_too_old"),
        ("too-new", 301, "timestamp_too_new"),
    ):
        at = str(NOW + offset)
        expect = code or {**event, "sent_at": NOW + offset}
        writer.add(
            f"tolerance-{name}",
            f"{abs(offset)} seconds {'before' if offset < 0 else 'after'} the clock.",
            "timestamp_window",
            expect,
            sender=sender.at(at),
            options={"tolerance": 300},
        )
        writer.add(
            f"tolerance-{name}-default",
            "The default tolerance is 300 seconds both ways.",
            "timestamp_window",
            expect,
            sender=sender.at(at),
        )
    writer.add(
        "tolerance-ten-years-ahead",
        "Ten years in the future is not fresh.",
        "timestamp_window",
        "timestamp_too_new",
        sender=sender.at(str(NOW + 315_360_000)),
    )
    writer.add(
        "tolerance-ten-years-ago",
        "Ten years in the past is not fresh.",
        "timestamp_window",
        "timestamp_too_old",
        sender=sender.at(str(NOW - 315_360_000)),
    )
    writer.add(
        "tolerance-zero",
        "With a tolerance of zero, exactly now is accepted.",
        "timestamp_window",
        event,
        options={"tolerance": 0},
    )
    for name, offset, code in (("old", -1, "timestamp_too_old"), ("new", 1, "timestamp_too_new")):
        writer.add(
            f"tolerance-zero-too-{name}",
            "With a tolerance of zero, a second is too much.",
            "timestamp_window",
            code,
            sender=sender.at(str(NOW + offset)),
            options={"tolerance": 0},
        )
    writer.add(
        "tolerance-wide",
        "A wider tolerance is the user's to give.",
        "timestamp_window",
        {**event, "sent_at": NOW - 3_600},
        sender=sender.at(str(NOW - 3_600)),
        options={"tolerance": 3_600},
    )
    writer.add(
        "stale-and-forged",
        "The window is checked before the signature.",
        "timestamp_window",
        "timestamp_too_old",
        headers=sender.at(str(NOW - 301)).headers(secret=sender.other_secret),
    )
    captured = sender.headers_around(sender.at(str(NOW - 900)).text())
    writer.add(
        "fresh-timestamp-on-captured-request",
        "A captured request under a fresh timestamp does not match.",
        "tampered",
        "no_matching_signature",
        headers=captured,
    )
