//! A sample of the log: some events of each kind, spread over its positions, and what happened before
//! them in their streams.
//!
//! The log is read, never written, and each question goes through it once at the most. Which kinds are
//! of interest, and what becomes of the events, is decided above.

use super::wanted::Wanted;
use super::{Log, LogError};
use crate::event::Position;
use crate::ident::quote_literal;
use crate::pg::{Row, Session, Sql};

/// The events of one type and version, of which some are drawn.
#[derive(Debug, Clone)]
pub struct Population {
    /// The type.
    pub event_type: String,
    /// How the log writes the version.
    pub versions: Vec<String>,
    /// How many there are.
    pub events: i64,
    /// The first of them.
    pub first: Position,
    /// The last of them.
    pub last: Position,
}

impl Log {
    /// Of each kind the first event, the last, and up to `many` between them: all if there are no more,
    /// else the first of each of as many equal parts of the range of positions. The same log gives the
    /// same events.
    ///
    /// # Errors
    /// The server refuses.
    pub fn draw(
        &self,
        session: &mut Session,
        kinds: &[Population],
        many: i64,
    ) -> Result<Vec<Vec<Position>>, LogError> {
        let mut drawn: Vec<Vec<Position>> = kinds.iter().map(|k| vec![k.first, k.last]).collect();
        let rows: Vec<String> = kinds.iter().enumerate().flat_map(|kind| row(kind, many)).collect();
        if !rows.is_empty() {
            let sql = self
                .in_place(include_str!("sample/draw.sql"))
                .replace("{many}", &many.to_string())
                .replace("{kinds}", &rows.join(",\n           "));
            for row in session.query(&sql, &[])? {
                let (kind, position): (i32, i64) = (row.get(0), row.get(1));
                let kind = usize::try_from(kind).unwrap_or(usize::MAX);
                drawn.get_mut(kind).into_iter().for_each(|all| all.push(Position(position)));
            }
        }
        for positions in &mut drawn {
            positions.sort_unstable();
            positions.dedup();
        }
        Ok(drawn)
    }

    /// The first events of the streams of some events, up to them: at most so many of each stream.
    ///
    /// # Errors
    /// The server refuses.
    pub fn before_in_streams(
        &self,
        session: &mut Session,
        of: &[Position],
        (types, most): (&[String], i64),
    ) -> Result<Vec<Position>, LogError> {
        let Some(positions) = self.shape.listed(of) else { return Ok(Vec::new()) };
        let sql = self
            .in_place(include_str!("sample/streams.sql"))
            .replace("{positions}", &positions)
            .replace("{most}", &most.to_string())
            .replace("{types}", &self.type_filter(Wanted::Types(types)));
        Ok(session.query(&sql, &[])?.iter().filter_map(whole).collect())
    }

    /// The first events of some types, of one stream or of any, in order, at most so many.
    ///
    /// # Errors
    /// The server refuses.
    pub fn first_of(
        &self,
        session: &mut Session,
        stream: Option<&str>,
        (types, most): (&[String], usize),
    ) -> Result<Vec<Position>, LogError> {
        let of_stream = stream.map_or_else(String::new, |stream| {
            format!("({})::text = {} AND ", self.shape.stream_id, quote_literal(stream))
        });
        let sql = format!(
            "SELECT {} FROM {} WHERE {of_stream}{} ORDER BY {p} LIMIT {most}",
            self.shape.position_value(),
            self.shape.rows(),
            self.type_filter(Wanted::Types(types)),
            p = self.shape.position,
        );
        Ok(session.query(&sql, &[])?.iter().filter_map(whole).collect())
    }

    /// The first event of some types at a position or behind it.
    ///
    /// # Errors
    /// The server refuses.
    pub fn first_behind(
        &self,
        session: &mut Session,
        types: &[String],
        at: Position,
    ) -> Result<Option<Position>, LogError> {
        let sql = format!(
            "SELECT {} FROM {} WHERE {p} >= {} AND {} ORDER BY {p} LIMIT 1",
            self.shape.position_value(),
            self.shape.rows(),
            self.shape.stored(at),
            self.type_filter(Wanted::Types(types)),
            p = self.shape.position,
        );
        Ok(session.query_opt(&sql, &[])?.as_ref().and_then(whole))
    }

    /// The position of the `nth` event of some types, from 1, if there are so many.
    ///
    /// # Errors
    /// The server refuses.
    pub fn nth_position(
        &self,
        session: &mut Session,
        types: &[String],
        nth: i64,
    ) -> Result<Option<Position>, LogError> {
        let sql = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {p} OFFSET {} LIMIT 1",
            self.shape.position_value(),
            self.shape.rows(),
            self.type_filter(Wanted::Types(types)),
            nth - 1,
            p = self.shape.position,
        );
        Ok(session.query_opt(&sql, &[])?.as_ref().and_then(whole))
    }

    /// A question with the log's own names. The expressions of an adopted log come last: whatever
    /// stands in them is not looked into.
    fn in_place(&self, sql: &str) -> String {
        let shape = &self.shape;
        sql.replace("{rows}", &shape.rows())
            .replace("{position}", &shape.position_value())
            .replace("{column}", &shape.position)
            .replace("{stream}", &shape.stream_of_tenant())
            .replace("{type}", &shape.event_type)
            .replace("{version}", &shape.schema_version)
    }
}

/// The position in a row, unless it is none, which whoever reads the log finds.
fn whole(row: &Row) -> Option<Position> {
    row.get::<_, Option<i64>>(0).map(Position)
}

/// A kind's rows in the question: one for each way to write its version; none if it has nothing
/// between its first and its last event.
fn row((number, kind): (usize, &Population), many: i64) -> Vec<String> {
    let Population { event_type, versions, events, first, last } = kind;
    if *events <= 2 {
        return Vec::new();
    }
    let few = *events <= many + 2;
    let row = |version: &String| {
        let (event_type, version) = (quote_literal(event_type), quote_literal(version));
        format!("({number}, {event_type}, {version}, {first}::bigint, {last}::bigint, {few})")
    };
    versions.iter().map(row).collect()
}
