//! What is risky in a migration, told before it runs.
//!
//! Owns the rules, which of them hold for whom ([`Profile`]), and how somebody
//! says that a risk is meant. It runs nothing, asks no database, and does not
//! judge syntax: a statement that is not understood gets no finding but what its
//! words alone are enough for. The way back (`.down.sql`) is not looked at.
//!
//! | room | what it owns |
//! |---|---|
//! | `house` | our own rules: the log, transactions |
//! | `squawk` | the rules of the crate `squawk-linter`, chosen for each profile |
//! | `allow` | `-- lint: allow rule` |
//!
//! A risk that is meant is allowed by a comment line directly before its
//! statement, `-- lint: allow rule-a, rule-b`. In the head of the file, before a
//! blank line or another line of the head (`-- revises:` and the like), it holds
//! for the whole file.

mod allow;
mod house;
mod squawk;

use self::allow::Allowed;
use crate::ddl::{self, DdlError, Statement};
use crate::handler::HandlerErrorKind;
use crate::source::{Place, SourceFile, Span};

/// A source of findings.
pub trait Linter {
    /// What it finds in a script, in any order.
    fn findings(&self, script: &Script<'_>) -> Vec<Finding>;
}

/// A revision, and what is known about how it will run.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a> {
    /// The file.
    pub file: &'a SourceFile,
    /// Its head says `-- transaction: none`.
    pub outside_transaction: bool,
    /// Who uses the tables meanwhile.
    pub profile: &'a Profile,
}

/// Who uses the tables while a revision runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// The event store: no event may be lost, and the site appends meanwhile.
    Strict {
        /// The log's table as one would write it in SQL, with its schema:
        /// `event_store.events`.
        log: String,
    },
    /// A projection's lineage: it runs in a fresh build that nobody reads yet.
    Relaxed,
}

/// Something risky.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where it begins.
    pub place: Place,
    /// Its bytes in the file.
    pub span: Span,
    /// The rule, such as `log-rewrite`.
    pub rule: String,
    /// What would happen.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Script<'_> {
    fn finding(&self, span: Span, rule: &str, message: String, help: Option<String>) -> Finding {
        let place = self.file.place(span.start);
        Finding { place, span, rule: rule.to_owned(), message, help }
    }
}

/// All findings that are not allowed, by place, each once.
#[must_use]
pub fn lint(script: &Script<'_>) -> Vec<Finding> {
    let statements = match ddl::read(script.file) {
        Ok(statements) => statements,
        Err(error) => return vec![unreadable(script, error)],
    };
    let own = house::House.findings(script);
    let mut findings = squawk::Squawk.findings(script);
    findings.retain(|f| !is_said(f, &own, &statements) && !is_unused(script, f, &statements));
    findings.extend(own);
    let allowed = Allowed::read(script, &statements);
    findings.retain(|finding| !allowed.covers(finding));
    findings.extend(allowed.unknown);
    findings.sort_by(|a, b| (a.span.start, &a.rule).cmp(&(b.span.start, &b.rule)));
    findings.dedup_by(|a, b| a.span.start == b.span.start && a.rule == b.rule);
    findings
}

/// Whether one of our own findings tells the same risk of the same statement,
/// and knows more about it: one cause, one finding, and one rule to allow.
fn is_said(finding: &Finding, own: &[Finding], statements: &[Statement]) -> bool {
    let Some(rule) = squawk::told_by(&finding.rule) else { return false };
    let steps = statements.iter().flat_map(|statement| &statement.steps);
    let around = |at: usize| {
        let mut spans = steps.clone().map(|step| &step.span);
        spans.find(|span| span.contains(&at)).map(|span| span.start)
    };
    let at = around(finding.span.start);
    own.iter().any(|own| rule.contains(&own.rule.as_str()) && around(own.span.start) == at)
}

/// Whether it is about a change of a table that the same transaction makes: nobody uses it yet.
fn is_unused(script: &Script<'_>, finding: &Finding, statements: &[Statement]) -> bool {
    let at = finding.span.start;
    let mut steps = statements.iter().flat_map(|statement| &statement.steps);
    !script.outside_transaction
        && !squawk::holds_always(&finding.rule)
        && steps.any(|step| step.on_own_table && step.span.contains(&at))
}

/// PostgreSQL would not take the file either.
fn unreadable(script: &Script<'_>, error: DdlError) -> Finding {
    let (rule, help) = match error.reason {
        HandlerErrorKind::PsqlCommand(_) => {
            ("psql-command", Some("write it in SQL; for \\i, put the file's statements here"))
        }
        _ => ("unreadable", None),
    };
    let start = offset(script.file, &error.place);
    Finding {
        place: error.place,
        span: start..start,
        rule: rule.to_owned(),
        message: error.reason.to_string(),
        help: help.map(str::to_owned),
    }
}

/// The byte at a place.
fn offset(file: &SourceFile, place: &Place) -> usize {
    let lines = file.text.split_inclusive('\n').take(place.line);
    let (mut start, mut line) = (0, "");
    for next in lines {
        start += line.len();
        line = next;
    }
    let columns = line.char_indices().nth(place.column.saturating_sub(1));
    start + columns.map_or(line.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests;
