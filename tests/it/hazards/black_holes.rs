//! F8: nothing comes through any more, and no socket says so.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::Dice;
use super::commands::all_live;
use super::copies::Megabytes;
use super::relay::{At, Deed, Fault, Relay, Side, Way};
use super::table::{Scenario, times};
use crate::bench::{Heard, wait_until};

/// While it reads, while it writes, and while it waits for the answer of a COMMIT.
#[test]
fn a_stalled_connection_can_be_given_up_and_another_process_goes_on() {
    let mut dice = Dice::new("black_holes");
    let mut scenario = Scenario::new("F8 black-holed connection");
    let mut ground = Megabytes::new("checkpoint_interval_s = 0\n");
    let reads = ground.counts("regrow reader").to_client;
    let of_writers = ground.counts("regrow rebuild ");
    let mut longest = Duration::ZERO;
    for run in 0..times(3, 12) {
        let within = |dice: &mut Dice, n: u64| 1 + dice.below(usize::try_from(n).unwrap() * 9 / 10);
        let (of, at) = match run % 3 {
            0 => ("regrow reader", At::Bytes(Way::ToClient, within(&mut dice, reads) as u64)),
            1 => {
                let byte = within(&mut dice, of_writers.to_server) as u64;
                ("regrow rebuild ", At::Bytes(Way::ToServer, byte))
            }
            _ => {
                let commit = within(&mut dice, of_writers.commits as u64);
                ("regrow rebuild ", At::Commit(commit, Side::After))
            }
        };
        let project = ground.fresh();
        let relay = Relay::to(&project.database.url());
        relay.arm(of, Some(Fault { deed: Deed::Stall, ..Fault::cut(at) }));
        let mut rebuild =
            relay.start_command(project, &["rebuild", "order_summary", "customer_activity"]);
        wait_until("the connection to stall", || relay.struck() || rebuild.ended());
        scenario.ran();
        if !relay.struck() {
            scenario.unhandled(format!("{at:?} was never reached"));
            continue;
        }
        let mut heard = Heard::of(rebuild.child.as_mut().unwrap());
        rebuild.signal(Signal::SIGTERM);
        heard.wait_until_asked(rebuild.child.as_mut().unwrap());
        if !rebuild.ended() {
            rebuild.signal(Signal::SIGTERM);
        }
        wait_until("a process to end at the second SIGTERM", || rebuild.ended());
        let ran = rebuild.end();
        if ran.code != 130 {
            scenario.unhandled(format!("{at:?}: it ended with {}", ran.code));
        }
        drop(relay);
        let began = Instant::now();
        let ran = project.run(&["resume"]);
        longest = longest.max(began.elapsed());
        if ran.code != 0 {
            let took = began.elapsed();
            scenario.unhandled(format!("{at:?}: resume in {took:?}: {}: {}", ran.code, ran.stderr));
        }
        all_live(&mut scenario, project, 0);
    }
    scenario.note(format!("resumed in {longest:?} at the most"));
    scenario.end();
}
