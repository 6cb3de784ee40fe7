"""The files of cases for signers: what a message must become."""

import base64
from typing import Any

from generator import keys
from generator.bearer import KID, jwk, jwks
from generator.case import NOW, Event
from generator.output import Document, Json
from generator.providers import jwt_bearer, pitchpoint
from generator.providers import github as github_cases
from generator.providers import shopify as shopify_cases
from generator.providers import slack as slack_cases
from generator.providers import standard_webhooks as standard_cases
from generator.senders import FastEvents, Fourvenues, GitHub, Sender, Shopify
from generator.timed_senders import EventsAir, Slack, StandardWebhooks, Stripe

Case = dict[str, Json]


def documents() -> list[Document]:
    return [
        _document("eventsair", _list_cases(EventsAir())),
        _document("fast-events", _fast_events()),
        _document("fourvenues", _plain_cases(Fourvenues())),
        _document("github", _github()),
        _document("jwt-bearer", _jwt_bearer()),
        _document("pitchpoint", _pitchpoint()),
        _document("shopify", _shopify()),
        _document("slack", _slack()),
        _document("standard-webhooks", [*_list_cases(StandardWebhooks()), *_standard_webhooks()]),
        _document("stripe", _stripe()),
    ]


def _document(provider: str, cases: list[Case]) -> Document:
    return Document(f"sign/{provider}.json", {"kind": "sign", "cases": cases})


def _case(provider: str, name: str, comment: str, secret: str | list[str], body: bytes, headers: dict[str, str],
          *, options: dict[str, Json] | None = None, verify: dict[str, Json] | None = None, **message: Any) -> Case:
    encoded = base64.b64encode(body).decode()
    case: Case = {
        "id": f"sign-{provider}-{name}",
        "comment": comment,
        "provider": provider,
        "secret": [secret] if isinstance(secret, str) else secret,
        "options": options or {},
        "message": {"body_base64": encoded, **message},
    }
    if verify is not None:
        # The bytes of a token are the signer's choice, so only what a verifier makes of it is compared.
        case |= {"verify_only": True, "verify": verify}
    case["expect"] = {"headers": headers, "body_base64": encoded}
    return case


# Bodies that a signer must pass on as they are.
_BODIES = {"empty": b"", "not-utf-8": b"\xff\x00\xfe", "white-space": b' { "a" : 1.0 }\r\n', "patterns": b'"$& $$"'}


def _plain_cases(sender: Sender) -> list[Case]:
    """Signs bodies under several secrets; `now` is given, and only some schemes sign it."""
    name = sender.signature_header.lower()
    cases = [
        _case(sender.provider, f"body-{key}", "The body is signed as it is.", sender.secret, body,
              {name: sender.wrap(sender.text(body))}, now=NOW)
        for key, body in {"usual": sender.body, **_BODIES}.items()
    ]
    for key, secret in (("64-bytes", "k" * 64), ("65-bytes", "k" * 65), ("not-ascii", "cl\u00e9 \U0001f511")):
        cases.append(_case(sender.provider, f"secret-{key}", "The text of the secret is the key.", secret, sender.body,
                           {name: sender.wrap(sender.text(secret=secret))}, now=NOW))
    return cases


def _fast_events() -> list[Case]:
    sender = FastEvents()
    attributes = {"source": "https://tickets.example.com/", "resource": "order", "event": "updated",
                  "subscription": "7", "delivery": "0b3e8d4c9a"}
    headers = {name.lower(): value for name, value in sender.headers() if name.lower().startswith("x-fe-")}
    return [
        *_plain_cases(sender),
        _case("fast-events", "published-empty", "The documentation's test webhook.", "asasasasas", b"",
              {"x-fe-webhook-signature": "ilKgiWuuu0YM/W+GmUyzsMahSp46Np07K7+Agsv/RMQ="}, now=NOW),
        _case("fast-events", "headers", "Type and attributes become headers.", sender.secret, sender.body, headers,
              now=NOW, type="order.updated", attributes=attributes),
    ]


def _github() -> list[Case]:
    sender = GitHub()
    secret, body, digits = github_cases.PUBLISHED["documentation"]
    return [
        *_plain_cases(sender),
        _case("github", "published", "The documentation's value.", secret, body,
              {"x-hub-signature-256": f"sha256={digits}"}, now=NOW),
        _case("github", "headers", "Type and id become headers.", sender.secret, sender.body,
              {"x-hub-signature-256": sender.wrap(sender.text()), "x-github-event": "issues",
               "x-github-delivery": sender.delivery}, now=NOW, type="issues", id=sender.delivery),
    ]


def _shopify() -> list[Case]:
    sender = Shopify()
    event = sender.event()
    headers = {name.lower(): value for name, value in sender.headers() if name.lower() != "content-type"}
    return [
        *_plain_cases(sender),
        _case("shopify", "published", "The value of shopify-app-js.", shopify_cases.PUBLISHED_SECRET,
              shopify_cases.PUBLISHED_BODY, {"x-shopify-hmac-sha256": shopify_cases.PUBLISHED_SIGNATURE}, now=NOW),
        _case("shopify", "headers", "Type, id and attributes become headers.", sender.secret, sender.body, headers,
              now=NOW, type=event["type"], id=event["id"], attributes=event["attributes"]),
    ]


def _slack() -> list[Case]:
    cases = []
    for case in _plain_cases(Slack()):
        case["expect"]["headers"]["x-slack-request-timestamp"] = str(NOW)
        cases.append(case)
    cases.append(_case("slack", "published", "The documentation's slash command.", slack_cases.PUBLISHED_SECRET,
                       slack_cases.PUBLISHED_BODY, {"x-slack-request-timestamp": "1531420618",
                                                    "x-slack-signature": slack_cases.PUBLISHED_SIGNATURE},
                       now=1531420618))
    return cases


def _stripe() -> list[Case]:
    sender = Stripe()
    both = f"{sender.wrap(sender.text())},v1={sender.text(secret=sender.other_secret)}"
    other_time = Stripe("1700000000")
    return [
        *_plain_cases(sender),
        _case("stripe", "two-secrets", "Every secret makes one v1, in the order of the secrets.",
              [sender.secret, sender.other_secret], sender.body, {"stripe-signature": both}, now=NOW),
        _case("stripe", "other-time", "The time is signed.", sender.secret, sender.body,
              {"stripe-signature": other_time.wrap(other_time.text())}, now=1700000000),
    ]


def _list_cases(sender: StandardWebhooks) -> list[Case]:
    """Signs under the scheme of Standard Webhooks: id, time and a list of signatures."""
    def headers(source: StandardWebhooks, *signatures: str) -> dict[str, str]:
        return {"webhook-id": source.identifier, "webhook-timestamp": source.timestamp,
                "webhook-signature": " ".join(signatures)}

    identifier = sender.identifier
    cases = [
        _case(sender.provider, f"body-{key}", "The body is signed as it is.", sender.secret, body,
              headers(sender, sender.wrap(sender.text(body))), now=NOW, id=identifier)
        for key, body in {"usual": sender.body, **_BODIES}.items()
    ]
    plain = sender.secret.removeprefix("whsec_")
    both = [sender.wrap(sender.text()), sender.wrap(sender.text(secret=sender.other_secret))]
    other = sender.at("1700000000").named("msg_1")
    return [
        *cases,
        _case(sender.provider, "secret-without-prefix", "The prefix may be missing.", plain, sender.body,
              headers(sender, both[0]), now=NOW, id=identifier),
        _case(sender.provider, "two-secrets", "Every secret makes one signature, in the order of the secrets.",
              [sender.secret, sender.other_secret], sender.body, headers(sender, *both), now=NOW, id=identifier),
        _case(sender.provider, "other-time-and-id", "Time and id are signed.", sender.secret, other.body,
              headers(other, other.wrap(other.text())), now=1700000000, id="msg_1"),
    ]


def _standard_webhooks() -> list[Case]:
    sender = StandardWebhooks()
    base = {"webhook-id": sender.identifier, "webhook-timestamp": sender.timestamp}
    seed_and_public = _seed_and_public()
    mixed = f"{sender.wrap(sender.text())} {sender.asymmetric()}"
    published = {"webhook-id": standard_cases.PUBLISHED_ID, "webhook-timestamp": standard_cases.PUBLISHED_TIME,
                 "webhook-signature": standard_cases.PUBLISHED_SIGNATURE}

    def case(name: str, comment: str, secret: str | list[str], signature: str) -> Case:
        return _case("standard-webhooks", name, comment, secret, sender.body,
                     {**base, "webhook-signature": signature}, now=NOW, id=sender.identifier)

    return [
        _case("standard-webhooks", "published", "The value in every reference library.",
              standard_cases.PUBLISHED_SECRET, standard_cases.PUBLISHED_BODY, published,
              now=int(standard_cases.PUBLISHED_TIME), id=standard_cases.PUBLISHED_ID),
        case("ed25519-seed", "A seed of 32 bytes signs under v1a.", keys.ED25519, sender.asymmetric()),
        case("ed25519-seed-and-public", "A seed with its public half signs alike.", seed_and_public,
             sender.asymmetric()),
        case("both-families", "A shared secret and a private key make both versions.", [sender.secret, keys.ED25519],
             mixed),
    ]


def _seed_and_public() -> str:
    seed = base64.b64decode(keys.ED25519.removeprefix("whsk_"))
    public = base64.b64decode(keys.ed25519_public(keys.ED25519).removeprefix("whpk_"))
    return "whsk_" + base64.b64encode(seed + public).decode()


def _pitchpoint() -> list[Case]:
    event: Event = {name: value for name, value in pitchpoint.EVENT.items() if name != "algorithm"}
    pem = keys.pem("rsa-2048-test-key")
    issuer, audience = pitchpoint.ISSUER, pitchpoint.AUDIENCE
    options = {"issuer": issuer, "audience": audience, "key_id": KID, "claims": {"sub": "svc-hooks"}}
    verify = {"secret": None, "options": {"issuer": issuer, "audience": audience, "jwks": jwks(jwk()),
                                          "claims": {"sub": "svc-hooks"}}, "now": NOW}
    headers = {name.lower(): value for name, value in pitchpoint.HEADERS if name.lower().startswith("x-pps-")}
    return [
        _case("pitchpoint", "headers", "Type, id and attributes become headers beside the token.", pem,
              pitchpoint.BODY, headers, options=options, verify={**verify, "event": event}, now=NOW,
              type=event["type"], id=event["id"], attributes=event["attributes"]),
        _case("pitchpoint", "near-its-end", "The token is still good 50 minutes later.", pem, pitchpoint.BODY, {},
              options=options, verify={**verify, "now": NOW + 3_000}, now=NOW),
    ]


def _jwt_bearer() -> list[Case]:
    pem = keys.pem("rsa-2048-test-key")
    options = {"issuer": jwt_bearer.ISSUER, "audience": jwt_bearer.AUDIENCE, "key_id": KID}
    verify = {"secret": None, "options": {**jwt_bearer.OPTIONS, "tolerance": 0}, "now": NOW}
    pinned = {**verify, "options": {**verify["options"], "claims": {"sub": "sender-1", "level": 7}}}
    return [
        _case("jwt-bearer", "token", "A token that the receiver's rules accept.", pem, b"any body", {},
              options=options, verify=verify, now=NOW),
        _case("jwt-bearer", "claims", "Claims are passed on with their types.", pem, b"{}", {},
              options={**options, "claims": {"sub": "sender-1", "level": 7}}, verify=pinned, now=NOW),
    ]
