"""The cases about the names and the number of headers."""

from generator.case import without
from generator.writer import Writer


def header_cases(writer: Writer) -> None:
    sender, add = writer.sender, writer.add
    headers, event = sender.headers(), sender.event()
    signature = sender.signature_header
    add("baseline", "The request as the provider sends it.", "baseline", event)
    for name, spell in (("lower", str.lower), ("upper", str.upper), ("mixed", _mixed)):
        spelled = [[spell(key), value] for key, value in headers]
        add(
            f"{name}-case-header-names",
            f"Header names in {name} case are the same names.",
            "header_case",
            event,
            headers=spelled,
        )
    add(
        "unrelated-headers",
        "Signature headers of other providers and repeated foreign headers do not matter.",
        "header_case",
        event,
        headers=[
            *headers,
            ["X-Signature", "00"],
            ["X-Forwarded-For", "192.0.2.1"],
            ["X-Forwarded-For", "192.0.2.2"],
        ],
    )
    add(
        "missing-signature",
        "Without the signature header nothing is proven.",
        "missing_header",
        "missing_header",
        headers=without(headers, signature),
    )
    add(
        "no-headers",
        "A request without any header is refused.",
        "missing_header",
        "missing_header",
        headers=[],
    )
    underscored = [[key.replace("-", "_"), value] for key, value in headers]
    add(
        "underscores-in-names",
        "A header name with underscores is another name.",
        "missing_header",
        "missing_header",
        headers=underscored,
    )
    add(
        "signature-in-another-header",
        "A right signature in a header of another name proves nothing.",
        "missing_header",
        "missing_header",
        headers=[*without(headers, signature), ["X-Other-Signature", sender.wrap(sender.text())]],
    )
    add(
        "signature-twice-same",
        "The signature header twice is refused even when both lines agree.",
        "duplicate_header",
        "duplicate_header",
        headers=[*headers, [signature, sender.wrap(sender.text())]],
    )
    bad = sender.wrap(sender.encode(bytes(32)))
    add(
        "signature-twice-bad-first",
        "Two signature lines are refused when only the second one is right.",
        "duplicate_header",
        "duplicate_header",
        headers=[*without(headers, signature), [signature, bad], [signature, sender.wrap(sender.text())]],
    )
    add(
        "signature-twice-bad-last",
        "Two signature lines are refused when only the first one is right, in any case.",
        "duplicate_header",
        "duplicate_header",
        headers=[*headers, [signature.swapcase(), bad]],
    )


def _mixed(name: str) -> str:
    return "".join(letter.upper() if index % 2 else letter.lower() for index, letter in enumerate(name))
