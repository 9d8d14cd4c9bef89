//! What `regrow rebuild --preflight` prints.

use crate::cli::Global;
use crate::cli::output::{self, counted};
use crate::error::exit_code::Code;
use crate::error::refusal;
use crate::preflight::{Finding, Severity};
use crate::report::check::PreflightReport;

/// Prints one line a finding and how many there are, or one JSON list; gives how to end.
pub(super) fn print(global: &Global, findings: &[Finding]) -> Code {
    let of = |severity| findings.iter().filter(move |finding| finding.severity == severity);
    let refused: Vec<Finding> = of(Severity::Refused).cloned().collect();
    if global.json {
        output::report(&PreflightReport(findings.iter().map(Finding::report).collect()));
    } else {
        findings.iter().map(line).for_each(output::line);
        let warnings = i64::try_from(of(Severity::Warning).count()).unwrap_or(i64::MAX);
        output::line(format!(
            "{} refused, {}",
            refused.len(),
            counted(warnings, "warning", "warnings")
        ));
    }
    refusal(&refused)
}

fn line(finding: &Finding) -> String {
    let Finding { severity, code, .. } = finding;
    let text = format!("{}: {} [{}]", severity.name(), finding.sentence(), code.name());
    // PostgreSQL's own words may have several lines, and so may a name.
    text.replace('\n', " ")
}
