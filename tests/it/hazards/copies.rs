//! F7: connections that are cut in the middle of a COPY, in the middle of a message.

use super::commands::all_live;
use super::relay::{At, Counts, Fault, Relay, Way};
use super::table::{Scenario, times};
use super::{Dice, append_orders};
use crate::bench::{Database, Project};

/// Where cuts are made: at every so many bytes.
const PIECE: u64 = 64 * 1024;
const REBUILD: [&str; 4] = ["rebuild", "order_summary", "customer_activity", "--promote"];

/// A log of some megabytes, read by two sessions at once.
pub(super) struct Megabytes {
    pub(super) project: Project,
    template: Database,
}

impl Megabytes {
    pub(super) fn new(config: &str) -> Megabytes {
        let mut project = Project::orders();
        project.database = Database::on_a_careless_server();
        project.write("config.toml", &format!("[rebuild]\nbatch_events = 250\n{config}"));
        project.ok(&["migrate"]);
        append_orders(&mut project.events(), times(1_200, 16_000));
        let template = std::mem::replace(&mut project.database, Database::on_a_careless_server());
        Megabytes { project, template }
    }

    pub(super) fn fresh(&mut self) -> &Project {
        self.project.database = self.template.copy();
        &self.project
    }

    /// What an undisturbed rebuild sends and gets on connections of such applications.
    pub(super) fn counts(&mut self, of: &'static str) -> Counts {
        let project = self.fresh();
        let relay = Relay::to(&project.database.url());
        relay.arm(of, None);
        let ran = relay.start_command(project, &REBUILD).end();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        relay.counts()
    }
}

#[test]
fn a_copy_that_is_cut_anywhere_loses_nothing() {
    let mut dice = Dice::new("copies");
    let mut scenario = Scenario::new("F7 connection reset in the middle of COPY");
    let mut ground = Megabytes::new("checkpoint_interval_s = 0\n");
    let reads = ground.counts("regrow reader").to_client / PIECE;
    let writes = ground.counts("regrow rebuild ").to_server / PIECE;
    assert!(reads > 4 && writes > 4, "{reads} pieces read, {writes} written");
    let mut cases: Vec<(&'static str, Way, u64)> = (1..=reads)
        .map(|n| ("regrow reader", Way::ToClient, n))
        .chain((1..=writes).map(|n| ("regrow rebuild ", Way::ToServer, n)))
        .collect();
    let runs = times(3, 40);
    while cases.len() > runs {
        cases.swap_remove(dice.below(cases.len()));
    }
    let mut missed = 0;
    for run in 0..runs {
        let (of, way, n) = cases[run % cases.len()];
        // The first time at the very byte, later somewhere behind it.
        let odd = if run < cases.len() { 0 } else { dice.below(60_000) as u64 };
        let fault = Fault::cut(At::Bytes(way, n * PIECE + odd));
        let project = ground.fresh();
        // Half of them by TCP.
        let relay = match run % 2 {
            0 => Relay::to(&project.database.url()),
            _ => Relay::by_tcp(&project.database.url()),
        };
        relay.arm(of, Some(fault));
        let Some(ran) = super::commands::end(relay.start_command(project, &REBUILD)) else {
            scenario.unhandled(format!("it hangs: {fault:?} of {of:?}"));
            continue;
        };
        scenario.ran();
        missed += usize::from(!relay.struck());
        if ran.code != 0 {
            scenario.unhandled(format!("{fault:?} of {of:?}: {}: {}", ran.code, ran.stderr));
        }
        all_live(&mut scenario, project, 0);
    }
    scenario.note(format!("{reads} x 64 KiB read, {writes} written; {missed} came too late"));
    scenario.end();
}
