"""What is peculiar to the store in Django's database: its table, and the transactions of the caller."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from authentic import delivery, verifier
from django.core.management import call_command
from django.db import connections, transaction
from django.db.transaction import TransactionManagementError
from service_fixtures import postgres_server
from store_kinds import django_database
from store_support import fresh

from hookproof import Receiver
from hookproof.django.models import Delivery
from hookproof.django.store import AsyncDjangoStore, DjangoStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["postgres_server"]

LEASE = 60


@pytest.fixture(params=["postgres", "sqlite"])
def alias(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "postgres":
        address = request.getfixturevalue("postgres_server").url
    else:
        address = str(tmp_path / "django.sqlite")
    with django_database(address) as alias:
        call_command("migrate", "hookproof", database=alias, verbosity=0, fake_initial=True)
        with connections[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS tickets (id varchar(100))")
        yield alias


def _sell(alias: str, event: Any) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("INSERT INTO tickets (id) VALUES (%s)", (event.id,))


def _sold(alias: str, identifier: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets WHERE id = %s", (identifier,))
        return int(cursor.fetchone()[0])


def _receiver(alias: str, errors: list[Any] | None = None) -> Receiver:
    store = DjangoStore(using=alias, join=True)
    return Receiver(verifier(), store, on_error=lambda error, _event: (errors or []).append(error))


def test_the_migration_makes_what_the_model_says() -> None:
    call_command("makemigrations", "hookproof", check=True, dry_run=True, verbosity=0)


def test_the_rows_are_the_models(alias: str) -> None:
    store, key = DjangoStore(using=alias), fresh()
    before = Delivery.objects.using(alias).filter(owner=None).count()
    owner = store.claim(key, LEASE).owner
    assert Delivery.objects.using(alias).filter(owner=owner).count() == 1
    assert store.complete(key, str(owner), LEASE) is True
    assert Delivery.objects.using(alias).filter(owner=None).count() == before + 1


def test_a_claim_of_its_own_is_refused_inside_of_a_transaction(alias: str) -> None:
    store = DjangoStore(using=alias)
    with transaction.atomic(alias), pytest.raises(RuntimeError, match="durable"):
        store.claim(fresh(), LEASE)


def test_a_joined_claim_is_refused_outside_of_a_transaction(alias: str) -> None:
    store = DjangoStore(using=alias, join=True)
    with pytest.raises(TransactionManagementError, match="atomic"):
        store.claim(fresh(), LEASE)


def test_what_a_handler_wrote_and_its_completion_are_committed_together(alias: str) -> None:
    name = fresh()
    body, headers = delivery(name)
    with transaction.atomic(alias):
        reply = _receiver(alias).receive(body, headers, lambda event: _sell(alias, event))
    assert (reply.outcome, _sold(alias, name)) == ("accepted", 1)
    with transaction.atomic(alias):
        reply = _receiver(alias).receive(body, headers, lambda event: _sell(alias, event))
    assert (reply.outcome, _sold(alias, name)) == ("duplicate", 1)


def test_what_is_rolled_back_is_not_done(alias: str) -> None:
    name = fresh()
    body, headers = delivery(name)
    for sold in (0, 1):
        with transaction.atomic(alias):
            reply = _receiver(alias).receive(body, headers, lambda event: _sell(alias, event))
            assert reply.outcome == "accepted"
            transaction.set_rollback(sold == 0, using=alias)
        assert _sold(alias, name) == sold


def test_a_handler_that_fails_in_the_database_gives_the_delivery_back(alias: str) -> None:
    name, errors = fresh(), list[Any]()
    body, headers = delivery(name)

    @transaction.atomic(alias)
    def handle(event: Any) -> None:
        _sell(alias, event)
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM tickets")

    receiver = _receiver(alias, errors)
    with transaction.atomic(alias):
        assert receiver.receive(body, headers, handle).outcome == "handler_failed"
    with transaction.atomic(alias):
        assert receiver.receive(body, headers, lambda event: _sell(alias, event)).outcome == "accepted"
    assert _sold(alias, name) == 1


def test_a_handler_may_take_longer_than_the_lease_in_its_transaction(alias: str) -> None:
    store, key = DjangoStore(using=alias, join=True), fresh()
    with transaction.atomic(alias):
        claim = store.claim(key, 0.001)
        assert store.claim(key, 0.001).state == "running"
        assert store.complete(key, str(claim.owner), LEASE) is True
    assert DjangoStore(using=alias).claim(key, LEASE).state == "done"


@pytest.mark.parametrize("alias", ["postgres"], indirect=True)
def test_another_transaction_is_told_and_does_not_wait(alias: str) -> None:
    store, key, states = DjangoStore(using=alias, join=True), fresh(), list[str]()

    def other() -> None:
        try:
            with transaction.atomic(alias):
                states.append(store.claim(key, LEASE).state)
        finally:
            connections[alias].close()

    def run() -> None:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()

    with transaction.atomic(alias):
        claim = store.claim(key, LEASE)
        run()
        assert store.complete(key, str(claim.owner), LEASE) is True
        run()
    run()
    assert states == ["running", "running", "done"]


def test_an_asynchronous_receiver_uses_djangos_own_thread(alias: str) -> None:
    body, headers = delivery(fresh())
    receiver, runs = Receiver(verifier(), AsyncDjangoStore(using=alias)), list[Any]()

    async def handle(event: Any) -> None:
        runs.append(event.id)

    async def receive() -> list[str]:
        replies = [await receiver.areceive(body, headers, handle) for _ in range(2)]
        return [reply.outcome for reply in replies]

    assert asyncio.run(receive()) == ["accepted", "duplicate"]
    assert len(runs) == 1
