//! What `regrow rebuild --explain` prints.

use crate::cli::{Global, output};
use crate::definition::EngineChoice;
use crate::handler::native::Rejection;
use crate::rebuild::explain::{Explained, ExplainedHandler, ExplainedTable, Proof, SplitBy};
use crate::replay::Engine;
use crate::report::explain::ExplainReport;

/// Prints which engine runs what: a table a projection, or one JSON value.
pub(super) fn print(global: &Global, explained: &[Explained]) {
    if global.json {
        let projections = explained.iter().map(Explained::report).collect();
        output::report(&ExplainReport { projections });
        return;
    }
    for (number, one) in explained.iter().enumerate() {
        if number > 0 {
            output::line("");
        }
        output::line(format!("{}: {}", one.projection, verdict(one)));
        lines(&one.handlers).iter().for_each(output::line);
        one.tables.iter().for_each(|table| output::line(sentence(table)));
    }
}

/// One sentence for a projection.
fn verdict(one: &Explained) -> String {
    let word = |engine: Engine| match engine {
        Engine::Native => "native engine",
        Engine::Sql => "sql engine",
        Engine::Both => "native engine, with some handlers in SQL",
    };
    let engine = match one.followed {
        followed if followed == one.engine => word(one.engine).to_owned(),
        followed => format!("{}; while it is followed: {}", word(one.engine), word(followed)),
    };
    match (one.choice, one.engine) {
        (EngineChoice::Sql, _) => format!("{engine}, as projection.toml asks"),
        (EngineChoice::Native, Engine::Sql) => {
            format!("{engine}, although projection.toml asks for the native one")
        }
        _ => engine,
    }
}

/// The table of a projection's handlers, with each reason below its handler.
fn lines(handlers: &[ExplainedHandler]) -> Vec<String> {
    let row = |handler: &ExplainedHandler| vec![handler.event_types.join(", "), word(handler)];
    let rows: Vec<Vec<String>> = handlers.iter().map(row).collect();
    let table = output::table(&["event types", "engine"], &rows);
    let mut printed = table.lines().map(str::to_owned);
    let mut lines: Vec<String> = printed.next().into_iter().collect();
    for (line, handler) in printed.zip(handlers) {
        lines.push(line);
        lines.extend(handler.rejections.iter().map(|rejection| format!("  {rejection}")));
        lines.extend(handler.followed.iter().map(|Rejection { place, reason }| {
            format!("  {place} runs in SQL while the build is followed: {reason}")
        }));
    }
    lines
}

/// By what a table can be split, or what stands in the way.
fn sentence(table: &ExplainedTable) -> String {
    let name = &table.name;
    match &table.proof {
        Proof::Split(by) => format!("table {name} can be split by {}", any_of(by)),
        Proof::Bound(by, obstacle) => format!(
            "table {name} cannot be split, but the events of one row are told by {}: {obstacle}",
            any_of(by)
        ),
        Proof::Whole(obstacle) => format!("table {name} cannot be split: {obstacle}"),
        Proof::Unwritten => format!("table {name} is written by no handler"),
    }
}

fn any_of(by: &[SplitBy]) -> String {
    let one = |by: &SplitBy| match by.parameters.as_slice() {
        [(parameter, _)] => format!("{} ({parameter})", by.column),
        several => {
            let each =
                several.iter().map(|(name, types)| format!("{name} in {}", types.join(", ")));
            format!("{} ({})", by.column, each.collect::<Vec<_>>().join("; "))
        }
    };
    by.iter().map(one).collect::<Vec<_>>().join(" or by ")
}

fn word(handler: &ExplainedHandler) -> String {
    match handler.engine {
        Engine::Native => "native".into(),
        Engine::Sql | Engine::Both => "SQL".into(),
    }
}
