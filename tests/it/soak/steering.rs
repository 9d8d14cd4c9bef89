//! Pause, unpause, cancel and resume from another host, at random moments of a rebuild, a resume, a promote and a follower.
//!
//! A relay holds the command that works on a build at a random request, until the ledger has what was asked for from
//! elsewhere, or whoever asks waits for a lock. So a moment is one between two statements, and none is missed by the speed of
//! the machine. What comes after the first word comes when it comes. At the end the test does what `regrow status`
//! says, both projections have to be live again, and every row right.

use std::collections::BTreeMap;
use std::time::Instant;

use postgres::Client;
use serde_json::Value;

use super::{on_host, wanted};
use crate::bench::{Database, Project, Ran, wait_until};
use crate::hazards::commands::end;
use crate::hazards::lost_server::{Templates, Work, Writer};
use crate::hazards::relay::{At, Fault, Relay, Side};
use crate::hazards::table::Scenario;
use crate::hazards::{Dice, Running, change_order_summary, one};

/// One of each kind of work.
const RUNS: u32 = 6;
const BOTH: [&str; 2] = ["order_summary", "customer_activity"];
/// So often somebody appends meanwhile, some events each time.
const APPENDS: usize = 100;
/// What a command answers who found that another one was at work, or that an operator wants something else.
const BUSY: i32 = 6;
const INTERRUPTED: i32 = 130;

/// What is under way when somebody steers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// First builds of both projections, natively or in SQL.
    First(Work),
    /// Another build of a projection that readers see.
    Second,
    /// The resume of a rebuild that was killed at a random moment.
    Resume,
    Promote,
    Follow,
}

const DEEDS: [Deed; 6] = [
    Deed::First(Work::RebuildNatively),
    Deed::Follow,
    Deed::Second,
    Deed::Promote,
    Deed::First(Work::RebuildInSql),
    Deed::Resume,
];

impl Deed {
    fn project(self, templates: &Templates, server: &str) -> Project {
        let work = match self {
            Deed::First(work) => work,
            Deed::Resume => Work::RebuildNatively,
            Deed::Promote => Work::Promote,
            Deed::Second | Deed::Follow => Work::Follow,
        };
        let project = templates.project(work, server, 30);
        if self == Deed::Second {
            change_order_summary(&project);
        }
        project
    }

    fn args(self) -> &'static [&'static str] {
        match self {
            Deed::First(_) => &["rebuild", BOTH[0], BOTH[1], "--promote"],
            Deed::Second => &["rebuild", BOTH[0], "--promote"],
            Deed::Resume => &["resume", "--promote"],
            Deed::Promote => &["promote", BOTH[0]],
            Deed::Follow => &["run"],
        }
    }

    /// The states of a build in one of which it is steered.
    fn states(self) -> &'static [&'static str] {
        match self {
            Deed::First(_) | Deed::Second | Deed::Resume => {
                &["created", "replaying", "catching_up", "ready", "live"]
            }
            Deed::Promote => &["ready", "live"],
            Deed::Follow => &["live"],
        }
    }
}

#[test]
fn builds_are_steered_at_random_moments() {
    let long = wanted("REGROW_SOAK_RUNS");
    let mut dice = Dice::new("soak::steering");
    let mut scenario = Scenario::new("soak: pause, unpause, cancel, resume at random moments");
    let database = Database::on_a_careless_server();
    let templates = Templates::make(database.server());
    let mut moments = BTreeMap::new();
    for number in 0..long.unwrap_or(RUNS) {
        let deed = DEEDS[usize::try_from(number).unwrap() % DEEDS.len()];
        let mut run = Run {
            deed,
            project: deed.project(&templates, database.server()),
            projection: BOTH[if deed == Deed::Follow { dice.below(2) } else { 0 }],
            dice: dice.fork(),
            scenario: &mut scenario,
            told: vec![format!("run {number}, {deed:?}")],
            began: Instant::now(),
            is_long: long.is_some(),
        };
        let at = run.once();
        *moments.entry(at).or_insert(0) += 1;
        scenario.ran();
    }
    let moments: Vec<String> = moments.iter().map(|(at, times)| format!("{at} {times}")).collect();
    scenario.note(format!("the first word came while the build was: {}", moments.join(", ")));
    scenario.end();
}

/// One run, and all that was said in it.
struct Run<'a> {
    deed: Deed,
    project: Project,
    /// The projection that is steered.
    projection: &'static str,
    dice: Dice,
    scenario: &'a mut Scenario,
    told: Vec<String>,
    began: Instant,
    /// Whether everything that happened is printed.
    is_long: bool,
}

impl Run<'_> {
    /// Gives the state of the build when it was steered first.
    fn once(&mut self) -> String {
        let before = self.scenario.complaints();
        let writer = Writer::start_with(&self.project, APPENDS, self.dice.fork());
        if self.deed == Deed::Resume {
            self.rebuild_and_kill();
        }
        let relay = Relay::to(&self.project.database.url());
        let step = Some(self.step(24));
        relay.arm("regrow ", step);
        let mut running = relay.start_command(&self.project, self.deed.args());
        let at = self.hold(&relay, &mut running);
        self.tell(format!("held while {at}"));

        let mut last = None;
        for word in 0..1 + self.dice.below(3) {
            last = Some(self.steer((word == 0).then_some(&relay)));
            self.dice.pause(400);
        }
        relay.arm("", None);
        relay.release();
        if self.deed == Deed::Follow {
            self.rests(last.as_ref(), &writer);
            self.is_followed_again(&writer);
            self.ends(Some(running.stop()));
        } else {
            self.ends(end(running));
        }
        writer.stop();
        self.settle();
        if self.is_long || self.scenario.complaints() > before {
            println!("{:#?}", self.told);
        }
        at
    }

    /// Keeps what happened, and when.
    fn tell(&mut self, what: String) {
        self.told.push(format!("{:.1} s: {what}", self.began.elapsed().as_secs_f64()));
    }

    fn complain(&mut self, what: String) {
        let told = self.told.join("; ");
        self.scenario.unhandled(format!("{what} ({told})"));
    }

    /// A hold at one of the next requests.
    fn step(&mut self, within: usize) -> Fault {
        let side = *self.dice.of(&[Side::Before, Side::After]);
        Fault::hold(At::Request(1 + self.dice.below(within), side))
    }

    /// Leaves a rebuild that was killed somewhere.
    fn rebuild_and_kill(&mut self) {
        let relay = Relay::to(&self.project.database.url());
        let within = Deed::First(Work::RebuildNatively);
        let step = Some(self.step(200));
        relay.arm("regrow ", step);
        let mut rebuild = relay.start_command(&self.project, within.args());
        relay.holds(&mut rebuild);
        drop(rebuild);
        self.tell("the rebuild was killed".to_owned());
    }

    /// Goes from request to request until the build is in a state drawn by lot, and somewhere into it; gives the state.
    fn hold(&mut self, relay: &Relay, running: &mut Running) -> String {
        let mut client = self.project.events();
        let wanted = *self.dice.of(self.deed.states());
        let mut held = relay.holds(running);
        while held && newest(&mut client, self.projection).0 != wanted {
            held = self.next(24, relay, running);
        }
        if held {
            // A follower's life is longer than that of the rest.
            let within = if self.deed == Deed::Follow { 200 } else { 40 };
            held = self.next(within, relay, running);
        }
        match held {
            true => newest(&mut client, self.projection).0,
            false => "left alone by its command".to_owned(),
        }
    }

    fn next(&mut self, within: usize, relay: &Relay, running: &mut Running) -> bool {
        let step = Some(self.step(within));
        relay.arm("regrow ", step);
        relay.release();
        relay.holds(running)
    }

    /// Says a word from another host. While the work is held, it is let go once the word is in the ledger, or cannot be.
    fn steer(&mut self, held: Option<&Relay>) -> Word {
        let mut client = self.project.events();
        let (_, build) = newest(&mut client, self.projection);
        let name = match build {
            Some(build) if self.dice.percent(50) => build,
            _ => self.projection.to_owned(),
        };
        // Pauses are what the other words are about.
        let verb = *self.dice.of(&["pause", "pause", "unpause", "cancel", "resume"]);
        let args: Vec<&str> = match verb {
            "resume" => vec!["resume", self.projection, "--promote", "--json"],
            verb => vec![verb, &name, "--json"],
        };
        let command = on_host("elsewhere", &self.project.command(&args));
        let mut said = Running::of(command, &args);
        if let Some(relay) = held {
            let wish = "SELECT EXISTS (SELECT FROM regrow.build WHERE wanted = $1)";
            let waits = format!(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                 AND application_name LIKE 'regrow {verb}%' AND wait_event_type = 'Lock')"
            );
            wait_until("a word to be said", || {
                said.ended()
                    || (has_ledger(&mut client)
                        && client.query_one(wish, &[&verb]).unwrap().get::<_, bool>(0))
                    || one::<bool>(&mut client, &waits)
            });
            relay.arm("", None);
            relay.release();
        }
        // Who steers may be killed like anybody.
        if self.dice.percent(8) {
            drop(said);
            self.tell(format!("{} killed", args.join(" ")));
            return Word { verb, is_done: false };
        }
        let Some(ran) = end(said) else {
            self.complain(format!("{args:?} hangs"));
            return Word { verb, is_done: false };
        };
        let code = code_of(&ran);
        self.tell(format!("{}: {} {code} {}", args.join(" "), ran.code, ran.stdout.trim()));
        let is_fine = match (verb, ran.code) {
            (_, 0) => true,
            ("resume", BUSY | INTERRUPTED) => true,
            ("resume", 1) => code == "nothing-to-resume",
            ("pause" | "unpause", 1) => code == "nothing-to-steer",
            ("cancel", 1) => code == "nothing-to-steer" || code == "still-live",
            _ => false,
        };
        if !is_fine {
            self.complain(format!("{args:?} ended with {}: {}", ran.code, ran.stderr));
        }
        let done: Option<Value> = serde_json::from_str(&ran.stdout).ok();
        let is_done = ran.code == 0 && done.is_some_and(|told| told["done"] == true);
        Word { verb, is_done }
    }

    /// Waits for the end of what was under way.
    fn ends(&mut self, ran: Option<Ran>) {
        let Some(ran) = ran else {
            return self.complain("it hangs".to_owned());
        };
        let error = ran.stderr.lines().filter(|line| line.starts_with("error: "));
        let error: Vec<&str> = error.collect();
        self.tell(format!("ended with {}: {}", ran.code, error.join(" | ")));
        let said = |words: &str| ran.stderr.contains(words);
        let is_fine = match (self.deed, ran.code) {
            (_, 0) => true,
            (Deed::Promote, 1) => said("is dropped") || said("no build of order_summary is ready"),
            (Deed::Resume, BUSY) => true,
            (_, INTERRUPTED) => said(" is paused at position ") || said(" was cancelled by "),
            _ => false,
        };
        if !is_fine {
            self.complain(format!("it ended with {}: {}", ran.code, ran.stderr));
        }
    }

    /// A live build that was brought to rest is at rest.
    fn rests(&mut self, last: Option<&Word>, writer: &Writer) {
        if !last.is_some_and(|word| word.verb == "pause" && word.is_done) {
            return;
        }
        let mut client = self.project.events();
        let before = positions(&mut client, self.projection);
        writer.wait_for_more(20);
        let after = positions(&mut client, self.projection);
        if before != after {
            self.complain(format!("it was said to rest, and moved from {before} to {after}"));
        }
    }

    /// The live build goes on once nobody wants it to rest.
    fn is_followed_again(&mut self, writer: &Writer) {
        let mut client = self.project.events();
        let resting = "SELECT EXISTS (SELECT FROM regrow.build WHERE wanted = 'pause')";
        if one::<bool>(&mut client, resting) {
            self.project.ok(&["unpause", self.projection]);
        }
        writer.wait_for_more(1);
        let last: i64 = one(&mut client, "SELECT max(position) FROM event_store.events");
        wait_until("the builds to be followed", || {
            one::<i64>(&mut client, "SELECT min(position) FROM regrow.checkpoint") >= last
        });
    }

    /// Does what `status` says until nothing is left to do; both projections are live then, and right.
    fn settle(&mut self) {
        let mut client = self.project.events();
        let wishes = "SELECT schema_name || ' ' || state FROM regrow.build \
                      WHERE wanted = 'cancel' AND state IN ('live', 'retired')";
        if has_ledger(&mut client) {
            for row in client.query(wishes, &[]).unwrap() {
                let build: String = row.get(0);
                self.complain(format!("{build} is to be cancelled"));
            }
        }
        let commands = self.scenario.settle(&self.project);
        self.tell(format!("settled by {commands:?}"));
        self.project.ok(&["run", "--until-caught-up"]);
        self.tell("caught up".to_owned());
        let left = "SELECT schema_name || ' ' || state || ' ' || wanted FROM regrow.build \
                    WHERE state NOT IN ('live', 'retired', 'dropped') OR (state = 'live' AND wanted <> 'run')";
        for row in client.query(left, &[]).unwrap() {
            let build: String = row.get(0);
            self.complain(format!("left behind: {build}"));
        }
        let live = "SELECT count(*) FROM regrow.build WHERE state = 'live'";
        let behind = "SELECT count(*) FROM regrow.build b JOIN regrow.checkpoint c ON c.build_id = b.id \
                      WHERE b.state = 'live' AND c.position < (SELECT max(position) FROM event_store.events)";
        let (live, behind): (i64, i64) = (one(&mut client, live), one(&mut client, behind));
        if (live, behind) != (2, 0) {
            self.complain(format!("{live} are live, {behind} of them behind"));
        }
        self.scenario.judge(&mut client);
        self.tell("judged".to_owned());
    }
}

/// What was said last.
struct Word {
    verb: &'static str,
    /// Whether it was told to be done.
    is_done: bool,
}

/// The code of an error that was told as JSON.
fn code_of(ran: &Ran) -> String {
    let line = ran.stderr.lines().last().unwrap_or_default();
    let error: Option<Value> = serde_json::from_str(line).ok();
    let code = error.and_then(|error| error["error"]["code"].as_str().map(str::to_owned));
    code.unwrap_or_default()
}

fn has_ledger(client: &mut Client) -> bool {
    one(client, "SELECT to_regclass('regrow.build') IS NOT NULL")
}

/// The state of a projection's newest build, and its schema.
fn newest(client: &mut Client, projection: &str) -> (String, Option<String>) {
    let none = || ("not there".to_owned(), None);
    if !has_ledger(client) {
        return none();
    }
    let sql = "SELECT state, schema_name::text FROM regrow.build \
               WHERE projection = $1 AND state <> 'dropped' ORDER BY id DESC LIMIT 1";
    let row = client.query_opt(sql, &[&projection]).unwrap();
    row.map_or_else(none, |row| (row.get(0), Some(row.get(1))))
}

/// The checkpoints of a projection's builds.
fn positions(client: &mut Client, projection: &str) -> String {
    let sql = "SELECT COALESCE(string_agg(b.schema_name || ' ' || c.position, ', ' ORDER BY b.id), '') \
                 FROM regrow.build b JOIN regrow.checkpoint c ON c.build_id = b.id WHERE b.projection = $1 AND b.wanted = 'pause'";
    client.query_one(sql, &[&projection]).unwrap().get(0)
}
