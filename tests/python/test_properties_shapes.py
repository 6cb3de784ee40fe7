"""A request has one verdict, in whatever shape a framework keeps its headers and its body."""

import array
import asyncio
import email.message
import mmap
import types
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from authentic import BODY, NOW, SECRET, WHSEC
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from hookproof import Event, HookproofError, Signer, VerificationError, Verifier
from hookproof.types import VerifierOptions

Pairs = list[tuple[str, str]]

SIGNED = Signer("standard-webhooks", secret=WHSEC).sign(BODY, id="msg_1", now=NOW)
VERIFIER = Verifier("standard-webhooks", secret=WHSEC)


class _Lazy(Mapping[str, str]):
    """A mapping that is no dict, as of Django and others."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = dict(pairs)

    def __getitem__(self, name: str) -> str:
        return self._pairs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


def _message(pairs: Pairs) -> email.message.Message:
    message = email.message.Message()
    for name, value in pairs:
        message[name] = value
    return message


# Shapes that keep a name for each of its spellings, and repeated lines.
LISTS: dict[str, Callable[[Pairs], Any]] = {
    "list": list,
    "tuple": tuple,
    "generator": lambda pairs: (pair for pair in pairs),
    "lists": lambda pairs: [list(pair) for pair in pairs],
    "asgi": lambda pairs: [
        (name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass"))
        for name, value in pairs
    ],
    "mixed": lambda pairs: [(name.encode("utf-8", "surrogatepass"), value) for name, value in pairs],
}
# Shapes that keep one entry for a name.
MAPPINGS: dict[str, Callable[[Pairs], Any]] = {
    "dict": dict,
    "ordered": OrderedDict,
    "proxy": lambda pairs: types.MappingProxyType(dict(pairs)),
    "mapping": _Lazy,
    "bytes": lambda pairs: {name.encode(): value.encode() for name, value in pairs},
    "values": lambda pairs: {name: [value] for name, value in pairs},
    "tuples": lambda pairs: {name: (value,) for name, value in pairs},
    "werkzeug": WerkzeugHeaders,
    "starlette": lambda pairs: StarletteHeaders(dict(pairs)),
    "message": _message,
}

NAMES = ["webhook-id", "webhook-timestamp", "webhook-signature"]
HOSTILE_NAMES = [
    "__proto__",
    "constructor",
    "",
    " webhook-id",
    "webhook-id ",
    "webhook_id",
    "webhook-\u212ad",
]

texts = st.text(max_size=20) | st.text(st.characters(categories=["Cs", "Cc"]), max_size=3)
spelled = st.sampled_from(NAMES).flatmap(
    lambda name: st.lists(st.booleans(), min_size=len(name), max_size=len(name)).map(
        lambda upper: "".join(c.upper() if u else c for c, u in zip(name, upper, strict=True))
    )
)
true_values = st.sampled_from([SIGNED.headers[name.title()] for name in NAMES])
pairs = st.lists(st.tuples(spelled | st.sampled_from(HOSTILE_NAMES) | texts, true_values | texts), max_size=8)


def _verdict(headers: Any, body: Any = BODY) -> str:
    try:
        event = VERIFIER.verify(body, headers, now=NOW)
    except HookproofError as error:
        return error.code
    return f"accepted {event.id}"


@given(lines=pairs, order=st.permutations(list(SIGNED.headers.items())), honest=st.booleans())
def test_every_list_of_lines_has_the_same_verdict(lines: Pairs, order: Pairs, honest: bool) -> None:
    given_lines = [*lines, *order] if honest else lines
    verdicts = {shape: _verdict(make(given_lines)) for shape, make in LISTS.items()}
    assert len(set(verdicts.values())) == 1, verdicts


@given(lines=pairs, honest=st.booleans())
def test_every_mapping_has_the_same_verdict(lines: Pairs, honest: bool) -> None:
    ascii_lines = [
        (name, value)
        for name, value in lines
        # What an email's or a framework's headers refuse themselves.
        if name.isascii() and value.isascii() and value.isprintable() and name.isprintable() and name
    ]
    known = {name.lower(): value for name, value in ascii_lines}
    if honest:
        known |= {name.lower(): value for name, value in SIGNED.headers.items()}
    verdicts = {shape: _verdict(make(list(known.items()))) for shape, make in MAPPINGS.items()}
    assert len(set(verdicts.values())) == 1, verdicts
    assert set(verdicts.values()) == {"accepted msg_1"} or not honest


@given(value=st.none() | st.integers() | st.floats() | st.booleans() | st.sets(st.integers()), name=spelled)
def test_a_value_that_is_no_text_is_absent_or_a_type_error(value: Any, name: str) -> None:
    try:
        VERIFIER.verify(BODY, {**SIGNED.headers, f"{name}": value}, now=NOW)
    except TypeError:
        assert value is not None
    except VerificationError as error:
        assert (value, error.code) == (None, "missing_header")


@given(
    headers=st.none()
    | st.integers()
    | texts
    | st.binary()
    | st.lists(st.integers())
    | st.lists(st.lists(texts))
    | st.lists(st.tuples(texts))
    | st.dictionaries(st.integers(), texts, min_size=1)
)
def test_other_headers_are_a_type_error_or_refused(headers: Any) -> None:
    with pytest.raises((TypeError, VerificationError)):
        VERIFIER.verify(BODY, headers, now=NOW)


def _every_other(body: bytes) -> memoryview:
    spread = bytearray(2 * len(body))
    spread[::2] = body
    return memoryview(spread)[::2]


def _backwards(body: bytes) -> memoryview:
    return memoryview(body[::-1])[::-1]


def _mapped(body: bytes) -> mmap.mmap:
    view = mmap.mmap(-1, max(len(body), 1))
    view.write(body)
    return view


BODIES: dict[str, Callable[[bytes], Any]] = {
    "bytearray": bytearray,
    "memoryview": memoryview,
    "writable": lambda body: memoryview(bytearray(body)),
    "every other": _every_other,
    "backwards": _backwards,
    "array": lambda body: array.array("B", body),
    "cast": lambda body: memoryview(body).cast("b"),
}


@given(body=st.binary(max_size=3000))
def test_bytes_are_verified_in_whatever_buffer_they_are(body: bytes) -> None:
    signed = Signer("fast-events", secret=SECRET).sign(body, type="order.created")
    verifier = Verifier("fast-events", secret=SECRET)

    def judged(given_body: Any) -> tuple[str, bytes]:
        try:
            return "accepted", verifier.verify(given_body, signed.headers).body
        except HookproofError as error:
            return error.code, b""

    expected = judged(body)
    verdicts = {kind: judged(make(body)) for kind, make in BODIES.items()}
    assert set(verdicts.values()) == {expected}, verdicts
    if body:
        assert judged(_mapped(body)) == expected


@given(text=st.text(max_size=50) | st.text(st.characters(categories=["Cs", "Lo"]), max_size=5))
def test_a_text_is_its_utf_8_and_a_lone_surrogate_is_nobodys(text: str) -> None:
    form = f'{{"id":"1","event":"x","payload":"{"".join(c for c in text if c.isalnum() or c > "~")}"}}'
    try:
        octets = form.encode()
    except UnicodeEncodeError:
        octets = form.encode("utf-8", "replace")
        headers = Signer("fourvenues", secret=SECRET).sign(octets).headers
        with pytest.raises(HookproofError):
            Verifier("fourvenues", secret=SECRET).verify(form, headers)
        return
    headers = Signer("fourvenues", secret=SECRET).sign(octets).headers
    assert Verifier("fourvenues", secret=SECRET).verify(form, headers).body == octets


@pytest.mark.parametrize("call", ["verify", "averify"])
@pytest.mark.parametrize(
    "body", [None, 5, 5.0, object(), {1}, iter(b"x"), "released"], ids=lambda body: type(body).__name__
)
def test_what_has_no_bytes_is_a_type_error(call: str, body: Any) -> None:
    if body == "released":
        body = memoryview(BODY)
        body.release()

    def verify() -> Event:
        if call == "verify":
            return VERIFIER.verify(body, SIGNED.headers, now=NOW)
        return asyncio.run(VERIFIER.averify(body, SIGNED.headers, now=NOW))

    with pytest.raises(TypeError, match="the body is"):
        verify()


EDGES = [0, -1, 2**31, 2**53, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 10**400]


@given(
    now=st.sampled_from(EDGES)
    | st.integers(NOW - 302, NOW + 302)
    | st.floats(NOW - 302, NOW + 302)
    | st.floats()
    | st.booleans()
)
def test_a_clock_anywhere_accepts_exactly_the_tolerance(now: float) -> None:
    try:
        VERIFIER.verify(BODY, SIGNED.headers, now=now)
    except HookproofError as error:
        if error.code == "timestamp_too_old":
            assert now > NOW + 300
        elif error.code == "timestamp_too_new":
            assert now < NOW - 300
        else:
            # NaN, infinities and what no 64 bits hold are no moments.
            assert error.code == "invalid_option"
            assert now != now or not -(2**63) <= now < 2**63
    else:
        assert NOW - 300 <= now < NOW + 301


@given(tolerance=st.integers(-2, 2**64) | st.floats() | st.booleans(), off=st.integers(-400, 400))
def test_any_tolerance_is_kept_or_refused(tolerance: float, off: int) -> None:
    try:
        verifier = Verifier("standard-webhooks", secret=WHSEC, tolerance=tolerance)
    except HookproofError as error:
        assert error.code == "invalid_option"
        return
    try:
        verifier.verify(BODY, SIGNED.headers, now=NOW + off)
    except VerificationError as error:
        assert error.code in {"timestamp_too_old", "timestamp_too_new"}
        assert abs(off) > int(tolerance)
    else:
        assert abs(off) <= tolerance


OPTIONS = sorted({*VerifierOptions.__optional_keys__, "max_body", "url"})
option_values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | texts
    | st.binary(max_size=9)
    | st.lists(texts | st.none() | st.integers(), max_size=3)
    | st.dictionaries(texts, texts | st.floats(), max_size=3)
    | st.builds(object)
    | st.timedeltas()
)


@given(
    name=st.sampled_from(["fourvenues", "standard-webhooks", "pitchpoint", "meta", "twilio", "nobody", ""])
    | texts,
    options=st.dictionaries(st.sampled_from(OPTIONS), option_values, max_size=6),
    secret=st.sampled_from([SECRET, WHSEC, None]),
)
def test_any_options_build_a_verifier_or_say_what_is_wrong(name: str, options: Any, secret: Any) -> None:
    with_secret = options if secret is None else {**options, "secret": secret}
    try:
        verifier = Verifier(name, **{"fetch_keys": False, **with_secret})
    except HookproofError as error:
        assert error.code in {"invalid_option", "invalid_secret", "invalid_key", "unknown_provider"}
    except TypeError:
        pass
    else:
        with pytest.raises((HookproofError, TypeError)):
            verifier.verify(b"{", {"Webhook-Id": "x"}, now=NOW)
