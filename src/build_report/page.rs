//! The page: one file with its style in it, without a script and without anything from elsewhere. What comes from a log, a file
//! or a server is text in it ([`Html`]), and the page forbids the browser to load or run anything.
//!
//! A plot is a bar in a row of a table: the figure stands beside it, in the text, and both are printed.

mod comparison;
mod history;

use super::{Answer, BuildReport, OfBuild};
use crate::definition::{Definition, EngineChoice};
use crate::figures::{counted, grouped};
use crate::html::Html;
use crate::ledger::{AsOf, Build};
use crate::rebuild::explain::{Explained, ExplainedHandler};
use crate::replay::Engine;
use crate::verify::Checked;

/// Texts are shown up to so many characters; the ledger has all of them.
const SHOWN: usize = 600;
/// So many kinds of events are shown.
const KINDS: usize = 500;

/// A cell of a table.
enum Cell {
    Text(String),
    Number(String),
    /// A bar, whose whole length is 1.
    Bar(f64),
}

/// The whole page.
#[must_use]
pub fn render(report: &BuildReport) -> String {
    let mut html = Html::default();
    html.raw(include_str!("page_head.html")).raw("<header><h1>");
    let names: Vec<&str> = report.builds.iter().map(|told| told.build.schema.as_str()).collect();
    html.text(format!("Report on {}", names.join(", ")))
        .raw("</h1><p class=\"made\">made at <time>");
    html.text(&report.made_at).raw("</time> by regrow ").text(env!("CARGO_PKG_VERSION"));
    html.raw("; read models in ").text(&report.server).raw("; ");
    html.raw(match report.with_values {
        true => "values of rows are shown",
        false => "of rows that differ only the keys are shown",
    });
    html.raw("</p></header><main>");
    if report.builds.is_empty() {
        html.raw("<p>There is no build to report on.</p>");
    }
    for told in &report.builds {
        build(&mut html, told, report.with_values);
    }
    html.raw("</main></body></html>\n");
    html.finish()
}

fn build(html: &mut Html, told: &OfBuild, with_values: bool) {
    html.raw("<section><h2>").text(told.build.schema.as_str()).raw("</h2>");
    facts(html, &head(&told.build));
    comparison::section(html, told);
    made_from(html, told);
    events(html, told);
    history::section(html, told);
    engines(html, told);
    assertions(html, &told.assertions, with_values);
    parked(html, told);
    html.raw("</section>");
}

fn head(build: &Build) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("projection", build.projection.clone()),
        ("state", build.state.to_string()),
        ("position", grouped(build.position.0)),
        ("events read", grouped(build.events_read)),
        ("events applied", grouped(build.events_applied)),
        ("events parked", grouped(build.parked)),
        ("events skipped", grouped(build.skipped)),
        ("created", build.created_at.clone()),
        ("last moved", build.moved_at.clone()),
    ];
    match (&build.as_of, build.until) {
        (Some(AsOf { publish, moment }), _) => {
            let moment = moment.as_ref().map_or_else(String::new, |at| format!(", as of {at}"));
            facts.push(("shown", format!("in the schema {publish}{moment}, for good")));
        }
        (None, Some(until)) => facts.push(("ends at position", grouped(until.0))),
        (None, None) => {}
    }
    if let Some(failure) = &build.failure {
        facts.push(("stopped", failure.to_string()));
    }
    if let Some(trouble) = &build.last_error {
        facts.push(("its last run ended with", trouble.message.clone()));
    }
    facts
}

/// The definition and the log.
fn made_from(html: &mut Html, told: &OfBuild) {
    let OfBuild { build, definition, log, .. } = told;
    html.raw("<h3>What it was made from</h3>");
    let mut list = vec![("definition", build.definition_hash.clone())];
    list.push(("log", log.clone().unwrap_or_else(|| "it was never written down which".to_owned())));
    let known = match build.known_from {
        Some(from) if from.0 == 0 => "from its first event on".to_owned(),
        Some(from) => format!("from position {} on", grouped(from.0)),
        None => "not known".to_owned(),
    };
    list.push(("identity of the log known", known));
    if let Some(begins) = build.begins_at {
        list.push(("the log begins at, as the operator said", grouped(begins.0)));
    }
    if let Some(anchor) = &build.anchor {
        let origin = &anchor.origin;
        let of = |part: &Option<String>| part.clone().unwrap_or_else(|| "not known".to_owned());
        list.push((
            "last event whose fingerprint is kept",
            format!(
                "at position {}, of the server with the system identifier {} on the timeline {}",
                grouped(anchor.position.0),
                of(&origin.system),
                of(&origin.timeline)
            ),
        ));
    }
    match definition {
        Ok(definition) => {
            facts(html, &list);
            files(html, definition);
        }
        Err(why) => {
            facts(html, &list);
            untold(html, why);
        }
    }
}

fn files(html: &mut Html, definition: &Definition) {
    let mut all: Vec<(&str, &crate::source::SourceFile)> = Vec::new();
    all.extend(definition.revisions.iter().map(|file| ("revision", file)));
    all.push(("handlers", &definition.handlers));
    all.extend(definition.checks.iter().map(|file| ("assertions", file)));
    all.extend(definition.upcasters.iter().map(|file| ("upcaster", file)));
    let rows = all.into_iter().map(|(what, file)| {
        let lines = grouped(i64::try_from(file.text.lines().count()).unwrap_or(i64::MAX));
        vec![Cell::Text(what.to_owned()), Cell::Text(file.path.clone()), Cell::Number(lines)]
    });
    table(html, &["", "file", "lines"], rows);
}

fn events(html: &mut Html, told: &OfBuild) {
    html.raw("<h3>Events by type and version</h3>");
    let events = match &told.events {
        Ok(events) => events,
        Err(why) => return untold(html, why),
    };
    html.raw("<p class=\"note\">").text(format!(
        "Counted in the log for this page, up to position {}; {} of types that no handler sees.",
        grouped(told.build.position.0),
        counted(events.others, "other event is", "other events are")
    ));
    html.raw("</p>");
    let most = events.kinds.iter().map(|kind| kind.events).max().unwrap_or_default();
    let rows = events.kinds.iter().take(KINDS).map(|kind| {
        let version = match &kind.schema_version {
            Ok(version) => version.to_string(),
            Err(why) => format!("cannot be read: {why}"),
        };
        vec![
            Cell::Text(kind.event_type.clone().unwrap_or_else(|| "cannot be read".to_owned())),
            Cell::Text(version),
            Cell::Number(grouped(kind.events)),
            share(kind.events, most),
            Cell::Number(grouped(kind.first.0)),
            Cell::Number(grouped(kind.last.0)),
        ]
    });
    table(html, &["type", "version", "events", "", "first position", "last position"], rows);
    if events.kinds.len() > KINDS {
        let more = i64::try_from(events.kinds.len() - KINDS).unwrap_or(i64::MAX);
        html.raw("<p class=\"note\">and ").text(counted(more, "kind", "kinds")).raw(" more</p>");
    }
}

fn engines(html: &mut Html, told: &OfBuild) {
    html.raw("<h3>Engines</h3>");
    let Explained { choice, engine, handlers, .. } = match &told.engines {
        Ok(explained) => explained,
        Err(why) => return untold(html, why),
    };
    let by = match engine {
        Engine::Native => "the native engine runs all handlers",
        Engine::Sql => "the sql engine runs all handlers",
        Engine::Both => "the native engine runs the handlers, and some run in SQL",
    };
    let asked = match choice {
        EngineChoice::Auto => "",
        EngineChoice::Native => ", and projection.toml asks for the native engine",
        EngineChoice::Sql => ", as projection.toml asks",
    };
    html.raw("<p>").text(format!("On the tables of this build {by}{asked}.")).raw("</p>");
    let rows = handlers.iter().map(|handler: &ExplainedHandler| {
        let why: Vec<String> = handler.rejections.iter().map(ToString::to_string).collect();
        vec![
            Cell::Text(handler.event_types.join(", ")),
            Cell::Text(handler.place.to_string()),
            Cell::Text(handler.engine.name().to_owned()),
            Cell::Text(why.join("; ")),
        ]
    });
    table(html, &["event types", "handler", "engine", "why in SQL"], rows);
}

fn assertions(html: &mut Html, told: &Answer<Checked>, with_values: bool) {
    html.raw("<h3>Assertions</h3>");
    let Checked { checks, by_files, broken, .. } = match told {
        Ok(checked) => checked,
        Err(why) => return untold(html, why),
    };
    if *checks == 0 {
        html.raw("<p>It has no checks.sql, so nothing was asserted.</p>");
        return;
    }
    let whose = if *by_files { "checks.sql" } else { "checks.sql as the build was made" };
    let all = counted(i64::try_from(*checks).unwrap_or(i64::MAX), "assertion", "assertions");
    let how_many = i64::try_from(broken.len()).unwrap_or(i64::MAX);
    html.raw(if broken.is_empty() {
        "<p class=\"verdict good\">"
    } else {
        "<p class=\"verdict bad\">"
    });
    html.text(format!("{all} of {whose}, {} broken", grouped(how_many))).raw("</p>");
    if broken.is_empty() {
        return;
    }
    let rows = broken.iter().map(|broken| {
        let keys: Vec<String> = broken
            .first
            .iter()
            .map(|row| {
                let shown = row.iter().filter(|cell| cell.is_key || with_values);
                let part = |cell: &crate::replay::assertions::Cell| {
                    format!("{}={}", cell.column, cell.value.as_deref().unwrap_or("NULL"))
                };
                shown.map(part).collect::<Vec<_>>().join(" ")
            })
            .filter(|text| !text.is_empty())
            .collect();
        vec![
            Cell::Text(broken.name.clone()),
            Cell::Text(broken.place.clone()),
            Cell::Number(grouped(i64::try_from(broken.rows).unwrap_or(i64::MAX))),
            Cell::Text(keys.join("; ")),
        ]
    });
    table(html, &["assertion", "where", "rows that break it", "the first of them"], rows);
}

fn parked(html: &mut Html, told: &OfBuild) {
    let all = told.build.parked;
    if told.parked.is_empty() && all == 0 {
        return;
    }
    html.raw("<h3>Parked events</h3><p>").text(format!(
        "The newest {} of {}.",
        grouped(i64::try_from(told.parked.len()).unwrap_or(i64::MAX)),
        grouped(all)
    ));
    html.raw("</p>");
    let rows = told.parked.iter().map(|event| {
        let failure = &event.failure;
        vec![
            Cell::Number(grouped(failure.position)),
            Cell::Text(failure.event_type.clone()),
            Cell::Text(failure.stream_id.clone()),
            Cell::Text(failure.message.clone()),
            Cell::Text(failure.place.clone().unwrap_or_default()),
            Cell::Text(event.at.clone()),
        ]
    });
    table(html, &["position", "type", "stream", "why", "where", "parked at"], rows);
}

/// What cannot be told.
fn untold(html: &mut Html, why: &str) {
    html.raw("<p class=\"note\">Not known: ").text(cut(why)).raw("</p>");
}

fn facts(html: &mut Html, facts: &[(&'static str, String)]) {
    html.raw("<dl>");
    for (name, value) in facts {
        html.raw("<dt>").raw(name).raw("</dt><dd>").text(cut(value)).raw("</dd>");
    }
    html.raw("</dl>");
}

/// A table; one without rows is left out.
fn table(html: &mut Html, heads: &[&'static str], rows: impl Iterator<Item = Vec<Cell>>) {
    let mut rows = rows.peekable();
    let Some(first) = rows.peek() else { return };
    html.raw("<div class=\"wide\"><table><thead><tr>");
    for (head, cell) in heads.iter().zip(first) {
        html.raw(if matches!(cell, Cell::Number(_)) { "<th class=\"number\">" } else { "<th>" });
        html.raw(head).raw("</th>");
    }
    html.raw("</tr></thead><tbody>");
    for row in rows {
        html.raw("<tr>");
        for cell in row {
            match cell {
                Cell::Text(text) => html.raw("<td>").text(cut(&text)).raw("</td>"),
                Cell::Number(text) => html.raw("<td class=\"number\">").text(text).raw("</td>"),
                Cell::Bar(share) => html
                    .raw("<td class=\"bar\"><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect height=\"8\" width=\"")
                    .text(format!("{:.2}", 100.0 * share.clamp(0.0, 1.0)))
                    .raw("\"/></svg></td>"),
            };
        }
        html.raw("</tr>");
    }
    html.raw("</tbody></table></div>");
}

/// A bar of one number among others, of which the largest has the whole length.
fn share(part: impl TryInto<i64>, most: impl TryInto<i64>) -> Cell {
    let number = |n: Option<i64>| n.unwrap_or(i64::MAX).max(0);
    let (part, most) = (number(part.try_into().ok()), number(most.try_into().ok()));
    #[expect(clippy::cast_precision_loss, reason = "a bar of a few hundred pixels")]
    let share = if most > 0 { part as f64 / most as f64 } else { 0.0 };
    Cell::Bar(share)
}

/// A text that is not longer than a page bears.
fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text.to_owned(),
    }
}
