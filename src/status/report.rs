//! What `status --json` prints and the service serves as /status.json: one shape, described in docs/service.md.

use serde_json::{Map, Value, json};

use super::{Assertions, Known, Next, Standing, Status};
use crate::ledger::{Outcome, State, Switch, Wish};

/// The version of the shape. It changes if a member goes or means something else, not if one comes.
pub const VERSION: u32 = 1;

impl Next {
    /// The command of a step.
    #[must_use]
    pub fn command(&self, projection: &str) -> String {
        match self {
            Next::Fix(what) => what.clone(),
            Next::Resume => format!("regrow resume {projection}"),
            Next::Promote => format!("regrow promote {projection}"),
            Next::Accept => format!("regrow promote {projection} --accept-skipped"),
            Next::Rebuild => format!("regrow rebuild {projection} --promote"),
            Next::Unpause => format!("regrow unpause {projection}"),
            Next::Run => "regrow run".into(),
        }
    }
}

impl Status {
    /// Everything there is to do, in the order of the builds.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        let of_builds = self.builds.iter().map(|s| (&s.build.projection, s.next.as_ref()));
        let of_others = self.never_live.iter().map(|(name, next)| (name, next.as_ref()));
        let mut commands: Vec<String> = Vec::new();
        for (name, next) in of_builds.chain(of_others) {
            let command = next.map(|next| next.command(name));
            commands.extend(command.filter(|c| !commands.contains(c)));
        }
        commands
    }
}

/// The whole status.
#[must_use]
pub fn json(status: &Status) -> Value {
    let builds: Vec<Value> = status.builds.iter().map(of_build).collect();
    let never_live: Vec<&String> = status.never_live.iter().map(|(name, _)| name).collect();
    let switches: Vec<Value> = status.switches.iter().map(of_switch).collect();
    json!({
        "version": VERSION, "at": status.at, "highest": status.highest.0, "builds": builds,
        "never_live": never_live, "next": status.commands(), "notes": status.notes,
        "switches": switches,
    })
}

fn of_switch(switch: &Switch) -> Value {
    json!({
        "projection": switch.projection, "build": switch.schema, "at": switch.at, "by": switch.by,
        "kind": if switch.is_back { "rollback" } else { "promote" },
    })
}

fn of_build(standing: &Standing) -> Value {
    let build = &standing.build;
    let mut json = json!({
        "projection": build.projection, "build": build.schema.as_str(), "state": build.state.name(),
        "position": build.position.0, "lag": standing.lag.map(|lag| lag.events), "lag_is_more": standing.lag.is_some_and(|lag| lag.is_more), "events": build.events_read,
        "lag_seconds": standing.lag_time.map(|time| time.as_secs_f64()),
        "applied": build.events_applied, "parked": build.parked, "skipped": build.skipped,
        "skipped_kinds": standing.skipped.iter().map(|kind| json!({
            "type": kind.event_type, "version": kind.schema_version, "code": kind.code, "place": kind.place,
            "events": kind.events, "first": kind.first.0, "last": kind.last.0,
        })).collect::<Vec<_>>(),
        "definition": build.definition_hash,
        "outdated": standing.outdated, "let_go": standing.is_let_go, "until": build.until.map(|u| u.0), "as_of": build.as_of,
        "preview": build.preview,
        "created_at": rfc_3339(&build.created_at), "moved_at": rfc_3339(&build.moved_at), "failure": build.failure, "worker": standing.worker,
        "wanted": build.wish.name(),
        "wanted_by": build.asked.as_ref().map(|(by, _)| by),
        "wanted_at": build.asked.as_ref().map(|(_, at)| rfc_3339(at)),
        "followers": standing.followers.iter().map(|f| json!({"host": f.host, "pid": f.pid})).collect::<Vec<_>>(),
        "complaints": standing.complaints(),
        "progress": standing.progress.as_ref().map(|told| json!({
            "stage": told.stage, "done": told.done(), "position": told.position.0, "target": told.target.0,
            "events": told.events, "events_per_second": told.rate,
            "waits": told.waits, "seconds_left": told.left.map(|left| left.as_secs_f64()),
            "running_seconds": told.running.as_secs_f64(), "host": told.host, "pid": told.pid,
        })),
        "assertions": standing.assertions.as_ref().map(of_assertions),
        "trouble": build.last_error.as_ref().map(|t| json!({"message": t.message, "fix": t.fix, "at": rfc_3339(&t.at)})),
        "log": {
            "fault": standing.fault.as_ref().map(|fault| json!({
                "code": fault.code(), "message": fault.to_string(), "hint": fault.next_of(build),
            })),
            "late_events": standing.missing.map(|m| m.late),
            "deleted_events": standing.missing.map(|m| m.deleted),
            "rewritten": standing.rewritten.iter().map(|p| p.0).collect::<Vec<_>>(),
            "deleted": standing.deleted.iter().map(|p| p.0).collect::<Vec<_>>(),
            "began_at": standing.begins_later.map(|(was, _)| was.0),
            "begins_at": standing.begins_later.and_then(|(_, now)| now).map(|p| p.0),
            "known_from": build.known_from.map(|p| p.0),
        },
        "next": standing.next.as_ref().map(|next| next.command(&build.projection)),
    });
    if let Some(payload) = &standing.payload {
        json["failure"]["payload"] = json!(payload);
    }
    json
}

fn of_assertions(assertions: &Assertions) -> Value {
    let key = |key: &Vec<(String, Option<String>)>| -> Value {
        key.iter()
            .map(|(column, value)| (column.clone(), json!(value)))
            .collect::<Map<_, _>>()
            .into()
    };
    let one = |known: &Known| {
        let mut one = json!({"check": known.name, "place": known.place});
        match &known.outcome {
            None => one["outcome"] = json!("unknown"),
            Some(Outcome::Holds) => one["outcome"] = json!("holds"),
            Some(Outcome::Broken { rows, keys }) => {
                one["outcome"] = json!("broken");
                one["rows"] = json!(rows);
                one["keys"] = keys.iter().map(key).collect();
            }
            Some(Outcome::Failed { reason }) => {
                one["outcome"] = json!("failed");
                one["reason"] = json!(reason);
            }
        }
        one
    };
    let looked = assertions.looked.as_ref();
    json!({
        "looked_at": looked.map(|(at, _)| at), "age_seconds": looked.map(|(_, age)| age.as_secs_f64()),
        "is_stale": assertions.is_stale(), "unreadable": assertions.unreadable,
        "all": assertions.all.iter().map(one).collect::<Vec<_>>(),
    })
}

/// A time in RFC 3339, of one that PostgreSQL has printed in a session whose zone is UTC.
fn rfc_3339(printed: &str) -> String {
    printed.replacen(' ', "T", 1).replacen("+00", "Z", 1)
}

impl Standing {
    /// Whether somebody wants a build to be at rest.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.build.wish == Wish::Pause || self.build.state == State::Paused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_of_rfc_3339() {
        assert_eq!(rfc_3339("2026-03-01 09:00:01+00"), "2026-03-01T09:00:01Z");
    }
}
