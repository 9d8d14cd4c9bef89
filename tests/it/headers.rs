//! Comments, types and files that are nearly what was meant: told, with their place, by everybody
//! who would else be wrong in silence.

use crate::bench::{Project, rows};

const TABLE: &str = "CREATE TABLE t (id text PRIMARY KEY, status text NOT NULL);";
const CREATED: &str = "-- on OrderCreated\nINSERT INTO t VALUES (:id, 'new');\n";
const PAID: &str = "UPDATE t SET status = 'paid' WHERE id = :id;\n";
const EVENTS: &str = "SELECT event_store.append('o1', NULL, \
    '[{\"type\": \"OrderCreated\", \"payload\": {\"id\": \"o1\"}}, {\"type\": \"OrderPaid\", \"payload\": {\"id\": \"o1\"}}]')";
const HANDLERS: &str = "projections/p/handlers.sql";

/// A project whose log has an order that was paid; `header` stands above what that does.
fn project_with(header: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__t.sql", TABLE);
    project.write(HANDLERS, &format!("{CREATED}{header}\n{PAID}"));
    project.ok(&["migrate"]);
    project.events().batch_execute(EVENTS).unwrap();
    project
}

fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word:?} is not in\n{text}");
    }
}

#[test]
fn a_comment_that_looks_like_a_header_is_refused_with_the_header_that_was_meant() {
    let project = project_with("-- on OrderPaid and OrderShipped");
    let words =
        ["handlers.sql:3:1", "looks like a header and is none", "-- on OrderPaid, OrderShipped"];
    let ran = project.run(&["check", "--only", "handlers"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    says(&ran.stdout, &words);
    for args in [&["rebuild", "p"][..], &["rebuild", "p", "--explain"], &["census"]] {
        let ran = project.run(args);
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.stdout);
        says(&ran.stderr, &words);
    }
    // Nothing was made, and the way that is told works.
    project.write(HANDLERS, &format!("{CREATED}-- on OrderPaid\n{PAID}"));
    project.ok(&["rebuild", "p", "--promote"]);
    let all = "SELECT * FROM read_model.t";
    assert_eq!(rows(&mut project.reads(), all), ["(o1,paid)"]);
    assert_eq!(rows(&mut project.reads(), "SELECT id FROM regrow.build"), ["(1)"]);
}

/// What is asked of files is not asked of a build that is there: it goes on as it began.
#[test]
fn a_build_with_such_a_comment_is_still_followed() {
    let project = project_with("-- on OrderPaid");
    project.ok(&["rebuild", "p", "--promote"]);
    let text = format!("{CREATED}-- on OrderPaid: note\n{PAID}");
    let json = serde_json::to_string(&text).unwrap();
    project
        .reads()
        .execute(
            "UPDATE regrow.definition SET body = jsonb_set(body::jsonb, '{handlers,text}', $1::text::jsonb)::text",
            &[&json],
        )
        .unwrap();
    let more = "SELECT event_store.append('o2', NULL, '[{\"type\": \"OrderCreated\", \"payload\": {\"id\": \"o2\"}}]')";
    project.events().batch_execute(more).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(
        rows(&mut project.reads(), "SELECT * FROM read_model.t ORDER BY 1"),
        ["(o1,paid)", "(o2,paid)"]
    );
    assert_eq!(project.run(&["rebuild", "p", "--explain"]).code, 0);
}

#[test]
fn a_type_that_no_event_has_is_warned_of_with_the_nearest_name() {
    let project = project_with("-- on OrderPayed");
    project.write(
        "migrations/events/orderpaid.toml",
        "type = \"orderpaid\"\n[[step]]\nfrom = 1\nset = { a = 1 }\n",
    );
    let handler =
        "handlers.sql:3:1: no event of type OrderPayed in the log; did you mean OrderPaid?";
    let file = "orderpaid.toml:1:1: no event of type orderpaid in the log; did you mean OrderPaid?";
    let ran = project.run(&["check", "--only", "handlers", "--only", "upcasters"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    says(&ran.stdout, &[&format!("warning: projections/p/{handler}"), file, ": 2 warnings"]);
    let ran = project.run(&["census"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran.stderr, &[handler, file]);
    assert_eq!(project.json(&["census"])["unknown_types"][0]["type"], "OrderPayed");
    let ran = project.run(&["rebuild", "p", "--preflight"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran.stdout, &[handler, file, "[unknown-type]", "2 warnings"]);
    let ran = project.run(&["rebuild", "p"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    says(&ran.stderr, &[handler, file]);
}

/// Events of a type that is like no other may be still to come.
#[test]
fn a_type_that_is_like_no_other_is_a_note() {
    let project = project_with("-- on Refunded");
    let note =
        "handlers.sql:3:1: no event of type Refunded in the log, and no upcaster leads to it";
    says(&project.ok(&["check", "--only", "handlers"]), &[&format!("note: projections/p/{note}")]);
    says(&project.run(&["census"]).stderr, &[note]);
    says(&project.ok(&["rebuild", "p", "--preflight"]), &[note, "[unknown-type]", "0 warnings"]);
    says(&project.run(&["rebuild", "p"]).stderr, &[note]);
}

#[test]
fn an_empty_log_is_a_note() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let note = "the log is empty";
    let ran = project.run(&["check", "--only", "handlers"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    says(&ran.stdout, &["note: the log is empty", "nothing to complain about"]);
    says(&project.run(&["census"]).stdout, &[note]);
    says(&project.run(&["rebuild", "--all", "--preflight"]).stdout, &[note, "[empty-log]"]);
}

#[test]
fn an_upcaster_file_is_named_for_its_type() {
    let project = project_with("-- on OrderPaid");
    let text = "type = \"OrderPaid\"\n[[step]]\nfrom = 1\nset = { a = 1 }\n";
    project.write("migrations/events/Orderpaid.toml", text);
    let words = ["Orderpaid.toml:1:1", "rename the file to OrderPaid.toml"];
    let ran = project.run(&["check", "--only", "upcasters"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    says(&ran.stdout, &words);
    let ran = project.run(&["rebuild", "p"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    says(&ran.stderr, &words);
    std::fs::rename(
        project.folder.path().join("migrations/events/Orderpaid.toml"),
        project.folder.path().join("migrations/events/OrderPaid.toml"),
    )
    .unwrap();
    project.ok(&["check", "--only", "upcasters"]);
}

#[test]
fn a_mistake_is_graver_than_something_pending() {
    let project = project_with("-- on OrderPaid");
    project.write("migrations/event_store/V2__more.sql", "CREATE TABLE event_store.more (id int);");
    let ran = project.run(&["check"]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    let ran = project.run(&["check", "--allow-pending"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    says(&ran.stdout, &["pending: "]);
    project.write(HANDLERS, &format!("{CREATED}-- on OrderPaid\nUPDATE nowhere SET a = 1;\n"));
    for args in [&["check"][..], &["check", "--allow-pending"]] {
        let ran = project.run(args);
        assert_eq!(ran.code, 1, "{}", ran.stdout);
        says(&ran.stdout, &["pending: ", "mistake: "]);
    }
}

#[test]
fn an_empty_projection_is_refused_when_it_is_read() {
    let project = project_with("-- on OrderPaid");
    project.write("projections/void/handlers.sql", "-- nothing yet\n");
    let ran = project.run(&["check", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    says(&ran.stderr, &["projections/void is empty"]);
    let both = format!("{}{}", ran.stdout, ran.stderr);
    says(&both, &["projection-empty"]);
    project.write("projections/void/handlers.sql", "-- on OrderPaid\n");
    project.ok(&["check"]);
}
