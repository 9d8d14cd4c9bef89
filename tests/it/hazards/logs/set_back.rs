//! The log is set back under a follower that stands at one of its requests.

use super::super::faults::Shop;
use super::super::relay::Relay;
use super::super::table::{Scenario, times};
use super::super::{Dice, Running};
use super::{QUICK, Verdicts, is_mended, project};
use crate::bench::{Database, Project, wait_until};
use crate::identity::{append, status_of};

#[test]
fn f18_a_log_is_set_back_under_a_follower() {
    let mut scenario = Scenario::new("F18 log set back, one database");
    let (mut dice, mut verdicts) = (Dice::new("F18"), Verdicts::default());
    for _ in 0..times(2, 20) {
        let project = project(QUICK);
        once(&project, &mut scenario, &mut verdicts, &mut dice);
    }
    verdicts.end(scenario, &["log-changed", "log-behind-build"]);
}

#[test]
fn f18_a_log_is_set_back_on_another_server() {
    let mut scenario = Scenario::new("F18 log set back, two databases");
    let (mut dice, mut verdicts) = (Dice::new("F18 two"), Verdicts::default());
    for _ in 0..times(2, 20) {
        let mut project = project(QUICK);
        project.read_models = Some(Database::on_another_server());
        once(&project, &mut scenario, &mut verdicts, &mut dice);
    }
    verdicts.end(scenario, &["log-changed", "log-behind-build"]);
}

fn once(project: &Project, scenario: &mut Scenario, verdicts: &mut Verdicts, dice: &mut Dice) {
    let events = 30 + below(dice, 60);
    append(&mut project.events(), "old", 0..events);
    project.ok(&["rebuild", "seen", "--promote"]);
    let relay = Relay::to(&project.database.url());
    let mut follower: Running = relay.start_command(project, &["run"]);
    append(&mut project.events(), "old", events..events + 5);
    let last = i64::from(events) + 5;
    wait_until("the follower to read the log", || {
        status_of(project, "seen__b1")["position"] == last
    });
    // What it reads next is read from another log than what it read last.
    relay.arm("regrow run", Some(Shop::moment(dice, 40)));
    assert!(relay.holds(&mut follower), "a follower has ended by itself");
    let kept = last - 1 - i64::from(below(dice, 20));
    set_back(project, kept, dice);
    relay.release();
    verdicts.judge(scenario, project, "seen__b1");
    follower.stop();
    is_mended(scenario, project);
}

/// The first events stay, and a sequence goes on where a backup or a standby had it: where the log ends,
/// or up to 32 numbers later. New events come after them.
fn set_back(project: &Project, kept: i64, dice: &mut Dice) {
    let further = if dice.percent(50) { 0 } else { below(dice, 33) };
    let new = 1 + below(dice, 60);
    let mut events = project.events();
    let restored = format!(
        "BEGIN; CREATE TEMP TABLE backup AS SELECT * FROM event_store.events WHERE position <= {kept}; \
         TRUNCATE event_store.events RESTART IDENTITY; \
         INSERT INTO event_store.events OVERRIDING SYSTEM VALUE SELECT * FROM backup; \
         SELECT setval(pg_get_serial_sequence('event_store.events', 'position'), {}); COMMIT",
        kept + i64::from(further)
    );
    events.batch_execute(&restored).unwrap();
    append(&mut events, "new", 1_000..1_000 + new);
}

pub(super) fn below(dice: &mut Dice, end: usize) -> i32 {
    i32::try_from(dice.below(end)).unwrap()
}
