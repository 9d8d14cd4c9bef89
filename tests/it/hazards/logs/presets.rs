//! Late positions in the tables of each store, read by its preset as `regrow adopt` writes it.
//!
//! Where the INSERT gives the position, or a lock of the writers orders appends, nothing is asked for and nothing is
//! lost. Where it is taken before, following is refused until a proof is named; with it nothing is lost, and without it
//! what is lost is told.

use std::thread;

use postgres::Client;

use super::super::table::{Scenario, times};
use super::super::{Running, wait_for_a_barrier_wait};
use super::writers::{behind_an_index, is_mended, live, passes};
use super::{QUICK, Verdicts};
use crate::bad_input::code_of;
use crate::bench::{Project, rows, wait_until};
use crate::presets::{dump, load, tables};
use crate::watched::seen;

/// How a store's library writes an event of type `Noted`.
struct Store {
    preset: &'static str,
    /// Its folder in `tests/data/stores`; without one, `sql` makes its tables.
    dump: Option<&'static str>,
    /// Run before it is adopted.
    sql: &'static [&'static str],
    /// Takes a position, where the INSERT does not.
    take: &'static str,
    /// One append; `{n}` is the position that was taken, and `{k}` a number that no other append has.
    append: &'static str,
    /// The positions of such events.
    log: &'static str,
}

/// Where the INSERT gives the position, or a lock orders appends. The first few run in each test run.
const IN_INSERT: [Store; 15] = [
    Store {
        preset: "emmett",
        dump: Some("emmett"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.emt_messages (stream_position, transaction_id, stream_id, message_schema_version, message_id, \
                 message_type, message_data, message_metadata) \
                 VALUES (1, pg_current_xact_id(), 's-{k}', '1', '{k}', 'Noted', '{}', '{}')",
        log: "SELECT global_position FROM public.emt_messages WHERE message_type = 'Noted'",
    },
    Store {
        preset: "commanded",
        dump: Some("commanded"),
        sql: &[],
        take: "",
        append: "WITH all_events AS (UPDATE eventstore.streams SET stream_version = stream_version + 1 WHERE stream_id = 0 \
                 RETURNING stream_version), made AS (INSERT INTO eventstore.events (event_id, event_type, data, metadata) \
                 VALUES (gen_random_uuid(), 'Elixir.Shop.Noted', '{}', '{}') RETURNING event_id) \
                 INSERT INTO eventstore.stream_events (event_id, stream_id, stream_version, original_stream_id, original_stream_version) \
                 SELECT event_id, 0, stream_version, 1, 1000 + {k} FROM made, all_events",
        log: "SELECT se.stream_version FROM eventstore.stream_events se JOIN eventstore.events e USING (event_id) \
              WHERE se.stream_id = 0 AND e.event_type = 'Elixir.Shop.Noted'",
    },
    Store {
        preset: "message-db",
        dump: Some("message_db"),
        sql: &[],
        take: "",
        append: "INSERT INTO message_store.messages (position, stream_name, type, data) VALUES (0, 's-{k}', 'Noted', '{}')",
        log: "SELECT global_position FROM message_store.messages WHERE type = 'Noted'",
    },
    Store {
        preset: "eventsourcing",
        dump: Some("eventsourcing_json"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.shop_events (originator_id, originator_version, topic, state) VALUES (gen_random_uuid(), 1, 'shop:Noted', '{}')",
        log: "SELECT notification_id FROM public.shop_events WHERE topic = 'shop:Noted'",
    },
    Store {
        preset: "eventsourcing-dcb",
        dump: Some("eventsourcing_dcb"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.app_events_tt_main (type, data, tags) VALUES ('app:Noted', '{}', '{}')",
        log: "SELECT id FROM public.app_events_tt_main WHERE type = 'app:Noted'",
    },
    Store {
        preset: "rails-event-store",
        dump: Some("rails_event_store"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.event_store_events (event_id, event_type, metadata, data, created_at) \
                 VALUES (gen_random_uuid(), 'Shop::Noted', '{}', '{}', now())",
        log: "SELECT id FROM public.event_store_events WHERE event_type = 'Shop::Noted'",
    },
    Store {
        preset: "cqrs-es",
        dump: Some("cqrs_es"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata) \
                 VALUES ('account', 's-{k}', 1, 'Noted', '1.0', '{}', '{}')",
        log: "SELECT position FROM public.events WHERE event_type = 'Noted'",
    },
    Store {
        preset: "axon4-jdbc",
        dump: Some("axon4_jdbc"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.domainevententry (aggregateidentifier, sequencenumber, eventidentifier, payload, payloadtype, timestamp) \
                 VALUES ('s-{k}', 0, gen_random_uuid(), '{}', 'com.example.Noted', '2026-01-02T03:04:05.678Z')",
        log: "SELECT globalindex FROM public.domainevententry WHERE payloadtype = 'com.example.Noted'",
    },
    Store {
        preset: "sequent",
        dump: Some("sequent"),
        sql: &["INSERT INTO sequent_schema.event_types (id, type) VALUES (1000, 'Shop::Noted')"],
        take: "",
        append: "INSERT INTO sequent_schema.events (aggregate_id, sequence_number, created_at, command_id, event_type_id, event_json) \
                 VALUES (gen_random_uuid(), 1, now(), 1, 1000, '{}')",
        log: "SELECT position FROM sequent_schema.events WHERE event_type_id = 1000",
    },
    Store {
        preset: "sqlstreamstore",
        dump: Some("sqlstreamstore"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.messages (stream_id_internal, stream_version, message_id, created_utc, type, json_data) \
                 VALUES (1, 1000 + {k}, gen_random_uuid(), now(), 'Noted', '{}')",
        log: "SELECT position + 1 FROM public.messages WHERE type = 'Noted'",
    },
    Store {
        preset: "pekko-jdbc",
        dump: Some("pekko_jdbc"),
        sql: &[],
        take: "",
        append: "INSERT INTO public.event_journal (persistence_id, sequence_number, writer, write_timestamp, event_ser_id, event_ser_manifest, event_payload) \
                 VALUES ('s-{k}', 1, 'w', 0, 33, 'com.example.Noted', '{}')",
        log: "SELECT ordering FROM public.event_journal WHERE event_ser_manifest = 'com.example.Noted'",
    },
    Store {
        preset: "disintegrate",
        dump: None,
        sql: &[tables::DISINTEGRATE],
        take: "",
        append: "INSERT INTO public.event (event_type, payload, cart_id) VALUES ('Noted', '{}', 's-{k}')",
        log: "SELECT event_id FROM public.event",
    },
    Store {
        preset: "esrs",
        dump: None,
        sql: &[tables::ESRS],
        take: "",
        append: "INSERT INTO public.order_events (id, aggregate_id, payload) VALUES (gen_random_uuid(), gen_random_uuid(), '{\"Noted\": {}}')",
        log: "SELECT position FROM public.order_events",
    },
    Store {
        preset: "eventuous",
        dump: None,
        sql: &[tables::EVENTUOUS],
        take: "",
        append: "WITH made AS (INSERT INTO eventuous.streams (stream_name) VALUES ('s-{k}') RETURNING stream_id) \
                 INSERT INTO eventuous.messages (message_id, message_type, stream_id, stream_position, json_data, created) \
                 SELECT gen_random_uuid(), 'Noted', stream_id, 0, '{}', now() FROM made",
        log: "SELECT global_position FROM eventuous.messages",
    },
    Store {
        preset: "debezium-outbox",
        dump: None,
        sql: &[tables::DEBEZIUM_OUTBOX],
        take: "",
        append: "INSERT INTO public.outboxevent (id, aggregatetype, aggregateid, type, payload) VALUES (gen_random_uuid(), 'Order', 's-{k}', 'Noted', '{}')",
        log: "SELECT position FROM public.outboxevent",
    },
];

/// Where it is taken before. The tables are emptied: a time that nobody may be younger than is not waited for.
const BEFORE: [Store; 5] = [
    Store {
        preset: "marten",
        dump: Some("marten"),
        sql: &["TRUNCATE public.mt_events; ALTER SEQUENCE public.mt_events_sequence RESTART;"],
        take: "SELECT nextval('public.mt_events_sequence')",
        append: MARTEN,
        log: "SELECT seq_id FROM public.mt_events",
    },
    Store {
        preset: "axon5-jpa",
        dump: Some("axon5_jpa"),
        sql: &[
            "TRUNCATE public.aggregate_event_entry; ALTER SEQUENCE public.\"aggregate-event-global-index-sequence\" RESTART;",
        ],
        take: "SELECT nextval('public.\"aggregate-event-global-index-sequence\"')",
        append: "INSERT INTO public.aggregate_event_entry (global_index, aggregate_identifier, aggregate_sequence_number, type, version, \
                 timestamp, payload, identifier) VALUES ({n}, 's-{n}', 0, 'shop.Noted', '1.0.0', '2026-01-02T03:04:05.678Z', \
                 lo_from_bytea(0, '{}'), gen_random_uuid())",
        log: "SELECT global_index FROM public.aggregate_event_entry",
    },
    Store {
        preset: "axon4-jpa",
        dump: None,
        sql: &["CREATE SEQUENCE public.domain_event_entry_seq;", tables::AXON4_JPA],
        take: "SELECT nextval('public.domain_event_entry_seq')",
        append: AXON4_JPA,
        log: "SELECT global_index FROM public.domain_event_entry",
    },
    // The tables of its first versions: numbers come from a table of their own.
    Store {
        preset: "disintegrate",
        dump: None,
        sql: &[
            "CREATE TABLE public.event (event_id bigint PRIMARY KEY, event_type varchar(255), payload bytea, \
                inserted_at timestamp DEFAULT now()); \
                CREATE TABLE public.event_sequence (event_id bigserial PRIMARY KEY, event_type varchar(255));",
        ],
        take: "INSERT INTO public.event_sequence (event_type) VALUES ('Noted') RETURNING event_id",
        append: "INSERT INTO public.event (event_id, event_type, payload) VALUES ({n}, 'Noted', '{}')",
        log: "SELECT event_id FROM public.event",
    },
    // Hibernate's pooled optimiser: each process uses up fifty numbers of its own.
    Store {
        preset: "axon4-jpa",
        dump: None,
        sql: &["CREATE SEQUENCE public.domain_event_entry_seq INCREMENT BY 50;", tables::AXON4_JPA],
        take: "SELECT nextval('public.domain_event_entry_seq')",
        append: AXON4_JPA,
        log: "SELECT global_index FROM public.domain_event_entry",
    },
];

const MARTEN: &str = "WITH made AS (INSERT INTO public.mt_streams (id) VALUES (gen_random_uuid()) RETURNING id) \
    INSERT INTO public.mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type) \
    SELECT {n}, gen_random_uuid(), id, 1, '{}', 'Noted', 'Shop.Noted, Shop' FROM made";

const AXON4_JPA: &str = "INSERT INTO public.domain_event_entry (global_index, event_identifier, payload, payload_type, time_stamp, \
    aggregate_identifier, sequence_number) VALUES ({n}, gen_random_uuid(), lo_from_bytea(0, '{}'), 'com.example.Noted', \
    '2026-01-02T03:04:05.678Z', 's-{n}', 0)";

/// Appends of one test, each with a number that no other has.
struct Writer<'s> {
    store: &'s Store,
    count: u32,
}

impl Writer<'_> {
    fn take(&self, client: &mut Client) -> i64 {
        client.query_one(self.store.take, &[]).unwrap().get(0)
    }

    /// The statement of an append.
    fn append(&mut self, number: i64) -> String {
        self.count += 1;
        let text = self.store.append.replace("{n}", &number.to_string());
        text.replace("{k}", &self.count.to_string())
    }
}

fn run(client: &mut Client, sql: &str) {
    client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
}

impl Store {
    /// A project that has adopted the store, and notes each of its events by its position.
    fn adopted(&self, more: &[&str]) -> Project {
        let project = Project::empty();
        if let Some(folder) = self.dump {
            load(project.events(), &dump(folder));
        }
        run(&mut project.events(), &self.sql.concat());
        if !self.take.is_empty() {
            // A log that is empty does not show what it is.
            let mut client = project.events();
            let mut writer = Writer { store: self, count: 0 };
            let number = writer.take(&mut client);
            run(&mut client, &writer.append(number));
        }
        let adopt = [&["adopt", "--preset", self.preset], more].concat();
        let mut ran = project.run(&adopt);
        if ran.stderr.contains("cannot be adopted yet") {
            run(&mut project.events(), &ran.stdout);
            ran = project.run(&adopt);
        }
        assert_eq!(ran.code, 0, "{}: {}", self.preset, ran.stderr);
        let table = "CREATE TABLE seen (id bigint PRIMARY KEY);";
        project.write("projections/seen/schema/V1__seen.sql", table);
        let handler = "-- on Noted\nINSERT INTO seen (id) VALUES (:event.position);\n";
        project.write("projections/seen/handlers.sql", handler);
        project.write("config.toml", &format!("{QUICK}{}", project.read("config.toml")));
        project
    }

    /// Whether readers see every event of the log.
    fn is_shown(&self, project: &Project) -> bool {
        let log = format!("SELECT n FROM ({}) AS log (n) ORDER BY n", self.log);
        seen(project) == rows(&mut project.events(), &log)
    }

    /// Waits until a follower is past what is committed.
    fn passes(&self, project: &Project, build: &str) {
        passes(
            project,
            build,
            &format!("SELECT COALESCE(max(n), 0) FROM ({}) AS log (n)", self.log),
        );
    }

    /// What is told of it in the note of a scenario.
    fn name(&self) -> String {
        match self.sql.iter().any(|sql| sql.contains("INCREMENT BY 50")) {
            true => format!("{} by the fifty", self.preset),
            false => self.preset.to_owned(),
        }
    }
}

/// A follower has looked at the first missing position several times, and waits for it.
fn waits_for_a_gap(client: &mut Client) {
    let sql = "SELECT query_start::text FROM pg_stat_activity WHERE application_name = 'regrow run' \
               AND datname = current_database() AND query LIKE '-- The position before the first one%'";
    let mut looks = std::collections::BTreeSet::new();
    wait_until("looks for the gap", || {
        looks.extend(rows(client, sql));
        looks.len() > 2
    });
}

/// One writer has its position and is held open, while another commits a later one, or waits for the first.
fn held_open(writer: &mut Writer<'_>, project: &Project) {
    let (mut late, mut early) = (project.events(), project.events());
    run(&mut late, &format!("BEGIN; {}", writer.append(0)));
    let sql = writer.append(0);
    if writer.store.preset == "commanded" {
        let early = thread::spawn(move || run(&mut early, &sql));
        let mut client = project.events();
        let waits = "SELECT FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity \
                     WHERE datname = current_database())";
        wait_until("the other writer to wait", || !client.query(waits, &[]).unwrap().is_empty());
        run(&mut late, "COMMIT");
        early.join().unwrap();
    } else {
        run(&mut early, &sql);
        wait_for_a_barrier_wait(&mut early, "regrow run");
        run(&mut late, "COMMIT");
    }
}

#[test]
fn f26_late_positions_by_each_preset() {
    let mut scenario = Scenario::new("F26 late positions, each store read by its preset");
    let mut verdicts = Verdicts::default();
    for store in IN_INSERT.iter().take(times(2, IN_INSERT.len())) {
        let project = store.adopted(&[]);
        project.ok(&["rebuild", "seen", "--promote"]);
        let build = live(&project);
        let follower = Running::start(&project, &["run"]);
        let mut writer = Writer { store, count: 0 };
        for _ in 0..times(1, 50) {
            held_open(&mut writer, &project);
            store.passes(&project, &build);
            let word = verdicts
                .judge_by(&mut scenario, &project, &build, |project| store.is_shown(project));
            if word != "right" {
                scenario.unhandled(format!("{}: {word}", store.preset));
            }
        }
        assert_eq!(follower.stop().code, 0, "{}", store.preset);
    }
    verdicts.end(scenario, &["right"]);
}

/// A takes a position, B takes the next one and commits, a follower looks, A commits.
fn overtaken(writer: &mut Writer<'_>, project: &Project, mut between: impl FnMut(&mut Client)) {
    let mut client = project.events();
    let (late, early) = (writer.take(&mut client), writer.take(&mut client));
    run(&mut client, &writer.append(early));
    between(&mut client);
    run(&mut client, &writer.append(late));
}

/// Following is refused until a proof is named. With the longest time of a writer nothing is lost that keeps to it.
#[test]
fn f27_positions_taken_ahead_with_the_proof_that_is_asked_for() {
    let mut scenario = Scenario::new("F27 positions taken ahead, with the time that is asked for");
    let (mut verdicts, mut refused, mut notes) = (Verdicts::default(), 0, Vec::new());
    for store in BEFORE.iter().take(times(1, BEFORE.len())) {
        // Of fifty numbers that a process keeps most never come: they are waited for each time.
        let (gaps, is_kept) = match store.name().ends_with("fifty") {
            true => ("3s", false),
            false => ("1h", true),
        };
        let project = store.adopted(&[]);
        project.ok(&["rebuild", "seen"]);
        assert_eq!(code_of(&project, &["run", "--until-caught-up"]), "order-unproven");
        assert_eq!(code_of(&project, &["promote", "seen"]), "order-unproven");
        refused += 1;
        // A promote waits for as long as a gap may be young; nobody writes yet.
        let config = project.read("config.toml");
        project.write("config.toml", &format!("{config}gaps = \"100ms\"\n"));
        project.ok(&["promote", "seen"]);
        project.write("config.toml", &format!("{config}gaps = \"{gaps}\"\n"));
        let follower = Running::start(&project, &["run"]);
        let mut writer = Writer { store, count: 100 };
        for _ in 0..times(1, 50) {
            let build = live(&project);
            overtaken(&mut writer, &project, waits_for_a_gap);
            store.passes(&project, &build);
            let word = verdicts
                .judge_by(&mut scenario, &project, &build, |project| store.is_shown(project));
            match word.as_str() {
                "right" => {}
                // It took longer than it says of itself.
                "late-events" if !is_kept => {
                    is_mended(&mut scenario, &project, |project| store.is_shown(project));
                }
                word => scenario.unhandled(format!("{}: {word}", store.name())),
            }
        }
        assert_eq!(follower.stop().code, 0, "{}", store.preset);
        notes.push(store.name());
    }
    println!("{refused} were refused without it: {}", notes.join(", "));
    verdicts.end(scenario, &["right", "late-events"]);
}

/// If config.toml claims an order that writers do not keep, what is lost is told.
#[test]
fn f28_positions_taken_ahead_without_a_proof() {
    let mut scenario = Scenario::new("F28 the same with an order that writers do not keep");
    let mut verdicts = Verdicts::default();
    for store in BEFORE.iter().take(times(1, BEFORE.len())) {
        let project = store.adopted(&[]);
        let config = project.read("config.toml");
        let claims = config.replace("order = \"before-insert\"", "order = \"in-insert\"");
        assert_ne!(config, claims);
        project.write("config.toml", &claims);
        project.ok(&["rebuild", "seen", "--promote"]);
        let follower = Running::start(&project, &["run"]);
        let mut writer = Writer { store, count: 100 };
        for _ in 0..times(1, 50) {
            let build = live(&project);
            overtaken(&mut writer, &project, |_| store.passes(&project, &build));
            let word = verdicts
                .judge_by(&mut scenario, &project, &build, |project| store.is_shown(project));
            match word.as_str() {
                "late-events" => {
                    is_mended(&mut scenario, &project, |project| store.is_shown(project));
                }
                word => scenario.unhandled(format!("{}: {word}", store.name())),
            }
        }
        assert_eq!(follower.stop().code, 0, "{}", store.preset);
    }
    verdicts.end(scenario, &["late-events"]);
}

/// Marten's quick append: the number is taken in a function, whose INSERT waits for a lock that somebody else waits for.
#[test]
fn f29_martens_quick_append_behind_an_index() {
    let mut scenario = Scenario::new("F29 Marten's quick append behind CREATE INDEX");
    let mut verdicts = Verdicts::default();
    let store = &BEFORE[0];
    let project = store.adopted(&[]);
    let config = project.read("config.toml");
    let quick = config.replace("order = \"before-insert\"", "order = \"in-insert\"");
    assert_ne!(config, quick);
    project.write("config.toml", &quick);
    let insert = store.append.replace("{n}", "n");
    let function = format!(
        "CREATE FUNCTION public.append() RETURNS void LANGUAGE plpgsql AS $$ \
         DECLARE n bigint := nextval('public.mt_events_sequence'); BEGIN {insert}; END $$"
    );
    run(&mut project.events(), &function);
    project.ok(&["rebuild", "seen", "--promote"]);
    let build = live(&project);
    let follower = Running::start(&project, &["run"]);
    for _ in 0..times(1, 50) {
        behind_an_index(&project, "public.mt_events");
        store.passes(&project, &build);
        let word =
            verdicts.judge_by(&mut scenario, &project, &build, |project| store.is_shown(project));
        if word != "right" {
            scenario.unhandled(word);
        }
    }
    assert_eq!(follower.stop().code, 0);
    verdicts.end(scenario, &["right"]);
}
