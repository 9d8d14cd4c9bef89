//! The table of scenarios: how often each ran, and what was wrong.
//!
//! In a test run the counts are small. `scripts/hazards.sh` asks for those of a release
//! (`REGROW_HAZARDS=release`, or `exhaustive`) and collects the lines from the file `REGROW_HAZARDS_TABLE` names.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::{Duration, Instant};

use postgres::Client;

use super::oracle;
use crate::bench::{Project, wait_until};

/// Commands that one fault may need before everything is as it was meant to be.
const STEPS: usize = 8;

/// One line of the table.
pub(crate) struct Scenario {
    name: &'static str,
    runs: usize,
    wrong: usize,
    unhandled: Vec<String>,
    note: String,
    started: Instant,
}

/// How often a scenario runs: in a test run, and before a release.
pub(crate) fn times(in_ci: usize, before_a_release: usize) -> usize {
    match std::env::var("REGROW_HAZARDS").as_deref() {
        Ok("release" | "exhaustive") => before_a_release,
        _ => in_ci,
    }
}

/// Whether every case of what can be counted shall run.
pub(crate) fn is_exhaustive() -> bool {
    std::env::var("REGROW_HAZARDS").is_ok_and(|word| word == "exhaustive")
}

impl Scenario {
    /// Begins a line, such as `F3 kill -9 of the tool`.
    pub(crate) fn new(name: &'static str) -> Scenario {
        let (unhandled, note) = (Vec::new(), String::new());
        Scenario { name, runs: 0, wrong: 0, unhandled, note, started: Instant::now() }
    }

    /// Counts a run of the scenario.
    pub(crate) fn ran(&mut self) {
        self.runs += 1;
    }

    /// Counts events, where they are what runs.
    pub(crate) fn ran_through(&mut self, events: usize) {
        self.runs += events;
    }

    /// How often it ran.
    pub(crate) fn runs(&self) -> usize {
        self.runs
    }

    /// Something nobody should have to handle: an error without a way on, a panic, a reader's error.
    pub(crate) fn unhandled(&mut self, what: impl Into<String>) {
        self.unhandled.push(what.into());
    }

    /// How much went wrong until now: unhandled errors and wrong rows.
    pub(crate) fn complaints(&self) -> usize {
        self.unhandled.len() + self.wrong
    }

    /// Figures for the last column.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.note = note.into();
    }

    /// Follows what `regrow status` says until nothing is left to do; gives the commands. Whatever
    /// has no next command, or one that does not work, is unhandled.
    pub(crate) fn settle(&mut self, project: &Project) -> Vec<String> {
        let mut commands: Vec<String> = Vec::new();
        for _ in 0..STEPS {
            let Some(status) = self.status_of_nobody(project) else { return commands };
            let next = status["next"].as_array().unwrap_or_else(|| panic!("{status}"));
            let Some(command) = next.first().and_then(|command| command.as_str()) else {
                return commands;
            };
            if !command.starts_with("regrow ") {
                let what = format!("no command is next, but: {command}; done: {commands:?}");
                println!("{what}");
                self.unhandled(what);
                return commands;
            }
            let mut args: Vec<&str> = command.split(' ').skip(1).collect();
            if args == ["run"] {
                args.push("--until-caught-up");
            }
            let ran = project.run(&args);
            commands.push(command.to_owned());
            if ran.code != 0 {
                self.unhandled(format!("{command} ended with {}: {}", ran.code, ran.stderr));
                return commands;
            }
        }
        self.unhandled(format!("{STEPS} commands were not enough: {commands:?}"));
        commands
    }

    /// What `status` says once nobody works on a build: the server's side of a tool that is gone may
    /// be at work for a moment longer.
    fn status_of_nobody(&mut self, project: &Project) -> Option<serde_json::Value> {
        let mut found = Err("status was not asked".to_owned());
        wait_until("sessions of tools that are gone to end", || {
            let status = project.run(&["status", "--json"]);
            if status.code != 0 {
                found = Err(format!("status ended with {}: {}", status.code, status.stderr));
                return true;
            }
            let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
            let builds = status["builds"].as_array().unwrap_or_else(|| panic!("{status}"));
            let is_alone = builds.iter().all(|build| build["worker"].is_null());
            found = Ok(status);
            is_alone
        });
        found.map_err(|what| self.unhandled(what)).ok()
    }

    /// Judges every build by the oracle; gives how many rows differ.
    pub(crate) fn judge(&mut self, client: &mut Client) -> usize {
        let wrong = oracle::wrong_rows(client);
        self.wrong_rows(&wrong);
        wrong.len()
    }

    /// Rows that were judged elsewhere.
    pub(crate) fn wrong_rows(&mut self, wrong: &[String]) {
        for line in wrong.iter().take(3) {
            println!("{}: {line}", self.name);
        }
        self.wrong += wrong.len();
    }

    /// Ends the line: printed, written into the table, and nothing may be wrong.
    pub(crate) fn end(self) {
        self.print();
        let Scenario { name, wrong, unhandled, .. } = self;
        assert!(unhandled.is_empty(), "{name}: {unhandled:#?}");
        assert_eq!(wrong, 0, "{name}: rows differ");
    }

    /// Ends the line of a control, which must have gone wrong.
    pub(crate) fn end_of_control(self) {
        self.print();
        assert!(self.wrong > 0, "{}: without its rule nothing went wrong", self.name);
    }

    fn print(&self) {
        let Scenario { name, runs, wrong, unhandled, note, started } = self;
        let took = Duration::from_secs(started.elapsed().as_secs());
        let line = format!("{name} | {runs} | {wrong} | {} | {took:?} | {note}", unhandled.len());
        println!("{line}");
        if let Some(path) = std::env::var_os("REGROW_HAZARDS_TABLE") {
            let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
            writeln!(file, "{line}").unwrap();
        }
    }
}
