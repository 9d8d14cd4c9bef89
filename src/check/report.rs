//! What is told of a check, as a report.

use super::{Checked, Finding, Severity};
use crate::report::check::{CheckFinding, CheckReport};
use crate::schema::NOT_READ;

impl Severity {
    /// The word in front of a finding.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Divergent => "divergent",
            Severity::Heads => "heads",
            Severity::Ahead => "ahead",
            Severity::Lint => "lint",
            Severity::Pending => "pending",
            Severity::Mistake => "mistake",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

impl Checked {
    /// What was looked at and found; `exit_code` is how the command ends.
    #[must_use]
    pub fn report(&self, exit_code: u8) -> CheckReport {
        CheckReport {
            ok: exit_code == 0,
            exit_code,
            lineages: self.lineages.clone(),
            projections: self.projections.clone(),
            handlers: self.handlers,
            native_handlers: self.native_handlers,
            events: self.events,
            findings: self.findings.iter().map(of_finding).collect(),
            drift_not_looked_for: NOT_READ.to_vec(),
        }
    }
}

fn of_finding(finding: &Finding) -> CheckFinding {
    let place = finding.place.as_ref();
    CheckFinding {
        gate: finding.gate.name(),
        severity: finding.severity.name(),
        about: finding.about.clone(),
        rule: finding.rule.clone(),
        message: finding.message.clone(),
        hint: finding.hint.clone(),
        place: place.map(ToString::to_string),
        file: place.map(|place| place.file.clone()),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
    }
}
