//! What ran in a schema: refinery's history table, and what we remember beside it.
//!
//! Refinery writes the rows: it is handed one revision at a time and its statements are run
//! in a transaction of ours, since its own runner needs two. Planning is not its business
//! here: `Lineage` has the order. The table lies in the schema it describes and keeps
//! refinery's own name, so its tools can read it; what they have no column for (a checksum
//! that comments do not change, parents, steps, the catalog) lies in tables of ours beside it.

use refinery::{Migration, Target};
use refinery_core::traits::sync::{self, Migrate};

use super::{Param, PgError, Row, Sql, failpoint, owner};
use crate::bulk;
use crate::ident::{Ident, quote_literal};
use crate::revision::{Direction, Revision};

/// The history table's name in each schema.
pub const TABLE: &str = "refinery_schema_history";
/// What the names of our own tables in a schema begin with.
pub const OWN_PREFIX: &str = "regrow_schema_";
/// What comes behind that: no other table that is called so is ours.
pub const OWN_TABLES: [&str; 3] = ["history", "step", "catalog"];

/// A row of the history table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The revision's version.
    pub version: i64,
    /// Its slug.
    pub slug: String,
    /// When it ran, RFC 3339.
    pub applied_on: String,
    /// Refinery's SipHash-1-3 over name, version and SQL.
    pub checksum: String,
    /// What we remember of it; nothing where refinery itself ran it.
    pub remembered: Option<Remembered>,
}

/// What refinery has no column for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// [`Revision::normal_checksum`] when it ran.
    pub checksum: String,
    /// Its parents when it ran.
    pub revises: Vec<i64>,
}

/// A statement of a revision that runs outside a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number in the file, from 1.
    pub number: i32,
    /// A checksum of its text.
    pub checksum: String,
    /// Whether it is known to have happened; else somebody began it.
    pub done: bool,
}

/// The catalog as it was when the last run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The versions that were applied then.
    pub versions: Vec<i64>,
    /// `Schema::lines`.
    pub lines: Vec<String>,
}

/// Why a revision did not run.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The server refused it.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// Refinery does not take the revision's name.
    #[error("refinery does not accept the revision {stem}: {reason}")]
    Refinery {
        /// The file's stem.
        stem: String,
        /// What refinery said.
        reason: String,
    },
    /// A revision's file, which is too large to be held, cannot be read.
    #[error("{path} cannot be read: {reason}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
}

/// Refinery's idea of a connection: it keeps what refinery wants to run, for us to run.
#[derive(Default)]
struct Scribe(Vec<String>);

impl sync::Transaction for Scribe {
    type Error = std::convert::Infallible;

    fn execute<'q, T: Iterator<Item = &'q str>>(
        &mut self,
        queries: T,
    ) -> Result<usize, Self::Error> {
        let before = self.0.len();
        self.0.extend(queries.map(str::to_owned));
        Ok(self.0.len() - before)
    }
}

impl sync::Query<Vec<Migration>> for Scribe {
    /// Never asked: verification is `migrate`'s own, which lists every problem at once.
    fn query(&mut self, _: &str) -> Result<Vec<Migration>, Self::Error> {
        Ok(Vec::new())
    }
}

impl Migrate for Scribe {}

fn table_in(schema: &Ident) -> String {
    format!("{}.{TABLE}", schema.quoted())
}

fn refused(stem: String) -> impl FnOnce(refinery::Error) -> HistoryError {
    |error| HistoryError::Refinery { stem, reason: error.to_string() }
}

/// The checksum refinery would store for a revision.
///
/// # Errors
/// Refinery does not take the revision's name.
pub fn checksum(revision: &Revision) -> Result<String, HistoryError> {
    let Some(bulk) = &revision.up.bulk else {
        return Ok(migration(revision)?.checksum().to_string());
    };
    let sum = bulk::checksum(bulk, &revision.slug, revision.version);
    sum.map(|sum| sum.to_string()).map_err(|error| HistoryError::File {
        path: revision.up.path.clone(),
        reason: error.to_string(),
    })
}

/// Whether a row is of a revision's text as it is now. Comments, blanks and line ends do not
/// count where we remember the text without them; where only refinery's checksum is there,
/// line ends do not, since a checkout may turn them.
///
/// # Errors
/// Refinery does not take the revision's name.
pub fn is_of(applied: &Applied, revision: &Revision) -> Result<bool, HistoryError> {
    if checksum(revision)? == applied.checksum {
        return Ok(true);
    }
    // Of a file that is not held nobody knows what of it are comments.
    if revision.up.bulk.is_some() {
        return Ok(false);
    }
    if let Some(remembered) = &applied.remembered {
        return Ok(remembered.checksum == revision.normal_checksum());
    }
    let mut other = revision.clone();
    other.up.text = revision.up.text.replace("\r\n", "\n");
    if checksum(&other)? == applied.checksum {
        return Ok(true);
    }
    other.up.text = other.up.text.replace('\n', "\r\n");
    Ok(checksum(&other)? == applied.checksum)
}

fn migration(revision: &Revision) -> Result<Migration, HistoryError> {
    Migration::unapplied(&revision.stem(), &revision.up.text).map_err(refused(revision.stem()))
}

/// The statements that make the schema and its tables where they are missing.
///
/// # Errors
/// None that is known; refinery words its own statement.
pub fn set_up_script(schema: &Ident) -> Result<String, HistoryError> {
    Ok(format!("{}\n{}", owner::script(schema), tables_script(schema)?))
}

fn tables_script(schema: &Ident) -> Result<String, HistoryError> {
    let mut scribe = Scribe::default();
    scribe.assert_migrations_table(&table_in(schema)).map_err(refused("V0__history".into()))?;
    let own = include_str!("history.sql").replace("{schema}", &schema.quoted());
    Ok(format!("{};\n{own}", scribe.0.join(";\n").trim_end_matches(';')))
}

/// The statements that write a revision's row, without running the revision.
///
/// # Errors
/// Refinery does not take the revision's name.
pub fn row_script(schema: &Ident, revision: &Revision) -> Result<String, HistoryError> {
    let mut scribe = Scribe::default();
    let row = migration(revision)?;
    let (of_text, of_file) = (row.checksum().to_string(), checksum(revision)?);
    sync::migrate(&mut scribe, vec![row], Target::Fake, &table_in(schema), true)
        .map_err(refused(revision.stem()))?;
    if of_text != of_file {
        // Refinery knows the head only.
        scribe.0.iter_mut().for_each(|row| *row = row.replace(&of_text, &of_file));
    }
    let normal = match &revision.up.bulk {
        Some(_) => format!("file:{of_file}"),
        None => revision.normal_checksum(),
    };
    let revises: Vec<String> = revision.revises.iter().map(ToString::to_string).collect();
    Ok(format!(
        "{};\nINSERT INTO {}.{OWN_PREFIX}history (version, revises, checksum) VALUES ({}, '{{{}}}', {});",
        scribe.0.join(";\n"),
        schema.quoted(),
        revision.version,
        revises.join(","),
        quote_literal(&normal)
    ))
}

/// The statements that take a revision's row away.
#[must_use]
pub fn forget_script(schema: &Ident, version: i64) -> String {
    let schema = schema.quoted();
    format!(
        "DELETE FROM {schema}.{TABLE} WHERE version = {version};\n\
         DELETE FROM {schema}.{OWN_PREFIX}history WHERE version = {version};"
    )
}

/// The statement that dates a row with the moment a script runs, and not with that of its writing.
#[must_use]
pub fn applied_now_script(schema: &Ident, version: i64) -> String {
    let format = r#"YYYY-MM-DD"T"HH24:MI:SS.US"Z""#;
    format!(
        "UPDATE {} SET applied_on = to_char(clock_timestamp() AT TIME ZONE 'UTC', '{format}') WHERE version = {version};",
        table_in(schema)
    )
}

/// The statement that stops a script where its next revision ran already.
#[must_use]
pub fn guard_script(schema: &Ident, revision: &Revision, direction: Direction) -> String {
    let (stem, version, table) = (revision.stem(), revision.version, table_in(schema));
    let (exists, state) = match direction {
        Direction::Up => ("EXISTS", "applied already"),
        Direction::Down => ("NOT EXISTS", "not applied"),
    };
    let said = quote_literal(&format!("{stem} is {state}: this script begins elsewhere"));
    format!(
        "DO $regrow$ BEGIN\n    IF {exists} (SELECT FROM {table} WHERE version = {version}) THEN\n        \
         RAISE EXCEPTION USING MESSAGE = {said};\n    END IF;\nEND $regrow$;"
    )
}

/// Makes the schema and its tables where they are missing.
///
/// # Errors
/// The schema belongs to somebody else, or the server refuses.
pub fn set_up(sql: &mut impl Sql, schema: &Ident) -> Result<(), HistoryError> {
    owner::make(sql, schema)?;
    Ok(sql.run(&tables_script(schema)?)?)
}

/// The rows of a schema's history table by version; none where there is no table.
///
/// # Errors
/// The server refuses.
pub fn applied(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Applied>, PgError> {
    let (table, own) = (table_in(schema), format!("{}.{OWN_PREFIX}history", schema.quoted()));
    let present = sql.query_one(
        "SELECT to_regclass($1) IS NOT NULL, to_regclass($2) IS NOT NULL",
        &[&table, &own],
    )?;
    let columns = "h.version::int8, h.name::text, h.applied_on::text, h.checksum::text";
    let rows = match (present.get(0), present.get(1)) {
        (false, _) => return Ok(Vec::new()),
        (true, false) => sql.query(
            &format!("SELECT {columns}, NULL::text, NULL::int8[] FROM {table} h ORDER BY 1"),
            &[],
        )?,
        (true, true) => sql.query(
            &format!(
                "SELECT {columns}, o.checksum, o.revises FROM {table} h LEFT JOIN {own} o USING (version) ORDER BY 1"
            ),
            &[],
        )?,
    };
    Ok(rows.iter().map(applied_row).collect())
}

fn applied_row(row: &Row) -> Applied {
    let remembered = row
        .get::<_, Option<String>>(4)
        .map(|checksum| Remembered { checksum, revises: row.get(5) });
    Applied {
        version: row.get(0),
        slug: row.get(1),
        applied_on: row.get(2),
        checksum: row.get(3),
        remembered,
    }
}

/// What happened of a revision that runs outside a transaction, by number.
///
/// # Errors
/// The server refuses.
pub fn steps(
    sql: &mut impl Sql,
    schema: &Ident,
    version: i64,
    direction: Direction,
) -> Result<Vec<Step>, PgError> {
    let rows = sql.query(
        &format!(
            "SELECT number, checksum, done_at IS NOT NULL FROM {}.{OWN_PREFIX}step \
             WHERE version = $1 AND direction = $2 ORDER BY number",
            schema.quoted()
        ),
        &[&version, &direction.name()],
    )?;
    Ok(rows
        .iter()
        .map(|row| Step { number: row.get(0), checksum: row.get(1), done: row.get(2) })
        .collect())
}

/// Writes down that a step begins, or that it happened.
///
/// # Errors
/// The server refuses.
pub fn note_step(
    sql: &mut impl Sql,
    schema: &Ident,
    version: i64,
    direction: Direction,
    step: &Step,
) -> Result<(), PgError> {
    let statement = format!(
        "INSERT INTO {}.{OWN_PREFIX}step (version, direction, number, checksum, done_at) \
             VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN clock_timestamp() END) \
             ON CONFLICT (version, direction, number) DO UPDATE \
             SET checksum = EXCLUDED.checksum, done_at = EXCLUDED.done_at",
        schema.quoted()
    );
    let params: [&(dyn Param + Sync); 5] =
        [&version, &direction.name(), &step.number, &step.checksum, &step.done];
    failpoint::around("migrate::note_step", || sql.execute(&statement, &params))?;
    Ok(())
}

/// Forgets that a step began: it did not happen.
///
/// # Errors
/// The server refuses.
pub fn forget_step(
    sql: &mut impl Sql,
    schema: &Ident,
    version: i64,
    direction: Direction,
    step: &Step,
) -> Result<(), PgError> {
    let statement = format!(
        "DELETE FROM {}.{OWN_PREFIX}step \
             WHERE version = $1 AND direction = $2 AND number = $3 AND done_at IS NULL",
        schema.quoted()
    );
    let params: [&(dyn Param + Sync); 3] = [&version, &direction.name(), &step.number];
    failpoint::around("migrate::forget_step", || sql.execute(&statement, &params))?;
    Ok(())
}

/// How many statements of a revision are recorded; none where there is no table.
///
/// # Errors
/// The server refuses.
pub fn steps_of(sql: &mut impl Sql, schema: &Ident, version: i64) -> Result<i64, PgError> {
    let table = format!("{}.{OWN_PREFIX}step", schema.quoted());
    let present: bool = sql.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])?.get(0);
    if !present {
        return Ok(0);
    }
    let count = format!("SELECT count(*) FROM {table} WHERE version = $1");
    Ok(sql.query_one(&count, &[&version])?.get(0))
}

/// How many rows a history has, and the sum of their versions: what a file that changes them is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    rows: i64,
    versions: i128,
}

impl Rows {
    /// Those that there are.
    ///
    /// # Errors
    /// The server refuses; the tables are not there.
    pub fn of(sql: &mut impl Sql, schema: &Ident) -> Result<Rows, PgError> {
        let versions = format!("SELECT version::int8 FROM {}", table_in(schema));
        let versions: Vec<i64> = sql.query(&versions, &[])?.iter().map(|row| row.get(0)).collect();
        let rows = i64::try_from(versions.len()).unwrap_or(i64::MAX);
        Ok(Rows { rows, versions: versions.into_iter().map(i128::from).sum() })
    }

    /// Those there are once a revision was run, or taken back.
    #[must_use]
    pub fn with(self, version: i64, direction: Direction) -> Rows {
        let (rows, versions) = match direction {
            Direction::Up => (1, i128::from(version)),
            Direction::Down => (-1, -i128::from(version)),
        };
        Rows { rows: self.rows + rows, versions: self.versions + versions }
    }

    /// An expression that is true where the history of a schema has these.
    #[must_use]
    pub fn are_there(self, schema: &Ident) -> String {
        format!(
            "(SELECT pg_catalog.count(*) OPERATOR(pg_catalog.=) {} AND COALESCE(pg_catalog.sum(version::pg_catalog.numeric), 0) \
             OPERATOR(pg_catalog.=) {} FROM {})",
            self.rows,
            self.versions,
            table_in(schema)
        )
    }
}

/// The versions of which some statement is written down, either way.
///
/// # Errors
/// The server refuses; the tables are not there.
pub fn begun(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<i64>, PgError> {
    let versions = format!("SELECT DISTINCT version FROM {}.{OWN_PREFIX}step", schema.quoted());
    Ok(sql.query(&versions, &[])?.iter().map(|row| row.get(0)).collect())
}

/// The versions of which a way began and did not end; none where there is no table.
///
/// # Errors
/// The server refuses.
pub fn half_run(
    sql: &mut impl Sql,
    schema: &Ident,
    direction: Direction,
) -> Result<Vec<i64>, PgError> {
    let table = format!("{}.{OWN_PREFIX}step", schema.quoted());
    let present: bool = sql.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])?.get(0);
    if !present {
        return Ok(Vec::new());
    }
    let versions = format!("SELECT DISTINCT version FROM {table} WHERE direction = $1 ORDER BY 1");
    let rows = sql.query(&versions, &[&direction.name()])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The statement that forgets the steps of a revision: it is applied, or gone, as a whole.
#[must_use]
pub fn forget_steps_script(schema: &Ident, version: i64) -> String {
    format!("DELETE FROM {}.{OWN_PREFIX}step WHERE version = {version};\n", schema.quoted())
}

/// Remembers what the catalog says of a schema, for as long as these versions are applied.
///
/// # Errors
/// The server refuses.
pub fn record(sql: &mut impl Sql, schema: &Ident, recorded: &Recorded) -> Result<(), PgError> {
    sql.execute(
        &format!(
            "INSERT INTO {}.{OWN_PREFIX}catalog (versions, lines) VALUES ($1, $2) \
             ON CONFLICT (only_row) DO UPDATE \
             SET versions = EXCLUDED.versions, lines = EXCLUDED.lines, recorded_at = clock_timestamp()",
            schema.quoted()
        ),
        &[&recorded.versions, &recorded.lines],
    )?;
    Ok(())
}

/// What [`record`] wrote last; nothing where it never did.
///
/// # Errors
/// The server refuses.
pub fn recorded(sql: &mut impl Sql, schema: &Ident) -> Result<Option<Recorded>, PgError> {
    let table = format!("{}.{OWN_PREFIX}catalog", schema.quoted());
    let present: bool = sql.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])?.get(0);
    if !present {
        return Ok(None);
    }
    let row = sql.query_opt(&format!("SELECT versions, lines FROM {table}"), &[])?;
    Ok(row.map(|row| Recorded { versions: row.get(0), lines: row.get(1) }))
}
