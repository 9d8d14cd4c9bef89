//! Whether an adopted log is still read through the definitions that a build has read it through.

use crate::anchor::Through;

/// What is not known to be as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redefined {
    /// These have another definition, or are there no more, or were not there.
    Parts(Vec<String>),
    /// These cannot be compared: the server is of another major version, which may print them in other words.
    Upgraded {
        /// The versions, before and now.
        versions: (i32, i32),
        /// Views and functions.
        parts: Vec<String>,
    },
}

impl Redefined {
    /// Compares what a build has read through with what there is.
    pub(super) fn of(was: &Through, now: &Through) -> Option<Redefined> {
        let names = was.definitions.keys().chain(now.definitions.keys());
        let mut parts: Vec<String> = names.cloned().collect();
        parts.sort();
        parts.dedup();
        if was.server != now.server {
            let versions = (was.server, now.server);
            return (!parts.is_empty()).then_some(Redefined::Upgraded { versions, parts });
        }
        parts.retain(|name| was.definitions.get(name) != now.definitions.get(name));
        (!parts.is_empty()).then_some(Redefined::Parts(parts))
    }

    /// What to say of a build.
    #[must_use]
    pub fn sentence(&self, build: &str) -> String {
        match self {
            Redefined::Parts(parts) => format!(
                "{} {} redefined since {build} began to read the log through {}: events that it has read may be others now",
                parts.join(", "),
                if parts.len() == 1 { "was" } else { "were" },
                if parts.len() == 1 { "it" } else { "them" },
            ),
            Redefined::Upgraded { versions: (was, now), parts } => format!(
                "{build} was made on PostgreSQL {was}, and on {now} it is not known whether {} {} what {} then",
                parts.join(", "),
                if parts.len() == 1 { "is" } else { "are" },
                if parts.len() == 1 { "it was" } else { "they were" },
            ),
        }
    }

    /// What to do about it, for a build that readers see.
    #[must_use]
    pub fn next(projection: &str) -> String {
        format!(
            "see whether a replay makes the same rows: regrow verify {projection} --against log; or build it anew: regrow rebuild {projection} --promote"
        )
    }

    /// The views and functions that it is about.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        match self {
            Redefined::Parts(parts) | Redefined::Upgraded { parts, .. } => parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(server: i32, definitions: &[(&str, &str)]) -> Through {
        let owned = |(name, digest): &(&str, &str)| ((*name).to_owned(), (*digest).to_owned());
        Through { server, definitions: definitions.iter().map(owned).collect() }
    }

    #[test]
    fn what_came_went_or_changed_is_named() {
        let was = through(15, &[("a", "1"), ("b", "1"), ("c", "1")]);
        let now = through(15, &[("a", "1"), ("b", "2"), ("d", "1")]);
        let parts = ["b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(Redefined::of(&was, &now), Some(Redefined::Parts(parts)));
        assert_eq!(Redefined::of(&was, &was), None);
    }

    #[test]
    fn another_major_version_is_not_compared() {
        let (was, now) = (through(15, &[("a", "1")]), through(16, &[("a", "1")]));
        assert!(matches!(Redefined::of(&was, &now), Some(Redefined::Upgraded { .. })));
        assert_eq!(Redefined::of(&through(15, &[]), &through(16, &[])), None);
    }
}
