//! What a view reads for one of its columns, from the text PostgreSQL gives for it.
//!
//! A view is *plain* if each of its rows is one row of one table, there from the commit of that row's
//! INSERT on: one table, or several by UNION ALL, no join, aggregate, function or LIMIT. Whatever is not
//! known to be plain is an obstacle, also what the parser does not know.

use sqlparser::ast::{
    BinaryOperator as Op, CastKind, DataType, Expr, GroupByExpr, Ident, ObjectName, ObjectNamePart,
    Query, Select, SelectItem, SetExpr, SetOperator, SetQuantifier, Statement, TableFactor,
    TableWithJoins, UnaryOperator, Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::handler::longest_row;

/// Tokens in a row of a text that is still read: a chain of operators is a tree with a level for each.
const MAX_ROW: usize = 2_000;

/// A column of a table, and what is added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The schema, if the text has one.
    pub(super) schema: Option<String>,
    pub(super) table: String,
    pub(super) column: String,
    /// What is added to the column's values.
    pub(super) shift: i64,
}

/// What a view's column is made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// The columns behind it: one, or one of each part of a UNION ALL.
    pub(super) columns: Vec<Column>,
    /// Why the view is not plain; what is found first.
    pub(super) obstacle: Option<&'static str>,
    /// Whether a condition leaves rows out.
    pub(super) is_filtered: bool,
}

/// Which column of a query is meant.
#[derive(Clone, Copy)]
enum Which<'a> {
    Named(&'a str),
    Nth(usize),
}

/// Where the column `name` of a view with this definition comes from.
pub(super) fn origin(definition: &str, name: &str) -> Origin {
    let mut origin = Origin::default();
    match parsed(definition) {
        Some(query) => origin.query(&query, Which::Named(name), 0),
        None => origin.not("its definition cannot be read"),
    }
    origin
}

/// The column that an expression over one table is, and what it adds: `position`, `log."Position" + 1`.
pub(super) fn column(expression: &str) -> Option<(String, i64)> {
    if longest_row(expression) > MAX_ROW {
        return None;
    }
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect).try_with_sql(expression).ok()?;
    let parsed = parser.parse_expr().ok()?;
    let at_end = parser.peek_token().token == sqlparser::tokenizer::Token::EOF;
    let (_, name, shift) = column_of(&parsed).filter(|_| at_end)?;
    Some((name, shift))
}

fn parsed(definition: &str) -> Option<Query> {
    if longest_row(definition) > MAX_ROW {
        return None;
    }
    let mut found = Parser::parse_sql(&PostgreSqlDialect {}, definition).ok()?;
    match (found.pop(), found.pop()) {
        (Some(Statement::Query(query)), None) => Some(*query),
        _ => None,
    }
}

impl Origin {
    fn not(&mut self, why: &'static str) {
        self.obstacle.get_or_insert(why);
    }

    fn query(&mut self, query: &Query, which: Which<'_>, shift: i64) {
        if query.with.is_some() {
            self.not("it has a WITH clause");
        }
        if query.limit_clause.is_some() || query.fetch.is_some() {
            self.not("it has a LIMIT or OFFSET");
        }
        if !query.locks.is_empty() {
            self.not("it locks rows");
        }
        self.set(&query.body, which, shift);
    }

    fn set(&mut self, body: &SetExpr, which: Which<'_>, shift: i64) {
        match body {
            SetExpr::Select(select) => self.select(select, which, shift),
            SetExpr::Query(query) => self.query(query, which, shift),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                if (*op, *set_quantifier) != (SetOperator::Union, SetQuantifier::All) {
                    return self.not("it joins queries by something else than UNION ALL");
                }
                // The names of a union are those of its first part.
                let Some(nth) = number(left, which) else {
                    return self.not("its position is no column of a table");
                };
                self.set(left, Which::Nth(nth), shift);
                self.set(right, Which::Nth(nth), shift);
            }
            _ => self.not("it reads no table"),
        }
    }

    fn select(&mut self, select: &Select, which: Which<'_>, shift: i64) {
        if select.distinct.is_some() {
            self.not("it has DISTINCT");
        }
        let grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
        if grouped || select.having.is_some() {
            self.not("it aggregates");
        }
        if let Some(condition) = &select.selection {
            self.is_filtered = true;
            if !is_steady(condition) {
                self.not("its condition calls functions or reads other tables");
            }
        }
        // PostgreSQL writes joins in parentheses, so they are looked for at every level.
        let joins = select.from.iter().flat_map(factors).count() != 1;
        if joins {
            self.not("it joins tables");
        }
        let item = match which {
            Which::Nth(nth) => select.projection.get(nth),
            Which::Named(name) => {
                select.projection.iter().find(|item| named(item).as_deref() == Some(name))
            }
        };
        let Some((qualifier, name, more)) = item.and_then(expression).and_then(column_of) else {
            return self.not("its position is no column of a table");
        };
        let Some(shift) = shift.checked_add(more) else {
            return self.not("its position is no column of a table");
        };
        let mut tables = select.from.iter().flat_map(factors);
        let found = match qualifier {
            Some(alias) => tables.find(|factor| goes_by(factor, &alias)),
            None => tables.next().filter(|_| !joins),
        };
        match found {
            Some(TableFactor::Table { name: of, args: None, sample, .. }) => {
                if sample.is_some() {
                    self.not("it samples a table");
                }
                let Some((schema, table)) = relation(of) else {
                    return self.not("its table's name cannot be read");
                };
                self.columns.push(Column { schema, table, column: name, shift });
            }
            Some(TableFactor::Derived { subquery, sample: None, lateral: false, .. }) => {
                self.query(subquery, Which::Named(&name), shift);
            }
            _ => self.not("its position is no column of a table"),
        }
    }
}

/// Every table of a FROM item, those it is joined with too.
fn factors(from: &TableWithJoins) -> Vec<&TableFactor> {
    let mut all = vec![&from.relation];
    all.extend(from.joins.iter().map(|join| &join.relation));
    all.into_iter().flat_map(nested).collect()
}

fn nested(factor: &TableFactor) -> Vec<&TableFactor> {
    match factor {
        TableFactor::NestedJoin { table_with_joins, .. } => factors(table_with_joins),
        other => vec![other],
    }
}

fn goes_by(factor: &TableFactor, name: &str) -> bool {
    match factor {
        TableFactor::Table { alias: Some(alias), .. }
        | TableFactor::Derived { alias: Some(alias), .. } => text(&alias.name) == name,
        TableFactor::Table { name: of, .. } => relation(of).is_some_and(|(_, table)| table == name),
        _ => false,
    }
}

fn relation(name: &ObjectName) -> Option<(Option<String>, String)> {
    match name.0.as_slice() {
        [ObjectNamePart::Identifier(table)] => Some((None, text(table))),
        [ObjectNamePart::Identifier(schema), ObjectNamePart::Identifier(table)] => {
            Some((Some(text(schema)), text(table)))
        }
        _ => None,
    }
}

/// Which column of a query has a name.
fn number(body: &SetExpr, which: Which<'_>) -> Option<usize> {
    let name = match which {
        Which::Nth(nth) => return Some(nth),
        Which::Named(name) => name,
    };
    match body {
        SetExpr::Select(select) => {
            select.projection.iter().position(|item| named(item).as_deref() == Some(name))
        }
        SetExpr::Query(query) => number(&query.body, which),
        SetExpr::SetOperation { left, .. } => number(left, which),
        _ => None,
    }
}

fn expression(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
        _ => None,
    }
}

/// The name a column has outside. PostgreSQL writes an alias to all but plain columns.
fn named(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(text(alias)),
        SelectItem::UnnamedExpr(Expr::Identifier(ident)) => Some(text(ident)),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().map(text),
        _ => None,
    }
}

/// A name as PostgreSQL sees it.
fn text(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    }
}

/// The table's name or alias if there is one, the column, and what is added to it.
fn column_of(expr: &Expr) -> Option<(Option<String>, String, i64)> {
    match expr {
        Expr::Identifier(ident) => Some((None, text(ident), 0)),
        Expr::CompoundIdentifier(parts) => {
            let [before @ .., last] = parts.as_slice() else { return None };
            Some((before.last().map(text), text(last), 0))
        }
        Expr::Nested(inner) => column_of(inner),
        Expr::Cast { expr, data_type, kind: CastKind::Cast | CastKind::DoubleColon, .. }
            if is_whole(data_type) =>
        {
            column_of(expr)
        }
        Expr::BinaryOp { left, op: op @ (Op::Plus | Op::Minus), right } => {
            let (table, column, shift) = column_of(left)?;
            let more = constant(right)?;
            let more = if *op == Op::Minus { more.checked_neg()? } else { more };
            Some((table, column, shift.checked_add(more)?))
        }
        _ => None,
    }
}

fn is_whole(data_type: &DataType) -> bool {
    use DataType as T;
    matches!(
        data_type,
        T::BigInt(_)
            | T::Int8(_)
            | T::Int(_)
            | T::Integer(_)
            | T::Int4(_)
            | T::SmallInt(_)
            | T::Int2(_)
    )
}

fn constant(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse().ok(),
            Value::SingleQuotedString(digits) => digits.parse().ok(),
            _ => None,
        },
        Expr::Nested(inner) => constant(inner),
        Expr::Cast { expr, data_type, .. } if is_whole(data_type) => constant(expr),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => constant(expr)?.checked_neg(),
        _ => None,
    }
}

/// Whether a condition says the same of a row whenever it is asked, as long as the row is the same:
/// comparisons of columns and constants.
fn is_steady(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Value(_)
        | Expr::TypedString(_) => true,
        Expr::Nested(e)
        | Expr::IsFalse(e)
        | Expr::IsNotFalse(e)
        | Expr::IsTrue(e)
        | Expr::IsNotTrue(e)
        | Expr::IsNull(e)
        | Expr::IsNotNull(e)
        | Expr::UnaryOp { expr: e, .. }
        | Expr::Collate { expr: e, .. } => is_steady(e),
        Expr::IsDistinctFrom(a, b) | Expr::IsNotDistinctFrom(a, b) => is_steady(a) && is_steady(b),
        Expr::BinaryOp { left, right, .. }
        | Expr::AnyOp { left, right, .. }
        | Expr::AllOp { left, right, .. } => is_steady(left) && is_steady(right),
        Expr::InList { expr, list, .. } => is_steady(expr) && list.iter().all(is_steady),
        Expr::Between { expr, low, high, .. } => {
            [expr, low, high].into_iter().all(|e| is_steady(e))
        }
        Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
            is_steady(expr) && is_steady(pattern)
        }
        Expr::Array(array) => array.elem.iter().all(is_steady),
        // A text that is cast to a time may be `now`; PostgreSQL writes a constant's type to itself.
        Expr::Cast { expr, data_type, .. } => match &**expr {
            Expr::Value(_) => true,
            inner => !is_moment(data_type) && is_steady(inner),
        },
        _ => false,
    }
}

fn is_moment(data_type: &DataType) -> bool {
    use DataType as T;
    matches!(
        data_type,
        T::Date
            | T::Date32
            | T::Time(..)
            | T::Timestamp(..)
            | T::TimestampNtz(_)
            | T::Datetime(_)
            | T::Custom(..)
            | T::Interval { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn plain(definition: &str, columns: &[(&str, &str, i64)]) {
        let found = origin(definition, "position");
        assert_eq!(found.obstacle, None, "{definition}");
        let of = |c: &Column| {
            let schema = c.schema.as_ref().map_or_else(String::new, |s| format!("{s}."));
            (format!("{schema}{}", c.table), c.column.clone(), c.shift)
        };
        let found: Vec<_> = found.columns.iter().map(of).collect();
        let expect: Vec<_> =
            columns.iter().map(|(t, c, s)| ((*t).to_owned(), (*c).to_owned(), *s)).collect();
        assert_eq!(found, expect, "{definition}");
    }

    #[track_caller]
    fn other(definition: &str, why: &str) {
        assert_eq!(origin(definition, "position").obstacle, Some(why), "{definition}");
    }

    #[test]
    fn plain_views_lead_to_their_tables() {
        plain("SELECT ev.seq AS \"position\", ev.body FROM public.ev;", &[("public.ev", "seq", 0)]);
        plain("SELECT \"position\", body FROM s.ev ORDER BY x", &[("s.ev", "position", 0)]);
        plain(
            "SELECT e.\"Seq\" + 1 AS \"position\" FROM \"S\".\"Ev\" e WHERE e.type::text = 'a'::text AND e.n > 3",
            &[("S.Ev", "Seq", 1)],
        );
        plain(
            "SELECT a.seq AS \"position\", a.b FROM p.a UNION ALL SELECT b.n, b.b FROM p.b UNION ALL SELECT c.seq::bigint AS seq, c.b FROM p.c",
            &[("p.a", "seq", 0), ("p.b", "n", 0), ("p.c", "seq", 0)],
        );
        plain(
            "SELECT u.seq AS \"position\" FROM ( SELECT a.seq FROM p.a UNION ALL SELECT b.seq FROM p.b) u",
            &[("p.a", "seq", 0), ("p.b", "seq", 0)],
        );
        plain(
            "SELECT (ev.seq - '1'::integer) AS \"position\", lower(ev.kind) AS kind FROM p.ev \
             WHERE ((ev.kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])) \
             AND ev.at >= '2024-01-01 00:00:00+00'::timestamp with time zone",
            &[("p.ev", "seq", -1)],
        );
    }

    #[test]
    fn other_views_are_told_by_what_is_in_the_way() {
        let of = |rest: &str| format!("SELECT ev.seq AS \"position\", ev.body FROM p.ev {rest}");
        for (rest, why) in [
            ("JOIN p.s ON s.id = ev.s", "it joins tables"),
            ("CROSS JOIN LATERAL (SELECT 1) AS s", "it joins tables"),
            (", p.s", "it joins tables"),
            ("LIMIT 10", "it has a LIMIT or OFFSET"),
            ("OFFSET 1", "it has a LIMIT or OFFSET"),
            ("GROUP BY ev.seq, ev.body", "it aggregates"),
            ("TABLESAMPLE system (10)", "it samples a table"),
            (
                "UNION SELECT b.seq, b.body FROM p.b",
                "it joins queries by something else than UNION ALL",
            ),
            ("WHERE ev.at < now()", "its condition calls functions or reads other tables"),
            (
                "WHERE ev.at < CURRENT_TIMESTAMP",
                "its condition calls functions or reads other tables",
            ),
            (
                "WHERE ev.at < ('now'::text)::timestamp with time zone",
                "its condition calls functions or reads other tables",
            ),
            (
                "WHERE EXISTS (SELECT 1 FROM p.o)",
                "its condition calls functions or reads other tables",
            ),
            (
                "WHERE ev.id IN (SELECT o.id FROM p.o)",
                "its condition calls functions or reads other tables",
            ),
        ] {
            other(&of(rest), why);
        }
        for from in [
            "(p.ev JOIN p.s ON s.id = ev.s)",
            "((p.ev LEFT JOIN p.s USING (id)) JOIN p.t USING (id))",
        ] {
            other(&format!("SELECT ev.seq AS \"position\" FROM {from}"), "it joins tables");
        }
        let none = "its position is no column of a table";
        other("SELECT row_number() OVER () AS \"position\" FROM p.ev", none);
        other("SELECT max(ev.seq) AS \"position\" FROM p.ev", none);
        other("SELECT f.seq AS \"position\" FROM p.f() f(seq, body)", none);
        other("SELECT ev.seq * 10 AS \"position\" FROM p.ev", none);
        other("SELECT DISTINCT ev.seq AS \"position\" FROM p.ev", "it has DISTINCT");
        other(
            "WITH x AS (SELECT 1) SELECT ev.seq AS \"position\" FROM p.ev",
            "it has a WITH clause",
        );
        other("no SQL at all", "its definition cannot be read");
    }

    #[test]
    fn the_column_behind_a_join_is_known() {
        let found = origin(
            "SELECT se.stream_version AS \"position\", e.data FROM es.stream_events se \
             JOIN es.events e USING (event_id) JOIN es.streams s ON s.stream_id = se.original_stream_id",
            "position",
        );
        assert_eq!(found.obstacle, Some("it joins tables"));
        assert_eq!((found.columns[0].table.as_str(), found.columns.len()), ("stream_events", 1));
    }

    #[test]
    fn expressions_over_one_column() {
        assert_eq!(column("position"), Some(("position".into(), 0)));
        assert_eq!(column("\"Position\""), Some(("Position".into(), 0)));
        assert_eq!(column("log.Position + 1"), Some(("position".into(), 1)));
        assert_eq!(column("(seq::bigint - 2)"), Some(("seq".into(), -2)));
        assert_eq!(column("seq * 2"), None);
        assert_eq!(column("seq seq"), None);
        assert_eq!(column("coalesce(seq, 1)"), None);
    }
}
