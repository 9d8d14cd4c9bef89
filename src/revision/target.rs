//! Targets: what may stand behind `migrate`, `downgrade`, `stamp` and `show`.
//!
//! Owns the grammar, `[lineage@][branch@]point`, where a point is `head`, `heads`, `base`,
//! `+2`, `-1`, a revision, or a revision and steps from it (`3+1`); and finding a revision by
//! its version, stem, label, or the unique beginning of a version or a slug. The grammar and
//! its meaning are those of Alembic's documentation ("Partial Revision Identifiers",
//! "Relative Migration Identifiers", "Working with Branches").

use super::{Lineage, Revision};

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The lineage, where one is named.
    pub lineage: Option<String>,
    /// A revision or label whose branch is meant.
    pub branch: Option<String>,
    /// Where to.
    pub point: Point,
}

/// A place in the graph of a lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// The only head.
    Head,
    /// All heads.
    Heads,
    /// Before the first revision.
    Base,
    /// Steps from where the database stands.
    Steps(i64),
    /// A revision.
    Named(String),
    /// Steps from a revision.
    From(String, i64),
}

/// Why a target leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It cannot be read.
    #[error(
        "{text:?} is not a target: head, heads, base, +2, -1, a version, the beginning of a version or a slug, or lineage@ before one of those"
    )]
    Unreadable {
        /// What was typed.
        text: String,
    },
    /// No revision goes by that name.
    #[error("{lineage} has no revision {name}{}", last(.head.as_ref()))]
    Unknown {
        /// The lineage.
        lineage: String,
        /// What was typed.
        name: String,
        /// The last revision there is.
        head: Option<String>,
    },
    /// Several revisions begin like that.
    #[error("{name} may be {} of {lineage}", .candidates.join(" or "))]
    Ambiguous {
        /// The lineage.
        lineage: String,
        /// What was typed.
        name: String,
        /// Their stems.
        candidates: Vec<String>,
    },
    /// `head` where there are several.
    #[error("{lineage} has several heads: {}", .heads.join(", "))]
    SeveralHeads {
        /// The lineage.
        lineage: String,
        /// Their stems.
        heads: Vec<String>,
    },
    /// Steps from where the database stands, and it stands at several revisions.
    #[error("{lineage} stands at several revisions, {}: {steps:+} of which?", .at.join(" and "))]
    SeveralCurrent {
        /// The lineage.
        lineage: String,
        /// The steps.
        steps: i64,
        /// Their stems.
        at: Vec<String>,
    },
    /// A step that can go to several revisions.
    #[error("from {at} there is more than one way: {}", .ways.join(" or "))]
    Fork {
        /// Where.
        at: String,
        /// The stems it may go to.
        ways: Vec<String>,
        /// The steps that were asked for.
        steps: i64,
    },
    /// More steps than there are revisions.
    #[error("{steps:+} leads out of {lineage}: from {from} there are only {possible}")]
    TooFar {
        /// The lineage.
        lineage: String,
        /// The steps.
        steps: i64,
        /// Where they begin.
        from: String,
        /// How many there are.
        possible: u64,
    },
    /// Up with `downgrade`, or down with `migrate`.
    #[error("{steps:+} is the wrong direction for {verb}")]
    WrongDirection {
        /// The steps.
        steps: i64,
        /// The command.
        verb: &'static str,
    },
    /// Steps from where a database stands, and none is asked.
    #[error("{steps:+} counts from where a database stands, and none is asked here")]
    Afloat {
        /// The steps.
        steps: i64,
    },
    /// A revision and a branch that do not belong together.
    #[error("{stem} of {lineage} is not on the branch of {branch}")]
    OtherBranch {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// The branch.
        branch: String,
    },
    /// The way back leads to a revision that was never applied.
    #[error("{stem} of {lineage} is not applied: there is no way back to it")]
    NotApplied {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
    },
    /// The way back leads to a revision that other branches stand on, and not the one meant.
    #[error(
        "nothing {}stands on {stem} of {lineage} that could be taken back",
        .branch.as_ref().map_or_else(String::new, |branch| format!("of {branch} "))
    )]
    NothingOn {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// The branch, where one is named.
        branch: Option<String>,
    },
    /// A range or a list of revisions where one is meant.
    #[error("{text} means {count} revisions of {lineage}, and one is needed")]
    NotOne {
        /// The lineage.
        lineage: String,
        /// What was typed.
        text: String,
        /// How many it means.
        count: usize,
    },
}

fn last(head: Option<&String>) -> String {
    head.map_or_else(|| "; it has none at all".into(), |head| format!("; its last is {head}"))
}

impl Target {
    /// The only head of a lineage, or of the one that is meant where none is named.
    #[must_use]
    pub fn head(lineage: Option<&str>) -> Target {
        Target { lineage: lineage.map(str::to_owned), branch: None, point: Point::Head }
    }

    /// Reads what was typed; the names before `@` are lineages where `is_lineage` says so.
    ///
    /// # Errors
    /// It is not a target.
    pub fn parse(text: &str, is_lineage: impl Fn(&str) -> bool) -> Result<Target, TargetError> {
        let unreadable = || TargetError::Unreadable { text: text.to_owned() };
        let mut parts: Vec<&str> = text.split('@').collect();
        let point = parts.pop().and_then(Point::parse).ok_or_else(unreadable)?;
        if parts.iter().any(|part| part.is_empty()) {
            return Err(unreadable());
        }
        let (lineage, branch) = match parts.as_slice() {
            [] => (None, None),
            [lineage] if is_lineage(lineage) => (Some(*lineage), None),
            [branch] => (None, Some(*branch)),
            [lineage, branch] => (Some(*lineage), Some(*branch)),
            _ => return Err(unreadable()),
        };
        let owned = |part: Option<&str>| part.map(str::to_owned);
        Ok(Target { lineage: owned(lineage), branch: owned(branch), point })
    }
}

impl Point {
    fn parse(text: &str) -> Option<Point> {
        let steps = |text: &str| -> Option<i64> {
            let digits = text.strip_prefix(['+', '-'])?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
        };
        match text {
            "head" => return Some(Point::Head),
            "heads" => return Some(Point::Heads),
            "base" => return Some(Point::Base),
            _ => {}
        }
        if let Some(steps) = steps(text) {
            return Some(Point::Steps(steps));
        }
        let word =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        if word(text) {
            return Some(Point::Named(text.to_owned()));
        }
        let (name, rest) = text.split_at(text.rfind(['+', '-'])?);
        (word(name)).then(|| Some(Point::From(name.to_owned(), steps(rest)?))).flatten()
    }
}

impl Lineage {
    /// The revision that goes by a name: its version, `V3`, its stem, a label, its slug, or what
    /// only its version or its slug begins with.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub fn find(&self, name: &str) -> Result<&Revision, TargetError> {
        self.find_among(name, |_| true)
    }

    /// The same; of several that begin like that, the one that is wanted.
    pub(super) fn find_among(
        &self,
        name: &str,
        wanted: impl Fn(i64) -> bool,
    ) -> Result<&Revision, TargetError> {
        let version = name.strip_prefix('V').unwrap_or(name).parse::<i64>().ok();
        let exact = self.revisions.iter().find(|r| {
            Some(r.version) == version || r.stem() == name || r.labels.iter().any(|l| l == name)
        });
        if let Some(exact) = exact {
            return Ok(exact);
        }
        let slugs: Vec<&Revision> = self.revisions.iter().filter(|r| r.slug == name).collect();
        let begins =
            |r: &&Revision| r.version.to_string().starts_with(name) || r.slug.starts_with(name);
        let mut found: Vec<&Revision> = match slugs.len() {
            0 => self.revisions.iter().filter(begins).collect(),
            _ => slugs,
        };
        if found.len() > 1 && found.iter().any(|r| wanted(r.version)) {
            found.retain(|r| wanted(r.version));
        }
        match found.as_slice() {
            [one] => Ok(one),
            [] => Err(TargetError::Unknown {
                lineage: self.name.clone(),
                name: name.to_owned(),
                head: self.revisions.last().map(Revision::stem),
            }),
            several => Err(TargetError::Ambiguous {
                lineage: self.name.clone(),
                name: name.to_owned(),
                candidates: stems(several),
            }),
        }
    }
}

pub(super) fn stems(revisions: &[&Revision]) -> Vec<String> {
    revisions.iter().map(|r| r.stem()).collect()
}
