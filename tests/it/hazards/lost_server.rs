//! The server is gone in the middle of everything: stopped at once, or a process of it killed, while
//! a relay holds the tool at one of its requests.
//!
//! With patience the tool comes through by itself. Without it ends with a plain sentence, and the
//! one command that `status` names goes on. Rows and checkpoint, which may both be older than
//! what was told before (`synchronous_commit` is off while a build replays), agree all the while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use postgres::{Client, NoTls};

use super::own_server::OwnServer;
use super::relay::{At, Fault, Relay, Side};
use super::table::{Scenario, times};
use super::{Dice, Running, append_orders, change_order_summary, one};
use crate::bench::{Database, Project, Ran, wait_until};

/// Six events each, and 500 customers.
const ORDERS: usize = 700;

#[test]
fn f5_immediate_stop_of_the_server() {
    struck("F5 immediate stop of the server", Blow::Stop, times(1, 13));
}

#[test]
fn f6_sigkill_of_a_backend_process() {
    struck("F6 SIGKILL of a backend process", Blow::Backend, times(1, 8));
}

/// What happens to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blow {
    Stop,
    /// The process that serves one of our sessions: the server restarts all of them.
    Backend,
}

/// What the tool does meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    RebuildNatively,
    RebuildInSql,
    Promote,
    Follow,
}

impl Work {
    pub(super) const ALL: [Work; 4] =
        [Work::RebuildNatively, Work::RebuildInSql, Work::Promote, Work::Follow];

    /// How many requests it sends if it is left alone; a follower never comes to an end.
    pub(super) fn requests(self, project: &Project) -> usize {
        if self == Work::Follow {
            return 300;
        }
        let relay = Relay::to(&project.database.url());
        relay.arm("regrow ", None);
        let ran = relay.start_command(project, self.args()).end();
        assert_eq!(ran.code, 0, "{self:?}: {}", ran.stderr);
        relay.counts().requests
    }

    pub(super) fn args(self) -> &'static [&'static str] {
        match self {
            Work::RebuildNatively | Work::RebuildInSql => {
                &["rebuild", "order_summary", "customer_activity", "--promote"]
            }
            Work::Promote => &["promote", "order_summary"],
            Work::Follow => &["run"],
        }
    }
}

/// Databases of a server that each run begins with a copy of.
pub(crate) struct Templates {
    /// A migrated project with a log.
    log: String,
    /// The same with both projections live.
    live: String,
    /// The same with another build of `order_summary` ready, and more in the log.
    ready: String,
}

impl Templates {
    pub(crate) fn make(address: &str) -> Templates {
        let copy = |of: &str| Database::at(address.to_owned(), of);
        let log = Project::orders_on(copy("template0"));
        log.write("config.toml", &config(0));
        log.ok(&["migrate"]);
        append_orders(&mut log.events(), ORDERS);
        let live = Project::orders_on(copy(&log.database.name()));
        live.write("config.toml", &config(0));
        live.write("projections/customer_activity/projection.toml", "engine = \"sql\"\n");
        live.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
        let ready = Project::orders_on(copy(&live.database.name()));
        ready.write("config.toml", &config(0));
        change_order_summary(&ready);
        ready.ok(&["rebuild", "order_summary"]);
        append_more(&mut ready.events(), "later", 1_000);
        // The databases stay until the server goes.
        let keep = |project: Project| {
            let name = project.database.name();
            std::mem::forget(project.database);
            name
        };
        Templates { log: keep(log), live: keep(live), ready: keep(ready) }
    }

    /// A project in the state that the work begins with.
    pub(crate) fn project(&self, work: Work, address: &str, reconnect_s: usize) -> Project {
        let template = match work {
            Work::RebuildNatively | Work::RebuildInSql => &self.log,
            Work::Promote => &self.ready,
            Work::Follow => &self.live,
        };
        let project = Project::orders_on(Database::at(address.to_owned(), template));
        // A copied sequence is not written to the WAL until a checkpoint has passed: without one
        // it goes back at a crash (seen on PostgreSQL 15).
        project.events().batch_execute("CHECKPOINT").unwrap();
        project.write("config.toml", &config(reconnect_s));
        if work == Work::RebuildInSql {
            for projection in ["order_summary", "customer_activity"] {
                let file = format!("projections/{projection}/projection.toml");
                project.write(&file, "engine = \"sql\"\n");
            }
        }
        if work == Work::Promote {
            change_order_summary(&project);
        }
        project
    }
}

/// Many small batches, so that there are many moments.
fn config(reconnect_s: usize) -> String {
    format!(
        "[database]\nreconnect_s = {reconnect_s}\n\
         [rebuild]\nbatch_events = 250\ncheckpoint_interval_s = 0\n[follow]\npoll_ms = 1\n"
    )
}

/// So many orders of three events each, in streams of a name of their own.
pub(super) fn append_more(client: &mut Client, name: &str, orders: usize) {
    client
        .batch_execute(
            &include_str!("more.sql")
                .replace("{name}", name)
                .replace("{orders}", &orders.to_string()),
        )
        .unwrap();
}

fn struck(name: &'static str, blow: Blow, rounds: usize) {
    let mut dice = Dice::new(name);
    let mut server = OwnServer::start_new();
    let templates = Templates::make(&server.address());
    let mut scenario = Scenario::new(name);
    let mut requests = [None; Work::ALL.len()];
    let (mut blows, mut patient) = (0, 0);
    for round in 0..rounds {
        for (number, work) in Work::ALL.into_iter().enumerate() {
            let reconnect_s = if (round + number).is_multiple_of(2) { 30 } else { 0 };
            let run = Run { work, reconnect_s, blow };
            let all = *requests[number].get_or_insert_with(|| {
                work.requests(&templates.project(work, &server.address(), 30))
            });
            let landed = run.once(&mut server, &templates, &mut scenario, &mut dice, all);
            assert!(landed > 0, "{run:?}: it ended before it was held");
            blows += landed;
            patient += usize::from(reconnect_s > 0);
            scenario.ran();
        }
    }
    scenario.note(format!("{blows} blows; {patient} runs came through by themselves"));
    scenario.end();
}

/// A request among so many at which the tool is held, on its way there or with its answer on the
/// way back. The last ones are left out: some of them nobody waits for.
pub(super) fn moment(dice: &mut Dice, requests: usize) -> Fault {
    let side = *dice.of(&[Side::Before, Side::After]);
    Fault::hold(At::Request(1 + dice.below(requests * 9 / 10), side))
}

/// One run of the tool.
#[derive(Debug, Clone, Copy)]
struct Run {
    work: Work,
    reconnect_s: usize,
    blow: Blow,
}

impl Run {
    /// Gives the number of blows that met the tool while it ran.
    fn once(
        self,
        server: &mut OwnServer,
        templates: &Templates,
        scenario: &mut Scenario,
        dice: &mut Dice,
        requests: usize,
    ) -> usize {
        let Run { work, reconnect_s, .. } = self;
        let project = templates.project(work, &server.address(), reconnect_s);
        let writer = (work == Work::Follow).then(|| Writer::start(&project, dice.fork()));
        let relay = Relay::to(&project.database.url());
        relay.arm("regrow ", Some(moment(dice, requests)));
        let mut running = relay.start_command(&project, work.args());
        let wanted = if reconnect_s > 0 { 1 + dice.below(2) } else { 1 };
        let mut landed = 0;
        while landed < wanted && relay.holds(&mut running) {
            if running.ended() || !self.strike(server, &project, dice) {
                break;
            }
            landed += 1;
            // The next blow comes while it makes up for this one, if it has to.
            relay.arm("regrow ", (landed < wanted).then(|| moment(dice, requests)));
            relay.release();
        }
        relay.arm("", None);
        relay.release();
        let end = self.wait_for_its_end(running, &project, writer);
        match end {
            Err(complaint) => scenario.unhandled(format!("{self:?}: {complaint}")),
            Ok(()) if landed > 0 => {
                let commands = scenario.settle(&project);
                let mut client = project.events();
                let live = "SELECT count(*) FROM regrow.build WHERE state = 'live'";
                if one::<i64>(&mut client, live) != 2 {
                    let status = project.run(&["status"]).stdout;
                    scenario.unhandled(format!(
                        "{self:?}: not both projections are live behind {commands:?}\n{status}"
                    ));
                }
            }
            Ok(()) => {}
        }
        scenario.judge(&mut project.events());
        landed
    }

    /// Whether the blow met anybody.
    fn strike(self, server: &mut OwnServer, project: &Project, dice: &mut Dice) -> bool {
        match self.blow {
            Blow::Stop => {
                server.stop_at_once();
                dice.pause(300);
                server.start();
                true
            }
            Blow::Backend => {
                let mut witness = project.events();
                let pids = sessions(&mut witness);
                if pids.is_empty() || !server.kill_backend(*dice.of(&pids)) {
                    return false;
                }
                wait_until("all sessions to be ended", || witness.simple_query("").is_err());
                server.wait_until_it_answers();
                true
            }
        }
    }

    /// Says what was wrong with how it ended, if anything.
    fn wait_for_its_end(
        self,
        running: Running,
        project: &Project,
        writer: Option<Writer>,
    ) -> Result<(), String> {
        let ran = end_of(running, project, writer, self.reconnect_s > 0);
        if ran.code == 0 {
            return Ok(());
        }
        let lost = ["error: the connection to ", "error: cannot connect to "];
        let plain = ran.stderr.lines().any(|line| lost.iter().any(|l| line.starts_with(l)));
        match self.reconnect_s == 0 && ran.code == 1 && plain {
            true => Ok(()),
            false => Err(format!("it ended with {}: {}", ran.code, ran.stderr)),
        }
    }
}

/// The backends of the tool's sessions.
fn sessions(client: &mut Client) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
               AND application_name LIKE 'regrow %'";
    client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

/// A thread that appends, and begins anew where its server was lost.
pub(crate) struct Writer {
    stop: Arc<AtomicBool>,
    appended: Arc<AtomicUsize>,
    /// How often it may append.
    allowed: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(project: &Project, dice: Dice) -> Writer {
        Writer::start_with(project, usize::MAX, dice)
    }

    /// One that appends so many times, and again when somebody waits for it: else who reads runs after it on a slow machine.
    pub(crate) fn start_with(project: &Project, times: usize, mut dice: Dice) -> Writer {
        let (stop, appended): (Arc<AtomicBool>, Arc<AtomicUsize>) = Default::default();
        let allowed = Arc::new(AtomicUsize::new(times));
        let (told, count, most) = (Arc::clone(&stop), Arc::clone(&appended), Arc::clone(&allowed));
        let address = project.database.url();
        let thread = std::thread::spawn(move || {
            let (mut client, mut number) = (None, 0);
            while !told.load(Ordering::Relaxed) {
                dice.pause(8);
                if count.load(Ordering::Relaxed) >= most.load(Ordering::Relaxed) {
                    continue;
                }
                number += 1;
                let Some(open) = &mut client else {
                    client = Client::connect(&address, NoTls).ok();
                    continue;
                };
                // A stream of its own, since nobody knows of a COMMIT whose answer was lost.
                let sql = include_str!("more.sql")
                    .replace("{name}", &format!("meanwhile-{number}"))
                    .replace("{orders}", &(1 + dice.below(3)).to_string());
                match open.batch_execute(&sql) {
                    Ok(()) => drop(count.fetch_add(1, Ordering::Relaxed)),
                    Err(_) => client = None,
                }
            }
        });
        Writer { stop, appended, allowed, thread: Some(thread) }
    }

    /// Waits until it has appended so many times more.
    pub(crate) fn wait_for_more(&self, times: usize) {
        let goal = self.appended.load(Ordering::Relaxed) + times;
        self.allowed.fetch_max(goal, Ordering::Relaxed);
        wait_until("the writer to go on", || self.appended.load(Ordering::Relaxed) >= goal);
    }

    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How the tool ends: a follower with the patience to come through is asked to, once it has read
/// what the writer appended since; everything else is waited for, with the writer at work.
pub(super) fn end_of(
    mut running: Running,
    project: &Project,
    writer: Option<Writer>,
    is_patient: bool,
) -> Ran {
    match writer {
        Some(writer) if is_patient => {
            writer.wait_for_more(20);
            writer.stop();
            let mut client = project.events();
            let fresh = "SELECT (SELECT max(position) FROM event_store.events) \
                         <= (SELECT min(position) FROM regrow.checkpoint)";
            wait_until("the follower to catch up", || {
                running.ended() || one::<bool>(&mut client, fresh)
            });
            if running.ended() { running.end() } else { running.stop() }
        }
        writer => {
            wait_until("the tool to end", || running.ended());
            drop(writer);
            running.end()
        }
    }
}
