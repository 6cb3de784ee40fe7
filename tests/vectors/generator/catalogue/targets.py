"""The cases about what a request is sent to: the URL, also behind a proxy, and the method."""

from dataclasses import replace

from generator.case import Case
from generator.catalogue.collect import made
from generator.catalogue.frame import Entry, Request

# Where senders send their requests.
URL = "https://example.com/webhooks/in"

# Where a proxy hands requests on to.
_INTERNAL = "http://10.0.0.7:8080/webhooks/in"


def url_cases(entry: Entry) -> list[Case]:
    """Returns the cases of a provider that signs the URL."""
    usual = entry.request()
    bare, mark, query = (usual.url or "").partition("?")
    proxied = replace(usual, url=f"{_INTERNAL}{mark}{query}")
    cases = [
        made(
            entry,
            "no-url",
            "The URL is signed, so the application has to hand it over.",
            "request_target",
            "invalid_option",
            replace(usual, url=None),
        ),
        made(
            entry,
            "proxied",
            "Behind a proxy the request's own URL is another one than the sender's.",
            "request_target",
            "no_matching_signature",
            proxied,
        ),
        made(
            entry,
            "forwarded-host",
            "What a header says of the host is not asked: anybody can send it.",
            "request_target",
            "no_matching_signature",
            replace(proxied, headers=[*usual.headers, ["X-Forwarded-Host", "example.com"]]),
        ),
        made(
            entry,
            "public-url",
            "The URL that the sender calls is given, and the query is that of the request.",
            "request_target",
            entry.usual(),
            proxied,
            options={"url": bare},
        ),
        made(
            entry,
            "public-url-other-query",
            "The URL that the sender calls is given, and the request has another query.",
            "tampered",
            "no_matching_signature",
            replace(usual, url=f"{_INTERNAL}?added=later"),
            options={"url": bare},
        ),
        *(_tampered(entry, usual, name, url) for name, url in _others(bare, mark, query)),
    ]
    if query:
        return [
            *cases,
            made(
                entry,
                "public-url-with-query",
                "The URL that the sender calls is given with its query, which then counts as it is.",
                "request_target",
                entry.usual(),
                replace(usual, url=f"{_INTERNAL}?added=by-a-proxy"),
                options={"url": f"{bare}?{query}"},
            ),
        ]
    return [
        *cases,
        made(
            entry,
            "public-url-alone",
            "The URL that the sender calls is given, and the request has none.",
            "request_target",
            entry.usual(),
            replace(usual, url=None),
            options={"url": bare},
        ),
    ]


def _others(bare: str, mark: str, query: str) -> list[tuple[str, str]]:
    return [
        ("path", f"{bare}/{mark}{query}"),
        ("host", f"{bare.replace('example.com', 'example.org')}{mark}{query}"),
        ("scheme", f"{bare.replace('https', 'http')}{mark}{query}"),
        ("query", f"{bare}?{query}{'&' if query else ''}a=b"),
    ]


def _tampered(entry: Entry, usual: Request, name: str, url: str) -> Case:
    return made(
        entry,
        f"other-{name}",
        f"A captured request is sent to another URL: its {name} differs.",
        "tampered",
        "no_matching_signature",
        replace(usual, url=url),
    )


def method_cases(entry: Entry) -> list[Case]:
    """Returns the cases of a provider that signs the method."""
    usual = entry.request()
    return [
        made(
            entry,
            "no-method",
            "The method is signed, so the application has to hand it over.",
            "request_target",
            "invalid_option",
            replace(usual, method=None),
        ),
        made(
            entry,
            "other-method",
            "A captured request is sent with another method.",
            "tampered",
            "no_matching_signature",
            replace(usual, method="PUT"),
        ),
    ]
