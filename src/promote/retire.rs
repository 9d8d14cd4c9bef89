//! The end of a projection: its views, its builds, and all that the ledger knows of it. And another name
//! for one, which changes nothing that readers see.

use std::time::Duration;

use super::drop::{Going, drop_within, not_previewed, of_others};
use super::own_views::no_view_changed;
use super::shown::goes_with;
use super::{PromoteError, builds_of};
use crate::context::Context;
use crate::ident::Ident;
use crate::identity;
use crate::ledger::{self, Build, BuildId, State};
use crate::pg::footprint::{self, Dependent};
use crate::pg::{Session, Sql, catalog};

/// How long readers of the views are waited for. They find nothing there afterwards.
const LOCK_TIMEOUT: &str = "5s";

/// What has ended, or would.
#[derive(Debug, Clone, Default)]
pub struct Gone {
    /// The views that are gone.
    pub views: Vec<String>,
    /// The builds that are gone.
    pub builds: Vec<String>,
    /// What belongs to the views and goes with them: comments, and rights of others.
    pub with: Vec<String>,
}

/// Ends a projection in one transaction. Refused while something of others depends on its views or would
/// go with its builds.
///
/// # Errors
/// Something is in the way, the projection was never built, another run works on it, or the server refuses.
pub fn retire(context: &Context, projection: &str, is_preview: bool) -> Result<Gone, PromoteError> {
    context.retry_on_connection_loss(PromoteError::of_server, |reconnect| {
        let mut session = context.change_ledger("retire")?;
        let builds = own_builds(context, &mut session, projection)?;
        let ended = may_end(&mut session, projection, &builds)?;
        if !is_preview {
            ledger::claim(&mut session, projection, reconnect.left())?;
            end(context, &mut session, projection)?;
            ledger::disclaim(&mut session, projection)?;
        }
        Ok(ended)
    })
}

/// The builds of a projection, all of which must be of this project's log.
fn own_builds(
    context: &Context,
    session: &mut Session,
    projection: &str,
) -> Result<Vec<Build>, PromoteError> {
    let all = builds_of(context, session, projection)?;
    if all.is_empty() {
        return Err(PromoteError::NeverBuilt { projection: projection.to_owned() });
    }
    let own = identity::own_builds(context, session, all.clone())?;
    match all.iter().find(|build| !own.iter().any(|b| b.id == build.id)) {
        Some(other) => Err(PromoteError::AnotherLog {
            build: other.schema.to_string(),
            projection: projection.to_owned(),
        }),
        None => Ok(own),
    }
}

/// What would end, unless something of others is in the way.
fn may_end(
    session: &mut Session,
    projection: &str,
    builds: &[Build],
) -> Result<Gone, PromoteError> {
    let shown = builds.iter().filter(|build| build.state != State::Dropped);
    if let Some((build, as_of)) = shown.filter_map(|b| b.as_of.as_ref().map(|a| (b, a))).next() {
        let (build, publish) = (build.schema.to_string(), as_of.publish.clone());
        return Err(PromoteError::ShownAsOf { build, publish });
    }
    builds.iter().filter(|b| b.state != State::Dropped).try_for_each(not_previewed)?;
    if let Some(live) = builds.iter().find(|build| build.state == State::Live) {
        no_view_changed(session, live)?;
    }
    let own = ledger::published_names(session, projection)?;
    let mut ended = Gone { with: goes_with(session, None, &own)?, ..Gone::default() };
    let mut in_the_way: Vec<(String, Vec<Dependent>)> = Vec::new();
    for (schema, name) in ledger::published(session, projection)? {
        if !catalog::views(session, &schema)?.iter().any(|v| v.name == name) {
            continue;
        }
        let mut others = footprint::of_relation(session, &schema, &name)?;
        others.retain(|dependent| !own.contains(&dependent.object.identity));
        if !others.is_empty() {
            in_the_way.push((schema.dot(&name), others));
        }
        ended.views.push(format!("{schema}.{name}"));
    }
    let ids: Vec<BuildId> = builds.iter().map(|build| build.id).collect();
    let schemas: Vec<Ident> = builds.iter().map(|build| build.schema.clone()).collect();
    let types = ledger::type_schemas_left_by(session, &ids)?;
    for build in builds.iter().filter(|b| b.state != State::Dropped) {
        let types = types.clone();
        let going = Going { views: &own, builds: &schemas, types };
        let mut others = of_others(session, build, &going)?;
        // What depends on a view was told with it.
        others.retain(|dependent| {
            !in_the_way.iter().any(|(_, told)| told.iter().any(|t| t.object == dependent.object))
        });
        if !others.is_empty() {
            in_the_way.push((build.schema.to_string(), others));
        }
        ended.builds.push(build.schema.to_string());
    }
    match in_the_way.is_empty() {
        true => Ok(ended),
        false => Err(PromoteError::Others { builds: in_the_way }),
    }
}

fn end(context: &Context, session: &mut Session, projection: &str) -> Result<(), PromoteError> {
    let builds = ledger::builds(session, Some(projection))?;
    let own = ledger::published_names(session, projection)?;
    let schemas: Vec<Ident> = builds.iter().map(|build| build.schema.clone()).collect();
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))?;
    for (schema, name) in ledger::published(&mut transaction, projection)? {
        if catalog::views(&mut transaction, &schema)?.iter().any(|v| v.name == name) {
            // RESTRICT: what depends on it since then is in the way.
            transaction.run(&format!("DROP VIEW {}", schema.dot(&name)))?;
        }
    }
    for build in builds.iter().filter(|b| b.state != State::Dropped) {
        if build.state == State::Live {
            ledger::set_state(&mut transaction, build.id, State::Retired)?;
        }
        drop_within(context, &mut transaction, build, (&own, &schemas))?;
    }
    ledger::forget(&mut transaction, projection)?;
    Ok(transaction.commit("retire::end")?)
}

/// Gives a projection the name that its folder has by now. Its builds keep the names of their schemas.
///
/// # Errors
/// The folder still has the old name, another projection has the new one, another run works on one of
/// them, or the server refuses.
pub fn rename(context: &Context, old: &str, new: &str) -> Result<Vec<String>, PromoteError> {
    let wait = Duration::from_secs(5);
    context.retry_on_connection_loss(PromoteError::of_server, |_| {
        let mut session = context.change_ledger("rename")?;
        let has_folder = |name: &str| context.project.projections.contains_key(name);
        if has_folder(old) || !has_folder(new) {
            return Err(PromoteError::FolderNotRenamed { old: old.into(), new: new.into() });
        }
        let all = ledger::builds(&mut session, None)?;
        if let Some(taken) = all.iter().find(|b| b.projection == new) {
            // A COMMIT whose answer was lost may have been carried out.
            if !all.iter().any(|b| b.projection == old) {
                return Ok(names_of(&all, new));
            }
            let build = taken.schema.to_string();
            return Err(PromoteError::NameTaken { projection: new.into(), build });
        }
        own_builds(context, &mut session, old)?;
        ledger::claim(&mut session, old, wait)?;
        ledger::claim(&mut session, new, wait)?;
        let mut transaction = session.begin()?;
        ledger::rename(&mut transaction, old, new)?;
        transaction.commit("rename::builds")?;
        ledger::disclaim(&mut session, new)?;
        ledger::disclaim(&mut session, old)?;
        Ok(names_of(&ledger::builds(&mut session, Some(new))?, new))
    })
}

fn names_of(builds: &[Build], projection: &str) -> Vec<String> {
    let there = |b: &&Build| b.projection == projection && b.state != State::Dropped;
    let name = |b: &Build| Ident::to_string(&b.schema);
    builds.iter().filter(there).map(name).collect()
}
