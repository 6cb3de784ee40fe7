use super::*;

fn statements(placeholder: Placeholder) -> SqlStatements {
    SqlStatements::new(SqlDialect::PostgreSql, placeholder, "billing.Deliveries").unwrap()
}

#[test]
fn every_style_marks_the_same_values() {
    let marks = [
        ("qmark", "owner = ?", "+ ?"),
        ("numeric", "owner = :3", "+ :1"),
        ("numeric_dollar", "owner = $3", "+ $1"),
        ("named", "owner = :owner", "+ :millis"),
        ("format", "owner = %s", "+ %s"),
        ("pyformat", "owner = %(owner)s", "+ %(millis)s"),
    ];
    for (style, owner, millis) in marks {
        let complete = statements(Placeholder::named(style).unwrap()).complete;
        assert_eq!(complete.parameters, ["millis", "delivery", "owner"], "{style}");
        assert!(complete.text.contains(owner) && complete.text.contains(millis), "{}", complete.text);
    }
}

#[test]
fn a_value_that_occurs_twice_is_given_twice() {
    let claim = statements(Placeholder::NumericDollar).claim;
    assert_eq!(claim.parameters, ["delivery", "owner", "millis", "millis"]);
    assert!(claim.text.contains("$4") && !claim.text.contains("$5"), "{}", claim.text);
}

#[test]
fn nothing_of_a_template_is_left() {
    for dialect in ["postgresql", "sqlite"] {
        let dialect = SqlDialect::named(dialect).unwrap();
        let all = SqlStatements::new(dialect, Placeholder::Format, "deliveries").unwrap();
        let statements = [all.claim, all.state, all.complete, all.release, all.clear];
        let texts = statements.into_iter().map(|statement| statement.text).chain(all.schema);
        for text in texts {
            assert!(!text.contains(['{', '}', ':', ';']) && !text.contains("--"), "{text}");
            assert!(text.contains("\"deliveries\""), "{text}");
        }
    }
}

#[test]
fn a_table_keeps_its_schema_and_its_case() {
    let schema = statements(Placeholder::Format).schema;
    assert_eq!(schema.len(), 2);
    assert!(schema[0].contains("EXISTS \"billing\".\"Deliveries\" ("), "{}", schema[0]);
    assert!(
        schema[1].contains("EXISTS \"Deliveries_ends_at\" ON \"billing\".\"Deliveries\""),
        "{}",
        schema[1]
    );
}

#[test]
fn a_name_that_could_be_more_than_a_name_is_refused() {
    let long = "x".repeat(56);
    for table in
        ["", ".", "a.", "a.b.c", "1a", "a b", "a\"; DROP TABLE b; --", "a;", "é", "{now}", ":owner", &long]
    {
        let error = SqlStatements::new(SqlDialect::Sqlite, Placeholder::Qmark, table).unwrap_err();
        assert_eq!(error.code(), Code::InvalidOption, "{table:?}");
    }
    assert!(SqlStatements::new(SqlDialect::Sqlite, Placeholder::Qmark, &long[1..]).is_ok());
}

#[test]
fn a_dialect_and_a_placeholder_are_known_by_name() {
    assert_eq!(SqlDialect::named("postgresql"), Some(SqlDialect::PostgreSql));
    assert_eq!(SqlDialect::named("sqlite"), Some(SqlDialect::Sqlite));
    assert_eq!(SqlDialect::named("SQLite"), None);
    assert_eq!(Placeholder::named("dollar"), None);
}

#[test]
fn the_clock_is_the_server_s_and_clearing_waits_for_nobody() {
    let all = |dialect| SqlStatements::new(dialect, Placeholder::Qmark, "deliveries").unwrap();
    let (postgresql, sqlite) = (all(SqlDialect::PostgreSql), all(SqlDialect::Sqlite));
    for (statements, clock) in [(&postgresql, "clock_timestamp()"), (&sqlite, "julianday('now')")] {
        for statement in [&statements.claim, &statements.complete, &statements.clear] {
            assert!(statement.text.contains(clock), "{}", statement.text);
        }
    }
    assert!(postgresql.clear.text.contains("SKIP LOCKED"), "{}", postgresql.clear.text);
    assert!(!sqlite.clear.text.contains("LOCKED"), "SQLite has no such words: {}", sqlite.clear.text);
}
