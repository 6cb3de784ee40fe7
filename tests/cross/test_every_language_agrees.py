"""Signs in each language and verifies in all three: what one makes, the others must accept and read alike."""

import base64
from collections.abc import Iterator
from functools import cache

import pytest
from languages import NAMES, Language
from senders import SENDERS, Json, Sender

SENT = [
    pytest.param(sender, body, id=f"{sender.name}-{name}")
    for sender in SENDERS
    for name, body in sender.bodies.items()
]
MALFORMED = [
    pytest.param(sender, body, id=f"{sender.name}-{name}")
    for sender in SENDERS
    for name, body in sender.malformed.items()
]


class Languages:
    """The three programs, each started when it is first asked."""

    def __init__(self) -> None:
        self._programs: dict[str, Language] = {}
        # Every signature is asked for by three verifiers.
        self.sign = cache(self._sign)

    def verify(self, language: str, task: Json) -> Json:
        return self._program(language).ask(task)

    def verify_everywhere(self, task: Json) -> Json:
        """Returns the answer that all three give."""
        rust, python, node = (self.verify(language, task) for language in NAMES)
        assert python == rust
        assert node == rust
        return rust

    def close(self) -> None:
        for program in self._programs.values():
            program.close()

    def _sign(self, language: str, sender: str, body: bytes) -> Json:
        known = next(known for known in SENDERS if known.name == sender)
        signed = self._program(language).ask(known.to_sign(body))
        assert signed.get("code") is None, signed
        return signed

    def _program(self, language: str) -> Language:
        if language not in self._programs:
            self._programs[language] = Language(language)
        return self._programs[language]


@pytest.fixture(scope="module")
def languages() -> Iterator[Languages]:
    languages = Languages()
    yield languages
    languages.close()


@pytest.mark.parametrize(("sender", "body"), SENT)
def test_signs_alike(languages: Languages, sender: Sender, body: bytes) -> None:
    rust, python, node = (languages.sign(language, sender.name, body) for language in NAMES)
    assert python == rust
    assert node == rust
    assert base64.b64decode(rust["body_base64"]) == body


@pytest.mark.parametrize("verifier", NAMES)
@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize(("sender", "body"), SENT)
def test_accepts_what_the_other_signed(
    languages: Languages, sender: Sender, body: bytes, signer: str, verifier: str
) -> None:
    signed = languages.sign(signer, sender.name, body)
    answer = languages.verify(verifier, sender.to_verify(signed))
    assert "event" in answer, answer
    assert base64.b64decode(answer["event"]["body_base64"]) == body


@pytest.mark.parametrize(("sender", "body"), SENT)
def test_reads_the_same_event(languages: Languages, sender: Sender, body: bytes) -> None:
    event = languages.verify_everywhere(sender.to_verify(languages.sign("rust", sender.name, body)))["event"]
    for said in ("id", "type"):
        if said in sender.message:
            assert event[said] == sender.message[said]
    assert sender.message.get("attributes", {}).items() <= event["attributes"].items()


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.name)
def test_refuses_another_key_in_the_same_words(languages: Languages, sender: Sender) -> None:
    signed = languages.sign("python", sender.name, sender.bodies["usual"])
    answer = languages.verify_everywhere(sender.to_verify(signed, **sender.wrong_keys))
    assert answer["code"] in ("no_matching_signature", "unknown_key")


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.name)
def test_tells_whether_the_body_was_changed(languages: Languages, sender: Sender) -> None:
    signed = languages.sign("node", sender.name, sender.bodies["usual"])
    other_body = base64.b64encode(sender.bodies["patterns"]).decode()
    answer = languages.verify_everywhere(sender.to_verify(signed, body_base64=other_body))
    if sender.name in ("pitchpoint", "jwt-bearer"):
        assert "body" not in answer["event"]["proof"]["covers"], "a token says nothing of the body"
    else:
        assert answer["code"] == "no_matching_signature"


@pytest.mark.parametrize(("sender", "body"), MALFORMED)
def test_refuses_a_malformed_body_in_the_same_words(
    languages: Languages, sender: Sender, body: bytes
) -> None:
    signed = languages.sign("rust", sender.name, body)
    assert languages.verify_everywhere(sender.to_verify(signed))["code"] == "malformed_body"


def test_reads_a_ping_of_fast_events(languages: Languages) -> None:
    sender = next(sender for sender in SENDERS if sender.name == "fast-events")
    event = languages.verify_everywhere(sender.to_verify(languages.sign("python", sender.name, b"")))["event"]
    assert event["is_ping"] is True


@pytest.mark.parametrize("missing", ["method", "url"])
def test_asks_for_what_a_provider_of_ones_own_signs(languages: Languages, missing: str) -> None:
    sender = next(sender for sender in SENDERS if sender.name == "box-office")
    task = sender.to_verify(languages.sign("node", sender.name, b"{}"))
    del task[missing]
    assert languages.verify_everywhere(task)["code"] == "invalid_option"
