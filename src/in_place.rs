//! In place: revisions of a projection that run on the build readers see.
//!
//! A rebuild gives whatever rows the files ask for. But an index, a comment, or a column that
//! no handler fills needs no replay: on the live build it gives the same rows. Such a revision
//! runs there under the deploy lock, together with its history row, the views, and the
//! definition the build runs by, so that the ledger never says anything else than the tables.
//! What only a rebuild can bring says so and waits for it.

use std::collections::BTreeSet;

use crate::context::Context;
use crate::ddl;
use crate::definition::{Definition, DefinitionErrors};
use crate::handler;
use crate::ident::Ident;
use crate::identity;
use crate::ledger::{self, Build, LedgerError, State};
use crate::migrate::{
    self, DeployLock, Ground, MigrateError, Options, Preview, Refusal, Report, Standing, needs,
};
use crate::pg::footprint::{self, Object};
use crate::pg::{PgError, Session, Sql, Transaction, types};
use crate::promote::{self, PromoteError};
use crate::replay::sql::envelope::Written;
use crate::replay::sql::meaning::Meaning;
use crate::replay::sql::reach::{self, Allowed, Found};
use crate::replay::sql::{Fault, ProgramError, typing};
use crate::report::migration::{InPlaceRun, WaitingRevision};
use crate::revision::target::{Point, Target};
use crate::revision::{Change, Direction, EVENT_STORE, Revision};
use crate::source::{Place, SourceFile};

/// What becomes of a revision on a live build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The revision.
    pub stem: String,
    /// What it does to a build that has rows.
    pub change: Change,
    /// The statement that decides, or the head.
    pub place: Place,
    /// Why it waits for a rebuild; nothing where it can run.
    pub waits: Option<String>,
}

/// What a run on a live build came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What ran, and where the lineage stands.
    pub report: Report,
    /// The build it ran on.
    pub build: String,
    /// Revisions that wait for a rebuild, in order.
    pub waiting: Vec<Verdict>,
}

impl Outcome {
    /// What ran, and what waits.
    #[must_use]
    pub fn report(&self) -> InPlaceRun {
        let waiting = self.waiting.iter().map(|verdict| WaitingRevision {
            revision: verdict.stem.clone(),
            change: verdict.change.name(),
            place: verdict.place.to_string(),
            why: verdict.waits.clone(),
        });
        InPlaceRun {
            run: self.report.report(),
            build: self.build.clone(),
            waiting: waiting.collect(),
        }
    }
}

/// Why a run on a live build did not happen.
#[derive(Debug, thiserror::Error)]
pub enum InPlaceError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The migration did not happen.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The views could not be replaced.
    #[error(transparent)]
    Promote(#[from] Box<PromoteError>),
    /// The files of the projection are broken.
    #[error(transparent)]
    Definition(#[from] DefinitionErrors),
    /// A replay might give other rows than a build would have that the revision runs on.
    #[error("{stem} of {projection} waits for a rebuild: {why}")]
    OtherRows {
        /// The projection.
        projection: String,
        /// The revision.
        stem: String,
        /// What is not as it was.
        why: String,
    },
    /// The live build's handlers do not fit the tables any more.
    #[error(
        "{stem} of {projection} is said to be in place, but the live build's handlers do not fit its tables: {error}"
    )]
    HandlersBreak {
        /// The projection.
        projection: String,
        /// The revision.
        stem: String,
        /// What does not fit.
        error: Box<ProgramError>,
    },
}

impl Refusal for InPlaceError {
    fn as_migrate(&self) -> Option<&MigrateError> {
        match self {
            InPlaceError::Migrate(error) => Some(error),
            _ => None,
        }
    }

    fn code(&self) -> Option<&str> {
        match self {
            InPlaceError::Pg(error) | InPlaceError::Ledger(LedgerError::Pg(error)) => error.code(),
            InPlaceError::Migrate(error) => error.code(),
            InPlaceError::Promote(error) => match &**error {
                PromoteError::Pg(error) => error.code(),
                _ => None,
            },
            _ => None,
        }
    }

    fn advised(self, advice: String) -> InPlaceError {
        match self {
            InPlaceError::Migrate(error) => InPlaceError::Migrate(error.advised(advice)),
            other => other,
        }
    }
}

/// Runs the revisions up to a target that can run on the live build; the first that cannot,
/// and all behind it, wait.
///
/// # Errors
/// The projection was never built or is being rebuilt, files and history differ, a revision
/// fails, or locks cannot be had.
pub fn migrate(
    context: &Context,
    projection: &str,
    target: &Target,
    options: &Options,
) -> Result<Outcome, InPlaceError> {
    let mut session = context.open_read_models("migrate")?.to_write()?;
    let standing = stands_alone(context, &mut session, projection)?;
    needs_of_event_store(context, &standing, target, options)?;
    if standing.plan(target).map_err(MigrateError::from)?.is_empty() {
        return Ok(Outcome {
            build: schema_of(&standing),
            report: standing.report(Vec::new()),
            waiting: Vec::new(),
        });
    }
    ledger::is_ours(&mut session)?;
    let deploy = DeployLock::take(context, &mut session, options.wait)?;
    ledger::claim(&mut session, projection, options.wait)?;
    let outcome = run(context, &mut session, &deploy, projection, target);
    ledger::disclaim(&mut session, projection)?;
    deploy.give_back(&mut session);
    outcome
}

fn run(
    context: &Context,
    session: &mut Session,
    deploy: &DeployLock,
    projection: &str,
    target: &Target,
) -> Result<Outcome, InPlaceError> {
    let standing = stands_alone(context, session, projection)?;
    let Some(build) = &standing.build else { return Ok(Outcome::default()) };
    let plan = standing.plan(target).map_err(MigrateError::from)?;
    let verdicts = verdicts(context, session, &standing, &plan)?;
    let free = verdicts.iter().take_while(|v| v.waits.is_none()).count();
    let waiting = verdicts[free..].to_vec();
    if free > 0 {
        promote::no_view_changed(session, build).map_err(Box::new)?;
    }
    let mut definition = ledger::definition(session, build)?;
    let known = known_faults(context, session, build, &definition)?;
    let files = context.project.known(projection).ok();
    let (reads, trusted) = files.map_or((Vec::new(), Vec::new()), |files| {
        (files.settings.reads.clone(), files.settings.trust_functions.clone())
    });
    let allowed = Allowed { reads: &reads, trusted: &trusted };
    stay_inside(projection, &plan[..free], allowed)?;
    let ground =
        Ground::new(context, &context.read_models, &standing.lineage, &build.schema, deploy)
            .looking(allowed);
    let mut before = objects(session, build)?;
    let mut meaning = meaning_of(&mut session.begin()?, build, &definition)?.ok();
    let ran = ground.run(session, Direction::Up, &plan[..free], &mut |transaction, revision| {
        with(&mut definition, revision);
        migrate::no_extension_put_inside(transaction, &build.schema, revision)?;
        follow_the_tables(context, transaction, (build, &known), &definition, revision)?;
        let now = meaning_of(transaction, build, &definition)?.ok();
        if revision.change.is_none()
            && let Some(why) = other_rows(meaning.as_ref(), now.as_ref(), &definition)
        {
            let (projection, stem) = (build.projection.clone(), revision.stem());
            return Err(InPlaceError::OtherRows { projection, stem, why });
        }
        meaning = now;
        let after = objects(transaction, build)?;
        follow_the_objects(transaction, build, &before, &after)?;
        before = after;
        Ok::<_, InPlaceError>(())
    })?;
    let after = Standing::of_projection(context, session, projection)?;
    Ok(Outcome { build: build.schema.to_string(), report: after.report(ran), waiting })
}

/// What the handlers of a definition mean in a build, if they fit.
fn meaning_of(
    transaction: &mut Transaction<'_>,
    build: &Build,
    definition: &Definition,
) -> Result<Result<Meaning, ProgramError>, InPlaceError> {
    match Meaning::of(transaction, &build.schema, &definition.parse()?) {
        Err(ProgramError::Pg(lost)) => Err(lost.into()),
        told => Ok(told),
    }
}

/// Why a replay might give other rows with a revision that has run than the build has.
fn other_rows(
    before: Option<&Meaning>,
    now: Option<&Meaning>,
    definition: &Definition,
) -> Option<String> {
    match (before, now) {
        (Some(before), Some(now)) => now.differs_from(before, definition.on_error),
        _ => Some("what its handlers mean to its tables cannot be told".to_owned()),
    }
}

/// Whether revisions' words say that they do nothing outside the build, as for a rebuild.
fn stay_inside(
    projection: &str,
    revisions: &[&Revision],
    allowed: Allowed<'_>,
) -> Result<(), InPlaceError> {
    let of = |revision: &&Revision| {
        let (stem, file) = (revision.stem(), &revision.up);
        reach::revision::beyond(reach::revision::Script { projection, stem: &stem, file }, allowed)
    };
    let outside: Vec<Fault> = revisions.iter().flat_map(of).collect();
    match outside.is_empty() {
        true => Ok(()),
        false => Err(MigrateError::from(Box::new(ProgramError::Outside(outside))).into()),
    }
}

/// The live build's definition, the views and the publications follow a revision that ran.
fn follow_the_tables(
    context: &Context,
    transaction: &mut Transaction<'_>,
    (build, known): (&Build, &[String]),
    definition: &Definition,
    revision: &Revision,
) -> Result<(), InPlaceError> {
    let breaks = |error| InPlaceError::HandlersBreak {
        projection: build.projection.clone(),
        stem: revision.stem(),
        error: Box::new(error),
    };
    match faults(context, transaction, build, definition)? {
        Ok(mut found) => {
            let is_new = |fault: &Fault| !known.contains(&fault.message);
            found.faults.retain(is_new);
            found.outside.retain(is_new);
            ProgramError::of_found(found).map_err(breaks)?;
        }
        Err(ProgramError::Pg(lost)) => return Err(lost.into()),
        Err(error) => return Err(breaks(error)),
    }
    ledger::redefine(transaction, build.id, definition)?;
    let publish = context.publish_schema(build.publish_schema.as_deref());
    promote::republish(transaction, build, &publish).map_err(Box::new)?;
    Ok(())
}

fn objects(sql: &mut impl Sql, build: &Build) -> Result<BTreeSet<Object>, InPlaceError> {
    let taken = footprint::of_schema(sql, &build.schema)?;
    let mut objects: BTreeSet<Object> = taken.into_iter().map(|taken| taken.object).collect();
    for own in ledger::own_objects(sql, build.id)?.iter().filter(|o| ledger::is_shared_type(o)) {
        let schema = Ident::new(own.identity.clone()).map_err(LedgerError::from)?;
        objects.extend(types::parts(sql, &schema)?);
    }
    Ok(objects)
}

/// What a revision has made is the build's own, and what it dropped is not any more. Of a build that an
/// older regrow made nothing was written down, and the half of it would be worse than nothing.
fn follow_the_objects(
    transaction: &mut Transaction<'_>,
    build: &Build,
    before: &BTreeSet<Object>,
    after: &BTreeSet<Object>,
) -> Result<(), InPlaceError> {
    let own = ledger::own_objects(transaction, build.id)?;
    if own.is_empty() || before == after {
        return Ok(());
    }
    let own = own
        .iter()
        .filter(|object| after.contains(object) || ledger::is_shared_type(object))
        .chain(after.difference(before))
        .cloned()
        .collect();
    Ok(ledger::record_objects(transaction, build.id, &own)?)
}

/// What a live build reaches that a new one may not: it goes on, and a revision may not add to it.
///
/// # Errors
/// The ledger or the server refuses, or the definition cannot be read.
pub fn known_faults(
    context: &Context,
    session: &mut Session,
    build: &Build,
    definition: &Definition,
) -> Result<Vec<String>, InPlaceError> {
    let mut transaction = session.begin()?;
    match faults(context, &mut transaction, build, definition)? {
        Ok(found) => Ok(found.faults.into_iter().chain(found.outside).map(|f| f.message).collect()),
        Err(ProgramError::Pg(lost)) => Err(lost.into()),
        Err(_) => Ok(Vec::new()),
    }
}

/// What handlers and tables of a build reach that they must not; what is allowed say the files of now.
fn faults(
    context: &Context,
    transaction: &mut Transaction<'_>,
    build: &Build,
    definition: &Definition,
) -> Result<Result<Found, ProgramError>, InPlaceError> {
    let parsed = definition.parse()?;
    let types = match typing::infer(transaction, &build.schema, &parsed.handlers, Written::Before) {
        Ok(types) => types,
        Err(error) => return Ok(Err(error)),
    };
    let mut allowing = definition.clone();
    if let Ok(files) = context.project.known(&build.projection) {
        allowing.reads.clone_from(&files.settings.reads);
        allowing.trust_functions.clone_from(&files.settings.trust_functions);
    }
    let found = reach::look(transaction, &build.schema, &allowing, &parsed, &types)?;
    Ok(Ok(found))
}

fn with(definition: &mut Definition, revision: &Revision) {
    let files = [Some(&revision.up), revision.down.as_ref()];
    for file in files.into_iter().flatten() {
        // A second attempt at the same revision finds it there.
        definition.revisions.retain(|f| f.path != file.path);
        definition.revisions.push(file.clone());
    }
    definition.revisions.sort_by(|a, b| a.path.cmp(&b.path));
}

fn schema_of(standing: &Standing) -> String {
    standing.schema.as_ref().map_or_else(String::new, Ident::to_string)
}

/// The live build, and no other on its way.
fn stands_alone(
    context: &Context,
    session: &mut Session,
    projection: &str,
) -> Result<Standing, MigrateError> {
    let standing = Standing::of_projection(context, session, projection)?;
    if standing.build.is_none() {
        return Err(MigrateError::NeverBuilt { projection: projection.to_owned() });
    }
    let builds = ledger::builds(session, Some(projection))?;
    let builds = identity::own_builds(context, session, builds)?;
    if let Some(other) = builds.iter().find(|b| b.state.is_candidate() && b.as_of.is_none()) {
        return Err(MigrateError::BuildOnItsWay {
            projection: projection.to_owned(),
            build: other.schema.to_string(),
            state: other.state,
        });
    }
    standing.agreed()
}

/// What the plan needs of the event store runs first, as in every graph.
fn needs_of_event_store(
    context: &Context,
    standing: &Standing,
    target: &Target,
    options: &Options,
) -> Result<(), MigrateError> {
    let plan = standing.plan(target)?;
    needs::exist(context, &standing.lineage, &plan)?;
    if needs::are_met(context, &standing.lineage, &plan).is_ok() {
        // Whoever changes the builds need not be able to change the event store.
        return Ok(());
    }
    let needed: BTreeSet<i64> = plan
        .iter()
        .flat_map(|r| r.depends_on.iter())
        .filter(|d| d.lineage.as_deref() == Some(EVENT_STORE))
        .map(|d| d.version)
        .collect();
    for version in needed {
        let to = Target { point: Point::Named(version.to_string()), ..Target::head(None) };
        migrate::migrate(context, &to, options)?;
    }
    needs::are_met(context, &standing.lineage, &plan)
}

/// What each revision of a plan does to the live build, and why it waits if it does.
///
/// # Errors
/// The server refuses, or a file cannot be read.
pub fn verdicts(
    context: &Context,
    session: &mut Session,
    standing: &Standing,
    plan: &[&Revision],
) -> Result<Vec<Verdict>, InPlaceError> {
    let Some(build) = standing.build.as_ref().filter(|_| !plan.is_empty()) else {
        return Ok(Vec::new());
    };
    let stored = ledger::definition(session, build)?;
    let files = context.project.draft(&build.projection).map_err(MigrateError::from)?;
    let changed = if same_text(&stored.handlers, &files.handlers) {
        (!same_list(&stored.upcasters, &files.upcasters)).then_some("its upcasters changed, too")
    } else {
        Some("its handlers changed, too")
    };
    let sharer = match plan.iter().any(|revision| changes_types(revision)) {
        true => sharer(session, build)?,
        false => None,
    };
    let mut before: Option<String> = None;
    plan.iter()
        .map(|revision| {
            let (change, place) = change_of(revision)?;
            let waits = match (&before, change, revision.change) {
                (Some(first), ..) => Some(format!("it comes after {first}")),
                (None, Change::InPlace, Some(_)) if blind(revision)? => Some(
                    "outside a transaction it could not be taken back if handlers broke".into(),
                ),
                (None, Change::InPlace, Some(_)) if changes_types(revision) => sharer
                    .as_ref()
                    .map(|other| format!("{other} has the type as well, and not this revision")),
                (None, Change::InPlace, Some(_)) => None,
                (None, Change::InPlace, None) => changed.map(str::to_owned),
                (None, Change::Backfill, _) => {
                    Some("rows there are would have to be filled".into())
                }
                (None, Change::Rebuild, _) => Some("only a replay gives its rows".into()),
            };
            if waits.is_some() {
                before.get_or_insert_with(|| revision.stem());
            }
            Ok(Verdict { stem: revision.stem(), change, place, waits })
        })
        .collect()
}

/// What a run would do. Nothing is written.
///
/// # Errors
/// As the run itself, before its first statement.
pub fn preview(
    context: &Context,
    projection: &str,
    target: &Target,
) -> Result<Vec<Preview>, InPlaceError> {
    let mut session = context.open_read_models("preview")?;
    let standing = stands_alone(context, &mut session, projection)?;
    let plan = standing.plan(target).map_err(MigrateError::from)?;
    needs::exist(context, &standing.lineage, &plan)?;
    let verdicts = verdicts(context, &mut session, &standing, &plan)?;
    let pairs = plan.into_iter().zip(verdicts);
    pairs
        .map(|(revision, verdict)| {
            let preview = Preview::of(revision, Direction::Up)?;
            Ok(Preview { waits: verdict.waits, ..preview })
        })
        .collect()
}

/// Whether a head says in place, its statements do not, and nothing could take them back.
fn blind(revision: &Revision) -> Result<bool, InPlaceError> {
    Ok(revision.outside_transaction && read_change(revision)?.0 != Change::InPlace)
}

/// Whether a revision changes a type, which builds of equal definitions share.
fn changes_types(revision: &Revision) -> bool {
    let text = &revision.up.text;
    let changes = |words: &[String]| matches!(words, [a, b, ..] if a == "ALTER" && (b == "TYPE" || b == "DOMAIN"));
    // What cannot be split is told where it is read.
    handler::split(&revision.up).is_ok_and(|spans| {
        spans.into_iter().any(|span| changes(&handler::first_words(&text[span])))
    })
}

/// Another build that has a type of the live one, if any is left.
fn sharer(session: &mut Session, build: &Build) -> Result<Option<String>, InPlaceError> {
    let builds = ledger::builds(session, Some(&build.projection))?;
    let others: Vec<&str> = builds
        .iter()
        .filter(|other| other.id != build.id && other.state != State::Dropped)
        .map(|other| other.schema.as_str())
        .collect();
    let row = session.query_opt(
        include_str!("in_place/sharers.sql"),
        &[&build.schema.as_str(), &others, &types::SCHEMA_PATTERN],
    )?;
    Ok(row.map(|row| row.get(0)))
}

/// What a revision does to a build that has rows: what its head says, else what its
/// statements do, the worst of them.
fn change_of(revision: &Revision) -> Result<(Change, Place), InPlaceError> {
    match revision.change {
        Some(change) => Ok((change, revision.head_place("change"))),
        None => read_change(revision),
    }
}

fn read_change(revision: &Revision) -> Result<(Change, Place), InPlaceError> {
    let statements = ddl::read(&revision.up).map_err(migrate::unread)?;
    let (change, span) = ddl::change_of(&statements);
    Ok((change, revision.up.place(span.map_or(0, |s| s.start))))
}

fn same_text(one: &SourceFile, other: &SourceFile) -> bool {
    one.text.replace("\r\n", "\n") == other.text.replace("\r\n", "\n")
}

fn same_list(one: &[SourceFile], other: &[SourceFile]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same_text(a, b))
}

/// Whether the live build runs by the files as they are now, or would once what can run in
/// place has.
///
/// # Errors
/// The ledger refuses.
pub fn is_current(
    session: &mut Session,
    build: &Build,
    files: &Definition,
    verdicts: &[Verdict],
    pending: &[&Revision],
) -> Result<bool, LedgerError> {
    if build.definition_hash == files.hash() {
        return Ok(true);
    }
    if verdicts.iter().any(|v| v.waits.is_some()) || pending.is_empty() {
        return Ok(false);
    }
    let mut definition = ledger::definition(session, build)?;
    pending.iter().for_each(|revision| with(&mut definition, revision));
    Ok(definition.hash() == files.hash())
}
