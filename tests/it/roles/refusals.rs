//! What each role is refused.

use super::{APPEND, Estate, MIGRATE, READ, REBUILD};

#[test]
fn readers_see_views_and_nothing_behind_them() {
    let estate = Estate::live();
    assert_eq!(estate.ask(READ, "SELECT count(*) > 0 FROM read_model.order_summary"), "(t)");
    estate.refuses(
        READ,
        &[
            "SELECT FROM order_summary__b1.order_summary",
            "SELECT FROM event_store.events",
            "SELECT event_store.append('x', -1, '[]')",
            "SELECT FROM regrow.build",
            "INSERT INTO read_model.order_summary (id) VALUES ('x')",
            "UPDATE read_model.order_summary SET status = 'paid'",
            "DELETE FROM read_model.order_summary",
            "DROP VIEW read_model.order_summary",
            "CREATE TABLE read_model.mine ()",
            "CREATE TABLE public.mine ()",
            "CREATE TEMPORARY TABLE mine ()",
            "CREATE SCHEMA mine",
            "SET ROLE app_rebuild",
        ],
    );
}

#[test]
fn who_appends_cannot_change_the_log_or_choose_positions() {
    let estate = Estate::live();
    estate.refuses(
        APPEND,
        &[
            "UPDATE event_store.events SET event_type = 'x'",
            "DELETE FROM event_store.events",
            "TRUNCATE event_store.events",
            "INSERT INTO event_store.events (position, stream_id, stream_version, event_type, payload) \
             OVERRIDING SYSTEM VALUE VALUES (9, 'x', 0, 'x', '{}')",
            "COPY event_store.events (position, stream_id) FROM STDIN",
            "SELECT nextval('event_store.events_position_seq')",
            "SELECT setval('event_store.events_position_seq', 1)",
            "SELECT payload FROM event_store.events",
            "SELECT FROM event_store.refinery_schema_history",
            "ALTER TABLE event_store.events DISABLE TRIGGER ALL",
            "DROP TABLE event_store.events",
            "CREATE TABLE event_store.mine ()",
            "CREATE TABLE public.mine ()",
            "SELECT FROM regrow.build",
            "SELECT FROM read_model.order_summary",
            "SET ROLE regrow_owner",
        ],
    );
    let ran = estate.run(APPEND, &["migrate"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("permission denied to set role"), "{}", ran.stderr);
    let ran = estate.run(APPEND, &["status"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
}

#[test]
fn who_rebuilds_cannot_write_or_change_the_log() {
    let estate = Estate::live();
    estate.refuses(
        REBUILD,
        &[
            "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
             VALUES ('x', 0, 'x', '{}')",
            "SELECT event_store.append('x', -1, '[{\"type\": \"X\"}]')",
            "UPDATE event_store.events SET event_type = 'x'",
            "DELETE FROM event_store.events",
            "TRUNCATE event_store.events",
            "SELECT nextval('event_store.events_position_seq')",
            "SELECT setval('event_store.events_position_seq', 1)",
            "DO $$ BEGIN LOCK TABLE event_store.events IN SHARE MODE; END $$",
            "ALTER TABLE event_store.events ADD COLUMN x int",
            "CREATE INDEX ON event_store.events (event_type)",
            "CREATE TRIGGER t BEFORE INSERT ON event_store.events FOR EACH ROW \
             EXECUTE FUNCTION regrow.build_moves()",
            "DROP TABLE event_store.events",
            "DROP FUNCTION event_store.append",
            "DROP SCHEMA event_store CASCADE",
            "ALTER SCHEMA event_store RENAME TO gone",
            "CREATE TABLE event_store.mine ()",
            "DELETE FROM event_store.refinery_schema_history",
            "CREATE TABLE public.mine ()",
            "SET ROLE regrow_owner",
            "CREATE ROLE mine",
        ],
    );
    for command in [&["downgrade", "-1", "--lose-events"][..], &["stamp", "base"], &["redo"]] {
        let ran = estate.run(REBUILD, command);
        assert_eq!(ran.code, 1, "{command:?} {}", ran.stderr);
        assert!(ran.stderr.contains("permission denied to set role"), "{}", ran.stderr);
    }
    let ran = estate.run(REBUILD, &["import", "orders.ndjson"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("GRANT INSERT (stream_id"), "{}", ran.stderr);
}

/// Handlers are code, and run with the rights of the role that rebuilds: no more than those.
#[test]
fn a_handler_cannot_write_to_the_log() {
    let estate = Estate::live();
    let path = "projections/order_summary/handlers.sql";
    let handlers = estate.project.read(path).replacen(
        "-- on OrderItemAdded",
        "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload)\n\
         VALUES ('evil-' || :order_id, 0, 'Evil', '{}');\n\n-- on OrderItemAdded",
        1,
    );
    estate.project.write(path, &handlers);
    let ran = estate.run(REBUILD, &["rebuild", "order_summary", "--promote"]);
    assert_ne!(ran.code, 0);
    assert!(
        ran.stderr.contains("writes to event_store.events, outside the build"),
        "{}",
        ran.stderr
    );
    let evil = "SELECT count(*) FROM event_store.events WHERE event_type = 'Evil'";
    assert_eq!(estate.ask(REBUILD, evil), "(0)");
    let orders = estate.ask(READ, "SELECT count(*) > 0 FROM read_model.order_summary");
    assert_eq!(orders, "(t)", "readers see what they saw");
}

#[test]
fn who_migrates_owns_the_event_store_and_nothing_else() {
    let estate = Estate::live();
    estate.refuses(
        MIGRATE,
        &[
            "SELECT FROM regrow.build",
            "SELECT FROM read_model.order_summary",
            "SELECT FROM order_summary__b1.order_summary",
            "DROP SCHEMA regrow CASCADE",
            "CREATE SCHEMA mine",
            "CREATE TABLE public.mine ()",
            "CREATE DATABASE mine",
            "CREATE ROLE mine",
            "ALTER ROLE app_rebuild SUPERUSER",
            "SET ROLE app_rebuild",
            "SELECT FROM pg_authid",
            "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT pg_read_file('postgresql.conf')",
        ],
    );
}
