"""What the guides to sending are tried with: one secret, and a plan short enough to be watched to its end."""

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DELAYS = (1, 2, 1)
PLAN = {
    "delays": {"list_seconds": list(DELAYS)},
    "jitter": {"additive_seconds": 0.5},
    "success": ["2xx"],
    "retry_on": "any_failure",
    "disable_on": [410],
    "honours_retry_after": True,
}
