use super::*;
use crate::scheme::algorithm::Algorithm;

#[test]
fn the_larger_the_body_the_fewer_signatures_are_checked_with_public_keys() {
    for (bytes, checks) in
        [(0, 64), (1, 64), (1 << 17, 64), (1 << 20, 8), (1 << 21, 4), (1 << 22, 4), (usize::MAX, 4)]
    {
        assert_eq!(public_key_checks(bytes), checks, "{bytes}");
    }
}

#[test]
fn every_key_is_tried_and_large_bodies_are_not_hashed_much_oftener() {
    let hashes = |algorithm, keys, bytes| {
        let key = VersionKey { version: 0, key: Key::shared(algorithm, b"secret").unwrap() };
        Limits::of(bytes, &vec![key; keys]).hashes.get()
    };
    assert_eq!(hashes(Algorithm::HmacSha256, 1, 0), 1 + (8 << 20));
    assert_eq!(hashes(Algorithm::HmacSha256, 1, 1 << 20), 9);
    assert_eq!(hashes(Algorithm::HmacSha1, 16, 1 << 20), 24);
    assert_eq!(hashes(Algorithm::HmacSha512, 16, 1 << 20), 20);
    assert_eq!(hashes(Algorithm::HmacMd5, 2, 1 << 19), 10);
    assert_eq!(hashes(Algorithm::HmacSha256, 9, 1 << 30), 13);
}

#[test]
fn checks_end() {
    let checks = Cell::new(2);
    assert_eq!([0; 4].map(|_| take_one(&checks)), [true, true, false, false]);
}

/// Otherwise one header with many Ed25519 signatures would keep the HMAC beside them from being looked at.
#[test]
fn shared_keys_do_not_wait_for_checks_with_public_keys() {
    let shared = Key::shared(Algorithm::HmacSha256, b"secret").unwrap();
    let private = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let public = Key::Ed25519Public(Box::new(private.verifying_key()));
    let limits = Limits { public_key_checks: Cell::new(0), hashes: Cell::new(9) };
    assert!(limits.allow(&shared));
    assert!(!limits.allow(&public));
    limits.public_key_checks.set(1);
    assert!(limits.allow(&public));
    assert_eq!(limits.hashes.get(), 7, "what is not allowed costs nothing");
}
