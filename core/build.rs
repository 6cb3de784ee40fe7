//! Lists the files in `providers/` and `providers/samples/`, so that adding a provider means adding a file, and takes the
//! white space out of them, which is half of what they would add to a program.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=providers");
    write("providers", "BUILTIN", "Builtin", "Builtin::new", "providers.rs")?;
    write("providers/samples", "SAMPLES", "(&str, &str)", "", "samples.rs")
}

/// Writes a static list with the name and the text of every file of a folder, in alphabetical order.
fn write(folder: &str, list: &str, item: &str, make: &str, to: &str) -> Result<(), Box<dyn Error>> {
    let from = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(folder);
    let out = Path::new(&env::var("OUT_DIR")?).to_owned();
    fs::create_dir_all(out.join(folder))?;
    let mut names = Vec::new();
    for entry in fs::read_dir(&from)? {
        let file =
            entry?.file_name().into_string().map_err(|name| format!("{} is not text", name.display()))?;
        if let Some(name) = file.strip_suffix(".json").filter(|name| !name.ends_with(".schema")) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    let mut text = format!("static {list}: [{item}; {}] = [\n", names.len());
    for name in names {
        let file = format!("{folder}/{name}.json");
        fs::write(out.join(&file), compact(&fs::read_to_string(from.join(format!("{name}.json")))?))?;
        writeln!(text, "    {make}(\"{name}\", include_str!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))),")?;
    }
    text.push_str("];\n");
    fs::write(out.join(to), text)?;
    Ok(())
}

/// Takes the white space out of a JSON text, but not out of its strings.
fn compact(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let kept = json.chars().filter(|character| {
        let keep = in_string || !character.is_ascii_whitespace();
        match character {
            '"' if !escaped => in_string = !in_string,
            _ => {}
        }
        escaped = in_string && *character == '\\' && !escaped;
        keep
    });
    kept.collect()
}
