//! Assertions on what readers see, looked at now and then beside a follower.
//!
//! A thread with one session does it, so that an assertion that takes long holds up no event. What was found is in the
//! ledger, where several followers share the work and `status` reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::figures::counted;
use crate::ledger::{self, Assertion, Build, BuildId, LedgerError, Look, Outcome};
use crate::pg::{PgError, Session, Sql as _};
use crate::progress::{Interrupt, Progress};
use crate::replay::assertions::{self, AssertionError, Looked};

/// How often the ledger is asked whether it is time.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// How soon the thread notices that it is to end.
const NOTICES: Duration = Duration::from_millis(50);

/// The builds that readers see, as the follower read them from the ledger last.
type Live = Arc<Mutex<Vec<Build>>>;

/// A thread that looks at assertions until this is dropped; what runs by then is ended by the server, which sees that
/// no process waits for it, or when its time is over.
pub(super) struct Watch {
    live: Live,
    ended: Interrupt,
}

impl Watch {
    /// Begins to look, if the project asks for it.
    ///
    /// # Errors
    /// The system has no thread left.
    pub(super) fn begin(context: &Context) -> std::io::Result<Option<Watch>> {
        let Some(every) = context.project.config.follow.check_interval() else { return Ok(None) };
        let watch = Watch { live: Live::default(), ended: Interrupt::new() };
        let (live, ended) = (watch.live.clone(), watch.ended.clone());
        let mut eyes = Eyes::new(context.clone(), every);
        let look = move || {
            while !ended.raised() {
                let began = Instant::now();
                let builds = live.lock().unwrap_or_else(PoisonError::into_inner).clone();
                eyes.look(&builds, &ended);
                while !ended.raised() && began.elapsed() < ASK_EVERY {
                    std::thread::sleep(NOTICES);
                }
            }
        };
        std::thread::Builder::new().name("assertions".into()).spawn(look)?;
        Ok(Some(watch))
    }

    /// Says which builds readers see.
    pub(super) fn see(&self, live: Vec<Build>) {
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = live;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.ended.raise();
    }
}

/// Looks once at the assertions of builds whose time has come, for a follower that ends when it has caught up.
pub(super) fn look_once(context: &Context, builds: &[Build]) {
    if let Some(every) = context.project.config.follow.check_interval() {
        Eyes::new(context.clone(), every).look(builds, &context.interrupt);
    }
}

/// Why assertions could not be looked at.
#[derive(Debug, thiserror::Error)]
enum LookError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file cannot be read, or a build.
    #[error(transparent)]
    Assertion(#[from] AssertionError),
}

impl LookError {
    /// Whether the session is of no use any more.
    fn is_loss(&self) -> bool {
        match self {
            LookError::Pg(error)
            | LookError::Ledger(LedgerError::Pg(error))
            | LookError::Assertion(AssertionError::Pg(error)) => error.is_loss(),
            _ => false,
        }
    }
}

/// Who looks, and what they have seen.
struct Eyes {
    context: Context,
    every: Duration,
    session: Option<Session>,
    /// The builds that this process has asked about: what is new in its files is looked at at once.
    asked: BTreeSet<BuildId>,
    /// How many assertions of a build did not hold or could not be run, as it was told.
    told: BTreeMap<BuildId, (usize, usize)>,
    /// Why the last look failed, as it was told.
    trouble: Option<String>,
}

impl Eyes {
    fn new(context: Context, every: Duration) -> Eyes {
        let (asked, told) = (BTreeSet::new(), BTreeMap::new());
        Eyes { context, every, session: None, asked, told, trouble: None }
    }

    /// Looks at those whose time has come. What goes wrong is told once; the ledger's last look grows old, which
    /// status tells.
    fn look(&mut self, builds: &[Build], ended: &Interrupt) {
        if builds.is_empty() {
            return;
        }
        let opened = match self.session.take() {
            Some(session) => Ok(session),
            None => self.open().map_err(LookError::from),
        };
        let looked = opened.and_then(|mut session| {
            self.look_at(&mut session, builds, ended)?;
            Ok(session)
        });
        match looked {
            Ok(session) => (self.session, self.trouble) = (Some(session), None),
            Err(error) => {
                let why = error.to_string();
                if self.trouble.as_ref() != Some(&why) {
                    let note = format!("assertions cannot be looked at: {why}");
                    self.context.note(&Progress::Note(note));
                    self.trouble = Some(why);
                }
            }
        }
    }

    /// A session in which no assertion runs for longer than until the next look.
    fn open(&self) -> Result<Session, PgError> {
        let mut session = self.context.open_read_models("run: assertions")?.to_write()?;
        session.run(&format!("SET statement_timeout = '{}s'", self.every.as_secs()))?;
        Ok(session)
    }

    fn look_at(
        &mut self,
        session: &mut Session,
        builds: &[Build],
        ended: &Interrupt,
    ) -> Result<(), LookError> {
        let mut failed = None;
        let looks = ledger::assertions(session)?;
        for build in builds {
            if ended.raised() {
                return Ok(());
            }
            match self.look_at_one(session, build, &looks) {
                Err(error) if error.is_loss() => return Err(error),
                // The others can be looked at all the same.
                Err(error) => failed = failed.or(Some(error)),
                Ok(Some(found)) => self.tell(build, &found),
                Ok(None) => {}
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// The results of a build, if they are due and no other process checks it.
    fn look_at_one(
        &mut self,
        session: &mut Session,
        build: &Build,
        looks: &[Look],
    ) -> Result<Option<Vec<Assertion>>, LookError> {
        if !self.is_time(looks, build)? || !ledger::claim_assertions(session, build.id)? {
            return Ok(None);
        }
        // Another follower may have been faster.
        let looked = self.look_if_time(session, build);
        if looked.as_ref().is_err_and(LookError::is_loss) {
            return looked;
        }
        self.asked.insert(build.id);
        ledger::disclaim_assertions(session, build.id)?;
        looked
    }

    fn look_if_time(
        &self,
        session: &mut Session,
        build: &Build,
    ) -> Result<Option<Vec<Assertion>>, LookError> {
        let looks = ledger::assertions(session)?;
        match self.is_time(&looks, build)? {
            true => self.look_now(session, build).map(Some),
            false => Ok(None),
        }
    }

    /// Whether the last look is as old as may be, or has not seen what the files of this process ask for.
    fn is_time(&self, looks: &[Look], build: &Build) -> Result<bool, LookError> {
        let Some(look) = looks.iter().find(|look| look.build == build.id) else { return Ok(true) };
        if look.age >= self.every {
            return Ok(true);
        }
        if self.asked.contains(&build.id) {
            return Ok(false);
        }
        let (file, _) = assertions::file_of(&self.context.project, build);
        let is_new = |identity: String| !look.found.iter().any(|found| found.identity == identity);
        Ok(assertions::parse(file.as_ref())?.iter().any(|(check, _)| is_new(check.identity())))
    }

    fn look_now(&self, session: &mut Session, build: &Build) -> Result<Vec<Assertion>, LookError> {
        let began = Instant::now();
        let (file, _) = assertions::file_of(&self.context.project, build);
        let found: Vec<Assertion> = match assertions::each(session, (build, 1), file.as_ref()) {
            Ok(looked) => looked.iter().map(Looked::told).collect(),
            Err(AssertionError::Pg(error)) if !error.is_loss() => {
                let reason = error.to_string();
                let failed = |(check, place)| Looked::unread(check, place, &reason);
                assertions::parse(file.as_ref())?.into_iter().map(failed).collect()
            }
            Err(error) => return Err(error.into()),
        };
        ledger::set_assertions(session, build, (began.elapsed(), &found))?;
        Ok(found)
    }

    /// Says what changed since it was told last.
    fn tell(&mut self, build: &Build, found: &[Assertion]) {
        let broken = found.iter().filter(|a| matches!(a.outcome, Outcome::Broken { .. })).count();
        let failed = found.iter().filter(|a| matches!(a.outcome, Outcome::Failed { .. })).count();
        let before = self.told.insert(build.id, (broken, failed)).unwrap_or_default();
        if before == (broken, failed) {
            return;
        }
        let count = |n: usize| {
            let n = i64::try_from(n).unwrap_or(i64::MAX);
            counted(n, "assertion", "assertions")
        };
        let name = &build.schema;
        let said = match (broken, failed) {
            (0, 0) => format!("{name}: every assertion holds again"),
            (broken, 0) => {
                format!("warning: {name}: {} broken; regrow status shows them", count(broken))
            }
            (0, failed) => {
                format!(
                    "warning: {name}: {} could not be run; regrow status says why",
                    count(failed)
                )
            }
            (broken, failed) => format!(
                "warning: {name}: {} broken, and {failed} could not be run; regrow status shows them",
                count(broken)
            ),
        };
        self.context.note(&Progress::Note(said));
    }
}
