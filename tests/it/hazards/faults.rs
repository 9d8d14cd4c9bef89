//! Blows at random moments of random commands: SIGKILL of the tool, and ends of its sessions.
//!
//! A moment is a request of the command, at which a relay holds it until the blow has landed. The log
//! grows between the blows, so counters that are added to twice, or not at all, are seen.

use std::collections::BTreeMap;
use std::sync::Arc;

use postgres::Client;

use super::relay::{At, Fault, Relay, Side};
use super::table::{Scenario, times};
use super::{Dice, Running, append_orders, one, orders};
use crate::bench::{Project, wait_until};

const CONFIG: &str =
    "[rebuild]\nbatch_events = 100\ncheckpoint_interval_s = 0\n[follow]\npoll_ms = 5\n";

/// A shop whose log grows, with both projections live.
pub(super) struct Shop {
    pub(super) project: Arc<Project>,
    pub(super) client: Client,
    pub(super) dice: Dice,
    rounds: usize,
    /// How many requests a command sent when it was last left alone.
    requests: BTreeMap<Vec<&'static str>, usize>,
}

/// A command that is held on its way, and what holds it.
struct Held {
    running: Running,
    relay: Relay,
}

impl Shop {
    pub(super) fn open(name: &str) -> Shop {
        let project = orders(CONFIG);
        let mut client = project.events();
        append_orders(&mut client, 32);
        // One engine each.
        project.write("projections/customer_activity/projection.toml", "engine = \"sql\"\n");
        project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
        Shop {
            project: Arc::new(project),
            client,
            dice: Dice::new(name),
            rounds: 0,
            requests: BTreeMap::new(),
        }
    }

    /// More orders, of customers that are there.
    pub(super) fn sell(&mut self) {
        self.rounds += 1;
        let log = include_str!("log.sql")
            .replace("{orders}", "3")
            .replace("'order-'", &format!("'order-{}-'", self.rounds))
            .replace("'customer-c'", &format!("'customer-{}-c'", self.rounds))
            .replace("generate_series(0, 499)", "generate_series(0, -1)");
        self.client.batch_execute(&log).unwrap();
    }

    /// A command that can be run now.
    pub(super) fn command(&mut self) -> Vec<&'static str> {
        let name = *self.dice.of(&["order_summary", "customer_activity"]);
        match self.dice.below(10) {
            0..5 => vec!["rebuild", name, "--promote"],
            5 => vec!["rebuild", "order_summary", "customer_activity", "--promote"],
            6 => vec!["rebuild", name],
            7 => vec!["run", "--until-caught-up"],
            8 if self.retired(name) => vec!["prune", name, "--keep", "0"],
            _ if self.retired(name) => vec!["rollback", name],
            _ => vec!["rebuild", name, "--promote"],
        }
    }

    /// Runs a command until a random request of it and holds it there. Nothing if it ended before:
    /// the first time it is only counted what it sends.
    fn hold(&mut self, command: &[&'static str]) -> Option<Held> {
        let relay = Relay::to(&self.project.database.url());
        relay.arm(
            "regrow ",
            self.requests.get(command).map(|all| Shop::moment(&mut self.dice, *all)),
        );
        let mut running = relay.start_command(&self.project, command);
        if relay.holds(&mut running) {
            return Some(Held { running, relay });
        }
        let ran = running.end();
        assert_eq!(ran.code, 0, "{command:?}: {}", ran.stderr);
        self.requests.insert(command.to_vec(), relay.counts().requests);
        None
    }

    /// A request among so many, on its way there, at work, or with its answer on the way back.
    pub(super) fn moment(dice: &mut Dice, requests: usize) -> Fault {
        let side = *dice.of(&[Side::Before, Side::Under, Side::After]);
        Fault::hold(At::Request(1 + dice.below(requests), side))
    }

    fn retired(&mut self, name: &str) -> bool {
        let sql = format!(
            "SELECT EXISTS (SELECT FROM regrow.build WHERE state = 'retired' AND projection = '{name}')"
        );
        one(&mut self.client, &sql)
    }

    /// Old builds go, so that the next round is no slower than this one.
    pub(super) fn tidy(&mut self) {
        let many = "SELECT count(*) FROM regrow.build WHERE state = 'retired'";
        if one::<i64>(&mut self.client, many) > 4 {
            self.project.ok(&["prune", "--keep", "0"]);
        }
    }

    pub(super) fn both_are_live(&mut self, scenario: &mut Scenario) {
        let live = "SELECT count(*) FROM regrow.build WHERE state = 'live'";
        if one::<i64>(&mut self.client, live) != 2 {
            scenario.unhandled("a projection has no live build");
        }
    }
}

#[test]
fn kill_9_of_the_tool() {
    let mut scenario = Scenario::new("F3 kill -9 of the tool");
    let mut shop = Shop::open("F3");
    let kills = times(4, 300);
    while scenario.runs() < kills {
        shop.sell();
        let command = shop.command();
        // What is held may be the last that it had to say, and nobody waits for an answer.
        if let Some(Held { running, .. }) = shop.hold(&command)
            && running.kill()
        {
            scenario.ran();
        }
        scenario.settle(&shop.project);
        scenario.judge(&mut shop.client);
        shop.both_are_live(&mut scenario);
        shop.tidy();
    }
    scenario.end();
}

#[test]
fn sessions_are_ended() {
    let mut scenario = Scenario::new("F4 pg_terminate_backend");
    let mut shop = Shop::open("F4");
    let (mut ended, mut survived, mut runs) = (0, 0, 0);
    let session = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND application_name LIKE 'regrow %' \
                     AND application_name NOT LIKE 'regrow reconnect%' ORDER BY random() LIMIT 1";
    while ended < times(4, 300) {
        shop.sell();
        let command = shop.command();
        let Some(Held { running: mut run, relay }) = shop.hold(&command) else {
            scenario.settle(&shop.project);
            continue;
        };
        // Twice at the most: the second blow comes while it makes up for the first.
        for _ in 0..2 {
            let hit = shop.client.query(session, &[]).unwrap().len();
            ended += hit;
            (0..hit).for_each(|_| scenario.ran());
            relay.arm("regrow ", Some(Shop::moment(&mut shop.dice, 60)));
            relay.release();
            if !relay.holds(&mut run) {
                break;
            }
        }
        relay.arm("", None);
        relay.release();
        wait_until("a command to end", || run.ended());
        let ran = run.end();
        runs += 1;
        if ran.code != 0 {
            println!("{command:?}: {}", ran.stderr);
        }
        survived += usize::from(ran.code == 0);
        if ran.code != 0 && !(ran.stderr.contains("error: ") && ran.stderr.contains("lost")) {
            scenario.unhandled(format!("{command:?} ended with {}: {}", ran.code, ran.stderr));
        }
        scenario.settle(&shop.project);
        scenario.judge(&mut shop.client);
        shop.both_are_live(&mut scenario);
        shop.tidy();
    }
    scenario.note(format!("{survived} of {runs} commands went on by themselves"));
    scenario.end();
}
