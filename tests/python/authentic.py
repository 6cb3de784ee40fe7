"""Requests that are authentic, for the tests to take apart."""

from hookproof import Event, Signer, Verifier

SECRET = "s3cr3t"
BODY = b'{"id":"5f7b","event":"payment.success","payload":{"payment_id":"p1"}}'
HEADERS = Signer("fourvenues", secret=SECRET).sign(BODY).headers
SIGNATURE = HEADERS["X-Webhook-Signature"]
NOW = 1_790_000_000
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def verifier() -> Verifier:
    """Returns a verifier for what `signed` signs."""
    return Verifier("fourvenues", secret=SECRET)


def signed(body: bytes | str) -> tuple[bytes, dict[str, str]]:
    """Signs a body as Fourvenues does."""
    message = Signer("fourvenues", secret=SECRET).sign(body)
    return message.body, message.headers


def delivery(identifier: str = "5f7b") -> tuple[bytes, dict[str, str]]:
    """Makes a delivery with its own id."""
    return signed(f'{{"id":"{identifier}","event":"payment.success","payload":{{}}}}')


def event(body: bytes | str = BODY) -> Event:
    """Returns the event of an authentic body."""
    return verifier().verify(*signed(body))
