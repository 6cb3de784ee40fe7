//! Every comparison of something secret with what a stranger sent, reached as a stranger reaches it: through a verifier.
#![expect(clippy::unwrap_used, reason = "a request that cannot be made measures nothing")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hookproof::{Message, Provider, Request, Signer, Verifier};
use sha2::{Digest as _, Sha256};

/// The moment at which everything here is sent and received, in unix seconds.
const NOW: i64 = 1_790_000_000;
const BODY: &[u8] = br#"{"id":"evt_1","type":"a.b","data":{"amount":1200}}"#;
/// The shared-secret token of a provider without further rules, so that the signature alone decides.
const TOKENS: &str = r#"{"name": "audit-tokens", "scheme": {"bearer": {"header": "Authorization",
    "algorithms": ["HS256"], "key_id": "optional", "any_issuer": true, "any_audience": true,
    "leeway_seconds": 0, "required_claims": []}}, "event": {"type": {"json": "/type"}}}"#;

/// One comparison: a verifier, a request that it accepts, and where in it the compared value stands.
pub struct Comparison {
    pub name: &'static str,
    verifier: Verifier,
    headers: Vec<(String, String)>,
    place: Place,
    /// What stands before the compared value.
    before: String,
    right: Vec<u8>,
    encoding: Encoding,
}

enum Place {
    Header(usize),
    Url,
}

#[derive(Clone, Copy)]
enum Encoding {
    Hex,
    Base64,
    Base64url,
    Text,
}

impl Comparison {
    /// Lists all, with the secret of a number. It goes through `conceal` before a verifier gets it; the requests are
    /// made without that.
    pub fn all(number: u32, conceal: &dyn Fn(&str) -> Vec<u8>) -> Vec<Self> {
        let secret = hex::encode(Sha256::digest(number.to_be_bytes())).split_off(32);
        let signed = |name, provider, before, encoding| {
            Self::signed(
                name,
                &Provider::named(provider).unwrap(),
                &secret,
                before,
                encoding,
                conceal(&secret),
            )
        };
        vec![
            signed("HMAC-SHA256, hex", "github", "sha256=", Encoding::Hex),
            signed("HMAC-SHA512, hex", "paystack", "", Encoding::Hex),
            signed("HMAC-SHA256, base64", "shopify", "", Encoding::Base64),
            Self::token(&secret, conceal(&secret)),
            signed("static token", "telegram", "", Encoding::Text),
            Self::handshake(&secret, conceal(&secret)),
        ]
    }

    fn signed(
        name: &'static str,
        provider: &Provider,
        secret: &str,
        before: &str,
        encoding: Encoding,
        concealed: Vec<u8>,
    ) -> Self {
        let signer = Signer::builder(provider).unwrap().secret(secret).build().unwrap();
        let headers = signer.sign(&Message::new(BODY).at(NOW)).unwrap().headers;
        let place =
            headers.iter().position(|(_, value)| value.starts_with(before) && value.len() > 30).unwrap();
        let right = encoding.decode(headers.get(place).unwrap().1.strip_prefix(before).unwrap());
        let verifier = Verifier::builder(provider).unwrap().secret(concealed).build().unwrap();
        Self {
            name,
            verifier,
            headers,
            place: Place::Header(place),
            before: before.to_owned(),
            right,
            encoding,
        }
    }

    fn token(secret: &str, concealed: Vec<u8>) -> Self {
        let provider = Provider::from_json(TOKENS).unwrap();
        let signer = Signer::builder(&provider).unwrap().secret(secret).build().unwrap();
        let headers = signer.sign(&Message::new(BODY).at(NOW)).unwrap().headers;
        let (before, signature) = headers.first().unwrap().1.rsplit_once('.').unwrap();
        let (before, right) = (format!("{before}."), Encoding::Base64url.decode(signature));
        let verifier = Verifier::builder(&provider).unwrap().secret(concealed).build().unwrap();
        let (name, encoding) = ("HS256 token", Encoding::Base64url);
        Self { name, verifier, headers, place: Place::Header(0), before, right, encoding }
    }

    fn handshake(secret: &str, concealed: Vec<u8>) -> Self {
        let concealed = String::from_utf8(concealed).unwrap();
        let builder = Verifier::builder("meta").unwrap().secret("another").verify_token(concealed);
        Self {
            name: "handshake's token",
            verifier: builder.build().unwrap(),
            headers: Vec::new(),
            place: Place::Url,
            before: "https://example.com/hooks?hub.mode=subscribe&hub.challenge=1&hub.verify_token="
                .to_owned(),
            right: secret.as_bytes().to_vec(),
            encoding: Encoding::Text,
        }
    }

    pub fn right(&self) -> &[u8] {
        &self.right
    }

    /// Writes the right value with one byte changed, in the same alphabet.
    pub fn wrong_at(&self, place: usize, change: u8) -> String {
        let mut bytes = self.right.clone();
        let byte = bytes.get_mut(place).unwrap();
        *byte = match self.encoding {
            // Another digit of the same alphabet, since a token is one as it is.
            Encoding::Text => (b"0123456789abcdef".iter().copied().filter(|digit| digit != byte))
                .nth(usize::from(change % 15))
                .unwrap(),
            _ => *byte ^ change.max(1),
        };
        self.text(&bytes)
    }

    pub fn text(&self, bytes: &[u8]) -> String {
        format!("{}{}", self.before, self.encoding.encode(bytes))
    }

    /// Puts a value, with what stands before it, in its place; the memory stays where it is.
    pub fn put(&mut self, text: &str, url: &mut String) {
        let slot = match self.place {
            Place::Header(index) => &mut self.headers.get_mut(index).unwrap().1,
            Place::Url => url,
        };
        slot.clear();
        slot.push_str(text);
    }

    /// Tells whether the request is accepted.
    pub fn verify(&self, url: &str) -> bool {
        match self.place {
            Place::Header(_) => self.verifier.verify_at(&Request::new(BODY, &self.headers), NOW).is_ok(),
            Place::Url => {
                let request = Request::new(b"", &self.headers).with_method("GET").with_url(url);
                self.verifier.handshake(&request, NOW).is_ok_and(|answer| answer.is_some())
            }
        }
    }
}

impl Encoding {
    fn decode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Hex => hex::decode(text).unwrap(),
            Self::Base64 => STANDARD.decode(text).unwrap(),
            Self::Base64url => URL_SAFE_NO_PAD.decode(text).unwrap(),
            Self::Text => text.as_bytes().to_vec(),
        }
    }

    fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64url => URL_SAFE_NO_PAD.encode(bytes),
            Self::Text => String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

/// What none of them may be: ends at the first byte that differs. The controls use it, so that a test that sees
/// nothing is told from a library that shows nothing.
#[inline(never)]
pub fn equal_until_the_first_difference(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| std::hint::black_box(left) == right)
}
