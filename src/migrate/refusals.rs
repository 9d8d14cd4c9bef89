//! What a run must not do although files and history agree: go before what it depends on,
//! take away what others stand on, or lose events.

use std::collections::BTreeSet;

use super::{MigrateError, Standing, scripts};
use crate::ddl;
use crate::ident::Ident;
use crate::pg::{Session, Sql};
use crate::revision::{Dependency, Direction, EVENT_STORE, Lineage, Revision};
use crate::site::Site;

/// The table of our own event store that holds the events.
pub(crate) const LOG_TABLE: &str = "events";

/// Refuses to build a lineage on an event store that lacks what it depends on.
///
/// # Errors
/// A revision of the event store is missing, or no server.
pub fn event_store_has(site: &Site, lineage: &Lineage) -> Result<(), MigrateError> {
    let mut applied: Option<BTreeSet<i64>> = None;
    for revision in &lineage.revisions {
        for needed in
            revision.depends_on.iter().filter(|d| d.lineage.as_deref() == Some(EVENT_STORE))
        {
            let applied = match &mut applied {
                Some(applied) => applied,
                empty => {
                    let mut session = Session::open(&site.event_store, "rebuild")?;
                    let standing = Standing::of_event_store(&site.project, &mut session)?;
                    empty.insert(standing.versions())
                }
            };
            if !applied.contains(&needed.version) {
                return Err(MigrateError::DependsOn {
                    place: needed.place.clone(),
                    revision: format!("{} of {}", revision.stem(), lineage.name),
                    needs: format!("{EVENT_STORE}@{}", needed.version),
                    why: "is not applied",
                });
            }
        }
    }
    Ok(())
}

/// What revisions of the event store need of projections.
pub(super) fn needs_are_met(
    site: &Site,
    standing: &Standing,
    plan: &[&Revision],
) -> Result<(), MigrateError> {
    let needs = plan.iter().flat_map(|r| r.depends_on.iter().map(move |d| (*r, d)));
    for (revision, needed) in needs {
        let Some(other) = &needed.lineage else { continue };
        let mut reads = site.open_read_models("migrate")?;
        let there = Standing::of_projection(&site.project, &mut reads, other)?;
        if !there.versions().contains(&needed.version) {
            return Err(MigrateError::DependsOn {
                place: needed.place.clone(),
                revision: format!("{} of {}", revision.stem(), standing.lineage.name),
                needs: format!("{other}@{}", needed.version),
                why: "readers do not see yet",
            });
        }
    }
    Ok(())
}

/// Whether a live build was made on a revision that is about to go.
pub(super) fn nothing_stands_on(site: &Site, plan: &[&Revision]) -> Result<(), MigrateError> {
    let mut reads = None;
    for name in site.project.projections.keys() {
        let lineage = site.project.projection_lineage(name)?;
        let on_plan = |d: &Dependency| {
            d.lineage.as_deref() == Some(EVENT_STORE) && plan.iter().any(|r| r.version == d.version)
        };
        let dependent = lineage.revisions.iter().find(|r| r.depends_on.iter().any(on_plan));
        let Some(dependent) = dependent else { continue };
        let session = match &mut reads {
            Some(session) => session,
            empty => empty.insert(site.open_read_models("downgrade")?),
        };
        let standing = Standing::of_projection(&site.project, session, name)?;
        let needed = dependent.depends_on.iter().find(|d| on_plan(d));
        if let (true, Some(needed)) = (standing.versions().contains(&dependent.version), needed) {
            return Err(MigrateError::DependsOn {
                place: needed.place.clone(),
                revision: format!("{} of {name}", dependent.stem()),
                needs: format!("{EVENT_STORE}@{}", needed.version),
                why: "is about to be taken back",
            });
        }
    }
    Ok(())
}

/// Refuses a way back that takes the log away while it holds events.
pub(super) fn no_event_is_lost(
    site: &Site,
    session: &mut Session,
    plan: &[&Revision],
) -> Result<(), MigrateError> {
    let schema = site.project.config.event_store_schema();
    let log = schema.dot(&Ident::new(LOG_TABLE).expect("a constant that is a name"));
    let Some(log_name) = ddl::Name::parse(&log) else { return Ok(()) };
    for revision in plan {
        let Some((file, _)) = revision.script(Direction::Down) else { continue };
        let statements = ddl::read(file).map_err(scripts::unread)?;
        let Some(losing) = statements.iter().find(|s| s.takes_rows_from(&log_name)) else {
            continue;
        };
        let there: bool = session.query_one("SELECT to_regclass($1) IS NOT NULL", &[&log])?.get(0);
        let any = format!("SELECT EXISTS (SELECT FROM {log})");
        if there && session.query_one(&any, &[])?.get(0) {
            return Err(MigrateError::LosesEvents {
                place: file.place(losing.span.start),
                stem: revision.stem(),
                table: format!("{schema}.{LOG_TABLE}"),
            });
        }
    }
    Ok(())
}
