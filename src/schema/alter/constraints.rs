//! Constraints of tables that stay, and foreign keys of those that come.

use std::collections::BTreeSet;

use super::order::Step;
use super::tables::in_table;
use super::{Piece, Way, in_both};
use crate::schema::printed::mentions;
use crate::schema::{Constraint, Schema};

/// What a constraint must go through.
enum Fate {
    Stays,
    Validated,
    Replaced,
}

pub(super) fn take_away(way: &mut Way<'_>) {
    let rekeyed = rekeyed(way.from, way.to);
    // Foreign keys first: they lean on the keys of other tables.
    for foreign in [true, false] {
        for (table, from, to) in in_both(&way.from.tables, &way.to.tables) {
            for (name, constraint) in &from.constraints {
                let stays = matches!(
                    fate(constraint, to.constraints.get(name), &rekeyed),
                    Some(Fate::Stays | Fate::Validated)
                );
                if stays || in_table(constraint.kind) == foreign {
                    continue;
                }
                way.first.push(Piece::Sql(format!("ALTER TABLE {table} DROP CONSTRAINT {name}")));
                way.lost_comments.push(format!("CONSTRAINT {name} ON {table}"));
                way.lost_comments.push(format!("INDEX {name}"));
            }
        }
    }
}

pub(super) fn write(way: &mut Way<'_>) {
    let rekeyed = rekeyed(way.from, way.to);
    for foreign in [false, true] {
        for (table, to) in &way.to.tables {
            let before = way.from.tables.get(table);
            for (name, constraint) in &to.constraints {
                if in_table(constraint.kind) == foreign {
                    continue;
                }
                // CREATE TABLE has them, but that of a partition says nothing of its own.
                if before.is_none() && !foreign && !to.is_partition() {
                    continue;
                }
                let old = before.and_then(|before| before.constraints.get(name));
                let sql = match old.map(|old| fate(old, Some(constraint), &rekeyed)) {
                    Some(Some(Fate::Stays)) => continue,
                    Some(Some(Fate::Validated)) => {
                        format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
                    }
                    _ => format!(
                        "ALTER TABLE {table} ADD CONSTRAINT {name} {}",
                        constraint.definition
                    ),
                };
                way.steps.push(Step::change(Piece::Sql(sql)));
            }
        }
    }
}

/// What becomes of a constraint; nothing where it is gone.
fn fate(from: &Constraint, to: Option<&Constraint>, rekeyed: &BTreeSet<&str>) -> Option<Fate> {
    let to = to?;
    if from == to {
        let leans =
            !in_table(from.kind) && rekeyed.iter().any(|table| mentions(&from.definition, table));
        return Some(if leans { Fate::Replaced } else { Fate::Stays });
    }
    let validated = from.definition == format!("{} NOT VALID", to.definition);
    Some(if validated { Fate::Validated } else { Fate::Replaced })
}

/// Tables whose keys are dropped, and so first the foreign keys that lean on them.
fn rekeyed<'a>(from: &'a Schema, to: &'a Schema) -> BTreeSet<&'a str> {
    let both = in_both(&from.tables, &to.tables);
    let rekeyed = both.filter(|(_, from, to)| {
        from.constraints.iter().any(|(name, constraint)| {
            matches!(constraint.kind, 'p' | 'u') && to.constraints.get(name) != Some(constraint)
        })
    });
    rekeyed.map(|(name, ..)| name.as_str()).collect()
}
