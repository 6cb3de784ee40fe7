"""Which addresses a sender may connect to: the core's check, and the looking up of names that it needs."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, Union

from hookproof import _native
from hookproof._errors import AddressRefusedError, address_refused, invalid_option

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network
    from typing import TypeAlias

    Address: TypeAlias = Union[str, IPv4Address, IPv6Address]
    AddressRange: TypeAlias = Union[Address, IPv4Network, IPv6Network]

__all__ = ["AddressPolicy", "AddressRefusedError"]


class AddressPolicy:
    """Says whether a sender may connect to an address, so that nobody sends it into your own network.

    Whoever registers an endpoint chooses where your servers connect to: the metadata of a cloud or the
    database beside them, if nothing checks it (server-side request forgery). Refused is what the registries
    of IANA do not call globally reachable, also where an IPv6 address stands for an IPv4 one. `deny` beats
    `allow`, and `allow` beats that default.

    - `allow`: addresses and ranges (`"10.0.0.0/8"`) that are permitted all the same. Default: none.
    - `deny`: addresses and ranges that are refused in any case. Default: none.

    Each is one of str, `ipaddress` objects, or an iterable of them.

    Raises `ConfigurationError`: `invalid_option`.

    >>> from hookproof import AddressPolicy
    >>> policy = AddressPolicy(deny=["203.0.113.0/24"])
    >>> policy.permits("1.1.1.1"), policy.refusal("127.0.0.1"), policy.refusal("::ffff:10.0.0.7")
    (True, 'loopback', 'private')
    >>> AddressPolicy(allow="127.0.0.1").permits("127.0.0.1")
    True
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        allow: AddressRange | Iterable[AddressRange] = (),
        deny: AddressRange | Iterable[AddressRange] = (),
    ) -> None:
        self._native = _native.AddressPolicy(_texts(allow), _texts(deny))

    def permits(self, address: Address) -> bool:
        """Tells whether an address may be connected to; takes and raises what `refusal` does."""
        return self.refusal(address) is None

    def refusal(self, address: Address) -> str | None:
        """Returns why an address is refused, such as `loopback`, `private` or `denied`; None where it is not.

        Raises `ConfigurationError`: `invalid_option` for what is no address: resolve a name first.
        """
        return self._native.refusal(_text(address))

    def resolve(self, host: str, port: int) -> list[str]:
        """Looks a host up and returns those of its addresses that may be connected to, at least one.

        Connect to one of these and not to the host: a name that is looked up again may lead elsewhere the
        second time (DNS rebinding). The name still belongs in the `Host` header and in TLS. It may be an
        address itself, with brackets or without. The search waits for the system's resolver and has no time
        limit.

        Raises `AddressRefusedError` where no address of the host is permitted, `OSError` (`socket.gaierror`)
        where it has none, and `ConfigurationError`: `invalid_option` for what can be no host.

        >>> from hookproof import AddressPolicy, AddressRefusedError
        >>> try:
        ...     AddressPolicy().resolve("127.0.0.1", 443)
        ... except AddressRefusedError as error:
        ...     print(error.refusal)
        loopback
        """
        refused = None
        permitted = []
        for address in _addresses(host, port):
            refusal = self.refusal(_without_zone(address))
            if refusal is None:
                permitted.append(address)
            else:
                refused = refused or address_refused(host, address, refusal)
        if not permitted and refused is not None:
            raise refused
        return permitted

    def __repr__(self) -> str:
        """Says what it is; the ranges are the core's."""
        return "<AddressPolicy>"


def _addresses(host: Any, port: int) -> list[str]:
    """Lists the addresses of a host in the system's order, each once."""
    if not isinstance(host, str):
        message = f"the host is {type(host).__name__}, expected str"
        raise TypeError(message)
    bare = host.removeprefix("[").removesuffix("]")
    if not bare or "\0" in bare:
        message = "the host is empty or has a NUL inside"
        raise invalid_option(message)
    try:
        found = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM)
    except (UnicodeError, OverflowError) as error:
        message = "the host is no name that can be looked up, or the port none"
        raise invalid_option(message) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _without_zone(address: str) -> str:
    """Leaves out what names a network card of this machine, and is no part of an address."""
    return address.partition("%")[0]


def _texts(ranges: Any) -> Any:
    if isinstance(ranges, (str, bytes)) or not hasattr(ranges, "__iter__"):
        return _text(ranges)
    # A network of `ipaddress` can be iterated too: over each of its addresses.
    if hasattr(ranges, "network_address"):
        return str(ranges)
    return [_text(item) for item in ranges]


def _text(item: Any) -> Any:
    if isinstance(item, (IPv4Address, IPv6Address)):
        return _without_zone(str(item))
    return str(item) if hasattr(item, "network_address") else item
