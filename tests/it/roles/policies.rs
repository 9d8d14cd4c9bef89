//! Policies on a log: whoever reads it sees every event or is refused, never some of them.

use crate::bad_input::Role;
use crate::bench::{Project, rows, wait_until};

const TABLE: &str = "CREATE TABLE ev (pos bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sid text, ver int, ty text, \
     body jsonb, at timestamptz DEFAULT clock_timestamp(), tenant text)";
const EVENTS: &str = "INSERT INTO LOG (sid, ver, ty, body, tenant) \
     SELECT 's' || i % 5, i / 5, 'T', jsonb_build_object('id', i::text), 't' || i % 2 FROM generate_series(1, 20) AS i";
const POLICY: &str =
    "ALTER TABLE LOG ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON LOG USING (tenant = 't1')";

/// A projection of every event.
fn counted(project: &Project) {
    project.write("projections/k/schema/V1__k.sql", "CREATE TABLE k (id text PRIMARY KEY);");
    project.write("projections/k/handlers.sql", "-- on T\nINSERT INTO k VALUES (:id);\n");
}

fn forget(project: &Project, role: &Role) {
    let sql = format!("REASSIGN OWNED BY {0} TO regrow; DROP OWNED BY {0}", role.name());
    project.events().batch_execute(&sql).unwrap();
}

#[track_caller]
fn refused(project: &Project, url: &str, args: &[&str]) {
    let ran = project.run(&[args, &["--database-url", url]].concat());
    let text = format!("{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.code != 0 && text.contains("BYPASSRLS"),
        "{args:?} ended with {}: {text}",
        ran.code
    );
}

/// Each way in which an adopted log can hide events: by the table itself, below views, in a part.
#[test]
fn a_log_with_policies_is_read_whole_or_not_at_all() {
    let role = Role::new("policies", "");
    let name = role.name();
    let parted =
        TABLE.replace("CREATE TABLE ev", "CREATE TABLE parted").replace(" PRIMARY KEY", "")
            + " PARTITION BY RANGE (pos)";
    let cases = [
        ("ev", String::new()),
        ("vo", format!("CREATE VIEW vo AS SELECT * FROM ev; ALTER VIEW vo OWNER TO {name}")),
        ("vi", "CREATE VIEW vi WITH (security_invoker = true) AS SELECT * FROM ev".to_owned()),
        (
            "vv",
            format!(
                "CREATE VIEW vo AS SELECT * FROM ev; ALTER VIEW vo OWNER TO {name}; CREATE VIEW vv AS SELECT * FROM vo"
            ),
        ),
        ("parted", format!("{parted}; CREATE TABLE parted_1 PARTITION OF parted DEFAULT")),
    ];
    for (log, made) in cases {
        let project = Project::empty();
        project.write(
            "config.toml",
            &format!(
                "[event_store.adopt]\ntable = \"public.{log}\"\nposition = \"pos\"\nstream_id = \"sid\"\n\
                 stream_version = \"ver\"\ntype = \"ty\"\npayload = \"body\"\nrecorded_at = \"at\"\n"
            ),
        );
        counted(&project);
        let mut admin = project.events();
        let of_log = if log == "parted" { "parted" } else { "ev" };
        if !made.contains("security_invoker") || crate::bench::server_major() >= 15 {
            let script = format!(
                "{TABLE}; {made}; {}; {}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}; \
                 GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}; GRANT CREATE ON DATABASE {} TO {name}",
                EVENTS.replace("LOG", of_log),
                POLICY.replace("LOG", of_log),
                project.database.name()
            );
            admin.batch_execute(&script).unwrap();
            let url = role.url(&project);
            for args in [
                &["census"][..],
                &["check"],
                &["rebuild", "k", "--preflight"],
                &["rebuild", "k", "--promote"],
                &["export"],
            ] {
                refused(&project, &url, args);
            }
            assert_eq!(rows(&mut admin, "SELECT to_regnamespace('k__b1')::text"), ["()"], "{log}");
            forget(&project, &role);
        }
    }
}

/// A policy that comes later, under builds that are followed.
#[test]
fn a_policy_that_comes_later_stops_whoever_reads() {
    let role = Role::new("policies_later", "");
    let name = role.name();
    let project = Project::empty();
    project.ok(&["init", "."]);
    counted(&project);
    let (url, mut admin) = (role.url(&project), project.events());
    project.ok(&["migrate"]);
    let script = format!(
        "DROP SCHEMA regrow CASCADE; GRANT CREATE ON DATABASE {} TO {name}; GRANT USAGE ON SCHEMA event_store TO {name}; \
         GRANT SELECT ON ALL TABLES IN SCHEMA event_store TO {name}; \
         GRANT SELECT ON ALL SEQUENCES IN SCHEMA event_store TO {name}",
        project.database.name()
    );
    admin.batch_execute(&script).unwrap();
    let append = "SELECT event_store.append('s' || i, NULL, jsonb_build_array(jsonb_build_object('type', 'T', \
                  'payload', jsonb_build_object('id', (FROM_ID + i)::text)))) FROM generate_series(1, 10) AS i";
    admin.batch_execute(&append.replace("FROM_ID", "0")).unwrap();
    project.ok(&["rebuild", "k", "--promote", "--database-url", &url]);
    let mut follower = project.spawn(&["run", "--database-url", &url]);
    admin
        .batch_execute(&format!(
            "ALTER TABLE event_store.events ENABLE ROW LEVEL SECURITY; \
             CREATE POLICY p ON event_store.events USING (stream_id <> 's3'); {}",
            append.replace("FROM_ID", "10")
        ))
        .unwrap();
    wait_until("the follower to end", || follower.try_wait().unwrap().is_some());
    assert!(!follower.wait().unwrap().success());
    let followed = "SELECT count(*) FROM read_model.k";
    assert_eq!(rows(&mut admin, followed), ["(10)"]);
    for args in [
        &["rebuild", "k", "--promote"][..],
        &["run", "--until-caught-up"],
        &["export"],
        &["as-of", "k", "--at", "20", "--publish", "then"],
        &["verify", "k", "--against", "log"],
    ] {
        refused(&project, &url, args);
    }
    admin.batch_execute(&format!("ALTER ROLE {name} BYPASSRLS")).unwrap();
    project.ok(&["run", "--until-caught-up", "--database-url", &url]);
    assert_eq!(rows(&mut admin, followed), ["(20)"]);
    forget(&project, &role);
}
