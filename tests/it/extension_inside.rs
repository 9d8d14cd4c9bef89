//! An extension that a projection's revision would put into a build's schema.

use crate::bench::{Project, rows};

const SCHEMA: &str = "projections/p/schema/V1__t.sql";
const INSIDE: &str = "-- the mail address\nCREATE EXTENSION IF NOT EXISTS citext;\nCREATE TABLE t (id int PRIMARY KEY, mail citext);\n";

fn project(schema: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write(SCHEMA, schema);
    project.write("projections/p/handlers.sql", "-- on Made\nINSERT INTO t VALUES (:id, :mail);\n");
    project.ok(&["migrate"]);
    project
        .events()
        .batch_execute("SELECT event_store.append('s', NULL, '[{\"type\": \"Made\", \"payload\": {\"id\": 1, \"mail\": \"A@b\"}}]')")
        .unwrap();
    project
}

fn extensions(project: &Project) -> Vec<String> {
    let all =
        "SELECT extname, extnamespace::regnamespace FROM pg_extension WHERE extname <> 'plpgsql'";
    rows(&mut project.events(), all)
}

#[test]
fn one_without_a_schema_of_its_own_is_refused_with_the_way_which_works() {
    let project = project(INSIDE);
    let place =
        "projections/p/schema/V1__t.sql:2:1: the extension citext would lie in the build's schema";
    let way = "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;";
    let checked = project.run(&["check", "--only", "handlers"]);
    assert_eq!(checked.code, 1, "{}", checked.stdout);
    assert!(checked.stdout.contains(place) && checked.stdout.contains(way), "{}", checked.stdout);
    let ran = project.run(&["rebuild", "p", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let said = [place, way, "\"code\":\"script-invalid\""];
    assert!(said.iter().all(|words| ran.stderr.contains(words)), "{}", ran.stderr);
    assert_eq!(extensions(&project), [""; 0]);
    // By a revision of the event store.
    project.write("migrations/event_store/V2__mail.sql", way);
    project.ok(&["migrate"]);
    project.write(SCHEMA, "CREATE TABLE t (id int PRIMARY KEY, mail extensions.citext);\n");
    project.ok(&["check", "--only", "handlers"]);
    for _ in 0..2 {
        project.ok(&["rebuild", "p", "--promote"]);
    }
    project.ok(&["prune"]);
    let found =
        "SELECT id FROM read_model.t WHERE mail OPERATOR(extensions.=) 'a@B'::extensions.citext";
    assert_eq!(rows(&mut project.reads(), found), ["(1)"]);
    assert_eq!(extensions(&project), ["(citext,extensions)"]);
}

/// Where it is there already, outside of builds, the statement does nothing.
#[test]
fn one_that_is_there_is_not_put_anywhere() {
    let project = project(&INSIDE.replace("mail citext", "mail extensions.citext"));
    project
        .events()
        .batch_execute("CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions")
        .unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    assert_eq!(extensions(&project), ["(citext,extensions)"]);
}

#[test]
fn a_revision_of_a_live_build_puts_none_there_either() {
    let project = project("CREATE TABLE t (id int PRIMARY KEY, mail text);\n");
    project.ok(&["rebuild", "p", "--promote"]);
    project.write("projections/p/schema/V2__mail.sql", "CREATE EXTENSION citext;\n");
    let ran = project.run(&["migrate", "p@head"]);
    assert!(ran.code != 0, "{}", ran.stdout);
    assert_eq!(extensions(&project), [""; 0], "{}{}", ran.stdout, ran.stderr);
}
