"""Requests as Stripe and GitHub send them: a MAC of text, in hexadecimal digits."""

from hostile.case import NOW, Case, Family, Json, Kind, body_of, mac

SECRET = "whsec_a-secret-of-a-good-length"
BODY = b'{"id":"evt_1","object":"event","type":"charge.succeeded","data":{"object":{}}}'
DECADE = 10 * 365 * 86400


def cases() -> list[Case]:
    return [*_stripe(), *_github()]


def _case(
    family: Family,
    id: str,
    kind: Kind,
    title: str,
    why: str,
    call: dict[str, Json],
    *,
    accepted: bool = False,
) -> Case:
    return Case(f"{family}-{id}", family, kind, "accepted" if accepted else "refused", title, why, call)


def _hex(content: bytes, secret: str = SECRET) -> str:
    return mac(secret.encode(), content).hex()


def _stripe_request(header: str, body: bytes = BODY, secret: Json = SECRET) -> dict[str, Json]:
    return {"secret": secret, "headers": {"stripe-signature": header}, **body_of(body)}


def _stripe() -> list[Case]:
    old, future = NOW - 3600, NOW + DECADE
    wide = "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in str(NOW))

    def signed(time: int = NOW, secret: str = SECRET, body: bytes = BODY) -> str:
        return _hex(f"{time}.".encode() + body, secret)

    def case(
        id: str, kind: Kind, title: str, why: str, call: dict[str, Json], *, accepted: bool = False
    ) -> Case:
        return _case("stripe", id, kind, title, why, call, accepted=accepted)

    honest = f"t={NOW},v1={signed()}"
    parsed = {"secret": SECRET, "headers": {"stripe-signature": honest}, "body_parsed": {"id": "evt_1"}}
    replacement = BODY.replace(b"{}", '{"a":"\ufffd"}'.encode())
    return [
        case(
            "honest",
            "control",
            "an honest request",
            "Everybody must accept it.",
            _stripe_request(honest),
            accepted=True,
        ),
        case(
            "old",
            "control",
            "an honest request of an hour ago",
            "Five minutes are usual.",
            _stripe_request(f"t={old},v1={signed(old)}"),
        ),
        case(
            "empty-secret",
            "forgery",
            "signed with the empty key, where the secret is empty",
            "A variable that a deployment sets to nothing is an empty text, and everybody can sign with the empty key.",
            _stripe_request(f"t={NOW},v1={signed(secret='')}", secret=""),
        ),
        case(
            "blank-secret",
            "lenient",
            "signed with a blank, where the secret is a blank",
            "A line of a settings file with nothing but a blank behind the equals sign.",
            _stripe_request(f"t={NOW},v1={signed(secret=' ')}", secret=" "),
        ),
        case(
            "newline-secret",
            "lenient",
            "signed with a secret that ends with a newline",
            "The newline is part of the key here, so that honest requests fail later and without a reason.",
            _stripe_request(f"t={NOW},v1={signed(secret=SECRET + chr(10))}", secret=SECRET + "\n"),
        ),
        case(
            "rotation",
            "control",
            "an honest request signed with the older one of two secrets",
            "The receiver's side of a rotation. Stripe signs with both for 24 hours, so that one is enough there.",
            _stripe_request(honest, secret=["whsec_another-secret-of-good-length", SECRET]),
            accepted=True,
        ),
        case(
            "future",
            "lenient",
            "a time ten years ahead",
            "Such a request can be replayed for ten years; only Stripe or a leaked key can make one.",
            _stripe_request(f"t={future},v1={signed(future)}"),
        ),
        case(
            "time-twice",
            "forgery",
            "an honest request of an hour ago, with a second, present time behind its own",
            "If one time is signed and another one compared with the clock, everything can be replayed.",
            _stripe_request(f"t={old},v1={signed(old)},t={NOW}"),
        ),
        case(
            "time-twice-before",
            "forgery",
            "the same with the present time before its own",
            "As above.",
            _stripe_request(f"t={NOW},t={old},v1={signed(old)}"),
        ),
        case(
            "time-letters",
            "lenient",
            "letters behind the time",
            "The value is the signed one and its text is not; two programs may read two times in one header.",
            _stripe_request(f"t={NOW}abc,v1={signed()}"),
        ),
        case(
            "time-wide",
            "lenient",
            "a time in full-width digits",
            "As above.",
            _stripe_request(f"t={wide},v1={signed()}"),
        ),
        case(
            "nothing-behind",
            "forgery",
            "`v1=` with no signature behind it",
            "A comparison that stops at the shorter side finds no difference.",
            _stripe_request(f"t={NOW},v1="),
        ),
        case(
            "not-utf-8",
            "altered",
            "a byte that is not UTF-8 in the place of U+FFFD",
            "A body that is decoded before it is verified is another body.",
            _stripe_request(
                f"t={NOW},v1={signed(body=replacement)}", replacement.replace("\ufffd".encode(), b"\xff")
            ),
        ),
        case(
            "time-nan",
            "lenient",
            "`NaN` as the time",
            "No comparison with it is true.",
            _stripe_request(f"t=NaN,v1={_hex(b'NaN.' + BODY)}"),
        ),
        case(
            "not-ascii",
            "robustness",
            "a signature with letters beyond ASCII",
            "An error without a type becomes a 500.",
            _stripe_request(f"t={NOW},v1=\u00e9\u00e9"),
        ),
        case(
            "body-not-utf-8",
            "robustness",
            "a forged body that is not UTF-8",
            "As above.",
            _stripe_request(honest, b"\xff\xfe"),
        ),
        case("parsed-body", "robustness", "a body that was parsed before", "The commonest mistake.", parsed),
        Case(
            "stripe-many-signatures",
            "stripe",
            "robustness",
            "refused",
            "10,000 signatures in one header",
            "Work without a limit.",
            _stripe_request(f"t={NOW}," + ",".join(["v1=" + "0" * 64] * 10_000)),
            timed=True,
        ),
    ]


def _github_request(signature: str, body: bytes = BODY, secret: Json = SECRET) -> dict[str, Json]:
    headers = {"x-hub-signature-256": signature, "x-github-event": "push", "x-github-delivery": "72d3162e"}
    return {"secret": secret, "headers": headers, **body_of(body)}


def _github() -> list[Case]:
    def case(
        id: str, kind: Kind, title: str, why: str, call: dict[str, Json], *, accepted: bool = False
    ) -> Case:
        return _case("github", id, kind, title, why, call, accepted=accepted)

    honest = "sha256=" + _hex(BODY)
    replacement = '{"a":"\ufffd"}'.encode()
    of_replacement = "sha256=" + _hex(replacement)
    parsed = {**_github_request(honest), "body_base64": None, "body_parsed": {"id": "evt_1"}}
    surrogate = {**_github_request(of_replacement), "body_base64": None, "body_text": '{"a":"\ud800"}'}
    return [
        case(
            "honest",
            "control",
            "an honest request",
            "Everybody must accept it.",
            _github_request(honest),
            accepted=True,
        ),
        case(
            "empty-secret",
            "forgery",
            "signed with the empty key, where the secret is empty",
            "A variable that a deployment sets to nothing is an empty text, and everybody can sign with the empty key.",
            _github_request("sha256=" + _hex(BODY, ""), secret=""),
        ),
        case(
            "blank-secret",
            "lenient",
            "signed with a blank, where the secret is a blank",
            "A line of a settings file with nothing but a blank behind the equals sign.",
            _github_request("sha256=" + _hex(BODY, " "), secret=" "),
        ),
        case(
            "rotation",
            "control",
            "an honest request signed with the older one of two secrets",
            "Secrets are replaced without downtime by accepting both for a while.",
            _github_request(honest, secret=["another-secret-of-good-length", SECRET]),
            accepted=True,
        ),
        case(
            "nothing-behind",
            "forgery",
            "`sha256=` with no signature behind it",
            "A comparison that stops at the shorter side finds no difference.",
            _github_request("sha256="),
        ),
        case(
            "half",
            "forgery",
            "the first half of the signature",
            "As above.",
            _github_request(honest[: 7 + 32]),
        ),
        case(
            "not-utf-8",
            "altered",
            "a byte that is not UTF-8 in the place of U+FFFD",
            "A body that is decoded before it is verified is another body.",
            _github_request(of_replacement, b'{"a":"\xff"}'),
        ),
        case(
            "surrogate",
            "altered",
            "a lone surrogate in a body given as text",
            "It is written as U+FFFD without a word.",
            surrogate,
        ),
        case(
            "not-ascii",
            "robustness",
            "a signature with letters beyond ASCII",
            "An error without a type becomes a 500.",
            _github_request("sha256=" + "\u00e9" * 64),
        ),
        case("parsed-body", "robustness", "a body that was parsed before", "The commonest mistake.", parsed),
        case(
            "missing-header",
            "robustness",
            "no signature at all",
            "A missing header must not count as valid.",
            {**_github_request(honest), "headers": {"x-github-event": "push"}},
        ),
    ]
