"""The servers as fixtures: a missing one skips the test by name, and fails it where everything must run."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import NoReturn, TypeVar

import pytest
from services import MissingServiceError, PostgresServer, RedisServer, running_postgres, running_redis

Server = TypeVar("Server")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real Redis, one for all tests: each uses keys of its own, and whoever stops it starts it again."""
    with ExitStack() as stack:
        yield entered(stack, running_redis())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL, one for all tests: each uses tables of its own."""
    with ExitStack() as stack:
        yield entered(stack, running_postgres())


def missing(reason: str) -> NoReturn:
    """Skips a test by name for want of a service, or fails it where a green run must have run everything."""
    if os.environ.get("HOOKPROOF_REQUIRE_SERVICES") == "1":
        pytest.fail(f"HOOKPROOF_REQUIRE_SERVICES=1, and {reason}", pytrace=False)
    pytest.skip(reason)


def entered(stack: ExitStack, server: AbstractContextManager[Server]) -> Server:
    """Starts a server that ends with the stack, or skips the test where the machine has none."""
    try:
        return stack.enter_context(server)
    except MissingServiceError as error:
        missing(str(error))
