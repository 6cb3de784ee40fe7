//! What one more secret, one more signature and one more KiB cost, and how straight the line is.

use std::hint::black_box;
use std::slice::from_ref;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookproof::{Message, Request, Signer, Verifier};
use hookproof_bench::Failure;
use hookproof_bench::fit::Line;
use hookproof_bench::output::{print, tenth};
use hookproof_bench::rounds::{Contender, Figures, Pace, measured};
use serde_json::{Map, Value, json};

const NOW: i64 = 1_790_000_000;
const PROVIDER: &str = "standard-webhooks";
const SECRETS: [u32; 5] = [1, 2, 4, 8, 16];
const SIGNATURES: [u32; 6] = [1, 2, 4, 8, 16, 32];
const BODY_BYTES: usize = 1024;
const SIZES: [u32; 7] = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];

/// A verifier and a request that it accepts.
struct Case {
    size: u32,
    verifier: Verifier,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Many secrets, the last of which is the right one.
pub fn secrets(pace: Pace) -> Result<(), Failure> {
    let case = |count: u32| -> Result<Case, Failure> {
        let mut case = Case::new(count, BODY_BYTES)?;
        let mut builder = Verifier::builder(PROVIDER)?;
        for number in 1..count {
            builder = builder.secret(secret(number));
        }
        case.verifier = builder.secret(secret(0)).build()?;
        Ok(case)
    };
    grown(
        "scale-secrets",
        Some(BODY_BYTES),
        1.0,
        &SECRETS.into_iter().map(case).collect::<Result<Vec<_>, _>>()?,
        pace,
    )
}

/// Many signatures, the last of which is the right one.
pub fn signatures(pace: Pace) -> Result<(), Failure> {
    let case = |count: u32| -> Result<Case, Failure> {
        let mut case = Case::new(count, BODY_BYTES)?;
        let named = case.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("webhook-signature"));
        let (_, right) = named.ok_or("the signer wrote no signature")?;
        for number in 1..count {
            let wrong = [number.to_be_bytes(); 8].concat();
            *right = format!("v1,{} {right}", STANDARD.encode(wrong));
        }
        Ok(case)
    };
    grown(
        "scale-signatures",
        Some(BODY_BYTES),
        1.0,
        &SIGNATURES.into_iter().map(case).collect::<Result<Vec<_>, _>>()?,
        pace,
    )
}

/// Bodies of many sizes; the cost of one more is that of a KiB.
pub fn bytes(pace: Pace) -> Result<(), Failure> {
    let case = |size: u32| Case::new(size, usize::try_from(size)?);
    grown("scale-bytes", None, 1024.0, &SIZES.into_iter().map(case).collect::<Result<Vec<_>, _>>()?, pace)
}

fn grown(row: &str, bytes: Option<usize>, unit: f64, cases: &[Case], pace: Pace) -> Result<(), Failure> {
    if !cases.iter().all(Case::accepts) {
        return Err(format!("a request of the row {row} is not accepted").into());
    }
    let accepts: fn(&Case) -> bool = Case::accepts;
    let mut contenders: Vec<_> =
        cases.iter().map(|case| Contender::new(row, &accepts, from_ref(case))).collect();
    let figures = measured(&mut contenders, pace);
    let points: Vec<_> = cases.iter().zip(&figures).map(point(unit)).collect();
    let line = Line::through(&points);
    let ns: Map<String, Value> = cases
        .iter()
        .zip(&figures)
        .map(|(case, it)| (case.size.to_string(), json!(tenth(it.median))))
        .collect();
    print(&json!({
        "language": "rust",
        "row": row,
        "bytes": bytes,
        "ns": ns,
        "ns_for_one_more": tenth(line.slope),
        "one_is": if bytes.is_some() { "an item" } else { "a KiB" },
        "r_squared": (line.explained * 1e5).round() / 1e5,
    }));
    Ok(())
}

fn point(unit: f64) -> impl Fn((&Case, &Figures)) -> (f64, f64) {
    move |(case, figures)| (f64::from(case.size) / unit, figures.median)
}

impl Case {
    fn new(size: u32, bytes: usize) -> Result<Self, Failure> {
        let (start, end) =
            (r#"{"type":"order.paid","timestamp":"2026-09-21T12:53:20Z","data":{"text":""#, r#""}}"#);
        let filling = bytes.saturating_sub(start.len()).saturating_sub(end.len());
        let body = [start, &"x".repeat(filling), end].concat().into_bytes();
        let signer = Signer::builder(PROVIDER)?.secret(secret(0)).build()?;
        let headers = signer.sign(&Message::new(&body).with_id("msg_1").at(NOW))?.headers;
        let verifier = Verifier::builder(PROVIDER)?.secret(secret(0)).build()?;
        Ok(Self { size, verifier, headers, body })
    }

    fn accepts(&self) -> bool {
        let request = Request::new(&self.body, &self.headers);
        black_box(self.verifier.verify_at(&request, NOW)).is_ok()
    }
}

fn secret(number: u32) -> String {
    format!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZI{number:08}")
}
