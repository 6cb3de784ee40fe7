"""Requests in the form of Standard Webhooks, which Svix and Clerk have too."""

import base64

from hostile.case import NOW, Case, Json, Kind, body_of, mac

KEY = bytes(range(7, 39))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(64, 96))).decode()
BODY = b'{"type":"order.paid","data":{"total":5}}'
DECADE = 10 * 365 * 86400


def _signature(content: bytes, key: bytes = KEY) -> str:
    return "v1," + base64.b64encode(mac(key, content)).decode()


def _request(
    *,
    id: str = "msg_1",
    timestamp: str = str(NOW),
    body: bytes = BODY,
    signature: str | None = None,
    key: bytes = KEY,
    secret: Json = SECRET,
    **more: Json,
) -> dict[str, Json]:
    signed = f"{id}.{timestamp}.".encode("utf-8", "surrogatepass") + body
    headers = {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": _signature(signed, key) if signature is None else signature,
    }
    return {"secret": secret, "headers": headers, **body_of(body), **more}


def _replayed(signed: bytes, **sent: Json) -> dict[str, Json]:
    """An honest signature over some bytes, on a request that says something else."""
    return _request(signature=_signature(signed), **sent)


def _timestamp(id: str, text: str, title: str) -> Case:
    why = (
        "The value is the signed one and its text is not; what stands in front, a log and a library should read one "
        "time in one header."
    )
    request = _request(timestamp=text, signature=_signature(f"msg_1.{NOW}.".encode() + BODY))
    return Case(f"standard-time-{id}", "standard", "lenient", "refused", title, why, request)


def _case(id: str, kind: Kind, title: str, why: str, call: dict[str, Json], expect: str = "refused") -> Case:
    assert expect in {"accepted", "refused"}
    return Case(
        f"standard-{id}",
        "standard",
        kind,
        "accepted" if expect == "accepted" else "refused",
        title,
        why,
        call,
    )


def cases() -> list[Case]:
    honest = f"msg_1.{NOW}.".encode()
    wide = "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in str(NOW))
    narrowed = "".join(chr(ord(letter) + 0x100) for letter in "msg") + "_1"
    loose = _signature(honest + BODY)
    # 32 bytes end in a character of which two bits say nothing.
    trailing = loose[:-2] + chr(ord(loose[-2]) + 1) + "="
    many = " ".join(["v1," + base64.b64encode(bytes(32)).decode()] * 10_000)
    return [
        _case("honest", "control", "an honest request", "Everybody must accept it.", _request(), "accepted"),
        _case(
            "changed",
            "control",
            "another body under an honest signature",
            "Everybody must refuse it.",
            _replayed(honest + BODY, body=b'{"type":"order.paid","data":{"total":9}}'),
        ),
        _case(
            "old",
            "control",
            "an honest request of six minutes ago",
            "The specification's defence against replay; five minutes are usual.",
            _request(timestamp=str(NOW - 360)),
        ),
        _case(
            "empty-secret",
            "forgery",
            "signed with the empty key, where the secret is empty",
            "A variable that a deployment sets to nothing is an empty text, and everybody can sign with the empty key.",
            _request(secret="", key=b""),
        ),
        _case(
            "prefix-only",
            "forgery",
            "signed with the empty key, where the secret is `whsec_`",
            "A template that is filled with nothing leaves the prefix alone.",
            _request(secret="whsec_", key=b""),
        ),
        _case(
            "blank-secret",
            "forgery",
            "signed with the empty key, where the secret is four spaces",
            "A lenient base64 decoder turns blanks into the empty key.",
            _request(secret="    ", key=b""),
        ),
        _case(
            "short-secret",
            "lenient",
            "signed with a secret of one byte",
            "The specification asks for 24 to 64 bytes; one byte is guessed in 256 tries.",
            _request(secret="whsec_AA==", key=b"\0"),
        ),
        _case(
            "newline-secret",
            "lenient",
            "an honest request, where the secret ends with a newline",
            "A secret read from a file often does; to say so at the start helps, to ignore it does no harm here.",
            _request(secret=SECRET + "\n"),
        ),
        _case(
            "rotation",
            "control",
            "an honest request signed with the older one of two secrets",
            "Secrets are replaced without downtime by accepting both for a while.",
            _request(secret=[OTHER, SECRET]),
            "accepted",
        ),
        _case(
            "future",
            "lenient",
            "a time ten years ahead",
            "Such a request can be replayed for ten years.",
            _request(timestamp=str(NOW + DECADE)),
        ),
        _timestamp("letters", f"{NOW}abc", "letters behind the time"),
        _timestamp("plus", f"+{NOW}", "a plus before the time"),
        _timestamp("fraction", f"{NOW}.5", "a fraction behind the time"),
        _timestamp("exponent", f"{NOW}e0", "a time with an exponent"),
        _timestamp("blank", f" {NOW}", "a blank before the time"),
        _timestamp("wide", wide, "a time in full-width digits"),
        _case(
            "time-limit",
            "robustness",
            "the smallest 64-bit integer as the time",
            "Arithmetic on it overflows.",
            _request(timestamp="-9223372036854775808"),
        ),
        _case(
            "time-nan",
            "lenient",
            "`NaN` as the time",
            "No comparison with it is true, so that neither limit refuses it.",
            _request(timestamp="NaN"),
        ),
        _case(
            "dot-in-id",
            "lenient",
            "an id with a dot",
            "The signed parts are joined with dots, so that a dot lets bytes move from one part to another.",
            _request(id="msg.1"),
        ),
        _case(
            "moved-bytes",
            "altered",
            "the time moved into the id, the start of the body into the time",
            "`msg_1` `T` `T.5` and `msg_1.T` `T` `5` are the same bytes to the MAC; it takes a body that starts so.",
            _replayed(honest + f"{NOW}.5".encode(), id=f"msg_1.{NOW}", body=b"5"),
        ),
        _case(
            "moved-into-time",
            "altered",
            "the start of the body moved into the time",
            "If letters may follow the time, and its text is signed, a body can be cut at its first dot.",
            _replayed(honest + b'{"total":12.5}', timestamp=f'{NOW}.{{"total":12', body=b"5}"),
        ),
        _case(
            "dollar",
            "control",
            "an honest body with `$&` in it",
            "Where the signed text is made by string replacement, such bodies are refused.",
            _request(body=b'{"note":"$& and $`"}'),
            "accepted",
        ),
        _case(
            "dollar-doubled",
            "altered",
            "`$$5` in the place of `$5`",
            "Where the signed text is made by string replacement, both are signed alike.",
            _replayed(honest + b'{"price":"$5"}', body=b'{"price":"$$5"}'),
        ),
        _case(
            "not-utf-8",
            "altered",
            "a byte that is not UTF-8 in the place of U+FFFD",
            "A body that is decoded before it is verified is another body; what is parsed is the same afterwards, "
            "what is kept or hashed is not.",
            _replayed(honest + '{"name":"\ufffd"}'.encode(), body=b'{"name":"\xff"}'),
        ),
        _case(
            "surrogate",
            "altered",
            "a lone surrogate in a body given as text",
            "JavaScript writes it as U+FFFD without a word, Python cannot encode it.",
            {
                **_replayed(honest + '{"name":"\ufffd"}'.encode()),
                "body_base64": None,
                "body_text": '{"name":"\ud800"}',
            },
        ),
        _case(
            "narrowed-id",
            "altered",
            "an id whose letters become the signed ones when cut to a byte",
            "Text of a header that is narrowed to Latin-1 becomes another text.",
            _replayed(honest + BODY, id=narrowed),
        ),
        _case(
            "newline-in-id",
            "lenient",
            "an id with a line break",
            "An id is written to logs and keys of caches; no server passes one on, a queue or a gateway may.",
            _request(id="msg_1\r\nX-Admin: 1"),
        ),
        _case(
            "two-spellings",
            "lenient",
            "one header in two spellings, with different ids",
            "Which one counts depends on the order, so that two programs see two deliveries.",
            {
                **_request(),
                "headers": {"Webhook-Id": "msg_2", **_request()["headers"]},
            },
        ),
        _case(
            "nothing-behind",
            "forgery",
            "`v1,` with no signature behind it",
            "A comparison that stops at the shorter side finds no difference.",
            _request(signature="v1,"),
        ),
        _case(
            "trailing-bits",
            "lenient",
            "base64 with stray bits at its end",
            "Two texts of one signature; harmless unless signatures are remembered.",
            _request(signature=trailing),
        ),
        _case(
            "blanks-in-base64",
            "lenient",
            "base64 with an asterisk inside",
            "The same for characters that a lenient decoder drops.",
            _request(signature=loose[:10] + "*" + loose[10:]),
        ),
        _case(
            "no-comma",
            "robustness",
            "a signature without a version",
            "One line of curl sends it: an error without a type becomes a 500, and a page at night.",
            _request(signature="nonsense"),
        ),
        _case(
            "broken-base64",
            "robustness",
            "a signature that is no base64",
            "As above.",
            _request(signature="v1,A"),
        ),
        _case(
            "signature-not-ascii",
            "robustness",
            "a signature with letters beyond ASCII",
            "As above.",
            _request(signature="v1,\u00e9\u00e9"),
        ),
        _case(
            "body-not-utf-8",
            "robustness",
            "a forged body that is not UTF-8",
            "As above.",
            _replayed(honest + BODY, body=b"\xff\xfe"),
        ),
        _case(
            "parsed-body",
            "robustness",
            "a body that was parsed before",
            "The commonest mistake with webhooks; an error that says so saves an afternoon.",
            {**_request(), "body_base64": None, "body_parsed": {"type": "order.paid"}},
        ),
        _case(
            "missing-header",
            "robustness",
            "no signature at all",
            "A missing header must not count as valid.",
            {**_request(), "headers": {"webhook-id": "msg_1", "webhook-timestamp": str(NOW)}},
        ),
        Case(
            "standard-many-signatures",
            "standard",
            "robustness",
            "refused",
            "10,000 signatures in one header",
            "Work without a limit; servers limit headers to some 16 kB, gateways and queues do not.",
            _request(signature=many),
            timed=True,
        ),
    ]
