//! Bodies, URLs and headers that cost a receiver more than others.

/// As large as a receiver takes by default.
const BODY_BYTES: usize = 1 << 20;
/// As long as a URL and a header may be, less what the tests put around it.
const LINE_BYTES: usize = (64 << 10) - 256;
/// As many fields as a form or a query may have.
const FIELDS: usize = 4096;
const MOST_SIGNATURES: usize = 32;

/// A name to print, and what a stranger sends.
pub(crate) type Kind = (&'static str, Vec<u8>);

/// Makes the bodies that are the same for every provider.
pub(crate) fn bodies() -> Vec<Kind> {
    let value = BODY_BYTES / FIELDS;
    vec![
        ("letters", filled("", "a", "")),
        ("NUL", vec![0; BODY_BYTES]),
        ("no UTF-8", vec![0xff; BODY_BYTES]),
        ("blanks", filled("", " ", "{}")),
        ("line breaks", filled("{}", "\r\n", "")),
        ("open arrays", filled("", "[", "")),
        ("open objects", filled("", "{\"id\":", "")),
        ("one array", filled("[0", ",1", "]")),
        ("empty objects", filled("[{}", ",{}", "]")),
        ("equal members", filled("{\"id\":\"1\"", ",\"id\":\"1\"", "}")),
        (
            "other members",
            format!("{{{}\"id\":\"1\"}}", numbered(80_000, |n| format!("\"m{n}\":{n},"))).into(),
        ),
        (
            "members in reverse",
            format!("{{{}\"a\":1}}", numbered(60_000, |n| format!("\"{}\":{n},", 90_000 - n))).into(),
        ),
        ("escapes", filled("{\"id\":\"", "\\u0061", "\"}")),
        ("surrogates", filled("{\"id\":\"", "\\ud83d\\ude00", "\"}")),
        ("lone surrogates", filled("{\"id\":\"", "\\ud800", "\"}")),
        ("text of other alphabets", filled("{\"id\":\"", "\u{1f600}\u{e9}", "\"}")),
        (
            "halfway numbers",
            filled("[9007199254740993", &format!(",9007199254740993.{}1", "0".repeat(700)), "]"),
        ),
        ("short halfway numbers", filled("[1", ",9007199254740993", "]")),
        ("tiny numbers", filled("[1", ",2.4703282292062327208e-324", "]")),
        ("small exponents", filled("[1", ",1e-308", "]")),
        ("many digits", filled("[1", &format!(",{}", "7".repeat(300)), "]")),
        ("a form of long fields", form(|n| format!("f{n}={}", "v".repeat(value - 8)))),
        ("a form of long names", form(|n| format!("{}{n}=v", "n".repeat(value - 8)))),
        ("a form of equal fields", form(|_| format!("{}=v", "n".repeat(value - 4)))),
        ("a form of escapes", form(|n| format!("f{n}={}", "%41".repeat((value - 8) / 3)))),
        ("a form of no UTF-8", form(|n| format!("f{n}={}", "%ff".repeat((value - 8) / 3)))),
        ("a form of &s and =s", form(|n| format!("f{n}={}", "%26%3d".repeat((value - 8) / 6)))),
        ("a form in reverse", form(|n| format!("{}{}=v", "n".repeat(value - 10), 9999 - n))),
        ("a form of one field", filled("sig=00&bt_payload=", "%41", "")),
        ("a form of many fields", filled("a", "&a", "")),
    ]
}

/// Makes URLs of 64 KiB behind an address.
pub(crate) fn urls(address: &str) -> Vec<(&'static str, String)> {
    let base = address.split('?').next().unwrap_or_default();
    let queries = [
        ("a query of apostrophes", "'%27".repeat(LINE_BYTES / 4)),
        ("a query of escapes", "%2F%3a%41".repeat(LINE_BYTES / 9)),
        ("a query of fields", numbered(FIELDS, |n| format!("&f{n}=%26%c3%a9"))),
        ("a query of many fields", "&a".repeat(LINE_BYTES / 2)),
        ("a query of one field", "data.id=X".repeat(LINE_BYTES / 9)),
    ];
    let mut urls: Vec<_> = queries
        .into_iter()
        .map(|(name, query)| (name, format!("{base}?{query}").chars().take(LINE_BYTES).collect()))
        .collect();
    let path = ("a path of escapes", format!("{base}/{}", "%2F'".repeat(LINE_BYTES / 4)));
    urls.push(path);
    urls
}

/// Puts much where one value was, in each way that a header has for several.
pub(crate) fn headers(value: &str) -> Vec<(&'static str, Vec<String>)> {
    let repeated = |separator: &str| vec![vec![value; MOST_SIGNATURES].join(separator)];
    let long = |text: &str| vec![text.repeat(LINE_BYTES / text.len().max(1))];
    vec![
        ("32 signatures", vec![value.to_owned(); MOST_SIGNATURES]),
        ("32 signatures, commas", repeated(",")),
        ("32 signatures, blanks", repeated(" ")),
        ("32 signatures, semicolons", repeated(";")),
        ("64 KiB of blanks", long(" ")),
        ("64 KiB of commas", long(",")),
        ("64 KiB of versions", long("v1,")),
        ("64 KiB of pairs", long("v1=00,t=1,")),
        ("64 KiB of its own", long(&format!("{value},"))),
    ]
}

/// Makes a provider's own body as large as it may be: each of its texts, written in escapes.
pub(crate) fn grown(sample: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(sample) else { return sample.to_vec() };
    let pieces: Vec<&str> = text.split("\":\"").collect();
    let each = BODY_BYTES / pieces.len().max(1) / 6;
    pieces.join(&format!("\":\"{}", "\\u0061".repeat(each))).into_bytes()
}

fn filled(before: &str, text: &str, after: &str) -> Vec<u8> {
    let times = (BODY_BYTES - before.len() - after.len()) / text.len();
    [before, &text.repeat(times), after].concat().into_bytes()
}

fn form(field: impl Fn(usize) -> String) -> Vec<u8> {
    let fields: Vec<String> = (0..FIELDS).map(field).collect();
    fields.join("&").into_bytes()
}

fn numbered(count: usize, member: impl Fn(usize) -> String) -> String {
    (0..count).map(member).collect()
}
