"""The providers that sign as Standard Webhooks does: id, timestamp and body, joined by full stops."""

from typing import Any

from generator.case import Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.frame import Also, Entry, Request, Time, base64_secret

_ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"


def _standard(provider: str, *, family: str = "webhook", **more: Any) -> Entry:
    """Makes a row of headers `family-id`, `family-timestamp` and `family-signature`."""
    usual: dict[str, Any] = {
        "header": f"{family}-signature",
        "encoding": "base64",
        "prefix": "v1,",
        "separator": " ",
        "content": "{id}.{time}.{body}",
        "time": Time(f"{family}-timestamp"),
        "id": _ID,
        "id_header": f"{family}-id",
        "base64_prefix": "whsec_",
        "secret": base64_secret(f"hookproof test secret of {provider}"),
        "other_secret": base64_secret(f"hookproof previous test secret of {provider}"),
        "covers": "body id timestamp type",
        "extra": _full_stop,
    }
    return Entry(provider=provider, **(usual | more))


def _full_stop(entry: Entry) -> list[Case]:
    request = entry.request(entry.sent(id=f"{_ID}.1"))
    comment = "A full stop in the id would let bytes move between the signed parts."
    return [made(entry, "id-with-full-stop", comment, "content_confusion", "malformed_header", request)]


def _svix(entry: Entry) -> list[Case]:
    """Svix sends its own headers, or those of Standard Webhooks."""
    request = entry.request()
    unbranded = [[name.replace("svix-", "webhook-"), value] for name, value in request.headers]
    plain = Request(unbranded, request.body)
    both = Request(
        [*request.headers, *(line for line in unbranded if line not in request.headers)], request.body
    )
    return [
        *_full_stop(entry),
        made(
            entry,
            "unbranded-headers",
            "The headers of Standard Webhooks stand for Svix's own.",
            "baseline",
            entry.usual(),
            plain,
        ),
        made(entry, "both-families", "Both families say the same.", "baseline", entry.usual(), both),
        made(
            entry,
            "unbranded-without-id",
            "The id is in neither family of headers.",
            "missing_header",
            "missing_header",
            other_headers(plain, {"webhook-id": None}),
        ),
    ]


def _openai(entry: Entry) -> list[Case]:
    text = "webhook-secret-that-is-text"
    as_text = Entry(**{**vars(entry), "base64_prefix": None, "secret": text, "extra": None})
    both = [text, entry.secret]
    return [
        *_full_stop(entry),
        made(
            entry,
            "text-secret",
            "A secret without whsec_ is the key as it is.",
            "secret_form",
            entry.usual(),
            as_text.request(),
            secret=[text],
        ),
        made(
            entry,
            "text-secret-like-base64",
            "A secret without whsec_ is the key as it is, even where it looks like base64.",
            "secret_form",
            "no_matching_signature",
            secret=[entry.secret.removeprefix("whsec_")],
        ),
        made(
            entry,
            "secrets-of-both-forms",
            "A secret in text and one in base64 are configured together.",
            ["secret_form", "rotation"],
            entry.usual(key_index=1),
            secret=both,
        ),
        made(
            entry,
            "bare-beside-unknown",
            "The prefix of the right signature is left out, and another one is of a version not known.",
            "multiple_signatures",
            entry.usual(),
            entry.placed(entry.sent(), [f"v2,{entry.text()}", entry.text()]),
        ),
    ]


def _supabase(entry: Entry) -> list[Case]:
    shown = f"v1,{entry.secret}"
    return [
        *_full_stop(entry),
        made(
            entry,
            "secret-as-shown",
            "The dashboard shows the secret behind v1,whsec_.",
            "secret_form",
            entry.usual(),
            secret=[shown],
        ),
        made(
            entry,
            "secret-as-shown-second",
            "Secrets with and without v1, can be configured together.",
            ["secret_form", "rotation"],
            entry.usual(key_index=1),
            secret=[entry.other_secret, shown],
        ),
        made(
            entry,
            "secret-as-shown-not-base64",
            "What follows the prefix has to be base64.",
            "secret_form",
            "invalid_secret",
            secret=["v1,whsec_not base64!"],
        ),
    ]


def _gitlab(entry: Entry) -> list[Case]:
    chain = {"X-Gitlab-Event-UUID": "13792a34-cac6-4fda-95a8-c58e00a3954e"}
    attributes = {**entry.usual()["attributes"], "chain": chain["X-Gitlab-Event-UUID"]}
    return [
        *_full_stop(entry),
        made(
            entry,
            "part-of-a-chain",
            "The id of a chain of webhooks is shared by all of them, so it is not the event's id.",
            "attributes",
            entry.usual(attributes=attributes),
            other_headers(entry.request(), chain),
        ),
    ]


ENTRIES = [
    _standard(
        "svix",
        family="svix",
        body=b'{"type":"invoice.paid","data":{"id":"inv_1","total":80}}',
        type="invoice.paid",
        bodies="json",
        extra=_svix,
        also=(
            Also(
                "another-payload",
                "The application chooses its payload: one without a type is an event without one.",
                "open_set",
                b'{"event_type":"ping","data":{"success":true}}',
                {"id": _ID, "type": None, "covers": ["body", "id", "timestamp", "type"]},
            ),
        ),
    ),
    _standard(
        "clerk",
        family="svix",
        body=(
            b'{"data":{"id":"user_29w83sxmDNGwOuEthce5gg56FcC"},"instance_id":"ins_123","object":"event",'
            b'"timestamp":1654012591835,"type":"user.created"}'
        ),
        type="user.created",
        data="data",
        attributes={"instance": "ins_123"},
        extra=_svix,
    ),
    _standard(
        "resend",
        family="svix",
        body=(
            b'{"type":"email.sent","created_at":"2026-09-21T14:13:19.724Z",'
            b'"data":{"email_id":"56761188-7520-42d8-8898-ff6fc54ce618"}}'
        ),
        type="email.sent",
        data="data",
        occurred="2026-09-21T14:13:19.724Z",
        extra=_svix,
    ),
    _standard(
        "replicate",
        body=b'{"id":"ufawqhfynnddngldkgtslldrkq","status":"succeeded","output":["hello"]}',
        covers="body id timestamp",
        attributes={"prediction": "ufawqhfynnddngldkgtslldrkq", "status": "succeeded"},
    ),
    _standard(
        "lithic",
        body=b'{"event_type":"card.created","card_token":"00000000-0000-0000-0000-000000000000"}',
        type="card.created",
    ),
    _standard(
        "openai",
        body=(
            b'{"id":"evt_685c059ae39c8190af8c71ed1022a24d","object":"event","created_at":1790000000,'
            b'"type":"response.completed","data":{"id":"resp_123"}}'
        ),
        type="response.completed",
        data="data",
        attributes={"event": "evt_685c059ae39c8190af8c71ed1022a24d"},
        prefix_optional=True,
        # Without whsec_ a secret is text, whatever it looks like.
        skip=frozenset({"secret-without-prefix", "secret-public-key"}),
        extra=_openai,
    ),
    _standard(
        "polar",
        body=b'{"type":"order.paid","timestamp":"2026-09-21T14:13:19Z","data":{"id":"ord_1"}}',
        type="order.paid",
        data="data",
        occurred="2026-09-21T14:13:19Z",
        base64_prefix=None,
        secret="polar_whs_hookproof-test-secret",
        other_secret="polar_whs_hookproof-previous-test-secret",
    ),
    _standard(
        "finch",
        family="finch",
        id_header="finch-event-id",
        body=(
            b'{"connection_id":"a4a1c3b0-7b1b-4f3a-9d0e-1d1d8b8e9f10","entity_id":"e1","event_type":"job.completed",'
            b'"data":{"job_id":"j1"}}'
        ),
        type="job.completed",
        data="data",
        attributes={"connection": "a4a1c3b0-7b1b-4f3a-9d0e-1d1d8b8e9f10", "entity": "e1"},
        base64_prefix="",
        secret=base64_secret("hookproof test secret of finch", ""),
        other_secret=base64_secret("hookproof previous test secret of finch", ""),
    ),
    _standard(
        "supabase",
        body=b'{"user":{"id":"8484b834-f29e-4af2-bf42-80644d154f76"},"email_data":{"token":"305805"}}',
        covers="body id timestamp",
        extra=_supabase,
    ),
    _standard(
        "browserbase", body=b'{"type":"session.completed","data":{"id":"s1"}}', type="session.completed"
    ),
    _standard(
        "gitlab",
        body=b'{"object_kind":"push","event_name":"push","ref":"refs/heads/main"}',
        covers="body id timestamp",
        bodies="json",
        type="Push Hook",
        type_header="X-Gitlab-Event",
        header_attributes={
            "instance": ("X-Gitlab-Instance", "https://gitlab.example.com"),
            "webhook": ("X-Gitlab-Webhook-UUID", "6a5e2d4c-1b1e-4ad0-9d3d-6f5a0d4f7c11"),
        },
        extra=_gitlab,
    ),
]
