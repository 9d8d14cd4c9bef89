//! Behind a pooler of connections that gives each transaction the server connection that is free.
//!
//! The relay here has two server connections for one client and changes between them whenever
//! the client begins a transaction, which is what a pooler in transaction mode may do at any
//! time. It knows of the protocol where messages end and whether a transaction is open
//! (PostgreSQL manual, "Message Formats").

use std::io::{self, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{applied, assert_says, lineage, next_run_settles, revision};
use crate::bench::{Project, Ran, wait_until};
use crate::hazards::{frames, one};

struct Relay {
    folder: TempDir,
    url: String,
}

impl Relay {
    /// A relay to the server of this address, which names a folder of unix sockets.
    fn to(url: &str) -> Relay {
        let of = |key: &str| url.split(' ').find_map(|part| part.strip_prefix(key)).unwrap();
        let (host, port) = (of("host="), of("port="));
        let folder = TempDir::new().unwrap();
        let socket = format!(".s.PGSQL.{port}");
        let server = Path::new(host).join(&socket);
        let listener = UnixListener::bind(folder.path().join(&socket)).unwrap();
        let url = url.replace(host, &folder.path().display().to_string());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = server.clone();
                // An end of either side ends the relay between them.
                std::thread::spawn(move || drop(serve(client, &server)));
            }
        });
        Relay { folder, url }
    }

    fn run(&self, project: &Project, args: &[&str]) -> Ran {
        let output = project.command(args).env("DATABASE_URL", &self.url).output().unwrap();
        Ran::from(output, args)
    }
}

fn serve(mut client: UnixStream, server: &PathBuf) -> io::Result<()> {
    let startup = frames::first(&mut client)?;
    let mut servers = [UnixStream::connect(server)?, UnixStream::connect(server)?];
    if startup[4..8] == frames::CANCEL {
        return servers[0].write_all(&startup);
    }
    for server in &mut servers {
        server.write_all(&startup)?;
    }
    until_ready(&mut servers[1], &mut io::sink())?;
    let mut status = until_ready(&mut servers[0], &mut client)?;
    let mut current = 0;
    loop {
        let mut message = Vec::new();
        let kind = frames::next(&mut client, &mut message)?;
        let query = String::from_utf8_lossy(&message[5..]).to_uppercase();
        let begins = query.starts_with("BEGIN") || query.starts_with("START");
        if status == b'I' && kind == b'Q' && begins {
            current = 1 - current;
        }
        let server = &mut servers[current];
        server.write_all(&message)?;
        if matches!(kind, b'Q' | b'S') {
            status = until_ready(server, &mut client)?;
        }
    }
}

/// Hands on what the server says up to ReadyForQuery; gives the state of its transaction.
fn until_ready(server: &mut UnixStream, client: &mut impl Write) -> io::Result<u8> {
    let mut message = Vec::new();
    loop {
        let kind = frames::next(server, &mut message)?;
        client.write_all(&message)?;
        if kind == b'Z' {
            return Ok(message[5]);
        }
    }
}

fn is_refused(relay: &Relay, project: &Project, args: &[&str]) {
    let ran = relay.run(project, args);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert_says(
        &ran,
        &["a pooler of connections stands in front of", "use the server's own address"],
    );
    let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let mut client = project.events();
    wait_until("the lock to go with its session", || one::<i64>(&mut client, locks) == 0);
}

#[test]
fn a_first_deploy_through_a_transaction_pooler_changes_nothing() {
    let project = super::unmigrated("", &[("V2__second", "INSERT INTO ran VALUES (2);\n")]);
    let relay = Relay::to(&project.database.url());
    is_refused(&relay, &project, &["migrate"]);
    let mut client = project.events();
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname IN ('event_store', 'regrow')";
    assert_eq!(one::<i64>(&mut client, schemas), 0);
    next_run_settles(&project, &mut client, 2);
}

/// Also where its first statement is one that cannot run in a transaction, and so begins none.
#[test]
fn a_deploy_through_a_transaction_pooler_changes_nothing() {
    let text = "-- transaction: none\nCREATE INDEX CONCURRENTLY things_n ON things (n);\n\
                INSERT INTO ran VALUES (2);\n";
    let project = lineage("", &[("V2__index", text)]);
    revision(
        &project,
        "V2__index.down",
        "-- transaction: none\nDROP INDEX CONCURRENTLY things_n;\nDELETE FROM ran WHERE revision = 2;\n",
    );
    let mut client = project.events();
    let relay = Relay::to(&project.database.url());
    let index = "SELECT to_regclass('event_store.things_n') IS NOT NULL";
    is_refused(&relay, &project, &["migrate"]);
    assert_eq!(applied(&mut client), ["(1)"]);
    assert!(!one::<bool>(&mut client, index));
    next_run_settles(&project, &mut client, 2);
    is_refused(&relay, &project, &["downgrade", "-1"]);
    assert_eq!(applied(&mut client), ["(1)", "(2)"]);
    assert!(one::<bool>(&mut client, index));
    is_refused(&relay, &project, &["stamp", "1"]);
    assert_eq!(applied(&mut client), ["(1)", "(2)"]);
}
