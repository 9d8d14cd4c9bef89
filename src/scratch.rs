//! Scratch: a lineage made from nothing in a database of its own, which nothing live can feel.
//!
//! The database is on a private server of the same major version, or, where its programs are not
//! there, beside the live one, under a login made for it (`place`). What files do is what they do
//! in a deploy: each revision commits (`applied`), so enum values, deferred triggers and objects
//! outside of the schema are as they are there. Statements on what a whole server shares are never run.
//! What cannot be tried is an error of its own ([`MigrateError::NotTried`]) and says nothing about a file.
//!
//! One [`Scratch`] serves a command; it opens nothing until it is asked for a [`Room`], and drops
//! all it made when it ends. What a kill left behind is dropped by the next one.

mod applied;
mod beside_live;
mod place;

use place::Place;

use crate::context::Context;
use crate::ident::Ident;
use crate::migrate::{self, MigrateError};
use crate::pg::{PgError, Session, Sql, history, schema};
use crate::project::Project;
use crate::revision::{EVENT_STORE, Lineage};
use crate::schema::Schema;
use crate::source::{Place as FilePlace, SourceFile};

pub use beside_live::{is_plain, spreads_tables, within as within_live};

/// Databases for one command.
pub struct Scratch<'s> {
    context: &'s Context,
    /// Beside the event store, and beside the read models if those are elsewhere.
    places: [Option<Place>; 2],
}

/// A database in which one lineage is made, and a session with it.
pub struct Room<'s> {
    context: &'s Context,
    session: Session,
    schema: Ident,
    lineage: String,
    /// Versions that the live event store has: what fails here of them is no mistake.
    applied: Vec<i64>,
    skipped: Vec<Skipped>,
}

/// A statement that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The revision.
    pub stem: String,
    /// Where it stands.
    pub place: FilePlace,
}

impl<'s> Scratch<'s> {
    /// For a context; nothing is opened yet.
    #[must_use]
    pub fn of(context: &'s Context) -> Scratch<'s> {
        Scratch { context, places: [None, None] }
    }

    /// An empty database like the one that a lineage lives in.
    ///
    /// # Errors
    /// There is nowhere to make one ([`MigrateError::NoScratch`]), or a server is lost.
    pub fn room(&mut self, lineage: &Lineage, schema: &Ident) -> Result<Room<'s>, MigrateError> {
        let context = self.context;
        let events = lineage.name == EVENT_STORE || context.one_server();
        let server = if events { &context.event_store } else { &context.read_models };
        let place = match &mut self.places[usize::from(!events)] {
            Some(place) => place,
            empty => empty.insert(Place::open(context, server)?),
        };
        let applied = match lineage.name == EVENT_STORE {
            true => {
                let mut live = Session::open(server, "scratch")?;
                let rows = history::applied(&mut live, schema);
                // Who may not read the history learns nothing from it.
                rows.unwrap_or_default().iter().map(|row| row.version).collect()
            }
            false => Vec::new(),
        };
        let session = place.database(lineage)?;
        let (schema, lineage) = (schema.clone(), lineage.name.clone());
        Ok(Room { context, session, schema, lineage, applied, skipped: Vec::new() })
    }

    /// A database in which a lineage is applied in a schema, with what it depends on.
    ///
    /// # Errors
    /// As [`Scratch::room`]; a revision fails, or cannot be tried.
    pub fn made(&mut self, lineage: &Lineage, schema: &Ident) -> Result<Room<'s>, MigrateError> {
        let mut room = self.room(lineage, schema)?;
        let needs = |name: &str| {
            let mut depended = lineage.revisions.iter().flat_map(|r| &r.depends_on);
            depended.any(|d| d.lineage.as_deref() == Some(name))
        };
        if lineage.name != EVENT_STORE && self.context.one_server() && needs(EVENT_STORE) {
            let events = migrate::lineage(&self.context.project, EVENT_STORE)?;
            let at = self.context.project.config.event_store_schema();
            let mut first = Room { schema: at, lineage: EVENT_STORE.to_owned(), ..room };
            first.apply(&events)?;
            room = Room { schema: schema.clone(), lineage: lineage.name.clone(), ..first };
        }
        room.apply(lineage)?;
        Ok(room)
    }
}

impl<'s> Room<'s> {
    /// The session with the database. Its role owns the database and may do nothing elsewhere.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The project it is for.
    #[must_use]
    pub fn context(&self) -> &'s Context {
        self.context
    }

    /// Where the lineage is made.
    #[must_use]
    pub fn schema(&self) -> &Ident {
        &self.schema
    }

    /// Statements that were left out, since they are about the whole server.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// What the catalog says of the schema.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn catalog(&mut self) -> Result<Schema, PgError> {
        schema::read(&mut self.session, &self.schema)
    }
}

/// The schema of a scratch of a lineage: the event store's own, which its revisions may name, or
/// one that no build has.
#[must_use]
pub fn schema_of(context: &Context, lineage: &str) -> Ident {
    if lineage == EVENT_STORE {
        context.project.config.event_store_schema()
    } else {
        beside(lineage)
    }
}

/// The scratch schema of a projection.
#[must_use]
pub fn beside(projection: &str) -> Ident {
    Ident::new(format!("{projection}__check"))
        .unwrap_or_else(|e| unreachable!("a projection's name leaves room for more: {e}"))
}

/// What a lineage makes, and what its `schema.sql` asks for; nothing without such a file.
///
/// # Errors
/// A revision or `schema.sql` fails or cannot be tried, or there is no scratch.
pub fn made_and_wanted(
    scratch: &mut Scratch<'_>,
    lineage: &Lineage,
) -> Result<Option<(Schema, Schema)>, MigrateError> {
    let context = scratch.context;
    let Some(wanted) = wanted_file(&context.project, &lineage.name) else { return Ok(None) };
    migrate::can_run_inside(wanted)?;
    let at = schema_of(context, &lineage.name);
    let made = scratch.made(lineage, &at)?.catalog()?;
    let mut room = scratch.room(lineage, &at)?;
    room.run_file(wanted)?;
    Ok(Some((made, room.catalog()?)))
}

/// The file that states the tables a lineage shall have.
#[must_use]
pub fn wanted_file<'p>(project: &'p Project, lineage: &str) -> Option<&'p SourceFile> {
    if lineage == EVENT_STORE {
        return project.event_store_wanted.as_ref();
    }
    project.projections.get(lineage)?.wanted.as_ref()
}

/// Whether an error of a scratch says nothing about the files.
#[must_use]
pub fn is_untried(error: &MigrateError) -> bool {
    matches!(error, MigrateError::NoScratch { .. } | MigrateError::NotTried { .. })
}

/// Asks a server for one value of a catalog question that may not have an answer.
fn holds(session: &mut Session, sql: &str, params: &[&(dyn crate::pg::Param + Sync)]) -> bool {
    session.query_opt(sql, params).ok().flatten().is_some_and(|row| row.get(0))
}
