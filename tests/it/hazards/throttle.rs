//! A rebuild that is held back: by a standby that does not replay, by a rate, by the WAL it takes.

use postgres::Client;
use serde_json::{Value, json};

use super::own_server::OwnServer;
use crate::bench::{Database, Heard, Project, rows, wait_until};

/// Two projections of the same rows, one by each engine.
pub(super) const ENGINES: [&str; 2] = ["by_sql", "natively"];

pub(super) fn project(database: Database, events: usize) -> Project {
    let project = Project::on(database);
    project.ok(&["init", "."]);
    for (name, engine) in ENGINES.into_iter().zip(["sql", "native"]) {
        let path = |file: &str| format!("projections/{name}/{file}");
        let table = format!("CREATE TABLE {name} (id text PRIMARY KEY, n bigint NOT NULL);");
        project.write(&path("schema/V1__table.sql"), &table);
        project.write(
            &path("handlers.sql"),
            &format!(
                "-- on Added\nINSERT INTO {name} VALUES (:id, :n::bigint)\n\
                 ON CONFLICT (id) DO UPDATE SET n = {name}.n + :n::bigint;\n"
            ),
        );
        project.write(&path("projection.toml"), &format!("engine = \"{engine}\"\n"));
    }
    project.ok(&["migrate"]);
    append(&mut project.events(), "s", events);
    project
}

/// Appends so many events to a stream.
pub(super) fn append(client: &mut Client, stream: &str, events: usize) {
    for from in (0..events).step_by(500) {
        let event =
            |n: usize| json!({"type": "Added", "payload": {"id": format!("k{}", n % 97), "n": n}});
        let some: Vec<Value> = (from..events.min(from + 500)).map(event).collect();
        client.query("SELECT event_store.append($1, NULL, $2)", &[&stream, &json!(some)]).unwrap();
    }
}

fn content(project: &Project, build: &str) -> Vec<String> {
    let of = |name: &str| format!("SELECT id, n FROM {name}__{build}.{name} ORDER BY id");
    ENGINES.iter().flat_map(|name| rows(&mut project.reads(), &of(name))).collect()
}

/// How many builds tell what they wait for, that it begins so.
fn waiting(project: &Project, what: &str) -> usize {
    let told = "SELECT waits FROM regrow.progress WHERE waits IS NOT NULL";
    rows(&mut project.reads(), told).iter().filter(|waits| waits.contains(what)).count()
}

#[test]
fn it_waits_for_a_standby_that_does_not_replay_and_ends_with_the_same_rows() {
    let server = OwnServer::start_new();
    let project = project(Database::at(server.address(), "template0"), 3_000);
    project.ok(&["rebuild", "--all"]);
    let standby = server.standby();
    let replays = |verb: &str| {
        standby.admin().batch_execute(&format!("SELECT pg_wal_replay_{verb}()")).unwrap();
    };
    project.write("config.toml", "[rebuild]\nmax_replica_lag = \"200ms\"\nmax_rate = 300\n");
    // Of the same definition there is a build that is ready; another one is wanted.
    for name in ENGINES {
        project.ok(&["promote", name]);
    }
    let mut child = project.spawn(&["rebuild", "--all"]);
    let mut heard = Heard::of(&mut child);
    let begun = "SELECT FROM regrow.progress WHERE position > 50";
    wait_until("both builds to have read events", || rows(&mut project.reads(), begun).len() == 2);
    replays("pause");
    wait_until("both builds to wait", || waiting(&project, "replica ") == 2);
    heard.wait_for("waiting for replica ");
    let status = project.ok(&["status"]);
    assert!(
        status.contains("waiting for replica ") && status.contains("max_replica_lag"),
        "{status}"
    );
    // Between two batches nothing is open.
    let open = "SELECT query FROM pg_stat_activity WHERE datname = current_database() \
                   AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - interval '100 ms'";
    wait_until("nothing to be open", || rows(&mut project.reads(), open).is_empty());
    let stand = "SELECT c.position FROM regrow.checkpoint c JOIN regrow.build b ON b.id = c.build_id \
                  WHERE b.number = 2 ORDER BY 1";
    let stood = rows(&mut project.reads(), stand);
    let seen = "SELECT extract(epoch FROM min(seen_at))::bigint FROM regrow.progress";
    let number = |rows: Vec<String>| -> i64 { rows[0].trim_matches(['(', ')']).parse().unwrap() };
    let then = number(rows(&mut project.reads(), seen));
    wait_until("two seconds of waiting", || number(rows(&mut project.reads(), seen)) > then + 1);
    assert_eq!(rows(&mut project.reads(), stand), stood, "nothing is written while it waits");
    // Who waits heeds an operator.
    for name in ENGINES {
        project.ok(&["pause", name]);
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let said = heard.until_its_end();
    assert!(
        said.contains("held back: at most 300 events/s, replicas no more than 0.2 s behind"),
        "{said}"
    );
    for name in ENGINES {
        project.ok(&["unpause", name]);
    }
    let mut child = project.spawn(&["resume"]);
    let heard = Heard::of(&mut child);
    wait_until("both builds to wait again", || waiting(&project, "replica ") == 2);
    replays("resume");
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(0), "{}", heard.until_its_end());
    assert_eq!(content(&project, "b2"), content(&project, "b1"));
    assert_eq!(content(&project, "b2").len(), 2 * 97);
}

#[test]
fn a_rate_and_the_wal_hold_it_back() {
    let server = OwnServer::start_new();
    let project = project(Database::at(server.address(), "template0"), 1_000);
    project.ok(&["rebuild", "--all", "--promote"]);
    let told = project.json(&["rebuild", "--all", "--promote", "--max-rate", "400"]);
    for build in told["builds"].as_array().unwrap() {
        let (seconds, events) = (build["seconds"].as_f64().unwrap(), &build["events"]);
        assert!(seconds > 1.5 && *events == json!(1_000), "{told}");
    }
    project.write(
        "config.toml",
        "[rebuild]\nmax_wal_per_s = \"64KiB\"\nmax_replica_lag = \"1s\"\nbatch_events = 50\n",
    );
    let ran = project.run(&["rebuild", "--all"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let said = ran.stderr;
    assert!(said.contains("waiting for less than 65,536 bytes of WAL a second"), "{said}");
    assert_eq!(said.matches("no replica is connected").count(), 1, "{said}");
    assert_eq!(content(&project, "b3"), content(&project, "b1"));
    assert_eq!(content(&project, "b2"), content(&project, "b1"));
}

#[test]
fn a_limit_that_nobody_could_keep_is_refused() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.write("config.toml", "[rebuild]\nmax_replica_lag = \"5s\"\n");
    let role = format!("sees_nothing_{}", std::process::id());
    project.events().batch_execute(&format!("CREATE ROLE {role} LOGIN")).unwrap();
    let url = project.database.url();
    let parts = url.split(' ').filter(|part| !part.starts_with("user=")).collect::<Vec<_>>();
    let mut command = project.command(&["rebuild", "order_summary", "--json"]);
    command.env("DATABASE_URL", format!("{} user={role}", parts.join(" ")));
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    project.events().batch_execute(&format!("DROP ROLE {role}")).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("replicas-unseen"), "{said}");
    assert!(said.contains(&format!("GRANT pg_read_all_stats TO \\\"{role}\\\"")), "{said}");
    for (text, words) in [
        ("max_replica_lag = \"soon\"", "expected a time such as 500ms, 5s or 2m"),
        ("max_replica_lag = \"1ms\"", "must lie between 100 and"),
        ("max_rate = 0", "must lie between 1 and"),
        ("max_wal_per_s = \"1KB\"", "must lie between 65536 and"),
    ] {
        project.write("config.toml", &format!("[rebuild]\n{text}\n"));
        let ran = project.run(&["rebuild", "order_summary"]);
        assert!(ran.code != 0 && ran.stderr.contains(words), "{text}: {}", ran.stderr);
    }
}
