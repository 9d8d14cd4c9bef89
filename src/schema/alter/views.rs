//! Views and materialized views.
//!
//! `CREATE OR REPLACE` takes a query that gives the same columns and perhaps more. Any
//! other change, of the view or of what lies beneath it, drops the view and makes it
//! again; privileges on it are lost then, because they are not read.

use std::collections::BTreeSet;

use super::order::{Makes, Step, sorted};
use super::{Piece, Way, in_both, routines};
use crate::schema::printed::{bare, calls, mentions};
use crate::schema::{Column, Schema, Table, View, options_text};

/// Views that stay, but not as they are.
pub(super) fn rebuilt<'a>(
    from: &'a Schema,
    to: &'a Schema,
    routines: &BTreeSet<&str>,
) -> BTreeSet<&'a str> {
    let is_moved = |old: &Column, to: &Table| match to.column(&old.name) {
        Some(new) => old.sql_type != new.sql_type || old.collation != new.collation,
        None => true,
    };
    let moved: Vec<(&str, &str)> = in_both(&from.tables, &to.tables)
        .flat_map(|(table, from, to)| {
            let columns = from.columns.iter().filter(move |old| is_moved(old, to));
            columns.map(|old| (table.as_str(), old.name.as_str()))
        })
        .collect();
    // As the server prints a query, only a whole row and NATURAL JOIN name no column.
    let is_of = |query: &str, (table, column): (&str, &str)| {
        let is_whole = || query.contains(".*") || query.contains("NATURAL ");
        mentions(query, table) && (mentions(query, column) || is_whole())
    };
    let mut rebuilt: BTreeSet<&str> = in_both(&from.views, &to.views)
        .filter(|(_, from, to)| {
            !replaceable(from, to)
                || moved.iter().any(|column| is_of(&from.definition, *column))
                || routines.iter().any(|name| calls(&from.definition, bare(name)))
        })
        .map(|(name, ..)| name.as_str())
        .collect();
    // A view on a view goes with it, however many there are between.
    loop {
        let more: Vec<&str> = in_both(&from.views, &to.views)
            .filter(|(name, view, _)| {
                let gone = from.views.keys().filter(|other| !to.views.contains_key(*other));
                let mut beneath = rebuilt.iter().copied().chain(gone.map(String::as_str));
                !rebuilt.contains(name.as_str())
                    && beneath.any(|other| mentions(&view.definition, other))
            })
            .map(|(name, ..)| name.as_str())
            .collect();
        if more.is_empty() {
            return rebuilt;
        }
        rebuilt.extend(more);
    }
}

fn replaceable(from: &View, to: &View) -> bool {
    if from.materialized || to.materialized {
        return from == to;
    }
    to.columns.starts_with(&from.columns)
}

fn kind(view: &View) -> &'static str {
    if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" }
}

pub(super) fn take_away(way: &mut Way<'_>) {
    let mut steps = Vec::new();
    for (name, view) in &way.from.views {
        let rebuilt = way.rebuilt_views.contains(name.as_str());
        if way.to.views.contains_key(name) && !rebuilt {
            continue;
        }
        way.lost_comments.push(format!("{} {name}", kind(view)));
        way.lost_comments.push(format!("COLUMN {name}."));
        let rights = match rebuilt {
            true => format!(
                "-- Rights that others have on {name} go with it: grant them again below.\n"
            ),
            false => String::new(),
        };
        let piece = Piece::Sql(format!("{rights}DROP {} {name}", kind(view)));
        steps.push(Step {
            makes: Makes::View(name.clone()),
            needs: view.definition.clone(),
            piece,
        });
    }
    steps.extend(routines::above_views(way));
    way.first.extend(sorted(steps).into_iter().rev());
}

pub(super) fn write(way: &mut Way<'_>) {
    for (name, view) in &way.to.views {
        let before = way.from.views.get(name);
        let rebuilt = way.rebuilt_views.contains(name.as_str());
        if before == Some(view) && !rebuilt {
            continue;
        }
        let replace = if before.is_some() && !rebuilt { "OR REPLACE " } else { "" };
        let mut sql = format!("CREATE {replace}{} {name}", kind(view));
        if !view.options.is_empty() {
            sql += &format!(" WITH ({})", options_text(&view.options));
        }
        sql += &format!(" AS\n{}", view.definition);
        way.steps.push(Step::make(Makes::View(name.clone()), Piece::Sql(sql)));
    }
}
