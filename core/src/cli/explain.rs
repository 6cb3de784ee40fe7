use clap::Args;
use serde_json::{Map, Value, json};

use super::exit::{Exit, Outcome};
use super::keys::{Checks, Keys};
use super::output::{BAD, FAINT, GOOD, HINT, Output, harmless, styled};
use super::verify::{Given, refused, request};
use super::verifying::Verifying;
use crate::{Code, Explanation, Verifier};

/// Say step by step why a request is accepted or refused, and find the usual mistakes
///
/// It never prints a secret, nor a signature that would be right. Exit status 0: authentic; 1: not.
#[derive(Args, Debug)]
pub(super) struct ExplainRequest {
    #[command(flatten)]
    keys: Keys,
    #[command(flatten)]
    checks: Checks,
    #[command(flatten)]
    given: Given,
}

impl ExplainRequest {
    pub(super) fn run(&self, output: Output) -> Outcome {
        let verifying = Verifying::read(&self.keys, &self.checks)?;
        let (mut message, now) = self.given.read()?;
        let size = message.body.len();
        match message.unpack(verifying.max_body) {
            Ok(None) => {}
            Ok(Some(name)) => {
                let text = format!("{name}: {size} bytes were unpacked to {}", message.body.len());
                output.line(format_args!("{} {}", head(true, "coding"), harmless(&text)))?;
            }
            Err(undecoded) => return refused(&undecoded.error(verifying.max_body), no_steps(), output),
        }
        let verifier = match verifying.verifier() {
            Ok(verifier) => Some(verifier),
            // That is what is explained.
            Err(error) if error.code() == Code::InvalidSecret => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(Err(error)) = verifier.as_ref().map(Verifier::prewarm) {
            return refused(&error, no_steps(), output);
        }
        let explanation =
            verifying.explain(verifier.as_ref()).explain(&request(&message, &message.target), now);
        for step in &explanation.steps {
            let head = head(step.passed, step.kind.as_str());
            output.line(format_args!("{head} {}", harmless(&step.text)))?;
        }
        for line in hints(&explanation) {
            output.line(format_args!("\n{line}"))?;
        }
        output.object(&described(&explanation))?;
        Ok(Exit::accepted(explanation.is_accepted()))
    }
}

/// Returns what programs read where there is nothing to explain.
fn no_steps() -> Map<String, Value> {
    ["steps", "findings"].map(|name| (name.to_owned(), json!([]))).into_iter().collect()
}

/// Begins the line of a step.
fn head(passed: bool, kind: &str) -> String {
    let mark = if passed { styled(GOOD, "✓") } else { styled(BAD, "✗") };
    format!("{mark} {}", styled(FAINT, format_args!("{kind:<9}")))
}

/// Says what explains a refusal.
pub(super) fn hints(explanation: &Explanation) -> Vec<String> {
    if explanation.is_accepted() {
        return Vec::new();
    }
    let mut hints: Vec<_> = explanation
        .findings
        .iter()
        .map(|finding| {
            let how = if finding.certain { "reason:" } else { "likely:" };
            format!("{} {}", styled(HINT, how), harmless(&finding.message))
        })
        .collect();
    if explanation.findings.len() > 1 && explanation.findings.iter().all(|finding| finding.certain) {
        hints.push("Only when all of this is corrected does the request verify.".to_owned());
    }
    if hints.is_empty() {
        let text = "none of the usual mistakes explains it. Most often that is the secret of another endpoint, or of \
                    the test mode, or a body that was changed on the way";
        hints.push(format!("{} {text}", styled(HINT, "unclear:")));
    }
    hints
}

pub(super) fn described(explanation: &Explanation) -> Value {
    let steps: Vec<_> = explanation
        .steps
        .iter()
        .map(|step| json!({ "kind": step.kind.as_str(), "passed": step.passed, "text": step.text }))
        .collect();
    let findings: Vec<_> = explanation
        .findings
        .iter()
        .map(|it| json!({ "mistake": it.mistake.as_str(), "certain": it.certain, "message": it.message }))
        .collect();
    let verdict = if explanation.is_accepted() { "accepted" } else { "rejected" };
    let code = explanation.error.as_ref().map(|error| error.code().as_str());
    let message = explanation.error.as_ref().map(ToString::to_string);
    json!({ "verdict": verdict, "code": code, "message": message, "steps": steps, "findings": findings })
}
