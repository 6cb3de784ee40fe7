//! Lists the files in `providers/`, so that adding a provider means adding a file, and takes the white space out of
//! them, which is half of what they would add to a program.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=providers");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("providers");
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let file =
            entry?.file_name().into_string().map_err(|name| format!("{} is not text", name.display()))?;
        if let Some(name) = file.strip_suffix(".json").filter(|name| !name.ends_with(".schema")) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    let mut list = format!("static BUILTIN: [Builtin; {}] = [\n", names.len());
    for name in names {
        fs::write(
            out.join(format!("{name}.json")),
            compact(&fs::read_to_string(folder.join(format!("{name}.json")))?),
        )?;
        let path = format!("concat!(env!(\"OUT_DIR\"), \"/{name}.json\")");
        writeln!(list, "    Builtin::new(\"{name}\", include_str!({path})),")?;
    }
    list.push_str("];\n");
    fs::write(out.join("providers.rs"), list)?;
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
