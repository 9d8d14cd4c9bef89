//! `regrow status`

use std::time::{Duration, Instant};

use super::invocation::Invocation;
use super::output::{counted, grouped, table};
use super::{Answer, Global, output};
use crate::config::max_lag::MaxLag;
use crate::context::Context;
use crate::error::exit_code::Code;
use crate::figures::rough;
use crate::ledger::{Follower, State};
use crate::status::{self, Looker, Standing, Status, StatusError};

/// Show every build: its state, its lag, and what stopped it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow status --watch\n  regrow status --max-lag 30s || page-somebody\n  regrow status --json | jq '.builds[] | select(.failure)'"
)]
pub(crate) struct Args {
    /// Show the payload of each event that stopped a build.
    #[arg(long)]
    show_payload: bool,
    /// Look again and again, until ctrl-C: in place on a terminal, else one block, or one line of JSON, after another.
    #[arg(long)]
    watch: bool,
    /// Exit with 11 if a live build is farther behind, in events (1000) or in time (30s), or nobody knows how far.
    #[arg(long, value_name = "LAG", conflicts_with = "watch")]
    max_lag: Option<MaxLag>,
    /// Exit with 11 if a live build is stopped, paused, followed by nobody, over its max_lag, without events that were
    /// committed late or shown by a view that somebody has changed, or if one of its assertions is broken or could not
    /// be run.
    #[arg(long, conflicts_with = "watch")]
    exit_code: bool,
}

/// How often --watch looks.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How soon it notices ctrl-C.
const NOTICES: Duration = Duration::from_millis(50);

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let invocation = Invocation::open(global)?;
    if args.watch {
        return watch(&invocation, global, args);
    }
    let status = status::status(&invocation.context, args.show_payload)?;
    let told = text(&status, &invocation.context.project.config.ledger.schema);
    match global.json {
        true => output::report(&status.report()),
        false if told.is_empty() => {}
        false => output::line(told),
    }
    let complaints = complaints(&status, args);
    complaints.iter().for_each(output::note);
    Ok(if complaints.is_empty() { Code::Done } else { Code::Behind })
}

/// Why it exits with 11.
fn complaints(status: &Status, args: &Args) -> Vec<String> {
    let mut complaints = Vec::new();
    for standing in status.builds.iter().filter(|s| s.build.state == State::Live) {
        complaints.extend(standing.over(args.max_lag));
        if args.exit_code {
            complaints.extend(standing.complaints());
        }
    }
    complaints.dedup();
    complaints
}

/// Looks until somebody presses ctrl-C, over losses of a server.
fn watch(invocation: &Invocation, global: &Global, args: &Args) -> Answer {
    let (context, mut eyes, mut was_seen) = (&invocation.context, None, false);
    while !context.interrupt.raised() {
        let seen = look(context, &mut eyes, args.show_payload);
        match seen {
            Ok(status) if global.json => output::report(&status.report()),
            Ok(status) => {
                let ledger = &context.project.config.ledger.schema;
                output::block(&format!("{}\n{}", status.at, text(&status, ledger)));
            }
            // One that never worked will not by waiting.
            Err(error) if !was_seen => return Err(error.into()),
            Err(error) => {
                eyes = None;
                output::note(format!("nothing can be seen: {error}"));
            }
        }
        was_seen = true;
        let began = Instant::now();
        while !context.interrupt.raised() && began.elapsed() < LOOK_EVERY {
            std::thread::sleep(NOTICES);
        }
    }
    Ok(Code::Done)
}

fn look(
    context: &Context,
    eyes: &mut Option<Looker>,
    show_payload: bool,
) -> Result<Status, StatusError> {
    match eyes {
        Some(looker) => looker.look(context, show_payload),
        None => eyes.insert(Looker::open(context, "status")?).look(context, show_payload),
    }
}

/// Everything that people are told.
fn text(status: &Status, ledger: &str) -> String {
    let mut lines = Vec::new();
    if !status.builds.is_empty() {
        let rows: Vec<Vec<String>> = status.builds.iter().map(row).collect();
        lines.push(table(&["BUILD", "STATE", "POSITION", "LAG", "BEHIND", "PARKED"], &rows));
    }
    for standing in &status.builds {
        lines.extend(status::sentences(standing));
        lines.extend(followers(standing));
    }
    for standing in status.builds.iter().filter(|s| s.build.parked > 0) {
        lines.push(format!(
            "{}: {} parked; each is in {ledger}.parked_events, with the reason",
            standing.build.schema,
            counted(standing.build.parked, "event was", "events were")
        ));
    }
    lines.extend(status.notes.iter().cloned());
    for (name, next) in &status.never_live {
        if let Some(next) = next {
            lines.push(format!("{name}: no build is live: {}", next.command(name)));
        }
    }
    if status.builds.is_empty() && status.never_live.is_empty() {
        lines.push("the project has no projection, and none was ever built".into());
    }
    lines.join("\n")
}

/// Who follows a build.
fn followers(standing: &Standing) -> Option<String> {
    let who = |f: &Follower| format!("pid {} on {}", f.pid, f.host);
    let all: Vec<String> = standing.followers.iter().map(who).collect();
    (!all.is_empty()).then(|| format!("{}: followed by {}", standing.build.schema, all.join(", ")))
}

fn row(standing: &Standing) -> Vec<String> {
    let build = &standing.build;
    // What stands still for good is behind nothing.
    let stands = build.as_of.is_some();
    vec![
        build.schema.to_string(),
        status::state(standing),
        grouped(build.position.0),
        // A number that is the least of what it may be has a sign for it.
        standing.lag.filter(|_| !stands).map_or_else(
            || if stands { "-" } else { "?" }.into(),
            |lag| format!("{}{}", grouped(lag.events), if lag.is_more { "+" } else { "" }),
        ),
        match standing.lag_time {
            _ if stands => "-".to_owned(),
            time => time.map_or_else(|| "?".into(), rough),
        },
        grouped(build.parked),
    ]
}
