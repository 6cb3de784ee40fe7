"""Makes the cases of a verifier from a row of the catalogue."""

from generator.case import Case
from generator.catalogue import bodies, headers, several, signatures, times
from generator.catalogue.collect import Collector
from generator.catalogue.frame import Entry


def cases(entry: Entry) -> list[Case]:
    """Returns the derived cases of a provider, then its own."""
    collector = Collector(entry)
    headers.add(collector)
    signatures.add(collector)
    if entry.holds_several:
        several.add(collector)
    if entry.time:
        times.add(collector, entry.time)
    bodies.add(collector)
    return [*collector.cases, *(entry.extra(entry) if entry.extra else [])]
