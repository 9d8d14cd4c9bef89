//! What `status` calls next is followed to its end: it never calls for what has failed and cannot
//! succeed.

use crate::bench::{Project, rows};

const HANDLERS: &str = "projections/p/handlers.sql";
const GOOD: &str = "-- on Made\nINSERT INTO t VALUES (:id, :n);\n-- on Changed\nUPDATE t SET n = :n WHERE id = :id;\n";
const BAD: &str = "-- on Made\nINSERT INTO t VALUES (:id, :n);\n-- on Changed\nUPDATE t SET n = :number WHERE id = :id;\n";

/// A projection with handlers, over a log that makes two rows and changes one.
fn project(handlers: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__t.sql", "CREATE TABLE t (id int PRIMARY KEY, n int);");
    project.write(HANDLERS, handlers);
    project.ok(&["migrate"]);
    append(&project, &[("Made", 1), ("Made", 2), ("Changed", 1)]);
    project
}

fn append(project: &Project, events: &[(&str, i32)]) {
    for (event_type, id) in events {
        let event = format!(
            "SELECT event_store.append('s', NULL, '[{{\"type\": \"{event_type}\", \"payload\": {{\"id\": {id}, \"n\": 7}}}}]')"
        );
        project.events().batch_execute(&event).unwrap();
    }
}

/// Follows `next` until nothing is left to do, or until it names what no command can do.
fn follow(project: &Project) -> Option<String> {
    let mut done: Vec<String> = Vec::new();
    loop {
        let status = project.json(&["status"]);
        let next = status["next"].as_array().unwrap();
        let next = next.first().map(|next| next.as_str().unwrap().to_owned())?;
        let Some(command) = next.strip_prefix("regrow ") else { return Some(next) };
        assert!(!done.contains(&next), "{next} is called for once more after {done:?}");
        let mut args: Vec<&str> = command.split(' ').collect();
        if args == ["run"] {
            args.push("--until-caught-up");
        }
        project.run(&args);
        done.push(next);
    }
}

/// Follows to something to do, which must be said in these words.
fn stops(project: &Project, words: &[&str]) -> String {
    let next = follow(project).expect("something to do is named");
    for word in words {
        assert!(next.contains(word), "{word:?} is not in {next:?}");
    }
    // People are told the same.
    let text = project.ok(&["status"]);
    assert!(words.iter().any(|word| text.contains(word)), "{text}");
    next
}

fn is_live(project: &Project, expect: &[&str]) {
    assert_eq!(follow(project), None);
    assert_eq!(rows(&mut project.reads(), "SELECT id, n FROM read_model.t ORDER BY 1"), expect);
}

#[test]
fn an_event_of_a_type_that_was_not_read_leads_over_the_handler_to_a_resume() {
    let project = project(BAD);
    let words = ["fix projections/p/handlers.sql:4:", "event at position 3", "on_error = \"park\""];
    stops(&project, &words);
    project.write(HANDLERS, GOOD);
    let next = project.json(&["status"])["next"][0].clone();
    assert_eq!(next, "regrow resume p");
    is_live(&project, &["(1,7)", "(2,7)"]);
}

#[test]
fn parking_leads_to_a_resume() {
    let project = project(BAD);
    stops(&project, &["on_error"]);
    project.write("projections/p/projection.toml", "on_error = \"park\"\n");
    is_live(&project, &["(1,7)", "(2,7)"]);
    assert_eq!(rows(&mut project.reads(), "SELECT count(*) FROM regrow.parked_events"), ["(1)"]);
}

#[test]
fn an_event_of_a_type_that_was_read_leads_to_a_rebuild() {
    let project = project("-- on Made\nINSERT INTO t VALUES (:id, 1 / (2 - :id::int));\n");
    stops(&project, &["fix projections/p/handlers.sql:2:"]);
    project.write(HANDLERS, GOOD);
    assert_eq!(project.json(&["status"])["next"][0], "regrow rebuild p --promote");
    is_live(&project, &["(1,7)", "(2,7)"]);
    // A change that helps nothing comes back to the file, and not to a command.
    let project = self::project("-- on Made\nINSERT INTO t VALUES (:id, 1 / (2 - :id::int));\n");
    stops(&project, &["fix"]);
    project.write(HANDLERS, "-- on Made\nINSERT INTO t VALUES (:id, 2 / (2 - :id::int));\n");
    stops(&project, &["fix projections/p/handlers.sql:2:"]);
}

#[test]
fn a_live_build_that_stops_leads_over_the_file_to_another() {
    let project = project(GOOD);
    is_live(&project, &["(1,7)", "(2,7)"]);
    append(&project, &[("Made", 2)]);
    let words = ["fix projections/p/handlers.sql:2:", "position 4"];
    stops(&project, &words);
    // A retired build stops at it, too, which is nobody's next step.
    project.write(HANDLERS, &GOOD.replace("(:id, :n);", "(:id, :n) ON CONFLICT DO NOTHING;"));
    assert_eq!(project.json(&["status"])["next"][0], "regrow rebuild p --promote");
    is_live(&project, &["(1,7)", "(2,7)"]);
    let status = project.ok(&["status"]);
    assert!(status.contains("regrow rollback p --stale"), "{status}");
}

#[test]
fn a_check_that_does_not_hold_leads_over_its_file_to_a_rebuild() {
    let project = project(GOOD);
    project.write("projections/p/checks.sql", "-- few\nSELECT FROM t WHERE id = 2;\n");
    stops(&project, &["fix projections/p/handlers.sql or checks.sql", "regrow rebuild p"]);
    project.write("projections/p/checks.sql", "-- few\nSELECT FROM t WHERE id = 3;\n");
    assert_eq!(project.json(&["status"])["next"][0], "regrow rebuild p --promote");
    is_live(&project, &["(1,7)", "(2,7)"]);
    project.write("projections/p/checks.sql", "-- few\nSELECT 1 / (id - id) FROM t;\n");
    project
        .write(HANDLERS, &format!("{GOOD}-- changed\n-- on Gone\nDELETE FROM t WHERE id = :id;\n"));
    stops(&project, &["fix projections/p/checks.sql:2:"]);
}

#[test]
fn a_view_that_something_depends_on_leads_to_what_depends() {
    let project = project(GOOD);
    is_live(&project, &["(1,7)", "(2,7)"]);
    project.reads().batch_execute("CREATE VIEW mine AS SELECT n FROM read_model.t").unwrap();
    project.write("projections/p/schema/V1__t.sql", "CREATE TABLE t (id int PRIMARY KEY, n text);");
    let next =
        stops(&project, &["drop what depends on the view", "then: regrow rebuild p --promote"]);
    assert_eq!(follow(&project), Some(next));
    project.reads().batch_execute("DROP VIEW mine").unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    assert_eq!(follow(&project), None);
    is_live(&project, &["(1,7)", "(2,7)"]);
}
