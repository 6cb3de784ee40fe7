use std::rc::Rc;

use super::{Finding, Mistake, Trial};

/// One thing that may be wrong: how to correct it, and what to say when that was it.
#[derive(Clone)]
pub(super) struct Guess {
    mistake: Mistake,
    message: String,
    correct: Rc<dyn Fn(&mut Trial<'_>)>,
}

impl Guess {
    pub(super) fn new(
        mistake: Mistake,
        message: impl Into<String>,
        correct: impl Fn(&mut Trial<'_>) + 'static,
    ) -> Self {
        Self { mistake, message: message.into(), correct: Rc::new(correct) }
    }

    pub(super) fn apply<'t>(&self, mut trial: Trial<'t>) -> Trial<'t> {
        (self.correct)(&mut trial);
        trial
    }

    pub(super) fn finding(&self, certain: bool) -> Finding {
        Finding { mistake: self.mistake, message: self.message.clone(), certain }
    }
}
