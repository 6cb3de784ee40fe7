"""The verifier, with its asynchronous form and the keys that it fetches."""

from __future__ import annotations

from hookproof import _native
from hookproof._errors import KeysUnavailableError, VerificationError

# Not from `typing`, whose import takes longer than that of all that `import hookproof` needs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hookproof._keys import KeyFetcher
    from hookproof._native import Event
    from hookproof.types import Body, Headers

# From how many bytes on hashing and parsing leave the event loop: about 50 microseconds of work, which is
# what a change of threads costs.
_LARGE_BODY = 64 * 1024

# What a token is refused with that newer keys may verify.
_LACKS_KEYS = ("unknown_key", "keys_unavailable")


class Verifier(_native.Verifier):
    """Verifies the requests of one provider and turns each into an `Event`.

    Building fails when the keys are unusable; verifying returns an event or raises, and never returns a bool,
    so that a forgotten check cannot pass for a success. A verifier is immutable: share one between threads
    and tasks.

    The provider is a name or a `Provider`. Options, all by keyword:

    - `secret`: str, bytes or a list of them (rotation), in the provider's form.
    - `key_labels`: a list of labels parallel to the secrets, for `event.proof.key_label`.
    - `tolerance`: how far a timestamp may be off in either direction, or clocks for a token's times: seconds
      or a timedelta. Default: the provider's.
    - `issuer`, `audience`: of bearer tokens, each a str or a list of accepted ones.
    - `algorithms`: accepted for bearer tokens, in place of the provider's.
    - `required_claims`: that tokens must have, added to the provider's.
    - `claims`: pins claims of tokens to values, a dict of any JSON values.
    - `jwks`: the issuer's public keys (RFC 7517), a dict or JSON text. Then none are fetched.
    - `jwks_uri`: the https address of the issuer's key set. Default: the one that its discovery document
      (`{issuer}/.well-known/openid-configuration`) names.
    - `keys`: what `export_keys` of another process wrote, to start with warm keys.
    - `fetch_keys`: whether keys that were not given are fetched. Default: True. Without it they come from
      `update_keys` alone.
    - `fetch_timeout`: how long a fetch of keys may take in all, seconds or a timedelta. Default, and most: 5.
    - `allow_insecure_loopback`: also fetches keys over http from `localhost`, `127.0.0.1` or `[::1]`, for
      tests and development. Default: False.
    - `accept_reserialized`: also accepts a signature over ECMAScript's `JSON.stringify(JSON.parse(body))`,
      for a sender that signs what it parsed. The raw bytes are always tried first. Default: False.
    - `endpoint`: names this endpoint in idempotency keys, 1 to 64 visible ASCII characters. Default:
      `default`.
    - `max_body`: refuses a larger body with `body_too_large` before anything is computed, in bytes. Default:
      none.
    - `url`: the URL that the sender calls, as it stands in the sender's settings, for schemes that sign it.
      The query is that of the request where this URL has none. Behind a proxy the request's own URL is
      another one, and headers that tell the original one can be forged. Default: the URL of the request.
    - `verify_token`: the token that a sender must know to register this endpoint, where it has such a
      handshake (Meta). Without it such a handshake is not answered.

    Raises `ConfigurationError`: `unknown_provider`, `invalid_secret`, `invalid_key`, `invalid_option`.

    >>> from hookproof import VerificationError, Verifier
    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> verifier = Verifier("standard-webhooks", secret=secret, tolerance=300)
    >>> headers = {
    ...     "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    ...     "webhook-timestamp": "1614265330",
    ...     "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ... }
    >>> verifier.verify(b'{"test": 2432232314}', headers, now=1614265330).id
    'msg_p5jXN8AQM9LWM0D4loKWxJek'
    >>> try:
    ...     verifier.verify(b'{"test": 0}', headers, now=1614265330)
    ... except VerificationError as error:
    ...     print(error.code)
    no_matching_signature
    """

    __slots__ = ("_fetcher",)

    _fetcher: KeyFetcher | None

    async def averify(
        self,
        body: Body,
        headers: Headers,
        *,
        now: float | None = None,
        method: str | None = None,
        url: str | None = None,
    ) -> Event:
        """Does what `verify` does without keeping the event loop from other work.

        Takes, returns and raises the same. A body of 64 KiB and more is verified in another thread, and keys
        are fetched in another one.

        >>> import asyncio
        >>> from hookproof import Signer, Verifier
        >>> signed = Signer("github", secret="s3cr3t").sign(b"{}", type="push")
        >>> verifier = Verifier("github", secret="s3cr3t")
        >>> asyncio.run(verifier.averify(signed.body, signed.headers)).type
        'push'
        """
        body = _steady(body)
        is_large = isinstance(body, (bytes, str)) and len(body) >= _LARGE_BODY
        keys = self._keys()
        if keys is None and not is_large:
            return self._verify_at_once(body, headers, now=now, method=method, url=url)
        if hasattr(headers, "__next__"):
            # Read again after keys were fetched, when an iterator would have nothing left.
            headers = list(headers)  # type: ignore[arg-type]

        def verify() -> Event:
            return self._verify_at_once(body, headers, now=now, method=method, url=url)

        if keys is None:
            return await _apart(verify)
        is_due = keys.is_due()
        try:
            event = await _apart(verify) if is_large else verify()
        except (VerificationError, KeysUnavailableError) as error:
            if error.code not in _LACKS_KEYS:
                raise
            await keys.await_keys()
            return await _apart(verify) if is_large else verify()
        if is_due:
            keys.refresh()
        return event

    def prewarm(self) -> None:
        """Fetches the keys before the first request needs them; does nothing where none have to be fetched.

        Call it when a process starts, so that its first request does not wait. Keys that are fresh are not
        fetched again.

        Raises `KeysUnavailableError` where there are none and none could be fetched, with the reason:
        verifying tries again by itself.
        """
        keys = self._keys()
        if keys is not None:
            keys.prewarm()

    async def aprewarm(self) -> None:
        """Does what `prewarm` does without keeping the event loop from other work."""
        keys = self._keys()
        if keys is not None:
            await keys.aprewarm()

    def _await_keys(self) -> None:
        """Waits for keys that a token lacks: `verify` calls it, and then verifies once more."""
        keys = self._keys()
        if keys is not None:
            keys.wait()

    def _refresh_keys(self) -> None:
        """Fetches newer keys while nobody waits: `verify` calls it when it is time."""
        keys = self._keys()
        if keys is not None:
            keys.refresh()

    def _keys(self) -> KeyFetcher | None:
        """Returns who fetches the keys; one for each verifier, made when it is first needed."""
        try:
            return self._fetcher
        except AttributeError:
            pass
        remote = self._remote_keys
        if remote is None:
            self._fetcher = None
            return None
        # TLS and HTTP take longer to import than all the rest, and who verifies with secrets needs neither.
        # It has been loaded when this verifier was made.
        from hookproof import _keys  # noqa: PLC0415

        with _keys.making:
            if not hasattr(self, "_fetcher"):
                self._fetcher = _keys.KeyFetcher(remote)
            return self._fetcher


def _steady(body: Body) -> Body:
    """Returns a body that cannot change: a copy of what its owner may fill with another request meanwhile."""
    if isinstance(body, (bytes, str)):
        return body
    try:
        return bytes(memoryview(body))
    except (TypeError, ValueError, BufferError):
        # The verifier says what is wrong with it.
        return body


async def _apart(verify: Callable[[], Event]) -> Event:
    """Verifies in another thread."""
    # Whoever awaits this has imported it already, and whoever does not never waits for its import.
    import asyncio  # noqa: PLC0415, imported at the first use

    return await asyncio.to_thread(_judged, verify)


def _judged(verify: Callable[[], Event]) -> Event:
    """Verifies, and makes the key of the delivery: it may be a hash of the whole body."""
    event = verify()
    _ = event.idempotency_key
    return event
