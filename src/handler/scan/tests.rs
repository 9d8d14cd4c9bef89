//! Texts and the tokens they are cut into.

use super::*;

/// The tokens of `text`, blanks between them dropped.
fn cut(text: &str) -> Vec<&str> {
    let scan = scan(text);
    assert_eq!(scan.stopped, None, "{text}");
    scan.tokens.iter().map(|t| t.text(text)).collect()
}

fn check(text: &str, expect: &[&str]) {
    assert_eq!(cut(text), expect);
}

fn check_kind(text: &str, expect: TokenKind) {
    let scan = scan(text);
    assert_eq!(scan.stopped, None, "{text}");
    let whole = Token { kind: expect, start: 0, end: text.len() };
    assert_eq!(scan.tokens, [whole], "{text}");
}

fn check_stop(text: &str, at: usize, what: Quote) {
    assert_eq!(scan(text).stopped, Some((at, HandlerErrorKind::Unterminated(what))), "{text}");
}

#[test]
fn each_quote_form_is_one_token() {
    for text in [
        "'a'",
        "'it''s'",
        "'a\\'",
        "''",
        "E'a\\'b'",
        "e'a''b\\\\'",
        "E'a'\n  '\\'b'",
        "E'a' -- b'\n '\\'b'",
        "E'a'\r\n-- it's\n'\\'b'",
        "U&'\\0441'",
        "B'01'",
        "x'ff'",
        "N'a'",
        "$$a $b$ 'c$$",
        "$t1$ $$ $t $t1$",
        "$é$;$é$",
        "'-- no /* comment :a'",
    ] {
        check_kind(text, TokenKind::Text);
    }
    for text in ["\"a\"\"b\"", "U&\"a\"", "\"--\""] {
        check_kind(text, TokenKind::QuotedName);
    }
}

#[test]
fn comments() {
    check_kind("/* a /* b */ ' $$ */", TokenKind::BlockComment);
    check_kind("/*/**/*/", TokenKind::BlockComment);
    check_kind("-- it's :a /* \"", TokenKind::LineComment);
    check("1--a\r\n2-- b\r3", &["1", "--a", "2", "-- b", "3"]);
    check("1+/*a*/2*/**/3", &["1", "+", "/*a*/", "2", "*", "/**/", "3"]);
}

#[test]
fn rows_of_a_copy_are_one_token() {
    let data = "1\tit's; -- /* $$\n\\.x\n\\.\n";
    for head in [
        "COPY t (a, \"from\") FROM stdin;",
        "/* x */ copy binary t From /* y */ STDIN WITH (FORMAT csv); ",
        "COPY t FROM STDIN; -- rows",
    ] {
        let text = format!("{head}\n{data}SELECT 1");
        let tokens = scan(&text).tokens;
        let rows: Vec<&Token> = tokens.iter().filter(|t| t.kind == TokenKind::Rows).collect();
        assert_eq!(rows.len(), 1, "{text}");
        assert_eq!(rows[0].text(&text), data);
        assert_eq!(tokens[tokens.len() - 2].text(&text), "SELECT");
    }
    check_kind_of("COPY t FROM stdin;\r\n1\r\n\\.\r\n", "1\r\n\\.\r\n");
    check_kind_of("COPY t FROM stdin;\n\\.", "\\.");
    for text in [
        "COPY (SELECT a FROM stdin) TO '/x';\n1",
        "COPY t TO STDOUT;\n1",
        "SELECT copy FROM stdin;\n1",
        "COPY stdin FROM '/x';\n1",
    ] {
        assert!(scan(text).tokens.iter().all(|t| t.kind != TokenKind::Rows), "{text}");
    }
    let stop = |text: &str| scan(text).stopped;
    assert_eq!(stop(" COPY t FROM stdin;\n1\n"), Some((1, HandlerErrorKind::RowsWithoutEnd)));
    let beside = "COPY t FROM stdin; SELECT 1;\n\\.\n";
    assert_eq!(stop(beside), Some((18, HandlerErrorKind::BesideRows)));
}

fn check_kind_of(text: &str, rows: &str) {
    let last = scan(text).tokens.pop().unwrap();
    assert_eq!((last.kind, last.text(text)), (TokenKind::Rows, rows), "{text}");
}

#[test]
fn a_pledge_of_pg_dump_is_a_comment() {
    check_kind("\\restrict ab12XY", TokenKind::LineComment);
    check(
        "\\restrict a1\r\nSELECT 1;\n\\unrestrict a1 \n",
        &["\\restrict a1", "SELECT", "1", ";", "\\unrestrict a1 "],
    );
    for text in [
        " \\restrict a1",
        "\\restrict",
        "\\restrict ",
        "\\restrict a1; COMMIT",
        "\\restrict a1 \\! ls",
    ] {
        assert_eq!(scan(text).tokens[0].kind, TokenKind::Symbol(b'\\'), "{text}");
    }
}

#[test]
fn parameters() {
    for text in [":a", ":_", ":a?", ":a.b.0.c", ":a.\"odd key\".b?", ":\"org:group\"", ":ก็.é"]
    {
        check_kind(text, TokenKind::Parameter);
    }
    check(":a::int", &[":a", "::", "int"]);
    check(":a?::int", &[":a?", "::", "int"]);
    check("a::text", &["a", "::", "text"]);
    check("a := b", &["a", ":", "=", "b"]);
    check("a:=b:::c", &["a", ":", "=", "b", ":::", "c"]);
    check("a[1:2]", &["a", "[", "1", ":", "2", "]"]);
    check("(:a,:b)", &["(", ":a", ",", ":b", ")"]);
    check(":a. b:1", &[":a", ".", "b", ":", "1"]);
    check(":a ? 'x' ?| b", &[":a", "?", "'x'", "?", "|", "b"]);
    check("a->>'x'", &["a", "-", ">", ">", "'x'"]);
    check(":a\u{a0}b", &[":a", "\u{a0}b"]);
}

#[test]
fn words_and_numbers() {
    check_kind("a$b$c", TokenKind::Word);
    check_kind("größe_ก็", TokenKind::Word);
    check_kind("$12", TokenKind::Positional);
    check("1.5e10 .5 0x1F 1_000 t.a", &["1.5e10", ".5", "0x1F", "1_000", "t", ".", "a"]);
    check("fe'a' e 'a'", &["fe", "'a'", "e", "'a'"]);
    check("$ $a 1", &["$", "$", "a", "1"]);
}

#[test]
fn what_does_not_end_is_blamed_where_it_begins() {
    check_stop("é 'a''", 3, Quote::Text);
    check_stop("a E'b\\'", 2, Quote::Text);
    check_stop("E'\\", 0, Quote::Text);
    check_stop("U&\"a", 0, Quote::Name);
    check_stop(":a.\"b", 3, Quote::Name);
    check_stop("/* /* */", 0, Quote::Comment);
    check_stop(" $a$ $b$", 1, Quote::Dollar);
    assert_eq!(scan("a\0").stopped, Some((1, HandlerErrorKind::Nul)));
}

#[test]
fn a_byte_order_mark_counts_in_offsets_only_at_byte_0() {
    assert_eq!(scan("\u{feff}a").tokens, [Token { kind: TokenKind::Word, start: 3, end: 4 }]);
    check(" \u{feff}a", &["\u{feff}a"]);
}
