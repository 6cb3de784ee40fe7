"""The retry plans: base delays, delays under a seed, and decisions."""

from email.utils import formatdate
from fractions import Fraction
from math import isqrt

from generator.case import NOW
from generator.output import Document, Json

# Seconds before each retry, from the providers' documentation.
LISTS = {
    "eventsair": [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
    "fast-events": [60, 60, 120, 240, 480],
    "standard-webhooks": [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
    # Svix, and Clerk, which sends through it.
    "svix": [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
    "clerk": [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
    "braintree": [3_600] * 24,
    "github": [],
    "github-sha1": [],
    "gitlab": [],
    "gitlab-token": [],
    "intercom": [60],
    "lemon-squeezy": [5, 25, 125],
    "linear": [60, 3_600, 21_600],
    "mailgun": [600, 600, 900, 1_800, 3_600, 7_200, 14_400],
    "mercado-pago": [900] * 3,
    "paystack": [180] * 4 + [3_600] * 72,
    "revolut": [600] * 3,
    "sanity": [30, 30],
    "sentry": [],
    "slack": [0, 60, 300],
    "square": [60, 120, 240, 480, 960, 1_920] + [3_600] * 70,
    "trello": [30, 60, 120],
    "woocommerce": [],
    "zoom": [300, 1_200, 3_600],
}
FOURVENUES_RETRIES = 40
SEEDS = [0, 1, 7, 42, 1_790_000_000, 2**53 - 1]
SECOND = 1_000_000


def document() -> Document:
    return Document("retry.json", {"kind": "retry", "plans": _plans()})


def fourvenues_milliseconds(retry: int) -> int:
    """Returns round(n^1.5 * 1000) in whole numbers: n^1.5 * 1000 is the root of n^3 * 10^6."""
    doubled = isqrt(4 * retry**3 * 10**6)
    return (doubled + 1) // 2


def uniform(seed: int, count: int) -> Fraction:
    """Returns the n-th output of SplitMix64 as a number in [0, 1): its upper 53 bits."""
    mask = 2**64 - 1
    mixed = (seed + count * 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    mixed ^= mixed >> 31
    return Fraction(mixed >> 11, 2**53)


def _plans() -> list[Json]:
    base = [fourvenues_milliseconds(retry) * 1_000 for retry in range(1, FOURVENUES_RETRIES + 1)]
    plans: list[Json] = [
        {
            "provider": "fourvenues",
            "comment": "round(n^1.5 * 1000) ms plus up to a second, 40 retries.",
            "base_delays_us": base,
            "seeded": [
                {"seed": seed, "retry": retry, "delay_us": base[retry - 1] + _jitter(seed, retry)}
                for seed in SEEDS
                for retry in (1, 2, 3, 4, 5, 10, 20, 39, 40)
            ],
        }
    ]
    for provider, seconds in LISTS.items():
        plan: dict[str, Json] = {
            "provider": provider,
            "comment": "A fixed list; a retry after the last one does not exist.",
            "base_delays_us": [second * SECOND for second in seconds],
        }
        if provider != "standard-webhooks":
            # Without jitter a seed changes nothing. The kind of Standard Webhooks' jitter is not published.
            plan["seeded"] = [
                {"seed": seed, "retry": retry, "delay_us": second * SECOND}
                for seed in (0, 42)
                for retry, second in enumerate(seconds, 1)
            ]
        plans.append(plan)
    # The parameters of Pitchpoint's backoff are not published, so only its decisions are compared.
    plans.append(
        {"provider": "pitchpoint", "comment": "Only a status from 500 up, or no answer, is tried again."}
    )
    decisions = _decisions()
    for plan in plans:
        plan["decisions"] = [decision for provider, decision in decisions if provider == plan["provider"]]
    return plans


def _jitter(seed: int, retry: int) -> int:
    """Returns the jitter in whole microseconds. Floating point must truncate to the same number."""
    exact = uniform(seed, retry) * SECOND
    whole = exact.numerator // exact.denominator
    base = fourvenues_milliseconds(retry)
    if int((base + float(uniform(seed, retry)) * 1_000.0) * 1_000.0) != base * 1_000 + whole:
        raise ValueError(f"seed {seed}, retry {retry} is at the edge of two microseconds; take another seed")
    return whole


def _decisions() -> list[tuple[str, dict[str, Json]]]:
    """Returns what to do after an attempt, with the provider that each belongs to."""
    decisions: list[tuple[str, dict[str, Json]]] = []

    def add(provider: str, comment: str, attempt: int, status: int | None, action: str, **more: Json) -> None:
        decisions.append(
            (
                provider,
                {
                    "id": f"retry-{len(decisions) + 1:03}",
                    "comment": comment,
                    "attempt": attempt,
                    "status": status,
                    "now": NOW,
                    **more,
                    "expect": {"action": action},
                },
            )
        )

    def delayed(seconds: int) -> None:
        decisions[-1][1]["expect"]["delay_us"] = seconds * SECOND

    for status in (200, 201, 204, 299):
        add("eventsair", "A 2xx is success.", 1, status, "delivered")
    for attempt, seconds in enumerate(LISTS["eventsair"], 1):
        add("eventsair", f"Attempt {attempt} failed.", attempt, 500, "retry")
        delayed(seconds)
    add("eventsair", "The eighth attempt is the last one.", 8, 500, "give_up")
    add("eventsair", "Far behind the last attempt there is none either.", 1_000, 500, "give_up")
    add("eventsair", "Success is success, however late.", 8, 200, "delivered")
    for failure in (None, 301, 400, 404, 429, 503):
        add("eventsair", "Anything but a 2xx is a failure.", 1, failure, "retry")
        delayed(5)

    add("fast-events", "Only 200 is success.", 1, 200, "delivered")
    for failure in (201, 202, 204, 302, 403, 500, None):
        add("fast-events", "Anything but 200 is a failure, even another 2xx.", 1, failure, "retry")
        delayed(60)
    for attempt, seconds in enumerate(LISTS["fast-events"], 1):
        add("fast-events", f"Attempt {attempt} failed.", attempt, 503, "retry")
        delayed(seconds)
    add("fast-events", "The default list has five retries.", 6, 503, "give_up")

    for status in (200, 204):
        add("fourvenues", "A 2xx is success.", 1, status, "delivered")
    for attempt in (1, 2, 39, 40):
        base = fourvenues_milliseconds(attempt) * 1_000
        for failure in (None, 503):
            add(
                "fourvenues",
                f"Attempt {attempt} failed; the jitter adds less than a second.",
                attempt,
                failure,
                "retry",
                seed=7,
            )
            decisions[-1][1]["expect"]["delay_us"] = base + _jitter(7, attempt)
    add("fourvenues", "After forty retries the event is failed.", 41, 503, "give_up")

    for status in (200, 202, 204):
        add("standard-webhooks", "A 2xx is success.", 1, status, "delivered")
    for failure in (None, 301, 400, 404, 429, 500, 502, 504):
        add("standard-webhooks", "Anything else is a failure, 3xx as well.", 1, failure, "retry")
    for attempt in (1, 5, 10):
        add("standard-webhooks", "410 says that the endpoint is gone.", attempt, 410, "disable")
    add("standard-webhooks", "The ninth retry is still in the plan.", 9, 500, "retry")
    add("standard-webhooks", "After nine retries there is none.", 10, 500, "give_up")
    for status in (429, 503):
        add(
            "standard-webhooks",
            "Retry-After in seconds, later than the plan.",
            1,
            status,
            "retry",
            retry_after="7200",
        )
        delayed(7_200)
    add(
        "standard-webhooks",
        "Retry-After as a date, later than the plan.",
        1,
        503,
        "retry",
        retry_after=formatdate(NOW + 7_200, usegmt=True),
    )
    delayed(7_200)
    for text in (
        "0",
        "1",
        formatdate(NOW - 7_200, usegmt=True),
        "soon",
        "",
        "-5",
        "1.5",
        "99999999999999999999999",
    ):
        add(
            "standard-webhooks",
            f"Retry-After {text!r} is earlier than the plan, or nothing that it could say.",
            9,
            503,
            "retry",
            retry_after=text,
        )
    add(
        "standard-webhooks",
        "Retry-After gives no attempt that the plan does not have.",
        10,
        503,
        "give_up",
        retry_after="7200",
    )
    add(
        "standard-webhooks",
        "Retry-After does not revive an endpoint that is gone.",
        1,
        410,
        "disable",
        retry_after="7200",
    )

    add("mailgun", "Any failure is tried again.", 1, 500, "retry")
    for attempt in (1, 7):
        add("mailgun", "406 asks for no further attempt.", attempt, 406, "give_up")
    for status in (429, 500, 503):
        add("sanity", "Sanity tries again on 429 and on 5xx.", 1, status, "retry")
    for failure in (None, 301, 404):
        add("sanity", "Any other failure is final.", 1, failure, "give_up")
    listed = [name for name in LISTS if name not in ("eventsair", "fast-events", "standard-webhooks")]
    for provider in listed:
        last = len(LISTS[provider])
        add(provider, "A 2xx is success.", 1, 204, "delivered")
        add(provider, "After the last retry there is none.", last + 1, 500, "give_up")
        if last:
            add(provider, "The last retry is still in the plan.", last, 500, "retry")

    add("pitchpoint", "200 is success.", 1, 200, "delivered")
    for failure in (500, 502, 503, 599, None):
        add("pitchpoint", "A status from 500 up, or no answer, is tried again.", 1, failure, "retry")
    for status in (301, 400, 401, 403, 404, 408, 410, 429, 499):
        add("pitchpoint", "Every other failure is final.", 1, status, "give_up")
    return decisions
