//! Positions that lie far apart: ranges are cut by events, so nobody walks through what is not there.

use super::{COLUMNS, noted, put};
use crate::bench::{Database, Project, rows, wait_until};
use crate::hazards::{Dice, Running};

/// Rows that tell in which order events were applied.
fn trails(database: Database, engine: &str, config: &str) -> Project {
    let sql = format!("CREATE TABLE public.ev (seq bigint PRIMARY KEY, {COLUMNS});");
    let project = noted(database, &sql, ("public.ev", ""), config);
    let table = "CREATE TABLE seen (id text PRIMARY KEY, events bigint NOT NULL, last bigint NOT NULL, falls bigint NOT NULL);";
    project.write("projections/seen/schema/V1__seen.sql", table);
    let handler = "-- on Noted\nINSERT INTO seen (id, events, last, falls) VALUES (:event.stream_id, 1, :event.position, 0)\n\
         ON CONFLICT (id) DO UPDATE SET events = seen.events + 1, last = EXCLUDED.last,\n\
         falls = seen.falls + CASE WHEN EXCLUDED.last <= seen.last THEN 1 ELSE 0 END;\n";
    project.write("projections/seen/handlers.sql", handler);
    project.write("projections/seen/projection.toml", &format!("engine = \"{engine}\"\n"));
    project
}

/// Fills the log; every fifth position has an event of a type that nobody wants.
fn fill(project: &Project, positions: &[i64]) {
    let list: Vec<String> = positions.iter().map(|p| format!("({p})")).collect();
    let sql = format!(
        "INSERT INTO public.ev (seq, stream, ver, kind, body) \
         SELECT p, 's' || p % 7, 0, CASE WHEN p % 5 = 0 THEN 'Other' ELSE 'Noted' END, '{{}}' FROM (VALUES {}) AS l(p)",
        list.join(", ")
    );
    project.events().batch_execute(&sql).unwrap();
}

const TRUTH: &str = "SELECT stream AS id, count(*) AS events, max(seq) AS last, 0::bigint AS falls FROM public.ev \
                     WHERE kind = 'Noted' GROUP BY stream ORDER BY stream";
const BUILT: &str = "SELECT id, events, last, falls FROM read_model.seen ORDER BY id";

#[track_caller]
fn rebuilt(project: &Project, what: &str) {
    let mut running = Running::start(project, &["rebuild", "seen", "--promote"]);
    wait_until(what, || running.ended());
    let ran = running.end();
    assert_eq!(ran.code, 0, "{what}\n{}{}", ran.stdout, ran.stderr);
    assert_eq!(rows(&mut project.reads(), BUILT), rows(&mut project.events(), TRUTH), "{what}");
    let status = project.json(&["status"]);
    assert_eq!(status["builds"][0]["lag"], 0, "{what}");
}

/// Steps of every size, in runs, with one lane or two, small ranges and large, either engine.
#[test]
fn logs_with_steps_of_every_size_are_read_in_order_and_to_their_end() {
    let mut dice = Dice::new("sparse logs");
    for round in 0..6 {
        let engine = *dice.of(&["native", "sql"]);
        let (batch, span) = (*dice.of(&[5, 40, 1000]), *dice.of(&[10, 100, 100_000]));
        let mut position = *dice.of(&[0, 499_999_999, 1_000_000_000_000]);
        let mut positions = Vec::new();
        while positions.len() < 1500 {
            let step = *dice.of(&[1, 1, 1, 2, 50, 1_000_003, 10_i64.pow(12), 10_i64.pow(14)]);
            for _ in 0..*dice.of(&[1, 10, 300]) {
                position += step;
                positions.push(position);
            }
        }
        let config = format!("[rebuild]\nbatch_events = {batch}\nrange_positions = {span}\n");
        let what = format!("round {round}: {engine}, batch {batch}, span {span}");
        let project = trails(Database::on_a_careless_server(), engine, &config);
        fill(&project, &positions);
        rebuilt(&project, &what);
    }
}

#[test]
fn ids_made_of_time_one_gap_and_a_late_beginning() {
    let hundred: Vec<i64> = (1..=100).collect();
    let by = |step: i64, of: i64| (1..=of).map(|n| n * step).collect::<Vec<i64>>();
    let gap: Vec<i64> =
        hundred.iter().copied().chain((1..=100).map(|n| 10_i64.pow(12) + n)).collect();
    for (what, positions) in [
        ("time-based ids", (0..2_000).map(|n| 10_i64.pow(18) + n * 4_194_304).collect()),
        ("ids far apart", by(4_000_000_000_000_000, 2_000)),
        ("ten events from 500,000,001", (500_000_001..=500_000_010).collect()),
        ("one gap of 10^12", gap),
        ("no event at all", Vec::new()),
    ] {
        for engine in ["native", "sql"] {
            let project = trails(Database::on_a_careless_server(), engine, "");
            if !positions.is_empty() {
                fill(&project, &positions);
            }
            rebuilt(&project, &format!("{what}, {engine}"));
            let exported = project.ok(&["export"]);
            assert_eq!(exported.lines().count(), positions.len(), "{what}");
            // Followed too, from the end over another gap.
            if let Some(last) = positions.last() {
                put(&mut project.events(), "public.ev", Some(last + 1_000_000_001));
                let behind = &project.json(&["status"])["builds"][0];
                assert_eq!((&behind["lag"], &behind["lag_is_more"]), (&1.into(), &false.into()));
                project.ok(&["run", "--until-caught-up"]);
                assert_eq!(project.json(&["status"])["builds"][0]["lag"], 0);
            }
        }
    }
}

/// A status is quick, and a number that is too large to be counted is not made up.
#[test]
fn a_lag_that_is_too_large_to_count_says_so() {
    let project = trails(Database::on_a_careless_server(), "sql", "");
    put(&mut project.events(), "public.ev", Some(1));
    project.ok(&["rebuild", "seen", "--promote"]);
    let many = "INSERT INTO public.ev (seq, stream, ver, kind, body) \
                SELECT 1000000000000 + n * 1000000007::bigint, 's', 0, 'Noted', '{}' FROM generate_series(1, 100001) AS n";
    project.events().batch_execute(many).unwrap();
    let behind = &project.json(&["status"])["builds"][0];
    assert_eq!((&behind["lag"], &behind["lag_is_more"]), (&100_000.into(), &true.into()));
    assert!(project.ok(&["status"]).contains("100,000+"));
}
