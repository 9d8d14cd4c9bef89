//! Why a statement is not in the native subset, and where.

use crate::source::{Place, SourceFile};

/// A reason why a handler runs in SQL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place} runs in SQL: {reason}")]
pub struct Rejection {
    /// What the reason is about, in the handlers file.
    pub place: Place,
    /// The reason, in words that follow a colon.
    pub reason: String,
}

/// A reason with its offset in the statement's SQL text, where one is known.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) at: Option<usize>,
    pub(super) reason: String,
}

impl Refused {
    pub(super) fn new(reason: impl Into<String>) -> Refused {
        Refused { at: None, reason: reason.into() }
    }

    /// At this offset, unless something inside it was named already.
    pub(super) fn at(mut self, offset: Option<usize>) -> Refused {
        self.at = self.at.or(offset);
        self
    }

    pub(super) fn place(self, file: &SourceFile, source: impl Fn(usize) -> usize) -> Rejection {
        let place = file.place(source(self.at.unwrap_or(0)));
        Rejection { place, reason: self.reason }
    }
}

/// Refuses with a reason.
pub(super) fn refuse<T>(reason: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::new(reason))
}
