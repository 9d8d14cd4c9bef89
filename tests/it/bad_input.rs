//! Mistakes of people: each is refused with a place, a sentence and a next step.

use std::os::unix::fs::symlink;

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
    list.iter().filter(|f| f["gravity"] != "note").map(text).collect()
}

fn migrated() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project
}

#[test]
fn a_projection_nobody_knows() {
    let project = migrated();
    let known = "there is no projection nosuch; the project has customer_activity, order_summary";
    for verb in ["rebuild", "check", "resume", "promote", "rollback", "prune"] {
        refused(&project, &[verb, "nosuch"], 2, &[known]);
    }
    refused(&project, &["rebuild", "order_summary", "nosuch"], 2, &[known]);
    let builds = rows(&mut project.reads(), "SELECT id FROM regrow.build");
    assert_eq!(builds, [""; 0], "nothing was begun");
    // One that is gone from the files, but not from the ledger, can still be pruned.
    project.ok(&["rebuild", "order_summary"]);
    std::fs::remove_dir_all(project.folder.path().join("projections/order_summary")).unwrap();
    project.ok(&["prune", "order_summary", "--unfinished"]);
}

#[test]
fn what_is_typed_wrong_is_a_usage_mistake() {
    let project = Project::orders();
    for (args, part) in [
        (&["frobnicate"][..], "unrecognized subcommand 'frobnicate'"),
        (&["status", "--frob"], "unexpected argument '--frob'"),
        (&["rebuild"], "<NAME>..."),
        (&["rebuild", "--all", "x"], "--all"),
        (&["promote"], "<NAME>"),
        (&["migrate", "--wait", "long"], "'long'"),
        (&["import"], "<FILE>"),
        (&["rebuild", "x", "--until", "5", "--promote"], "exclude each other"),
        (&["rebuild", "order_summary", "order_summary"], "named twice"),
    ] {
        refused(&project, args, 2, &[part]);
    }
    let project = migrated();
    for moment in ["abc", "2026-13-01", "1e9"] {
        let args = ["rebuild", "order_summary", "--until", moment];
        let said = format!("{moment:?} is neither a position nor a timestamp");
        refused(&project, &args, 2, &[&said, "2026-03-01T00:00:00Z"]);
    }
}

#[test]
fn what_is_not_there() {
    let project = migrated();
    refused(&project, &["import", "nosuch.ndjson"], 1, &["nosuch.ndjson cannot be read: No such"]);
    refused(&project, &["import", "migrations"], 1, &["migrations is a folder"]);
    refused(&project, &["export", "no/such/file"], 1, &["no/such/file cannot be written: No such"]);
    refused(&project, &["-C", "nowhere", "status"], 1, &["nowhere cannot be read: No such"]);
    let empty = Project::empty();
    refused(&empty, &["status"], 1, &["is not a regrow project", "regrow init DIR"]);
    std::fs::remove_file(project.folder.path().join(HANDLERS)).unwrap();
    refused(&project, &["check"], 1, &["projections/order_summary has no handlers.sql"]);
}

#[test]
fn broken_toml_has_a_place() {
    const STEP: &str = "type = \"OrderItemAdded\"\n[[step]]\nfrom = 1\n";
    let project = migrated();
    for (path, text, place) in [
        ("config.toml", "[rebuild\n".to_owned(), "config.toml:1:9: unclosed table"),
        ("config.toml", "[follow]\n  pol_ms = 1".into(), "config.toml:2:3: unknown field `pol_ms`"),
        (
            "config.toml",
            "[rebuild]\nbatch_events = \"x\"".into(),
            "config.toml:2:16: invalid type: string \"x\", expected a whole number",
        ),
        (
            "projections/order_summary/projection.toml",
            "on_error = \"sleep\"".into(),
            "projections/order_summary/projection.toml:1:12: unknown variant `sleep`",
        ),
        (
            "projections/order_summary/projection.toml",
            "\non_error \"park\"".into(),
            "projections/order_summary/projection.toml:2:",
        ),
    ] {
        project.write(path, &text);
        for verb in [&["check"][..], &["rebuild", "order_summary"], &["status"]] {
            refused(&project, verb, 1, &[place]);
        }
        std::fs::remove_file(project.folder.path().join(path)).unwrap();
    }
    let path = "migrations/events/OrderItemAdded.toml";
    for (text, place) in [
        ("type = \"OrderItemAdded\"\n[[step]\n".to_owned(), "OrderItemAdded.toml:2:8: unclosed"),
        (format!("{STEP}renam = {{}}\n"), "OrderItemAdded.toml:4:1: unknown key \"renam\""),
        (format!("{STEP}jq = '.a | |'\n"), "OrderItemAdded.toml:4:12: jq syntax"),
    ] {
        project.write(path, &text);
        let found = findings(&project);
        assert_eq!(found.len(), 1, "told once for both projections: {found:?}");
        assert!(found[0].contains(place), "{found:?}");
        refused(&project, &["rebuild", "order_summary"], 1, &[place]);
    }
}

#[test]
fn broken_sql_in_a_revision_has_a_place() {
    let project = migrated();
    let path = "projections/order_summary/schema/V2__more.sql";
    for (text, place) in [
        ("-- é\nALTER TABLE order_summary\n    ADD COLUM x int;\n", ":3:17: syntax error"),
        ("ALTER TABLE order_summary ADD COLUMN x intt;\n", ":1:40: type \"intt\" does not exist"),
        ("ALTER TABLE nosuch ADD COLUMN x int;\n", ":1:1: relation \"nosuch\" does not exist"),
    ] {
        project.write(path, text);
        let place = format!("{path}{place}");
        let found = findings(&project);
        assert!(found.len() == 1 && found[0].starts_with(&place), "{found:?}");
        let (at, message) = place.split_at(place.find(": ").unwrap());
        refused(&project, &["rebuild", "order_summary"], 1, &[at, &message[2..], "rolled back"]);
        let left = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'order_summary%'";
        assert_eq!(rows(&mut project.reads(), left), [""; 0]);
    }
    project.write("migrations/event_store/V2__broken.sql", "SELECT 1;\n\nSELEC 2;\n");
    let at = "migrations/event_store/V2__broken.sql:3:1";
    refused(&project, &["migrate"], 1, &[at, "syntax error", "correct the file"]);
    assert_eq!(project.run(&["current"]).code, 3);
}

#[test]
fn broken_sql_in_handlers_has_a_place() {
    let project = migrated();
    let good = project.read(HANDLERS);
    for (was, becomes, places) in [
        ("(id, customer_id,", "(id, customer,", &["2:32: column \"customer\" of relation"][..]),
        ("SET status = 'paid' WHERE", "SET status = WHERE", &["12:35: syntax error"]),
        ("UPDATE order_summary SET status = 'paid'", "UPDAT x", &["12:1: a handler may hold"]),
        ("-- on OrderPaid", "-- on ", &["11:"]),
        (
            ":customer_name, 'pending'",
            ":customer_name, 'pending",
            &["18:45: the string that begins here is not closed"],
        ),
        (
            "SET status",
            "SET statu",
            &["12:26: column \"statu\"", "15:26: column \"statu\"", "18:26: column \"statu\""],
        ),
    ] {
        assert!(good.contains(was), "{was}");
        project.write(HANDLERS, &good.replace(was, becomes));
        let found = findings(&project).join("\n");
        let places: Vec<String> = places.iter().map(|p| format!("{HANDLERS}:{p}")).collect();
        for place in &places {
            assert!(found.contains(place.as_str()), "{place}\n{found}");
        }
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        refused(&project, &["rebuild", "order_summary"], 1, &places);
    }
    assert_eq!(rows(&mut project.reads(), "SELECT id FROM regrow.build"), [""; 0]);
}

#[test]
fn a_check_that_does_not_hold_keeps_the_build_from_readers() {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let path = "projections/order_summary/checks.sql";
    project.write(
        path,
        "-- no order is pending\nSELECT id FROM order_summary WHERE status = 'paid';\n",
    );
    project.write(
        "projections/order_summary/schema/V2__note.sql",
        "ALTER TABLE order_summary ADD COLUMN note text;",
    );
    let args = ["rebuild", "order_summary", "--promote"];
    let broken = "no order is pending (projections/order_summary/checks.sql:2:1, 1000 rows)";
    let ran = project.run(&args);
    says(&ran, &args, 10, &["order_summary__b2 does not pass its checks", broken]);
    says(&ran, &args, 10, &["regrow rebuild order_summary"]);
    says(&project.run(&["resume"]), &["resume"], 10, &[broken]);
    refused(&project, &["rebuild", "order_summary"], 1, &["regrow resume order_summary"]);
    let args = ["promote", "order_summary"];
    refused(
        &project,
        &args,
        1,
        &["order_summary__b2 is catching_up", "regrow resume order_summary"],
    );
    let live = "SELECT schema_name FROM regrow.build WHERE state = 'live'";
    assert_eq!(rows(&mut project.reads(), live), ["(order_summary__b1)"]);
    project.run(&["rebuild", "order_summary"]);
    // The next step that was named, once the check is mended, is enough.
    project.write(path, "-- mended\nSELECT id FROM order_summary WHERE false;\n");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(rows(&mut project.reads(), live), ["(order_summary__b3)"]);

    project.write(path, "-- upside down\nSELECT 1 / 0;\n");
    let ran = project.run(&["rebuild", "order_summary"]);
    let said = format!("{path}:2:1: the check \"upside down\" cannot be run: division by zero");
    says(&ran, &["rebuild"], 10, &[&said, "regrow rebuild order_summary"]);
    project.write(path, "SELEC 1;\n");
    assert!(findings(&project)[0].starts_with(&format!("{path}:1:1: a check must be a query")));
    project.write(path, "\nSELECT nosuch FROM order_summary;\n");
    assert_eq!(findings(&project), [format!("{path}:2:8: column \"nosuch\" does not exist")]);
}

#[test]
fn what_is_not_the_same_at_the_next_rebuild_is_refused() {
    let project = migrated();
    let good = project.read(HANDLERS);
    let sequence = "projections/order_summary/schema/V2__s.sql";
    project.write(sequence, "CREATE SEQUENCE s;\nALTER TABLE order_summary ADD COLUMN u text;\n");
    let clock = "use :event.recorded_at";
    for (expression, name, advice) in [
        ("now()", "now", clock),
        ("clock_timestamp()", "clock_timestamp", clock),
        ("statement_timestamp()", "statement_timestamp", clock),
        ("CURRENT_TIMESTAMP", "current_timestamp", clock),
        ("CURRENT_DATE", "current_date", clock),
        ("localtime", "localtime", clock),
        ("random()", "random", "take the value from the event"),
        ("gen_random_uuid()", "gen_random_uuid", "take the value from the event"),
        ("nextval('s')", "nextval", "use :event.position"),
        ("CURRENT_USER", "current_user", "take the value from the event"),
        ("pg_backend_pid()", "pg_backend_pid", "take the value from the event"),
        ("txid_current()", "txid_current", "take the value from the event"),
    ] {
        let handler = format!("SET u = {expression}::text, status = 'paid'");
        project.write(HANDLERS, &good.replace("SET status = 'paid'", &handler));
        let said = format!("{HANDLERS}:12:30: {name} does not give the same value");
        let found = findings(&project);
        assert!(found.len() == 1 && found[0].starts_with(&said), "{said}\n{found:?}");
        let ran = project.run(&["check"]);
        assert!(ran.stdout.contains(advice), "{advice:?}\n{}", ran.stdout);
        refused(&project, &["rebuild", "order_summary"], 1, &[&said, advice]);
    }
    // What only looks like it is not.
    let fine = "SET u = 'now() random()' || :event.recorded_at::date::text || lower(:order_id), status = 'paid'";
    project.write(HANDLERS, &good.replace("SET status = 'paid'", fine));
    project.ok(&["check"]);
}

#[test]
fn columns_that_fill_themselves_are_refused_where_they_are_made() {
    let project = migrated();
    let path = "projections/order_summary/schema/V2__more.sql";
    for (column, said) in [
        ("n bigint GENERATED ALWAYS AS IDENTITY", "order_summary.n is an identity"),
        ("n bigserial", "order_summary.n is nextval("),
        ("n timestamptz DEFAULT now()", "order_summary.n is now()"),
        ("n date DEFAULT CURRENT_DATE", "order_summary.n is CURRENT_DATE"),
        ("n uuid DEFAULT gen_random_uuid()", "order_summary.n is gen_random_uuid()"),
        ("n float DEFAULT random()", "order_summary.n is random()"),
    ] {
        project.write(path, &format!("ALTER TABLE order_summary\n  ADD COLUMN {column};\n"));
        let found = findings(&project);
        let said = format!("{path}:2:14: the default of {said}");
        assert!(found.len() == 1 && found[0].starts_with(&said), "{said}\n{found:?}");
        refused(&project, &["rebuild", "order_summary"], 1, &[&said]);
    }
    project.write(path, "ALTER TABLE order_summary ADD COLUMN n int DEFAULT 1 + 1;\n");
    project.ok(&["check"]);
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

#[test]
fn no_server() {
    let project = Project::orders();
    for address in ["postgresql://me@127.0.0.1:1/shop", "host=/nowhere dbname=shop user=me"] {
        for args in SERVER {
            let args = [args, &["--database-url", address]].concat();
            refused(
                &project,
                &args,
                1,
                &["cannot connect to ", "/shop: ", "is the server running"],
            );
        }
    }
}

#[test]
fn no_such_database() {
    let project = Project::orders();
    let wrong = project.database.url().replace("dbname=", "dbname=nosuch_");
    for args in SERVER {
        let args = [args, &["--database-url", &wrong]].concat();
        refused(
            &project,
            &args,
            1,
            &["database \"nosuch_", "does not exist", "create the database"],
        );
    }
}

#[test]
fn a_database_that_was_never_migrated() {
    let project = Project::orders();
    project.write("e.ndjson", "");
    for args in SERVER {
        match args[0] {
            "migrate" => {}
            "check" => assert_eq!(project.run(args).code, 3),
            "current" => assert_eq!(project.run(args).code, 3),
            "import" => {
                refused(&project, &["import", "e.ndjson"], 1, &["never migrated", "regrow migrate"])
            }
            _ => refused(&project, args, 1, &["regrow migrate"]),
        }
    }
    let there =
        "SELECT nspname FROM pg_namespace WHERE nspname IN ('regrow', 'event_store', 'read_model')";
    assert_eq!(rows(&mut project.reads(), there), [""; 0], "looking makes nothing");
}

/// A role of the cluster, dropped at the end; to be made before what it has rights on.
struct Role(String, String);

impl Role {
    fn new(name: &str, options: &str) -> Role {
        let database = Database::new();
        let name = format!("{name}_{}", std::process::id());
        let sql = format!("DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN {options}");
        database.connect().batch_execute(&sql).unwrap();
        Role(name, database.url().replace(&database.name(), "regrow"))
    }

    /// The address of a project's database for this role.
    fn url(&self, project: &Project) -> String {
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

#[test]
fn missing_rights_are_named_before_anything_is_begun() {
    let role = Role::new("reader", "");
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    let url = role.url(&project);
    let rebuild = ["rebuild", "order_summary", "--database-url", &url];
    let admin = &mut project.events();
    let mut grant = |sql: &str| admin.batch_execute(&sql.replace("ROLE", &role.0)).unwrap();

    let parts = ["permission denied for schema event_store", "GRANT USAGE ON SCHEMA event_store"];
    refused(&project, &rebuild, 1, &parts);
    refused(&project, &["census", "--database-url", &url], 1, &parts);
    grant("GRANT USAGE ON SCHEMA event_store TO ROLE");
    let parts =
        ["permission denied for table events", "GRANT SELECT ON TABLE event_store.events TO"];
    for args in [&rebuild[..], &["status", "--database-url", &url]] {
        refused(&project, args, 1, if args[0] == "status" { &["schema regrow"] } else { &parts });
    }
    refused(&project, &["export", "--database-url", &url], 1, &parts);
    grant("GRANT SELECT ON event_store.events TO ROLE");
    let parts = ["permission denied for sequence events_position_seq", "GRANT SELECT ON SEQUENCE"];
    refused(&project, &rebuild, 1, &parts);
    grant("GRANT SELECT ON SEQUENCE event_store.events_position_seq TO ROLE");
    refused(&project, &rebuild, 1, &["permission denied for schema regrow"]);
    grant("GRANT USAGE ON SCHEMA regrow TO ROLE; GRANT ALL ON ALL TABLES IN SCHEMA regrow TO ROLE");
    let parts = ["permission denied for database t", "GRANT CREATE ON DATABASE t"];
    refused(&project, &rebuild, 1, &parts);
    assert_eq!(rows(&mut project.reads(), "SELECT id FROM regrow.build"), [""; 0]);
    project
        .events()
        .batch_execute(&format!(
            "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO {}', current_database()); END $$",
            role.0
        ))
        .unwrap();
    project.ok(&rebuild);
    project
        .events()
        .batch_execute(&format!("REASSIGN OWNED BY {} TO regrow; DROP OWNED BY {0}", role.0))
        .unwrap();
}

#[test]
fn a_role_that_may_not_create_cannot_migrate() {
    let role = Role::new("nobody", "");
    let project = Project::orders();
    let args = ["migrate", "--database-url", &role.url(&project)];
    refused(&project, &args, 1, &["permission denied for database", "GRANT CREATE ON DATABASE"]);
}

#[test]
fn a_wrong_password_is_said_plainly_and_never_repeated() {
    // The cluster trusts everybody but this role, for which a line goes before its own.
    let role = Role::new("locked", "PASSWORD 'right'");
    let project = migrated();
    let mut admin = project.events();
    let file: String = admin.query_one("SHOW hba_file", &[]).unwrap().get(0);
    let before = std::fs::read_to_string(&file).unwrap();
    let line = format!("local all {} scram-sha-256\n", role.0);
    let others: String = before
        .lines()
        .filter(|l| !l.starts_with("local all locked_"))
        .map(|l| format!("{l}\n"))
        .collect();
    std::fs::write(&file, format!("{line}{others}")).unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").unwrap();
    let with = |password: &str| format!("{} password={password}", role.url(&project));
    wait_until("the rule", || Client::connect(&with("wrong"), NoTls).is_err());

    let url = with(CANARY);
    let args = ["status", "--database-url", &url];
    let ran = project.run(&args);
    says(&ran, &args, 1, &["password authentication failed for user", "check user and password"]);
    let ran_json = project.run(&[&args[..], &["--json"]].concat());
    for text in [&ran.stderr, &ran_json.stderr, &ran_json.stdout] {
        assert!(!text.contains(CANARY), "{text}");
    }
    // None at all is another sentence.
    let none = role.url(&project);
    let args = ["status", "--database-url", &none];
    says(&project.run(&args), &args, 1, &["cannot connect to ", "password"]);
    // The right one gets as far as its rights go.
    let right = with("right");
    let args = ["census", "--database-url", &right];
    says(&project.run(&args), &args, 1, &["permission denied for schema event_store"]);
}

#[test]
fn an_address_that_cannot_be_read_gives_no_password_away() {
    let project = migrated();
    let mut seen = 0;
    for address in [
        format!("postgresql://me:{CANARY}@db:port/shop"),
        format!("postgresql://me:{CANARY}@db/%ff"),
        format!("postgresql://me:{CANARY}@[::1/shop"),
        format!("postgresql://me@db/shop?password={CANARY}&nosuch=1"),
        format!("postgresql://me@db/shop?{CANARY}=1"),
        format!("host=db user=me password='{CANARY}"),
        format!("host=db password={CANARY} port=x"),
        format!("{CANARY}=1"),
        CANARY.to_owned(),
        format!("mysql://me:{CANARY}@db/shop"),
        format!("postgresql://me:{CANARY}@db/shop?sslmode=require"),
        String::new(),
    ] {
        for verb in [&["status"][..], &["migrate", "--json"], &["rebuild", "order_summary"]] {
            for variable in ["DATABASE_URL", "READ_MODELS_URL"] {
                let mut command = project.command(verb);
                command.env(variable, &address).env("REGROW_LOG", "trace");
                let ran = Ran::from(command.output().unwrap(), verb);
                let parts = [variable, "the database address cannot be read"];
                says(&ran, verb, 2, &parts);
                assert!(
                    !format!("{}{}", ran.stdout, ran.stderr).contains(CANARY),
                    "{}",
                    ran.stderr
                );
                seen += 1;
            }
        }
        if !address.is_empty() {
            project.write("config.toml", &format!("[read_models]\nurl = {address:?}\n"));
            let ran = project.run(&["status"]);
            says(&ran, &["status"], 2, &["config.toml: the database address cannot be read"]);
            assert!(!ran.stderr.contains(CANARY), "{}", ran.stderr);
            project.write("config.toml", "");
        }
    }
    assert_eq!(seen, 72);
    // One that can be read, but leads nowhere, shows where it leads and nothing else.
    let address = format!("postgresql://me:{CANARY}@127.0.0.1:1/shop");
    let mut command = project.command(&["status"]);
    command.env("DATABASE_URL", &address).env("REGROW_LOG", "trace");
    let ran = Ran::from(command.output().unwrap(), &["status"]);
    says(&ran, &["status"], 1, &["cannot connect to 127.0.0.1:1/shop"]);
    assert!(!ran.stderr.contains(CANARY) && !ran.stderr.contains("me:"), "{}", ran.stderr);
}

#[test]
fn one_name_belongs_to_one_projection() {
    let project = migrated();
    for name in ["one", "two"] {
        project.write(
            &format!("projections/{name}/schema/V1__x.sql"),
            "CREATE TABLE shared (id text PRIMARY KEY);",
        );
        project.write(
            &format!("projections/{name}/handlers.sql"),
            "-- on OrderCreated\nINSERT INTO shared VALUES (:order_id);\n",
        );
    }
    project.ok(&["rebuild", "one"]);
    let said = "shared in schema read_model is already published by the projection one";
    let args = ["rebuild", "two"];
    refused(&project, &args, 1, &[said, "rename the table, or set publish_schema"]);
    let builds = "SELECT schema_name FROM regrow.build WHERE state <> 'dropped'";
    assert_eq!(rows(&mut project.reads(), builds), ["(one__b1)"], "nothing of two was begun");
    project.write("projections/two/projection.toml", "publish_schema = \"read_two\"\n");
    project.ok(&["rebuild", "two", "--promote"]);
    assert_eq!(rows(&mut project.reads(), "SELECT * FROM read_two.shared"), [""; 0]);

    // A relation of the users' own is not taken over.
    project
        .reads()
        .batch_execute("CREATE SCHEMA read_model; CREATE TABLE read_model.shared ()")
        .unwrap();
    let args = ["promote", "one"];
    let ran = project.run(&args);
    says(&ran, &args, 1, &["shared", "exists and is not a view of the projection one"]);
    project.reads().batch_execute("DROP TABLE read_model.shared").unwrap();

    // A projection that is gone gives its names back.
    project.ok(&["prune", "one", "--unfinished"]);
    project.write("projections/two/projection.toml", "");
    project.ok(&["rebuild", "two", "--promote"]);
}

#[test]
fn names_that_are_too_long_or_taken() {
    let project = migrated();
    for (name, reason) in [
        ("a".repeat(49), "it has 49 bytes, and 48 are the most"),
        ("event_store".into(), "regrow uses it itself"),
        ("regrow".into(), "regrow uses it itself"),
    ] {
        let path = format!("projections/{name}/handlers.sql");
        project.write(&path, "-- on X\n");
        let said = format!("the projection {name:?} needs another name: {reason}");
        refused(&project, &["check"], 1, &[&said]);
        std::fs::remove_dir_all(project.folder.path().join(format!("projections/{name}"))).unwrap();
    }
    let long = "s".repeat(64);
    project.write("config.toml", &format!("[read_models]\nschema = \"{long}\"\n"));
    refused(&project, &["status"], 1, &["config.toml: [read_models] schema: ", "63"]);
}

#[test]
fn a_link_that_leads_out_of_the_project_is_not_followed() {
    let project = migrated();
    let outside = tempfile::TempDir::new().unwrap();
    let secret = outside.path().join("handlers.sql");
    std::fs::write(&secret, format!("-- on {CANARY}\n")).unwrap();
    let folder = project.folder.path().join("projections/linked");
    symlink(outside.path(), &folder).unwrap();
    let args = ["check"];
    let said = "projections/linked/handlers.sql leads out of the project";
    refused(&project, &args, 1, &[said]);
    std::fs::remove_file(&folder).unwrap();
    let target = project.folder.path().join("migrations/event_store/V2__x.sql");
    symlink(&secret, &target).unwrap();
    for args in [&["migrate"][..], &["status"]] {
        let said = "migrations/event_store/V2__x.sql leads out of the project";
        refused(&project, args, 1, &[said]);
    }
    std::fs::remove_file(&target).unwrap();
    // Inside, a link is as good as a file.
    std::fs::rename(project.folder.path().join(HANDLERS), project.folder.path().join("h.sql"))
        .unwrap();
    symlink("../../h.sql", project.folder.path().join(HANDLERS)).unwrap();
    project.ok(&["check"]);
}

#[test]
fn a_file_that_is_not_text_is_named_with_the_byte() {
    let project = migrated();
    std::fs::write(project.folder.path().join(HANDLERS), b"-- on X\xff\n").unwrap();
    refused(
        &project,
        &["check"],
        1,
        &["projections/order_summary/handlers.sql is not UTF-8 at byte 7"],
    );
}

#[test]
fn a_bad_line_is_named_and_nothing_of_the_import_is_kept() {
    let project = migrated();
    let good = |stream: &str, number: i32| {
        format!(
            r#"{{"stream_id": "{stream}", "stream_version": {number}, "type": "A", "payload": {{}}}}"#
        )
    };
    let with = |from: &str, to: &str| {
        let line = good("s", 9);
        assert!(line.contains(from), "{from}");
        line.replace(from, to)
    };
    for (bad, said) in [
        ("{".to_owned(), ""),
        ("[]".into(), ""),
        ("null".into(), ""),
        (good("s", 9) + "x", ""),
        (with(r#""stream_id": "s", "#, ""), "stream_id"),
        (with(r#""payload": {}"#, r#""payload": 5"#), "payload"),
        (with(r#""payload": {}"#, r#""payload": {"a": NaN}"#), ""),
        (with(r#""payload": {}"#, r#""payload": {"a": "\u0000"}"#), ""),
        (with(r#""payload": {}"#, r#""payload": {"a": "\ud800"}"#), ""),
        (with(r#""stream_version": 9"#, r#""stream_version": -1"#), "stream_version"),
        (with(r#""stream_version": 9"#, r#""stream_version": 9.5"#), "stream_version"),
        (with(r#""stream_version": 9"#, r#""stream_version": 99999999999"#), "stream_version"),
        (with(r#""type": "A""#, r#""type": """#), "type"),
        (with(r#""type": "A""#, r#""type": "A", "schema_version": 0"#), "schema_version"),
        (with(r#""type": "A""#, r#""type": "A", "recorded_at": "soon""#), "recorded_at"),
        (with(r#""type": "A""#, r#""type": "A", "nosuch": 1"#), "nosuch"),
        (good("s", 1), "stream s already has an event number 1"),
    ] {
        let text = format!("{}\n\n{}\n{bad}\n{}\n", good("s", 0), good("s", 1), good("s", 2));
        project.write("bad.ndjson", &text);
        let args = ["import", "bad.ndjson"];
        refused(&project, &args, 1, &["error: bad.ndjson:4: ", said, "nothing was kept"]);
        let count = rows(&mut project.events(), "SELECT count(*) FROM event_store.events");
        assert_eq!(count, ["(0)"], "{bad}");
    }
    std::fs::write(project.folder.path().join("bad.ndjson"), b"\xff\n").unwrap();
    refused(&project, &["import", "bad.ndjson"], 1, &["bad.ndjson:1: the line is not UTF-8"]);
    project.write("good.ndjson", &format!("\u{feff}{}\r\n\r\n{}", good("s", 0), good("s", 1)));
    project.ok(&["import", "good.ndjson"]);
    refused(&project, &["import", "good.ndjson"], 1, &["good.ndjson:1: stream s already has"]);
}

#[test]
fn edited_and_missing_revisions_are_listed_together() {
    let project = Project::orders();
    let folder = "migrations/event_store";
    for (n, sql) in [(2, "SELECT 2;"), (3, "SELECT 3;"), (5, "SELECT 5;")] {
        project.write(&format!("{folder}/V{n}__more.sql"), sql);
    }
    project.ok(&["migrate"]);
    project.write(&format!("{folder}/V2__more.sql"), "SELECT 22;");
    std::fs::remove_file(project.folder.path().join(format!("{folder}/V3__more.sql"))).unwrap();
    project.write(&format!("{folder}/V4__late.sql"), "CREATE TABLE event_store.late ();");
    project.write(&format!("{folder}/V6__next.sql"), "CREATE TABLE event_store.next ();");
    let parts = [
        "revision V2__more of event_store was applied on ",
        "but its file has changed",
        "revision V3__more of event_store was applied on ",
        "but its file is missing",
        "revision V4__late of event_store was never applied, but V5__more, which comes after it, was",
        "restore the files as they ran",
    ];
    refused(&project, &["migrate"], 4, &parts);
    let made = "SELECT relname FROM pg_class WHERE relname IN ('late', 'next')";
    assert_eq!(rows(&mut project.events(), made), [""; 0], "refused before the first DDL");
    // A second file of one version is a mistake of its own.
    let project = migrated();
    project.write(&format!("{folder}/V1__again.sql"), "SELECT 1;");
    refused(&project, &["migrate"], 1, &["V1__again.sql and ", "have the same version"]);
}

#[test]
fn an_editors_mark_and_other_line_ends_are_no_edit() {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary"]);
    let files = [
        "config.toml",
        "migrations/event_store/V1__events.sql",
        "migrations/events/OrderItemAdded.toml",
        "projections/order_summary/schema/V1__order_summary.sql",
        HANDLERS,
        "projections/order_summary/checks.sql",
    ];
    let before: Vec<String> = files.iter().map(|f| project.read(f)).collect();
    for (path, text) in files.iter().zip(&before) {
        project.write(path, &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    project.ok(&["check"]);
    project.ok(&["migrate"]);
    let same = ["order_summary__b1 has the same definition"];
    refused(&project, &["rebuild", "order_summary"], 1, &same);
    // And the other way round.
    let windows = Project::orders();
    for (path, text) in files.iter().zip(&before) {
        windows.write(path, &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    windows.ok(&["migrate"]);
    windows.events().batch_execute(ORDERS).unwrap();
    windows.ok(&["rebuild", "order_summary"]);
    for (path, text) in files.iter().zip(&before) {
        windows.write(path, text);
    }
    windows.ok(&["migrate"]);
    refused(&windows, &["rebuild", "order_summary"], 1, &same);
}

#[test]
fn many_migrate_at_once_and_one_does_the_work() {
    let project = Project::orders();
    let children: Vec<_> = (0..6).map(|_| project.spawn(&["migrate", "--json"])).collect();
    let ran: Vec<Ran> = children
        .into_iter()
        .map(|child| Ran::from(child.wait_with_output().unwrap(), &["migrate"]))
        .collect();
    let worked = ran.iter().filter(|r| r.stdout.contains(r#""ran":["V1__events"]"#)).count();
    assert!(
        ran.iter().all(|r| r.code == 0),
        "{:?}",
        ran.iter().map(|r| &r.stderr).collect::<Vec<_>>()
    );
    assert_eq!(worked, 1);
    // With nothing to do nobody needs the lock; with something, one that does not want to wait
    // is told who is at it.
    project.write("migrations/event_store/V2__more.sql", "CREATE TABLE more ();");
    let mut other = project.events();
    other.batch_execute("SET application_name = 'another deploy'").unwrap();
    let lock = "SELECT pg_advisory_lock(x'72656772'::int, hashtext('regrow migrate'))";
    other.batch_execute(lock).unwrap();
    let parts = ["another run holds the deploy lock", "another deploy", "--wait"];
    refused(&project, &["migrate", "--wait", "0"], 6, &parts);
}

#[test]
fn a_second_rebuild_of_an_unfinished_build_says_what_to_do() {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    // Somebody else is at it.
    let mut other = project.reads();
    other.batch_execute("SET application_name = 'regrow rebuild elsewhere'").unwrap();
    let lock = "SELECT pg_advisory_lock(x'72656772'::int, hashtext('rebuild order_summary'))";
    other.batch_execute(lock).unwrap();
    let parts = ["another run is rebuilding order_summary", "regrow rebuild elsewhere"];
    refused(&project, &["rebuild", "order_summary"], 6, &parts);
    drop(other);
    wait_until("the lock", || project.run(&["rebuild", "order_summary"]).code == 0);
    let parts =
        ["order_summary__b1 has the same definition and is ready", "regrow promote order_summary"];
    refused(&project, &["rebuild", "order_summary"], 1, &parts);
    // A killed one stays where it was.
    project
        .reads()
        .batch_execute("UPDATE regrow.build SET state = 'paused', resume_state = 'ready'")
        .unwrap();
    project
        .reads()
        .batch_execute("UPDATE regrow.build SET state = 'catching_up', resume_state = NULL")
        .unwrap();
    let parts = [
        "is catching_up",
        "regrow resume order_summary",
        "regrow prune order_summary --unfinished",
    ];
    refused(&project, &["rebuild", "order_summary"], 1, &parts);
    assert_eq!(
        project.ok(&["prune", "order_summary", "--unfinished"]),
        "dropped order_summary__b1\n"
    );
    project.ok(&["rebuild", "order_summary"]);
    assert_eq!(project.ok(&["prune", "order_summary"]), "nothing to drop\n");
    assert_eq!(
        project.ok(&["prune", "order_summary", "--unfinished"]),
        "dropped order_summary__b2\n"
    );
}

#[test]
fn an_adopted_log_that_is_not_there_is_not_for_migrate_to_make() {
    let project = Project::empty();
    project.write("config.toml", "");
    let args = ["adopt", "--preset", "nosuch", "--table", "x"];
    refused(&project, &args, 1, &["preset \"nosuch\" is not known"]);
    project.ok(&["adopt", "--preset", "eventsourcing", "--table", "public.nosuch"]);
    let args = ["adopt", "--preset", "eventsourcing", "--table", "public.nosuch"];
    refused(&project, &args, 1, &["has a section [event_store.adopt] already"]);
    let parts = ["the adopted event log public.nosuch does not exist", "[event_store.adopt]"];
    refused(&project, &["census"], 1, &parts);
    project.write("e.ndjson", "");
    refused(&project, &["import", "e.ndjson"], 1, &["regrow does not write to it"]);
}
