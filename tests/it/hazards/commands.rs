//! Commands that are run through a relay: the state each begins in, and what must be true after
//! it, however it ended.

use std::io::Read as _;
use std::time::{Duration, Instant};

use postgres::Client;

use super::relay::{Counts, Fault, Relay};
use super::table::Scenario;
use super::{Running, append_orders, one};
use crate::bench::{Database, HANGS, Project, Ran, rows, wait_until};

/// The event store's revisions behind the sample project's first, for a migrate.
const REVISIONS: [(&str, &str); 3] = [
    ("V2__notes", "CREATE TABLE event_store.notes (id int PRIMARY KEY, n int);\n"),
    (
        "V3__index",
        "-- transaction: none\nCREATE INDEX CONCURRENTLY notes_n ON event_store.notes (n);\n\
         INSERT INTO event_store.notes VALUES (3, 3);\n",
    ),
    ("V4__more", "INSERT INTO event_store.notes VALUES (4, 4);\n"),
];

/// A command and what surrounds it.
pub(super) struct Work {
    pub(super) name: &'static str,
    args: &'static [&'static str],
    /// Whether it waits for a lost server and goes on by itself.
    persists: bool,
    prepare: fn(&Project),
    /// Takes whatever is left to its end, by what the tool says, and looks at it.
    settle: fn(&mut Scenario, &Project, &Ran),
}

const BOTH: [&str; 2] = ["order_summary", "customer_activity"];

pub(super) const REBUILD: Work = Work {
    name: "rebuild",
    args: &["rebuild", "order_summary", "customer_activity", "--promote"],
    persists: true,
    prepare: |project| append(project),
    settle: |scenario, project, _| all_live(scenario, project, 0),
};

pub(super) const RESUME: Work = Work {
    name: "resume",
    args: &["resume", "--promote"],
    persists: true,
    prepare: |project| {
        append(project);
        let relay = Relay::to(&project.database.url());
        let both = super::relay::At::Commit(7, super::relay::Side::Before);
        relay.arm("", Some(Fault::cut(both)));
        let run = relay.start_command(project, REBUILD.args);
        assert_eq!(run.end().code, 1);
        assert!(relay.struck());
    },
    settle: |scenario, project, _| all_live(scenario, project, 0),
};

pub(super) const PROMOTE: Work = Work {
    name: "promote",
    args: &["promote", "order_summary"],
    persists: true,
    prepare: |project| {
        append(project);
        project.ok(&["rebuild", BOTH[0], BOTH[1]]);
    },
    settle: |scenario, project, _| all_live(scenario, project, 0),
};

pub(super) const ROLLBACK: Work = Work {
    name: "rollback",
    args: &["rollback", "order_summary"],
    persists: true,
    prepare: two_builds,
    settle: |scenario, project, ran| {
        let mut client = project.events();
        // Whoever does not know what became of it asks, and does not go back twice.
        if ran.code != 0 && live(&mut client, BOTH[0]) == ["order_summary__b2"] {
            project.ok(&["rollback", "order_summary"]);
        }
        if live(&mut client, BOTH[0]) != ["order_summary__b1"] {
            scenario.unhandled(format!("readers do not see what they saw: {}", ran.stderr));
        }
        all_live(scenario, project, 1);
    },
};

pub(super) const PRUNE: Work = Work {
    name: "prune",
    args: &["prune", "--keep", "0"],
    persists: true,
    prepare: two_builds,
    settle: |scenario, project, ran| {
        if ran.code == 0 && !ran.stdout.contains("dropped order_summary__b1") {
            scenario.unhandled(format!("it dropped a build and said: {}", ran.stdout));
        }
        if ran.code != 0 {
            project.ok(PRUNE.args);
        }
        all_live(scenario, project, 0);
    },
};

pub(super) const RUN: Work = Work {
    name: "run",
    args: &["run", "--until-caught-up"],
    persists: true,
    prepare: |project| {
        live_without_events(project);
        append(project);
    },
    settle: |scenario, project, _| all_live(scenario, project, 0),
};

pub(super) const IMPORT: Work = Work {
    name: "import",
    args: &["import", "events.ndjson"],
    persists: false,
    prepare: |project| {
        append(project);
        project.write("events.ndjson", &project.ok(&["export"]));
        project.events().batch_execute("TRUNCATE event_store.events RESTART IDENTITY").unwrap();
        live_without_events(project);
    },
    settle: |scenario, project, ran| {
        let events = "SELECT count(*) FROM event_store.events";
        let there: i64 = one(&mut project.events(), events);
        let whole = i64::try_from(project.read("events.ndjson").lines().count()).unwrap();
        if there != whole && (there != 0 || ran.code == 0) {
            scenario.unhandled(format!("{there} of {whole} events and {}", ran.code));
        }
        // Importing once more is always the way on, and doubles nothing.
        if ran.code != 0 {
            let again = project.run(IMPORT.args);
            let refused = again.code == 1 && again.stderr.contains("already has an event number");
            if (there == 0) != (again.code == 0) || (there != 0) != refused {
                scenario.unhandled(format!("{there} events, and again: {}", again.stderr));
            }
        }
        assert_eq!(one::<i64>(&mut project.events(), events), whole);
        all_live(scenario, project, 0);
    },
};

pub(super) const MIGRATE: Work = Work {
    name: "migrate",
    args: &["migrate"],
    persists: false,
    prepare: |project| {
        for (stem, text) in REVISIONS {
            project.write(&format!("migrations/event_store/{stem}.sql"), text);
        }
    },
    settle: |scenario, project, ran| {
        let again =
            if ran.code == 0 { Ran::from(status(project), &[]) } else { project.run(&["migrate"]) };
        if again.code != 0 {
            scenario.unhandled(format!("the next command ended so: {}", again.stderr));
        }
        let mut client = project.events();
        let history = "SELECT version, count(*) FROM event_store.refinery_schema_history GROUP BY 1 ORDER BY 1";
        let found = [
            rows(&mut client, history).concat(),
            rows(&mut client, "SELECT id FROM event_store.notes ORDER BY 1").concat(),
            rows(&mut client, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'event_store.notes_n'::regclass").concat(),
            rows(&mut client, "SELECT version FROM event_store.regrow_schema_step").concat(),
        ];
        if found != ["(1,1)(2,1)(3,1)(4,1)", "(3)(4)", "(t)", ""] {
            scenario.unhandled(format!("{found:?} after {}", ran.stderr));
        }
    },
};

/// Every command of the tool that writes.
pub(super) const ALL: [&Work; 8] =
    [&REBUILD, &RESUME, &PROMOTE, &ROLLBACK, &PRUNE, &RUN, &IMPORT, &MIGRATE];

fn append(project: &Project) {
    append_orders(&mut project.events(), 64);
}

fn status(project: &Project) -> std::process::Output {
    project.command(&["status"]).output().unwrap()
}

fn live_without_events(project: &Project) {
    project.ok(&["rebuild", BOTH[0], BOTH[1], "--promote"]);
}

fn two_builds(project: &Project) {
    append(project);
    project.ok(&["rebuild", BOTH[0], BOTH[1], "--promote"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
}

fn live(client: &mut Client, projection: &str) -> Vec<String> {
    let sql = format!(
        "SELECT schema_name FROM regrow.build WHERE state = 'live' AND projection = '{projection}'"
    );
    client.query(&sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

/// Follows the tool's own words to the end, and finds both projections live and right, so many
/// retired builds, and nothing that nobody names.
pub(super) fn all_live(scenario: &mut Scenario, project: &Project, retired: i64) {
    let commands = scenario.settle(project);
    let mut client = project.events();
    if scenario.judge(&mut client) > 0 {
        println!("rows differ after {commands:?}");
    }
    for projection in BOTH {
        let found = live(&mut client, projection);
        let view = format!("SELECT pg_get_viewdef('read_model.{projection}'::regclass)");
        match found.as_slice() {
            [build] if one::<String>(&mut client, &view).contains(&format!(" {build}.")) => {}
            _ => scenario.unhandled(format!("{projection}: {found:?} after {commands:?}")),
        }
    }
    let left = rows(
        &mut client,
        "SELECT projection, number, state FROM regrow.build WHERE state NOT IN ('live', 'dropped')",
    );
    let those = |state: &str| left.iter().filter(|b| b.contains(state)).count();
    if left.len() != those("retired") || i64::try_from(those("retired")) != Ok(retired) {
        scenario.unhandled(format!("left behind {left:?} after {commands:?}"));
    }
    let nameless = rows(
        &mut client,
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE '%\\_\\_b%' AND nspname NOT IN \
         (SELECT schema_name FROM regrow.build WHERE state <> 'dropped')",
    );
    if !nameless.is_empty() {
        scenario.unhandled(format!("nobody names {nameless:?} after {commands:?}"));
    }
}

/// An command's beginning, as often as it is wanted.
pub(super) struct Ground {
    command: &'static Work,
    config: String,
    project: Project,
    template: Database,
}

impl Ground {
    /// Prepares an command for an engine. Small batches make many round trips.
    pub(super) fn new(command: &'static Work, engine: &str) -> Ground {
        let config = "[rebuild]\nbatch_events = 50\ncheckpoint_interval_s = 0\n".to_owned();
        let mut project = Project::orders();
        project.database = Database::on_a_careless_server();
        for projection in BOTH {
            let file = format!("projections/{projection}/projection.toml");
            project.write(&file, &format!("engine = \"{engine}\"\n"));
        }
        project.write("config.toml", &format!("[database]\nreconnect_s = 0\n{config}"));
        if command.name != "migrate" {
            project.ok(&["migrate"]);
        }
        (command.prepare)(&project);
        let template = std::mem::replace(&mut project.database, Database::on_a_careless_server());
        Ground { command, config, project, template }
    }

    /// The state the command begins in.
    pub(super) fn fresh(&mut self, reconnects: bool) -> &Project {
        let reconnect = if reconnects { "" } else { "[database]\nreconnect_s = 0\n" };
        self.project.write("config.toml", &format!("{reconnect}{}", self.config));
        self.project.database = self.template.copy();
        &self.project
    }

    /// What an undisturbed run sends, on connections of applications whose names begin so.
    pub(super) fn counts(&mut self, of: &'static str) -> Counts {
        let args = self.command.args;
        let project = self.fresh(false);
        let relay = Relay::to(&project.database.url());
        relay.arm(of, None);
        let ran = relay.start_command(project, args).end();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        relay.counts()
    }

    /// Runs the command with one harm done to it, and looks what became of it. `false` where the
    /// harm never came about.
    pub(super) fn run(
        &mut self,
        scenario: &mut Scenario,
        of: &'static str,
        fault: Fault,
        reconnects: bool,
    ) -> bool {
        let Work { name, args, persists, settle, .. } = *self.command;
        let project = self.fresh(reconnects);
        let relay = Relay::to(&project.database.url());
        relay.arm(of, Some(fault));
        let what = format!("{name}, {fault:?} of {of:?}, reconnects: {reconnects}");
        let Some(ran) = end(relay.start_command(project, args)) else {
            scenario.unhandled(format!("it hangs: {what}"));
            return true;
        };
        scenario.ran();
        let struck = relay.struck();
        drop(relay);
        let may_fail = struck && !(persists && reconnects);
        if ran.code != 0 && !(may_fail && ran.code == 1) {
            scenario.unhandled(format!("{what}: it ended with {}: {}", ran.code, ran.stderr));
        }
        let error = ran.stderr.lines().skip_while(|line| !line.starts_with("error: "));
        let error: Vec<&str> = error.collect();
        let names = |line: &&str| {
            line.contains("the connection to ") || line.contains("cannot connect to ")
        };
        if ran.code == 1 && !(error.first().is_some_and(names) && error.len() > 1) {
            scenario.unhandled(format!("{what}: it does not say what to do: {}", ran.stderr));
        }
        // A COMMIT may still be under way.
        let mut client = project.events();
        let ghosts = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                      AND application_name LIKE 'regrow %'";
        wait_until("the sessions of the command to go", || one::<i64>(&mut client, ghosts) == 0);
        settle(scenario, project, &ran);
        struck
    }
}

/// Waits for the end of a command, and not for ever.
pub(crate) fn end(mut running: Running) -> Option<Ran> {
    let began = Instant::now();
    while !running.ended() {
        if began.elapsed() > HANGS {
            let mut child = running.child.take().unwrap();
            child.kill().unwrap();
            child.wait().unwrap();
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            println!("{:?} hangs, having said:\n{said}", running.args);
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Some(running.end())
}
