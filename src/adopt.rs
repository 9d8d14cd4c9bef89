//! Adopting the log of another library: which of its tables are there, and the section that reads one.
//!
//! Owns the story: a preset is held against the table that is really there, the two ends of the log are read by the
//! keys that come of it, and only then config.toml gets its section. The log is never written to. What presets
//! say lies in `log::presets`.

mod section;

use crate::config::{Adopt, Order};
use crate::context::Context;
use crate::ident::quote_literal;
use crate::log::presets::fit::{Beside, Fitted, Unfit};
use crate::log::presets::tables::{self, Table};
use crate::log::presets::{self, Preset, Unread};
use crate::log::{Log, LogError, LogShape};
use crate::pg::{PgError, Row, Session, Sql};
use crate::project::{self, ProjectError};
use crate::report::file::{AdoptReport, RecognisedTable};

/// How long a look at every event of the log may take.
const TYPES_S: u32 = 30;

/// What is to be adopted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The preset's name.
    pub preset: String,
    /// The table with its schema; the only one that fits if none is named.
    pub table: Option<String>,
    /// How long a writer takes at the most.
    pub gaps: Option<String>,
    /// The only tenant whose events are read.
    pub tenant: Option<String>,
}

/// A table that a preset recognises.
#[derive(Debug)]
pub struct Recognised {
    /// The preset.
    pub preset: &'static Preset,
    /// The table, as people write it.
    pub table: String,
    /// Why it needs SQL before it can be adopted, if it does.
    pub first: Option<&'static str>,
}

/// What was adopted.
#[derive(Debug)]
pub struct Adopted {
    /// The preset.
    pub preset: &'static Preset,
    /// The table that is read, as people write it.
    pub table: String,
    /// What was written to config.toml.
    pub section: String,
    /// What the library's way of giving positions means.
    pub hazard: String,
    /// What `promote` and `run` will ask for, if they will.
    pub proof: Option<&'static str>,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// Statements that make reading faster.
    pub sql: Vec<String>,
}

impl Recognised {
    /// The table and the preset; `next` is the command that adopts it.
    #[must_use]
    pub fn report(&self, next: String) -> RecognisedTable {
        RecognisedTable {
            table: self.table.clone(),
            preset: self.preset.name.to_owned(),
            store: self.preset.store.clone(),
            needs_sql_first: self.first,
            next,
        }
    }
}

impl Adopted {
    /// Which versions of the library its preset was tried with, and by what.
    #[must_use]
    pub fn tried(&self) -> Vec<String> {
        let all = self.preset.tried.iter();
        all.map(|tried| format!("{} ({})", tried.versions, tried.by.name())).collect()
    }

    /// What was adopted, and how.
    #[must_use]
    pub fn report(&self) -> AdoptReport {
        AdoptReport {
            preset: self.preset.name.to_owned(),
            table: self.table.clone(),
            section: self.section.clone(),
            hazard: self.hazard.clone(),
            proof: self.proof,
            tried: self.tried(),
            notes: self.notes.clone(),
            sql: self.sql.clone(),
        }
    }
}

/// Why a log was not adopted.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// The server refused, or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The project has a log already, or config.toml cannot be written.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// No table is of the preset.
    #[error("no table of this database is as the preset {preset} describes it ({usual})")]
    None {
        /// The preset.
        preset: &'static str,
        /// What the library calls its table.
        usual: String,
    },
    /// Several tables are.
    #[error("the preset {preset} fits more than one table: {}", .tables.join(", "))]
    Several {
        /// The preset.
        preset: &'static str,
        /// The tables.
        tables: Vec<String>,
    },
    /// The table is not of the preset.
    #[error("{table} is not as the preset {preset} describes it: {}", .differences.join("; "))]
    Differs {
        /// The table.
        table: String,
        /// The preset.
        preset: &'static str,
        /// How it differs.
        differences: Vec<String>,
        /// Presets that fit.
        others: Vec<&'static str>,
    },
    /// The table is of the preset, and cannot be read.
    #[error("{table} cannot be adopted: {why}")]
    Refused {
        /// The table.
        table: String,
        /// Why.
        why: String,
    },
    /// The log needs SQL before it can be adopted.
    #[error("{table} cannot be adopted yet: {because}")]
    SqlFirst {
        /// The table.
        table: String,
        /// Why.
        because: &'static str,
        /// What it needs.
        sql: String,
    },
    /// Nothing tells whose the events are.
    #[error("{table} does not say whose tenant's an event is, so --tenant cannot pick one")]
    NoTenants {
        /// The table.
        table: String,
    },
}

/// The tables of the database that presets recognise; of one table only if it is named.
///
/// # Errors
/// The server refuses, or the named table does not exist.
pub fn recognised(context: &Context, table: Option<&str>) -> Result<Vec<Recognised>, AdoptError> {
    let mut session = Session::open(&context.event_store, "adopt")?;
    let all = tables::look(&mut session, None)?;
    let named = match table {
        Some(table) => vec![there(&mut session, table)?],
        None => all.iter().filter(|table| !table.is_part).cloned().collect(),
    };
    let mut found = Vec::new();
    for table in &named {
        for preset in presets::all() {
            if preset.recognises(table, &beside_of(preset, table, &all)) {
                let first = first_of(&mut session, preset, table)?;
                found.push(Recognised { preset, table: table.label.clone(), first });
            }
        }
    }
    Ok(found)
}

/// Writes the section that reads a table as a preset says.
///
/// # Errors
/// The preset does not fit, the log needs SQL first, or it cannot be read.
pub fn adopt(context: &Context, wanted: &Wanted) -> Result<Adopted, AdoptError> {
    let preset = Preset::named(&wanted.preset)?;
    if context.project.adopts() {
        return Err(ProjectError::Adopted.into());
    }
    let mut session = Session::open(&context.event_store, "adopt")?;
    let all = tables::look(&mut session, None)?;
    let table = chosen(&mut session, preset, wanted.table.as_deref(), &all)?;
    let beside = beside_of(preset, &table, &all);
    let fitted = preset.fit(&table, &beside).map_err(|unfit| match unfit {
        Unfit::Refused(why) => AdoptError::Refused { table: table.label.clone(), why },
        Unfit::Differs(differences) => AdoptError::Differs {
            table: table.label.clone(),
            preset: preset.name,
            differences,
            others: others(&table, &all),
        },
    })?;
    if let Some(because) = first_of(&mut session, preset, &table)? {
        let first = preset.first.as_ref().expect("it gave the reason");
        let sql = first.statements(&table);
        return Err(AdoptError::SqlFirst { table: table.label.clone(), because, sql });
    }
    let (mut keys, mut notes) = keys(&mut session, (preset, &table), &fitted, wanted)?;
    let mut shape = LogShape::adopted(&keys)?;
    if let Some(differs) = gives_no_position(&table, &shape) {
        let (table, others) = (table.label, Vec::new());
        let (preset, differences) = (preset.name, vec![differs]);
        return Err(AdoptError::Differs { table, preset, differences, others });
    }
    let log = open(context, &mut session, shape.clone())?;
    log.is_readable(&mut session)?;
    if let Some((long, told)) = types_that_become_one(&mut session, &shape, &fitted)? {
        notes.push(told);
        if let Some(long) = long {
            keys.event_type = Some(long);
            shape = LogShape::adopted(&keys)?;
        }
    }
    for unread in &fitted.unread {
        notes.extend(cannot_be_read(&mut session, &shape, unread)?);
    }
    if table.parts > 0 {
        notes.push(format!("{} has partitions or children, which are read with it", table.label));
    }
    if table.is_part {
        notes.push(format!(
            "{} is a partition or child: what lies in others is not read",
            table.label
        ));
    }
    let section = section::of(&keys);
    project::adopt(&context.project.root, &section)?;
    Ok(Adopted {
        preset,
        table: keys.table.clone().unwrap_or_default(),
        section,
        hazard: fitted.hazard,
        proof: shape.unproven().map(|_| presets::PROOFS),
        notes,
        sql: match keys.table.as_ref() == Some(&table.label) {
            true => log.wanted_indexes(),
            // A view's question is not answered by an index on one column.
            false => Vec::new(),
        },
    })
}

/// Says that a table does not give positions in the INSERT, though its library's does.
fn gives_no_position(table: &Table, shape: &LogShape) -> Option<String> {
    let column = table.column(shape.position.trim_matches('"'))?;
    let is_needed = shape.order == Order::InInsert && shape.table == table.label;
    (is_needed && !column.has_default).then(|| {
        format!("{} has neither DEFAULT nor identity, so the INSERT does not give it", column.name)
    })
}

/// The table of that name.
fn there(session: &mut Session, name: &str) -> Result<Table, AdoptError> {
    let found = tables::look(session, Some(name))?.pop();
    found.ok_or_else(|| LogError::AdoptedMissing { table: name.to_owned() }.into())
}

/// The table that is named, or the only one that fits.
fn chosen(
    session: &mut Session,
    preset: &'static Preset,
    named: Option<&str>,
    all: &[Table],
) -> Result<Table, AdoptError> {
    if let Some(name) = named {
        return there(session, name);
    }
    let fits =
        |table: &&Table| !table.is_part && preset.recognises(table, &beside_of(preset, table, all));
    let mut found = all.iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => {
            let usual = preset.form.iter().map(|form| form.usual.as_str()).collect::<Vec<_>>();
            Err(AdoptError::None { preset: preset.name, usual: usual.join(" or ") })
        }
        (Some(one), Some(other)) => {
            let all = [one, other].into_iter().chain(found);
            let tables = all.map(|table| table.label.clone()).collect();
            Err(AdoptError::Several { preset: preset.name, tables })
        }
    }
}

/// The tables of a preset that stand beside one.
fn beside_of(preset: &Preset, table: &Table, all: &[Table]) -> Beside {
    let is_it = |other: &&Table, name: &str| other.schema == table.schema && other.name == name;
    let of = |name: &str| {
        all.iter().find(|other| is_it(other, name)).map(|found| (name.to_owned(), found.clone()))
    };
    preset.beside().filter_map(of).collect()
}

/// Presets that fit a table.
fn others(table: &Table, all: &[Table]) -> Vec<&'static str> {
    let fits = |preset: &&Preset| preset.recognises(table, &beside_of(preset, table, all));
    presets::all().iter().filter(fits).map(|preset| preset.name).collect()
}

/// Why a table needs SQL first, if it does.
fn first_of(
    session: &mut Session,
    preset: &'static Preset,
    table: &Table,
) -> Result<Option<&'static str>, PgError> {
    let Some(first) = &preset.first else { return Ok(None) };
    let is_done = match (&first.column, &first.view) {
        (Some(column), _) => table.column(column).is_some(),
        (None, Some(view)) => !tables::look(session, Some(view))?.is_empty(),
        (None, None) => true,
    };
    Ok((!is_done).then_some(first.because.as_str()))
}

/// The keys for a table, and what is to be known of them.
fn keys(
    session: &mut Session,
    (preset, table): (&'static Preset, &Table),
    fitted: &Fitted,
    wanted: &Wanted,
) -> Result<(Adopt, Vec<String>), AdoptError> {
    let mut keys = fitted.keys.clone();
    let view = preset.first.as_ref().and_then(|first| first.view.clone());
    keys.preset = Some(preset.name.to_owned());
    keys.table = Some(view.unwrap_or_else(|| table.label.clone()));
    keys.gaps = wanted.gaps.clone().or(keys.gaps);
    for name in &fitted.sequences {
        let there = session.query_one("SELECT to_regclass($1::text) IS NOT NULL", &[name])?;
        if keys.sequence.is_none() && there.get(0) {
            keys.sequence = Some(name.clone());
        }
    }
    if let Some(only) = &wanted.tenant {
        let Some(tenant) = keys.tenant.take() else {
            return Err(AdoptError::NoTenants { table: table.label.clone() });
        };
        let is_theirs = format!("{tenant} = {}", quote_literal(only));
        keys.filter = Some(match keys.filter {
            Some(filter) => format!("({filter}) AND {is_theirs}"),
            None => is_theirs,
        });
    }
    Ok((keys, fitted.notes.clone()))
}

fn open(context: &Context, session: &mut Session, shape: LogShape) -> Result<Log, LogError> {
    Log::open(session, shape, context.project.config.rebuild.payload_limits())
}

/// What is told of rows that cannot be read, if there are any.
fn cannot_be_read(
    session: &mut Session,
    shape: &LogShape,
    unread: &Unread,
) -> Result<Option<String>, AdoptError> {
    let sql = format!(
        "SELECT count(*), string_agg(DISTINCT ({})::text, ', ' ORDER BY ({})::text), min({}) FROM {} WHERE {}",
        shape.event_type,
        shape.event_type,
        shape.position_value(),
        shape.rows(),
        unread.rows
    );
    let because = &unread.because;
    Ok(match look_for_long(session, &sql)? {
        None => Some(format!(
            "whether there are events with {} could not be looked at within {TYPES_S} s: {because}",
            unread.rows
        )),
        Some(row) => match row.get::<_, i64>(0) {
            0 => None,
            events => {
                let (types, first): (String, i64) = (row.get(1), row.get(2));
                let events = match events {
                    1 => "1 event".to_owned(),
                    events => format!("{events} events"),
                };
                Some(format!(
                    "{events} of {types}, the first at position {first}, cannot be read: {because}"
                ))
            }
        },
    })
}

/// The row of a question that reads the whole log; `None` if it takes too long or cannot be answered.
fn look_for_long(session: &mut Session, sql: &str) -> Result<Option<Row>, AdoptError> {
    session.run(&format!("SET statement_timeout = '{TYPES_S}s'"))?;
    let found = session.query_one(sql, &[]);
    session.run("SET statement_timeout = 0")?;
    match found {
        Ok(row) => Ok(Some(row)),
        Err(PgError::Server(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Types whose short names are the same, though the library's are not: the expression that tells them
/// apart, and what is told.
fn types_that_become_one(
    session: &mut Session,
    shape: &LogShape,
    fitted: &Fitted,
) -> Result<Option<(Option<String>, String)>, AdoptError> {
    let Some(long) = &fitted.long_type else { return Ok(None) };
    let schema = shape.table.rsplit_once('.').map_or("", |(schema, _)| schema);
    let long = long.replace("{schema}", schema);
    let sql = format!(
        "SELECT short, array_agg(long ORDER BY long COLLATE \"C\") \
         FROM (SELECT DISTINCT ({})::text AS short, ({long})::text AS long FROM {}) AS names \
         GROUP BY short HAVING count(*) > 1 ORDER BY short LIMIT 1",
        shape.event_type,
        shape.rows()
    );
    session.run(&format!("SET statement_timeout = '{TYPES_S}s'"))?;
    let found = session.query_opt(&sql, &[]);
    session.run("SET statement_timeout = 0")?;
    match found {
        Ok(None) => Ok(None),
        Ok(Some(row)) => {
            let (short, names): (String, Vec<String>) = (row.get(0), row.get(1));
            let told = format!(
                "types keep the library's long names, since {} would both be {short}; the key types gives them others",
                names.join(" and ")
            );
            Ok(Some((Some(long), told)))
        }
        // It takes too long, or one event's type cannot be evaluated.
        Err(PgError::Server(_)) => Ok(Some((
            None,
            format!(
                "whether two of the library's types have one short name could not be looked at within {TYPES_S} s: compare \
                 'regrow census' with the types there are"
            ),
        ))),
        Err(error) => Err(error.into()),
    }
}
