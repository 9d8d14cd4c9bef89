//! Two processes follow, and the one that brought the rows forward last is killed, again and again.
//!
//! In the long form a kill comes every twenty seconds, in a test run as soon as the other one has taken over and the killed
//! one is back. Who moves a checkpoint is written down by a trigger of the test's own, by the name that each process gives
//! its sessions, so that what the killed one's server process still commits is not taken for the other's.

use std::time::{Duration, Instant};

use postgres::Client;

use super::{milliseconds, on_host, percentile, wanted};
use crate::bench::{Project, wait_until};
use crate::hazards::appenders::Appenders;
use crate::hazards::table::Scenario;
use crate::hazards::{Dice, one, oracle, orders};
use crate::service::Listening;

const KILL_EVERY: Duration = Duration::from_secs(20);
const KILLS: usize = 3;
const WRITERS: usize = 3;
/// So long a writer of the long form thinks at the most: about a hundred events a second come of all of them.
const THOUGHT_MS: usize = 80;
/// What the 99th percentile of the long form must not exceed.
const LIMIT: Duration = Duration::from_secs(3);
/// What both projections of the sample are followed as.
const BUILDS: i64 = 2;

/// Who moved a checkpoint.
const WITNESS: &str = "
    CREATE SCHEMA soak;
    CREATE TABLE soak.advance (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, build_id bigint NOT NULL, process text NOT NULL);
    CREATE FUNCTION soak.note() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        INSERT INTO soak.advance (build_id, process)
        VALUES (NEW.build_id, substring(current_setting('application_name') FROM '[(](.*)[)]$'));
        RETURN NEW;
    END $$;
    CREATE TRIGGER note AFTER UPDATE OF position ON regrow.checkpoint FOR EACH ROW
        WHEN (NEW.position > OLD.position) EXECUTE FUNCTION soak.note();";

#[test]
fn the_other_process_takes_over_from_one_that_is_killed() {
    let minutes = wanted("REGROW_SOAK_TAKEOVER_MINUTES");
    let kills = minutes.map_or(KILLS, |minutes| usize::try_from(minutes * 3).unwrap());
    let mut dice = Dice::new("soak::takeover");
    let mut scenario = Scenario::new("soak: kills of the follower, another takes over");
    let project = orders("");
    let mut client = project.events();
    let thought_ms = if minutes.is_some() { THOUGHT_MS } else { 6 };
    let appenders = Appenders::start_with(&project, WRITERS, thought_ms, &mut dice);
    let set_up: i64 = 64 * 6 + 500;
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    client.batch_execute(WITNESS).unwrap();

    let mut hosts = ["east", "west"].map(|name| Host::start(&project, &mut client, name));
    let (mut took, mut undisturbed) = (Vec::new(), Vec::new());
    for kill in 1..=kills {
        let began = Instant::now();
        appenders.wait_for_more(100);
        let newest = "SELECT process FROM soak.advance ORDER BY id DESC LIMIT 1";
        wait_until("somebody to follow", || client.query_opt(newest, &[]).unwrap().is_some());
        // Anywhere between two looks at the log.
        dice.pause(50);
        undisturbed.push(brought_forward(&mut client, Instant::now(), "%"));
        dice.pause(50);
        let leader: String = one(&mut client, newest);
        let (killed, other) = if leader == hosts[0].name { (0, 1) } else { (1, 0) };
        let at = hosts[killed].kill();
        took.push(brought_forward(&mut client, at, hosts[other].name));
        hosts[killed] = Host::start(&project, &mut client, hosts[killed].name);
        if minutes.is_some() {
            let [took, undisturbed] = [&took, &undisturbed].map(|all| milliseconds(all[kill - 1]));
            println!(
                "kill {kill}: {leader}, taken over in {took}; just before, without a kill, {undisturbed}"
            );
            while began.elapsed() < KILL_EVERY {
                appenders.wait_for_more(50);
            }
        }
        scenario.ran();
    }

    let tally = appenders.stop();
    let last: i64 = one(&mut client, "SELECT max(position) FROM event_store.events");
    wait_until("both builds to have everything", || {
        one::<i64>(&mut client, "SELECT min(position) FROM regrow.checkpoint") >= last
    });
    for host in hosts {
        host.stop();
    }
    let events: i64 = one(&mut client, "SELECT count(*) FROM event_store.events");
    assert_eq!(events, i64::try_from(tally.events).unwrap() + set_up, "the writers' own books");
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
    scenario.settle(&project);
    let [took, undisturbed] = [took, undisturbed].map(|mut all| {
        all.sort();
        [50, 99, 100].map(|percent| percentile(&all, percent))
    });
    scenario.note(format!(
        "{events} events; taken over within {}; without a kill both builds are brought forward within {}",
        figures(took),
        figures(undisturbed)
    ));
    scenario.end();
    assert!(minutes.is_none() || took[1] <= LIMIT, "p99 of a takeover is {:?}", took[1]);
}

fn figures([p50, p99, worst]: [Duration; 3]) -> String {
    let [p50, p99, worst] = [p50, p99, worst].map(milliseconds);
    format!("{p50} at the median, {p99} at the 99th percentile, {worst} at most")
}

/// Waits until both builds were brought forward, after this call, by processes with a name like that; gives the time since
/// a moment.
fn brought_forward(client: &mut Client, since: Instant, by: &str) -> Duration {
    let seen: i64 = one(client, "SELECT max(id) FROM soak.advance");
    let builds =
        "SELECT count(DISTINCT build_id) FROM soak.advance WHERE id > $1 AND process LIKE $2";
    wait_until("both builds to be brought forward", || {
        client.query_one(builds, &[&seen, &by]).unwrap().get::<_, i64>(0) == BUILDS
    });
    since.elapsed()
}

/// A process that follows on a host of its own.
struct Host {
    name: &'static str,
    run: Option<Listening>,
}

impl Host {
    /// Starts it, and waits until the ledger knows that it follows every build.
    fn start(project: &Project, client: &mut Client, name: &'static str) -> Host {
        let mut command = project.command(&["run", "--listen", "0"]);
        let url = format!("{} application_name={name}", project.database.url());
        command.env("DATABASE_URL", url);
        let mut run = Listening::start_command(on_host(name, &command));
        let pid = i64::from(run.child().id());
        let follows = "SELECT count(*) FROM regrow.worker w JOIN regrow.worker_build f ON f.worker_id = w.id \
                       WHERE w.pid = $1";
        wait_until("a process to follow both builds", || {
            client.query_one(follows, &[&pid]).unwrap().get::<_, i64>(0) == BUILDS
        });
        Host { name, run: Some(run) }
    }

    /// SIGKILL; gives the moment before it.
    fn kill(&mut self) -> Instant {
        let at = Instant::now();
        self.run.take().expect("it is started anew after each kill").kill();
        at
    }

    fn stop(mut self) {
        self.run.take().expect("it runs").stop();
    }
}
