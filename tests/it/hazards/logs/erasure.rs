//! Events are deleted or overwritten while a build replays, catches up and is followed.

use super::super::faults::Shop;
use super::super::relay::Relay;
use super::super::table::{Scenario, times};
use super::super::{Dice, Running};
use super::set_back::below;
use super::{QUICK, project, word, wrong};
use crate::bench::{Project, rows, wait_until};
use crate::identity::{append, status_of};

#[test]
fn f21_events_are_erased_while_builds_are_made_and_followed() {
    let mut scenario = Scenario::new("F21 erasure during replay, catch-up and follow");
    let mut dice = Dice::new("F21");
    let mut told = 0;
    for round in 0..times(3, 30) {
        told += usize::from(once(round, &mut scenario, &mut dice));
        scenario.ran();
    }
    scenario.note(format!("rows of deleted events were left and told {told} times"));
    scenario.end();
}

/// Whether rows of events that are gone were left, and told.
fn once(round: usize, scenario: &mut Scenario, dice: &mut Dice) -> bool {
    let project = project(&format!("{QUICK}[rebuild]\nbatch_events = 7\n"));
    let mut events = project.events();
    for stream in ["a", "b", "c"] {
        append(&mut events, stream, 0..10 + below(dice, 20));
    }
    let follows = round.is_multiple_of(3);
    if follows {
        project.ok(&["rebuild", "seen", "--promote"]);
    }
    let args: &[&str] = if follows { &["run"] } else { &["rebuild", "seen", "--promote"] };
    let relay = Relay::to(&project.database.url());
    let requests = if follows { 30 } else { 120 };
    relay.arm("regrow ", Some(Shop::moment(dice, requests)));
    let mut running: Running = relay.start_command(&project, args);
    let held = relay.holds(&mut running);
    let stream = *dice.of(&["a", "b", "c"]);
    let erase = match dice.below(2) {
        0 => format!("DELETE FROM event_store.events WHERE stream_id = '{stream}'"),
        _ => format!(
            "UPDATE event_store.events SET payload = '{{\"n\": -1}}' WHERE stream_id = '{stream}'"
        ),
    };
    events.batch_execute(&erase).unwrap();
    let deleted = erase.starts_with("DELETE");
    append(&mut events, "d", 0..5);
    relay.release();
    if follows {
        wait_until("the follower to come to the end", || reached(&project));
        running.stop();
    } else {
        let ran = running.end();
        // What it has read itself is gone again: it says so, and status leads on.
        if ran.code != 0 && !ran.stderr.contains("error: ") {
            scenario.unhandled(format!("{args:?}, held {held}: {} {}", ran.code, ran.stderr));
        }
    }
    scenario.settle(&project);
    project.ok(&["run", "--until-caught-up"]);
    let left = wrong(&project, "read_model");
    let said = word(&status_of(&project, "seen__b1"));
    let unsaid: Vec<String> = match deleted {
        // Nothing but rows of the stream that is gone may be left, and those are told.
        true if said.is_some() => {
            left.iter().filter(|row| !row.contains(&format!(",{stream},"))).cloned().collect()
        }
        // A row has the payload that its event had when it was read: each is the old one or the new one.
        false => {
            let strange = format!(
                "SELECT at FROM read_model.seen s WHERE NOT EXISTS (SELECT FROM event_store.events e \
                 WHERE e.position = s.at AND e.stream_id = s.stream AND (s.stream = '{stream}' OR \
                 (e.payload ->> 'n')::int = s.n))"
            );
            rows(&mut events, &strange)
        }
        true => left.clone(),
    };
    scenario.wrong_rows(&unsaid);
    rebuilt(&project);
    scenario.wrong_rows(&wrong(&project, "read_model"));
    deleted && !left.is_empty()
}

/// A rebuild over what is left. Where the log's first event is gone, it asks whether that was meant, and its hint works.
fn rebuilt(project: &Project) {
    let args = ["rebuild", "seen", "--promote"];
    let ran = project.run(&args);
    if ran.code == 0 {
        return;
    }
    let said = "repeat the command with --log-begins-at ";
    let at = ran.stderr.split_once(said).unwrap_or_else(|| panic!("{}", ran.stderr)).1;
    let at = at.split_whitespace().next().unwrap();
    project.ok(&[&args[..], &["--log-begins-at", at]].concat());
}

fn reached(project: &Project) -> bool {
    status_of(project, "seen__b1")["lag"] == 0
}
