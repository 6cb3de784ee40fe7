"""Outgoing deliveries: what a sender does after each attempt, when, and the text that holds the state."""

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import formatdate, parsedate_to_datetime
from fractions import Fraction

from generator.case import NOW
from generator.output import Document, Json
from generator.retry import SECOND, uniform

START = NOW * 1_000
DAY = 86_400

LIST = {"list_seconds": [5, 300, 1_800]}
DOUBLING = {"exponential": {"first_seconds": 1, "factor": 2, "retries": 8}}
JITTERS: list[Json] = [
    "none",
    {"additive_seconds": 1},
    {"additive_percent": 10},
    "full",
    "equal",
    "decorrelated",
]
SEEDS = [0, 7, 1_790_000_000, 2**53 - 1, 2**64 - 1]


def document() -> Document:
    cases = [*_every_jitter(), *_endings(), *_retry_after(), *_deadlines(), *_bounds()]
    return Document(
        "deliveries.json", {"kind": "deliveries", "cases": [_numbered(*it) for it in enumerate(cases, 1)]}
    )


def _every_jitter() -> list[Json]:
    cases = []
    for jitter in JITTERS:
        for seed in SEEDS:
            plan = _plan(DOUBLING, jitter=jitter, cap_seconds=60)
            name = jitter if isinstance(jitter, str) else next(iter(jitter))
            steps = [
                Step(status=503 if attempt % 2 else None, after=attempt * 7_013) for attempt in range(1, 10)
            ]
            cases.append(_case(f"Jitter {name} over a whole plan, under the seed {seed}.", plan, seed, steps))
    return cases


def _endings() -> list[Json]:
    plan = _plan(LIST, retry_on=["5xx", 429, "no_response"], disable_on=[410], throttle_on=[429])
    return [
        _case("The first attempt is accepted.", plan, 1, [Step(200)]),
        _case("A retry is accepted.", plan, 1, [Step(500), Step(204, after=6_000)]),
        _case(
            "The receiver is gone: nothing more is sent to it.", plan, 1, [Step(500), Step(410, after=6_000)]
        ),
        _case("A final failure ends it at once.", plan, 1, [Step(404)]),
        _case("A throttling status is retried.", plan, 1, [Step(429), Step(200, after=6_000)]),
        _case("A redirect is no success.", plan, 1, [Step(301)]),
        _case("The plan ends.", plan, 1, [Step(500), Step(None), Step(503), Step(502)]),
        _case(
            "The cap of attempts ends it before the plan does.",
            _plan(LIST, max_attempts=2),
            1,
            [Step(500), Step(500, after=9_000)],
        ),
    ]


def _retry_after() -> list[Json]:
    plan = _plan(LIST, honours_retry_after=True)
    bounded = _plan(LIST, honours_retry_after=True, retry_after_cap_seconds=600)
    date = formatdate(NOW + 3_600, usegmt=True)
    return [
        _case("Retry-After in seconds, later than the plan.", plan, 2, [Step(503, "120")]),
        _case("Retry-After in seconds, earlier than the plan.", plan, 2, [Step(503, "1")]),
        _case("Retry-After as a date is counted from the answer.", plan, 2, [Step(503, date, after=900)]),
        _case("Retry-After as a date that is over.", plan, 2, [Step(503, formatdate(NOW - 9, usegmt=True))]),
        _case("Retry-After is obeyed for a day and no longer.", plan, 2, [Step(503, "31536000")]),
        _case("Retry-After is bounded by the plan.", bounded, 2, [Step(503, "31536000")]),
        _case("Retry-After that says nothing is ignored.", plan, 2, [Step(503, "soon"), Step(503, "-1")]),
        _case("A sender that ignores Retry-After.", _plan(LIST), 2, [Step(503, "120")]),
    ]


def _deadlines() -> list[Json]:
    plan = _plan(LIST, deadline_seconds=400)
    honours = _plan(LIST, deadline_seconds=400, honours_retry_after=True)
    return [
        _case(
            "No retry is due after the deadline.",
            plan,
            3,
            [Step(500), Step(500, after=5_000), Step(500, after=390_000)],
        ),
        _case("A slow answer uses the deadline up.", plan, 3, [Step(500, after=395_001)]),
        _case("A retry exactly at the deadline is made.", plan, 3, [Step(500, after=395_000)]),
        _case("Retry-After past the deadline gives up.", honours, 3, [Step(503, "401")]),
    ]


def _bounds() -> list[Json]:
    """Several rules at once: the strictest of them counts."""
    two = _plan(LIST, max_attempts=2)
    busy = _plan(LIST, retry_on=["5xx"], disable_on=[410], throttle_on=[429], honours_retry_after=True)
    capped = _plan(LIST, honours_retry_after=True, cap_seconds=60)
    return [
        _case("No more attempts than the plan allows.", two, 4, [Step(500), Step(500, after=6_000)]),
        _case("The last attempt that is allowed may succeed.", two, 4, [Step(500), Step(200, after=6_000)]),
        _case("The only attempt that is allowed.", _plan(LIST, max_attempts=1), 4, [Step(500)]),
        _case("A throttling answer says how long.", busy, 4, [Step(429, "90"), Step(204, after=91_000)]),
        _case("Retry-After does not revive an endpoint that is gone.", busy, 4, [Step(410, "90")]),
        _case("Retry-After makes no final failure a retry.", busy, 4, [Step(404, "90")]),
        _case("Retry-After of 0 leaves the plan's delay.", busy, 4, [Step(503, "0")]),
        _case(
            "The cap of the plan bounds its own delays, not what a receiver asks for.",
            capped,
            4,
            [Step(503, "90"), Step(503, after=91_000)],
        ),
    ]


@dataclass(frozen=True)
class Step:
    """An attempt: what came of it, and how many milliseconds after the start."""

    status: int | None
    retry_after: str | None = None
    after: int = 250


def _plan(delays: Json, **rest: Json) -> dict[str, Json]:
    return {"delays": delays, "success": ["2xx"], "retry_on": "any_failure", **rest}


def _numbered(number: int, case: dict[str, Json]) -> dict[str, Json]:
    return {"id": f"delivery-{number:03}", **case}


def _case(comment: str, plan: dict[str, Json], seed: int, steps: list[Step]) -> dict[str, Json]:
    told = []
    for attempt, step in enumerate(steps, 1):
        action, delay = _decide(plan, seed, attempt, step)
        states = {"delivered": "delivered", "retry": "pending", "give_up": "gave_up", "disable": "disabled"}
        now = START + step.after
        due = None if delay is None else now + -(-delay // 1_000)
        state = {
            "version": "1",
            "state": states[action],
            "attempts": attempt,
            "started_at": START,
            "due_at": due,
            "seed": str(seed),
            "last_status": step.status,
        }
        expect = {"action": action, "delay_us": delay, "state": states[action], "due_at": due}
        given = {
            "status": step.status,
            **({"retry_after": step.retry_after} if step.retry_after else {}),
            "now_ms": now,
        }
        told.append({**given, "expect": {**expect, "text": json.dumps(state, separators=(",", ":"))}})
    return {"comment": comment, "plan": plan, "seed": str(seed), "start_ms": START, "steps": told}


def _decide(plan: dict[str, Json], seed: int, attempt: int, step: Step) -> tuple[str, int | None]:
    status = step.status
    if status is not None and 200 <= status <= 299:
        return "delivered", None
    if status in plan.get("disable_on", []):
        return "disable", None
    base = _base(plan)
    wanted = plan["retry_on"]
    named = "no_response" if status is None else f"{status // 100}xx"
    retried = (
        wanted == "any_failure"
        or named in wanted
        or status in wanted
        or status in plan.get("throttle_on", [])
    )
    if not retried or attempt > len(base):
        return "give_up", None
    delay = max(_jittered(plan, base, seed)[attempt - 1], _asked(plan, step))
    if "deadline_seconds" in plan and step.after * 1_000 + delay > plan["deadline_seconds"] * SECOND:
        return "give_up", None
    return "retry", delay


def _base(plan: dict[str, Json]) -> list[int]:
    """Returns the delays without jitter, in microseconds."""
    delays = plan["delays"]
    if "list_seconds" in delays:
        seconds = delays["list_seconds"]
    else:
        form = delays["exponential"]
        seconds = [form["first_seconds"] * form["factor"] ** retry for retry in range(form["retries"])]
    cap = plan.get("cap_seconds", 366 * DAY)
    return [min(second, cap) * SECOND for second in seconds][: plan.get("max_attempts", 1_001) - 1]


def _jittered(plan: dict[str, Json], base: list[int], seed: int) -> list[int]:
    """Returns the delays with jitter: each in whole microseconds, rounded down, and none above the cap."""
    jitter, cap = plan.get("jitter", "none"), plan.get("cap_seconds", 366 * DAY) * SECOND
    previous, found = base[0], []
    for retry, delay in enumerate(base, 1):
        draw = uniform(seed, retry)
        match jitter:
            case "none":
                spread = delay
            case {"additive_seconds": seconds}:
                spread = delay + _floor(draw * seconds * SECOND)
            case {"additive_percent": percent}:
                spread = delay + _floor(draw * (delay * percent // 100))
            case "full":
                spread = _floor(draw * delay)
            case "equal":
                spread = delay // 2 + _floor(draw * (delay - delay // 2))
            case "decorrelated":
                spread = base[0] + _floor(draw * (3 * previous - base[0]))
            case other:
                raise ValueError(other)
        previous = min(spread, cap)
        found.append(previous)
    return found


def _asked(plan: dict[str, Json], step: Step) -> int:
    """Returns what Retry-After asks for, in microseconds; nothing where it is not honoured or says nothing."""
    text = step.retry_after
    if not plan.get("honours_retry_after") or text is None:
        return 0
    if text.isascii() and text.isdigit():
        seconds = int(text)
    else:
        try:
            date = parsedate_to_datetime(text)
        except ValueError:
            return 0
        answered = datetime.fromtimestamp((START + step.after) // 1_000, tz=timezone.utc)
        seconds = max(0, int((date - answered).total_seconds()))
    return min(seconds, plan.get("retry_after_cap_seconds", DAY)) * SECOND


def _floor(exact: Fraction) -> int:
    return exact.numerator // exact.denominator
