"""What is peculiar to the store on Redis."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import redis
import redis.asyncio
from authentic import delivery, verifier
from service_fixtures import redis_server
from store_support import fresh

from hookproof import Receiver
from hookproof.stores.redis import AsyncRedisStore, RedisStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services import RedisServer

__all__ = ["redis_server"]

LEASE = 60


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_server.url) as client:
        yield client


def test_it_works_again_when_the_server_has_forgotten_the_scripts(client: redis.Redis) -> None:
    store, key = RedisStore(client), fresh()
    owner = store.claim(key, LEASE).owner
    client.script_flush()
    assert store.claim(key, LEASE).state == "running"
    client.script_flush()
    assert store.complete(key, str(owner), LEASE) is True
    client.script_flush()
    assert store.release(key, str(owner)) is False


def test_everything_that_is_stored_has_an_end(client: redis.Redis) -> None:
    store, prefix = RedisStore(client, prefix="ends:"), "ends:*"
    running, done = fresh(), fresh()
    store.claim(running, LEASE)
    store.complete(done, str(store.claim(done, LEASE).owner), 3 * LEASE)
    limits = sorted(client.pttl(key) for key in client.scan_iter(prefix))
    assert 0 < limits[0] <= LEASE * 1000 < limits[1] <= 3 * LEASE * 1000
    assert len(limits) == 2


def test_prefixes_separate_applications(client: redis.Redis) -> None:
    key = fresh()
    for prefix in ("one:", "two:", ""):
        assert RedisStore(client, prefix=prefix).claim(key, LEASE).state == "new"
    assert RedisStore(client, prefix="one:").claim(key, LEASE).state == "running"


def test_a_client_that_asks_twice_finds_its_own_claim(client: redis.Redis) -> None:
    """A client that lost the answer sends the same command again; nobody else has its owner."""

    class Twice:
        def evalsha(self, sha: str, numkeys: int, /, *values: Any) -> Any:
            client.evalsha(sha, numkeys, *values)
            return client.evalsha(sha, numkeys, *values)

        def eval(self, script: str, numkeys: int, /, *values: Any) -> Any:
            return client.eval(script, numkeys, *values)

    key = fresh()
    RedisStore(client).claim(fresh(), LEASE)
    store = RedisStore(Twice())
    owner = store.claim(key, LEASE).owner
    assert owner is not None
    assert RedisStore(client).complete(key, owner, LEASE) is True


def test_clients_that_decode_are_understood(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url, decode_responses=True, protocol=3) as client:
        store, key = RedisStore(client), fresh()
        owner = store.claim(key, LEASE).owner
        assert store.claim(key, LEASE).state == "running"
        assert store.complete(key, str(owner), LEASE) is True
        assert store.claim(key, LEASE).state == "done"


def test_a_key_that_holds_something_else_is_no_claim(client: redis.Redis) -> None:
    store, key = RedisStore(client, prefix="other:"), fresh()
    store.claim(key, LEASE)
    (name,) = client.scan_iter("other:*")
    for value in ("something", ""):
        client.set(name, value)
        with pytest.raises(redis.ResponseError, match="no claim"):
            store.claim(key, LEASE)
        assert store.release(key, "something") is False


def test_tasks_of_one_loop_get_a_delivery_once(redis_server: RedisServer) -> None:
    body, headers = delivery(fresh())
    runs: list[Any] = []

    async def handle(event: Any) -> None:
        await asyncio.sleep(0.05)
        runs.append(event)

    async def receive() -> list[str]:
        async with redis.asyncio.Redis.from_url(redis_server.url) as client:
            receiver = Receiver(verifier(), AsyncRedisStore(client))
            calls = [receiver.areceive(body, headers, handle) for _ in range(8)]
            replies = [*await asyncio.gather(*calls), await receiver.areceive(body, headers, handle)]
            return [reply.outcome for reply in replies]

    outcomes = asyncio.run(receive())
    assert (sorted(outcomes[:-1]), outcomes[-1], len(runs)) == (
        ["accepted", *["running"] * 7],
        "duplicate",
        1,
    )


def test_a_prefix_is_text(client: redis.Redis) -> None:
    with pytest.raises(TypeError, match="prefix"):
        RedisStore(client, prefix=b"a")  # type: ignore[arg-type]
