//! `preview`: a build under a second schema, before readers see it and after.

use serde_json::json;

use crate::bench::{Project, rows};

const V1: &str = "CREATE TABLE p (id text PRIMARY KEY, n int NOT NULL);";
const HANDLERS: &str = "-- on Seen\nINSERT INTO p (id, n) VALUES (:event.stream_id, 1) \
                        ON CONFLICT (id) DO UPDATE SET n = p.n + 1;\n";

/// A live build, and a candidate with one more column and other numbers.
fn project() -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", V1);
    project.write("projections/p/handlers.sql", HANDLERS);
    project.ok(&["migrate"]);
    append(&project, 0..3);
    project.ok(&["rebuild", "p", "--promote"]);
    project.write("projections/p/schema/V2__more.sql", "ALTER TABLE p ADD COLUMN last bigint;");
    let changed = HANDLERS.replace(
        "(id, n) VALUES (:event.stream_id, 1)",
        "(id, n, last) VALUES (:event.stream_id, 10, :event.position)",
    );
    project.write(
        "projections/p/handlers.sql",
        &changed.replace("p.n + 1", "p.n + 10, last = EXCLUDED.last"),
    );
    project.ok(&["rebuild", "p"]);
    project
}

fn append(project: &Project, streams: std::ops::Range<i32>) {
    for stream in streams {
        let event = format!(
            "SELECT event_store.append('s{stream}', NULL, '[{{\"type\": \"Seen\", \"payload\": {{}}}}]')"
        );
        project.events().batch_execute(&event).unwrap();
    }
}

fn seen(project: &Project, schema: &str) -> Vec<String> {
    rows(&mut project.reads(), &format!("SELECT id, n FROM \"{schema}\".p ORDER BY id"))
}

#[test]
fn a_candidate_is_read_beside_what_readers_see_before_and_after_the_promote() {
    let project = project();
    let text = project.ok(&["preview", "p", "--publish", "next"]);
    assert_eq!(text, "next shows p__b2, which was at position 3\n  next.p\n");
    project.reads().batch_execute("SELECT last FROM next.p").unwrap();
    assert!(project.reads().batch_execute("SELECT last FROM read_model.p").is_err());
    assert_eq!(seen(&project, "read_model"), ["(s0,1)", "(s1,1)", "(s2,1)"]);
    assert_eq!(seen(&project, "next"), ["(s0,10)", "(s1,10)", "(s2,10)"]);
    // Both are followed, and both are told of.
    append(&project, 2..4);
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(seen(&project, "next"), ["(s0,10)", "(s1,10)", "(s2,20)", "(s3,10)"]);
    assert_eq!(project.json(&["status"])["builds"][1]["preview"], "next");
    assert!(project.ok(&["status"]).contains("p__b2: it is shown in the schema next by a preview"));
    let listed = project.json(&["preview", "list"]);
    assert_eq!(
        (&listed["previews"][0]["build"], &listed["previews"][0]["views"]),
        (&json!("p__b2"), &json!(["next.p"]))
    );
    // Nothing drops what a preview shows.
    for dropping in [
        &["prune", "p__b2"][..],
        &["prune", "p", "--unfinished"],
        &["cancel", "p"],
        &["retire", "p"],
    ] {
        let ran = project.run(dropping);
        let is_refused = ran.code == 1 && ran.stderr.contains("regrow preview drop next");
        assert!(is_refused, "{dropping:?}: {}{}", ran.stdout, ran.stderr);
    }
    project.write("projections/p/handlers.sql", HANDLERS);
    let ran = project.run(&["rebuild", "p"]);
    assert!(ran.code == 1 && ran.stderr.contains("regrow preview drop next"), "{}", ran.stderr);
    assert_eq!(project.json(&["status"])["builds"][1]["state"], "ready");
    // A right that was granted stays over the promote.
    project
        .reads()
        .batch_execute("GRANT USAGE ON SCHEMA next TO PUBLIC; GRANT SELECT ON next.p TO PUBLIC")
        .unwrap();
    let ran = project.run(&["promote", "p"]);
    assert!(ran.code == 0 && ran.stderr.contains("regrow preview drop next"), "{}", ran.stderr);
    assert_eq!(seen(&project, "read_model"), seen(&project, "next"));
    let right = "SELECT has_table_privilege('public', 'next.p', 'SELECT')";
    assert_eq!(rows(&mut project.reads(), right), ["(t)"]);
    // After a rollback it is a retired build that is kept, and goes on.
    project.ok(&["rollback", "p"]);
    let kept = project.json(&["prune", "p", "--keep", "0"]);
    assert_eq!(kept["kept"], json!([{"build": "p__b2", "why": "a preview shows it"}]), "{kept}");
    append(&project, 0..1);
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(seen(&project, "next")[0], "(s0,20)");
    // Gone, it is in nobody's way.
    assert_eq!(project.ok(&["preview", "drop", "next"]), "next is gone; p__b2 stays as it is\n");
    assert_eq!(
        rows(&mut project.reads(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'next'"),
        ["(0)"]
    );
    assert_eq!(project.ok(&["preview", "list"]), "no build is shown by a preview\n");
    project.ok(&["prune", "p__b2"]);
}

#[test]
fn what_cannot_be_previewed_is_refused() {
    let project = project();
    let refused = |args: &[&str], code: i32, words: &str| {
        let ran = project.run(args);
        assert!(
            ran.code == code && ran.stderr.contains(words),
            "{args:?}: {} {}",
            ran.code,
            ran.stderr
        );
    };
    refused(&["preview", "q", "--publish", "next"], 2, "there is no projection q");
    refused(&["preview", "p", "--publish", "read_model"], 2, "a name that regrow gives to schemas");
    refused(&["preview", "p", "--publish", "p__b7"], 2, "a name that regrow gives to schemas");
    refused(&["preview", "p", "--publish", "next", "--build", "1"], 1, "readers see p__b1 already");
    refused(&["preview", "p", "--publish", "next", "--build", "9"], 1, "there is no build 9");
    project.reads().batch_execute("CREATE SCHEMA taken").unwrap();
    refused(&["preview", "p", "--publish", "taken"], 1, "taken");
    refused(&["preview", "drop", "taken"], 2, "no build is shown by a preview");
    project.ok(&["preview", "p", "--publish", "Next \"one\""]);
    refused(&["preview", "p", "--publish", "other"], 1, "regrow preview drop");
    // What others have put on it is named, and nothing is dropped.
    project
        .reads()
        .batch_execute("CREATE VIEW public.mine AS SELECT * FROM \"Next \"\"one\"\"\".p")
        .unwrap();
    refused(&["preview", "drop", "Next \"one\""], 1, "mine");
    assert_eq!(seen(&project, "Next \"\"one\"\"").len(), 3);
    project
        .reads()
        .batch_execute("DROP VIEW public.mine; CREATE TABLE \"Next \"\"one\"\"\".t ()")
        .unwrap();
    refused(&["preview", "drop", "Next \"one\""], 1, "table");
    project.reads().batch_execute("DROP TABLE \"Next \"\"one\"\"\".t").unwrap();
    project.ok(&["preview", "drop", "Next \"one\""]);
    project.ok(&["promote", "p"]);
    refused(&["preview", "p", "--publish", "next"], 1, "has no build that could be shown");
}
