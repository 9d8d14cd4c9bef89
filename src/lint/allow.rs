//! `-- lint: allow rule-a, rule-b`.
//!
//! Owns where such a comment holds. Squawk's own ignore comments are its own
//! business.

use super::{Finding, Script, house, squawk};
use crate::ddl::Statement;
use crate::revision::HEAD_KEYS;
use crate::source::Span;

/// What a file allows, and where it names a rule that nobody has.
pub(super) struct Allowed {
    allows: Vec<Allow>,
    pub(super) unknown: Vec<Finding>,
}

struct Allow {
    rule: String,
    /// The statement; None is the whole file.
    statement: Option<Span>,
}

impl Allowed {
    pub(super) fn read(script: &Script<'_>, statements: &[Statement]) -> Allowed {
        let text = &script.file.text;
        let mut allowed = Allowed { allows: Vec::new(), unknown: Vec::new() };
        let first = statements.first().map_or(text.len(), |s| s.span.start);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            // A line inside a statement is text of that statement.
            let inside = |s: &Statement| s.span.start <= at && at < s.span.end;
            let Some(said) = comment(line).and_then(|comment| comment.strip_prefix("lint:")) else {
                continue;
            };
            if statements.iter().any(inside) {
                continue;
            }
            let statement = match follows(text, start) {
                // At the end of the lines before it, a statement begins.
                Follows::Statement(at) => {
                    statements.iter().find(|s| s.span.start >= at).map(|s| s.span.clone())
                }
                Follows::Other => None,
            };
            if statement.is_some() || at < first {
                allowed.take(script, at..at + line.trim_end().len(), said.trim(), statement);
            }
        }
        allowed
    }

    fn take(&mut self, script: &Script<'_>, span: Span, said: &str, statement: Option<Span>) {
        let mut complain = |message| {
            self.unknown.push(script.finding(span.clone(), "unknown-rule", message, None));
        };
        let Some(rules) = said.strip_prefix("allow").filter(|r| r.starts_with([' ', '\t'])) else {
            complain(format!("'lint: {said}' is not known; 'lint: allow <rule>, <rule>' is"));
            return;
        };
        for rule in rules.split(',').map(str::trim) {
            if house::RULES.contains(&rule) || squawk::is_rule(rule) {
                self.allows.push(Allow { rule: rule.to_owned(), statement: statement.clone() });
            } else {
                complain(format!("there is no rule '{rule}' that could be allowed"));
            }
        }
    }

    pub(super) fn covers(&self, finding: &Finding) -> bool {
        self.allows.iter().any(|allow| {
            let here = |span: &Span| (span.start..=span.end).contains(&finding.span.start);
            allow.rule == finding.rule && allow.statement.as_ref().is_none_or(here)
        })
    }
}

enum Follows {
    /// A statement, on the line that begins here.
    Statement(usize),
    /// A blank line, a line of the head or nothing.
    Other,
}

/// What comes after the comment lines that begin at `start`.
fn follows(text: &str, mut start: usize) -> Follows {
    for line in text[start..].split_inclusive('\n') {
        match comment(line) {
            Some(comment) if is_head(comment) => return Follows::Other,
            Some(_) => start += line.len(),
            None if line.trim().is_empty() => return Follows::Other,
            None => return Follows::Statement(start),
        }
    }
    Follows::Other
}

fn is_head(comment: &str) -> bool {
    comment.split_once(':').is_some_and(|(key, _)| HEAD_KEYS.contains(&key.trim()))
}

/// The words of a line that is a comment.
fn comment(line: &str) -> Option<&str> {
    line.trim_start_matches('\u{feff}').trim().strip_prefix("--").map(str::trim)
}
