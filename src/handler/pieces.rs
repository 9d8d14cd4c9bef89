//! Tokens gathered into statements.
//!
//! Owns where a statement ends. Whether it may stand where it stands is
//! decided by the readers of handlers and checks; a migration may hold anything.

use super::error::{Errors, HandlerError, HandlerErrorKind, shown};
use super::scan::{Token, TokenKind, scan};
use crate::source::{SourceFile, Span};

/// Which semicolons end a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Semicolons {
    /// Every one. A statement that changes rows has none inside, so a forgotten
    /// `)` is blamed in its own statement and not at the end of the file.
    All,
    /// Those outside parentheses and outside the `BEGIN ATOMIC ... END` of a
    /// function, as psql does it: `CREATE RULE ... DO (a; b)` is one statement.
    AsPsql,
}

/// The tokens of one statement, comments and the semicolon left out. Never empty.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) tokens: Vec<Token>,
    /// The outermost `(` that is not closed.
    open: Option<usize>,
    /// The first `)` that closes nothing.
    stray: Option<usize>,
}

impl Piece {
    pub(super) fn first(&self) -> Token {
        self.tokens[0]
    }

    /// The statement's bytes, without comments around it and its semicolon.
    pub(super) fn span(&self) -> Span {
        self.tokens[0].start..self.tokens[self.tokens.len() - 1].end
    }

    /// The first keyword in capitals, parentheses before it skipped, for it
    /// decides what `(SELECT ...) UNION ...` is. Another sign is given as it is.
    pub(super) fn keyword(&self, text: &str) -> String {
        let mut tokens = self.tokens.iter();
        let first = tokens.find(|t| t.kind != TokenKind::Symbol(b'(')).unwrap_or(&self.tokens[0]);
        let word = first.text(text);
        shown(&if first.kind == TokenKind::Word {
            word.to_ascii_uppercase()
        } else {
            word.to_owned()
        })
    }

    /// Says what is wrong with it whatever it is. False if it is not SQL at all.
    pub(super) fn check_shape(&self, text: &str, errors: &mut Errors<'_>) -> bool {
        if let Some((at, kind)) = self.psql_command(text) {
            errors.push(at, kind);
            return false;
        }
        if let Some(at) = self.open {
            errors.push(at, HandlerErrorKind::OpenParenthesis);
        }
        if let Some(at) = self.stray {
            errors.push(at, HandlerErrorKind::StrayParenthesis);
        }
        true
    }

    fn psql_command(&self, text: &str) -> Option<(usize, HandlerErrorKind)> {
        let first = self.first();
        if first.kind != TokenKind::Symbol(b'\\') {
            return None;
        }
        let command = text[first.start..].split_whitespace().next().unwrap_or("\\");
        Some((first.start, HandlerErrorKind::PsqlCommand(shown(command))))
    }
}

/// A COPY from or to the client. Rows for it stand in the file, or nobody has any; nobody wants those
/// that it gives.
impl Piece {
    fn copies(&self, text: &str, from_or_to: &str, client: &str) -> bool {
        let is = |token: &Token, word: &str| {
            token.kind == TokenKind::Word && token.text(text).eq_ignore_ascii_case(word)
        };
        let mut depth = 0_usize;
        let outside = self.tokens.iter().filter(|token| {
            match token.kind {
                TokenKind::Symbol(b'(') => depth += 1,
                TokenKind::Symbol(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        let outside: Vec<&Token> = outside.collect();
        is(&self.first(), "COPY")
            && outside.windows(2).any(|w| is(w[0], from_or_to) && is(w[1], client))
    }
}

/// The words a statement begins with, in capitals, at most five of them: comments and opening
/// parentheses are skipped, and a token that is no word ends them. A quoted name is no word.
#[must_use]
pub(crate) fn first_words(sql: &str) -> Vec<String> {
    let scan = scan(sql);
    let tokens = scan.tokens.iter().filter(|t| !t.is_comment());
    let tokens = tokens.skip_while(|t| t.kind == TokenKind::Symbol(b'('));
    let words = tokens.take_while(|t| t.kind == TokenKind::Word).take(5);
    words.map(|t| t.text(sql).to_ascii_uppercase()).collect()
}

/// Gathers tokens until a statement is whole.
pub(super) struct Gatherer<'t> {
    text: &'t str,
    semicolons: Semicolons,
    tokens: Vec<Token>,
    open: Vec<usize>,
    stray: Option<usize>,
    body: AtomicBody,
}

impl<'t> Gatherer<'t> {
    pub(super) fn new(text: &'t str, semicolons: Semicolons) -> Self {
        let body = AtomicBody::default();
        Self { text, semicolons, tokens: Vec::new(), open: Vec::new(), stray: None, body }
    }

    /// Whether nothing is gathered: the next token begins a statement.
    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Whether a parenthesis is open.
    pub(super) fn is_nested(&self) -> bool {
        !self.open.is_empty()
    }

    /// Takes a token that is no comment; gives the statement it ends.
    pub(super) fn take(&mut self, token: Token) -> Option<Piece> {
        match token.kind {
            TokenKind::Symbol(b'(') => self.open.push(token.start),
            TokenKind::Symbol(b')') => {
                let opened = self.open.pop();
                if opened.is_none() {
                    self.stray.get_or_insert(token.start);
                }
            }
            TokenKind::Symbol(b';') => {
                let inside = self.is_nested() || self.body.is_open;
                if self.semicolons == Semicolons::All || !inside {
                    return self.finish();
                }
                if !self.is_nested() {
                    self.body.begins_a_statement = true;
                }
            }
            TokenKind::Word if !self.is_nested() => self.body.word(token.text(self.text)),
            _ if !self.is_nested() => self.body.other(),
            _ => {}
        }
        self.tokens.push(token);
        None
    }

    /// The statement gathered so far, if there is one.
    pub(super) fn finish(&mut self) -> Option<Piece> {
        let tokens = std::mem::take(&mut self.tokens);
        let open = self.open.first().copied();
        let stray = self.stray.take();
        self.open.clear();
        self.body = AtomicBody::default();
        (!tokens.is_empty()).then_some(Piece { tokens, open, stray })
    }

    /// As `finish` where the scan stopped: what is missing is not held against it.
    pub(super) fn finish_cut_short(&mut self) -> Option<Piece> {
        self.open.clear();
        self.finish()
    }
}

/// Whether the text stands in a function body that is written as SQL.
///
/// The rule is that of PostgreSQL's grammar (`gram.y`, `routine_body`): a statement that begins with
/// CREATE [OR REPLACE] FUNCTION or PROCEDURE opens a body with the words BEGIN ATOMIC, each statement
/// in it ends with a semicolon, and the word END closes it where a statement would begin. Columns
/// and types may be called `begin` or `case`, so neither is counted, as psql would.
#[derive(Default)]
struct AtomicBody {
    head: String,
    words: usize,
    is_open: bool,
    begins_a_statement: bool,
    after_begin: bool,
}

impl AtomicBody {
    fn word(&mut self, word: &str) {
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        if self.words < 4 {
            self.words += 1;
            self.head.push_str(&word.to_ascii_uppercase());
            self.head.push(' ');
        }
        if self.is_open {
            if self.begins_a_statement && is("END") {
                self.is_open = false;
            }
            self.begins_a_statement = false;
        } else if self.after_begin && is("ATOMIC") && self.is_of_a_routine() {
            self.is_open = true;
            self.begins_a_statement = true;
        }
        self.after_begin = is("BEGIN");
    }

    /// Any token that is no word.
    fn other(&mut self) {
        self.begins_a_statement = false;
        self.after_begin = false;
    }

    fn is_of_a_routine(&self) -> bool {
        let head = self.head.strip_prefix("CREATE ").unwrap_or_default();
        let head = head.strip_prefix("OR REPLACE ").unwrap_or(head);
        head.starts_with("FUNCTION ") || head.starts_with("PROCEDURE ")
    }
}

/// A statement of a file, and the rows that stand below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The statement, without comments around it and its semicolon.
    pub span: Span,
    /// For a `COPY ... FROM STDIN`: its rows, without the line that ends them.
    pub rows: Option<Span>,
}

/// The statements of any SQL file, a migration's too, each with the rows below it.
///
/// # Errors
/// The first of: a quote, comment or parenthesis is not closed, a psql command,
/// a NUL byte, a COPY that gives rows to the client, or whose rows have no end.
pub fn cut(file: &SourceFile) -> Result<Vec<Cut>, HandlerError> {
    let text = file.text.as_str();
    let scan = scan(text);
    let mut gatherer = Gatherer::new(text, Semicolons::AsPsql);
    let mut cuts: Vec<Cut> = Vec::new();
    let fail = |(at, kind)| HandlerError { place: file.place(at), kind };
    let keep = |cuts: &mut Vec<Cut>, piece: Piece| {
        if let Some(found) = piece.psql_command(text) {
            return Err(fail(found));
        }
        if piece.copies(text, "TO", "STDOUT") {
            return Err(fail((piece.first().start, HandlerErrorKind::CopyToStdout)));
        }
        cuts.push(Cut { span: piece.span(), rows: None });
        Ok(())
    };
    for token in scan.tokens.into_iter().filter(|t| !t.is_comment()) {
        if let (TokenKind::Rows, Some(copy)) = (token.kind, cuts.last_mut()) {
            let rows = token.text(text);
            let last = rows.trim_end_matches(['\n', '\r']).len() - "\\.".len();
            copy.rows = Some(token.start..token.start + last);
        } else if let Some(piece) = gatherer.take(token) {
            keep(&mut cuts, piece)?;
        }
    }
    if let Some(stopped) = scan.stopped {
        gatherer.finish_cut_short().map_or(Ok(()), |piece| keep(&mut cuts, piece))?;
        return Err(fail(stopped));
    }
    if let Some(last) = gatherer.finish() {
        if let Some(at) = last.open {
            return Err(fail((at, HandlerErrorKind::OpenParenthesis)));
        }
        if last.copies(text, "FROM", "STDIN") {
            return Err(fail((last.first().start, HandlerErrorKind::RowsWithoutEnd)));
        }
        keep(&mut cuts, last)?;
    }
    Ok(cuts)
}

/// How much of the beginning of a longer text can be cut for sure, whatever comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// Statements, up to here.
    Statements(usize),
    /// A `COPY ... FROM STDIN;` and the end of its line; rows come next.
    Copy(usize),
    /// Not even the first statement ends.
    Nothing,
}

/// What of a text that goes on elsewhere can be cut.
#[must_use]
pub fn whole_statements(text: &str) -> Whole {
    let scan = scan(text);
    let mut gatherer = Gatherer::new(text, Semicolons::AsPsql);
    // Where the last statement ends, and the one before it.
    let (mut end, mut before) = (0, 0);
    for token in scan.tokens.iter().filter(|token| !token.is_comment()) {
        if token.kind == TokenKind::Rows {
            end = token.end;
        } else if gatherer.take(*token).is_some() {
            (before, end) = (end, token.end);
        }
    }
    let line_end = text[end..].find('\n').map(|at| end + at + 1);
    match (scan.stopped, line_end) {
        (Some((_, HandlerErrorKind::RowsWithoutEnd | HandlerErrorKind::BesideRows)), _)
            if before > 0 =>
        {
            Whole::Statements(before)
        }
        (Some((_, HandlerErrorKind::RowsWithoutEnd)), Some(line_end)) => Whole::Copy(line_end),
        // It will not be right whatever comes.
        (Some((_, HandlerErrorKind::BesideRows)), Some(_))
        | (Some((_, HandlerErrorKind::Nul)), _) => Whole::Statements(text.len()),
        (Some((_, HandlerErrorKind::RowsWithoutEnd | HandlerErrorKind::BesideRows)), None) => {
            Whole::Nothing
        }
        _ if end > 0 => Whole::Statements(end),
        _ => Whole::Nothing,
    }
}

/// As [`cut`], for who has no use for rows.
///
/// # Errors
/// As [`cut`], and where there are rows.
pub fn split(file: &SourceFile) -> Result<Vec<Span>, HandlerError> {
    let span = |cut: Cut| match cut.rows {
        None => Ok(cut.span),
        Some(_) => {
            let place = file.place(cut.span.start);
            Err(HandlerError { place, kind: HandlerErrorKind::CopyFromStdin })
        }
    };
    cut(file)?.into_iter().map(span).collect()
}

/// The most tokens that stand in a row without a comma or a semicolon, those around each bracket they
/// stand in counted too: no tree of the text is deeper. A text that cannot be cut to its end is as
/// far as it can.
#[must_use]
pub(crate) fn longest_row(text: &str) -> usize {
    // The tokens of the row that each open bracket interrupts.
    let mut around = Vec::new();
    let (mut row, mut sum, mut longest) = (0_usize, 0_usize, 0_usize);
    for token in scan(text).tokens {
        match token.kind {
            TokenKind::LineComment | TokenKind::BlockComment => continue,
            TokenKind::Symbol(b';') if around.is_empty() => (row, sum) = (0, 0),
            TokenKind::Symbol(b',' | b';') => (row, sum) = (0, sum - row),
            TokenKind::Symbol(b'(' | b'[') => {
                (row, sum) = (row + 1, sum + 1);
                around.push(std::mem::take(&mut row));
            }
            TokenKind::Symbol(b')' | b']') => {
                let before = around.pop().unwrap_or(0);
                (row, sum) = (before + 1, sum - row + 1);
            }
            _ => (row, sum) = (row + 1, sum + 1),
        }
        longest = longest.max(sum);
    }
    longest
}

/// An SQL text as it counts: comments fall away, blanks between two tokens are one blank or one
/// line end (which matters between two strings), and line ends inside strings are those of Unix.
/// A text that cannot be cut to its end keeps everything but its kind of line ends.
#[must_use]
pub fn without_comments(text: &str) -> String {
    let scan = scan(text);
    if scan.stopped.is_some() {
        return text.replace("\r\n", "\n");
    }
    let mut normal = String::with_capacity(text.len());
    let mut end = None;
    for token in scan.tokens.iter().filter(|t| !t.is_comment()) {
        if let Some(end) = end {
            let gap: &str = &text[end..token.start];
            normal.push_str(match gap {
                "" => "",
                _ if gap.contains(['\n', '\r']) => "\n",
                _ => " ",
            });
        }
        normal.push_str(&token.text(text).replace("\r\n", "\n"));
        end = Some(token.end);
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let spans = split(&SourceFile::new("V1__a.sql", text)).unwrap();
        let found: Vec<_> = spans.into_iter().map(|s| &text[s]).collect();
        assert_eq!(found, expect, "{text}");
    }

    fn check_error(text: &str, expect: &str) {
        let error = split(&SourceFile::new("V1__a.sql", text)).unwrap_err();
        assert_eq!(error.to_string(), expect);
    }

    #[test]
    fn semicolons_split_and_comments_fall_away() {
        check("", &[]);
        check(" ; ;; -- a\n", &[]);
        check(
            "\u{feff}-- a\r\nSELECT 1 -- b\r\n;\r\nSELECT /* c */ 2",
            &["SELECT 1", "SELECT /* c */ 2"],
        );
        check(
            "SELECT ';', $$;$$, \";\" /* ; */; SELECT $1",
            &["SELECT ';', $$;$$, \";\"", "SELECT $1"],
        );
    }

    #[test]
    fn semicolons_inside_a_statement_stay() {
        let rule = "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)";
        check(&format!("{rule}; SELECT 3"), &[rule, "SELECT 3"]);
        let function = "create or replace function f() returns int begin atomic; \
                        select case when true then 1 end; select 2; end";
        check(&format!("{function}; BEGIN; COMMIT"), &[function, "BEGIN", "COMMIT"]);
    }

    #[test]
    fn names_like_keywords_do_not_open_or_close_a_body() {
        for function in [
            "create function f() returns date language sql begin atomic select s.begin from s; end",
            "create function f(begin int, \"end\" int) returns int begin atomic select begin as end; end",
            "create procedure begin() begin atomic select case when case then 1 end as case; end",
            "create function f() returns begin begin atomic; end",
            "create function f() returns int begin atomic select (select case when a then (1) end); select 2; END",
            "create function f() returns int begin atomic return 'begin; end'; end",
            "create function f() returns int language sql as 'begin atomic'",
            "create function f() returns int set x.begin = atomic as 'x' language sql",
            "create table f (begin int, \"atomic\" int)",
            "create function f() returns int begin /* end; */ atomic -- end;\n select 1; end",
            "create function f() returns begin_t as $$ begin $$",
        ] {
            check(&format!("{function}; BEGIN; COMMIT"), &[function, "BEGIN", "COMMIT"]);
        }
    }

    #[test]
    fn a_statement_tells_its_first_words() {
        let words = |sql: &str| first_words(sql).join(" ");
        assert_eq!(words("/* a */ commit -- b\n and chain"), "COMMIT AND CHAIN");
        assert_eq!(words("((select 1))"), "SELECT");
        assert_eq!(words("\"COMMIT\""), "");
        assert_eq!(words("set local role x y z"), "SET LOCAL ROLE X Y");
    }

    #[test]
    fn comments_and_line_ends_do_not_count() {
        let same = |one: &str, other: &str| {
            assert_eq!(without_comments(one), without_comments(other), "{one:?} {other:?}");
        };
        same("-- a\nSELECT 1;\n", "\u{feff}SELECT  /* b */ 1;\r\n\r\n-- c");
        same("SELECT 'a\r\nb'", "SELECT 'a\nb' -- c");
        same("SELECT a\n\n\n  FROM b", "SELECT a\r\nFROM b");
        let other = |one: &str, other: &str| {
            assert_ne!(without_comments(one), without_comments(other), "{one:?} {other:?}");
        };
        other("SELECT 1", "SELECT 2");
        other("SELECT '-- a'", "SELECT '-- b'");
        other("SELECT 'a  b'", "SELECT 'a b'");
        other("SELECT 'a'\n'b'", "SELECT 'a' 'b'");
        other("SELECT a/**/b", "SELECT ab");
        other("SELECT 'a -- b", "SELECT 'a -- c");
    }

    #[test]
    fn rows_belong_to_their_statement() {
        let text = "SELECT 1;\nCOPY t FROM stdin;\n1\tit's;\n2\n\\.\n\nCOPY u FROM STDIN;\r\n\\.\r\nSELECT 2";
        let cuts = cut(&SourceFile::new("V1__a.sql", text)).unwrap();
        let found: Vec<_> = cuts
            .iter()
            .map(|c| (&text[c.span.clone()], c.rows.clone().map(|r| &text[r])))
            .collect();
        let expect = [
            ("SELECT 1", None),
            ("COPY t FROM stdin", Some("1\tit's;\n2\n")),
            ("COPY u FROM STDIN", Some("")),
            ("SELECT 2", None),
        ];
        assert_eq!(found, expect);
        assert_ne!(without_comments(text), without_comments(&text.replace("it's;", "it's -- ;")));
        assert_ne!(
            without_comments("COPY t FROM stdin;\n-- a\n\\.\n"),
            without_comments("COPY t FROM stdin;\n-- b\n\\.\n")
        );
    }

    #[test]
    fn what_cannot_be_split() {
        check_error(
            "SELECT 1;\n SELECT (2",
            "V1__a.sql:2:9: the parenthesis that opens here is not closed before the statement ends",
        );
        check_error(
            "SELECT 1;\n\\set a 'b",
            "V1__a.sql:2:1: the psql command \\set is not SQL, and psql is not used",
        );
        check_error("SELECT (1, 'b", "V1__a.sql:1:12: the string that begins here is not closed");
        for (data, error) in [
            ("1\tit's", "the rows of this COPY FROM STDIN are not ended by a line with \\. alone"),
            ("", "the rows of this COPY FROM STDIN are not ended by a line with \\. alone"),
            ("\\.", "COPY FROM STDIN with rows in the file cannot stand here"),
            ("1\tplain\n\\.\nSELECT 1;", "COPY FROM STDIN with rows in the file cannot stand here"),
        ] {
            let text = format!("SELECT 1;\n copy t (a) from stdin;\n{data}");
            check_error(&text, &format!("V1__a.sql:2:2: {error}"));
        }
        check(
            "COPY t (\"from\") FROM '/a/b'; COPY t TO PROGRAM 'x'",
            &["COPY t (\"from\") FROM '/a/b'", "COPY t TO PROGRAM 'x'"],
        );
    }
}
