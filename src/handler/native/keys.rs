//! Rows by their keys: which part of a WHERE tells one, and look-ups.

use sqlparser::ast::{self, BinaryOperator as Op};

use super::expr::{Expr, Lookup};
use super::literals::is_session_value;
use super::precedence::unnested;
use super::rejection::{Reason, Refused, refuse};
use super::syntax;
use super::tables::Table;
use super::typed::{Is, Typed, known};
use super::typing::{Names, find};
use crate::cell::{Cell, Kind};

/// Conditions that look at no row, and those that do.
pub(super) fn gated(conditions: Vec<Expr>) -> (Vec<Expr>, Vec<Expr>) {
    conditions.into_iter().partition(|condition| !condition.looks_at_row())
}

impl Names<'_> {
    pub(super) fn lookup(&self, query: &ast::Query, sql: &str) -> Result<Typed, Refused> {
        let parts = syntax::lookup(query)?;
        let Some(value) = parts.value else { return refuse(Reason::LookupOfNothing) };
        let (lookup, kind) = self.found(&parts, Some(value), sql)?;
        let Some(kind) = kind else { return refuse(Reason::LookupOfLiteral) };
        Ok(Typed { expr: Expr::Lookup(Box::new(lookup)), is: Is::Known(kind) })
    }

    /// A look-up that gives true where there is a row, and NULL where there is none.
    pub(super) fn exists(&self, query: &ast::Query, sql: &str) -> Result<Expr, Refused> {
        let parts = syntax::lookup(query)?;
        let is_plain = |value: &ast::Expr| {
            matches!(value, ast::Expr::Value(_)) || column_name(value).is_some()
        };
        if parts.value.is_some_and(|value| !is_plain(value)) {
            return refuse(Reason::ExistsComputed);
        }
        let (lookup, _) = self.found(&parts, None, sql)?;
        // PostgreSQL may make a join of it, which looks at conditions when it likes.
        let conditions = lookup.gates.len() + lookup.conditions.len();
        if lookup.key.iter().any(Expr::looks_at_row) && conditions > 0 {
            return refuse(Reason::ExistsByMore);
        }
        Ok(Expr::Lookup(Box::new(lookup)))
    }

    fn found(
        &self,
        parts: &syntax::LookupParts<'_>,
        value: Option<&ast::Expr>,
        sql: &str,
    ) -> Result<(Lookup, Option<Kind>), Refused> {
        let table = find(self.tables, &parts.relation.table)?;
        let alias = parts.relation.alias.as_str();
        let inner =
            Names { row: Some((table, alias)), excluded: false, outer: Some(self), ..*self };
        let mut list = Vec::new();
        syntax::conjuncts(parts.condition, &mut list);
        let (mut key, mut conditions) = (KeyParts::of(&self.tables[table]), Vec::new());
        for one in list {
            if !take_key(self, &inner, &mut key, one, sql)? {
                conditions.push(inner.typed(one, sql)?.condition()?);
            }
        }
        let Some(key) = key.whole() else {
            return refuse(Reason::LookupKey);
        };
        in_order(&key, &conditions)?;
        let (gates, conditions) = gated(conditions);
        let value = match value {
            Some(value) => inner.typed(value, sql)?,
            None => known(Expr::Const(Cell::Bool(true)), Kind::Bool)?,
        };
        let kind = value.kind();
        Ok((Lookup { table, key, gates, conditions, value: value.expr }, kind))
    }
}

/// PostgreSQL looks at the cheaper of two conditions first, and may look at every row of a table. So
/// a condition that can fail must be dearer than those that find the row.
pub(super) fn in_order(key: &[Expr], conditions: &[Expr]) -> Result<(), Refused> {
    let is_cheap = |part: &Expr| match part {
        Expr::Const(_) | Expr::Arg(_) | Expr::Column(_) | Expr::Excluded(_) => true,
        Expr::Lookup(_) => !part.looks_at_row(),
        _ => false,
    };
    match key.iter().all(is_cheap) || !conditions.iter().any(Expr::can_fail) {
        true => Ok(()),
        false => refuse(Reason::ComputedKey),
    }
}

/// Takes `column = value` for a part of a key. `around` is what the value may look at, `inner` what
/// the condition as a whole may.
pub(super) fn take_key(
    around: &Names<'_>,
    inner: &Names<'_>,
    key: &mut KeyParts<'_>,
    condition: &ast::Expr,
    sql: &str,
) -> Result<bool, Refused> {
    let ast::Expr::BinaryOp { left, op: Op::Eq, right } = condition else { return Ok(false) };
    for (column, value) in [(left, right), (right, left)] {
        let Some(part) = inner.own_column(key.table, column).and_then(|name| key.free(&name))
        else {
            continue;
        };
        let wanted = key.table.columns[key.table.key[part]].ty.kind;
        if let Some(value) = free_value(around, inner, key.table, value, wanted, sql)? {
            key.parts[part] = Some(value);
            return Ok(true);
        }
    }
    Ok(false)
}

/// A value compared with a column of `table`, if it does not look at the table's own row.
pub(super) fn free_value(
    around: &Names<'_>,
    inner: &Names<'_>,
    table: &Table,
    value: &ast::Expr,
    wanted: Kind,
    sql: &str,
) -> Result<Option<Expr>, Refused> {
    let alias = inner.row.map_or("", |(_, alias)| alias);
    let own = |relation: Option<&str>, name: &str| {
        relation.map_or_else(|| table.has(name), |relation| relation == alias)
    };
    if mentions(value, &own) {
        return Ok(None);
    }
    let value = around.typed(value, sql)?;
    match value.kind().is_none_or(|k| k == wanted || (k.is_int() && wanted.is_int())) {
        true => Ok(Some(value.settle(wanted)?)),
        false => refuse(Reason::KeyType),
    }
}

impl Names<'_> {
    /// The name of a column of the statement's own table, if the expression is one.
    pub(super) fn own_column(&self, table: &Table, expr: &ast::Expr) -> Option<String> {
        let (relation, name) = column_name(unnested(expr))?;
        let alias = self.row.map_or("", |(_, alias)| alias);
        (relation.is_none_or(|relation| relation == alias) && table.has(&name)).then_some(name)
    }
}

/// The parts of a key, as they are found.
pub(super) struct KeyParts<'t> {
    table: &'t Table,
    parts: Vec<Option<Expr>>,
}

impl<'t> KeyParts<'t> {
    pub(super) fn of(table: &'t Table) -> KeyParts<'t> {
        KeyParts { table, parts: table.key.iter().map(|_| None).collect() }
    }

    fn free(&self, name: &str) -> Option<usize> {
        let of = |column: &usize| self.table.columns[*column].name == name;
        let part = self.table.key.iter().position(of)?;
        self.parts[part].is_none().then_some(part)
    }

    pub(super) fn whole(self) -> Option<Vec<Expr>> {
        self.parts.into_iter().collect()
    }
}

pub(super) fn column_name(expr: &ast::Expr) -> Option<(Option<String>, String)> {
    match expr {
        ast::Expr::Identifier(ident) if is_session_value(ident) => None,
        ast::Expr::Identifier(ident) => Some((None, syntax::name(ident))),
        ast::Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [relation, column] => Some((Some(syntax::name(relation)), syntax::name(column))),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a name of some kind stands outside look-ups in an expression.
pub(super) fn mentions(expr: &ast::Expr, is: &dyn Fn(Option<&str>, &str) -> bool) -> bool {
    use std::ops::ControlFlow;
    struct Finder<'f> {
        is: &'f dyn Fn(Option<&str>, &str) -> bool,
        depth: usize,
    }
    impl ast::Visitor for Finder<'_> {
        type Break = ();
        fn pre_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
            self.depth += 1;
            ControlFlow::Continue(())
        }
        fn post_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
            self.depth -= 1;
            ControlFlow::Continue(())
        }
        fn pre_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<()> {
            match column_name(expr) {
                Some((relation, name))
                    if self.depth == 0 && (self.is)(relation.as_deref(), &name) =>
                {
                    ControlFlow::Break(())
                }
                _ => ControlFlow::Continue(()),
            }
        }
    }
    ast::Visit::visit(expr, &mut Finder { is, depth: 0 }).is_break()
}
