//! The workbench of the tests: a cluster, a database and a project each, and the real binary.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use tempfile::TempDir;

mod clusters;

pub(crate) use clusters::{guard, memory, scratch_servers};

/// The binary under test.
pub(crate) const REGROW: &str = env!("CARGO_BIN_EXE_regrow");

/// The only place of the server binaries, where one is named: the same as the binary's.
pub(crate) fn bin_dir() -> Option<PathBuf> {
    std::env::var_os("REGROW_PG_BIN").map(PathBuf::from)
}

/// The major version of the server that tests share.
pub(crate) fn server_major() -> u32 {
    clusters::major()
}

/// A database of its own, dropped at the end.
pub(crate) struct Database {
    name: String,
    /// The server's, with the database `regrow`.
    server: String,
}

impl Database {
    pub(crate) fn new() -> Database {
        Database::on(clusters::cluster())
    }

    /// A database whose texts are kept in an encoding.
    pub(crate) fn encoded(encoding: &str) -> Database {
        let like = format!("template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'");
        Database::at(clusters::cluster().lease.url(), &like)
    }

    /// A database on another server than all the others.
    pub(crate) fn on_another_server() -> Database {
        Database::on(clusters::other_cluster())
    }

    /// A database on a server with room for a few sessions.
    pub(crate) fn on_a_small_server() -> Database {
        Database::on(clusters::small_cluster())
    }

    /// A database on a server with room for forty sessions of a run, and some that watch it.
    pub(crate) fn on_a_server_for_forty() -> Database {
        Database::on(clusters::forty_cluster())
    }

    /// A database on a server that never waits for its disk.
    pub(crate) fn on_a_careless_server() -> Database {
        Database::on(clusters::careless_cluster())
    }

    /// A database that can publish to others of its server, and subscribe.
    pub(crate) fn on_a_logical_server() -> Database {
        Database::on(clusters::logical_cluster())
    }

    /// Another of the same content, once nobody is connected to this one.
    pub(crate) fn copy(&self) -> Database {
        let mut admin = Client::connect(&self.server, NoTls).unwrap();
        wait_until("the last session to leave a template", || {
            let sessions = "SELECT FROM pg_stat_activity WHERE datname = $1";
            admin.query(sessions, &[&self.name]).unwrap().is_empty()
        });
        Database::at(self.server.clone(), &self.name)
    }

    fn on(cluster: &'static clusters::Cluster) -> Database {
        Database::at(cluster.lease.url(), "template0")
    }

    /// A copy of a database on the server of an address, which names its database `regrow`.
    pub(crate) fn at(server: String, template: &str) -> Database {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{}_{number}", std::process::id());
        let mut admin = Client::connect(&server, NoTls).unwrap();
        let version = "SELECT current_setting('server_version_num')::int >= 150000";
        // A third of what it costs through the write-ahead log.
        let strategy = match admin.query_one(version, &[]).unwrap().get(0) {
            true => "STRATEGY file_copy",
            false => "",
        };
        let create = format!("CREATE DATABASE {name} TEMPLATE {template} {strategy}");
        admin.batch_execute(&create).unwrap();
        Database { name, server }
    }

    /// The address of its server, which names the database `regrow`.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// Its name in the cluster.
    pub(crate) fn name(&self) -> String {
        self.name.clone()
    }

    /// The address, for DATABASE_URL.
    pub(crate) fn url(&self) -> String {
        self.server.replace("dbname=regrow", &format!("dbname={}", self.name))
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(&self.url(), NoTls).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut admin) = Client::connect(&self.server, NoTls) {
            let _ = admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

/// A project folder with a database.
pub(crate) struct Project {
    pub(crate) folder: TempDir,
    pub(crate) database: Database,
    /// A second database for the read models, where the test wants one.
    pub(crate) read_models: Option<Database>,
    /// The address of another project's database, where the test wants to share it.
    pub(crate) shared: Option<String>,
}

impl Project {
    /// A folder without any file.
    pub(crate) fn empty() -> Project {
        Project::on(Database::new())
    }

    pub(crate) fn on(database: Database) -> Project {
        Project { folder: TempDir::new().unwrap(), database, read_models: None, shared: None }
    }

    /// A copy of the sample project, not migrated.
    pub(crate) fn orders() -> Project {
        Project::orders_on(Database::new())
    }

    /// The same with a database that is there.
    pub(crate) fn orders_on(database: Database) -> Project {
        let project = Project::on(database);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["config.toml", "migrations", "projections"] {
            copy(&root.join(part), &project.folder.path().join(part));
        }
        project
    }

    /// A copy of a project and its database, to which nobody may be connected.
    pub(crate) fn like(other: &Project) -> Project {
        let folder = TempDir::new().unwrap();
        copy(other.folder.path(), folder.path());
        Project { folder, database: other.database.copy(), read_models: None, shared: None }
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    /// The binary in this project, ready to run with its databases named by the environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(REGROW);
        nowhere(&mut command);
        command.args(args).current_dir(self.folder.path());
        command.env("DATABASE_URL", self.url()).env_remove("READ_MODELS_URL");
        if let Some(reads) = &self.read_models {
            command.env("READ_MODELS_URL", reads.url());
        }
        command.env("REGROW_SCRATCH", scratch_servers().folder).stdin(Stdio::null());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap(), args)
    }

    /// Runs the binary, which must end with 0; gives its stdout.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "regrow {args:?}\n{}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    /// Runs the binary with `--json`, which must end with 0; gives what it printed.
    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        let text = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    /// Starts the binary and leaves it running.
    pub(crate) fn spawn(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn url(&self) -> String {
        self.shared.clone().unwrap_or_else(|| self.database.url())
    }

    /// Works in the database of another project from now on.
    pub(crate) fn share_database_with(&mut self, other: &Project) {
        self.shared = Some(other.database.url());
    }

    /// Connects to the event store's database.
    pub(crate) fn events(&self) -> Client {
        Client::connect(&self.url(), NoTls).unwrap()
    }

    /// Connects to the read models' database.
    pub(crate) fn reads(&self) -> Client {
        self.read_models.as_ref().map_or_else(|| self.events(), Database::connect)
    }
}

/// Takes away what names a server, or says how one is named, in the environment of the tests.
pub(crate) fn nowhere(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("PG") || name == "REGROW_ENV") {
            command.env_remove(name);
        }
    }
    for name in
        ["DATABASE_URL", "DATABASE_URL_FILE", "READ_MODELS_URL", "READ_MODELS_URL_FILE", "CI"]
    {
        command.env_remove(name);
    }
}

/// A command that has ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    /// Without the lines that name the servers.
    pub(crate) stderr: String,
    /// The lines that name the servers.
    pub(crate) servers: String,
}

impl Ran {
    pub(crate) fn from(output: Output, args: &[&str]) -> Ran {
        let said = String::from_utf8(output.stderr).unwrap();
        let names = |line: &&str| line.starts_with("server: ") || line.starts_with("read models: ");
        let (servers, others): (Vec<&str>, Vec<&str>) = said.split_inclusive('\n').partition(names);
        let ran = Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: others.concat(),
            servers: servers.concat(),
        };
        // What is printed as one JSON value is on the page docs/json.md. An export prints events.
        if args.contains(&"--json")
            && !args.contains(&"export")
            && ran.stdout.starts_with(['{', '['])
            && let Ok(value) = serde_json::from_str(&ran.stdout)
        {
            crate::json::is_of_a_shape(args, &value);
        }
        // What no user may ever see, whatever the test is about.
        for word in
            ["panicked", "stack backtrace", "met a case it does not know", "db error", "kind:"]
        {
            let both = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!both.contains(word), "regrow {args:?} shows {word:?}:\n{both}");
        }
        ran
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}

/// What a command says on stderr, while it runs.
pub(crate) struct Heard {
    lines: Receiver<String>,
    text: String,
}

impl Heard {
    /// Listens to a command that was started with stderr in a pipe.
    pub(crate) fn of(child: &mut Child) -> Heard {
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (say, lines) = channel();
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| say.send(line))
        });
        Heard { lines, text: String::new() }
    }

    /// Nobody says anything.
    pub(crate) fn nothing() -> Heard {
        Heard { lines: channel().1, text: String::new() }
    }

    /// Everything until now.
    pub(crate) fn text(&mut self) -> &str {
        for line in self.lines.try_iter() {
            self.text.push_str(&line);
            self.text.push('\n');
        }
        &self.text
    }

    /// Waits until it has said so.
    pub(crate) fn wait_for(&mut self, words: &str) {
        wait_until(&format!("a command to say {words:?}"), || self.text().contains(words));
    }

    /// Waits until a command that was asked to stop knows it: it has ended, or says that it is asked
    /// a second time.
    pub(crate) fn wait_until_asked(&mut self, child: &mut Child) {
        self.wait_until_asked_or(child, || false);
    }

    /// The same, or until something else shows that it knows.
    pub(crate) fn wait_until_asked_or(
        &mut self,
        child: &mut Child,
        mut knows: impl FnMut() -> bool,
    ) {
        wait_until("a command to notice that it was asked", || {
            self.text().contains(WAS_ASKED) || child.try_wait().unwrap().is_some() || knows()
        });
    }

    /// Everything, once the command has ended.
    pub(crate) fn until_its_end(mut self) -> String {
        let rest: Vec<String> = self.lines.iter().collect();
        for line in rest {
            self.text.push_str(&line);
            self.text.push('\n');
        }
        self.text
    }
}

/// What a command says that was asked to stop and has not done so after two seconds: from then on it
/// knows that it was asked.
const WAS_ASKED: &str = "a second time";

/// How long anything may take before it counts as hanging. No test is about time: the machine may
/// have other things to do.
pub(crate) const HANGS: Duration = Duration::from_secs(600);

/// Waits until `condition` holds; fails where it hangs, naming what it waited for.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + HANGS;
    while !condition() {
        assert!(Instant::now() < deadline, "waited {HANGS:?} for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The rows of a query as text, one string a row.
pub(crate) fn rows(client: &mut Client, sql: &str) -> Vec<String> {
    let wrapped = format!("SELECT t::text FROM ({sql}) AS t");
    client.query(&wrapped, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

/// Rows of two queries that are not the same, by EXCEPT ALL both ways.
pub(crate) fn differences(client: &mut Client, one: &str, other: &str) -> Vec<String> {
    rows(
        client,
        &format!(
            "(SELECT 'only in the first' AS side, a FROM ({one} EXCEPT ALL {other}) AS a) \
             UNION ALL (SELECT 'only in the second', b FROM ({other} EXCEPT ALL {one}) AS b)"
        ),
    )
}
