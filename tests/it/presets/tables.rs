//! Stores of which there is no dump: their tables as their libraries define them, with a few rows.

use super::found;
use crate::bench::{Project, rows};

/// Adopts a table and rebuilds a projection of `Placed` and `Paid` over it.
fn agrees(sql: &str, rows_sql: &str, (preset, log): (&str, &str), value: &str, expect: &[&str]) {
    let project = Project::empty();
    let mut client = project.events();
    client.batch_execute(sql).unwrap();
    client.batch_execute(rows_sql).unwrap();
    assert_eq!(found(&project), [(log.to_owned(), preset.to_owned())]);
    let adopt = ["adopt", "--preset", preset, "--gaps", "100ms"];
    let mut ran = project.run(&adopt);
    if ran.stderr.contains("cannot be adopted yet") {
        client.batch_execute(&ran.stdout).unwrap();
        ran = project.run(&adopt);
    }
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let table = "CREATE TABLE seen (id bigint PRIMARY KEY, value text);";
    project.write("projections/seen/schema/V1__seen.sql", table);
    let handler = format!(
        "-- on Placed\nINSERT INTO seen (id, value) VALUES (:event.position, {value});\n\n\
         -- on Paid\nINSERT INTO seen (id, value) VALUES (:event.position, 'paid ' || {value});\n"
    );
    project.write("projections/seen/handlers.sql", &handler);
    let built = project.run(&["rebuild", "seen", "--promote"]);
    assert_eq!(built.code, 0, "{}\n{}{}", ran.stdout, built.stdout, built.stderr);
    let seen = rows(&mut project.reads(), "SELECT id, value FROM read_model.seen ORDER BY id");
    assert_eq!(seen, expect, "{}", ran.stdout);
    // The library's INSERT goes on, and its events are followed.
    let again = rows_sql.replace("first", "again").replace("00000001", "00000002");
    client.batch_execute(&again).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    let seen = rows(&mut project.reads(), "SELECT id, value FROM read_model.seen ORDER BY id");
    assert_eq!(seen.len(), expect.len() * 2, "{seen:?}");
}

/// Axon Framework 4 with JPA, as Hibernate makes it; its sequence aside.
pub(crate) const AXON4_JPA: &str = "CREATE TABLE public.domain_event_entry (global_index bigint PRIMARY KEY, event_identifier varchar(255) NOT NULL UNIQUE,
            meta_data oid, payload oid NOT NULL, payload_revision varchar(255), payload_type varchar(255) NOT NULL,
            time_stamp varchar(255) NOT NULL, aggregate_identifier varchar(255) NOT NULL, sequence_number bigint NOT NULL,
            type varchar(255), UNIQUE (aggregate_identifier, sequence_number))";

/// Disintegrate, with one domain id.
pub(crate) const DISINTEGRATE: &str = "CREATE SEQUENCE public.seq_event_event_id;
         CREATE TABLE public.event (event_id bigint PRIMARY KEY DEFAULT nextval('seq_event_event_id'), event_type varchar(255),
            payload bytea, inserted_at timestamp DEFAULT now(), cart_id text)";

/// esrs, of an aggregate `order`.
pub(crate) const ESRS: &str = "CREATE TABLE public.order_events (id uuid PRIMARY KEY, aggregate_id uuid NOT NULL, payload jsonb NOT NULL,
            occurred_on timestamptz NOT NULL DEFAULT current_timestamp, sequence_number int NOT NULL DEFAULT 1, version integer);
         CREATE UNIQUE INDEX ON public.order_events (aggregate_id, sequence_number)";

/// Eventuous.
pub(crate) const EVENTUOUS: &str = "CREATE SCHEMA eventuous;
         CREATE TABLE eventuous.streams (stream_name varchar(1000) NOT NULL UNIQUE,
            stream_id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, version integer NOT NULL DEFAULT -1);
         CREATE TABLE eventuous.messages (message_id uuid NOT NULL, message_type varchar NOT NULL, stream_id integer NOT NULL
            REFERENCES eventuous.streams, stream_position integer NOT NULL, global_position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
            json_data jsonb NOT NULL, json_metadata jsonb, created timestamp NOT NULL)";

/// An outbox of Debezium's event router.
pub(crate) const DEBEZIUM_OUTBOX: &str = "CREATE TABLE public.outboxevent (id uuid PRIMARY KEY, aggregatetype varchar(255) NOT NULL, aggregateid varchar(255) NOT NULL,
            type varchar(255) NOT NULL, payload jsonb)";

const STREAM: &str = ":event.stream_id || ' ' || :event.stream_version || ' ' || :n";

#[test]
fn axon4_jpa_with_large_objects() {
    agrees(
        &format!("CREATE SEQUENCE public.domain_event_entry_seq INCREMENT BY 50; {AXON4_JPA}"),
        "INSERT INTO public.domain_event_entry SELECT nextval('domain_event_entry_seq'), gen_random_uuid(), lo_from_bytea(0, '{}'),
            lo_from_bytea(0, convert_to(format('{\"n\": %s}', n), 'UTF8')), CASE n WHEN 1 THEN NULL ELSE '1.0' END,
            'com.example.Order$' || CASE n WHEN 1 THEN 'Placed' ELSE 'Paid' END, '2026-01-02T03:04:05.678Z', 'first', n, 'Order'
         FROM generate_series(1, 2) AS n",
        ("axon4-jpa", "public.domain_event_entry"),
        STREAM,
        &["(1,\"first 1 1\")", "(51,\"paid first 2 2\")"],
    );
}

#[test]
fn disintegrate() {
    agrees(
        DISINTEGRATE,
        "INSERT INTO public.event (event_type, payload, cart_id) VALUES
            ('Placed', '{\"Placed\": {\"n\": 1}}', 'first'), ('Paid', '{\"Paid\": {\"n\": 2}}', 'first')",
        ("disintegrate", "public.event"),
        ":event.metadata.cart_id || ' ' || :n",
        &["(1,\"first 1\")", "(2,\"paid first 2\")"],
    );
}

/// Its first versions took positions from a table of their own, before the INSERT.
#[test]
fn disintegrate_of_old() {
    let project = Project::empty();
    let sql = "CREATE TABLE public.event (event_id bigint PRIMARY KEY, event_type varchar(255), payload bytea,
                  inserted_at timestamp DEFAULT now());
               INSERT INTO public.event VALUES (1, 'Placed', '{\"Placed\": {\"n\": 1}}')";
    project.events().batch_execute(sql).unwrap();
    let ran = project.run(&["adopt", "--preset", "disintegrate"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("event_sequence"), "{}", ran.stderr);
    assert!(ran.stdout.contains("order = \"before-insert\""), "{}", ran.stdout);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert!(ran.code == 1 && !ran.stderr.contains("Positions are taken in"), "{}", ran.stderr);
}

#[test]
fn esrs() {
    agrees(
        ESRS,
        "INSERT INTO public.order_events (id, aggregate_id, payload, sequence_number) VALUES
            (gen_random_uuid(), '00000001-0000-0000-0000-000000000000', '{\"Placed\": {\"n\": 1}}', 1),
            (gen_random_uuid(), '00000001-0000-0000-0000-000000000000', '{\"type\": \"Paid\", \"n\": 2}', 2)",
        ("esrs", "public.order_events"),
        "left(:event.stream_id, 8) || ' ' || :event.stream_version || ' ' || :n",
        &["(1,\"00000001 1 1\")", "(2,\"paid 00000001 2 2\")"],
    );
}

#[test]
fn eventuous() {
    agrees(
        EVENTUOUS,
        "WITH made AS (INSERT INTO eventuous.streams (stream_name) VALUES ('first') RETURNING stream_id)
         INSERT INTO eventuous.messages (message_id, message_type, stream_id, stream_position, json_data, created)
         SELECT gen_random_uuid(), kind, stream_id, n, jsonb_build_object('n', n), '2026-01-02'
           FROM made, (VALUES ('V1.Placed', 0), ('Paid', 1)) AS e (kind, n)",
        ("eventuous", "eventuous.messages"),
        STREAM,
        &["(1,\"first 0 0\")", "(2,\"paid first 1 1\")"],
    );
}

#[test]
fn debezium_outbox() {
    agrees(
        DEBEZIUM_OUTBOX,
        "INSERT INTO public.outboxevent (id, aggregatetype, aggregateid, type, payload) VALUES
            ('00000001-0000-0000-0000-00000000000a', 'Order', 'first', 'Placed', '{\"n\": 1}'),
            ('00000001-0000-0000-0000-00000000000b', 'Order', 'first', 'Paid', '{\"n\": 2}')",
        ("debezium-outbox", "public.outboxevent"),
        ":event.stream_id || ' ' || :n",
        &["(1,\"Order-first 1\")", "(2,\"paid Order-first 2\")"],
    );
}
