"""What a caller can get wrong, and how it is told."""

import math
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from authentic import BODY, HEADERS, NOW, SECRET, WHSEC, verifier

from hookproof import ConfigurationError, HookproofError, Provider, Signer, Verifier

ISSUED: dict[str, Any] = {"issuer": "https://issuer.example", "audience": "acme"}


def code_of(provider: Any, **options: Any) -> str:
    """Returns why a verifier cannot be built."""
    with pytest.raises(ConfigurationError) as caught:
        Verifier(provider, **options)
    return caught.value.code


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        " ",
        "\n",
        b"",
        b" ",
        [],
        ["good", ""],
        ["good", " "],
        "s3cr3t\n",
        " s3cr3t",
        "\ud800",
        "\ufeffx",
    ],
)
def test_a_secret_that_is_none_is_refused(secret: Any) -> None:
    assert code_of("fourvenues", secret=secret) == "invalid_secret"


@pytest.mark.parametrize(
    "secret", [5, 1.5, object(), [5], ["good", None], {"a": 1}.values(), bytearray(b"x")]
)
def test_a_secret_of_another_type_is_a_type_error(secret: Any) -> None:
    with pytest.raises(TypeError):
        Verifier("fourvenues", secret=secret)


@pytest.mark.parametrize(
    "secret", [SECRET, SECRET.encode(), [SECRET], (SECRET.encode(), "other"), iter([SECRET])]
)
def test_a_secret_is_text_or_bytes_or_several(secret: Any) -> None:
    assert Verifier("fourvenues", secret=secret).verify(BODY, HEADERS).id == "5f7b"


def test_an_unknown_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="secrets"):
        Verifier("fourvenues", secrets=SECRET)  # type: ignore[call-arg]


def test_options_are_keywords() -> None:
    with pytest.raises(TypeError):
        Verifier("fourvenues", SECRET)  # type: ignore[call-arg]


@pytest.mark.parametrize("provider", [None, 5, b"fourvenues", {"name": "x"}])
def test_a_provider_of_another_type_is_a_type_error(provider: Any) -> None:
    with pytest.raises(TypeError):
        Verifier(provider, secret=SECRET)


@pytest.mark.parametrize("name", ["nobody", "Fourvenues", "", "\ud800", "x" * 10_000])
def test_an_unknown_provider_is_told(name: str) -> None:
    assert code_of(name, secret=SECRET) == "unknown_provider"


@pytest.mark.parametrize("tolerance", [-1, -0.5, math.nan, math.inf, 10**400, timedelta(seconds=-1), 1e300])
def test_a_tolerance_that_is_no_duration_is_refused(tolerance: Any) -> None:
    assert code_of("standard-webhooks", secret=WHSEC, tolerance=tolerance) == "invalid_option"


@pytest.mark.parametrize("tolerance", ["300", object(), [300]])
def test_a_tolerance_of_another_type_is_a_type_error(tolerance: Any) -> None:
    with pytest.raises(TypeError):
        Verifier("standard-webhooks", secret=WHSEC, tolerance=tolerance)


@pytest.mark.parametrize("tolerance", [10, 10.0, timedelta(seconds=10)])
def test_a_tolerance_is_seconds_or_a_timedelta(tolerance: Any) -> None:
    signed = Signer("standard-webhooks", secret=WHSEC).sign(b"{}", id="m", now=NOW)
    standard = Verifier("standard-webhooks", secret=WHSEC, tolerance=tolerance)
    for now in (NOW - 10, NOW, NOW + 10):
        assert standard.verify(signed.body, signed.headers, now=now).id == "m"
    for now, code in ((NOW - 11, "timestamp_too_new"), (NOW + 11, "timestamp_too_old")):
        with pytest.raises(HookproofError) as caught:
            standard.verify(signed.body, signed.headers, now=now)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("issuer", 5, TypeError),
        ("issuer", b"x", TypeError),
        ("issuer", [5], TypeError),
        ("issuer", "\ud800", ConfigurationError),
        ("issuer", "", ConfigurationError),
        ("audience", [], ConfigurationError),
        ("algorithms", ["HS256"], ConfigurationError),
        ("algorithms", 256, TypeError),
        ("required_claims", 5, TypeError),
        ("claims", [("sub", "x")], TypeError),
        ("claims", {5: "x"}, TypeError),
        ("claims", {"sub": object()}, TypeError),
        ("claims", {"sub": math.nan}, ConfigurationError),
        ("claims", {"sub": "\ud800"}, ConfigurationError),
        ("jwks", 5, TypeError),
        ("jwks", b"{}", TypeError),
        ("jwks", [], TypeError),
        ("jwks", "nonsense", ConfigurationError),
        ("jwks", {}, ConfigurationError),
        ("jwks", {"keys": []}, ConfigurationError),
        ("jwks", {"keys": [math.nan]}, ConfigurationError),
        ("secret", "x", ConfigurationError),
    ],
)
def test_options_of_bearer_tokens_are_checked(option: str, value: Any, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        Verifier("jwt-bearer", **{**ISSUED, option: value})


def test_circular_claims_are_refused() -> None:
    claims: dict[str, Any] = {}
    claims["itself"] = claims
    assert code_of("jwt-bearer", **ISSUED, claims=claims) == "invalid_option"


@pytest.mark.parametrize("option", ["accept_reserialized"])
@pytest.mark.parametrize("value", [1, 0, "yes", None])
def test_a_switch_is_a_bool(option: str, value: Any) -> None:
    with pytest.raises(TypeError):
        Verifier("fourvenues", secret=SECRET, **{option: value})


@pytest.mark.parametrize("value", [-1, 2**200])
def test_max_body_is_a_size(value: int) -> None:
    assert code_of("fourvenues", secret=SECRET, max_body=value) == "invalid_option"


@pytest.mark.parametrize("value", ["1", 1.0, timedelta(1)])
def test_max_body_of_another_type_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError):
        Verifier("fourvenues", secret=SECRET, max_body=value)


@pytest.mark.parametrize("endpoint", ["", "a b", "é", "x" * 65, "\ud800"])
def test_an_endpoint_is_a_short_name(endpoint: str) -> None:
    assert code_of("fourvenues", secret=SECRET, endpoint=endpoint) == "invalid_option"


def test_labels_are_parallel_to_the_secrets() -> None:
    rotating = Verifier("fourvenues", secret=["new", SECRET], key_labels=["2026", "2025"])
    assert rotating.verify(BODY, HEADERS).proof.key_label == "2025"
    partly = Verifier("fourvenues", secret=["new", SECRET], key_labels=["2026", None])
    assert partly.verify(BODY, HEADERS).proof.key_label is None
    assert Verifier("fourvenues", secret=SECRET, key_labels="a").verify(BODY, HEADERS).proof.key_label == "a"
    assert code_of("fourvenues", secret=SECRET, key_labels=["a", "b"]) == "invalid_option"
    with pytest.raises(TypeError):
        Verifier("fourvenues", secret=SECRET, key_labels=[5])  # type: ignore[list-item]


@pytest.mark.parametrize("body", [{}, [], {"id": "5f7b"}, [1, 2]])
def test_a_parsed_body_is_told_with_the_fix(body: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"request\.body") as caught:
        verifier().verify(body, HEADERS)
    assert caught.value.code == "body_already_parsed"


@pytest.mark.parametrize("body", [None, 5, 1.5, object(), ("a",), {1, 2}])
def test_a_body_of_another_type_is_a_type_error(body: Any) -> None:
    with pytest.raises(TypeError):
        verifier().verify(body, HEADERS)


@pytest.mark.parametrize("now", [math.nan, math.inf, -math.inf, 2**63, -(2**63) - 1, 1e30])
def test_a_moment_that_is_none_is_refused(now: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        verifier().verify(BODY, HEADERS, now=now)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("now", ["1790000000", datetime.now(timezone.utc), timedelta(0), b""])
def test_a_moment_of_another_type_is_a_type_error(now: Any) -> None:
    with pytest.raises(TypeError):
        verifier().verify(BODY, HEADERS, now=now)


def test_a_fraction_of_a_second_is_cut_off_downwards() -> None:
    signed = Signer("standard-webhooks", secret=WHSEC).sign(b"{}", id="m", now=NOW)
    exact = Verifier("standard-webhooks", secret=WHSEC, tolerance=0)
    assert exact.verify(signed.body, signed.headers, now=NOW + 0.999).id == "m"
    with pytest.raises(HookproofError):
        exact.verify(signed.body, signed.headers, now=NOW - 0.001)


@pytest.mark.parametrize("word", ["method", "url"])
def test_method_and_url_are_text(word: str) -> None:
    with pytest.raises(TypeError):
        verifier().verify(BODY, HEADERS, **{word: b"POST"})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError):
        verifier().verify(BODY, HEADERS, **{word: "\ud800"})  # type: ignore[arg-type]


def test_update_keys_checks_what_it_is_given() -> None:
    bearer = Verifier("jwt-bearer", **ISSUED)
    for document, expected in (
        (5, TypeError),
        ("nonsense", ConfigurationError),
        ({"keys": 1}, ConfigurationError),
    ):
        with pytest.raises(expected):
            bearer.update_keys(document)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError) as caught:
        verifier().update_keys({"keys": []})
    assert caught.value.code == "invalid_option"


def test_a_verifier_without_keys_says_that_they_are_unavailable() -> None:
    with pytest.raises(HookproofError) as caught:
        Verifier("jwt-bearer", **ISSUED).verify(b"{}", {"Authorization": "Bearer e30.e30.e30"})
    assert caught.value.code in {"keys_unavailable", "malformed_token", "unsupported_algorithm"}


@pytest.mark.parametrize("text", ["", "nonsense", "{}", "[]", '{"name": "x"}'])
def test_a_provider_that_breaks_the_form_is_told(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Provider.from_json(text)
    assert caught.value.code == "invalid_provider"


@pytest.mark.parametrize("form", [None, "x", [], 5])
def test_a_provider_form_is_a_dict(form: Any) -> None:
    with pytest.raises(TypeError):
        Provider.from_dict(form)


def test_an_unknown_outcome_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="not_authentic"):
        Provider.named("stripe").reply("lost")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, ConfigurationError),
        ({"id": 5}, TypeError),
        ({"id": "a.b"}, ConfigurationError),
        ({"id": "m", "now": math.nan}, ConfigurationError),
        ({"id": "m", "attributes": []}, TypeError),
        ({"id": "m", "attributes": {"a": 5}}, TypeError),
    ],
)
def test_what_cannot_be_signed_is_told(words: Any, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        Signer("standard-webhooks", secret=WHSEC).sign(b"{}", **words)


def test_a_parsed_body_cannot_be_signed() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Signer("fourvenues", secret=SECRET).sign({})  # type: ignore[arg-type]
    assert caught.value.code == "body_already_parsed"
