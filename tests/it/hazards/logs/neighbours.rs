//! Two projects in one database, each with a log of its own that grows: no event of one is ever in a read
//! model of the other.

use super::super::table::{Scenario, times};
use super::super::{Dice, Running};
use super::QUICK;
use super::set_back::below;
use crate::bench::{Project, differences, wait_until};
use crate::identity::{append, projects::neighbour, status_of};

#[test]
fn f22_two_projects_in_one_database() {
    let mut scenario = Scenario::new("F22 two projects in one database, both at work");
    let mut dice = Dice::new("F22");
    let first = super::project(QUICK);
    append(&mut first.events(), "ours", 0..20);
    let second = neighbour(&first, "watched");
    second.write("config.toml", &format!("{QUICK}[event_store]\nschema = \"other_store\"\n"));
    put(&second, 0..20);
    first.ok(&["rebuild", "seen", "--promote"]);
    second.ok(&["rebuild", "watched", "--promote"]);
    let followers = [Running::start(&first, &["run"]), Running::start(&second, &["run"])];
    for round in 0..times(3, 40) {
        let from = 1_000 * (i32::try_from(round).unwrap() + 1);
        append(&mut first.events(), "ours", from..from + below(&mut dice, 30));
        put(&second, from..from + below(&mut dice, 30));
        let (project, name) = *dice.of(&[(&first, "seen"), (&second, "watched")]);
        let args: &[&str] = match dice.below(4) {
            0 => &["rebuild", name, "--promote"],
            1 => &["prune", name],
            2 => &["resume"],
            _ => &["rebuild", name],
        };
        let ran = project.run(args);
        let nothing = ran.stderr.contains("nothing") || ran.stderr.contains("no build");
        if ran.code != 0 && !nothing {
            scenario.unhandled(format!("{args:?}: {} {}", ran.code, ran.stderr));
        }
        for (project, name, log) in
            [(&first, "seen", "event_store"), (&second, "watched", "other_store")]
        {
            wait_until("the follower to come to the end", || caught_up(project));
            let built = format!("SELECT at, stream, n FROM read_model.{name}");
            let log =
                format!("SELECT position, stream_id, (payload ->> 'n')::int FROM {log}.events");
            scenario.wrong_rows(&differences(&mut project.reads(), &built, &log));
        }
        scenario.ran();
    }
    for follower in followers {
        assert_eq!(follower.stop().code, 0);
    }
    scenario.end();
}

fn put(project: &Project, range: std::ops::Range<i32>) {
    let mut client = project.events();
    for n in range {
        let event = format!(r#"[{{"type": "Counted", "payload": {{"n": {n}}}}}]"#);
        client
            .query("SELECT other_store.append('theirs', NULL, $1::text::jsonb)", &[&event])
            .unwrap();
    }
}

fn caught_up(project: &Project) -> bool {
    let status = project.json(&["status"]);
    let builds = status["builds"].as_array().unwrap();
    let live = builds.iter().find(|build| build["state"] == "live").unwrap();
    status_of(project, live["build"].as_str().unwrap())["lag"] == 0
}
