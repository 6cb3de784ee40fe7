"""The cases about the header that carries a bearer token."""

from generator.token_writer import TokenWriter


def transport_cases(writer: TokenWriter) -> None:
    add, good, other = writer.add, writer.good(), writer.other_headers
    add("baseline", "The request as the provider sends it.", "baseline")
    for name, header in (("lower", "authorization"), ("upper", "AUTHORIZATION")):
        add(
            f"{name}-case-header-names",
            f"Header names in {name} case are the same names.",
            "header_case",
            headers=[
                *([key.lower() if name == "lower" else key.upper(), value] for key, value in other),
                [header, f"Bearer {good}"],
            ],
        )
    for scheme in ("bearer", "BEARER"):
        add(
            f"scheme-{scheme}",
            "The name of the scheme has no case, RFC 9110 11.1.",
            "header_case",
            authorization=f"{scheme} {good}",
        )
    add(
        "no-authorization",
        "Without the header nothing is proven.",
        "missing_header",
        "missing_header",
        headers=other,
    )
    add(
        "token-in-another-header",
        "A right token in another header proves nothing.",
        "missing_header",
        "missing_header",
        headers=[*other, ["X-Authorization", f"Bearer {good}"]],
    )
    add(
        "authorization-twice-same",
        "Two lines are refused even when they agree.",
        "duplicate_header",
        "duplicate_header",
        headers=[*other, ["Authorization", f"Bearer {good}"], ["authorization", f"Bearer {good}"]],
    )
    add(
        "authorization-twice-other",
        "Two lines are refused when one of them is right.",
        "duplicate_header",
        "duplicate_header",
        headers=[*other, ["Authorization", "Bearer x.y.z"], ["Authorization", f"Bearer {good}"]],
    )
    for name, value, flag, comment in (
        ("empty", "", "malformed_token", "An empty header"),
        ("basic", "Basic dXNlcjpwYXNz", "malformed_token", "Another scheme"),
        ("no-scheme", good, "malformed_token", "A token without the scheme"),
        ("scheme-only", "Bearer", "malformed_token", "The scheme without a token"),
        ("empty-token", "Bearer ", "malformed_token", "The scheme and a blank"),
        ("two-blanks", f"Bearer  {good}", "malformed_token", "Two blanks behind the scheme"),
        ("colon", f"Bearer: {good}", "malformed_token", "A colon behind the scheme"),
        (
            "leading-blank",
            f" Bearer {good}",
            "malformed_token",
            "A blank before the scheme, which is not trimmed,",
        ),
        ("inner-blank", f"Bearer {good[:40]} {good[40:]}", "malformed_token", "A blank inside the token"),
        (
            "trailing-blank",
            f"Bearer {good} ",
            "malformed_token",
            "A blank behind the token, which is not trimmed,",
        ),
        ("two-tokens", f"Bearer {good}, Bearer {good}", "duplicate_header", "Two lines that a proxy joined"),
        ("quoted", f'Bearer "{good}"', "malformed_token", "A token in quotes"),
        ("e-acute", f"Bearer {good}\u00e9", "header_narrowing", "A letter beyond ASCII"),
        ("line-feed", f"Bearer {good}\n", "header_injection", "A line feed"),
        ("nul", f"Bearer {good}\x00", "header_injection", "A NUL"),
    ):
        add(
            f"authorization-{name}", f"{comment} is malformed.", flag, "malformed_header", authorization=value
        )
