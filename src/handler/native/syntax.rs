//! The clauses of a parsed statement, reduced to those of the subset.
//!
//! The parser knows more SQL than PostgreSQL does; the statement has been accepted by PostgreSQL
//! before, so only what PostgreSQL knows can stand here. Whatever is not looked at is refused.

use std::ops::ControlFlow;

use sqlparser::ast::{
    self, ConflictTarget, Delete, FromTable, GroupByExpr, Insert, ObjectName, ObjectNamePart,
    OnConflictAction, OnInsert, Query, Select, SelectItem, SetExpr, TableFactor, TableObject,
    TableWithJoins, Update, Visit, Visitor,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

use super::rejection::{Reason, Refused, refuse};

/// Tokens of the longest statement that is given to the parser. Trees are taken down one call a level,
/// and `a + a + a ...` has a level for each operator.
const MAX_TOKENS: usize = 4_000;
/// How deep expressions may nest. Each level is some calls here: a hundred were measured to fit into
/// a thread's stack of 2 MiB in a debug build, and two hundred and forty not to.
const MAX_LEVELS: usize = 90;

/// A name as PostgreSQL sees it: folded unless it is quoted. Letters beyond ASCII stay as they are.
pub(super) fn name(ident: &ast::Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    }
}

/// The only part of a name.
pub(super) fn plain(object: &ObjectName) -> Result<String, Refused> {
    match object.0.as_slice() {
        [ObjectNamePart::Identifier(ident)] => Ok(name(ident)),
        _ => refuse(Reason::Schema),
    }
}

/// The one statement of a text.
pub(super) fn statement(sql: &str) -> Result<ast::Statement, Refused> {
    let dialect = PostgreSqlDialect {};
    let mut found = parser(&dialect, sql)?.parse_statements().map_err(unread)?;
    match (found.pop(), found.pop()) {
        (Some(statement), None) => shallow(statement),
        _ => refuse(Reason::SeveralStatements),
    }
}

/// The expression of a text, such as a default or a CHECK.
pub(super) fn expression(sql: &str) -> Result<ast::Expr, Refused> {
    let dialect = PostgreSqlDialect {};
    let mut parser = parser(&dialect, sql)?;
    let expression = parser.parse_expr().map_err(unread)?;
    match parser.peek_token().token {
        Token::EOF => shallow(expression),
        _ => refuse(Reason::UnreadEnd),
    }
}

fn unread(error: ParserError) -> Refused {
    Refused::new(Reason::Unread(error))
}

fn parser<'d>(dialect: &'d PostgreSqlDialect, sql: &str) -> Result<Parser<'d>, Refused> {
    let tokens = Tokenizer::new(dialect, sql).tokenize_with_location();
    let tokens = tokens.map_err(|error| unread(error.into()))?;
    if tokens.len() > MAX_TOKENS {
        return refuse(Reason::Long);
    }
    Ok(Parser::new(dialect).with_tokens_with_locations(tokens))
}

/// A tree whose expressions are not nested too deep for whoever walks it.
fn shallow<T: Visit>(tree: T) -> Result<T, Refused> {
    match tree.visit(&mut Levels(0)) {
        ControlFlow::Continue(()) => Ok(tree),
        ControlFlow::Break(()) => refuse(Reason::Deep),
    }
}

/// The expressions around the one that is looked at. The parser's own walk grows the stack it needs.
struct Levels(usize);

impl Visitor for Levels {
    type Break = ();

    fn pre_visit_expr(&mut self, _: &ast::Expr) -> ControlFlow<()> {
        self.0 += 1;
        if self.0 > MAX_LEVELS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn post_visit_expr(&mut self, _: &ast::Expr) -> ControlFlow<()> {
        self.0 -= 1;
        ControlFlow::Continue(())
    }
}

/// A table and the name it goes by.
pub(super) struct Relation {
    pub(super) table: String,
    pub(super) alias: String,
}

/// The parser takes `ONLY t` for a table ONLY that goes by the name t.
fn is_only(table: &ObjectName) -> bool {
    matches!(table.0.as_slice(), [ObjectNamePart::Identifier(ident)]
        if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("only"))
}

fn relation(from: &TableWithJoins) -> Result<Relation, Refused> {
    let only_table = Reason::SeveralTables;
    if !from.joins.is_empty() {
        return refuse(Reason::Join);
    }
    match &from.relation {
        TableFactor::Table {
            name: table,
            alias,
            args: None,
            with_ordinality: false,
            sample: None,
            partitions,
            ..
        } if partitions.is_empty() => {
            if is_only(table) {
                return refuse(Reason::Only);
            }
            let table = plain(table)?;
            let alias = match alias {
                Some(alias) if !alias.columns.is_empty() => return refuse(only_table),
                Some(alias) => name(&alias.name),
                None => table.clone(),
            };
            Ok(Relation { table, alias })
        }
        _ => refuse(only_table),
    }
}

/// `INSERT INTO ... VALUES (...)`
pub(super) struct InsertParts<'s> {
    pub(super) relation: Relation,
    /// The columns; empty where they are not written.
    pub(super) columns: Vec<String>,
    /// At least one.
    pub(super) rows: &'s [ast::Parens<Vec<ast::Expr>>],
    pub(super) conflict: Option<ConflictParts<'s>>,
}

pub(super) struct ConflictParts<'s> {
    /// The columns of the target, where they are written.
    pub(super) columns: Option<Vec<String>>,
    /// `DO UPDATE`: assignments and condition.
    pub(super) update: Option<(&'s [ast::Assignment], Option<&'s ast::Expr>)>,
}

pub(super) fn insert(insert: &Insert) -> Result<InsertParts<'_>, Refused> {
    let Insert { table, table_alias, columns, source, on, returning, .. } = insert;
    if returning.is_some() {
        return refuse(Reason::Returning);
    }
    let TableObject::TableName(table) = table else { return refuse(Reason::NoTable) };
    let table = plain(table)?;
    let alias = table_alias.as_ref().map_or_else(|| table.clone(), |a| name(&a.alias));
    let columns = columns.iter().map(plain).collect::<Result<_, _>>()?;
    let from_values = Reason::NoValues;
    let Some(source) = source else { return refuse(from_values) };
    bare(source)?;
    let rows = match &*source.body {
        SetExpr::Values(values) if !values.rows.is_empty() => values.rows.as_slice(),
        _ => return refuse(from_values),
    };
    let conflict = match on {
        None => None,
        Some(OnInsert::OnConflict(conflict)) => {
            let columns = match &conflict.conflict_target {
                None => None,
                Some(ConflictTarget::Columns(columns)) => Some(columns.iter().map(name).collect()),
                Some(ConflictTarget::OnConstraint(_)) => {
                    return refuse(Reason::OnConstraint);
                }
            };
            let update = match &conflict.action {
                OnConflictAction::DoNothing => None,
                OnConflictAction::DoUpdate(update) => {
                    Some((update.assignments.as_slice(), update.selection.as_ref()))
                }
            };
            Some(ConflictParts { columns, update })
        }
        Some(_) => return refuse(Reason::ConflictClause),
    };
    Ok(InsertParts { relation: Relation { table, alias }, columns, rows, conflict })
}

/// `UPDATE ... SET ... WHERE ...`
pub(super) fn update(
    update: &Update,
) -> Result<(Relation, &[ast::Assignment], Option<&ast::Expr>), Refused> {
    if update.from.is_some() {
        return refuse(Reason::UpdateFrom);
    }
    if update.returning.is_some() {
        return refuse(Reason::Returning);
    }
    Ok((relation(&update.table)?, &update.assignments, update.selection.as_ref()))
}

/// `DELETE FROM ... WHERE ...`
pub(super) fn delete(delete: &Delete) -> Result<(Relation, Option<&ast::Expr>), Refused> {
    if delete.using.is_some() {
        return refuse(Reason::DeleteUsing);
    }
    if delete.returning.is_some() {
        return refuse(Reason::Returning);
    }
    let FromTable::WithFromKeyword(from) = &delete.from else {
        return refuse(Reason::DeleteForm);
    };
    match from.as_slice() {
        [from] => Ok((relation(from)?, delete.selection.as_ref())),
        _ => refuse(Reason::SeveralTables),
    }
}

fn bare(query: &Query) -> Result<(), Refused> {
    let Query { with, order_by, limit_clause, fetch, locks, for_clause, .. } = query;
    let plain = with.is_none()
        && order_by.is_none()
        && limit_clause.is_none()
        && fetch.is_none()
        && locks.is_empty()
        && for_clause.is_none();
    match plain {
        true => Ok(()),
        false => refuse(Reason::QueryClauses),
    }
}

/// `SELECT value FROM table WHERE ...`
pub(super) struct LookupParts<'s> {
    pub(super) relation: Relation,
    /// Nothing where nothing is selected, as in EXISTS.
    pub(super) value: Option<&'s ast::Expr>,
    pub(super) condition: &'s ast::Expr,
}

pub(super) fn lookup(query: &Query) -> Result<LookupParts<'_>, Refused> {
    let form = Reason::LookupForm;
    bare(query)?;
    let SetExpr::Select(select) = &*query.body else { return refuse(form) };
    let Select {
        distinct,
        top,
        into,
        projection,
        from,
        lateral_views,
        selection,
        group_by,
        having,
        named_window,
        qualify,
        ..
    } = &**select;
    let plain = distinct.is_none()
        && top.is_none()
        && into.is_none()
        && lateral_views.is_empty()
        && having.is_none()
        && named_window.is_empty()
        && qualify.is_none()
        && matches!(group_by, GroupByExpr::Expressions(list, modifiers) if list.is_empty() && modifiers.is_empty());
    let value = match projection.as_slice() {
        [] => None,
        [SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }] => {
            Some(value)
        }
        _ => return refuse(form),
    };
    let ([from], Some(condition), true) = (from.as_slice(), selection, plain) else {
        return refuse(form);
    };
    Ok(LookupParts { relation: relation(from)?, value, condition })
}

/// The conditions that AND joins.
pub(super) fn conjuncts<'s>(condition: &'s ast::Expr, into: &mut Vec<&'s ast::Expr>) {
    match condition {
        ast::Expr::BinaryOp { left, op: ast::BinaryOperator::And, right } => {
            conjuncts(left, into);
            conjuncts(right, into);
        }
        ast::Expr::Nested(inner) => conjuncts(inner, into),
        other => into.push(other),
    }
}
