//! The owner: what migrations make is the owner's, whatever a revision does to its role.

use super::{APPEND, Estate, MIGRATE, READ, REBUILD, blocks};
use crate::bench::{Project, Ran, rows};

const STORE: &str = "migrations/event_store";

/// Owners of what lies in the event store that are not the owner.
const STRANGERS: &str = "SELECT c.relname, r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner \
     WHERE c.relnamespace = 'event_store'::regnamespace AND r.rolname !~ 'regrow_owner$' \
     UNION ALL SELECT p.proname, r.rolname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner \
     WHERE p.pronamespace = 'event_store'::regnamespace AND r.rolname !~ 'regrow_owner$'";

#[test]
fn what_migrations_make_is_the_owners() {
    let estate = Estate::live();
    let mut admin = estate.project.events();
    let write = |file: &str, sql: &str| {
        estate.project.write(&format!("{STORE}/{file}"), &estate.names.here(sql))
    };
    write(
        "V2__outside.sql",
        "-- transaction: none\nCREATE TABLE event_store.notes (id int);\n\
         CREATE INDEX CONCURRENTLY notes_by_id ON event_store.notes (id);\n\
         RESET ROLE;\nCREATE TABLE event_store.more (id int);\n\
         CREATE INDEX CONCURRENTLY more_by_id ON event_store.more (id);\n",
    );
    write("V2__outside.down.sql", "DROP TABLE event_store.more, event_store.notes;");
    write(
        "V3__roles.sql",
        "SET ROLE app_migrate;\nRESET ROLE;\nRESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\n\
         CREATE TABLE event_store.third (id int);\n",
    );
    write("V3__roles.down.sql", "DROP TABLE event_store.third;");
    write("V4__after.sql", "CREATE TABLE event_store.fourth (id int);");
    write("V4__after.down.sql", "DROP TABLE event_store.fourth;");
    estate.ok(MIGRATE, &["migrate", "--dry-run"]);
    estate.ok(MIGRATE, &["migrate"]);
    estate.ok(MIGRATE, &["redo"]);
    estate.ok(MIGRATE, &["downgrade", "-3"]);
    estate.ok(MIGRATE, &["migrate"]);
    estate.ok(MIGRATE, &["stamp", "3"]);
    estate.ok(MIGRATE, &["stamp", "4"]);
    estate.ok(MIGRATE, &["repair", "--accept", "drift"]);
    assert_eq!(rows(&mut admin, STRANGERS), [""; 0]);
    let made = "SELECT count(*) FROM pg_class WHERE relnamespace = 'event_store'::regnamespace \
                AND relname IN ('notes', 'more', 'third', 'fourth', 'notes_by_id', 'more_by_id')";
    assert_eq!(rows(&mut admin, made), ["(6)"]);
    let by = "SELECT DISTINCT applied_by FROM event_store.regrow_schema_history";
    assert_eq!(rows(&mut admin, by), [format!("({})", estate.names.role(MIGRATE))]);
}

#[test]
fn a_login_that_inherits_nothing_can_migrate() {
    let estate = Estate::empty();
    estate.admin("ALTER ROLE app_migrate NOINHERIT");
    estate.admin("REVOKE regrow_owner FROM app_migrate; GRANT regrow_owner TO app_migrate");
    estate.ok(MIGRATE, &["migrate"]);
    estate.ok(MIGRATE, &["migrate"]);
    assert_eq!(rows(&mut estate.project.events(), STRANGERS), [""; 0]);
}

#[test]
fn without_the_key_the_login_owns_what_it_makes() {
    let estate = Estate::empty();
    estate.project.write("config.toml", "");
    let ran = estate.run(MIGRATE, &["migrate"]);
    // The event store is made by inheritance, and the ledger is not for this role to make.
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let owned = format!("({})", estate.names.role(MIGRATE));
    let owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'events'";
    assert_eq!(rows(&mut estate.project.events(), owner), [owned]);
    assert!(ran.stderr.contains("GRANT CREATE ON DATABASE"), "{}", ran.stderr);
}

#[test]
fn a_role_that_does_not_exist_is_said_plainly() {
    let estate = Estate::empty();
    estate.project.write("config.toml", "[migrate]\nrole = \"no such\\\\ role\"\n");
    let ran = estate.run(MIGRATE, &["migrate"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for part in ["no such\\ role", "[migrate] role"] {
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
}

#[test]
fn a_script_for_psql_sets_the_role_itself() {
    let estate = Estate::empty();
    let script = estate.project.ok(&["migrate", "--sql"]);
    let set = format!("SET ROLE \"{}\";", estate.names.role("regrow_owner"));
    assert!(script.contains(&set), "{script}");
    // psql's own commands aside, it is SQL that the login runs.
    let sql: Vec<&str> = script.lines().filter(|line| !line.starts_with('\\')).collect();
    estate.connect(MIGRATE).batch_execute(&sql.join("\n")).unwrap();
    assert_eq!(rows(&mut estate.project.events(), STRANGERS), [""; 0]);
    estate.ok(MIGRATE, &["migrate"]);
    assert!(estate.project.ok(&["stamp", "head", "--sql"]).contains(&set));
}

/// Who owns the builds changes them; what a revision needs of the event store has to be there.
#[test]
fn a_revision_on_a_live_build_is_run_by_the_role_that_rebuilds() {
    let estate = Estate::live();
    let write = |file: &str, sql: &str| estate.project.write(file, sql);
    write(&format!("{STORE}/V2__more.sql"), "CREATE TABLE event_store.more (id int);");
    write(
        "projections/order_summary/schema/V2__note.sql",
        "-- depends-on: event_store@2\n\
         CREATE INDEX by_status ON order_summary (status);\n\
         ALTER TABLE order_summary ADD COLUMN note text;",
    );
    let ran = estate.run(REBUILD, &["migrate", "order_summary@head"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("permission denied to set role"), "{}", ran.stderr);
    estate.ok(MIGRATE, &["migrate"]);
    estate.ok(REBUILD, &["migrate", "order_summary@head"]);
    assert_eq!(estate.ask(READ, "SELECT count(note) FROM read_model.order_summary"), "(0)");
    estate.ok(REBUILD, &["check"]);
    let strangers = format!(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE (n.nspname IN ('regrow', 'read_model') OR n.nspname LIKE '%\\_\\_b%') \
         AND pg_get_userbyid(c.relowner) <> '{}'",
        estate.names.role(REBUILD)
    );
    assert_eq!(rows(&mut estate.project.events(), &strangers), [""; 0]);
}

/// What a login may not do in the live database it need not be able to do in scratch.
#[test]
fn a_check_by_a_role_that_cannot_migrate_tries_what_is_pending() {
    let estate = Estate::live();
    let revision = format!("{STORE}/V2__more.sql");
    estate.project.write(&revision, "CREATE TABLE event_store.more (id int);");
    let ran = estate.run(REBUILD, &["check"]);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, 3, "{told}");
    assert!(!told.contains("not tried"), "{told}");
    estate.project.write(&revision, "CREATE TABLE event_store.more (id nosuch);");
    let ran = estate.run(REBUILD, &["check", "--only", "migrations"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains(&format!("mistake: {revision}:1:35: ")), "{}", ran.stdout);
}

#[test]
fn the_two_statements_behind_the_log_fit_into_a_revision() {
    let estate = Estate::empty();
    let grants = estate.names.here(&blocks("sql")[1]);
    estate.project.write(&format!("{STORE}/V2__grants.sql"), &grants);
    estate.ok(MIGRATE, &["migrate"]);
    estate.write_events("orders.ndjson", "o", 200);
    estate.ok(APPEND, &["import", "orders.ndjson"]);
}

#[test]
fn a_revision_that_lacks_a_right_is_told_which() {
    let estate = Estate::empty();
    estate.project.write(&format!("{STORE}/V2__other.sql"), "CREATE SCHEMA other;");
    let ran = estate.run(MIGRATE, &["migrate"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let owner = estate.names.role("regrow_owner");
    let grant = format!("GRANT CREATE ON DATABASE {} TO {owner};", estate.project.database.name());
    assert!(ran.stderr.contains(&grant), "{}", ran.stderr);
    estate.project.events().batch_execute(&grant).unwrap();
    estate.ok(MIGRATE, &["migrate"]);
}

#[test]
fn in_a_private_cluster_the_key_does_not_count() {
    let project = Project::orders();
    project.write("config.toml", "[migrate]\nrole = \"nosuchrole\"\n");
    let args = ["migrate"];
    let private = project.command(&args).env_remove("DATABASE_URL").output().unwrap();
    let ran = Ran::from(private, &args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(project.run(&args).code, 1);
}
