use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use super::Cli;
use super::exit::{Exit, Outcome};
use super::output::print;

/// Print the completions of a shell: `source <(hookproof completions bash)`
#[derive(Args, Debug)]
pub(super) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Outcome {
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), "hookproof", &mut script);
        print(&script)?;
        Ok(Exit::Accepted)
    }
}
