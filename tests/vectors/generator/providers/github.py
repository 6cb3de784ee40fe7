"""GitHub: HMAC over any body, with type and delivery in unsigned headers."""

from generator import body_cases, header_cases, secret_cases, signature_cases
from generator.case import Case, event, repeated, replaced, without
from generator.senders import GitHub
from generator.writer import Writer

SIGNATURE, EVENT, DELIVERY = "X-Hub-Signature-256", "X-GitHub-Event", "X-GitHub-Delivery"

# The first one is docs.github.com's, the second one octokit/webhooks-methods.js's, the third one go-github's.
PUBLISHED = {
    "documentation": (
        "It's a Secret to Everybody",
        b"Hello, World!",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    ),
    "octokit": (
        "development",
        '{"foo":"Foo\\n\\u001B[34mbar: \u2665\u2665\u2665\u2665\u2665\u2665\u2665\u2665\\n'
        'this-is-lost\\u001B[0m\\u001B[2K"}'.encode(),
        "afecc3caa27548bb90d51a50384cb2868b9a3327b4ad6a01c9bd4ed0f8b0b12c",
    ),
    "go-github": (
        "0123456789abcdef",
        b'{"yo":true}',
        "b1f8020f5b4cd42042f807dd939015c4a418bc1ff7f604dd55b0a19b5d953d9b",
    ),
}


def cases() -> list[Case]:
    writer = Writer(GitHub())
    header_cases.header_cases(writer)
    signature_cases.signature_cases(writer)
    secret_cases.rotation_cases(writer)
    secret_cases.refused_secret_cases(writer)
    secret_cases.literal_secret_cases(writer)
    body_cases.text_cases(writer)
    body_cases.any_body_cases(writer, writer.sender.event())
    body_cases.size_cases(writer)
    _header_cases(writer)
    _published_cases(writer)
    return writer.cases


def _header_cases(writer: Writer) -> None:
    sender = writer.sender
    form, body = repeated("a=1", "&a=1", 5_000, "")
    writer.add(
        "body-form-5001-fields",
        "Nobody asks for a field of the form, so its fields are not counted.",
        "field_limit",
        sender.event() | {"data": None},
        headers=replaced(sender.headers(body), "Content-Type", "application/x-www-form-urlencoded"),
        body_repeat=form,
    )
    headers, text = sender.headers(), sender.text()
    for name, value in (
        ("no-prefix", text),
        ("sha1-prefix", f"sha1={text}"),
        ("upper-case-prefix", f"SHA256={text}"),
        ("prefix-only", "sha256="),
        ("empty", ""),
        ("blank", " "),
        ("v1-prefix", f"v1={text}"),
        ("prefix-twice", f"sha256=sha256={text}"),
        ("leading-blank", f" sha256={text}"),
        ("comma-joined", f"sha256={text}, sha256={text}"),
    ):
        writer.add(
            f"signature-{name}",
            f"A signature that is not sha256= and digits ({name.replace('-', ' ')}).",
            "malformed_signature",
            "malformed_header",
            headers=replaced(headers, SIGNATURE, value),
        )
    legacy = sender.digest(algorithm="sha1").hex()
    writer.add(
        "legacy-header",
        "The legacy header under SHA-1 does not stand in for the right one.",
        "algorithm_confusion",
        "missing_header",
        headers=[*without(headers, SIGNATURE), ["X-Hub-Signature", f"sha1={legacy}"]],
    )
    writer.add(
        "legacy-header-beside",
        "The legacy header beside the right one does not matter.",
        "header_case",
        sender.event(),
        headers=[*headers, ["X-Hub-Signature", "sha1=00"]],
    )
    base = sender.event()
    writer.add(
        "ping",
        "The event that GitHub sends when a webhook is made is a ping.",
        "ping",
        {**base, "type": "ping", "is_ping": True},
        headers=replaced(headers, EVENT, "ping"),
    )
    writer.add(
        "event-changed",
        "The event's name is not signed: another one verifies, and covers says so.",
        "unsigned_metadata",
        {**base, "type": "push"},
        headers=replaced(headers, EVENT, "push"),
    )
    writer.add(
        "no-event",
        "Without the event header there is no type.",
        "absent_member",
        {**base, "type": None},
        headers=without(headers, EVENT),
    )
    writer.add(
        "no-delivery",
        "Without the delivery header there is no id.",
        "absent_member",
        {**base, "id": None},
        headers=without(headers, DELIVERY),
    )
    writer.add(
        "delivery-with-dot",
        "The delivery id is not part of what is signed, so it may hold a dot.",
        "unsigned_metadata",
        {**base, "id": "a.b"},
        headers=replaced(headers, DELIVERY, "a.b"),
    )
    for header, name in ((EVENT, "event"), (DELIVERY, "delivery")):
        writer.add(
            f"{name}-twice",
            f"Two lines of {header} are refused.",
            "duplicate_header",
            "duplicate_header",
            headers=[*headers, [header, "other"]],
        )
        writer.add(
            f"{name}-with-e-acute",
            f"{header} beyond ASCII is refused.",
            "header_narrowing",
            "malformed_header",
            headers=replaced(headers, header, "caf\u00e9"),
        )
        writer.add(
            f"{name}-with-line-feed",
            f"{header} with a line feed is refused.",
            "header_injection",
            "malformed_header",
            headers=replaced(headers, header, "x\ny"),
        )
    for name, value in (("empty", ""), ("blank", " "), ("inner-blank", "a b"), ("256-characters", "d" * 256)):
        writer.add(
            f"delivery-{name}",
            "An id is 1 to 255 visible ASCII characters.",
            "header_injection",
            "malformed_header",
            headers=replaced(headers, DELIVERY, value),
        )
    writer.add(
        "delivery-255-characters",
        "An id of 255 characters is accepted.",
        "unsigned_metadata",
        {**base, "id": "d" * 255},
        headers=replaced(headers, DELIVERY, "d" * 255),
    )


def _published_cases(writer: Writer) -> None:
    for name, (secret, body, digits) in PUBLISHED.items():
        writer.add(
            f"published-{name}",
            f"The value that {name} published.",
            "published",
            event(None, None, ["body"]),
            body=body,
            secret=[secret],
            headers=[[SIGNATURE, f"sha256={digits}"]],
        )
    writer.add(
        "published-foo",
        "octokit's own negative test.",
        ["published", "malformed_signature"],
        "malformed_header",
        body=b'{"foo":"bar"}',
        secret=["mysecret"],
        headers=[[SIGNATURE, "foo"]],
    )
