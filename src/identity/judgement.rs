//! What a build's anchors say of a log: comparing and telling, without changing anything.

use std::collections::BTreeMap;

use super::{Doubt, Fault, IdentityError, Redefined};
use crate::anchor::{Anchor, Origin};
use crate::context::{Context, Said};
use crate::event::Position;
use crate::ledger::{self, Age, Build, KnownLog, LedgerError, State};
use crate::log::identity::{self, Fate};
use crate::log::mapping;
use crate::log::{Log, LogError, LogShape};
use crate::pg::{PgError, Session, Sql, failpoint};

/// What a comparison of a build's anchors with the log found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Why the build cannot be given events of the log.
    pub fault: Option<Fault>,
    /// Events whose payload is another.
    pub rewritten: Vec<Position>,
    /// Events that were deleted.
    pub deleted: Vec<Position>,
    /// Where the log began for the build, and where it begins now.
    pub begins_later: Option<(Position, Option<Position>)>,
    /// What it was read through and has another definition by now, for a build that readers see or saw: another is made anew.
    pub redefined: Option<Redefined>,
    /// Whether it is not known what the log was before some position, or at all.
    pub unknown: bool,
}

/// A project's log as its ledger knows it, for commands that only look.
pub struct Survey {
    /// Its name.
    pub name: String,
    /// The log in the ledger; `None` if no build was made from it yet.
    pub known: Option<KnownLog>,
    /// Where it is.
    pub origin: Origin,
    /// What else there is to say: builds of other logs.
    pub notes: Vec<String>,
}

impl Survey {
    /// Looks a log up in a ledger; `None` if the ledger is an older one, and says so.
    ///
    /// # Errors
    /// A server refuses.
    pub fn of(
        context: &Context,
        session: &mut Session,
        (events, log): (&mut Session, &Log),
        builds: &[Build],
    ) -> Result<Result<Survey, String>, IdentityError> {
        if ledger::age(session)? != Age::Current {
            return Ok(Err(format!(
                "{}, so it is not known whether builds and log belong together: regrow upgrade-ledger",
                ledger::older(session)?
            )));
        }
        let name = name(context, session, events, &log.shape)?
            .ok_or_else(|| LogError::Missing { table: log.shape.label() })?;
        let known = ledger::known_log(session, &name)?;
        let origin = identity::origin(events)?;
        let others = of_others(builds, known.as_ref());
        let mut notes = Vec::new();
        if !others.is_empty() {
            notes.push(others_sentence(&others, &ledger::log_names(session)?));
        }
        Ok(Ok(Survey { name, known, origin, notes }))
    }

    /// Whether a build belongs to the log, or to none that is known.
    #[must_use]
    pub fn owns(&self, build: &Build) -> bool {
        build.log.is_none_or(|id| self.known.as_ref().is_some_and(|known| known.id == id))
    }

    /// Why a projection's name is another project's in this ledger, if one of its builds is of another log.
    ///
    /// # Errors
    /// The server refuses.
    pub fn taken<'b>(
        &self,
        session: &mut Session,
        mut builds: impl Iterator<Item = &'b Build>,
    ) -> Result<Option<Fault>, IdentityError> {
        let Some(other) = builds.find(|b| b.state != State::Dropped && !self.owns(b)) else {
            return Ok(None);
        };
        Ok(Some(of_another_log(other, &ledger::log_names(session)?, &self.name)))
    }

    /// Whether a new build of a projection may begin, beside the builds that there are.
    ///
    /// # Errors
    /// One of them is of another log, or the log begins later than for the one readers see, and the
    /// operator has not said that it does; or a server refuses.
    pub fn may_begin(
        &self,
        session: &mut Session,
        (events, log): (&mut Session, &Log),
        builds: &[Build],
        said: Said,
    ) -> Result<(), IdentityError> {
        if let Some(taken) = self.taken(session, builds.iter())? {
            return Err(taken.into());
        }
        let there = builds.iter().filter(|b| b.state != State::Dropped);
        for live in there.filter(|b| b.state == State::Live) {
            let (now, known) = (log.first(events)?, self.known.as_ref());
            begins_where(session, live, now, said, |first| match known {
                Some(known) => log.is_left_out(events, &known.key, first),
                None => Ok(false),
            })?;
        }
        Ok(())
    }

    /// Compares what the ledger knows of a build's log with the log. Writes nothing.
    ///
    /// # Errors
    /// A server refuses.
    pub fn judge(
        &self,
        session: &mut Session,
        (events, log): (&mut Session, &Log),
        build: &Build,
    ) -> Result<Judgement, IdentityError> {
        judge(session, (events, log), self.known.as_ref(), &self.origin, build)
    }
}

/// The name of a project's log: the configured one, or what the catalog says; `None` if the log does not
/// exist.
///
/// # Errors
/// A server refuses.
pub fn name(
    context: &Context,
    ledger: &mut Session,
    events: &mut Session,
    shape: &LogShape,
) -> Result<Option<String>, PgError> {
    if let Some(name) = &context.project.config.event_store.name {
        return Ok(Some(name.clone()));
    }
    let apart = !context.one_server() && !is_one_database(ledger, events)?;
    shape.name(events, apart)
}

/// Those of some builds that were made from the project's log, or before logs were written down.
///
/// # Errors
/// A server refuses, or what is configured is no log.
pub fn own_builds(
    context: &Context,
    ledger: &mut Session,
    mut builds: Vec<Build>,
) -> Result<Vec<Build>, LedgerError> {
    if builds.iter().all(|b| b.log.is_none()) {
        return Ok(builds);
    }
    // What is wrong with the configuration is said by whoever opens the log.
    let Ok(shape) = context.log_shape() else { return Ok(builds) };
    let ours = match context.one_server() {
        true => {
            let configured = context.project.config.event_store.name.clone();
            match configured {
                Some(name) => Some(name),
                None => shape.name(ledger, false)?,
            }
        }
        false => {
            let mut events = Session::open(&context.event_store, "identity")?;
            name(context, ledger, &mut events, &shape)?
        }
    };
    let names = ledger::log_names(ledger)?;
    let is_ours = |log: &i64| names.get(log).is_some_and(|name| Some(name) == ours.as_ref());
    builds.retain(|b| b.log.as_ref().is_none_or(is_ours));
    Ok(builds)
}

/// The log where a build that readers see began must not begin later for what replaces it, unless the
/// operator has said that it does, or the first event is one that `where` leaves out by now.
///
/// # Errors
/// It does, or the server refuses.
pub(super) fn begins_where(
    session: &mut Session,
    live: &Build,
    now: Option<Position>,
    said: Said,
    is_left_out: impl FnOnce(&Anchor) -> Result<bool, LogError>,
) -> Result<(), IdentityError> {
    let Some(first) = first_anchor(session, live)? else { return Ok(()) };
    let is_later = now.is_none_or(|now| now > first.position);
    if !is_later || (now.is_some() && said.begins_at == now) || is_left_out(&first)? {
        return Ok(());
    }
    let (build, projection) = (live.schema.to_string(), live.projection.clone());
    Err(Fault::BeginsLater { build, projection, was: first.position, now }.into())
}

pub(super) fn first_anchor(
    session: &mut Session,
    build: &Build,
) -> Result<Option<Anchor>, LedgerError> {
    let anchors = ledger::anchors(session, build.id)?;
    Ok(anchors.into_iter().find(|(_, is_first)| *is_first).map(|(anchor, _)| anchor))
}

fn of_another_log(build: &Build, names: &BTreeMap<i64, String>, ours: &str) -> Fault {
    let theirs = build.log.and_then(|id| names.get(&id).cloned());
    Fault::OtherLog {
        build: build.schema.to_string(),
        projection: build.projection.clone(),
        theirs: theirs.unwrap_or_else(|| "another one".into()),
        ours: ours.to_owned(),
    }
}

/// Whether two addresses lead to one database.
fn is_one_database(one: &mut Session, other: &mut Session) -> Result<bool, PgError> {
    let sql = "SELECT oid::bigint, datname::text FROM pg_catalog.pg_database WHERE datname = current_database()";
    let place = |session: &mut Session| -> Result<_, PgError> {
        let row = session.query_one(sql, &[])?;
        let (oid, name): (i64, String) = (row.get(0), row.get(1));
        Ok((oid, name, identity::origin(session)?.system))
    };
    let (one, other) = (place(one)?, place(other)?);
    Ok(one == other && one.2.is_some())
}

/// Compares what the ledger knows of a build's log with the log. Writes nothing.
///
/// # Errors
/// A server refuses.
pub fn judge(
    ledger: &mut Session,
    (session, log): (&mut Session, &Log),
    known: Option<&KnownLog>,
    origin: &Origin,
    build: &Build,
) -> Result<Judgement, IdentityError> {
    let (name, projection) = (|| build.schema.to_string(), || build.projection.clone());
    let mut judged = Judgement { unknown: build.known_from.is_none(), ..Judgement::default() };
    let (Some(known), true) = (known, build.log.is_none_or(|id| known.is_some_and(|k| k.id == id)))
    else {
        let names = ledger::log_names(ledger)?;
        let ours = known.map_or("another one", |k| k.name.as_str());
        judged.fault = build.log.map(|_| of_another_log(build, &names, ours));
        return Ok(judged);
    };
    if failpoint::is_without("identity") {
        return Ok(judged);
    }
    if let Some(was) = &build.mapping {
        let keys = mapping::differing(was, &log.shape.mapping().unwrap_or_default());
        if !keys.is_empty() {
            judged.fault = Some(Fault::Mapping { build: name(), projection: projection(), keys });
            return Ok(judged);
        }
    }
    if let (Some(was), Some(now)) = (&build.through, &log.through) {
        judged.redefined = Redefined::of(was, now);
    }
    if let Some(Redefined::Parts(parts)) = &judged.redefined
        && !matches!(build.state, State::Live | State::Retired)
    {
        let parts = parts.clone();
        judged.fault = Some(Fault::Redefined { build: name(), projection: projection(), parts });
        return Ok(judged);
    }
    let highest = log.highest(session)?;
    if highest < build.position {
        judged.fault = Some(Fault::Behind {
            build: name(),
            projection: projection(),
            position: build.position,
            highest,
        });
        return Ok(judged);
    }
    let anchors = match build.log {
        Some(_) => ledger::anchors(ledger, build.id)?,
        None => Vec::new(),
    };
    if anchors.is_empty() {
        return Ok(judged);
    }
    let (firsts, others): (Vec<_>, Vec<_>) = anchors.into_iter().partition(|(_, first)| *first);
    let fingerprints: Vec<Anchor> = others.into_iter().map(|(anchor, _)| anchor).collect();
    let first = firsts.into_iter().next().map(|(anchor, _)| anchor);
    let all: Vec<Anchor> = first.iter().cloned().chain(fingerprints).collect();
    let fates: Vec<(Anchor, Fate)> =
        log.fates(session, &known.key, &all).map(|fates| all.into_iter().zip(fates).collect())?;
    if let Some((other, _)) = fates.iter().find(|(_, fate)| *fate == Fate::Other) {
        judged.fault =
            Some(Fault::Changed { build: name(), projection: projection(), at: other.position });
        return Ok(judged);
    }
    // Events after a missing one that are as they were show that the log goes on: it was deleted. Of
    // those at the end only the log's server knows whether others took their place.
    let held = fates.iter().rposition(|(_, fate)| *fate != Fate::Missing);
    let at_the_end = &fates[held.map_or(0, |nth| nth + 1)..];
    if let Some((newest, _)) = at_the_end.last() {
        let after = held.map_or(Position(0), |nth| fates[nth].0.position);
        let doubt = match held {
            None => Some(Doubt::All),
            Some(_) if !newest.origin.is(origin) => Some(Doubt::Moved),
            Some(_) => match log.has_newer_rows(session, newest, (after, build.position))? {
                Some(false) => None,
                Some(true) | None => Some(Doubt::Newer),
            },
        };
        let at = newest.position;
        judged.fault =
            doubt.map(|doubt| Fault::Gone { build: name(), projection: projection(), at, doubt });
    }
    let of = |wanted: Fate| {
        let positions = fates.iter().filter(|(_, fate)| *fate == wanted).map(|(a, _)| a.position);
        let mut positions: Vec<Position> = positions.collect();
        positions.dedup();
        positions
    };
    (judged.rewritten, judged.deleted) = (of(Fate::Rewritten), of(Fate::Missing));
    if let Some(first) = &first {
        let now = log.first(session)?;
        let is_there = fates.first().is_some_and(|(_, fate)| *fate != Fate::Missing);
        if !is_there && now.is_none_or(|now| now > first.position) {
            judged.begins_later = Some((first.position, now));
        }
        // That it is gone is told by where the log begins, each time.
        judged.deleted.retain(|at| *at != first.position || judged.begins_later.is_none());
    }
    Ok(judged)
}

/// Says which other logs have builds in this ledger.
#[must_use]
pub fn others_sentence(others: &BTreeMap<i64, usize>, names: &BTreeMap<i64, String>) -> String {
    let one = |(log, count): (&i64, &usize)| {
        let name = names.get(log).map_or("?", String::as_str);
        format!("{count} of the log {name}")
    };
    let list: Vec<String> = others.iter().map(one).collect();
    format!("this ledger has builds of other logs, which are left alone: {}", list.join(", "))
}

/// Logs of this ledger by how many builds that are not dropped they have; ours is left out.
#[must_use]
pub fn of_others(builds: &[Build], ours: Option<&KnownLog>) -> BTreeMap<i64, usize> {
    let mut others = BTreeMap::new();
    for build in builds.iter().filter(|b| b.state != State::Dropped) {
        if let Some(log) = build.log.filter(|log| ours.is_none_or(|ours| ours.id != *log)) {
            *others.entry(log).or_default() += 1;
        }
    }
    others
}
