//! Every difference between files and history has a way, and the hint names it: the commands that
//! hints print are run as they stand, until a deploy goes through.

use serde_json::Value;

use crate::bench::{Project, Ran};

const FOLDER: &str = "migrations/event_store";

/// The commands that a hint names, each behind a colon at the end of a line.
fn commands(hint: &str) -> Vec<Vec<String>> {
    let lines = hint.lines().flat_map(|line| line.split(", or: "));
    let typed = lines.filter_map(|line| line.rfind("regrow ").map(|at| &line[at + 7..]));
    typed.map(|text| text.split_whitespace().map(str::to_owned).collect()).collect()
}

fn run(project: &Project, args: &[String]) -> Ran {
    let args: Vec<&str> = args.iter().map(String::as_str).chain(["--json"]).collect();
    project.run(&args)
}

fn hint_of(ran: &Ran) -> String {
    let line = ran.stderr.lines().find(|line| line.starts_with("{\"error\""));
    let error: Value =
        serde_json::from_str(line.unwrap_or_else(|| panic!("{}", ran.stderr))).unwrap();
    error["error"]["hint"].as_str().unwrap_or_default().to_owned()
}

/// Deploys, and follows one of the ways that are named each time it is refused. Gives the steps.
fn follow(project: &Project, mut choose: impl FnMut(usize) -> usize) -> Vec<String> {
    let mut steps = Vec::new();
    for _ in 0..6 {
        let deploy = run(project, &["migrate".to_owned()]);
        if deploy.code == 0 {
            return steps;
        }
        let hint = hint_of(&deploy);
        let ways = commands(&hint);
        assert!(!ways.is_empty(), "no way after {steps:?}: {}", deploy.stderr);
        let way = &ways[choose(ways.len())];
        let ran = run(project, way);
        steps.push(way.join(" "));
        // What is left after a repair is told with its way, and the deploy tells it again.
        let leads_on = ran.code == 0 || (way[0] == "repair" && ran.code == 4);
        assert!(leads_on, "{steps:?} leads into a refusal: {}{}", ran.stdout, ran.stderr);
    }
    panic!("a circle: {steps:?}");
}

/// A deploy goes through by the ways of the hints, and the gate agrees.
fn leads_on(project: &Project, choose: impl FnMut(usize) -> usize) -> Vec<String> {
    let steps = follow(project, choose);
    let gate = project.run(&["check", "--only", "pending", "--only", "migrations"]);
    assert_eq!(gate.code, 0, "after {steps:?}: {}{}", gate.stdout, gate.stderr);
    steps
}

fn file(n: usize) -> String {
    format!("{FOLDER}/V{n}__c{n}.sql")
}

/// A lineage of some revisions that have run, each a table.
fn ran(revisions: &[usize]) -> Project {
    let project = Project::empty();
    for n in revisions {
        project.write(&file(*n), &format!("CREATE TABLE event_store.t{n} ();"));
    }
    project.ok(&["migrate"]);
    project
}

fn remove(project: &Project, path: &str) {
    std::fs::remove_file(project.folder.path().join(path)).unwrap();
}

#[test]
fn several_missing_revisions_are_accepted_at_once() {
    let project = ran(&[1, 2, 3, 4]);
    remove(&project, &file(2));
    remove(&project, &file(3));
    let told = project.run(&["migrate"]);
    assert_eq!(told.code, 4, "{}", told.stderr);
    assert!(!told.stderr.contains("ahead of this code"), "{}", told.stderr);
    assert_eq!(leads_on(&project, |_| 0), ["repair --accept missing"]);
}

#[test]
fn the_last_revisions_may_have_been_deleted_for_good() {
    let project = ran(&[1, 2, 3]);
    remove(&project, &file(2));
    remove(&project, &file(3));
    assert_eq!(project.run(&["migrate"]).code, 9);
    assert_eq!(leads_on(&project, |_| 0), ["repair --accept ahead"]);
}

#[test]
fn a_squash_is_said_to_have_run_under_an_old_number_and_a_new_one() {
    for (path, version) in [
        (file(1), 1),
        (format!("{FOLDER}/V2__squashed.sql"), 2),
        (format!("{FOLDER}/V4__squashed.sql"), 4),
    ] {
        let project = ran(&[1, 2, 3]);
        for n in [1, 2, 3] {
            remove(&project, &file(n));
        }
        project.write(
            &path,
            "CREATE TABLE event_store.t1 (); CREATE TABLE event_store.t2 (); CREATE TABLE event_store.t3 ();",
        );
        // What comes after it has not run, and is not said to have.
        project.write(&format!("{FOLDER}/V9__later.sql"), "CREATE TABLE event_store.t9 ();");
        let steps = leads_on(&project, |_| 0);
        assert_eq!(steps, [format!("stamp --purge {version}")], "{path}");
        assert!(crate::bench::rows(&mut project.events(), "SELECT FROM event_store.t9").is_empty());
    }
}

#[test]
fn a_late_revision_runs_after_what_ran_or_gets_a_later_number() {
    let late = "CREATE TABLE event_store.late ();";
    let project = ran(&[1, 3]);
    project.write(&file(2), late);
    let told = project.run(&["migrate"]);
    assert_eq!(told.code, 4);
    assert_eq!(leads_on(&project, |_| 0), ["migrate --late"]);
    // The other way that the hint names.
    let project = ran(&[1, 3]);
    project.write(&file(4), late);
    assert!(leads_on(&project, |_| 0).is_empty());
}

#[test]
fn a_draft_that_ran_empty_runs_when_it_is_filled() {
    let project = ran(&[1]);
    project.ok(&["revision", "-m", "more"]);
    let path = format!("{FOLDER}/V2__more.sql");
    let draft = project.read(&path);
    project.ok(&["migrate"]);
    project.write(&path, &format!("{draft}\nCREATE TABLE event_store.more ();"));
    // Not accepted as something that ran.
    let accepted = project.run(&["repair", "--accept", "edited"]);
    assert_eq!(accepted.code, 4, "{}", accepted.stderr);
    assert_eq!(leads_on(&project, |_| 0), ["repair --accept empty"]);
    assert!(crate::bench::rows(&mut project.events(), "SELECT FROM event_store.more").is_empty());
    // With something on it that ran, too.
    let project = ran(&[1]);
    project.write(&format!("{FOLDER}/V2__more.sql"), "-- later\n");
    project.write(&file(3), "CREATE TABLE event_store.t3 ();");
    project.ok(&["migrate"]);
    project.write(&format!("{FOLDER}/V2__more.sql"), "CREATE TABLE event_store.more ();");
    assert_eq!(leads_on(&project, |_| 0), ["repair --accept empty", "migrate --late"]);
}

/// Those that stay are not forgotten with those that a squash stands for.
#[test]
fn what_a_squash_leaves_is_still_said_to_have_run() {
    let project = ran(&[1, 2, 3, 4]);
    remove(&project, &file(1));
    remove(&project, &file(2));
    project.write(
        &file(3),
        "CREATE TABLE event_store.t1 (); CREATE TABLE event_store.t2 (); CREATE TABLE event_store.t3 ();",
    );
    assert_eq!(leads_on(&project, |_| 0), ["stamp --purge 4"]);
}

/// What people do to files, at random and several at once; the ways are chosen at random as well.
#[test]
fn whatever_was_done_to_the_files_a_way_is_named() {
    let mut seed = 11_u64;
    let mut draw = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % n
    };
    let mut refused = 0;
    for round in 0..14 {
        let count = 2 + draw(4);
        let project = Project::empty();
        // Every second number, so that there is room in between.
        let mut there: Vec<usize> = (1..=count).map(|n| n * 2).collect();
        for n in &there {
            let empty = draw(6) == 0;
            let sql = format!("CREATE TABLE event_store.t{n} ();");
            project.write(&file(*n), if empty { "-- nothing yet\n" } else { &sql });
        }
        project.ok(&["migrate"]);
        let mut done = Vec::new();
        for _ in 0..1 + draw(3) {
            match draw(5) {
                0 if there.len() > 1 => {
                    let n = there.remove(draw(there.len()));
                    remove(&project, &file(n));
                    done.push(format!("{n} removed"));
                }
                1 => {
                    let n = there[draw(there.len())];
                    let text = project.read(&file(n));
                    project
                        .write(&file(n), &format!("{text}\nCREATE TABLE event_store.more{n} ();"));
                    done.push(format!("{n} edited"));
                }
                2 => {
                    let n = 1 + 2 * draw(count);
                    project.write(&file(n), &format!("CREATE TABLE event_store.t{n} ();"));
                    done.push(format!("{n} put in"));
                }
                3 => {
                    let n = 2 * count + 1 + draw(3);
                    project.write(&file(n), &format!("CREATE TABLE event_store.t{n} ();"));
                    done.push(format!("{n} added"));
                }
                _ => {
                    let n = there[draw(there.len())];
                    project.write(&file(n), "-- emptied\n");
                    done.push(format!("{n} emptied"));
                }
            }
        }
        if project.run(&["migrate", "--dry-run"]).code != 0 {
            refused += 1;
        }
        println!("round {round}: {done:?}");
        let steps = follow(&project, &mut draw);
        println!("  {steps:?}");
    }
    assert!(refused > 7, "only {refused} were refused");
}

/// Steps that can go two ways name revisions that work.
#[test]
fn a_step_at_a_branch_point_names_what_works() {
    let project = Project::empty();
    project.write(&file(1), "CREATE TABLE event_store.t1 ();");
    for n in [2, 3] {
        project.write(&file(n), &format!("-- revises: 1\nCREATE TABLE event_store.t{n} ();"));
        project.write(
            &format!("{FOLDER}/V{n}__c{n}.down.sql"),
            &format!("DROP TABLE event_store.t{n};"),
        );
    }
    project.ok(&["migrate", "1"]);
    let ways = commands(&hint_of(&run(&project, &["migrate".to_owned(), "+1".into()])));
    assert_eq!(ways, [["migrate", "2"], ["migrate", "3"]]);
    ways.iter().for_each(|way| assert_eq!(run(&project, way).code, 0, "{way:?}"));
    for n in [4, 5] {
        project
            .write(&file(n), &format!("-- revises: {}\nCREATE TABLE event_store.t{n} ();", n - 2));
    }
    let ways = commands(&hint_of(&run(&project, &["migrate".to_owned(), "+1".into()])));
    assert_eq!(ways.len(), 2, "{ways:?}");
    ways.iter().for_each(|way| assert_eq!(run(&project, way).code, 0, "{way:?}"));
    for n in [4, 5] {
        project.write(
            &format!("{FOLDER}/V{n}__c{n}.down.sql"),
            &format!("DROP TABLE event_store.t{n};"),
        );
    }
    let ways = commands(&hint_of(&run(&project, &["downgrade".to_owned(), "-1".into()])));
    assert_eq!(ways.len(), 2, "{ways:?}");
    ways.iter().for_each(|way| assert_eq!(run(&project, way).code, 0, "{way:?}"));
}

#[test]
fn an_empty_way_back_is_no_way_back() {
    let project = ran(&[1, 2]);
    let down = format!("{FOLDER}/V2__c2.down.sql");
    project.write(&down, "-- the way back from V2__c2\n\n");
    let ran = project.run(&["downgrade", "-1"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains(&format!("{down} has no statement")), "{}", ran.stderr);
    assert!(project.ok(&["history", "-v"]).contains("V2__c2.down.sql (empty)"));
    assert!(project.run(&["verify-down"]).stdout.contains("has no way back"));
    // The way of the hint.
    project.write(&down, "SELECT 1;");
    project.ok(&["downgrade", "-1"]);
}

#[test]
fn several_pending_revisions_are_one_line() {
    let project = ran(&[1]);
    for n in 2..=4 {
        project.write(&file(n), &format!("CREATE TABLE event_store.t{n} ();"));
    }
    let gate = project.run(&["check", "--only", "pending"]);
    assert_eq!(gate.code, 3);
    let said = format!("{}{}", gate.stdout, gate.stderr);
    assert!(
        said.contains("3 revisions of event_store are pending: V2__c2, V3__c3, V4__c4"),
        "{said}"
    );
    assert_eq!(said.matches("regrow migrate").count(), 1, "{said}");
}

#[test]
fn history_tells_what_a_revision_is_about_and_when() {
    let project = ran(&[1]);
    project.ok(&["revision", "-m", "who appended"]);
    let line = project.ok(&["history"]);
    let line = line.lines().next().unwrap();
    let (before, day) = line.rsplit_once(", ").unwrap();
    assert_eq!(before, "V1 -> V2__who_appended (head): who appended");
    assert_eq!((day.len(), day.matches('-').count()), (10, 2), "{day}");
    project.ok(&["migrate"]);
    let verbose = project.ok(&["history", "-v", "-i"]);
    let parts = [
        "V1 -> V2__who_appended (head, current)\n  about: who appended\n  created: 2",
        "\n  applied: 2",
        "\n  files: migrations/event_store/V2__who_appended.sql",
    ];
    for part in parts {
        assert!(verbose.contains(part), "{part:?} is not in\n{verbose}");
    }
    let told = project.json(&["history", "-i"]);
    assert_eq!(told["revisions"][0]["message"], "who appended");
    assert!(told["revisions"][0]["applied_on"].is_string(), "{told}");
}
