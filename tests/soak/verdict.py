"""What came of it: the ledgers of all processes against the plan."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from soak.plan import Plan
from soak.sender import Sender
from soak.workers import Entry, Worker

MOST_SHOWN = 10


@dataclass(frozen=True)
class Verdict:
    """The counts, and what is wrong with them."""

    lines: Sequence[str]
    complaints: Sequence[str]


def judge(plan: Plan, sender: Sender, workers: Sequence[Worker], *, anywhere: bool) -> Verdict:
    """Counts how often each event was handled, from what the handlers themselves wrote."""
    entries = [entry for worker in workers for entry in worker.entries()]
    handled: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.step == "handled":
            handled[entry.event].append(entry)
    forged = {
        delivery.number for moment in plan.moments for delivery in moment.deliveries if delivery.forgery
    }

    expected = {f"event-{event}" for event in range(plan.events)}
    lost = sorted(expected - handled.keys())
    repeated = {event: found for event, found in handled.items() if len(found) > 1}
    in_window = {event for event, found in repeated.items() if anywhere and _died_in_window(found, sender)}
    twice = sorted(repeated.keys() - in_window)
    forgeries = [entry for entry in entries if int(entry.delivery.partition(".")[0]) in forged]
    unknown = sorted(handled.keys() - expected)
    taken = {status: n for (kind, status), n in sender.answers.items() if kind == "forged"}
    not_refused = sum(n for status, n in taken.items() if status not in (0, 403))
    once = sum(len(found) == 1 for found in handled.values())

    duplicates = f"{plan.duplicates} duplicates, {plan.together} of them in the same moment elsewhere"
    handlings = f"{once} handled once, {len(lost)} lost, {len(twice)} handled twice"
    lines = [
        f"deliveries    {plan.deliveries}: {plan.events} first, {duplicates}, {plan.forgeries} forged",
        f"requests      {sum(sender.answers.values())}: {', '.join(_answers(sender))}",
        f"handlers      {len(entries)} ran: {', '.join(_steps(entries))}",
        *(f"              {worker.name}: {_of(worker, handled)} handled" for worker in workers),
        f"events        {plan.events}: {handlings}, {len(forgeries)} forgeries handled",
    ]
    if anywhere:
        lines.append(f"window        {len(in_window)} again, for a kill between effect and completion")
    complaints = [
        *_complaint("never handled", lost),
        *_complaint("handled more than once", twice),
        *_complaint("handled, and never sent", unknown),
        *_complaint("forged and handled", [entry.event for entry in forgeries]),
        *_complaint("never answered with a 2xx", [str(delivery.number) for delivery in sender.given_up]),
    ]
    if not_refused:
        complaints.append(f"{not_refused} forged requests were not answered with 403: {taken}")
    if sender.finished != plan.deliveries:
        complaints.append(f"only {sender.finished} of {plan.deliveries} deliveries came to an end")
    return Verdict(lines, complaints)


def _died_in_window(found: Sequence[Entry], sender: Sender) -> bool:
    """Tells whether all effects but one are of attempts that nobody was there to answer any more."""
    return sum(entry.delivery not in sender.unanswered for entry in found) == 1


def _answers(sender: Sender) -> Iterator[str]:
    for (kind, status), number in sorted(sender.answers.items()):
        yield f"{number} {kind} → {status or 'no answer'}"


def _steps(entries: Sequence[Entry]) -> Iterator[str]:
    words = {"handled": "handled", "failing": "failed on purpose", "hanging": "hung until they were killed"}
    for step, word in words.items():
        yield f"{sum(entry.step == step for entry in entries)} {word}"


def _of(worker: Worker, handled: dict[str, list[Entry]]) -> int:
    return sum(entry.worker == worker.name for found in handled.values() for entry in found)


def _complaint(what: str, found: Sequence[str]) -> Iterator[str]:
    if found:
        shown = ", ".join(found[:MOST_SHOWN])
        yield f"{len(found)} {what}: {shown}{' …' if len(found) > MOST_SHOWN else ''}"
