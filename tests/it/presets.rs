//! The logs of other libraries: each is recognised, adopted by its preset, rebuilt, and has the rows it must have.

mod keys;
mod refused;
pub(crate) mod tables;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use postgres::Client;
use serde_json::Value;

use crate::bad_input::code_of;
use crate::bench::{Project, copy};

/// A store's folder in `tests/data/stores`.
fn folder(store: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stores").join(store)
}

/// A project with a store's projections and upcasters, whose database has its dump.
pub(crate) fn store(name: &str) -> Project {
    let project = Project::empty();
    let folder = folder(name);
    for part in ["projections", "migrations"] {
        if folder.join(part).exists() {
            copy(&folder.join(part), &project.folder.path().join(part));
        }
    }
    load(project.events(), &dump(name));
    project
}

/// A store's dump.
pub(crate) fn dump(name: &str) -> String {
    std::fs::read_to_string(folder(name).join("dump.sql")).unwrap()
}

/// Runs a plain dump. The connection is used up: a dump changes its settings.
pub(crate) fn load(mut client: Client, dump: &str) {
    let mut rest = dump;
    while let Some((before, copy)) = rest.split_once("\nCOPY ") {
        client.batch_execute(before).unwrap();
        let (head, data) = copy.split_once(" FROM stdin;\n").unwrap();
        let (data, after) = match data.strip_prefix("\\.\n") {
            Some(after) => ("", after),
            None => data.split_once("\n\\.\n").unwrap(),
        };
        let mut writer = client.copy_in(&format!("COPY {head} FROM stdin")).unwrap();
        writer.write_all(data.as_bytes()).unwrap();
        writer.write_all(if data.is_empty() { b"" } else { b"\n" }).unwrap();
        writer.finish().unwrap();
        rest = after;
    }
    client.batch_execute(rest).unwrap();
}

/// What COPY prints of a table that readers see.
fn shown(project: &Project, table: &str, order: &str) -> String {
    let mut client = project.reads();
    client.batch_execute("SET TimeZone TO 'UTC'").unwrap();
    let sql = format!("COPY (SELECT * FROM read_model.{table} ORDER BY {order}) TO STDOUT");
    let mut text = String::new();
    client.copy_out(&sql).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What `adopt` says the database has.
pub(crate) fn found(project: &Project) -> Vec<(String, String)> {
    let of = |one: &Value| {
        let text = |key: &str| one[key].as_str().unwrap().to_owned();
        (text("table"), text("preset"))
    };
    project.json(&["adopt"])["found"].as_array().unwrap().iter().map(of).collect()
}

/// Recognises, adopts and rebuilds a store without a key written by hand, and compares its rows. What `adopt`
/// prints for a log without an order is run first.
fn agrees(name: &str, preset: &str, log: &str, projection: &str) -> Project {
    let key = if projection == "orders" { "order_id" } else { "id" };
    agrees_in(name, preset, log, (projection, &format!("{key} COLLATE \"C\"")), &[])
}

fn agrees_in(
    name: &str,
    preset: &str,
    log: &str,
    (projection, order): (&str, &str),
    more: &[&str],
) -> Project {
    let project = store(name);
    assert_eq!(found(&project), [(log.to_owned(), preset.to_owned())]);
    let adopt = [&["adopt", "--preset", preset], more].concat();
    let mut ran = project.run(&adopt);
    if ran.code != 0 {
        assert!(ran.stderr.contains("cannot be adopted yet"), "{}{}", ran.stdout, ran.stderr);
        let path = project.folder.path().join("config.toml");
        assert!(!path.exists(), "nothing is written before the log can be read");
        project.events().batch_execute(&ran.stdout).unwrap();
        ran = project.run(&adopt);
    }
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("order: "), "the hazard is told: {}", ran.stderr);
    assert_eq!(project.read("config.toml"), ran.stdout);
    let args = ["rebuild", projection, "--promote"];
    let built = project.run(&args);
    assert_eq!(built.code, 0, "{}\n{}{}", ran.stdout, built.stdout, built.stderr);
    let expected = std::fs::read_to_string(folder(name).join("expected.tsv")).unwrap();
    let rows = shown(&project, projection, order);
    assert!(rows == expected, "{}\nexpected\n{expected}\nfound\n{rows}", ran.stdout);
    project
}

#[test]
fn axon4_jdbc() {
    agrees("axon4_jdbc", "axon4-jdbc", "public.domainevententry", "orders");
}

#[test]
fn axon5_jpa() {
    let order = "order_id COLLATE \"C\"";
    let more = ["--gaps", "100ms"];
    let log = "public.aggregate_event_entry";
    agrees_in("axon5_jpa", "axon5-jpa", log, ("orders", order), &more);
}

#[test]
fn commanded() {
    agrees("commanded", "commanded", "eventstore.stream_events", "orders");
}

#[test]
fn cqrs_es() {
    let project = agrees("cqrs_es", "cqrs-es", "public.events", "accounts");
    // The library's INSERT knows nothing of the new columns, and goes on.
    let sql = "INSERT INTO public.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
               VALUES ('account', 'new', 1, 'Opened', '1.0', '{\"Opened\": {\"owner\": \"late\", \"account_id\": \"new\"}}', '{}')";
    project.events().batch_execute(sql).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert!(shown(&project, "accounts", "1").contains("account-new\tlate\t"));
}

#[test]
fn emmett() {
    let project = agrees("emmett", "emmett", "public.emt_messages", "orders");
    let found = project.json(&["rebuild", "orders", "--preflight"]);
    let index = found.as_array().unwrap().iter().find(|f| f["code"] == "no-index-on-position");
    assert!(index.unwrap()["next"].as_str().unwrap().contains("emt_messages_emt_default_active"));
}

#[test]
fn eventsourcing_dcb() {
    let log = "public.app_events_tt_main";
    agrees("eventsourcing_dcb", "eventsourcing-dcb", log, "courses");
}

#[test]
fn eventsourcing_json() {
    let of = ("shop_orders", "id::text");
    agrees_in("eventsourcing_json", "eventsourcing", "public.shop_events", of, &[]);
}

#[test]
fn eventsourcing_text() {
    agrees("eventsourcing_text", "eventsourcing", "public.kennel_events", "dogs");
}

/// A rebuild needs no proof; promote and run ask for one, and take a declared time.
#[test]
fn marten() {
    let project = store("marten");
    assert_eq!(found(&project), [("public.mt_events".to_owned(), "marten".to_owned())]);
    let ran = project.run(&["adopt", "--preset", "marten"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("promote and run will ask for one"), "{}", ran.stderr);
    assert_eq!(code_of(&project, &["rebuild", "orders", "--promote"]), "preflight-refused");
    project.ok(&["rebuild", "orders"]);
    assert_eq!(code_of(&project, &["promote", "orders"]), "order-unproven");
    assert_eq!(code_of(&project, &["run", "--until-caught-up"]), "order-unproven");
    let ran = project.run(&["promote", "orders"]);
    assert!(ran.stderr.contains("rich append") && ran.stderr.contains("gaps ="), "{}", ran.stderr);
    project.write("config.toml", &format!("{}gaps = \"100ms\"\n", project.read("config.toml")));
    project.ok(&["promote", "orders"]);
    project.ok(&["run", "--until-caught-up"]);
    let expected = std::fs::read_to_string(folder("marten").join("expected.tsv")).unwrap();
    assert_eq!(shown(&project, "orders", "order_id COLLATE \"C\""), expected);
}

#[test]
fn message_db() {
    agrees("message_db", "message-db", "message_store.messages", "accounts");
}

#[test]
fn pekko_jdbc() {
    agrees("pekko_jdbc", "pekko-jdbc", "public.event_journal", "orders");
}

#[test]
fn rails_event_store() {
    agrees("rails_event_store", "rails-event-store", "public.event_store_events", "orders");
}

#[test]
fn sequent() {
    agrees("sequent", "sequent", "sequent_schema.events", "orders");
}

/// Its positions begin at 0, and its index serves each question all the same.
#[test]
fn sqlstreamstore() {
    let project = agrees("sqlstreamstore", "sqlstreamstore", "public.messages", "orders");
    let found = project.json(&["rebuild", "orders", "--preflight"]);
    let codes: Vec<&str> =
        found.as_array().unwrap().iter().filter_map(|f| f["code"].as_str()).collect();
    assert!(!codes.contains(&"no-index-on-position"), "{codes:?}");
    assert!(!codes.contains(&"positions-not-positive") && !codes.contains(&"gaps"), "{codes:?}");
    project.events().batch_execute("INSERT INTO public.messages SELECT stream_id_internal, 1000, nextval('messages_seq'), \
        gen_random_uuid(), created_utc, 'ItemAdded', '{\"order_id\": \"order-0\", \"qty\": 900, \"note\": \"late\"}', NULL \
        FROM public.messages WHERE position = 4").unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert!(shown(&project, "orders", "1").contains("order-0\tplain\t25\t900\tlate\t"));
    assert_eq!(project.json(&["status"])["projections"][0]["lag"], Value::Null);
}
