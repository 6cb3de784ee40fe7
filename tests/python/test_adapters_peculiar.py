"""What is peculiar to FastAPI, Starlette and AWS Lambda."""

from __future__ import annotations

import base64
import json
from typing import Any

import adapter_servers
import pytest
from authentic import SECRET, delivery
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse

import hookproof.aws_lambda
from hookproof import Event
from hookproof.fastapi import Webhook, webhook

ODD = 418


class OddError(Exception):
    """An error that the application answers by itself."""


def _numbers() -> int:
    return 7


@pytest.mark.parametrize("path", ["injected", "handled"])
def test_what_a_dependency_sees_frees_the_delivery(path: str) -> None:
    """The claim ends with the endpoint, and the application's own handler of errors answers."""
    app = FastAPI()
    plans = [True]
    hook = Webhook("fourvenues", secret=SECRET, on_error=lambda *_: None)
    handled: list[Event] = []
    depends = Depends(hook)

    @app.exception_handler(OddError)
    async def odd(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({}, ODD)

    @app.post("/injected")
    async def injected(response: Response, event: Event = depends) -> None:
        handled.append(event)
        response.status_code = ODD if plans and plans.pop() else 200

    @app.post("/handled")
    def raising(event: Event = depends) -> None:
        handled.append(event)
        if plans and plans.pop():
            raise OddError

    body, headers = delivery(path)
    with adapter_servers.uvicorn_server(app) as port:
        send = adapter_servers.sender(port)
        assert [send(path, body, headers).status for _ in range(2)] == [ODD, 200]
    assert len(handled) == 2


def test_a_decorated_endpoint_has_the_dependencies_of_fastapi() -> None:
    app = FastAPI()

    @app.post("/hooks/{tenant}", status_code=202)
    @webhook("fourvenues", secret=SECRET)
    async def endpoint(
        tenant: str, event: Event, req: Request, number: int = Depends(_numbers)
    ) -> dict[str, Any]:
        assert await req.body() == event.body
        return {"tenant": tenant, "id": event.id, "number": number}

    body, headers = delivery("decorated")
    with adapter_servers.uvicorn_server(app) as port:
        send = adapter_servers.sender(port)
        answer = send("hooks/acme", body, headers)
        assert (answer.status, json.loads(answer.body)) == (
            202,
            {"tenant": "acme", "id": "decorated", "number": 7},
        )
        schema = json.loads(send("openapi.json", method="GET").body)
    parameters = schema["paths"]["/hooks/{tenant}"]["post"]["parameters"]
    assert [parameter["name"] for parameter in parameters] == ["tenant"]


def test_an_endpoint_without_an_event_is_told() -> None:
    with pytest.raises(TypeError, match="event"):

        @webhook("fourvenues", secret=SECRET)
        async def endpoint(request: Request) -> None:
            """Has forgotten what it is for."""


def _event(body: Any, **more: Any) -> dict[str, Any]:
    return {"httpMethod": "POST", "path": "/", "headers": {}, "body": body, **more}


def _handler(**options: Any) -> Any:
    return hookproof.aws_lambda.webhook("fourvenues", secret=SECRET, **options)(lambda _event, _context: None)


def test_a_second_signature_among_the_values_of_a_header_is_seen() -> None:
    body, headers = delivery("lambda")
    lists = {name: [value] for name, value in headers.items()}
    lists["X-Webhook-Signature"].insert(0, "00" * 32)
    sent = _event(body.decode(), headers=headers, multiValueHeaders=lists)
    assert _handler()(sent, None)["statusCode"] == 403
    assert _handler()({**sent, "multiValueHeaders": None}, None)["statusCode"] == 200


@pytest.mark.parametrize(
    ("text", "status"), [("not base64!", 400), (base64.b64encode(b"x" * 200).decode(), 413)]
)
def test_a_body_in_base64_is_checked(text: str, status: int) -> None:
    assert _handler(max_body=100)(_event(text, isBase64Encoded=True), None)["statusCode"] == status


@pytest.mark.parametrize(
    ("sent", "url"),
    [
        (
            {"rawPath": "/a%20b", "rawQueryString": "c=d%26", "requestContext": {"domainName": "x.example"}},
            "https://x.example/a%20b?c=d%26",
        ),
        (
            {
                "multiValueQueryStringParameters": {"c": ["d&", "e"]},
                "requestContext": {"domainName": "x.example", "path": "/prod/a"},
            },
            "https://x.example/prod/a?c=d%26&c=e",
        ),
        (
            {
                "multiValueHeaders": {"host": ["x.example"]},
                "multiValueQueryStringParameters": {"c": ["d%26"]},
                "requestContext": {"elb": {}},
                "path": "/a",
            },
            "https://x.example/a?c=d%26",
        ),
    ],
)
def test_the_url_is_put_together_again(sent: dict[str, Any], url: str) -> None:
    heads: list[Any] = []
    handler = hookproof.aws_lambda.webhook("fourvenues", secret=heads.append)(lambda _event, _context: None)
    handler(_event("{}", **sent), None)
    assert [head.url for head in heads] == [url]


def test_a_load_balancer_with_lists_of_values_gets_lists() -> None:
    sent = _event("{}", multiValueHeaders={}, requestContext={"elb": {}})
    answer = hookproof.aws_lambda.webhook("fourvenues", secret=SECRET)(lambda *_: None)(
        {**sent, "httpMethod": "GET"}, None
    )
    assert (answer["statusCode"], answer["multiValueHeaders"]) == (405, {"Allow": ["POST"]})
