//! What is told of a status, as the report that `status --json` prints and the service serves as /status.json.

use super::{Assertions, Known, Next, Standing, Status};
use crate::event::Position;
use crate::ledger::{AsOf, BuildProgress, Follower, Outcome, SkippedKind, State, Switch, Wish};
use crate::report::status::{
    AsOfStatus, AssertionStatus, AssertionsStatus, BuildStatus, FailureStatus, FaultStatus,
    FollowerStatus, LogStatus, ProgressStatus, SkippedStatus, StatusReport, SwitchStatus,
    TroubleStatus,
};
use crate::report::{self, Printed as _};

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

impl Status {
    /// The whole status.
    #[must_use]
    pub fn report(&self) -> StatusReport {
        StatusReport {
            version: StatusReport::VERSION,
            at: self.at.clone(),
            highest: self.highest.0,
            builds: self.builds.iter().map(Standing::report).collect(),
            never_live: self.never_live.iter().map(|(name, _)| name.clone()).collect(),
            next: self.commands(),
            notes: self.notes.clone(),
            switches: self.switches.iter().map(of_switch).collect(),
        }
    }
}

fn of_switch(switch: &Switch) -> SwitchStatus {
    SwitchStatus {
        projection: switch.projection.clone(),
        build: switch.schema.clone(),
        at: switch.at.clone(),
        by: switch.by.clone(),
        kind: if switch.is_back { "rollback" } else { "promote" },
    }
}

impl Standing {
    fn report(&self) -> BuildStatus {
        let build = &self.build;
        let asked = build.asked.as_ref();
        BuildStatus {
            projection: build.projection.clone(),
            build: build.schema.to_string(),
            state: build.state.name(),
            position: build.position.0,
            lag: self.lag.map(|lag| lag.events),
            lag_is_more: self.lag.is_some_and(|lag| lag.is_more),
            events: build.events_read,
            lag_seconds: self.lag_time.map(|time| time.as_secs_f64()),
            applied: build.events_applied,
            parked: build.parked,
            skipped: build.skipped,
            skipped_kinds: self.skipped.iter().map(of_skipped).collect(),
            definition: build.definition_hash.clone(),
            outdated: self.outdated,
            let_go: self.is_let_go,
            until: build.until.map(|until| until.0),
            as_of: build
                .as_of
                .clone()
                .map(|AsOf { publish, moment }| AsOfStatus { publish, moment }),
            preview: build.preview.clone(),
            created_at: rfc_3339(&build.created_at),
            moved_at: rfc_3339(&build.moved_at),
            failure: build
                .failure
                .clone()
                .map(|failure| FailureStatus { failure, payload: self.payload.clone() }),
            worker: self.worker.clone(),
            wanted: build.wish.name(),
            wanted_by: asked.map(|(by, _)| by.clone()),
            wanted_at: asked.map(|(_, at)| rfc_3339(at)),
            followers: self.followers.iter().map(of_follower).collect(),
            complaints: self.complaints(),
            progress: self.progress.as_ref().map(of_progress),
            assertions: self.assertions.as_ref().map(of_assertions),
            trouble: build.last_error.as_ref().map(|error| TroubleStatus {
                message: error.message.clone(),
                fix: error.fix.clone(),
                at: rfc_3339(&error.at),
            }),
            log: self.log(),
            next: self.next.as_ref().map(|next| next.command(&build.projection)),
        }
    }

    fn log(&self) -> LogStatus {
        let positions = |all: &[Position]| all.iter().map(|position| position.0).collect();
        LogStatus {
            fault: self.fault.as_ref().map(|fault| FaultStatus {
                code: fault.code(),
                message: fault.to_string(),
                hint: fault.next_of(&self.build),
            }),
            late_events: self.missing.map(|missing| missing.late),
            deleted_events: self.missing.map(|missing| missing.deleted),
            rewritten: positions(&self.rewritten),
            deleted: positions(&self.deleted),
            redefined: self.redefined.as_ref().map(|r| r.parts().to_vec()).unwrap_or_default(),
            began_at: self.begins_later.map(|(was, _)| was.0),
            begins_at: self.begins_later.and_then(|(_, now)| now).map(|position| position.0),
            known_from: self.build.known_from.map(|position| position.0),
        }
    }
}

fn of_skipped(kind: &SkippedKind) -> SkippedStatus {
    SkippedStatus {
        event_type: kind.event_type.clone(),
        version: kind.schema_version,
        code: kind.code.clone(),
        place: kind.place.clone(),
        events: kind.events,
        first: kind.first.0,
        last: kind.last.0,
    }
}

fn of_follower(follower: &Follower) -> FollowerStatus {
    FollowerStatus { host: follower.host.clone(), pid: follower.pid }
}

fn of_progress(told: &BuildProgress) -> ProgressStatus {
    ProgressStatus {
        stage: told.stage.clone(),
        done: told.done(),
        position: told.position.0,
        target: told.target.0,
        events: told.events,
        events_per_second: told.rate,
        waits: told.waits.clone(),
        seconds_left: told.left.map(|left| left.as_secs_f64()),
        running_seconds: told.running.as_secs_f64(),
        host: told.host.clone(),
        pid: told.pid,
    }
}

fn of_assertions(assertions: &Assertions) -> AssertionsStatus {
    let looked = assertions.looked.as_ref();
    AssertionsStatus {
        looked_at: looked.map(|(at, _)| at.clone()),
        age_seconds: looked.map(|(_, age)| age.as_secs_f64()),
        is_stale: assertions.is_stale(),
        unreadable: assertions.unreadable.clone(),
        all: assertions.all.iter().map(of_assertion).collect(),
    }
}

fn of_assertion(known: &Known) -> AssertionStatus {
    let (check, place) = (known.name.clone(), known.place.clone());
    let told =
        AssertionStatus { check, place, outcome: "unknown", rows: None, keys: None, reason: None };
    match &known.outcome {
        None => told,
        Some(Outcome::Holds) => AssertionStatus { outcome: "holds", ..told },
        Some(Outcome::Broken { rows, keys }) => AssertionStatus {
            outcome: "broken",
            rows: Some(*rows),
            keys: Some(keys.iter().map(|key| report::named(key)).collect()),
            ..told
        },
        Some(Outcome::Failed { reason }) => {
            AssertionStatus { outcome: "failed", reason: Some(reason.clone()), ..told }
        }
    }
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
