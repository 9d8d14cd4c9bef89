//! A field that is erased after the build has applied its event: the row made again is without the event, and that is
//! recorded.

use serde_json::json;

use crate::bench::{Project, rows};

const SCHEMA: &str =
    "CREATE TABLE y (id text PRIMARY KEY, total int NOT NULL DEFAULT 0, memo text);";
const HANDLERS: &str = "-- on Opened\nINSERT INTO y (id) VALUES (:y);\n\n\
     -- on In\nUPDATE y SET total = total + :amount::int, memo = :memo WHERE id = :y;\n";

fn project(policy: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    project.write("projections/y/schema/V1__y.sql", SCHEMA);
    project.write("projections/y/handlers.sql", HANDLERS);
    project.write("projections/y/projection.toml", &format!("on_error = \"{policy}\"\n"));
    let mut client = project.events();
    for stream in ["y-1", "y-2"] {
        let events = json!([
            {"type": "Opened", "payload": {"y": stream}},
            {"type": "In", "payload": {"y": stream, "amount": 10, "memo": "a"}},
            {"type": "In", "payload": {"y": stream, "amount": 5, "memo": "b"}},
        ]);
        client.query("SELECT event_store.append($1, NULL, $2)", &[&stream, &events]).unwrap();
    }
    project.ok(&["rebuild", "y", "--promote"]);
    client
        .batch_execute(
            "UPDATE event_store.events SET payload = payload - 'memo'
              WHERE stream_id = 'y-1' AND payload ->> 'memo' = 'a'",
        )
        .unwrap();
    project
}

/// The events that the build is without, as its ledger has them.
fn left_out(project: &Project, policy: &str) -> Vec<String> {
    let table = if policy == "park" { "parked_events" } else { "skipped_events" };
    rows(&mut project.reads(), &format!("SELECT position FROM regrow.{table} ORDER BY 1"))
}

#[test]
fn an_event_that_cannot_be_had_any_more_is_recorded_or_refused() {
    for policy in ["park", "skip"] {
        let project = project(policy);
        assert_eq!(left_out(&project, policy), Vec::<String>::new());
        let told = project.json(&["rebuild", "y", "--key", "id=y-1"]);
        assert_eq!(left_out(&project, policy), ["(2)"], "{policy}: {told}");
        let row =
            rows(&mut project.reads(), "SELECT total, memo FROM read_model.y WHERE id = 'y-1'");
        assert_eq!(row, ["(5,b)"], "{policy}: {told}");
        // Made again once more it is recorded once, and a row of another value has nothing to do with it.
        project.ok(&["rebuild", "y", "--key", "id=y-1"]);
        project.ok(&["rebuild", "y", "--key", "id=y-2"]);
        assert_eq!(left_out(&project, policy), ["(2)"], "{policy}");
        let traced = project.json(&["trace", "y", "--key", "id=y-1"]);
        assert_eq!((&traced["agrees"], &traced["refused"]), (&json!(true), &json!([])), "{traced}");
        let proved = project.run(&["verify", "y", "--against", "log"]);
        assert_eq!(proved.code, 0, "{policy}: {}{}", proved.stdout, proved.stderr);
        assert!(!proved.stdout.contains("and not for"), "{policy}: {}", proved.stdout);
    }
    let project = project("stop");
    let ran = project.run(&["rebuild", "y", "--key", "id=y-1"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let row = rows(&mut project.reads(), "SELECT total, memo FROM read_model.y WHERE id = 'y-1'");
    assert_eq!(row, ["(15,b)"], "nothing is changed");
}

/// Whose an event was is not known any more once its key is erased: no row is made again as if it had never been.
#[test]
fn an_event_whose_key_is_erased_stands_in_the_way() {
    for policy in ["park", "skip", "stop"] {
        let project = project(policy);
        let erase = |what: &str, which: &str| {
            let update = format!("UPDATE event_store.events SET payload = {what} WHERE {which}");
            project.events().batch_execute(&update).unwrap();
        };
        // The other events are whole again.
        erase("payload || '{\"memo\": \"a\"}'", "NOT payload ? 'memo' AND payload ? 'amount'");
        for erased in ["payload - 'y'", "'{}'", "'{\"amount\": 10, \"memo\": \"a\"}'"] {
            project.ok(&["rebuild", "y", "--key", "id=y-1"]);
            let (which, whole) =
                ("position = 2", "'{\"y\": \"y-1\", \"amount\": 10, \"memo\": \"a\"}'");
            erase(erased, which);
            for row in ["y-1", "y-2"] {
                let ran = project.run(&["rebuild", "y", "--key", &format!("id={row}"), "--json"]);
                assert_eq!(ran.code, 1, "{policy} {erased} {row}: {}{}", ran.stdout, ran.stderr);
                assert!(ran.stderr.contains("row-not-bound"), "{}", ran.stderr);
                assert!(ran.stderr.contains("at position 2"), "{}", ran.stderr);
            }
            assert_eq!(left_out(&project, policy), Vec::<String>::new());
            let row =
                rows(&mut project.reads(), "SELECT total, memo FROM read_model.y ORDER BY id");
            assert_eq!(row, ["(15,b)", "(15,b)"], "{policy}: nothing is changed");
            erase(whole, which);
        }
        // What a rebuild leaves out stands in nobody's way.
        erase("payload - 'y'", "position = 2");
        if policy != "stop" {
            project.ok(&["rebuild", "y", "--promote", "--accept-skipped"]);
            project.ok(&["prune", "--keep", "0"]);
            project.ok(&["rebuild", "y", "--key", "id=y-1"]);
            assert_eq!(left_out(&project, policy), ["(2)"], "{policy}");
        }
    }
}
