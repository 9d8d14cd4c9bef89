//! What a server says beside its answers: warnings and notices.
//!
//! Keeps them until somebody asks; nobody prints them here. Details are left out: they may hold
//! values of rows.

use std::sync::{Arc, Mutex};

use postgres::error::DbError;

/// How many are kept: a statement may raise one for each row.
const MOST: usize = 100;

/// A warning or a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `warning`, `notice`, `info` and the like, as the server calls it.
    pub severity: String,
    /// The message.
    pub message: String,
}

/// Those of one connection that nobody has taken yet.
#[derive(Clone, Default)]
pub(super) struct Notices(Arc<Mutex<Vec<Notice>>>);

impl Notices {
    pub(super) fn hear(&self, said: &DbError) {
        let notice =
            Notice { severity: said.severity().to_lowercase(), message: said.message().to_owned() };
        if let Ok(mut kept) = self.0.lock()
            && kept.len() < MOST
        {
            kept.push(notice);
        }
    }

    pub(super) fn take(&self) -> Vec<Notice> {
        self.0.lock().map_or_else(|_| Vec::new(), |mut kept| std::mem::take(&mut *kept))
    }
}
