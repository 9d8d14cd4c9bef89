//! Which server: every way to name one, and what happens where nobody did.

use std::process::Command;

use serde_json::Value;

use crate::bench::{Project, REGROW, Ran, nowhere};

/// Variables of the environment and their values.
type Vars<'v> = &'v [(&'v str, &'v str)];

/// A command that no server is named for.
fn unnamed(project: &Project, args: &[&str]) -> Command {
    let mut command = project.command(args);
    command.env_remove("DATABASE_URL");
    command
}

fn ended(mut command: Command) -> Ran {
    Ran::from(command.output().unwrap(), &[])
}

/// The sockets' folder, the port, the user and the name of the project's database.
fn parts(project: &Project) -> Vec<(String, String)> {
    let url = project.database.url();
    let pairs = url.split(' ').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect()
}

fn part(project: &Project, name: &str) -> String {
    parts(project).into_iter().find(|(n, _)| n == name).unwrap().1
}

#[test]
fn every_way_to_name_a_server_is_taken_and_told() {
    let project = Project::orders();
    let url = project.database.url();
    let (host, name) = (part(&project, "host"), project.database.name());
    let place = format!("server: {host}:5432/{name}");
    let config = project.read("config.toml");
    let folder = project.folder.path().display().to_string();
    // As an editor or `echo` leaves them.
    project.write("secret", &format!("\n  {url}\n"));
    project.write(
        "home/.pg_service.conf",
        &format!("[shop]\nhost={host}\nport=5432\nuser=regrow\ndbname={name}\n"),
    );
    let libpq = [("PGHOST", host.as_str()), ("PGDATABASE", &name), ("PGUSER", "regrow")];
    let secret = format!("{folder}/secret");
    let home = format!("{folder}/home");
    let flag: &[&str] = &["migrate", "--database-url", &url];
    let ways: [(&[&str], Vars, &str, &str); 8] = [
        (flag, &[], "", "--database-url"),
        (&["migrate"], &[("DATABASE_URL", &url)], "", "DATABASE_URL"),
        (&["migrate"], &[("DATABASE_URL_FILE", &secret)], "", "DATABASE_URL_FILE"),
        (&["migrate"], &[], &format!("[database]\nurl = \"{url}\"\n"), "config.toml"),
        (
            &["migrate"],
            &[],
            "[database]\nurl_command = \"cat secret; true\"\n",
            "config.toml, [database] url_command",
        ),
        (&["migrate"], &libpq, "", "PGHOST, PGDATABASE"),
        (&["migrate"], &[("HOME", &home), ("PGSERVICE", "shop")], "", "PGSERVICE"),
        (
            &["migrate"],
            &[("DATABASE_URL", "user=regrow"), libpq[0], libpq[1]],
            "",
            "DATABASE_URL, PGDATABASE, PGHOST",
        ),
    ];
    for (args, variables, section, by) in ways {
        project.write("config.toml", &format!("{config}\n{section}"));
        let mut command = unnamed(&project, args);
        command.envs(variables.iter().copied());
        let ran = ended(command);
        assert_eq!(ran.code, 0, "{by}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.servers, format!("{place} ({by})\n"));
        let mut command = unnamed(&project, &[args, &["--json", "--quiet"]].concat());
        command.envs(variables.iter().copied());
        let ran = ended(command);
        assert_eq!((ran.stderr.as_str(), ran.servers.as_str()), ("", ""), "{by}");
        let told: Value = serde_json::from_str(&ran.stdout).unwrap();
        let server = &told["server"];
        assert_eq!(server["host"], host.as_str(), "{told}");
        assert_eq!((&server["port"], &server["database"]), (&5432.into(), &name.as_str().into()));
        assert_eq!(server["named_by"], by);
    }
    // In this order, where several are there: the first that counts leads nowhere, and is named.
    project.write("config.toml", &format!("{config}\n[database]\nurl = \"host=/nowhere/c\"\n"));
    for (variables, named) in [
        (&[("DATABASE_URL", "host=/nowhere/v"), libpq[0]][..], "/nowhere/v"),
        (&[libpq[0]], "/nowhere/c"),
    ] {
        let mut command = unnamed(&project, &["migrate"]);
        command.envs(variables.iter().copied());
        let ran = ended(command);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains(&format!("cannot connect to {named}")), "{}", ran.stderr);
    }
}

#[test]
fn every_command_that_changes_something_says_where() {
    let project = Project::orders();
    project.write("orders.ndjson", &project.ok(&["demo", "--print-log", "--events", "1000"]));
    project.write("migrations/event_store/V2__one.sql", "CREATE TABLE event_store.one ();");
    project.write("migrations/event_store/V2__one.down.sql", "DROP TABLE event_store.one;");
    let name = project.database.name();
    let commands: [&[&str]; 16] = [
        &["migrate"],
        &["redo"],
        &["downgrade", "-1"],
        &["stamp", "head"],
        &["stamp", "1"],
        &["migrate", "--all"],
        &["repair", "--accept", "missing"],
        &["import", "orders.ndjson"],
        &["rebuild", "--all"],
        &["resume"],
        &["promote", "order_summary"],
        &["rebuild", "order_summary", "--promote"],
        &["rollback", "order_summary"],
        &["run", "--until-caught-up"],
        &["prune"],
        &["upgrade-ledger"],
    ];
    for args in commands {
        let ran = project.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.stdout, ran.stderr);
        let line = format!("5432/{name} (DATABASE_URL)");
        assert!(
            ran.servers.lines().any(|l| l.starts_with("server: ") && l.ends_with(&line)),
            "{args:?}: {}",
            ran.stderr
        );
        let told: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|e| panic!("{args:?} {e}: {}", ran.stdout));
        assert_eq!(told["server"]["database"], name.as_str(), "{args:?}: {told}");
    }
    for args in [&["status"][..], &["current"], &["census"], &["check"]] {
        let ran = project.run(args);
        assert_eq!(ran.servers, "", "{args:?} changes nothing");
    }
}

#[test]
fn two_servers_are_both_named() {
    let mut project = Project::orders();
    project.read_models = Some(crate::bench::Database::new());
    let ran = project.run(&["migrate"]);
    let reads = project.read_models.as_ref().unwrap().name();
    let line = format!("5432/{reads} (READ_MODELS_URL)");
    let found = ran.servers.lines().any(|l| l.starts_with("read models: ") && l.ends_with(&line));
    assert!(found, "{}", ran.servers);
    assert_eq!(project.json(&["migrate"])["read_models_server"]["database"], reads.as_str());
}

/// A private server serves whoever named none, but not where one was meant to be named.
#[test]
fn without_an_address_a_private_server_serves_only_where_that_can_be_meant() {
    let project = Project::orders();
    let refusals: [(&str, Vars, &str); 4] = [
        ("", &[("CI", "true")], "a CI runner sets CI"),
        ("[database]\n", &[], "config.toml has a section [database]"),
        ("[database]\nreconnect_s = 5\n", &[], "config.toml has a section [database]"),
        ("", &[("READ_MODELS_URL", "host=/nowhere")], "the read models' server is named"),
    ];
    for (config, variables, why) in refusals {
        project.write("config.toml", config);
        for args in [&["migrate"][..], &["check"], &["status"]] {
            let mut command = unnamed(&project, &[args, &["--json"]].concat());
            command.envs(variables.iter().copied());
            let ran = ended(command);
            assert_eq!(ran.code, 2, "{args:?}: {}{}", ran.stdout, ran.stderr);
            let error: Value = serde_json::from_str(&ran.stderr).unwrap();
            let error = &error["error"];
            assert_eq!(error["code"], "server-unnamed");
            assert!(error["message"].as_str().unwrap().contains(why), "{error}");
            let hint = error["hint"].as_str().unwrap();
            for choice in ["DATABASE_URL_FILE", "PGHOST", "url_command", "--private"] {
                assert!(hint.contains(choice), "{hint}");
            }
            assert!(!project.folder.path().join(".regrow").exists(), "nothing was started");
        }
    }
    // Asked for, it serves, whatever else is named.
    project.write("config.toml", "[database]\nurl = \"host=/nowhere\"\n");
    let mut command = unnamed(&project, &["migrate", "--private", "--quiet"]);
    command.env("CI", "true").env("DATABASE_URL", "host=/nowhere").env("PGHOST", "db.example");
    let ran = ended(command);
    assert_eq!(
        (ran.code, ran.stderr.as_str(), ran.servers.as_str()),
        (0, "", ""),
        "{}",
        ran.stdout
    );
    // Not asked for, it says so, also in quiet.
    project.write("config.toml", "");
    let ran = ended(unnamed(&project, &["migrate", "--quiet"]));
    assert_eq!(ran.code, 0);
    assert!(ran.servers.contains("a private PostgreSQL in .regrow/"), "{}", ran.servers);
    let ran = project.run(&["migrate", "--private", "--database-url", "host=x"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn what_names_a_server_badly_is_refused_without_its_words() {
    let project = Project::orders();
    let folder = project.folder.path().display().to_string();
    project.write("secret", "postgresql://me:hunter2 x@db/shop");
    let secret = format!("{folder}/secret");
    let nothing = format!("{folder}/nothing");
    let cases: [(&str, Vars, &str); 9] = [
        (
            "",
            &[("DATABASE_URL", "host=x"), ("DATABASE_URL_FILE", &secret)],
            "DATABASE_URL: the database address cannot be read: DATABASE_URL_FILE is set as well",
        ),
        ("", &[("DATABASE_URL_FILE", &nothing)], "nothing cannot be read: No such file"),
        (
            "",
            &[("DATABASE_URL_FILE", &secret)],
            "DATABASE_URL_FILE: the database address cannot be read: there is a blank in it",
        ),
        (
            "[database]\nurl_command = \"echo hunter2 >&2; exit 3\"\n",
            &[],
            "[database] url_command: the database address cannot be read: the program exits with 3",
        ),
        (
            "[database]\nurl_command = \"echo\"\n",
            &[],
            "url_command: the database address cannot be read: it is empty",
        ),
        (
            "[read_models]\nurl_command = \"false\"\n",
            &[("DATABASE_URL", "host=/nowhere")],
            "[read_models] url_command: the database address cannot be read: the program exits with 1",
        ),
        (
            "",
            &[("PGSERVICE", "nosuch")],
            "PGSERVICE: the database address cannot be read: no service file has the service nosuch",
        ),
        ("", &[("PGHOST", "db"), ("PGSSLMODE", "hunter2")], "sslmode must be disable"),
        (
            "",
            &[("PGHOST", "db"), ("PGREQUIREAUTH", "hunter2")],
            "unknown option PGREQUIREAUTH: regrow does not have it",
        ),
    ];
    for (config, variables, part) in cases {
        project.write("config.toml", config);
        let mut command = unnamed(&project, &["migrate"]);
        command.env("HOME", "/nowhere").envs(variables.iter().copied());
        let ran = ended(command);
        assert_eq!(ran.code, 2, "{variables:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{part:?} is not in {}", ran.stderr);
        // What the program itself says on stderr is its own affair.
        let ours: Vec<&str> = ran.stderr.lines().filter(|line| *line != "hunter2").collect();
        assert!(!ours.join("\n").contains("hunter2"), "{}", ran.stderr);
    }
    project.write("config.toml", "[database]\nurl = \"host=x\"\nurl_command = \"y\"\n");
    let ran = project.run(&["migrate"]);
    assert!(ran.stderr.contains("[database] has both url and url_command"), "{}", ran.stderr);
}

/// An image that was built without its migrations is no image that has nothing to do.
#[test]
fn a_project_without_a_revision_is_not_at_base() {
    let project = Project::orders();
    std::fs::remove_dir_all(project.folder.path().join("migrations")).unwrap();
    for args in [&["migrate"][..], &["migrate", "--all"], &["downgrade", "base"]] {
        let ran = project.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 1, "{args:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("revisions-missing"), "{}", ran.stderr);
    }
    let gate = project.run(&["check"]);
    assert!(gate.stdout.contains("warning: there is no revision in "), "{}", gate.stdout);
    // The way of the hint.
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    let mut help = Command::new(REGROW);
    nowhere(&mut help);
    assert!(help.arg("--help").output().unwrap().status.success());
}
