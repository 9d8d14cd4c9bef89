//! A statement's text as a tree.
//!
//! Owns the guards around the parser: it descends one call deeper for each
//! parenthesis, so a text that is nested too deeply is not given to it.

use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{Parse, SourceFile, SyntaxNode};

use crate::handler::longest_row;
use crate::source::Span;

/// A thousand levels were measured to fit into a thread's stack of 2 MiB in a
/// debug build, and five thousand not to.
const MAX_DEPTH: usize = 250;

/// Tokens in a row, with those around each bracket they stand in: `a = 1 OR a = 2 ...` is a tree with
/// a level for each operator. Four thousand operators were measured not to fit.
const MAX_ROW: usize = 2_000;

/// Words that nest, or may, without a parenthesis.
const NESTING_WORDS: [&str; 10] =
    ["case", "join", "explain", "not", "with", "begin", "loop", "union", "except", "intersect"];

/// A statement, read.
pub(super) struct Tree {
    pub(super) stmt: ast::Stmt,
    /// All of the text was understood, as one statement.
    pub(super) is_whole: bool,
}

/// Reads one statement. None: nothing in it looks like one.
pub(super) fn statement(sql: &str) -> Option<Tree> {
    let parse = text(sql)?;
    let mut stmts = parse.tree().stmts();
    let stmt = stmts.next()?;
    let is_whole = stmts.next().is_none() && parse.errors().is_empty();
    Some(Tree { stmt, is_whole })
}

/// Whether the parser understands a statement completely.
pub(crate) fn is_understood(sql: &str) -> bool {
    statement(sql).is_some_and(|tree| tree.is_whole)
}

/// Reads a text of any number of statements. None if it is nested too deeply.
pub(crate) fn text(sql: &str) -> Option<Parse<SourceFile>> {
    (!is_too_deep(sql) && longest_row(sql) <= MAX_ROW).then(|| SourceFile::parse(sql))
}

/// Brackets in strings count too: the parser looks into the bodies of functions.
fn is_too_deep(sql: &str) -> bool {
    let mut depth = 0_usize;
    for byte in sql.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b';' => depth = 0,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    let words = sql.split(|c: char| !c.is_ascii_alphabetic());
    words.filter(|word| NESTING_WORDS.iter().any(|w| word.eq_ignore_ascii_case(w))).count()
        > 2 * MAX_DEPTH
}

/// The bytes of a node, without the blanks and comments it begins with.
pub(super) fn span(node: &SyntaxNode) -> Span {
    let range = node.text_range();
    let first = node.children_with_tokens().find(|child| !child.kind().is_trivia());
    let start = first.map_or(range.start(), |child| child.text_range().start());
    start.into()..range.end().into()
}

/// The first descendant of a kind, the node itself included.
pub(super) fn find<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.descendants().find_map(N::cast)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_too_deeply_is_not_read() {
        let nested = |n| format!("SELECT {}1{}", "(".repeat(n), ")".repeat(n));
        assert!(is_understood(&nested(MAX_DEPTH)));
        let row = |n| format!("SELECT 1{}", " + 1".repeat(n));
        assert!(is_understood(&row(900)));
        let siblings = format!("SELECT 1{}", format!(", (1 {})", "+ 1".repeat(50)).repeat(200));
        assert!(is_understood(&siblings));
        for sql in [
            nested(100_000),
            "EXPLAIN ".repeat(100_000),
            "CASE WHEN ".repeat(100_000),
            row(100_000),
            format!("SELECT 1, 1{}", " EXCEPT SELECT 1, 1".repeat(100_000)),
        ] {
            assert!(!is_understood(&sql));
        }
    }
}
