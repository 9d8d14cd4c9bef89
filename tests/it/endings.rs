//! Projections end, get other names, lose their folders; and a deploy step is typed again.

use crate::bench::{Project, rows};

const EVENTS: &str = "
    INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload)
    SELECT 'o' || n, 0, 'OrderCreated', 1,
           jsonb_build_object('order_id', 'o' || n, 'customer_id', 'c', 'customer_name', 'N')
      FROM generate_series(1, 300) AS n";

/// Both projections live, the first with a retired build, a candidate and a view that another one needs not.
fn shop() -> Project {
    let project = Project::orders();
    project.write("config.toml", "[rebuild]\nbatch_events = 50\ncheckpoint_interval_s = 0\n");
    project.ok(&["migrate"]);
    project.events().batch_execute(EVENTS).unwrap();
    project.ok(&["rebuild", "--all", "--promote"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project
}

fn remove(project: &Project, path: &str) {
    std::fs::remove_dir_all(project.folder.path().join(path)).unwrap();
}

/// What is left of a projection anywhere.
fn left_of(project: &Project, name: &str) -> Vec<String> {
    let mut client = project.reads();
    let parts = [
        format!("SELECT nspname FROM pg_namespace WHERE nspname LIKE '{name}%'"),
        format!("SELECT relname FROM pg_class WHERE relnamespace = 'read_model'::regnamespace AND relname = '{name}'"),
        format!("SELECT schema_name FROM regrow.build WHERE projection = '{name}'"),
        format!("SELECT view_name FROM regrow.publication WHERE projection = '{name}'"),
        format!("SELECT projection FROM regrow.definition WHERE projection = '{name}'"),
        "SELECT build_id FROM regrow.checkpoint WHERE build_id NOT IN (SELECT id FROM regrow.build)".into(),
    ];
    parts.iter().flat_map(|part| rows(&mut client, part)).collect()
}

#[test]
fn a_projection_ends_with_all_that_is_its_own() {
    let project = shop();
    project.ok(&["rebuild", "order_summary", "--until", "10"]);
    let mut client = project.reads();
    client
        .batch_execute(
            "CREATE VIEW public.report AS SELECT count(*) FROM read_model.order_summary; \
             CREATE VIEW public.behind AS SELECT count(*) FROM order_summary__b1.order_summary; \
             GRANT SELECT ON read_model.order_summary TO PUBLIC",
        )
        .unwrap();
    let before = left_of(&project, "order_summary");
    for args in [&["retire", "order_summary"][..], &["retire", "order_summary", "--dry-run"]] {
        let ran = project.run(args);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        for named in ["view public.report", "view public.behind", "DROP VIEW public.report;"] {
            assert!(ran.stderr.contains(named), "{named}: {}", ran.stderr);
        }
        assert_eq!(left_of(&project, "order_summary"), before, "{args:?}");
    }
    client.batch_execute("DROP VIEW public.report, public.behind").unwrap();
    let said = project.ok(&["retire", "order_summary", "--dry-run"]);
    let builds = "order_summary__b1, order_summary__b2, order_summary__b3";
    assert_eq!(
        said,
        format!(
            "order_summary would end: views read_model.order_summary; builds {builds}\n\
             with the views would go: SELECT on read_model.order_summary for PUBLIC\n"
        )
    );
    assert_eq!(left_of(&project, "order_summary"), before);
    let ran = project.run(&["retire", "order_summary"]);
    assert_eq!(
        (ran.stdout, ran.stderr),
        (
            format!(
                "order_summary has ended: views read_model.order_summary; builds {builds}\n\
                 with the views went: SELECT on read_model.order_summary for PUBLIC\n"
            ),
            "next: delete projections/order_summary, or it can be built again\n".to_owned()
        )
    );
    assert_eq!(left_of(&project, "order_summary"), [""; 0]);
    assert_eq!(rows(&mut client, "SELECT count(*) > 0 FROM read_model.customer_activity"), ["(t)"]);
    let ran = project.run(&["retire", "order_summary"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("error: order_summary was never built\n"), "{}", ran.stderr);
    // It may begin anew.
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(rows(&mut client, "SELECT count(*) FROM read_model.order_summary"), ["(300)"]);
}

#[test]
fn a_projection_without_a_folder_is_told_and_can_end() {
    let project = shop();
    remove(&project, "projections/order_summary");
    let said = "order_summary has builds, and no folder in projections: bring it back, or tell its new name: \
                regrow rename order_summary NEW, or end it: regrow retire order_summary";
    assert!(project.ok(&["status"]).contains(said));
    assert!(project.ok(&["check"]).contains(&format!("warning: {said}")));
    let ran = project.run(&["retire", "order_summary"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(!project.ok(&["status"]).contains("order_summary"));
    assert_eq!(left_of(&project, "order_summary"), [""; 0]);
}

#[test]
fn a_projection_keeps_its_builds_under_another_name() {
    let project = shop();
    let ran = project.run(&["rename", "order_summary", "orders"]);
    assert_eq!(
        ran.stderr,
        "error: the folder projections/order_summary is not renamed to projections/orders\n  \
         rename it first: git mv projections/order_summary projections/orders\n"
    );
    let (from, to) = ("projections/order_summary", "projections/orders");
    std::fs::rename(project.folder.path().join(from), project.folder.path().join(to)).unwrap();
    let ran = project.run(&["rename", "order_summary", "customer_activity"]);
    assert!(ran.stderr.contains("customer_activity has builds of its own"), "{}", ran.stderr);
    assert_eq!(
        project.ok(&["rename", "order_summary", "orders"]),
        "order_summary is orders now, with order_summary__b1, order_summary__b2\n"
    );
    // Nothing changed since: no rebuild is asked for, followers and the way back work.
    project.ok(&["check"]);
    assert!(!project.ok(&["status"]).contains("files have changed"));
    project.events().batch_execute(&EVENTS.replace("'o' ||", "'p' ||")).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    let mut client = project.reads();
    assert_eq!(rows(&mut client, "SELECT count(*) FROM read_model.order_summary"), ["(600)"]);
    project.ok(&["rollback", "orders"]);
    let built = project.json(&["rebuild", "orders", "--promote"]);
    assert_eq!(built["builds"][0]["build"], "orders__b3");
    assert_eq!(rows(&mut client, "SELECT count(*) FROM read_model.order_summary"), ["(600)"]);
    project.ok(&["prune", "orders", "--keep", "0"]);
    assert_eq!(left_of(&project, "order_summary__"), [""; 0]);
}

/// A rebuild that was interrupted is typed again, as a deploy that is repeated does.
#[cfg(feature = "failpoints")]
#[test]
fn a_rebuild_that_is_typed_again_continues_what_it_finds() {
    let project = shop();
    for at in ["native::write::after", "finish::record::before", "promote::switch::before"] {
        let mut command = project.command(&["rebuild", "order_summary", "--promote"]);
        command.env("FAILPOINTS", format!("{at}=1*return(kill)"));
        assert_eq!(command.output().unwrap().status.code(), None, "{at}");
        let mut client = project.reads();
        let newest = "SELECT schema_name::text, position FROM regrow.build b JOIN regrow.checkpoint c ON c.build_id = b.id \
                      WHERE projection = 'order_summary' ORDER BY number DESC LIMIT 1";
        let (build, position): (String, i64) = {
            let row = client.query_one(newest, &[]).unwrap();
            (row.get(0), row.get(1))
        };
        assert!(position > 0, "{at}");
        let ran = project.run(&["rebuild", "order_summary", "--promote", "--json"]);
        assert_eq!(ran.code, 0, "{at}: {}", ran.stderr);
        let built: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(built["builds"][0]["build"], *build, "{at}");
        assert_eq!(built["builds"][0]["events"], 300 - position, "{at}");
        assert_eq!(built["builds"][0]["state"], "live", "{at}");
        assert!(
            ran.stderr.contains(" and has the same definition: it is continued"),
            "{}",
            ran.stderr
        );
        assert_eq!(rows(&mut client, "SELECT count(*) FROM read_model.order_summary"), ["(300)"]);
    }
}

/// One that has not read the log as it is would be refused at its promote: it is built anew.
#[test]
fn a_build_that_has_missed_events_is_not_continued() {
    let project = shop();
    let mut client = project.events();
    let hole = "SELECT nextval(pg_get_serial_sequence('event_store.events', 'position'))";
    let hole: i64 = client.query_one(hole, &[]).unwrap().get(0);
    let one_more = EVENTS.replace("(1, 300)", "(1, 1)");
    client.batch_execute(&one_more.replace("'o' ||", "'after' ||")).unwrap();
    project.ok(&["rebuild", "order_summary"]);
    let late =
        one_more.replace("'o' ||", "'late' ||").replace("(stream_id", "(position, stream_id");
    let late = late.replace("payload)", "payload) OVERRIDING SYSTEM VALUE");
    client.batch_execute(&late.replace("SELECT ", &format!("SELECT {hole}, "))).unwrap();
    let ran = project.run(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let dropped = "order_summary__b3 was ready and has been dropped";
    assert!(ran.stderr.contains(dropped), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("order_summary__b4 is live"), "{}", ran.stdout);
    let seen = "SELECT count(*) FROM read_model.order_summary";
    assert_eq!(rows(&mut client, seen), ["(302)"]);
}
