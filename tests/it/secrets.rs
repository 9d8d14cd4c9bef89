//! A password that came in an address is in nothing that comes out: not in what any command prints,
//! nor in a table, a file, a session's name or a child's arguments.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use postgres::{Client, NoTls};

use crate::bench::{Project, Ran, rows, wait_until};
use crate::first_light::ORDERS;

/// As it is typed in a URL, and as it is. Its pieces are in nothing else.
const TYPED: &str = "CnrQ7zW%40vX9kPj%27mT4";
const MEANT: &str = "CnrQ7zW@vX9kPj'mT4";

/// Looks for the password, and for any piece of it that is as long as a guess is worth.
#[track_caller]
fn clean(what: &str, text: &str) {
    for form in [TYPED, MEANT] {
        for at in 0..=form.len() - 6 {
            let piece = &form[at..at + 6];
            assert!(!text.contains(piece), "{what} holds {piece:?}:\n{text}");
        }
    }
}

/// A role with that password, dropped at the end.
struct Role {
    name: String,
    admin: String,
    database: String,
}

impl Role {
    fn new(project: &Project, name: &str) -> Role {
        let name = format!("canary_{name}_{}", std::process::id());
        let secret = MEANT.replace('\'', "''");
        let sql = format!(
            "DROP ROLE IF EXISTS {name}; CREATE ROLE {name} SUPERUSER LOGIN PASSWORD '{secret}'"
        );
        project.events().batch_execute(&sql).unwrap();
        let admin = project.database.url().replace(&project.database.name(), "regrow");
        Role { name, admin, database: project.database.url() }
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        // What it made goes with it: the database is dropped right after.
        if let Ok(mut client) = Client::connect(&self.database, NoTls) {
            let sql = format!("REASSIGN OWNED BY {0} TO regrow; DROP OWNED BY {0}", self.name);
            let _ = client.batch_execute(&sql);
        }
        if let Ok(mut admin) = Client::connect(&self.admin, NoTls) {
            let _ = admin.batch_execute(&format!("DROP ROLE IF EXISTS {}", self.name));
        }
    }
}

/// The verbs the program has, by its own help: a new one cannot be forgotten here.
fn verbs() -> BTreeSet<String> {
    crate::face::commands().into_iter().collect()
}

/// Every verb as it is typed right, in an order in which most succeed.
const RIGHT: [&[&str]; 52] = [
    &["migrate"],
    &["import", "e.ndjson"],
    &["check"],
    &["rebuild", "order_summary", "--promote"],
    &["rebuild", "customer_activity", "--until", "3"],
    &["resume"],
    &["promote", "customer_activity"],
    &["rollback", "order_summary"],
    &["verify", "order_summary", "--against", "log"],
    &["trace", "order_summary", "--key", "id=order-1"],
    &["test"],
    &["try", "order_summary"],
    &["rebuild", "order_summary", "--key", "id=order-1"],
    &["as-of", "order_summary", "--at", "2", "--publish", "then"],
    &["as-of", "drop", "then"],
    &["wait", "order_summary", "--now"],
    &["pause", "order_summary"],
    &["unpause", "order_summary"],
    &["cancel", "order_summary"],
    &["parked", "list"],
    &["preview", "customer_activity", "--publish", "next"],
    &["preview", "list"],
    &["prune"],
    &["rename", "order_summary", "orders"],
    &["retire", "order_summary"],
    &["run", "--until-caught-up"],
    &["status"],
    &["census"],
    &["new", "projection", "drafted"],
    &["export", "out.ndjson"],
    &["current"],
    &["history"],
    &["heads"],
    &["branches"],
    &["show", "1"],
    &["revision", "-m", "more"],
    &["completions", "bash"],
    &["man", "man1"],
    &["migrate", "--sql"],
    &["migrate"],
    &["redo"],
    &["upgrade-ledger"],
    &["verify-down"],
    &["downgrade", "-1"],
    &["stamp", "head"],
    &["repair", "--accept", "edited"],
    &["merge"],
    &["adopt", "--preset", "eventsourcing", "--table", "public.e"],
    &["init", "inside"],
    &["demo", "--events", "1000"],
    &["dev", "status"],
    &["migrate", "--dry-run"],
];

/// A command with everything that might make it say more.
fn loud(project: &Project, args: &[&str]) -> Command {
    let mut command = project.command(args);
    command.env_remove("DATABASE_URL").env("RUST_LOG", "trace").env("REGROW_LOG", "trace");
    command.env("RUST_BACKTRACE", "1");
    command
}

/// Runs it to its end. The driver's own tracing is as wordy as it likes: only the password counts.
fn ended(command: &mut Command, what: &str) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (code, stdout, stderr) =
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr));
    clean(what, &stdout);
    clean(what, &stderr);
    assert!(!stderr.contains("panicked"), "{what}: {stderr}");
    Ran { code, stdout, stderr, servers: String::new() }
}

/// The files below a folder hold nothing of it, nor do their names.
fn clean_files(at: &Path) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        clean("a file's name", &path.to_string_lossy());
        if path.is_dir() {
            clean_files(&path);
        } else if path.is_file() {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            clean(&path.to_string_lossy(), &text);
        }
    }
}

/// Every row of every table that is no table of the server's, and what it knows of sessions.
fn clean_database(client: &mut Client) -> usize {
    let tables = client
        .query(
            "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
            &[],
        )
        .unwrap();
    for row in &tables {
        let table: String = row.get(0);
        clean(&table, &rows(client, &format!("SELECT * FROM {table}")).join("\n"));
    }
    for other in [
        "pg_stat_activity WHERE pid <> pg_backend_pid()",
        "pg_proc",
        "pg_description",
        "pg_settings",
    ] {
        clean(other, &rows(client, &format!("SELECT * FROM {other}")).join("\n"));
    }
    tables.len()
}

/// The addresses of one database, in each way to write them, all with the password.
fn ways(project: &Project, role: &Role) -> Vec<String> {
    let base = project.database.url();
    let value = |key: &str| {
        let rest = base.split(&format!("{key}=")).nth(1).unwrap_or_default();
        rest.split(' ').next().unwrap_or_default().trim_matches('\'').to_owned()
    };
    let (host, database) = (value("host").replace('/', "%2F"), project.database.name());
    let name = &role.name;
    let quoted = MEANT.replace('\'', "\\'");
    vec![
        format!("postgresql://{name}:{TYPED}@{host}/{database}"),
        format!("postgresql:///{database}?host={host}&user={name}&password={TYPED}"),
        format!("host={} user={name} dbname={database} password='{quoted}'", value("host")),
    ]
}

#[test]
fn no_command_gives_the_password_away() {
    let named: BTreeSet<String> = RIGHT.iter().map(|args| args[0].to_owned()).collect();
    assert_eq!(named, verbs(), "every verb is tried here");
    let project = Project::orders();
    let role = Role::new(&project, "commands");
    let lines: Vec<_> = (0..5)
        .map(|n| {
            format!(
                r#"{{"stream_id": "o{n}", "stream_version": 0, "type": "OrderCreated", "payload": {{"order_id": "o{n}", "customer_id": "c", "customer_name": "n"}}}}"#
            )
        })
        .collect();
    project.write("e.ndjson", &lines.join("\n"));
    let ways = ways(&project, &role);
    let (mut done, mut failed) = (0, 0);
    for (nth, args) in RIGHT.iter().enumerate() {
        let address = &ways[nth % ways.len()];
        // By a flag, by the environment, and with --json.
        let mut command = loud(&project, args);
        let ran = match nth % 2 {
            0 => ended(command.env("DATABASE_URL", address), args[0]),
            _ => ended(command.args(["--database-url", address.as_str()]), args[0]),
        };
        if ran.code == 0 {
            done += 1
        } else {
            failed += 1
        }
        let json = ended(
            loud(&project, args)
                .arg("--json")
                .env("DATABASE_URL", address)
                .env("READ_MODELS_URL", address),
            args[0],
        );
        if json.code == 0 { done += 1 } else { failed += 1 }
    }
    assert!(done > 35 && failed > 5, "{done} done, {failed} failed");
    // Nothing of it was written anywhere.
    let tables = clean_database(&mut project.events());
    assert!(tables > 8, "{tables}");
    clean_files(project.folder.path());
}

#[test]
fn no_failure_gives_the_password_away() {
    let project = Project::orders();
    project.write("e.ndjson", "");
    let addresses = [
        format!("postgresql://me:{TYPED}@127.0.0.1:1/shop"),
        format!("postgresql://me@127.0.0.1:1/shop?password={TYPED}"),
        format!("postgresql://me:{TYPED}@db:port/shop"),
        format!("postgresql://me:{TYPED}@db/shop?x`{TYPED}`y=1"),
        format!("host=127.0.0.1 port=1 user=me password={TYPED}"),
        format!("host=/nowhere user=me password='{TYPED}"),
    ];
    for (nth, args) in RIGHT.iter().enumerate() {
        // These three need no server, or bring their own.
        if ["init", "demo", "dev"].contains(&args[0]) {
            continue;
        }
        for (variable, address) in
            [("DATABASE_URL", &addresses[nth % 6]), ("READ_MODELS_URL", &addresses[(nth + 3) % 6])]
        {
            let mut command = loud(&project, args);
            command.env("DATABASE_URL", project.database.url()).env(variable, address);
            if nth % 2 == 1 {
                command.arg("--json");
            }
            ended(&mut command, args[0]);
        }
    }
    for address in &addresses {
        for section in ["database", "read_models"] {
            let config =
                format!("[{section}]\nurl = {}\n", serde_json::to_string(address).unwrap());
            project.write("config.toml", &config);
            for args in [&["status"][..], &["migrate", "--json"], &["check"]] {
                let ran = ended(&mut loud(&project, args), args[0]);
                assert_ne!(ran.code, 0, "{args:?}");
            }
            // A file that is broken elsewhere is told of without its text.
            project.write("config.toml", &format!("{config}nosuch = 1\n"));
            ended(&mut loud(&project, &["status"]), "status");
            project.write("config.toml", &config.replace("\"\n", "\n"));
            ended(&mut loud(&project, &["status"]), "status");
        }
    }
    // A wrong one that the server itself refuses.
    let role = Role::new(&project, "failures");
    let mut admin = project.events();
    let file: String = admin.query_one("SHOW hba_file", &[]).unwrap().get(0);
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("local all {} scram-sha-256\n{before}", role.name)).unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").unwrap();
    let way = ways(&project, &role).remove(0);
    let wrong = way.replace("CnrQ", "CnrQ7z");
    project.write("config.toml", "");
    wait_until("the rule", || Client::connect(&wrong, NoTls).is_err());
    for args in [&["status"][..], &["migrate"], &["rebuild", "order_summary", "--json"]] {
        let ran = ended(loud(&project, args).env("DATABASE_URL", &wrong), args[0]);
        assert!(
            ran.code == 1 && ran.stderr.contains("password authentication failed"),
            "{}",
            ran.stderr
        );
        ended(loud(&project, args).env("DATABASE_URL", &way), args[0]);
    }
    let now = std::fs::read_to_string(&file).unwrap();
    let ours = format!("local all {} ", role.name);
    let kept: String =
        now.lines().filter(|l| !l.starts_with(&ours)).map(|l| format!("{l}\n")).collect();
    std::fs::write(&file, kept).unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").unwrap();
    clean_files(project.folder.path().join("migrations").as_path());
}

/// What runs for long is looked at while it runs: its sessions and the arguments of its children.
#[test]
fn a_session_and_a_process_do_not_show_it() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let role = Role::new(&project, "session");
    let address = ways(&project, &role).remove(1);
    let mut command = loud(&project, &["run"]);
    command.env("DATABASE_URL", &address).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let mut client = project.reads();
    let own = "SELECT application_name, query FROM pg_stat_activity WHERE usename = $1 AND application_name LIKE 'regrow%'";
    wait_until("its session", || !client.query(own, &[&role.name]).unwrap().is_empty());
    for row in client.query(own, &[&role.name]).unwrap() {
        clean("a session", &format!("{} {}", row.get::<_, String>(0), row.get::<_, String>(1)));
    }
    let mut looked = 0;
    for entry in std::fs::read_dir("/proc").unwrap() {
        let path = entry.unwrap().path();
        let Ok(status) = std::fs::read_to_string(path.join("status")) else { continue };
        let of = |key: &str| status.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
        let id = child.id().to_string();
        if of("Pid:") == Some(&id) || of("PPid:") == Some(&id) {
            let line = std::fs::read(path.join("cmdline")).unwrap_or_default();
            clean("a process", &String::from_utf8_lossy(&line));
            looked += 1;
        }
    }
    assert!(looked >= 1);
    clean_database(&mut client);
    let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM).unwrap();
    let output = child.wait_with_output().unwrap();
    clean("run", &String::from_utf8_lossy(&output.stdout));
    clean("run", &String::from_utf8_lossy(&output.stderr));
}
