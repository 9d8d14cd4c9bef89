//! The ledger: regrow's own tables, where operations meet.
//!
//! Owns the schema `regrow` in the read models' database: builds and their states,
//! definitions, checkpoints, what the finish must do, publications. It moves states and says
//! what is; when they move is decided on the work floor. The rules that must hold
//! whatever the code does are constraints and triggers in `ledger/V1__ledger.sql`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::definition::{Definition, EngineChoice, OnError};
use crate::event::Position;
use crate::failure::Failure;
use crate::ident::{Ident, IdentError};
use crate::pg::history::{self, HistoryError};
use crate::pg::{PgError, Row, Session, Sql, Transaction, lock};
use crate::revision::Revision;
use crate::source::SourceFile;

/// The ledger's schema.
pub const SCHEMA: &str = "regrow";
const LOCK: &str = "regrow ledger";
const LOCK_WAIT: Duration = Duration::from_secs(30);

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
    /// What happens to an event that fails.
    pub on_error: OnError,
    /// The schema its views are published in, where it is not the project's.
    pub publish_schema: Option<String>,
    /// Everything at or below it is in the tables.
    pub position: Position,
    /// Events read from the log so far.
    pub events_read: i64,
    /// Events that reached a handler so far.
    pub events_applied: i64,
    /// Events put aside so far.
    pub parked: i64,
    /// When its state changed last, seconds since 1970.
    pub changed_at: f64,
    /// When it was created, as PostgreSQL prints it.
    pub created_at: String,
    /// When its checkpoint moved last.
    pub moved_at: String,
}

/// Why the ledger did not answer.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// A revision of the ledger did not run.
    #[error("the ledger could not be set up: {0}")]
    Setup(#[source] HistoryError),
    /// Another run sets it up and does not end.
    #[error("another run holds the ledger's lock{}", .holder.as_ref().map_or_else(String::new, |h| format!(" ({h})")))]
    Locked {
        /// Who.
        holder: Option<String>,
    },
    /// The ledger was written by a newer regrow.
    #[error("the ledger was written by a newer regrow (its revision {found}, ours {known})")]
    Newer {
        /// Its version.
        found: i64,
        /// The last one this program knows.
        known: i64,
    },
    /// Something in it cannot be understood.
    #[error("{what} in the ledger cannot be understood by this version of regrow")]
    Unreadable {
        /// What.
        what: String,
    },
    /// A build's schema would have a name PostgreSQL cuts.
    #[error(transparent)]
    Name(#[from] IdentError),
    /// Another projection publishes that name.
    #[error("{view} in schema {schema} is already published by the projection {owner}")]
    Published {
        /// The view.
        view: String,
        /// The readers' schema.
        schema: String,
        /// Whose it is.
        owner: String,
    },
}

fn revisions() -> Vec<Revision> {
    vec![Revision {
        version: 1,
        slug: "ledger".into(),
        up: SourceFile::new("V1__ledger.sql", include_str!("ledger/V1__ledger.sql")),
        down: None,
        revises: Vec::new(),
        outside_transaction: false,
    }]
}

fn schema() -> Ident {
    Ident::new(SCHEMA).expect("a constant that is a name")
}

/// Whether the ledger is there and as new as this program.
///
/// # Errors
/// The server refuses, or a newer regrow was here.
pub fn is_present(session: &mut Session) -> Result<bool, LedgerError> {
    let applied = history::applied(session, &schema())?;
    let known = revisions().last().map_or(0, |r| r.version);
    match applied.last().map(|a| a.version) {
        None => Ok(false),
        Some(found) if found > known => Err(LedgerError::Newer { found, known }),
        Some(found) => Ok(found == known),
    }
}

/// Creates the ledger or brings it up to date.
///
/// # Errors
/// The server refuses, a newer regrow was here, or another run holds the lock.
pub fn ensure(session: &mut Session) -> Result<(), LedgerError> {
    if is_present(session)? {
        return Ok(());
    }
    if !lock::acquire(session, LOCK, LOCK_WAIT)? {
        return Err(LedgerError::Locked { holder: lock::holder(session, LOCK)? });
    }
    let result = set_up(session);
    lock::release(session, LOCK)?;
    result
}

fn set_up(session: &mut Session) -> Result<(), LedgerError> {
    let done = history::applied(session, &schema())?;
    for revision in revisions() {
        if done.iter().any(|a| a.version == revision.version) {
            continue;
        }
        let mut transaction = session.begin()?;
        transaction.run(&format!("CREATE SCHEMA IF NOT EXISTS {}", schema().quoted()))?;
        history::ensure(&mut transaction, &schema()).map_err(LedgerError::Setup)?;
        history::apply(&mut transaction, &schema(), &revision).map_err(LedgerError::Setup)?;
        transaction.commit()?;
    }
    Ok(())
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Settings {
    on_error: OnError,
    engine: EngineChoice,
    publish_schema: Option<String>,
    checks: Option<SourceFile>,
}

/// Writes down a new build; its schema does not exist yet.
///
/// # Errors
/// The server refuses, or the schema's name would be too long.
pub fn create_build(
    transaction: &mut Transaction<'_>,
    definition: &Definition,
    until: Option<Position>,
) -> Result<Build, LedgerError> {
    let hash = definition.hash();
    transaction.execute(
        "INSERT INTO regrow.definition (hash, projection, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[&hash, &definition.projection, &definition.to_json()],
    )?;
    // Two creators of one projection wait for each other here, so numbers are not given twice.
    transaction.run("LOCK TABLE regrow.build IN SHARE ROW EXCLUSIVE MODE")?;
    let number: i32 = transaction
        .query_one(
            "SELECT COALESCE(max(number), 0) + 1 FROM regrow.build WHERE projection = $1",
            &[&definition.projection],
        )?
        .get(0);
    let schema = Ident::new(format!("{}__b{number}", definition.projection))?;
    let settings = Settings {
        on_error: definition.on_error,
        engine: definition.engine,
        publish_schema: definition.publish_schema.clone(),
        checks: definition.checks.clone(),
    };
    let settings = serde_json::to_string(&settings)
        .map_err(|e| LedgerError::Unreadable { what: e.to_string() })?;
    let id: i64 = transaction
        .query_one(
            "INSERT INTO regrow.build (projection, number, schema_name, definition_hash, settings, until_position) \
             VALUES ($1, $2, $3::text::name, $4, $5, $6) RETURNING id",
            &[
                &definition.projection,
                &number,
                &schema.as_str(),
                &hash,
                &settings,
                &until.map(|p| p.0),
            ],
        )?
        .get(0);
    transaction.execute("INSERT INTO regrow.checkpoint (build_id) VALUES ($1)", &[&id])?;
    build(transaction, BuildId(id))?
        .ok_or_else(|| LedgerError::Unreadable { what: format!("the new build {id}") })
}

const SELECT: &str = include_str!("ledger/builds.sql");

/// All builds of a projection, or of every projection, oldest first.
///
/// # Errors
/// The server refuses.
pub fn builds(sql: &mut impl Sql, projection: Option<&str>) -> Result<Vec<Build>, LedgerError> {
    let rows = sql.query(
        &format!(
            "{SELECT} WHERE ($1::text IS NULL OR b.projection = $1) ORDER BY b.projection, b.number"
        ),
        &[&projection],
    )?;
    rows.iter().map(from_row).collect()
}

/// One build.
///
/// # Errors
/// The server refuses.
pub fn build(sql: &mut impl Sql, id: BuildId) -> Result<Option<Build>, LedgerError> {
    let rows = sql.query(&format!("{SELECT} WHERE b.id = $1"), &[&id.0])?;
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
        on_error: settings.on_error,
        publish_schema: settings.publish_schema,
        position: Position(row.get("position")),
        events_read: row.get("events_read"),
        events_applied: row.get("events_applied"),
        parked: row.get("parked"),
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
        "SELECT d.body, b.settings FROM regrow.build b JOIN regrow.definition d ON d.hash = b.definition_hash \
         WHERE b.id = $1",
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

/// Moves a build to another state; the generation changes with it.
///
/// # Errors
/// The server refuses: the states do not follow one another.
pub fn set_state(sql: &mut impl Sql, id: BuildId, state: State) -> Result<(), LedgerError> {
    sql.execute(
        "UPDATE regrow.build SET state = $2, resume_state = NULL, failure = NULL WHERE id = $1",
        &[&id.0, &state.name()],
    )?;
    Ok(())
}

/// Stops a build that is on its way; it goes on at the state it had.
///
/// # Errors
/// The server refuses.
pub fn pause(sql: &mut impl Sql, id: BuildId) -> Result<(), LedgerError> {
    sql.execute(
        "UPDATE regrow.build SET resume_state = state, state = 'paused' \
         WHERE id = $1 AND state IN ('replaying', 'catching_up', 'ready')",
        &[&id.0],
    )?;
    Ok(())
}

/// Writes down why a build cannot go on. A candidate becomes `failed`; a live or retired
/// build keeps its state, since readers may see it, and is no longer followed.
///
/// # Errors
/// The server refuses.
pub fn fail(sql: &mut impl Sql, id: BuildId, failure: &Failure) -> Result<(), LedgerError> {
    let text = serde_json::to_string(failure)
        .map_err(|e| LedgerError::Unreadable { what: e.to_string() })?;
    sql.execute(include_str!("ledger/fail.sql"), &[&id.0, &text])?;
    Ok(())
}

/// Clears a failure so that the build is tried again; gives the state it has now.
///
/// # Errors
/// The server refuses.
pub fn resume(sql: &mut impl Sql, id: BuildId) -> Result<(), LedgerError> {
    sql.execute(
        "UPDATE regrow.build SET state = COALESCE(resume_state, state), resume_state = NULL, failure = NULL \
         WHERE id = $1",
        &[&id.0],
    )?;
    Ok(())
}

/// Writes down the mark of the first replay.
///
/// # Errors
/// The server refuses.
pub fn set_replay_mark(sql: &mut impl Sql, id: BuildId, mark: Position) -> Result<(), LedgerError> {
    sql.execute("UPDATE regrow.build SET replay_mark = $2 WHERE id = $1", &[&id.0, &mark.0])?;
    Ok(())
}

/// Remembers a statement that the finish will run.
///
/// # Errors
/// The server refuses.
pub fn at_finish(sql: &mut impl Sql, id: BuildId, statement: &str) -> Result<(), LedgerError> {
    sql.execute(
        "INSERT INTO regrow.finish_step (build_id, number, statement) \
         SELECT $1, count(*) + 1, $2 FROM regrow.finish_step WHERE build_id = $1",
        &[&id.0, &statement],
    )?;
    Ok(())
}

/// The next statement of the finish, taken off the list.
///
/// # Errors
/// The server refuses.
pub fn take_finish_step(sql: &mut impl Sql, id: BuildId) -> Result<Option<String>, LedgerError> {
    let row = sql.query_opt(
        "DELETE FROM regrow.finish_step WHERE build_id = $1 AND number = \
         (SELECT min(number) FROM regrow.finish_step WHERE build_id = $1) RETURNING statement",
        &[&id.0],
    )?;
    Ok(row.map(|row| row.get(0)))
}

/// Claims the names of a projection's views; names it published before are given up
/// only by [`unpublish`].
///
/// # Errors
/// Another projection has one of them.
pub fn publish(
    sql: &mut impl Sql,
    projection: &str,
    schema: &Ident,
    views: &[Ident],
) -> Result<(), LedgerError> {
    for view in views {
        sql.execute(
            "INSERT INTO regrow.publication (schema_name, view_name, projection) \
             VALUES ($1::text::name, $2::text::name, $3) ON CONFLICT DO NOTHING",
            &[&schema.as_str(), &view.as_str(), &projection],
        )?;
        let owner: String = sql
            .query_one(
                "SELECT projection FROM regrow.publication WHERE schema_name = $1::text::name AND view_name = $2::text::name",
                &[&schema.as_str(), &view.as_str()],
            )?
            .get(0);
        if owner != projection {
            return Err(LedgerError::Published {
                view: view.as_str().into(),
                schema: schema.as_str().into(),
                owner,
            });
        }
    }
    Ok(())
}

/// The views a projection has published, as `(schema, view)`.
///
/// # Errors
/// The server refuses.
pub fn published(sql: &mut impl Sql, projection: &str) -> Result<Vec<(Ident, Ident)>, LedgerError> {
    let rows = sql.query(
        "SELECT schema_name::text, view_name::text FROM regrow.publication WHERE projection = $1 ORDER BY 1, 2",
        &[&projection],
    )?;
    rows.iter()
        .map(|row| Ok((Ident::new(row.get::<_, String>(0))?, Ident::new(row.get::<_, String>(1))?)))
        .collect()
}

/// Gives a view's name up.
///
/// # Errors
/// The server refuses.
pub fn unpublish(sql: &mut impl Sql, schema: &Ident, view: &Ident) -> Result<(), LedgerError> {
    sql.execute(
        "DELETE FROM regrow.publication WHERE schema_name = $1::text::name AND view_name = $2::text::name",
        &[&schema.as_str(), &view.as_str()],
    )?;
    Ok(())
}

/// Gives up the names of a projection that has no build left, for others to take.
///
/// # Errors
/// The server refuses.
pub fn unpublish_gone(sql: &mut impl Sql, projection: &str) -> Result<(), LedgerError> {
    sql.execute(
        "DELETE FROM regrow.publication WHERE projection = $1 \
         AND NOT EXISTS (SELECT FROM regrow.build WHERE projection = $1 AND state <> 'dropped')",
        &[&projection],
    )?;
    Ok(())
}

/// Puts an event aside; a second time for the same event changes nothing.
///
/// # Errors
/// The server refuses.
pub fn park(sql: &mut impl Sql, id: BuildId, failure: &Failure) -> Result<(), LedgerError> {
    let part = i32::try_from(failure.part).unwrap_or(i32::MAX);
    sql.execute(
        include_str!("ledger/park.sql"),
        &[
            &id.0,
            &failure.position,
            &part,
            &failure.stream_id,
            &failure.stream_version,
            &failure.event_type,
            &failure.schema_version,
            &failure.place,
            &failure.sqlstate,
            &failure.message,
        ],
    )?;
    Ok(())
}
