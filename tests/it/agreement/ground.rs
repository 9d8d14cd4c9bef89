//! Where cases are run: one database and one project folder for many of them, cleaned in between.

use std::io::Read as _;
use std::sync::Arc;

use postgres::Client;
use regrow::context::Context;
use regrow::pg::Server;
use regrow::progress::{Interrupt, Unobserved};

use super::case::Case;
use super::events::Event;
use super::quick::{Sessions, Tables};
use crate::bench::{Database, Project, rows};
use crate::hazards::Dice;

/// After so many cases the catalog has enough dead rows to slow the next ones.
const MOST_CASES: usize = 500;

/// Settings that a session of regrow pins, as a database may have them instead.
const SETTINGS: [(&str, &str); 10] = [
    ("transform_null_equals", "on"),
    ("array_nulls", "off"),
    ("quote_all_identifiers", "on"),
    ("timezone_abbreviations", "India"),
    ("TimeZone", "Asia/Kathmandu"),
    ("DateStyle", "German, DMY"),
    ("IntervalStyle", "iso_8601"),
    ("xmloption", "document"),
    ("exit_on_error", "on"),
    ("default_transaction_isolation", "serializable"),
];

/// A log whose payloads are kept as they are written.
const RAW_LOG: &str = "CREATE TABLE public.raw_log (position bigint PRIMARY KEY, stream_id text, \
    stream_version int, event_type text, schema_version int, payload json, metadata jsonb, \
    recorded_at timestamptz)";

pub(super) struct Ground {
    pub(super) project: Project,
    pub(super) client: Client,
    pub(super) sessions: Sessions,
    /// The tables of the last case, if they are there to be used again.
    pub(super) tables: Option<Tables>,
    seed: u64,
    cases: usize,
    /// Whether payloads are handed out as they are stored.
    stored: bool,
}

impl Ground {
    /// The seed draws what the database has set; so it is the test's own, and no test depends on which
    /// others ran before it.
    pub(super) fn new(seed: u64) -> Ground {
        let database = Database::on_a_careless_server();
        let project = Project::on(database);
        project.ok(&["init", "."]);
        project.ok(&["migrate"]);
        // What a role or a database may have set is nothing to either engine.
        let mut dice = Dice(seed);
        let mut admin = project.events();
        for (setting, value) in SETTINGS.iter().filter(|_| dice.percent(70)) {
            let name = project.database.name();
            let set = format!("ALTER DATABASE {name} SET {setting} = '{value}'");
            admin.batch_execute(&set).unwrap();
        }
        let mut client = project.events();
        client.batch_execute(RAW_LOG).unwrap();
        Ground {
            project,
            client,
            sessions: Sessions::default(),
            tables: None,
            seed,
            cases: 0,
            stored: false,
        }
    }

    /// Makes room for a case.
    pub(super) fn begin(&mut self, case: &Case) {
        self.cases += 1;
        if self.cases > MOST_CASES {
            *self = Ground::new(self.seed + 1);
        }
        if case.stored != self.stored {
            let cast =
                if case.stored { regrow::log::CREATE_CAST } else { "DROP CAST (jsonb AS bytea)" };
            self.client.batch_execute(cast).unwrap();
            self.stored = case.stored;
        }
        self.empty_the_log();
    }

    /// Takes all events away.
    pub(super) fn empty_the_log(&mut self) {
        // A build of a log that is still empty would stand at the last position of the case before.
        self.client
            .batch_execute(
                "DELETE FROM event_store.events; DELETE FROM public.raw_log; \
                 SELECT setval(pg_get_serial_sequence('event_store.events', 'position'), 1, false)",
            )
            .unwrap();
    }

    /// Drops every build and what the ledger knows of it.
    pub(super) fn forget_builds(&mut self) {
        self.tables = None;
        if rows(&mut self.client, "SELECT to_regclass('regrow.build') IS NOT NULL") != ["(t)"] {
            return;
        }
        let schemas =
            "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname ~ '^[sn]__b[0-9]+$'";
        let found: Vec<String> =
            self.client.query(schemas, &[]).unwrap().iter().map(|row| row.get(0)).collect();
        let mut script = String::new();
        if !found.is_empty() {
            script.push_str(&format!("DROP SCHEMA {} CASCADE;", found.join(", ")));
        }
        script.push_str(
            "DELETE FROM regrow.publication; DELETE FROM regrow.finish_step; DELETE FROM regrow.parked_events; \
             DELETE FROM regrow.worker_build; DELETE FROM regrow.read_range; DELETE FROM regrow.anchor; \
             DELETE FROM regrow.build_object; \
             DELETE FROM regrow.checkpoint; DELETE FROM regrow.build; DELETE FROM regrow.definition; \
             DELETE FROM regrow.audit;",
        );
        self.client.batch_execute(&format!("SET client_min_messages = warning; {script}")).unwrap();
    }

    /// The project as it lies in the folder.
    pub(super) fn context(&self) -> Context {
        let project = regrow::project::Project::open(self.project.folder.path()).unwrap();
        let server = Server::parse(&self.project.database.url()).unwrap();
        Context {
            project,
            event_store: server.clone(),
            standbys: Vec::new(),
            read_models: server,
            scratch: Some(crate::bench::scratch_servers()),
            observer: Arc::new(Unobserved),
            interrupt: Interrupt::new(),
            said: regrow::context::Said::default(),
        }
    }

    /// Appends events at their positions.
    pub(super) fn append(&mut self, case: &Case, events: &[Event]) {
        let Some(last) = events.last() else { return };
        let (table, payload) = match case.raw {
            true => ("public.raw_log", "json"),
            false => ("event_store.events", "jsonb"),
        };
        let texts = |of: fn(&Event) -> &String| events.iter().map(of).collect::<Vec<_>>();
        let numbers = |of: fn(&Event) -> i32| events.iter().map(of).collect::<Vec<_>>();
        let positions: Vec<i64> = events.iter().map(|e| e.position).collect();
        let mut transaction = self.client.transaction().unwrap();
        transaction
            .execute(
                &format!(
                    "INSERT INTO {table} (position, stream_id, stream_version, event_type, schema_version, payload, \
                     metadata, recorded_at) OVERRIDING SYSTEM VALUE \
                     SELECT p, s, v, t, n, d::{payload}, m::jsonb, r::timestamptz FROM unnest($1::bigint[], $2::text[], \
                     $3::int[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[]) AS e(p, s, v, t, n, d, m, r)"
                ),
                &[
                    &positions,
                    &texts(|e| &e.stream_id),
                    &numbers(|e| e.stream_version),
                    &texts(|e| &e.event_type),
                    &numbers(|e| e.schema_version),
                    &texts(|e| &e.payload),
                    &texts(|e| &e.metadata),
                    &texts(|e| &e.recorded_at),
                ],
            )
            .unwrap_or_else(|e| panic!("{e:?}"));
        if !case.raw {
            transaction
                .execute(
                    "SELECT setval(pg_get_serial_sequence('event_store.events', 'position'), $1)",
                    &[&last.position],
                )
                .unwrap();
        }
        transaction.commit().unwrap();
    }

    /// What COPY prints of a table, its rows in the order of its key.
    pub(super) fn copy(&mut self, schema: &str, table: &str, order: &str) -> Vec<u8> {
        let sql = format!("COPY (SELECT * FROM {schema}.{table} ORDER BY {order}) TO STDOUT");
        let mut bytes = Vec::new();
        self.client.copy_out(&sql).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }
}
