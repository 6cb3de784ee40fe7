//! Tells the programs which compiler made them.

use std::process::Command;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = Command::new(std::env::var("RUSTC")?).arg("--version").output()?;
    let version = String::from_utf8(answer.stdout)?;
    let number = version.split(' ').nth(1).ok_or("rustc tells no version")?;
    println!("cargo::rustc-env=RUSTC_VERSION={number}");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
