"""The stand-ins for other libraries, by the cases that those libraries test themselves with."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime, timezone
from typing import Any

import pytest
from authentic import NOW

from hookproof import ConfigurationError, VerificationError
from hookproof.compat import standardwebhooks, stripe, svix
from hookproof.testing import freeze_clock

SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
PAYLOAD = '{"test": 2432232314}'
TOLERANCE = 5 * 60

EVENT = json.dumps({"id": "evt_test_webhook", "object": "event", "data": {"object": {"amount": 5}}}, indent=2)
STRIPE_SECRET = "whsec_test_secret"


def headers(prefix: str = "webhook", timestamp: float | None = None) -> dict[str, str]:
    """Signs as the packages do, by nothing of ours."""
    seconds = str(int(time.time() if timestamp is None else timestamp))
    signed = f"{MESSAGE}.{seconds}.{PAYLOAD}".encode()
    mac = hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()
    return {
        f"{prefix}-id": MESSAGE,
        f"{prefix}-timestamp": seconds,
        f"{prefix}-signature": "v1," + base64.b64encode(mac).decode(),
    }


BOTH = pytest.mark.parametrize(("module", "prefix"), [(standardwebhooks, "webhook"), (svix, "svix")])


def refused(module: Any, sent: dict[str, str]) -> str:
    with pytest.raises(module.WebhookVerificationError) as caught:
        module.Webhook(SECRET).verify(PAYLOAD, sent)
    assert isinstance(caught.value, VerificationError)
    return str(caught.value.code)


@BOTH
def test_a_valid_signature_gives_the_payload(module: Any, prefix: str) -> None:
    assert module.Webhook(SECRET).verify(PAYLOAD, headers(prefix)) == {"test": 2432232314}
    assert module.Webhook(SECRET).verify(PAYLOAD.encode(), headers(prefix)) == {"test": 2432232314}


def test_svix_takes_the_unbranded_headers_too() -> None:
    assert svix.Webhook(SECRET).verify(PAYLOAD, headers("webhook")) == {"test": 2432232314}


@BOTH
@pytest.mark.parametrize("part", ["id", "timestamp", "signature"])
def test_a_missing_header_is_refused(module: Any, prefix: str, part: str) -> None:
    sent = headers(prefix)
    del sent[f"{prefix}-{part}"]
    assert refused(module, sent) == "missing_header"


@BOTH
def test_a_timestamp_that_is_none_is_refused(module: Any, prefix: str) -> None:
    assert refused(module, {**headers(prefix), f"{prefix}-timestamp": "hello"}) == "malformed_timestamp"


@BOTH
@pytest.mark.parametrize(
    "signature",
    [
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=",
        *("v1,dawfeoifkpqwoekfpqoekf", "v1,", "v1", "", "v1,g0hM9SsE", "v1,é", "v1,\x00", ",", " "),
    ],
)
def test_a_wrong_or_partial_signature_is_refused(module: Any, prefix: str, signature: str) -> None:
    assert refused(module, {**headers(prefix), f"{prefix}-signature": signature})


@BOTH
@pytest.mark.parametrize(
    ("off", "code"), [(-TOLERANCE - 5, "timestamp_too_old"), (TOLERANCE + 5, "timestamp_too_new")]
)
def test_an_old_or_a_new_timestamp_is_refused(module: Any, prefix: str, off: int, code: str) -> None:
    assert refused(module, headers(prefix, time.time() + off)) == code


@BOTH
@pytest.mark.parametrize("off", [-TOLERANCE - 1, -TOLERANCE, TOLERANCE, TOLERANCE + 1])
def test_the_tolerance_is_five_minutes_to_the_second(module: Any, prefix: str, off: int) -> None:
    sent = headers(prefix, NOW + off)
    with freeze_clock(NOW):
        if abs(off) > TOLERANCE:
            assert refused(module, sent) in ("timestamp_too_old", "timestamp_too_new")
        else:
            assert module.Webhook(SECRET).verify(PAYLOAD, sent) == {"test": 2432232314}


@BOTH
@pytest.mark.parametrize("form", ["{0} {1} {2}", "{0} {2} {1}", "{2} {0}", "{0} {1} {2} "])
def test_one_of_several_signatures_is_enough(module: Any, prefix: str, form: str) -> None:
    sent = headers(prefix)
    other = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
    sent[f"{prefix}-signature"] = form.format(f"v1,{other}", f"v2,{other}", sent[f"{prefix}-signature"])
    assert module.Webhook(SECRET).verify(PAYLOAD, sent) == {"test": 2432232314}


@BOTH
@pytest.mark.parametrize(
    "written", ["+{}", " {}", "{}.0", "{}abc", "1_{}", "0x{}", "{}\n", "", "-1", "9" * 30]
)
def test_a_timestamp_that_the_packages_take_for_a_number_is_refused(
    module: Any, prefix: str, written: str
) -> None:
    sent = headers(prefix)
    sent[f"{prefix}-timestamp"] = written.format(sent[f"{prefix}-timestamp"])
    assert refused(module, sent)


@BOTH
def test_a_signature_that_is_not_canonical_is_refused(module: Any, prefix: str) -> None:
    sent = headers(prefix)
    for written in (sent[f"{prefix}-signature"].rstrip("="), sent[f"{prefix}-signature"] + "=", "\t"):
        assert refused(module, {**sent, f"{prefix}-signature": written})


@BOTH
@pytest.mark.parametrize("secret", [SECRET, f"whsec_{SECRET}", base64.b64decode(SECRET)])
def test_a_secret_is_text_with_or_without_its_prefix_or_bytes(module: Any, prefix: str, secret: Any) -> None:
    assert module.Webhook(secret).verify(PAYLOAD, headers(prefix)) == {"test": 2432232314}


@BOTH
@pytest.mark.parametrize("secret", ["", "whsec_", b"", "whsec_AAAA", "not base64"])
def test_a_secret_that_is_none_is_refused(module: Any, prefix: str, secret: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        module.Webhook(secret)
    assert caught.value.code == "invalid_secret"


@BOTH
@pytest.mark.parametrize("zone", [timezone.utc, None])
def test_it_signs_as_published(module: Any, prefix: str, zone: timezone | None) -> None:
    moment = datetime.fromtimestamp(1614265330, tz=timezone.utc).replace(tzinfo=zone)
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert module.Webhook(f"whsec_{SECRET}").sign(MESSAGE, moment, PAYLOAD) == expected


def test_parsing_can_be_left_out() -> None:
    webhook = standardwebhooks.Webhook(SECRET)
    assert webhook.verify(PAYLOAD, headers(), json_parse=False) is None
    now = datetime.now(tz=timezone.utc)
    sent = {**headers(timestamp=now.timestamp()), "webhook-signature": webhook.sign(MESSAGE, now, "text")}
    assert webhook.verify("text", sent, json_parse=False) is None
    with pytest.raises(ValueError, match="Expecting value"):
        webhook.verify("text", sent)


def stripe_header(payload: str = EVENT, timestamp: int | None = None, scheme: str = "v1") -> str:
    """Signs as the package's tests do, by nothing of ours."""
    seconds = int(time.time()) if timestamp is None else timestamp
    mac = hmac.new(STRIPE_SECRET.encode(), f"{seconds}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={seconds},{scheme}={mac}"


def test_an_event_is_read_by_items_and_attributes() -> None:
    for payload in (EVENT, EVENT.encode(), bytearray(EVENT.encode())):
        event = stripe.Webhook.construct_event(payload, stripe_header(), STRIPE_SECRET)
        assert (event["id"], event.id, event.data.object.amount) == (
            "evt_test_webhook",
            "evt_test_webhook",
            5,
        )
        assert isinstance(event, stripe.StripeObject)
        with pytest.raises(AttributeError):
            _ = event.missing


def test_an_event_is_one_of_the_package_and_what_it_holds_are_objects() -> None:
    event = stripe.Webhook.construct_event(EVENT, stripe_header(), STRIPE_SECRET)
    assert type(event) is stripe.Event
    assert type(event.data.object) is stripe.StripeObject


def test_an_event_of_version_2_is_a_value_error() -> None:
    payload = json.dumps({"id": "evt_234", "object": "v2.core.event", "type": "v1.billing.meter"})
    with pytest.raises(ValueError, match="parse_event_notification"):
        stripe.Webhook.construct_event(payload, stripe_header(payload), STRIPE_SECRET)


def test_older_code_finds_the_exception_where_it_was() -> None:
    with pytest.raises(stripe.error.SignatureVerificationError):
        stripe.Webhook.construct_event(EVENT, "bad_header", STRIPE_SECRET)


def test_json_that_is_none_is_a_value_error() -> None:
    for payload in ("this is not valid JSON", "[]"):
        with pytest.raises(ValueError, match=r"Expecting value|no event"):
            stripe.Webhook.construct_event(payload, stripe_header(payload), STRIPE_SECRET)


@pytest.mark.parametrize(
    "header",
    [
        "bad_header",
        "i'm not even a real signature header",
        "",
        None,
        "t=",
        "t=1,v1=",
        stripe_header(scheme="v0"),
    ],
)
def test_a_header_without_a_usable_signature_is_refused(header: str | None) -> None:
    with pytest.raises(stripe.SignatureVerificationError) as caught:
        stripe.Webhook.construct_event(EVENT, header, STRIPE_SECRET)
    assert caught.value.sig_header == header


def test_a_signature_that_is_none_is_refused() -> None:
    header = stripe_header().split(",", maxsplit=1)[0] + ",v1=bad_signature"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(EVENT, header, STRIPE_SECRET)


def test_a_timestamp_of_the_future_is_refused_unlike_there() -> None:
    header = stripe_header(timestamp=int(time.time()) + 3600)
    with pytest.raises(stripe.SignatureVerificationError) as caught:
        stripe.Webhook.construct_event(EVENT, header, STRIPE_SECRET)
    assert caught.value.code == "timestamp_too_new"


def test_another_payload_or_secret_is_refused() -> None:
    for payload, secret in ((EVENT + " ", STRIPE_SECRET), (EVENT, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError) as caught:
            stripe.WebhookSignature.verify_header(payload, stripe_header(), secret)
        assert caught.value.code == "no_matching_signature"


def test_a_timestamp_outside_the_tolerance_is_refused() -> None:
    header = stripe_header(timestamp=int(time.time()) - 15)
    with pytest.raises(stripe.SignatureVerificationError) as caught:
        stripe.WebhookSignature.verify_header(EVENT, header, STRIPE_SECRET, tolerance=10)
    assert caught.value.code == "timestamp_too_old"


@pytest.mark.parametrize("tolerance", [None, 0])
def test_without_a_tolerance_the_time_is_not_checked(tolerance: int | None) -> None:
    header = stripe_header(timestamp=12345)
    assert stripe.WebhookSignature.verify_header(EVENT, header, STRIPE_SECRET, tolerance)


def test_a_valid_header_is_accepted() -> None:
    verify = stripe.WebhookSignature.verify_header
    assert verify(EVENT, stripe_header(), STRIPE_SECRET, tolerance=10)
    assert verify(EVENT, f"{stripe_header()},v1=bad_signature", STRIPE_SECRET, tolerance=10)


def test_a_header_for_tests_is_the_one_that_stripe_writes() -> None:
    made = stripe.WebhookSignature.generate_signature_header(EVENT, STRIPE_SECRET, 12345)
    assert made == stripe_header(timestamp=12345)


@pytest.mark.parametrize("secret", ["", " ", "whsec_x\n"])
def test_an_unusable_secret_of_stripe_is_refused(secret: str) -> None:
    with pytest.raises(ConfigurationError):
        stripe.Webhook.construct_event(EVENT, stripe_header(), secret)


def test_what_is_parsed_is_what_was_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread may fill a bytearray anew while its signature is checked."""
    payload = bytearray(EVENT.encode())
    verify = stripe.WebhookSignature.verify_header

    def changing(*given: Any) -> bool:
        found = verify(*given)
        payload[:] = payload.replace(b"evt_test", b"evt_evil")
        return found

    monkeypatch.setattr(stripe.WebhookSignature, "verify_header", changing)
    event = stripe.Webhook.construct_event(payload, stripe_header(), STRIPE_SECRET)
    assert event.id == "evt_test_webhook"
