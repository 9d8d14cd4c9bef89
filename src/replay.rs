//! Replay: what brings builds to a mark of the log.
//!
//! A [`pass::Pass`] over the log takes any number of builds from where they are to a mark: readers hand chunks
//! to each build, and its engine, [`native`] or [`sql`], makes rows of them. Rows and checkpoint commit together.
//! What a build is for, when it is shown and who asked is not known here: rebuild, promote, follow and check
//! stand on this floor, and not on each other.

mod asking;
pub mod assertions;
pub mod batch_size;
pub mod build_session;
mod counted;
pub mod feed;
pub mod native;
pub mod parallel;
pub mod pass;
pub mod readers;
pub mod rest;
pub mod sql;
pub mod standby;
pub mod throttle;
pub mod trial;

/// Who runs handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// This process.
    Native,
    /// The server.
    Sql,
    /// This process some, the server the others.
    Both,
}

impl Engine {
    /// The word in every report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Native => "native",
            Engine::Sql => "sql",
            Engine::Both => "both",
        }
    }

    /// By who has something to do; nothing where nobody has.
    #[must_use]
    pub fn of(native: bool, sql: bool) -> Option<Engine> {
        match (native, sql) {
            (true, true) => Some(Engine::Both),
            (true, false) => Some(Engine::Native),
            (false, true) => Some(Engine::Sql),
            (false, false) => None,
        }
    }
}
