//! Autogenerate: the revision that leads from the revisions there are to the tables that a
//! `schema.sql` asks for.
//!
//! Both are made in scratch databases and their catalogs compared, so PostgreSQL itself reads
//! the SQL. What cannot be done safely is left in the file as a comment, and said.

use crate::context::Context;
use crate::migrate::{self, MigrateError};
use crate::schema::{self, alter, alter::Piece};
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
    /// What is not written at all, a sentence each: the revision does not make what `schema.sql` asks for until a person
    /// has written it.
    pub by_hand: Vec<String>,
}

impl Generated {
    /// Whether nothing is asked for that is not there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.up.trim().is_empty() && self.left_to_do.is_empty() && self.by_hand.is_empty()
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
    let todo = script.up.iter().filter_map(|piece| match piece {
        Piece::Todo { reason, .. } => Some(reason.clone()),
        Piece::Sql(_) => None,
    });
    let (mut by_hand, left_to_do): (Vec<String>, Vec<String>) =
        todo.partition(|reason| reason.ends_with(alter::BY_HAND));
    let mut up = alter::text(&script.up);
    if script.up.is_empty() {
        // Nothing is said to be as it should be that is not.
        for difference in schema::differences(&wanted.lines(), &made.lines()) {
            let reason = format!("{difference}{}", alter::BY_HAND);
            up += &format!("-- TODO: {reason}.\n");
            by_hand.push(reason);
        }
    }
    Ok(Generated { left_to_do, by_hand, up, down: alter::text(&script.down) })
}
