//! `run --listen`: a real server, real requests.

pub(crate) mod page;
mod ready;
mod supervised;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::bench::{Heard, Project, wait_until};
use crate::identity::append;

/// A `run` that listens on a port of its own.
pub(crate) struct Listening {
    child: Child,
    heard: Heard,
    address: String,
}

impl Listening {
    pub(crate) fn start(project: &Project) -> Listening {
        Listening::start_with(project, &[])
    }

    /// The same with variables in its environment.
    pub(crate) fn start_with(project: &Project, variables: &[(&str, &str)]) -> Listening {
        let mut command = project.command(&["run", "--listen", "0"]);
        command.envs(variables.iter().copied());
        Listening::start_command(command)
    }

    /// A command that runs `run --listen 0`.
    pub(crate) fn start_command(mut command: Command) -> Listening {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut heard = Heard::of(&mut child);
        heard.wait_for("listening on http://");
        let said = heard.text().to_owned();
        let (_, rest) = said.split_once("listening on http://").unwrap();
        let address = rest.split('/').next().unwrap().to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{address}");
        Listening { child, heard, address }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().cast_signed()), signal).unwrap();
    }

    /// What is answered to a method and a path.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Answer {
        ask(&self.address, method, path)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    /// Waits until a path is answered with a code; gives the body.
    pub(crate) fn wait_for(&self, path: &str, code: u16) -> String {
        let mut last = String::new();
        wait_until(&format!("{path} to answer {code}"), || {
            let answer = self.get(path);
            last = answer.body;
            answer.code == code
        });
        last
    }

    /// Waits until a path is answered with a code and says something.
    pub(crate) fn wait_to_say(&self, path: &str, code: u16, words: &str) {
        let mut last = String::new();
        wait_until(&format!("{path} to answer {code} with {words:?}"), || {
            let answer = self.get(path);
            if answer.body != last {
                println!("{path}: {} {}", answer.code, answer.body);
                last.clone_from(&answer.body);
            }
            answer.code == code && answer.body.contains(words)
        });
    }

    /// Asks it to stop; gives what it said on stderr.
    pub(crate) fn stop(mut self) -> String {
        self.signal(Signal::SIGTERM);
        assert!(self.child.wait().unwrap().success());
        let heard = std::mem::replace(&mut self.heard, Heard::nothing());
        heard.until_its_end()
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What it has said on stderr until now.
    pub(crate) fn said(&mut self) -> &str {
        self.heard.text()
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What an address answers to a method and a path.
pub(crate) fn ask(address: &str, method: &str, path: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let code = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Answer { code, headers, body: body.to_owned() }
}

pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// Samples of a text of OpenMetrics, by name and labels as they are written. Each name has its help and its type, the
/// text ends where it says so, and nothing else stands there.
pub(crate) fn samples(text: &str) -> BTreeMap<String, f64> {
    let body = text.strip_suffix("# EOF\n").expect("the end is told");
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!(kind, "gauge", "{line}");
            assert!(types.insert(name, kind).is_none(), "told twice: {line}");
            continue;
        }
        if let Some(rest) = line.strip_prefix("# HELP ") {
            assert!(rest.split_once(' ').is_some_and(|(_, help)| !help.is_empty()), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        let bare = name.split('{').next().unwrap();
        assert!(types.contains_key(bare), "{line} has no type");
        assert!(bare.starts_with("regrow_"), "{line}");
        let labels = name.strip_prefix(bare).unwrap();
        if !labels.is_empty() {
            assert!(labels.starts_with('{') && labels.ends_with("\"}"), "{line}");
        }
        assert!(found.insert(name.to_owned(), value.parse().unwrap()).is_none(), "twice: {line}");
    }
    found
}

const OF_BUILD: &str = "{projection=\"seen\",build=\"seen__b1\"}";

#[test]
fn metrics_tell_what_the_ledger_says() {
    let project = crate::identity::project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    let run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    append(&mut project.events(), "a", 5..7);
    let position = format!("regrow_build_position{OF_BUILD}");
    let mut told = BTreeMap::new();
    wait_until("the follower's checkpoint to be told", || {
        let answer = run.get("/metrics");
        assert_eq!(answer.code, 200);
        assert!(answer.headers["content-type"].starts_with("application/openmetrics-text;"));
        told = samples(&answer.body);
        told.get(&position) == Some(&7.0)
    });
    for (name, value) in [
        ("regrow_up", 1.0),
        ("regrow_log_end_position", 7.0),
        (&format!("regrow_build_lag_events{OF_BUILD}"), 0.0),
        (&format!("regrow_build_lag_seconds{OF_BUILD}"), 0.0),
        (&format!("regrow_build_read_events{OF_BUILD}"), 7.0),
        (&format!("regrow_build_parked_events{OF_BUILD}"), 0.0),
        (&format!("regrow_build_late_events{OF_BUILD}"), 0.0),
        (&format!("regrow_build_followers{OF_BUILD}"), 1.0),
        (&format!("regrow_build_stopped{OF_BUILD}"), 0.0),
        (&format!("regrow_build_paused{OF_BUILD}"), 0.0),
    ] {
        assert_eq!(told.get(name), Some(&value), "{name} in {told:#?}");
    }
    let of = |state: &str| {
        told[&format!(
            "regrow_build_state{{projection=\"seen\",build=\"seen__b1\",state=\"{state}\"}}"
        )]
    };
    assert_eq!((of("live"), of("replaying"), of("retired")), (1.0, 0.0, 0.0));
    assert!(told["regrow_last_promote_timestamp_seconds{projection=\"seen\"}"] > 1.7e9);
    assert!(told["regrow_snapshot_age_seconds"] >= 0.0);
    let version = format!("regrow_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(told.get(&version), Some(&1.0), "{told:#?}");
    assert!(!told.keys().any(|name| name.starts_with("regrow_build_progress_ratio")));
    // docs/service.md names every metric, and no other.
    let docs = include_str!("../../docs/service.md");
    let mut named: Vec<&str> = docs
        .lines()
        .filter_map(|line| line.strip_prefix("| `regrow_")?.split(['`', '{']).next())
        .collect();
    let mut families: Vec<String> = run
        .get("/metrics")
        .body
        .lines()
        .filter_map(|line| Some(line.strip_prefix("# TYPE regrow_")?.split(' ').next()?.to_owned()))
        .collect();
    // Those of rebuilds and of assertions have no sample as long as there is none.
    named.retain(|name| !["build_progress_ratio", "build_assertions_age_seconds"].contains(name));
    named.sort_unstable();
    families.sort();
    assert_eq!(named, families);
    assert!(run.stop().contains("listening on"));
}

/// Alerts and the dashboard ask for metrics that there are.
#[test]
fn what_is_deployed_asks_for_metrics_that_there_are() {
    let docs = include_str!("../../docs/service.md");
    for (name, text) in [
        ("rules", include_str!("../../deploy/prometheus/regrow.rules.yml")),
        ("tests", include_str!("../../deploy/prometheus/regrow.rules.test.yml")),
        ("dashboard", include_str!("../../deploy/grafana/regrow.json")),
    ] {
        let word = |rest: &str| -> String {
            rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
        };
        let asked: Vec<String> = text.split("regrow_").skip(1).map(word).collect();
        assert!(asked.len() > 5, "{name}");
        for metric in asked {
            assert!(docs.contains(&format!("| `regrow_{metric}")), "{name}: regrow_{metric}");
        }
    }
    let dashboard = include_str!("../../deploy/grafana/regrow.json");
    serde_json::from_str::<serde_json::Value>(dashboard).unwrap();
}

#[test]
fn the_report_is_that_of_status() {
    let project = crate::identity::project();
    append(&mut project.events(), "a", 0..3);
    project.ok(&["rebuild", "seen", "--promote"]);
    let run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    let served: serde_json::Value = serde_json::from_str(&run.get("/status.json").body).unwrap();
    let printed = project.json(&["status"]);
    let members = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(members(&served), members(&printed));
    assert_eq!(members(&served["builds"][0]), members(&printed["builds"][0]));
    assert_eq!(served["builds"][0], printed["builds"][0]);
    assert_eq!(served["version"], 1);
    let at = served["at"].as_str().unwrap();
    assert!(at.ends_with('Z') && at.contains('T'), "{at}");
    assert_eq!(served["switches"][0]["kind"], "promote");
    run.stop();
}

#[test]
fn an_address_that_cannot_be_listened_on_is_refused() {
    let project = crate::identity::project();
    let ran = project.run(&["run", "--listen", "nowhere"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("it has no port"), "{}", ran.stderr);
    let run = Listening::start(&project);
    let ran = project.run(&["run", "--listen", run.address(), "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("listen-failed"), "{}", ran.stderr);
    assert_eq!(project.run(&["run", "--listen", "0", "--until-caught-up"]).code, 2);
    project.write("config.toml", "[service]\nlisten = \"0\"\nmax_lag = \"soon\"\n");
    let ran = project.run(&["run"]);
    assert!(ran.stderr.contains("config.toml:3:"), "{}", ran.stderr);
}
