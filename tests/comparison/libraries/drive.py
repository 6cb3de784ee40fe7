"""Puts the cases to one library of Python: drive.py LIBRARY, cases on standard input, answers on its output.

Runs with an interpreter that has the library, and imports nothing else. Every library is called as its own
documentation recommends, with its defaults.
"""

import base64
import importlib.metadata
import json
import sys
import time
from collections.abc import Callable
from typing import Any

Json = Any
ISSUER, AUDIENCE = "https://issuer.example", "acme"


class NotOfferedError(Exception):
    """The library has no such thing."""


class Library:
    """How one library is called, and the errors that its documentation names."""

    families: tuple[str, ...] = ()
    package: str = ""

    def documented(self) -> tuple[type[BaseException], ...]:
        raise NotImplementedError

    def verifier(self, call: Json) -> Callable[[], object]:
        """Does what is done when a program starts, and returns what is done for a request."""
        raise NotImplementedError

    def token_verifier(self, url: str) -> Callable[[str], object]:
        raise NotImplementedError


def body_of(call: Json) -> Any:
    if call.get("body_base64") is not None:
        return base64.b64decode(call["body_base64"])
    return call["body_text"] if "body_text" in call else call["body_parsed"]


def one_secret(call: Json) -> Any:
    if isinstance(call["secret"], list):
        raise NotOfferedError
    return call["secret"]


class StandardWebhooks(Library):
    families, package = ("standard",), "standardwebhooks"

    def documented(self) -> tuple[type[BaseException], ...]:
        from standardwebhooks.webhooks import WebhookVerificationError

        return (WebhookVerificationError,)

    def verifier(self, call: Json) -> Callable[[], object]:
        from standardwebhooks.webhooks import Webhook

        webhook = Webhook(one_secret(call))
        return lambda: webhook.verify(body_of(call), call["headers"])


class Svix(Library):
    families, package = ("standard",), "svix"

    def documented(self) -> tuple[type[BaseException], ...]:
        from svix.webhooks import WebhookVerificationError

        return (WebhookVerificationError,)

    def verifier(self, call: Json) -> Callable[[], object]:
        from svix.webhooks import Webhook

        webhook = Webhook(one_secret(call))
        return lambda: webhook.verify(body_of(call), call["headers"])


class Stripe(Library):
    families, package = ("stripe",), "stripe"

    def documented(self) -> tuple[type[BaseException], ...]:
        import stripe

        return (stripe.SignatureVerificationError,)

    def verifier(self, call: Json) -> Callable[[], object]:
        import stripe

        secret = one_secret(call)
        return lambda: stripe.Webhook.construct_event(
            body_of(call), call["headers"]["stripe-signature"], secret
        )


class PyJwt(Library):
    families, package = ("token", "keys"), "PyJWT"

    def documented(self) -> tuple[type[BaseException], ...]:
        import jwt

        return (jwt.PyJWTError,)

    def token_verifier(self, url: str) -> Callable[[str], object]:
        import jwt

        client = jwt.PyJWKClient(url)

        def verify(token: str) -> object:
            key = client.get_signing_key_from_jwt(token)
            return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER)

        return verify


class Hookproof(Library):
    families, package = ("standard", "stripe", "github", "token", "keys"), "hookproof"

    def documented(self) -> tuple[type[BaseException], ...]:
        import hookproof

        return (hookproof.HookproofError,)

    def verifier(self, call: Json) -> Callable[[], object]:
        import hookproof

        provider = {"standard": "standard-webhooks"}.get(call["family"], call["family"])
        verifier = hookproof.Verifier(provider, secret=call["secret"])
        return lambda: verifier.verify(body_of(call), call["headers"])

    def token_verifier(self, url: str) -> Callable[[str], object]:
        import hookproof

        verifier = hookproof.Verifier(
            "jwt-bearer", issuer=ISSUER, audience=AUDIENCE, jwks_uri=url, allow_insecure_loopback=True
        )
        return lambda token: verifier.verify(b"{}", {"Authorization": f"Bearer {token}"})


LIBRARIES: dict[str, Library] = {
    "standardwebhooks": StandardWebhooks(),
    "svix": Svix(),
    "stripe": Stripe(),
    "PyJWT": PyJwt(),
    "hookproof": Hookproof(),
}


def answer(library: Library, case: Json) -> Json:
    """Asks one question."""
    call = {**case["call"], "family": case["family"]}
    if "url" in call:
        verify = library.token_verifier(call["url"])
        answers = [attempt(library, lambda token=token: verify(token)) for token in call["tokens"]]  # type: ignore[misc]
        repeat: Callable[[], object] = lambda: verify(call["tokens"][-1])  # noqa: E731
    else:
        try:
            repeat = library.verifier(call)
        except NotOfferedError:
            return {"verdict": "not offered"}
        except Exception as error:  # noqa: BLE001
            return {"verdict": "refused", "error": type(error).__name__, "when": "construction"}
        answers = [attempt(library, repeat)]
    return {**answers[-1], **({"milliseconds": fastest(library, repeat)} if case["timed"] else {})}


def attempt(library: Library, verify: Callable[[], object]) -> Json:
    try:
        verify()
    except Exception as error:  # noqa: BLE001
        typed = isinstance(error, library.documented())
        found = {"verdict": "refused" if typed else "untyped", "error": type(error).__name__}
        code = getattr(error, "code", None)
        return {**found, "code": code} if typed and isinstance(code, str) else found
    return {"verdict": "accepted"}


def fastest(library: Library, verify: Callable[[], object]) -> float:
    """Measures processor time, for a busy machine takes none of that."""
    found = []
    for _ in range(3):
        start = time.process_time()
        attempt(library, verify)
        found.append((time.process_time() - start) * 1000)
    return min(found)


def main() -> None:
    library = LIBRARIES[sys.argv[1]]
    cases = [case for case in json.load(sys.stdin) if case["family"] in library.families]
    answers = {case["id"]: answer(library, case) for case in cases}
    print(json.dumps({"version": importlib.metadata.version(library.package), "answers": answers}))


if __name__ == "__main__":
    main()
