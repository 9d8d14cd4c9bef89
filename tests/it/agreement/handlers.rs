//! Random handlers: statements that a fold in memory can run, and some it cannot.

use serde::{Deserialize, Serialize};

use super::expressions::{Pen, Visible};
use super::shapes::Shape;
use super::tables::{Column, Table};
use super::values::{self, Base, Mood};
use crate::hazards::Dice;

/// A statement and what kind it is, for the summary.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Statement {
    pub(super) kind: String,
    pub(super) sql: String,
}

/// The handler of one event type.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Handler {
    pub(super) event_type: String,
    pub(super) statements: Vec<Statement>,
}

/// What all statements of a case have in common.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    pub(super) mood: Mood,
    /// See [`Pen::outside`].
    pub(super) outside: usize,
    /// See [`Pen::arrows`].
    pub(super) arrows: bool,
}

/// The handlers of three to six event types, and what their payloads hold.
pub(super) fn random(
    dice: &mut Dice,
    tables: &[Table],
    habits: Habits,
) -> (Vec<Handler>, Vec<Shape>) {
    let (mut handlers, mut shapes) = (Vec::new(), Vec::new());
    for number in 1..=3 + dice.below(4) {
        let event_type = format!("Type{number}");
        let mut shape =
            Shape { event_type: event_type.clone(), most: 3 + dice.below(6), ..Shape::default() };
        let mut statements = Vec::new();
        for nth in 0..[1, 1, 2, 2, 3][dice.below(5)] {
            let table = &tables[(number + nth + dice.below(2)) % tables.len()];
            // Without rows nothing happens, so the first types insert.
            let inserts = nth == 0 && number <= tables.len();
            statements.push(statement(dice, tables, table, &mut shape, habits, inserts));
        }
        handlers.push(Handler { event_type, statements });
        shapes.push(shape);
    }
    (handlers, shapes)
}

/// The file `handlers.sql`.
pub(super) fn file(handlers: &[Handler]) -> String {
    let one = |handler: &Handler| {
        let statements: String =
            handler.statements.iter().map(|s| format!("{};\n", s.sql)).collect();
        format!("-- on {}\n{statements}", handler.event_type)
    };
    handlers.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn statement(
    dice: &mut Dice,
    tables: &[Table],
    table: &Table,
    shape: &mut Shape,
    habits: Habits,
    inserts: bool,
) -> Statement {
    let Habits { mood, outside, arrows } = habits;
    let die = if inserts { dice.below(42) } else { dice.below(100) };
    let mut pen = Pen { dice, tables, shape, mood, columns: Vec::new(), outside, arrows };
    let (kind, sql) = match die {
        0..42 => insert(&mut pen, table),
        42..74 => update(&mut pen, table),
        74..84 => delete(&mut pen, table),
        84..92 => update_many(&mut pen, table),
        92..95 => delete_many(&mut pen, table),
        95..98 => move_key(&mut pen, table),
        _ => insert_select(&mut pen, table),
    };
    let sql = renamed(&mut pen, table, sql);
    Statement { kind: kind.into(), sql }
}

fn visible(table: &Table, prefix: &str) -> Vec<Visible> {
    let one = |c: &Column| Visible { sql: format!("{prefix}{}", c.name), base: c.base };
    table.columns.iter().map(one).collect()
}

/// What is assigned to a column; its type may be another that becomes the column's.
fn assigned(pen: &mut Pen<'_>, column: &Column) -> String {
    let die = pen.dice.below(100);
    let mut sql = match (die, column.base) {
        (0..32, base) => {
            let field = pen.shape.field(pen.dice, base, false);
            return guarded(pen, column, field.param());
        }
        (32..34, _) if column.default.is_some() || !column.not_null => return "DEFAULT".into(),
        (34..40, Base::Text) => pen.arrow(),
        // What read models do most: they count.
        (34..48, base)
            if base.is_number() && pen.columns.iter().any(|c| c.sql.ends_with(&column.name)) =>
        {
            let own =
                pen.columns.iter().find(|c| c.sql.ends_with(&column.name)).unwrap().sql.clone();
            let by = if pen.dice.percent(40) { "1".into() } else { pen.param(base) };
            format!("{own} {} {by}", pen.dice.of(&["+", "+", "-"]))
        }
        (40..48, base) => {
            let from = match base {
                Base::Num => Base::Int4,
                Base::Int8 | Base::Int2 => Base::Int4,
                Base::Int4 | Base::Float8 => *pen.dice.of(&[Base::Num, Base::Int2]),
                Base::Ts | Base::Tstz => Base::Date,
                Base::Text => *pen.dice.of(&[
                    Base::Int4,
                    Base::Num,
                    Base::Bool,
                    Base::Uuid,
                    Base::Date,
                    Base::Tstz,
                ]),
                other => other,
            };
            let sql = pen.expression(from, 1);
            if !column.not_null {
                return sql;
            }
            let other = values::literal(pen.dice, from, Mood::Tame);
            return format!("COALESCE({sql}, {other})");
        }
        (_, base) => {
            let depth = 1 + pen.dice.below(2);
            pen.expression(base, depth)
        }
    };
    if column.not_null && sql.starts_with("NULL::") {
        sql = values::literal(pen.dice, column.base, pen.mood);
    }
    guarded(pen, column, sql)
}

/// A column that takes no NULL mostly gets none.
fn guarded(pen: &mut Pen<'_>, column: &Column, sql: String) -> String {
    if !column.not_null || pen.dice.percent(pen.mood.of([1, 8, 30])) {
        return sql;
    }
    let other = values::literal(pen.dice, column.base, Mood::Tame);
    format!("COALESCE({sql}, {other})")
}

fn insert(pen: &mut Pen<'_>, table: &Table) -> (&'static str, String) {
    let (mut names, mut expressions) = (Vec::new(), Vec::new());
    for column in table.columns.iter().filter(|c| c.is_written()) {
        if !column.is_needed() && pen.dice.percent(30) {
            continue;
        }
        names.push(column.name.clone());
        expressions.push(if column.key {
            match pen.dice.below(25) {
                0 => {
                    let key = pen.shape.field(pen.dice, column.base, true).param();
                    match pen.lookup(column.base) {
                        Some(found) => format!("COALESCE({found}, {key})"),
                        None => key,
                    }
                }
                1 if pen.mood == Mood::Wild => pen.key(column.base),
                _ => pen.shape.field(pen.dice, column.base, true).param(),
            }
        } else {
            assigned(pen, column)
        });
    }
    let list = match names.len() == table.columns.len() && pen.dice.percent(15) {
        true => String::new(),
        false => format!(" ({})", names.join(", ")),
    };
    let mut head = format!("INSERT INTO {}{list}\nVALUES ({})", table.name, expressions.join(", "));
    if pen.dice.percent(8) {
        // The same row again, but for its keys.
        let keys = table.columns.iter().filter(|c| c.is_written());
        for column in keys.filter(|c| c.key) {
            if let Some(at) = names.iter().position(|name| *name == column.name) {
                expressions[at] = pen.shape.field(pen.dice, column.base, true).param();
            }
        }
        head.push_str(&format!(", ({})", expressions.join(", ")));
    }
    let plain = pen.mood.of([1, 5, 25]);
    if pen.dice.percent(plain) {
        return ("insert", head);
    }
    let target = match &table.unique {
        Some(unique) if pen.dice.percent(5) => unique.clone(),
        _ => table.key_list(),
    };
    if pen.dice.percent(30) {
        let target = if pen.dice.percent(15) { String::new() } else { format!(" ({target})") };
        return ("insert or nothing", format!("{head}\nON CONFLICT{target} DO NOTHING"));
    }
    pen.columns = visible(table, &format!("{}.", table.name));
    pen.columns.extend(visible(table, "EXCLUDED."));
    let (kind, condition) = match pen.dice.percent(25) {
        true => ("insert or update where", format!("\nWHERE {}", pen.condition(1))),
        false => ("insert or update", String::new()),
    };
    match sets(pen, table) {
        Some(sets) => {
            (kind, format!("{head}\nON CONFLICT ({target}) DO UPDATE SET {sets}{condition}"))
        }
        None => ("insert or nothing", format!("{head}\nON CONFLICT ({target}) DO NOTHING")),
    }
}

/// `a = ..., b = ...`; `None` where the table has nothing but its key.
fn sets(pen: &mut Pen<'_>, table: &Table) -> Option<String> {
    let columns: Vec<_> = table.values().collect();
    if columns.is_empty() {
        return None;
    }
    let (first, most) = (pen.dice.below(columns.len()), 1 + pen.dice.below(3));
    let chosen: Vec<_> =
        (0..most.min(columns.len())).map(|n| columns[(first + n) % columns.len()]).collect();
    let sets = chosen.iter().map(|column| format!("{} = {}", column.name, assigned(pen, column)));
    Some(sets.collect::<Vec<_>>().join(", "))
}

/// `k1 = :x AND k2 = :y`, each by a parameter, sometimes by a look-up.
fn by_key(pen: &mut Pen<'_>, table: &Table) -> (bool, String) {
    let mut looked_up = false;
    let mut conditions = Vec::new();
    for key in table.keys() {
        let found = if pen.dice.percent(18) { pen.lookup(key.base) } else { None };
        looked_up |= found.is_some();
        let value = match found {
            Some(found) => found,
            None if pen.dice.percent(90) => pen.shape.field(pen.dice, key.base, true).param(),
            None => pen.key(key.base),
        };
        let (left, right) = match pen.dice.percent(10) {
            true => (value, format!("{}.{}", table.name, key.name)),
            false => (key.name.clone(), value),
        };
        conditions.push(format!("{left} = {right}"));
    }
    (looked_up, conditions.join(" AND "))
}

/// Sets the columns a statement on existing rows may name, with or without their table.
fn see(pen: &mut Pen<'_>, table: &Table) {
    let prefix = if pen.dice.percent(50) { String::new() } else { format!("{}.", table.name) };
    pen.columns = visible(table, &prefix);
}

/// Another name for the table inside its statement.
fn renamed(pen: &mut Pen<'_>, table: &Table, sql: String) -> String {
    let head =
        ["INSERT INTO ", "UPDATE ", "DELETE FROM "].map(|verb| format!("{verb}{} ", table.name));
    match head.iter().find(|head| sql.starts_with(*head)) {
        Some(head) if pen.dice.percent(8) => {
            let rest = sql[head.len()..].replace(&format!("{}.", table.name), "u.");
            format!("{head}AS u {rest}")
        }
        _ => sql,
    }
}

fn update(pen: &mut Pen<'_>, table: &Table) -> (&'static str, String) {
    let (looked_up, mut condition) = by_key(pen, table);
    see(pen, table);
    let kind = match (looked_up, pen.dice.percent(25)) {
        (_, true) => {
            condition = format!("{condition} AND {}", pen.condition(1));
            "update where"
        }
        (true, false) => "update by look-up",
        (false, false) => "update",
    };
    match sets(pen, table) {
        Some(sets) => (kind, format!("UPDATE {} SET {sets}\nWHERE {condition}", table.name)),
        None => ("delete", format!("DELETE FROM {} WHERE {condition}", table.name)),
    }
}

fn delete(pen: &mut Pen<'_>, table: &Table) -> (&'static str, String) {
    let (_, condition) = by_key(pen, table);
    if pen.dice.percent(50) {
        return ("delete", format!("DELETE FROM {} WHERE {condition}", table.name));
    }
    see(pen, table);
    (
        "delete where",
        format!("DELETE FROM {} WHERE {condition} AND {}", table.name, pen.condition(1)),
    )
}

/// Rows by something that is not their whole key.
fn by_other(pen: &mut Pen<'_>, table: &Table) -> String {
    see(pen, table);
    let comparable = |c: &&Column| !matches!(c.base, Base::Json | Base::Jsonb);
    let columns: Vec<_> = table.columns.iter().filter(comparable).collect();
    if table.keys().count() > 1 && pen.dice.percent(50) {
        let key = table.keys().next().unwrap();
        return format!("{} = {}", key.name, pen.shape.field(pen.dice, key.base, true).param());
    }
    let column = *pen.dice.of(&columns);
    let field = pen.shape.field(pen.dice, column.base, column.key);
    match pen.dice.below(4) {
        0 => pen.condition(1),
        1 => format!("{} IS NOT NULL", column.name),
        _ => format!("{} = {}", column.name, field.param()),
    }
}

fn update_many(pen: &mut Pen<'_>, table: &Table) -> (&'static str, String) {
    let condition = by_other(pen, table);
    match sets(pen, table) {
        Some(sets) => {
            ("update many", format!("UPDATE {} SET {sets}\nWHERE {condition}", table.name))
        }
        None => ("delete many", format!("DELETE FROM {} WHERE {condition}", table.name)),
    }
}

fn delete_many(pen: &mut Pen<'_>, table: &Table) -> (&'static str, String) {
    ("delete many", format!("DELETE FROM {} WHERE {}", table.name, by_other(pen, table)))
}

/// Another key for a row.
fn move_key(pen: &mut Pen<'_>, table: &Table) -> (&'static str, String) {
    let (_, condition) = by_key(pen, table);
    let key = table.keys().next().unwrap();
    let (name, base) = (key.name.clone(), key.base);
    let new = pen.shape.field(pen.dice, base, true).param();
    let guard = match pen.mood {
        Mood::Wild => String::new(),
        _ => format!(" AND NOT EXISTS (SELECT FROM {} AS o WHERE o.{name} = {new})", table.name),
    };
    ("key change", format!("UPDATE {} SET {name} = {new} WHERE {condition}{guard}", table.name))
}

/// Rows of one table from those of another.
fn insert_select(pen: &mut Pen<'_>, table: &Table) -> (&'static str, String) {
    let from = pen.dice.of(pen.tables);
    pen.columns = visible(from, "s.");
    let (mut names, mut expressions) = (Vec::new(), Vec::new());
    for column in table.columns.iter().filter(|c| c.is_needed()) {
        names.push(column.name.clone());
        let own = pen.column(column.base);
        let param = match column.key {
            true => pen.shape.field(pen.dice, column.base, true).param(),
            false => values::literal(pen.dice, column.base, Mood::Tame),
        };
        expressions.push(match own {
            Some(own) if column.key => format!("COALESCE({own}, {param})"),
            _ => param,
        });
    }
    (
        "insert from select",
        format!(
            "INSERT INTO {} ({})\nSELECT {} FROM {} AS s\nON CONFLICT DO NOTHING",
            table.name,
            names.join(", "),
            expressions.join(", "),
            from.name
        ),
    )
}
