//! Enum types, domains and composite types.

use super::order::{Makes, Step};
use super::{Direction, Piece, Way, in_both, only_in};
use crate::ident::quote_literal;
use crate::schema::printed::{longer, mentions};
use crate::schema::{Attribute, Domain, Schema};

pub(super) fn write(way: &mut Way<'_>) {
    for (name, labels) in only_in(&way.to.enums, &way.from.enums) {
        make(way, name, create_enum(name, labels));
    }
    for (name, from, to) in in_both(&way.from.enums, &way.to.enums) {
        if from != to {
            let pieces = relabel(way, name, from, to);
            way.steps.extend(pieces.into_iter().map(Step::change));
        }
    }
    for (name, domain) in only_in(&way.to.domains, &way.from.domains) {
        make(way, name, create_domain(name, domain));
    }
    for (name, from, to) in in_both(&way.from.domains, &way.to.domains) {
        if from != to {
            let pieces = change_domain(name, from, to);
            way.steps.extend(pieces.into_iter().map(Step::change));
        }
    }
    for (name, parts) in only_in(&way.to.composites, &way.from.composites) {
        make(way, name, create_composite(name, parts));
    }
    for (name, from, to) in in_both(&way.from.composites, &way.to.composites) {
        let pieces = change_composite(way, name, from, to);
        way.steps.extend(pieces.into_iter().map(Step::change));
    }
}

fn make(way: &mut Way<'_>, name: &str, sql: String) {
    let piece = if way.is_held(|text| mentions(text, name)) {
        way.undo(name, sql)
    } else {
        Piece::Sql(sql)
    };
    way.steps.push(Step::make(Makes::Base(name.to_owned()), piece));
}

pub(super) fn drop(way: &mut Way<'_>) {
    let mut gone = Vec::new();
    for (name, labels) in only_in(&way.from.enums, &way.to.enums) {
        gone.push((name, "TYPE", create_enum(name, labels)));
    }
    for (name, domain) in only_in(&way.from.domains, &way.to.domains) {
        gone.push((name, "DOMAIN", create_domain(name, domain)));
    }
    for (name, parts) in only_in(&way.from.composites, &way.to.composites) {
        gone.push((name, "TYPE", create_composite(name, parts)));
    }
    for (name, kind, needs) in gone {
        let sql = format!("DROP {kind} {name}");
        let piece = if way.is_held(|text| mentions(text, name)) {
            Piece::todo(format!("{name} is gone, and what a person must drop first uses it"), sql)
        } else {
            Piece::Sql(sql)
        };
        way.last.push(Step { makes: Makes::Base(name.clone()), needs, piece });
    }
}

fn create_enum(name: &str, labels: &[String]) -> String {
    let labels: Vec<String> = labels.iter().map(|label| quote_literal(label)).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
}

/// New labels where all old ones stay in their order; otherwise another type in its place.
fn relabel(way: &Way<'_>, name: &str, from: &[String], to: &[String]) -> Vec<Piece> {
    let kept: Vec<&String> = to.iter().filter(|label| from.contains(label)).collect();
    if kept != from.iter().collect::<Vec<_>>() {
        return vec![replace_enum(way.from, name, to)];
    }
    let mut pieces = Vec::new();
    for (at, label) in to.iter().enumerate().filter(|(_, label)| !from.contains(label)) {
        let mut sql = format!("ALTER TYPE {name} ADD VALUE {}", quote_literal(label));
        // Those before it are there already, whether they are old or new.
        let is_last = to[at..].iter().all(|label| !from.contains(label));
        match at.checked_sub(1).map(|before| &to[before]) {
            _ if is_last => {}
            Some(before) => sql += &format!(" AFTER {}", quote_literal(before)),
            None => sql += &format!(" BEFORE {}", quote_literal(&from[0])),
        }
        pieces.push(way.undo(&format!("label {}", quote_literal(label)), sql));
    }
    pieces
}

fn replace_enum(from: &Schema, name: &str, to: &[String]) -> Piece {
    let old = longer(name, "_old");
    let mut statements = vec![format!("ALTER TYPE {name} RENAME TO {old}"), create_enum(name, to)];
    for (table, fact) in &from.tables {
        for column in fact.columns.iter().filter(|column| column.sql_type == name) {
            let head = format!("ALTER TABLE {table} ALTER COLUMN {}", column.name);
            if column.default.is_some() {
                statements.push(format!("{head} DROP DEFAULT"));
            }
            statements.push(format!("{head} TYPE {name} USING {}::text::{name}", column.name));
            if let Some(default) = &column.default {
                statements.push(format!("{head} SET DEFAULT {default}"));
            }
        }
    }
    statements.push(format!("DROP TYPE {old}"));
    Piece::todo(
        format!("enum {name} loses labels or their order, which only another type can have"),
        statements.join(";\n"),
    )
}

/// A label that is new in this transaction cannot be used in it: what uses one waits.
pub(super) fn put_off_new_labels(from: &Schema, to: &Schema, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut literals = Vec::new();
    for (name, before, after) in in_both(&from.enums, &to.enums) {
        let new = after.iter().filter(|label| !before.contains(label));
        literals.extend(new.map(|label| format!("{}::{name}", quote_literal(label))));
    }
    let uses = |sql: &str| literals.iter().any(|literal| sql.contains(literal));
    let put_off = |piece| match piece {
        Piece::Sql(sql) if uses(&sql) => Piece::todo(
            "a label that was added to an enum can be used by the next revision only",
            sql,
        ),
        other => other,
    };
    pieces.into_iter().map(put_off).collect()
}

fn create_domain(name: &str, domain: &Domain) -> String {
    let mut sql = format!("CREATE DOMAIN {name} {}", domain.definition());
    for (constraint, definition) in &domain.constraints {
        sql += &format!("\n    CONSTRAINT {constraint} {definition}");
    }
    sql
}

fn change_domain(name: &str, from: &Domain, to: &Domain) -> Vec<Piece> {
    let head = format!("ALTER DOMAIN {name}");
    if (&from.sql_type, &from.collation) != (&to.sql_type, &to.collation) {
        return vec![Piece::todo(
            format!("domain {name} lies on another type, which no ALTER changes"),
            format!("DROP DOMAIN {name};\n{}", create_domain(name, to)),
        )];
    }
    let mut pieces = Vec::new();
    for (constraint, definition) in &from.constraints {
        if to.constraints.get(constraint) != Some(definition) {
            pieces.push(Piece::Sql(format!("{head} DROP CONSTRAINT {constraint}")));
        }
    }
    match &to.default {
        default if *default == from.default => {}
        Some(default) => pieces.push(Piece::Sql(format!("{head} SET DEFAULT {default}"))),
        None => pieces.push(Piece::Sql(format!("{head} DROP DEFAULT"))),
    }
    if from.not_null && !to.not_null {
        pieces.push(Piece::Sql(format!("{head} DROP NOT NULL")));
    }
    if !from.not_null && to.not_null {
        pieces.push(Piece::todo(
            format!("rows in which a {name} is NULL must have a value first"),
            format!("{head} SET NOT NULL"),
        ));
    }
    for (constraint, definition) in &to.constraints {
        if from.constraints.get(constraint) != Some(definition) {
            pieces.push(Piece::Sql(format!("{head} ADD CONSTRAINT {constraint} {definition}")));
        }
    }
    pieces
}

fn create_composite(name: &str, parts: &[Attribute]) -> String {
    let parts: Vec<String> = parts.iter().map(|p| format!("{} {}", p.name, p.sql_type)).collect();
    format!("CREATE TYPE {name} AS ({})", parts.join(", "))
}

fn change_composite(way: &Way<'_>, name: &str, from: &[Attribute], to: &[Attribute]) -> Vec<Piece> {
    let head = format!("ALTER TYPE {name}");
    if from == to {
        return Vec::new();
    }
    if to.starts_with(from) {
        let new = to[from.len()..].iter();
        return new
            .map(|p| {
                let sql = format!("{head} ADD ATTRIBUTE {} {}", p.name, p.sql_type);
                way.undo(&format!("attribute {}", p.name), sql)
            })
            .collect();
    }
    if from.starts_with(to) && way.direction == Direction::Down {
        let gone = from[to.len()..].iter();
        return gone.map(|p| Piece::Sql(format!("{head} DROP ATTRIBUTE {}", p.name))).collect();
    }
    vec![Piece::todo(
        format!("type {name} loses or changes attributes, and with them values"),
        format!("DROP TYPE {name};\n{}", create_composite(name, to)),
    )]
}
