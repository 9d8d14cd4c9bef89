//! Logs that a subscription fills: events arrive in the order of their commits.

use super::{COLUMNS, noted, put, seen, there};
use crate::bad_input::code_of;
use crate::bench::{Database, Project, wait_until};

/// A subscription of one database to another's publication, taken down at the end.
struct Subscription<'p> {
    project: &'p Project,
    publisher: Database,
}

impl<'p> Subscription<'p> {
    /// Publishes `table` of a log that is made by the same SQL, and subscribes to it.
    fn new(project: &'p Project, sql: &str, table: &str, publishes_root: bool) -> Subscription<'p> {
        let publisher = Database::on_a_logical_server();
        let slot = publisher.name();
        let mut client = publisher.connect();
        client.batch_execute(sql).unwrap();
        let publish = format!(
            "CREATE PUBLICATION p FOR TABLE {table} WITH (publish_via_partition_root = {publishes_root})"
        );
        client.batch_execute(&publish).unwrap();
        let make = format!("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        client.batch_execute(&make).unwrap();
        let subscribe = format!(
            "CREATE SUBSCRIPTION s CONNECTION '{}' PUBLICATION p WITH (create_slot = false, slot_name = '{slot}')",
            publisher.url()
        );
        project.events().batch_execute(&subscribe).unwrap();
        Subscription { project, publisher }
    }
}

impl Drop for Subscription<'_> {
    fn drop(&mut self) {
        let mut client = self.project.events();
        for sql in [
            "ALTER SUBSCRIPTION s DISABLE",
            "ALTER SUBSCRIPTION s SET (slot_name = NONE)",
            "DROP SUBSCRIPTION s",
        ] {
            let _ = client.batch_execute(sql);
        }
        let slot = self.publisher.name();
        let mut client = self.publisher.connect();
        wait_until("the slot to be free", || {
            client.batch_execute(&format!("SELECT pg_drop_replication_slot('{slot}')")).is_ok()
        });
    }
}

#[test]
fn a_log_that_a_subscription_fills_is_refused_while_it_does() {
    let plain = format!("CREATE TABLE public.ev (seq bigserial PRIMARY KEY, {COLUMNS});");
    let parts = format!(
        "CREATE TABLE public.ev (seq bigserial, {COLUMNS}) PARTITION BY LIST (stream);
         CREATE TABLE public.leaf PARTITION OF public.ev FOR VALUES IN ('s');"
    );
    let view = "CREATE VIEW public.v AS SELECT * FROM public.ev;";
    for (sql, published, root, name, more) in [
        (format!("{plain}{view}"), "public.ev", false, "public.ev", ""),
        (format!("{plain}{view}"), "public.ev", false, "public.v", ""),
        (parts.clone(), "public.leaf", false, "public.ev", ""),
        (parts, "public.ev", true, "public.leaf", "sequence = \"none\""),
    ] {
        let project = noted(Database::on_a_logical_server(), &sql, (name, more), "");
        let subscription = Subscription::new(&project, &sql, published, root);
        let mut client = subscription.publisher.connect();
        put(&mut client, "public.ev", None);
        put(&mut client, "public.ev", None);
        wait_until("the events to arrive", || there(&project, name).len() == 2);
        for args in [&["rebuild", "seen", "--promote"][..], &["census"]] {
            let ran = project.run(args);
            assert_eq!(ran.code, 1, "{sql} {args:?}\n{}{}", ran.stdout, ran.stderr);
            let said =
                "is filled by the subscription s: events arrive in the order of their commits";
            assert!(ran.stderr.contains(said), "{}", ran.stderr);
        }
        assert_eq!(code_of(&project, &["census"]), "log-subscribed");
        assert_eq!(code_of(&project, &["rebuild", "seen"]), "preflight-refused");
        // After a cut-over it is a log as any other, once its sequence stands where its events do.
        let mut own = project.events();
        own.batch_execute("ALTER SUBSCRIPTION s DISABLE").unwrap();
        if more.is_empty() {
            assert_eq!(code_of(&project, &["census"]), "positions-above-sequence");
            own.batch_execute("SELECT setval('public.ev_seq_seq', 2)").unwrap();
        }
        project.ok(&["rebuild", "seen", "--promote"]);
        assert_eq!(seen(&project), ["(1)", "(2)"]);
        // A follower asks at each mark, not only when it begins.
        own.batch_execute("ALTER SUBSCRIPTION s ENABLE").unwrap();
        assert_eq!(code_of(&project, &["run", "--until-caught-up"]), "log-subscribed");
    }
}

/// Rights on the catalog may have been taken away: what cannot be known is said.
#[test]
fn a_role_that_may_not_see_whether_it_is_enabled_is_told_so() {
    let sql = format!("CREATE TABLE public.ev (seq bigserial PRIMARY KEY, {COLUMNS});");
    let project = noted(Database::on_a_logical_server(), &sql, ("public.ev", ""), "");
    let _subscription = Subscription::new(&project, &sql, "public.ev", false);
    let mut client = project.events();
    let name = format!("blind_{}", std::process::id());
    let grants = format!(
        "CREATE ROLE {name} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO {name};
         GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {name};
         REVOKE SELECT (subenabled) ON pg_catalog.pg_subscription FROM PUBLIC"
    );
    client.batch_execute(&grants).unwrap();
    let run = |args: &[&str]| {
        let url = project.database.url().replace("user=regrow", &format!("user={name}"));
        let output = project.command(args).env("DATABASE_URL", url).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let said = run(&["census"]);
    assert!(said.contains("which may be enabled (this role may not see it)"), "{said}");
    client.batch_execute("REVOKE SELECT ON pg_catalog.pg_subscription_rel FROM PUBLIC").unwrap();
    let said = run(&["rebuild", "seen", "--preflight"]);
    assert!(
        said.contains("[hidden-subscriptions]") && said.contains("GRANT SELECT ON pg_catalog"),
        "{said}"
    );
    let back = format!(
        "GRANT SELECT ON pg_catalog.pg_subscription_rel TO PUBLIC;
         GRANT SELECT (subenabled) ON pg_catalog.pg_subscription TO PUBLIC;
         DROP OWNED BY {name}; DROP ROLE {name}"
    );
    client.batch_execute(&back).unwrap();
}
