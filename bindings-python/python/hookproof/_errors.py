"""The exceptions: one base, four kinds, and stable codes that the core decides."""

from __future__ import annotations

# Not from `typing`, whose import takes longer than that of all that `import hookproof` needs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Error = TypeVar("_Error", bound="HookproofError")


class HookproofError(Exception):
    """The base of every error that hookproof raises.

    The message is one sentence that says what was found. It never contains a secret, an expected signature or
    the body, so it is safe to log.

    >>> from hookproof import HookproofError, Verifier
    >>> try:
    ...     Verifier("fourvenues", secret="")
    ... except HookproofError as error:
    ...     print(f"{type(error).__name__} {error.code}: {error}")
    ConfigurationError invalid_secret: the secret is empty
    """

    code: str
    """What went wrong, as a stable name that logs, metrics and tests may rely on.

    `internal_error`, on this class itself, is the last resort for a defect of hookproof.
    """


class ConfigurationError(HookproofError):
    """The receiver's own: a secret, an option or a provider file is wrong.

    Codes: `invalid_secret`, `invalid_key`, `unknown_provider`, `invalid_provider`, `invalid_option`,
    `body_already_parsed`.
    """


class VerificationError(HookproofError):
    """The request is not authentic.

    Codes: `missing_header`, `duplicate_header`, `malformed_header`, `no_matching_signature`,
    `malformed_timestamp`, `timestamp_too_old`, `timestamp_too_new`, `malformed_token`,
    `unsupported_algorithm`, `unknown_key`, `token_expired`, `token_not_yet_valid`, `wrong_issuer`,
    `wrong_audience`, `wrong_claim`.
    """


class PayloadError(HookproofError):
    """The request is authentic, but its body is not what the provider sends.

    Codes: `malformed_body`; `body_too_large`, which is found before anything is verified.
    """


class KeysUnavailableError(HookproofError):
    """Keys that are needed could not be had; the sender should try again later.

    Code: `keys_unavailable`.
    """


class AddressRefusedError(HookproofError):
    """A sender may not connect to where an endpoint leads.

    Code: `address_refused`. Treat it as an attempt without an answer: a name may lead elsewhere tomorrow.
    """

    host: str
    """The host as it stands in the URL."""

    address: str
    """The first of its addresses that was refused."""

    refusal: str
    """Why, as `AddressPolicy.refusal` says it."""


def invalid_option(message: str) -> ConfigurationError:
    """Makes the error for an option of the face's own with a value that it cannot have."""
    return _coded(ConfigurationError(message), "invalid_option")


def body_already_parsed(message: str) -> ConfigurationError:
    """Makes the error for a body that was read before it could be verified."""
    return _coded(ConfigurationError(message), "body_already_parsed")


def body_too_large(found: int, limit: int) -> PayloadError:
    """Makes the error for a body over a receiver's limit, as the core says it."""
    return _coded(PayloadError(f"the body has {found} bytes, and the limit is {limit}"), "body_too_large")


def malformed_body(message: str) -> PayloadError:
    """Makes the error for a body that is not what its headers say."""
    return _coded(PayloadError(message), "malformed_body")


def malformed_header(message: str) -> VerificationError:
    """Makes the error for a header that says nothing that is known."""
    return _coded(VerificationError(message), "malformed_header")


def unknown_sender() -> VerificationError:
    """Makes the error for a request for which nobody is known."""
    message = "no secret is known for this request"
    return _coded(VerificationError(message), "no_matching_signature")


def address_refused(host: str, address: str, refusal: str) -> AddressRefusedError:
    """Makes the error for a host whose addresses are all refused."""
    resolved = "" if host.strip("[]") == address else f", which is where {host} leads,"
    error = AddressRefusedError(f"the address {address}{resolved} is not one to connect to: {refusal}")
    error.host, error.address, error.refusal = host, address, refusal
    return _coded(error, "address_refused")


def _coded(error: _Error, code: str) -> _Error:
    error.code = code
    return error
