//! Other people's objects around types that builds share.

use std::collections::BTreeMap;

use super::{STANDS_IN, changes, crowd, dump, make, out_of_the_way, pairs_with};
use crate::bench::{Project, rows, server_major};

/// Expressions that each lean on something else of a shared type.
const LEANS_ON: [(&str, &str); 3] = [
    ("pg_type", "'calm'::{mood} IS NOT NULL"),
    ("pg_namespace", "'{mood_schema}'::regnamespace IS NOT NULL"),
    ("pg_class", "'{pair}'::regclass IS NOT NULL"),
];

/// A projection of which readers see an enum, a composite type and a domain.
fn project() -> Project {
    let project = Project::orders();
    let schema = "CREATE TYPE mood AS ENUM ('calm', 'wild');\n\
                  CREATE TYPE pair AS (a int, b int);\n\
                  CREATE DOMAIN plus AS int DEFAULT 0 CONSTRAINT is_plus CHECK (VALUE >= 0);\n\
                  CREATE TABLE t (id text PRIMARY KEY, mood mood DEFAULT 'calm', pair pair, plus plus);\n";
    project.write("projections/p/schema/V1__p.sql", schema);
    let handlers =
        "-- on OrderCreated\nINSERT INTO t (id) VALUES (:order_id) ON CONFLICT DO NOTHING;\n";
    project.write("projections/p/handlers.sql", handlers);
    project.ok(&["migrate"]);
    let event = "SELECT event_store.append('o1', -1, '[{\"type\": \"OrderCreated\", \"payload\": \
                 {\"order_id\": \"o1\", \"customer_id\": \"c\", \"customer_name\": \"N\"}}]')";
    project.events().batch_execute(event).unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    project
}

/// What the server can make of them: before PostgreSQL 15 a publication has no whole schemas.
fn objects() -> String {
    let all = include_str!("shared.sql").lines();
    let known = |line: &&str| server_major() >= 15 || !line.contains("FOR TABLES IN SCHEMA");
    all.filter(known).collect::<Vec<_>>().join("\n")
}

/// Where the types are: `{mood}`, `{mood_schema}` and so on.
fn places(project: &Project) -> BTreeMap<String, String> {
    let shared = "SELECT typname, nspname FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace \
                   WHERE nspname ~ '^p__type_' AND typname IN ('mood', 'pair', 'plus')";
    let mut places = BTreeMap::new();
    for row in project.reads().query(shared, &[]).unwrap() {
        let (name, schema): (String, String) = (row.get(0), row.get(1));
        places.insert(format!("{{{name}}}"), format!("{schema}.{name}"));
        places.insert(format!("{{{name}_schema}}"), schema);
    }
    assert_eq!(places.len(), 6, "{places:?}");
    places
}

#[test]
fn nothing_of_others_goes_with_a_shared_type() {
    let project = project();
    let places = places(&project);
    let mut client = project.reads();
    client
        .batch_execute("SET search_path = public; CREATE TABLE before AS SELECT * FROM pg_depend")
        .unwrap();
    let filled = |statement: &str| {
        places.iter().fold(statement.to_owned(), |text, (name, place)| text.replace(name, place))
    };
    for statement in objects().lines() {
        make(&mut client, &filled(statement));
    }
    for statement in crowd(&LEANS_ON) {
        make(&mut client, &filled(&statement));
    }
    let schemas: Vec<&str> =
        ["mood", "pair", "plus"].map(|name| &*places[&format!("{{{name}_schema}}")]).to_vec();
    let met = pairs_with(&mut client, &schemas);
    let is_known = |pair: &&str| server_major() >= 15 || !pair.contains("pg_publication_namespace");
    let expected: Vec<&str> = include_str!("shared_pairs.txt").lines().filter(is_known).collect();
    // PostgreSQL 14 writes down some that later ones spare.
    let counts = |pair: &&String| server_major() >= 15 || expected.contains(&pair.as_str());
    let met: Vec<String> = met.iter().filter(counts).cloned().collect();
    assert_eq!(met, expected, "every pair that pg_depend can hold");
    for (holder, _) in STANDS_IN {
        for (leaned_on, _) in LEANS_ON {
            assert!(met.contains(&format!("{holder} n {leaned_on}")), "{holder} {leaned_on}");
        }
    }

    // Builds come and go, and the types stay.
    let before = dump(&project);
    let same_after = |args: &[&str], codes: &[i32]| {
        let ran = project.run(args);
        assert!(codes.contains(&ran.code), "{args:?}: {}\n{}{}", ran.code, ran.stdout, ran.stderr);
        // What others have changed about a type makes it another one, and the next build has its own.
        let mut gone = changes(&before, &dump(&project));
        gone.retain(|line| line.starts_with('-'));
        assert_eq!(gone, [""; 0], "{args:?}");
        ran
    };
    project.write(
        "projections/p/handlers.sql",
        "-- on OrderCreated\nINSERT INTO t (id, mood) VALUES (:order_id, 'wild');\n",
    );
    same_after(&["check"], &[0, 1, 3, 4, 8]);
    same_after(&["verify-down"], &[0, 1]);
    same_after(&["rebuild", "p", "--promote"], &[0]);
    same_after(&["run", "--until-caught-up"], &[0]);
    assert_eq!(same_after(&["rollback", "p"], &[0]).code, 0);
    same_after(&["prune", "p", "--keep", "0"], &[0]);
    assert_eq!(rows(&mut client, "SELECT id, mood FROM read_model.t"), ["(o1,calm)"]);

    // The last build that uses them takes them along, and nothing else.
    let told = same_after(&["retire", "p"], &[1]).stderr;
    let text = objects();
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !is_of_name(c)).filter(|word| word.starts_with("theirs_"));
    // Parts of what is named as a whole, and what depends on nothing of ours.
    let folded =
        ["theirs_key", "theirs_attribute", "theirs_wrapper", "theirs_server", "theirs_shape"];
    let silent: Vec<&str> =
        words.filter(|name| !told.contains(name) && !folded.contains(name)).collect();
    assert_eq!(silent, [""; 0], "{told}");
    out_of_the_way(&project, &mut client, &["retire", "p"]);
    let types = "SELECT FROM pg_namespace WHERE nspname ~ '^p__'";
    assert_eq!(client.query(types, &[]).unwrap().len(), 0);
    assert_eq!(
        rows(&mut client, "SELECT * FROM theirs_archive"),
        ["(a,wild,\"(1,2)\",3,{calm},kept)"]
    );
    assert_eq!(rows(&mut client, "SELECT id FROM theirs_inside"), ["(1)"]);
}
