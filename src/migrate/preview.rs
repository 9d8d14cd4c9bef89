//! Previews: what a run would do here and now, statement by statement. Nothing is written.

use super::{MigrateError, Options, Standing, may_run, plan, scripts};
use crate::context::Context;
use crate::ddl::{self, Transactional};
use crate::revision::target::Target;
use crate::revision::{Direction, Revision};
use crate::source::Place;

/// A revision that would run.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Its stem.
    pub stem: String,
    /// Whether it would run outside a transaction.
    pub outside_transaction: bool,
    /// Why it waits for a rebuild, on a live build; nothing where it would run.
    pub waits: Option<String>,
    /// Its statements.
    pub statements: Vec<Planned>,
}

/// A statement that would run.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Where it is.
    pub place: Place,
    /// Its beginning, on one line.
    pub text: String,
    /// The strongest lock it takes on something that others use.
    pub lock: Option<String>,
    /// What it locks.
    pub relation: Option<String>,
    /// Whether it writes the table anew.
    pub rewrites: bool,
    /// Whether it runs outside a transaction.
    pub alone: bool,
}

/// How much of a statement is shown, in characters.
const SHOWN: usize = 60;

/// What a run of the event store's lineage would do.
///
/// # Errors
/// As the run itself, before its first statement.
pub fn preview(
    context: &Context,
    direction: Direction,
    target: &Target,
    options: &Options,
) -> Result<Vec<Preview>, MigrateError> {
    if context.project.adopts() {
        return Ok(Vec::new());
    }
    let mut session = context.open_as_owner("preview")?;
    let standing =
        Standing::of_event_store(&context.project, &mut session)?.agreed_but(None, options.late)?;
    let plan = plan(&standing, direction, target)?;
    scripts::check(&standing.lineage, direction, &plan)?;
    may_run(context, &mut session, &standing, direction, &plan, options)?;
    plan.into_iter().map(|revision| Preview::of(revision, direction)).collect()
}

impl Preview {
    /// Reads what a revision would do.
    ///
    /// # Errors
    /// Its file cannot be cut into statements.
    pub fn of(revision: &Revision, direction: Direction) -> Result<Preview, MigrateError> {
        let mut statements = Vec::new();
        let script = revision.script(direction);
        if let Some((file, outside_transaction)) = script
            && let Some(bulk) = &file.bulk
        {
            let text =
                format!("({} MB of statements, read while they run)", bulk.bytes / 1_000_000);
            let (lock, relation) = (None, None);
            let planned = Planned {
                place: file.place(0),
                text,
                lock,
                relation,
                rewrites: false,
                alone: false,
            };
            let (stem, waits) = (revision.stem(), None);
            return Ok(Preview { stem, outside_transaction, waits, statements: vec![planned] });
        }
        if let Some((file, _)) = script {
            for statement in ddl::read(file).map_err(scripts::unread)? {
                let words = file.text[statement.span.clone()].split_whitespace();
                let line = words.collect::<Vec<_>>().join(" ");
                let cut = line.char_indices().nth(SHOWN).map_or(line.len(), |(at, _)| at);
                statements.push(Planned {
                    place: file.place(statement.span.start),
                    text: line[..cut].to_owned(),
                    lock: statement.lock().map(|lock| lock.to_string()),
                    relation: statement.table().map(ToString::to_string),
                    rewrites: statement.rewrites(),
                    alone: matches!(statement.transaction, Transactional::Never(_)),
                });
            }
        }
        let outside_transaction = script.is_some_and(|(_, outside)| outside);
        Ok(Preview { stem: revision.stem(), outside_transaction, waits: None, statements })
    }
}
