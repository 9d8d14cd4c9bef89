//! Columns of a table that stays.

use super::casts::is_free;
use super::order::{Makes, Step};
use super::{Direction, Piece, Way};
use crate::schema::{Column, Table};

/// Adds and changes columns.
pub(super) fn write(way: &mut Way<'_>, table: &str, from: &Table, to: &Table) {
    let pairs = renamed(from, to);
    for column in &to.columns {
        let piece = match from.column(&column.name) {
            Some(before) => {
                let pieces = changed(way, table, before, column);
                way.steps.extend(pieces.into_iter().map(Step::change));
                continue;
            }
            None => match pairs.iter().find(|(_, new)| new.name == column.name) {
                Some((old, new)) => rename(table, old, new),
                None => add(way, table, column),
            },
        };
        way.steps.push(Step::change(piece));
    }
}

/// Drops columns; those that may have been renamed have been spoken of.
pub(super) fn drop(way: &mut Way<'_>, table: &str, from: &Table, to: &Table) {
    let pairs = renamed(from, to);
    for column in &from.columns {
        let name = &column.name;
        if to.column(name).is_some() || pairs.iter().any(|(old, _)| old.name == *name) {
            continue;
        }
        let sql = format!("ALTER TABLE {table} DROP COLUMN {name}");
        if needs_value(column) && way.direction == Direction::Down {
            let reason = format!("column {table}.{name} is made by hand only, so it goes by hand");
            way.last.push(Step::change(Piece::todo(reason, sql)));
            continue;
        }
        let piece = way.loss(
            format!("column {table}.{name} is gone, and its values are lost when it is dropped"),
            sql,
        );
        way.last.push(Step { makes: Makes::Nothing, needs: column.definition(), piece });
    }
}

/// Each column that is gone with a new one of its type, which it may be by another name.
fn renamed<'a>(from: &'a Table, to: &'a Table) -> Vec<(&'a Column, &'a Column)> {
    let mut new: Vec<&Column> =
        to.columns.iter().filter(|c| from.column(&c.name).is_none()).collect();
    let gone = from.columns.iter().filter(|c| to.column(&c.name).is_none());
    gone.filter_map(|old| {
        let at = new.iter().position(|column| column.sql_type == old.sql_type)?;
        Some((old, new.remove(at)))
    })
    .collect()
}

fn rename(table: &str, old: &Column, new: &Column) -> Piece {
    let (from, to) = (&old.name, &new.name);
    Piece::todo(
        format!(
            "column {table}.{from} is gone and {to}, of the same type, came: it was renamed, or \
             take the other two statements, which lose the values of {from}"
        ),
        format!(
            "ALTER TABLE {table} RENAME COLUMN {from} TO {to};\n\
             ALTER TABLE {table} ADD COLUMN {to} {};\nALTER TABLE {table} DROP COLUMN {from}",
            new.definition()
        ),
    )
}

/// Whether rows that exist already would be refused.
fn needs_value(column: &Column) -> bool {
    column.not_null
        && column.default.is_none()
        && column.generated.is_none()
        && column.identity.is_none()
}

fn add(way: &Way<'_>, table: &str, column: &Column) -> Piece {
    let name = &column.name;
    let sql = format!("ALTER TABLE {table} ADD COLUMN {name} {}", column.definition());
    if needs_value(column) {
        return Piece::todo(
            format!("column {table}.{name} is NOT NULL and has no default for the rows there are"),
            sql,
        );
    }
    way.undo(&format!("column {table}.{name}"), sql)
}

/// From what must go first to what needs the rest: identity, type, default, nullability.
fn changed(way: &Way<'_>, table: &str, from: &Column, to: &Column) -> Vec<Piece> {
    let name = &to.name;
    let column = format!("ALTER TABLE {table} ALTER COLUMN {name}");
    if from.generated != to.generated && !(to.generated.is_none() && stored(from)) {
        return vec![Piece::todo(
            format!("column {table}.{name} is computed in another way"),
            format!(
                "ALTER TABLE {table} DROP COLUMN {name};\n\
                 ALTER TABLE {table} ADD COLUMN {name} {}",
                to.definition()
            ),
        )];
    }
    let mut pieces = Vec::new();
    if from.generated != to.generated {
        let sql = format!("{column} DROP EXPRESSION");
        pieces.push(way.undo(&format!("what {table}.{name} was"), sql));
    }
    if from.identity.is_some() && to.identity.is_none() {
        let sql = format!("{column} DROP IDENTITY");
        pieces.push(way.undo(&format!("what {table}.{name} was"), sql));
    }
    let retyped = from.sql_type != to.sql_type || from.collation != to.collation;
    if retyped {
        pieces.push(retype(table, from, to));
    }
    match &to.default {
        // The type's change has taken the default away, or says so itself.
        _ if retyped && from.default.is_some() => {}
        default if *default == from.default => {}
        Some(default) => pieces.push(Piece::Sql(format!("{column} SET DEFAULT {default}"))),
        None => pieces.push(Piece::Sql(format!("{column} DROP DEFAULT"))),
    }
    if from.not_null && !to.not_null {
        pieces.push(Piece::Sql(format!("{column} DROP NOT NULL")));
    }
    if !from.not_null && to.not_null {
        pieces.push(Piece::todo(
            format!("rows in which {table}.{name} is NULL must have a value first"),
            format!("{column} SET NOT NULL"),
        ));
    }
    pieces.extend(identity(table, from, to));
    pieces
}

fn stored(column: &Column) -> bool {
    column.generated.as_ref().is_some_and(|text| text.ends_with("STORED"))
}

/// The type, with the default out of its way: PostgreSQL does not convert every default.
fn retype(table: &str, from: &Column, to: &Column) -> Piece {
    let (name, sql_type) = (&to.name, &to.sql_type);
    let column = format!("ALTER COLUMN {name}");
    let collation = to.collation.as_ref().map_or_else(String::new, |c| format!(" COLLATE {c}"));
    let free = from.sql_type == to.sql_type || is_free(&from.sql_type, sql_type);
    let using = if free { String::new() } else { format!(" USING {name}::{sql_type}") };
    // The server takes the parts of one ALTER TABLE in an order of its own: types before defaults.
    let mut statements = Vec::new();
    if from.default.is_some() {
        statements.push(format!("ALTER TABLE {table} {column} DROP DEFAULT"));
    }
    statements.push(format!("ALTER TABLE {table} {column} TYPE {sql_type}{collation}{using}"));
    if let (Some(_), Some(default)) = (&from.default, &to.default) {
        statements.push(format!("ALTER TABLE {table} {column} SET DEFAULT {default}"));
    }
    let sql = statements.join(";\n");
    if free {
        return Piece::Sql(sql);
    }
    Piece::todo(
        format!(
            "{table}.{name} turns from {} into {sql_type}, which needs a USING or loses digits",
            from.sql_type
        ),
        sql,
    )
}

fn identity(table: &str, from: &Column, to: &Column) -> Option<Piece> {
    let name = &to.name;
    let column = format!("ALTER TABLE {table} ALTER COLUMN {name}");
    let kind = to.identity.as_ref()?;
    let Some(before) = &from.identity else {
        let options = to
            .identity_options
            .as_ref()
            .map_or_else(String::new, |options| format!(" ({options})"));
        return Some(Piece::todo(
            format!(
                "the identity of {table}.{name} must start after the numbers rows have already"
            ),
            format!("{column} ADD GENERATED {kind} AS IDENTITY{options}"),
        ));
    };
    let mut parts = Vec::new();
    if before != kind {
        parts.push(format!("SET GENERATED {kind}"));
    }
    if from.identity_options != to.identity_options {
        parts.push(sequence_options(to.identity_options.as_deref()));
    }
    (!parts.is_empty()).then(|| Piece::Sql(format!("{column} {}", parts.join(" "))))
}

/// `START WITH 1 CACHE 2` as `SET START WITH 1 SET CACHE 2`.
fn sequence_options(options: Option<&str>) -> String {
    let plain = "START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1 NO CYCLE";
    let mut text = format!(" {}", options.unwrap_or(plain));
    for word in ["START", "INCREMENT", "MINVALUE", "MAXVALUE", "CACHE", "CYCLE"] {
        let (plain, no) = (format!(" {word}"), format!(" NO {word}"));
        let found = if text.contains(&no) { no } else { plain };
        text = text.replacen(&found, &format!(" SET{found}"), 1);
    }
    text.trim_start().to_owned()
}
