//! The search path: somebody who may create objects in a schema on it gets nothing run.

use std::fs;
use std::path::Path;

use super::{APPEND, Estate, MIGRATE, REBUILD};
use crate::bench::rows;

/// Every word of our sources: the names of the functions they call are among them.
fn words(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            words(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let of = text.split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
        found.extend(of.filter(|word| word.len() > 1).map(str::to_owned));
    }
}

/// Sets traps in public, as a role that may create objects there.
fn set_traps(estate: &Estate) {
    let attacker = estate.names.role("attacker");
    estate.admin(&format!(
        "CREATE ROLE {attacker}; GRANT USAGE ON SCHEMA public TO PUBLIC; GRANT CREATE ON SCHEMA public TO {attacker}"
    ));
    let mut found = Vec::new();
    words(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found.dedup();
    let mut client = estate.project.events();
    client.batch_execute(&format!("SET ROLE {attacker}")).unwrap();
    client.batch_execute(&format!("SET our.words = '{}'", found.join(" "))).unwrap();
    client.batch_execute(include_str!("traps.sql")).unwrap();
    for role in [MIGRATE, REBUILD, APPEND] {
        estate.admin(&format!("ALTER ROLE {role} SET search_path = public, pg_catalog"));
    }
}

/// A sequence moves in transactions that are rolled back as well.
fn sprung(estate: &Estate) -> String {
    rows(&mut estate.project.events(), "SELECT last_value - 1 FROM public.sprung").join("")
}

#[test]
fn objects_of_others_on_the_search_path_are_never_used() {
    let estate = Estate::empty();
    set_traps(&estate);
    let count = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace";
    let traps = rows(&mut estate.project.events(), count).join("");
    let number: usize = traps.trim_matches(['(', ')']).parse().unwrap();
    assert!(number > 200, "{traps} traps are set");

    estate.ok(MIGRATE, &["migrate"]);
    estate.admin(&super::blocks("sql")[1]);
    estate.write_events("orders.ndjson", "o", 200);
    estate.ok(APPEND, &["import", "orders.ndjson"]);
    for args in [
        &["rebuild", "--all", "--promote"][..],
        &["status"],
        &["run", "--until-caught-up"],
        &["check"],
        &["census"],
        &["current"],
        &["history"],
        &["rebuild", "order_summary", "--promote"],
        &["rollback", "order_summary"],
        &["export", "x.ndjson"],
        &["prune", "order_summary", "--keep", "0"],
    ] {
        estate.ok(REBUILD, args);
        assert_eq!(sprung(&estate), "(0)", "{args:?}");
    }
    estate.project.write(
        "migrations/event_store/V2__notes.sql",
        "-- transaction: none\nCREATE TABLE event_store.notes (id int);\n\
         CREATE INDEX CONCURRENTLY notes_by_id ON event_store.notes (id);\n",
    );
    estate
        .project
        .write("migrations/event_store/V2__notes.down.sql", "DROP TABLE event_store.notes;");
    estate.ok(MIGRATE, &["migrate"]);
    estate.ok(MIGRATE, &["downgrade", "-1"]);
    estate.ok(MIGRATE, &["repair", "--accept", "drift"]);
    assert_eq!(sprung(&estate), "(0)");

    // The control: a session that trusts its role's path walks into them.
    for bait in
        ["SELECT hashtext('x')", "SELECT FROM build", "SELECT 1 = 1", "SELECT 'pg_class'::regclass"]
    {
        let before = sprung(&estate);
        let _ = estate.connect(REBUILD).batch_execute(bait);
        assert_ne!(sprung(&estate), before, "{bait}");
    }
}
