//! `regrow status`

use serde_json::{Value, json};

use super::desk::Desk;
use super::output::{counted, grouped, table};
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::follow;
use crate::ledger::{State, Trouble};
use crate::status::{self, Next, Standing, Status};
use crate::visible::one_line;

/// Show every build: its state, its lag, and what stopped it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regrow status --json | jq '.builds[] | select(.failure)'")]
pub(crate) struct Args {
    /// Show the payload of each event that stopped a build.
    #[arg(long)]
    show_payload: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let desk = Desk::open(global)?;
    let status = status::status(&desk.site, args.show_payload)?;
    if global.json {
        let builds: Vec<Value> = status.builds.iter().map(to_json).collect();
        let never_live: Vec<&String> = status.never_live.iter().map(|(name, _)| name).collect();
        output::json(&json!({
            "highest": status.highest.0, "builds": builds, "never_live": never_live,
            "next": commands(&status), "notes": status.notes,
        }));
    } else {
        print(&status, &desk.site.project.config.ledger.schema);
    }
    Ok(Code::Done)
}

/// The command of a step.
fn command(next: &Next, projection: &str) -> String {
    match next {
        Next::Fix(what) => what.clone(),
        Next::Resume => format!("regrow resume {projection}"),
        Next::Promote => format!("regrow promote {projection}"),
        Next::Rebuild => format!("regrow rebuild {projection} --promote"),
        Next::Run => "regrow run".into(),
    }
}

/// Everything there is to do, in the order of the builds.
fn commands(status: &Status) -> Vec<String> {
    let of_builds = status.builds.iter().map(|s| (&s.build.projection, s.next.as_ref()));
    let of_others = status.never_live.iter().map(|(name, next)| (name, next.as_ref()));
    let mut commands: Vec<String> = Vec::new();
    for (name, next) in of_builds.chain(of_others) {
        let command = next.map(|next| command(next, name));
        commands.extend(command.filter(|c| !commands.contains(c)));
    }
    commands
}

fn print(status: &Status, ledger: &str) {
    if !status.builds.is_empty() {
        let rows: Vec<Vec<String>> = status.builds.iter().map(row).collect();
        let header = ["BUILD", "STATE", "POSITION", "LAG", "EVENTS", "ASIDE", "MOVED"];
        output::line(table(&header, &rows));
    }
    for standing in &status.builds {
        tell(standing);
    }
    for standing in status.builds.iter().filter(|s| s.build.parked > 0) {
        output::line(format!(
            "{}: {} parked; each is in {ledger}.parked_events, with the reason",
            standing.build.schema,
            counted(standing.build.parked, "event was", "events were")
        ));
    }
    for note in &status.notes {
        output::line(note);
    }
    for (name, next) in &status.never_live {
        if let Some(next) = next {
            output::line(format!("{name}: no build is live: {}", command(next, name)));
        }
    }
    if status.builds.is_empty() && status.never_live.is_empty() {
        output::line("the project has no projection, and none was ever built");
    }
}

/// What became of a build, and the command that goes on.
fn tell(standing: &Standing) {
    let build = &standing.build;
    let (schema, name) = (&build.schema, &build.projection);
    if let Some(fault) = &standing.fault {
        output::line(format!("{schema}: {fault}"));
        output::line(format!("  {}", fault.next()));
        return;
    }
    if let Some(missing) = &standing.missing {
        output::line(format!("{schema}: {}", follow::sentence(schema.as_str(), missing)));
        if missing.late > 0 {
            output::line(format!(
                "  its rows lack them; build it anew: regrow rebuild {name} --promote"
            ));
        }
    }
    for (positions, what) in
        [(&standing.rewritten, "was erased or rewritten"), (&standing.deleted, "was deleted")]
    {
        if let Some(at) = positions.first() {
            output::line(format!(
                "{schema}: the event at position {at}, which it has read, {what} since"
            ));
        }
    }
    if let Some((was, now)) = standing.begins_later {
        let now = now.map_or_else(|| "it is empty now".into(), |p| format!("it begins at {p} now"));
        output::line(format!("{schema}: the log began at position {was}, and {now}"));
    }
    if standing.is_let_go {
        output::line(format!(
            "{schema}: it is not followed, since [rebuild] keep_retired does not keep it; it goes with: regrow prune {name}"
        ));
    }
    if let Some(failure) = &build.failure {
        output::line(format!("{schema}: stopped at {failure}"));
        if let Some(payload) = &standing.payload {
            output::line(format!("  payload: {}", one_line(payload)));
        }
        let what = match &standing.next {
            Some(Next::Fix(what)) => {
                output::line(format!("  {what}"));
                format!(
                    "after fixing the handler or the upcaster: regrow resume {name}, if it has read no event \
                     of that type; else: regrow rebuild {name}"
                )
            }
            Some(next) => {
                format!("the project's files have changed since: {}", command(next, name))
            }
            None if build.state == State::Retired => format!(
                "it is not followed any more; as it stands it can be shown by: regrow rollback {name} --stale"
            ),
            None => return,
        };
        output::line(format!("  {what}"));
        return;
    }
    let unfinished = build.state.is_candidate() && build.state != State::Ready;
    if let (Some(worker), true) = (&standing.worker, unfinished) {
        output::line(format!("{schema}: {worker} works on it"));
        return;
    }
    if let Some(Trouble { message, at, .. }) = &build.trouble {
        output::line(format!("{schema}: its last run ended at {at}: {message}"));
    }
    let Some(next) = &standing.next else { return };
    let why = match (next, build.state) {
        (Next::Fix(what), _) => {
            output::line(format!("  to fix it: {what}"));
            return;
        }
        (Next::Resume, State::Paused) => "it was stopped, and goes on with",
        (Next::Resume, _) if build.trouble.is_some() => "it goes on behind its checkpoint with",
        (Next::Resume, _) => "its last run ended without a word, and goes on with",
        (Next::Promote, _) => "it is ready, and readers see it after",
        (Next::Rebuild, _) if !standing.outdated => return,
        (Next::Rebuild, _) => "the project's files have changed since",
        (Next::Run, _) => "nobody follows it; it is kept fresh by",
    };
    output::line(format!("{schema}: {why}: {}", command(next, name)));
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
        // A number that is the least of what it may be has a sign for it.
        standing.lag.map_or_else(
            || "?".into(),
            |lag| format!("{}{}", grouped(lag.events), if lag.is_more { "+" } else { "" }),
        ),
        grouped(build.events_read),
        grouped(build.parked),
        build.moved_at.clone(),
    ]
}

fn to_json(standing: &Standing) -> Value {
    let build = &standing.build;
    let mut json = json!({
        "projection": build.projection, "build": build.schema.as_str(), "state": build.state.name(),
        "position": build.position.0, "lag": standing.lag.map(|lag| lag.events), "lag_is_more": standing.lag.is_some_and(|lag| lag.is_more), "events": build.events_read,
        "applied": build.events_applied, "parked": build.parked, "definition": build.definition_hash,
        "outdated": standing.outdated, "let_go": standing.is_let_go, "until": build.until.map(|u| u.0), "created_at": build.created_at,
        "moved_at": build.moved_at, "failure": build.failure, "worker": standing.worker,
        "trouble": build.trouble.as_ref().map(|t| json!({"message": t.message, "fix": t.fix, "at": t.at})),
        "log": {
            "fault": standing.fault.as_ref().map(|fault| json!({
                "code": fault.code(), "message": fault.to_string(), "hint": fault.next(),
            })),
            "late_events": standing.missing.map(|m| m.late),
            "deleted_events": standing.missing.map(|m| m.deleted),
            "rewritten": standing.rewritten.iter().map(|p| p.0).collect::<Vec<_>>(),
            "deleted": standing.deleted.iter().map(|p| p.0).collect::<Vec<_>>(),
            "began_at": standing.begins_later.map(|(was, _)| was.0),
            "begins_at": standing.begins_later.and_then(|(_, now)| now).map(|p| p.0),
            "known_from": build.known_from.map(|p| p.0),
        },
        "next": standing.next.as_ref().map(|next| command(next, &build.projection)),
    });
    if let Some(payload) = &standing.payload {
        json["failure"]["payload"] = json!(payload);
    }
    json
}
