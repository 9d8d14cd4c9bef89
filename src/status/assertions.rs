//! What is known of the assertions on what readers see: of each what it came to when it was last looked at, or that
//! nobody knows.

use std::time::Duration;

use crate::figures::{counted, rough};
use crate::ledger::{Build, Look, Outcome};
use crate::project::Project;
use crate::replay::assertions;
use crate::visible::one_line;

/// A result older than this many intervals is stale: no process checks any more.
const STALE_INTERVALS: u32 = 3;
/// A process that begins to follow, or an assertion that takes long, is given so much more.
const GRACE: Duration = Duration::from_secs(10);

/// What is known of a build's assertions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertions {
    /// When they were looked at last, in RFC 3339, and how long ago that is; `None` if nobody ever did.
    pub looked: Option<(String, Duration)>,
    /// How often `run` looks at them, if it does.
    pub every: Option<Duration>,
    /// Each that counts today, in the order of the file.
    pub all: Vec<Known>,
    /// Why the file cannot be read that says which they are.
    pub unreadable: Option<String>,
}

/// An assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// `file:line:column` of the query.
    pub place: String,
    /// What it came to; `None` if this one was never looked at.
    pub outcome: Option<Outcome>,
}

impl Assertions {
    /// What is known of a build's.
    pub(super) fn of(project: &Project, build: &Build, looks: &[Look]) -> Assertions {
        let every = project.config.follow.check_interval();
        let look = looks.iter().find(|look| look.build == build.id);
        let (file, _) = assertions::file_of(project, build);
        let (checks, unreadable) = match assertions::parse(file.as_ref()) {
            Ok(checks) => (checks, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let all = checks.into_iter().map(|(check, place)| {
            let identity = check.identity();
            let found = look.and_then(|look| look.found.iter().find(|a| a.identity == identity));
            let outcome = found.map(|found| found.outcome.clone());
            Known { name: check.name, place, outcome }
        });
        let looked = look.map(|look| (look.at.clone(), look.age));
        Assertions { looked, every, all: all.collect(), unreadable }
    }

    /// How many were returning rows.
    #[must_use]
    pub fn broken(&self) -> usize {
        let is_broken = |known: &&Known| matches!(known.outcome, Some(Outcome::Broken { .. }));
        self.all.iter().filter(is_broken).count()
    }

    /// Of how many nobody knows whether they hold: they could not be run, or were not looked at in time.
    #[must_use]
    pub fn unknown(&self) -> usize {
        let is_unknown = |known: &&Known| match known.outcome {
            Some(Outcome::Failed { .. }) => true,
            // Without an interval no check is due.
            None => self.every.is_some(),
            Some(_) => self.is_stale(),
        };
        self.all.iter().filter(is_unknown).count() + usize::from(self.unreadable.is_some())
    }

    /// Whether the last look is older than the project asks for.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let Some(((_, age), every)) = self.looked.as_ref().zip(self.every) else { return false };
        *age > every.saturating_mul(STALE_INTERVALS).saturating_add(GRACE)
    }

    /// Why readers may not count on a build: an assertion is broken or could not be run, or nobody has looked although
    /// the project asks for it.
    pub(super) fn complaints(&self, schema: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        for Known { name, place, outcome } in &self.all {
            let what = match outcome {
                Some(Outcome::Broken { rows, .. }) => {
                    format!("broken by {}", counted(*rows as i128, "row", "rows"))
                }
                Some(Outcome::Failed { .. }) => "could not be run".to_owned(),
                Some(Outcome::Holds) => continue,
                None if self.every.is_some() => "was never looked at".to_owned(),
                None => continue,
            };
            complaints.push(format!("{schema}: {place}: {}: {what}", one_line(name)));
        }
        if let Some(why) = &self.unreadable {
            complaints.push(format!("{schema}: its assertions cannot be read: {}", one_line(why)));
        }
        complaints.extend(self.staleness(schema));
        complaints
    }

    fn staleness(&self, schema: &str) -> Option<String> {
        let (at, age) = self.looked.as_ref().filter(|_| self.is_stale() && !self.all.is_empty())?;
        let every = rough(self.every?);
        Some(format!(
            "{schema}: its assertions were looked at last at {at}, {} ago, and not every {every}",
            rough(*age)
        ))
    }

    /// What people are told: each that does not hold, with keys of the rows that break it, and of which nobody knows.
    pub(super) fn sentences(&self, build: &Build) -> Vec<String> {
        let (schema, mut lines, mut never) = (&build.schema, Vec::new(), 0_usize);
        let at = self.looked.as_ref().map(|(at, _)| at.as_str()).unwrap_or_default();
        for Known { name, place, outcome } in &self.all {
            let name = one_line(name);
            match outcome {
                Some(Outcome::Holds) => {}
                Some(Outcome::Broken { rows, keys }) => {
                    let count = counted(*rows as i128, "row", "rows");
                    lines.push(format!("{schema}: {place}: {name}: broken by {count} at {at}"));
                    lines.extend(keys.iter().filter(|key| !key.is_empty()).map(|key| line(key)));
                    if keys.iter().any(Vec::is_empty) {
                        lines.push(format!(
                            "  it returns no column of a key; its rows: regrow verify {} --live --show-values",
                            build.projection
                        ));
                    }
                    if *rows > keys.len() {
                        lines.push(format!("  and {} more", rows - keys.len()));
                    }
                }
                Some(Outcome::Failed { reason }) => {
                    let reason = one_line(reason);
                    lines.push(format!(
                        "{schema}: {place}: {name}: could not be run at {at}: {reason}"
                    ));
                }
                None => never += 1,
            }
        }
        if never > 0 {
            let were = if never == 1 { "was" } else { "were" };
            lines.push(format!(
                "{schema}: {} {were} never looked at: regrow verify {} --live",
                counted(never as i128, "assertion", "assertions"),
                build.projection
            ));
        }
        if let Some(why) = &self.unreadable {
            lines.push(format!("{schema}: its assertions cannot be read: {}", one_line(why)));
        }
        lines.extend(self.staleness(schema.as_str()));
        lines
    }
}

/// A key of a row, printed on its own line.
fn line(key: &[(String, Option<String>)]) -> String {
    let part = |(column, value): &(String, Option<String>)| {
        let value = value.as_deref().map_or("NULL".into(), one_line);
        format!("{}={value}", one_line(column))
    };
    format!("  {}", key.iter().map(part).collect::<Vec<_>>().join(" "))
}
