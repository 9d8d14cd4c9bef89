//! Alembic itself: where it is installed, and one process of it for a test.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

const PACKAGES: [&str; 2] = ["alembic==1.20.*", "psycopg[binary]"];
const DRIVER: &str = include_str!("driver.py");

/// How Python has to be called to have Alembic.
#[derive(Clone)]
struct Python {
    program: PathBuf,
    /// Where packages were put without a virtual environment.
    packages: Option<PathBuf>,
}

impl Python {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if let Some(packages) = &self.packages {
            command.env("PYTHONPATH", packages);
        }
        command
    }

    fn can(&self, modules: &str) -> bool {
        let mut command = self.command();
        command.args(["-c", &format!("import {modules}")]);
        command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// The one that is there, or is made here; the error says why there cannot be one.
    fn with_alembic() -> Result<Python, String> {
        let complete = |python: &Python| python.can("alembic, psycopg");
        if let Some(program) = std::env::var_os("REGROW_ALEMBIC") {
            let named = Python { program: program.into(), packages: None };
            assert!(complete(&named), "REGROW_ALEMBIC names a Python without alembic and psycopg");
            return Ok(named);
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/alembic");
        let venv = Python { program: folder.join("bin/python"), packages: None };
        let aside = Python { program: "python3".into(), packages: Some(folder.join("packages")) };
        for there in [&venv, &aside] {
            if complete(there) {
                return Ok(there.clone());
            }
        }
        let plain = Python { program: "python3".into(), packages: None };
        if !plain.can("sys") {
            return Err("there is no python3".into());
        }
        let made = |command: &mut Command| {
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        if plain.can("venv, ensurepip") {
            made(plain.command().args(["-m", "venv"]).arg(&folder));
            made(venv.command().args(pip).args(PACKAGES));
            return Ok(venv);
        }
        if plain.can("pip") {
            let target = folder.join("packages");
            made(plain.command().args(pip).arg("--target").arg(target).args(PACKAGES));
            return Ok(aside);
        }
        Err("python3 has neither venv nor pip".into())
    }
}

/// A process of Alembic.
pub(super) struct Alembic {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What Alembic said, and where it stands after it.
#[derive(Debug)]
pub(super) struct Answer {
    /// The exception, where it refused.
    pub(super) error: Option<String>,
    /// The script, where one was asked for.
    pub(super) sql: String,
    /// The rows of its version table.
    pub(super) rows: Vec<i64>,
    /// What `alembic current` shows.
    pub(super) at: Vec<i64>,
    /// Everything that ran.
    pub(super) applied: Vec<i64>,
}

impl Alembic {
    /// Starts it; none where there can be no Alembic, which is said.
    pub(super) fn start() -> Option<Alembic> {
        static PYTHON: OnceLock<Result<Python, String>> = OnceLock::new();
        let python = match PYTHON.get_or_init(Python::with_alembic) {
            Ok(python) => python,
            Err(why) => {
                eprintln!("not compared with Alembic: {why}");
                return None;
            }
        };
        let mut command = python.command();
        command.args(["-B", "-c", DRIVER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let asks = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Alembic { child, asks, answers })
    }

    fn ask(&mut self, question: &Value) -> Answer {
        writeln!(self.asks, "{question}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).expect("the driver has ended");
        let versions = |key: &str| -> Vec<i64> {
            let mut found: Vec<i64> =
                answer[key].as_array().unwrap().iter().map(|v| v.as_i64().unwrap()).collect();
            found.sort_unstable();
            found
        };
        Answer {
            error: answer["error"].as_str().map(str::to_owned),
            sql: answer["sql"].as_str().unwrap().to_owned(),
            rows: versions("rows"),
            at: versions("at"),
            applied: versions("applied"),
        }
    }

    /// Goes to a script folder and a database.
    pub(super) fn open(&mut self, folder: &Path, conninfo: &str, schema: &str) {
        self.ask(&json!({
            "verb": "open", "folder": folder, "conninfo": conninfo, "schema": schema,
        }));
    }

    /// Where the database stands.
    pub(super) fn standing(&mut self) -> Answer {
        self.ask(&json!({"verb": "standing"}))
    }

    /// Runs a command, or prints its script.
    pub(super) fn run(&mut self, verb: &str, targets: &[&str], as_sql: bool) -> Answer {
        self.ask(&json!({"verb": verb, "targets": targets, "as_sql": as_sql}))
    }
}

impl Drop for Alembic {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
