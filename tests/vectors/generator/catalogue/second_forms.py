"""The providers whose signature is a field of a form."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from generator.case import Case
from generator.catalogue.collect import check_published, made
from generator.catalogue.form_edges import is_exact, query_limit_cases
from generator.catalogue.forms import FORM, form_cases, is_form, read, written
from generator.catalogue.frame import Entry, Request, Sent, digest_of
from generator.catalogue.hashes import hash_cases, plain_hash
from generator.catalogue.targets import URL

# Braintree: a signed payload beside its signatures.
_PAYLOAD = base64.encodebytes(
    b"<notification><kind>subscription_went_past_due</kind><timestamp>2026-09-21T14:13:19Z</timestamp>"
    b"<subject><subscription><id>123</id></subscription></subject></notification>"
).decode()


def _braintree_arranged(entry: Entry, sent: Sent, signatures: Sequence[str]) -> Request:
    payload = dict(read(sent.body))["bt_payload"]
    body = written([("bt_signature", "&".join(signatures)), ("bt_payload", payload)])
    return Request([["Content-Type", FORM]], body, sent.method, sent.url)


def _braintree(entry: Entry) -> list[Case]:
    usual, payload = entry.request(), _PAYLOAD.rstrip("\n")
    trimmed = entry.sent(written([("bt_payload", payload)]))
    digest = entry.digest(_PAYLOAD.encode())
    fields = dict(read(usual.body))
    text_key = Entry(provider="", body=b"", covers="", algorithm="sha1", secret=entry.secret)

    def form(*pairs: tuple[str, str]) -> Request:
        return replace(usual, body=written(pairs))

    signature, signed = ("bt_signature", fields["bt_signature"]), ("bt_payload", fields["bt_payload"])
    return [
        made(
            entry,
            "line-feed-lost",
            "The line feed at the end of the payload was signed and is gone.",
            "crlf_trimmed",
            entry.usual(attributes={"payload": payload}),
            entry.request(trimmed, [entry.encode(digest)]),
        ),
        made(
            entry,
            "without-line-feed",
            "A payload that never ended with a line feed.",
            "crlf_trimmed",
            entry.usual(attributes={"payload": payload}),
            entry.request(trimmed),
        ),
        made(
            entry,
            "line-feed-added",
            "A line feed was added to the payload.",
            "tampered",
            "no_matching_signature",
            form(signature, ("bt_payload", f"{_PAYLOAD}\n")),
        ),
        made(
            entry,
            "other-payload",
            "The payload was changed.",
            "tampered",
            "no_matching_signature",
            form(signature, ("bt_payload", f"A{_PAYLOAD}")),
        ),
        made(
            entry,
            "other-public-key",
            "The public key beside a signature is not compared: every configured key is tried.",
            "multiple_signatures",
            entry.usual(),
            entry.placed(entry.sent(), [f"another_public_key|{entry.text()}"]),
        ),
        made(
            entry,
            "signed-with-the-text",
            "The text of the private key is not the key of the MAC, its SHA-1 is.",
            "secret_form",
            "no_matching_signature",
            entry.request(texts=[text_key.digest(_PAYLOAD.encode()).hex()]),
        ),
        made(
            entry,
            "fields-reordered",
            "The order of the fields does not matter.",
            "parameters",
            entry.usual(),
            form(signed, signature),
        ),
        made(
            entry,
            "unsigned-field",
            "Another field is not signed, and the proof does not cover the body.",
            "body_not_covered",
            {**entry.usual(), "covers": ["id"]},
            form(("bt_challenge", "x"), signature, signed),
        ),
        made(
            entry,
            "payload-twice",
            "Two payloads: one would be checked, the other one read.",
            "duplicate_header",
            "duplicate_header",
            form(signature, signed, signed),
        ),
        made(
            entry,
            "signature-twice",
            "Two fields of signatures, even equal ones.",
            "duplicate_header",
            "duplicate_header",
            form(signature, signature, signed),
        ),
        made(
            entry,
            "no-signature",
            "Without a signature nothing is proven.",
            "missing_header",
            "missing_header",
            form(signed),
        ),
        made(
            entry,
            "no-payload",
            "A signature over nothing.",
            "missing_header",
            "missing_header",
            form(signature),
        ),
        made(
            entry,
            "not-a-form",
            "The fields count only where the body is said to be a form.",
            "missing_header",
            "missing_header",
            replace(usual, headers=[["Content-Type", "text/plain"]]),
        ),
    ]


def _vonage_message(sent: Sent) -> bytes:
    fields = read(sent.body) if sent.body else read((sent.url or "").partition("?")[2])
    changed = ((name, value.replace("&", "_").replace("=", "_")) for name, value in sorted(fields))
    return "".join(f"&{name}={value}" for name, value in changed).encode()


def _vonage_arranged(entry: Entry, sent: Sent, signatures: Sequence[str]) -> Request:
    signature = written([("sig", signatures[0])])
    if sent.body:
        return Request([["Content-Type", FORM]], sent.body + b"&" + signature, sent.method, sent.url)
    mark = "&" if "?" in (sent.url or "") else "?"
    return Request([], b"", sent.method, f"{sent.url}{mark}{signature.decode()}")


def _vonage_fields(request: Request) -> list[tuple[str, str]]:
    return read(request.body) or read((request.url or "").partition("?")[2])


def _vonage_id(request: Request) -> str:
    left_out = ("sig", "timestamp", "nonce")
    kept = sorted((name, value) for name, value in _vonage_fields(request) if name not in left_out)
    changed = ((name, value.replace("&", "_").replace("=", "_")) for name, value in kept)
    return digest_of("".join(f"&{name}={value}" for name, value in changed))


def _vonage_cover(request: Request) -> str:
    """Tells what is covered: a form whose values could not have been written otherwise."""
    clear = not any(set(value) & set("&=_") for _, value in _vonage_fields(request))
    return "body id" if is_form(request) and clear and is_exact(request.body) else "id"


_VONAGE_FORM = (
    b"message-timestamp=2013-11-21+15%3A27%3A30&messageId=020000001B0FE827&msisdn=14843472194&text=Test+again"
    b"&timestamp=1385047698&to=13239877404&type=text"
)


_VONAGE_PUBLISHED = {
    "md5hash": "d2e7b1dc968737c5998ad624e02f90b7",
    "md5": "DDEBD46008C2D4E93CCE578A332A52D5",
    "sha1": "27D0D05C2876C7CB1720DBCDBA4D492E1E55C09A",
    "sha256": "DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330",
    "sha512": "E0D3C650F8C9D1A5C174D10DDDBFB003E561F59B265616208B0487C5D819481C"
    "D3C311D59CF6165ECD1139622D5BA3A256C0D763AC4A9AD9144B5A426B94FE82",
}


def _vonage(entry: Entry) -> list[Case]:
    kind = entry.provider.removeprefix("vonage-sms-")
    published = _VONAGE_PUBLISHED[kind]
    check_published(
        entry, entry.text(entry.sent(_VONAGE_FORM), "my_secret_key_for_testing"), published.lower()
    )
    usual, signed = entry.request(), entry.text()
    query = entry.sent(b"", url=f"{URL}?{entry.body.decode()}", method="GET")
    in_query = entry.request(query)
    special = entry.body + b"&text=a%26b%3Dc+%C3%A9"
    unlike = entry.body + b"&text=a_b_c+%C3%A9"
    return [
        *(hash_cases(entry) if entry.sign else []),
        *form_cases(entry),
        *query_limit_cases(entry, query),
        made(
            entry,
            "published",
            "A value that the provider published, in the letters that it published.",
            "published",
            {
                "id": published,
                "type": None,
                "covers": [],
                "attributes": {"message": "020000001B0FE827", "timestamp": "1385047698"},
            },
            entry.request(entry.sent(_VONAGE_FORM), [published]),
            secret=["my_secret_key_for_testing"],
        ),
        made(
            entry,
            "query",
            "A request by GET has its parameters in the query.",
            "parameters",
            entry.usual(),
            in_query,
        ),
        made(
            entry,
            "query-changed",
            "The parameters in the query are signed.",
            "tampered",
            "no_matching_signature",
            replace(in_query, url=(in_query.url or "").replace("delivered", "failed")),
        ),
        made(
            entry,
            "public-url",
            "The URL that the sender calls is given, and the query is that of the request.",
            "request_target",
            entry.usual(),
            replace(in_query, url=(in_query.url or "").replace("https://example.com", "http://10.0.0.7")),
            options={"url": URL},
        ),
        made(
            entry,
            "separators-replaced",
            "The characters & and = in values are signed as underscores.",
            "parameters",
            entry.usual(),
            entry.request(entry.sent(special)),
        ),
        made(
            entry,
            "separators-alike",
            "A value with underscores has the signature of one with & and =: that is how Vonage signs.",
            "parameters",
            entry.usual(),
            entry.request(entry.sent(unlike), [entry.text(entry.sent(special))]),
        ),
        made(
            entry,
            "old-timestamp",
            "The signed time is reported and not compared with the clock.",
            "timestamp_window",
            entry.usual(attributes={**entry.attributes, "timestamp": "1385047698"}),
            entry.request(entry.sent(entry.body.replace(b"1790000000", b"1385047698"))),
        ),
        made(
            entry,
            "no-signature",
            "Without a signature nothing is proven.",
            "missing_header",
            "missing_header",
            replace(usual, body=entry.body),
        ),
        made(
            entry,
            "signature-twice",
            "Two signatures, even equal ones.",
            "duplicate_header",
            "duplicate_header",
            replace(usual, body=usual.body + b"&sig=" + signed.encode()),
        ),
        made(
            entry,
            "not-a-form",
            "The fields count only where the body is said to be a form.",
            "missing_header",
            "missing_header",
            replace(usual, headers=[["Content-Type", "application/json"]]),
        ),
    ]


def _vonage_entry(kind: str) -> Entry:
    made_of: dict[str, Any] = {"algorithm": kind}
    if kind == "md5hash":
        made_of = {"sign": plain_hash("md5", secret_last=True), "algorithm_name": "md5"}
    return Entry(
        provider=f"vonage-sms-{kind}",
        arrange=_vonage_arranged,
        signed=_vonage_message,
        **made_of,
        url=URL,
        method="POST",
        bodies="any",
        body=b"messageId=0A0000000123ABCD1&status=delivered&timestamp=1790000000&err-code=0",
        covers="body id",
        identify=_vonage_id,
        cover=_vonage_cover,
        attributes={"message": "0A0000000123ABCD1", "status": "delivered", "timestamp": "1790000000"},
        # A signer writes headers, and this signature is a field of the body.
        signs=False,
        extra=_vonage,
    )


ENTRIES = [
    Entry(
        provider="braintree",
        arrange=_braintree_arranged,
        signed=lambda sent: dict(read(sent.body))["bt_payload"].encode(),
        key=lambda secret: hashlib.sha1(secret.encode()).digest(),
        algorithm="sha1",
        prefix="integration_public_key|",
        separator="&",
        # The public key before a signature is not compared.
        skip=frozenset({"prefix-unknown", "prefix-twice", "unknown-versions-only"}),
        bodies="any",
        body=written([("bt_payload", _PAYLOAD)]),
        covers="body id",
        identify=lambda request: digest_of(dict(read(request.body))["bt_payload"]),
        attributes={"payload": _PAYLOAD},
        # A signer writes headers, and this signature is a field of the body.
        signs=False,
        extra=_braintree,
    ),
    *map(_vonage_entry, _VONAGE_PUBLISHED),
]
