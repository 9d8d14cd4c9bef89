//! What the log says: a build made for a comparison, by the sql engine alone, and dropped behind it.
//!
//! The meaning of a projection is its handlers run in PostgreSQL, one event after another; the sql engine does just
//! that. So what any build holds is checked by the reference, whichever engine made it. The build is marked in the
//! ledger: it is never promoted, followed or resumed, and what a kill left of it is dropped by the next comparison, by
//! a rebuild or by `regrow prune`.

use std::time::Duration;

use super::hold::{self, Side};
use super::{Report, VerifyError, Wanted, pair, report};
use crate::definition::EngineChoice;
use crate::event::Position;
use crate::identity::Survey;
use crate::ledger::{self, Beginning, Build, State};
use crate::pg::{Session, Sql};
use crate::progress::{Progress, Stage};
use crate::promote;
use crate::rebuild::create;
use crate::replay::feed::Source;
use crate::replay::line::Line;
use crate::site::Site;

/// How long another run on the projection is waited for.
const CLAIM_WAIT: Duration = Duration::from_secs(5);

/// Compares a build with what the sql engine makes of the log.
///
/// # Errors
/// As [`super::verify`].
pub(super) fn verify(site: &Site, wanted: &Wanted) -> Result<Report, VerifyError> {
    let mut session = site.change_ledger("verify")?;
    let build = pair::one(site, &mut session, wanted)?;
    // Whoever rebuilds the projection would drop what is made here.
    ledger::claim(&mut session, &wanted.projection, CLAIM_WAIT)?;
    sweep(site, &mut session, &wanted.projection)?;
    let mut source = Source::open(site, &mut session, "verify")?;
    let builds = ledger::builds(&mut session, Some(&wanted.projection))?;
    let on = (&mut source.session, &source.log);
    if let Ok(survey) = Survey::of(site, &mut session, on, &[])? {
        // Of a log whose beginning was moved away, other rows come.
        let on = (&mut source.session, &source.log);
        survey.may_begin(&mut session, on, &builds, site.said)?;
    }
    let side = Side::open(site, &source, &mut session, build.clone())?;
    let proof = make(site, &mut session, &source, &build)?;
    let compared = compare(site, wanted, (&mut session, &mut source), (side, &proof));
    let dropped = drop_proof(site, &mut session, &proof);
    // What went wrong first says more; and what is left behind is found by the next run.
    let report = compared?;
    dropped?;
    Ok(report)
}

fn compare(
    site: &Site,
    wanted: &Wanted,
    (session, source): (&mut Session, &mut Source),
    (side, proof): (Side, &Build),
) -> Result<Report, VerifyError> {
    let name = proof.schema.to_string();
    site.note(&Progress::Stage { build: name.clone(), stage: Stage::Replay });
    let admitted = source.identity.admit(site, session, proof.clone(), site.said)?;
    let mut own = site.open_read_models(&format!("verify {name}"))?.to_write()?;
    own.run("SET synchronous_commit = off")?;
    let line = Line::open(own, admitted)?;
    let held = hold::hold(site, source, [side, Side::of(line)])?;
    report(site, wanted, held)
}

/// Makes an empty build by the definition of another, for the sql engine.
fn make(
    site: &Site,
    session: &mut Session,
    source: &Source,
    like: &Build,
) -> Result<Build, VerifyError> {
    let mut definition = ledger::definition(session, like)?;
    definition.engine = EngineChoice::Sql;
    let origin = Beginning {
        log: &source.identity.known.name,
        begins_at: like.begins_at,
        // Builds that end somewhere are shown to nobody and followed by nobody.
        until: Some(Position(i64::MAX)),
        is_proof: true,
        as_of: None,
        gate: None,
    };
    Ok(create::create(site, session, &definition, &origin, false)?)
}

/// Drops what earlier comparisons left behind.
fn sweep(site: &Site, session: &mut Session, projection: &str) -> Result<(), VerifyError> {
    for build in ledger::builds(session, Some(projection))? {
        if build.is_proof && build.state != State::Dropped {
            drop_proof(site, session, &build)?;
            site.note(&Progress::Note(format!(
                "{} was left by a comparison that did not end, and has been dropped",
                build.schema
            )));
        }
    }
    Ok(())
}

fn drop_proof(site: &Site, session: &mut Session, proof: &Build) -> Result<(), VerifyError> {
    Ok(promote::drop_build(site, session, proof)?)
}
