"""What is sent, in which order: decided by a seed before anything runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

DUPLICATES = 0.30
FORGERIES = 0.05
# Half of the duplicates are sent in the same moment as the first delivery, the others later.
TOGETHER = 0.5
# How many handlers of a worker are in the middle of their work when it is killed.
HANGING = 4


@dataclass(frozen=True)
class Delivery:
    """One delivery, which its sender repeats until it is answered with a 2xx."""

    number: int
    event: int
    # How it is forged: with a body that was changed, under another secret, or without any signature.
    forgery: str | None = None
    # Its handler never returns, in the worker of this name, which is killed meanwhile.
    hangs_in: str | None = None


@dataclass
class Moment:
    """Deliveries of one event that are sent at once, each to a worker of another language."""

    position: float
    deliveries: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """Everything that will be sent."""

    events: int
    duplicates: int
    together: int
    forgeries: int
    moments: Sequence[Moment]

    @property
    def deliveries(self) -> int:
        return self.events + self.duplicates + self.forgeries


def new_plan(deliveries: int, seed: int, victims: Sequence[str]) -> Plan:
    """Decides what is sent; each of the victims is killed once, at its own time."""
    random = Random(seed)
    forgeries, duplicates = round(deliveries * FORGERIES), round(deliveries * DUPLICATES)
    events = deliveries - forgeries - duplicates
    together = round(duplicates * TOGETHER)
    firsts = [Moment(event, [Delivery(event, event)]) for event in range(events)]
    numbers = iter(range(events, deliveries))

    # Those that hang are alone in their moment, so that nobody else claims their event first.
    hanging = _hanging(events, victims)
    for event, victim in hanging.items():
        firsts[event].deliveries = [Delivery(event, event, hangs_in=victim)]
    others = [event for event in range(events) if event not in hanging]

    for event in random.choices(others, k=together):
        firsts[event].deliveries.append(Delivery(next(numbers), event))
    later = [
        Moment(event + random.uniform(100, events / 4), [Delivery(next(numbers), event)])
        for event in random.choices(range(events), k=duplicates - together)
    ]
    # Some forgeries come before the event whose id they claim: it must be handled all the same.
    forged = [
        Moment(
            event + random.uniform(-events / 8, events / 8),
            [Delivery(next(numbers), event, random.choice(["body", "secret", "unsigned"]))],
        )
        for event in random.choices(range(events), k=forgeries)
    ]
    moments = sorted([*firsts, *later, *forged], key=lambda moment: moment.position)
    return Plan(events, duplicates, together, forgeries, moments)


def _hanging(events: int, victims: Sequence[str]) -> dict[int, str]:
    """Returns which events hang in which victim: the victims are spread over the run."""
    share = events // (len(victims) + 1)
    return {
        share * (index + 1) + offset: victim
        for index, victim in enumerate(victims)
        for offset in range(HANGING)
    }
