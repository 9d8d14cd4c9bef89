//! The library: a project over one server or two, with an observer.
//!
//! Every method does the work in a thread, since a session with a server blocks: called from a
//! future it blocks that future's thread, and `tokio::task::spawn_blocking` is where it belongs.

use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::check::{self, Checked, Gate};
use crate::context::{Context, Said};
use crate::error::Error;
use crate::event::Position;
use crate::follow::{self, Followed};
use crate::log::append::{self, NewEvent};
use crate::migrate::{self, Report};
use crate::pg::{Server, Session};
use crate::progress::{Interrupt, Observer, Unobserved};
use crate::project::{Project, TemporaryFolder};
use crate::promote::{self, Back, Promoted};
use crate::rebuild::{self, Outcome};
use crate::revision::target::Target;
use crate::status::{self, Status};

/// A project and the servers it works on.
#[derive(Clone)]
pub struct Regrow {
    context: Context,
    /// Where files lie that the program carried in itself.
    _folder: Option<Arc<TemporaryFolder>>,
}

impl Regrow {
    /// Opens the project in a folder, over the server that has its event log and, unless
    /// [`Regrow::read_models`] names another, its read models. Nothing is connected to yet. What config.toml says of
    /// addresses does not count here.
    ///
    /// # Errors
    /// The folder is no project, or a file of it cannot be read.
    pub fn open(folder: impl AsRef<Path>, event_store: &Server) -> Result<Regrow, Error> {
        Ok(Regrow::of(Project::open(folder.as_ref())?, event_store, None))
    }

    /// The same from files that the program carries in itself, each with its path in a project's folder:
    /// `("projections/orders/handlers.sql", include_str!("..."))`. They are written to a temporary folder that
    /// goes with the last clone of what this gives.
    ///
    /// # Errors
    /// The files make no project, or cannot be written.
    pub fn embedded<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
        event_store: &Server,
    ) -> Result<Regrow, Error> {
        let (project, folder) = Project::embedded(files)?;
        Ok(Regrow::of(project, event_store, Some(folder)))
    }

    fn of(project: Project, event_store: &Server, folder: Option<TemporaryFolder>) -> Regrow {
        let server = event_store.clone().with_ledger(project.config.ledger_schema());
        let context = Context {
            project,
            event_store: server.clone(),
            standbys: Vec::new(),
            read_models: server,
            scratch: None,
            observer: Arc::new(Unobserved),
            interrupt: Interrupt::new(),
            said: Said::default(),
        };
        Regrow { context, _folder: folder.map(Arc::new) }
    }

    /// Keeps read models and ledger on another server than the log.
    #[must_use]
    pub fn read_models(mut self, server: &Server) -> Regrow {
        self.context.read_models =
            server.clone().with_ledger(self.context.project.config.ledger_schema());
        self
    }

    /// Has long replays read the log from standbys of its server. What `read_from` in `config.toml` says is for the
    /// command line.
    #[must_use]
    pub fn read_from(mut self, standbys: &[Server]) -> Regrow {
        self.context.standbys = standbys.to_vec();
        self
    }

    /// Has somebody watch: progress, waiting, parked events, notices of the server.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Regrow {
        self.context.observer = observer;
        self
    }

    /// Lets readers see builds that have skipped events, by `on_error = "skip"`: without it, a promote of one is
    /// refused.
    #[must_use]
    pub fn accept_skipped(mut self) -> Regrow {
        self.context.said.accept_skipped = true;
        self
    }

    /// What asks this and everything that is under way through it to stop between two batches. A clone of a
    /// `Regrow` has the same.
    #[must_use]
    pub fn interrupt(&self) -> Interrupt {
        self.context.interrupt.clone()
    }

    /// The names of the project's projections.
    pub fn projections(&self) -> impl Iterator<Item = &str> {
        self.context.project.projections.keys().map(String::as_str)
    }

    /// Runs the event store's revisions that have not run yet.
    ///
    /// # Errors
    /// Files and history differ, a revision fails, or its locks cannot be had in time.
    pub fn migrate(&self) -> Result<Report, Error> {
        self.at_work(|context| {
            migrate::migrate(context, &Target::head(None), &migrate::Options::default())
        })
    }

    /// Looks for mistakes in the project's files, as `regrow check` does. Files are tried in a database
    /// that is made for it on the event store's server, where the login may make one.
    ///
    /// # Errors
    /// The check itself could not be made; what is wrong is in [`Checked::findings`].
    pub fn check(&self) -> Result<Checked, Error> {
        self.at_work(|context| check::check(context, &[], &Gate::ALL))
    }

    /// Appends events to a stream of a log of ours, in one transaction, and gives their positions.
    /// `expected_version` is the version of the stream's last event, -1 for a stream that does not exist yet;
    /// `None` asks for none.
    ///
    /// # Errors
    /// The stream is at another version (`stream-moved`), or another library owns the log (`adopted`).
    pub fn append(
        &self,
        stream_id: &str,
        expected_version: Option<i32>,
        events: &[NewEvent],
    ) -> Result<Vec<Position>, Error> {
        if self.context.project.adopts() {
            return Err(Error::adopted());
        }
        let schema = self.context.project.config.event_store_schema();
        self.at_work(|context| -> Result<_, Error> {
            let mut session = Session::open(&context.event_store, "append")?.to_write()?;
            let to = (stream_id, expected_version);
            append::append(&mut session, &schema, to, events).map_err(Error::of_append)
        })
    }

    /// Builds projections anew from the whole log, and with `promote` lets readers see each that is ready.
    ///
    /// # Errors
    /// Nothing could be begun. What went wrong with one build is in its [`Outcome::result`].
    pub fn rebuild(&self, names: &[&str], promote: bool) -> Result<Vec<Outcome>, Error> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let options = rebuild::Options { promote, ..rebuild::Options::default() };
        self.at_work(|context| rebuild::rebuild(context, &names, &options))
    }

    /// Goes on with unfinished builds of projections; of all where none is named. One that was begun with
    /// `regrow rebuild --verify` ends ready, also with `promote`: `regrow resume` compares it.
    ///
    /// # Errors
    /// As [`Regrow::rebuild`].
    pub fn resume(&self, names: &[&str], promote: bool) -> Result<Vec<Outcome>, Error> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        self.at_work(|context| rebuild::resume(context, &names, promote))
    }

    /// Lets readers see a projection's newest build that is ready.
    ///
    /// # Errors
    /// No build is ready, its last events fail, or readers do not let go of the views.
    pub fn promote(&self, projection: &str) -> Result<Promoted, Error> {
        self.at_work(|context| promote::promote(context, projection))
    }

    /// Lets readers see the build again that they saw before.
    ///
    /// # Errors
    /// There is none, its last events fail, or readers do not let go of the views.
    pub fn rollback(&self, projection: &str) -> Result<Promoted, Error> {
        self.at_work(|context| promote::rollback(context, projection, &Back::default()))
    }

    /// Every build, how far it is, and what is next.
    ///
    /// # Errors
    /// A server refuses, or nothing was ever rebuilt there.
    pub fn status(&self) -> Result<Status, Error> {
        self.at_work(|context| status::status(context, false))
    }

    /// Brings every build that is followed to the end of the log as it is now.
    ///
    /// # Errors
    /// A server is lost, or a build cannot go on.
    pub fn catch_up(&self) -> Result<Followed, Error> {
        self.at_work(|context| follow::follow(context, true))
    }

    /// Follows the log in a thread until the handle is stopped or dropped.
    #[must_use]
    pub fn follow(&self) -> Follower {
        let interrupt = Interrupt::new();
        let context = Context { interrupt: interrupt.clone(), ..self.context.clone() };
        let keeps = self.clone();
        let thread = thread::spawn(move || {
            let followed = follow::follow(&context, false).map_err(Error::from);
            drop(keeps);
            followed
        });
        Follower { interrupt, thread: Some(thread) }
    }

    /// Sessions wait for their servers in a runtime, and a thread that is in one may not do so.
    fn at_work<T: Send, E: Into<Error>>(
        &self,
        work: impl FnOnce(&Context) -> Result<T, E> + Send,
    ) -> Result<T, Error> {
        thread::scope(|scope| {
            let done = scope.spawn(|| work(&self.context).map_err(Into::into)).join();
            done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

/// A thread that follows the log.
#[derive(Debug)]
pub struct Follower {
    interrupt: Interrupt,
    thread: Option<JoinHandle<Result<Followed, Error>>>,
}

impl Follower {
    /// Whether it has ended by itself: a server was lost for longer than `reconnect_s`.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Asks it to stop between two batches, waits for it, and gives what it did.
    ///
    /// # Errors
    /// Why it had ended by itself.
    ///
    /// # Panics
    /// As the thread did.
    pub fn stop(mut self) -> Result<Followed, Error> {
        self.interrupt.raise();
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(followed)) => followed,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Ok(Followed::default()),
        }
    }
}

impl Drop for Follower {
    /// As [`Follower::stop`], without a word about what it did.
    fn drop(&mut self) {
        self.interrupt.raise();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
