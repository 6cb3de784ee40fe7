"""Keys that are fetched, from a real server: what arrives there, who waits, and what a bad server can do."""

import asyncio
import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from issuer import BODY, DISCOVERY, JWKS, Issuer, hostile, issuer

from hookproof import ConfigurationError, KeysUnavailableError, Receiver, VerificationError, Verifier

Verify = Callable[[Verifier, dict[str, str]], Any]
HOUR_MILLIS = 60 * 60 * 1000


@pytest.fixture
def server() -> Iterator[Issuer]:
    with issuer() as found:
        yield found


@pytest.fixture(params=["verify", "averify"])
def verify(request: pytest.FixtureRequest) -> Verify:
    if request.param == "verify":
        return lambda verifier, headers: verifier.verify(BODY, headers)
    return lambda verifier, headers: asyncio.run(verifier.averify(BODY, headers))


def due_keys(server: Issuer) -> str:
    """Exports good keys that have been used for longer than they are fresh."""
    first = server.verifier()
    first.prewarm()
    exported = json.loads(first.export_keys() or "")
    exported["fetched_at_millis"] -= 2 * HOUR_MILLIS
    server.requests.clear()
    server.connected.clear()
    return json.dumps(exported)


def landed() -> None:
    """Waits until nothing is being fetched."""
    for thread in threading.enumerate():
        if thread.name == "hookproof-keys":
            thread.join(10)


def code(verifier: Verifier, verify: Verify, headers: dict[str, str]) -> str:
    with pytest.raises((VerificationError, KeysUnavailableError)) as caught:
        verify(verifier, headers)
    return str(caught.value.code)


def test_the_first_request_waits_for_the_keys_and_later_ones_do_not(server: Issuer, verify: Verify) -> None:
    verifier = server.verifier()
    for _ in range(20):
        assert verify(verifier, server.signed()).type == "orders/placed"
    assert server.requests == [DISCOVERY, JWKS]
    assert server.headers[0]["Accept-Encoding"] == "identity"


def test_an_address_that_is_given_needs_no_discovery(server: Issuer, verify: Verify) -> None:
    verifier = server.verifier(jwks_uri=server.origin + JWKS)
    verify(verifier, server.signed())
    assert server.requests == [JWKS]


def test_requests_at_once_share_one_fetch(server: Issuer) -> None:
    verifier = server.verifier()
    headers = server.signed()
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: verifier.verify(BODY, headers).type, range(100)))
    assert found == ["orders/placed"] * 100
    assert server.requests == [DISCOVERY, JWKS]


def test_tasks_at_once_share_one_fetch_and_keep_no_loop(server: Issuer) -> None:
    server.becomes({"at": "discovery", "hangs": True})
    verifier = server.verifier(fetch_timeout=0.4)
    headers = server.signed()

    async def ticks() -> int:
        count = 0
        while not done.is_set():
            await asyncio.sleep(0.01)
            count += 1
        return count

    async def all_at_once() -> tuple[list[Any], int]:
        counting = asyncio.create_task(ticks())
        tasks = [verifier.averify(BODY, headers) for _ in range(200)]
        found = await asyncio.gather(*tasks, return_exceptions=True)
        done.set()
        return found, await counting

    done = asyncio.Event()
    found, count = asyncio.run(all_at_once())
    assert {error.code for error in found} == {"keys_unavailable"}
    assert count > 10
    assert server.requests == [DISCOVERY]


def test_prewarm_fetches_once_and_tells_what_is_wrong(server: Issuer) -> None:
    verifier = server.verifier()
    verifier.prewarm()
    asyncio.run(verifier.aprewarm())
    assert server.requests == [DISCOVERY, JWKS]
    server.becomes({"at": "jwks", "status": 503, "body": ""})
    for failing in (server.verifier().prewarm, lambda: asyncio.run(server.verifier().aprewarm())):
        with pytest.raises(KeysUnavailableError, match="was answered with status 503"):
            failing()


def test_prewarm_has_nothing_to_do_for_a_secret() -> None:
    Verifier("fourvenues", secret="a").prewarm()
    asyncio.run(Verifier("fourvenues", secret="a").aprewarm())


def test_a_new_key_is_fetched_when_a_token_names_it(server: Issuer, verify: Verify) -> None:
    verifier = server.verifier(keys=due_keys(server))
    server.key_id = "key-2"
    assert verify(verifier, server.signed("key-2")).type == "orders/placed"
    assert server.requests == [DISCOVERY, JWKS]


def test_unknown_keys_make_one_fetch_and_take_nothing_from_good_ones(server: Issuer, verify: Verify) -> None:
    verifier = server.verifier()
    verifier.prewarm()
    # The fetch of the start was a moment ago, so that none of these is worth another one.
    for number in range(50):
        assert code(verifier, verify, server.signed(f"unknown-{number}")) == "unknown_key"
        verify(verifier, server.signed())
    assert server.requests == [DISCOVERY, JWKS]


def test_due_keys_are_used_at_once_and_fetched_meanwhile(server: Issuer, verify: Verify) -> None:
    verifier = server.verifier(keys=due_keys(server), fetch_timeout=2)
    server.becomes({"at": "discovery", "hangs": True})
    started = time.monotonic()
    for _ in range(20):
        verify(verifier, server.signed())
    assert time.monotonic() - started < 1.5
    assert server.connected.wait(5)
    assert server.requests == [DISCOVERY]


def test_only_one_thread_waits_for_an_unknown_key(server: Issuer) -> None:
    verifier = server.verifier(keys=due_keys(server), fetch_timeout=2)
    server.becomes({"at": "discovery", "hangs": True})
    codes: list[str] = []

    def first() -> None:
        codes.append(code(verifier, lambda one, headers: one.verify(BODY, headers), server.signed("unknown")))

    waiting = threading.Thread(target=first)
    waiting.start()
    assert server.connected.wait(5)
    started = time.monotonic()
    for _ in range(20):
        with pytest.raises(KeysUnavailableError, match="on their way"):
            verifier.verify(BODY, server.signed("unknown"))
        verifier.verify(BODY, server.signed())
    assert time.monotonic() - started < 1.5
    waiting.join()
    assert codes == ["keys_unavailable"]


@pytest.mark.parametrize("answer", hostile(), ids=lambda answer: answer["id"])
def test_a_hostile_server_gives_no_keys(server: Issuer, answer: Any) -> None:
    server.becomes(answer)
    verifier = server.verifier(fetch_timeout=0.4)
    started = time.monotonic()
    for _ in range(20):
        with pytest.raises(KeysUnavailableError) as caught:
            verifier.verify(BODY, server.signed())
        assert answer["says"] in str(caught.value)
    assert time.monotonic() - started < 3
    assert server.requests == ([DISCOVERY] if answer["at"] == "discovery" else [DISCOVERY, JWKS])
    landed()


@pytest.mark.parametrize("answer", hostile(), ids=lambda answer: answer["id"])
def test_a_hostile_server_takes_no_keys(server: Issuer, answer: Any) -> None:
    verifier = server.verifier(keys=due_keys(server), fetch_timeout=0.4)
    server.becomes(answer)
    verifier.verify(BODY, server.signed())
    assert server.connected.wait(5)
    landed()
    for _ in range(20):
        assert verifier.verify(BODY, server.signed()).type == "orders/placed"
        with pytest.raises(KeysUnavailableError):
            verifier.verify(BODY, server.signed("unknown"))
    assert server.requests == ([DISCOVERY] if answer["at"] == "discovery" else [DISCOVERY, JWKS])


def test_a_server_that_was_killed_takes_no_keys() -> None:
    with issuer() as server:
        keys, verifier = due_keys(server), server.verifier()
        verifier.prewarm()
        headers = server.signed()
        other = server.verifier(keys=keys)
        cold = server.verifier()
    for one in (verifier, other, other):
        assert one.verify(BODY, headers).type == "orders/placed"
    landed()
    assert other.verify(BODY, headers).type == "orders/placed"
    with pytest.raises(KeysUnavailableError, match="could not be fetched"):
        cold.verify(BODY, headers)


def certificate(folder: Path) -> Path:
    """Writes a certificate for this machine, that nobody trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


def test_tls_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    # As programs do that do not want to hear of certificates; keys are fetched with checks all the same.
    monkeypatch.setattr(ssl, "_create_default_https_context", ssl._create_unverified_context)
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with issuer(context) as server:
        with pytest.raises(KeysUnavailableError, match="certificate verify failed"):
            server.verifier(allow_insecure_loopback=False).prewarm()
        assert server.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        server.verifier(allow_insecure_loopback=False).prewarm()
        assert server.requests == [DISCOVERY, JWKS]
        server.becomes({"at": "discovery", "body": " ", "repeat": 1000, "drip_milliseconds": 50})
        started = time.monotonic()
        with pytest.raises(KeysUnavailableError, match="no whole answer came within"):
            server.verifier(fetch_timeout=0.5).prewarm()
        assert time.monotonic() - started < 3
        landed()


def test_an_endpoint_without_keys_answers_503_and_one_with_a_forged_token_403(server: Issuer) -> None:
    receiver = Receiver(server.verifier())
    server.becomes({"at": "jwks", "status": 500, "body": ""})
    reply = receiver.receive(BODY, server.signed(), print)
    assert (reply.outcome, reply.status) == ("keys_unavailable", 503)
    with issuer() as good:
        receiver = Receiver(good.verifier())
        forged = good.signed()["Authorization"][:-8] + "AAAAAAAA"
        assert receiver.receive(BODY, {"Authorization": forged}, print).status == 403


def test_an_export_starts_another_verifier_without_a_request(server: Issuer) -> None:
    first = server.verifier()
    assert first.export_keys() is None
    first.prewarm()
    exported = first.export_keys()
    assert exported is not None
    server.requests.clear()
    assert server.verifier(keys=exported).verify(BODY, server.signed()).type == "orders/placed"
    late = server.verifier()
    assert late.import_keys(exported) is True
    assert late.import_keys(exported) is False
    assert late.verify(BODY, server.signed()).type == "orders/placed"
    assert server.requests == []


def test_an_export_that_is_too_old_is_not_taken(server: Issuer) -> None:
    exported = json.loads(due_keys(server))
    exported["fetched_at_millis"] -= 24 * HOUR_MILLIS
    assert server.verifier().import_keys(json.dumps(exported)) is False
    server.verifier(keys=json.dumps(exported)).verify(BODY, server.signed())
    assert server.requests == [DISCOVERY, JWKS]


def test_what_is_no_export_is_refused(server: Issuer) -> None:
    exported = due_keys(server)
    for text in ("", "{}", exported.replace(server.origin, "https://issuer.example", 1), "\ud800"):
        with pytest.raises(ConfigurationError) as caught:
            server.verifier().import_keys(text)
        assert caught.value.code == "invalid_key"
        with pytest.raises(ConfigurationError):
            server.verifier(keys=text)
    with pytest.raises(TypeError):
        server.verifier().import_keys(5)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError) as caught:
        Verifier("fourvenues", secret="a").import_keys(exported)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize(
    "options",
    [
        {"allow_insecure_loopback": False},
        {"issuer": "http://issuer.example"},
        {"issuer": "acme"},
        {"issuer": ["https://issuer.example", "https://other.example"]},
        {"jwks_uri": "http://issuer.example/jwks"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "https://issuer.example/jwks", "jwks": {"keys": []}},
        {"fetch_timeout": 0},
        {"fetch_timeout": 5.1},
    ],
)
def test_keys_that_could_not_be_fetched_safely_are_refused_at_once(server: Issuer, options: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        server.verifier(**options)
    assert caught.value.code == "invalid_option"


def test_without_fetching_keys_come_by_hand_alone(server: Issuer, verify: Verify) -> None:
    verifier = server.verifier(fetch_keys=False)
    assert code(verifier, verify, server.signed()) == "keys_unavailable"
    verifier.update_keys(json.loads(server.answer(JWKS)["body"]))
    verify(verifier, server.signed())
    assert server.requests == []


def test_a_fork_in_the_middle_of_a_fetch_leaves_a_child_that_does_not_hang(server: Issuer) -> None:
    program = f"""
import os, threading, time
from hookproof import KeysUnavailableError, Verifier
verifier = Verifier("pitchpoint", issuer="{server.origin}", audience="acme", allow_insecure_loopback=True,
                    fetch_timeout=1)
threading.Thread(target=lambda: verifier._keys().refresh()).start()
time.sleep(0.3)
child = os.fork()
if child == 0:
    started = time.monotonic()
    try:
        verifier.prewarm()
    except KeysUnavailableError:
        os._exit(0 if time.monotonic() - started < 3 else 2)
    os._exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    server.becomes({"at": "discovery", "hangs": True})
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert ran.stdout == "0\n"


def test_a_process_ends_while_keys_are_fetched(server: Issuer) -> None:
    server.becomes({"at": "discovery", "hangs": True})
    program = f"""
from hookproof import Verifier
verifier = Verifier("pitchpoint", issuer="{server.origin}", audience="acme", allow_insecure_loopback=True)
verifier._keys().refresh()
"""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=20)
    assert time.monotonic() - started < 4


def test_an_interruption_leaves_nobody_waiting(server: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = server.verifier()
    headers = server.signed()

    def interrupted(_thread: threading.Thread) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            verifier.verify(BODY, headers)
    started = time.monotonic()
    assert code(verifier, lambda found, sent: found.verify(BODY, sent), headers) == "keys_unavailable"
    assert time.monotonic() - started < 3


def test_headers_of_an_iterator_are_read_again_with_new_keys(server: Issuer) -> None:
    pairs = iter(server.signed().items())
    assert asyncio.run(server.verifier().averify(BODY, pairs)).type == "orders/placed"
