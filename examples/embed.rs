//! An application with its project's files in the program: it migrates when it starts, keeps its read model
//! fresh in the background, and answers from it.
//!
//! DATABASE_URL=postgresql://... cargo run --example embed

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it does")]

use regrow::{Error, NewEvent, Regrow, Server};
use serde_json::json;

/// The project: the paths are those of its folder.
const FILES: [(&str, &str); 3] = [
    (
        "migrations/event_store/V1__events.sql",
        include_str!("../migrations/event_store/V1__events.sql"),
    ),
    (
        "projections/visits/schema/V1__visits.sql",
        "CREATE TABLE visits (page text PRIMARY KEY, visits bigint NOT NULL);",
    ),
    (
        "projections/visits/handlers.sql",
        "-- on PageVisited\n\
         INSERT INTO visits (page, visits) VALUES (:page, 1)\n\
         ON CONFLICT (page) DO UPDATE SET visits = visits.visits + 1;\n",
    ),
];

/// Starts the application on a database, has it visited, and stops it.
pub(crate) fn run(address: &str) -> Result<(), Error> {
    let context = Regrow::embedded(FILES, &Server::parse(address)?)?;
    // As part of the start: nothing happens where nothing has changed.
    context.migrate()?;
    if context.status()?.builds.is_empty() {
        for outcome in context.rebuild(&["visits"], true)? {
            outcome.result?;
        }
    }
    let follower = context.follow();
    for page in ["/", "/prices", "/"] {
        context.append(
            "visitor-1",
            None,
            &[NewEvent::new("PageVisited", json!({"page": page}))],
        )?;
    }
    // Readers see read_model.visits. Who has to see what was just appended waits for it.
    context.catch_up()?;
    let followed = follower.stop()?;
    println!("{} builds followed", followed.positions.len());
    Ok(())
}

fn main() -> Result<(), Error> {
    run(&std::env::var("DATABASE_URL").unwrap_or_default())
}
