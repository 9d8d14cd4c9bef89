//! Several projections in one rebuild: which of their stages wait for each other, and which do not.

use crate::bench::{Project, Ran, rows, wait_until};

/// Returns its text once nobody holds a lock; promises what indexes ask for.
const GATE: &str = "CREATE FUNCTION gate(lock bigint, t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS \
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(lock); RETURN t; END $$";
/// The locks of both indexes, and of both assertions.
const INDEX: [i64; 2] = [1, 2];
const CHECK: [i64; 2] = [3, 4];
const AT_GATES: &str = "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = 0 \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1";

/// An index and an assertion of two builds each wait until those of the other have begun.
#[test]
fn builds_of_one_rebuild_are_finished_and_checked_side_by_side() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    let mut client = project.reads();
    client.batch_execute(GATE).unwrap();
    for (name, (index, check)) in ["p", "q"].into_iter().zip(INDEX.into_iter().zip(CHECK)) {
        let write = |path: &str, text: &str| {
            project.write(&format!("projections/{name}/{path}"), text);
        };
        let made = format!(
            "CREATE TABLE {name} (id text PRIMARY KEY);\n\
             CREATE INDEX {name}_by_gate ON {name} (public.gate({index}, id));"
        );
        write(&format!("schema/V1__{name}.sql"), &made);
        write("handlers.sql", &format!("-- on Happened\nINSERT INTO {name} (id) VALUES (:id);"));
        // That of `p` does not hold, which is nothing to `q`.
        let check = format!(
            "-- all are p\nSELECT id FROM {name} WHERE public.gate({check}, id) = '{name}';"
        );
        write("checks.sql", &check);
        // It stands at a gate, which is no rebuild's business.
        write("projection.toml", "trust_functions = [\"public.gate\"]\n");
    }
    project.ok(&["migrate"]);
    let append = "SELECT event_store.append('s', NULL, '[{\"type\": \"Happened\", \"payload\": {\"id\": \"p\"}}]')";
    project.events().batch_execute(append).unwrap();
    let all = "SELECT pg_advisory_lock(n) FROM generate_series(1, 4) AS n";
    client.batch_execute(all).unwrap();

    let rebuild = project.spawn(&["rebuild", "p", "q"]);
    for both in [INDEX, CHECK] {
        let stand = both.map(|lock| format!("({lock})"));
        wait_until("both builds to stand at their gates", || rows(&mut client, AT_GATES) == stand);
        for lock in both {
            client.execute("SELECT pg_advisory_unlock($1)", &[&lock]).unwrap();
        }
    }
    let ran = Ran::from(rebuild.wait_with_output().unwrap(), &["rebuild", "p", "q"]);
    assert!(ran.code != 0 && ran.stderr.contains("all are p"), "{}", ran.stderr);
    let states = "SELECT projection, state FROM regrow.build ORDER BY 1";
    assert_eq!(rows(&mut client, states), ["(p,catching_up)", "(q,ready)"]);
}
