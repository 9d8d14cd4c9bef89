//! Whole handlers files, and files nobody should write.

use super::*;

fn parse(text: &str) -> Handlers {
    Handlers::parse(SourceFile::new("handlers.sql", text)).unwrap()
}

/// Each handler as `types: statement; statement`.
fn check(text: &str, expect: &[&str]) {
    let handlers = parse(text);
    let found: Vec<_> = handlers
        .handlers
        .iter()
        .map(|h| {
            let statements: Vec<_> = h.statements.iter().map(|s| &text[s.span.clone()]).collect();
            format!("{}: {}", h.event_types.join("+"), statements.join("; "))
        })
        .collect();
    assert_eq!(found, expect, "{text}");
}

fn check_error(text: &str, expect: &[&str]) {
    let errors = Handlers::parse(SourceFile::new("h.sql", text)).unwrap_err();
    let found: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(found, expect, "{text}");
}

const SAMPLE: &str = "\
-- What a customer sees of an order.

-- on OrderCreated
INSERT INTO order_summary (id, customer_name, created_at)
VALUES (:order_id, :customer.name?, :event.recorded_at)
ON CONFLICT (id) DO UPDATE SET customer_name = EXCLUDED.customer_name;

-- on OrderItemAdded, OrderItemGiven
-- on every item we count
UPDATE order_summary
   SET total = total + :quantity::int * :unit_price::numeric
 WHERE id = :order_id;
INSERT INTO trail VALUES (:event.metadata.actor, :order_id)
";

#[test]
fn a_file_is_handlers_with_parameters() {
    let handlers = parse(SAMPLE);
    let types: Vec<_> = handlers.event_types().collect();
    assert_eq!(types, ["OrderCreated", "OrderItemAdded", "OrderItemGiven"]);
    assert!(handlers.for_type("Other").is_none());
    assert_eq!(handlers.for_type("OrderItemAdded"), handlers.for_type("OrderItemGiven"));

    let handler = handlers.for_type("OrderItemGiven").unwrap();
    assert_eq!(&SAMPLE[handler.span.clone()], "-- on OrderItemAdded, OrderItemGiven");
    let params: Vec<_> = handler.params.iter().map(ToString::to_string).collect();
    assert_eq!(params, [":quantity", ":unit_price", ":order_id", ":event.metadata.actor"]);
    assert_eq!(handler.statements[0].params(), [0, 1, 2]);
    assert_eq!(handler.statements[1].params(), [3, 2]);
    for param in &handler.params {
        for span in &param.spans {
            assert_eq!(SAMPLE[span.clone()], param.to_string());
        }
    }
    assert_eq!(handler.params[2].spans.len(), 2);
    assert_eq!(handler.payload_fields().count(), 3);
    assert!(handlers.uses_metadata() && handlers.uses_recorded_at());
    assert!(!parse("-- on A\nDELETE FROM t WHERE a = :metadata").uses_metadata());
    assert!(!parse("-- on A\nDELETE FROM t WHERE a = :recorded_at").uses_recorded_at());
}

#[test]
fn line_ends_do_not_change_what_is_read() {
    let crlf = SAMPLE.replace('\n', "\r\n");
    let (unix, dos) = (parse(SAMPLE), parse(&crlf));
    for (a, b) in unix.handlers.iter().zip(&dos.handlers) {
        assert_eq!(a.event_types, b.event_types);
        for (a, b) in a.statements.iter().zip(&b.statements) {
            let [a, b] = [a, b].map(|s| s.render(|i| format!("${i}")).sql);
            assert_eq!(a.replace('\n', "\r\n"), b);
        }
    }
    check("\u{feff}-- on A\r\nDELETE FROM a;\r\n", &["A: DELETE FROM a"]);
    check("-- on A\rDELETE FROM a", &["A: DELETE FROM a"]);
}

#[test]
fn headers_cut_the_file() {
    check("", &[]);
    check("-- nothing yet\n;", &[]);
    check("-- on A\n-- on B\n;;\n", &["A: ", "B: "]);
    check(
        "-- on A\nDELETE FROM a\n--On B\nDELETE FROM b",
        &["A: DELETE FROM a", "B: DELETE FROM b"],
    );
    check("-- on A\nDELETE FROM a; -- on B\n", &["A: DELETE FROM a"]);
    check("-- on A\n/*\n-- on B\n*/ DELETE FROM a", &["A: DELETE FROM a"]);
    check(
        "-- on A\nDELETE FROM a WHERE b = '\n-- on B\n'",
        &["A: DELETE FROM a WHERE b = '\n-- on B\n'"],
    );
    check(
        "-- on A\nDELETE FROM a WHERE b = $$\n-- on B\n$$",
        &["A: DELETE FROM a WHERE b = $$\n-- on B\n$$"],
    );
    check(
        "-- on A\nDELETE FROM a WHERE (b\n-- on hold\n)",
        &["A: DELETE FROM a WHERE (b\n-- on hold\n)"],
    );
    check("-- on \"a, b\"\nDELETE FROM a", &["a, b: DELETE FROM a"]);
}

#[test]
fn errors_are_reported_together_and_in_order() {
    check_error(
        "DELETE FROM a;\nDELETE FROM b;\n-- on A, A\nDELETE FROM c WHERE (a;\nDELETE FROM d);\n\
         --on\nSELECT :event;\n  -- on B, A\n\\set x 1\n-- on C\nDELETE FROM é WHERE 'x",
        &[
            "h.sql:1:1: a statement stands before the first header; write -- on EventType above it",
            "h.sql:3:10: the event type \"A\" already has a handler, at h.sql:3:7",
            "h.sql:4:21: the parenthesis that opens here is not closed before the statement ends",
            "h.sql:5:14: the parenthesis that closes here was not opened in this statement",
            "h.sql:6:5: the header names no event type; write -- on EventType",
            "h.sql:7:1: a handler statement must change rows, and SELECT does not",
            "h.sql:7:8: the parameter :event is the whole envelope; write :event.position and the \
             like, or :\"event\" for a payload field of that name",
            "h.sql:8:12: the event type \"A\" already has a handler, at h.sql:3:7",
            "h.sql:9:1: the psql command \\set is not SQL, and psql is not used",
            "h.sql:11:21: the string that begins here is not closed",
        ],
    );
    check_error(
        "\\echo it's",
        &[
            "h.sql:1:1: the psql command \\echo is not SQL, and psql is not used",
            "h.sql:1:9: the string that begins here is not closed",
        ],
    );
    check_error("-- on A\n /* a", &["h.sql:2:2: the comment that begins here is not closed"]);
    check_error(
        "-- on A\nDELETE FROM \"a",
        &["h.sql:2:13: the quoted name that begins here is not closed"],
    );
    check_error(
        "-- on A\nDO $a$ $b$",
        &[
            "h.sql:2:1: a handler may hold INSERT, UPDATE, DELETE, MERGE and WITH ... only, not DO",
            "h.sql:2:4: the dollar-quoted string that begins here is not closed",
        ],
    );
    check_error("-- on A\n\0", &["h.sql:2:1: the file holds a NUL byte"]);
}

#[test]
fn errors_are_bounded() {
    let text = format!("-- on A\n{}", "SELECT 1;\n".repeat(10_000));
    let errors = Handlers::parse(SourceFile::new("h.sql", text)).unwrap_err();
    assert_eq!(errors.len(), MAX_ERRORS);
    let long = format!("-- on A\n{}", "é".repeat(100_000));
    let errors = Handlers::parse(SourceFile::new("h.sql", long)).unwrap_err();
    assert!(errors[0].to_string().len() < 300);
}

#[test]
fn deep_and_long_files_are_read_in_time() {
    let deep = 200_000;
    check_error(&"/*".repeat(deep), &["h.sql:1:1: the comment that begins here is not closed"]);
    parse(&("/*".repeat(deep) + &"*/".repeat(deep)));
    let open = format!("-- on A\nDELETE FROM a WHERE {}", "(".repeat(deep));
    assert_eq!(Handlers::parse(SourceFile::new("h.sql", open)).unwrap_err().len(), 1);
    let mut many = "-- on A\nINSERT INTO t VALUES (0".to_owned();
    for i in 0..50_000 {
        many += &format!(", :p{i}");
    }
    let handlers = parse(&(many + ")"));
    assert_eq!(handlers.handlers[0].statements[0].params().len(), 50_000);
    parse(&"-- on A\n--".replace('A', &"a.".repeat(deep).replace("a.", "ab")));
    parse(&"\n \t--\n".repeat(deep));
}

/// Pieces that mean something to the scanner, thrown together: no file may
/// make it panic, lose its place or cut a character in two.
#[test]
fn no_text_makes_it_panic() {
    const PIECES: &[&str] = &[
        "-- on ",
        "-- on A\n",
        "--",
        "\n",
        "\r",
        "'",
        "\"",
        "E'",
        "U&\"",
        "\\",
        "$$",
        "$a$",
        "$1",
        "/*",
        "*/",
        ":",
        "::",
        ":a",
        ":a.",
        ":event",
        ":event.",
        "metadata",
        "?",
        ".",
        ",",
        ";",
        "(",
        ")",
        "[",
        "INSERT ",
        "WITH ",
        "RETURNING ",
        "create function ",
        "begin ",
        "end ",
        "é",
        "ก็",
        "\u{feff}",
        "\u{a0}",
        "😀",
        "\0",
        " ",
        "1",
        "_",
        "&",
        "u",
        "on",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap()
    };
    for _ in 0..20_000 {
        let mut text = if next() % 2 == 0 { "-- on T\nDELETE ".to_owned() } else { String::new() };
        for _ in 0..next() % 24 {
            text += PIECES[next() % PIECES.len()];
        }
        let file = SourceFile::new("h.sql", text.clone());
        let scan = scan::scan(&text);
        let mut end = 0;
        for token in &scan.tokens {
            assert!(token.start >= end && token.end > token.start, "{text:?}");
            end = token.end;
            assert!(!token.text(&text).is_empty());
        }
        if let Ok(handlers) = Handlers::parse(file.clone()) {
            for handler in &handlers.handlers {
                check_handler(&text, handler);
            }
        }
        let _ = parse_checks(file.clone());
        for span in split(&file).unwrap_or_default() {
            assert!(!text[span].is_empty());
        }
    }
}

/// Written out with its own parameters, a statement is what stands in the file.
fn check_handler(text: &str, handler: &Handler) {
    for statement in &handler.statements {
        let rendered = statement.render(|i| text[handler.params[i].spans[0].clone()].to_owned());
        for position in 0..rendered.sql.chars().count() + 2 {
            let source = rendered.source_offset_of_char(position);
            assert!(text.is_char_boundary(source), "{text:?}");
            assert!((statement.span.start..=statement.span.end).contains(&source), "{text:?}");
        }
        if handler.params.iter().all(|p| p.spans.len() == 1) {
            assert_eq!(rendered.sql, &text[statement.span.clone()]);
        }
    }
    for param in &handler.params {
        let again = parse(&format!("-- on A\nDELETE FROM a WHERE {param}"));
        assert_eq!(again.handlers[0].params[0].source, param.source, "{text:?}");
    }
}
