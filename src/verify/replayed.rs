//! What the log says: a build made for a comparison, by the sql engine alone, and dropped behind it.
//!
//! The meaning of a projection is its handlers run in PostgreSQL, one event after another; the sql engine does just
//! that. So what any build holds is checked by the reference, whichever engine made it. The build is marked in the
//! ledger: it is never promoted, followed or resumed, and what a kill left of it is dropped by the next comparison, by
//! a rebuild or by `regrow prune`.

use std::time::Duration;

use super::hold::{self, Side};
use super::{Report, VerifyError, Wanted, pair, report};
use crate::context::Context;
use crate::definition::EngineChoice;
use crate::event::Position;
use crate::identity::Survey;
use crate::ledger::{self, Beginning, Build, State};
use crate::pg::Session;
use crate::progress::{Progress, Stage};
use crate::promote;
use crate::rebuild::create;
use crate::replay::build_session::BuildSession;
use crate::replay::feed::Source;
use crate::report::comparison::Compared;

/// How long another run on the projection is waited for.
const CLAIM_WAIT: Duration = Duration::from_secs(5);

/// Compares a build with what the sql engine makes of the log.
///
/// # Errors
/// As [`super::verify`].
pub(super) fn verify(context: &Context, wanted: &Wanted) -> Result<Report, VerifyError> {
    let mut session = context.change_ledger("verify")?;
    let build = pair::one(context, &mut session, wanted)?;
    // Whoever rebuilds the projection would drop what is made here.
    ledger::claim(&mut session, &wanted.projection, CLAIM_WAIT)?;
    sweep(context, &mut session, &wanted.projection)?;
    let mut source = Source::open(context, &mut session, "verify")?;
    let builds = ledger::builds(&mut session, Some(&wanted.projection))?;
    let on = (&mut source.session, &source.log);
    if let Ok(survey) = Survey::of(context, &mut session, on, &[])? {
        // Of a log whose beginning was moved away, other rows come.
        let on = (&mut source.session, &source.log);
        survey.may_begin(&mut session, on, &builds, context.said)?;
    }
    let side = Side::open(context, &source, &mut session, build.clone())?;
    let proof = make(context, &mut session, &source, &build)?;
    let compared = compare(context, wanted, (&mut session, &mut source), (side, &proof));
    let dropped = drop_proof(context, &mut session, &proof);
    // What went wrong first says more; and what is left behind is found by the next run.
    let report = compared?;
    dropped?;
    if proves(&report)
        && let Some(through) = source.log.through.as_ref()
        && build.through.as_ref() != Some(through)
    {
        ledger::set_through(&mut session, build.id, through)?;
    }
    Ok(report)
}

/// Whether every row is what the log makes as it is read now, so that it does not matter through what the build has
/// read it. The definitions are those of before the replay: one that came during it is told again.
fn proves(report: &Report) -> bool {
    let is_whole = |side: &Compared| side.parked_only == 0 && side.skipped_only == 0;
    report.ok
        && report.expected.is_empty()
        && report.not_compared.is_empty()
        && is_whole(&report.build)
        && is_whole(&report.against)
}

fn compare(
    context: &Context,
    wanted: &Wanted,
    (session, source): (&mut Session, &mut Source),
    (side, proof): (Side, &Build),
) -> Result<Report, VerifyError> {
    let name = proof.schema.to_string();
    context.note(&Progress::Stage { build: name.clone(), stage: Stage::Replay });
    let admitted = source.identity.admit(context, session, proof.clone(), context.said)?;
    let mut own = context.open_read_models(&format!("verify {name}"))?.to_write()?;
    own.commit_lazily()?;
    let member = BuildSession::open(own, admitted)?;
    let held = hold::hold(context, source, [side, Side::of(member)])?;
    report(context, wanted, held)
}

/// Makes an empty build by the definition of another, for the sql engine.
fn make(
    context: &Context,
    session: &mut Session,
    source: &Source,
    like: &Build,
) -> Result<Build, VerifyError> {
    let mut definition = ledger::definition(session, like)?;
    definition.engine = EngineChoice::Sql;
    let mapping = source.log.shape.mapping();
    let origin = Beginning {
        log: &source.identity.known.name,
        begins_at: like.begins_at,
        // Builds that end somewhere are shown to nobody and followed by nobody.
        until: Some(Position(i64::MAX)),
        mapping: mapping.as_ref(),
        through: source.log.through.as_ref(),
        is_proof: true,
        as_of: None,
        gate: None,
    };
    Ok(create::create(context, session, &definition, &origin, false)?)
}

/// Drops what earlier comparisons left behind.
fn sweep(context: &Context, session: &mut Session, projection: &str) -> Result<(), VerifyError> {
    for build in ledger::builds(session, Some(projection))? {
        if build.is_proof && build.state != State::Dropped {
            drop_proof(context, session, &build)?;
            context.note(&Progress::Note(format!(
                "{} was left by a comparison that did not end, and has been dropped",
                build.schema
            )));
        }
    }
    Ok(())
}

fn drop_proof(context: &Context, session: &mut Session, proof: &Build) -> Result<(), VerifyError> {
    Ok(promote::drop_build(context, session, proof)?)
}
