//! What belongs to a view is there again after the view was made anew, or the promote is refused before
//! anything is replayed.

use super::{APPEND, Estate, READ, REBUILD};
use crate::bench::{rows, server_major};

const VIEW: &str = "'read_model.order_summary'::regclass";
const WIDE: &str = "ALTER TABLE order_summary ALTER COLUMN item_count TYPE bigint;\n";

/// Everything that belongs to the view, but for the query itself.
fn belongings(estate: &Estate) -> Vec<String> {
    let mut admin = estate.project.events();
    let parts = [
        // The default rights of an owner are what the owner has without a word.
        format!(
            "SELECT g.grantor::regrole, g.grantee::regrole, g.privilege_type, g.is_grantable FROM pg_class, \
             aclexplode(COALESCE(relacl, acldefault('r', relowner))) g WHERE oid = {VIEW} ORDER BY 1, 2, 3"
        ),
        format!(
            "SELECT attname, g.grantor::regrole, g.grantee::regrole, g.privilege_type, g.is_grantable \
             FROM pg_attribute, aclexplode(attacl) g WHERE attrelid = {VIEW} ORDER BY 1, 2, 3, 4"
        ),
        format!("SELECT relowner::regrole, reloptions FROM pg_class WHERE oid = {VIEW}"),
        format!(
            "SELECT pg_get_triggerdef(oid), obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = {VIEW}"
        ),
        format!(
            "SELECT pg_get_ruledef(oid), obj_description(oid, 'pg_rewrite') FROM pg_rewrite \
             WHERE ev_class = {VIEW} AND rulename <> '_RETURN'"
        ),
        format!("SELECT obj_description({VIEW}, 'pg_class')"),
        format!(
            "SELECT attname, col_description(attrelid, attnum), pg_get_expr(adbin, adrelid) FROM pg_attribute \
             LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = {VIEW} AND attnum > 0 \
             AND (adbin IS NOT NULL OR col_description(attrelid, attnum) IS NOT NULL) ORDER BY 1"
        ),
    ];
    parts.iter().flat_map(|part| rows(&mut admin, part)).collect()
}

/// Whatever can belong to a view does.
fn adorn(estate: &Estate) {
    estate.admin(
        "ALTER DEFAULT PRIVILEGES FOR ROLE app_rebuild IN SCHEMA read_model GRANT SELECT, INSERT ON TABLES TO app_read, PUBLIC;
         REVOKE ALL ON read_model.order_summary FROM app_read, PUBLIC;
         SET ROLE app_rebuild;
         REVOKE TRUNCATE ON read_model.order_summary FROM app_rebuild;
         GRANT SELECT ON read_model.order_summary TO app_migrate WITH GRANT OPTION;
         GRANT SELECT (id, status, item_count) ON read_model.order_summary TO app_append;
         GRANT UPDATE (status) ON read_model.order_summary TO app_append WITH GRANT OPTION;
         RESET ROLE;
         GRANT USAGE ON SCHEMA read_model TO app_migrate, app_append;
         GRANT USAGE ON SCHEMA public TO app_rebuild;
         COMMENT ON VIEW read_model.order_summary IS 'it''s; what $1 readers see -- always';
         COMMENT ON COLUMN read_model.order_summary.item_count IS 'how many';
         CREATE FUNCTION public.noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER \"a; b\" INSTEAD OF INSERT OR UPDATE ON read_model.order_summary FOR EACH ROW EXECUTE FUNCTION public.noop('x', '%');
         COMMENT ON TRIGGER \"a; b\" ON read_model.order_summary IS 'none';
         CREATE RULE quiet AS ON DELETE TO read_model.order_summary WHERE OLD.status = 'paid' DO INSTEAD NOTHING;
         COMMENT ON RULE quiet ON read_model.order_summary IS 'kept';
         ALTER VIEW read_model.order_summary ALTER COLUMN item_count SET DEFAULT 7;
         ALTER VIEW read_model.order_summary SET (security_barrier = true)",
    );
}

#[test]
fn a_view_made_anew_has_all_that_belonged_to_it() {
    let estate = Estate::live();
    adorn(&estate);
    // A right that was handed on, which only who handed it on can give again.
    estate.admin(
        "GRANT app_migrate TO app_rebuild; SET ROLE app_migrate; GRANT SELECT ON read_model.order_summary TO app_append",
    );
    let before = belongings(&estate);
    // An owner may maintain since PostgreSQL 17.
    let rights = if server_major() >= 17 { 18 } else { 17 };
    assert_eq!(before.len(), rights, "{before:#?}");
    let mut admin = estate.project.events();
    let oid = format!("SELECT {VIEW}::oid");
    let was = rows(&mut admin, &oid);
    estate.project.write("projections/order_summary/schema/V2__wide.sql", WIDE);
    estate.ok(REBUILD, &["rebuild", "order_summary", "--promote"]);
    assert_ne!(rows(&mut admin, &oid), was, "it was made anew");
    assert_eq!(belongings(&estate), before);
    estate.ok(REBUILD, &["rollback", "order_summary"]);
    assert_eq!(belongings(&estate), before, "the way back");
    estate.refuses(READ, &["SELECT FROM read_model.order_summary"]);
    estate.refuses(APPEND, &["UPDATE read_model.order_summary SET customer_name = ''"]);
}

/// What belongs to a column, or to a view, that a build does not have waits for one that has it.
#[test]
fn a_way_back_brings_back_what_belonged_to_what_was_gone() {
    let estate = Estate::live();
    adorn(&estate);
    let before = belongings(&estate);
    let folder = "projections/order_summary";
    let handlers = "-- on OrderCreated\nINSERT INTO order_summary (id, customer_id, customer_name, status, total_amount, created_at) \
                    VALUES (:order_id, :customer_id, :customer_name, 'new', 0, :event.recorded_at);\n";
    estate.project.write(&format!("{folder}/handlers.sql"), handlers);
    std::fs::remove_file(estate.project.folder.path().join(format!("{folder}/checks.sql")))
        .unwrap();
    let file = format!("{folder}/schema/V2__less.sql");
    estate.project.write(&file, "ALTER TABLE order_summary DROP COLUMN item_count;\n");
    estate.ok(REBUILD, &["rebuild", "order_summary", "--promote"]);
    let gone = |line: &&String| !line.contains("item_count");
    assert_eq!(belongings(&estate), before.iter().filter(gone).cloned().collect::<Vec<_>>());
    estate.ok(REBUILD, &["rollback", "order_summary"]);
    assert_eq!(belongings(&estate), before, "the column is back");
    // The whole view.
    estate.project.write(&file, "ALTER TABLE order_summary RENAME TO orders;\nALTER TABLE orders ALTER COLUMN item_count SET DEFAULT 0;\n");
    let handlers = handlers.replace("INTO order_summary", "INTO orders");
    estate.project.write(&format!("{folder}/handlers.sql"), &handlers);
    estate.ok(REBUILD, &["rebuild", "order_summary", "--promote"]);
    assert_eq!(estate.ask(REBUILD, "SELECT to_regclass('read_model.order_summary')"), "()");
    estate.ok(REBUILD, &["rollback", "order_summary"]);
    assert_eq!(belongings(&estate), before, "the view is back");
}

#[test]
fn a_right_that_nobody_of_ours_can_give_again_is_told_before_a_replay() {
    let estate = Estate::live();
    adorn(&estate);
    estate.admin("SET ROLE app_migrate; GRANT SELECT ON read_model.order_summary TO app_append");
    let before = belongings(&estate);
    let file = "projections/order_summary/schema/V2__wide.sql";
    estate.project.write(file, WIDE);
    let builds = || estate.ask(REBUILD, "SELECT count(*) FROM regrow.build");
    let there = builds();
    let says = |args: &[&str], code: i32| {
        let ran = estate.run(REBUILD, args);
        let said = estate.names.there(&format!("{}{}", ran.stdout, ran.stderr));
        assert_eq!(ran.code, code, "{args:?}: {said}");
        let named =
            "app_migrate gave SELECT to app_append, and app_rebuild may not act as app_migrate";
        assert!(said.contains(named), "{args:?}: {said}");
        said
    };
    assert!(
        says(&["rebuild", "order_summary", "--promote"], 1)
            .contains("its column item_count has the type bigint")
    );
    says(&["rebuild", "order_summary", "--preflight", "--promote"], 1);
    says(&["rebuild", "order_summary", "--preflight"], 0);
    says(&["check", "order_summary"], 1);
    assert_eq!(builds(), there, "nothing was replayed");
    // Nor can a trigger be made whose function may not be called.
    estate.admin("REVOKE USAGE ON SCHEMA public FROM app_rebuild");
    let said = says(&["rebuild", "order_summary", "--promote"], 1);
    assert!(
        said.contains("app_rebuild may not call its function (GRANT USAGE ON SCHEMA public"),
        "{said}"
    );
    estate.admin("GRANT USAGE ON SCHEMA public TO app_rebuild");
    says(&["rebuild", "order_summary"], 0);
    says(&["promote", "order_summary"], 1);
    assert_eq!(belongings(&estate), before);
    estate.admin("GRANT app_migrate TO app_rebuild");
    estate.ok(REBUILD, &["promote", "order_summary"]);
    assert_eq!(belongings(&estate), before);
}

#[test]
fn what_depends_on_a_view_is_told_before_a_replay() {
    let estate = Estate::live();
    estate.admin(
        "CREATE VIEW public.report AS SELECT sum(item_count) FROM read_model.order_summary;
         CREATE FUNCTION public.reads(o read_model.order_summary) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE RULE needs AS ON DELETE TO read_model.customer_activity DO INSTEAD NOTHING",
    );
    estate.project.write("projections/order_summary/schema/V2__wide.sql", WIDE);
    let builds = || estate.ask(REBUILD, "SELECT count(*) FROM regrow.build");
    let there = builds();
    for (args, code) in [
        (&["check"][..], 1),
        (&["rebuild", "order_summary", "--preflight"], 0),
        (&["rebuild", "order_summary", "--preflight", "--promote"], 1),
        (&["rebuild", "order_summary", "--promote"], 1),
    ] {
        let ran = estate.run(REBUILD, args);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, code, "{args:?}: {said}");
        for named in
            ["view public.report", "function public.reads(", "has the type bigint and had integer"]
        {
            assert!(said.contains(named), "{args:?}: {named}: {said}");
        }
        assert_eq!(builds(), there, "{args:?}");
    }
    let ran = estate.run(REBUILD, &["rebuild", "order_summary"]);
    assert!(ran.stderr.contains("warning: a promote would be refused: "), "{}", ran.stderr);
    let ran = estate.run(REBUILD, &["promote", "order_summary", "--json"]);
    assert!(ran.stderr.contains("\"dependents-in-the-way\""), "{}", ran.stderr);
    // A killed rebuild that is resumed for a promote looks as well.
    estate.admin("UPDATE regrow.build SET state = 'paused', resume_state = 'catching_up' WHERE state = 'ready'");
    let ran = estate.run(REBUILD, &["resume", "order_summary", "--promote"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let first = ran.stderr.lines().filter_map(|line| line.strip_prefix("    "));
    let first: Vec<String> = first.map(str::to_owned).collect();
    assert_eq!(first.len(), 2, "{}", ran.stderr);
    estate.admin(&first.join("\n"));
    estate.ok(REBUILD, &["resume", "order_summary", "--promote"]);
}

/// What each build makes for itself is another type each time, and said as that.
#[test]
fn a_type_of_the_build_is_told_as_what_it_is() {
    let estate = Estate::live();
    estate.project.write(
        "projections/order_summary/schema/V2__kind.sql",
        "CREATE TYPE kind AS ENUM ('web');\nALTER TABLE order_summary ADD COLUMN kind kind;\n\
         CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM order_summary;\n",
    );
    let ran = estate.run(REBUILD, &["rebuild", "order_summary", "--promote"]);
    let told = "order_summary__b2: readers are shown tables, and not the materialized view sums, and nothing refreshes it";
    assert!(ran.code == 0 && ran.stderr.contains(told), "{}", ran.stderr);
    // An enum is the same for all builds.
    estate.admin("CREATE VIEW public.kinds AS SELECT kind FROM read_model.order_summary");
    let ran = estate.run(REBUILD, &["rebuild", "order_summary", "--preflight"]);
    assert!(!ran.stdout.contains("kinds"), "{}", ran.stdout);
    // The row of a table is not.
    estate.project.write(
        "projections/order_summary/schema/V3__label.sql",
        "CREATE TABLE label (word text PRIMARY KEY);\nALTER TABLE order_summary ADD COLUMN label label;\n",
    );
    let ran = estate.run(REBUILD, &["rebuild", "order_summary", "--promote"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    estate.admin("CREATE VIEW public.report AS SELECT label FROM read_model.order_summary");
    let told = "must be made anew (its column label has a type that each build makes for itself), and view public.";
    for args in [&["--promote"][..], &["--preflight"]] {
        let ran = estate.run(REBUILD, &[&["rebuild", "order_summary"], args].concat());
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(told), "{}", ran.stderr);
    }
}

#[test]
fn a_table_that_is_handed_on_is_told() {
    let estate = Estate::live();
    estate.admin("CREATE PUBLICATION abroad FOR TABLE order_summary__b1.order_summary");
    estate.project.write("projections/order_summary/schema/V2__wide.sql", WIDE);
    for args in [&["check"][..], &["rebuild", "order_summary", "--preflight"]] {
        let said = estate.run(REBUILD, args).stdout;
        let told = "the publication abroad hands on order_summary__b1.order_summary";
        assert!(said.contains(told), "{args:?}: {said}");
    }
    let ran = estate.run(REBUILD, &["rebuild", "order_summary", "--promote"]);
    let told = "warning: the publication abroad hands on order_summary__b1.order_summary, which readers do not see \
                any more, and goes on doing so until that build is dropped; to carry it over, make the table \
                \"order_summary__b2\".\"order_summary\" at each subscriber first, then here: ALTER PUBLICATION abroad ADD TABLE \
                \"order_summary__b2\".\"order_summary\";";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
}
