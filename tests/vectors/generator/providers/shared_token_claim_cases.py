"""The cases about what tokens under a shared secret claim."""

import json
from collections.abc import Callable

from generator.case import NOW, Event, Headers
from generator.output import Json

Row = tuple[str, str, str, Event | str, Headers]


def claims_rows(claims: dict[str, Json], made: Callable[..., Headers]) -> list[Row]:
    header = {"alg": "HS256"}
    pairs = json.dumps(claims)[1:-1]
    rows: list[Row] = []
    for name, text in (
        ("array", "[1]"),
        ("null", "null"),
        ("text", '"sub"'),
        ("not-json", "hello"),
        ("trailing-garbage", f"{{{pairs}}}x"),
        ("twice", f'{{{pairs}, "iat": 1, "iat": 2}}'),
        ("byte-order-mark", f"\ufeff{{{pairs}}}"),
        ("deep", f'{{{pairs}, "x": {"[" * 2000}{"]" * 2000}}}'),
    ):
        rows.append(
            (
                f"claims-{name}",
                "Claims that are odd are malformed, right as the MAC is.",
                "malformed_token",
                "malformed_token",
                made(header, text),
            )
        )
    rows.append(
        (
            "claims-not-utf-8",
            "Claims that are no UTF-8 are malformed, right as the MAC is.",
            "malformed_token",
            "malformed_token",
            made(header, f'{{{pairs}, "x": "|"}}'.encode().replace(b"|", b"\xff")),
        )
    )
    hashed = next(name for name in ("payload_hash", "body") if name in claims)
    digest = claims[hashed]
    for name, value in (
        ("missing", None),
        ("empty", ""),
        ("null", ...),
        ("array", [digest]),
        ("number", 7),
        ("cut-in-half", digest[:32]),
        ("upper-case", digest.upper()),
        ("longer", f"{digest}0"),
        ("with-blank", f"{digest} "),
    ):
        changed = {key: item for key, item in {**claims, hashed: value}.items() if item is not None}
        changed = {key: None if item is ... else item for key, item in changed.items()}
        rows.append(
            (
                f"hash-{name}",
                f"The hash of the body in the token is {name.replace('-', ' ')}.",
                "body_hash",
                "wrong_claim",
                made(header, changed),
            )
        )
    for name in ("exp", "nbf", "iat"):
        for kind, value in (("text", str(NOW)), ("array", [NOW]), ("true", True), ("object", {"x": NOW})):
            rows.append(
                (
                    f"{name}-{kind}",
                    f"A claim {name} that is no number is malformed, and no absent one.",
                    "claim_types",
                    "malformed_token",
                    made(header, {**claims, name: value}),
                )
            )
    return rows
