//! The table of all providers in `docs/providers.md`.

use std::fmt::Write as _;

use hookproof::Provider;
use serde_json::Value;

/// Writes the whole page.
pub fn page() -> String {
    let mut page = String::from(
        "# Providers\n\n\
         Built in, each as a file in `core/providers`. This page is generated: `cargo run -p hookproof --example \
         provider_table > docs/providers.md`.\n\n\
         *Covers* is what the signature proves of every event; where the fields of a form are signed, the proof of a \
         request can say more. *Basis* tells how well the facts are founded: the provider's own source code, its \
         documentation, or second-hand knowledge; what is assumed stands in the file.\n\n\
         | provider | algorithm | signed content | covers | tolerance | handshakes | retries | basis |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for name in Provider::names() {
        if let Ok(provider) = Provider::named(name) {
            row(&mut page, &provider.describe());
        }
    }
    page
}

fn row(page: &mut String, provider: &Value) {
    let texts = |member: &str| -> Vec<&str> {
        let list = provider.get(member).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let text = |member: &str| provider.get(member).and_then(Value::as_str).unwrap_or_default();
    let link = match texts("docs").first() {
        Some(page) => format!("[{}]({page})", text("title")),
        None => text("title").to_owned(),
    };
    let code = |texts: Vec<&str>| {
        let written: Vec<_> = texts.iter().filter(|text| !text.is_empty()).map(|text| quoted(text)).collect();
        written.join(" or ")
    };
    let tolerance = provider.get("tolerance_seconds").and_then(Value::as_u64);
    let retries = provider.get("retry_delays_seconds").and_then(Value::as_array).map(Vec::len);
    let cells = [
        format!("{link} `{}`", text("name")),
        texts("algorithms").join(", "),
        code(texts("signed_content")),
        texts("covers").join(", "),
        tolerance.map(|seconds| format!("{seconds} s")).unwrap_or_default(),
        texts("handshakes").join(", "),
        retries.map(|count| count.to_string()).unwrap_or_default(),
        text("evidence").to_owned(),
    ];
    // Writing to a String cannot fail.
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

/// Writes a text as code inside a table cell.
fn quoted(text: &str) -> String {
    format!("`{}`", text.replace('\n', "\\n").replace('|', "\\|"))
}
