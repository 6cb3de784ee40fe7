"""A signed request, and what can be wrong with it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Union

from hookproof import _native
from hookproof._clock import unix_seconds
from hookproof._errors import invalid_option
from hookproof._native import Provider, Signer
from hookproof._options import seconds as duration
from hookproof._request import octets
from hookproof.testing._headers import merged, spelt
from hookproof.testing._tamper import is_proof, other_body, other_proof

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from hookproof.types import Body, JsonObject, Seconds, Secrets

    OwnBody: TypeAlias = Union[Body, dict[str, Any], list[Any]]

# Beyond the tolerance of nearly every provider, and beyond the hour that a token lives.
_STALE = 8100
_URL = "http://testserver/hooks"


def signed_request(
    provider: str | Provider,
    *,
    event: str | None = None,
    body: OwnBody | None = None,
    id: str | None = None,  # noqa: A002, as `Signer.sign` has it
    now: float | None = None,
    url: str = _URL,
    method: str = "POST",
    attributes: dict[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    secret: Secrets | None = None,
    issuer: str | None = None,
    audience: str | None = None,
    key_id: str | None = None,
    algorithm: str | None = None,
    lifetime: Seconds | None = None,
    claims: JsonObject | None = None,
) -> SignedRequest:
    """Makes a request as a provider sends it, signed: a sample of its events, or a body of your own.

    Of Fourvenues, EventsAir, Fast Events and Pitchpoint the samples are what the provider documents; every
    other provider has one, whose content is made up.

    - `event`: the sample to send, one of `Provider.named(…).samples()`; beside a body of your own, any type.
      Default: the first sample.
    - `body`: a body of your own in the place of the sample's; a dict or a list is written as JSON.
    - `id`: the id of the delivery. Default: a new UUID.
    - `now`: when it is sent, in unix seconds. Default: the clock's, which `freeze_clock` stops.
    - `url`: the receiver's URL: for providers that sign it, the one that the verifier is told. Default:
      `http://testserver/hooks`, the host of Django's and Starlette's test clients.
    - `method`: default: `POST`.
    - `attributes`: those that the provider sends in headers, beside or in the place of the sample's.
    - `headers`: to send beside or in the place of the signed ones. Default for `Content-Type`:
      `application/json`.
    - `secret` and the others are the options of `Signer`.

    Raises `ConfigurationError`: `unknown_provider`, `invalid_secret`, `invalid_key`; `invalid_option` where
    there is no such sample, or the scheme needs a part that is not there.

    >>> from hookproof.testing import signed_request
    >>> request = signed_request("fourvenues", secret="s3cr3t", event="payment.success", id="5f7b")
    >>> request.body[:37]
    b'{"id":"5f7b","event":"payment.success'
    """
    made = provider if isinstance(provider, Provider) else Provider.named(provider)
    options = {
        "secret": secret,
        "issuer": issuer,
        "audience": audience,
        "key_id": key_id,
        "algorithm": algorithm,
        "lifetime": lifetime,
        "claims": claims,
    }
    names = made.samples()
    name = names[0] if event is None else event
    if name not in names and body is None:
        message = f"{made.title} has no sample {name!r}: give a body, or one of {', '.join(names)}"
        raise invalid_option(message)
    message_id = str(uuid.uuid4()) if id is None else id
    moment = unix_seconds() if now is None else now
    sample = _sample(made, name, message_id, moment)
    kind, sample_body, _, agent = sample or (name, b"", (), None)
    recipe = _Recipe(
        provider=made,
        options=options,
        name=name,
        id=message_id,
        type=kind,
        body=sample_body if body is None else _own_body(body),
        now=now,
        method=method,
        url=url,
        attributes=attributes or {},
        first_headers={"Content-Type": "application/json", **({"User-Agent": agent} if agent else {})},
        added_headers=dict(headers or {}),
    )
    return SignedRequest(recipe)


@dataclass(frozen=True)
class _Recipe:
    """What a request is made of; its variants are made of a changed one."""

    provider: Provider
    # It holds the secret, and pytest prints the arguments of what fails.
    options: dict[str, Any] = field(repr=False)
    name: str
    id: str
    type: str | None
    body: bytes
    now: float | None
    method: str
    url: str
    attributes: dict[str, str]
    first_headers: dict[str, str]
    added_headers: dict[str, str]
    removed: tuple[str, ...] = ()
    is_tampered: bool = False

    @property
    def moment(self) -> float:
        return unix_seconds() if self.now is None else self.now


class SignedRequest:
    """A request as a provider sends it; `signed_request` makes it.

    It cannot be changed: its variants are requests of their own, and can be combined.

    >>> from hookproof.testing import signed_request
    >>> request = signed_request("github", secret="s3cr3t", event="push", body={"ref": "main"})
    >>> sorted(request.headers)
    ['Content-Type', 'X-GitHub-Delivery', 'X-GitHub-Event', 'X-Hub-Signature-256']
    >>> "X-GitHub-Event" in request.without("x-github-event").headers
    False
    """

    __slots__ = ("_recipe", "body", "headers")

    headers: Mapping[str, str]
    """The header lines, each name once, as the provider spells them; read-only."""
    body: bytes
    """The bytes to send, unchanged."""

    def __init__(self, recipe: _Recipe) -> None:
        self._recipe = recipe
        # Anew for each delivery: Fast Events gives every attempt an id, which is not that of the event.
        sample = _sample(recipe.provider, recipe.name, recipe.id, recipe.moment)
        attributes = {**dict(sample[2] if sample else ()), **recipe.attributes}
        signed = Signer(recipe.provider, **recipe.options).sign(
            recipe.body,
            id=recipe.id,
            type=recipe.type,
            now=recipe.moment,
            method=recipe.method,
            url=recipe.url,
            attributes=attributes,
        )
        headers = merged(recipe.first_headers, signed.headers, recipe.added_headers)
        self.body = signed.body
        if recipe.is_tampered:
            self.body = _tamper(recipe.provider, headers, self.body)
        for name in recipe.removed:
            headers.pop(spelt(headers, name) or name, None)
        self.headers = MappingProxyType(headers)

    @property
    def provider(self) -> Provider:
        """Who sends it."""
        return self._recipe.provider

    @property
    def id(self) -> str:
        """The id of the delivery."""
        return self._recipe.id

    @property
    def type(self) -> str | None:
        """The event's type; None for a sample that says none, such as a ping."""
        return self._recipe.type

    @property
    def method(self) -> str:
        """The method."""
        return self._recipe.method

    @property
    def url(self) -> str:
        """The receiver's URL."""
        return self._recipe.url

    def tampered(self) -> SignedRequest:
        """Returns it changed after it was signed.

        The body is changed, which stays JSON, or the proof where the provider does not sign the body.
        """
        return self._but(is_tampered=True)

    def stale(self, seconds: Seconds | None = None) -> SignedRequest:
        """Returns it as signed so long ago.

        Default: 8100 seconds, or twice the provider's tolerance where that is longer.

        Raises `ConfigurationError`: `invalid_option` where the provider signs no time, so that no receiver
        can tell.
        """
        described = self.provider.describe()
        if described["scheme"] != "bearer" and "timestamp" not in described["covers"]:
            title = self.provider.title
            message = f"{title} signs no time, so an old request is as good as a new one: only a store tells"
            raise invalid_option(message)
        least = max(_STALE, 2 * (described.get("tolerance_seconds") or 0))
        age = least if seconds is None else duration("seconds", seconds)
        return self._but(now=self._recipe.moment - age)

    def signed_with(self, secret: Secrets) -> SignedRequest:
        """Returns it as signed with another secret; for a bearer provider, another private key."""
        return self._but(options={**self._recipe.options, "secret": secret})

    def duplicate(self) -> SignedRequest:
        """Returns the same delivery sent again: the same id and body, and a new signature and time."""
        return self._but()

    def without(self, name: str) -> SignedRequest:
        """Returns it without a header, its name in any case.

        Raises `ConfigurationError`: `invalid_option` where it has no such header.
        """
        # A misspelt name would leave the request as it was, and the test would be one of nothing.
        if spelt(self.headers, name) is None:
            message = f"the request has no header {name}"
            raise invalid_option(message)
        return self._but(removed=(*self._recipe.removed, name))

    def for_django(self) -> dict[str, Any]:
        """Returns keywords for `post` of the clients and request factories of Django and REST framework.

        `client.post("/hooks", **request.for_django())`
        """
        headers = dict(self.headers)
        kind = headers.pop(spelt(headers, "content-type") or "", "application/octet-stream")
        return {"data": self.body, "content_type": kind, "headers": headers}

    def for_httpx(self) -> dict[str, Any]:
        """Returns keywords for `post` of Starlette's and FastAPI's `TestClient`, and of httpx.

        `client.post("/hooks", **request.for_httpx())`
        """
        return {"content": self.body, "headers": dict(self.headers)}

    def for_flask(self) -> dict[str, Any]:
        """Returns keywords for `post` of Flask's and werkzeug's test clients, of requests and of aiohttp.

        `client.post("/hooks", **request.for_flask())`
        """
        return {"data": self.body, "headers": dict(self.headers)}

    def __repr__(self) -> str:
        """Says what it is, without its proof."""
        return f"<SignedRequest {self.provider.name} type={self.type!r} id={self.id!r}>"

    def _but(self, **changed: Any) -> SignedRequest:
        return SignedRequest(replace(self._recipe, **changed))


_Sample = Union[tuple[Union[str, None], bytes, list[tuple[str, str]], Union[str, None]], None]


def _sample(provider: Provider, name: str, message_id: str, moment: float) -> _Sample:
    return _native.sample_message(provider, name, message_id, str(uuid.uuid4()), int(moment))


def _own_body(body: OwnBody) -> bytes:
    if isinstance(body, (dict, list)):
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return octets(body)


def _tamper(provider: Provider, headers: dict[str, str], body: bytes) -> bytes:
    proof = next((name for name in headers if is_proof(name)), None)
    if proof is None or "body" in provider.describe()["covers"]:
        return other_body(body)
    headers[proof] = other_proof(headers[proof])
    return body
