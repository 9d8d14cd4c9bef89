//! Names nobody else can take: a schema of ours that another role has made, or has got, is refused by
//! whatever would write to it, and what the refusal says helps.

use postgres::Client;
use serde_json::Value;

use crate::bench::{Project, Ran, rows};

/// A role that may create schemas in a database, dropped behind it.
struct Mallory {
    project: Project,
    name: String,
}

impl Mallory {
    fn beside(project: Project) -> Mallory {
        let name = format!("mallory_{}", project.database.name());
        let mut admin = project.events();
        let database = project.database.name();
        admin
            .batch_execute(&format!(
                "CREATE ROLE {name} LOGIN; GRANT CREATE ON DATABASE {database} TO {name}"
            ))
            .unwrap();
        Mallory { project, name }
    }

    fn admin(&self, sql: &str) {
        self.project.events().batch_execute(sql).unwrap();
    }

    /// What mallory runs.
    fn runs(&self, sql: &str) {
        let url =
            self.project.database.url().replace("user=regrow", &format!("user={}", self.name));
        Client::connect(&url, postgres::NoTls).unwrap().batch_execute(sql).unwrap();
    }

    /// The command is refused for the schema's sake; gives the hint.
    fn is_refused(&self, args: &[&str], schema: &str) -> String {
        let ran = self.project.run(&[args, &["--json"]].concat());
        let error = error_of(&ran).unwrap_or_else(|| {
            panic!("regrow {args:?} with another's {schema}: {}{}", ran.stdout, ran.stderr)
        });
        assert_eq!(error["code"], "schema-taken", "regrow {args:?}: {error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(schema) && message.contains(&self.name), "{message}");
        assert_eq!(ran.code, 1);
        error["hint"].as_str().unwrap().to_owned()
    }
}

/// The error of a command, or of the first build of those it reports.
fn error_of(ran: &Ran) -> Option<Value> {
    let line = ran.stderr.lines().find(|line| line.starts_with("{\"error\""));
    if let Some(line) = line {
        return Some(serde_json::from_str::<Value>(line).unwrap()["error"].clone());
    }
    let told: Value = serde_json::from_str(&ran.stdout).ok()?;
    let builds = told.as_array().or_else(|| told["builds"].as_array())?;
    builds.iter().map(|build| build["error"].clone()).find(|error| !error.is_null())
}

impl Drop for Mallory {
    fn drop(&mut self) {
        let admin = "DROP OWNED BY {} CASCADE; DROP ROLE {}".replace("{}", &self.name);
        let mut client = self.project.events();
        let reassign = format!("REASSIGN OWNED BY {} TO CURRENT_USER", self.name);
        let _ = client.batch_execute(&reassign).and_then(|()| client.batch_execute(&admin));
    }
}

/// The case of a role that foresees the next name: nothing of what it has put there ever runs.
#[test]
fn a_schema_that_is_there_before_its_build_runs_nothing() {
    let mallory = Mallory::beside(Project::orders());
    let project = &mallory.project;
    project.ok(&["migrate"]);
    project.write("orders.ndjson", &project.ok(&["demo", "--print-log", "--events", "1000"]));
    project.ok(&["import", "orders.ndjson"]);
    mallory.runs(
        "CREATE SCHEMA order_summary__b1; GRANT ALL ON SCHEMA order_summary__b1 TO public;
         CREATE TABLE order_summary__b1.ran (by name);
         GRANT ALL ON order_summary__b1.ran TO public;
         CREATE FUNCTION order_summary__b1.over(a bigint, b numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE
         AS $$ BEGIN INSERT INTO order_summary__b1.ran VALUES (current_user); RETURN a::numeric / b; END $$;
         CREATE OPERATOR order_summary__b1./ (leftarg = bigint, rightarg = numeric, function = order_summary__b1.over);",
    );
    let checked = project.run(&["check"]);
    let foreseen = "a rebuild of order_summary would be refused: the schema order_summary__b1 is there already";
    assert!(checked.code == 1 && checked.stdout.contains(foreseen), "{}", checked.stdout);
    let looked = project.run(&["rebuild", "order_summary", "--preflight"]);
    assert!(looked.code == 1 && looked.stdout.contains("[schema-taken]"), "{}", looked.stdout);
    let hint = mallory.is_refused(&["rebuild", "order_summary", "--promote"], "order_summary__b1");
    assert!(rows(&mut project.events(), "SELECT FROM order_summary__b1.ran").is_empty());
    // The hint, as it is.
    let (_, statement) = hint.split_once("a superuser: ").unwrap();
    mallory.admin(statement);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert!(rows(&mut project.events(), "SELECT FROM order_summary__b1_found.ran").is_empty());

    // One of our own that was left is no better: what lies in it is not what the lineage makes.
    mallory.admin("CREATE SCHEMA order_summary__b2; CREATE TABLE order_summary__b2.left_over ()");
    let ran = project.run(&["rebuild", "order_summary", "--json"]);
    assert_eq!(error_of(&ran).unwrap()["code"], "schema-taken", "{}{}", ran.stdout, ran.stderr);
}

/// Each of the names, made by mallory before we came.
#[test]
fn a_name_that_was_taken_first_is_refused() {
    let mallory = Mallory::beside(Project::orders());
    let project = &mallory.project;
    for schema in ["event_store", "regrow"] {
        mallory.runs(&format!("CREATE SCHEMA {schema}; GRANT ALL ON SCHEMA {schema} TO public"));
        mallory.is_refused(&["migrate"], schema);
        mallory.runs(&format!("DROP SCHEMA {schema}"));
    }
    project.ok(&["migrate"]);
    project.write("orders.ndjson", &project.ok(&["demo", "--print-log", "--events", "1000"]));
    project.ok(&["import", "orders.ndjson"]);
    mallory.runs("CREATE SCHEMA read_model; GRANT ALL ON SCHEMA read_model TO public");
    // Before anything is replayed.
    mallory.is_refused(&["rebuild", "--all", "--promote"], "read_model");
    assert!(rows(&mut project.events(), "SELECT FROM regrow.build").is_empty());
    project.ok(&["rebuild", "--all"]);
    mallory.is_refused(&["promote", "order_summary"], "read_model");
    mallory.runs("DROP SCHEMA read_model");
    project.ok(&["promote", "order_summary"]);
}

/// Each of the schemas in the hands of mallory, and each command that writes to it. The hint is
/// followed, and the command does what it is for.
#[test]
fn whoever_gets_a_schema_of_ours_is_written_to_by_no_command() {
    let mallory = Mallory::beside(Project::orders());
    let project = &mallory.project;
    project.write("migrations/event_store/V2__one.sql", "CREATE TABLE event_store.one ();");
    project.write("migrations/event_store/V2__one.down.sql", "DROP TABLE event_store.one;");
    project.ok(&["migrate"]);
    project.write("orders.ndjson", &project.ok(&["demo", "--print-log", "--events", "1000"]));
    project.ok(&["import", "orders.ndjson"]);
    project.ok(&["rebuild", "--all", "--promote"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let follow: &[&str] = &["run", "--until-caught-up"];
    let cases: &[(&str, &[&[&str]])] = &[
        (
            "regrow",
            &[
                &["migrate"],
                &["rebuild", "order_summary"],
                &["resume"],
                &["promote", "order_summary"],
                &["rollback", "order_summary"],
                &["prune"],
                follow,
            ],
        ),
        ("event_store", &[&["downgrade", "-1"], &["redo"], &["stamp", "base"]]),
        (
            "read_model",
            &[&["rollback", "order_summary"], &["rebuild", "order_summary", "--promote"]],
        ),
        ("order_summary__b2", &[&["rollback", "order_summary"]]),
    ];
    for (schema, commands) in cases {
        mallory.admin(&format!("ALTER SCHEMA {schema} OWNER TO {}", mallory.name));
        let mut hint = String::new();
        for args in *commands {
            hint = mallory.is_refused(args, schema);
        }
        let (_, rest) = hint.split_once("as a superuser: ").unwrap();
        mallory.admin(rest.lines().next().unwrap());
        // A role that we are a member of is one of ours.
        mallory.admin(&format!("ALTER SCHEMA {schema} OWNER TO {}", mallory.name));
        let (_, grant) = hint.split_once("a role of yours: ").unwrap();
        mallory.admin(grant);
        project.ok(commands[0]);
        mallory.admin(&format!(
            "REVOKE {} FROM CURRENT_USER; ALTER SCHEMA {schema} OWNER TO CURRENT_USER",
            mallory.name
        ));
    }
}

/// A drop is a write as well, whatever the ledger says of the schema.
#[test]
fn a_build_that_is_somebody_elses_by_now_is_not_dropped() {
    let mallory = Mallory::beside(Project::orders());
    let project = &mallory.project;
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let build = "order_summary__b1";
    mallory.admin(&format!("ALTER SCHEMA {build} OWNER TO {}", mallory.name));
    for args in [
        &["prune", build][..],
        &["prune", build, "--dry-run"],
        &["prune", "--keep", "0"],
        &["retire", "order_summary"],
        &["retire", "order_summary", "--dry-run"],
    ] {
        mallory.is_refused(args, build);
    }
    mallory.admin(&format!("ALTER SCHEMA {build} OWNER TO CURRENT_USER"));
    assert_eq!(project.ok(&["prune", build]), format!("dropped {build}\n"));
}

/// A script that runs elsewhere stops as a command does.
#[test]
fn a_script_for_psql_stops_at_a_schema_of_others() {
    let mallory = Mallory::beside(Project::orders());
    let script = mallory.project.ok(&["migrate", "--sql"]);
    let script: String = script
        .lines()
        .filter(|line| !line.starts_with('\\'))
        .fold(String::new(), |text, line| text + line + "\n");
    mallory.runs("CREATE SCHEMA event_store; GRANT ALL ON SCHEMA event_store TO public");
    let mut admin = mallory.project.events();
    let error = admin.batch_execute(&script).unwrap_err();
    let said = error.as_db_error().map(|e| e.message().to_owned()).unwrap();
    assert!(said.contains("event_store belongs to another role"), "{said}");
    admin.batch_execute("ROLLBACK").unwrap();
    mallory.runs("DROP SCHEMA event_store");
    admin.batch_execute(&script).unwrap();
}
