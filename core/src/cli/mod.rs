//! The command line `hookproof`: one implementation, which `cargo install`, `pip install` and `npm install` share.
//!
//! It is the one part of this crate that reads a clock, opens a file or a socket and prints; it is compiled with the
//! feature `cli` only, and no other module uses it.

mod client;
mod completions;
mod exit;
mod explain;
mod input;
mod journal;
mod keygen;
mod keys;
mod listen;
mod message;
mod output;
mod picture;
mod plan;
mod plot;
mod providers;
mod reception;
mod replay;
mod send;
mod server;
mod show;
mod sign;
mod simulate;
mod tamper;
mod verify;
mod verifying;
mod wire;

use std::ffi::OsString;
use std::io::Write as _;

use clap::{Parser, Subcommand};

use exit::{Exit, Failure};
use output::{BAD, Color, Output, harmless, styled};

/// Sends, receives, signs, verifies and explains webhooks of any provider
///
/// Exit status: 0 accepted or done; 1 rejected: not authentic, or not accepted by the receiver; 2 the command line, a
/// secret, a key or a provider is wrong; 3 no answer, or a file or port that cannot be used.
#[derive(Parser, Debug)]
#[command(name = "hookproof", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print JSON, one object a line, instead of text
    #[arg(long, global = true)]
    json: bool,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t)]
    color: Color,
}

#[derive(Subcommand, Debug)]
enum Command {
    Send(send::Send),
    Listen(listen::Listen),
    Replay(replay::Replay),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Explain(explain::ExplainRequest),
    Providers(providers::Providers),
    Plan(plan::Plan),
    Keys(keygen::Keygen),
    Completions(completions::Completions),
}

/// Runs the command line with these arguments, the program's name first, and returns the exit status.
///
/// It is here for the programs of the three languages and no part of the library's promise.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let status = match Cli::try_parse_from(arguments) {
        Ok(cli) => command(cli),
        Err(error) => {
            // Help and version arrive as errors too, of exit code 0.
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(Exit::Usage.status())
        }
    };
    // The host's process goes on after this, or ends without running what Rust would.
    let _ = std::io::stdout().flush();
    status
}

fn command(cli: Cli) -> u8 {
    let output = Output::new(cli.color, cli.json);
    let outcome = match cli.command {
        Command::Send(command) => command.run(output),
        Command::Listen(command) => command.run(output),
        Command::Replay(command) => command.run(output),
        Command::Sign(command) => command.run(output),
        Command::Verify(command) => command.run(output),
        Command::Explain(command) => command.run(output),
        Command::Providers(command) => command.run(output),
        Command::Plan(command) => command.run(output),
        Command::Keys(command) => command.run(output),
        Command::Completions(command) => command.run(),
    };
    let (exit, message) = match outcome {
        Ok(exit) => (exit, None),
        Err(Failure::Usage(message)) => (Exit::Usage, Some(message)),
        Err(Failure::Unreachable(message)) => (Exit::Unreachable, Some(message)),
        Err(Failure::Closed) => (Exit::Accepted, None),
    };
    if let Some(message) = message {
        output.note(format_args!("{} {}", styled(BAD, "error:"), harmless(&message)));
    }
    exit.status()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_of_the_commands_is_sound() {
        super::Cli::command().debug_assert();
    }
}
