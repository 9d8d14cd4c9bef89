//! Promote and rollback: readers see another build, and notice nothing.
//!
//! Readers see a schema of views only. The story of a switch: catch up until little is
//! left; take a last mark before anything is locked; then in one transaction apply what
//! is left, replace every view and move the states. The views are locked last and for
//! about a millisecond. A reader in the way means: roll back, let everybody pass, wait a
//! moment, begin again at the barrier, and say who was in the way.
//!
//! A rollback is the same switch towards the retired build, which was followed all along.

mod acting;
mod belongings;
mod drop;
mod error;
mod foresee;
mod hook;
mod late;
mod own_views;
mod prune;
mod report;
mod retire;
mod shown;
mod stale;
mod switch;
mod views;

use std::time::{Duration, Instant};

use crate::context::Context;
use crate::event::Position;
use crate::failure::Failure;
use crate::ident::Ident;
use crate::ledger::{self, Build, LedgerError, State};
use crate::pg::pause::Pause;
use crate::pg::{PgError, Session, owner};
use crate::progress::{Progress, Stage};
use crate::replay::build_session::{BuildSession, Ended};
use crate::replay::feed::Source;
use crate::replay::pass::Pass;
use switch::{Attempt, attempt};

pub use acting::acting;
pub use drop::drop_build;
pub use error::PromoteError;
pub use foresee::{BuiltOn, HandedOn, built_on_live, handed_on_by_live, may_be_shown, of_files};
pub use hook::HookFailed;
pub use own_views::{changed_views, no_view_changed, unseen};
pub use prune::{Kept, Prune, Pruned, preview, prune};
pub use retire::{Gone, rename, retire};
pub use shown::{Leaving, Place, drop_shown, make_views, show};
pub use views::republish;

/// The first pause after a failed attempt, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(1_000);
/// Blockers are told when an attempt fails, but not more often than this.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// A switch that happened.
#[derive(Debug, Clone)]
pub struct Promoted {
    /// The build readers see now.
    pub build: String,
    /// The build they saw before.
    pub retired: Option<String>,
    /// The position of what they see.
    pub position: Position,
    /// How many events it is without, since they are parked.
    pub parked: i64,
    /// How many events it is without, since they were skipped.
    pub skipped: i64,
    /// How many attempts it took.
    pub attempts: u32,
    /// From the first lock on a view to the end of the commit.
    pub held: Duration,
    /// What went wrong with the program of `[hooks] after_promote`, if something did; the switch stands.
    pub hook: Option<HookFailed>,
}

/// Lets readers see a projection's newest build that is ready.
///
/// # Errors
/// No build is ready, its last events fail, or readers do not let go of the views.
pub fn promote(context: &Context, projection: &str) -> Result<Promoted, PromoteError> {
    let mut publish = None;
    let promoted = switch(context, "promote", |session| {
        let to = newest_ready(context, session, projection)?;
        tell_of_other_files(context, &to);
        publish = Some(context.publish_schema(to.publish_schema.as_deref()));
        Ok(to)
    })?;
    Ok(told_of(context, "promote", (projection, publish), promoted))
}

/// A switch of which the program of config.toml was told.
fn told_of(
    context: &Context,
    event: &str,
    (projection, publish): (&str, Option<Ident>),
    mut promoted: Promoted,
) -> Promoted {
    let publish = publish.unwrap_or_else(|| context.project.config.read_model_schema());
    hook::run(context, event, (projection, &publish), &mut promoted);
    promoted
}

/// Says that a build was made of other files than there are now: what they say is not what readers will see.
fn tell_of_other_files(context: &Context, build: &Build) {
    let Ok(files) = context.project.draft(&build.projection) else { return };
    if files.hash() != build.definition_hash {
        let (schema, name) = (&build.schema, &build.projection);
        context.note(&Progress::Note(format!(
            "the files of {name} have changed since {schema} was begun: readers will see what it was begun with; \
             for the files as they are: regrow rebuild {name} --promote"
        )));
    }
}

fn newest_ready(
    context: &Context,
    session: &mut Session,
    projection: &str,
) -> Result<Build, PromoteError> {
    let builds = builds_of(context, session, projection)?;
    let ready = |b: &&Build| b.state == State::Ready && b.until.is_none();
    let Some(to) = builds.iter().rev().find(ready).cloned() else {
        return Err(PromoteError::NothingReady {
            projection: projection.to_owned(),
            there_is: what_there_is(&builds),
            unfinished: builds.iter().any(|b| b.state.is_candidate() && b.until.is_none()),
        });
    };
    Ok(to)
}

/// What a rollback goes back to.
#[derive(Debug, Clone, Default)]
pub struct Back {
    /// The build, by its schema or its number; the one that readers saw last if none is named.
    pub to: Option<String>,
    /// Show it as it stands, without bringing it up to date.
    pub stale: bool,
}

/// Lets readers see a build they saw before.
///
/// # Errors
/// There is none, its last events fail, or readers do not let go of the views.
pub fn rollback(
    context: &Context,
    projection: &str,
    back: &Back,
) -> Result<Promoted, PromoteError> {
    if back.stale {
        let mut session = context.change_ledger("rollback")?;
        let to = retired(context, &mut session, projection, back)?;
        context.note(&Progress::Stage { build: to.schema.to_string(), stage: Stage::Promote });
        let publish = context.publish_schema(to.publish_schema.as_deref());
        let shown = stale::show_as_it_stands(context, session, &to)?;
        return Ok(told_of(context, "rollback", (projection, Some(publish)), shown));
    }
    let mut chosen = None;
    let switched = switch(context, "rollback", |session| {
        let to = retired(context, session, projection, back)?;
        tell_unkept(context, session, &to)?;
        chosen = Some(to.clone());
        Ok(to)
    });
    match (switched, chosen) {
        // There is a way back all the same.
        (Err(error), Some(to)) if error.is_of_the_build() => Err(PromoteError::CannotFollow {
            build: to.schema.to_string(),
            projection: projection.to_owned(),
            position: to.position,
            since: to.moved_at,
            error: Box::new(error),
        }),
        (switched, to) => {
            let publish = to.map(|to| context.publish_schema(to.publish_schema.as_deref()));
            Ok(told_of(context, "rollback", (projection, publish), switched?))
        }
    }
}

fn retired(
    context: &Context,
    session: &mut Session,
    projection: &str,
    back: &Back,
) -> Result<Build, PromoteError> {
    let builds = builds_of(context, session, projection)?;
    let Some(name) = &back.to else {
        let retired = builds.into_iter().filter(|b| b.state == State::Retired);
        return retired
            .max_by(|a, b| a.changed_at.total_cmp(&b.changed_at))
            .ok_or_else(|| PromoteError::NothingRetired { projection: projection.to_owned() });
    };
    let is_named = |b: &&Build| {
        b.schema.as_str() == name || b.number.to_string() == name.trim_start_matches('b')
    };
    let of = |b: &Build| b.schema.to_string();
    let all = || builds.iter().filter(|b| b.state == State::Retired).map(of).collect();
    match builds.iter().find(is_named) {
        Some(build) if build.state == State::Retired => Ok(build.clone()),
        found => Err(PromoteError::NotRetired {
            build: name.clone(),
            projection: projection.to_owned(),
            state: found.map(|b| b.state),
            retired: all(),
        }),
    }
}

/// Says of a build that `run` does not follow why going back to it takes longer.
fn tell_unkept(context: &Context, session: &mut Session, build: &Build) -> Result<(), LedgerError> {
    let builds = ledger::builds(session, Some(&build.projection))?;
    let keep = context.project.config.rebuild.keep_retired;
    if ledger::let_go(session, &builds, keep)?.contains(&build.id) {
        let Build { schema, position, moved_at, .. } = build;
        context.note(&Progress::Note(format!(
            "{schema} was not followed, since [rebuild] keep_retired = {keep} does not keep it: it stands at position \
             {position} since {moved_at}, and the rest of the log is read first"
        )));
    }
    Ok(())
}

/// The builds of a projection, which must be known to the ledger or to the project.
fn builds_of(
    context: &Context,
    session: &mut Session,
    projection: &str,
) -> Result<Vec<Build>, PromoteError> {
    let builds = ledger::builds(session, Some(projection))?;
    if builds.is_empty() {
        context.project.known(projection)?;
    }
    Ok(builds)
}

fn what_there_is(builds: &[Build]) -> String {
    let last =
        builds.iter().rev().find(|b| b.state != State::Dropped && !b.is_proof && b.as_of.is_none());
    match last {
        None => "it was never built".into(),
        Some(Build { schema, until: Some(until), .. }) => {
            format!("{schema} ends at position {until} by --until, and readers must not go back")
        }
        Some(build) => format!("{} is {}", build.schema, build.state),
    }
}

/// Switches to a build, over losses of a server. It is chosen once: a COMMIT whose answer was lost
/// may have been carried out, and the ledger knows.
fn switch(
    context: &Context,
    verb: &str,
    mut choose: impl FnMut(&mut Session) -> Result<Build, PromoteError>,
) -> Result<Promoted, PromoteError> {
    let mut chosen: Option<(Build, Option<Build>)> = None;
    let switched = context.retry_on_connection_loss(PromoteError::of_server, |_| {
        // The audit has its name.
        let mut session = context.change_ledger(verb)?;
        if let Some((to, live)) = &chosen {
            return switch_again(context, session, to, live.as_ref());
        }
        let to = choose(&mut session)?;
        let live = live_build(&mut session, &to.projection)?;
        context.note(&Progress::Stage { build: to.schema.to_string(), stage: Stage::Promote });
        chosen = Some((to.clone(), live));
        switch_once(context, session, to)
    });
    if let (Err(error), Some((to, _))) = (&switched, &chosen)
        && let Some(fix) = error.fix(&to.projection)
    {
        // Another try would end the same way, and `status` shall not call for it.
        if let Ok(mut session) = context.open_read_models("promote") {
            let _ =
                ledger::record_last_error(&mut session, to.id, (&error.to_string(), Some(&fix)));
        }
    }
    switched
}

/// Goes on with a switch that lost its server.
fn switch_again(
    context: &Context,
    mut session: Session,
    to: &Build,
    live: Option<&Build>,
) -> Result<Promoted, PromoteError> {
    if let Some(done) = is_done(&mut session, to, live)? {
        return Ok(done);
    }
    match switch_once(context, session, to.clone()) {
        // The COMMIT was still under way when the ledger was asked.
        Err(fenced @ PromoteError::Fenced { .. }) => {
            is_done(&mut context.open_ledger("promote")?, to, live)?.ok_or(fenced)
        }
        ended => ended,
    }
}

fn is_done(
    session: &mut Session,
    to: &Build,
    live: Option<&Build>,
) -> Result<Option<Promoted>, PromoteError> {
    let now = ledger::build(session, to.id)?.filter(|b| b.state == State::Live);
    Ok(now.map(|now| Promoted::found(&now, live)))
}

impl Promoted {
    /// A switch whose answer was lost, and that happened all the same.
    #[must_use]
    pub fn found(now: &Build, before: Option<&Build>) -> Promoted {
        Promoted {
            build: now.schema.to_string(),
            retired: before.map(|b| b.schema.to_string()),
            position: now.position,
            parked: now.parked,
            skipped: now.skipped,
            attempts: 1,
            held: Duration::ZERO,
            hook: None,
        }
    }
}

/// Several reasons as one; `None` if there is none.
fn together(mut errors: Vec<PromoteError>) -> Option<PromoteError> {
    match errors.len() {
        0 | 1 => errors.pop(),
        _ => Some(PromoteError::Several { errors }),
    }
}

/// Refuses to show readers for the first time a build that has skipped events, unless that was accepted. One that
/// they saw before they may see again.
fn accepts_skipped(context: &Context, build: &Build) -> Result<(), PromoteError> {
    match build.state {
        State::Ready if build.skipped > 0 && !context.said.accept_skipped => {
            Err(PromoteError::Skipped {
                build: build.schema.to_string(),
                projection: build.projection.clone(),
                events: build.skipped,
            })
        }
        _ => Ok(()),
    }
}

/// Says which tables of the build that readers saw are still handed on by publications of others.
fn tell_handed_on(
    context: &Context,
    session: &mut Session,
    promoted: &Promoted,
) -> Result<(), PromoteError> {
    let (Some(retired), Ok(build)) = (&promoted.retired, Ident::new(promoted.build.as_str()))
    else {
        return Ok(());
    };
    let Ok(retired) = Ident::new(retired.as_str()) else { return Ok(()) };
    for handed in foresee::handed_on(session, &retired)? {
        context.note(&Progress::Note(format!(
            "warning: the publication {} hands on {}, which readers do not see any more, and goes on doing so until that build is dropped; {}",
            handed.publication,
            handed.table,
            handed.next(&build)
        )));
    }
    Ok(())
}

fn live_build(session: &mut Session, projection: &str) -> Result<Option<Build>, LedgerError> {
    let builds = ledger::builds(session, Some(projection))?;
    Ok(builds.into_iter().find(|b| b.state == State::Live))
}

fn switch_once(context: &Context, session: Session, to: Build) -> Result<Promoted, PromoteError> {
    let (id, build) = (to.id, to.schema.to_string());
    let switched = bring_and_show(context, session, to);
    let Err(error) = &switched else { return switched };
    if matches!(error, PromoteError::Fenced { .. })
        || error.of_server().is_some_and(PgError::is_loss)
    {
        return switched;
    }
    // A cancel may have dropped it meanwhile: then whatever went wrong is its going, half seen.
    let now = context.open_ledger("promote").map(|mut session| ledger::build(&mut session, id));
    match now {
        Ok(Ok(now)) if now.as_ref().is_none_or(|now| now.state == State::Dropped) => {
            Err(PromoteError::Fenced { build, reason: format!("it is {} now", State::Dropped) })
        }
        _ => switched,
    }
}

/// Brings a build to the end of the log, and lets readers see it.
fn bring_and_show(
    context: &Context,
    mut session: Session,
    to: Build,
) -> Result<Promoted, PromoteError> {
    let mut source = Source::open(context, &mut session, "promote")?;
    source.log.order_is_proven()?;
    let admitted = source.identity.admit(context, &mut session, to, context.said)?;
    let mut member = BuildSession::open(session, admitted)?;
    if let Some(live) = live_build(&mut member.session, &member.build.projection)? {
        source.identity.may_replace(&mut member.session, (&live, &member.build), context.said)?;
    }
    let publish = context.publish_schema(member.build.publish_schema.as_deref());
    ensure_schema(&mut member.session, &publish)?;
    chase(context, &mut source, &mut member)?;
    accepts_skipped(context, &member.build)?;
    if member.build.state == State::Ready {
        late::no_late_events(context, &mut source, &mut member)?;
    }
    let promoted = until_readers_let_go(context, || {
        chase(context, &mut source, &mut member)?;
        attempt(context, &mut source, &mut member, &publish)
    })?;
    tell_handed_on(context, &mut member.session, &promoted)?;
    if let Some(publish) = &member.build.preview {
        context.note(&Progress::Note(format!(
            "the preview {publish} shows the same build; when nobody reads it any more: regrow preview drop {publish}"
        )));
    }
    Ok(promoted)
}

/// Repeats attempts at a switch until readers let it through, or for as long as configured.
fn until_readers_let_go(
    context: &Context,
    mut attempt: impl FnMut() -> Result<Attempt, PromoteError>,
) -> Result<Promoted, PromoteError> {
    let budget = Duration::from_secs(context.project.config.rebuild.promote_budget_s);
    let (started, mut pause) = (Instant::now(), Pause::new(FIRST_PAUSE, LONGEST_PAUSE));
    let (mut attempts, mut told) = (0, None::<Instant>);
    loop {
        if context.interrupt.raised() {
            return Err(PromoteError::Interrupted);
        }
        attempts += 1;
        let blockers = match attempt()? {
            Attempt::Done { build, retired, position, parked, skipped, held } => {
                context.note(&Progress::Promoted { build: build.clone(), attempts, held });
                let hook = None;
                return Ok(Promoted {
                    build,
                    retired,
                    position,
                    parked,
                    skipped,
                    attempts,
                    held,
                    hook,
                });
            }
            Attempt::Contended(blockers) => blockers,
        };
        if started.elapsed() > budget {
            return Err(PromoteError::Blocked { budget_s: budget.as_secs(), blockers });
        }
        // Nobody may be left to name: a follower's batch is over before it can be seen.
        if !blockers.is_empty() && told.is_none_or(|at| at.elapsed() > TELL_EVERY) {
            told = Some(Instant::now());
            context.note(&Progress::Waiting {
                what: "readers of the views".into(),
                holders: blockers,
                waited: started.elapsed(),
            });
        }
        pause.sleep();
    }
}

/// Two that create one schema at once: one does not see what the other has not
/// committed yet, waits for it in the catalog's unique index and then fails.
fn ensure_schema(session: &mut Session, schema: &Ident) -> Result<(), PgError> {
    match owner::make(session, schema) {
        Err(error) if matches!(error.code(), Some("23505" | "42P06")) => {
            owner::is_ours(session, schema).map(drop)
        }
        done => done,
    }
}

/// Brings the build to a mark of now, in batches of their own.
fn chase(
    context: &Context,
    source: &mut Source,
    member: &mut BuildSession,
) -> Result<(), PromoteError> {
    reload(member)?;
    let mark = context.barrier(&mut source.session, &source.log)?;
    let pass = Pass {
        pace: &context.project.config.rebuild,
        observer: context.observer.as_ref(),
        interrupt: &context.interrupt,
        heeds: false,
        throttle: None,
    };
    pass.run(source, &mut [&mut *member], mark)?;
    match std::mem::replace(&mut member.ended, Ended::Reached) {
        Ended::Reached | Ended::Asked(_) => Ok(()),
        // A follower of the same build was faster; what it wrote is in the ledger.
        Ended::Fenced(_) => reload(member),
        Ended::Poisoned(failure) => Err(poisoned(member, failure)),
        Ended::Failed(error) => Err(error.into()),
        Ended::Damaged(error) => Err(error.into()),
        Ended::Unanchored(error) => Err(error.into()),
    }
}

fn poisoned(member: &mut BuildSession, failure: Box<Failure>) -> PromoteError {
    match ledger::fail(&mut member.session, member.build.id, &failure) {
        Err(error) => error.into(),
        Ok(()) => PromoteError::Poisoned {
            build: member.build.schema.to_string(),
            projection: member.build.projection.clone(),
            failure,
        },
    }
}

fn reload(member: &mut BuildSession) -> Result<(), PromoteError> {
    let before = (member.build.state, member.build.schema.to_string());
    match ledger::build(&mut member.session, member.build.id)? {
        Some(build) if build.state == before.0 => {
            member.build = build;
            Ok(())
        }
        other => Err(PromoteError::Fenced {
            build: before.1,
            reason: other.map_or_else(|| "it is gone".into(), |b| format!("it is {} now", b.state)),
        }),
    }
}
