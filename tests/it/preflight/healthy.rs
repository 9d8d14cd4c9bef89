//! A project with which all is well, and the words in the documentation.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use regrow::context::Context;
use regrow::pg::Server;
use regrow::preflight::{self, Code, Severity};
use regrow::progress::{Interrupt, Unobserved};

use super::{has, look, one, orders, refused, says, severe};
use crate::bench::{Database, Project, rows};

#[test]
fn a_healthy_project_has_nothing_against_a_rebuild() {
    let project = orders("");
    // All that a look could write.
    let state = "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_namespace), \
                 (SELECT count(*) FROM regrow.build), (SELECT count(*) FROM regrow.audit)";
    let before = rows(&mut project.reads(), state);
    let found = look(&project, &[], 0);
    assert_eq!(severe(&found), [""; 0]);
    says(one(&found, "disk"), &["for order_summary, at the most what the log takes", "are free"]);
    says(one(&found, "payload-as-text"), &["event_store.events into text", "a superuser"]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(rows(&mut project.reads(), state), before, "looking makes nothing");
    // What the note says is all there is to do.
    let next = one(&found, "payload-as-text")["next"].as_str().unwrap();
    project.events().batch_execute(next).unwrap();
    assert_eq!(look(&project, &[], 0).len(), 1);

    let ran = project.run(&["rebuild", "--all", "--preflight"]);
    let lines: Vec<&str> = ran.stdout.lines().filter(|l| !l.ends_with("[unknown-type]")).collect();
    assert_eq!((ran.code, lines.len()), (0, 2), "{}{}", ran.stdout, ran.stderr);
    assert!(lines[0].starts_with("note: a rebuild may take ") && lines[0].ends_with("[disk]"));
    assert_eq!(lines[1], "0 refused, 0 warnings");
    assert!(ran.stderr.contains("reading every position of event_store.events"), "{}", ran.stderr);

    let ran = project.run(&["rebuild", "order_summary", "--promote"]);
    assert!(ran.code == 0 && !ran.stderr.contains("warning"), "{}", ran.stderr);
    let found = look(&project, &["--promote"], 0);
    says(one(&found, "disk"), &["for order_summary, as much as its live build"]);
    assert_eq!(severe(&found), [""; 0]);
}

#[test]
fn a_project_without_a_log_is_told_to_migrate() {
    let project = Project::orders();
    let found = look(&project, &[], 1);
    says(
        one(&found, "no-log"),
        &["the event log event_store.events does not exist", "regrow migrate"],
    );
    refused(&project, &[], 1, &["event_store.events does not exist", "regrow migrate"]);
    let ran = project.run(&["rebuild", "nosuch", "--preflight"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
}

#[test]
fn names_that_would_be_cut() {
    let project = orders("");
    let long = "x".repeat(64);
    let path = "projections/order_summary/schema/V2__more.sql";
    project.write(path, &format!("ALTER TABLE order_summary ADD COLUMN {long} text;\n"));
    let found = look(&project, &[], 0);
    says(one(&found, "name-cut"), &[path, &long]);
    let ran = project.run(&["rebuild", "order_summary"]);
    assert!(ran.code == 0 && ran.stderr.contains("warning: "), "{}", ran.stderr);
    project.write(path, &format!("CREATE TABLE {long} (id text PRIMARY KEY);\n"));
    let found = look(&project, &[], 2);
    says(one(&found, "long-name"), &[path, &long, "shorter name"]);
    refused(&project, &[], 2, &[path, "63 bytes", "shorter name"]);
}

#[test]
fn the_log_and_the_read_models_on_two_servers() {
    let mut project = Project::orders();
    project.read_models = Some(Database::on_another_server());
    project.ok(&["migrate"]);
    project.events().batch_execute(crate::first_light::ORDERS).unwrap();
    let found = look(&project, &["--promote"], 0);
    assert_eq!(severe(&found), [""; 0]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let found = look(&project, &["--promote"], 0);
    assert!(severe(&found).is_empty() && has(&found, "disk"), "{found:#?}");
}

/// Printed, not asserted: two cores are shared by all tests.
#[test]
fn the_quick_questions_take_milliseconds() {
    let project = orders("");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let server = Server::parse(&project.database.url()).unwrap();
    let context = Context {
        project: regrow::project::Project::open(project.folder.path()).unwrap(),
        event_store: server.clone(),
        standbys: Vec::new(),
        read_models: server,
        scratch: Some(crate::bench::scratch_servers()),
        observer: Arc::new(Unobserved),
        interrupt: Interrupt::new(),
        said: regrow::context::Said::default(),
    };
    let names = ["order_summary".to_owned()];
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..50 {
        let started = Instant::now();
        let found = preflight::quick(&context, &names, true).unwrap();
        took.push(started.elapsed());
        assert!(found.iter().all(|f| f.severity == Severity::Note), "{found:?}");
    }
    took.sort();
    println!("quick preflight: fastest {:?}, p50 {:?}, p95 {:?}", took[0], took[25], took[47]);
}

#[test]
fn every_code_is_in_the_documentation_and_no_other() {
    let text = include_str!("../../../docs/preflight.md");
    let documented: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(codes.len(), Code::ALL.len(), "one word each");
    assert_eq!(documented, codes);
}
