"""The rows of bearer tokens, RS256 with a known key of 2048 bits: one seen first, and one that repeats."""

import base64
import importlib
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import joserfc.jwk
import joserfc.jwt
import jwt
import ours
from authlib.deprecate import AuthlibDeprecationWarning
from contest import Contender, Json, Pace, calling, measure
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from delivery import Headers, Tokens, Verify
from ours import Builds

Make = Callable[[Tokens], Verify]


def rows(tokens: Tokens, pace: Pace, builds: Builds) -> Iterator[Json]:
    requests = [{**tokens.headers, "authorization": f"Bearer {token}"} for token in tokens.tokens]
    makers: dict[str, Make] = {
        **{name: partial(ours.reads_token, build) for name, build in builds.items()},
        "PyJWT": with_pyjwt,
        "joserfc": with_joserfc,
        "authlib": with_authlib,
        "RSA verification": with_rsa,
    }
    for make in makers.values():
        _prove(make(tokens), requests)
    size = len(tokens.tokens[0])
    first = [_first_sight(name, partial(make, tokens), requests) for name, make in makers.items()]
    yield measure("rs256-first", size, first, pace)
    repeated = [calling(name, partial(make(tokens), requests[0])) for name, make in makers.items()]
    yield measure("rs256-repeated", size, repeated, pace)


def with_pyjwt(tokens: Tokens) -> Verify:
    key = jwt.PyJWK.from_dict(tokens.jwks["keys"][0]).key
    issuer, audience, options = tokens.issuer, tokens.audience, {"require": ["exp"]}

    def verify(headers: Headers) -> object:
        token = headers["authorization"].removeprefix("Bearer ")
        return jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience=audience, options=options)

    return verify


def with_joserfc(tokens: Tokens) -> Verify:
    key = joserfc.jwk.RSAKey.import_key(tokens.jwks["keys"][0])
    claims = joserfc.jwt.JWTClaimsRegistry(**_wanted(tokens))

    def verify(headers: Headers) -> object:
        token = joserfc.jwt.decode(
            headers["authorization"].removeprefix("Bearer "), key, algorithms=["RS256"]
        )
        claims.validate(token.claims)
        return token.claims

    return verify


def with_authlib(tokens: Tokens) -> Verify:
    # This part of it gives way to joserfc, and says so when it is imported.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    jose = importlib.import_module("authlib.jose")
    key = jose.JsonWebKey.import_key(tokens.jwks["keys"][0])
    decode, wanted = jose.JsonWebToken(["RS256"]).decode, _wanted(tokens)

    def verify(headers: Headers) -> object:
        claims = decode(headers["authorization"].removeprefix("Bearer "), key, claims_options=wanted)
        claims.validate()
        return claims

    return verify


def with_rsa(tokens: Tokens) -> Verify:
    """Verifies the signature with a parsed key, and reads nothing: what no library can be faster than."""
    key = load_pem_public_key(tokens.public_key.encode())
    assert isinstance(key, RSAPublicKey)
    padding, digest = PKCS1v15(), SHA256()

    def verify(headers: Headers) -> None:
        signed, _, signature = headers["authorization"].removeprefix("Bearer ").rpartition(".")
        key.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode(), padding, digest)

    return verify


def _wanted(tokens: Tokens) -> Json:
    return {
        "iss": {"essential": True, "value": tokens.issuer},
        "aud": {"essential": True, "value": tokens.audience},
        "exp": {"essential": True},
    }


def _prove(verify: Verify, requests: list[dict[str, str]]) -> None:
    """Lets none compete that takes what is wrong or refuses what is right."""
    verify(requests[0])
    signed, _, _ = requests[0]["authorization"].rpartition(".")
    _, _, signature = requests[1]["authorization"].rpartition(".")
    try:
        verify({**requests[0], "authorization": f"{signed}.{signature}"})
    except Exception:  # noqa: BLE001
        return
    raise AssertionError("a wrong signature was accepted")


def _first_sight(name: str, make: Callable[[], Verify], requests: list[dict[str, str]]) -> Contender:
    """Shows each token once, and starts anew before one comes again: whatever is cached, nothing is found."""
    verify, shown = make(), 0

    def turn(calls: int) -> float:
        nonlocal verify, shown
        if shown + calls > len(requests):
            verify, shown = make(), 0
        unseen = list(islice(requests, shown, shown + calls))
        shown += calls
        start = time.thread_time_ns()
        for headers in unseen:
            verify(headers)
        return (time.thread_time_ns() - start) / calls

    return Contender(name, turn, len(requests))
