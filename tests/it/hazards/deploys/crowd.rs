//! Many deploys at once.

use super::{BRAKE, at_the_brake, lineage, put_on_the_brake, settled, unmigrated};
use crate::bench::{Project, wait_until};
use crate::hazards::{Running, one};

const CROWD: usize = 20;

/// Nine revisions after the first; the sixth builds an index beside writers.
fn nine_more() -> Vec<(String, String)> {
    (2..=10)
        .map(|n| {
            let text = match n {
                6 => format!(
                    "-- transaction: none\nINSERT INTO ran VALUES ({n});\n\
                     CREATE INDEX CONCURRENTLY things_n ON things (n);\n"
                ),
                _ => format!("CREATE TABLE t{n} (id int);\nINSERT INTO ran VALUES ({n});\n"),
            };
            (format!("V{n}__more"), text)
        })
        .collect()
}

/// Starts all of them before one is waited for; gives the codes.
fn crowd(project: &Project, args: &[&str]) -> Vec<i32> {
    let all: Vec<Running> = (0..CROWD).map(|_| Running::start(project, args)).collect();
    let end = |deploy: Running| {
        let ran = deploy.end();
        assert!(matches!(ran.code, 0 | 6), "{}: {}", ran.code, ran.stderr);
        ran.code
    };
    all.into_iter().map(end).collect()
}

fn of_ten(make: fn(&str, &[(&str, &str)]) -> Project) -> Project {
    let revisions = nine_more();
    let revisions: Vec<_> = revisions.iter().map(|(s, t)| (s.as_str(), t.as_str())).collect();
    make("", &revisions)
}

#[test]
fn twenty_deploys_at_once_run_each_revision_once() {
    let project = of_ten(lineage);
    assert_eq!(crowd(&project, &["migrate"]), vec![0; CROWD]);
    settled(&mut project.events(), 10);
}

#[test]
fn twenty_impatient_deploys_at_once_run_each_revision_once() {
    let project = of_ten(lineage);
    let codes = crowd(&project, &["migrate", "--wait", "0"]);
    assert!(codes.contains(&0), "one of them has the lock: {codes:?}");
    settled(&mut project.events(), 10);
}

/// History tables and ledger are missing, and everybody wants to make them.
#[test]
fn twenty_first_deploys_at_once_run_each_revision_once() {
    let project = of_ten(unmigrated);
    assert_eq!(crowd(&project, &["migrate"]), vec![0; CROWD]);
    settled(&mut project.events(), 10);
}

#[test]
fn twenty_impatient_first_deploys_at_once_run_each_revision_once() {
    let project = of_ten(unmigrated);
    let codes = crowd(&project, &["migrate", "--wait", "0"]);
    assert!(codes.contains(&0), "one of them has the lock: {codes:?}");
    settled(&mut project.events(), 10);
}

/// One cluster, two databases: the deploy lock of one is no lock in the other.
#[test]
fn a_deploy_in_one_database_does_not_hold_up_another_database() {
    let second = format!("{BRAKE}INSERT INTO ran VALUES (2);");
    let (held, free) =
        (lineage("", &[("V2__held", &second)]), lineage("", &[("V2__free", &second)]));
    let mut client = held.events();
    put_on_the_brake(&mut client);
    let deploy = Running::start(&held, &["migrate"]);
    let pid = at_the_brake(&mut client, "regrow migrate");

    let rival = held.run(&["migrate", "--wait", "0"]);
    assert_eq!(rival.code, 6, "{}", rival.stderr);
    assert!(rival.stderr.contains(&format!("pid {pid}, user ")), "{}", rival.stderr);
    free.ok(&["migrate", "--wait", "0"]);
    settled(&mut free.events(), 2);

    let here = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(one::<i64>(&mut client, here), 1);
    drop(deploy);
    wait_until("the lock to go with its session", || one::<i64>(&mut client, here) == 0);
}
