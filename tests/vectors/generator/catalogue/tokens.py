"""The cases about a secret that is sent as it is."""

from generator.catalogue.collect import Collector


def add(to: Collector) -> None:
    entry = to.entry
    to.add(
        "other-body",
        "A token is about the sender, not about the body.",
        "body_not_covered",
        entry.bare(),
        entry.request(entry.sent(b"{}")),
    )
    others = {
        "longer": f"{entry.secret}x",
        "shorter": entry.secret[:-1],
        "half": entry.secret[: len(entry.secret) // 2],
        "doubled": entry.secret * 2,
        "other-case": entry.secret.swapcase(),
        "comma-joined": f"{entry.secret}, {entry.secret}",
        "first-changed": f"~{entry.secret[1:]}",
    }
    for name, text in others.items():
        to.add(
            f"{name}-token",
            "A token is compared as a whole.",
            "wrong_key",
            "no_matching_signature",
            entry.request(texts=[text]),
        )
    for name, text in (
        ("tab", f"\t{entry.secret}"),
        ("line-feed", f"{entry.secret}\n"),
        ("nul", f"{entry.secret}\x00"),
    ):
        to.add(
            f"token-with-{name}",
            "A control character beside a token is refused.",
            "header_injection",
            "malformed_header",
            entry.request(texts=[text]),
        )
    for name, text in (("leading-blank", f" {entry.secret}"), ("trailing-blank", f"{entry.secret} ")):
        to.add(
            f"token-with-{name}",
            "A blank beside a token is not trimmed away.",
            "wrong_key",
            "no_matching_signature",
            entry.request(texts=[text]),
        )
    to.add(
        "empty-token",
        "An empty token is none.",
        "malformed_signature",
        "malformed_header",
        entry.request(texts=[""]),
    )
