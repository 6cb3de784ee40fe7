"""The cases about RS256 signatures by the right key over a block that RFC 8017, 9.2, does not write.

A verifier that decodes the block and looks at what it finds takes some of them: that is how signatures under small
exponents were forged. The right answer is to write the block again and compare all of it.
"""

import hashlib
from collections.abc import Callable

from generator import bearer, keys
from generator.bearer import Sign
from generator.token_writer import TokenWriter

_SIZE = 256
# RFC 8017, 9.2 note 1, and what NIST lists: the DER that precedes the digests of other hashes.
_DIGESTS = {
    "md5": "3020300c06082a864886f70d020505000410",
    "sha1": "3021300906052b0e03021a05000414",
    "sha224": "302d300d06096086480165030402040500041c",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
    "sha512-256": "3031300d060960864801650304020605000420",
    "sha3-256": "3031300d060960864801650304020805000420",
}

# AlgorithmIdentifier and DigestInfo with another encoding of the same, or almost the same, content. `{d}` is the digest.
_OID = "0609608648016503040201"
_INFOS = {
    "missing-null": (f"302f300b{_OID}0420{{d}}", "no NULL behind the OID"),
    "two-nulls": (f"3033300f{_OID}050005000420{{d}}", "two NULLs behind the OID"),
    "null-with-content": (f"3033300f{_OID}0502abcd0420{{d}}", "a NULL that has content"),
    "null-long-length": (f"3032300e{_OID}0581000420{{d}}", "a NULL whose length is in long form"),
    "null-is-another-type": (f"3031300d{_OID}01000420{{d}}", "an empty BOOLEAN for the NULL"),
    "empty-sequence-for-null": (f"3031300d{_OID}30000420{{d}}", "an empty sequence for the NULL"),
    "outer-long-length": (f"308131300d{_OID}05000420{{d}}", "a long length of the outer sequence"),
    "outer-two-byte-length": (f"30820031300d{_OID}05000420{{d}}", "a length with a leading zero"),
    "inner-long-length": (f"303230810d{_OID}05000420{{d}}", "a long length of the inner sequence"),
    "oid-long-length": (f"3032300e068109{_OID[4:]}05000420{{d}}", "a long length of the OID"),
    "digest-long-length": (f"3032300d{_OID}0500048120{{d}}", "a long length of the digest"),
    "outer-indefinite": (f"3080300d{_OID}05000420{{d}}0000", "an indefinite length of the outer sequence"),
    "inner-indefinite": (f"30333080{_OID}050000000420{{d}}", "an indefinite length of the inner sequence"),
    "digest-indefinite": (f"3035300d{_OID}050024800420{{d}}0000", "a digest in two constructed pieces"),
    "outer-longer": (f"3032300d{_OID}05000420{{d}}", "an outer length that is one too long"),
    "outer-shorter": (f"3030300d{_OID}05000420{{d}}", "an outer length that is one too short"),
    "inner-longer": (f"3031300e{_OID}05000420{{d}}", "an inner length that is one too long"),
    "digest-longer": (f"3031300d{_OID}05000421{{d}}", "a length of the digest that is one too long"),
    "digest-shorter": (f"3031300d{_OID}0500041f{{d}}", "a length of the digest that is one too short"),
    "outer-is-set": (f"3131300d{_OID}05000420{{d}}", "a SET for the outer sequence"),
    "inner-is-set": (f"3031310d{_OID}05000420{{d}}", "a SET for the inner sequence"),
    "digest-is-bit-string": (f"3032300d{_OID}0500032100{{d}}", "a BIT STRING for the digest"),
    "oid-truncated": (f"3030300c0608{_OID[4:-2]}05000420{{d}}", "an OID without its last part"),
    "oid-longer": (f"3032300e060a{_OID[4:]}0105000420{{d}}", "an OID with a part too many"),
    "oid-empty": ("30283004060005000420{d}", "an empty OID"),
    "oid-leading-zero": (f"3032300e060a80{_OID[4:]}05000420{{d}}", "a longer spelling of the OID"),
    "oid-missing": ("3026300205000420{d}", "no OID"),
    "oid-of-sha256-with-rsa": ("3031300d06092a864886f70d01010b05000420{d}", "the OID of sha256WithRSA"),
    "sequence-prepended": (f"30333000300d{_OID}05000420{{d}}", "an empty sequence before the content"),
    "sequence-appended": (f"3033300d{_OID}05000420{{d}}3000", "an empty sequence behind the content"),
    "sequence-appended-inside": (f"3033300f{_OID}050030000420{{d}}", "an empty sequence behind the NULL"),
    "sequence-around": (f"30333031300d{_OID}05000420{{d}}", "another sequence around it"),
    "null-appended": (f"3033300d{_OID}05000420{{d}}0500", "a NULL behind the content"),
    "null-outside": (f"3031300d{_OID}05000420{{d}}0500", "a NULL behind the whole"),
    "zeros-outside": (f"3031300d{_OID}05000420{{d}}0000", "two zero bytes behind the whole"),
    "digest-twice": (f"3053300d{_OID}05000420{{d}}0420{{d}}", "the digest a second time"),
    "digest-bare": ("{d}", "the digest alone"),
    "digest-in-octets": ("0420{d}", "the digest as an OCTET STRING alone"),
    "digest-cut": (f"3030300d{_OID}0500041f{{cut}}", "a digest without its last byte"),
    "digest-empty": (f"3011300d{_OID}05000400", "an empty digest"),
    "nothing": ("", "nothing at all"),
}


# The block is 00 01, FF up to the byte 203, 00 at 204, and the DigestInfo.
_SEPARATOR = 204
_BLOCKS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "type-0": ("block type 0", lambda block: _at(block, 1, 0)),
    "type-0-zeros": ("block type 0 and zeros", lambda block: bytes(_SEPARATOR) + block[_SEPARATOR:]),
    "type-2": ("block type 2", lambda block: _at(block, 1, 2)),
    "type-2-random": (
        "block type 2 and other bytes than FF",
        lambda block: b"\x00\x02" + bytes(range(1, _SEPARATOR - 1)) + block[_SEPARATOR:],
    ),
    "type-255": ("block type 255", lambda block: _at(block, 1, 0xFF)),
    "first-byte-1": ("a first byte that is not zero", lambda block: _at(block, 0, 1)),
    "no-first-zero": ("its type in the first byte", lambda block: b"\x01\xff" + block[2:]),
    "first-zero": ("a padding that starts with zero", lambda block: _at(block, 2, 0)),
    "inner-zero": ("a zero byte inside the padding", lambda block: _at(block, 100, 0)),
    "last-zero": ("a padding that ends a byte early", lambda block: _at(block, _SEPARATOR - 1, 0)),
    "first-fe": ("a padding that starts with FE", lambda block: _at(block, 2, 0xFE)),
    "inner-7f": ("7F inside the padding", lambda block: _at(block, 100, 0x7F)),
    "last-fe": ("a padding that ends with FE", lambda block: _at(block, _SEPARATOR - 1, 0xFE)),
    "no-separator": ("FF where the separator stands", lambda block: _at(block, _SEPARATOR, 0xFF)),
    "separator-1": ("01 where the separator stands", lambda block: _at(block, _SEPARATOR, 1)),
    "no-padding": (
        "no padding, and garbage behind the digest",
        lambda block: (b"\x00\x01" + block[_SEPARATOR:]).ljust(_SIZE, b"\x5a"),
    ),
    "eight-bytes": (
        "eight bytes of padding, and zeros behind the digest",
        lambda block: (b"\x00\x01" + b"\xff" * 8 + block[_SEPARATOR:]).ljust(_SIZE, b"\x00"),
    ),
    "zeros-before": (
        "eight bytes of padding, and zeros before them",
        lambda block: (b"\x00\x01" + b"\xff" * 8 + block[_SEPARATOR:]).rjust(_SIZE, b"\x00"),
    ),
    "shifted": ("a padding a byte short, and a zero behind", lambda block: block[:2] + block[3:] + b"\x00"),
    "digest-bit": ("a digest that differs in a bit", lambda block: _at(block, -1, block[-1] ^ 1)),
}


def padding_cases(writer: TokenWriter) -> None:
    for name, (form, comment) in _INFOS.items():
        _refuse(writer, f"info-{name}", comment, _signed_info(form))
    for name, prefix in _DIGESTS.items():
        _refuse(writer, f"info-of-{name}", f"a digest of {name}", _signed_digest(name, prefix))
        comment = f"a digest of {name} under SHA-256's OID"
        _refuse(writer, f"info-of-{name}-named-sha256", comment, _signed_digest(name, None))
    for name, (comment, change) in _BLOCKS.items():
        _refuse(writer, f"block-{name}", comment, _signed_block(change))
    _refuse(writer, "pss", "the padding of PS256", signed_with_pss)


def signed_with_pss(message: bytes) -> bytes:
    """Returns a signature of PS256 (RFC 8017, 9.1.1) with a salt that is always the same."""
    salt = bytes(range(32))
    digest = hashlib.sha256(bytes(8) + hashlib.sha256(message).digest() + salt).digest()
    plain = bytes(_SIZE - len(salt) - len(digest) - 2) + b"\x01" + salt
    mask = b"".join(hashlib.sha256(digest + bytes([0, 0, 0, count])).digest() for count in range(7))
    masked = bytes(left ^ right for left, right in zip(plain, mask, strict=False))
    return _raw(bytes([masked[0] & 0x7F]) + masked[1:] + digest + b"\xbc")


def _refuse(writer: TokenWriter, name: str, comment: str, sign: Sign) -> None:
    writer.add(
        f"padding-{name}",
        f"The right key over a block with {comment}: the block is compared whole.",
        "key_strength",
        "no_matching_signature",
        sign=sign,
    )


def _signed_info(form: str) -> Sign:
    def sign(message: bytes) -> bytes:
        digest = hashlib.sha256(message).digest()
        return _raw(_block(bytes.fromhex(form.format(d=digest.hex(), cut=digest[:-1].hex()))))

    return sign


def _signed_digest(name: str, prefix: str | None) -> Sign:
    def sign(message: bytes) -> bytes:
        digest = hashlib.new(name.replace("sha512-256", "sha512_256").replace("-", "_"), message).digest()
        size = len(digest)
        start = prefix or f"30{17 + size:02x}300d{_OID}050004{size:02x}"
        return _raw(_block(bytes.fromhex(start) + digest))

    return sign


def _signed_block(change: Callable[[bytes], bytes]) -> Sign:
    return lambda message: _raw(change(bearer.exponent_one(message)))


def _block(info: bytes) -> bytes:
    return b"\x00\x01" + b"\xff" * (_SIZE - len(info) - 3) + b"\x00" + info


def _at(block: bytes, index: int, byte: int) -> bytes:
    changed = bytearray(block)
    changed[index] = byte
    return bytes(changed)


def _raw(block: bytes) -> bytes:
    """Signs a block as it is. One that is no smaller than the modulus has no signature."""
    numbers = keys.RSA.private_numbers()
    value = int.from_bytes(block, "big")
    if len(block) != _SIZE or value >= numbers.public_numbers.n:
        raise ValueError("this is no block for the key")
    return pow(value, numbers.d, numbers.public_numbers.n).to_bytes(_SIZE, "big")
