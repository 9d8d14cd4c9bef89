//! `regrow parked retry`: parked events again.

use crate::cli::invocation::Invocation;
use crate::cli::output::{self, counted, grouped};
use crate::cli::{Answer, Global, errors};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::event::Position;
use crate::repair::{self, Retried, RetriedBuild, RetriedEvent};
use crate::report::parked;
use crate::visible::one_line;

pub(super) fn run(global: &Global, name: &str, position: Option<Position>) -> Answer {
    let invocation = Invocation::open_to_change(global)?;
    let retried = repair::retry(&invocation.context, name, position)?;
    invocation.reporter.finish();
    let Retried { projection, events } = retried;
    let (mut applied, mut worst, mut list) = (0, Code::Done, Vec::new());
    let all = events.len();
    for RetriedEvent { position, outcome } in events {
        match outcome {
            Ok(builds) => {
                let is_applied = builds.iter().all(|build| build.is_applied);
                match is_applied {
                    true => applied += 1,
                    false => worst = worst.max(Code::Failed),
                }
                match global.json {
                    true => list.push(parked::RetriedEvent {
                        position: position.0,
                        applied: is_applied,
                        builds: builds.iter().map(RetriedBuild::report).collect(),
                        error: None,
                    }),
                    false => builds.iter().for_each(|build| print(position, build)),
                }
            }
            Err(error) => {
                let shown = Error::from(error);
                worst = worst.max(shown.code);
                match global.json {
                    true => list.push(parked::RetriedEvent {
                        position: position.0,
                        applied: false,
                        builds: Vec::new(),
                        error: Some(shown.report()),
                    }),
                    false => errors::print(&shown, false),
                }
            }
        }
    }
    let left = all - applied;
    match global.json {
        true => output::report(&parked::RetryReport { projection, events: list, applied, left }),
        false if all == 0 => output::line("no event is parked"),
        false => {
            let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            output::line(format!(
                "{}; still parked: {}",
                counted(number(applied), "event is applied now", "events are applied now"),
                grouped(number(left))
            ));
        }
    }
    Ok(worst)
}

fn print(position: Position, build: &RetriedBuild) {
    let events = i64::try_from(build.events).unwrap_or(i64::MAX);
    let what = match build.is_applied {
        true => "it is applied now",
        false => "it fails again, and stays parked",
    };
    let rows = match build.tables.is_empty() {
        true => String::new(),
        false => format!(
            "; its rows were made again from {} up to position {} ({})",
            counted(events, "event", "events"),
            grouped(build.position.0),
            build.state
        ),
    };
    output::line(format!("{}: position {}: {what}{rows}", build.build, grouped(position.0)));
    for failure in &build.again {
        output::line(format!("  fails: {}", one_line(&failure.to_string())));
    }
    for failure in &build.parked {
        output::line(format!("  parked now: {}", one_line(&failure.to_string())));
    }
    if build.others > 0 {
        let others = i64::try_from(build.others).unwrap_or(i64::MAX);
        let also = counted(others, "other parked event is", "other parked events are");
        output::line(format!("  {also} applied with it"));
    }
}
