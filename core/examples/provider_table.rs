//! Writes `docs/providers.md`.

#[path = "../tests/support/provider_table.rs"]
mod provider_table;

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(provider_table::page().as_bytes())
}
