//! Comments, on whatever may have one.

use super::order::Step;
use super::{Piece, Way};
use crate::ident::quote_literal;
use crate::schema::Schema;
use crate::schema::printed::table_and_column;

pub(super) fn write(way: &mut Way<'_>) {
    let is_lost = |object: &str| {
        way.lost_comments
            .iter()
            .any(|lost| lost == object || lost.ends_with('.') && object.starts_with(lost.as_str()))
    };
    let mut steps = Vec::new();
    for (object, comment) in &way.to.comments {
        if way.from.comments.get(object) != Some(comment) || is_lost(object) {
            steps.push(format!("COMMENT ON {object} IS {}", quote_literal(comment)));
        }
    }
    for object in way.from.comments.keys() {
        let gone = way.to.comments.contains_key(object) || is_lost(object);
        if !gone && exists(way.to, object) {
            steps.push(format!("COMMENT ON {object} IS NULL"));
        }
    }
    way.steps.extend(steps.into_iter().map(|sql| Step::change(Piece::Sql(sql))));
}

/// Whether what a comment was on is still there.
fn exists(schema: &Schema, object: &str) -> bool {
    if let Some(view) = object.strip_prefix("MATERIALIZED VIEW ") {
        return schema.views.contains_key(view);
    }
    let Some((kind, name)) = object.split_once(' ') else { return false };
    match kind {
        "TABLE" => schema.tables.contains_key(name),
        "VIEW" => schema.views.contains_key(name),
        "SEQUENCE" => schema.sequences.contains_key(name),
        "FUNCTION" | "PROCEDURE" => schema.routines.contains_key(name),
        "TYPE" => schema.enums.contains_key(name) || schema.composites.contains_key(name),
        "DOMAIN" => schema.domains.contains_key(name),
        "TRIGGER" => schema.triggers.contains_key(name),
        "INDEX" => {
            let backs = |table: &crate::schema::Table| table.constraints.contains_key(name);
            schema.indexes.contains_key(name) || schema.tables.values().any(backs)
        }
        "CONSTRAINT" => schema.tables.iter().any(|(table, fact)| {
            name.strip_suffix(table.as_str())
                .and_then(|head| head.strip_suffix(" ON "))
                .is_some_and(|constraint| fact.constraints.contains_key(constraint))
        }),
        "COLUMN" => table_and_column(name).is_some_and(|(relation, column)| {
            let named = |attributes: &[crate::schema::Attribute]| {
                attributes.iter().any(|attribute| attribute.name == column)
            };
            schema.tables.get(relation).is_some_and(|table| table.column(column).is_some())
                || schema.views.get(relation).is_some_and(|view| named(&view.columns))
                || schema.composites.get(relation).is_some_and(|parts| named(parts))
        }),
        _ => false,
    }
}
