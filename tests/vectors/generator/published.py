"""Checks the generator against values that others published or measured, before it writes anything."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from generator.ecmascript import reserialized
from generator.providers import github, shopify, slack, standard_webhooks, stripe
from generator.retry import fourvenues_milliseconds, uniform
from generator.senders import FastEvents, GitHub, Shopify
from generator.timed_senders import Slack, StandardWebhooks, Stripe


def check() -> None:
    """Raises where this generator computes something else than what was published."""
    _check_signatures()
    _check_ecmascript()
    _check_retries()


def _check_signatures() -> None:
    fast = FastEvents()
    _equal("fast-events, empty", fast.text(b"", "asasasasas"), "ilKgiWuuu0YM/W+GmUyzsMahSp46Np07K7+Agsv/RMQ=")
    for body, expected in (
        (b"The JSON payload", "guD310USD1+XhOQ20MmJGXEAe5dEDGacdF389CkthfA="),
        (b"The JSON payload\n", "pjTppKjff6ZlHkoLVt70G6FDVQhQQQea0SJmEdVJtpk="),
    ):
        _equal("fast-events, text", fast.text(body, "yoursharedsecret"), expected)
    for name, (secret, body, digits) in github.PUBLISHED.items():
        _equal(f"github, {name}", GitHub().text(body, secret), digits)
    _equal(
        "shopify",
        Shopify().text(shopify.PUBLISHED_BODY, shopify.PUBLISHED_SECRET),
        shopify.PUBLISHED_SIGNATURE,
    )
    sent = Slack("1531420618")
    _equal(
        "slack", sent.wrap(sent.text(slack.PUBLISHED_BODY, slack.PUBLISHED_SECRET)), slack.PUBLISHED_SIGNATURE
    )
    signed = Stripe("1533204620")
    text = signed.wrap(signed.text(stripe.PUBLISHED_BODY, "webhook_secret"))
    _equal("stripe", text, stripe.PUBLISHED_HEADER.partition(",v0=")[0])
    message = StandardWebhooks(standard_webhooks.PUBLISHED_TIME, standard_webhooks.PUBLISHED_ID)
    text = message.wrap(message.text(standard_webhooks.PUBLISHED_BODY, standard_webhooks.PUBLISHED_SECRET))
    _equal("standard-webhooks", text, standard_webhooks.PUBLISHED_SIGNATURE)
    _check_ed25519(message)


def _check_ed25519(message: StandardWebhooks) -> None:
    """Verifies the published value, whose private key is not needed here."""
    public = base64.b64decode(standard_webhooks.PUBLISHED_PUBLIC_KEY.removeprefix("whpk_"))
    signature = base64.b64decode(standard_webhooks.PUBLISHED_ED25519.removeprefix("v1a,"))
    content = message.content(standard_webhooks.PUBLISHED_BODY)
    Ed25519PublicKey.from_public_bytes(public).verify(signature, content)


def _check_ecmascript() -> None:
    """Compares with what Node 20 prints."""
    for text, expected in (
        ("1.0", "1"),
        ("1e3", "1000"),
        ("-0", "0"),
        ("12345678901234567890", "12345678901234567000"),
        ('{"b":1,"2":2,"1":1}', '{"1":1,"2":2,"b":1}'),
        ('{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'),
        ('"\\u00e9\\/"', '"\u00e9/"'),
        (' [ 1 , "\u2028\U0001f980\\ud800" ] ', '[1,"\u2028\U0001f980\\ud800"]'),
        (
            '{"a":1e400,"b":5e-324,"c":1e21,"d":1e-7,"e":0.000001}',
            '{"a":null,"b":5e-324,"c":1e+21,"d":1e-7,"e":0.000001}',
        ),
    ):
        _equal(f"JSON.stringify of {text}", reserialized(text), expected)


def _check_retries() -> None:
    measured = {
        0: 0,
        1: 1000,
        2: 2828,
        3: 5196,
        4: 8000,
        5: 11180,
        10: 31623,
        20: 89443,
        39: 243555,
        40: 252982,
    }
    for retry, milliseconds in measured.items():
        _equal(f"fourvenues, retry {retry}", fourvenues_milliseconds(retry), milliseconds)
    _equal("fourvenues, all retries", sum(map(fourvenues_milliseconds, range(1, 41))), 4_174_972)
    # The reference implementation of SplitMix64 prints these for the seed 1234567.
    for count, output in ((1, 6457827717110365317), (2, 3203168211198807973), (3, 9817491932198370423)):
        _equal(f"SplitMix64, output {count}", int(uniform(1_234_567, count) * 2**53), output >> 11)


def _equal(what: str, computed: object, expected: object) -> None:
    if computed != expected:
        raise SystemExit(f"{what}: computed {computed!r}, published {expected!r}")
