//! Settings of roles, databases and servers: none gives a handler another meaning.

use std::collections::BTreeSet;

use postgres::Client;
use regrow::pg::{Server, Session, Sql as _, settings};

use crate::bad_input::Role;
use crate::bench::{Database, Project, rows};

/// Looked at where they matter, not set: what `pg/session_checked.sql` asks, what preflight tells
/// (read-only roles, temp_file_limit), what belongs to a transaction or a database, and what `determinism` refuses to depend on.
const ASKED: &str = "application_name default_text_search_config default_transaction_read_only \
    ignore_checksum_failure server_encoding session_replication_role temp_file_limit \
    transaction_deferrable transaction_isolation transaction_read_only zero_damaged_pages \
    plpgsql.variable_conflict";
/// Plans, costs, sizes, tracing, rights: they make a statement fast or slow, allowed or not.
const HARMLESS: &str = include_str!("settings/harmless.txt");
/// Nobody can set them for a role or a database, and no row depends on them.
const OF_THE_SERVER: &str = include_str!("settings/of_the_server.txt");

/// What a role, a database or a server may have set, and what is not ours.
const OTHERS: [(&str, &str); 22] = [
    ("TimeZone", "Asia/Kathmandu"),
    ("timezone_abbreviations", "India"),
    ("DateStyle", "German, DMY"),
    ("IntervalStyle", "iso_8601"),
    ("extra_float_digits", "-3"),
    ("bytea_output", "escape"),
    ("array_nulls", "off"),
    ("transform_null_equals", "on"),
    ("standard_conforming_strings", "off"),
    ("backslash_quote", "on"),
    ("quote_all_identifiers", "on"),
    ("xmlbinary", "hex"),
    ("xmloption", "document"),
    ("gin_fuzzy_search_limit", "1"),
    ("check_function_bodies", "off"),
    ("exit_on_error", "on"),
    ("default_transaction_isolation", "serializable"),
    ("default_transaction_deferrable", "on"),
    ("plpgsql.extra_errors", "all"),
    ("plpgsql.check_asserts", "off"),
    ("lc_time", "POSIX"),
    ("row_security", "on"),
];

#[test]
fn every_setting_is_pinned_or_asked_or_without_meaning() {
    let database = Database::new();
    let mut client = database.connect();
    // It is loaded with the first function, and its settings are there from then on.
    client.batch_execute("DO LANGUAGE plpgsql 'BEGIN END'").unwrap();
    let known: BTreeSet<&str> = settings::pinned()
        .chain([ASKED, HARMLESS, OF_THE_SERVER].into_iter().flat_map(str::split_whitespace))
        .collect();
    let all = "SELECT name FROM pg_settings";
    let unknown: Vec<String> = client
        .query(all, &[])
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .filter(|name: &String| !known.contains(name.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "nobody has said whether these give a handler another meaning: {unknown:?}\n\
         pin them (src/pg/session.sql), check them (src/pg/session_checked.sql), or list them here"
    );
}

#[test]
fn no_setting_of_a_role_or_a_database_reaches_a_session() {
    let project = Project { read_models: None, ..Project::empty() };
    let role = Role::new("settings_of", "SUPERUSER");
    let server = Server::parse(&role.url(&project)).unwrap();
    let shown = |session: &mut Session| -> Vec<String> {
        let show =
            "SELECT concat(name, '=', current_setting(name, true)) FROM unnest($1::text[]) AS name";
        let names: Vec<&str> = settings::pinned().chain(["session_replication_role"]).collect();
        session.query(show, &[&names]).unwrap().iter().map(|row| row.get(0)).collect()
    };
    let before = shown(&mut Session::open(&server, "test").unwrap());
    let mut admin = project.events();
    let (here, name) = (project.database.name(), role.name());
    let covered = OTHERS.map(|(setting, _)| setting);
    for setting in settings::pinned().filter(|s| !covered.contains(s)) {
        // What is left bounds how long and how loud a session is, or has one value on this machine.
        let known = [
            "search_path",
            "client_encoding",
            "lc_monetary",
            "lc_numeric",
            "synchronize_seqscans",
            "plpgsql.print_strict_params",
            "plpgsql.extra_warnings",
            "client_min_messages",
            "restrict_nonsystem_relation_kind",
        ];
        let is_bound = setting.contains("timeout") || setting.contains("keepalives");
        let is_bound = is_bound || setting == "client_connection_check_interval";
        assert!(is_bound || known.contains(&setting), "{setting} is not tried");
    }
    for (place, of) in [("DATABASE", &here), ("ROLE", &name.to_owned())] {
        for (setting, value) in OTHERS.into_iter().chain([("session_replication_role", "replica")])
        {
            admin.batch_execute(&format!("ALTER {place} {of} SET {setting} = '{value}'")).unwrap();
        }
        let mut session = Session::open(&server, "test").unwrap();
        assert_eq!(shown(&mut session), before, "set on {place}");
        session.renew().unwrap();
        assert_eq!(shown(&mut session), before, "set on {place}, renewed");
        admin.batch_execute(&format!("ALTER {place} {of} RESET ALL")).unwrap();
    }
}

/// One row that says which settings held when it was made.
fn telling() -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write(
        "projections/p/schema/V1__p.sql",
        "SET transform_null_equals = on;\nSET array_nulls = off;\nSET TimeZone = 'Asia/Kathmandu';\n\
         SET synchronous_commit = on;\n\
         CREATE TABLE p (id text PRIMARY KEY, a text, n integer, tags text[], t text, at timestamptz);\n",
    );
    project.write(
        "projections/p/handlers.sql",
        "-- on E\nINSERT INTO p (id, a, tags, at) VALUES (:id, :a, :tags, :event.recorded_at);\n\n\
         -- on F\nUPDATE p SET n = CASE WHEN a = NULL THEN 1 ELSE 2 END, t = at::timestamp::text \
         WHERE id = :id;\n",
    );
    project.ok(&["migrate"]);
    append(&mut project.events(), "one");
    project
}

fn append(client: &mut Client, stream: &str) {
    let events = r#"[{"type": "E", "payload": {"id": "ID", "a": null, "tags": ["a", null, "NULL"]}},
                     {"type": "F", "payload": {"id": "ID"}}]"#;
    let events = events.replace("ID", stream);
    let sql = "SELECT event_store.append($1, -1, $2::text::jsonb)";
    client.query(sql, &[&stream, &events]).unwrap();
}

#[test]
fn rows_are_the_same_whatever_is_set() {
    let project = telling();
    let good = "SELECT n, tags, t = to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') \
                OR t LIKE to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || '.%' AS utc FROM ";
    let expect = r#"(2,"{a,NULL,""NULL""}",t)"#;
    let mut admin = project.events();
    let here = project.database.name();
    for (setting, value) in OTHERS {
        admin.batch_execute(&format!("ALTER DATABASE {here} SET {setting} = '{value}'")).unwrap();
    }
    for engine in ["sql", "native"] {
        project.write("projections/p/projection.toml", &format!("engine = \"{engine}\"\n"));
        project.ok(&["rebuild", "p", "--promote"]);
        append(&mut project.events(), &format!("more_{engine}"));
        project.ok(&["run", "--until-caught-up"]);
    }
    let mut reads = project.reads();
    for build in ["p__b1", "p__b2"] {
        let found = rows(&mut reads, &format!("{good}{build}.p"));
        assert_eq!(found, [expect, expect, expect], "{build}");
    }
}

#[test]
fn a_session_without_triggers_is_refused_or_put_right() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let mut admin = project.events();
    let set =
        |admin: &mut Client, role: &Role, word: &str| {
            let sql = format!("ALTER ROLE {} {word} session_replication_role", role.name());
            admin
                .batch_execute(&sql.replace(
                    "SET session_replication_role",
                    "SET session_replication_role = replica",
                ))
                .unwrap();
        };
    // A superuser's session is put right, so the fence moves.
    let role = Role::new("settings_etl", "SUPERUSER");
    set(&mut admin, &role, "SET");
    let url = role.url(&project);
    project.ok(&["rebuild", "order_summary", "--promote", "--database-url", &url]);
    let moved = "SELECT generation > 1 FROM regrow.build";
    assert_eq!(rows(&mut admin, moved), ["(t)"]);
    // Another's cannot be.
    let plain = Role::new("settings_plain", "");
    set(&mut admin, &plain, "SET");
    let url = plain.url(&project);
    for args in
        [&["status"][..], &["rebuild", "order_summary"], &["run", "--until-caught-up"], &["census"]]
    {
        let ran = project.run(&[args, &["--json", "--database-url", &url]].concat());
        let both = format!("{}{}", ran.stdout, ran.stderr);
        assert!(ran.code == 1 && both.contains("\"setting-in-the-way\""), "{args:?}: {both}");
    }
    let ran = project.run(&["status", "--database-url", &url]);
    let remedy =
        ran.stderr.split("as a superuser: ").nth(1).unwrap_or_else(|| panic!("{}", ran.stderr));
    admin.batch_execute(remedy.lines().next().unwrap()).unwrap();
    let ran = project.run(&["census", "--json", "--database-url", &url]);
    assert!(!ran.stderr.contains("setting-in-the-way"), "{}", ran.stderr);
    let here = project.database.name();
    admin
        .batch_execute(&format!("ALTER ROLE {} IN DATABASE {here} RESET ALL", plain.name()))
        .unwrap();
}

#[test]
fn what_plpgsql_takes_a_name_for_is_refused_or_put_right() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let mut admin = project.events();
    let (here, plain) = (project.database.name(), Role::new("settings_plpgsql", ""));
    admin
        .batch_execute(&format!(
            "ALTER DATABASE {here} SET plpgsql.variable_conflict = 'use_variable'"
        ))
        .unwrap();
    project.ok(&["rebuild", "order_summary"]);
    let ran = project.run(&["status", "--json", "--database-url", &plain.url(&project)]);
    let both = format!("{}{}", ran.stdout, ran.stderr);
    assert!(ran.code == 1 && both.contains("\"setting-in-the-way\""), "{both}");
}
