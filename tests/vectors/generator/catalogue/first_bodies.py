"""The providers that sign nothing but the body."""

from typing import Any

from generator.case import Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.frame import Also, Entry


def _github(entry: Entry) -> list[Case]:
    text = entry.text(entry.sent(b'{"yo":true}'), "0123456789abcdef")
    if text != "126f2c800419c60137ce748d7672e77b65cf16d6":
        raise SystemExit(f"github-sha1: computed {text}")
    usual = entry.request()
    return [
        made(
            entry,
            "sha256-header-only",
            "The header of the other scheme says nothing here.",
            "missing_header",
            "missing_header",
            other_headers(usual, {"X-Hub-Signature": None, "X-Hub-Signature-256": f"sha256={'00' * 32}"}),
        )
    ]


def _atlassian(entry: Entry) -> list[Case]:
    text = entry.text(entry.sent(b"Hello World!"), "It's a Secret to Everybody")
    if text != "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9":
        raise SystemExit(f"atlassian: computed {text}")
    jira = b'{"timestamp":1790000000000,"webhookEvent":"jira:issue_created","issue":{"id":"99291"}}'
    identifier = {"X-Event-Key": None, "X-Request-UUID": None, "X-Atlassian-Webhook-Identifier": "8c3d2a6e"}
    return [
        made(
            entry,
            "jira",
            "Jira names the event in the body and the delivery in a header of its own.",
            "attributes",
            {"id": "8c3d2a6e", "type": "jira:issue_created", "covers": ["body"]},
            other_headers(entry.request(entry.sent(jira)), identifier),
        )
    ]


def _mollie(entry: Entry) -> list[Case]:
    sent = entry.sent()
    good, other = entry.text(sent), entry.text(sent, entry.other_secret)
    return [
        made(
            entry,
            "prefixed-beside-bare",
            "Of two header lines one has the prefix and the other, which is right, has not.",
            "multiple_signatures",
            entry.usual(),
            entry.placed(sent, [f"sha256={other}", good]),
        )
    ]


def _docusign(entry: Entry) -> list[Case]:
    sent = entry.sent()
    texts = [entry.text(sent, f"connect-key-{number}") for number in range(10)]
    return [
        made(
            entry,
            "tenth-of-ten-keys",
            "Ten keys are active, and the receiver knows the tenth.",
            ["multiple_signatures", "rotation"],
            entry.usual(),
            entry.request(sent, texts),
            secret=["connect-key-9"],
        )
    ]


def _body(provider: str, header: str, **more: Any) -> Entry:
    return Entry(provider=provider, header=header, **more)


ENTRIES = [
    _body(
        "atlassian",
        "X-Hub-Signature",
        prefix="sha256=",
        body=b'{"push":{"changes":[]},"repository":{"full_name":"team/repo"}}',
        covers="body",
        id="3a1c5a49-1f3d-4e0b-8f3e-2f7a0b0f6d55",
        id_header="X-Request-UUID",
        type="repo:push",
        type_header="X-Event-Key",
        header_attributes={"hook": ("X-Hook-UUID", "ad8a1d5c-5c0e-4ac1-9d0a-6c6a1f5d3f11")},
        extra=_atlassian,
        # Of the two headers of an id a signer writes Jira's.
        signer_id_header="X-Atlassian-Webhook-Identifier",
    ),
    _body(
        "meta",
        "X-Hub-Signature-256",
        prefix="sha256=",
        body=b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{}}]}]}',
        covers="body type",
        type="whatsapp_business_account",
        also=(
            Also(
                "escaped-body",
                "Meta escapes what is not ASCII, in lower-case digits, and signs what it sends.",
                "body_bytes",
                b'{"object":"page","entry":[{"id":"1","messaging":[{"text":"\\u00e9\\ud83d\\ude00"}]}]}',
                {"id": None, "type": "page", "covers": ["body", "type"]},
            ),
        ),
    ),
    _body(
        "intercom",
        "X-Hub-Signature",
        algorithm="sha1",
        prefix="sha1=",
        body=(
            b'{"type":"notification_event","app_id":"a86dr8yl","id":"notif_ccd8a4d0","topic":"user.created",'
            b'"data":{"item":{"id":"556ca9b6986ff04eff000007"}}}'
        ),
        covers="body id type",
        id="notif_ccd8a4d0",
        type="user.created",
        data="data",
        attributes={"app": "a86dr8yl"},
        also=(
            Also(
                "ping",
                "A saved webhook is announced by a ping, which is no event.",
                "ping",
                b'{"type":"notification_event","id":"notif_1","topic":"ping","data":{"item":{}}}',
                {"id": "notif_1", "type": "ping", "is_ping": True, "covers": ["body", "id", "type"]},
            ),
        ),
    ),
    _body(
        "vercel",
        "X-Vercel-Signature",
        algorithm="sha1",
        body=b'{"id":"uev_1","type":"deployment.created","createdAt":1790000000000,"payload":{"user":{"id":"u"}}}',
        covers="body id type",
        id="uev_1",
        type="deployment.created",
        data="payload",
    ),
    _body(
        "notion",
        "X-Notion-Signature",
        prefix="sha256=",
        body=(
            b'{"id":"367cba44-b6f3-4c92-81e7-6a2e9659efd4","timestamp":"2026-09-21T14:13:19.094Z",'
            b'"workspace_id":"13950b26","subscription_id":"29d75c0d","type":"page.created","attempt_number":1}'
        ),
        covers="body id type",
        id="367cba44-b6f3-4c92-81e7-6a2e9659efd4",
        type="page.created",
        occurred="2026-09-21T14:13:19.094Z",
        attributes={"workspace": "13950b26", "subscription": "29d75c0d"},
        secret="secret_hookproofTestVerificationToken",
    ),
    _body(
        "mollie",
        "X-Mollie-Signature",
        prefix="sha256=",
        prefix_optional=True,
        repeats=True,
        body=(
            b'{"resource":"event","id":"event_GvJ8WHrp5isUdRub9CJyH","type":"payment-link.paid",'
            b'"entityId":"pl_qng5gbbv8NAZ5gpM5ZYgx","createdAt":"2026-09-21T14:13:19.0Z"}'
        ),
        covers="body id type",
        id="event_GvJ8WHrp5isUdRub9CJyH",
        type="payment-link.paid",
        occurred="2026-09-21T14:13:19.0Z",
        attributes={"entity": "pl_qng5gbbv8NAZ5gpM5ZYgx"},
        extra=_mollie,
    ),
    _body(
        "typeform",
        "Typeform-Signature",
        encoding="base64",
        prefix="sha256=",
        body=(
            b'{"event_id":"LtWXD3crgy","event_type":"form_response",'
            b'"form_response":{"form_id":"lT4Z3j","submitted_at":"2026-09-21T14:13:19Z"}}'
        ),
        covers="body id type",
        id="LtWXD3crgy",
        type="form_response",
        data="form_response",
        occurred="2026-09-21T14:13:19Z",
        attributes={"form": "lT4Z3j"},
    ),
    _body(
        "x",
        "X-Twitter-Webhooks-Signature",
        encoding="base64",
        prefix="sha256=",
        body=b'{"for_user_id":"2244994945","tweet_create_events":[{"id_str":"1"}]}',
        covers="body",
        attributes={"user": "2244994945"},
    ),
    _body(
        "woocommerce",
        "X-WC-Webhook-Signature",
        encoding="base64",
        body=b'{"id":727,"status":"processing","total":"29.35"}',
        covers="body",
        bodies="json",
        id="f08b1c6a9d",
        id_header="X-WC-Webhook-Delivery-ID",
        type="order.created",
        type_header="X-WC-Webhook-Topic",
        header_attributes={
            "source": ("X-WC-Webhook-Source", "https://shop.example.com/"),
            "resource": ("X-WC-Webhook-Resource", "order"),
            "event": ("X-WC-Webhook-Event", "created"),
            "webhook": ("X-WC-Webhook-ID", "142"),
        },
        # HTML escapes the secret never sees: the text is the key.
        secret="hookproof & <test> secret",
    ),
    _body(
        "line",
        "X-Line-Signature",
        encoding="base64",
        body=(
            '{"destination":"xxxxxxxxxx","events":[{"type":"message","webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR",'
            '"deliveryContext":{"isRedelivery":false},"message":{"text":"hello \U0001f600"}}]}'
        ).encode(),
        covers="body id",
        id="01FZ74A0TDDPYRVKNK77XKC3ZR",
        attributes={"destination": "xxxxxxxxxx"},
        also=(
            Also(
                "no-events",
                "The console's test holds no event.",
                "absent_member",
                b'{"destination":"xxxxxxxxxx","events":[]}',
                {
                    "id": None,
                    "type": None,
                    "covers": ["body", "id"],
                    "attributes": {"destination": "xxxxxxxxxx"},
                },
            ),
        ),
    ),
    _body(
        "xero",
        "X-Xero-Signature",
        encoding="base64",
        body=(
            b'{"events":[{"resourceId":"717f2bfc-c6d4-41fd-b238-3f2f0c0cf777","eventCategory":"INVOICE",'
            b'"eventType":"UPDATE"}],"lastEventSequence":1,"firstEventSequence":1,"entropy":"S0m3r4Nd0mt3xt"}'
        ),
        covers="body",
        attributes={"sequence": "1"},
        also=(
            Also(
                "intent-to-receive",
                "The request that checks the receiver holds no event.",
                "absent_member",
                b'{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"BSOZZCIKNVMRPZMTCUIN"}',
                {"id": None, "type": None, "covers": ["body"], "attributes": {"sequence": "0"}},
            ),
        ),
    ),
    _body(
        "quickbooks",
        "Intuit-Signature",
        encoding="base64",
        body=b'{"eventNotifications":[{"realmId":"1185883450","dataChangeEvent":{"entities":[]}}]}',
        covers="body",
        bodies="json",
    ),
    Entry(
        provider="docusign",
        header=tuple(f"X-DocuSign-Signature-{number}" for number in range(1, 11)),
        encoding="base64",
        body=(
            b'{"event":"envelope-completed","apiVersion":"v2.1","retryCount":0,'
            b'"generatedDateTime":"2026-09-21T14:13:19.5Z","data":{"accountId":"a1","envelopeId":"e1"}}'
        ),
        covers="body type",
        bodies="any",
        type="envelope-completed",
        data="data",
        occurred="2026-09-21T14:13:19.5Z",
        attributes={"envelope": "e1", "account": "a1"},
        also=(
            Also(
                "xml",
                "The older form of the messages is XML, which is passed on as bytes.",
                "body_bytes",
                b'<?xml version="1.0"?><DocuSignEnvelopeInformation/>\r\n',
                {"id": None, "type": None, "covers": ["body", "type"], "data": None},
            ),
        ),
        extra=_docusign,
    ),
    _body(
        "github-sha1",
        "X-Hub-Signature",
        algorithm="sha1",
        prefix="sha1=",
        body=b'{"action":"opened","issue":{"number":7}}',
        covers="body",
        bodies="any",
        id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
        id_header="X-GitHub-Delivery",
        type="issues",
        type_header="X-GitHub-Event",
        attributes={"action": "opened"},
        header_attributes={"hook": ("X-GitHub-Hook-ID", "292430182")},
        also=(
            Also(
                "ping",
                "A new webhook is announced by a ping, which is no event.",
                "ping",
                b'{"zen":"Keep it logically awesome.","hook_id":292430182}',
                {
                    "id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                    "type": "ping",
                    "is_ping": True,
                    "covers": ["body"],
                },
                headers={"X-GitHub-Event": "ping"},
            ),
            Also(
                "form",
                "The raw bytes of a form are signed, not the JSON in it.",
                "body_bytes",
                b"payload=%7B%22action%22%3A%22opened%22%7D",
                {
                    "id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                    "type": "issues",
                    "covers": ["body"],
                    "data": None,
                },
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            ),
        ),
        extra=_github,
    ),
]
