"""Addresses that a sender may connect to, and those that it must not.

The blocks are those of IANA's special-purpose address registries; what lies inside and beside them is computed with
Python's `ipaddress`. Its own `is_global` judges every address as well: where it says something else, the difference
has a reason here, or nothing is written.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from generator.output import Document, Json

Address = IPv4Address | IPv6Address

# Block, name of the refusal, source.
BLOCKS = [
    ("0.0.0.0/8", "unspecified", "RFC 791, section 3.2"),
    ("10.0.0.0/8", "private", "RFC 1918"),
    ("100.64.0.0/10", "shared", "RFC 6598"),
    ("127.0.0.0/8", "loopback", "RFC 1122, section 3.2.1.3"),
    ("168.63.129.16/32", "metadata", "Azure's WireServer"),
    ("169.254.0.0/16", "link_local", "RFC 3927"),
    ("172.16.0.0/12", "private", "RFC 1918"),
    ("192.0.0.0/24", "reserved", "RFC 6890, section 2.1"),
    ("192.0.0.0/29", "reserved", "RFC 7335"),
    ("192.0.0.8/32", "reserved", "RFC 7600"),
    ("192.0.0.9/32", "reserved", "RFC 7723"),
    ("192.0.0.10/32", "reserved", "RFC 8155"),
    ("192.0.0.170/31", "reserved", "RFC 7050"),
    ("192.0.2.0/24", "documentation", "RFC 5737"),
    ("192.31.196.0/24", "reserved", "RFC 7535"),
    ("192.52.193.0/24", "reserved", "RFC 7450"),
    ("192.88.99.0/24", "reserved", "RFC 7526"),
    ("192.168.0.0/16", "private", "RFC 1918"),
    ("192.175.48.0/24", "reserved", "RFC 7534"),
    ("198.18.0.0/15", "benchmarking", "RFC 2544"),
    ("198.51.100.0/24", "documentation", "RFC 5737"),
    ("203.0.113.0/24", "documentation", "RFC 5737"),
    ("224.0.0.0/4", "multicast", "RFC 5771"),
    ("240.0.0.0/4", "reserved", "RFC 1112, section 4"),
    ("255.255.255.255/32", "broadcast", "RFC 919"),
    ("::/128", "unspecified", "RFC 4291, section 2.5.2"),
    ("::1/128", "loopback", "RFC 4291, section 2.5.3"),
    ("64:ff9b:1::/48", "translated", "RFC 8215"),
    ("100::/64", "reserved", "RFC 6666"),
    ("100:0:0:1::/64", "reserved", "RFC 9780"),
    ("2001::/23", "reserved", "RFC 2928"),
    ("2001:1::1/128", "reserved", "RFC 7723"),
    ("2001:1::2/128", "reserved", "RFC 8155"),
    ("2001:1::3/128", "reserved", "RFC 9665"),
    ("2001:2::/48", "benchmarking", "RFC 5180"),
    ("2001:3::/32", "reserved", "RFC 7450"),
    ("2001:4:112::/48", "reserved", "RFC 7535"),
    ("2001:10::/28", "reserved", "RFC 4843"),
    ("2001:20::/28", "reserved", "RFC 7343"),
    ("2001:30::/28", "reserved", "RFC 9374"),
    ("2001:db8::/32", "documentation", "RFC 3849"),
    ("2620:4f:8000::/48", "reserved", "RFC 7534"),
    ("3fff::/20", "documentation", "RFC 9637"),
    ("5f00::/16", "reserved", "RFC 9602"),
    ("fc00::/7", "unique_local", "RFC 4193"),
    ("fe80::/10", "link_local", "RFC 4291, section 2.5.6"),
    ("fec0::/10", "reserved", "RFC 3879"),
    ("ff00::/8", "multicast", "RFC 4291, section 2.7"),
]
# Around the blocks, most of IPv6 is not assigned: RFC 4291, section 2.4.
GLOBAL_UNICAST = ip_network("2000::/3")

# Forms that Python judges by their own blocks, and hookproof by the IPv4 addresses that the packets go to.
STANDS_FOR_IPV4 = [
    ("::ffff:0:0/96", "IPv4-mapped: the socket is one of IPv4"),
    ("64:ff9b::/96", "NAT64"),
    ("2001::/32", "Teredo"),
    ("2002::/16", "6to4"),
]
# Where `is_global` may say that an address is global although it is refused. Python's answer differs from version to
# version for some of them, so the other answer is no mistake either.
STRICTER = [
    ("168.63.129.16/32", "Azure's platform answers here to every machine, whoever the address belongs to"),
    ("192.0.0.0/24", "its anycast addresses lead to the nearest NAT or relay: the sender's own network"),
    ("192.31.196.0/24", "an anycast service, no host"),
    ("192.52.193.0/24", "an anycast service, no host"),
    ("192.88.99.0/24", "relays that were given up"),
    ("192.175.48.0/24", "an anycast service, no host"),
    ("224.0.0.0/4", "a group, no host"),
    ("64:ff9b:1::/48", "translates to an IPv4 address that only the network knows"),
    ("100:0:0:1::/64", "assigned after the versions of Python that are in use"),
    ("2001::/23", "anycast services and identifiers that are no places"),
    ("2620:4f:8000::/48", "an anycast service, no host"),
    ("3fff::/20", "assigned after some of the versions of Python that are in use"),
    ("::/3", "not assigned as global unicast"),
    ("4000::/2", "not assigned as global unicast"),
    ("8000::/1", "not assigned as global unicast"),
]


def document() -> Document:
    cases = [*_edges(), *_hosts(), *_metadata(), *_embedded(), *_rules()]
    return Document(
        "addresses.json",
        {
            "kind": "addresses",
            "cases": [{"id": f"address-{number:03}", **case} for number, case in enumerate(cases, 1)],
            "invalid_addresses": INVALID_ADDRESSES,
            "invalid_rules": INVALID_RULES,
        },
    )


def refusal(address: Address) -> str | None:
    """Returns the name of the refusal by default, by the smallest block around the address."""
    if isinstance(address, IPv6Address):
        for stands_for in FORMS:
            found = stands_for(address)
            if found is not None:
                return next((named for named in map(refusal, found.reached) if named), found.otherwise)
    networks = [(ip_network(block), name) for block, name, _ in BLOCKS]
    around = [(network.prefixlen, name) for network, name in networks if address in network]
    if around:
        return max(around)[1]
    return "reserved" if address.version == 6 and address not in GLOBAL_UNICAST else None


@dataclass(frozen=True)
class Embedded:
    """The IPv4 addresses that an IPv6 address stands for, and the refusal where none of them is refused."""

    reached: list[IPv4Address]
    otherwise: str | None = None


def _mapped(address: IPv6Address) -> Embedded | None:
    return Embedded([address.ipv4_mapped]) if address.ipv4_mapped else None


def _six_to_four(address: IPv6Address) -> Embedded | None:
    return Embedded([address.sixtofour]) if address.sixtofour else None


def _teredo(address: IPv6Address) -> Embedded | None:
    return Embedded(list(address.teredo)) if address.teredo else None


def _nat64(address: IPv6Address) -> Embedded | None:
    return Embedded([_last(address)]) if address in ip_network("64:ff9b::/96") else None


def _obsolete(address: IPv6Address) -> Embedded | None:
    """IPv4-compatible (RFC 4291, section 2.5.5.1) and IPv4-translated (RFC 2765) ones are given up."""
    if int(address) < 2 or not any(address in ip_network(form) for form in ("::/96", "::ffff:0:0:0/96")):
        return None
    return Embedded([_last(address)], otherwise="reserved")


FORMS = [_mapped, _six_to_four, _teredo, _nat64, _obsolete]


def _last(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)


def _case(comment: str, address: Address | str, **rules: list[str]) -> Json:
    return _expecting(comment, address, refusal(ip_address(str(address))), **rules)


def _expecting(comment: str, address: Address | str, expected: str | None, **rules: list[str]) -> Json:
    if not rules:
        _compare_with_python(ip_address(str(address)), expected)
    return {"comment": comment, "address": _text(address), **rules, "expect": {"refusal": expected}}


def _text(address: Address | str) -> str:
    """Writes an address the same in every version of Python: IPv4-mapped ones changed their form in 3.13."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return f"::ffff:{address.ipv4_mapped}"
    return str(address)


def _compare_with_python(address: Address, expected: str | None) -> None:
    """Fails where Python's own judgement differs and nobody has said why."""
    if address.is_global == (expected is None):
        return
    reasons = STANDS_FOR_IPV4 if expected is None else [*STRICTER, *STANDS_FOR_IPV4]
    if not any(address in ip_network(block) for block, _ in reasons):
        said = "global" if address.is_global else "not global"
        raise SystemExit(f"{address} is {said} for Python and {expected!r} here: which of the two is right?")


def _edges() -> list[Json]:
    """The first and the last address of every block, and the ones before and after it."""
    cases, seen = [], set()
    for block, name, source in BLOCKS:
        network = ip_network(block)
        first, last = int(network.network_address), int(network.broadcast_address)
        whole = 2**network.max_prefixlen
        edges = [(first, "first in"), (last, "last in"), (first - 1, "one before"), (last + 1, "one after")]
        for number, where in edges:
            if 0 <= number < whole and (network.version, number) not in seen:
                seen.add((network.version, number))
                address = IPv4Address(number) if network.version == 4 else IPv6Address(number)
                cases.append(_case(f"The {where} {block} ({name}: {source}).", address))
    return cases


def _hosts() -> list[Json]:
    hosts = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700::1111", "2001:4860:4860::8888", "2a00::1"]
    return [_expecting("A host on the internet.", host, None) for host in hosts]


def _metadata() -> list[Json]:
    services = [
        ("Amazon, Google, Azure and most others", "169.254.169.254", "link_local"),
        ("Amazon's containers", "169.254.170.2", "link_local"),
        ("Amazon, over IPv6", "fd00:ec2::254", "unique_local"),
        ("Google, over IPv6", "fd20:ce::254", "unique_local"),
        ("Alibaba", "100.100.100.200", "shared"),
        ("Oracle", "192.0.0.192", "reserved"),
        ("Azure's WireServer", "168.63.129.16", "metadata"),
    ]
    return [_expecting(f"A metadata service: {whose}.", address, name) for whose, address, name in services]


def _embedded() -> list[Json]:
    cases = []
    for inner in map(IPv4Address, ("8.8.8.8", "127.0.0.1", "10.0.0.1", "169.254.169.254", "255.255.255.255")):
        number, inverted = int(inner), int(inner) ^ 0xFFFF_FFFF
        public = int(IPv4Address("8.8.4.4"))
        forms = [
            ("IPv4-mapped", 0xFFFF << 32 | number),
            ("NAT64", 0x64_FF9B << 96 | number),
            ("6to4", 0x2002 << 112 | number << 80 | 1),
            ("Teredo, by its client", 0x2001 << 112 | public << 64 | inverted),
            ("Teredo, by its server", 0x2001 << 112 | number << 64 | public ^ 0xFFFF_FFFF),
            ("IPv4-compatible, given up", number),
            ("IPv4-translated, given up", 0xFFFF << 48 | number),
            ("NAT64 of one network, whose form only the network knows", 0x64_FF9B_0001 << 80 | number),
        ]
        cases += [_case(f"{inner} in another form: {form}.", IPv6Address(bits)) for form, bits in forms]
    # The well-known prefix is 96 bits long.
    cases.append(_expecting("Behind the well-known prefix of NAT64.", "64:ff9b::1:0:808:808", "reserved"))
    return cases


def _rules() -> list[Json]:
    own = {"allow": ["10.0.0.0/8", "fd00::1"], "deny": ["10.1.0.0/16", "8.8.8.8", "2606:4700::/32"]}
    everything: dict[str, list[str]] = {"allow": ["0.0.0.0/0", "::/0"], "deny": []}
    six: dict[str, list[str]] = {"allow": ["::/0"], "deny": []}
    no_translation = {"allow": [], "deny": ["64:ff9b::/96", "2002::/16", "::/0"]}
    mapped: dict[str, list[str]] = {"allow": ["::ffff:10.0.0.0/104"], "deny": ["::ffff:10.0.0.1"]}
    rows: list[tuple[str, dict[str, list[str]], str, str | None]] = [
        ("Allowed by a network.", own, "10.255.255.255", None),
        ("Denied inside what is allowed.", own, "10.1.2.3", "denied"),
        ("Before what is denied.", own, "10.0.255.255", None),
        ("After what is denied.", own, "10.2.0.0", None),
        ("Denied, though public.", own, "8.8.8.8", "denied"),
        ("Denied in its mapped form.", own, "::ffff:8.8.8.8", "denied"),
        ("Denied behind NAT64.", own, "64:ff9b::808:808", "denied"),
        ("Denied behind 6to4.", own, "2002:808:808::1", "denied"),
        ("Denied by a network of IPv6.", own, "2606:4700::1111", "denied"),
        ("Allowed in its mapped form.", own, "::ffff:10.2.0.0", None),
        ("An address that is given up is not allowed by its IPv4 address.", own, "::10.2.0.0", "reserved"),
        ("One address is allowed.", own, "fd00::1", None),
        ("The one after it is not.", own, "fd00::2", "unique_local"),
        ("Not in the list: as by default.", own, "192.168.0.1", "private"),
        ("Everything is allowed.", everything, "127.0.0.1", None),
        ("Everything is allowed.", everything, "::ffff:127.0.0.1", None),
        ("Everything is allowed.", everything, "fe80::1", None),
        ("All of IPv6 opens nothing of IPv4.", six, "10.0.0.1", "private"),
        ("All of IPv6 opens nothing of IPv4, mapped.", six, "::ffff:127.0.0.1", "loopback"),
        ("All of IPv6 opens nothing of IPv4, behind NAT64.", six, "64:ff9b::a9fe:a9fe", "link_local"),
        ("All of IPv6 opens nothing of IPv4, behind 6to4.", six, "2002:7f00:1::", "loopback"),
        ("All of IPv6 opens its own.", six, "::1", None),
        ("Translation is denied as a whole.", no_translation, "64:ff9b::808:808", "denied"),
        ("6to4 is denied as a whole.", no_translation, "2002:808:808::1", "denied"),
        ("A network of IPv6 denies no IPv4.", no_translation, "8.8.8.8", None),
        ("A mapped network is one of IPv4.", mapped, "10.0.0.2", None),
        ("A mapped address is one of IPv4.", mapped, "10.0.0.1", "denied"),
    ]
    return [_expecting(comment, address, expected, **rules) for comment, rules, address, expected in rows]


# What some programs take for an address, and others do not; and what is none.
INVALID_ADDRESSES: list[Json] = [
    {"id": f"invalid-address-{number:02}", "comment": comment, "text": text}
    for number, (comment, text) in enumerate(
        [
            ("Nothing.", ""),
            ("A name.", "localhost"),
            ("A name.", "example.com"),
            ("127.0.0.1 in octal.", "0177.0.0.1"),
            ("127.0.0.1 in hexadecimal.", "0x7f.0.0.1"),
            ("127.0.0.1 as one hexadecimal number.", "0x7f000001"),
            ("127.0.0.1 in short.", "127.1"),
            ("127.0.0.1 as one number.", "2130706433"),
            ("A leading zero.", "10.0.0.01"),
            ("White space behind it.", "127.0.0.1 "),
            ("A line feed behind it.", "127.0.0.1\n"),
            ("With a port.", "127.0.0.1:80"),
            ("In brackets, as in a URL.", "[::1]"),
            ("With a zone.", "fe80::1%eth0"),
            ("A network.", "127.0.0.0/8"),
            ("Full-width digits.", "\uff11\uff12\uff17.0.0.1"),
            ("Ideographic full stops.", "127\u30020\u30020\u30021"),
            ("A number above 255.", "256.0.0.1"),
            ("Two gaps.", "1::2::3"),
            ("NUL behind it.", "1.2.3.4\0"),
        ],
        1,
    )
]

INVALID_RULES: list[Json] = [
    {"id": f"invalid-rule-{number:02}", "comment": comment, "text": text}
    for number, (comment, text) in enumerate(
        [
            ("Nothing.", ""),
            ("A name.", "localhost"),
            ("No prefix behind the slash.", "10.0.0.0/"),
            ("A prefix longer than the address.", "10.0.0.0/33"),
            ("A prefix longer than the address.", "::/129"),
            ("A prefix with a leading zero.", "10.0.0.0/08"),
            ("A prefix with a sign.", "10.0.0.0/+8"),
            ("A negative prefix.", "10.0.0.0/-1"),
            ("Two prefixes.", "10.0.0.0/8/8"),
            ("A mask in the place of a prefix.", "10.0.0.0/255.0.0.0"),
            ("Bits behind the prefix: the host may be meant, or its network.", "10.1.2.3/8"),
            ("Bits behind the prefix: the host may be meant, or its network.", "2001:db8::1/32"),
            ("White space before it.", " 10.0.0.1"),
            ("A leading zero.", "010.0.0.1"),
            ("With a zone.", "fe80::1%eth0"),
        ],
        1,
    )
]
