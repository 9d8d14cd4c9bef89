//! What is typed, and when: usage mistakes, commands before their time, two at once.

use super::*;

#[test]
fn what_is_typed_wrong_is_a_usage_mistake() {
    let project = Project::orders();
    for (args, part) in [
        (&["frobnicate"][..], "unrecognized subcommand 'frobnicate'"),
        (&["status", "--frob"], "unexpected argument '--frob'"),
        (&["rebuild"], "<NAME>..."),
        (&["rebuild", "--all", "x"], "--all"),
        (&["promote"], "<NAME>"),
        (&["migrate", "--wait", "long"], "'long'"),
        (&["import"], "<FILE>"),
        (&["rebuild", "x", "--until", "5", "--promote"], "exclude each other"),
        (&["rebuild", "order_summary", "order_summary"], "named twice"),
    ] {
        refused(&project, args, 2, &[part]);
    }
    let project = migrated();
    for moment in ["abc", "2026-13-01", "1e9"] {
        let args = ["rebuild", "order_summary", "--until", moment];
        let said = format!("{moment:?} is neither a position nor a timestamp");
        refused(&project, &args, 2, &[&said, "2026-03-01T00:00:00Z"]);
    }
}

#[test]
fn a_database_that_was_never_migrated() {
    let project = Project::orders();
    project.write("e.ndjson", "");
    for args in SERVER {
        match args[0] {
            "migrate" => {}
            "check" => assert_eq!(project.run(args).code, 3),
            "current" => assert_eq!(project.run(args).code, 3),
            "import" => {
                refused(&project, &["import", "e.ndjson"], 1, &["never migrated", "regrow migrate"])
            }
            _ => refused(&project, args, 1, &["regrow migrate"]),
        }
    }
    let there =
        "SELECT nspname FROM pg_namespace WHERE nspname IN ('regrow', 'event_store', 'read_model')";
    assert_eq!(rows(&mut project.reads(), there), [""; 0], "looking makes nothing");
}

#[test]
fn many_migrate_at_once_and_one_does_the_work() {
    let project = Project::orders();
    let children: Vec<_> = (0..6).map(|_| project.spawn(&["migrate", "--json"])).collect();
    let ran: Vec<Ran> = children
        .into_iter()
        .map(|child| Ran::from(child.wait_with_output().unwrap(), &["migrate"]))
        .collect();
    let worked = ran.iter().filter(|r| r.stdout.contains(r#""ran":["V1__events"]"#)).count();
    assert!(
        ran.iter().all(|r| r.code == 0),
        "{:?}",
        ran.iter().map(|r| &r.stderr).collect::<Vec<_>>()
    );
    assert_eq!(worked, 1);
    // With nothing to do nobody needs the lock; with something, one that does not want to wait
    // is told who is at it.
    project.write("migrations/event_store/V2__more.sql", "CREATE TABLE more ();");
    let mut other = project.events();
    other.batch_execute("SET application_name = 'another deploy'").unwrap();
    let lock = "SELECT pg_advisory_lock(x'72656772'::int, hashtext('regrow migrate'))";
    other.batch_execute(lock).unwrap();
    let parts = ["another run holds the deploy lock", "another deploy", "--wait"];
    refused(&project, &["migrate", "--wait", "0"], 6, &parts);
}

#[test]
fn a_second_rebuild_of_an_unfinished_build_says_what_to_do() {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    // Somebody else is at it.
    let mut other = project.reads();
    other.batch_execute("SET application_name = 'regrow rebuild elsewhere'").unwrap();
    let lock = "SELECT pg_advisory_lock(x'72656772'::int, hashtext('rebuild order_summary'))";
    other.batch_execute(lock).unwrap();
    let parts = ["another run is rebuilding order_summary", "regrow rebuild elsewhere"];
    refused(&project, &["rebuild", "order_summary"], 6, &parts);
    drop(other);
    wait_until("the lock", || project.run(&["rebuild", "order_summary"]).code == 0);
    // Typed again it is the same build, also after it was stopped.
    for state in ["'ready', resume_state = NULL", "'paused', resume_state = 'ready'"] {
        let set = format!("UPDATE regrow.build SET state = {state}");
        project.reads().batch_execute(&set).unwrap();
        let ran = project.run(&["rebuild", "order_summary"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.starts_with("order_summary__b1 is ready"), "{}", ran.stdout);
        assert!(ran.stderr.contains("has the same definition: it is continued"), "{}", ran.stderr);
    }
    // One that ends elsewhere is another matter.
    let parts = [
        "order_summary__b1 has the same definition and is ready",
        "regrow promote order_summary",
        "regrow prune order_summary --unfinished",
    ];
    refused(&project, &["rebuild", "order_summary", "--until", "10"], 1, &parts);
    assert_eq!(
        project.ok(&["prune", "order_summary", "--unfinished"]),
        "dropped order_summary__b1\n"
    );
    project.ok(&["rebuild", "order_summary"]);
    assert_eq!(project.ok(&["prune", "order_summary"]), "nothing to drop\n");
    assert_eq!(
        project.ok(&["prune", "order_summary", "--unfinished"]),
        "dropped order_summary__b2\n"
    );
}

#[test]
fn a_refusal_has_a_code_that_stays() {
    let project = Project::orders();
    for (args, code) in [
        (&["frobnicate"][..], "usage"),
        (&["rebuild"], "usage"),
        (&["rebuild", "nosuch"], "projection-unknown"),
        (&["status"], "ledger-missing"),
        (&["census"], "log-missing"),
        (&["import", "nosuch.ndjson"], "file-unreadable"),
        (&["export", "no/such/file"], "file-unwritable"),
        (&["-C", "nowhere", "status"], "file-unreadable"),
        (&["migrate", "9"], "target-invalid"),
        (&["status", "--database-url", "nonsense"], "address-unreadable"),
        (&["status", "--database-url", "postgresql://me@127.0.0.1:1/shop"], "no-connection"),
    ] {
        assert_eq!(code_of(&project, args), code, "{args:?}");
    }
    project.ok(&["migrate"]);
    project.write("bad.ndjson", "{\n");
    project.write("migrations/event_store/V2__broken.sql", "SELEC 1;\n");
    for (args, code) in [
        (&["import", "bad.ndjson"][..], "line-invalid"),
        (&["promote", "order_summary"], "nothing-ready"),
        (&["rollback", "order_summary"], "nothing-retired"),
        (&["rebuild", "order_summary", "--until", "soon"], "moment-unreadable"),
        (&["migrate"], "revision-failed"),
        (&["downgrade", "-1"], "loses-events"),
    ] {
        if args[0] == "downgrade" {
            project.events().batch_execute(ORDERS).unwrap();
        }
        assert_eq!(code_of(&project, args), code, "{args:?}");
    }
}
