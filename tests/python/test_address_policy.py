"""Which addresses a sender may connect to; what the core decides is tested there and by the vectors."""

import errno
import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from vectors import document

from hookproof import AddressPolicy, AddressRefusedError, ConfigurationError, HookproofError

PUBLIC = "93.184.215.14"


DOCUMENT = document("addresses.json")


def test_every_address_is_judged_as_in_the_other_languages() -> None:
    differences = {
        case["id"]: found
        for case in DOCUMENT["cases"]
        if (found := AddressPolicy(case.get("allow", ()), case.get("deny", ())).refusal(case["address"]))
        != case["expect"]["refusal"]
    }
    assert not differences


def test_an_address_is_judged_as_an_object_too() -> None:
    for case in DOCUMENT["cases"]:
        policy = AddressPolicy(case.get("allow", ()), case.get("deny", ()))
        permitted = case["expect"]["refusal"] is None
        assert policy.permits(ip_address(case["address"])) is permitted, case["id"]


@pytest.mark.parametrize("case", DOCUMENT["invalid_addresses"], ids=lambda case: repr(case["text"]))
def test_what_is_no_address_in_the_other_languages_is_none(case: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AddressPolicy().refusal(case["text"])
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("case", DOCUMENT["invalid_rules"], ids=lambda case: repr(case["text"]))
def test_what_is_no_rule_in_the_other_languages_is_none(case: dict[str, str]) -> None:
    for options in ({"allow": [case["text"]]}, {"deny": [case["text"]]}):
        with pytest.raises(ConfigurationError) as caught:
            AddressPolicy(**options)
        assert caught.value.code == "invalid_option"


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[tuple[Any, ...]]:
    """Stands in for the system's resolver, which the tests may not ask, and returns what it was asked."""
    asked: list[tuple[Any, ...]] = []

    def answer(*arguments: Any, **options: Any) -> list[Any]:
        asked.append((*arguments, options))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_addresses_are_text_or_objects() -> None:
    policy = AddressPolicy()
    for address, refusal in ((PUBLIC, None), ("10.0.0.7", "private"), ("::1", "loopback")):
        assert policy.refusal(address) == policy.refusal(ip_address(address)) == refusal
        assert policy.permits(address) is (refusal is None)


def test_ranges_are_one_or_several_as_text_or_objects() -> None:
    ranges: list[Any] = [
        "10.0.0.0/8",
        ["10.0.0.0/8", "fd00::/8"],
        ip_network("10.0.0.0/8"),
        (ip_network("10.0.0.0/8"), ip_address("127.0.0.1")),
        iter(["10.0.0.0/8"]),
    ]
    for allowed in ranges:
        policy = AddressPolicy(allow=allowed, deny="10.0.0.7")
        assert policy.permits("10.0.0.8")
        assert policy.refusal("10.0.0.7") == "denied"
        assert policy.refusal("192.168.0.1") == "private"
    assert AddressPolicy(ip_address("127.0.0.1")).permits("127.0.0.1")


def test_a_zone_is_no_part_of_an_address() -> None:
    assert AddressPolicy().refusal(ip_address("fe80::1%1")) == "link_local"
    with pytest.raises(ConfigurationError):
        AddressPolicy().refusal("fe80::1%eth0")


@pytest.mark.parametrize("address", ["", "localhost", "127.1", "0x7f.1", "010.0.0.1", "1.1.1.1:80", "\ud800"])
def test_what_is_no_address_is_named_as_that(address: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AddressPolicy().refusal(address)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("wrong", ["10.0.0.0/33", "10.0.0.1/8", "host", ""])
def test_a_range_that_is_none_is_named(wrong: str) -> None:
    for options in ({"allow": wrong}, {"deny": ["10.0.0.0/8", wrong]}):
        with pytest.raises(ConfigurationError) as caught:
            AddressPolicy(**options)
        assert caught.value.code == "invalid_option"
        assert wrong in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 1, b"10.0.0.1", [b"10.0.0.1"], object()])
def test_another_type_is_a_type_error(wrong: Any) -> None:
    policy = AddressPolicy()
    for call in (lambda: AddressPolicy(allow=wrong), lambda: policy.refusal(wrong)):
        with pytest.raises(TypeError):
            call()
    if not isinstance(wrong, bytes):
        with pytest.raises(TypeError):
            policy.resolve(wrong, 443)


def test_a_name_is_resolved_to_those_addresses_that_are_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolving(monkeypatch, "10.0.0.7", PUBLIC, PUBLIC, "2606:4700::1111")
    assert AddressPolicy().resolve("hooks.example.com", 443) == [PUBLIC, "2606:4700::1111"]
    assert asked == [("hooks.example.com", 443, {"type": socket.SOCK_STREAM})]


def test_a_name_that_leads_nowhere_permitted_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "fe80::1%eth0", "169.254.169.254")
    with pytest.raises(AddressRefusedError) as caught:
        AddressPolicy().resolve("hooks.example.com", 443)
    error = caught.value
    assert isinstance(error, HookproofError)
    assert (error.code, error.host) == ("address_refused", "hooks.example.com")
    assert (error.address, error.refusal) == ("fe80::1%eth0", "link_local")
    where = "which is where hooks.example.com leads"
    assert str(error) == f"the address fe80::1%eth0, {where}, is not one to connect to: link_local"


@pytest.mark.parametrize(
    ("host", "refusal"),
    [("127.0.0.1", "loopback"), ("[::1]", "loopback"), ("::ffff:10.0.0.1", "private"), ("127.1", "loopback")],
)
def test_an_address_in_the_place_of_a_name_is_checked_as_the_system_reads_it(host: str, refusal: str) -> None:
    with pytest.raises(AddressRefusedError) as caught:
        AddressPolicy().resolve(host, 443)
    assert caught.value.refusal == refusal


def test_localhost_can_be_allowed_for_development() -> None:
    found = AddressPolicy(allow=["127.0.0.0/8", "::1"]).resolve("localhost", 8000)
    assert set(found) <= {"127.0.0.1", "::1"}
    assert found


def test_a_name_that_leads_nowhere_is_the_systems_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(errno.ENOENT, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(OSError, match="not known"):
        AddressPolicy().resolve("nowhere.example", 443)


@pytest.mark.parametrize("host", ["", "[]", "a\0b", "a" * 64 + ".example", "a..b", "\ud800.example"])
def test_what_can_be_no_host_is_named_as_that(host: str) -> None:
    with pytest.raises((ConfigurationError, OSError)) as caught:
        AddressPolicy().resolve(host, 443)
    assert getattr(caught.value, "code", None) == "invalid_option" or isinstance(caught.value, OSError)


def test_a_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere the second time it is looked up: the sender looks it up once."""
    answers = [[PUBLIC], ["127.0.0.1"]]

    def rebind(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    assert AddressPolicy().resolve("rebinding.example", 443) == [PUBLIC]
    assert answers == [["127.0.0.1"]]


def test_its_repr_says_what_it_is() -> None:
    assert repr(AddressPolicy()) == "<AddressPolicy>"
