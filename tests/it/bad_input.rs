//! Bad input: each is refused with a code, an exit status, a place, a sentence and a next step, and
//! without the payload.

mod addresses;
mod commands;
mod definitions;
mod files;
mod limits;
mod lines;
mod logs;
mod names;
mod numbers;
mod passwords;
mod payloads;
mod rights;
mod room;
mod secrets;
mod timeouts;
mod unreadable;

use postgres::{Client, NoTls};
use serde_json::Value;

use crate::bench::{Database, Project, Ran, rows, wait_until};
use crate::first_light::ORDERS;

const HANDLERS: &str = "projections/order_summary/handlers.sql";
const CANARY: &str = "Kanarienvogel";

/// Runs a command that must fail with `code` and say each of `parts` on stderr, nothing on
/// stdout, and no more than a few lines.
#[track_caller]
fn refused(project: &Project, args: &[&str], code: i32, parts: &[&str]) {
    let ran = project.run(args);
    assert_eq!(ran.stdout, "", "{args:?}");
    says(&ran, args, code, parts);
}

#[track_caller]
fn says(ran: &Ran, args: &[&str], code: i32, parts: &[&str]) {
    assert_eq!(ran.code, code, "regrow {args:?}\n{}{}", ran.stdout, ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "regrow {args:?}: {part:?} is not in\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("os error"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("Error {"), "{}", ran.stderr);
}

/// What `check` finds, as `place: message`.
#[track_caller]
fn findings(project: &Project) -> Vec<String> {
    let ran = project.run(&["check", "--json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let value: Value = serde_json::from_str(&ran.stdout).unwrap();
    let list = value["findings"].as_array().unwrap();
    let text = |f: &Value| {
        format!("{}: {}", f["place"].as_str().unwrap_or("-"), f["message"].as_str().unwrap())
    };
    list.iter().filter(|f| f["severity"] != "note").map(text).collect()
}

fn migrated() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project
}

/// Every command that needs a server, with words that are right.
const SERVER: [&[&str]; 13] = [
    &["migrate"],
    &["current"],
    &["import", "config.toml"],
    &["export"],
    &["census"],
    &["check"],
    &["rebuild", "order_summary"],
    &["resume"],
    &["promote", "order_summary"],
    &["rollback", "order_summary"],
    &["prune"],
    &["status"],
    &["run"],
];

/// A role of the cluster, dropped at the end; to be made before what it has rights on.
pub(crate) struct Role(String, String);

impl Role {
    pub(crate) fn new(name: &str, options: &str) -> Role {
        let database = Database::new();
        let name = format!("{name}_{}", std::process::id());
        let sql = format!("DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN {options}");
        database.connect().batch_execute(&sql).unwrap();
        Role(name, database.url().replace(&database.name(), "regrow"))
    }

    pub(crate) fn name(&self) -> &str {
        &self.0
    }

    /// The address of a project's database for this role.
    pub(crate) fn url(&self, project: &Project) -> String {
        project.database.url().replace("user=regrow", &format!("user={}", self.0))
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        if let Ok(mut admin) = Client::connect(&self.1, NoTls) {
            let _ = admin.batch_execute(&format!("DROP ROLE {}", self.0));
        }
    }
}

/// The code of a command's refusal, on stderr or of the first build it tells of.
#[track_caller]
pub(crate) fn code_of(project: &Project, args: &[&str]) -> String {
    let ran = project.run(&[args, &["--json"]].concat());
    let both = format!("{}{}", ran.stdout, ran.stderr);
    let json = both.lines().find(|line| line.starts_with('{')).unwrap_or_default();
    let value: Value = serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {both}"));
    let error =
        if value["builds"].is_array() { &value["builds"][0] } else { &value }["error"].clone();
    assert_eq!(error["exit_code"], ran.code, "{error}");
    error["code"].as_str().unwrap().to_owned()
}

const ENGINES: [&str; 2] = ["sql", "native"];

/// A project over a table of another library's, `log`, whose payloads have a type, and the
/// projection `note`, which one engine runs.
fn adopted(payload: &str, engine: &str, handlers: &str) -> Project {
    let database = Database::on_a_careless_server();
    let project = Project { database, ..Project::empty() };
    project.write("config.toml", ADOPTED);
    project.write("projections/note/schema/V1__note.sql", NOTE);
    project.write("projections/note/handlers.sql", handlers);
    project.write("projections/note/projection.toml", &format!("engine = \"{engine}\"\n"));
    let table =
        format!("CREATE TABLE log (id bigint, stream text, number int, kind text, body {payload})");
    project.events().batch_execute(&table).unwrap();
    project
}

const ADOPTED: &str = "[event_store.adopt]\ntable = \"public.log\"\nposition = \"id\"\n\
    stream_id = \"stream\"\nstream_version = \"number\"\ntype = \"kind\"\npayload = \"body\"\n";
const NOTE: &str = "CREATE TABLE note (id bigint PRIMARY KEY, text text, n numeric);";
const NOTED: &str = "-- on Noted\nINSERT INTO note (id, text) VALUES (:event.position, :text);\n";

/// Puts an event of the type Noted there; its body is an SQL expression.
fn put(project: &Project, position: i64, body: &str) {
    let sql = format!("INSERT INTO log VALUES ({position}, 's', {position}, 'Noted', {body})");
    project.events().batch_execute(&sql).unwrap();
}

/// What a build of `note` stopped at, as the ledger has it.
#[track_caller]
fn failure(project: &Project) -> Value {
    let status = project.json(&["status"]);
    status["builds"].as_array().unwrap().last().unwrap()["failure"].clone()
}
