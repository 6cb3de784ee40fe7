"""The store in memory, as Python sees it; its promises are tested in the core."""

from datetime import timedelta
from typing import Any

import pytest

from hookproof import Claim, ConfigurationError, MemoryStore


def test_a_claim_has_three_states() -> None:
    store = MemoryStore()
    claim = store.claim("a", 60)
    assert claim.state == "new"
    assert claim.owner is not None
    assert store.claim("a", 60) == Claim("running")
    assert store.complete("a", claim.owner, timedelta(days=1))
    assert store.claim("a", 60) == Claim("done")
    assert len(store) == 1


def test_a_released_claim_is_new_again() -> None:
    store = MemoryStore()
    owner = store.claim("a", 60).owner
    assert owner is not None
    assert store.release("a", owner)
    assert not store.release("a", owner)
    assert store.claim("a", 60).state == "new"


@pytest.mark.parametrize("owner", ["", "x", "-1", "9" * 30, "é", "1_0"])
def test_who_is_no_owner_does_nothing(owner: str) -> None:
    store = MemoryStore()
    store.claim("a", 60)
    assert not store.complete("a", owner, 60)
    assert not store.release("a", owner)
    assert store.claim("a", 60).state == "running"


def test_a_full_store_takes_no_more() -> None:
    store = MemoryStore(capacity=1)
    store.claim("a", 60)
    assert store.claim("b", 60) == Claim("full")


@pytest.mark.parametrize("capacity", [0, -1, 2**70])
def test_a_capacity_is_a_number_of_deliveries(capacity: int) -> None:
    with pytest.raises(ConfigurationError) as caught:
        MemoryStore(capacity=capacity)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("lease", [-1, float("nan"), timedelta(seconds=-1)])
def test_a_lease_is_a_duration(lease: Any) -> None:
    with pytest.raises(ConfigurationError):
        MemoryStore().claim("a", lease)


@pytest.mark.parametrize(("key", "lease"), [(5, 60), (b"a", 60), ("a", "60")])
def test_a_wrong_argument_is_a_type_error(key: Any, lease: Any) -> None:
    with pytest.raises(TypeError):
        MemoryStore().claim(key, lease)
