//! Functions and procedures.
//!
//! `CREATE OR REPLACE` takes another body and nothing else; for other arguments or
//! another result the routine is dropped and made again.

use std::collections::BTreeSet;

use super::order::{Makes, Step};
use super::{Piece, Way, in_both, only_in, tables};
use crate::schema::printed::{bare, calls, mentions};
use crate::schema::{Routine, Schema};

/// Routines that stay, but not as they are.
pub(super) fn rebuilt<'a>(from: &'a Schema, to: &'a Schema) -> BTreeSet<&'a str> {
    let face = |r: &Routine| (r.kind.clone(), r.arguments.clone(), r.returns.clone());
    let both = in_both(&from.routines, &to.routines);
    both.filter(|(_, from, to)| face(from) != face(to)).map(|(name, ..)| name.as_str()).collect()
}

fn drop_sql(name: &str, routine: &Routine) -> String {
    format!("DROP {} {name}", routine.kind)
}

/// Whether a routine that is gone makes room for another of its name.
fn makes_room(way: &Way<'_>, name: &str) -> bool {
    only_in(&way.to.routines, &way.from.routines).any(|(new, _)| bare(new) == bare(name))
}

/// Where tables use a routine, PostgreSQL does not let it be dropped.
fn is_used(way: &Way<'_>, name: &str) -> bool {
    let name = bare(name);
    let from = way.from;
    from.tables.iter().any(|(table, fact)| calls(&tables::with_all_on_it(from, table, fact), name))
        || way
            .from
            .domains
            .values()
            .any(|domain| domain.constraints.values().any(|constraint| calls(constraint, name)))
}

pub(super) fn take_away(way: &mut Way<'_>) {
    for (name, routine) in &way.from.routines {
        let rebuilt = way.rebuilt_routines.contains(name.as_str());
        let gone = !way.to.routines.contains_key(name) && makes_room(way, name);
        if rebuilt || gone {
            way.lost_comments.push(format!("{} {name}", routine.kind));
        }
        if gone || rebuilt && !is_used(way, name) {
            way.first.push(Piece::Sql(drop_sql(name, routine)));
        }
    }
}

/// Whether it needs a view that is dropped.
fn goes_before_views(way: &Way<'_>, routine: &Routine) -> bool {
    let needs = needs(routine);
    let goes = |view: &str| !way.to.views.contains_key(view) || way.rebuilt_views.contains(view);
    way.from.views.keys().any(|view| goes(view) && mentions(&needs, view))
}

/// Routines that are gone and must be so before views are.
pub(super) fn above_views(way: &Way<'_>) -> Vec<Step> {
    only_in(&way.from.routines, &way.to.routines)
        .filter(|(name, routine)| !makes_room(way, name) && goes_before_views(way, routine))
        .map(|(name, routine)| Step {
            makes: Makes::Routine(name.clone()),
            needs: needs(routine),
            piece: Piece::Sql(drop_sql(name, routine)),
        })
        .collect()
}

pub(super) fn write(way: &mut Way<'_>) {
    for (name, routine) in &way.to.routines {
        let before = way.from.routines.get(name);
        if before == Some(routine) {
            continue;
        }
        let piece = match before {
            Some(before) if way.rebuilt_routines.contains(name.as_str()) && is_used(way, name) => {
                Piece::todo(
                    format!("{name} has other arguments or another result, and tables use it"),
                    format!("{};\n{}", drop_sql(name, before), routine.definition),
                )
            }
            _ => Piece::Sql(routine.definition.clone()),
        };
        way.steps.push(Step { makes: Makes::Routine(name.clone()), needs: needs(routine), piece });
    }
}

pub(super) fn drop(way: &mut Way<'_>) {
    for (name, routine) in only_in(&way.from.routines, &way.to.routines) {
        if makes_room(way, name) || goes_before_views(way, routine) {
            continue;
        }
        let sql = drop_sql(name, routine);
        let piece = if way.is_held(|text| calls(text, bare(name))) {
            Piece::todo(format!("{name} is gone, and what a person must drop first uses it"), sql)
        } else {
            Piece::Sql(sql)
        };
        way.last.push(Step { makes: Makes::Routine(name.clone()), needs: needs(routine), piece });
    }
}

/// What must exist before it: an SQL body is looked through when it is made, another is not.
fn needs(routine: &Routine) -> String {
    if routine.language == "sql" {
        return routine.definition.clone();
    }
    let head = routine.definition.split("\nAS ").next();
    head.unwrap_or(&routine.definition).to_owned()
}
