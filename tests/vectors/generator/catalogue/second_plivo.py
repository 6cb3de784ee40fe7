"""Plivo, which signs the URL and a nonce, and since version 3 the parameters."""

from collections.abc import Sequence
from dataclasses import replace

from generator.case import Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.form_edges import is_exact, query_limit_cases
from generator.catalogue.forms import FORM, form_cases, is_form, read, tail
from generator.catalogue.frame import Entry, Request, Sent
from generator.catalogue.targets import URL, url_cases


def _plivo_v2(entry: Entry) -> list[Case]:
    usual = entry.request()
    main, own = "X-Plivo-Signature-Ma-V2", "X-Plivo-Signature-V2"
    bare = URL.encode() + (entry.id or "").encode()
    whole = f"{entry.url}{entry.id}".encode()
    return [
        made(
            entry,
            "main-account",
            "The main account signs in a header of its own.",
            "multiple_signatures",
            entry.usual(),
            other_headers(usual, {own: None, main: entry.text()}),
        ),
        made(
            entry,
            "both-accounts",
            "Both accounts sign, and the secret is that of one.",
            "multiple_signatures",
            entry.usual(),
            other_headers(usual, {own: entry.text(secret=entry.other_secret), main: entry.text()}),
        ),
        made(
            entry,
            "query-not-signed",
            "Plivo signs the URL without its query.",
            "request_target",
            entry.usual(),
            replace(usual, url=f"{URL}?other=query"),
        ),
        made(
            entry,
            "query-signed",
            "A signature over the URL with its query is right as well.",
            "request_target",
            entry.usual(),
            entry.request(texts=[entry.encode(entry.digest(whole))]),
        ),
        made(
            entry,
            "other-body",
            "The body is not signed, and the proof does not cover it.",
            "body_not_covered",
            entry.bare(data=None),
            replace(usual, body=b"a=b"),
        ),
        made(
            entry,
            "other-path",
            "A captured request is sent to another path.",
            "tampered",
            "no_matching_signature",
            replace(usual, url=f"{URL}/other"),
        ),
        made(
            entry,
            "no-url",
            "The URL is signed, so the application has to hand it over.",
            "request_target",
            "invalid_option",
            replace(usual, url=None),
        ),
        made(
            entry,
            "public-url",
            "The URL that the sender calls is given.",
            "request_target",
            entry.usual(),
            replace(usual, url="http://10.0.0.7:8080/internal"),
            options={"url": URL},
        ),
        made(
            entry,
            "dot-before-the-nonce",
            "A signature in the manner of the next version.",
            "content_confusion",
            "no_matching_signature",
            entry.request(texts=[entry.encode(entry.digest(bare.replace(b"/in", b"/in.")))]),
        ),
    ]


def _plivo_message(sent: Sent) -> bytes:
    base, _, query = (sent.url or "").partition("?")
    asked = "&".join(f"{name}={value}" for name, value in sorted(read(query)))
    posted = tail(sent.body)
    if posted:
        base += f"?{asked}." if asked else "?"
    elif asked:
        base += f"?{asked}"
    return f"{base}{posted}.{sent.id}".encode()


def _plivo_cover(request: Request) -> str:
    return "body id type url" if is_form(request) and is_exact(request.body) else "id type url"


def _plivo_v3(entry: Entry) -> list[Case]:
    usual = entry.request()
    form = {"Content-Type": FORM}

    def sent(url: str, body: bytes, texts: Sequence[str] | None = None) -> Request:
        return entry.request(entry.sent(body, url=url), texts)

    asked, posted = f"{URL}?b=2&a=1&a=0&text=x+y%26z", entry.body
    alone = entry.text(entry.sent(b"", url=URL))
    return [
        *url_cases(entry),
        *form_cases(entry),
        *query_limit_cases(entry),
        made(
            entry,
            "main-account",
            "The main account signs in a header of its own.",
            "multiple_signatures",
            entry.usual(),
            other_headers(usual, {"X-Plivo-Signature-V3": None, "X-Plivo-Signature-Ma-V3": entry.text()}),
        ),
        made(
            entry,
            "query-and-form",
            "The query is sorted, then come the fields.",
            "parameters",
            entry.usual(),
            sent(asked, posted),
        ),
        made(
            entry,
            "query-alone",
            "A request by GET has its parameters in the query.",
            "parameters",
            entry.bare(data=None),
            sent(asked, b""),
        ),
        made(
            entry,
            "no-parameters",
            "A request without any parameters.",
            "parameters",
            entry.bare(data=None),
            sent(URL, b""),
        ),
        made(
            entry,
            "fields-added-to-none",
            "Fields were added to a request that had none.",
            "tampered",
            "no_matching_signature",
            sent(URL, b"a=b", [alone]),
        ),
        made(
            entry,
            "query-added-to-none",
            "A query was added to a request that had none.",
            "tampered",
            "no_matching_signature",
            sent(f"{URL}?a=b", b"", [alone]),
        ),
        made(
            entry,
            "query-reordered",
            "The order of the query does not matter.",
            "parameters",
            entry.bare(data=None),
            sent(f"{URL}?a=0&a=1&text=x+y%26z&b=2", b"", [entry.text(entry.sent(b"", url=asked))]),
        ),
        made(
            entry,
            "json",
            "A body that is no form is not signed, and the proof does not cover it.",
            "body_not_covered",
            entry.bare(data={"a": 1}),
            other_headers(sent(URL, b'{"a":1}', [alone]), {**form, "Content-Type": "application/json"}),
        ),
    ]


ENTRIES = [
    Entry(
        provider="plivo-v2",
        header="X-Plivo-Signature-V2",
        encoding="base64",
        signed=lambda sent: f"{(sent.url or '').partition('?')[0]}{sent.id}".encode("latin-1"),
        url=f"{URL}?account=1",
        method="POST",
        bodies="any",
        body=b"MessageUUID=5b40a428&Status=delivered",
        covers="id",
        id="05429567804466091622",
        id_header="X-Plivo-Signature-V2-Nonce",
        type="delivered",
        attributes={"message": "5b40a428"},
        other_headers={"Content-Type": FORM},
        extra=_plivo_v2,
    ),
    Entry(
        provider="plivo-v3",
        header="X-Plivo-Signature-V3",
        encoding="base64",
        separator=",",
        signed=_plivo_message,
        url=URL,
        method="POST",
        bodies="any",
        body=b"CallStatus=ringing&CallUUID=5b40a428&Event=StartApp",
        covers="body id type url",
        cover=_plivo_cover,
        id="83012345678901234567",
        id_header="X-Plivo-Signature-V3-Nonce",
        type="StartApp",
        attributes={"call": "5b40a428"},
        other_headers={"Content-Type": FORM},
        # Where the fields stand depends on whether there is a query; a signer writes the first of two contents.
        signs=False,
        extra=_plivo_v3,
    ),
]
