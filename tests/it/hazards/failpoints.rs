//! F1: every failpoint of the source, before and after, with every action.
//!
//! A scene is a command in a state that makes it pass certain failpoints. Each run gets a copy of
//! that state, one fault in one command, and then does what `regrow status` says, nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::Client;

use super::halves::many_orders;
use super::table::{Scenario, times};
use super::{Dice, append_orders, change_order_summary, killed, one};
use crate::bench::{Database, HANGS, Heard, Project, wait_until};

const ACTIONS: [&str; 4] = ["error", "panic", "kill", "stop"];
const CONFIG: &str = "[rebuild]\nbatch_events = 100\ncheckpoint_interval_s = 0\n";
const EVENTS: &str = "SELECT count(*) FROM event_store.events";

/// A command in a state, and the failpoints it passes there.
struct Scene {
    passes: &'static [&'static str],
    prepare: fn(&Project),
    command: &'static [&'static str],
    /// What an operator mends before going on.
    mend: fn(&Project),
    /// What must hold at the end.
    goal: fn(&Project, &mut Scenario),
}

const MIGRATE: Scene = Scene {
    passes: &["ledger::set_up", "migrate::attempt", "migrate::note_step", "migrate::step"],
    prepare: |project| {
        let index =
            "-- transaction: none\nCREATE INDEX CONCURRENTLY by_type ON events (event_type);\n";
        project.write("migrations/event_store/V2__by_type.sql", index);
    },
    command: &["migrate"],
    mend: again,
    goal: |project, _| {
        let applied = "SELECT count(*) FROM event_store.refinery_schema_history";
        let valid =
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'event_store.by_type'::regclass";
        let mut client = project.events();
        assert_eq!(one::<i64>(&mut client, applied), 2);
        assert!(one::<bool>(&mut client, valid));
    },
};

const REFUSED: Scene = Scene {
    passes: &["migrate::forget_step", "migrate::record"],
    prepare: |project| {
        project.ok(&["migrate"]);
        project.write(
            "migrations/event_store/V2__twice.sql",
            "CREATE TABLE twice AS SELECT 1 AS n FROM generate_series(1, 2);",
        );
        let index = "-- transaction: none\nCREATE UNIQUE INDEX CONCURRENTLY once ON twice (n);\n";
        project.write("migrations/event_store/V3__once.sql", index);
    },
    command: &["migrate"],
    mend: |project| {
        let mut client = project.events();
        let there = one::<bool>(&mut client, "SELECT to_regclass('event_store.twice') IS NOT NULL");
        if there {
            client.batch_execute("DELETE FROM event_store.twice WHERE ctid = '(0,1)'").unwrap();
        } else {
            let file = "migrations/event_store/V2__twice.sql";
            project.write(file, &project.read(file).replace("1, 2", "1, 1"));
        }
        again(project);
    },
    goal: |project, _| {
        let valid =
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'event_store.once'::regclass";
        assert!(one::<bool>(&mut project.events(), valid));
    },
};

/// A look before a deploy: nothing live is what a fault in it could hurt.
const LOOK: Scene = Scene {
    passes: &["scratch::step", "scratch::apply"],
    prepare: |project| {
        shop(project);
        project.write("migrations/event_store/V2__more.sql", "CREATE TABLE event_store.more ();");
    },
    command: &["check"],
    mend: again,
    goal: |project, _| {
        let mut client = project.events();
        let applied = "SELECT count(*) FROM event_store.refinery_schema_history";
        assert_eq!(one::<i64>(&mut client, applied), 2);
        assert_eq!(one::<i64>(&mut client, EVENTS), 500 + 32 * 6);
    },
};

const IMPORT: Scene = Scene {
    passes: &["import::events"],
    prepare: |project| {
        project.ok(&["migrate"]);
        append_orders(&mut project.events(), 32);
        project.ok(&["export", "events.ndjson"]);
        project.events().batch_execute("TRUNCATE event_store.events RESTART IDENTITY").unwrap();
    },
    command: &["import", "events.ndjson"],
    mend: |project| {
        if one::<i64>(&mut project.events(), EVENTS) == 0 {
            project.ok(&["import", "events.ndjson"]);
        }
    },
    goal: |project, _| assert_eq!(one::<i64>(&mut project.events(), EVENTS), 500 + 32 * 6),
};

const REBUILD: Scene = Scene {
    passes: &[
        "create::build",
        "engine::install",
        "apply::call",
        "apply::batch",
        "native::write",
        "finish::step",
        "finish::record",
        "ledger::know_first",
        "ledger::set_assertions",
        "ledger::set_replay_mark",
        "ledger::set_state",
    ],
    prepare: |project| {
        shop(project);
        append_bad_event(project);
        for name in ["order_summary", "customer_activity"] {
            let engine = if name == "order_summary" { "native" } else { "sql" };
            let settings = format!("engine = \"{engine}\"\non_error = \"park\"\n");
            project.write(&format!("projections/{name}/projection.toml"), &settings);
        }
    },
    command: &["rebuild", "order_summary", "customer_activity"],
    mend: nothing,
    goal: both_live,
};

const RESUME: Scene = Scene {
    passes: &["ledger::resume"],
    prepare: |project| {
        shop(project);
        killed(project, &["rebuild", "order_summary"], "native::write::after");
    },
    command: &["resume", "order_summary"],
    mend: nothing,
    goal: both_live,
};

/// Enough rows at once for a second session.
const LOAD: Scene = Scene {
    passes: &["load::set_out", "load::rows"],
    prepare: |project| {
        many_orders(project);
        project.ok(&["rebuild", "customer_activity", "--promote"]);
    },
    command: &["rebuild", "order_summary"],
    mend: nothing,
    goal: both_live,
};

const UNDO: Scene = Scene {
    passes: &["ledger::undo"],
    prepare: |project| {
        (LOAD.prepare)(project);
        killed(project, &["rebuild", "order_summary"], "load::rows::after");
    },
    command: &["resume", "order_summary"],
    mend: nothing,
    goal: both_live,
};

const PROMOTE: Scene = Scene {
    passes: &["promote::switch"],
    prepare: |project| {
        shop(project);
        project.ok(&["rebuild", "order_summary", "--promote"]);
        change_order_summary(project);
        project.ok(&["rebuild", "order_summary"]);
        append_orders_of(project, "late");
    },
    command: &["promote", "order_summary"],
    mend: nothing,
    goal: |project, scenario| {
        both_live(project, scenario);
        let live = "SELECT schema_name::text FROM regrow.build WHERE state = 'live' AND projection = 'order_summary'";
        assert_eq!(one::<String>(&mut project.reads(), live), "order_summary__b2");
    },
};

/// A comparison changes nothing but that both builds move on.
const VERIFY: Scene = Scene {
    passes: &["verify::hold", "verify::snapshot"],
    prepare: |project| (PROMOTE.prepare)(project),
    command: &["verify", "order_summary"],
    mend: nothing,
    goal: both_live,
};

/// A trace replays into scratch: in SQL, event by event.
const TRACE: Scene = Scene {
    passes: &["trace::witness", "trace::batch"],
    prepare: |project| {
        shop(project);
        project.write("projections/order_summary/projection.toml", "engine = \"sql\"\n");
        project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    },
    command: &["trace", "order_summary", "--key", "id=order-7"],
    mend: |project| drop(project.ok(TRACE.command)),
    goal: both_live,
};

/// What came before an event that no column binds is replayed natively.
const TRACE_EVENT: Scene = Scene {
    passes: &["trace::chunk", "trace::settle", "trace::event"],
    prepare: |project| {
        shop(project);
        project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    },
    command: &["trace", "customer_activity", "--event", "600"],
    mend: |project| drop(project.ok(TRACE_EVENT.command)),
    goal: both_live,
};

/// A point of the log that is shown, and is gone again.
const AS_OF: Scene = Scene {
    passes: &["as_of::show"],
    prepare: |project| (PROMOTE.prepare)(project),
    command: &["as-of", "customer_activity", "--at", "600", "--publish", "then"],
    mend: |project| {
        let shown = "SELECT count(*) FROM pg_views WHERE schemaname = 'then'";
        if one::<i64>(&mut project.reads(), shown) == 0 {
            project.ok(AS_OF.command);
        }
    },
    goal: as_of_shown,
};

const NO_MORE: Scene = Scene {
    passes: &["as_of::drop"],
    prepare: |project| {
        (AS_OF.prepare)(project);
        project.ok(AS_OF.command);
    },
    command: &["as-of", "drop", "then"],
    mend: |project| {
        if one::<i64>(
            &mut project.reads(),
            "SELECT count(*) FROM pg_views WHERE schemaname = 'then'",
        ) > 0
        {
            project.ok(NO_MORE.command);
        }
    },
    goal: |project, _| {
        let left =
            "SELECT count(*) FROM pg_namespace WHERE nspname IN ('then', 'customer_activity__b1')";
        assert_eq!(one::<i64>(&mut project.reads(), left), 0);
    },
};

fn as_of_shown(project: &Project, scenario: &mut Scenario) {
    let shown = "SELECT count(*) FROM pg_views WHERE schemaname = 'then'";
    assert_eq!(one::<i64>(&mut project.reads(), shown), 2);
    scenario.judge(&mut project.reads());
}

/// One row again, in two builds.
const REPAIR: Scene = Scene {
    passes: &["repair::install", "repair::read", "repair::rows"],
    prepare: |project| {
        (PROMOTE.prepare)(project);
        project.ok(&["promote", "order_summary"]);
        project
            .reads()
            .batch_execute(
                "UPDATE order_summary__b1.order_summary SET status = 'x' WHERE id = 'order-7'",
            )
            .unwrap();
    },
    command: &["rebuild", "order_summary", "--key", "id=order-7"],
    mend: |project| drop(project.ok(REPAIR.command)),
    goal: both_live,
};

const PRUNE: Scene = Scene {
    passes: &["prune::drop"],
    prepare: |project| {
        (PROMOTE.prepare)(project);
        project.ok(&["promote", "order_summary"]);
    },
    command: &["prune", "order_summary__b1"],
    mend: |project| drop(project.ok(&["prune", "order_summary__b1"])),
    goal: |project, scenario| {
        both_live(project, scenario);
        let left = "SELECT count(*) FROM pg_namespace WHERE nspname = 'order_summary__b1'";
        assert_eq!(one::<i64>(&mut project.reads(), left), 0);
    },
};

/// The end of a projection, whole or not at all.
const RETIRE: Scene = Scene {
    passes: &["retire::end"],
    prepare: |project| {
        (PROMOTE.prepare)(project);
        project.ok(&["rebuild", "customer_activity", "--promote"]);
    },
    command: &["retire", "order_summary"],
    mend: |project| {
        let there = "SELECT count(*) FROM regrow.build WHERE projection = 'order_summary'";
        let there: i64 = one(&mut project.reads(), there);
        let views = "SELECT count(*) FROM pg_views WHERE viewname = 'order_summary'";
        let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'order_summary%'";
        let seen: [i64; 2] = [views, schemas].map(|sql| one(&mut project.reads(), sql));
        assert_eq!(seen, if there == 0 { [0, 0] } else { [1, 2] });
        if there > 0 {
            project.ok(&["retire", "order_summary"]);
        }
        project.ok(&["rebuild", "order_summary", "--promote"]);
    },
    goal: both_live,
};

const RENAME: Scene = Scene {
    passes: &["rename::builds"],
    prepare: |project| {
        shop(project);
        project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
        let folder = |name: &str| project.folder.path().join("projections").join(name);
        std::fs::rename(folder("order_summary"), folder("orders")).unwrap();
    },
    command: &["rename", "order_summary", "orders"],
    mend: |project| drop(project.ok(&["rename", "order_summary", "orders"])),
    goal: |project, _| {
        let live = "SELECT count(*) FROM regrow.build WHERE state = 'live'";
        assert_eq!(one::<i64>(&mut project.reads(), live), 2);
        let orders = "SELECT count(*) FROM read_model.order_summary";
        let opened = "SELECT count(DISTINCT stream_id) FROM event_store.events WHERE event_type = 'OrderCreated'";
        let [orders, opened] = [orders, opened].map(|sql| one::<i64>(&mut project.reads(), sql));
        assert_eq!(orders, opened);
        let name = "SELECT projection FROM regrow.build WHERE schema_name = 'order_summary__b1'";
        assert_eq!(one::<String>(&mut project.reads(), name), "orders");
    },
};

const PREVIEW: Scene = Scene {
    passes: &["preview::show"],
    prepare: |project| {
        shop(project);
        project.ok(&["rebuild", "order_summary", "customer_activity"]);
    },
    command: &["preview", "order_summary", "--publish", "soon"],
    mend: nothing,
    goal: both_live,
};

const PREVIEW_DROP: Scene = Scene {
    passes: &["preview::drop"],
    prepare: |project| {
        (PREVIEW.prepare)(project);
        project.ok(PREVIEW.command);
    },
    command: &["preview", "drop", "soon"],
    mend: |project| drop(project.run(&["preview", "drop", "soon"])),
    goal: |project, scenario| {
        both_live(project, scenario);
        let left = "SELECT count(*) FROM pg_namespace WHERE nspname = 'soon'";
        assert_eq!(one::<i64>(&mut project.reads(), left), 0);
    },
};

const POISON: Scene = Scene {
    passes: &["ledger::fail"],
    prepare: |project| {
        shop(project);
        append_bad_event(project);
    },
    command: &["rebuild", "order_summary"],
    mend: |project| {
        let mended = "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
                      DELETE FROM event_store.events WHERE stream_id = 'bad'";
        project.events().batch_execute(mended).unwrap();
        // What was done to the log shows in no file: this is the step that the failure names then.
        let resumed = || project.run(&["resume"]).code == 0;
        wait_until("the sessions of a tool that is gone to end", resumed);
    },
    goal: both_live,
};

const CHECKS: Scene = Scene {
    passes: &["ledger::trouble"],
    prepare: |project| {
        shop(project);
        project.write(CHECKS_FILE, "-- there is no order\nSELECT id FROM order_summary;\n");
    },
    command: &["rebuild", "order_summary"],
    mend: |project| {
        project.write(
            CHECKS_FILE,
            "-- there is an order\nSELECT 1 WHERE NOT EXISTS (SELECT FROM order_summary);\n",
        );
        project.ok(&["rebuild", "order_summary"]);
    },
    goal: both_live,
};
const CHECKS_FILE: &str = "projections/order_summary/checks.sql";

/// The rebuild is asked to stop while it stands between two batches.
const INTERRUPT: Scene = Scene {
    passes: &["ledger::pause"],
    prepare: |project| {
        shop(project);
        project.write("projections/customer_activity/projection.toml", "engine = \"sql\"\n");
    },
    command: &["rebuild", "customer_activity"],
    mend: nothing,
    goal: both_live,
};

/// A build of an older ledger, and one whose events were erased since; a range that is to be compared.
const FOLLOW: Scene = Scene {
    passes: &[
        "ledger::assign",
        "ledger::beat",
        "ledger::compared",
        "ledger::drop_anchor",
        "ledger::forget_payload",
    ],
    prepare: |project| {
        project.ok(&["migrate"]);
        // A position that no event has.
        let hole = "SELECT nextval(pg_get_serial_sequence('event_store.events', 'position'))";
        let hole: i64 = one(&mut project.events(), hole);
        append_orders(&mut project.events(), 32);
        project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
        let aged = format!(
            "UPDATE event_store.events SET payload = payload || '{{\"unused\": true}}' \
              WHERE position = (SELECT anchor_position FROM regrow.checkpoint c JOIN regrow.build b \
                                    ON b.id = c.build_id WHERE b.projection = 'order_summary'); \
             INSERT INTO regrow.anchor (build_id, position, events_read, envelope) \
             SELECT id, {hole}, 0, '' FROM regrow.build WHERE projection = 'order_summary'; \
             INSERT INTO regrow.read_range (build_id, after, until, events, hash_sum) \
             SELECT build_id, range_after, position, range_events, range_hash_sum FROM regrow.checkpoint; \
             UPDATE regrow.checkpoint SET range_after = position, range_events = 0, range_hash_sum = 0; \
             DELETE FROM regrow.anchor a USING regrow.build b \
              WHERE b.id = a.build_id AND b.projection = 'customer_activity'; \
             UPDATE regrow.build SET log_id = NULL, known_from = NULL WHERE projection = 'customer_activity'"
        );
        project.events().batch_execute(&aged).unwrap();
        append_orders_of(project, "late");
    },
    command: &["run", "--until-caught-up"],
    mend: |project| drop(project.ok(&["run", "--until-caught-up"])),
    goal: |project, scenario| {
        both_live(project, scenario);
        // Where an event is gone, `status` names a rebuild, so there may be another build.
        let unknown = "SELECT count(*) FROM regrow.build WHERE log_id IS NULL";
        assert_eq!(one::<i64>(&mut project.reads(), unknown), 0);
    },
};

/// Parking is what the operator decides after an event stopped the build.
const PARK: Scene = Scene {
    passes: &["ledger::set_on_error"],
    prepare: |project| {
        shop(project);
        append_bad_event(project);
        assert_ne!(project.run(&["rebuild", "order_summary"]).code, 0);
        for name in ["order_summary", "customer_activity"] {
            project.write(&format!("projections/{name}/projection.toml"), "on_error = \"park\"\n");
        }
    },
    command: &["resume", "order_summary"],
    mend: nothing,
    goal: both_live,
};

/// What an operator wants of a build is taken back, or said again.
const PAUSE: Scene = Scene {
    passes: &["ledger::set_wish"],
    prepare: |project| {
        shop(project);
        project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    },
    command: &["pause", "order_summary"],
    mend: |project| drop(project.run(&["unpause", "order_summary"])),
    goal: both_live,
};

/// An operator lets go of parked events.
const UNPARK: Scene = Scene {
    passes: &["ledger::drop_parked"],
    prepare: |project| {
        (PARK.prepare)(project);
        project.ok(&["resume", "order_summary"]);
    },
    command: &["parked", "drop", "order_summary", "--all"],
    mend: nothing,
    goal: both_live,
};

/// An event that was parked is tried again, and fails as before.
const RETRY: Scene = Scene {
    passes: &["repair::retry", "repair::retried"],
    prepare: |project| {
        (PARK.prepare)(project);
        project.ok(&["resume", "order_summary"]);
        project.ok(&["promote", "order_summary"]);
    },
    command: &["parked", "retry", "order_summary", "--all"],
    mend: |project| drop(project.run(RETRY.command)),
    goal: |project, scenario| {
        both_live(project, scenario);
        let parked = "SELECT count(*) FROM regrow.parked_events p JOIN regrow.build b ON b.id = p.build_id \
                      WHERE b.projection = 'order_summary'";
        assert_eq!(one::<i64>(&mut project.reads(), parked), 1);
    },
};

const SCENES: [&Scene; 28] = [
    &PREVIEW,
    &PREVIEW_DROP,
    &MIGRATE,
    &REFUSED,
    &LOOK,
    &IMPORT,
    &REBUILD,
    &RESUME,
    &LOAD,
    &UNDO,
    &PROMOTE,
    &VERIFY,
    &PRUNE,
    &RETIRE,
    &RENAME,
    &FOLLOW,
    &POISON,
    &PARK,
    &CHECKS,
    &INTERRUPT,
    &TRACE,
    &TRACE_EVENT,
    &REPAIR,
    &AS_OF,
    &NO_MORE,
    &PAUSE,
    &UNPARK,
    &RETRY,
];

fn nothing(_: &Project) {}

/// A deploy that was cut off is simply run again.
fn again(project: &Project) {
    project.ok(&["migrate"]);
}

/// A migrated project with a log.
fn shop(project: &Project) {
    project.ok(&["migrate"]);
    append_orders(&mut project.events(), 32);
}

fn append_orders_of(project: &Project, order: &str) {
    let events = serde_json::json!([{"type": "OrderCreated", "payload":
        {"order_id": order, "customer_id": "c1", "customer_name": "Late"}}]);
    project.events().query("SELECT event_store.append($1, -1, $2)", &[&order, &events]).unwrap();
}

/// One that no handler can apply, and that makes no row of its own.
fn append_bad_event(project: &Project) {
    let events = serde_json::json!([{"type": "OrderShipped", "payload": {"oder_id": "misspelt"}}]);
    project.events().query("SELECT event_store.append('bad', -1, $1)", &[&events]).unwrap();
}

/// Every projection has a live build, and the oracle agrees with each build there is.
fn both_live(project: &Project, scenario: &mut Scenario) {
    let live = "SELECT count(*) FROM regrow.build WHERE state = 'live'";
    assert_eq!(one::<i64>(&mut project.reads(), live), 2);
    scenario.judge(&mut project.reads());
}

#[test]
fn every_failpoint_of_the_source_is_exercised() {
    let mut found = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let exercised: BTreeSet<String> =
        SCENES.iter().flat_map(|s| s.passes).map(ToString::to_string).collect();
    assert!(found.len() > 15, "{found:?}");
    // Nothing is changed there: `hazards::standby` arranges by it what may happen to who is read from.
    assert!(found.remove("standby::range"), "{found:?}");
    assert_eq!(found, exercised);
}

/// The names behind `.commit(`, `failpoint::around(` and `change(sql,`.
fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for call in [".commit(", "failpoint::around(", "change(sql,", "change(\n        sql,"] {
                let names = text.split(call).skip(1).filter_map(|rest| {
                    let name = rest.trim_start().strip_prefix('"')?;
                    name.split_once('"').map(|(name, _)| name.to_owned())
                });
                found.extend(names);
            }
        }
    }
}

#[test]
fn migrations() {
    exercise("F1 failpoints of migrations", &[&MIGRATE, &REFUSED, &LOOK, &IMPORT]);
}

#[test]
fn rebuilds() {
    exercise("F1 failpoints of rebuilds", &[&REBUILD, &RESUME]);
}

#[test]
fn loads() {
    exercise("F1 failpoints of loads", &[&LOAD, &UNDO]);
}

#[test]
fn promotes() {
    exercise("F1 failpoints of promotes", &[&PROMOTE, &VERIFY, &PRUNE]);
}

#[test]
fn previews() {
    exercise("F1 failpoints of previews", &[&PREVIEW, &PREVIEW_DROP]);
}

#[test]
fn traces() {
    exercise("F1 failpoints of traces", &[&TRACE, &TRACE_EVENT, &REPAIR]);
}

#[test]
fn endings() {
    exercise("F1 failpoints of endings", &[&RETIRE, &RENAME, &AS_OF, &NO_MORE]);
}

#[test]
fn ends() {
    exercise(
        "F1 failpoints of bad ends",
        &[&POISON, &PARK, &CHECKS, &INTERRUPT, &PAUSE, &UNPARK, &RETRY],
    );
}

#[test]
fn followers() {
    exercise("F1 failpoints of followers", &[&FOLLOW]);
}

fn exercise(name: &'static str, scenes: &[&Scene]) {
    let (mut scenario, mut dice) = (Scenario::new(name), Dice::new(name));
    for scene in scenes {
        let mut ground = Project::orders();
        // Nothing here is about the server's disk.
        ground.database = Database::on_a_careless_server();
        ground.write("config.toml", CONFIG);
        (scene.prepare)(&ground);
        for (nth, point) in scene.passes.iter().enumerate() {
            // One side after the other in a test run.
            let sides = ["before", "after"];
            let sides = if times(0, 1) == 0 { &sides[nth % 2..=nth % 2] } else { &sides[..] };
            for side in sides.iter().copied() {
                for action in actions(&mut dice, side) {
                    let run = Run { scene, place: format!("{point}::{side}"), action };
                    run.through(&Project::like(&ground), &mut scenario);
                }
            }
        }
    }
    scenario.end();
}

/// A kill before it or one other action after it in a test run; before a release each of them, often.
fn actions(dice: &mut Dice, side: &str) -> Vec<&'static str> {
    match (times(0, 1), side) {
        (0, "before") => vec!["kill"],
        (0, _) => vec![*dice.of(&["error", "panic", "stop", "kill"])],
        (often, _) => ACTIONS.repeat(often),
    }
}

/// One fault in one command.
struct Run<'s> {
    scene: &'s Scene,
    place: String,
    action: &'static str,
}

impl Run<'_> {
    fn through(&self, project: &Project, scenario: &mut Scenario) {
        let mut client = project.events();
        let output = self.hurt(project, &mut client, scenario);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let told = format!("failpoint {}: {}", self.place, self.action);
        assert!(stderr.contains(&told), "{told} was not passed:\n{stderr}");
        let what = || format!("{} at {}: {stderr}", self.action, self.place);
        let as_expected = match self.action {
            "kill" => output.status.code().is_none(),
            // Nothing is quiet about it: an exit status, or a sentence on the way.
            "error" => {
                stderr.lines().filter(|line| line.contains("failpoint")).count() > 1
                    || output.status.code() != Some(0)
                    || self.place.starts_with("ledger::trouble")
            }
            "panic" => output.status.code() != Some(0) && stderr.contains("please report it"),
            _ => true,
        };
        if !as_expected {
            scenario.unhandled(what());
        }
        (self.scene.mend)(project);
        scenario.settle(project);
        (self.scene.goal)(project, scenario);
        scenario.ran();
    }

    /// Runs the command with the fault in it.
    fn hurt(&self, project: &Project, client: &mut Client, scenario: &mut Scenario) -> Output {
        let Run { scene, place, action } = self;
        let interrupts = std::ptr::eq(*scene, &INTERRUPT) || place.starts_with("ledger::pause");
        let mut faults = format!("{place}=1*return({action})");
        if interrupts {
            faults.push_str(";apply::call::after=1*return(stop)");
        }
        let mut command = project.command(scene.command);
        command.env("FAILPOINTS", faults).env("REGROW_LOG", "warn");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
        let mut heard = Heard::of(&mut child);
        if interrupts {
            wait_until("the rebuild to stand still", || is_stopped(pid));
            // It cannot make its next batch before it knows that it was asked.
            let mut holder = project.reads();
            let mut held = holder.transaction().unwrap();
            let lock = "LOCK TABLE customer_activity__b1.customer_activity IN SHARE MODE";
            held.batch_execute(lock).unwrap();
            kill(pid, Signal::SIGTERM).unwrap();
            kill(pid, Signal::SIGCONT).unwrap();
            // One that saw it at once may stand at the failpoint before it says anything.
            heard.wait_until_asked_or(&mut child, || *action == "stop" && is_stopped(pid));
            held.rollback().unwrap();
        }
        if *action == "stop" {
            wait_until("the process to stop itself", || is_stopped(pid));
            // Its successor goes on after an operator has ended its sessions; then it wakes up.
            end_sessions(client);
            (scene.mend)(project);
            scenario.settle(project);
            kill(pid, Signal::SIGCONT).unwrap();
        }
        ended(&mut child, &self.place, scenario);
        let output = child.wait_with_output().unwrap();
        Output { stderr: heard.until_its_end().into_bytes(), ..output }
    }
}

/// Waits for the end of a process; one that hangs is killed and counted.
fn ended(child: &mut Child, place: &str, scenario: &mut Scenario) {
    let deadline = Instant::now() + HANGS;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            scenario.unhandled(format!("it hangs at {place}"));
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process is stopped by a signal (proc(5), the third field of stat).
pub(crate) fn is_stopped(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
}

fn end_sessions(client: &mut Client) {
    let sessions = "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'regrow %'";
    client.batch_execute(&format!("SELECT pg_terminate_backend(pid) {sessions}")).unwrap();
    let count = format!("SELECT count(*) {sessions}");
    wait_until("sessions to end", || one::<i64>(client, &count) == 0);
}
