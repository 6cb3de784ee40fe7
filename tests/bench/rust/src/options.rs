//! What the programs are told on their command lines.

use std::time::Duration;

use crate::Failure;
use crate::rounds::Pace;

const USUAL: Pace = Pace { rounds: 31, turn: Duration::from_millis(4) };
const QUICK: Pace = Pace { rounds: 7, turn: Duration::from_millis(1) };

/// `[FILE] [--rounds N] [--quick]`
pub struct Options {
    /// What stands there without a name.
    pub file: Option<String>,
    /// How much is measured.
    pub pace: Pace,
}

impl Options {
    /// Reads the arguments of this process.
    ///
    /// # Errors
    /// One is unknown, or its value is no number.
    pub fn of_this_process() -> Result<Self, Failure> {
        let mut options = Self { file: None, pace: USUAL };
        let mut rounds = None;
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options.pace = QUICK,
                "--rounds" => {
                    rounds = Some(arguments.next().ok_or("--rounds takes a number")?.parse::<usize>()?);
                }
                _ if argument.starts_with("--") => {
                    return Err(format!("the option {argument} is unknown").into());
                }
                _ => options.file = Some(argument),
            }
        }
        options.pace.rounds = rounds.unwrap_or(options.pace.rounds).max(1);
        Ok(options)
    }
}
