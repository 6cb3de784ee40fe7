use clap::Args;
use serde_json::json;

use super::exit::{Exit, Outcome};
use super::keys::{Checks, Keys};
use super::output::{BAD, FAINT, GOOD, HINT, Output, harmless, styled};
use super::verify::{Given, request};
use crate::Explanation;

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
        let explain = self.keys.explain(&self.checks)?;
        let (message, now) = self.given.read()?;
        let explanation = explain.explain(&request(&message, &message.target), now);
        for step in &explanation.steps {
            let mark = if step.passed { styled(GOOD, "✓") } else { styled(BAD, "✗") };
            let kind = styled(FAINT, format_args!("{:<9}", step.kind.as_str()));
            output.line(format_args!("{mark} {kind} {}", harmless(&step.text)))?;
        }
        for line in hints(&explanation) {
            output.line(format_args!("\n{line}"))?;
        }
        output.object(&described(&explanation))?;
        Ok(Exit::accepted(explanation.is_accepted()))
    }
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

pub(super) fn described(explanation: &Explanation) -> serde_json::Value {
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
    json!({ "verdict": verdict, "code": code, "steps": steps, "findings": findings })
}
