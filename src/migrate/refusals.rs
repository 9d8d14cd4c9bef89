//! What a run must not do although files and history agree: lose events, or build on what
//! another run has left half done. What is lost is told here by the words of a file, before anything runs; whether
//! it is, by `log_guard`.

use super::error::Loss;
use super::log_guard::LOG_TABLE;
use super::{MigrateError, Standing, scripts};
use crate::context::Context;
use crate::ddl;
use crate::ident::Ident;
use crate::pg::{Session, Sql, history};
use crate::revision::{Direction, Revision};

/// Refuses a way back that takes the log away while it holds events.
pub(super) fn no_event_is_lost(
    context: &Context,
    session: &mut Session,
    plan: &[&Revision],
) -> Result<(), MigrateError> {
    let schema = context.project.config.event_store_schema();
    let log = schema.dot(&Ident::new(LOG_TABLE).expect("a constant that is a name"));
    let Some(log_name) = ddl::Name::parse(&log) else { return Ok(()) };
    for revision in plan {
        let Some((file, _)) = revision.script(Direction::Down) else { continue };
        let statements = ddl::read(file).map_err(scripts::unread)?;
        let Some(losing) = statements.iter().find(|s| s.takes_rows_from(&log_name)) else {
            continue;
        };
        let there: bool = session.query_one("SELECT to_regclass($1) IS NOT NULL", &[&log])?.get(0);
        let any = format!("SELECT EXISTS (SELECT 1 FROM {log})");
        if there && session.query_one(&any, &[])?.get(0) {
            return Err(MigrateError::LosesEvents {
                place: file.place(losing.span.start),
                stem: revision.stem(),
                table: format!("{schema}.{LOG_TABLE}"),
                loss: Loss::Table,
            });
        }
    }
    Ok(())
}

/// Where a run the other way was cut off: a revision that is applied by the history and half
/// taken back, or one that is not applied and of which something is there.
pub(super) fn half_run(
    standing: &Standing,
    session: &mut Session,
    direction: Direction,
) -> Result<Option<MigrateError>, MigrateError> {
    let Some(schema) = &standing.schema else { return Ok(None) };
    let (other, lineage) = (direction.reversed(), standing.lineage.name.clone());
    let (begun, applied) = (history::half_run(session, schema, other)?, standing.versions());
    let half = |version: &i64| applied.contains(version) == (other == Direction::Down);
    let found = begun.into_iter().filter(half).find_map(|v| standing.lineage.get(v));
    let stem = found.map(Revision::stem);
    Ok(stem.map(|stem| match other {
        Direction::Down => MigrateError::HalfWayBack { lineage, stem },
        Direction::Up => MigrateError::HalfApplied { lineage, stem },
    }))
}
