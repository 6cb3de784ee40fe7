"""`hookproof send` against Django: all four systems, accepted, tampered with and stale."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.http import HttpRequest
from django.test import override_settings
from django.urls import path

from hookproof import Event, HookproofError
from hookproof.django import webhook

WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOKEN = {"issuer": "https://securetoken.google.com/acme", "audience": "acme"}

handled: list[str | None] = []
rejected: list[str] = []
# The routes of the test that runs.
urlpatterns: list[Any] = []


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002, the name that it overrides
        """Keeps the output of the tests clean."""


@pytest.fixture
def url() -> Iterator[str]:
    with override_settings(ROOT_URLCONF=__name__):
        server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
        server.set_app(WSGIHandler())
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hooks"
        server.shutdown()
        thread.join()
        server.server_close()


def hookproof(*arguments: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "hookproof", *arguments], stdout=subprocess.DEVNULL, check=False
    ).returncode


def _view(provider: str, options: Any) -> Any:
    def note(error: HookproofError) -> None:
        rejected.append(error.code)

    @webhook(provider, on_reject=note, **options)
    def view(_request: HttpRequest, event: Event) -> None:
        handled.append(event.type)

    return view


@pytest.mark.parametrize(
    ("provider", "secret", "exits", "reasons"),
    [
        ("fourvenues", "s3cr3t", [0, 1, 0], ["no_matching_signature"]),
        ("eventsair", WHSEC, [0, 1, 1], ["no_matching_signature", "timestamp_too_old"]),
        # It is answered 200 whatever is wrong, as its guide asks.
        ("fast-events", "s3cr3t", [0, 0, 0], ["no_matching_signature"]),
        ("pitchpoint", None, [0, 1, 1], ["no_matching_signature", "token_expired"]),
    ],
)
def test_all_four_systems_are_received(
    provider: str, secret: str | None, exits: list[int], reasons: list[str], url: str, tmp_path: Path
) -> None:
    handled.clear()
    rejected.clear()
    assert hookproof("keys", str(tmp_path)) == 0
    if secret is not None:
        keys, options = ["-s", secret], {"secret": secret}
    else:
        keys = [word for name, value in TOKEN.items() for word in (f"--{name}", value)]
        keys += ["--claim", "sub=robot", "--key-id", "test", "--private-key", str(tmp_path / "private.pem")]
        options = {**TOKEN, "jwks": json.loads((tmp_path / "jwks.json").read_text(encoding="utf-8"))}
    urlpatterns[:] = [path("hooks", _view(provider, options))]
    send = ("send", url, "-p", provider, *keys)
    assert [hookproof(*send, *fault) for fault in ([], ["--tamper"], ["--stale"])] == exits
    assert rejected == reasons
    assert len(handled) == 3 - len(reasons)
