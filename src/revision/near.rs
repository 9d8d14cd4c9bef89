//! Comment lines that are nearly lines of a head.
//!
//! A key that is misspelt is a comment, and the revision runs as if nothing had been said: at
//! another place of the history, or in a transaction. So is a key below the first statement. A line
//! counts as near only if what follows could be the value, so that prose stays prose.

use super::head::KEYS;
use crate::source::{SourceFile, Span};

/// A line that looks like one of a head and counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NearKey {
    /// The comment.
    pub(crate) span: Span,
    /// The line that it may be meant as.
    pub(crate) meant: String,
    /// Whether it is one, below the first statement.
    pub(crate) too_late: bool,
}

/// The lines of a file that look like lines of a head and are none; `is_inside` tells whether a
/// byte is inside a statement.
pub(crate) fn near_keys(file: &SourceFile, is_inside: impl Fn(usize) -> bool) -> Vec<NearKey> {
    let (mut found, mut end, mut in_head) = (Vec::new(), 0, true);
    for line in file.text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        let is_line = trimmed.starts_with("--");
        in_head &= trimmed.is_empty() || is_line;
        let block = trimmed.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/"));
        let body = trimmed
            .strip_prefix("--")
            .or(block)
            .map(|body| body.trim_start_matches(['-', ' ', '\t']));
        let Some(body) = body.filter(|_| !is_inside(start)) else { continue };
        let exact = body.split_once(':').is_some_and(|(key, _)| KEYS.contains(&key.trim()));
        if exact && in_head {
            continue;
        }
        if let Some(meant) = meant(body.trim_end()) {
            let at = start + line.find(trimmed).unwrap_or(0);
            let too_late = exact && is_line;
            found.push(NearKey { span: at..at + trimmed.len(), meant, too_late });
        }
    }
    found
}

/// The line that a comment may be meant as.
fn meant(body: &str) -> Option<String> {
    let lower = body.to_lowercase();
    if ["no transaction", "no-transaction", "notransaction"].contains(&lower.as_str()) {
        return Some("-- transaction: none".into());
    }
    let has_mark = body.contains([':', '=']);
    let plain = body.replacen([':', '='], " ", 1);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let one = |key: &str, value: &[&str]| {
        let key = key.to_lowercase().replace('_', "-");
        let key = KEYS.into_iter().find(|known| is_near(&key, known))?;
        Some(format!("-- {key}: {}", value_of(key, value, has_mark)?))
    };
    let single = words.split_first().and_then(|(key, value)| one(key, value));
    single.or_else(|| match words.as_slice() {
        [first, second, value @ ..] => one(&format!("{first}-{second}"), value),
        _ => None,
    })
}

/// What follows a key, if it could be its value.
fn value_of(key: &str, words: &[&str], has_mark: bool) -> Option<String> {
    let parts = || words.iter().flat_map(|word| word.split(',')).filter(|part| !part.is_empty());
    let all = |fits: fn(&str) -> bool| parts().next().is_some() && parts().all(fits);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let version = |part: &str| {
        part == "base"
            || part.strip_prefix(['V', 'v']).unwrap_or(part).bytes().all(|b| b.is_ascii_digit())
    };
    let joined = || Some(parts().collect::<Vec<_>>().join(", "));
    match (key, words) {
        ("revises", _) if all(version) => joined(),
        ("depends-on", _) if parts().next().is_some() => {
            let fits = parts().all(|part| part.rsplit('@').next().is_some_and(digits));
            fits.then(joined)?
        }
        ("transaction", [word]) => {
            let word = word.to_lowercase();
            let off = ["none", "no", "off", "false", "never"].contains(&word.as_str());
            off.then(|| "none".into())
        }
        ("lineage" | "labels" | "alembic", [word]) if has_mark => Some((*word).to_owned()),
        ("change", ["in", "place"] | ["in-place" | "in_place" | "inplace"]) => {
            Some("in place".into())
        }
        ("change", [word @ ("backfill" | "rebuild")]) => Some((*word).to_owned()),
        _ => None,
    }
}

/// Whether two words are at most one letter apart.
fn is_near(word: &str, other: &str) -> bool {
    let same = word.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&word.as_bytes()[same..], &other.as_bytes()[same..]);
    a.is_empty() && b.len() <= 1
        || b.is_empty() && a.len() <= 1
        || a.get(1..) == b.get(1..)
        || a.get(1..) == Some(b)
        || Some(a) == b.get(1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, bool)]) {
        let file = SourceFile::new("V2__x.sql", text);
        let body = text.find("CREATE").unwrap_or(text.len());
        let found = near_keys(&file, |at| at >= body && at < body + 20);
        let found: Vec<_> = found.iter().map(|n| (n.meant.as_str(), n.too_late)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn keys_that_are_nearly_right_are_found() {
        for (line, meant) in [
            ("-- revise: 3", "-- revises: 3"),
            ("-- Revises: 3", "-- revises: 3"),
            ("-- revises 3, V4", "-- revises: 3, V4"),
            ("-- revised = base", "-- revises: base"),
            ("-- depends on: event_store@3", "-- depends-on: event_store@3"),
            ("-- depends_on: 3", "-- depends-on: 3"),
            ("-- depends-on event_store@3", "-- depends-on: event_store@3"),
            ("-- Transaction: None", "-- transaction: none"),
            ("-- transactions: none", "-- transaction: none"),
            ("-- transaction none", "-- transaction: none"),
            ("-- no transaction", "-- transaction: none"),
            ("/* transaction: none */", "-- transaction: none"),
            ("-- label: billing", "-- labels: billing"),
            ("-- Change: in place", "-- change: in place"),
        ] {
            check(&format!("{line}\nCREATE TABLE t (i int);"), &[(meant, false)]);
        }
        check("CREATE TABLE t (i int);\n-- revises: 3\n", &[("-- revises: 3", true)]);
        check("SELECT 1;\n-- transaction: none\nSELECT 2;", &[("-- transaction: none", true)]);
    }

    #[test]
    fn prose_is_no_key() {
        for line in [
            "-- revises: 3",
            "-- transaction: none",
            "-- depends-on: event_store@3",
            "-- revises the table of orders",
            "-- revise: the old name was wrong",
            "-- depends on the table of orders",
            "-- transactions: the table grows by 3 a day",
            "-- one transaction for all",
            "-- changes: adds a column",
            "-- change the type",
            "-- label of the order",
            "-- lint: allow ban-drop-column",
            "-- 3",
            "--",
        ] {
            check(&format!("{line}\nCREATE TABLE t (i int);"), &[]);
        }
        check("CREATE FUNCTION\n-- revises: 3\n", &[]);
    }
}
