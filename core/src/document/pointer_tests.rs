use super::*;

fn read(pointers: &[&str], document: &str) -> Option<Vec<Option<String>>> {
    let mut table = PointerTable::default();
    let slots: Vec<_> =
        pointers.iter().map(|text| table.slot(&Pointer::try_from((*text).to_owned()).unwrap())).collect();
    let mut values = JsonValues::default();
    table.read(document.as_bytes(), &mut values).ok()?;
    Some(slots.iter().map(|slot| values.raw(*slot).map(str::to_owned)).collect())
}

fn one(pointer: &str, document: &str) -> Option<String> {
    read(&[pointer], document).unwrap().remove(0)
}

#[test]
fn finds_members_and_elements_at_any_depth() {
    let document = r#"{"a": {"b": [1, {"c": "x"}]}, "d/e": 2}"#;
    assert_eq!(one("/a/b/1/c", document).unwrap(), r#""x""#);
    assert_eq!(one("/d~1e", document).unwrap(), "2");
    assert_eq!(one("", document).unwrap(), document);
    assert_eq!(one("/a/b/2", document), None);
    assert_eq!(one("/d~1e/x", document), None, "a number has no members");
}

#[test]
fn one_pass_reads_an_object_and_its_members() {
    let values = read(&["/data", "/data/id", "/type"], r#"{"type":"t","data":{"id":7}}"#).unwrap();
    assert_eq!(values, [Some(r#"{"id":7}"#.into()), Some("7".into()), Some(r#""t""#.into())]);
}

#[test]
fn of_equal_names_the_last_counts_with_all_it_holds() {
    assert_eq!(one("/id", r#"{"id":1,"id":2}"#).unwrap(), "2");
    assert_eq!(one("/data/id", r#"{"data":{"id":1},"data":{}}"#), None);
    assert_eq!(one("/id", r#"{"id":1,"\u0069d":2}"#).unwrap(), "2");
}

#[test]
fn a_name_that_is_no_text_is_a_name_that_nobody_asked_for() {
    let document = r#"{"\ud83e":0,"a\udd80":{"a":1},"a":2}"#;
    assert_eq!(one("/a", document).unwrap(), "2");
    assert_eq!(one("/\u{fffd}", document), None);
}

#[test]
fn refuses_what_is_not_one_json_document() {
    for document in ["", "{", "{} {}", "\u{feff}{}", "{'a':1}", "{\"a\":1,}", "nul"] {
        assert_eq!(read(&["/a"], document), None, "{document:?}");
    }
}
