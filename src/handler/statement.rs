//! One statement of a handler: what it may be, and how it is written out for
//! PostgreSQL.
//!
//! Owns the rule of which statements a handler may hold, and the way back from
//! a position PostgreSQL reports to the line a person wrote. It does not parse
//! SQL beyond that; PostgreSQL does, when the statement is prepared.

use std::collections::HashSet;

use super::error::{Errors, HandlerErrorKind, shown};
use super::param::Params;
use super::pieces::Piece;
use super::scan::{Token, TokenKind};
use crate::source::Span;

/// A statement that runs for each event of the handler's types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its bytes in the file, without comments around it and its semicolon.
    pub span: Span,
    params: Vec<usize>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// SQL as it is in the file.
    Sql { start: usize, text: String },
    /// A parameter, by its index in the handler.
    Param { start: usize, index: usize },
}

/// A statement written out, with the way back to the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The SQL.
    pub sql: String,
    // Invariant: ascending by `at`, the first at 0.
    map: Vec<Stretch>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    at: usize,
    source: usize,
    verbatim: bool,
}

impl Statement {
    /// Indexes into [`Handler::params`](super::Handler::params), each once, in
    /// the order of first use in this statement.
    #[must_use]
    pub fn params(&self) -> &[usize] {
        &self.params
    }

    /// The SQL with each parameter replaced by what `write` gives for its index
    /// in [`Handler::params`](super::Handler::params). What it gives must stand by itself
    /// in any expression: a placeholder, a name, something in parentheses.
    pub fn render(&self, mut write: impl FnMut(usize) -> String) -> Rendered {
        let mut sql = String::with_capacity(self.span.len());
        let mut map = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let at = sql.len();
            match part {
                Part::Sql { start, text } => {
                    sql.push_str(text);
                    map.push(Stretch { at, source: *start, verbatim: true });
                }
                Part::Param { start, index } => {
                    sql.push_str(&write(*index));
                    map.push(Stretch { at, source: *start, verbatim: false });
                }
            }
        }
        Rendered { sql, map }
    }

    /// Reads a statement, its parameters numbered with those of its handler.
    pub(super) fn read(
        text: &str,
        piece: &Piece,
        params: &mut Params,
        errors: &mut Errors<'_>,
    ) -> Self {
        check_kind(text, piece, errors);
        let span = piece.span();
        let mut statement = Self { span: span.clone(), params: Vec::new(), parts: Vec::new() };
        let mut seen = HashSet::new();
        let mut at = span.start;
        let mut before: Option<Token> = None;
        for token in &piece.tokens {
            if token.kind == TokenKind::Positional {
                errors.push(token.start, HandlerErrorKind::Positional(shown(token.text(text))));
            }
            if token.kind == TokenKind::Parameter {
                let written = token.text(text);
                if before.is_some_and(|b| is_glued(&b, token)) {
                    errors.push(token.start, HandlerErrorKind::GluedParameter(shown(written)));
                } else if let Some(index) = params.index(written, token.start..token.end, errors) {
                    statement.push_sql(text, at..token.start);
                    statement.parts.push(Part::Param { start: token.start, index });
                    at = token.end;
                    if seen.insert(index) {
                        statement.params.push(index);
                    }
                }
            }
            before = Some(*token);
        }
        statement.push_sql(text, at..span.end);
        statement
    }

    fn push_sql(&mut self, text: &str, span: Span) {
        if !span.is_empty() {
            let start = span.start;
            self.parts.push(Part::Sql { start, text: text[span].to_owned() });
        }
    }
}

/// Whether a parameter follows a value without a blank, as in `a[1:n]` and
/// `JSON_OBJECT('k':v)`, where PostgreSQL would read a column after a colon.
pub(super) fn is_glued(before: &Token, parameter: &Token) -> bool {
    before.end == parameter.start && before.ends_a_value()
}

fn check_kind(text: &str, piece: &Piece, errors: &mut Errors<'_>) {
    let at = piece.first().start;
    let keyword = piece.keyword(text);
    match keyword.as_str() {
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "WITH" => check_returning(text, piece, errors),
        "SELECT" | "VALUES" | "TABLE" => errors.push(at, HandlerErrorKind::ChangesNothing(keyword)),
        _ => errors.push(at, HandlerErrorKind::NotAllowed(keyword)),
    }
}

/// RETURNING counts outside parentheses only: in a WITH query it feeds the
/// statement, and JSON functions have a RETURNING of their own.
fn check_returning(text: &str, piece: &Piece, errors: &mut Errors<'_>) {
    let mut depth = 0usize;
    let mut before = "";
    for token in &piece.tokens {
        let word = token.text(text);
        // PostgreSQL takes the reserved word for a name in these places.
        let is_name = before == "." || before.eq_ignore_ascii_case("as");
        match token.kind {
            TokenKind::Symbol(b'(') => depth += 1,
            TokenKind::Symbol(b')') => depth = depth.saturating_sub(1),
            TokenKind::Word if depth == 0 && word.eq_ignore_ascii_case("returning") && !is_name => {
                errors.push(token.start, HandlerErrorKind::Returning);
                return;
            }
            _ => {}
        }
        before = word;
    }
}

impl Rendered {
    /// The byte offset in the file of a byte offset in [`sql`](Self::sql). Inside
    /// what stands for a parameter it is where the parameter is written; past the
    /// end it is the end.
    #[must_use]
    pub fn source_offset(&self, byte: usize) -> usize {
        let byte = byte.min(self.sql.len());
        let next = self.map.partition_point(|s| s.at <= byte);
        match self.map.get(next.saturating_sub(1)) {
            Some(s) if s.verbatim => s.source + (byte - s.at),
            Some(s) => s.source,
            None => 0,
        }
    }

    /// The byte offset in the file of the use of a parameter with that number, from 0.
    #[must_use]
    pub fn source_of_use(&self, nth: usize) -> Option<usize> {
        self.map.iter().filter(|stretch| !stretch.verbatim).nth(nth).map(|stretch| stretch.source)
    }

    /// The byte offset in the file of a position as PostgreSQL reports it: in
    /// characters of [`sql`](Self::sql), from 1.
    #[must_use]
    pub fn source_offset_of_char(&self, char_position: usize) -> usize {
        let nth = self.sql.char_indices().nth(char_position.saturating_sub(1));
        self.source_offset(nth.map_or(self.sql.len(), |(byte, _)| byte))
    }
}

#[cfg(test)]
mod tests {
    use crate::handler::Handlers;
    use crate::source::SourceFile;

    /// The first statement after the header, written out with `$n`.
    fn check(statement: &str, expect: &str) {
        let handlers = Handlers::parse(SourceFile::new("h.sql", format!("-- on A\n{statement}")));
        let handler = &handlers.unwrap().handlers[0];
        let rendered = handler.statements[0].render(|i| format!("${}", i + 1));
        assert_eq!(rendered.sql, expect);
    }

    fn check_error(statement: &str, expect: &[&str]) {
        let file = SourceFile::new("h.sql", format!("-- on A\n{statement}"));
        let errors = Handlers::parse(file).unwrap_err();
        let found: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(found, expect, "{statement}");
    }

    #[test]
    fn parameters_are_replaced_and_nothing_else() {
        check("DELETE FROM t WHERE a=:a AND b=:b", "DELETE FROM t WHERE a=$1 AND b=$2");
        check("INSERT INTO t VALUES (:a,:b?,:a);", "INSERT INTO t VALUES ($1,$2,$1)");
        check("UPDATE t SET a=:a::int, b=a[1:2]", "UPDATE t SET a=$1::int, b=a[1:2]");
        check("UPDATE t SET a=a[lo : hi]", "UPDATE t SET a=a[lo : hi]");
        check("UPDATE t SET a=a[1 : :n]", "UPDATE t SET a=a[1 : $1]");
        check("UPDATE t SET a=a[:n]", "UPDATE t SET a=a[$1]");
        check("UPDATE t SET a=f(x := :x)", "UPDATE t SET a=f(x := $1)");
        check("UPDATE t SET a=:d->>'x'", "UPDATE t SET a=$1->>'x'");
        check("UPDATE t SET a=(:d ? 'x' OR :d ?| b)", "UPDATE t SET a=($1 ? 'x' OR $1 ?| b)");
        check("UPDATE t SET a=-:a||:\"b c\".d", "UPDATE t SET a=-$1||$2");
        check(
            "UPDATE t SET a=':x', b=E'\\':x', \":x\"=$$:x$$",
            "UPDATE t SET a=':x', b=E'\\':x', \":x\"=$$:x$$",
        );
        check("UPDATE t -- :x\r\n SET a=:a /* :y */ -- end\r\n;", "UPDATE t -- :x\r\n SET a=$1");
    }

    #[test]
    fn statements_that_change_rows() {
        check("insert INTO t DEFAULT VALUES", "insert INTO t DEFAULT VALUES");
        check(
            "MERGE INTO t USING u ON a=b WHEN MATCHED THEN DELETE",
            "MERGE INTO t USING u ON a=b WHEN MATCHED THEN DELETE",
        );
        let with =
            "WITH x AS (DELETE FROM t RETURNING a) INSERT INTO u SELECT a AS returning FROM x";
        check(with, with);
    }

    #[test]
    fn statements_that_do_not() {
        check_error(
            "SELECT 1",
            &["h.sql:2:1: a handler statement must change rows, and SELECT does not"],
        );
        check_error(
            "(values (1))",
            &["h.sql:2:1: a handler statement must change rows, and VALUES does not"],
        );
        for word in ["CREATE", "TRUNCATE", "COPY", "SET", "BEGIN", "COMMIT", "DO", "CALL", "LOCK"] {
            check_error(
                &format!("  {} x", word.to_lowercase()),
                &[&format!(
                    "h.sql:2:3: a handler may hold INSERT, UPDATE, DELETE, MERGE and WITH ... only, not {word}"
                )],
            );
        }
        check_error(
            "DELETE FROM t RETURNING *; WITH x AS (SELECT 1) DELETE FROM u returning (1)",
            &[
                "h.sql:2:15: a handler statement may not end in RETURNING: nobody reads what it returns",
                "h.sql:2:63: a handler statement may not end in RETURNING: nobody reads what it returns",
            ],
        );
    }

    #[test]
    fn parameters_that_are_none() {
        check_error(
            "UPDATE t SET a=$1",
            &["h.sql:2:16: the parameter $1 has a number; write :name"],
        );
        check_error(
            "UPDATE t SET a=a[1:n]",
            &[
                "h.sql:2:19: the :n is glued to a value: write a blank on both sides of the colon for a slice, \
               or a blank before it for a parameter",
            ],
        );
        check_error(
            "UPDATE t SET a=:event.id",
            &[
                "h.sql:2:16: the envelope has no field id; it has position, stream_id, stream_version, type, \
               schema_version, recorded_at, index, metadata and metadata.<key>",
            ],
        );
        check_error(
            "UPDATE t SET a=:event",
            &[
                "h.sql:2:16: the parameter :event is the whole envelope; write :event.position and the like, \
               or :\"event\" for a payload field of that name",
            ],
        );
        check_error(
            "UPDATE t SET a=:a;\nUPDATE t SET a=:a?, b=:a?",
            &["h.sql:3:16: the parameter :a? is written :a in the same handler, at h.sql:2:16"],
        );
    }

    #[test]
    fn a_position_in_the_sql_leads_back_to_the_file() {
        let text = "\u{feff}-- on A\r\nUPDATE ตาราง SET é='กข', x=:ชื่อ.ยาว::int, y=oops";
        let handlers = Handlers::parse(SourceFile::new("h.sql", text)).unwrap();
        let rendered = handlers.handlers[0].statements[0].render(|_| "$1".into());
        assert_eq!(rendered.sql, "UPDATE ตาราง SET é='กข', x=$1::int, y=oops");
        let check = |needle: &str, expect: &str| {
            let byte = rendered.sql.find(needle).unwrap();
            let position = rendered.sql[..byte].chars().count() + 1;
            let found = rendered.source_offset_of_char(position);
            assert!(text[found..].starts_with(expect), "{needle}: {}", &text[found..]);
            assert_eq!(rendered.source_offset(byte), found);
        };
        check("UPDATE", "UPDATE");
        check("กข", "กข");
        check("$1", ":ชื่อ");
        check("1::", ":ชื่อ");
        check("::int", "::int");
        check("oops", "oops");
        assert_eq!(rendered.source_offset_of_char(0), text.find("UPDATE").unwrap());
        assert_eq!(rendered.source_offset_of_char(usize::MAX), text.len());
    }
}
