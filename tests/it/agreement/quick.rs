//! A build without what surrounds it: tables, program and pass of the log, over sessions that stay open.
//!
//! A rebuild of a small case spends most of its time in the catalog, on histories and checks that have
//! tests of their own. Here both engines use the same tables one after another, emptied in between, so
//! a case costs little more than its events and there can be many of them.

use regrow::config::{Config, Rebuild};
use regrow::definition::{Definition, EngineChoice, OnError};
use regrow::event::Position;
use regrow::failure::Failure;
use regrow::ledger::{self, Beginning, BuildId};
use regrow::pg::{Session, Sql as _};
use regrow::progress::{Interrupt, Unobserved};
use regrow::replay::build_session::{BuildSession, Ended};
use regrow::replay::feed::Source;
use regrow::replay::pass::Pass;
use regrow::source::SourceFile;

use super::case::{Case, SIDES};
use super::ground::Ground;
use super::handlers;
use super::verdict::{Verdict, told};

/// Sessions that outlive a case.
#[derive(Default)]
pub(super) struct Sessions {
    /// Of the log, of the log with payloads as they are stored, and of the log as a table with `json`
    /// payloads.
    logs: [Option<Source>; 3],
    writer: Option<Session>,
    /// What the native engine did last.
    pub(super) last: ran::Last,
}

/// A build in the ledger and its tables.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    id: BuildId,
    /// What made them.
    schema: String,
}

fn text(value: &str) -> serde_json::Value {
    serde_json::Value::String(value.to_owned())
}

pub(super) fn definition(case: &Case) -> Definition {
    let (projection, engine) = SIDES[0];
    let folder = format!("projections/{projection}");
    let engine: EngineChoice = serde_json::from_value(text(engine)).unwrap();
    let on_error: OnError = serde_json::from_value(text(&case.on_error)).unwrap();
    let upcaster = |u: &super::upcasters::Upcaster| {
        SourceFile::new(format!("migrations/events/{}.toml", u.event_type), u.text.clone())
    };
    Definition {
        projection: projection.into(),
        revisions: vec![SourceFile::new(
            format!("{folder}/schema/V1__tables.sql"),
            case.schema.clone(),
        )],
        handlers: SourceFile::new(format!("{folder}/handlers.sql"), handlers::file(&case.handlers)),
        checks: None,
        upcasters: case.upcasters.iter().map(upcaster).collect(),
        on_error,
        engine,
        publish_schema: None,
        reads: Vec::new(),
        trust_functions: Vec::new(),
    }
}

/// Makes the tables, or takes those of the case before; says why where they are refused.
pub(super) fn tables(ground: &mut Ground, case: &Case) -> Result<Tables, String> {
    if let Some(tables) = ground.tables.clone().filter(|tables| tables.schema == case.schema) {
        return Ok(tables);
    }
    ground.forget_builds();
    let mut session = writer(ground);
    let mut transaction = session.begin().unwrap();
    let beginning = Beginning {
        log: "agreement",
        begins_at: None,
        until: None,
        mapping: None,
        through: None,
        is_proof: false,
        as_of: None,
        gate: None,
    };
    let build = ledger::create_build(&mut transaction, &definition(case), &beginning).unwrap();
    let schema = build.schema.quoted();
    let tables =
        format!("CREATE SCHEMA {schema}; SET LOCAL search_path = {schema}; {}", case.schema);
    transaction.run(&tables).map_err(|error| error.to_string())?;
    transaction.commit("a test").unwrap();
    ground.sessions.writer = Some(session);
    let tables = Tables { id: build.id, schema: case.schema.clone() };
    ground.tables = Some(tables.clone());
    Ok(tables)
}

fn writer(ground: &mut Ground) -> Session {
    ground.sessions.writer.take().unwrap_or_else(|| {
        let mut session = ground.context().open_read_models("agreement").unwrap();
        ledger::ensure(&mut session).unwrap();
        session
    })
}

impl Tables {
    /// Replays the log by one engine, stopping at each of the positions; says why where it is refused.
    pub(super) fn replay(
        &self,
        ground: &mut Ground,
        case: &Case,
        side: usize,
        stops: &[i64],
    ) -> Result<Verdict, String> {
        let mut session = writer(ground);
        let source = source(ground, case, &mut session);
        let schema = format!("{}__b1", SIDES[0].0);
        // Tables that refer to others come behind them.
        let empty = case.tables.keys().rev().map(|table| format!("DELETE FROM {schema}.{table};"));
        let reset = format!(
            "{} DELETE FROM regrow.parked_events; DELETE FROM regrow.anchor; DELETE FROM regrow.read_range; \
             UPDATE regrow.checkpoint SET position = 0, events_read = 0, events_applied = 0, \
             anchor_position = NULL, range_after = 0, range_events = 0, range_hash_sum = 0; \
             UPDATE regrow.build SET log_id = {}, settings = (settings::jsonb || '{{\"engine\": {}, \"on_error\": {}}}')::text",
            empty.collect::<String>(),
            source.identity.known.id,
            text(SIDES[side].1),
            text(&case.on_error)
        );
        session.run(&reset).unwrap();
        ledger::redefine(&mut session, self.id, &definition(case)).unwrap();
        let build = ledger::build(&mut session, self.id).unwrap().unwrap();
        let context = ground.context();
        let admitted = source.identity.admit(&context, &mut session, build, context.said).unwrap();
        ground.sessions.logs[log_of(case)] = Some(source);
        let mut line = BuildSession::open(session, admitted).map_err(|error| error.to_string())?;
        let (mut ends, mut failure) = (Vec::new(), None);
        ground.sessions.last = ran::Last::default();
        for stop in stops {
            match advance(ground, case, side, &mut line, *stop) {
                Ended::Reached => continue,
                Ended::Poisoned(event) => failure = Some(*event),
                other => ends.push(format!("{other:?}")),
            }
            break;
        }
        ground.sessions.writer = Some(line.session);
        Ok(verdict(ground, case, ends, failure))
    }
}

fn verdict(
    ground: &mut Ground,
    case: &Case,
    ends: Vec<String>,
    failure: Option<Failure>,
) -> Verdict {
    let found = Verdict::of(ground, case, SIDES[0].0, ends);
    Verdict {
        failed_at: failure.as_ref().map(|event| event.position),
        failure: failure.map(|event| told(case, event, SIDES[0].0)),
        ..found
    }
}

/// Which of the logs that stay open a case reads.
fn log_of(case: &Case) -> usize {
    match (case.raw, case.stored) {
        (false, stored) => usize::from(stored),
        (true, _) => 2,
    }
}

fn source(ground: &mut Ground, case: &Case, ledger: &mut Session) -> Source {
    ground.sessions.logs[log_of(case)].take().unwrap_or_else(|| {
        case.write_config(ground.project.folder.path(), 0);
        Source::open(&ground.context(), ledger, "agreement log").unwrap()
    })
}

fn advance(
    ground: &mut Ground,
    case: &Case,
    side: usize,
    line: &mut BuildSession,
    until: i64,
) -> Ended {
    let mut source = ground.sessions.logs[log_of(case)].take().expect("opened with the build");
    let config = format!("[rebuild]\n{}", case.plan.paces[side]);
    let pace: Rebuild = Config::parse(&SourceFile::new("config.toml", config)).unwrap().rebuild;
    let pass = Pass {
        pace: &pace,
        observer: &Unobserved,
        interrupt: &Interrupt::new(),
        heeds: false,
        throttle: None,
    };
    let mark =
        source.log.barrier(&mut source.session, None, &Unobserved, &Interrupt::new()).unwrap();
    let mark = mark.at_most(Some(Position(until)));
    pass.run(&mut source, &mut [&mut *line], mark).unwrap();
    ground.sessions.logs[log_of(case)] = Some(source);
    ran::note(&mut ground.sessions.last, line);
    std::mem::replace(&mut line.ended, Ended::Reached)
}

/// What the native engine was asked and did, over all cases.
pub(super) mod ran {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use regrow::replay::build_session::{BuildSession, Work};

    static RAN: Mutex<(Work, BTreeMap<String, usize>)> =
        Mutex::new((Work { native: 0, sql: 0, unread: 0, declined: 0 }, BTreeMap::new()));

    /// What it did in one replay.
    #[derive(Default)]
    pub(crate) struct Last {
        pub(crate) work: Work,
        /// For each handler, why it runs in SQL.
        pub(crate) reasons: Vec<Vec<String>>,
    }

    pub(super) fn note(last: &mut Last, line: &mut BuildSession) {
        let Some(native) = &line.native else { return };
        let mut ran = RAN.lock().unwrap();
        let work = std::mem::take(&mut line.work);
        last.work.native += work.native;
        last.work.sql += work.sql;
        let told = |of: &Result<_, Vec<regrow::handler::native::Rejection>>| match of {
            Ok::<Vec<regrow::handler::native::Statement>, _>(_) => Vec::new(),
            Err(rejections) => rejections.iter().map(ToString::to_string).collect(),
        };
        last.reasons = native.program.handlers.iter().map(told).collect();
        ran.0.native += work.native;
        ran.0.sql += work.sql;
        for rejection in native.program.rejections() {
            *ran.1.entry(rejection.reason.clone()).or_default() += 1;
        }
    }

    /// Handlers run by each engine on the native side, and the commonest reasons for SQL.
    pub(crate) fn told() -> (Work, Vec<(usize, String)>) {
        let ran = RAN.lock().unwrap();
        let mut reasons: Vec<_> = ran.1.iter().map(|(why, times)| (*times, why.clone())).collect();
        reasons.sort_unstable_by(|a, b| b.cmp(a));
        reasons.truncate(40);
        (ran.0, reasons)
    }
}
