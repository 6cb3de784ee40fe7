"""Writes the vectors beside this file, or with `--check` says which of them differ from what it would write.

It recomputes every signature from the rules in the providers' pages with Python's standard library and
`cryptography` alone. It never imports hookproof: a mistake in the library must not be able to write itself
into the vectors that are there to catch it.
"""

import argparse
import sys
from pathlib import Path

from generator import (
    addresses,
    catalogue,
    deliveries,
    idempotency,
    published,
    replies,
    retry,
    schema,
    signing,
    verifying,
)
from generator.output import Document, write_or_compare

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail when a committed file differs"
    )
    arguments = parser.parse_args()

    # The published values come first: a generator that cannot reproduce them must not write anything.
    published.check()
    documents: list[Document] = [
        *verifying.documents(),
        *signing.documents(),
        *catalogue.documents(),
        idempotency.document(),
        retry.document(),
        deliveries.document(),
        replies.document(),
        addresses.document(),
    ]
    schema.check(documents, HERE / "vectors.schema.json")
    return write_or_compare(HERE, documents, only_compare=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
