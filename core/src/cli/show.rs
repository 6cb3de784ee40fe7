use serde_json::json;

use super::client::Answer;
use super::exit::Outcome;
use super::output::{BAD, FAINT, GOOD, Output, STRONG, harmless, harmless_body, styled};
use super::server::reason;
use crate::{Action, Decision, Delivery};

/// Shows a request as it is sent.
pub(super) fn request(url: &str, headers: &[(String, Vec<u8>)], body: &[u8], output: Output) -> Outcome<()> {
    output.line(format_args!("{} {url}", styled(STRONG, "POST")))?;
    for (name, value) in headers {
        output.line(format_args!("  {}: {}", styled(FAINT, name), shown(name, value)))?;
    }
    let text = harmless_body(body);
    output.line(format_args!("  {}", if text.is_empty() { styled(FAINT, "(no body)") } else { text }))?;
    Ok(())
}

/// A token is a credential for an hour; its beginning is enough to recognise it.
fn shown(name: &str, value: &[u8]) -> String {
    let text = harmless(&String::from_utf8_lossy(value));
    if name.eq_ignore_ascii_case("authorization") {
        return format!("{}…", text.chars().take(24).collect::<String>());
    }
    text
}

/// Shows what came of it.
pub(super) fn answer(
    url: &str,
    number: u32,
    headers: &[(String, Vec<u8>)],
    body: &[u8],
    came: &Result<Answer, String>,
    accepted: bool,
    output: Output,
) -> Outcome<()> {
    let reply = match came {
        Ok(answer) => {
            let (style, word) = if accepted { (GOOD, "accepted") } else { (BAD, "not accepted") };
            let status = format!("← {} {}", answer.status, reason(answer.status));
            let milliseconds = answer.took.as_millis();
            output.line(format_args!(
                "{} in {milliseconds} ms: {}",
                styled(STRONG, status),
                styled(style, word)
            ))?;
            let text = harmless_body(&answer.body);
            if !text.is_empty() {
                output.line(format_args!("  {text}"))?;
            }
            json!({
                "status": answer.status,
                "headers": answer.headers,
                "body": String::from_utf8_lossy(&answer.body),
                "milliseconds": u64::try_from(milliseconds).unwrap_or(u64::MAX),
                "error": null,
            })
        }
        Err(reason) => {
            output.line(format_args!("{} {}", styled(BAD, "← no answer:"), harmless(reason)))?;
            json!({ "status": null, "headers": null, "body": null, "milliseconds": null, "error": reason })
        }
    };
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value))).collect();
    let request = json!({ "url": url, "headers": headers, "body": String::from_utf8_lossy(body) });
    output.object(&json!({ "attempt": number, "request": request, "reply": reply, "accepted": accepted }))?;
    Ok(())
}

/// Shows what the plan says of it.
pub(super) fn decision(made: &Decision, delivery: &Delivery, output: Output) -> Outcome<()> {
    let attempts = delivery.attempts();
    let delay = made.delay.map(|delay| delay.as_secs_f64());
    output.object(
        &json!({ "after_attempt": attempts, "action": made.action.as_str(), "delay_seconds": delay }),
    )?;
    let said = match made.action {
        Action::GiveUp => styled(BAD, format_args!("the plan ends after {attempts} attempts: given up")),
        Action::Disable => styled(BAD, "the receiver wants nothing more: its endpoint would be disabled"),
        _ => return Ok(()),
    };
    output.line(said)?;
    Ok(())
}
