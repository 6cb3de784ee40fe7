//! Lists the files in `providers/`, so that adding a provider means adding a file.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=providers");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("providers");
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
        let path = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/providers/{name}.json\")");
        writeln!(list, "    Builtin::new(\"{name}\", include_str!({path})),")?;
    }
    list.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("providers.rs"), list)?;
    Ok(())
}
