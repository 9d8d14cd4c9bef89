//! Writers that take their positions in transactions of their own, which no lock tells of.

use postgres::Client;

use super::{COLUMNS, adopt, noted, put, seen};
use crate::bad_input::code_of;
use crate::bench::{Database, Project, wait_until};
use crate::hazards::Running;

const QUICK: &str = "[follow]\npoll_ms = 5\n";

/// A log whose writers take numbers ahead, with one event and a live build.
fn ahead(gaps: &str) -> Project {
    let sql = format!(
        "CREATE SEQUENCE public.numbers; CREATE TABLE public.ev (seq bigint PRIMARY KEY, {COLUMNS});
         ALTER SEQUENCE public.numbers OWNED BY public.ev.seq;"
    );
    let project = noted(Database::new(), &sql, ("public.ev", ""), QUICK);
    let mut client = project.events();
    let first = take(&mut client);
    put(&mut client, "public.ev", Some(first));
    project.ok(&["rebuild", "seen", "--promote"]);
    adopt(&project, "public.ev", gaps, QUICK);
    project
}

fn take(client: &mut Client) -> i64 {
    client.query_one("SELECT nextval('public.numbers')", &[]).unwrap().get(0)
}

/// A takes 2, B takes and commits 3, A inserts 2: without the key the build has passed it.
#[test]
fn a_mark_does_not_pass_a_gap_that_is_young() {
    for (gaps, expect) in [("gaps = \"1h\"", 4), ("", 3)] {
        let project = ahead(gaps);
        let follower = Running::start(&project, &["run"]);
        let mut client = project.events();
        let (late, early) = (take(&mut client), take(&mut client));
        put(&mut client, "public.ev", Some(early));
        // An unbroken row of positions is passed at once, whatever their age.
        if gaps.is_empty() {
            wait_until("the later event", || seen(&project) == ["(1)", "(3)"]);
        } else {
            let looks = "SELECT query_start::text FROM pg_stat_activity WHERE application_name = 'regrow run' \
                         AND datname = current_database() AND query LIKE '-- The position before the first one%'";
            let mut found = std::collections::BTreeSet::new();
            wait_until("looks for the gap", || {
                found.extend(crate::bench::rows(&mut client, looks));
                found.len() > 4
            });
            assert_eq!(seen(&project), ["(1)"]);
        }
        put(&mut client, "public.ev", Some(late));
        let last = take(&mut client);
        put(&mut client, "public.ev", Some(last));
        wait_until("the last event", || seen(&project).last().is_some_and(|id| id == "(4)"));
        assert_eq!(seen(&project).len(), expect, "the control loses one");
        assert_eq!(follower.stop().code, 0);
    }
}

/// Appends that are rolled back leave gaps for good.
#[test]
fn a_gap_that_has_grown_old_is_passed() {
    let project = ahead("gaps = \"200ms\"");
    let follower = Running::start(&project, &["run"]);
    let mut client = project.events();
    for _ in 0..3 {
        take(&mut client);
        let next = take(&mut client);
        put(&mut client, "public.ev", Some(next));
    }
    wait_until("every event", || seen(&project) == ["(1)", "(3)", "(5)", "(7)"]);
    assert_eq!(follower.stop().code, 0);
    // A command that ends waits for as long as a gap may be young, since it never saw it before.
    take(&mut client);
    let next = take(&mut client);
    put(&mut client, "public.ev", Some(next));
    let asked = std::time::Instant::now();
    project.ok(&["run", "--until-caught-up"]);
    assert!(asked.elapsed() >= std::time::Duration::from_millis(200));
    assert_eq!(seen(&project).len(), 5);
}

#[test]
fn gaps_is_a_time() {
    let project = ahead("gaps = \"soon\"");
    assert_eq!(code_of(&project, &["status"]), "adoption-invalid");
}

/// Between two numbers of a sequence with an increment lie those that a process gives out itself: with
/// `order = "before-insert"` each of them is missing until it is there.
#[test]
fn numbers_that_an_optimiser_keeps_are_missing() {
    for (order, expect) in [("order = \"before-insert\"", 1), ("", 2)] {
        let sql = format!(
            "CREATE SEQUENCE public.numbers INCREMENT BY 50; CREATE TABLE public.ev (seq bigint PRIMARY KEY, {COLUMNS});
             ALTER SEQUENCE public.numbers OWNED BY public.ev.seq;"
        );
        let project = noted(Database::new(), &sql, ("public.ev", ""), QUICK);
        let mut client = project.events();
        let first = take(&mut client);
        put(&mut client, "public.ev", Some(first));
        project.ok(&["rebuild", "seen", "--promote"]);
        adopt(&project, "public.ev", &format!("gaps = \"1h\"\n{order}"), QUICK);
        let follower = Running::start(&project, &["run"]);
        // Another process has the block from 51 on, and 2 to 50 may still come.
        let block = take(&mut client);
        assert_eq!(block, 51);
        put(&mut client, "public.ev", Some(block));
        if order.is_empty() {
            wait_until("the later event", || seen(&project).len() == expect);
        } else {
            let looks = "SELECT query_start::text FROM pg_stat_activity WHERE application_name = 'regrow run' \
                         AND datname = current_database() AND query LIKE '-- The position before the first one%'";
            let mut found = std::collections::BTreeSet::new();
            wait_until("looks for the gap", || {
                found.extend(crate::bench::rows(&mut client, looks));
                found.len() > 4
            });
            assert_eq!(seen(&project).len(), expect);
        }
        assert_eq!(follower.stop().code, 0);
    }
}

/// A has its position and waits for its lock behind somebody else's: a mark waits for A.
#[test]
fn a_writer_that_waits_for_its_lock_is_waited_for() {
    let project = ahead("gaps = \"1ms\"\norder = \"before-insert\"");
    let (mut client, mut other, mut late) = (project.events(), project.events(), project.events());
    let number = take(&mut client);
    let next = take(&mut client);
    put(&mut client, "public.ev", Some(next));
    other.batch_execute("BEGIN; LOCK TABLE public.ev IN SHARE MODE").unwrap();
    let writer = std::thread::spawn(move || put(&mut late, "public.ev", Some(number)));
    let waits = "SELECT FROM pg_locks WHERE relation = 'public.ev'::regclass AND NOT granted";
    wait_until("the writer waits", || !client.query(waits, &[]).unwrap().is_empty());
    let follower = Running::start(&project, &["run", "--until-caught-up"]);
    crate::hazards::wait_for_a_barrier_wait(&mut client, "regrow run");
    other.batch_execute("COMMIT").unwrap();
    writer.join().unwrap();
    assert_eq!(follower.end().code, 0);
    assert_eq!(seen(&project), ["(1)", "(2)", "(3)"]);
}

/// Without a time, and with an order that needs one, nothing is followed or shown.
#[test]
fn an_order_that_is_not_proven_is_refused() {
    let project = ahead("order = \"before-insert\"");
    assert_eq!(code_of(&project, &["run", "--until-caught-up"]), "order-unproven");
    project.ok(&["rebuild", "seen"]);
    assert_eq!(code_of(&project, &["promote", "seen"]), "order-unproven");
    adopt(&project, "public.ev", "order = \"writers-lock\"", QUICK);
    assert_eq!(code_of(&project, &["status"]), "adoption-invalid");
    adopt(&project, "public.ev", "order = \"writers-lock\"\nwriters = [\"public.ev\"]", QUICK);
    project.ok(&["promote", "seen"]);
    adopt(&project, "public.ev", "order = \"perhaps\"", QUICK);
    assert_eq!(code_of(&project, &["status"]), "config-invalid");
}
