"""The native module: what `hookproof` re-exports from it, and what its Python files wrap.

The docstrings are those of the Rust sources; a test compares the two.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from os import PathLike
from types import MappingProxyType
from typing import Any, Final, Literal, final

from typing_extensions import Self, disjoint_base

from hookproof.types import Body, Headers, JsonObject, Seconds, Secrets

__all__ = [
    "CLAIMS_PER_CLEARING",
    "CLEARED_AT_ONCE",
    "VERSION",
    "AddressPolicy",
    "Delivery",
    "EnvironHeaders",
    "Event",
    "Handshake",
    "MemoryStore",
    "Proof",
    "Provider",
    "RemoteKeys",
    "Reply",
    "RetryPolicy",
    "Signed",
    "Signer",
    "SqliteStore",
    "Verifier",
    "generate_keys",
    "outcome_of",
    "redis_script",
    "run_cli",
    "sample_message",
    "sql_statements",
    "stop_clock",
    "stopped_clock",
    "store_key",
    "store_millis",
]

VERSION: Final[str]

@final
class AddressPolicy:
    """Decides about addresses; `hookproof.AddressPolicy` wraps it and resolves names."""

    def __new__(cls, allow: str | Sequence[str], deny: str | Sequence[str]) -> AddressPolicy: ...
    def refusal(self, address: str) -> str | None:
        """Returns why an address is refused; None where it is permitted."""

def stop_clock(millis: int | None) -> int | None:
    """Stops the clock at a moment in unix milliseconds, or lets it run where that is None; returns where it stood.

    It is not what a sender can reach: nothing of a request comes here, only who runs code in this process.
    """

def stopped_clock() -> int | None:
    """Returns where the clock was stopped, in unix milliseconds; None where it runs."""

@final
class EnvironHeaders:
    """The headers in an environ of WSGI, or in Django's `META`; made at no cost, and read without copying them."""

    def __new__(cls, environ: dict[str, Any]) -> EnvironHeaders: ...
    def items(self) -> list[tuple[str, Any]]:
        """Lists the headers, each with its name as it is on the wire but for case."""
    def get(self, name: str) -> Any:
        """Returns a header by its name in lower case; None where it is absent."""

@final
class Event:
    """An authentic request: what it says, and what was proven of it.

    `Verifier.verify` returns it; it cannot be changed. Everything that the provider sends is kept: unknown
    types and members are no error, and `data` is parsed only when it is asked for.

    >>> from hookproof import Signer, Verifier
    >>> body = b'{"id": "5f7b", "event": "payment.success", "payload": {"payment_id": "p1"}}'
    >>> signed = Signer("fourvenues", secret="s3cr3t").sign(body)
    >>> event = Verifier("fourvenues", secret="s3cr3t").verify(signed.body, signed.headers)
    >>> event.type, event.id, event.data
    ('payment.success', '5f7b', {'payment_id': 'p1'})
    """

    @property
    def provider(self) -> str:
        """The name of the provider."""
    @property
    def id(self) -> str | None:
        """The id of the event or delivery, opaque; None where the provider sends none."""
    @property
    def type(self) -> str | None:
        """The event's type as the provider writes it. The set is open: expect types you do not know."""
    @property
    def data(self) -> Any:
        """The payload, parsed from JSON once; None for a ping or a body that is not JSON.

        Raises `PayloadError` (`malformed_body`) for an integer with more digits than Python converts.
        """
    @property
    def body(self) -> bytes:
        """The bytes that were verified: the object that was given, unless another form of it was signed."""
    @property
    def sent_at(self) -> datetime | None:
        """When this attempt was sent, a datetime in UTC; None where the provider does not sign that."""
    @property
    def occurred_at(self) -> datetime | None:
        """When the event happened, a datetime in UTC; None where the provider does not tell."""
    @property
    def attributes(self) -> MappingProxyType[str, str]:
        """What else the provider tells: a read-only mapping of str to str.

        Such as the tenant, parts of the topic, ids of entities.
        """
    @property
    def idempotency_key(self) -> str:
        """The key under which this delivery is recognised when it comes again, at most 201 ASCII characters.

        It holds the provider, the endpoint and a hash of the id, or of type and body where the provider has
        no id that stays the same over retries.
        """
    @property
    def is_ping(self) -> bool:
        """Whether this is a test of the connection, which must be answered but not handled."""
    @property
    def handshake(self) -> Handshake | None:
        """The answer that the sender waits for, where this is a signed handshake (then also a ping)."""
    @property
    def proof(self) -> Proof:
        """What was proven and what was not."""

@final
class Handshake:
    """A request that asks for a certain answer: a URL check, a challenge, a connection test.

    Send its reply and do nothing else: a handshake is never an event.

    >>> from hookproof import Provider
    >>> handshake = Provider.named("trello").handshake(b"", {}, method="HEAD")
    >>> handshake.name, handshake.reply.status, handshake.keep
    ('head', 200, None)
    """

    @property
    def name(self) -> str:
        """The provider's name for it, such as `url_verification`."""
    @property
    def reply(self) -> Reply:
        """What to answer; its outcome is `ping`."""
    @property
    def keep(self) -> str | None:
        """What to keep, where the provider hands over a secret or token this way (Asana, Notion); else None.

        It is as secret as the secret that it becomes: do not log it.
        """

@final
class Proof:
    """Says what was proven about a request and what was not.

    A signature proves the bytes it covers and nothing else. A bearer token proves who calls and nothing of
    what is said. Read `covers` before you trust a part of an event.

    >>> from hookproof import Signer, Verifier
    >>> signed = Signer("github", secret="s3cr3t").sign(b"{}", type="push")
    >>> event = Verifier("github", secret="s3cr3t").verify(signed.body, signed.headers)
    >>> event.type, "body" in event.proof.covers, "type" in event.proof.covers
    ('push', True, False)

    GitHub does not sign the header that names the event.
    """

    @property
    def covers(self) -> frozenset[str]:
        """Which parts the signature covers: some of `body`, `id`, `method`, `timestamp`, `type` and `url`."""
    @property
    def key_index(self) -> int:
        """The place, from 0, of the key that matched among the secrets or in the key set."""
    @property
    def key_label(self) -> str | None:
        """The label of the key that matched, or the key id of a bearer token; None where it has none."""
    @property
    def algorithm(self) -> str:
        """The algorithm, such as `hmac-sha256`, `ed25519` or `RS256`."""
    @property
    def claims(self) -> JsonObject | None:
        """The verified claims of a bearer token as a dict, parsed once; None where there is no token.

        Raises `PayloadError` (`malformed_body`) for a number with more digits than Python converts.
        """
    @property
    def content(self) -> Literal["raw", "trimmed", "reserialized"]:
        """Which form of the body was signed: `raw`, `trimmed` (of newlines at its end) or `reserialized`."""

@final
class Provider:
    """What is known about one sender of webhooks.

    How it signs, where things stand in its requests, how it retries and how it wants to be answered.
    It is data. Those that are built in are found by name; any other is given in the same form.

    >>> from hookproof import Provider
    >>> Provider.named("fourvenues").title
    'Fourvenues'
    >>> crm = Provider.from_dict({
    ...     "name": "small-crm",
    ...     "scheme": {"signature": {
    ...         "from": {"header": "X-Crm-Signature"},
    ...         "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
    ...         "content": "{body}",
    ...     }},
    ...     "event": {"id": {"json": "/id"}, "type": {"json": "/kind"}},
    ... })
    >>> crm.name
    'small-crm'
    """

    @staticmethod
    def named(name: str) -> Provider:
        """Returns the built-in provider of a name, such as `fourvenues` or `standard-webhooks`.

        Raises `ConfigurationError`: `unknown_provider` where none has that name.
        """
    @staticmethod
    def from_json(json: str) -> Provider:
        """Reads a provider from the text of a provider file.

        Raises `ConfigurationError`: `invalid_provider` with the place that breaks the form.
        """
    @staticmethod
    def from_dict(form: JsonObject) -> Provider:
        """Reads a provider from a dict in the form of a provider file.

        Raises `ConfigurationError`: `invalid_provider` with the place that breaks the form.
        """
    @staticmethod
    def names() -> tuple[str, ...]:
        """Lists the names of the built-in providers in alphabetical order."""
    @staticmethod
    def detect(headers: Headers) -> list[str]:
        """Names the built-in providers that a request with these headers could be from, the likeliest first.

        It is a guess from header names, for logs and set-up help. It proves nothing: whoever sends a request
        chooses its headers, so never choose the provider to verify with by them. `headers` is what
        `Verifier.verify` takes.

        >>> from hookproof import Provider
        >>> Provider.detect({"X-GitHub-Event": "push", "X-Hub-Signature-256": "sha256=00"})[0]
        'github'
        """
    @property
    def name(self) -> str:
        """The name: lower-case letters, digits and hyphens."""
    @property
    def title(self) -> str:
        """The name as people write it."""
    @property
    def docs(self) -> tuple[str, ...]:
        """The pages that the facts come from."""
    @property
    def evidence(self) -> str | None:
        """What the facts are founded on: `source`, `documentation` or `second-hand`.

        None for a provider of your own that does not say it.
        """
    @property
    def assumed(self) -> tuple[str, ...]:
        """What the provider does not document and this library assumes, in words."""
    def to_dict(self) -> JsonObject:
        """Returns the provider in the form of a provider file, a new dict each time."""
    def describe(self) -> JsonObject:
        """Describes the provider for people and tools, a new dict each time.

        It tells the headers, what is signed and how, what that covers, retry plan, replies and handshakes.

        >>> from hookproof import Provider
        >>> Provider.named("slack").describe().get("tolerance_seconds")
        300
        """
    def samples(self) -> list[str]:
        """Lists the names of the samples of this provider's events, at least one.

        They are event types, and `ping` for a test ping. `signed_request` of `hookproof.testing` and the command
        line send them.

        >>> from hookproof import Provider
        >>> Provider.named("fourvenues").samples()[0]
        'payment.success'
        """
    def handshake(
        self, body: Body, headers: Headers, *, method: str | None = None, url: str | None = None
    ) -> Handshake | None:
        """Answers a handshake that is not signed and needs no secret; None for any other request.

        With it an endpoint can be registered before there is a secret: Asana and Notion hand theirs over this
        way. Anybody can send such a request, so keep what it hands over only while you are registering the
        endpoint. The arguments are those of `Verifier.handshake`.

        Raises `VerificationError` (`duplicate_header`, `malformed_header`) where a value that tells the
        handshake is ambiguous.

        >>> from hookproof import Provider
        >>> handshake = Provider.named("asana").handshake(b"{}", {"X-Hook-Secret": "b537207f"})
        >>> handshake.keep, handshake.reply.headers
        ('b537207f', {'X-Hook-Secret': 'b537207f'})
        """
    def reply(self, outcome: str) -> Reply:
        """Returns how the provider wants to be answered when this came of a request.

        The outcomes are `accepted`, `duplicate`, `running`, `ping`, `not_authentic`, `stale`,
        `keys_unavailable`, `malformed`, `too_large`, `handler_failed`, `store_unavailable`, `misconfigured`
        and `method_not_allowed`. Raises `ConfigurationError`: `invalid_option` for any other.

        >>> from hookproof import Provider
        >>> Provider.named("fourvenues").reply("not_authentic").status
        403
        """

@final
class Reply:
    """How to answer a request: status, headers, body.

    >>> from hookproof import Provider
    >>> reply = Provider.named("fourvenues").reply("running")
    >>> reply.status, reply.headers, reply.body
    (503, {'Retry-After': '10'}, b'')
    """

    @property
    def status(self) -> int:
        """The HTTP status, 200 to 599."""
    @property
    def headers(self) -> dict[str, str]:
        """The headers to send, a dict of str to str."""
    @property
    def body(self) -> bytes:
        """The bytes to send, mostly none: a cause would tell an attacker what to improve."""
    @property
    def outcome(self) -> str:
        """What came of the request, such as `accepted`: few and fixed names, fit for labels of a metric."""

def outcome_of(code: str) -> str:
    """Returns what an error with this code means for the reply; an unknown code means `misconfigured`."""

@final
class Signer:
    """Signs messages as one provider does: the sender's half of every scheme.

    The provider is a name or a `Provider`. Options, all by keyword:

    - `secret`: str, bytes or a list of them, in the provider's form; for a bearer provider the PEM text of
      the RSA private key. With several, while one replaces another, a message gets a signature of each.
    - `issuer`, `audience`, `key_id`: what a bearer token says, and where its public key stands in the key
      set.
    - `algorithm`: of bearer tokens. Default: the provider's first.
    - `lifetime`: how long a bearer token is valid, seconds or a timedelta. Default: 3600.
    - `claims`: more claims for bearer tokens, a dict of any JSON values.

    Raises `ConfigurationError`: `invalid_secret`, `invalid_key`, `invalid_option`, `unknown_provider`.

    >>> from hookproof import Signer
    >>> signer = Signer("eventsair", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> signed = signer.sign(b'{"test": 2432232314}', id="msg_p5jXN8AQM9LWM0D4loKWxJek", now=1614265330)
    >>> signed.headers.get("Webhook-Signature")
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """

    def __new__(
        cls,
        provider: str | Provider,
        *,
        secret: Secrets | None = None,
        issuer: str | None = None,
        audience: str | None = None,
        key_id: str | None = None,
        algorithm: str | None = None,
        lifetime: Seconds | None = None,
        claims: JsonObject | None = None,
    ) -> Signer: ...
    def sign(
        self,
        body: Body,
        *,
        id: str | None = None,
        type: str | None = None,
        now: float | None = None,
        method: str | None = None,
        url: str | None = None,
        attributes: dict[str, str] | None = None,
    ) -> Signed:
        """Signs one attempt to deliver a message.

        The body is bytes-like, or a str that stands for its UTF-8: send exactly the bytes that come back.
        `id` is the same over all attempts; `now` is the moment of this one in unix seconds, default: the
        system's clock. `type`, `method`, `url` and `attributes` (a dict of str to str, such as `tenant`)
        matter where the provider sends or signs them.

        Raises `ConfigurationError`: `invalid_option` where a part is missing or cannot stand in a header.
        """
    @property
    def provider(self) -> Provider:
        """The provider as which this signs."""

@final
class Signed:
    """A signed message: what to put into the request."""

    @property
    def headers(self) -> dict[str, str]:
        """The header lines, a dict of str to str, each name once, as the provider spells them."""
    @property
    def body(self) -> bytes:
        """The bytes to send, unchanged."""

@disjoint_base
class Verifier:
    """Verifies the requests of one provider; `hookproof.Verifier` adds the asynchronous form."""

    def __new__(
        cls,
        provider: str | Provider,
        *,
        secret: Secrets | None = None,
        key_labels: Sequence[str | None] | None = None,
        tolerance: Seconds | None = None,
        issuer: str | Sequence[str] | None = None,
        audience: str | Sequence[str] | None = None,
        algorithms: str | Sequence[str] | None = None,
        required_claims: str | Sequence[str] | None = None,
        claims: JsonObject | None = None,
        jwks: JsonObject | str | None = None,
        jwks_uri: str | None = None,
        keys: str | None = None,
        fetch_keys: bool = True,
        fetch_timeout: Seconds | None = None,
        allow_insecure_loopback: bool = False,
        accept_reserialized: bool = False,
        endpoint: str | None = None,
        max_body: int | None = None,
        url: str | None = None,
        verify_token: str | None = None,
    ) -> Self: ...
    def verify(
        self,
        body: Body,
        headers: Headers,
        *,
        now: float | None = None,
        method: str | None = None,
        url: str | None = None,
    ) -> Event:
        """Verifies a request and returns what it says; it never returns for one that is not authentic.

        `body` is the raw body: bytes-like, or a str that stands for its UTF-8. `headers` is a mapping, an
        object with `items()`, or an iterable of pairs, of str or bytes; names in any case. `now` is in unix
        seconds, default: the system's clock. `method` and `url` matter to providers that sign them.

        Where keys are fetched, it waits for them, at most 5 seconds, if there are none; keys that are there
        make nobody wait, and newer ones are fetched by another thread.

        Raises `VerificationError` for a request that is not authentic, `PayloadError` for an authentic one
        that is not what the provider sends, `KeysUnavailableError` when no key can be had, and
        `ConfigurationError` (`body_already_parsed`, `invalid_option`) for what the caller gets wrong. Nothing
        else but a `TypeError` for a wrong argument leaves it, whatever the bytes.
        """
    def handshake(
        self,
        body: Body,
        headers: Headers,
        *,
        now: float | None = None,
        method: str | None = None,
        url: str | None = None,
    ) -> Handshake | None:
        """Answers a request if it is a handshake, such as a URL check or a challenge; None for any other.

        A handshake that the provider signs is verified first; `verify` also recognises those, as pings whose
        `Event.handshake` holds the answer. Call this before `verify` for requests other than POST and where
        `answers_unsigned`. The arguments are those of `verify`; without a `method` the request is a POST, and
        `url` needs its query.

        Raises what `verify` raises, for providers with signed handshakes.
        """
    @property
    def answers_unsigned(self) -> bool:
        """Whether the provider has handshakes that it does not sign."""
    def update_keys(self, jwks: JsonObject | str) -> None:
        """Replaces the key set of a bearer provider by a document that was just fetched from its issuer.

        The JWKS is a dict or JSON text. Raises `ConfigurationError`: `invalid_key` where it is no key set,
        and then the old keys stay; `invalid_option` where the provider has no key set.
        """
    def export_keys(self) -> str | None:
        """Writes the key set that was fetched last, with the time of that, as a JSON text for another process.

        None where none was fetched. Public keys are no secret, but whoever can change the text can sign
        requests: keep it where only you may write.
        """
    def import_keys(self, keys: str) -> bool:
        """Takes a key set that another process exported, so that this one starts with warm keys.

        It is as old as it is: newer keys are fetched when its time comes. Returns whether it was taken; not one
        that is too old to be used, or older than what is there. Raises `ConfigurationError`: `invalid_key` where
        it is no exported key set, or that of another issuer; `invalid_option` where no keys are fetched.
        """
    def _verify_at_once(
        self,
        body: Body,
        headers: Headers,
        *,
        now: float | None = None,
        method: str | None = None,
        url: str | None = None,
    ) -> Event:
        """Verifies with the keys that are there."""
    @property
    def _remote_keys(self) -> RemoteKeys | None:
        """The keys that have to be fetched; None where they were given, or are secrets."""
    @property
    def provider(self) -> Provider:
        """The provider whose requests this verifies."""

@final
class RemoteKeys:
    """What to fetch and when; `hookproof._keys` fetches it."""

    def state(self) -> Literal["fresh", "due", "missing"]:
        """Says how the keys are."""
    def start(self, unknown_key: bool) -> tuple[int, str, float, int] | None:
        """Starts a fetch, if one is needed and allowed, and returns its first request."""
    def answered(
        self, ticket: int, status: int, cache_control: str | None, age: str | None, body: bytes
    ) -> tuple[int, str, float, int] | None:
        """Takes an answer, and returns the next request of the fetch; None where it has ended."""
    def failed(self, ticket: int, reason: str) -> None:
        """Takes the word that there is no answer."""
    def require(self) -> None:
        """Raises `KeysUnavailableError` where there are no keys."""

@final
class RetryPolicy:
    """When a sender tries again; `hookproof.RetryPolicy` wraps it."""

    def __new__(cls, provider: str | Provider) -> RetryPolicy: ...
    @staticmethod
    def from_dict(plan: dict[str, Any]) -> RetryPolicy: ...
    @property
    def retries(self) -> int: ...
    @property
    def longest_span(self) -> timedelta: ...
    @property
    def timeout(self) -> timedelta | None: ...
    @property
    def disabled_after(self) -> str | None: ...
    @property
    def assumed(self) -> list[str]: ...
    def delay(self, retry: int, seed: int) -> timedelta | None: ...
    def base_delay(self, retry: int) -> timedelta | None: ...
    def schedule(self, seed: int) -> list[timedelta]: ...
    def next(
        self, attempt: int, status: int | None, retry_after: str | None, now: float | None, seed: int
    ) -> tuple[Literal["delivered", "retry", "give_up", "disable"], timedelta | None, bool]: ...

@final
class Delivery:
    """The sending of one message to one endpoint; `hookproof.Delivery` wraps it. Times are unix milliseconds."""

    def __new__(cls, seed: int, now_millis: int) -> Delivery: ...
    @staticmethod
    def from_json(state: str) -> Delivery: ...
    def to_json(self) -> str: ...
    def record(
        self, policy: RetryPolicy, status: int | None, retry_after: str | None, now_millis: int
    ) -> tuple[Literal["delivered", "retry", "give_up", "disable"], timedelta | None, bool]: ...
    @property
    def state(self) -> Literal["pending", "delivered", "gave_up", "disabled"]: ...
    @property
    def attempts(self) -> int: ...
    @property
    def started_at(self) -> int: ...
    @property
    def due_at(self) -> int | None: ...
    @property
    def last_status(self) -> int | None: ...

@final
class MemoryStore:
    """Who has seen which delivery, in memory; `hookproof.MemoryStore` wraps it and reads the clock."""

    def __new__(cls, capacity: int | None) -> MemoryStore: ...
    def claim(
        self, key: str, now_millis: int, lease_seconds: Seconds
    ) -> tuple[Literal["new", "running", "done", "full"], str | None]:
        """Returns the state of the claim, and its owner where it is new."""
    def complete(self, key: str, owner: str, now_millis: int, retention_seconds: Seconds) -> bool: ...
    def release(self, key: str, owner: str) -> bool: ...
    def __len__(self) -> int: ...

CLAIMS_PER_CLEARING: Final[int]
CLEARED_AT_ONCE: Final[int]

def store_key(key: str) -> str:
    """Returns the name under which a shared store keeps a delivery: a hash of its idempotency key in hex."""

def store_millis(span: Seconds) -> int:
    """Returns a lease or a retention in whole milliseconds, at least one."""

def redis_script(name: str) -> tuple[str, str]:
    """Returns the source of a Lua script and its SHA-1 in hex; the name is `claim`, `complete` or `release`."""

def sql_statements(dialect: str, style: str, table: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Returns the statements claim, state, complete, release and clear, and the statements that make the table.

    The dialect is `postgresql` or `sqlite`, the style one of the DB-API's or `numeric_dollar`.
    """

@final
class SqliteStore:
    """Who has seen which delivery, in an SQLite file; `hookproof.SqliteStore` wraps it and reads the clock."""

    def __new__(cls, path: str | PathLike[str], timeout: Seconds | None) -> SqliteStore: ...
    def claim(
        self, key: str, now_millis: int, lease_seconds: Seconds
    ) -> tuple[Literal["new", "running", "done", "full"], str | None]:
        """Returns the state of the claim, and its owner where it is new."""
    def complete(self, key: str, owner: str, now_millis: int, retention_seconds: Seconds) -> bool: ...
    def release(self, key: str, owner: str) -> bool: ...
    def close(self) -> None:
        """Closes the file until the next call."""

def sample_message(
    provider: Provider, name: str, id: str, uuid: str, now: int
) -> tuple[str | None, bytes, list[tuple[str, str]], str | None] | None:
    """Fills in the sample of a name; None where the provider has none of that name."""

def generate_keys(key_id: str) -> tuple[str, str]:
    """Makes a key pair: the private key as PEM text, and the text of a key set with its public half."""

def run_cli(args: list[str]) -> int:
    """Runs the command line `hookproof` with these arguments, the program's name first, and returns its exit status."""
