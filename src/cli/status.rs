//! `regrow status`

use serde_json::{Value, json};

use super::desk::Desk;
use super::exit_code::Code;
use super::output::{counted, grouped, table};
use super::{Answer, Global, output};
use crate::ledger::{Build, State};
use crate::status::{self, Standing, Status};

/// Show every build: its state, its lag, and what stopped it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow status --json | jq '.builds[] | select(.failure)'")]
pub(crate) struct Args {}

pub(crate) fn run(global: &Global, _: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let status = status::status(&desk.site)?;
    if global.json {
        let builds: Vec<Value> = status.builds.iter().map(to_json).collect();
        output::json(&json!({
            "highest": status.highest.0, "builds": builds, "never_live": status.never_live,
        }));
    } else {
        print(&status);
    }
    Ok(Code::Done)
}

fn print(status: &Status) {
    if !status.builds.is_empty() {
        let rows: Vec<Vec<String>> = status.builds.iter().map(row).collect();
        let header = ["BUILD", "STATE", "POSITION", "LAG", "EVENTS", "ASIDE", "MOVED"];
        output::line(table(&header, &rows));
    }
    for standing in &status.builds {
        let build = &standing.build;
        let name = &build.projection;
        if let Some(failure) = &build.failure {
            output::line(format!("{}: stopped at {failure}", build.schema));
            output::line(format!(
                "  after mending the handler or the upcaster: regrow rebuild {name}"
            ));
            output::line(format!("  after mending the event: regrow resume {name}"));
        } else if matches!(
            build.state,
            State::Created | State::Replaying | State::CatchingUp | State::Paused
        ) {
            output::line(format!(
                "{}: unfinished; if nobody works on it: regrow resume {name}",
                build.schema
            ));
        } else if build.state == State::Live && standing.outdated {
            output::line(format!(
                "{}: the project's files have changed since: regrow rebuild {name}",
                build.schema
            ));
        }
    }
    for standing in status.builds.iter().filter(|s| s.build.parked > 0) {
        output::line(format!(
            "{}: {} put aside; each is in regrow.parked_events, with the reason",
            standing.build.schema,
            counted(standing.build.parked, "event was", "events were")
        ));
    }
    for name in &status.never_live {
        let own = || status.builds.iter().map(|s| &s.build).filter(|b| b.projection == *name);
        let ready = |b: &&Build| b.state == State::Ready && b.until.is_none();
        let next = match own().find(ready) {
            Some(_) => format!("regrow promote {name}"),
            // What to do about an unfinished one has been said.
            None if own().any(|b| b.until.is_none()) => continue,
            None => format!("regrow rebuild {name} --promote"),
        };
        output::line(format!("{name}: no build is live: {next}"));
    }
    if status.builds.is_empty() && status.never_live.is_empty() {
        output::line("the project has no projection, and none was ever built");
    }
}

fn row(standing: &Standing) -> Vec<String> {
    let build = &standing.build;
    let state = match (&build.failure, build.state) {
        (Some(_), State::Live | State::Retired) => format!("{}, stopped", build.state),
        _ => build.state.to_string(),
    };
    vec![
        build.schema.to_string(),
        state,
        grouped(build.position.0),
        grouped(standing.lag),
        grouped(build.events_read),
        grouped(build.parked),
        build.moved_at.clone(),
    ]
}

fn to_json(standing: &Standing) -> Value {
    let build = &standing.build;
    json!({
        "projection": build.projection, "build": build.schema.as_str(), "state": build.state.name(),
        "position": build.position.0, "lag": standing.lag, "events": build.events_read,
        "applied": build.events_applied, "parked": build.parked, "definition": build.definition_hash,
        "outdated": standing.outdated, "until": build.until.map(|u| u.0), "created_at": build.created_at,
        "moved_at": build.moved_at, "failure": build.failure,
    })
}
