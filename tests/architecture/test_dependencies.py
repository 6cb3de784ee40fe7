"""Who may depend on whom, asked of Cargo: a wish that nothing tests is broken by the first hurried change."""

import re

import pytest
from repository import CORE, ROOT, all_dependencies, core_sources, direct_dependencies

# A new one is a decision: crypto, encodings and parsing, and nothing that does I/O.
CORE_DEPENDENCIES = {
    *("aws-lc-rs", "ed25519-dalek", "hmac", "jsonwebtoken", "md-5", "sha1", "sha2", "subtle", "zeroize"),
    *("base64", "form_urlencoded", "hex", "httpdate", "jiff", "ryu-js", "unicode-normalization"),
    *("serde", "serde_json", "serde_path_to_error", "thiserror"),
    # Optional: reads headers out of `http::HeaderMap`, which is a table and speaks to nobody.
    "http",
}
HOSTS_AND_CLIENTS = {
    *("pyo3", "napi", "napi-derive", "neon", "wasm-bindgen"),
    *("tokio", "async-std", "smol", "mio", "futures"),
    *("reqwest", "hyper", "ureq", "curl", "isahc", "rustls", "openssl", "native-tls"),
    *("axum", "actix-web", "tower", "redis", "rand"),
}


def test_the_core_depends_on_what_was_decided() -> None:
    assert direct_dependencies("hookproof") <= CORE_DEPENDENCIES
    assert not direct_dependencies("hookproof", "build")


def test_the_core_depends_on_no_host_and_on_no_client() -> None:
    assert not all_dependencies("hookproof") & HOSTS_AND_CLIENTS


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
    """One function reads the clock, for those who call `verify` and hand none in."""
    outside = re.compile(
        r"std::(fs|net|env|process|thread)\b|\b(SystemTime|Instant)::now\b|\b(print|eprint|dbg)\w*!"
    )
    found = {
        (path.as_posix(), match[0])
        for path, text in core_sources().items()
        for match in outside.finditer(text)
    }
    assert found == {("verifier/mod.rs", "SystemTime::now")}
