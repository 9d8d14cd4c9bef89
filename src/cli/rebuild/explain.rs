//! What `regrow rebuild --explain` prints.

use serde_json::{Value, json};

use crate::cli::{Global, output};
use crate::definition::EngineChoice;
use crate::handler::native::Rejection;
use crate::rebuild::explain::{Explained, ExplainedHandler};
use crate::replay::Engine;

/// Prints which engine runs what: a table a projection, or one JSON value.
pub(super) fn print(global: &Global, explained: &[Explained]) {
    if global.json {
        let list: Vec<Value> = explained.iter().map(to_json).collect();
        output::json(&json!({"projections": list}));
        return;
    }
    for (number, one) in explained.iter().enumerate() {
        if number > 0 {
            output::line("");
        }
        output::line(format!("{}: {}", one.projection, verdict(one)));
        lines(&one.handlers).iter().for_each(output::line);
    }
}

/// One sentence for a projection.
fn verdict(one: &Explained) -> String {
    let engine = match one.engine {
        Engine::Native => "native engine",
        Engine::Sql => "sql engine",
        Engine::Both => "native engine, with some handlers in SQL",
    };
    match (one.choice, one.engine) {
        (EngineChoice::Sql, _) => format!("{engine}, as projection.toml asks"),
        (EngineChoice::Native, Engine::Sql) => {
            format!("{engine}, although projection.toml asks for the native one")
        }
        _ => engine.into(),
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
    }
    lines
}

fn word(handler: &ExplainedHandler) -> String {
    match handler.engine {
        Engine::Native => "native".into(),
        Engine::Sql | Engine::Both => "SQL".into(),
    }
}

fn to_json(one: &Explained) -> Value {
    let choice = match one.choice {
        EngineChoice::Auto => "auto",
        EngineChoice::Native => "native",
        EngineChoice::Sql => "sql",
    };
    let reason = |rejection: &Rejection| {
        let Rejection { place, reason } = rejection;
        json!({
            "reason": reason, "place": place.to_string(), "file": place.file, "line": place.line,
            "column": place.column,
        })
    };
    let handler = |handler: &ExplainedHandler| {
        json!({
            "event_types": handler.event_types, "engine": handler.engine.name(),
            "place": handler.place.to_string(),
            "reasons": handler.rejections.iter().map(reason).collect::<Vec<_>>(),
        })
    };
    json!({
        "projection": one.projection, "asked": choice, "engine": one.engine.name(),
        "handlers": one.handlers.iter().map(handler).collect::<Vec<_>>(),
    })
}
