//! Blows at random moments of random commands: SIGKILL of the tool, and ends of its sessions.
//!
//! The log grows between the blows, so counters that are added to twice, or not at all, are seen.

use std::sync::Arc;
use std::time::{Duration, Instant};

use postgres::Client;

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
}

impl Shop {
    pub(super) fn open(name: &str) -> Shop {
        let project = orders(CONFIG);
        let mut client = project.events();
        append_orders(&mut client, 32);
        // One engine each.
        project.write("projections/customer_activity/projection.toml", "engine = \"sql\"\n");
        project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
        Shop { project: Arc::new(project), client, dice: Dice::new(name), rounds: 0 }
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
            8 if self.retired(name) => vec!["prune", name],
            _ if self.retired(name) => vec!["rollback", name],
            _ => vec!["rebuild", name, "--promote"],
        }
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
            self.project.ok(&["prune"]);
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
    let (mut kills, mut longest) = (0, Duration::from_millis(600));
    while kills < times(8, 300) {
        shop.sell();
        let command = shop.command();
        let started = Instant::now();
        let run = Running::start(&shop.project, &command);
        let moment = usize::try_from(longest.as_micros()).unwrap();
        std::thread::sleep(Duration::from_micros(shop.dice.below(moment) as u64));
        if run.kill() {
            kills += 1;
            scenario.ran();
        } else if command[0] == "rebuild" {
            longest = (longest * 3 + started.elapsed()) / 4;
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
    while ended < times(8, 300) {
        shop.sell();
        let command = shop.command();
        let mut run = Running::start(&shop.project, &command);
        for _ in 0..3 {
            shop.dice.pause(250);
            let hit = shop.client.query(session, &[]).unwrap().len();
            ended += hit;
            (0..hit).for_each(|_| scenario.ran());
        }
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
