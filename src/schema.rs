//! What PostgreSQL's catalog says of one schema, as a value.
//!
//! Owns the facts and their fingerprint; the rooms below own the lines the facts are
//! stored as, what is different between two sets of lines, and the SQL that leads from
//! one value to another. Nothing here reads a database (`pg::schema` does), parses SQL,
//! or knows of rows. Every name and definition is in the form the server prints, without
//! the schema's own name, so one lineage gives equal values in any two schemas.

pub mod alter;
pub mod drift;
mod lines;
mod printed;

use std::collections::BTreeMap;

pub use alter::{Piece, Script, alter};
pub use drift::{Difference, differences, drift};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Stands among the lines that are kept, and says that `others` were read as well: lines of before
/// cannot say whether there were any.
pub const WITH_OTHERS: &str = "read: with rules, replica identities, statistics";

/// Stands among the lines that are kept, and says that `later` was read as well.
pub const WITH_LATER: &str =
    "read: with compression, options of columns, enforcement of constraints";

/// What is not read, and so never seen as drift: everything else of a schema is.
pub const NOT_READ: [&str; 7] = [
    "grants, owners and default privileges (they differ from one environment to the next; \\dp and \\ddp of psql show them)",
    "security labels",
    "publications and subscriptions",
    "text search configurations, dictionaries, parsers and templates",
    "operator classes and families, casts, conversions, access methods",
    "event triggers, servers of foreign tables, user mappings and other objects outside of a schema",
    "the objects of extensions, and settings of roles and databases",
];

/// Facts by the name the server prints for them.
pub type Named<T> = BTreeMap<String, T>;

/// Everything in one schema that DDL made and DDL can make again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schema {
    /// Ordinary and partitioned tables, and partitions.
    pub tables: Named<Table>,
    /// Indexes that back no constraint; names are unique in a schema.
    pub indexes: Named<Index>,
    /// Triggers by `name ON relation`.
    pub triggers: Named<Trigger>,
    /// Sequences that no identity column owns.
    pub sequences: Named<Sequence>,
    /// Views and materialized views.
    pub views: Named<View>,
    /// Functions and procedures by `name(identity arguments)`.
    pub routines: Named<Routine>,
    /// Enum types: their labels in order, not quoted.
    pub enums: Named<Vec<String>>,
    /// Domains.
    pub domains: Named<Domain>,
    /// Composite types: their attributes in order.
    pub composites: Named<Vec<Attribute>>,
    /// Comments by what `COMMENT ON` takes, such as `COLUMN orders.note`.
    pub comments: Named<String>,
    /// What no script makes, as lines: rules, replica identities, statistics and the like.
    pub others: Named<String>,
    /// The same, of what was not read from the beginning on.
    pub later: Named<String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Table {
    /// Whether it is UNLOGGED.
    pub unlogged: bool,
    /// The partition key, such as `RANGE (at)`.
    pub partitioned_by: Option<String>,
    /// The bound of a partition, such as `FOR VALUES IN (1)`.
    pub partition_bound: Option<String>,
    /// The table it is a partition of, or the tables it inherits from.
    pub parents: Vec<String>,
    /// Storage parameters.
    pub options: Named<String>,
    /// Whether row-level security is enabled.
    pub row_security: bool,
    /// Whether row-level security holds for the owner too.
    pub row_security_forced: bool,
    /// Columns in the order of the table.
    pub columns: Vec<Column>,
    /// Constraints of its own, without NOT NULL.
    pub constraints: Named<Constraint>,
    /// Policies: all that follows `CREATE POLICY name ON table`.
    pub policies: Named<String>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type with modifiers.
    #[serde(rename = "type")]
    pub sql_type: String,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// Its default as SQL text.
    pub default: Option<String>,
    /// `GENERATED ALWAYS AS (...) STORED`, or `VIRTUAL`.
    pub generated: Option<String>,
    /// `ALWAYS` or `BY DEFAULT`.
    pub identity: Option<String>,
    /// The identity's sequence, where it is not what the type gives by itself.
    pub identity_options: Option<String>,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// `pg_constraint.contype`: `p`, `u`, `x`, `c` or `f`.
    pub kind: char,
    /// All that follows its name; ends with `NOT VALID` while it is not validated.
    pub definition: String,
}

/// An index that backs no constraint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The table or materialized view.
    pub on: String,
    /// The statement that makes it.
    pub definition: String,
    /// False after a `CREATE INDEX CONCURRENTLY` that failed.
    pub valid: bool,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The table or view.
    pub on: String,
    /// The statement that makes it.
    pub definition: String,
    /// `pg_trigger.tgenabled`: `O` origin, `D` disabled, `R` replica, `A` always.
    pub fires: char,
}

/// A sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sequence {
    /// All that follows `CREATE SEQUENCE name`.
    pub definition: String,
    /// The `table.column` it goes with.
    pub owned_by: Option<String>,
}

/// A view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct View {
    /// Whether it holds rows.
    pub materialized: bool,
    /// Its query.
    pub definition: String,
    /// Parameters such as `security_barrier`.
    pub options: Named<String>,
    /// Its columns in order.
    pub columns: Vec<Attribute>,
}

/// A function or procedure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Routine {
    /// `FUNCTION` or `PROCEDURE`.
    pub kind: String,
    /// Its arguments with their defaults.
    pub arguments: String,
    /// What it gives; procedures without output have none.
    pub returns: Option<String>,
    /// The language of its body.
    pub language: String,
    /// The statement that makes it.
    pub definition: String,
}

/// A domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Domain {
    /// The type beneath it, with modifiers.
    #[serde(rename = "type")]
    pub sql_type: String,
    /// Its collation, where it is not the type's.
    pub collation: Option<String>,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// Its default as SQL text.
    pub default: Option<String>,
    /// Its checks.
    pub constraints: Named<String>,
}

/// A column of a view or a part of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type with modifiers.
    #[serde(rename = "type")]
    pub sql_type: String,
}

impl Schema {
    /// Reads the facts as the server puts them together (`pg/schema.sql`).
    ///
    /// # Errors
    /// The text is not of that form.
    pub fn from_json(text: &str) -> Result<Schema, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The facts, sorted, one a line: `key`, or `key: value`.
    ///
    /// The order of a table's columns is no fact: only dropping and adding a column
    /// again changes it, and no script could put it right.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        lines::of(self)
    }

    /// SHA-256 over the lines, 64 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.lines())
    }
}

/// SHA-256 over stored lines, 64 hexadecimal digits.
#[must_use]
pub fn fingerprint(lines: &[String]) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Table {
    /// Whether it is a partition of another table.
    #[must_use]
    pub fn is_partition(&self) -> bool {
        self.partition_bound.is_some()
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    /// All that follows the column's name in `CREATE TABLE`.
    #[must_use]
    pub fn definition(&self) -> String {
        let mut text = self.sql_type.clone();
        if let Some(collation) = &self.collation {
            text += &format!(" COLLATE {collation}");
        }
        if let Some(generated) = &self.generated {
            text += &format!(" {generated}");
        }
        if self.not_null {
            text += " NOT NULL";
        }
        if let Some(default) = &self.default {
            text += &format!(" DEFAULT {default}");
        }
        if let Some(identity) = &self.identity {
            text += &format!(" GENERATED {identity} AS IDENTITY");
            if let Some(options) = &self.identity_options {
                text += &format!(" ({options})");
            }
        }
        text
    }
}

impl Domain {
    /// All that follows `CREATE DOMAIN name`, without the checks.
    #[must_use]
    pub fn definition(&self) -> String {
        let mut text = format!("AS {}", self.sql_type);
        if let Some(collation) = &self.collation {
            text += &format!(" COLLATE {collation}");
        }
        if let Some(default) = &self.default {
            text += &format!(" DEFAULT {default}");
        }
        if self.not_null {
            text += " NOT NULL";
        }
        text
    }
}

/// `name=value` pairs as they stand in `WITH (...)`.
fn options_text(options: &Named<String>) -> String {
    let pairs: Vec<String> = options
        .iter()
        .map(|(name, value)| format!("{name}={}", crate::ident::quote_literal(value)))
        .collect();
    pairs.join(", ")
}
