//! `regrow status`

use super::desk::Desk;
use super::output::{counted, grouped, table};
use super::{Answer, Global, output};
use crate::error::exit_code::Code;
use crate::figures::rough;
use crate::status::{self, Standing, Status};

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
    let told = text(&status, &desk.site.project.config.ledger.schema);
    match global.json {
        true => output::json(&status::json(&status)),
        false if told.is_empty() => {}
        false => output::line(told),
    }
    Ok(Code::Done)
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
    let who = |f: &crate::ledger::Follower| format!("pid {} on {}", f.pid, f.host);
    let all: Vec<String> = standing.followers.iter().map(who).collect();
    (!all.is_empty()).then(|| format!("{}: followed by {}", standing.build.schema, all.join(", ")))
}

fn row(standing: &Standing) -> Vec<String> {
    let build = &standing.build;
    vec![
        build.schema.to_string(),
        status::state(standing),
        grouped(build.position.0),
        // A number that is the least of what it may be has a sign for it.
        standing.lag.map_or_else(
            || "?".into(),
            |lag| format!("{}{}", grouped(lag.events), if lag.is_more { "+" } else { "" }),
        ),
        standing.lag_time.map_or_else(|| "?".into(), rough),
        grouped(build.parked),
    ]
}
