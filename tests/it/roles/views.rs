//! Views: readers keep their rights through every switch, and nobody helps.

use super::{Estate, READ, REBUILD};
use crate::bench::rows;

const SEEN: &str = "SELECT count(*), count(DISTINCT customer_id) FROM read_model.order_summary";

#[test]
fn readers_keep_their_rights_through_every_switch() {
    let estate = Estate::live();
    let before = estate.ask(READ, SEEN);
    assert_eq!(before, "(60,50)");
    let switches = |args: &[&str]| {
        estate.ok(REBUILD, args);
        assert_eq!(estate.ask(READ, SEEN), before, "{args:?}");
    };
    switches(&["rebuild", "order_summary", "--promote"]);
    switches(&["rollback", "order_summary"]);
    // A column of another type: the view has to be made anew. And a view that was not there.
    let schema = "projections/order_summary/schema";
    estate.project.write(
        &format!("{schema}/V2__wide.sql"),
        "ALTER TABLE order_summary ALTER COLUMN item_count TYPE bigint;\n\
         CREATE TABLE order_note (id text PRIMARY KEY);",
    );
    let oid = || estate.ask(REBUILD, "SELECT 'read_model.order_summary'::regclass::oid");
    let was = oid();
    switches(&["rebuild", "order_summary", "--promote"]);
    assert_ne!(oid(), was, "the view was made anew");
    assert_eq!(estate.ask(READ, "SELECT count(*) FROM read_model.order_note"), "(0)");
    switches(&["rollback", "order_summary"]);
    switches(&["rollback", "order_summary"]);
}

#[test]
fn a_view_that_runs_with_its_readers_rights_goes_on_doing_so() {
    let estate = Estate::live();
    let mut admin = estate.project.events();
    let version: i32 = admin
        .query_one("SELECT current_setting('server_version_num')::int / 10000", &[])
        .unwrap()
        .get(0);
    if version < 15 {
        return;
    }
    estate.admin("ALTER VIEW read_model.order_summary SET (security_invoker = true)");
    let options =
        "SELECT reloptions FROM pg_class WHERE oid = 'read_model.order_summary'::regclass";
    let mut keeps = |what: &str| {
        assert_eq!(rows(&mut admin, options), ["({security_invoker=true})"], "{what}");
        estate.refuses(READ, &["SELECT FROM read_model.order_summary"]);
    };
    keeps("before");
    estate.ok(REBUILD, &["rebuild", "order_summary", "--promote"]);
    keeps("replaced");
    estate.project.write(
        "projections/order_summary/schema/V2__wide.sql",
        "ALTER TABLE order_summary ALTER COLUMN item_count TYPE bigint;",
    );
    estate.ok(REBUILD, &["rebuild", "order_summary", "--promote"]);
    keeps("made anew");
}
