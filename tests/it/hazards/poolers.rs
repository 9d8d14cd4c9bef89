//! Behind PgBouncer: every command refuses a pool that hands out a backend per transaction, at once, and
//! works behind one that hands out a backend per session.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use nix::unistd::geteuid;
use postgres::{Client, NoTls};
use tempfile::TempDir;

use super::{append_orders, change_order_summary, one, oracle, orders};
use crate::bench::{Project, Ran, rows, wait_until};

/// What changes something in the state of [`shop`], and what only looks: it could take the answer to
/// another question for its own.
const COMMANDS: [&[&str]; 16] = [
    &["status"],
    &["check"],
    &["census"],
    &["check", "--only", "migrations"],
    &["current"],
    &["migrate"],
    &["stamp", "head"],
    &["rebuild", "order_summary"],
    &["rebuild", "customer_activity", "--promote"],
    &["resume"],
    &["promote", "order_summary"],
    &["rollback", "order_summary"],
    &["run"],
    &["run", "--until-caught-up"],
    &["prune", "--keep", "0"],
    &["import", "/dev/null"],
];

/// A PgBouncer in front of a project's database.
struct PgBouncer {
    /// Ends with its stdin, and PgBouncer with it, however the test ends.
    guard: Child,
    url: String,
    _folder: TempDir,
}

impl PgBouncer {
    fn start(project: &Project, settings: &str) -> PgBouncer {
        let url = project.database.url();
        let of = |key: &str| url.split(' ').find_map(|part| part.strip_prefix(key)).unwrap();
        let (host, port, user) = (of("host="), of("port="), of("user="));
        let folder = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
        let at = folder.path().display();
        let ini = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={host} port={port} user={user}\n\
             [pgbouncer]\nunix_socket_dir = {at}\nlisten_port = {port}\nauth_type = any\n\
             server_lifetime = 36000\nserver_idle_timeout = 36000\n{settings}\n"
        );
        fs::write(&ini, text).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let script = "trap '' INT TERM; \"$1\" -q \"$2\" & cat; kill \"$!\"";
        let mut guard = Command::new("sh");
        guard.args(["-c", script, "guard"]).arg(program()).arg(&ini);
        guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // It does not run as root, and only the server's user gets to the server's socket.
        if geteuid().is_root() {
            let server = fs::metadata(host).unwrap();
            let (uid, gid) = (server.uid(), server.gid());
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
            guard.uid(uid).gid(gid);
        }
        let guard = guard.process_group(0).spawn().unwrap();
        let url = url.replace(host, &at.to_string());
        wait_until("PgBouncer to take connections", || Client::connect(&url, NoTls).is_ok());
        PgBouncer { guard, url, _folder: folder }
    }

    fn run(&self, project: &Project, args: &[&str]) -> Ran {
        let output = project.command(args).env("DATABASE_URL", &self.url).output().unwrap();
        Ran::from(output, args)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// Where it is: Debian has it among what only root runs.
fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let found = places.map(|place| place.join("pgbouncer")).find(|program| program.is_file());
    found.expect("install the package pgbouncer, as scripts/test.sh does")
}

/// A project in which every one of [`COMMANDS`] has something to do.
fn shop() -> Project {
    let project = orders("");
    append_orders(&mut project.events(), 16);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project.write(
        "projections/order_summary/schema/V3__note.sql",
        "ALTER TABLE order_summary ADD COLUMN note text;",
    );
    project.ok(&["rebuild", "order_summary"]);
    project.write("migrations/event_store/V2__note.sql", "CREATE TABLE note (id int);\n");
    project
}

/// Everything that a command could have changed.
fn state(project: &Project) -> Vec<String> {
    let mut client = project.events();
    [
        "SELECT id, state, generation, failure FROM regrow.build ORDER BY id",
        "SELECT * FROM regrow.checkpoint ORDER BY build_id",
        "SELECT version FROM event_store.refinery_schema_history ORDER BY 1",
        "SELECT pg_get_viewdef('read_model.order_summary'::regclass)",
        "SELECT count(*) FROM event_store.events",
        "SELECT nspname FROM pg_namespace ORDER BY 1",
    ]
    .iter()
    .flat_map(|sql| rows(&mut client, sql))
    .collect()
}

#[track_caller]
fn refuses(settings: &str) {
    let project = shop();
    let pool = PgBouncer::start(&project, settings);
    let before = state(&project);
    // Twice: what the first run left in the pool's sessions is another sign.
    for args in COMMANDS.iter().chain(&COMMANDS) {
        let ran = pool.run(&project, args);
        let told = "runs each transaction in another session";
        assert_eq!(ran.code, 1, "{args:?}, {settings}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(told), "{args:?}, {settings}: {}", ran.stderr);
        assert!(ran.stderr.contains("the server's own address"), "{args:?}: {}", ran.stderr);
    }
    let ran = pool.run(&project, &["rebuild", "order_summary", "--json"]);
    assert!(ran.stderr.contains("\"pooler-in-between\""), "{}", ran.stderr);
    assert_eq!(state(&project), before, "{settings}");
    drop(pool);
    project.ok(&["migrate"]);
    project.ok(&["promote", "order_summary"]);
}

/// With one backend for everybody, the second session of a command would wait for the first.
#[test]
fn a_pool_of_one_backend_per_transaction_is_refused() {
    refuses("pool_mode = transaction\ndefault_pool_size = 1");
}

#[test]
fn a_pool_of_backends_per_transaction_is_refused() {
    refuses("pool_mode = transaction\ndefault_pool_size = 5\nmin_pool_size = 3");
}

#[test]
fn a_pool_of_backends_that_take_turns_is_refused() {
    refuses(
        "pool_mode = transaction\ndefault_pool_size = 2\nmin_pool_size = 2\nserver_round_robin = 1",
    );
}

#[test]
fn a_pool_of_backends_per_session_is_as_good_as_none() {
    let project = shop();
    let pool = PgBouncer::start(&project, "pool_mode = session\ndefault_pool_size = 20");
    let ok = |args: &[&str]| {
        let ran = pool.run(&project, args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
    };
    ok(&["migrate"]);
    ok(&["promote", "order_summary"]);
    ok(&["rebuild", "customer_activity", "--promote"]);
    append_orders_of_others(&project);
    ok(&["run", "--until-caught-up"]);
    ok(&["rollback", "order_summary"]);
    ok(&["prune", "--keep", "0"]);
    ok(&["import", "/dev/null"]);
    let mut client = project.events();
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
    let live = "SELECT count(*) FROM regrow.build WHERE state = 'live'";
    assert_eq!(one::<i64>(&mut client, live), 2);
}

fn append_orders_of_others(project: &Project) {
    super::lost_server::append_more(&mut project.events(), "others", 100);
}
