"""The vectors that all languages read: what `verify`, `sign`, the retry plans and the replies must give."""

import base64
from datetime import datetime, timedelta, timezone

import jsonschema
import pytest
from run import VERDICTS, answer, built, received, verified
from vectors import Json, document, names

from hookproof import Event, HookproofError, Provider, RetryPolicy, Signer

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SINGLE = ["idempotency.json", "retry.json", "deliveries.json", "replies.json"]


@pytest.mark.parametrize("name", [*names("verify"), *names("sign"), *SINGLE])
def test_every_document_keeps_the_schema(name: str) -> None:
    jsonschema.validate(document(name), document("vectors.schema.json"))


@pytest.mark.parametrize("name", names("verify"))
def test_every_request_gets_its_verdict(name: str) -> None:
    cases = document(name)["cases"]
    differences = [found for case in cases if (found := _difference(case, answer(case)))]
    assert not differences


@pytest.mark.parametrize("name", names("verify"))
def test_headers_as_text_get_the_same_verdict(name: str) -> None:
    for case in document(name)["cases"]:
        expected = case["expect"]
        try:
            event = built(case).verify(
                received(case),
                case["headers"],
                now=case["now"],
                method=case.get("method"),
                url=case.get("url"),
            )
        except HookproofError as error:
            assert (VERDICTS[type(error)], error.code) == (expected["verdict"], expected["code"]), case["id"]
        else:
            assert _differs(expected.get("event", {}), event) is None, case["id"]


def _difference(case: Json, found: Json) -> str | None:
    expected = case["expect"]
    if (found["verdict"], found.get("code")) != (expected["verdict"], expected.get("code")):
        return f"{case['id']}: expected {expected['verdict']} {expected.get('code')}, got {found}"
    if found["verdict"] != "accept":
        return None
    differs = _differs(expected.get("event", {}), verified(case))
    return differs and f"{case['id']}: {differs}"


def _differs(expected: Json, event: Event) -> str | None:
    """Compares the members that a vector names."""
    for name, value in expected.items():
        found = _member(event, name)
        if name in ("sent_at", "occurred_at"):
            same = value is found or (None not in (value, found) and abs(value - found) < 1e-6)
        else:
            same = value == found
        if not same:
            return f"{name}: expected {value!r}, got {found!r}"
    return None


def _member(event: Event, name: str) -> Json:
    if name in ("covers", "key_index", "key_label", "algorithm", "content"):
        found = getattr(event.proof, name)
        return sorted(found) if name == "covers" else found
    if name in ("sent_at", "occurred_at"):
        moment = getattr(event, name)
        return None if moment is None else (moment - EPOCH) / timedelta(seconds=1)
    if name == "body_base64":
        return base64.b64encode(event.body).decode()
    return dict(event.attributes) if name == "attributes" else getattr(event, name)


@pytest.mark.parametrize("name", names("sign"))
def test_every_message_gets_its_signature(name: str) -> None:
    for case in document(name)["cases"]:
        given = dict(case["message"])
        body = base64.b64decode(given.pop("body_base64"))
        signed = Signer(case["provider"], secret=case["secret"], **case["options"]).sign(body, **given)
        assert base64.b64encode(signed.body).decode() == case["expect"]["body_base64"], case["id"]
        if "verify" not in case:
            headers = {name.lower(): value for name, value in signed.headers.items()}
            assert headers == case["expect"]["headers"], case["id"]
            continue
        checked = case["verify"]
        verifier = built(
            {"provider": case["provider"], "secret": checked["secret"], "options": checked["options"]}
        )
        event = verifier.verify(signed.body, signed.headers, now=checked["now"])
        assert _differs(checked.get("event", {}), event) is None, case["id"]


@pytest.mark.parametrize("group", document("idempotency.json")["groups"], ids=lambda group: group["id"])
def test_idempotency_keys_are_the_same_or_different(group: Json) -> None:
    keys = {verified(case).idempotency_key for case in group["cases"]}
    assert len(keys) == (1 if group["relation"] == "same" else len(group["cases"]))


@pytest.mark.parametrize("plan", document("retry.json")["plans"], ids=lambda plan: plan["provider"])
def test_retry_plans_give_their_delays_and_decisions(plan: Json) -> None:
    policy = RetryPolicy.of(plan["provider"])
    if "base_delays_us" in plan:
        delays = [policy.base_delay(retry) for retry in range(1, policy.retries + 1)]
        assert delays == [timedelta(microseconds=delay) for delay in plan["base_delays_us"]]
        assert policy.delay(policy.retries + 1) is None
    for drawn in plan.get("seeded", []):
        expected = timedelta(microseconds=drawn["delay_us"])
        assert policy.delay(drawn["retry"], seed=drawn["seed"]) == expected
        assert policy.schedule(seed=drawn["seed"])[drawn["retry"] - 1] == expected
    for case in plan["decisions"]:
        words = {
            name: case[name] for name in ("attempt", "status", "retry_after", "now", "seed") if name in case
        }
        decision = policy.next(**words)
        assert decision.action == case["expect"]["action"], case["id"]
        if "delay_us" in case["expect"]:
            assert decision.delay == timedelta(microseconds=case["expect"]["delay_us"]), case["id"]


def test_every_provider_replies_as_it_wants_to_be_answered() -> None:
    for case in document("replies.json")["cases"]:
        reply = Provider.named(case["provider"]).reply(case["outcome"])
        assert reply.status == case["status"], case
        assert {name.lower() for name in reply.headers} >= set(case.get("has_headers", [])), case
        assert reply.body.decode() == case.get("body", reply.body.decode()), case
