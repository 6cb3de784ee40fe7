"""The cases about timestamps: the edges of the window, the form, the unit."""

from generator.case import NOW
from generator.catalogue.collect import Collector, other_headers
from generator.catalogue.frame import Time

# What parsers of numbers take, in seconds or milliseconds.
_NUMBERS = {
    "minus-one": "-1",
    "i64-min": "-9223372036854775808",
    "over-i64": "9223372036854775808",
    "underscores": "1_790_000_000",
    "nan": "NaN",
    "infinity": "Infinity",
    "hexadecimal": "0x6ab13b80",
    "400-digits": "9" * 400,
}

_MALFORMED = {
    "seconds": {
        "word": "hello",
        "plus": f"+{NOW}",
        "leading-zero": f"0{NOW}",
        "leading-blank": f" {NOW}",
        "fraction": f"{NOW}.75",
        "exponent": "179e7",
        "iso": "2026-09-21T14:13:20Z",
        "20-digits": "17900000001790000000",
        **_NUMBERS,
    },
    "milliseconds": {
        "word": "hello",
        "plus": f"+{NOW}000",
        "leading-zero": f"0{NOW}000",
        "fraction": f"{NOW}000.5",
        "iso": "2026-09-21T14:13:20.000Z",
        "20-digits": "17900000001790000000",
        **_NUMBERS,
    },
    "rfc3339": {
        "word": "yesterday at noon",
        "no-offset": "2026-09-21T14:13:20",
        "month-13": "2026-13-21T14:13:20Z",
        "unix": str(NOW),
        "trailing-letters": "2026-09-21T14:13:20Zabc",
        "date-alone": "2026-09-21",
        "30-february": "2026-02-30T14:13:20Z",
        "hour-25": "2026-09-21T25:13:20Z",
        "minute-60": "2026-09-21T14:60:20Z",
        "blank-for-t": "2026-09-21 14:13:20Z",
        "no-hyphens": "20260921T141320Z",
        "no-seconds": "2026-09-21T14:13Z",
        "decimal-comma": "2026-09-21T14:13:20,5Z",
        "no-fraction": "2026-09-21T14:13:20.Z",
        "zone-name": "2026-09-21T14:13:20Z[UTC]",
        "short-offset": "2026-09-21T16:13:20+02",
        "one-digit-day": "2026-10-1T14:13:20Z",
        "six-digit-year": "+002026-09-21T14:13:20Z",
        "nan": "NaN",
        "i64-min": "-9223372036854775808",
        "400-digits": "9" * 400,
    },
    "http-date": {
        "word": "yesterday at noon",
        "iso": "2026-09-21T14:13:20Z",
        "unix": str(NOW),
        "day-32": "Mon, 32 Sep 2026 14:13:20 GMT",
        "no-month": "Mon, 21 Foo 2026 14:13:20 GMT",
        "nan": "NaN",
        "400-digits": "9" * 400,
    },
}


def add(to: Collector, time: Time) -> None:
    entry = to.entry
    if "timestamp" in entry.covers.split():
        _forms(to, time)
    _window(to, time)
    _missing(to, time)


def _window(to: Collector, time: Time) -> None:
    entry = to.entry
    for name, offset, code in (
        ("oldest", -time.tolerance, ""),
        ("newest", time.tolerance, ""),
        ("too-old", -time.tolerance - 1, "timestamp_too_old"),
        ("too-new", time.tolerance + 1, "timestamp_too_new"),
    ):
        side = "before" if offset < 0 else "after"
        at = NOW + offset
        to.add(
            f"time-{name}",
            f"{abs(offset)} seconds {side} the clock, and the tolerance is {time.tolerance} seconds.",
            "timestamp_window",
            code or entry.usual(at),
            entry.request(entry.sent(at=at)),
        )
    at = NOW - time.tolerance - 1
    to.add(
        "time-wider-tolerance",
        "A wider tolerance is the user's to give.",
        "timestamp_window",
        entry.usual(at),
        entry.request(entry.sent(at=at)),
        options={"tolerance": time.tolerance + 1},
    )
    to.add(
        "time-no-tolerance",
        "With a tolerance of zero a second is too much.",
        "timestamp_window",
        "timestamp_too_old",
        entry.request(entry.sent(at=NOW - 1)),
        options={"tolerance": 0},
    )


def _forms(to: Collector, time: Time) -> None:
    entry = to.entry
    for name, text in _MALFORMED[time.form].items():
        to.add(
            f"time-malformed-{name}",
            f"The text {text!r} is signed, and it is no timestamp of this provider.",
            "timestamp_form",
            "malformed_timestamp",
            entry.request(entry.sent(time=text)),
        )
    if entry.arrange is None:
        _controls(to)
    units = {
        "seconds": (f"{NOW}000", "timestamp_too_new", "Milliseconds where seconds belong are far ahead."),
        "milliseconds": (str(NOW), "timestamp_too_old", "Seconds where milliseconds belong are long ago."),
    }
    if time.form in units:
        text, code, comment = units[time.form]
        to.add("time-other-unit", comment, "timestamp_form", code, entry.request(entry.sent(time=text)))
    signed = entry.text()
    to.add(
        "time-tampered",
        "Another timestamp within the window under the same signature.",
        "tampered",
        "no_matching_signature",
        entry.request(entry.sent(at=NOW - 1), [signed]),
    )
    if time.form == "milliseconds":
        to.add(
            "time-with-milliseconds",
            "The milliseconds are kept.",
            "timestamp_form",
            entry.usual(sent_at=NOW + 0.25),
            entry.request(entry.sent(time=f"{NOW}250")),
        )
    if time.form == "rfc3339":
        to.add(
            "time-with-offset",
            "An offset and nanoseconds are read, and signed as they are written.",
            "timestamp_form",
            entry.usual(sent_at=NOW + 0.634234),
            entry.request(entry.sent(time="2026-09-21T16:13:20.634234626+02:00")),
        )


def _controls(to: Collector) -> None:
    entry = to.entry
    now = entry.sent().time
    for name, text in (("tab", f"\t{now}"), ("line-feed", f"{now}\n"), ("nul", f"{now}\x00")):
        to.add(
            f"time-with-{name}",
            "A control character beside the time is refused.",
            "header_injection",
            "malformed_header",
            entry.request(entry.sent(time=text)),
        )


def _missing(to: Collector, time: Time) -> None:
    if time.header is None:
        return
    usual = to.entry.request()
    to.add(
        "time-missing",
        "The timestamp is signed, so it must be there.",
        "missing_header",
        "missing_header",
        other_headers(usual, {time.header: None}),
    )
    to.add(
        "time-empty",
        "An empty timestamp is none.",
        "timestamp_form",
        "malformed_timestamp",
        other_headers(usual, {time.header: ""}),
    )
