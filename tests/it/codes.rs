//! Codes of errors, by which scripts decide: each of docs/errors.md is produced by some test, by its name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::bench::{Project, Ran};

/// Codes that tests meet by an exit code and in words only: faults of servers, disks and connections, and what
/// two commands do to each other.
const IN_WORDS: [&str; 20] = [
    "alembic-missing",
    "alembic-unmatched",
    "build-on-its-way",
    "builds-apart",
    "builds-restless",
    "commit-in-doubt",
    "connection-lost",
    "demo-broken",
    "dependency-missing",
    "deploy-locked",
    "disk-full",
    "handler-refused",
    "ledger-unreadable",
    "not-secure",
    "server-refused",
    "server-too-old",
    "sql-first",
    "value-not-passable",
    "view-not-kept",
    "wrong-verb",
];

fn ends_with(project: &Project, args: &[&str], (code, exit): (&str, i32)) {
    let ran = project.run(&[args, &["--json"]].concat());
    says(&ran, (code, exit));
}

fn says(ran: &Ran, (code, exit): (&str, i32)) {
    let last = ran.stderr.lines().last().unwrap_or_default();
    let error: serde_json::Value = serde_json::from_str(last).unwrap_or_default();
    // What became of single builds stands in the data.
    let data: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let of_builds = data.to_string().contains(&format!("\"code\":\"{code}\""));
    let is_it = error["error"]["code"] == code || of_builds;
    assert!(is_it && ran.code == exit, "{code}: {} {}{}", ran.code, ran.stdout, ran.stderr);
}

#[test]
fn files_that_make_no_project() {
    let project = Project::empty();
    ends_with(&project, &["heads"], ("not-a-project", 1));
    let project = Project::orders();
    let heads = |code: &str| ends_with(&project, &["heads"], (code, 1));
    project.write("config.toml", "[read_models]\nschema = ''\n");
    heads("name-invalid");
    project.write("config.toml", "");
    let second = "migrations/event_store/V1__twice.sql";
    project.write(second, "SELECT 1;");
    heads("lineage-invalid");
    fs::remove_file(project.folder.path().join(second)).unwrap();
    let handlers = "projections/order_summary/handlers.sql";
    let text = project.read(handlers);
    fs::remove_file(project.folder.path().join(handlers)).unwrap();
    heads("handlers-missing");
    project.write(handlers, &text);
    ends_with(&project, &["history", "-l", "nosuch"], ("lineage-unknown", 2));
    ends_with(&project, &["rename", "order_summary", "orders"], ("ledger-missing", 1));
    let adopts = "[event_store.adopt]\ntable = 'public.log'\nposition = 'id'\ntype = 'kind'\npayload = 'body'\n";
    project.write("config.toml", adopts);
    ends_with(&project, &["adopt", "--preset", "emmett"], ("already-adopted", 1));
}

#[test]
fn servers_that_cannot_be_used() {
    let project = Project::orders();
    let authority = "postgres://127.0.0.1:1/x?sslmode=verify-ca&sslrootcert=/nonexistent/ca.pem";
    ends_with(&project, &["status", "--database-url", authority], ("tls-file-unusable", 1));
    let mut command = project.command(&["migrate", "--private", "--json"]);
    command.env("REGROW_PG_BIN", "/nonexistent");
    says(&Ran::from(command.output().unwrap(), &["migrate"]), ("cluster-failed", 1));
    project.ok(&["migrate"]);
    let newer = "INSERT INTO regrow.refinery_schema_history \
                 SELECT 99, name, applied_on, checksum FROM regrow.refinery_schema_history LIMIT 1";
    project.reads().batch_execute(newer).unwrap();
    ends_with(&project, &["status"], ("ledger-newer", 1));
}

#[test]
fn revisions_that_lead_nowhere() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let file =
        |name: &str, text: &str| project.write(&format!("migrations/event_store/{name}"), text);
    let gone = |name: &str| {
        fs::remove_file(project.folder.path().join("migrations/event_store").join(name)).unwrap();
    };
    ends_with(
        &project,
        &["revision", "-m", "x", "-l", "event_store", "--autogenerate"],
        ("wanted-missing", 1),
    );
    gone("V1__events.down.sql");
    ends_with(&project, &["downgrade", "base"], ("no-way-back", 1));
    let branch = "-- revises: 1\nSELECT 1;";
    file("V2__a.sql", branch);
    file("V3__b.sql", branch);
    ends_with(&project, &["migrate", "head"], ("several-heads", 5));
    gone("V3__b.sql");
    project.ok(&["migrate"]);
    gone("V2__a.sql");
    ends_with(&project, &["migrate"], ("database-ahead", 9));
    file("V2__a.sql", branch);
    project.write("config.toml", "[migrate]\nlock_budget_s = 1\n");
    file("V3__column.sql", "ALTER TABLE events ADD COLUMN more int;");
    let mut client = project.events();
    let mut reader = client.transaction().unwrap();
    reader.batch_execute("LOCK TABLE event_store.events IN ACCESS SHARE MODE").unwrap();
    ends_with(&project, &["migrate"], ("lock-timeout", 7));
    drop(reader);
    let project = Project::orders();
    project.ok(&["init", "."]);
    ends_with(&project, &["redo"], ("nothing-to-redo", 1));
}

#[test]
fn builds_that_are_not_made() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let handlers = "projections/order_summary/handlers.sql";
    let text = project.read(handlers);
    let rebuild = ["rebuild", "order_summary"];
    project.write(handlers, "-- on OrderCreated\nnonsense\n");
    ends_with(&project, &rebuild, ("definition-invalid", 1));
    project
        .write(handlers, "-- on OrderCreated\nINSERT INTO order_summary (nosuch) VALUES (:x);\n");
    ends_with(&project, &rebuild, ("handler-invalid", 1));
    project.write(handlers, &text);
    ends_with(&project, &[&rebuild[..], &["--until", "2999-01-01"]].concat(), ("moment-empty", 2));
    let wait = ["wait", "order_summary", "--position", "9", "--timeout", "10ms"];
    ends_with(&project, &wait, ("never-built", 1));
    ends_with(&project, &["verify", "order_summary"], ("nothing-to-compare", 1));
    ends_with(&project, &["rename", "order_summary", "orders"], ("folder-not-renamed", 1));
    project
        .write("projections/order_summary/checks.sql", "-- none\nSELECT id FROM order_summary;\n");
    let orders = project.ok(&["demo", "--print-log", "--events", "1000"]);
    project.write("orders.ndjson", &orders);
    project.ok(&["import", "orders.ndjson"]);
    ends_with(&project, &["import", "orders.ndjson"], ("event-exists", 1));
    ends_with(&project, &rebuild, ("check-failed", 10));
    fs::remove_file(project.folder.path().join("projections/order_summary/checks.sql")).unwrap();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    ends_with(
        &project,
        &wait.map(|word| if word == "9" { "999999" } else { word }),
        ("not-reached", 11),
    );
    ends_with(&project, &["trace", "order_summary", "--event", "999999"], ("event-unknown", 2));
    ends_with(&project, &["try", "order_summary", "--stream", "nosuch"], ("stream-unknown", 2));
    project.write("config.toml", "[rebuild]\nbarrier_timeout_s = 1\npromote_budget_s = 1\n");
    let mut client = project.events();
    let mut writer = client.transaction().unwrap();
    let event = "SELECT event_store.append('w', -1, '[{\"type\": \"Other\", \"payload\": {}}]')";
    writer.batch_execute(event).unwrap();
    ends_with(&project, &rebuild, ("writers-busy", 7));
    writer.rollback().unwrap();
    project.write(handlers, &format!("{text}\n"));
    project.ok(&rebuild);
    let mut reader = client.transaction().unwrap();
    reader.batch_execute("LOCK TABLE read_model.order_summary IN ACCESS SHARE MODE").unwrap();
    ends_with(&project, &["promote", "order_summary"], ("views-busy", 7));
}

/// A code that no test produces by its name is noticed here.
#[test]
fn every_code_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documented = fs::read_to_string(root.join("docs/errors.md")).unwrap();
    let documented: BTreeSet<&str> = documented
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
        .map(|(code, _)| code)
        .collect();
    assert!(documented.len() > 100, "{documented:?}");
    let mut tests = String::new();
    collect(&root.join("tests"), &mut tests);
    let own = fs::read_to_string(root.join("tests/it/codes.rs")).unwrap();
    let (list, own) = own.split_once("];").unwrap();
    assert!(list.contains("IN_WORDS"));
    tests.push_str(own);
    let missing: Vec<&str> =
        documented.iter().copied().filter(|code| !tests.contains(*code)).collect();
    assert_eq!(missing, IN_WORDS);
}

fn collect(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, text);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("it/codes.rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
