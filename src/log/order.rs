//! Whether the order of a log's positions can be relied on, and whether its events are JSON.
//!
//! Both are asked before work begins that depends on them. What is found is told by who asks.

use super::reader::Chunk;
use super::wanted::{ChunkBounds, Needs, Range, Wanted};
use super::{Log, LogError, LogShape};
use crate::config::Order;
use crate::event::Position;
use crate::pg::{Session, Sql};

/// What is said of a log whose preset has no sentence for it.
const HAZARD: &str = "config.toml says that writers take a position before the INSERT of its event";

impl LogShape {
    /// Whether a writer may commit an event at a position that a mark has passed: what can happen.
    #[must_use]
    pub fn unproven(&self) -> Option<String> {
        match self.order {
            Order::InInsert | Order::WritersLock => None,
            Order::BeforeInsert if !self.gaps.is_zero() => None,
            Order::BeforeInsert => {
                let of_preset = self.preset.and_then(|preset| preset.hazard_before_insert());
                // It is told in the middle of a sentence.
                Some(of_preset.unwrap_or(HAZARD).trim_end_matches('.').to_owned())
            }
        }
    }
}

impl Log {
    /// Asks for the proof that no event comes too late for who follows the log.
    ///
    /// # Errors
    /// Writers take positions before the INSERT, and config.toml names no proof.
    pub fn order_is_proven(&self) -> Result<(), LogError> {
        match self.shape.unproven() {
            None => Ok(()),
            Some(hazard) => Err(LogError::OrderUnproven { table: self.shape.label(), hazard }),
        }
    }

    /// Reads the first and the last event of a log with a preset. Some events may be broken, and are
    /// told one by one; if these two are, they are in another format.
    ///
    /// # Errors
    /// Neither can be read, or the server refuses.
    pub fn is_readable(&self, session: &mut Session) -> Result<(), LogError> {
        let Some(preset) = self.shape.preset else { return Ok(()) };
        let mut reason = None;
        for order in ["ASC", "DESC"] {
            let (rows, p) = (self.shape.rows(), &self.shape.position);
            let value = self.shape.position_value();
            let sql = format!("SELECT {value} FROM {rows} ORDER BY {p} {order} LIMIT 1");
            let Some(row) = session.query_opt(&sql, &[])? else { return Ok(()) };
            match self.fault_at(session, Position(row.get(0)))? {
                None => return Ok(()),
                Some(fault) => reason = reason.or(Some(fault)),
            }
        }
        let remedy = preset.unreadable.clone();
        match reason {
            None => Ok(()),
            Some(reason) => Err(LogError::Unreadable { table: self.shape.label(), reason, remedy }),
        }
    }

    /// What is wrong with the event at a position.
    fn fault_at(&self, session: &mut Session, at: Position) -> Result<Option<String>, LogError> {
        let range = Range { after: Position(at.0 - 1), until: at };
        let needs =
            Needs { metadata: true, recorded_at: true, minimal_columns: false, stream: true };
        let bounds = ChunkBounds { events: 1, bytes: usize::MAX };
        let mut found = Ok(None);
        self.read(session, range, Wanted::All, needs, bounds, &mut |chunk: Chunk| {
            for event in chunk.texts(needs) {
                match event {
                    Ok(event) if is_object(event.payload) => {}
                    Ok(_) => {
                        found = Ok(Some(format!("the payload of event {at} is no JSON object")))
                    }
                    Err(LogError::Event(event)) => found = Ok(Some(event.to_string())),
                    Err(error) => found = Err(error),
                }
            }
            true
        })?;
        found
    }
}

fn is_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
