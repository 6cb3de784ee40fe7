"""The providers that hash the secret with what they send."""

from generator.case import Case
from generator.catalogue.collect import check_published, made, other_headers
from generator.catalogue.frame import Entry, Time, digest_of
from generator.catalogue.hashes import hash_cases, plain_hash
from generator.catalogue.targets import URL, method_cases, url_cases


def _version_cases(entry: Entry) -> list[Case]:
    """Returns the cases about HubSpot's header that names the version."""
    return [
        made(
            entry,
            "without-version",
            "The header that names the version need not be there.",
            "required_value",
            entry.usual(),
            other_headers(entry.request(), {"X-HubSpot-Signature-Version": None}),
        )
    ]


def _hubspot_v1(entry: Entry) -> list[Case]:
    body = (
        b'[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,'
        b'"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM",'
        b'"changeFlag":"NEW","appId":54321}]'
    )
    text = entry.text(entry.sent(body), "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy")
    check_published(entry, text, "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de")
    return [*hash_cases(entry), *_version_cases(entry)]


def _hubspot_v2(entry: Entry) -> list[Case]:
    secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
    sent = entry.sent(b"", method="GET", url="https://www.example.com/webhook_uri")
    text = entry.text(sent, secret)
    check_published(entry, text, "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e")
    return [
        made(
            entry,
            "published",
            "A value that the provider published: a request by GET, without a body.",
            "published",
            entry.bare(data=None),
            entry.request(sent, [text]),
            secret=[secret],
        ),
        *hash_cases(entry),
        *_version_cases(entry),
        *url_cases(entry),
        *method_cases(entry),
    ]


def _cloudinary(algorithm: str) -> Entry:
    return Entry(
        provider="cloudinary" if algorithm == "sha1" else f"cloudinary-{algorithm}",
        header="X-Cld-Signature",
        content="{body}{time}",
        time=Time("X-Cld-Timestamp", tolerance=7200),
        sign=plain_hash(algorithm, secret_last=True),
        algorithm_name=algorithm,
        body=b'{"notification_type":"upload","public_id":"sample","version":1,"request_id":"5f8c0e"}',
        covers="body timestamp type",
        type="upload",
        attributes={"public_id": "sample", "request": "5f8c0e"},
        extra=hash_cases,
    )


ENTRIES = [
    Entry(
        provider="hubspot-v1",
        header="X-HubSpot-Signature",
        sign=plain_hash("sha256"),
        algorithm_name="sha256",
        fixed={"X-HubSpot-Signature-Version": "v1"},
        skip=frozenset({"x-hubspot-signature-version-missing"}),
        bodies="json",
        body=b'[{"eventId":1,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123}]',
        covers="body",
        extra=_hubspot_v1,
    ),
    Entry(
        provider="hubspot-v2",
        header="X-HubSpot-Signature",
        content="{method}{url}{body}",
        sign=plain_hash("sha256"),
        algorithm_name="sha256",
        fixed={"X-HubSpot-Signature-Version": "v2"},
        skip=frozenset({"x-hubspot-signature-version-missing"}),
        url=f"{URL}?portalId=62515",
        method="POST",
        bodies="any",
        body=b'[{"eventId":1,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123}]',
        covers="body id method url",
        identify=lambda request: digest_of(request.method or "", request.url or "", request.body),
        extra=_hubspot_v2,
    ),
    _cloudinary("sha1"),
    _cloudinary("sha256"),
]
