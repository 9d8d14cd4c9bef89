//! Scratch: `check`, `verify-down` and `--autogenerate` touch nothing live, whatever files hold, and
//! what ran can be tried after the deploy as before it.

use super::{ORDER, STORE, ends, finds, is_clean, live, store, traces};
use crate::bench::{Project, rows, scratch_servers, wait_until};

/// What is in a database and its server, also what is no table: sequences, roles, settings.
fn everything(project: &Project) -> Vec<String> {
    let mut client = project.events();
    let mut found = traces(&mut client);
    let sequences =
        rows(&mut client, "SELECT oid::regclass FROM pg_class WHERE relkind = 'S' ORDER BY oid");
    for sequence in sequences {
        let sequence = sequence.trim_matches(['(', ')']).to_owned();
        found.extend(rows(&mut client, &format!("SELECT last_value, is_called FROM {sequence}")));
    }
    found
}

/// What a file may do that nobody outside of scratch may feel.
const HARM: [&str; 9] = [
    "SELECT setval('public.invoice_no', 1000);",
    "DO $$ BEGIN PERFORM nextval('public.invoice_no'); PERFORM pg_notify('x', 'y'); END $$;",
    "DO $$ BEGIN EXECUTE $e$COPY (SELECT 1) TO PROGRAM 'touch {marker}'$e$; END $$;",
    "COPY (SELECT 1) TO '{marker}';",
    "CREATE ROLE role_{db}; ALTER SYSTEM SET work_mem = '77MB'; CREATE DATABASE {db}_x;",
    "DO $$ BEGIN CREATE ROLE role_{db}; END $$;",
    "LOCK TABLE event_store.a IN ACCESS EXCLUSIVE MODE; DROP SCHEMA event_store CASCADE; CREATE SCHEMA event_store;",
    "RESET ROLE; RESET SESSION AUTHORIZATION; DO $$ BEGIN EXECUTE 'ALTER SYSTEM SET work_mem = ''77MB'''; END $$;",
    "ALTER SCHEMA event_store RENAME TO gone; SELECT pg_terminate_backend(pid) FROM pg_stat_activity;",
];

#[test]
fn nothing_that_files_do_is_felt_outside() {
    let project =
        store(&[("V1__a.sql", "CREATE TABLE event_store.a (id bigint PRIMARY KEY, v text);")]);
    project.ok(&["migrate"]);
    let mut holder = project.events();
    holder
        .batch_execute("CREATE SEQUENCE public.invoice_no; SELECT setval('public.invoice_no', 52417); INSERT INTO event_store.a VALUES (1)")
        .unwrap();
    let before = everything(&project);
    // Nobody waits: a lock that is held all the while is in nobody's way.
    let mut held = holder.transaction().unwrap();
    held.batch_execute("LOCK TABLE event_store.a IN ACCESS EXCLUSIVE MODE").unwrap();
    let marker = project.folder.path().join("marker");
    std::fs::set_permissions(
        project.folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o777),
    )
    .unwrap();
    for sql in HARM {
        let sql = sql.replace("{marker}", &marker.display().to_string());
        let sql = sql.replace("{db}", &project.database.name());
        project.write(&format!("{STORE}/V2__harm.sql"), &sql);
        project.write(&format!("{STORE}/V2__harm.down.sql"), &sql);
        project.write("migrations/schema.sql", &format!("CREATE TABLE a (); {sql}"));
        for command in [
            &["check", "--only", "migrations"][..],
            &["verify-down"],
            &["revision", "--autogenerate", "-m", "x"],
        ] {
            let ran = project.run(command);
            assert!(!ran.stderr.contains("lock timeout"), "{command:?} {sql}\n{}", ran.stderr);
            assert!(!marker.exists(), "{command:?} {sql}");
        }
        let _ = std::fs::remove_file(project.folder.path().join(format!("{STORE}/V3__x.sql")));
        let _ = std::fs::remove_file(project.folder.path().join(format!("{STORE}/V3__x.down.sql")));
    }
    held.rollback().unwrap();
    assert_eq!(everything(&project), before);
    let made = format!(
        "SELECT rolname FROM pg_roles WHERE rolname = 'role_{0}' UNION ALL SELECT datname FROM pg_database WHERE datname LIKE '{0}\\_x'",
        project.database.name()
    );
    assert_eq!(rows(&mut project.events(), &made), [""; 0]);
}

#[test]
fn what_ran_can_be_tried_after_the_deploy_as_before_it() {
    let project = store(&[
        (
            "V1__base.sql",
            "CREATE TYPE st AS ENUM ('a', 'b');\nCREATE TABLE event_store.a (id bigint PRIMARY KEY, s st, up bigint REFERENCES event_store.a DEFERRABLE INITIALLY DEFERRED);",
        ),
        (
            "V2__x.sql",
            "ALTER TYPE st ADD VALUE 'x' BEFORE 'b';\nINSERT INTO event_store.a VALUES (1, 'a', 1);",
        ),
        (
            "V3__use.sql",
            "ALTER TABLE event_store.a ALTER s SET DEFAULT 'x';\nALTER TABLE event_store.a ADD COLUMN n int;",
        ),
        ("V4__api.sql", "CREATE SCHEMA api;\nCREATE VIEW api.a AS SELECT id FROM event_store.a;"),
        ("V4__api.down.sql", "DROP SCHEMA api CASCADE;"),
        ("V5__ext.sql", "CREATE EXTENSION citext;\nCREATE PUBLICATION p FOR TABLE event_store.a;"),
        ("V5__ext.down.sql", "DROP PUBLICATION p;\nDROP EXTENSION citext;"),
        (
            "V6__seq.sql",
            "CREATE SEQUENCE public.invoice_no;\nSELECT setval('public.invoice_no', 1000);",
        ),
        ("V6__seq.down.sql", "DROP SEQUENCE public.invoice_no;"),
    ]);
    let verified = [
        "V4__api leads back",
        "V5__ext leads back",
        "V6__seq leads back",
        "V3__use has no way back",
    ];
    ends(&project, &["verify-down"], 0, &verified);
    finds(&project, &["--only", "migrations"], 0, &[]);
    project.ok(&["migrate"]);
    project.events().batch_execute("SELECT setval('public.invoice_no', 52417)").unwrap();
    ends(&project, &["verify-down"], 0, &verified);
    is_clean(&project);
    assert_eq!(
        rows(&mut project.events(), "SELECT last_value FROM public.invoice_no"),
        ["(52417)"]
    );
    project.write("migrations/schema.sql", "CREATE TYPE st AS ENUM ('a', 'x', 'b');\nCREATE EXTENSION citext;\n\
        CREATE TABLE a (id bigint PRIMARY KEY, s st DEFAULT 'x', up bigint REFERENCES a DEFERRABLE INITIALLY DEFERRED, n int, m int);");
    ends(&project, &["revision", "--autogenerate", "-m", "m"], 0, &["V7__m.sql"]);
    assert!(project.read(&format!("{STORE}/V7__m.sql")).contains("ADD COLUMN m integer"));
}

#[test]
fn what_cannot_be_tried_is_a_note_and_counted() {
    let project = store(&[("V1__a.sql", "CREATE TABLE a (id int);")]);
    project.ok(&["migrate"]);
    project
        .events()
        .batch_execute(
            "CREATE TABLE public.theirs (id int); CREATE FUNCTION public.f() RETURNS int RETURN 1",
        )
        .unwrap();
    let path = format!("{STORE}/V2__b.sql");
    for (sql, said) in [
        (
            "ALTER TABLE public.theirs ADD COLUMN n int;",
            "no revision makes it: relation \"public.theirs\"",
        ),
        ("SELECT public.f();", "no revision makes it: "),
        (
            "DO $$ BEGIN CREATE ROLE nobody_makes_this; END $$;",
            "scratch gives it no right to do that",
        ),
        ("CREATE ROLE nobody_makes_this_either;", "is about the whole server, and was not tried"),
    ] {
        project.write(&path, &format!("CREATE TABLE b ();\n{sql}\n"));
        let ran = ends(
            &project,
            &["check", "--only", "migrations"],
            0,
            &["note: ", &format!("{path}:2:"), said, "1 thing not tried"],
        );
        assert!(!ran.stdout.contains("mistake"), "{}", ran.stdout);
        ends(
            &project,
            &["check", "--only", "migrations", "--require-scratch"],
            1,
            &["mistake: ", said],
        );
    }
    // A mistake stays one.
    project.write(&path, "SELECT nosuch.f();");
    finds(&project, &["--only", "migrations"], 1, &[&format!("mistake {path}:1:8 ")]);
    // What was applied never failed, whatever it needed then.
    project.write(&path, "CREATE VIEW v AS SELECT id FROM public.theirs;");
    project.ok(&["migrate"]);
    project.write(&format!("{STORE}/V3__c.sql"), "CREATE TABLE c ();");
    ends(&project, &["check", "--only", "migrations"], 0, &["V2__b was not tried: it is applied"]);
    ends(&project, &["verify-down"], 0, &["V2__b could not be tried", "V3__c could not be tried"]);
    project.write("migrations/schema.sql", "CREATE TABLE a (id int);");
    let said = ["V2__b cannot be tried in scratch: it is applied", "\"code\":\"not-tried\""];
    ends(&project, &["revision", "--autogenerate", "-m", "x", "--json"], 1, &said);
}

#[test]
fn roles_of_the_server_have_their_names_in_scratch() {
    let project = store(&[("V1__a.sql", "CREATE TABLE a (id int);")]);
    let role = format!("role_{}", project.database.name());
    project.events().batch_execute(&format!("CREATE ROLE {role}")).unwrap();
    project.write(
        &format!("{STORE}/V2__b.sql"),
        &format!("CREATE ROLE made_{role};\nGRANT SELECT ON a TO {role}, made_{role};\nCREATE POLICY p ON a TO made_{role};\n"),
    );
    project.write(
        &format!("{STORE}/V2__b.down.sql"),
        &format!("REVOKE ALL ON a FROM {role}, made_{role};\nDROP POLICY p ON a;"),
    );
    let ran = ends(
        &project,
        &["check", "--only", "migrations"],
        0,
        &["V2__b.sql:1:1: this statement of V2__b is about", "1 thing"],
    );
    assert!(!ran.stdout.contains("mistake"), "{}", ran.stdout);
    project.events().batch_execute(&format!("DROP ROLE {role}")).unwrap();
}

/// A server of ours without the programs: the database is made beside the live one.
fn without_programs(project: &Project, args: &[&str], url: &str) -> (i32, String) {
    let mut command = project.command(args);
    command.env("REGROW_PG_BIN", "/nowhere").env("DATABASE_URL", url);
    let folder = tempfile::TempDir::new().unwrap();
    let ran = crate::bench::Ran::from(
        command.env("REGROW_SCRATCH", folder.path()).output().unwrap(),
        args,
    );
    (ran.code, format!("{}{}", ran.stdout, ran.stderr))
}

fn left(project: &Project) -> Vec<String> {
    let sql = "SELECT datname FROM pg_database WHERE datname LIKE 'regrow\\_scratch\\_%' AND datname LIKE '%\\_' || (SELECT oid FROM pg_database WHERE datname = current_database()) || '\\_%' \
               UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'regrow\\_scratch\\_' || (SELECT oid FROM pg_database WHERE datname = current_database()) || '%'";
    rows(&mut project.events(), sql)
}

#[test]
fn without_a_private_server_a_database_is_made_beside_the_live_one() {
    let project = live();
    project.write(
        &format!("{STORE}/V2__b.sql"),
        "CREATE TABLE b ();\nDO $$ BEGIN EXECUTE 'CREATE ROLE x SUPERUSER'; END $$;",
    );
    let before = everything(&project);
    let url = project.database.url();
    // What a kill left behind goes with the next run.
    let number = "SELECT oid FROM pg_database WHERE datname = current_database()";
    let number = rows(&mut project.events(), number)[0].trim_matches(['(', ')']).to_owned();
    let tag = format!("regrow_scratch_{number}_0123456789ab");
    let mut client = project.events();
    client.batch_execute(&format!("CREATE ROLE \"{tag}\"")).unwrap();
    client.batch_execute(&format!("CREATE DATABASE \"{tag}-7\" OWNER \"{tag}\"")).unwrap();
    assert_eq!(left(&project).len(), 2);
    let (code, said) = without_programs(&project, &["check", "--only", "migrations"], &url);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("V2__b was not tried: scratch gives it no right"), "{said}");
    let (code, said) = without_programs(&project, &["check", "--only", "handlers"], &url);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("(engine: native)") && !said.contains("not tried"), "{said}");
    assert_eq!(left(&project), [""; 0]);
    assert_eq!(everything(&project), before);
}

#[test]
fn without_either_way_handlers_of_plain_tables_are_typed_all_the_same() {
    let project = live();
    let role = format!("plain_{}", project.database.name());
    let database = project.database.name();
    project
        .events()
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN; GRANT CREATE ON DATABASE {database} TO {role}; \
             GRANT USAGE ON SCHEMA event_store, regrow TO {role}; \
             GRANT SELECT ON ALL TABLES IN SCHEMA event_store, regrow TO {role}; \
             GRANT SELECT ON ALL SEQUENCES IN SCHEMA event_store TO {role}"
        ))
        .unwrap();
    let url = project.database.url().replace("user=regrow", &format!("user={role}"));
    let before = everything(&project);
    let (code, said) = without_programs(&project, &["check", "--only", "handlers"], &url);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("(engine: native)") && said.contains("2 things not tried"), "{said}");
    assert_eq!(said.matches("were not run on events of the log").count(), 2, "{said}");
    project.write(&format!("{ORDER}/V2__x.sql"), "CREATE VIEW v AS SELECT 1 AS one;");
    let (code, said) = without_programs(&project, &["check", "--only", "handlers"], &url);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("order_summary was not tried: ") && said.contains("2 things not tried"),
        "{said}"
    );
    let args = ["check", "--only", "handlers", "--require-scratch"];
    assert_eq!(without_programs(&project, &args, &url).0, 1);
    let (code, said) = without_programs(&project, &["verify-down", "--json"], &url);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("\"code\":\"scratch-missing\"") && said.contains("CREATEDB"), "{said}");
    assert_eq!(everything(&project), before);
    project.events().batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn what_a_killed_run_left_is_dropped_by_the_next() {
    let project = store(&[("V1__a.sql", "CREATE TABLE a (id int);\nSELECT pg_sleep(60);")]);
    let servers = scratch_servers();
    let major =
        rows(&mut project.events(), "SELECT current_setting('server_version_num')::int / 10000");
    let cluster = servers.cluster(major[0].trim_matches(['(', ')']).parse().unwrap()).unwrap();
    let mut scratch = postgres::Client::connect(&cluster.url(), postgres::NoTls).unwrap();
    let sleeping = "SELECT datname FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'";
    let mut child = project.spawn(&["check", "--only", "migrations"]);
    wait_until("the revision to sleep in scratch", || !rows(&mut scratch, sleeping).is_empty());
    let database = rows(&mut scratch, sleeping)[0].trim_matches(['(', ')', '"']).to_owned();
    child.kill().unwrap();
    child.wait().unwrap();
    let there = format!("SELECT FROM pg_database WHERE datname = '{database}'");
    assert_eq!(rows(&mut scratch, &there).len(), 1);
    let tag = database.rsplit_once('-').unwrap().0.to_owned();
    let held = "SELECT pg_try_advisory_lock(x'72656772'::int, hashtext($1)) AND pg_advisory_unlock(x'72656772'::int, hashtext($1))";
    wait_until("the killed run's session to end", || {
        scratch.query_one(held, &[&tag]).unwrap().get(0)
    });
    project.write(&format!("{STORE}/V1__a.sql"), "CREATE TABLE a (id int);");
    ends(&project, &["check", "--only", "migrations"], 0, &[]);
    assert_eq!(rows(&mut scratch, &there).len(), 0);
}

#[test]
fn a_projection_that_stands_on_the_event_store_finds_it_in_scratch() {
    let project = live();
    project.write(&format!("{STORE}/V2__kinds.sql"), "CREATE TABLE kinds (name text PRIMARY KEY);");
    project.write(
        &format!("{ORDER}/V2__k.sql"),
        "-- depends-on: event_store@2\nCREATE VIEW k AS SELECT name FROM event_store.kinds;",
    );
    let reads = "reads = [\"event_store.kinds\"]\n";
    project.write("projections/order_summary/projection.toml", reads);
    let ran = project.run(&["check", "--only", "handlers"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(!ran.stdout.contains("not tried"), "{}", ran.stdout);
}
