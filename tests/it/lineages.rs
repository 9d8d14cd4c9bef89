//! Lineages from the outside: what a user can rely on when revisions are written, run, taken
//! back, compared and checked. Real files, the real binary, a real server.

mod back;
mod drift;
mod dumps;
mod files;
mod foreign;
mod gate;
mod held;
mod hidden;
mod history;
mod left_behind;
mod lint;
mod live;
mod log_kept;
mod meaning;
mod mistakes;
mod notices;
mod offline;
mod one_statement;
mod outside;
mod scratch;
mod seeds;
mod wanted;
mod ways;

use regrow::ident::Ident;
use regrow::pg::{Server, Session, schema};
use serde_json::Value;

use crate::bench::{Project, Ran, rows};
use crate::first_light::ORDERS;

/// Where the event store's revisions lie.
const STORE: &str = "migrations/event_store";
/// Where those of the projection lie that the tests change.
const ORDER: &str = "projections/order_summary/schema";

/// A project that has nothing but revisions of the event store.
fn store(files: &[(&str, &str)]) -> Project {
    let project = Project::empty();
    project.write("config.toml", "");
    for (name, text) in files {
        project.write(&format!("{STORE}/{name}"), text);
    }
    project
}

/// The sample project with events and a live read model.
fn live() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project
}

fn remove(project: &Project, path: &str) {
    std::fs::remove_file(project.folder.path().join(path)).unwrap();
}

/// Runs a command that must end with `code` and say each of `parts`, on stdout or stderr.
#[track_caller]
fn ends(project: &Project, args: &[&str], code: i32, parts: &[&str]) -> Ran {
    let ran = project.run(args);
    let both = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, code, "regrow {args:?}\n{both}");
    for part in parts {
        assert!(both.contains(part), "regrow {args:?}: {part:?} is not in\n{both}");
    }
    ran
}

/// Runs a command that must be refused with one `error:` and nothing on stdout.
#[track_caller]
fn refused(project: &Project, args: &[&str], code: i32, parts: &[&str]) {
    let ran = ends(project, args, code, parts);
    assert_eq!(ran.stdout, "", "regrow {args:?}\n{}", ran.stderr);
    // Which server it is about is said before anything else.
    let first = ran.stderr.lines().find(|line| !line.starts_with("server: "));
    assert!(first.is_some_and(|line| line.starts_with("error: ")), "{}", ran.stderr);
    assert!(!ran.stderr.contains("os error"), "{}", ran.stderr);
}

/// What `check` finds, as `severity place rule message`, and the code it ends with. Notes are
/// left out.
#[track_caller]
fn checked(project: &Project, args: &[&str]) -> (i32, Vec<String>) {
    let ran = project.run(&[&["check", "--json"], args].concat());
    let value: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
    assert_eq!(value["exit_code"], ran.code);
    let word = |f: &Value, key: &str| f[key].as_str().unwrap_or("-").to_owned();
    let line =
        |f: &Value| ["severity", "place", "rule", "message"].map(|key| word(f, key)).join(" ");
    let findings = value["findings"].as_array().unwrap();
    (ran.code, findings.iter().filter(|f| f["severity"] != "note").map(line).collect())
}

/// Whether `check` ends with a code and finds something that holds each of `parts`.
#[track_caller]
fn finds(project: &Project, args: &[&str], code: i32, parts: &[&str]) {
    let (ended, found) = checked(project, args);
    assert_eq!(ended, code, "check {args:?}\n{found:#?}");
    for part in parts {
        assert!(found.iter().any(|f| f.contains(part)), "{part:?} is not among {found:#?}");
    }
}

#[track_caller]
fn is_clean(project: &Project) {
    let (code, found) = checked(project, &[]);
    assert_eq!((code, found), (0, Vec::new()));
}

/// What the catalog says of a schema.
fn catalog(url: &str, at: &str) -> Vec<String> {
    let mut session = Session::open(&Server::parse(url).unwrap(), "test").unwrap();
    schema::read(&mut session, &Ident::new(at).unwrap()).unwrap().lines()
}

/// The rows of the event store's history, without their moments.
fn history_rows(client: &mut postgres::Client) -> Vec<String> {
    rows(
        client,
        "SELECT h.version, h.name, h.checksum, o.revises, o.checksum \
         FROM event_store.refinery_schema_history h \
         FULL JOIN event_store.regrow_schema_history o USING (version) ORDER BY version",
    )
}

/// Every object of a database and the transaction that wrote it last, and every history row:
/// what was written can be seen here.
fn traces(client: &mut postgres::Client) -> Vec<String> {
    let mut traces = rows(
        client,
        "SELECT 'class', oid, xmin FROM pg_class \
         UNION ALL SELECT 'attribute', attrelid, xmin FROM pg_attribute \
         UNION ALL SELECT 'namespace', oid, xmin FROM pg_namespace \
         UNION ALL SELECT 'proc', oid, xmin FROM pg_proc \
         UNION ALL SELECT 'type', oid, xmin FROM pg_type ORDER BY 1, 2",
    );
    let tables = rows(
        client,
        "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND oid >= 16384 ORDER BY oid",
    );
    for table in tables {
        let table = table.trim_matches(['(', ')']).replace("\"\"", "\"");
        let table = table.trim_matches('"').to_owned();
        let sql = format!("SELECT '{table}', count(*), max(xmin::text::bigint) FROM {table}");
        traces.extend(rows(client, &sql));
    }
    traces
}
