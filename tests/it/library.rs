//! The crate as an application uses it.

use regrow::{NewEvent, Regrow, Server};
use serde_json::json;

use crate::bench::Database;

#[path = "../../examples/embed.rs"]
mod embed;
#[path = "../../examples/observer.rs"]
mod observer;

const FILES: [(&str, &str); 3] = [
    (
        "migrations/event_store/V1__events.sql",
        include_str!("../../migrations/event_store/V1__events.sql"),
    ),
    (
        "projections/visits/schema/V1__visits.sql",
        "CREATE TABLE visits (page text PRIMARY KEY, visits bigint NOT NULL);",
    ),
    (
        "projections/visits/handlers.sql",
        "-- on PageVisited\nINSERT INTO visits (page, visits) VALUES (:page, 1)\n\
         ON CONFLICT (page) DO UPDATE SET visits = visits.visits + 1;\n",
    ),
];

fn visits(database: &Database) -> Regrow {
    Regrow::embedded(FILES, &Server::parse(&database.url()).unwrap()).unwrap()
}

fn visit(page: &str) -> [NewEvent; 1] {
    [NewEvent::new("PageVisited", json!({"page": page}))]
}

#[test]
fn the_examples_work() {
    let database = Database::new();
    embed::run(&database.url()).unwrap();
    let seen: i64 = database
        .connect()
        .query_one("SELECT visits FROM read_model.visits WHERE page = '/'", &[])
        .unwrap()
        .get(0);
    assert_eq!(seen, 2);
    // A second start finds everything there.
    embed::run(&database.url()).unwrap();

    let folder = env!("CARGO_MANIFEST_DIR");
    observer::run(&Database::new().url(), folder, "order_summary").unwrap();
}

#[test]
fn everything_a_command_does_to_a_projection_has_a_method() {
    let database = Database::new();
    let context = visits(&database);
    assert_eq!(context.projections().collect::<Vec<_>>(), ["visits"]);
    let checked = context.check().unwrap();
    assert!(checked.worst().is_none_or(|g| g >= regrow::Severity::Pending), "{checked:?}");
    assert_eq!(context.migrate().unwrap().ran, ["V1__events"]);
    assert!(context.migrate().unwrap().ran.is_empty());
    let positions = context.append("visitor", Some(-1), &visit("/")).unwrap();
    assert_eq!(positions.len(), 1);
    let outcomes = context.rebuild(&["visits"], false).unwrap();
    assert!(outcomes.iter().all(|o| o.result.is_ok()), "{outcomes:?}");
    context.promote("visits").unwrap();
    for outcome in context.rebuild(&["visits"], true).unwrap() {
        outcome.result.unwrap();
    }
    assert_eq!(context.rollback("visits").unwrap().build, "visits__b1");
    let status = context.status().unwrap();
    assert_eq!(status.builds.len(), 2);
    assert_eq!(status.highest, positions[0]);
}

#[test]
fn an_error_has_its_code_and_its_next_step() {
    let database = Database::new();
    let context = visits(&database);
    let error = context.status().unwrap_err();
    assert_eq!(error.code(), "ledger-missing");
    assert!(error.next_step().unwrap().contains("regrow migrate"));
    context.migrate().unwrap();
    context.append("visitor", Some(-1), &visit("/")).unwrap();
    let error = context.append("visitor", Some(-1), &visit("/")).unwrap_err();
    assert_eq!(error.code(), "stream-moved");
    assert!(error.to_string().contains("version 0"), "{error}");
    let outside = [("../escaped.sql", "SELECT 1;")];
    let error = Regrow::embedded(outside, &Server::parse(&database.url()).unwrap()).err().unwrap();
    assert_eq!(error.code(), "leads-out");
}

/// Sessions block in a runtime of their own, which panics on a thread that is in one already.
#[test]
fn it_works_inside_a_runtime() {
    let database = Database::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let context = visits(&database);
        context.migrate().unwrap();
        let follower = context.follow();
        context.append("visitor", None, &visit("/")).unwrap();
        for outcome in context.rebuild(&["visits"], true).unwrap() {
            outcome.result.unwrap();
        }
        assert!(!follower.is_finished());
        tokio::task::spawn_blocking(move || follower.stop().unwrap()).await.unwrap();
    });
}

#[test]
fn a_follower_keeps_rows_fresh_until_it_is_stopped() {
    let database = Database::new();
    let context = visits(&database);
    context.migrate().unwrap();
    for outcome in context.rebuild(&["visits"], true).unwrap() {
        outcome.result.unwrap();
    }
    let follower = context.follow();
    let position = context.append("visitor", None, &visit("/prices")).unwrap()[0];
    let at = "SELECT c.position >= $1 FROM regrow.checkpoint c WHERE c.build_id = 1";
    let mut client = database.connect();
    while !client.query_one(at, &[&position.0]).unwrap().get::<_, bool>(0) {
        assert!(!follower.is_finished(), "{:?}", follower.stop());
    }
    assert_eq!(follower.stop().unwrap().positions, [("visits__b1".to_owned(), position)]);
}
