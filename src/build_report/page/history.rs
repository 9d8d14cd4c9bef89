//! What became of a build, and when: this run's stages, the states in the ledger's audit, promotes and rollbacks.

use std::time::Duration;

use super::{Cell, OfBuild, facts, share, table};
use crate::build_report::Run;
use crate::figures::{counted, duration, grouped, rate};
use crate::html::Html;

pub(super) fn section(html: &mut Html, told: &OfBuild) {
    html.raw("<h3>Time line</h3>");
    match &told.run {
        Some(run) => stages(html, run),
        None => drop(html.raw(
            "<p class=\"note\">The ledger keeps when a build went from one state to the next, and no rates; a report that is \
             written by regrow rebuild has those of its run.</p>",
        )),
    }
    states(html, told);
    switches(html, told);
}

fn stages(html: &mut Html, run: &Run) {
    let rate_of = |events: i64, took: Duration| format!("{}/s", grouped(rate(events, took)));
    let read = counted(run.events, "event", "events");
    facts(
        html,
        &[
            ("this run", run.reached.clone()),
            ("took", duration(run.took)),
            ("read", format!("{read} ({})", rate_of(run.events, run.took))),
            ("by", run.engine.clone()),
        ],
    );
    let micros = |took: Duration| i64::try_from(took.as_micros()).unwrap_or(i64::MAX);
    let most = run.stages.iter().map(|stage| micros(stage.took)).max().unwrap_or_default();
    let rows = run.stages.iter().map(|stage| {
        let events = i64::try_from(stage.events).unwrap_or(i64::MAX);
        let (read, rate) = match events {
            0 => (String::new(), String::new()),
            events => (grouped(events), rate_of(events, stage.took)),
        };
        vec![
            Cell::Text(stage.stage.name().to_owned()),
            Cell::Number(duration(stage.took)),
            share(micros(stage.took), most),
            Cell::Number(read),
            Cell::Number(rate),
        ]
    });
    table(html, &["stage of this run", "took", "", "events read", "rate"], rows);
}

fn states(html: &mut Html, told: &OfBuild) {
    let (changes, all) = &told.changes;
    let shown = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    if shown < *all {
        html.raw("<p class=\"note\">The newest ").text(grouped(shown)).raw(" of ");
        html.text(counted(*all, "change", "changes")).raw(".</p>");
    }
    let rows = changes.iter().enumerate().map(|(nth, change)| {
        let held = match changes.get(nth + 1) {
            Some(next) => {
                duration(Duration::try_from_secs_f64(next.at_s - change.at_s).unwrap_or_default())
            }
            None => "still is".to_owned(),
        };
        vec![
            Cell::Text(change.at.clone()),
            Cell::Text(change.to.clone()),
            Cell::Number(held),
            Cell::Text(change.by.clone()),
        ]
    });
    table(html, &["at", "became", "for", "by"], rows);
}

fn switches(html: &mut Html, told: &OfBuild) {
    if told.switches.is_empty() {
        return;
    }
    html.raw("<h3>Promotes and rollbacks of ").text(&told.build.projection).raw("</h3>");
    let rows = told.switches.iter().map(|switch| {
        let kind = if switch.is_back { "rollback" } else { "promote" };
        vec![
            Cell::Text(switch.at.clone()),
            Cell::Text(kind.to_owned()),
            Cell::Text(switch.schema.clone()),
            Cell::Text(switch.by.clone()),
        ]
    });
    table(html, &["at", "", "readers see", "by"], rows);
}
