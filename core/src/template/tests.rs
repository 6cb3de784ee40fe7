use super::*;
use crate::request::Request;

const LISTS: &str = r#"{
    "parameters": {
        "query": {"of": "query", "between": "=", "join": "&"},
        "form": {"of": "form"},
        "fields": {"of": "form-or-query", "before": "&", "between": "=", "except": ["sig"], "replace": {"&": "_"}}
    },
    "listed_headers": {
        "signed": {
            "names": {"header": "List"}, "separator": ",", "between": ":", "join": ";", "needs": ["list", "time"]
        },
        "values": {"names": {"header": "Hook", "pair": "h", "separator": ","}, "separator": " ", "join": "."}
    },
    "values": {"h": {"header": "Hook", "pair": "h", "separator": ","}}
}"#;

fn template(text: &str, tables: &mut Tables) -> Template {
    let form = TemplateForm::try_from(text.to_owned()).unwrap();
    form.resolve(tables, &serde_json::from_str(LISTS).unwrap()).unwrap()
}

fn fill<const N: usize>(
    text: &str,
    url: &str,
    body: &[u8],
    headers: &[(&str, &str); N],
) -> Result<String, Code> {
    let mut tables = Tables::default();
    let template = template(text, &mut tables);
    let view = View::new(&tables, &Request::new(body, headers), Some(url.into()));
    let given = Given::of(&view);
    template.text(&given).map(|text| String::from_utf8(text).unwrap()).map_err(|error| error.code())
}

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

#[test]
fn an_optional_part_goes_with_what_is_absent_in_it() {
    let text = "{url_without_query}[?{parameters:query}][.{parameters:form}][;{json:/a}][;{header:x}]";
    let filled = |url, body: &[u8]| fill(text, url, body, &FORM).unwrap();
    assert_eq!(filled("https://a.b/c", b""), "https://a.b/c");
    assert_eq!(filled("https://a.b/c?y=2&x=1", b""), "https://a.b/c?x=1&y=2");
    assert_eq!(filled("https://a.b/c", b"y=2&x=1"), "https://a.b/c.x1y2");
    assert_eq!(fill(text, "/c", b"{\"a\":1}", &[("x", "y")]).unwrap(), "/c;1;y");
}

#[test]
fn outside_of_one_an_absent_member_and_an_empty_list_are_empty_texts() {
    assert_eq!(fill("{json:/a}:{json:/b}:{parameters:form}", "/", b"{\"b\":2}", &[]).unwrap(), ":2:");
    assert_eq!(fill("{header:x}", "/", b"", &[]), Err(Code::MissingHeader));
}

#[test]
fn a_list_leaves_out_and_replaces_what_it_says() {
    let body = b"sig=00&b=1%262&a=%C3%A9";
    assert_eq!(fill("{parameters:fields}", "/", body, &FORM).unwrap(), "&a=\u{e9}&b=1_2");
    assert_eq!(fill("{parameters:fields}", "/?sig=0&a=b", b"", &[]).unwrap(), "&a=b");
}

#[test]
fn a_list_of_headers_has_to_hold_those_that_are_needed() {
    let text = "{listed_headers:signed}[{header:X}{header:Z}]";
    let filled = |list| fill(text, "/", b"", &[("List", list), ("Time", "1"), ("X", " y ")]);
    assert_eq!(filled("x,List,time").unwrap(), "x:y;list:x,List,time;time:1");
    assert_eq!(filled("list, time").unwrap(), "list:list, time;time:1");
    assert_eq!(filled("x,list"), Err(Code::MalformedHeader));
    assert_eq!(filled("x,time"), Err(Code::MalformedHeader));
    assert_eq!(filled("list,time,z"), Err(Code::MissingHeader));
    assert_eq!(filled("list,time,unread"), Err(Code::MissingHeader));
    assert_eq!(filled("list,time,TIME"), Err(Code::MalformedHeader));
    assert_eq!(filled(&"list,time,".repeat(1000)), Err(Code::MalformedHeader));
}

#[test]
fn a_list_of_headers_may_be_signed_as_its_values() {
    let text = "[{value:h}={listed_headers:values}]{body}[{header:A}{header:B}]";
    let filled = |hook| fill(text, "/", b"{}", &[("Hook", hook), ("A", "1"), ("B", "2")]).unwrap();
    assert_eq!(filled("t=1,h=b A,v1=00"), "b A=2.1{}12");
    assert_eq!(filled("t=1,v1=00"), "{}12");
}

#[test]
fn tells_whose_values_it_holds() {
    let mut tables = Tables::default();
    let template = template("{parameters:fields}{listed_headers:signed}", &mut tables);
    let mut holds = |json: &str, is_form| {
        let form: crate::source::SourceForm = serde_json::from_str(json).unwrap();
        template.covers(&form.resolve(&mut tables), is_form)
    };
    assert!(holds(r#"{"form": "a"}"#, None));
    assert!(!holds(r#"{"form": "sig"}"#, None), "the signature is left out");
    assert!(!holds(r#"{"query": "a"}"#, None), "a form takes the place of the query");
    assert!(!holds(r#"{"query": "a"}"#, Some(true)));
    assert!(holds(r#"{"query": "a"}"#, Some(false)));
    assert!(holds(r#"{"header": "Time"}"#, None));
    assert!(!holds(r#"{"header": "x"}"#, None));
}

#[test]
fn a_value_is_part_of_itself_and_of_the_list_that_holds_it() {
    let mut tables = Tables::default();
    let mut is_part = |one: &str, other: &str| {
        let [one, other] = [one, other].map(|text| template(text, &mut tables));
        other.has(|other| one.has(|one| one.is_part_of(other, None)))
    };
    assert!(is_part("{header:a}", "{header:a}"));
    assert!(!is_part("{header:a}", "{header:b}"));
    assert!(is_part("{form:a}", "{parameters:form}"));
    assert!(!is_part("{form:sig}", "{parameters:fields}"));
    assert!(!is_part("{header:a}", "{parameters:form}"));
}

/// A signer that did not say so would sign fields of a body that nobody reads as a form.
#[test]
fn a_field_of_a_form_needs_one() {
    let reads = |text: &str| template(text, &mut Tables::default()).has(Variable::reads_form);
    assert!(reads("{form:a}") && reads("{parameters:form}") && reads("{parameters:fields}"));
    assert!(!reads("{query:a}") && !reads("{parameters:query}") && !reads("{body}"));
}

#[test]
fn what_no_list_describes_is_named_as_it_is_written() {
    for (text, member) in
        [("{value:x}", "values"), ("{parameters:x}", "parameters"), ("{listed_headers:x}", "listed_headers")]
    {
        let form = TemplateForm::try_from(text.to_owned()).unwrap();
        let error = form.resolve(&mut Tables::default(), &Lists::default()).unwrap_err();
        assert_eq!(error.code(), Code::InvalidProvider);
        let expected = format!("a template uses {text}, which \"{member}\" does not describe");
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
}

#[test]
fn a_template_is_written_as_it_is_read() {
    for text in ["", "{id}.{timestamp}.{body}", "a{{b}}c[[d]]", "[?{parameters:query}]{body|sha256|hex}"] {
        assert_eq!(TemplateForm::try_from(text.to_owned()).unwrap().to_string(), text);
    }
}

#[test]
fn a_template_that_is_none_says_why() {
    for (text, reason) in [
        ("a}", "a lone '}'"),
        ("a]", "a lone ']'"),
        ("{body", "the placeholder {body has no closing brace"),
        ("[a", "an optional part has no closing bracket"),
        ("[a[b]]", "an optional part stands in an optional part"),
        ("{bodies}", "unknown placeholder {bodies}"),
        ("{}", "unknown placeholder {}"),
        ("{body:x}", "the placeholder {body} takes no argument"),
        ("{header}", "the placeholder {header} needs an argument"),
        ("{header:}", "the placeholder {header} needs an argument"),
        ("{body|sha3}", "unknown filter \"sha3\""),
    ] {
        let error = TemplateForm::try_from(text.to_owned()).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn filters_are_applied_in_their_order() {
    assert_eq!(fill("{body|lower|line|hex}", "/", b"Z", &[]).unwrap(), "7a0a");
    assert_eq!(fill("{body|hex|lower}", "/", b"Z", &[]).unwrap(), "5a");
    assert_eq!(fill("{body|md5|hex}", "/", b"abc", &[]).unwrap(), "900150983cd24fb0d6963f7d28e17f72");
    let sha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";
    assert_eq!(fill("{body|sha1|hex}", "/", b"abc", &[]).unwrap(), sha1);
    assert_eq!(fill("{body|base64}", "/", &[0xfb, 0xff], &[]).unwrap(), "+/8=");
    assert_eq!(fill("{body|base64url}", "/", &[0xfb, 0xff], &[]).unwrap(), "-_8");
    assert_eq!(fill("{body|escape:&|json}", "/", b"a&\"", &[]).unwrap(), r#"a%26\""#);
    assert_eq!(fill("{body|decode:&}", "/", b"%26%41", &[]).unwrap(), "&%41");
}

#[test]
fn what_is_missing_is_named() {
    for (text, name) in [
        ("{id}", "the id"),
        ("{timestamp}", "the timestamp"),
        ("{header:Webhook-Id}", "the header Webhook-Id"),
        ("{listed_headers:signed}", "the list of signed headers in the header list"),
    ] {
        let mut tables = Tables::default();
        let template = template(text, &mut tables);
        let view = View::new(&tables, &Request::new(b"", &[("a", "b"); 1]), None);
        let error = template.text(&Given::of(&view)).unwrap_err();
        let expected = format!("{name} is missing, and it is part of what is signed");
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
}

#[test]
fn a_url_that_is_needed_and_absent_is_asked_for() {
    for text in ["{url}", "{url_without_query}", "{path}", "{path_with_query}", "{method}"] {
        let mut tables = Tables::default();
        let template = template(text, &mut tables);
        let view = View::new(&tables, &Request::new(b"", &[("a", "b"); 1]), None);
        let error = template.text(&Given::of(&view)).unwrap_err();
        assert_eq!(error.code(), Code::InvalidOption, "{text}");
    }
}
