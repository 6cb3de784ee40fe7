"""Who may depend on whom, asked of Cargo: a wish that nothing tests is broken by the first hurried change."""

import re

import pytest
from repository import CORE, ROOT, all_dependencies, core_sources, crate, direct_dependencies, program_sources

# A new one is a decision: crypto, encodings and parsing, and nothing that does I/O.
CORE_DEPENDENCIES = {
    *("aws-lc-rs", "ed25519-dalek", "hmac", "jsonwebtoken", "md-5", "sha1", "sha2", "subtle", "zeroize"),
    *("base64", "form_urlencoded", "hex", "httpdate", "jiff", "ryu-js", "simdutf8", "unicode-normalization"),
    *("serde", "serde_json", "serde_path_to_error", "thiserror"),
    # A list of a few values on the stack: most of what a verification allocated.
    "smallvec",
}
# Behind the feature `cli`, and used by the command line alone.
PROGRAM_DEPENDENCIES = {
    *("anstream", "anstyle", "clap", "clap_complete", "comfy-table", "indicatif", "textplots"),
    # What clap asks how wide a terminal is.
    "terminal_size",
    *("embedded-graphics", "png", "httparse", "rustls", "ureq"),
    # What undoes the coding of a body, for the command line and for the tower layer.
    "flate2",
}
CLIENT = {"rustls", "ureq"}
# What a feature of the core adds: an adapter or a store, never another behaviour. None is on by default.
FEATURES = {
    # Reads headers out of `http::HeaderMap`, which is a table and speaks to nobody.
    "http": {"http"},
    # The types and traits of HTTP servers, and the codings of their bodies; no server and no client.
    "tower": {"bytes", "flate2", "http", "http-body", "http-body-util", "tower-layer", "tower-service"},
    "axum": {"axum-core"},
    "cli": PROGRAM_DEPENDENCIES,
    # A client, for Rust programs that have their keys fetched. The bindings' hosts have clients of their own.
    "fetch": CLIENT,
    # The stores. SQLite is compiled in, and a thread of the store's own waits for it.
    "sqlite": {"futures-channel", "rusqlite"},
    "redis": {"redis"},
}
HOSTS_AND_CLIENTS = {
    *("pyo3", "napi", "napi-derive", "neon", "wasm-bindgen"),
    *("tokio", "async-std", "smol", "mio", "futures"),
    *("reqwest", "hyper", "ureq", "curl", "isahc", "rustls", "openssl", "native-tls"),
    *("axum", "actix-web", "tower", "redis", "rand"),
}


def test_the_core_depends_on_what_was_decided() -> None:
    assert direct_dependencies("hookproof") <= CORE_DEPENDENCIES.union(*FEATURES.values())
    assert not direct_dependencies("hookproof", "build")


def test_each_feature_of_the_core_adds_what_was_decided() -> None:
    features = crate("hookproof")["features"]
    assert set(features) == set(FEATURES)
    for name, adds in FEATURES.items():
        parts = {part.removeprefix("dep:") for part in features[name]}
        assert parts - set(FEATURES) <= adds, name
        assert parts <= adds | set(FEATURES), name


def test_without_features_the_core_has_none_of_their_dependencies() -> None:
    dependencies = crate("hookproof")["dependencies"]
    optional = {dependency["name"] for dependency in dependencies if dependency["optional"]}
    assert optional == set().union(*FEATURES.values())


@pytest.mark.parametrize("feature", [None, *FEATURES])
def test_the_core_depends_on_no_host_and_on_no_client(feature: str | None) -> None:
    """Three features speak to a server: the store on Redis, fetching keys, and the command line."""
    found = all_dependencies("hookproof", feature) & HOSTS_AND_CLIENTS
    assert found == {"redis": {"redis", "tokio", "mio"}, "fetch": CLIENT, "cli": CLIENT}.get(
        feature or "", set()
    )


def test_nothing_but_the_command_line_uses_what_the_command_line_needs() -> None:
    own = PROGRAM_DEPENDENCIES - CLIENT - {"flate2"}
    used = re.compile(rf"\b({'|'.join(name.replace('-', '_') for name in own)})::|\bcrate::cli\b")
    assert program_sources()
    assert not [path for path, text in core_sources().items() if used.search(text)]


@pytest.mark.parametrize("name", ["hookproof-python", "hookproof-node"])
def test_a_binding_has_no_runtime_and_no_second_crypto(name: str) -> None:
    """The one client in it is that of the command line."""
    others = {"tokio", "async-std", "smol", "hyper", "reqwest", "ring", "openssl", "native-tls", "redis"}
    assert not all_dependencies(name) & others


@pytest.mark.parametrize(
    ("name", "framework", "build_helper"),
    [
        ("hookproof-python", {"pyo3"}, {"pyo3-build-config"}),
        ("hookproof-node", {"napi", "napi-derive"}, {"napi-build"}),
    ],
)
def test_a_binding_depends_on_the_core_and_its_framework_alone(
    name: str, framework: set[str], build_helper: set[str]
) -> None:
    assert direct_dependencies(name) == {"hookproof", *framework}, "another crate means that logic has leaked"
    assert direct_dependencies(name, "build") <= build_helper
    assert not direct_dependencies(name, "dev")


def test_the_core_forbids_unsafe_code() -> None:
    assert "#![forbid(unsafe_code)]" in (CORE / "src" / "lib.rs").read_text(encoding="utf-8").splitlines()


def test_every_crate_takes_the_lints_of_the_workspace() -> None:
    for name in ("core", "bindings-python", "bindings-node"):
        assert "[lints]\nworkspace = true" in (ROOT / name / "Cargo.toml").read_text(encoding="utf-8")


def test_the_core_does_nothing_that_was_not_handed_in() -> None:
    """The clock is read for those who call `verify`, a receiver or a store's trait and hand none in.

    A file of SQLite belongs to one process, is waited for, and has a thread that waits. What fetches keys is
    a host, in a file and behind a feature of its own.
    """
    outside = re.compile(
        # An address is a value; a connection is not.
        r"std::(fs|env|process|thread)\b|\b(Tcp|Udp)(Stream|Listener|Socket)\b|\bToSocketAddrs\b"
        r"|\b(SystemTime|Instant)::now\b|\b(print|eprint|dbg)\w*!"
    )
    found = {
        (path.as_posix(), match[0])
        for path, text in core_sources().items()
        for match in outside.finditer(text)
        if path.as_posix() != "fetch.rs"
    }
    assert found == {
        ("clock.rs", "SystemTime::now"),
        ("verifier/mod.rs", "SystemTime::now"),
        # How long a request took, for metrics.
        *((path, "Instant::now") for path in ("receiver/mod.rs", "tower/body.rs")),
        *(("store/sqlite/file.rs", use) for use in ("Instant::now", "std::process", "std::thread")),
        ("store/sqlite/worker.rs", "std::thread"),
    }
