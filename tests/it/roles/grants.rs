//! Grants: each right of the document is needed, and where it is missing the command names it.

use super::{APPEND, Estate, MIGRATE, OWNER, READ, REBUILD, statements};
use crate::bench::rows;

/// A right somebody has been given.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Right {
    /// `USAGE`, `INSERT (stream_id, ...)`; empty where it is a membership.
    privilege: String,
    /// `SCHEMA event_store`; the role, where it is a membership.
    object: String,
    role: String,
}

impl Right {
    fn new(privilege: &str, object: &str, role: &str) -> Right {
        Right { privilege: privilege.into(), object: object.into(), role: role.into() }
    }

    /// `GRANT a, b ON c TO d, e`: each privilege for each role.
    fn all_of(grant: &str) -> Vec<Right> {
        let grant = grant.trim_end_matches(';').replace('"', "").replace("ON TABLE ", "ON ");
        let (what, roles) = grant.strip_prefix("GRANT ").unwrap().rsplit_once(" TO ").unwrap();
        let (privileges, object) = what.split_once(" ON ").unwrap_or(("", what));
        let mut list = vec![String::new()];
        let mut depth = 0;
        for c in privileges.chars() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            match c {
                ',' if depth == 0 => list.push(String::new()),
                c => list.last_mut().unwrap().push(c),
            }
        }
        let pairs = list.iter().flat_map(|p| roles.split(", ").map(move |r| (p.trim(), r)));
        pairs.map(|(privilege, role)| Right::new(privilege, object, role)).collect()
    }

    fn revoke(&self) -> String {
        match self.privilege.as_str() {
            "" => format!("REVOKE {} FROM {}", self.object, self.role),
            privilege => format!("REVOKE {privilege} ON {} FROM {}", self.object, self.role),
        }
    }

    fn grant(&self) -> String {
        self.revoke().replace("REVOKE", "GRANT").replace(" FROM ", " TO ")
    }
}

/// What cannot be done without a right.
enum Need {
    /// A command of ours, which names it.
    Command(&'static [&'static str]),
    /// A statement of whoever has the role.
    Statement(&'static str),
    /// A connection of theirs.
    Login,
}

const APPENDS: &str = "SELECT event_store.append('grants', NULL, '[{\"type\": \"X\"}]')";

/// What needs a right of the document.
fn need(right: &Right) -> Need {
    let column_insert = right.privilege.starts_with("INSERT (");
    match (right.privilege.as_str(), right.object.as_str(), right.role.as_str()) {
        ("", OWNER, MIGRATE) | ("CONNECT", _, MIGRATE) => Need::Command(&["migrate"]),
        ("CONNECT", _, READ) => Need::Login,
        ("CONNECT", _, REBUILD) => Need::Command(&["census"]),
        ("CONNECT" | "USAGE", _, APPEND) => Need::Command(&["import", "more.ndjson"]),
        ("CREATE" | "TEMPORARY", "DATABASE shop", REBUILD) => {
            Need::Command(&["rebuild", "order_summary", "--promote"])
        }
        ("USAGE", "SCHEMA event_store", REBUILD) => Need::Command(&["census"]),
        ("USAGE", "SCHEMA read_model", READ) => {
            Need::Statement("SELECT FROM read_model.order_summary")
        }
        ("SELECT", "read_model.order_summary", READ) => {
            Need::Statement("SELECT FROM read_model.order_summary")
        }
        ("SELECT", "event_store.events", REBUILD) => Need::Command(&["export", "x.ndjson"]),
        ("SELECT", "SEQUENCE event_store.events_position_seq", REBUILD) => {
            Need::Command(&["status"])
        }
        ("SELECT", object, REBUILD) if object.starts_with("event_store.") => {
            Need::Command(&["check"])
        }
        (_, "event_store.events", APPEND) if column_insert => {
            Need::Command(&["import", "more.ndjson"])
        }
        ("SELECT (position, stream_id, stream_version)", "event_store.events", APPEND) => {
            Need::Statement(APPENDS)
        }
        _ => panic!("nothing is known to need {right:?}; why is it in the document?"),
    }
}

/// The rights the document gives; those it gives by default, on what is there by now.
fn rights(estate: &Estate) -> Vec<Right> {
    let mut rights = Vec::new();
    for statement in statements() {
        if statement.starts_with("GRANT ") {
            rights.extend(Right::all_of(&statement));
        }
        let Some(given) = statement.strip_prefix("ALTER DEFAULT PRIVILEGES FOR ROLE ") else {
            continue;
        };
        let (_, given) = given.split_once(" IN SCHEMA ").unwrap();
        let (schema, grant) = given.split_once(' ').unwrap();
        let (kinds, word, on) = match grant.contains(" ON SEQUENCES ") {
            true => ("S", "SEQUENCE ", "SEQUENCES"),
            false => ("rv", "", "TABLES"),
        };
        let there = format!(
            "SELECT '{word}{schema}.' || relname FROM pg_class \
             WHERE relnamespace = '{schema}'::regnamespace AND strpos('{kinds}', relkind::text) > 0 \
             AND relname IN ('events', 'events_position_seq', 'order_summary', \
                             'refinery_schema_history', 'regrow_schema_history', \
                             'regrow_schema_catalog') ORDER BY relname"
        );
        for object in rows(&mut estate.project.events(), &there) {
            let object = object.trim_matches(['(', ')', '"']).to_owned();
            rights.extend(Right::all_of(&grant.replace(on, &object)));
        }
    }
    rights
}

#[test]
fn each_right_of_the_document_is_needed_and_named_where_it_is_missing() {
    // More rows change than go as parameters of one statement.
    let estate = Estate::live_with(1_200);
    let native = "engine = \"native\"\n";
    estate.project.write("projections/order_summary/projection.toml", native);
    let rights = rights(&estate);
    assert!(rights.len() >= 18, "{rights:#?}");
    for (n, right) in rights.iter().enumerate() {
        estate.admin(&right.revoke());
        match need(right) {
            Need::Command(args) => {
                if args[0] == "import" {
                    estate.write_events("more.ndjson", &format!("more{n}-"), 1);
                }
                let ran = estate.run(&right.role, args);
                assert_eq!(ran.code, 1, "{right:?}\n{}{}", ran.stdout, ran.stderr);
                // A preflight may say it first, in lines of their own.
                let told = |line: &'_ str| line.find("GRANT ").map(|at| line[at..].to_owned());
                let grants: Vec<String> = ran.stderr.lines().filter_map(told).collect();
                for grant in &grants {
                    estate.project.events().batch_execute(grant).unwrap();
                }
                let told = estate.names.there(&grants.join(" "));
                let told = told.split(';').map(str::trim).filter(|grant| !grant.is_empty());
                let told: Vec<Right> = told.flat_map(Right::all_of).collect();
                assert!(told.contains(right), "{right:?}\n{}", ran.stderr);
                if args[0] == "rebuild" {
                    estate.run(REBUILD, &["prune", "order_summary", "--unfinished"]);
                }
                estate.ok(&right.role, args);
            }
            Need::Statement(sql) => {
                estate.refuses(&right.role, &[sql]);
                estate.admin(&right.grant());
                estate.ask(&right.role, sql);
            }
            Need::Login => {
                assert!(
                    postgres::Client::connect(&estate.url(&right.role), postgres::NoTls).is_err()
                );
                estate.admin(&right.grant());
                estate.connect(&right.role);
            }
        }
    }
}
