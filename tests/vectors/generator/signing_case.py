"""Makes cases for signers: what a message must become."""

import base64
from typing import Any

from generator.case import NOW
from generator.output import Json
from generator.senders import Sender

Case = dict[str, Json]

# Bodies that a signer must pass on as they are.
BODIES = {
    "empty": b"",
    "not-utf-8": b"\xff\x00\xfe",
    "white-space": b' { "a" : 1.0 }\r\n',
    "patterns": b'"$& $$"',
}


def signing_case(
    provider: str,
    name: str,
    comment: str,
    secret: str | list[str],
    body: bytes,
    headers: dict[str, str] | None = None,
    *,
    options: dict[str, Json] | None = None,
    verify: dict[str, Json] | None = None,
    **message: Any,
) -> Case:
    encoded = base64.b64encode(body).decode()
    case: Case = {
        "id": f"sign-{provider}-{name}",
        "comment": comment,
        "provider": provider,
        "secret": [secret] if isinstance(secret, str) else secret,
        "options": options or {},
        "message": {"body_base64": encoded, **message},
    }
    if verify is None:
        case["expect"] = {"headers": headers, "body_base64": encoded}
    else:
        # The bytes of a token are the signer's choice, so only what a verifier makes of it is compared.
        case |= {"verify_only": True, "verify": verify, "expect": {"body_base64": encoded}}
    return case


def plain_cases(sender: Sender) -> list[Case]:
    """Signs bodies under several secrets; `now` is given, and only some schemes sign it."""
    name = sender.signature_header.lower()
    cases = [
        signing_case(
            sender.provider,
            f"body-{key}",
            "The body is signed as it is.",
            sender.secret,
            body,
            {name: sender.wrap(sender.text(body))},
            now=NOW,
        )
        for key, body in {"usual": sender.body, **BODIES}.items()
    ]
    for key, secret in (("64-bytes", "k" * 64), ("65-bytes", "k" * 65), ("not-ascii", "cl\u00e9 \U0001f511")):
        cases.append(
            signing_case(
                sender.provider,
                f"secret-{key}",
                "The text of the secret is the key.",
                secret,
                sender.body,
                {name: sender.wrap(sender.text(secret=secret))},
                now=NOW,
            )
        )
    return cases
