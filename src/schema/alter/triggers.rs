//! Triggers and policies: what hangs on a table and is dropped and made again in no time.

use super::order::Step;
use super::{Piece, Way};
use crate::schema::Trigger;

pub(super) fn take_away(way: &mut Way<'_>) {
    for (name, trigger) in &way.from.triggers {
        let on = trigger.on.as_str();
        let remains = (way.to.tables.contains_key(on) || way.to.views.contains_key(on))
            && !way.rebuilt_views.contains(on);
        if !remains {
            way.lost_comments.push(format!("TRIGGER {name}"));
        }
        let same = way.to.triggers.get(name).is_some_and(|to| to.definition == trigger.definition);
        if remains && !same {
            way.first.push(Piece::Sql(format!("DROP TRIGGER {name}")));
            way.lost_comments.push(format!("TRIGGER {name}"));
        }
    }
    for (table, from) in &way.from.tables {
        let Some(to) = way.to.tables.get(table) else { continue };
        for (name, policy) in &from.policies {
            if to.policies.get(name) != Some(policy) {
                way.first.push(Piece::Sql(format!("DROP POLICY {name} ON {table}")));
            }
        }
    }
}

pub(super) fn write(way: &mut Way<'_>) {
    for (name, trigger) in &way.to.triggers {
        let stays = !way.rebuilt_views.contains(trigger.on.as_str());
        let before = way
            .from
            .triggers
            .get(name)
            .filter(|from| stays && from.definition == trigger.definition);
        if before.is_none() {
            way.steps.push(Step::change(Piece::Sql(trigger.definition.clone())));
        }
        if before.map_or('O', |from| from.fires) != trigger.fires {
            way.steps.push(Step::change(Piece::Sql(firing(trigger))));
        }
    }
    for (table, to) in &way.to.tables {
        for (name, policy) in &to.policies {
            let before = way.from.tables.get(table).and_then(|from| from.policies.get(name));
            if before != Some(policy) {
                let sql = format!("CREATE POLICY {name} ON {table} {policy}");
                way.steps.push(Step::change(Piece::Sql(sql)));
            }
        }
    }
}

fn firing(trigger: &Trigger) -> String {
    let word = match trigger.fires {
        'D' => "DISABLE",
        'R' => "ENABLE REPLICA",
        'A' => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    format!("ALTER TABLE {} {word} TRIGGER {}", trigger.on, trigger.name)
}
