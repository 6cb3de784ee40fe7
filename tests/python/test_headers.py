"""Headers in the shapes that Python's frameworks keep them in."""

import email.message
from collections import UserDict, UserList
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from authentic import BODY, HEADERS, NOW, SIGNATURE, WHSEC, verifier
from django.http.request import HttpHeaders

from hookproof import Signer, VerificationError, Verifier


class CaseInsensitiveDict(Mapping[str, str]):
    """A mapping that is no dict, as requests and Django have one."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def __getitem__(self, name: str) -> str:
        return next(value for key, value in self._headers.items() if key.lower() == name.lower())

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)


class Pairs:
    """An object that is no mapping and has `items()`, as werkzeug's headers."""

    def items(self) -> Iterator[tuple[str, str]]:
        yield from HEADERS.items()


class OnlyFirst(dict[str, Any]):
    """A dict whose items are not what it stores, as multi-valued dicts have them."""

    def items(self) -> Any:
        return [(name, values[0]) for name, values in super().items()]


def _message() -> email.message.Message:
    message = email.message.Message()
    message["x-webhook-signature"] = SIGNATURE
    return message


@pytest.mark.parametrize(
    "headers",
    [
        HEADERS,
        {"x-webhook-signature": SIGNATURE},
        {"X-WEBHOOK-SIGNATURE": SIGNATURE},
        {b"x-webhook-signature": SIGNATURE.encode()},
        {"x-webhook-signature": SIGNATURE.encode()},
        {"x-webhook-signature": [SIGNATURE]},
        {"x-webhook-signature": (SIGNATURE,)},
        {"X-Webhook-Signature": SIGNATURE, "x-other": 5, "x-another": None},
        MappingProxyType(HEADERS),
        UserDict(HEADERS),
        CaseInsensitiveDict(HEADERS),
        HttpHeaders({"HTTP_X_WEBHOOK_SIGNATURE": SIGNATURE}),
        OnlyFirst({"x-webhook-signature": [SIGNATURE, "another"]}),
        Pairs(),
        _message(),
        [("X-Webhook-Signature", SIGNATURE)],
        [["X-Webhook-Signature", SIGNATURE]],
        UserList([("X-Webhook-Signature", SIGNATURE)]),
        (("X-Webhook-Signature", SIGNATURE),),
        [(b"x-webhook-signature", SIGNATURE.encode())],
        iter([(b"x-webhook-signature", SIGNATURE.encode())]),
        HEADERS.items(),
    ],
    ids=lambda headers: f"{type(headers).__name__} {headers!r}"[:60],
)
def test_every_usual_shape_is_read(headers: Any) -> None:
    assert verifier().verify(BODY, headers).id == "5f7b"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Webhook-Signature": SIGNATURE, "x-webhook-signature": SIGNATURE},
        {"X-Webhook-Signature": [SIGNATURE, SIGNATURE]},
        [("X-Webhook-Signature", SIGNATURE), ("X-Webhook-Signature", SIGNATURE)],
        [(b"x-webhook-signature", SIGNATURE.encode()), ("X-Webhook-Signature", "00")],
    ],
)
def test_a_header_that_comes_twice_is_refused(headers: Any) -> None:
    with pytest.raises(VerificationError) as caught:
        verifier().verify(BODY, headers)
    assert caught.value.code == "duplicate_header"


@pytest.mark.parametrize("headers", [{}, [], {"X-Webhook-Signature": None}, {"X-Webhook-Signature": []}])
def test_an_absent_header_is_missing(headers: Any) -> None:
    with pytest.raises(VerificationError) as caught:
        verifier().verify(BODY, headers)
    assert caught.value.code == "missing_header"


@pytest.mark.parametrize(
    "headers",
    [
        None,
        5,
        "X-Webhook-Signature",
        b"X-Webhook-Signature",
        ["ab"],
        [("X-Webhook-Signature",)],
        [("X-Webhook-Signature", SIGNATURE, "more")],
        [{"X-Webhook-Signature": SIGNATURE}],
        {"X-Webhook-Signature": 5},
        {"X-Webhook-Signature": {}},
        {"X-Webhook-Signature": [5]},
        {"X-Webhook-Signature": bytearray(SIGNATURE.encode())},
        {5: SIGNATURE},
    ],
)
def test_another_shape_is_a_type_error(headers: Any) -> None:
    with pytest.raises(TypeError):
        verifier().verify(BODY, headers)


def test_text_is_never_narrowed_to_bytes() -> None:
    """U+016D narrowed to one byte is an `m`: an id with it would pass for the one that was signed."""
    signed = Signer("standard-webhooks", secret=WHSEC).sign(b"{}", id="msg_1", now=NOW)
    standard = Verifier("standard-webhooks", secret=WHSEC)
    assert standard.verify(b"{}", signed.headers, now=NOW).id == "msg_1"
    with pytest.raises(VerificationError) as caught:
        standard.verify(b"{}", {**signed.headers, "webhook-id": "\u016dsg_1"}, now=NOW)
    # The two spellings of the name are two headers, so only one may be given.
    assert caught.value.code == "duplicate_header"
    wide = {name: value for name, value in signed.headers.items() if name.lower() != "webhook-id"}
    with pytest.raises(VerificationError) as caught:
        standard.verify(b"{}", {**wide, "webhook-id": "\u016dsg_1"}, now=NOW)
    assert caught.value.code == "malformed_header"


@pytest.mark.parametrize("value", ["\ud800", "a\udcff", f"{SIGNATURE}\ud800"])
def test_a_lone_surrogate_is_a_malformed_header(value: str) -> None:
    with pytest.raises(VerificationError) as caught:
        verifier().verify(BODY, {"X-Webhook-Signature": value})
    assert caught.value.code == "malformed_header"


def test_a_lone_surrogate_in_a_name_is_nobodys_header() -> None:
    assert verifier().verify(BODY, {"\ud800": "x", **HEADERS}).id == "5f7b"


def test_an_error_of_the_mapping_itself_comes_through() -> None:
    class Broken:
        def items(self) -> Any:
            message = "broken"
            raise OSError(message)

    with pytest.raises(OSError, match="broken"):
        verifier().verify(BODY, Broken())
