"""The providers that sign the URL and the fields of a form."""

import hashlib

from generator.case import Case
from generator.catalogue.collect import check_published, made, other_headers
from generator.catalogue.form_edges import query_limit_cases, url_limit_cases
from generator.catalogue.forms import FORM, form_cases, read, tail, written
from generator.catalogue.frame import Entry, Request, digest_of
from generator.catalogue.targets import URL, url_cases

# Twilio: a URL that nobody agrees on, and a form or the hash of a body.
_TWILIO_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"


_TWILIO_FORM = written(
    [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]
)


# Values that the provider published, all of the secret 12345: name, URL, form, signature.
_TWILIO_PUBLISHED = (
    ("form", _TWILIO_URL, _TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https-port", _TWILIO_URL.replace(".com", ".com:1234"), _TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (
        "http-port",
        _TWILIO_URL.replace("https", "http").replace(".com", ".com:1234"),
        _TWILIO_FORM,
        "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    ),
    ("https-without-port", _TWILIO_URL, _TWILIO_FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    ("http-without-port", _TWILIO_URL.replace("https", "http"), _TWILIO_FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ("user", _TWILIO_URL.replace("//", "//user@"), _TWILIO_FORM, "2YRLlVAflCqxaNicjMpJcSTgzSs="),
    ("credentials", _TWILIO_URL.replace("//", "//user:pass@"), _TWILIO_FORM, "CukzLTc1tT5dXEDIHm/tKBanW10="),
    (
        "credentials-port",
        _TWILIO_URL.replace("//", "//user:pass@"),
        _TWILIO_FORM,
        "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=",
    ),
    ("apostrophe", f"{_TWILIO_URL}&Body=It's+amazing", _TWILIO_FORM, "dsq4Ehbj6cs+KdTkpF5sSSplOWw="),
    (
        "escaped-apostrophe",
        f"{_TWILIO_URL}&Body=It%27s+amazing",
        _TWILIO_FORM,
        "dsq4Ehbj6cs+KdTkpF5sSSplOWw=",
    ),
    (
        "repeated-field",
        _TWILIO_URL,
        b"MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx",
        "83O6e2vORAoJHUNzJjDWN1jz+BA=",
    ),
    (
        "equal-values",
        _TWILIO_URL,
        b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    ),
)


def _twilio_published(entry: Entry) -> list[Case]:
    cases = []
    for name, url, body, text in _TWILIO_PUBLISHED:
        fields = dict(read(body))
        attributes = {"call": fields["CallSid"]} if "CallSid" in fields else {}
        cases.append(
            made(
                entry,
                f"published-{name}",
                "A value that the provider published, over the URL or one that stands for it.",
                ["published", "request_target"],
                {
                    "id": entry.id,
                    "type": None,
                    "covers": entry.covers.split(),
                    "attributes": attributes,
                    "algorithm": "hmac-sha1",
                },
                entry.request(entry.sent(body, url=url), [text]),
                secret=["12345"],
            )
        )
    first = entry.text(entry.sent(_TWILIO_FORM, url=_TWILIO_URL), "12345")
    check_published(entry, first, _TWILIO_PUBLISHED[0][3])
    return cases


def _twilio_json(entry: Entry) -> list[Case]:
    body = b'{"property": "value", "boolean": true}'
    digest = hashlib.sha256(body).hexdigest()
    bound, loose = f"{URL}?a=b&bodySHA256={digest}", f"{URL}?a=b"
    kind = {"Content-Type": "application/json"}

    def request(url: str, sent: bytes = body, content_type: str | None = kind["Content-Type"]) -> Request:
        text = entry.encode(entry.digest(url.encode()))
        return other_headers(entry.request(entry.sent(sent, url=url), [text]), {"Content-Type": content_type})

    event = entry.bare(data={"property": "value", "boolean": True})
    cases = (
        ("json", "A body that is no form is bound by its hash in the URL.", event, request(bound)),
        ("json-without-type", "A body without a type is no form.", event, request(bound, body, None)),
        (
            "json-without-hash",
            "A body that is no form needs its hash in the URL, or the signature says nothing of it.",
            "missing_header",
            request(loose),
        ),
        ("json-other-body", "The body is another one.", "no_matching_signature", request(bound, b"{}")),
        (
            "json-upper-case-hash",
            "The hash is written in lower case.",
            "no_matching_signature",
            request(bound.replace(digest, digest.upper())),
        ),
        (
            "json-short-hash",
            "The hash is cut off, as in Twilio's own test.",
            "no_matching_signature",
            request(bound[:-1]),
        ),
        (
            "json-two-hashes",
            "Two hashes in the URL: one would be right, the other one too.",
            "duplicate_header",
            request(f"{bound}&bodySHA256={digest}"),
        ),
        (
            "json-as-a-form",
            "A captured request without fields comes with fields of somebody else.",
            "no_matching_signature",
            request(bound, b"a=b", FORM),
        ),
        (
            "nothing",
            "A request without a body needs no hash.",
            entry.bare(data=None),
            request(loose, b"", None),
        ),
    )
    return [made(entry, name, comment, "body_hash", expect, sent) for name, comment, expect, sent in cases]


def _twilio(entry: Entry) -> list[Case]:
    usual = entry.request()
    return [
        *_twilio_published(entry),
        *_twilio_json(entry),
        *url_cases(entry),
        *form_cases(entry),
        *query_limit_cases(entry),
        *url_limit_cases(entry),
        made(
            entry,
            "form-of-another-type",
            "The fields are signed, and the body is said to be no form.",
            "parameters",
            "no_matching_signature",
            other_headers(usual, {"Content-Type": "text/plain"}),
        ),
        made(
            entry,
            "no-token",
            "Without the header for it the URL and the form tell a request from others.",
            "absent_member",
            {
                **entry.usual(id=digest_of(entry.url or "", tail(entry.body, unique=True))),
                "covers": ["body", "id", "type", "url"],
            },
            other_headers(usual, {"I-Twilio-Idempotency-Token": None}),
        ),
        made(
            entry,
            "call",
            "A call names its status otherwise.",
            "attributes",
            {
                "id": entry.id,
                "type": "ringing",
                "covers": entry.covers.split(),
                "attributes": {"account": "AC1", "call": "CA1"},
            },
            entry.request(entry.sent(b"AccountSid=AC1&CallSid=CA1&CallStatus=ringing")),
        ),
    ]


def _mandrill(entry: Entry) -> list[Case]:
    usual = entry.request()
    return [
        *url_cases(entry),
        *form_cases(entry),
        made(
            entry,
            "no-events",
            "The test of a new webhook has an empty list of events.",
            "absent_member",
            entry.usual(),
            entry.request(entry.sent(b"mandrill_events=%5B%5D")),
        ),
        made(
            entry,
            "form-of-another-type",
            "The fields are signed, and the body is said to be no form.",
            "parameters",
            "no_matching_signature",
            other_headers(usual, {"Content-Type": "application/json"}),
        ),
    ]


ENTRIES = [
    Entry(
        provider="twilio",
        header="X-Twilio-Signature",
        algorithm="sha1",
        encoding="base64",
        signed=lambda sent: ((sent.url or "") + tail(sent.body, unique=True)).encode(),
        url=f"{URL}?foo=1&bar=2",
        method="POST",
        bodies="any",
        body=written(
            [
                ("AccountSid", "AC0123456789"),
                ("MessageSid", "SM0123456789"),
                ("MessageStatus", "delivered"),
                ("To", "+14155552671"),
            ]
        ),
        covers="body type url",
        id="5d7c1f0e-3b9a-4e57-9d0a-6a1f3c5b7e22",
        id_header="I-Twilio-Idempotency-Token",
        type="delivered",
        attributes={"account": "AC0123456789", "message": "SM0123456789"},
        signs_form=True,
        other_headers={"Content-Type": FORM},
        announced={"Content-Type": FORM},
        extra=_twilio,
    ),
    Entry(
        provider="mandrill",
        header="X-Mandrill-Signature",
        algorithm="sha1",
        encoding="base64",
        signed=lambda sent: ((sent.url or "") + tail(sent.body)).encode(),
        url=URL,
        method="POST",
        bodies="any",
        body=written([("mandrill_events", '[{"event":"send","_id":"1","msg":{"subject":"a & b = c"}}]')]),
        covers="body id url",
        identify=lambda request: digest_of(request.url or "", tail(request.body)),
        signs_form=True,
        other_headers={"Content-Type": FORM},
        announced={"Content-Type": FORM},
        extra=_mandrill,
    ),
]
