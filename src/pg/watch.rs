//! A look from the side at a session that may be held up: who blocks it, and whether it
//! shall stop.
//!
//! A statement that waits for a lock cannot say for whom, and once its `lock_timeout` has
//! passed nobody knows any more. So another connection asks meanwhile, and only when the wait
//! has become long enough to be worth one. It ends no session of others, ever.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{PgError, Server, Session, Sql};
use crate::progress::Interrupt;

/// How often a request to stop is looked for.
const TICK: Duration = Duration::from_millis(20);
/// How often the blockers are asked for, after the first time.
const AGAIN: Duration = Duration::from_millis(500);

/// Watches one session until it is dropped or asked what it saw.
pub struct Watch {
    end: Sender<()>,
    thread: Option<JoinHandle<Vec<String>>>,
}

/// What a watch does when it sees blockers: gets them, and for how long it has been watching.
pub type Told = dyn Fn(&[String], Duration) + Send;

impl Watch {
    /// Watches the session with backend `pid`; looks for its blockers once it has not ended
    /// after `patience`. A raised interrupt cancels what it runs.
    #[must_use]
    pub fn over(
        server: &Server,
        pid: i32,
        patience: Duration,
        interrupt: &Interrupt,
        told: Box<Told>,
    ) -> Watch {
        let (end, ended) = channel();
        let (server, interrupt) = (server.clone(), interrupt.clone());
        let thread = std::thread::spawn(move || {
            let mut eye = Eye { server, pid, session: None, seen: Vec::new() };
            eye.watch(&ended, patience, &interrupt, &told);
            eye.seen
        });
        Watch { end, thread: Some(thread) }
    }

    /// Ends the watch; gives the blockers it saw last.
    #[must_use]
    pub fn blockers(mut self) -> Vec<String> {
        let _ = self.end.send(());
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or_default()
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
    pid: i32,
    session: Option<Session>,
    seen: Vec<String>,
}

impl Eye {
    fn watch(
        &mut self,
        ended: &Receiver<()>,
        patience: Duration,
        interrupt: &Interrupt,
        told: &Told,
    ) {
        let began = Instant::now();
        let mut look = began + patience;
        while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            if interrupt.raised() {
                // Until it has ended: a cancel that comes between two statements is lost.
                let _ = self.ask("SELECT pg_cancel_backend($1)::text");
            }
            if Instant::now() >= look {
                // Nobody to ask, or nobody in the way: the session's own timeout decides.
                let found = self.ask(include_str!("blockers.sql")).unwrap_or_default();
                if !found.is_empty() {
                    told(&found, began.elapsed());
                    self.seen = found;
                }
                look = Instant::now() + AGAIN;
            }
        }
    }

    fn ask(&mut self, sql: &str) -> Result<Vec<String>, PgError> {
        let session = match &mut self.session {
            Some(session) => session,
            empty => empty.insert(Session::open(&self.server, "watch")?),
        };
        let rows = session.query(sql, &[&self.pid])?;
        Ok(rows.iter().filter_map(|row| row.get(0)).collect())
    }
}
