//! A sample held against the log: values that bind rows are drawn, and what their events make of them is compared
//! with the rows of the build.
//!
//! Half of what is drawn comes from the build's rows, so that a row is found which no event made; the other half from events
//! of the log, so that one is found which the build lacks. The rows of each value are replayed alone
//! ([`crate::trace::alone`]), by the sql engine and from the events of the value only, up to the position at which the build's
//! rows of the value were read. So the build goes on meanwhile, nothing is held, and the cost is that of the events of what is
//! drawn. A table whose rows are not bound by a value cannot be looked at like this, and that is told.

use std::collections::BTreeSet;
use std::hash::{Hash as _, Hasher as _};
use std::time::Instant;

use siphasher::sip::SipHasher13;

use super::compare::broken;
use super::difference::Tally;
use super::hold::READING;
use super::plan::{self, Table};
use super::{Declarations, VerifyError, Wanted, pair};
use crate::context::Context;
use crate::copy_format::{LineCutter, Lines};
use crate::definition::Definition;
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::function::NAME;
use crate::ident::{Ident, quote_literal};
use crate::identity::Survey;
use crate::ledger::{self, Build};
use crate::log::Log;
use crate::pg::search_path::SearchPath;
use crate::pg::{CopyOut as _, Session, Sql};
use crate::progress::{Progress, Stage};
use crate::report::Printed as _;
use crate::report::comparison::{Compared, Declared, Draw, Report, Sampled, TableReport};
use crate::scratch::Scratch;
use crate::trace::alone::Alone;
use crate::trace::aside::Aside;

/// Events that failed and are told one by one.
const TOLD: usize = 5;

/// What is compared, and by what.
struct Work<'w> {
    context: &'w Context,
    session: Session,
    events: Session,
    log: Log,
    build: Build,
    definition: Definition,
    draw: Draw,
    notes: Vec<String>,
}

/// The rows of one value in a build, at its checkpoint.
struct Rows {
    lines: Lines,
    at: Position,
    aside: Aside,
}

/// Compares a sample of a build with the log.
///
/// # Errors
/// As [`super::verify`]; the rows of no table can be replayed alone, or there is no scratch.
pub(super) fn verify(
    context: &Context,
    wanted: &Wanted,
    draw: Draw,
) -> Result<Report, VerifyError> {
    let began = Instant::now();
    let mut session = context.open_ledger("verify")?;
    let build = pair::one(context, &mut session, wanted)?;
    if !build.state.is_followed() {
        return Err(VerifyError::Unfinished {
            build: build.schema.to_string(),
            projection: build.projection,
            state: build.state,
        });
    }
    let (mut events, log) = context.open_log("verify")?;
    let mut notes = Vec::new();
    let of = std::slice::from_ref(&build);
    match Survey::of(context, &mut session, (&mut events, &log), of)? {
        Ok(survey) => {
            let judged = survey.judge(&mut session, (&mut events, &log), &build)?;
            if let Some(fault) = judged.fault {
                return Err(VerifyError::Identity(fault.into()));
            }
        }
        Err(older) => notes.push(older),
    }
    let name = build.schema.to_string();
    context.note(&Progress::Stage { build: name, stage: Stage::Verify });
    let taken = session.ask(
        "SELECT pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', \
         'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
    )?;
    let plan = plan::plan(&mut session, &[build.clone(), build.clone()])?;
    let declared = Declarations::of(context, wanted, &plan)?;
    let definition = ledger::definition(&mut session, &build)?;
    let mut work = Work { context, session, events, log, build, definition, draw, notes };
    let (mut tables, mut met, mut obstacles) = (Vec::new(), BTreeSet::new(), Vec::new());
    for table in &plan.tables {
        let mut scratch = Scratch::of(context);
        let of = (&work.definition, work.build.projection.as_str(), &table.name);
        let alone = match Alone::of((context, &mut scratch), &mut work.events, of)? {
            Ok(alone) => alone,
            Err(obstacle) => {
                obstacles.push(format!("{} ({obstacle})", table.name));
                continue;
            }
        };
        let mut tally = Tally::new(table, declared.meant(table), wanted.samples);
        let (rows, sampled) = work.compare(table, alone, &mut tally)?;
        let builds = [work.build.clone(), work.build.clone()];
        let of = (&builds, wanted.with_values);
        let rows = super::compare::Rows([rows, sampled.rows_against]);
        let compared = super::of_table(table, &tally, &rows, of, (&declared, &mut met));
        tables.push(TableReport { sample: Some(sampled), ..compared });
    }
    if tables.is_empty() && !obstacles.is_empty() {
        return Err(VerifyError::NotAlone { projection: wanted.projection.clone(), obstacles });
    }
    let unexpected = tables.iter().map(|table| table.unexpected).sum::<u64>();
    let expected = declared
        .all
        .iter()
        .map(|expected| Declared { declared: expected.to_string(), met: met.contains(expected) });
    let Work { build, notes, .. } = work;
    let compared = |name: String, role: &str| Compared {
        build: name,
        role: role.to_owned(),
        definition: build.definition_hash.clone(),
        parked: build.parked,
        parked_only: 0,
        skipped: build.skipped,
        skipped_only: 0,
    };
    Ok(Report {
        version: Report::VERSION,
        ok: unexpected == 0,
        projection: wanted.projection.clone(),
        position: build.position.0,
        build: compared(build.schema.to_string(), &build.state.to_string()),
        against: compared("the log".to_owned(), "each value replayed alone by the sql engine"),
        snapshot_at: taken.unwrap_or_default(),
        snapshot_age_s: began.elapsed().as_secs_f64(),
        attempts: 1,
        sample: Some(draw),
        tables,
        tables_only: Vec::new(),
        unexpected,
        expected: expected.collect(),
        not_compared: plan.not_compared.into_iter().chain(obstacles).collect(),
        notes,
    })
}

impl Work<'_> {
    /// Compares the rows of drawn values. Gives how many rows the table has, and what was looked at.
    fn compare(
        &mut self,
        table: &Table,
        mut alone: Alone<'_>,
        tally: &mut Tally<'_>,
    ) -> Result<(u64, Sampled), VerifyError> {
        let (all, values) = self.values(table, &mut alone)?;
        let mut sampled = Sampled { keys: 0, rows: 0, rows_against: 0 };
        let (mut failed, mut incomparable) = (BTreeSet::new(), 0);
        for value in &values {
            if self.context.interrupt.raised() {
                return Err(VerifyError::Interrupted);
            }
            let Some(by) = alone.value(value) else {
                incomparable += 1;
                continue;
            };
            let Rows { lines, at, aside } = self.rows(table, alone.column(), value)?;
            let place = (&mut self.events, &self.log);
            for Failure { position, code, .. } in alone.replay(place, (&by, at), aside)? {
                failed.insert((position, code.name()));
            }
            let schema = alone.schema.clone();
            let column = alone.column().to_owned();
            let made = rows_of((alone.session(), &schema), table, (&column, value))?;
            sampled.keys += 1;
            sampled.rows += lines.iter().count() as u64;
            sampled.rows_against += made.iter().count() as u64;
            tally.pair(lines.iter(), made.iter());
            self.context.note(&Progress::Compared {
                table: table.name.to_string(),
                rows: sampled.keys,
                of_rows: values.len() as u64,
            });
        }
        for (position, code) in failed.iter().take(TOLD) {
            self.notes.push(format!(
                "the event at position {position} fails when {} is replayed ({code}), and the build is not without it",
                table.name
            ));
        }
        if failed.len() > TOLD {
            self.notes.push(format!("{} events more fail like this", failed.len() - TOLD));
        }
        if incomparable > 0 {
            let why = "since only PostgreSQL compares them";
            self.notes.push(format!(
                "{incomparable} of the values drawn of {} were not looked at, {why}",
                table.name
            ));
        }
        Ok((all, sampled))
    }

    /// How many rows a table has, and the values that are drawn: out of its rows, and out of the log.
    fn values(
        &mut self,
        table: &Table,
        alone: &mut Alone<'_>,
    ) -> Result<(u64, BTreeSet<String>), VerifyError> {
        let Draw { keys, seed, .. } = self.draw;
        let of = self.build.schema.dot(&table.name);
        let all = self.session.query_one(&format!("SELECT count(*) FROM {of}"), &[])?;
        let column = quoted(alone.column());
        let drawn = format!(
            "SELECT value FROM (SELECT DISTINCT {column}::text AS value FROM {of} WHERE {column} IS NOT NULL) AS drawn \
             ORDER BY pg_catalog.hashtextextended(value COLLATE \"C\", {seed}), value COLLATE \"C\" LIMIT {}",
            keys.div_ceil(2)
        );
        let mut values = BTreeSet::new();
        for row in self.session.query(&drawn, &[])? {
            values.insert(row.get::<_, String>(0));
        }
        let first = self.log.first(&mut self.events)?;
        let last = self.build.position;
        if let Some(first) = first.filter(|first| *first <= last) {
            let span = i128::from(last.0) - i128::from(first.0) + 1;
            for nth in 0..keys / 2 {
                let mut hasher = SipHasher13::new_with_keys(u64::from(seed), 0);
                nth.hash(&mut hasher);
                let at = i128::from(first.0) + i128::from(hasher.finish()) % span;
                let at = Position(i64::try_from(at).unwrap_or(last.0));
                let place = (&mut self.events, &self.log);
                let found = alone.values_behind(place, at)?;
                values.extend(
                    found.filter(|(position, _)| *position <= last).into_iter().flat_map(|f| f.1),
                );
            }
        }
        Ok((u64::try_from(all.get::<_, i64>(0)).unwrap_or(0), values))
    }

    /// The build's rows of a value, with its checkpoint and the events that it is without, in one snapshot.
    fn rows(&mut self, table: &Table, column: &str, value: &str) -> Result<Rows, VerifyError> {
        let begin =
            format!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; {READING}");
        let (mut transaction, _) = self.session.begin_and_ask(&begin)?;
        let gone = || VerifyError::NoBuild {
            build: self.build.schema.to_string(),
            projection: self.build.projection.clone(),
            builds: Vec::new(),
        };
        let build = ledger::build(&mut transaction, self.build.id)?.ok_or_else(gone)?;
        let parked = ledger::parked(&mut transaction, build.id, build.position)?;
        let skipped = ledger::skipped(&mut transaction, &build, build.position)?;
        let place = (transaction.session(), &build.schema);
        let lines = rows_of(place, table, (column, value))?;
        let aside = Aside::of(parked.iter().chain(&skipped));
        Ok(Rows { lines, at: build.position, aside })
    }
}

/// The rows of a table in a schema that have a value in a column, as COPY prints them.
fn rows_of(
    (session, schema): (&mut Session, &Ident),
    table: &Table,
    (column, value): (&str, &str),
) -> Result<Lines, VerifyError> {
    SearchPath::of(session, schema, NAME)?.set(session)?;
    let columns: Vec<String> = table.columns.iter().map(Ident::quoted).collect();
    let sql = format!(
        "COPY (SELECT {} FROM {} AS regrow$row WHERE regrow$row.{} = {}) TO STDOUT",
        columns.join(", "),
        schema.dot(&table.name),
        quoted(column),
        quote_literal(value)
    );
    let (mut lines, mut cutter) = (Lines::default(), LineCutter::default());
    let mut take = |line: &[u8]| {
        lines.push(line);
        Ok::<bool, VerifyError>(true)
    };
    session.copy_out(&sql, |piece| cutter.push(piece, &mut take))?;
    match cutter.is_cut_short() {
        true => Err(broken(table, "ends in the middle of a row")),
        false => Ok(lines),
    }
}

fn quoted(name: &str) -> String {
    crate::ident::quote_ident(name)
}
