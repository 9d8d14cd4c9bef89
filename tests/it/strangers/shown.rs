//! Other people's objects around what readers see: a view under one of our names that is not ours, a schema that somebody
//! else has made, and what is attached to views and schemas of ours. Nothing of it is replaced, used or taken away.

use serde_json::json;

use super::{changes, server_major, small};
use crate::bad_input::code_of;
use crate::bench::{Project, bin_dir, rows};

/// Everything but the ledger.
fn dump(project: &Project) -> Vec<String> {
    let program = bin_dir().map_or_else(|| "pg_dump".into(), |folder| folder.join("pg_dump"));
    let mut command = std::process::Command::new(program);
    command.args(["--no-sync", "-d", &project.database.url(), "-N", "regrow"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let same = |line: &&str| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict");
    text.lines().filter(same).map(str::to_owned).collect()
}

/// A projection with a live and a retired build, one event, and no more.
fn shown() -> Project {
    let project = small();
    let event = "SELECT event_store.append('o1', -1, '[{\"type\": \"OrderCreated\", \"payload\": \
                 {\"order_id\": \"o1\", \"customer_id\": \"c\", \"customer_name\": \"N\"}}]')";
    project.events().batch_execute(event).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    project
}

fn refused(project: &Project, args: &[&str], words: &[&str]) -> String {
    let before = dump(project);
    let ran = project.run(args);
    assert!(ran.code != 0, "{args:?}: {}{}", ran.stdout, ran.stderr);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    for word in words {
        assert!(said.contains(word), "{args:?}: {word} is not in\n{said}");
    }
    assert_eq!(changes(&before, &dump(project)), [""; 0], "{args:?}");
    said
}

/// What somebody has done to a view of ours, or put in its place; `p__b2` is live.
const CHANGED: [&str; 8] = [
    "CREATE OR REPLACE VIEW read_model.t AS SELECT id, m FROM p__b2.t WHERE id <> 'x'",
    "CREATE OR REPLACE VIEW read_model.t AS SELECT id, m FROM p__b2.t LIMIT 1",
    "CREATE OR REPLACE VIEW read_model.t AS SELECT DISTINCT id, m FROM p__b2.t",
    "CREATE OR REPLACE VIEW read_model.t AS SELECT id, m FROM ONLY p__b2.t",
    "CREATE OR REPLACE VIEW read_model.t AS SELECT id, m FROM p__b1.t",
    "CREATE OR REPLACE VIEW read_model.t AS SELECT m AS id, id AS m FROM p__b2.t",
    "CREATE OR REPLACE VIEW read_model.t AS SELECT id, m, 1 AS extra FROM p__b2.t",
    "DROP VIEW read_model.t; CREATE VIEW read_model.t AS SELECT id FROM p__b2.t",
];

#[test]
fn a_view_that_somebody_has_changed_is_neither_replaced_nor_dropped() {
    let project = shown();
    let mut client = project.reads();
    let elsewhere = "CREATE TABLE theirs (id int); DROP VIEW read_model.t; CREATE VIEW read_model.t AS SELECT id FROM theirs";
    let builds = |project: &Project| project.json(&["status"])["builds"].as_array().unwrap().len();
    let there = builds(&project);
    let words = ["\"read_model\".\"t\" is not the view that regrow made for p__b2"];
    let everything: [&[&str]; 6] = [
        &["rollback", "p"],
        &["check"],
        &["rebuild", "p", "--preflight", "--promote"],
        &["rollback", "p", "--stale"],
        &["retire", "p", "--dry-run"],
        &["retire", "p"],
    ];
    // One of them shows whose the view is held to be; all of them ask that of one place.
    let commands = |change: &str| if change == CHANGED[0] || change == elsewhere { 6 } else { 1 };
    for change in CHANGED.into_iter().chain([elsewhere]) {
        client.batch_execute(&format!("SET search_path = public; {change}")).unwrap();
        let status = project.ok(&["status"]);
        assert!(status.contains(words[0]), "{change}: {status}");
        for args in &everything[..commands(change)] {
            let said = refused(&project, args, &words);
            assert!(said.contains("RENAME TO \"t_found\""), "{args:?}: {said}");
        }
        if commands(change) > 1 {
            let makes = "CREATE INDEX t_m ON t (m);\n";
            project.write("projections/p/schema/V2__in_place.sql", makes);
            refused(&project, &["migrate", "p@head"], &words);
            refused(&project, &["rebuild", "p", "--promote"], &words);
            let file = project.folder.path().join("projections/p/schema/V2__in_place.sql");
            std::fs::remove_file(file).unwrap();
        }
        assert_eq!(builds(&project), there, "{change}: nothing was replayed");
        let back = "DROP VIEW read_model.t; CREATE VIEW read_model.t AS SELECT id, m FROM p__b2.t";
        client.batch_execute(back).unwrap();
    }
    // What may be on a view of ours, and is kept.
    client
        .batch_execute(
            "DROP VIEW read_model.t; CREATE VIEW read_model.t AS SELECT m, id FROM p__b2.t; \
             ALTER VIEW read_model.t SET (security_barrier = true); COMMENT ON VIEW read_model.t IS 'kept'; \
             GRANT SELECT ON read_model.t TO PUBLIC; ALTER VIEW read_model.t ALTER COLUMN m SET DEFAULT 'calm'; \
             ALTER TABLE p__b2.t ADD COLUMN theirs int",
        )
        .unwrap();
    // What ended the rollbacks of before is still told.
    let notes = project.json(&["status"])["notes"].to_string();
    assert!(!notes.contains("is not the view"), "{notes}");
    project.ok(&["rollback", "p"]);
    // The code is another one than that of a name that was never ours.
    client.batch_execute(&CHANGED[0].replace("p__b2", "p__b1").replace("id, m", "m, id")).unwrap();
    let ran = project.run(&["rollback", "p", "--json"]);
    assert!(ran.stderr.contains("\"view-changed\""), "{}{}", ran.stdout, ran.stderr);
    // The way that is said: under another name it stays, and nobody is in the way.
    client.batch_execute("ALTER VIEW read_model.t RENAME TO t_found").unwrap();
    project.ok(&["rollback", "p"]);
    assert_eq!(rows(&mut client, "SELECT id FROM read_model.t_found"), ["(o1)"]);
}

/// Whoever tells that readers are served has looked at what they see.
#[test]
fn a_view_that_readers_do_not_see_is_told_by_everything_that_looks() {
    let project = shown();
    let mut client = project.reads();
    let gone = ["DROP VIEW read_model.t", "ALTER VIEW read_model.t RENAME TO elsewhere"];
    let unseen = |said: &str| said.replace('\\', "").contains("read_model\".\"t\" is not");
    for change in CHANGED.into_iter().chain(gone) {
        client.batch_execute(change).unwrap();
        let status = project.json(&["status"]);
        let live = status["builds"].as_array().unwrap().iter().find(|b| b["state"] == "live");
        let live = live.unwrap();
        assert!(unseen(&live["complaints"].to_string()), "{change}: {live}");
        assert!(unseen(&status["notes"].to_string()), "{change}: {status}");
        let next = live["next"].as_str().unwrap();
        assert!(next.ends_with("regrow rebuild p --promote"), "{change}: {live}");
        assert_eq!(project.run(&["status", "--exit-code"]).code, 11);
        for args in [&["wait", "p", "--now"][..], &["verify", "p", "--live"]] {
            assert_eq!(code_of(&project, args), "view-changed", "{change}: {args:?}");
        }
        let checked = project.run(&["check", "--only", "projections"]);
        assert!(checked.code == 1 && unseen(&checked.stdout), "{change}: {}", checked.stdout);
        let back = "DROP VIEW IF EXISTS read_model.t; CREATE VIEW read_model.t AS SELECT id, m FROM p__b2.t";
        client.batch_execute(back).unwrap();
        project.ok(&["wait", "p", "--now"]);
        project.ok(&["verify", "p", "--live"]);
    }
    // What is called for next makes one that is gone again.
    client.batch_execute(gone[0]).unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    project.ok(&["wait", "p", "--now"]);
    assert_eq!(rows(&mut client, "SELECT id FROM read_model.t"), ["(o1)"]);
}

/// What changes rows and stands in no file of the lineage is told, whatever it is.
#[test]
fn what_somebody_has_put_on_a_table_of_a_build_is_told() {
    let project = shown();
    let mut client = project.reads();
    let told = |project: &Project| {
        let notes = project.json(&["status"])["notes"].to_string();
        let checked = project.run(&["check"]);
        let count = notes.matches("regrow did not make").count();
        assert_eq!(
            count > 0,
            checked.stdout.contains("has drifted"),
            "{notes}\n{}",
            checked.stdout
        );
        count
    };
    // Whatever a lineage makes is ours.
    let whole = Project::orders();
    std::fs::create_dir_all(whole.folder.path().join("projections/own/schema")).unwrap();
    let lineage = "CREATE TABLE a (id text PRIMARY KEY, m text DEFAULT 'x', n int GENERATED ALWAYS AS (length(id)) STORED);\n\
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n\
        CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();\n\
        CREATE TABLE b (id text NOT NULL, k int DEFAULT 1) PARTITION BY LIST (k);\n\
        CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1);\n\
        CREATE TABLE b2 PARTITION OF b (k DEFAULT 2) FOR VALUES IN (2);\n\
        CREATE TRIGGER t BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION f();\n";
    whole.write("projections/own/schema/V1__own.sql", lineage);
    let handler = "-- on OrderCreated\nINSERT INTO a (id) VALUES (:order_id);\n";
    whole.write("projections/own/handlers.sql", handler);
    whole.ok(&["migrate"]);
    whole.ok(&["rebuild", "own", "--promote"]);
    assert_eq!(told(&whole), 0);
    client
        .batch_execute(
            "CREATE FUNCTION public.theirs() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN NEW.m := ''theirs''; RETURN NEW; END'",
        )
        .unwrap();
    assert_eq!(told(&project), 0);
    for (number, (made, dropped)) in [
        (
            "CREATE TRIGGER x BEFORE INSERT ON p__b2.t FOR EACH ROW EXECUTE FUNCTION public.theirs()",
            "DROP TRIGGER x ON p__b2.t",
        ),
        ("CREATE RULE x AS ON UPDATE TO p__b2.t DO INSTEAD NOTHING", "DROP RULE x ON p__b2.t"),
        (
            "ALTER TABLE p__b2.t ALTER m SET DEFAULT 'theirs'",
            "ALTER TABLE p__b2.t ALTER m DROP DEFAULT",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        client.batch_execute(made).unwrap();
        assert_eq!(told(&project), 1, "{number}: {made}");
        client.batch_execute(dropped).unwrap();
        assert_eq!(told(&project), 0, "{number}: {dropped}");
    }
}

#[test]
fn a_view_that_was_there_before_the_first_promote_is_not_ours() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let mut client = project.reads();
    client
        .batch_execute(
            "CREATE SCHEMA read_model; CREATE VIEW read_model.order_summary AS SELECT 1 AS theirs",
        )
        .unwrap();
    refused(
        &project,
        &["rebuild", "order_summary", "--promote"],
        &["is not a view of the projection"],
    );
    assert_eq!(rows(&mut client, "SELECT theirs FROM read_model.order_summary"), ["(1)"]);
}

/// What can be attached to a view of ours.
const ON_A_VIEW: [&str; 4] = [
    "CREATE FUNCTION theirs_function() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER theirs_trigger INSTEAD OF INSERT ON {s}.t FOR EACH ROW EXECUTE FUNCTION theirs_function()",
    "CREATE RULE theirs_rule AS ON DELETE TO {s}.t DO INSTEAD NOTHING",
    "ALTER VIEW {s}.t ALTER COLUMN m SET DEFAULT 'theirs'",
];
/// What can be attached to a schema of ours, or lie in it.
const IN_A_SCHEMA: [&str; 13] = [
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {s} GRANT SELECT ON TABLES TO PUBLIC",
    "CREATE COLLATION {s}.theirs_collation FROM \"C\"",
    "CREATE OPERATOR {s}.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
    "CREATE TEXT SEARCH CONFIGURATION {s}.theirs_configuration (COPY = simple)",
    "CREATE FUNCTION {s}.theirs_helper() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TYPE {s}.theirs_range AS RANGE (subtype = int)",
    "CREATE DOMAIN {s}.theirs_domain AS int CONSTRAINT theirs_positive CHECK (VALUE > 0)",
    "CREATE TABLE {s}.theirs_serial (j serial PRIMARY KEY, k int GENERATED ALWAYS AS IDENTITY, r {s}.theirs_range)",
    "CREATE STATISTICS {s}.theirs_statistics ON j, k FROM {s}.theirs_serial",
    "CREATE SEQUENCE {s}.theirs_sequence",
    "CREATE VIEW {s}.theirs_view AS SELECT * FROM {s}.theirs_serial",
    "CREATE MATERIALIZED VIEW {s}.theirs_matview AS SELECT 1 AS one",
    "CREATE VIEW theirs_above AS SELECT id FROM {s}.t",
];

/// What is named when a drop is refused.
fn named(statement: &str) -> &str {
    match statement.split([' ', '.', '(']).find(|word| word.starts_with("theirs_")) {
        Some(name) => name,
        None if statement.contains("DEFAULT PRIVILEGES") => "default acl",
        None if statement.contains("OPERATOR") => "operator ",
        None => "default value",
    }
}

#[test]
fn nothing_of_others_goes_with_a_preview_a_point_of_the_log_or_a_projection() {
    let project = shown();
    project.ok(&["rebuild", "p"]);
    project.ok(&["preview", "p", "--publish", "next"]);
    project.ok(&["as-of", "p", "--at", "1", "--publish", "then"]);
    let mut client = project.reads();
    client.batch_execute("SET search_path = public").unwrap();
    for (schema, command) in [
        ("next", &["preview", "drop", "next"][..]),
        ("\"then\"", &["as-of", "drop", "then"]),
        ("read_model", &["retire", "p"]),
    ] {
        let is_ours = schema != "read_model";
        let mut made: Vec<String> = ON_A_VIEW.map(str::to_owned).into();
        made.extend(IN_A_SCHEMA.iter().filter(|_| is_ours).map(|s| (*s).to_owned()));
        if is_ours && server_major() >= 15 {
            made.push("CREATE PUBLICATION theirs_publication FOR TABLES IN SCHEMA {s}".into());
        }
        for statement in &made {
            let statement = statement.replace("{s}", schema);
            client.batch_execute(&statement).unwrap_or_else(|e| panic!("{statement}: {e}"));
        }
        client
            .batch_execute(&format!(
                "COMMENT ON VIEW {schema}.t IS 'theirs'; GRANT SELECT ON {schema}.t TO PUBLIC"
            ))
            .unwrap();
        // What goes with a table of others is named once the table has moved.
        let whole = made[1..].iter().filter(|statement| !statement.contains("STATISTICS"));
        let names: Vec<&str> = whole.map(|statement| named(statement)).collect();
        let said = refused(&project, command, &names);
        assert!(!said.contains("CASCADE"), "{said}");
        // What is printed can be run as it is printed.
        let before = rows(
            &mut client,
            "SELECT count(*) FROM pg_class WHERE relname ~ '^theirs_(serial|sequence|matview)'",
        );
        let mut stdout = String::new();
        let mut noted = project.run(&[command, &["--json"][..]].concat()).stderr;
        for _ in 0..4 {
            let ran = project.run(command);
            noted += &ran.stderr;
            if ran.code == 0 {
                stdout = ran.stdout;
                break;
            }
            let first = ran.stderr.lines().filter_map(|line| line.strip_prefix("    "));
            for statement in first.filter(|line| line.ends_with(';')) {
                client.batch_execute(statement).unwrap_or_else(|e| panic!("{statement}: {e}"));
            }
        }
        let told = format!("{stdout}{noted}");
        let comment = format!("the comment on {schema}.t");
        assert!(told.contains(&comment) && told.contains("SELECT on "), "{told}");
        let after = rows(
            &mut client,
            "SELECT count(*) FROM pg_class WHERE relname ~ '^theirs_(serial|sequence|matview)'",
        );
        assert_eq!(before, after, "{schema}");
        if is_ours {
            let works = "SELECT theirs_range(1, 2), 1::theirs_domain, theirs_helper(); INSERT INTO theirs_serial (r) VALUES ('[1,2)')";
            client.batch_execute(works).unwrap();
            let gone = "DROP TABLE theirs_serial CASCADE; DROP TYPE theirs_range; DROP DOMAIN theirs_domain; DROP SEQUENCE theirs_sequence; \
                        DROP FUNCTION theirs_helper(); DROP COLLATION theirs_collation; DROP OPERATOR === (int, int); \
                        DROP TEXT SEARCH CONFIGURATION theirs_configuration; DROP MATERIALIZED VIEW theirs_matview; \
                        DROP PUBLICATION IF EXISTS theirs_publication";
            client.batch_execute(gone).unwrap();
        }
        client.batch_execute("DROP FUNCTION theirs_function() CASCADE").unwrap();
    }
    let left =
        "SELECT nspname FROM pg_namespace WHERE nspname IN ('next', 'then') OR nspname ~ '^p__'";
    assert_eq!(rows(&mut client, left), [""; 0]);
}

#[test]
fn a_schema_that_was_renamed_is_found_again_and_another_of_its_name_is_left_alone() {
    let project = shown();
    project.ok(&["rebuild", "p"]);
    project.ok(&["preview", "p", "--publish", "next"]);
    project.ok(&["as-of", "p", "--at", "1", "--publish", "then"]);
    let mut client = project.reads();
    let theirs = |name: &str| {
        format!(
            "ALTER SCHEMA {name} RENAME TO {name}_by_now; CREATE SCHEMA {name}; COMMENT ON SCHEMA {name} IS 'theirs'; \
             CREATE VIEW {name}.t AS SELECT 1 AS theirs"
        )
    };
    client.batch_execute(&theirs("next")).unwrap();
    client.batch_execute(&theirs("\"then\"").replace("\"then\"_by_now", "then_by_now")).unwrap();
    assert!(project.ok(&["preview", "list"]).contains("next (next_by_now by now)"));
    assert_eq!(project.json(&["as-of", "list"])["as_of"][0]["schema"], json!("then_by_now"));
    refused(&project, &["as-of", "p", "--at", "1", "--publish", "then"], &["shows another point"]);
    assert_eq!(
        project.ok(&["preview", "drop", "next"]),
        "next_by_now is gone; p__b3 stays as it is\n"
    );
    assert!(project.ok(&["as-of", "drop", "then"]).starts_with("then_by_now is gone"));
    let left = "SELECT nspname, obj_description(oid) FROM pg_namespace WHERE nspname ~ '^(next|then)' ORDER BY 1";
    assert_eq!(rows(&mut client, left), ["(next,theirs)", "(then,theirs)"]);
    // One that somebody else has made in the place of ours is none of ours.
    client.batch_execute("DROP SCHEMA next CASCADE").unwrap();
    project.ok(&["preview", "p", "--publish", "next"]);
    client.batch_execute("DROP SCHEMA next CASCADE; CREATE SCHEMA next").unwrap();
    let said = project.ok(&["preview", "drop", "next"]);
    assert!(said.contains("the schema next stays, since regrow did not make it"), "{said}");
    assert_eq!(project.ok(&["preview", "list"]), "no build is shown by a preview\n");
}

/// An as-of that was killed on its way has made no schema.
#[cfg(feature = "failpoints")]
#[test]
fn a_schema_that_somebody_made_while_an_as_of_was_down_is_theirs() {
    let project = shown();
    let mut command = project.command(&["as-of", "p", "--at", "1", "--publish", "q1"]);
    command.env("FAILPOINTS", "as_of::show::before=1*return(kill)");
    assert_eq!(command.output().unwrap().status.code(), None);
    let theirs = "CREATE SCHEMA q1; GRANT USAGE ON SCHEMA q1 TO PUBLIC; COMMENT ON SCHEMA q1 IS 'theirs'; \
                  ALTER DEFAULT PRIVILEGES IN SCHEMA q1 GRANT SELECT ON TABLES TO PUBLIC; \
                  CREATE VIEW q1.t AS SELECT 1 AS theirs";
    let mut client = project.reads();
    crate::bench::wait_until("the schema to be free", || client.batch_execute(theirs).is_ok());
    assert_eq!(project.json(&["as-of", "list"])["as_of"][0]["shown"], json!(false));
    let words = "the schema q1 is there already, and regrow did not make it";
    refused(&project, &["as-of", "p", "--at", "1", "--publish", "q1"], &[words]);
    let before: Vec<String> = dump(&project).into_iter().filter(|l| l.contains("q1")).collect();
    let said = project.ok(&["as-of", "drop", "q1"]);
    assert!(said.contains("the schema q1 stays, since regrow did not make it"), "{said}");
    let after: Vec<String> = dump(&project).into_iter().filter(|l| l.contains("q1")).collect();
    assert_eq!(before, after);
    assert_eq!(project.json(&["as-of", "list"])["as_of"], json!([]));
}
