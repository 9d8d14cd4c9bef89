//! The checks of a projection: queries that must return no row before a promote.
//!
//! Owns how `checks.sql` is read and how a check gets its name. Running them,
//! read-only, is the work of `promote`.

use sha2::{Digest as _, Sha256};

use super::error::{Errors, HandlerError, HandlerErrorKind, shown};
use super::header::opens_its_line;
use super::pieces::{Gatherer, Piece, Semicolons};
use super::scan::{Token, TokenKind, scan};
use super::statement::is_glued;
use crate::source::{SourceFile, Span};

/// A query that must return no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The comment on the line before it, or `line N`.
    pub name: String,
    /// The query, as written.
    pub sql: String,
    /// Its bytes in the file, without comments around it and its semicolon.
    pub span: Span,
}

impl Check {
    /// Which assertion it is, wherever it stands in the file: a hash of its name and its query.
    #[must_use]
    pub fn identity(&self) -> String {
        let mut digest = Sha256::new();
        for part in [self.name.as_str(), self.sql.as_str()] {
            digest.update(part.replace("\r\n", "\n"));
            digest.update([0]);
        }
        digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Reads a checks file.
///
/// # Errors
/// All that is wrong with it, in the order of the file: statements that are not
/// queries, parameters, quotes and parentheses that are not closed.
pub fn parse_checks(file: SourceFile) -> Result<Vec<Check>, Vec<HandlerError>> {
    let text = file.text.as_str();
    let scan = scan(text);
    let mut errors = Errors::new(&file);
    let mut gatherer = Gatherer::new(text, Semicolons::All);
    let mut checks = Vec::new();
    let mut comment = None;
    let mut name = None;
    for token in scan.tokens {
        if token.is_comment() {
            comment = Some(token);
            continue;
        }
        if gatherer.is_empty() {
            name = comment.and_then(|c| name_from(text, &c, &token));
        }
        if let Some(piece) = gatherer.take(token) {
            checks.push(read(&file, &piece, name.take(), &mut errors));
        }
    }
    let last = match scan.stopped {
        Some((at, kind)) => {
            errors.push(at, kind);
            gatherer.finish_cut_short()
        }
        None => gatherer.finish(),
    };
    if let Some(piece) = last {
        checks.push(read(&file, &piece, name, &mut errors));
    }
    errors.or(checks)
}

fn read(file: &SourceFile, piece: &Piece, name: Option<String>, errors: &mut Errors<'_>) -> Check {
    let text = file.text.as_str();
    let span = piece.span();
    if piece.check_shape(text, errors) {
        check_query(text, piece, errors);
    }
    let name = name.unwrap_or_else(|| format!("line {}", file.place(span.start).line));
    Check { name, sql: text[span.clone()].to_owned(), span }
}

fn check_query(text: &str, piece: &Piece, errors: &mut Errors<'_>) {
    let keyword = piece.keyword(text);
    if !matches!(keyword.as_str(), "SELECT" | "WITH" | "VALUES" | "TABLE") {
        errors.push(piece.first().start, HandlerErrorKind::NotAQuery(keyword));
    }
    let mut before: Option<Token> = None;
    for token in &piece.tokens {
        let is_parameter = match token.kind {
            TokenKind::Positional => true,
            // Without parameters there is no doubt what `a[lo:hi]` is.
            TokenKind::Parameter => !before.is_some_and(|b| is_glued(&b, token)),
            _ => false,
        };
        if is_parameter {
            errors.push(token.start, HandlerErrorKind::CheckParameter(shown(token.text(text))));
        }
        before = Some(*token);
    }
}

/// What a comment says, if it is a line of its own directly before `first`.
fn name_from(text: &str, comment: &Token, first: &Token) -> Option<String> {
    if comment.kind != TokenKind::LineComment || !opens_its_line(text, comment) {
        return None;
    }
    let between = text[comment.end..first.start].replace("\r\n", "\n");
    if between.trim_matches([' ', '\t', '\x0b', '\x0c']).len() != 1 {
        return None;
    }
    let name = comment.text(text).trim_start_matches('-').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, &str)]) {
        let checks = parse_checks(SourceFile::new("checks.sql", text)).unwrap();
        let found: Vec<_> = checks.iter().map(|c| (c.name.as_str(), c.sql.as_str())).collect();
        assert_eq!(found, expect, "{text}");
        for c in &checks {
            assert_eq!(text[c.span.clone()], c.sql);
        }
    }

    fn check_error(text: &str, expect: &[&str]) {
        let errors = parse_checks(SourceFile::new("checks.sql", text)).unwrap_err();
        let found: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_check_is_named_by_the_comment_before_it() {
        check("", &[]);
        check(
            "-- every order has a customer\nSELECT 1;",
            &[("every order has a customer", "SELECT 1")],
        );
        check(
            "\u{feff}-- a\r\n  (SELECT 1) EXCEPT VALUES (2)",
            &[("a", "(SELECT 1) EXCEPT VALUES (2)")],
        );
        check(
            "-- head\n-- b\nTABLE t; -- no\nWITH x AS (SELECT 1) SELECT 2",
            &[("b", "TABLE t"), ("line 4", "WITH x AS (SELECT 1) SELECT 2")],
        );
        check(
            "-- head\n\nSELECT 1;\n--\nSELECT 2;;\n/* c */\nSELECT 3",
            &[("line 3", "SELECT 1"), ("line 5", "SELECT 2"), ("line 7", "SELECT 3")],
        );
    }

    #[test]
    fn checks_are_queries_without_parameters() {
        check("SELECT a[lo:hi], ':x'", &[("line 1", "SELECT a[lo:hi], ':x'")]);
        check_error(
            "DELETE FROM t;\nSELECT :a, $1;\n\\d\n;SELECT (1",
            &[
                "checks.sql:1:1: a check must be a query (SELECT, WITH, VALUES or TABLE), not DELETE",
                "checks.sql:2:8: a check runs without an event, so it takes no parameter :a",
                "checks.sql:2:12: a check runs without an event, so it takes no parameter $1",
                "checks.sql:3:1: the psql command \\d is not SQL, and psql is not used",
                "checks.sql:4:9: the parenthesis that opens here is not closed before the statement ends",
            ],
        );
        check_error(
            "SELECT 1;\nSELECT ('a",
            &["checks.sql:2:9: the string that begins here is not closed"],
        );
    }
}
