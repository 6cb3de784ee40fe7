"""The guide to receiving in Python: every block runs, and what it defines receives."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from adapter_servers import lambda_sender, sender, uvicorn_server, werkzeug_server, wsgiref_server
from authentic import SECRET, delivery
from django.test import RequestFactory, override_settings
from prometheus_client import REGISTRY
from vectors import ROOT

from hookproof import Signer
from hookproof.django.checks import check_setting

GUIDE = ROOT / "docs" / "receive-python.md"
FOUND = re.findall(
    r"^#+ ([^\n]+)$|^```python\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
)


def _blocks() -> list[tuple[str, str]]:
    """Returns the blocks, each with the heading that it stands under."""
    heading = ""
    found = []
    for title, block in FOUND:
        heading = title or heading
        if block:
            found.append((heading, block))
    return found


BLOCKS = _blocks()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FOURVENUES_SECRET", SECRET)
    monkeypatch.setenv("TWILIO_TOKEN", "a token")
    yield
    for metric in [name for name in vars(REGISTRY)["_names_to_collectors"] if name.startswith("webhook_")]:
        collector = vars(REGISTRY)["_names_to_collectors"].get(metric)
        if collector is not None:
            REGISTRY.unregister(collector)


def run(heading: str, number: int = 0) -> dict[str, Any]:
    """Runs one block and returns what it defines."""
    block = [text for title, text in BLOCKS if title == heading][number]
    namespace: dict[str, Any] = {"__name__": "guide"}
    exec(compile(block, str(GUIDE), "exec", dont_inherit=True), namespace)
    return namespace


@pytest.mark.parametrize(("heading", "block"), BLOCKS, ids=[title for title, _ in BLOCKS])
def test_a_block_runs(heading: str, block: str) -> None:
    assert run(heading, [text for title, text in BLOCKS if title == heading].index(block))


@contextmanager
def _served(heading: str) -> Iterator[Callable[..., Any]]:
    made = run(heading)
    if heading == "AWS Lambda":
        yield lambda_sender({"hooks": made["handler"]}, "2.0")
        return
    server: Any = {"Flask": werkzeug_server, "WSGI": wsgiref_server}.get(heading, uvicorn_server)
    with server(made["app"]) as port:
        yield sender(port)


@pytest.mark.parametrize(
    "heading",
    ["FastAPI", "Starlette", "Flask", "ASGI", "WSGI", "AWS Lambda", "Prometheus", "OpenTelemetry"],
)
def test_what_a_block_defines_receives(heading: str, capsys: pytest.CaptureFixture[str]) -> None:
    body, headers = delivery("guide")
    with _served(heading) as send:
        assert send("hooks", body, headers).status == 200
        assert send("hooks", body + b" ", headers).status == 403
    assert capsys.readouterr().out == "payment.success guide\n"
    if heading == "Prometheus":
        labels = {"provider": "fourvenues", "code": "no_matching_signature"}
        assert REGISTRY.get_sample_value("webhook_rejected_total", labels) == 1


def test_the_decorated_endpoint_of_fastapi_receives(capsys: pytest.CaptureFixture[str]) -> None:
    body, headers = delivery("guide")
    with _served("FastAPI") as send:
        assert send("decorated", body, headers).status == 200
    assert capsys.readouterr().out == "payment.success guide\n"


@pytest.mark.parametrize("heading", ["Django", "Django REST framework"])
def test_the_views_receive(heading: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = run(heading)
    body, headers = delivery("guide")
    request = RequestFactory().generic("POST", "/hooks", body, headers=headers)
    assert made["tickets"](request).status_code == 200
    assert callable(made["Tickets"].as_view())
    assert capsys.readouterr().out == "payment.success guide\n"


def test_the_settings_of_the_guide_pass_the_checks() -> None:
    with override_settings(HOOKPROOF=run("Django", 1)["HOOKPROOF"]):
        assert check_setting() == []


@pytest.mark.parametrize("number", [0, 1])
def test_each_customer_has_a_secret(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    made = run("Many customers", number)
    signed = Signer("fourvenues", secret="secret of acme").sign(json.dumps({"id": "1", "event": "e"}))
    with uvicorn_server(made["app"]) as port:
        statuses = [
            sender(port)(f"hooks/{customer}", signed.body, signed.headers).status
            for customer in ("acme", "bolt", "carl")
        ]
    assert statuses == [200, 403, 403]
    assert capsys.readouterr().out == "/hooks/acme e 1\n"


def test_any_other_framework_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    respond = run("Any other framework")["respond"]
    assert respond(*delivery("guide"), "POST") == (200, {}, b"")
    assert capsys.readouterr().out == "payment.success guide\n"
