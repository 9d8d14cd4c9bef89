//! Builds in the ledger: what they are, and how they are made and read.
//!
//! The order of the states is a trigger's business (`V1__ledger.sql`); when a build moves is
//! decided on the work floor.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{LedgerError, Wish, ours, register};
use crate::anchor::{Anchor, Mapping, Origin, Through};
use crate::definition::expected::Gate;
use crate::definition::{Definition, EngineChoice, OnError};
use crate::event::Position;
use crate::failure::Failure;
use crate::ident::{Ident, IdentError};
use crate::pg::{Row, Sql, Transaction};
use crate::source::SourceFile;

/// A build's number in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BuildId(pub i64);

/// Where a build is in its life (design: created -> replaying -> catching_up -> ready ->
/// live -> retired -> dropped, with paused and failed resumable).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Its schema is there and empty.
    Created,
    /// It reads the log up to its first mark.
    Replaying,
    /// It reads the rest.
    CatchingUp,
    /// It can be promoted.
    Ready,
    /// Readers see it.
    Live,
    /// It was live, and is kept for a way back.
    Retired,
    /// Its schema is gone.
    Dropped,
    /// Somebody stopped it.
    Paused,
    /// An event stopped it.
    Failed,
}

/// What stands in the ledger between what ended a run and what fixes that.
pub(super) const FIX: &str = "\nto fix it: ";

const STATES: [(State, &str); 9] = [
    (State::Created, "created"),
    (State::Replaying, "replaying"),
    (State::CatchingUp, "catching_up"),
    (State::Ready, "ready"),
    (State::Live, "live"),
    (State::Retired, "retired"),
    (State::Dropped, "dropped"),
    (State::Paused, "paused"),
    (State::Failed, "failed"),
];

impl State {
    /// The state's name in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        STATES.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    /// Whether a build in this state is followed by `run`.
    #[must_use]
    pub fn is_followed(self) -> bool {
        matches!(self, State::Ready | State::Live | State::Retired)
    }

    /// Whether a build in this state is on its way to `ready`.
    #[must_use]
    pub fn is_candidate(self) -> bool {
        !matches!(self, State::Live | State::Retired | State::Dropped)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for State {
    type Err = LedgerError;
    fn from_str(text: &str) -> Result<State, LedgerError> {
        STATES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(state, _)| *state)
            .ok_or_else(|| LedgerError::Unreadable { what: format!("the state {text:?}") })
    }
}

/// A build as the ledger has it.
#[derive(Debug, Clone)]
pub struct Build {
    /// Its number in the ledger.
    pub id: BuildId,
    /// Its projection.
    pub projection: String,
    /// Its number among the projection's builds, from 1.
    pub number: i32,
    /// The schema that holds its tables.
    pub schema: Ident,
    /// The definition it runs by.
    pub definition_hash: String,
    /// Where it is in its life.
    pub state: State,
    /// Where it goes on, if it is paused or failed.
    pub resume_state: Option<State>,
    /// The fence: who writes must know it.
    pub generation: i64,
    /// The mark of the first replay, once it is known.
    pub replay_mark: Option<Position>,
    /// Where `--until` ends it.
    pub until: Option<Position>,
    /// Why it is not followed.
    pub failure: Option<Failure>,
    /// What ended the last run that worked on it.
    pub last_error: Option<LastError>,
    /// What an operator wants of it.
    pub wish: Wish,
    /// Who asked for that, and when.
    pub asked: Option<(String, String)>,
    /// The log it is made from, by its number in the ledger; `None` if that was never written down.
    pub log: Option<i64>,
    /// From which position on it is known what the log was; 0 is from its first event.
    pub known_from: Option<Position>,
    /// Where the operator said that the log begins.
    pub begins_at: Option<Position>,
    /// What happens to an event that fails.
    pub on_error: OnError,
    /// The schema its views are published in, where it is not the project's.
    pub publish_schema: Option<String>,
    /// How the rows of the adopted log were read that it was made from; nothing for a log of our own, and where it is not
    /// known.
    pub mapping: Option<Mapping>,
    /// What those rows were read through; nothing likewise.
    pub through: Option<Through>,
    /// Whether it was made to be compared with another build, and is never shown to anybody.
    pub is_proof: bool,
    /// Where it is shown, if it shows one point of the log for good and not what the projection is.
    pub as_of: Option<AsOf>,
    /// What it is compared with before readers see it; nothing unless that was asked for.
    pub gate: Option<Gate>,
    /// The schema of a second set of views of it, before readers see it and after.
    pub preview: Option<String>,
    /// The oid of the schema that a preview or an as-of has made for its views: by its name alone nobody knows whose a
    /// schema is. Nothing if none was made.
    pub shown_in: Option<i64>,
    /// The assertions that it was made with.
    pub checks: Option<SourceFile>,
    /// The newest anchor: the fingerprint of the last event that was read.
    pub anchor: Option<Anchor>,
    /// Everything at or below it is in the tables.
    pub position: Position,
    /// Events read from the log so far.
    pub events_read: i64,
    /// Events that reached a handler so far.
    pub events_applied: i64,
    /// Events that are parked.
    pub parked: i64,
    /// Events that it is without, by `on_error = "skip"`.
    pub skipped: i64,
    /// When its state changed last, seconds since 1970.
    pub changed_at: f64,
    /// When it was created, as PostgreSQL prints it.
    pub created_at: String,
    /// When its checkpoint moved last.
    pub moved_at: String,
}

impl Build {
    /// Takes note of events that were left out, as its policy says.
    pub fn count_left_out(&mut self, events: u64) {
        let count = match self.on_error {
            OnError::Skip => &mut self.skipped,
            OnError::Park | OnError::Stop => &mut self.parked,
        };
        *count += i64::try_from(events).unwrap_or(i64::MAX);
    }

    /// Who has asked for what is wanted of it, and when: `app on shop-2 at 2026-03-01 09:00:00+00`.
    #[must_use]
    pub fn asked_by(&self) -> Option<String> {
        self.asked.as_ref().map(|(by, at)| format!("{by} at {at}"))
    }
}

/// What ended a run, where it could still say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastError {
    /// The error it ended with.
    pub message: String,
    /// What fixes it, where another try does not.
    pub fix: Option<String>,
    /// When, as PostgreSQL prints it.
    pub at: String,
}

#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Settings {
    on_error: OnError,
    engine: EngineChoice,
    publish_schema: Option<String>,
    checks: Option<SourceFile>,
    #[serde(default)]
    is_proof: bool,
    #[serde(default)]
    as_of: Option<AsOf>,
    #[serde(default)]
    pub(super) gate: Option<Gate>,
    #[serde(default)]
    pub(super) preview: Option<String>,
    #[serde(default)]
    mapping: Option<Mapping>,
    #[serde(default)]
    pub(super) through: Option<Through>,
    pub(super) shown_in: Option<i64>,
}

/// What a build shows that stands still for good: rows as they were at one point of the log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AsOf {
    /// The schema of its views.
    pub publish: String,
    /// The moment, with its time zone; nothing where a position was asked for.
    pub moment: Option<String>,
}

/// What a new build is made from.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'b> {
    /// The log's name.
    pub log: &'b str,
    /// Where the operator said that the log begins.
    pub begins_at: Option<Position>,
    /// Where `--until` ends the build.
    pub until: Option<Position>,
    /// How the rows of an adopted log are read.
    pub mapping: Option<&'b Mapping>,
    /// What they are read through.
    pub through: Option<&'b Through>,
    /// Whether it is made to be compared with another build, and never to be shown.
    pub is_proof: bool,
    /// Where it is shown, if it is made to show one point of the log for good.
    pub as_of: Option<&'b AsOf>,
    /// What it is compared with before readers see it.
    pub gate: Option<&'b Gate>,
}

/// Writes down a new build; its schema does not exist yet.
///
/// # Errors
/// The server refuses, or the schema's name would be too long.
pub fn create_build(
    transaction: &mut Transaction<'_>,
    definition: &Definition,
    origin: &Beginning<'_>,
) -> Result<Build, LedgerError> {
    let hash = store(transaction, definition)?;
    let log = register(transaction, origin.log)?;
    // Two creators of one projection wait for each other here, so numbers are not given twice.
    transaction.run(&ours(transaction, "LOCK TABLE regrow.build IN SHARE ROW EXCLUSIVE MODE"))?;
    let number = next_number(transaction, &definition.projection)?;
    let schema = schema_of(transaction.ledger(), &definition.projection, number)?;
    let settings = Settings {
        on_error: definition.on_error,
        engine: definition.engine,
        publish_schema: definition.publish_schema.clone(),
        checks: definition.checks.clone(),
        is_proof: origin.is_proof,
        as_of: origin.as_of.cloned(),
        gate: origin.gate.cloned(),
        preview: None,
        mapping: origin.mapping.cloned(),
        through: origin.through.cloned(),
        shown_in: None,
    };
    let settings = serde_json::to_string(&settings)
        .map_err(|e| LedgerError::Unreadable { what: e.to_string() })?;
    let id: i64 = transaction
        .query_one(
            &ours(transaction, "INSERT INTO regrow.build (projection, number, schema_name, definition_hash, settings, until_position, \
             log_id, begins_at) VALUES ($1, $2, $3::text::name, $4, $5, $6, $7, $8) RETURNING id"),
            &[
                &definition.projection,
                &number,
                &schema.as_str(),
                &hash,
                &settings,
                &origin.until.map(|p| p.0),
                &log.id,
                &origin.begins_at.map(|p| p.0),
            ],
        )?
        .get(0);
    transaction.execute(
        &ours(transaction, "INSERT INTO regrow.checkpoint (build_id) VALUES ($1)"),
        &[&id],
    )?;
    build(transaction, BuildId(id))?
        .ok_or_else(|| LedgerError::Unreadable { what: format!("the new build {id}") })
}

fn next_number(sql: &mut impl Sql, projection: &str) -> Result<i32, LedgerError> {
    let next = "SELECT COALESCE(max(number), 0) + 1 FROM regrow.build WHERE projection = $1";
    Ok(sql.query_one(&ours(sql, next), &[&projection])?.get(0))
}

/// The schema that the next build of a projection gets, also before there is a ledger.
///
/// # Errors
/// The server refuses, or the schema's name would be too long.
pub fn next_schema(sql: &mut impl Sql, projection: &str) -> Result<Ident, LedgerError> {
    let is_there =
        ours(sql, "SELECT pg_catalog.to_regclass('regrow.build') IS NOT NULL").into_owned();
    let number = match sql.query_one(&is_there, &[])?.get(0) {
        true => next_number(sql, projection)?,
        false => 1,
    };
    Ok(schema_of(sql.ledger(), projection, number)?)
}

/// The schema of a build. Projects with ledgers of their own may have projections of one name.
fn schema_of(ledger: &Ident, projection: &str, number: i32) -> Result<Ident, IdentError> {
    Ident::new(match ledger.as_str() {
        "regrow" => format!("{projection}__b{number}"),
        other => format!("{projection}__{other}_b{number}"),
    })
}

/// Writes a definition down once; gives its name.
pub(super) fn store(sql: &mut impl Sql, definition: &Definition) -> Result<String, LedgerError> {
    let hash = definition.hash();
    sql.execute(
        &ours(sql, "INSERT INTO regrow.definition (hash, projection, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
        &[&hash, &definition.projection, &definition.to_json()],
    )?;
    Ok(hash)
}

const SELECT: &str = include_str!("builds.sql");

/// All builds of a projection, or of every projection, oldest first.
///
/// # Errors
/// The server refuses.
pub fn builds(sql: &mut impl Sql, projection: Option<&str>) -> Result<Vec<Build>, LedgerError> {
    let rows = sql.query(
        &ours(sql, &format!(
            "{SELECT} WHERE ($1::text IS NULL OR b.projection = $1) ORDER BY b.projection, b.number"
        )),
        &[&projection],
    )?;
    rows.iter().map(from_row).collect()
}

/// How long each build was live within the last week, in seconds; those that were not are left out.
///
/// # Errors
/// The server refuses.
pub fn seconds_live(sql: &mut impl Sql) -> Result<BTreeMap<BuildId, f64>, LedgerError> {
    let rows = sql.query(&ours(sql, include_str!("seconds_live.sql")), &[])?;
    Ok(rows.iter().map(|row| (BuildId(row.get(0)), row.get(1))).collect())
}

/// One build.
///
/// # Errors
/// The server refuses.
pub fn build(sql: &mut impl Sql, id: BuildId) -> Result<Option<Build>, LedgerError> {
    let rows = sql.query(&ours(sql, &format!("{SELECT} WHERE b.id = $1")), &[&id.0])?;
    rows.first().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<Build, LedgerError> {
    let name: String = row.get("schema_name");
    let settings: String = row.get("settings");
    let settings: Settings = serde_json::from_str(&settings)
        .map_err(|_| LedgerError::Unreadable { what: format!("the settings of {name}") })?;
    let state: String = row.get("state");
    let resume: Option<String> = row.get("resume_state");
    let failure: Option<String> = row.get("failure");
    let last_error = row.get::<_, Option<String>>("trouble").zip(row.get("trouble_at"));
    Ok(Build {
        id: BuildId(row.get("id")),
        projection: row.get("projection"),
        number: row.get("number"),
        schema: Ident::new(name)?,
        definition_hash: row.get("definition_hash"),
        state: state.parse()?,
        resume_state: resume.map(|r| r.parse()).transpose()?,
        generation: row.get("generation"),
        replay_mark: row.get::<_, Option<i64>>("replay_mark").map(Position),
        until: row.get::<_, Option<i64>>("until_position").map(Position),
        failure: failure.and_then(|text| serde_json::from_str(&text).ok()),
        last_error: last_error.map(|(text, at): (String, _)| match text.split_once(FIX) {
            Some((message, fix)) => {
                LastError { message: message.to_owned(), fix: Some(fix.to_owned()), at }
            }
            None => LastError { message: text, fix: None, at },
        }),
        wish: row.get::<_, &str>("wanted").parse()?,
        asked: row.get::<_, Option<String>>("wanted_by").zip(row.get("wanted_at")),
        log: row.get("log_id"),
        known_from: row.get::<_, Option<i64>>("known_from").map(Position),
        begins_at: row.get::<_, Option<i64>>("begins_at").map(Position),
        on_error: settings.on_error,
        publish_schema: settings.publish_schema,
        is_proof: settings.is_proof,
        as_of: settings.as_of,
        gate: settings.gate,
        preview: settings.preview,
        mapping: settings.mapping,
        through: settings.through,
        shown_in: settings.shown_in,
        checks: settings.checks,
        anchor: row.get::<_, Option<i64>>("anchor_position").map(|position| Anchor {
            position: Position(position),
            envelope: row.get("anchor_envelope"),
            payload: row.get("anchor_payload"),
            origin: Origin {
                system: row.get("anchor_system"),
                timeline: row.get("anchor_timeline"),
            },
            snapshot: row.get("anchor_snapshot"),
        }),
        position: Position(row.get("position")),
        events_read: row.get("events_read"),
        events_applied: row.get("events_applied"),
        parked: row.get("parked"),
        skipped: row.get("skipped"),
        changed_at: row.get("changed_at"),
        created_at: row.get("created_at"),
        moved_at: row.get("moved_at"),
    })
}

/// The definition a build runs by, with its settings.
///
/// # Errors
/// The server refuses, or a newer regrow wrote it.
pub fn definition(sql: &mut impl Sql, build: &Build) -> Result<Definition, LedgerError> {
    let row = sql.query_one(
        &ours(sql, "SELECT d.body, b.settings FROM regrow.build b JOIN regrow.definition d ON d.hash = b.definition_hash \
         WHERE b.id = $1"),
        &[&build.id.0],
    )?;
    let unreadable =
        |_| LedgerError::Unreadable { what: format!("the definition of {}", build.schema) };
    let mut definition = Definition::from_json(row.get::<_, &str>(0)).map_err(unreadable)?;
    let settings: Settings = serde_json::from_str(row.get::<_, &str>(1)).map_err(unreadable)?;
    definition.on_error = settings.on_error;
    definition.engine = settings.engine;
    definition.publish_schema = settings.publish_schema;
    definition.checks = settings.checks;
    Ok(definition)
}
