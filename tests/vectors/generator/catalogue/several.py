"""The cases about requests with several signatures: while a secret is replaced, and of other versions."""

from collections.abc import Sequence
from dataclasses import replace

from generator.catalogue.collect import Collector
from generator.catalogue.frame import Entry, Request, base64_secret


def add(to: Collector) -> None:
    entry = to.entry
    good, other = entry.text(), entry.text(secret=entry.other_secret)
    to.add(
        "only-the-second-right",
        "The first of two signatures is of a secret that is not configured.",
        "multiple_signatures",
        entry.usual(),
        entry.request(texts=[other, good]),
    )
    to.add(
        "only-the-first-right",
        "The second of two signatures is of a secret that is not configured.",
        "multiple_signatures",
        entry.usual(),
        entry.request(texts=[good, other]),
    )
    to.add(
        "second-right-for-the-second",
        "Two signatures and two secrets: the second signature is of the second secret.",
        ["multiple_signatures", "rotation"],
        entry.usual(key_index=1),
        entry.request(texts=[other, good]),
        secret=[_third(entry), entry.secret],
    )
    to.add(
        "malformed-beside-right",
        "A malformed signature beside a right one is skipped.",
        "multiple_signatures",
        entry.usual(),
        entry.request(texts=["dummy!", good]),
    )
    to.add(
        "none-right",
        "Neither of two signatures is of the configured secret.",
        "wrong_key",
        "no_matching_signature",
        entry.request(texts=[other, other]),
    )
    if isinstance(entry.header, tuple):
        _families(to, entry.header, good)
    elif entry.pair:
        _pairs(to, entry.pair, good)
    elif entry.prefix:
        sent = entry.sent()
        end = entry.prefix[-1]
        to.add(
            "unknown-version-beside",
            "A signature of an unknown version beside the right one is skipped.",
            "multiple_signatures",
            entry.usual(),
            entry.placed(sent, [f"v9{end}{good}", entry.prefix + good]),
        )
        to.add(
            "unknown-versions-only",
            "Signatures of unknown versions alone prove nothing.",
            "malformed_signature",
            "malformed_header",
            entry.placed(sent, [f"v9{end}{good}", f"v0{end}{good}"]),
        )
    if entry.separator:
        to.add(
            "empty-beside-right",
            "An empty signature beside the right one is skipped.",
            "multiple_signatures",
            entry.usual(),
            entry.request(texts=["", good]),
        )


def _third(entry: Entry) -> str:
    """Returns a secret of the provider's form that signed nothing."""
    return entry.third_secret or base64_secret("hookproof third", "")


def _families(to: Collector, names: Sequence[str], good: str) -> None:
    entry = to.entry
    for name in names:
        lines = [line for line in entry.request().headers if line[0] not in names]
        to.add(
            f"only-{name.lower()}",
            f"Of all signature headers only {name} is there, and it is right.",
            "multiple_signatures",
            entry.usual(),
            replace(entry.request(), headers=[*lines, [name, entry.prefix + good]]),
        )


def _pairs(to: Collector, key: str, good: str) -> None:
    entry = to.entry
    header, time = entry.headers[0], entry.time
    first = [f"{time.pair}={entry.sent().time}"] if time and time.pair else []
    joined = entry.joined or entry.separator or ","

    def with_pairs(*pairs: str, by: str = joined) -> Request:
        lines = [
            [name, by.join(pairs) if name == header else value] for name, value in entry.request().headers
        ]
        return replace(entry.request(), headers=lines)

    to.add(
        "unknown-version-beside",
        "A pair with a key that is not known is skipped.",
        "multiple_signatures",
        entry.usual(),
        with_pairs(*first, f"v9={good}", f"{key}={good}"),
    )
    to.add(
        "unknown-versions-only",
        "A right signature under a key that is not known proves nothing.",
        "malformed_signature",
        "malformed_header",
        with_pairs(*first, f"v9={good}"),
    )
    to.add(
        "pairs-reversed",
        "The order of the pairs does not matter.",
        "multiple_signatures",
        entry.usual(),
        with_pairs(f"{key}={good}", *first),
    )
    to.add(
        "pair-without-value",
        "The signature's key without a value.",
        "malformed_signature",
        "malformed_header",
        with_pairs(*first, key),
    )
    for name, value in (("empty", ""), ("separators-only", joined * 2), ("no-pairs", good)):
        to.add(
            f"pairs-{name}",
            f"The header holds no pair at all ({name.replace('-', ' ')}).",
            "malformed_signature",
            "malformed_header",
            with_pairs(value),
        )
    if first:
        to.add(
            "time-pair-missing",
            "The signature without its timestamp.",
            "malformed_signature",
            "malformed_header",
            with_pairs(f"{key}={good}"),
        )
        to.add(
            "time-pair-twice",
            "Two timestamps: one would be signed, the other one checked.",
            "malformed_signature",
            "malformed_header",
            with_pairs(*first, *first, f"{key}={good}"),
        )
        other = ";" if (entry.separator or ",") == "," else ","
        to.add(
            "other-separator",
            f"Pairs that are separated by {other!r} are one pair.",
            "malformed_signature",
            "malformed_timestamp",
            with_pairs(*first, f"{key}={good}", by=other),
        )
    separator = entry.separator or ","
    by = separator if joined != separator else f"{separator} "
    comment = "may be left out or added." if entry.blanks else "would be part of the key."
    to.add(
        "blank-between-pairs",
        f"A blank after {separator!r} {comment}",
        "malformed_signature",
        entry.usual() if entry.blanks else "malformed_header",
        with_pairs(*(first or ["v9=00"]), f"{key}={good}", by=by),
    )
