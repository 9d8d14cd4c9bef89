//! Two projects in one database, each with a ledger of its own.

use crate::bench::{Project, rows};

const TABLE: &str = "CREATE TABLE t (id text PRIMARY KEY, n int NOT NULL);";
const HANDLERS: &str = "-- on Seen\nINSERT INTO t VALUES (:event.stream_id, 1) \
                        ON CONFLICT (id) DO UPDATE SET n = t.n + 1;\n";

/// A project with the projection `p` over the database of another, if there is one.
fn project(shared: Option<&Project>, ledger: &str, store: &str, readers: &str) -> Project {
    let mut project = Project::empty();
    if let Some(other) = shared {
        project.share_database_with(other);
    }
    project.ok(&["init", "."]);
    project.write(
        "config.toml",
        &format!(
            "[ledger]\nschema = \"{ledger}\"\n[event_store]\nschema = \"{store}\"\n\
             [read_models]\nschema = \"{readers}\"\n"
        ),
    );
    let path = "migrations/event_store/V1__events.sql";
    project.write(path, &project.read(path).replace("event_store", store));
    project.write("projections/p/schema/V1__t.sql", TABLE);
    project.write("projections/p/handlers.sql", HANDLERS);
    project.ok(&["migrate"]);
    project
}

fn append(project: &Project, store: &str, streams: std::ops::Range<i32>) {
    for stream in streams {
        let event = format!(
            "SELECT {store}.append('{store}-{stream}', NULL, '[{{\"type\": \"Seen\", \"payload\": {{}}}}]')"
        );
        project.events().batch_execute(&event).unwrap();
    }
}

fn builds(project: &Project, ledger: &str) -> Vec<String> {
    rows(
        &mut project.reads(),
        &format!("SELECT schema_name, state, generation FROM \"{ledger}\".build ORDER BY id"),
    )
}

#[test]
fn ledgers_of_their_own_keep_two_projects_of_one_projection_apart() {
    let first = project(None, "regrow", "event_store", "read_model");
    let second = project(Some(&first), "ledger b", "store_b", "read_b");
    append(&first, "event_store", 0..5);
    append(&second, "store_b", 0..3);
    first.ok(&["rebuild", "p", "--promote"]);
    second.ok(&["rebuild", "p", "--promote"]);
    first.ok(&["rebuild", "p", "--promote"]);
    let of_first = builds(&first, "regrow");
    append(&first, "event_store", 5..7);
    append(&second, "store_b", 3..4);
    // Each command of the second leaves the first's builds as they are, and the other way round.
    second.ok(&["run", "--until-caught-up"]);
    second.ok(&["rebuild", "p", "--promote"]);
    second.ok(&["rollback", "p"]);
    second.ok(&["prune", "--keep", "0"]);
    assert_eq!(builds(&first, "regrow"), of_first);
    let lag = |project: &Project| project.json(&["status"])["builds"][1]["lag"].clone();
    assert_eq!(lag(&first), 2, "nobody else follows it");
    let of_second = builds(&second, "ledger b");
    first.ok(&["run", "--until-caught-up"]);
    first.ok(&["prune"]);
    assert_eq!(builds(&second, "ledger b"), of_second);
    let count = |project: &Project, schema: &str| {
        rows(&mut project.reads(), &format!("SELECT count(*), min(id) FROM {schema}.t"))
    };
    assert_eq!(count(&first, "read_model"), ["(7,event_store-0)"]);
    assert_eq!(count(&second, "read_b"), ["(4,store_b-0)"]);
    let names: Vec<String> = second.json(&["status"])["builds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|build| build["build"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["p__ledger b_b1"]);
    // The end of one is not the end of the other, nor is another name.
    let (from, to) = ("projections/p", "projections/q");
    std::fs::rename(second.folder.path().join(from), second.folder.path().join(to)).unwrap();
    second.ok(&["rename", "p", "q"]);
    second.ok(&["rebuild", "q", "--promote"]);
    assert_eq!(count(&second, "read_b"), ["(4,store_b-0)"]);
    let of_first = builds(&first, "regrow");
    second.ok(&["retire", "q"]);
    assert_eq!(builds(&second, "ledger b"), [""; 0]);
    assert_eq!(builds(&first, "regrow"), of_first);
    assert_eq!(count(&first, "read_model"), ["(7,event_store-0)"]);
}

/// Readers' views have one name, whoever publishes them.
#[test]
fn a_view_that_another_ledger_publishes_is_refused_before_anything_is_replayed() {
    let first = project(None, "regrow", "event_store", "read_model");
    let second = project(Some(&first), "other", "store_b", "read_model");
    append(&first, "event_store", 0..2);
    append(&second, "store_b", 0..1);
    first.ok(&["rebuild", "p", "--promote"]);
    let ran = second.run(&["rebuild", "p", "--promote", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let words = [
        "t in schema read_model is already published by the projection p of the ledger regrow",
        "\"code\":\"view-taken\"",
        "publish_schema",
    ];
    assert!(words.iter().all(|word| ran.stderr.contains(word)), "{}", ran.stderr);
    assert_eq!(builds(&second, "other"), [""; 0]);
    assert_eq!(rows(&mut first.reads(), "SELECT count(*) FROM read_model.t"), ["(2)"]);
    // What is told works.
    second.write("projections/p/projection.toml", "publish_schema = \"mine\"\n");
    second.ok(&["rebuild", "p", "--promote"]);
    assert_eq!(rows(&mut first.reads(), "SELECT count(*) FROM mine.t"), ["(1)"]);
    // The first cannot take it either.
    first.write("projections/p/projection.toml", "publish_schema = \"mine\"\n");
    let ran = first.run(&["rebuild", "p"]);
    assert!(ran.code == 1 && ran.stderr.contains("of the ledger other"), "{}", ran.stderr);
}

#[test]
fn a_role_that_may_not_see_the_other_ledger_is_refused_a_view_that_is_there() {
    let first = project(None, "regrow", "event_store", "read_model");
    append(&first, "event_store", 0..1);
    first.ok(&["rebuild", "p", "--promote"]);
    let (role, database) = (format!("blind_{}", first.database.name()), first.database.name());
    first
        .events()
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN; GRANT CREATE ON DATABASE {database} TO {role}; \
             GRANT USAGE, CREATE ON SCHEMA read_model, event_store TO {role}; \
             GRANT SELECT ON ALL TABLES IN SCHEMA event_store TO {role}; \
             GRANT SELECT ON ALL SEQUENCES IN SCHEMA event_store TO {role}; \
             REVOKE ALL ON SCHEMA regrow FROM PUBLIC"
        ))
        .unwrap();
    let mut second = Project::empty();
    second.shared = Some(first.database.url().replace("user=regrow", &format!("user={role}")));
    second.write("config.toml", "[ledger]\nschema = \"other\"\n");
    second.write(
        "migrations/event_store/V1__events.sql",
        &first.read("migrations/event_store/V1__events.sql"),
    );
    second.write("projections/p/schema/V1__t.sql", TABLE);
    second.write("projections/p/handlers.sql", HANDLERS);
    let ran = second.run(&["rebuild", "p"]);
    assert!(ran.code == 1 && ran.stderr.contains("that this role may not see"), "{}", ran.stderr);
    first.events().batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}
