//! One graph of revisions written down twice, in a database each, and what became of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use postgres::Client;
use tempfile::TempDir;

use super::python::{Alembic, Answer};
use crate::bench::{self, Database, Project, Ran};

/// The schema on both sides, so that definitions can be compared as text.
pub(super) const SCHEMA: &str = "event_store";

/// A revision as both sides get it.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) version: i64,
    pub(super) revises: Vec<i64>,
    pub(super) depends_on: Vec<i64>,
    pub(super) label: Option<String>,
    pub(super) up: String,
    pub(super) down: String,
}

impl Written {
    /// One that makes a table of its own. A stamp may have said that it is there, or not.
    pub(super) fn table(version: i64, revises: &[i64]) -> Written {
        Written {
            version,
            revises: revises.to_vec(),
            depends_on: Vec::new(),
            label: None,
            up: format!("CREATE TABLE IF NOT EXISTS t{version} (id bigint PRIMARY KEY, n int)"),
            down: format!("DROP TABLE IF EXISTS t{version}"),
        }
    }

    pub(super) fn sql(self, up: &str, down: &str) -> Written {
        Written { up: up.into(), down: down.into(), ..self }
    }

    pub(super) fn label(self, label: &str) -> Written {
        Written { label: Some(label.into()), ..self }
    }

    pub(super) fn needs(self, version: i64) -> Written {
        Written { depends_on: vec![version], ..self }
    }

    fn for_regrow(&self) -> String {
        let list = |versions: &[i64]| {
            versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let revises = match self.revises.as_slice() {
            [] => "base".into(),
            several => list(several),
        };
        let mut text = format!("-- revises: {revises}\n");
        if !self.depends_on.is_empty() {
            writeln!(text, "-- depends-on: {}", list(&self.depends_on)).unwrap();
        }
        if let Some(label) = &self.label {
            writeln!(text, "-- labels: {label}").unwrap();
        }
        text + &self.up + ";\n"
    }

    fn for_alembic(&self) -> String {
        let list = |versions: &[i64]| match versions {
            [] => "None".to_owned(),
            some => some.iter().fold("(".to_owned(), |text, v| text + &format!("'{v}', ")) + ")",
        };
        let label = self.label.as_ref().map_or_else(|| "None".into(), |l| format!("'{l}'"));
        format!(
            "from alembic import op\nrevision = '{}'\ndown_revision = {}\ndepends_on = {}\n\
             branch_labels = {label}\n\n\ndef upgrade():\n    op.execute({:?})\n\n\n\
             def downgrade():\n    op.execute({:?})\n",
            self.version,
            list(&self.revises),
            list(&self.depends_on),
            self.up,
            self.down
        )
    }
}

/// A command that both sides know, in the words of Alembic.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) verb: &'static str,
    pub(super) targets: Vec<String>,
}

impl Operation {
    /// `upgrade heads`
    pub(super) fn read(text: &str) -> Operation {
        let mut words = text.split(' ');
        let verb = match words.next() {
            Some("upgrade") => "upgrade",
            Some("downgrade") => "downgrade",
            Some("stamp") => "stamp",
            other => panic!("{other:?} is no verb"),
        };
        Operation { verb, targets: words.map(str::to_owned).collect() }
    }

    /// The branch its first target names.
    pub(super) fn branch(&self) -> Option<&str> {
        self.targets[0].split_once('@').map(|(branch, _)| branch)
    }

    /// Its first target without the branch.
    pub(super) fn point(&self) -> &str {
        self.targets[0].split_once('@').map_or(&self.targets[0], |(_, point)| point)
    }

    fn targets(&self) -> Vec<&str> {
        self.targets.iter().map(String::as_str).collect()
    }
}

/// What both sides said to one operation that they refused.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) alembic: Option<String>,
    pub(super) regrow: Option<String>,
}

/// Where a database stands, and what is in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State {
    /// The current revisions.
    pub(super) at: BTreeSet<i64>,
    /// Everything that counts as applied.
    pub(super) applied: BTreeSet<i64>,
    /// Columns, constraints and indexes, without either tool's own tables.
    pub(super) catalog: Vec<String>,
}

/// The two sides.
pub(super) struct Pair<'a> {
    pub(super) graph: Vec<Written>,
    alembic: &'a mut Alembic,
    scripts: TempDir,
    alembic_database: Database,
    alembic_client: Client,
    project: Project,
    regrow_client: Client,
}

impl<'a> Pair<'a> {
    pub(super) fn new(alembic: &'a mut Alembic, graph: Vec<Written>) -> Pair<'a> {
        let (scripts, project, alembic_database) =
            (TempDir::new().unwrap(), Project::empty(), Database::new());
        project.write("config.toml", &format!("[event_store]\nschema = \"{SCHEMA}\"\n"));
        std::fs::write(scripts.path().join("env.py"), include_str!("env.py")).unwrap();
        std::fs::create_dir(scripts.path().join("versions")).unwrap();
        let (alembic_client, regrow_client) = (alembic_database.connect(), project.events());
        let mut pair = Pair {
            graph: Vec::new(),
            alembic,
            scripts,
            alembic_database,
            alembic_client,
            project,
            regrow_client,
        };
        for written in graph {
            pair.add(written);
        }
        pair.forget();
        let url = pair.alembic_database.url();
        pair.alembic.open(pair.scripts.path(), &url, SCHEMA);
        pair
    }

    /// Writes one more revision.
    pub(super) fn add(&mut self, written: Written) {
        let version = written.version;
        let path = self.scripts.path().join(format!("versions/{version}.py"));
        std::fs::write(path, written.for_alembic()).unwrap();
        let stem = format!("migrations/event_store/V{version}__x");
        self.project.write(&format!("{stem}.sql"), &written.for_regrow());
        self.project.write(&format!("{stem}.down.sql"), &format!("{};\n", written.down));
        self.graph.push(written);
    }

    /// Back to an empty schema on both sides.
    pub(super) fn forget(&mut self) {
        let fresh = format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}");
        self.alembic_client.batch_execute(&fresh).unwrap();
        self.regrow_client.batch_execute(&fresh).unwrap();
    }

    /// Runs an operation on both sides.
    pub(super) fn run(&mut self, operation: &Operation) -> Said {
        let (targets, verb) = (operation.targets(), operation.verb);
        let answer = self.alembic.run(verb, &targets, false);
        let own = if verb == "upgrade" { "migrate" } else { verb };
        let ran = self.project.run(&[&[own], targets.as_slice()].concat());
        let refused = |ran: Ran| (ran.code != 0).then_some(ran.stderr);
        Said { alembic: answer.error, regrow: refused(ran) }
    }

    /// Where both sides stand now: Alembic, then regrow.
    pub(super) fn states(&mut self) -> (State, State) {
        let Answer { at, applied, rows, .. } = self.alembic.standing();
        if self.graph.iter().all(|w| w.depends_on.is_empty()) {
            // With dependencies its table leaves out what a row depends on.
            assert_eq!(rows, at, "Alembic's table and its `current`");
        }
        let alembic = State {
            at: at.into_iter().collect(),
            applied: applied.into_iter().collect(),
            catalog: catalog(&mut self.alembic_client),
        };
        let ran = self.project.run(&["current", "--json"]);
        let said: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let lineage = &said["lineages"][0];
        let list = |key: &str| lineage[key].as_array().unwrap().clone();
        let of_stem = |stem: &serde_json::Value| -> i64 {
            stem.as_str().unwrap()[1..].split("__").next().unwrap().parse().unwrap()
        };
        let regrow = State {
            at: list("at").iter().map(of_stem).collect(),
            applied: list("applied").iter().map(|a| a["version"].as_i64().unwrap()).collect(),
            catalog: catalog(&mut self.regrow_client),
        };
        (alembic, regrow)
    }

    /// Both sides, which must be in one state.
    pub(super) fn agree(&mut self, after: &str) -> State {
        let (alembic, regrow) = self.states();
        assert_eq!(regrow, alembic, "regrow (left) and Alembic after {after}");
        regrow
    }

    /// Each side's own script of an operation, run by psql in a database of its own.
    pub(super) fn run_scripts(&mut self, operations: &[&str]) -> (State, State) {
        let fresh = [Database::new(), Database::new()];
        for database in &fresh {
            let create = format!("CREATE SCHEMA {SCHEMA}");
            database.connect().batch_execute(&create).unwrap();
        }
        for text in operations {
            let operation = Operation::read(text);
            let (targets, verb) = (operation.targets(), operation.verb);
            let answer = self.alembic.run(verb, &targets, true);
            assert_eq!(answer.error, None, "alembic {text} --sql");
            psql(&fresh[0], &answer.sql, &format!("-c search_path={SCHEMA}"));
            let own = if verb == "upgrade" { "migrate" } else { verb };
            let args: Vec<&str> = [&[own, "--sql"], targets.as_slice()].concat();
            // A script of regrow knows its schema itself.
            psql(&fresh[1], &self.project.ok(&args), "");
        }
        let scripts = self.scripts.path().to_path_buf();
        self.alembic.open(&scripts, &fresh[0].url(), SCHEMA);
        let [alembic, regrow] = fresh;
        let kept = (
            std::mem::replace(&mut self.alembic_client, alembic.connect()),
            std::mem::replace(&mut self.regrow_client, regrow.connect()),
            std::mem::replace(&mut self.project.database, regrow),
        );
        let states = self.states();
        (self.alembic_client, self.regrow_client, self.project.database) = kept;
        let url = self.alembic_database.url();
        self.alembic.open(&scripts, &url, SCHEMA);
        states
    }
}

fn catalog(client: &mut Client) -> Vec<String> {
    bench::rows(client, include_str!("catalog.sql"))
}

fn psql(database: &Database, script: &str, options: &str) {
    let program = psql_program();
    let mut command = Command::new(&program);
    command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", &database.url()]);
    command.env("PGOPTIONS", options);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "psql: {said}\n{script}");
}

/// psql comes with the server, or stands on the path.
fn psql_program() -> PathBuf {
    let beside = bench::bin_dir().map(|dir| dir.join("psql")).filter(|path| path.exists());
    beside.unwrap_or_else(|| "psql".into())
}
