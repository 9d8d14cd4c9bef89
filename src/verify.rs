//! Verify: two builds of a projection compared, row by row, at one position of the log.
//!
//! The story: **choose** the builds, **hold** them at one position in a snapshot, **plan** what can be compared with
//! what, **compare** table by table by several sessions that see that snapshot, and say what differs, where, and what
//! was not looked at. Nothing of it is seen by readers, and nothing waits for it but DDL on the builds' tables.
//!
//! Two rows are the same if `COPY ... TO` prints the same for them, under the settings that all our sessions have: the
//! same measure by which the two engines agree. So `1.0` and `1.00` of a `numeric` differ, `NaN` is `NaN`, and it does not
//! matter whether a type knows equality or which collation a column has.

mod alone;
mod compare;
mod difference;
mod digest;
mod error;
mod gate;
mod hold;
mod live;
mod pair;
mod plan;
mod replayed;
mod sample;

use std::collections::BTreeSet;

pub use crate::report::comparison::{
    Changed, ColumnReport, Compared, Declared, Draw, KeyPart, OnlyIn, Report, Retyped, Sample,
    SampleKind, Sampled, TableReport, Values,
};
pub use error::VerifyError;
pub use gate::{Proven, rebuild, resume};
pub use live::{Checked, check, live};
pub use sample::WantedSample;

use compare::{Reader, Rows, Work};
use difference::Tally;
use digest::RowHash;
use hold::{Held, Side};
use plan::{Plan, Table};

use crate::context::Context;
use crate::definition::expected::Expected;
use crate::ident::Ident;
use crate::ledger::{self, Build, LedgerError};
use crate::progress::{Progress, Stage};
use crate::replay::feed::Source;
use crate::report::Printed as _;

/// Two sides are read at once.
const LEAST_READERS: usize = 2;

/// What a comparison is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The projection.
    pub projection: String,
    /// The build to look at, by its schema or its number; the newest candidate that is ready if none is named.
    pub build: Option<String>,
    /// What it is compared with.
    pub against: Against,
    /// Differences that are meant, beside those of `projection.toml`.
    pub expect: Vec<Expected>,
    /// Keys to draw, if not every row is compared.
    pub sample: Option<WantedSample>,
    /// How many rows of each kind and table are shown.
    pub samples: usize,
    /// Whether their values are.
    pub with_values: bool,
}

/// What a build is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// The build that readers see.
    Live,
    /// The log: what the sql engine alone makes of it, in a build that is made for this and dropped; of a sample, what
    /// it makes of the events of each value, in scratch.
    Log,
    /// Another build, by its schema or its number.
    Build(String),
}

/// Compares two builds.
///
/// # Errors
/// They cannot be compared. That they differ is no error: the report says so.
pub fn verify(context: &Context, wanted: &Wanted) -> Result<Report, VerifyError> {
    context.retry_on_connection_loss(VerifyError::of_server, |_| match wanted.against {
        Against::Log => match wanted.sample {
            Some(sample) => {
                alone::verify(context, wanted, Draw { is_alone: true, ..sample.draw() })
            }
            None => replayed::verify(context, wanted),
        },
        Against::Live | Against::Build(_) => {
            let mut session = context.change_ledger("verify")?;
            let builds = pair::choose(context, &mut session, wanted)?;
            let mut source = Source::open(context, &mut session, "verify")?;
            let [one, other] = builds;
            let sides = [
                Side::open(context, &source, &mut session, one)?,
                Side::open(context, &source, &mut session, other)?,
            ];
            let held = hold::hold(context, &mut source, sides)?;
            report(context, wanted, held)
        }
    })
}

/// Compares two builds that are held.
fn report(context: &Context, wanted: &Wanted, held: Held) -> Result<Report, VerifyError> {
    let Held { mut snapshot, builds, attempts } = held;
    let name = builds[0].schema.to_string();
    context.note(&Progress::Stage { build: name, stage: Stage::Verify });
    let plan = plan::plan(&mut snapshot.session, &builds)?;
    let declared = Declarations::of(context, wanted, &plan)?;
    let count = context.project.config.rebuild.workers().max(LEAST_READERS);
    let mut readers = Vec::new();
    for _ in 0..count {
        match Reader::open(&context.read_models, &snapshot.id) {
            Ok(reader) => readers.push(reader),
            // A server without a free connection is no reason to fail: two sessions do it too.
            Err(_) if readers.len() >= LEAST_READERS => break,
            Err(error) => return Err(error.into()),
        }
    }
    let mut work = Work {
        readers: &mut readers,
        hash: RowHash::draw(),
        observer: context.observer.as_ref(),
        interrupt: &context.interrupt,
    };
    let draw = wanted.sample.map(WantedSample::draw);
    let mut met = BTreeSet::new();
    let mut tables = Vec::new();
    for table in &plan.tables {
        let mut tally = Tally::new(table, declared.meant(table), wanted.samples);
        // Without a key nothing can be drawn that would be found on the other side.
        let (rows, sampled) = match draw.filter(|_| table.key.is_some()) {
            Some(draw) => sample::compare(&mut work, table, &mut tally, draw)?,
            None => (compare::compare(&mut work, table, &mut tally)?, None),
        };
        let of = (&builds, wanted.with_values);
        let compared = of_table(table, &tally, &rows, of, (&declared, &mut met));
        tables.push(TableReport { sample: sampled, ..compared });
    }
    let mut tables_only = Vec::new();
    for (side, build) in plan.only.iter().zip(&builds) {
        for table in side {
            let expected = declared.table(table, &mut met);
            let (name, build) = (table.to_string(), build.schema.to_string());
            tables_only.push(OnlyIn { name, build, expected });
        }
    }
    let unexpected = tables.iter().map(|table| table.unexpected).sum::<u64>()
        + tables_only.iter().filter(|only| !only.expected).count() as u64;
    let parked = ledger::parked_apart(&mut snapshot.session, [builds[0].id, builds[1].id])?;
    let skipped = ledger::skipped_apart(&mut snapshot.session, [&builds[0], &builds[1]])?;
    let notes = notes(&mut snapshot.session, &builds)?;
    let expected = declared
        .all
        .iter()
        .map(|expected| Declared { declared: expected.to_string(), met: met.contains(expected) });
    let [build, against] = [0, 1].map(|side| Compared {
        build: builds[side].schema.to_string(),
        role: role(&builds[side]),
        definition: builds[side].definition_hash.clone(),
        parked: builds[side].parked,
        parked_only: parked[side].len(),
        skipped: builds[side].skipped,
        skipped_only: skipped[side].len(),
    });
    Ok(Report {
        version: Report::VERSION,
        ok: unexpected == 0,
        projection: wanted.projection.clone(),
        position: builds[0].position.0,
        build,
        against,
        snapshot_at: snapshot.at.clone(),
        snapshot_age_s: snapshot.taken.elapsed().as_secs_f64(),
        attempts,
        sample: draw,
        tables,
        tables_only,
        unexpected,
        expected: expected.collect(),
        not_compared: plan.not_compared,
        notes,
    })
}

fn role(build: &Build) -> String {
    match build.is_proof {
        true => "replayed from the log by the sql engine".to_owned(),
        false => build.state.to_string(),
    }
}

/// What else has to be known to judge a comparison.
fn notes(
    session: &mut crate::pg::Session,
    builds: &[Build; 2],
) -> Result<Vec<String>, LedgerError> {
    let mut notes = Vec::new();
    let [one, other] = builds;
    if one.events_read != other.events_read && one.definition_hash == other.definition_hash {
        notes.push(format!(
            "{} has read {} events up to there and {} {}, by the same definition",
            one.schema, one.events_read, other.schema, other.events_read
        ));
    }
    for build in builds {
        if let Some(missing) = ledger::missing(session, build)? {
            notes.push(format!(
                "the log has at least {} events that {} never read, and lacks {} that it has read",
                missing.late, build.schema, missing.deleted
            ));
        }
        if let Some(failure) = &build.failure {
            notes.push(format!("{} stopped there: {failure}", build.schema));
        }
    }
    Ok(notes)
}

fn of_table(
    table: &Table,
    tally: &Tally<'_>,
    rows: &Rows,
    (builds, with_values): (&[Build; 2], bool),
    (declared, met): (&Declarations, &mut BTreeSet<Expected>),
) -> TableReport {
    let mut columns_only = Vec::new();
    for (columns, build) in table.columns_only.iter().zip(builds) {
        for column in columns {
            let expected = declared.column(&table.name, column, met);
            let (name, build) = (column.to_string(), build.schema.to_string());
            columns_only.push(OnlyIn { name, build, expected });
        }
    }
    let retyped = |(column, types): &(Ident, [String; 2])| Retyped {
        column: column.to_string(),
        build: types[0].clone(),
        against: types[1].clone(),
        expected: declared.is_column(&table.name, column),
    };
    let types: Vec<Retyped> = table.retyped.iter().map(retyped).collect();
    let columns = tally.columns();
    // Called for what is met by it.
    for column in table.columns.iter().filter(|name| {
        columns.iter().any(|c| c.column == name.as_str())
            || types.iter().any(|t| t.column == name.as_str())
    }) {
        declared.column(&table.name, column, met);
    }
    let only = tally.only[0] + tally.only[1];
    let are_rows_meant = only > 0 && declared.rows(&table.name, met);
    let unexpected = tally.changed_unmeant
        + if are_rows_meant { 0 } else { only }
        + columns_only.iter().filter(|column| !column.expected).count() as u64
        + types.iter().filter(|column| !column.expected).count() as u64;
    let key = table.key.as_ref();
    TableReport {
        table: table.name.to_string(),
        key: key.map(|key| key.iter().map(|nth| table.columns[*nth].to_string()).collect()),
        columns_compared: table.columns.len(),
        rows: rows.0[0],
        rows_against: rows.0[1],
        sample: None,
        only_in_build: tally.only[0],
        only_in_against: tally.only[1],
        changed: tally.changed,
        unexpected,
        columns,
        columns_only,
        types,
        samples: tally.samples(with_values),
    }
}

/// What differences are meant.
struct Declarations {
    all: BTreeSet<Expected>,
}

impl Declarations {
    /// Those of the project's files and those that were typed.
    fn of(context: &Context, wanted: &Wanted, plan: &Plan) -> Result<Declarations, VerifyError> {
        let files = context.project.projections.get(&wanted.projection);
        let written = files.map_or(&[][..], |files| files.settings.verify.expect.as_slice());
        // Those that cannot be read were refused with their file.
        let written = written.iter().filter_map(|text| text.parse().ok());
        let all: BTreeSet<Expected> = written.chain(wanted.expect.iter().cloned()).collect();
        for expected in &wanted.expect {
            exists(expected, plan)?;
        }
        Ok(Declarations { all })
    }

    fn has(&self, expected: &Expected, met: &mut BTreeSet<Expected>) -> bool {
        let has = self.all.contains(expected);
        if has {
            met.insert(expected.clone());
        }
        has
    }

    fn table(&self, table: &Ident, met: &mut BTreeSet<Expected>) -> bool {
        self.has(&Expected::Table { table: table.to_string() }, met)
    }

    fn rows(&self, table: &Ident, met: &mut BTreeSet<Expected>) -> bool {
        let rows = self.has(&Expected::Rows { table: table.to_string() }, met);
        self.table(table, met) || rows
    }

    fn column(&self, table: &Ident, column: &Ident, met: &mut BTreeSet<Expected>) -> bool {
        let (of, column) = (table.to_string(), column.to_string());
        let is_meant = self.has(&Expected::Column { table: of, column }, met);
        self.table(table, met) || is_meant
    }

    fn is_column(&self, table: &Ident, column: &Ident) -> bool {
        self.column(table, column, &mut BTreeSet::new())
    }

    /// By column of a table, whether a difference is meant.
    fn meant(&self, table: &Table) -> Vec<bool> {
        table.columns.iter().map(|column| self.is_column(&table.name, column)).collect()
    }
}

/// Refuses a declaration of what neither build has: it would let nothing pass, and somebody thinks it does.
fn exists(expected: &Expected, plan: &Plan) -> Result<(), VerifyError> {
    let refuse = |what| Err(VerifyError::Undeclared { declared: expected.to_string(), what });
    let is_it = |name: &&Ident| name.as_str() == expected.table();
    if plan.only.iter().flatten().any(|name| is_it(&name)) {
        return Ok(());
    }
    let Some(table) = plan.tables.iter().find(|table| is_it(&&table.name)) else {
        return refuse("table");
    };
    let Expected::Column { column, .. } = expected else { return Ok(()) };
    let mut columns = table.columns.iter().chain(table.columns_only.iter().flatten());
    match columns.any(|name| name.as_str() == column) {
        true => Ok(()),
        false => refuse("column"),
    }
}
