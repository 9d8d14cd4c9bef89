//! Indexes that back no constraint, on tables and materialized views.

use super::order::Step;
use super::{Piece, Way};
use crate::schema::Index;

pub(super) fn take_away(way: &mut Way<'_>) {
    for (name, index) in &way.from.indexes {
        if stays(way, index, way.to.indexes.get(name)) {
            continue;
        }
        if !goes_along(way, index) {
            way.first.push(Piece::Sql(format!("DROP INDEX {name}")));
        }
        way.lost_comments.push(format!("INDEX {name}"));
    }
}

pub(super) fn write(way: &mut Way<'_>) {
    for (name, index) in &way.to.indexes {
        if way.from.indexes.get(name).is_some_and(|from| stays(way, from, Some(index))) {
            continue;
        }
        way.steps.push(Step::change(Piece::Sql(index.definition.clone())));
    }
}

fn stays(way: &Way<'_>, from: &Index, to: Option<&Index>) -> bool {
    let rebuilt = way.rebuilt_views.contains(from.on.as_str());
    // An index that should be invalid is nothing one can make.
    to.is_some_and(|to| from.definition == to.definition && (from.valid || !to.valid)) && !rebuilt
}

/// Whether dropping what it lies on takes the index with it.
fn goes_along(way: &Way<'_>, index: &Index) -> bool {
    let on = index.on.as_str();
    let remains = way.to.tables.contains_key(on) || way.to.views.contains_key(on);
    !remains || way.rebuilt_views.contains(on)
}
