//! What the fuzz targets share: the keys, a provider's two halves, and small readers that know nothing of hookproof.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hookproof::{Error, Event, Provider, Request, Signer, Verifier};
use serde_json::Value;
use sha2::Sha256;

/// The clock of every target, which is that of the vectors.
pub const NOW: i64 = 1_790_000_000;
pub const ISSUER: &str = "https://issuer.example.com";
pub const AUDIENCE: &str = "https://hooks.example.com/in";
pub const URL: &str = "https://hooks.example.com/in?a=1";
pub const JWKS: &str = include_str!("../keys/jwks.json");
const PRIVATE_RSA: &str = include_str!("../../src/token/fixtures/test-only-rsa-2048-pkcs8.pem");

/// A secret in the form of each kind of key, as its sender and as its receiver has it. None of them made a seed, so
/// whatever a receiver accepts without its sender is a forgery. The shared ones are too short for Ed25519.
const SECRETS: [(&str, &str); 9] = [
    ("whsec_c2VjcmV0IG9mIHRoZSBmdXp6IHRhcmdldHM=", "whsec_c2VjcmV0IG9mIHRoZSBmdXp6IHRhcmdldHM="),
    ("v1,whsec_c2VjcmV0IG9mIHRoZSBmdXp6IHRhcmdldHM=", "v1,whsec_c2VjcmV0IG9mIHRoZSBmdXp6IHRhcmdldHM="),
    ("c2VjcmV0IG9mIHRoZSBmdXp6IHRhcmdldHM=", "c2VjcmV0IG9mIHRoZSBmdXp6IHRhcmdldHM="),
    ("000102030405060708090a0b0c0d0e0f", "000102030405060708090a0b0c0d0e0f"),
    (
        "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
    ),
    (
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
    ),
    ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="),
    ("", include_str!("../keys/ec-public.pem")),
    ("", include_str!("../keys/rsa-public.pem")),
];

/// The two ends of a provider's webhooks. There is no signer where only the provider itself can sign.
pub struct Ends {
    pub signer: Option<Signer>,
    pub verifier: Verifier,
}

static BUILT_IN: LazyLock<HashMap<&str, Ends>> = LazyLock::new(|| {
    let ends = |name| {
        Some((name, ends(&Provider::named(name).ok()?).unwrap_or_else(|| panic!("no key for {name}"))))
    };
    Provider::names().filter_map(ends).collect()
});

/// Finds both ends of a built-in provider.
pub fn built_in(name: &str) -> Option<&'static Ends> {
    BUILT_IN.get(name)
}

/// Makes both ends of a provider, with the first secret that it takes.
pub fn ends(provider: &Provider) -> Option<Ends> {
    let shared = SECRETS.iter().find_map(|(private, public)| {
        let verifier = Verifier::builder(provider).ok()?.secret(public).url(URL);
        let signer = Signer::builder(provider).ok()?.secret(private);
        let verifier = verifier.build().ok().or_else(|| bearer(provider)?.secret(public).build().ok())?;
        Some(Ends { signer: signer.build().ok(), verifier })
    });
    shared.or_else(|| {
        let signer = Signer::builder(provider).ok()?.secret(PRIVATE_RSA).key_id("key");
        let signer = signer.issuer(ISSUER).audience(AUDIENCE).claim("sub", "\"sender\"").build().ok();
        Some(Ends { signer, verifier: bearer(provider)?.jwks(JWKS).build().ok()? })
    })
}

fn bearer(provider: &Provider) -> Option<hookproof::VerifierBuilder> {
    Some(Verifier::builder(provider).ok()?.issuer(ISSUER).audience(AUDIENCE))
}

impl Ends {
    /// Returns both, where not only the provider itself can sign.
    pub fn both(&self) -> Option<(&Signer, &Verifier)> {
        Some((self.signer.as_ref()?, &self.verifier))
    }
}

/// Makes the verifier of a target's own provider, whose secret is `token`: targets reach what lies behind the proof.
pub fn verifier_of(provider: &str, tolerance_seconds: u64) -> Verifier {
    let provider = Provider::from_json(provider).expect("the target's own provider");
    let builder = Verifier::builder(&provider).expect("a provider");
    builder.secret("token").tolerance(Duration::from_secs(tolerance_seconds)).build().expect("a verifier")
}

/// Makes a verifier that accepts every timestamp of a format.
pub fn timed(format: &str) -> Verifier {
    verifier_of(&include_str!("../providers/timestamp.json").replace("FORMAT", format), u64::MAX)
}

/// Verifies a request as every target does.
pub fn verify<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    verifier: &Verifier,
    body: &[u8],
    headers: &[(N, V)],
) -> Result<Event<'static>, Error> {
    let headers: Vec<(&[u8], &[u8])> =
        headers.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    let request = Request::new(body, &headers).with_method("POST").with_url(URL);
    verifier.verify_at(&request, NOW).map(Event::into_owned)
}

/// Returns an event whose body is signed as bytes. Of a form the fields are signed, which can be written in other bytes.
pub fn as_bytes<E>(
    event: Result<Event<'static>, E>,
    headers: &[(String, Vec<u8>)],
) -> Option<Event<'static>> {
    event.ok().filter(|_| headers.iter().all(|(name, _)| !name.eq_ignore_ascii_case("Content-Type")))
}

/// Signs a token with the secret `token`, whatever its parts are.
pub fn signed_token(header: &[u8], claims: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let tag = Hmac::<Sha256>::new_from_slice(b"token").expect("a key").chain_update(&signed).finalize();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag.into_bytes()))
}

/// A request as text: the provider's name, the lines of the headers, an empty line, the body.
pub struct Written<'a> {
    pub provider: &'a str,
    pub headers: Vec<(&'a [u8], &'a [u8])>,
    pub body: &'a [u8],
}

impl<'a> Written<'a> {
    pub fn read(input: &'a [u8]) -> Option<Self> {
        let (head, body) = split(input, b"\n\n")?;
        let mut lines = head.split(|byte| *byte == b'\n');
        let provider = std::str::from_utf8(lines.next()?).ok()?;
        Some(Self { provider, headers: lines.filter_map(|line| split(line, b": ")).collect(), body })
    }

    /// Returns the value of a line.
    pub fn text(&self, line: usize) -> Option<&'a str> {
        self.headers.get(line).and_then(|(_, value)| std::str::from_utf8(value).ok())
    }

    pub fn request(&self) -> Request<'_> {
        Request::new(self.body, &self.headers).with_method("POST").with_url(URL)
    }
}

/// Divides bytes at the first separator.
pub fn split<'a>(input: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = input.windows(separator.len()).position(|window| window == separator)?;
    Some((&input[..at], &input[at + separator.len()..]))
}

/// Returns the text at a pointer as an event has it: a string, or a whole number with the digits that were `found`.
pub fn text_at(value: &Value, pointer: &str, found: Option<&str>) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        // `serde_json` makes a float of what has more than 64 bits, and of -0.
        Value::Number(number) => {
            let digits = found.filter(|digits| digits.parse::<f64>().ok() == number.as_f64());
            digits.map(str::to_owned).filter(|digits| !digits.contains(['.', 'e', 'E']))
        }
        _ => None,
    }
}

/// Counts how many arrays and objects of a JSON text are open at once.
pub fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Tells whether two JSON values are equal for JavaScript, which has one kind of number.
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}
