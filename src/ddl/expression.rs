//! How much a column's default varies.
//!
//! Owns the guess from the text: literals and a short list of functions. What
//! is on neither list is taken for volatile, since only the catalog knows.

use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};

/// How often the value of an expression changes, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Varies {
    /// Never.
    Never,
    /// From one transaction to the next: evaluated once when a column is added.
    ByTransaction,
    /// From row to row: adding such a column writes the table anew.
    ByRow,
}

/// Functions and keywords with one value throughout a transaction.
const STABLE: [&str; 13] = [
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_setting",
    "current_database",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "localtime",
    "current_user",
    "session_user",
    "current_schema",
];

/// Texts that a cast turns into the moment at hand.
const MOMENTS: [&str; 4] = ["now", "today", "tomorrow", "yesterday"];

/// How much an expression varies.
pub(super) fn varies(expr: &ast::Expr) -> Varies {
    let either = |parts: Vec<Option<ast::Expr>>| {
        let each = parts.iter().map(|part| part.as_ref().map_or(Varies::ByRow, varies));
        each.max().unwrap_or(Varies::Never)
    };
    match expr {
        ast::Expr::Literal(literal) => {
            let text = literal.string_value().unwrap_or_default();
            let moment = MOMENTS.iter().any(|m| text.trim().eq_ignore_ascii_case(m));
            if moment { Varies::ByTransaction } else { Varies::Never }
        }
        ast::Expr::ArrayExpr(array) if array.select_variant().is_none() => {
            either(array.exprs().map(Some).collect())
        }
        ast::Expr::BinExpr(binary) => either(vec![binary.lhs(), binary.rhs()]),
        ast::Expr::PrefixExpr(prefix) => either(vec![prefix.expr()]),
        ast::Expr::ParenExpr(paren) => either(vec![paren.expr()]),
        ast::Expr::Collate(collate) => either(vec![collate.expr()]),
        // `date '2020-01-01'` holds a literal and no expression of its own.
        ast::Expr::CastExpr(cast) => either(vec![cast.expr().or_else(|| {
            let literal = cast.syntax().children().find_map(ast::Literal::cast);
            literal.map(ast::Expr::Literal)
        })]),
        ast::Expr::CallExpr(call) => match call.expr() {
            Some(ast::Expr::NameRef(name)) if is_stable(&name) => Varies::ByTransaction,
            _ => Varies::ByRow,
        },
        ast::Expr::NameRef(name) if !is_identifier(name) && is_stable(name) => {
            Varies::ByTransaction
        }
        _ => Varies::ByRow,
    }
}

fn is_stable(name: &ast::NameRef) -> bool {
    STABLE.contains(&name.text().as_str())
}

/// A name in quotes is a column even if it reads like a keyword.
fn is_identifier(name: &ast::NameRef) -> bool {
    name.syntax().first_token().is_some_and(|token| token.kind() == SyntaxKind::IDENT)
}
