"""Measures hookproof and what a user would take instead: `measure.py DELIVERIES [--rounds N] [--quick]`.

Prints one JSON object per line: first the versions, then the rows. With `--before FOLDER`, the build of
hookproof that is in that folder competes too: what a change has brought shows in one run alone.
"""

import importlib.metadata
import platform
import ssl
from itertools import chain

import delivery
import options
import ours
import shapes
import signed
import threads
import tokens
from contest import Json

PACKAGES = (
    "hookproof",
    "standardwebhooks",
    "svix",
    "stripe",
    "PyJWT",
    "joserfc",
    "Authlib",
    "cryptography",
    "Django",
)


def main() -> None:
    told = options.read(__doc__)
    builds = ours.builds(told.before)
    deliveries, bearers = delivery.read(told.deliveries)
    options.answer({"versions": versions()})
    rows = chain(
        signed.rows(deliveries, told.pace, builds),
        tokens.rows(bearers, told.pace, builds),
        shapes.rows(deliveries, told.pace, builds),
        threads.rows(deliveries, told.pace, builds),
    )
    for row in rows:
        options.answer(row)


def versions() -> Json:
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "openssl": ssl.OPENSSL_VERSION.split()[1], **found}


if __name__ == "__main__":
    main()
