//! What goes wrong with migrations, and what to do then.

use super::{Error, missing_right, unloadable, with};
use crate::in_place::InPlaceError;
use crate::ledger::State;
use crate::migrate::{Divergence, Loss, MigrateError, ways};
use crate::pg::{PgError, ServerError};
use crate::revision::EVENT_STORE;
use crate::revision::target::TargetError;

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Error {
        let shown = with(&error);
        match error {
            MigrateError::Pg(PgError::Lost { .. } | PgError::InDoubt { .. }) => shown.hint(
                "what had not committed is not kept; run the command again, it goes on from there",
            ),
            MigrateError::Pg(error) => error.into(),
            MigrateError::Project(error) => error.into(),
            MigrateError::Ledger(error) => error.into(),
            MigrateError::Target(error) => error.into(),
            MigrateError::NoLineage { .. } => shown,
            MigrateError::Divergent(found) => divergent(shown, &found),
            MigrateError::Failed { lineage, stem, error, .. } if lineage == EVENT_STORE => {
                match there_already(&stem, &error) {
                    Some(hint) => shown.hint(hint),
                    None => failed(shown, *error),
                }
            }
            MigrateError::Failed { error, .. } => failed(shown, *error),
            MigrateError::Script { hint, .. } => shown.hint(hint),
            MigrateError::Program(error) => (*error).into(),
            MigrateError::AlembicMissing { found, .. } => shown.hint(match found.as_slice() {
                [] => "name it, with its schema: regrow stamp --from-alembic SCHEMA.TABLE".to_owned(),
                [first, ..] => format!("name one: regrow stamp --from-alembic {first}"),
            }),
            MigrateError::AlembicUnmatched { ids, .. } => shown.hint(match ids.first() {
                None => "regrow migrate runs the revisions from the first one on".to_owned(),
                Some(id) => format!(
                    "write '-- alembic: {id}' into the head of the revision after which the schema is as it is \
                     there, and run the command again"
                ),
            }),
            MigrateError::NoDown { .. } => {
                shown.hint(
                    "write it; 'regrow verify-down' proves that it leads back. If there is nothing to take back, \
                     a statement says so: SELECT 1;",
                )
            }
            MigrateError::NoRevisions { .. } => shown.hint(
                "is the folder whole (an image without its migrations)? a first revision: regrow init .; \
                 a log that another library writes: regrow adopt",
            ),
            MigrateError::Blocked { .. } => shown.hint(
                "nothing was kept of it and nobody waits; end the long transaction, or try again later",
            ),
            MigrateError::Locked { .. } => {
                shown.hint("wait for it, or raise --wait")
            }
            MigrateError::Stranded => shown.hint(
                "a transaction pooler stands in between: use the server's own address for migrations",
            ),
            MigrateError::ProjectionDown { projection } => {
                shown.hint(format!("regrow rollback {projection}"))
            }
            MigrateError::ProjectionHistory { projection } => {
                shown.hint(format!("regrow rebuild {projection}"))
            }
            MigrateError::LosesEvents { loss, .. } => shown.hint(match loss {
                Loss::Content => "if they may: --lose-events".to_owned(),
                Loss::Events(_) => "if they may go: --lose-events".to_owned(),
                _ => "if every one of them may go: --lose-events".to_owned(),
            }),
            MigrateError::Unguarded { .. } => shown.hint(
                "let it run in a transaction (in batches of rows, in several revisions), or without this guard: \
                 --lose-events",
            ),
            MigrateError::BuildOnItsWay { projection, state, .. } => {
                let on = if state == State::Ready { "promote" } else { "resume" };
                shown.hint(format!(
                    "go on with it: regrow {on} {projection}; or drop it: regrow prune {projection} --unfinished"
                ))
            }
            MigrateError::DependsOn { hint, .. } => shown.hint(hint),
            MigrateError::StepChanged { .. } => shown.hint(
                "restore it; or see what became of it and: regrow repair --accept steps",
            ),
            MigrateError::HalfWayBack { .. } => shown
                .hint("take it back to the end, then forth again: regrow downgrade -1"),
            MigrateError::HalfApplied { .. } => shown.hint(
                "bring it to its end: regrow migrate; or undo them and: regrow repair --accept steps",
            ),
            MigrateError::NeverBuilt { projection } => {
                shown.hint(format!("regrow rebuild {projection} --promote"))
            }
            MigrateError::Interrupted { .. } => {
                shown.hint("the rest waits for the next run")
            }
            MigrateError::NothingWanted { .. } => {
                shown.hint("write the CREATE statements of all its tables into it")
            }
            MigrateError::NoScratch { .. } => shown.hint(
                "install PostgreSQL's server programs of the same major version here (REGROW_PG_BIN names their \
                 folder), or use a role with CREATEDB and CREATEROLE",
            ),
            MigrateError::NotTried { .. } => shown.hint(
                "what a revision needs from outside of its lineage is for an earlier revision to make, \
                 or has to be tried on a copy of the database",
            ),
            MigrateError::File { error, .. } => failed(shown, *error),
            MigrateError::Refinery(_)
            | MigrateError::NothingToRedo { .. }
            | MigrateError::Adopted => shown,
        }
    }
}

/// What to do if what a revision of the event store makes is there: another tool may have made it.
fn there_already(stem: &str, error: &ServerError) -> Option<String> {
    // A schema, a relation, a function and any other object that exists.
    if !matches!(error.code.as_str(), "42P06" | "42P07" | "42723" | "42710") {
        return None;
    }
    if ["refinery_schema_history", "regrow_schema_"].iter().any(|name| error.message.contains(name))
    {
        return Some(
            "it is the history, which regrow makes: dump without it (pg_dump -T '*.refinery_schema_history' \
             -T '*.regrow_schema_*')"
                .into(),
        );
    }
    let version = stem.trim_start_matches('V').split('_').next().unwrap_or(stem);
    Some(format!(
        "if another tool has made what {stem} makes, say so instead of running it: regrow stamp {version}; \
         'regrow check --live' then compares the schema with the files. Else correct the file"
    ))
}

fn failed(shown: Error, error: ServerError) -> Error {
    if let Some(library) = &error.library {
        return shown.hint(format!("{}, or correct the file", unloadable(library)));
    }
    match (error.code.as_str(), error.hint) {
        ("57014", None) => shown.hint(
            "it ran longer than [migrate] statement_timeout_s, or somebody cancelled it; run it again",
        ),
        ("53100", _) => shown.hint(
            "the server's disk is full; nothing was kept: make room and run the command again",
        ),
        (_, Some(hint)) => shown.hint(hint),
        ("42501", None) => shown.hint(missing_right(error.grant.as_deref())),
        (_, None) => shown.hint("correct the file and run the command again"),
    }
}

/// Every difference has a way, and the hint has them all.
fn divergent(shown: Error, found: &[Divergence]) -> Error {
    shown.hint(ways(found).join("\n"))
}

impl From<TargetError> for Error {
    fn from(error: TargetError) -> Error {
        let shown = with(&error);
        match error {
            TargetError::SeveralHeads { lineage, .. } => shown.hint(format!(
                "join them: regrow merge --lineage {lineage}; or name one, or 'heads' for all"
            )),
            TargetError::Unknown { .. } => shown.hint("'regrow history' lists them"),
            TargetError::SeveralCurrent { at, steps, .. } => {
                let verb = if steps > 0 { "migrate" } else { "downgrade" };
                let each =
                    at.iter().map(|stem| format!("regrow {verb} {}@{steps:+}", version(stem)));
                shown.hint(format!("name the branch: {}", each.collect::<Vec<_>>().join(", or: ")))
            }
            TargetError::Fork { ways, steps, .. } => {
                let verb = if steps > 0 { "migrate" } else { "downgrade" };
                let each = ways.iter().map(|stem| format!("regrow {verb} {}", version(stem)));
                shown
                    .hint(format!("name the revision: {}", each.collect::<Vec<_>>().join(", or: ")))
            }
            TargetError::WrongDirection { verb: "migrate", .. } => {
                shown.hint("back is: regrow downgrade")
            }
            TargetError::WrongDirection { .. } => shown.hint("forth is: regrow migrate"),
            _ => shown,
        }
    }
}

/// The number of `V3__paid`.
fn version(stem: &str) -> &str {
    stem.trim_start_matches('V').split("__").next().unwrap_or(stem)
}

impl From<InPlaceError> for Error {
    fn from(error: InPlaceError) -> Error {
        let shown = with(&error);
        match error {
            InPlaceError::Pg(error) => error.into(),
            InPlaceError::Ledger(error) => error.into(),
            InPlaceError::Migrate(error) => error.into(),
            InPlaceError::Promote(error) => (*error).into(),
            InPlaceError::Definition(_) => shown,
            InPlaceError::HandlersBreak { projection, .. } => {
                shown.hint(format!("it needs a rebuild: regrow rebuild {projection} --promote"))
            }
            InPlaceError::OtherRows { projection, .. } => shown.hint(format!(
                "regrow rebuild {projection} --promote; or, if you know that a replay of every event would give the same \
                 rows, '-- change: in place' in its head"
            )),
        }
    }
}
