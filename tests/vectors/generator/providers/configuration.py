"""What is refused before any request is looked at, and belongs to no provider."""

from generator.case import Case, case
from generator.output import Json
from generator.senders import Fourvenues


def cases() -> list[Case]:
    sender = Fourvenues()
    made: list[Case] = []

    def add(name: str, comment: str, flag: str, code: str, provider: Json) -> None:
        made.append(
            case(
                f"configuration-{name}",
                comment,
                flag,
                code,
                provider=provider,
                secret=[sender.secret],
                headers=sender.headers(),
                body=sender.body,
            )
        )

    for name, provider in (
        ("unknown", "no-such-provider"),
        ("upper-case", "Stripe"),
        ("blank", "stripe "),
        ("empty", ""),
        ("path", "../providers/stripe"),
        ("proto", "__proto__"),
    ):
        add(
            f"provider-{name}",
            f"No provider of the name {provider!r} is built in.",
            "invalid_provider",
            "unknown_provider",
            provider,
        )
    for name, given in (
        ("empty-object", {}),
        ("unknown-member", {"name": "acme", "no_such_member": True}),
        ("name-not-a-text", {"name": 7}),
        ("scheme-null", {"name": "acme", "scheme": None}),
    ):
        add(
            f"provider-{name}",
            "A provider that breaks the schema is refused when it is loaded.",
            "invalid_provider",
            "invalid_provider",
            given,
        )
    _option_cases(made)
    return made


def _option_cases(made: list[Case]) -> None:
    """Adds options that cannot be meant, and those of another kind of provider."""
    sender = Fourvenues()
    for name, option, value in (
        ("tolerance-negative", "tolerance", -1),
        ("max-body-negative", "max_body", -1),
        ("endpoint-empty", "endpoint", ""),
        ("issuer", "issuer", "https://issuer.example.com"),
        ("audience", "audience", "acme"),
        ("algorithms", "algorithms", ["RS256"]),
        ("required-claims", "required_claims", ["sub"]),
        ("claims", "claims", {"sub": "svc-hooks"}),
        ("jwks", "jwks", {"keys": []}),
        ("jwks-text", "jwks_raw", "{}"),
    ):
        made.append(
            case(
                f"configuration-option-{name}",
                "An option that cannot be meant, or means nothing where secrets are shared, is refused.",
                "invalid_option",
                "invalid_option",
                provider=sender.provider,
                secret=[sender.secret],
                options={option: value},
                headers=sender.headers(),
                body=sender.body,
            )
        )
