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
    return made
