"""The cases of providers with `webhook-id`, `webhook-timestamp` and a list of `v1,` signatures."""

import base64

from generator import body_cases, header_cases, secret_cases, signature_cases, timestamp_cases
from generator.case import NOW, replaced, without
from generator.edge_cases import id_edge_cases, list_edge_cases, time_edge_cases
from generator.standard_secret_cases import secret_form_cases
from generator.timed_senders import StandardWebhooks
from generator.writer import Writer

_LONGEST_HEADER = 65_536


def standard_cases(writer: Writer, sender: StandardWebhooks) -> None:
    """Adds what every such provider gets."""
    header_cases.header_cases(writer)
    signature_cases.signature_cases(writer)
    secret_cases.rotation_cases(writer)
    secret_cases.refused_secret_cases(writer)
    timestamp_cases.timestamp_window_cases(writer, sender)
    body_cases.json_cases(writer, wants_object=True)
    body_cases.size_cases(writer)
    _list_cases(writer, sender)


def form_cases(writer: Writer, sender: StandardWebhooks) -> None:
    """Adds the forms of secrets, timestamps and ids, which no provider changes."""
    timestamp_cases.timestamp_form_cases(writer, sender)
    body_cases.text_cases(writer)
    secret_form_cases(writer, sender)
    _header_cases(writer, sender)
    _long_header_cases(writer, sender)
    _id_cases(writer, sender)
    id_edge_cases(writer, sender)
    list_edge_cases(writer, sender)
    time_edge_cases(writer, sender)


def _header_cases(writer: Writer, sender: StandardWebhooks) -> None:
    headers = sender.headers()
    for header, name in (("webhook-id", "id"), ("webhook-timestamp", "timestamp")):
        writer.add(
            f"missing-{name}",
            f"Without {header} nothing is proven.",
            "missing_header",
            "missing_header",
            headers=without(headers, header),
        )
        value = {key.lower(): value for key, value in headers}[header]
        writer.add(
            f"{name}-twice-same",
            f"Two lines of {header} are refused even when they agree.",
            "duplicate_header",
            "duplicate_header",
            headers=[*headers, [header, value]],
        )
        other = "msg_other" if name == "id" else str(NOW - 5)
        for place, pair in (("first", [[header, other], *headers]), ("last", [*headers, [header, other]])):
            writer.add(
                f"{name}-twice-other-{place}",
                f"Two lines of {header} that differ are refused.",
                "duplicate_header",
                "duplicate_header",
                headers=pair,
            )
    writer.add(
        "empty-timestamp",
        "An empty timestamp is no timestamp.",
        "timestamp_form",
        "malformed_timestamp",
        headers=replaced(headers, "webhook-timestamp", ""),
    )
    writer.add(
        "timestamp-joined",
        "Two timestamps that a proxy joined are no timestamp.",
        "duplicate_header",
        "malformed_timestamp",
        headers=replaced(headers, "webhook-timestamp", f"{NOW}, {NOW}"),
    )
    writer.add(
        "missing-before-stale",
        "A missing header is reported before a stale timestamp.",
        "missing_header",
        "missing_header",
        headers=without(sender.at("0").headers(), "webhook-id"),
    )
    svix = [[key.lower().replace("webhook", "svix"), value] for key, value in headers]
    writer.add(
        "svix-names",
        "The names of another provider with the same scheme are other names.",
        "missing_header",
        "missing_header",
        headers=svix,
    )


def _long_header_cases(writer: Writer, sender: StandardWebhooks) -> None:
    headers, event, good = sender.headers(), sender.event(), sender.wrap(sender.text())
    # A signature of an unknown version fills the list up.
    rest = _LONGEST_HEADER - len(f"{good} v9,")
    add, header = writer.add, sender.signature_header
    long = replaced(headers, header, f"{good} v9,{'A' * rest}")
    add("header-65536", "A header may have 65,536 bytes.", "line_limit", event, headers=long)
    add(
        "header-65537",
        "A header of 65,537 bytes is refused, although it holds a right signature.",
        "line_limit",
        "malformed_header",
        headers=replaced(headers, header, f"{good} v9,{'A' * (rest + 1)}"),
    )
    add(
        "header-65537-id",
        "An id as long as no id may be is refused like any other header of its length.",
        "line_limit",
        "malformed_header",
        headers=replaced(headers, "webhook-id", "m" * (_LONGEST_HEADER + 1)),
    )
    add(
        "header-65537-foreign",
        "A header that nobody reads may have any length.",
        "line_limit",
        event,
        headers=[*headers, ["X-Trace", "a" * (_LONGEST_HEADER + 1)]],
    )


def _id_cases(writer: Writer, sender: StandardWebhooks) -> None:
    event = sender.event()
    for name, identifier in (
        ("uuid", "1f81eb52-5198-4599-803e-771906343485"),
        ("punctuation", "evt_a-b:c/d=e+f,~!"),
        ("one-character", "7"),
        ("255-characters", "m" * 255),
        ("quotes", "\"'<&>`$&"),
    ):
        writer.add(
            f"id-{name}",
            "An id is 1 to 255 visible ASCII characters other than the dot.",
            "open_set",
            {**event, "id": identifier},
            sender=sender.named(identifier),
        )
    for name, identifier, flag, comment in (
        ("empty", "", "content_confusion", "An empty id"),
        ("256-characters", "m" * 256, "content_confusion", "An id of 256 characters"),
        ("dot", "msg.1", "content_confusion", "An id with a dot, which separates the signed parts,"),
        ("trailing-dot", "msg_1.", "content_confusion", "An id that ends in a dot"),
        ("blank", " ", "header_injection", "A blank id"),
        ("inner-blank", "msg 1", "header_injection", "An id with a blank inside"),
        ("leading-blank", " msg_1", "header_injection", "An id with a blank before it"),
        ("comma-joined", "msg_1, msg_1", "duplicate_header", "Two ids that a proxy joined"),
        ("tab", "msg\t1", "header_injection", "An id with a tab"),
        ("line-feed", "msg_1\nx: y", "header_injection", "An id with a line feed"),
        ("crlf", "msg_1\r\nx: y", "header_injection", "An id with a line end"),
        ("nul", "msg_1\x00", "header_injection", "An id with a NUL"),
        ("delete", "msg_1\x7f", "header_injection", "An id with a delete character"),
        ("e-acute", "msg_\u00e9", "header_narrowing", "An id with a letter beyond ASCII"),
        ("utf-8", "msg_\u00c3\u00a9", "header_narrowing", "An id with the UTF-8 of a letter beyond ASCII"),
        ("no-break-space", "msg_1\u00a0", "header_narrowing", "An id with a no-break space"),
    ):
        writer.add(
            f"id-{name}",
            f"{comment} is refused, right as its signature is.",
            flag,
            "malformed_header",
            sender=sender.named(identifier),
        )
    writer.add(
        "id-replaced",
        "A captured request under a new id does not match.",
        "tampered",
        "no_matching_signature",
        headers=replaced(sender.headers(), "webhook-id", "msg_other"),
    )
    inner = f"{NOW - 10}.".encode() + sender.body
    writer.add(
        "dot-in-id",
        "The bytes of the timestamp moved into the id, over the same signed content.",
        "content_confusion",
        "malformed_header",
        headers=[
            ["webhook-id", f"{sender.identifier}.{NOW}"],
            ["webhook-timestamp", str(NOW - 10)],
            ["webhook-signature", sender.wrap(sender.text(inner))],
        ],
    )
    swallowed = sender.over(f"{sender.identifier}.{NOW}.{{}}".encode())
    writer.add(
        "body-in-timestamp",
        "The bytes of the body moved into the timestamp, over the same signed content.",
        "content_confusion",
        "malformed_header",
        body=b"",
        headers=[
            ["webhook-id", f"{sender.identifier}.{NOW}"],
            ["webhook-timestamp", "{}"],
            ["webhook-signature", sender.wrap(swallowed)],
        ],
    )
    for name, content in (
        ("body-alone", sender.body),
        ("stripe-template", f"{NOW}.".encode() + sender.body),
        ("slack-template", f"v0:{NOW}:".encode() + sender.body),
        ("without-dots", f"{sender.identifier}{NOW}".encode() + sender.body),
    ):
        writer.add(
            f"template-{name}",
            "A signature over another template's content does not match.",
            "content_confusion",
            "no_matching_signature",
            headers=sender.headers_around(sender.over(content)),
        )


def _list_cases(writer: Writer, sender: StandardWebhooks) -> None:
    event, headers, header = sender.event(), sender.headers(), sender.signature_header
    good = sender.wrap(sender.text())
    other = sender.wrap(sender.text(secret=sender.other_secret))
    zero = sender.wrap(sender.encode(bytes(32)))
    for name, entries in (
        ("good-last", [zero, other, good]),
        ("good-first", [good, zero]),
        ("unknown-version-first", ["v2,abcdef", good]),
        ("unknown-versions", ["v0,", "v9", "x", good]),
        ("malformed-first", ["v1,", "v1,AAAA", good]),
        ("good-at-32", [zero] * 31 + [good]),
        ("good-twice", [good, good]),
        ("version-in-upper-case-beside", ["V1,AAAA", good]),
        ("blank-first", ["", good]),
        ("blank-last", [good, ""]),
        ("two-blanks", [zero, "", good]),
        ("empty-version-first", [",", ",AAAA", good]),
        ("longer-version-first", ["v11,AAAA", "v1b,AAAA", "v1x", good]),
        ("oversized-first", ["v1," + "A" * 2048, good]),
    ):
        writer.add(
            f"list-{name}",
            f"One right signature of a list is enough ({name.replace('-', ' ')}).",
            "multiple_signatures",
            event,
            headers=replaced(headers, header, " ".join(entries)),
        )
    writer.add(
        "list-both-keys",
        "The sender signs with two keys and the receiver knows the second one.",
        ["multiple_signatures", "rotation"],
        event,
        secret=[sender.other_secret],
        headers=replaced(headers, header, f"{good} {other}"),
    )
    writer.add(
        "list-good-at-33",
        "At most 32 signatures are looked at: the right one is the 33rd.",
        "signature_limit",
        "no_matching_signature",
        headers=replaced(headers, header, " ".join([zero] * 32 + [good])),
    )
    writer.add(
        "list-none-right",
        "None of several well-formed signatures is right.",
        "multiple_signatures",
        "no_matching_signature",
        headers=replaced(headers, header, f"v1,AAAA {zero} {other} v2,AAAA"),
    )
    text = sender.text()
    for name, value, comment in (
        ("no-version", text, "A signature without a version"),
        ("only-v2", f"v2,{text}", "Only a version that is not known"),
        ("upper-case-version", f"V1,{text}", "A version in upper case"),
        ("equals-sign", f"v1={text}", "An equals sign where the comma belongs"),
        ("version-only", "v1,", "A version with nothing behind it"),
        ("version-without-comma", "v1", "A version without a comma"),
        ("extra-comma", f"v1,{text},", "A comma behind the signature"),
        ("version-twice", f"v1,v1,{text}", "The version twice"),
        ("comma-joined", f"v1,{text},v1,{text}", "Two entries joined with a comma"),
        ("newline-joined", f"v1,{text}\nv1,{text}", "Two entries joined with a line feed"),
        ("16-kilobytes-of-blanks", " " * 16_384, "A header of blanks, as long as servers let in,"),
        ("blank-header", " ", "A blank header"),
        ("empty-header", "", "An empty header"),
        ("all-malformed", "v1, v1,AAAA v1,!!!! v1,e30=", "A list of malformed entries"),
        ("tab-joined", f"v1,{text}\tv1,{text}", "Two entries joined with a tab"),
        ("semicolon-joined", f"v1,{text};v1,{text}", "Two entries joined with a semicolon"),
        ("v0", f"v0,{text}", "A version that never was"),
        ("v01", f"v01,{text}", "A version with a leading zero"),
        ("blank-behind-comma", f"v1, {text}", "A blank behind the comma"),
        ("blank-before-comma", f"v1 ,{text}", "A blank before the comma"),
        ("only-ed25519-length", f"v1,{base64.b64encode(bytes(64)).decode()}", "64 bytes under v1"),
    ):
        writer.add(
            f"list-{name}",
            f"{comment} is malformed.",
            "malformed_signature",
            "malformed_header",
            headers=replaced(headers, header, value),
        )
