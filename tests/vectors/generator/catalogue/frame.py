"""One row of the catalogue: how a provider signs and what its request says, from the provider's pages.

A row is an `Entry`. `derive.py` makes the cases of a verifier from it and `signing.py` those of a signer.
What is peculiar to a provider stands in `also` (requests with other bodies) and `extra` (any other cases).
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from generator.case import NOW, Case, Event, Headers, event, moment
from generator.output import Json


@dataclass(frozen=True)
class Time:
    """Where the timestamp stands, how it is written, and how far it may be off in seconds."""

    header: str | None = None
    # The key of a pair in the signature's header, where it stands there.
    pair: str | None = None
    form: str = "seconds"
    tolerance: int = 300

    def write(self, unix_seconds: int) -> str:
        moment = datetime.fromtimestamp(unix_seconds, timezone.utc)
        match self.form:
            case "seconds":
                return str(unix_seconds)
            case "milliseconds":
                return str(unix_seconds * 1000)
            case "rfc3339":
                return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            case "http-date":
                return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
        raise ValueError(f"no form of a timestamp: {self.form}")


@dataclass(frozen=True)
class Sent:
    """What one request says before it is signed."""

    body: bytes
    time: str
    id: str | None
    method: str | None
    url: str | None


@dataclass(frozen=True)
class Request:
    """A request as it arrives."""

    headers: Headers
    body: bytes
    method: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Also:
    """A further request that is rightly signed: another body, other unsigned headers, what must follow."""

    name: str
    comment: str
    flag: str
    body: bytes
    # An event, or the code of an error.
    expect: Event | str
    # Header values that are others than in the usual request; None leaves the header out.
    headers: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A provider: how it signs, and what its usual request says."""

    provider: str
    body: bytes
    # The parts that the signature covers, as in "body id timestamp".
    covers: str
    secret: str = "hookproof-test-secret-4f1c"
    other_secret: str = "hookproof-test-secret-previous-02be"
    # One that signs nothing; any text where that is a secret.
    third_secret: str | None = None

    # The header of the signature, or the headers of one signature each.
    header: str | tuple[str, ...] = ""
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    # Whether a signature counts without the prefix, too.
    prefix_optional: bool = False
    # What stands between several signatures, where one header holds several.
    separator: str | None = None
    # The key of a signature among the pairs of its header.
    pair: str | None = None
    # What the provider writes between pairs, where that is more than the separator.
    joined: str | None = None
    # Whether blanks may stand before a pair.
    blanks: bool = False
    # Whether the header may occur several times.
    repeats: bool = False
    # What is signed: {body}, {time}, {id}, {method}, {url} and text.
    content: str = "{body}"
    time: Time | None = None
    # Headers that have to have these values.
    fixed: dict[str, str] = field(default_factory=dict)
    method: str | None = None
    url: str | None = None

    # What may stand before a secret in base64; None where the text of the secret is the key.
    base64_prefix: str | None = None
    # Returns the bytes of the key, where the secret is written in yet another form.
    key: Callable[[str], bytes] | None = None
    # Makes a signature over content for the one who is given `secret` to verify it.
    sign: Callable[[str, bytes], bytes] | None = None
    # The algorithm's name in a proof, where it is no HMAC.
    algorithm_name: str | None = None
    # Puts a request together, where signatures do not stand in headers.
    arrange: Callable[["Entry", Sent, Sequence[str]], Request] | None = None
    # Whether the fields of a form are signed in the place of its bytes.
    signs_form: bool = False
    # Computes the signed bytes, where `content` cannot say it.
    signed: Callable[[Sent], bytes] | None = None

    # What a body has to be: object, json or any.
    bodies: str = "object"
    id: str | None = None
    id_header: str | None = None
    type: str | None = None
    type_header: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    # Attributes by name, with their header and value.
    header_attributes: dict[str, tuple[str, str]] = field(default_factory=dict)
    # Finds the event's id in a request, where each has another.
    identify: Callable[[Request], str] | None = None
    # Tells which parts the signature covers in a request, where that is not the same in each.
    cover: Callable[[Request], str] | None = None
    # The member of the body that is the event's data, as in "event/data"; None stands for all of it.
    data: str | None = None
    # The time in the body or a header at which the event happened.
    occurred: str | None = None
    is_ping: bool = False
    other_headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    also: tuple[Also, ...] = ()
    extra: Callable[["Entry"], list[Case]] | None = None
    # Names of derived cases that do not hold for this provider.
    skip: frozenset[str] = frozenset()
    # Whether a signer can write such requests.
    signs: bool = True
    # The secret of a signer, where it is another one than the verifier's.
    private: Callable[[str], str] | None = None
    # The header in which a signer writes the id, where a verifier reads several.
    signer_id_header: str | None = None
    # Headers with which a signer says what the request is.
    announced: dict[str, str] = field(default_factory=dict)

    # What one request says.

    def sent(self, body: bytes | None = None, at: int = NOW, time: str | None = None, **more: Any) -> Sent:
        text = time if time is not None else self.time.write(at) if self.time else ""
        sent = Sent(self.body if body is None else body, text, self.id, self.method, self.url)
        return replace(sent, **more) if more else sent

    def usual(self, at: int = NOW, **more: Json) -> Event:
        """Returns the event that the usual request is."""
        attributes = self.attributes | {name: value for name, (_, value) in self.header_attributes.items()}
        facts: Event = {
            "sent_at": at if self.time else None,
            "occurred_at": moment(self.occurred) if self.occurred else None,
            "attributes": attributes,
            "data": self._data(),
            "key_index": 0,
            "algorithm": self.algorithm_name or f"hmac-{self.algorithm}",
            "content": "raw",
        }
        return event(self.id, self.type, self.covers.split(), is_ping=self.is_ping, **(facts | more))

    def bare(self, **more: Json) -> Event:
        """Returns the event of a request whose body says nothing: what stands in headers stays."""
        facts: Event = {
            "sent_at": NOW if self.time else None,
            "attributes": {name: value for name, (_, value) in self.header_attributes.items()},
            "key_index": 0,
        }
        identifier = self.id if self.id_header else None
        kind = self.type if self.type_header else None
        return event(identifier, kind, self.covers.split(), **(facts | more))

    def _data(self) -> Json:
        try:
            whole = json.loads(self.body)
        except ValueError:
            return None
        for name in self.data.split("/") if self.data else []:
            whole = whole[name]
        return whole

    # The signature.

    def message(self, sent: Sent) -> bytes:
        """Returns the bytes that are signed."""
        if self.signed:
            return self.signed(sent)
        values: dict[str, Any] = {**vars(sent), "body": sent.body}
        parts = re.split(r"\{(\w+)\}", self.content)
        named = [_bytes(values[part]) if place % 2 else _bytes(part) for place, part in enumerate(parts)]
        return b"".join(named)

    def digest(self, message: bytes, secret: str | None = None) -> bytes:
        secret = self.secret if secret is None else secret
        if self.sign:
            return self.sign(secret, message)
        return hmac.digest(self.key_bytes(secret), message, self.algorithm)

    def key_bytes(self, secret: str) -> bytes:
        """Returns the key that a secret stands for."""
        if self.key:
            return self.key(secret)
        if self.base64_prefix is None:
            return secret.encode()
        return base64.b64decode(secret.removeprefix(self.base64_prefix), validate=True)

    def encode(self, digest: bytes) -> str:
        if self.encoding == "hex":
            return digest.hex()
        if self.encoding == "token":
            return digest.decode()
        if self.encoding == "base64url":
            return base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return base64.b64encode(digest).decode()

    def text(self, sent: Sent | None = None, secret: str | None = None) -> str:
        """Returns the text of a signature, without its prefix."""
        return self.encode(self.digest(self.message(sent or self.sent()), secret))

    @property
    def holds_several(self) -> bool:
        """Tells whether a request can carry several signatures."""
        return bool(self.separator or self.repeats or isinstance(self.header, tuple))

    @property
    def headers(self) -> tuple[str, ...]:
        return self.header if isinstance(self.header, tuple) else (self.header,)

    # The request.

    def request(self, sent: Sent | None = None, texts: Sequence[str] | None = None) -> Request:
        """Puts the request together, with the given texts where the signature belongs."""
        sent = sent or self.sent()
        texts = [self.text(sent)] if texts is None else texts
        return self.placed(sent, [self.prefix + text for text in texts])

    def placed(self, sent: Sent, signatures: Sequence[str]) -> Request:
        """Puts the request together; the signatures have their prefixes."""
        if self.arrange:
            return self.arrange(self, sent, signatures)
        lines = [[name, value] for name, value in self.other_headers.items()]
        lines += self.described(sent)
        lines += [[name, value] for name, (name, value) in self.header_attributes.items()]
        lines += self.signature_lines(sent, signatures, self.joined or self.separator or "")
        return Request(lines, sent.body, sent.method, sent.url)

    def described(self, sent: Sent) -> Headers:
        """Returns the headers that name the event."""
        named = [(self.id_header, sent.id), (self.type_header, self.type)]
        return [[name, value] for name, value in named if name and value is not None]

    def signature_lines(self, sent: Sent, signatures: Sequence[str], joined: str) -> Headers:
        """Returns the headers that prove the request: timestamp, fixed values, signatures."""
        lines = [[name, value] for name, value in self.fixed.items()]
        if self.time and self.time.header:
            lines.append([self.time.header, sent.time])
        if isinstance(self.header, tuple):
            lines += [[name, text] for name, text in zip(self.header, signatures, strict=False)]
        elif self.pair:
            pairs = [f"{self.time.pair}={sent.time}"] if self.time and self.time.pair else []
            pairs += [f"{self.pair}={text}" for text in signatures]
            lines.append([self.header, joined.join(pairs)])
        elif self.separator:
            lines.append([self.header, joined.join(signatures)])
        else:
            lines += [[self.header, text] for text in signatures]
        return lines


def _bytes(value: str | bytes) -> bytes:
    # Header texts are bytes of the wire, one character each.
    return value if isinstance(value, bytes) else value.encode("latin-1")


def digest_of(*parts: str | bytes) -> str:
    """Returns the id that a delivery without one gets: the SHA-256 of what tells it from others."""
    return hashlib.sha256(b"\n".join(_utf8(part) for part in parts)).hexdigest()


def _utf8(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()


def base64_secret(seed: str, prefix: str = "whsec_") -> str:
    """Returns a base64 secret of 32 bytes that is the same in every run."""
    return prefix + base64.b64encode(hashlib.sha256(seed.encode()).digest()).decode()
