//! What a comparison came to: one value, of which JSON, the page and the terminal are renderings.

use std::time::Duration;

use serde::Serialize;

use super::Printed;
use crate::figures::{counted, duration, grouped};

/// Two builds, compared.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of this shape: 1.
    pub version: u32,
    /// Whether nothing differs but what was declared.
    pub ok: bool,
    /// The projection.
    pub projection: String,
    /// The position that both stand at.
    pub position: i64,
    /// The build that was looked at.
    pub build: Compared,
    /// The build that it was compared with.
    pub against: Compared,
    /// When the snapshot was taken.
    pub snapshot_at: String,
    /// How old it was when everything was compared, in seconds.
    pub snapshot_age_s: f64,
    /// How many attempts a common position took.
    pub attempts: u32,
    /// What was drawn; null if every row was compared.
    pub sample: Option<Draw>,
    /// Tables that both have.
    pub tables: Vec<TableReport>,
    /// Tables that only one of both has.
    pub tables_only: Vec<OnlyIn>,
    /// How many differences there are that nobody declared: rows, columns and tables.
    pub unexpected: u64,
    /// What was declared, and whether it was met.
    pub expected: Vec<Declared>,
    /// What was not looked at.
    pub not_compared: Vec<String>,
    /// What else has to be known to judge it.
    pub notes: Vec<String>,
}

impl Printed for Report {
    const COMMAND: &'static str = "regrow verify";
}

/// A build that is compared with another.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// Its schema.
    pub build: String,
    /// `live`, `ready`, `retired`, or what it was made for.
    pub role: String,
    /// The hash of its definition.
    pub definition: String,
    /// Events that were parked for it.
    pub parked: i64,
    /// Those of them that were not parked for the other.
    pub parked_only: usize,
    /// Events that were skipped for it.
    pub skipped: i64,
    /// Those of them that were not skipped for the other.
    pub skipped_only: usize,
}

/// Something that only one of both has.
#[derive(Debug, Clone, Serialize)]
pub struct OnlyIn {
    /// Its name.
    pub name: String,
    /// The build that has it.
    pub build: String,
    /// Whether that was declared.
    pub expected: bool,
}

/// A table that both have.
#[derive(Debug, Clone, Serialize)]
pub struct TableReport {
    /// Its name.
    pub table: String,
    /// The columns that tell its rows apart; null if rows were compared as a multiset.
    pub key: Option<Vec<String>>,
    /// How many columns were compared.
    pub columns_compared: usize,
    /// Rows of the build.
    pub rows: u64,
    /// Rows of the other; of a sample that was replayed alone, those that were replayed.
    pub rows_against: u64,
    /// What of it was looked at; null if that is every row.
    pub sample: Option<Sampled>,
    /// Rows that only the build has.
    pub only_in_build: u64,
    /// Rows that only the other has.
    pub only_in_against: u64,
    /// Rows of one key whose values differ.
    pub changed: u64,
    /// How many of these differences nobody declared.
    pub unexpected: u64,
    /// Where they differ.
    pub columns: Vec<ColumnReport>,
    /// Columns that only one of both has: their values were not compared with anything.
    pub columns_only: Vec<OnlyIn>,
    /// Columns of other types.
    pub types: Vec<Retyped>,
    /// Some of the rows that differ.
    pub samples: Vec<Sample>,
}

/// A column in which rows differ.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnReport {
    /// Its name.
    pub column: String,
    /// In how many rows.
    pub rows: u64,
    /// Whether that was declared.
    pub expected: bool,
    /// The key of the first of them, in the order of the bytes of their keys; null if the table has no key.
    pub first_key: Option<Vec<KeyPart>>,
}

/// A column whose type is not the same.
#[derive(Debug, Clone, Serialize)]
pub struct Retyped {
    /// Its name.
    pub column: String,
    /// Its type in the build.
    pub build: String,
    /// Its type in the other.
    pub against: String,
    /// Whether that was declared.
    pub expected: bool,
}

impl Report {
    /// How a row differs, in words.
    #[must_use]
    pub fn in_words(&self, kind: SampleKind) -> String {
        match kind {
            SampleKind::Changed => "changed".to_owned(),
            SampleKind::OnlyInBuild => format!("only in {}", self.build.build),
            SampleKind::OnlyInAgainst => format!("only in {}", self.against.build),
        }
    }
}

/// A row that differs, or rows that are alike.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// How it differs.
    pub kind: SampleKind,
    /// Which row; null if the table has no key.
    pub key: Option<Vec<KeyPart>>,
    /// How many there are alike.
    pub rows: u64,
    /// The columns in which it differs; of a row that only one has all columns, with `--show-values` only. Absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Changed>,
}

/// How a row differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleKind {
    /// Only the build has it.
    OnlyInBuild,
    /// Only the other has it.
    OnlyInAgainst,
    /// Both have it, with other values.
    Changed,
}

/// A part of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyPart {
    /// The column.
    pub column: String,
    /// Its value, as PostgreSQL prints it; null is NULL.
    pub value: Option<String>,
}

/// A column of a row that differs.
#[derive(Debug, Clone, Serialize)]
pub struct Changed {
    /// The column.
    pub column: String,
    /// Its values: with `--show-values` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Values>,
}

/// What both have in a column.
#[derive(Debug, Clone, Serialize)]
pub struct Values {
    /// That of the build, as PostgreSQL prints it; null is NULL.
    pub build: Option<String>,
    /// That of the other.
    pub against: Option<String>,
}

/// A sample that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Draw {
    /// How many keys of each table, at the most.
    pub keys: u32,
    /// What draws the same again: `--seed`.
    pub seed: u32,
    /// Whether each key was replayed alone from its events; else the rows of two builds were compared.
    #[serde(rename = "replayed_alone")]
    pub is_alone: bool,
}

/// What of a table was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sampled {
    /// How many keys were drawn.
    pub keys: u64,
    /// How many rows of the build have them.
    pub rows: u64,
    /// How many rows of the other.
    pub rows_against: u64,
}

/// A difference that was declared.
#[derive(Debug, Clone, Serialize)]
pub struct Declared {
    /// As it was written.
    pub declared: String,
    /// Whether there is such a difference.
    pub met: bool,
}

impl Report {
    /// How many rows were compared, of both builds together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(TableReport::rows_compared).sum()
    }

    /// How many rows the tables that both have hold, of both builds together.
    #[must_use]
    pub fn all_rows(&self) -> u64 {
        let is_alone = self.sample.is_some_and(|draw| draw.is_alone);
        let against = |table: &TableReport| if is_alone { 0 } else { table.rows_against };
        self.tables.iter().map(|table| table.rows + against(table)).sum()
    }

    /// One sentence: what was looked at, and what came of it.
    #[must_use]
    pub fn verdict(&self) -> String {
        let tables = counted(self.tables.len() as i128, "table", "tables");
        let rows = counted(self.rows(), "row", "rows");
        let meant = self.expected.iter().filter(|declared| declared.met).count();
        let of_a_sample = if self.sample.is_some() { " in the sample" } else { "" };
        let verdict = match (self.unexpected, meant) {
            _ if self.tables.is_empty() => "there is no table that both have".to_owned(),
            (0, 0) if self.rows() == 0 => "no difference, and not a single row".to_owned(),
            (0, 0) => format!("no difference{of_a_sample}"),
            (0, _) => format!("no difference{of_a_sample} but those that were declared"),
            (some, _) => {
                let one = "difference that was not declared";
                format!("{}{of_a_sample}", counted(some, one, "differences that were not declared"))
            }
        };
        let age = self.snapshot_age();
        if let Some(draw) = self.sample.filter(|draw| draw.is_alone) {
            let looked_at = self.tables.iter().filter_map(|table| table.sample);
            let (keys, rows) = looked_at.fold((0, 0), |(k, r), one| (k + one.keys, r + one.rows));
            let rest = match self.all_rows().saturating_sub(rows) {
                0 => String::new(),
                rest => format!("; nothing is known of the other {}", counted(rest, "row", "rows")),
            };
            return format!(
                "{tables}, {} (--seed {}) replayed alone in {}, with {} of {}: {verdict}{rest}",
                counted(keys, "key", "keys"),
                draw.seed,
                duration(age),
                grouped(rows),
                counted(self.all_rows(), "row", "rows"),
            );
        }
        if let Some(draw) = self.sample {
            let (looked_at, all) = (self.rows(), self.all_rows());
            let rest = match all - looked_at {
                0 => String::new(),
                rest => format!("; nothing is known of the other {}", counted(rest, "row", "rows")),
            };
            return format!(
                "{tables}, a sample of {} of {} (--seed {}) compared in a snapshot {} old: {verdict}{rest}",
                grouped(looked_at),
                counted(all, "row", "rows"),
                draw.seed,
                duration(age)
            );
        }
        format!("{tables}, {rows} compared in a snapshot {} old: {verdict}", duration(age))
    }

    /// How old the snapshot was at the end.
    #[must_use]
    pub fn snapshot_age(&self) -> Duration {
        Duration::from_secs_f64(self.snapshot_age_s)
    }
}

impl TableReport {
    /// How many rows were compared, of both builds together.
    #[must_use]
    pub fn rows_compared(&self) -> u64 {
        match self.sample {
            Some(sampled) => sampled.rows + sampled.rows_against,
            None => self.rows + self.rows_against,
        }
    }
}
