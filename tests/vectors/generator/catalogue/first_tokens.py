"""The providers that send a token and sign nothing."""

from generator.case import Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.frame import Entry, Request, digest_of


def _cloudevents_id(request: Request) -> str:
    headers = dict((name.lower(), value) for name, value in request.headers)
    if "ce-id" in headers:
        return digest_of(headers["ce-source"], headers["ce-id"], request.body)
    return digest_of("", request.body)


def _cloudevents(entry: Entry) -> list[Case]:
    structured = (
        b'{"specversion":"1.0","id":"A234-1234","source":"/mycontext","type":"com.example.someevent"}'
    )
    none = {"ce-type": None, "ce-id": None, "ce-source": None, "ce-time": None}
    return [
        made(
            entry,
            "structured",
            "In structured mode the body has what otherwise stands in headers.",
            "attributes",
            {"id": None, "type": "com.example.someevent", "covers": [], "attributes": {}},
            other_headers(entry.request(entry.sent(structured)), none),
        )
    ]


ENTRIES = [
    Entry(
        provider="gitlab-token",
        header="X-Gitlab-Token",
        algorithm="token",
        algorithm_name="token",
        encoding="token",
        sign=lambda secret, _: secret.encode(),
        body=b'{"object_kind":"push","ref":"refs/heads/main"}',
        covers="",
        bodies="json",
        id="f5e5f430-f57b-4e6e-9fac-d9128cd7232f",
        id_header="Idempotency-Key",
        type="Push Hook",
        type_header="X-Gitlab-Event",
        header_attributes={"instance": ("X-Gitlab-Instance", "https://gitlab.example.com")},
    ),
    Entry(
        provider="buildkite-token",
        header="X-Buildkite-Token",
        algorithm="token",
        algorithm_name="token",
        encoding="token",
        sign=lambda secret, _: secret.encode(),
        body=b'{"event":"build.finished","build":{"id":"f62a1b4d-10f9-4790-bc1c-e2c3a0c80983"}}',
        covers="",
        type="build.finished",
        attributes={"build": "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983"},
    ),
    Entry(
        provider="cloudevents",
        header="Authorization",
        prefix="Bearer ",
        # What stands before the last Bearer is not compared.
        skip=frozenset({"prefix-unknown", "prefix-twice"}),
        algorithm="token",
        algorithm_name="token",
        encoding="token",
        sign=lambda secret, _: secret.encode(),
        bodies="any",
        body=b'{"appinfoA":"abc"}',
        covers="",
        identify=_cloudevents_id,
        type="com.example.someevent",
        type_header="ce-type",
        occurred="2026-09-21T14:13:19Z",
        header_attributes={"id": ("ce-id", "A234-1234"), "source": ("ce-source", "/mycontext")},
        other_headers={"Content-Type": "application/json", "ce-time": "2026-09-21T14:13:19Z"},
        # What stands before the token is more than a signer knows.
        signs=False,
        extra=_cloudevents,
    ),
    Entry(
        provider="telegram",
        header="X-Telegram-Bot-Api-Secret-Token",
        algorithm="token",
        algorithm_name="token",
        encoding="token",
        sign=lambda secret, _: secret.encode(),
        secret="hookproof_Test-Token_1",
        body=b'{"update_id":10000,"message":{"message_id":1365,"text":"/start"}}',
        covers="",
        id="10000",
    ),
]
