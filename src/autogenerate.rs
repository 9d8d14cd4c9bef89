//! Autogenerate: the revision that leads from the revisions there are to the tables that a
//! `schema.sql` asks for.
//!
//! Both are made in scratch databases and their catalogs compared, so PostgreSQL itself reads
//! the SQL. What cannot be done safely is left in the file as a comment, and said.

use crate::context::Context;
use crate::migrate::{self, MigrateError};
use crate::schema::alter::{self, Piece};
use crate::scratch::{self, Scratch};

/// A generated revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generated {
    /// The SQL.
    pub up: String,
    /// The way back.
    pub down: String,
    /// What a person must decide, a sentence each.
    pub left_to_do: Vec<String>,
}

impl Generated {
    /// Whether nothing is asked for that is not there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.up.trim().is_empty() && self.left_to_do.is_empty()
    }
}

/// Compares a lineage with its `schema.sql`.
///
/// # Errors
/// There is no `schema.sql`, or it or a revision fails.
pub fn generate(context: &Context, lineage: &str) -> Result<Generated, MigrateError> {
    let files = migrate::lineage(&context.project, lineage)?;
    let mut scratch = Scratch::of(context);
    let Some((made, wanted)) = scratch::made_and_wanted(&mut scratch, &files)? else {
        return Err(MigrateError::NothingWanted {
            lineage: lineage.to_owned(),
            path: context.project.wanted_path(lineage),
        });
    };
    let script = alter::alter(&made, &wanted);
    let left_to_do = script.up.iter().filter_map(|piece| match piece {
        Piece::Todo { reason, .. } => Some(reason.clone()),
        Piece::Sql(_) => None,
    });
    Ok(Generated {
        left_to_do: left_to_do.collect(),
        up: alter::text(&script.up),
        down: alter::text(&script.down),
    })
}
