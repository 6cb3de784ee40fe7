"""Measures how the cost grows: `scale.py DELIVERIES [--rounds N] [--quick]`.

Threads on one verifier, verifiers of many tenants, secrets, signatures, bytes of the body. Prints one JSON
object per line.
"""

from itertools import chain

import delivery
import growth
import options
import ours
import tenants
import threads


def main() -> None:
    told = options.read(__doc__)
    builds = ours.builds(told.before)
    deliveries, _ = delivery.read(told.deliveries)
    rows = chain(growth.rows(told.pace), threads.scale(deliveries, told.pace, builds), tenants.rows())
    for row in rows:
        options.answer(row)


if __name__ == "__main__":
    main()
