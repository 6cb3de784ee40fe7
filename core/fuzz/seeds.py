"""Writes the seeds of the fuzz targets, made of the vectors: python3 core/fuzz/seeds.py FOLDER."""

import base64
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[2] / "tests/vectors"
PROVIDERS = Path(__file__).resolve().parents[1] / "providers"

# Many vectors differ in what a mutation finds at once; a start with few seeds is faster and gets as far.
MOST_OF_A_PROVIDER = 10
MOST_OF_A_TARGET = 1000

Seeds = dict[str, dict[bytes, None]]


def main(folder: Path) -> None:
    """Makes all seeds and writes them."""
    seeds: Seeds = defaultdict(dict)
    for file in sorted((VECTORS / "verify").glob("*.json")):
        cases = json.loads(file.read_text())["cases"]
        for number, case in enumerate(cases):
            add_values(seeds, case)
            step = max(1, len(cases) // MOST_OF_A_PROVIDER)
            if number % step == 0 and isinstance(case["provider"], str):
                lines = [case["provider"], *(f"{name}: {value}" for name, value in case["headers"])]
                seeds["headers"]["\n".join(lines).encode("latin-1") + b"\n\n" + body_of(case)] = None
    for file in sorted((VECTORS / "sign").glob("*.json")):
        for case in json.loads(file.read_text())["cases"][:5]:
            message = case["message"]
            lines = [
                case["provider"],
                f"id: {message.get('id', 'msg_1')}",
                f"type: {message.get('type', 't')}",
            ]
            text = "\n".join(lines).encode() + b"\n\n" + base64.b64decode(message["body_base64"])
            # The first two bytes choose the bit that is flipped.
            seeds["round_trip"] |= {place + text: None for place in (b"\x00\x00", b"\x18\x01")}
    for file in sorted(PROVIDERS.glob("*.json")):
        seeds["provider_file"][json.dumps(json.loads(file.read_text()), separators=(",", ":")).encode()] = (
            None
        )
    for target, texts in seeds.items():
        step = max(1, len(texts) // MOST_OF_A_TARGET)
        write(folder / target, list(texts)[::step])


def add_values(seeds: Seeds, case: dict) -> None:
    """Adds what stands in a request, apart from the request."""
    for target in ("envelope", "ecmascript"):
        seeds[target][body_of(case)] = None
    for _, value in case["headers"]:
        for part in value.replace("=", " ").replace(",", " ").split(" "):
            text = part.encode("latin-1")
            # The first byte chooses the format or the encoding.
            chosen = hashlib.sha256(text).digest()[0]
            seeds["encoding"][bytes([chosen % 3]) + text] = None
            if text[:1].isdigit() and len(text) < 40:
                seeds["timestamp"][bytes([chosen % 5]) + text] = None
        add_token(seeds, value.removeprefix("Bearer "))
    for key_set in (case["options"].get("jwks"), case["options"].get("jwks_raw")):
        if key_set is not None:
            seeds["key_set"][(key_set if isinstance(key_set, str) else json.dumps(key_set)).encode()] = None


def add_token(seeds: Seeds, token: str) -> None:
    """Adds a token, and its header and claims for the target that signs them itself."""
    if not token.startswith("ey"):
        return
    seeds["token"][token.encode("latin-1")] = None
    try:
        header, claims = (base64.urlsafe_b64decode(part + "==") for part in token.split(".")[:2])
    except ValueError:
        return
    seeds["claims"][header.replace(b"RS256", b"HS256") + b"\n" + claims] = None


def body_of(case: dict) -> bytes:
    """Returns the body of a case."""
    # A large body is for the vectors themselves: fuzzing is about many small ones.
    return base64.b64decode(case.get("body_base64", ""))


def write(folder: Path, seeds: list[bytes]) -> None:
    """Writes each seed that is not there yet, under its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        file = folder / hashlib.sha256(seed).hexdigest()[:16]
        if not file.exists():
            file.write_bytes(seed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
