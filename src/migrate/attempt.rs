//! Attempts: one transaction, tried again until it gets its locks.
//!
//! A migration that waits for a lock makes everybody behind it wait, too. So each attempt
//! waits a little, lets everybody pass, says who was in the way, and tries again with a
//! jittered pause, until a budget is used up. It never ends another session.

use std::cell::OnceCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::MigrateError;
use super::deploy_lock::{DeployLock, LOCK};
use super::error::Refusal;
use super::frame::Frame;
use crate::config;
use crate::context::Context;
use crate::pg::pause::Pause;
use crate::pg::watch::Watch;
use crate::pg::{PgError, Server, Session, Transaction, lock};
use crate::progress::{Interrupt, Observer, Progress};

/// What the first attempt waits for a lock; it doubles up to the configured timeout.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a statement that may wait for ever does so before it is said for whom.
const PATIENCE: Duration = Duration::from_secs(1);
/// Waits that go on are told, but not more often than this.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Who tries, how patiently, and who is told.
pub(super) struct Attempts {
    server: Server,
    pace: config::Migrate,
    observer: Arc<dyn Observer>,
    interrupt: Interrupt,
    /// Begun with the first attempt, for all of them.
    watch: OnceCell<Watch>,
}

impl Attempts {
    /// Attempts on a server of a context.
    pub(super) fn on(context: &Context, server: &Server) -> Attempts {
        Attempts {
            server: server.clone(),
            pace: context.project.config.migrate.clone(),
            observer: context.observer.clone(),
            interrupt: context.interrupt.clone(),
            watch: OnceCell::new(),
        }
    }

    /// Runs `work` in a transaction and commits it; tries again while locks are taken. It begins
    /// on the backend that holds the deploy lock, or not at all, and with these settings.
    pub(super) fn run<T, E: Refusal>(
        &self,
        session: &mut Session,
        lock: &DeployLock,
        (lineage, stem): (&str, &str),
        settings: &str,
        mut work: impl FnMut(&mut Transaction<'_>, &Frame) -> Result<T, E>,
    ) -> Result<T, E> {
        let (began, budget) = (Instant::now(), Duration::from_secs(self.pace.lock_budget_s));
        let longest = Duration::from_millis(self.pace.lock_timeout_ms);
        let mut wait = FIRST_WAIT.min(longest);
        let mut pause = Pause::new(FIRST_PAUSE, LONGEST_PAUSE);
        let mut told: Option<Instant> = None;
        let mut blockers = Vec::new();
        loop {
            self.go_on()?;
            let (error, seen) = match self.once(session, lock, wait, settings, &mut work)? {
                Ok(value) => return Ok(value),
                Err(refused) => refused,
            };
            if !seen.is_empty() {
                blockers = seen;
            }
            if error.is_cancelled() {
                self.go_on()?;
                let advice = self.about_timeouts(session)?;
                return Err(error.advised(advice));
            }
            if !error.is_contention() {
                return Err(error);
            }
            let waited = began.elapsed();
            if waited >= budget {
                return Err(E::from(MigrateError::Blocked {
                    lineage: lineage.into(),
                    stem: stem.into(),
                    budget_s: self.pace.lock_budget_s,
                    blockers,
                }));
            }
            if told.is_none_or(|at| at.elapsed() > TELL_EVERY) && !blockers.is_empty() {
                told = Some(Instant::now());
                let what = format!("the locks of {stem}");
                let holders = blockers.clone();
                self.observer.note(&Progress::Waiting { what, holders, waited });
            }
            pause.sleep_unless(|| self.interrupt.raised());
            wait = (wait * 2).min(longest);
        }
    }

    /// Both timeouts a cancelled statement may make somebody think of: ours, which counted, and
    /// the role's, which did not.
    fn about_timeouts(&self, session: &mut Session) -> Result<String, MigrateError> {
        let ours = match self.pace.statement_timeout_s {
            0 => "[migrate] statement_timeout_s is 0, which is no limit".to_owned(),
            seconds => format!("[migrate] statement_timeout_s is {seconds}"),
        };
        let roles = session.session_default("statement_timeout")?;
        Ok(format!(
            "{ours}; the role's own statement_timeout, {roles}, does not count here\n\
             raise ours, or see who cancelled it, and run the command again"
        ))
    }

    /// One attempt. The outer error is one that leaves no session to try with.
    fn once<T, E: Refusal>(
        &self,
        session: &mut Session,
        deploy: &DeployLock,
        wait: Duration,
        settings: &str,
        work: &mut impl FnMut(&mut Transaction<'_>, &Frame) -> Result<T, E>,
    ) -> Result<Result<T, (E, Vec<String>)>, MigrateError> {
        let pid = session.backend();
        let statement_s = self.pace.statement_timeout_s;
        let timeouts = format!(
            "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = '{statement_s}s';",
            wait.as_millis()
        );
        let (mut transaction, begun) = deploy.begin(session, &format!("{timeouts}{settings}"))?;
        let frame = Frame { begun, timeouts, locked: lock::is_held(LOCK) };
        let watch = || Watch::new(&self.server, &self.interrupt, Box::new(|_, _| {}));
        let watch = self.watch.get_or_init(watch);
        watch.begin(pid, wait / 2);
        let result = work(&mut transaction, &frame);
        let blockers = watch.blockers();
        Ok(match result {
            Ok(value) => {
                let committed = transaction.commit("migrate::attempt").map_err(MigrateError::from);
                committed.map(|()| value).map_err(|error| (error.into(), blockers))
            }
            Err(error) => Err((error, blockers)),
        })
    }

    /// Runs a statement outside a transaction, for as long as it takes; says who holds it up.
    pub(super) fn alone(
        &self,
        session: &mut Session,
        stem: &str,
        work: impl FnOnce(&mut Session) -> Result<(), PgError>,
    ) -> Result<(), PgError> {
        let (observer, what) = (self.observer.clone(), format!("{stem} to get on"));
        let told = std::sync::Mutex::new(None::<Instant>);
        let tell = move |blockers: &[String], waited: Duration| {
            let Ok(mut told) = told.lock() else { return };
            if told.is_none_or(|at| at.elapsed() > TELL_EVERY) {
                *told = Some(Instant::now());
                let holders = blockers.to_vec();
                observer.note(&Progress::Waiting { what: what.clone(), holders, waited });
            }
        };
        let pid = session.backend();
        let _watch = Watch::over(&self.server, pid, PATIENCE, &self.interrupt, Box::new(tell));
        work(session)
    }

    /// Whether nobody has asked to stop.
    pub(super) fn go_on(&self) -> Result<(), MigrateError> {
        match self.interrupt.raised() {
            true => Err(MigrateError::Interrupted { ran: 0, planned: 0 }),
            false => Ok(()),
        }
    }
}
