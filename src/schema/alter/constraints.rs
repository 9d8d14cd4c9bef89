//! Constraints of tables that stay, and foreign keys of those that come.

use std::collections::BTreeSet;

use super::order::Step;
use super::tables::in_table;
use super::{Direction, Piece, Way, in_both, only_in};
use crate::schema::printed::mentions;
use crate::schema::{Constraint, Schema, Table};

/// What a constraint must go through.
enum Fate {
    Stays,
    Validated,
    Replaced,
}

pub(super) fn take_away(way: &mut Way<'_>) {
    break_circles(way);
    let rekeyed = rekeyed(way.from, way.to);
    // Foreign keys first: they lean on the keys of other tables.
    for foreign in [true, false] {
        for (table, from, to) in in_both(&way.from.tables, &way.to.tables) {
            for (name, constraint) in &from.constraints {
                let stays = matches!(
                    fate(constraint, to.constraints.get(name), &rekeyed),
                    Some(Fate::Stays | Fate::Validated)
                );
                if stays || (constraint.kind == 'f') != foreign {
                    continue;
                }
                way.first.push(Piece::Sql(format!("ALTER TABLE {table} DROP CONSTRAINT {name}")));
                way.lost_comments.push(format!("CONSTRAINT {name} ON {table}"));
                way.lost_comments.push(format!("INDEX {name}"));
            }
        }
    }
}

/// Foreign keys of tables that go, where they run in a circle: no order of drops would do.
fn break_circles(way: &mut Way<'_>) {
    if way.direction == Direction::Up {
        return;
    }
    let gone: Vec<(&String, &Table)> = only_in(&way.from.tables, &way.to.tables).collect();
    let leans = |table: &Table, other: &str| {
        table.constraints.values().any(|c| c.kind == 'f' && mentions(&c.definition, other))
    };
    for (name, table) in &gone {
        // All tables this one leans on, by however many steps.
        let mut beneath: BTreeSet<&String> = BTreeSet::new();
        let mut next = vec![*table];
        while let Some(one) = next.pop() {
            for (other, fact) in &gone {
                if other != name && leans(one, other) && beneath.insert(other) {
                    next.push(fact);
                }
            }
        }
        for (constraint, fact) in table.constraints.iter().filter(|(_, c)| c.kind == 'f') {
            let circle = gone.iter().any(|(other, above)| {
                beneath.contains(other) && leans(above, name) && mentions(&fact.definition, other)
            });
            if circle {
                let sql = format!("ALTER TABLE {name} DROP CONSTRAINT {constraint}");
                way.first.push(Piece::Sql(sql));
            }
        }
    }
}

/// All but foreign keys.
pub(super) fn write(way: &mut Way<'_>) {
    add(way, false);
}

/// Foreign keys, which may lean on an index that backs no constraint.
pub(super) fn write_foreign_keys(way: &mut Way<'_>) {
    add(way, true);
}

fn add(way: &mut Way<'_>, foreign: bool) {
    let rekeyed = rekeyed(way.from, way.to);
    for (table, to) in &way.to.tables {
        let before = way.from.tables.get(table);
        for (name, constraint) in &to.constraints {
            let is_made = before.is_none() && in_table(constraint) && !to.is_partition();
            if is_made || (constraint.kind == 'f') != foreign {
                continue;
            }
            let old = before.and_then(|before| before.constraints.get(name));
            let sql = match old.and_then(|old| fate(old, Some(constraint), &rekeyed)) {
                Some(Fate::Stays) => continue,
                Some(Fate::Validated) => format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
                _ => format!("ALTER TABLE {table} ADD CONSTRAINT {name} {}", constraint.definition),
            };
            way.steps.push(Step::change(Piece::Sql(sql)));
        }
    }
}

/// What becomes of a constraint; nothing where it is gone.
fn fate(from: &Constraint, to: Option<&Constraint>, rekeyed: &BTreeSet<&str>) -> Option<Fate> {
    let to = to?;
    if from == to {
        let leans =
            from.kind == 'f' && rekeyed.iter().any(|table| mentions(&from.definition, table));
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
