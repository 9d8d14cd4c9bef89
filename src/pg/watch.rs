//! A look from the side at a session that may be held up: who blocks it, and whether it
//! shall stop.
//!
//! A statement that waits for a lock cannot say for whom, and once its `lock_timeout` has
//! passed nobody knows any more. So another connection asks meanwhile, and only when the wait
//! has become long enough to be worth one. It ends no session of others, ever.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{PgError, Server, Session, Sql};
use crate::progress::Interrupt;

/// How often a request to stop is looked for.
const TICK: Duration = Duration::from_millis(20);
/// How often the blockers are asked for, after the first time.
const AGAIN: Duration = Duration::from_millis(500);

/// A thread that watches sessions, one shift after another; it ends when it is dropped.
///
/// It looks at the clock and not at a channel: a shift that is over before anything has to be
/// looked at, which is nearly every one, costs no switch to another thread.
pub struct Watch {
    shift: Arc<Mutex<Option<Shift>>>,
    end: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

/// One session that is watched.
struct Shift {
    pid: i32,
    began: Instant,
    /// When its blockers are asked for next.
    look: Instant,
    seen: Vec<String>,
}

/// What a watch does when it sees blockers: gets them, and for how long it has been watching.
pub type OnBlocked = dyn Fn(&[String], Duration) + Send;

impl Watch {
    /// Watches nobody yet.
    #[must_use]
    pub fn new(server: &Server, interrupt: &Interrupt, told: Box<OnBlocked>) -> Watch {
        let shift: Arc<Mutex<Option<Shift>>> = Arc::default();
        let (end, ended) = channel();
        let mut eye = Eye { server: server.clone(), session: None };
        let (watched, interrupt) = (Arc::clone(&shift), interrupt.clone());
        let thread = std::thread::spawn(move || {
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                // Held while the server is asked: a cancel must not meet what runs after a shift.
                if let Ok(mut shift) = watched.lock()
                    && let Some(shift) = shift.as_mut()
                {
                    eye.look(shift, &interrupt, &told);
                }
            }
        });
        Watch { shift, end, thread: Some(thread) }
    }

    /// Watches the session with backend `pid`; looks for its blockers once it has not ended
    /// after `patience`. A raised interrupt cancels what it runs.
    #[must_use]
    pub fn over(
        server: &Server,
        pid: i32,
        patience: Duration,
        interrupt: &Interrupt,
        told: Box<OnBlocked>,
    ) -> Watch {
        let watch = Watch::new(server, interrupt, told);
        watch.begin(pid, patience);
        watch
    }

    /// Begins a shift over the session with backend `pid`.
    pub fn begin(&self, pid: i32, patience: Duration) {
        let began = Instant::now();
        if let Ok(mut shift) = self.shift.lock() {
            *shift = Some(Shift { pid, began, look: began + patience, seen: Vec::new() });
        }
    }

    /// Ends the shift; gives the blockers it saw last.
    #[must_use]
    pub fn blockers(&self) -> Vec<String> {
        let shift = self.shift.lock().ok().and_then(|mut shift| shift.take());
        shift.map_or_else(Vec::new, |shift| shift.seen)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.end.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Eye {
    server: Server,
    session: Option<Session>,
}

impl Eye {
    fn look(&mut self, shift: &mut Shift, interrupt: &Interrupt, told: &OnBlocked) {
        if interrupt.raised() {
            // Until it has ended: a cancel that comes between two statements is lost.
            let _ = self.ask("SELECT pg_cancel_backend($1)::text", shift.pid);
        }
        if Instant::now() >= shift.look {
            // Nobody to ask, or nobody in the way: the session's own timeout decides.
            let found = self.ask(include_str!("blockers.sql"), shift.pid).unwrap_or_default();
            if !found.is_empty() {
                told(&found, shift.began.elapsed());
                shift.seen = found;
            }
            shift.look = Instant::now() + AGAIN;
        }
    }

    fn ask(&mut self, sql: &str, pid: i32) -> Result<Vec<String>, PgError> {
        let session = match &mut self.session {
            Some(session) => session,
            empty => empty.insert(Session::open(&self.server, "watch")?),
        };
        let rows = session.query(sql, &[&pid])?;
        Ok(rows.iter().filter_map(|row| row.get(0)).collect())
    }
}
