"""What counts as a header of a WSGI environ, which Django keeps as `request.META`."""

import hashlib
import hmac
import io
from collections.abc import Callable
from typing import Any

import pytest
from authentic import BODY, HEADERS, SECRET
from django.core.handlers.wsgi import WSGIRequest

import hookproof.django
import hookproof.wsgi
from hookproof import Provider, RequestHead, VerificationError, Verifier
from hookproof._native import EnvironHeaders

# Only a header with an underscore in its name makes these: that of `Content-Type` has no prefix.
FORGED = {"HTTP_CONTENT_TYPE": "text/forged", "HTTP_CONTENT_LENGTH": "7"}

Receive = Callable[[Callable[[RequestHead], str], dict[str, Any]], object]


def in_django(choose: Callable[[RequestHead], str], environ: dict[str, Any]) -> object:
    @hookproof.django.webhook("fourvenues", secret=choose)
    def view(_request: object, _event: object) -> None: ...

    return view(WSGIRequest(environ)).status_code


def in_wsgi(choose: Callable[[RequestHead], str], environ: dict[str, Any]) -> object:
    @hookproof.wsgi.webhook("fourvenues", secret=choose)
    def application(_environ: object, _event: object) -> None: ...

    statuses: list[str] = []
    application(environ, lambda status, _headers: statuses.append(status))
    return int(statuses[0].split(" ")[0])


@pytest.fixture(params=[in_django, in_wsgi], ids=["django", "wsgi"])
def receive(request: pytest.FixtureRequest) -> Receive:
    function: Receive = request.param
    return function


def seen(receive: Receive, **environ: str) -> dict[str, str]:
    """Receives the authentic request with more in its environ, and returns the headers that were seen."""
    heads: list[RequestHead] = []

    def choose(head: RequestHead) -> str:
        heads.append(head)
        return SECRET

    signed = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in HEADERS.items()}
    signed.pop("HTTP_CONTENT_TYPE", None)
    fixed = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(BODY)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(BODY),
    }
    assert receive(choose, {**fixed, **signed, **environ}) == 200
    return dict(heads[0].headers)


def test_type_and_length_are_those_that_the_server_read(receive: Receive) -> None:
    headers = seen(receive, CONTENT_TYPE="application/json", **FORGED)
    assert (headers["content-type"], headers["content-length"]) == ("application/json", str(len(BODY)))


def test_a_header_with_an_underscore_does_not_stand_for_a_type_that_is_absent(receive: Receive) -> None:
    assert seen(receive, **FORGED).get("content-type", "") == ""


@pytest.mark.parametrize("kind", ["text/plain", "text/forged"])
def test_a_signature_over_the_type_is_one_over_what_the_server_read(kind: str) -> None:
    form = {
        "name": "typed",
        "scheme": {
            "signature": {
                "from": {"header": "Signature"},
                "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
                "content": "{header:Content-Type}{body}",
            }
        },
        "event": {},
    }
    verifier = Verifier(Provider.from_dict(form), secret=SECRET)
    signature = hmac.new(SECRET.encode(), kind.encode() + BODY, hashlib.sha256).hexdigest()
    headers = EnvironHeaders({"CONTENT_TYPE": "text/plain", "HTTP_SIGNATURE": signature, **FORGED})
    if kind == "text/plain":
        assert verifier.verify(BODY, headers).body == BODY
    else:
        with pytest.raises(VerificationError, match="signature"):
            verifier.verify(BODY, headers)
