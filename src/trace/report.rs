//! What is told of a trace, as reports.

use super::{
    Agreement, Bound, Change, EventOf, EventTraced, LeftOut, Moved, OfProjection, Outcome,
    RowChange, Traced,
};
use crate::report::explain::ParameterExplained;
use crate::report::trace::{
    ColumnChange, EventOfProjection, EventOutcome, EventRow, EventRun, EventTraceReport,
    LeftOutEvent, NotBound, RowBound, TraceReport, TracedChange, TracedEvent, TracedStatement,
};
use crate::report::{self, Printed as _};

impl Traced {
    /// What made the row.
    #[must_use]
    pub fn report(&self) -> TraceReport {
        let (bound_by, not_bound) = of_bound(&self.bound);
        let row = |values| report::row(&self.columns, values);
        let (agrees, row_of_table) = match &self.agreement {
            Agreement::Equal => (Some(true), self.row.as_deref().map(row)),
            Agreement::NotCompared => (None, None),
            Agreement::Differs { table } => (Some(false), table.as_deref().map(row)),
        };
        let sql = self.sql.iter().cloned().map(|(what, sql)| TracedStatement { what, sql });
        TraceReport {
            version: TraceReport::VERSION,
            projection: self.projection.clone(),
            build: self.build.clone(),
            table: self.table.clone(),
            key: report::key(&self.key),
            until: self.until.0,
            bound_by,
            not_bound,
            replayed_in: if self.in_memory { "memory" } else { "scratch" },
            events_read: self.events_read,
            events_replayed: self.events_applied,
            changes: self.changes.iter().map(|change| self.change(change)).collect(),
            row: self.row.as_deref().map(row),
            agrees,
            row_of_table,
            parked: self.parked.iter().map(of_left_out).collect(),
            skipped: self.skipped.iter().map(of_left_out).collect(),
            parked_in_all: self.parked_in_all,
            skipped_in_all: self.skipped_in_all,
            refused: self.refused.clone(),
            notes: self.notes.clone(),
            sql: sql.collect(),
        }
    }

    fn change(&self, change: &Change) -> TracedChange {
        let columns = change.columns().into_iter().map(|(column, (before, after))| ColumnChange {
            column: self.columns.get(column).cloned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        });
        let (came_from_key, went_to_key) = match &change.moved {
            Some(Moved::From(key)) => (Some(key.clone()), None),
            Some(Moved::To(key)) => (None, Some(key.clone())),
            None => (None, None),
        };
        let place = change.place.as_ref();
        TracedChange {
            event: of_event(&change.event),
            place: place.map(ToString::to_string),
            file: place.map(|place| place.file.clone()),
            line: place.map(|place| place.line),
            what: match (&change.before, &change.after) {
                (None, _) => "made",
                (_, None) => "deleted",
                _ => "changed",
            },
            columns: columns.collect(),
            came_from_key,
            went_to_key,
        }
    }
}

fn of_bound(bound: &Bound) -> (Option<RowBound>, Option<NotBound>) {
    match bound {
        Bound::By { column, parameters, unpicked, compared, indexes } => {
            let by = RowBound {
                column: column.clone(),
                parameters: ParameterExplained::of(parameters),
                read_whole: unpicked.clone(),
                compared: compared.clone(),
                indexes: indexes.clone(),
            };
            (Some(by), None)
        }
        Bound::Nothing(obstacle) => {
            let place = obstacle.place.as_ref().map(ToString::to_string);
            (None, Some(NotBound { reason: obstacle.reason.clone(), place }))
        }
    }
}

fn of_event(event: &EventOf) -> TracedEvent {
    TracedEvent {
        position: event.position.0,
        part: event.part,
        recorded_at: event.recorded_at.clone(),
        stream_id: event.stream_id.clone(),
        stream_version: event.stream_version,
        event_type: event.event_type.clone(),
        schema_version: event.schema_version,
        payload: event.payload.clone(),
    }
}

fn of_left_out(one: &LeftOut) -> LeftOutEvent {
    LeftOutEvent { failure: one.failure.clone(), is_of_key: one.is_of_key }
}

impl EventTraced {
    /// What the event changed.
    #[must_use]
    pub fn report(&self) -> EventTraceReport {
        EventTraceReport {
            version: EventTraceReport::VERSION,
            event: of_event(&self.event),
            projections: self.projections.iter().map(of_projection).collect(),
        }
    }
}

fn of_projection(of: &OfProjection) -> EventOfProjection {
    let outcome = match &of.outcome {
        Outcome::Ignored => EventOutcome::Ignored,
        Outcome::Unread => EventOutcome::Unread,
        Outcome::Parked(failure) => EventOutcome::Parked { failure: failure.clone() },
        Outcome::Skipped(failure) => EventOutcome::Skipped { failure: failure.clone() },
        Outcome::Ran { rows, bound, events_before, parked, skipped, refused } => {
            let run = EventRun {
                failure: refused.clone(),
                parked_parts: parked.clone(),
                skipped_parts: skipped.clone(),
                events_before: *events_before,
                bound_by: match bound {
                    Bound::By { column, .. } => Some(column.clone()),
                    Bound::Nothing(_) => None,
                },
                rows: rows.iter().map(of_row).collect(),
            };
            match refused {
                Some(_) => EventOutcome::Failed(run),
                None => EventOutcome::Ran(run),
            }
        }
    };
    EventOfProjection { projection: of.projection.clone(), build: of.build.clone(), outcome }
}

fn of_row(row: &RowChange) -> EventRow {
    let of = |values| report::row(&row.columns, values);
    EventRow {
        table: row.table.clone(),
        key: report::named(&row.key),
        place: row.place.as_ref().map(ToString::to_string),
        before: row.before.as_deref().map(of),
        after: row.after.as_deref().map(of),
    }
}
