//! What the cases were about, so that one sees that they were about something.

use std::collections::BTreeMap;
use std::fmt;

use super::case::Case;
use super::run::Ran;

#[derive(Default)]
pub(super) struct Tally {
    cases: usize,
    skipped: BTreeMap<String, usize>,
    /// Cases by what they ended in.
    ends: BTreeMap<String, usize>,
    ways: BTreeMap<String, usize>,
    parked: usize,
    events: usize,
    old_events: usize,
    rows: usize,
    empty: usize,
    /// Statements that were run, by their kind.
    statements: BTreeMap<String, usize>,
}

impl Tally {
    pub(super) fn count(&mut self, case: &Case, ran: &Ran) {
        self.cases += 1;
        let verdict = match ran {
            Ran::Skipped(why) => {
                let why = why.lines().next().unwrap_or_default();
                // The place is another each time.
                let why = why
                    .rsplit_once(".sql:")
                    .map_or(why, |(_, rest)| rest.split_once(": ").map_or(rest, |r| r.1));
                *self.skipped.entry(why.chars().take(90).collect()).or_default() += 1;
                return;
            }
            Ran::Agreed(verdict) => verdict,
            Ran::Differs(_) => return,
        };
        let end = match (&verdict.failed_at, verdict.parked.len()) {
            (Some(_), _) => "stopped",
            (None, 0) => "done",
            (None, _) => "done with parked events",
        };
        *self.ends.entry(end.into()).or_default() += 1;
        *self.ways.entry(format!("{:?}", case.plan.way)).or_default() += 1;
        let extras = [
            (case.plan.until.is_some(), "until"),
            (case.stored && !case.raw, "payloads as stored"),
            (case.plan.head < case.events.len(), "followed"),
            (case.raw, "json log"),
        ];
        for (_, name) in extras.iter().filter(|(is, _)| *is) {
            *self.ways.entry((*name).into()).or_default() += 1;
        }
        self.parked += verdict.parked.len();
        self.rows += verdict.rows();
        self.empty += usize::from(verdict.rows() == 0);
        for event in case.events.iter().filter(|e| e.position <= verdict.position) {
            self.events += 1;
            let name = event.event_type.strip_prefix("Was").unwrap_or(&event.event_type);
            let old = case.upcasters.iter().any(|u| u.event_type == event.event_type);
            self.old_events += usize::from(old);
            for handler in case.handlers.iter().filter(|h| h.event_type == name) {
                for statement in &handler.statements {
                    *self.statements.entry(statement.kind.clone()).or_default() += 1;
                }
            }
        }
    }

    pub(super) fn skipped_share(&self) -> f64 {
        let skipped = u32::try_from(self.skipped.values().sum::<usize>()).unwrap();
        f64::from(skipped) / f64::from(u32::try_from(self.cases.max(1)).unwrap())
    }

    /// Cases that were compared.
    pub(super) fn compared(&self) -> usize {
        self.ends.values().sum()
    }

    /// Rows that were compared.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The kinds of statements that ran at all.
    pub(super) fn kinds(&self) -> usize {
        self.statements.len()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "agreement: {} cases, {:?}, {} skipped; {} events applied ({} of types with upcasters), {} parked; \
             {} rows compared, {} cases without any",
            self.cases,
            self.ends,
            self.skipped.values().sum::<usize>(),
            self.events,
            self.old_events,
            self.parked,
            self.rows,
            self.empty
        )?;
        writeln!(f, "agreement: replayed {:?}", self.ways)?;
        write!(f, "agreement: statements run {:?}", self.statements)?;
        for (why, times) in &self.skipped {
            write!(f, "\nagreement: skipped {times}: {why}")?;
        }
        Ok(())
    }
}
