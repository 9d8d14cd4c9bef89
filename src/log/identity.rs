//! What makes a log this log: its name, the place it is in, and fingerprints of its events.
//!
//! Names come from the catalog and not from the configuration's spelling. Fingerprints are computed
//! by the server that has the log, so they compare what it stores now with what it stored then.
//! What a difference means for a build is decided above.

use super::unreadable::may_be_an_event;
use super::wanted::Needs;
use super::{Log, LogError, LogShape, Wanted};
use crate::anchor::{Anchor, Origin, Tally};
use crate::event::Position;
use crate::pg::{PgError, Row, Session, Sql};

/// The envelope of an event of which nothing can be evaluated but its position.
const UNREADABLE: &str = "'unreadable'";

/// What became of an event whose fingerprint was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is as it was.
    Same,
    /// The same event with another payload: erased or converted.
    Rewritten,
    /// Another event stands at its position.
    Other,
    /// No event stands at its position.
    Missing,
}

impl LogShape {
    /// Envelope columns that do not come out of the payload: they stay when it is erased.
    fn envelope(&self) -> String {
        let payload = words(&self.payload);
        let of_payload =
            |expression: &String| words(expression).iter().any(|w| payload.contains(w));
        let recorded_at = match self.recorded_at.as_ref().filter(|e| !of_payload(e)) {
            Some(expression) => format!("({expression})::timestamptz::text"),
            None => "NULL::text".into(),
        };
        format!(
            "ROW(({})::text, ({})::text, ({})::text, {recorded_at})::text",
            self.stream_id, self.stream_version, self.event_type
        )
    }
}

fn words(expression: &str) -> Vec<String> {
    let words = expression.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

impl LogShape {
    /// The log's name: its table with its schema and, if its positions are not a column, their
    /// expression. The database is part of it if builds are kept in another one. `None` if there is no
    /// such table.
    ///
    /// # Errors
    /// The server refuses.
    pub fn name(
        &self,
        session: &mut Session,
        has_database_of_its_own: bool,
    ) -> Result<Option<String>, PgError> {
        let row = session.query_opt(
            "SELECT current_database()::text, n.nspname || '.' || c.relname, \
             EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = $2) \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.oid = to_regclass($1)",
            &[&self.table, &self.position.trim_matches('"')],
        )?;
        let Some(row) = row else { return Ok(None) };
        let (database, table, is_column): (String, String, bool) =
            (row.get(0), row.get(1), row.get(2));
        let mut name = match has_database_of_its_own {
            true => format!("{database}:{table}"),
            false => table,
        };
        if !is_column {
            name.push_str(&format!(" by {}", self.position));
        }
        Ok(Some(name))
    }
}

impl Log {
    /// The event at each of some positions, and its fingerprint; positions without an event are
    /// left out.
    ///
    /// # Errors
    /// The server refuses.
    pub fn fingerprints(
        &self,
        session: &mut Session,
        key: &[u8],
        origin: &Origin,
        positions: &[i64],
    ) -> Result<Vec<Anchor>, LogError> {
        let (envelope, payload) =
            (self.shape.envelope(), format!("({})::text", self.shape.payload));
        let from = self.shape.rows();
        let rows = match self.hashed(session, key, (&from, &envelope, &payload), positions) {
            Ok(rows) => rows,
            // What one event has cannot be evaluated: its fingerprint is of what can.
            Err(error) if may_be_an_event(&error) => {
                let mut rows = Vec::new();
                for position in positions {
                    let forms = [
                        (from.as_str(), envelope.as_str(), payload.as_str()),
                        (&from, &envelope, "NULL"),
                        (&from, UNREADABLE, "NULL"),
                    ];
                    let hashed = forms
                        .into_iter()
                        .find_map(|form| self.hashed(session, key, form, &[*position]).ok());
                    rows.extend(hashed.into_iter().flatten());
                }
                rows
            }
            Err(error) => return Err(error.into()),
        };
        let anchor = |row: &Row| Anchor {
            position: Position(row.get(0)),
            envelope: row.get(1),
            payload: row.get(2),
            origin: origin.clone(),
            snapshot: row.get(3),
        };
        Ok(rows.iter().map(anchor).collect())
    }

    fn hashed(
        &self,
        session: &mut Session,
        key: &[u8],
        (from, envelope, payload): (&str, &str, &str),
        positions: &[i64],
    ) -> Result<Vec<Row>, PgError> {
        let sql = format!(
            "SELECT {}, sha256($1 || convert_to({envelope}, 'UTF8')), \
             sha256($1 || convert_to({payload}, 'UTF8')), \
             pg_snapshot_xmax(pg_current_snapshot())::text FROM {from} WHERE {} = ANY($2::bigint[]) ORDER BY 1",
            self.shape.position_value(),
            self.shape.position,
        );
        let stored: Vec<i64> = positions.iter().map(|p| self.shape.stored(Position(*p))).collect();
        session.query_prepared(&sql, &[&key, &stored])
    }

    /// The first event's position, if there is an event.
    ///
    /// # Errors
    /// The server refuses.
    pub fn first(&self, session: &mut Session) -> Result<Option<Position>, LogError> {
        let sql = format!(
            "SELECT {} FROM {} ORDER BY {} LIMIT 1",
            self.shape.position_value(),
            self.shape.rows(),
            self.shape.position
        );
        let Some(row) = session.query_opt(&sql, &[])? else { return Ok(None) };
        let whole: Option<i64> = row.get(0);
        Ok(Some(Position(whole.ok_or(LogError::NotWhole { last: Position(0) })?)))
    }

    /// What became of the events of some anchors.
    ///
    /// # Errors
    /// The server refuses.
    pub fn fates(
        &self,
        session: &mut Session,
        key: &[u8],
        anchors: &[Anchor],
    ) -> Result<Vec<Fate>, LogError> {
        let positions: Vec<i64> = anchors.iter().map(|a| a.position.0).collect();
        let found = self.fingerprints(session, key, &Origin::default(), &positions)?;
        let mut fates: Vec<Fate> = anchors.iter().map(|anchor| fate(anchor, &found)).collect();
        for (fate, anchor) in fates.iter_mut().zip(anchors) {
            if *fate == Fate::Missing && self.is_left_out(session, key, anchor)? {
                *fate = Fate::Same;
            }
        }
        Ok(fates)
    }

    /// Whether the event of an anchor is one that `where` leaves out by now, such as an archived one: it is
    /// still there.
    ///
    /// # Errors
    /// The server refuses.
    pub fn is_left_out(
        &self,
        session: &mut Session,
        key: &[u8],
        anchor: &Anchor,
    ) -> Result<bool, LogError> {
        if self.shape.filter.is_none() {
            return Ok(false);
        }
        let mut all = self.clone();
        all.shape.filter = None;
        let found = all.fingerprints(session, key, &Origin::default(), &[anchor.position.0])?;
        Ok(found.iter().any(|now| now.envelope == anchor.envelope))
    }

    /// Whether a range has rows that were written after an anchor's event was read; `None` if that
    /// cannot be told, as for a view, which has no transaction ids.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn has_newer_rows(
        &self,
        session: &mut Session,
        anchor: &Anchor,
        (after, until): (Position, Position),
    ) -> Result<Option<bool>, LogError> {
        let Some(snapshot) = &anchor.snapshot else { return Ok(None) };
        // Transaction ids of rows have 32 bits: they can be compared as long as they have not wrapped.
        let sql = format!(
            "SELECT CASE WHEN pg_snapshot_xmax(pg_current_snapshot())::text::numeric - $1::text::numeric < 2000000000 \
             THEN EXISTS (SELECT 1 FROM {} AS log WHERE {p} > $2::bigint AND {p} <= $3::bigint \
             AND age(log.xmin) <= age($1::text::xid8::xid) AND {}) END",
            self.shape.table,
            self.shape
                .filter
                .as_ref()
                .map_or_else(|| "true".into(), |filter| format!("({filter})")),
            p = self.shape.position
        );
        let stored = [self.shape.stored(after), self.shape.stored(until)];
        match session.query_one(&sql, &[snapshot, &stored[0], &stored[1]]) {
            Ok(row) => Ok(row.get(0)),
            Err(PgError::Server(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// How many events of the wanted types lie in a range, and the sum of their positions' hashes.
    ///
    /// # Errors
    /// The server refuses.
    pub fn tally(
        &self,
        session: &mut Session,
        wanted: Wanted<'_>,
        (after, until): (Position, Position),
    ) -> Result<(i64, i128), LogError> {
        let sql = format!(
            "SELECT count(*), COALESCE(sum(hashint8extended({}, 0)), 0)::text \
             FROM {} WHERE {p} > $1::bigint AND {p} <= $2::bigint AND {}",
            self.shape.position_value(),
            self.shape.rows(),
            self.type_filter(wanted),
            p = self.shape.position
        );
        let stored = [self.shape.stored(after), self.shape.stored(until)];
        let row = match session.query_one(&sql, &[&stored[0], &stored[1]]) {
            Ok(row) => row,
            // The type of some event cannot be evaluated.
            Err(error) if may_be_an_event(&error) => {
                let mut tally = Tally::default();
                let what = (wanted, Needs::default());
                self.look_through(session, what, until, &mut |position, _| {
                    if position > after {
                        tally.add(position);
                    }
                    true
                })?;
                return Ok((tally.events, tally.hash_sum));
            }
            Err(error) => return Err(error.into()),
        };
        let sum: String = row.get(1);
        let sum = sum.parse().expect("a sum of bigints is a whole number");
        Ok((row.get(0), sum))
    }
}

/// Asks a server where it is: see [`Origin`].
///
/// # Errors
/// The connection is lost.
pub fn origin(session: &mut Session) -> Result<Origin, PgError> {
    let mut ask = |sql: &str| match session.query_one(sql, &[]) {
        Ok(row) => Ok(row.get::<_, Option<String>>(0)),
        // Some services take the functions away.
        Err(PgError::Server(_)) => Ok(None),
        Err(error) => Err(error),
    };
    let system = ask("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")?;
    let timeline = ask(
        "SELECT CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END",
    )?;
    Ok(Origin { system, timeline })
}

fn fate(anchor: &Anchor, found: &[Anchor]) -> Fate {
    let Some(now) = found.iter().find(|f| f.position == anchor.position) else {
        return Fate::Missing;
    };
    if now.envelope != anchor.envelope {
        return Fate::Other;
    }
    match anchor.payload.is_some() && anchor.payload != now.payload {
        true => Fate::Rewritten,
        false => Fate::Same,
    }
}
