//! Hazards, each by its name: kills, late commits, rivals, readers in the way.
//!
//! Every test runs the real binary against a real server and judges rows by [`oracle`], which shares
//! no code with the engine. Races are arranged and not awaited: a writer is held open, a request is
//! held on its way ([`relay`]), a process stands at a failpoint. So no test passes or fails by the
//! speed of the machine, and the same numbers are drawn in each test run; before a release they are
//! others each time, and printed: `REGROW_SEED` runs them again.

mod acknowledgements;
pub(crate) mod appenders;
mod barrier;
mod black_holes;
pub(crate) mod commands;
#[cfg(feature = "failpoints")]
mod controls;
mod copies;
mod deploys;
mod fail_over;
#[cfg(feature = "failpoints")]
pub(crate) mod failpoints;
mod faults;
mod frames;
mod full_disk;
#[cfg(feature = "failpoints")]
mod halves;
mod kills;
mod logs;
mod looks;
pub(crate) mod lost_server;
pub(crate) mod oracle;
mod own_server;

mod pairs;
mod poolers;
mod promotes;
#[cfg(feature = "failpoints")]
mod put_off;
mod readers;
pub(crate) mod relay;
mod repairs;
mod rivals;
mod round_trips;
mod standby;
mod storm;
mod switches;
pub(crate) mod table;
mod throttle;
mod two_servers;

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::Client;

use crate::bench::{Project, Ran, wait_until};

/// A migrated sample project whose `config.toml` holds the given text.
pub(crate) fn orders(config: &str) -> Project {
    let project = Project::orders();
    project.write("config.toml", config);
    project.ok(&["migrate"]);
    project
}

/// Appends so many orders of six events each, and 500 customers.
fn append_orders(client: &mut Client, orders: usize) {
    let log = include_str!("hazards/log.sql").replace("{orders}", &orders.to_string());
    client.batch_execute(&log).unwrap();
}

/// The projection keeps one column more from now on.
pub(crate) fn change_order_summary(project: &Project) {
    project.write(
        "projections/order_summary/schema/V2__currency.sql",
        "ALTER TABLE order_summary ADD COLUMN currency text;",
    );
    let handlers = project.read("projections/order_summary/handlers.sql");
    let changed =
        handlers.replace("SET total_amount =", "SET currency = :currency, total_amount =");
    assert_ne!(handlers, changed);
    project.write("projections/order_summary/handlers.sql", &changed);
}

/// Runs a command that kills itself at a failpoint.
#[cfg(feature = "failpoints")]
fn killed(project: &Project, args: &[&str], at: &str) {
    let mut command = project.command(args);
    let output = command.env("FAILPOINTS", format!("{at}=1*return(kill)")).output().unwrap();
    assert_eq!(output.status.code(), None, "{at}: {}", String::from_utf8_lossy(&output.stderr));
}

/// One value of one row.
pub(crate) fn one<T: for<'a> postgres::types::FromSql<'a>>(client: &mut Client, sql: &str) -> T {
    client.query_one(sql, &[]).unwrap_or_else(|e| panic!("{e:?}: {sql}")).get(0)
}

/// The checkpoint of a build.
fn position(client: &mut Client, schema: &str) -> i64 {
    one(
        client,
        &format!(
            "SELECT c.position FROM regrow.checkpoint c JOIN regrow.build b ON b.id = c.build_id \
             WHERE b.schema_name = '{schema}'"
        ),
    )
}

/// The state of a build.
fn state(client: &mut Client, schema: &str) -> String {
    one(client, &format!("SELECT state FROM regrow.build WHERE schema_name = '{schema}'"))
}

/// Waits until a session whose application name begins so waits for a lock.
pub(crate) fn wait_for_a_lock_wait(client: &mut Client, application: &str) {
    let sql = format!(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name LIKE '{application}%' AND wait_event_type = 'Lock' \
         AND wait_event <> 'advisory')"
    );
    wait_until(&format!("{application} to wait for a lock"), || one(client, &sql));
}

/// Waits until a session with that application name stands at the barrier: it asks who holds
/// a lock again and again, and nothing else.
pub(crate) fn wait_for_a_barrier_wait(client: &mut Client, application: &str) {
    let sql = format!(
        "SELECT max(query_start)::text FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = '{application}' AND query LIKE '-- Everybody who holds a lock%'"
    );
    let mut looks = BTreeSet::new();
    wait_until(&format!("{application} to wait at the barrier"), || {
        match one::<Option<String>>(client, &sql) {
            Some(look) => looks.insert(look),
            None => {
                looks.clear();
                false
            }
        };
        looks.len() > 4
    });
}

/// A started command, killed when the test forgets it.
pub(crate) struct Running {
    child: Option<Child>,
    args: Vec<String>,
}

impl Running {
    pub(crate) fn start(project: &Project, args: &[&str]) -> Running {
        Running::start_as(project, args, |_| {})
    }

    /// The same with something changed about the command.
    pub(crate) fn start_as(
        project: &Project,
        args: &[&str],
        change: impl FnOnce(&mut Command),
    ) -> Running {
        let mut command = project.command(args);
        change(&mut command);
        Running::of(command, args)
    }

    /// A command that was made elsewhere.
    pub(crate) fn of(mut command: Command, args: &[&str]) -> Running {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Running { child: Some(child), args: args.iter().map(ToString::to_string).collect() }
    }

    fn signal(&self, signal: Signal) {
        let id = self.child.as_ref().unwrap().id();
        kill(Pid::from_raw(i32::try_from(id).unwrap()), signal).unwrap();
    }

    /// Whether it has ended.
    pub(crate) fn ended(&mut self) -> bool {
        self.child.as_mut().unwrap().try_wait().unwrap().is_some()
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ran {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        Ran::from(self.child.take().unwrap().wait_with_output().unwrap(), &args)
    }

    /// Asks it to stop.
    pub(crate) fn stop(mut self) -> Ran {
        self.signal(Signal::SIGTERM);
        wait_until("a process to end at SIGTERM", || self.ended());
        self.end()
    }

    /// SIGKILL; `false` if it had ended before.
    fn kill(mut self) -> bool {
        if self.ended() {
            let ran = self.end();
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            return false;
        }
        self.signal(Signal::SIGKILL);
        self.child.take().unwrap().wait().unwrap();
        true
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Numbers that repeat with their seed (splitmix64, Steele, Lea and Flood 2014).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// The seed of `REGROW_SEED`, of the moment before a release, else always the same: what a test
    /// run says must not depend on chance. It is printed.
    pub(crate) fn new(test: &str) -> Dice {
        let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let seed = match std::env::var("REGROW_SEED") {
            Ok(text) => text.parse().unwrap(),
            Err(_) => match table::times(0, 1) {
                0 => test.bytes().fold(17, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte)),
                _ => u64::from(now().unwrap().subsec_nanos()),
            },
        };
        println!("{test}: REGROW_SEED={seed}");
        Dice(seed)
    }

    /// Other dice, for another thread.
    pub(crate) fn fork(&mut self) -> Dice {
        Dice(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// Whether one of so many cases in a hundred happens.
    pub(crate) fn percent(&mut self, cases: usize) -> bool {
        self.below(100) < cases
    }

    /// One of them.
    pub(crate) fn of<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[self.below(things.len())]
    }

    /// Up to so many milliseconds go by: writers think, and this is no wait for anything.
    pub(crate) fn pause(&mut self, most_ms: usize) {
        let micros = u64::try_from(self.below(most_ms * 1_000)).unwrap();
        std::thread::sleep(Duration::from_micros(micros));
    }
}
