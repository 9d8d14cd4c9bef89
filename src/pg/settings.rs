//! Settings of sessions: what a statement means must not depend on who runs it, or where.
//!
//! What any role may set, `session.sql` sets. What only a superuser may is looked at behind it, set
//! where the role may, and refused with the remedy elsewhere. Which settings matter at all is told by
//! a test that knows every one of them.

use super::PgError;

/// The script that opens a session; its last value is for [`deviations`].
pub(super) const OPENING: &str =
    concat!(include_str!("session.sql"), "\n", include_str!("session_checked.sql"));

/// What [`OPENING`] looks at, as a query for one value.
pub(super) const CHECKED: &str = include_str!("session_checked.sql");

/// What [`OPENING`] sets, without what it looks at.
pub(super) const PINNED: &str = include_str!("session.sql");

/// A setting that is not as it must be.
#[derive(Debug)]
pub(super) struct Deviation<'t> {
    name: &'t str,
    wanted: &'t str,
    found: &'t str,
    remedy: &'t str,
}

/// What the script that opens a session has told.
pub(super) fn deviations(told: &str) -> impl Iterator<Item = Deviation<'_>> {
    told.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        Some(Deviation { name: next()?, wanted: next()?, found: next()?, remedy: next()? })
    })
}

impl Deviation<'_> {
    /// The script that corrects it, for a role that may. Settings of PL/pgSQL are anybody's as long as it
    /// is not loaded, and forgotten when it is.
    pub(super) fn correction(&self) -> String {
        let load = match self.name.starts_with("plpgsql.") {
            true => "DO LANGUAGE plpgsql 'BEGIN END'; ",
            false => "",
        };
        format!("{load}SET {} = '{}'", self.name, self.wanted)
    }

    /// What a session is refused with that may not correct it.
    pub(super) fn refused(&self, error: PgError, server: &str) -> PgError {
        if !error.is_denied() {
            return error;
        }
        PgError::Setting(Box::new(SettingError {
            server: server.to_owned(),
            name: self.name.to_owned(),
            wanted: self.wanted.to_owned(),
            found: self.found.to_owned(),
            remedy: self.remedy.to_owned(),
        }))
    }
}

/// A setting that gives statements another meaning, and that the role may not change.
#[derive(Debug, thiserror::Error)]
#[error(
    "{name} is {found} for our sessions on {server}, and must be {wanted}: \
     statements would do something else, or pass over damage"
)]
pub struct SettingError {
    /// The address without secrets.
    pub server: String,
    /// The setting.
    pub name: String,
    /// What it must be.
    pub wanted: String,
    /// What it is.
    pub found: String,
    /// The statement for a superuser.
    pub remedy: String,
}

/// The settings that every session of ours sets.
pub fn pinned() -> impl Iterator<Item = &'static str> {
    let set =
        |line: &'static str| line.strip_prefix("SET ")?.split_once(" = ").map(|(name, _)| name);
    // Those that not every version has.
    let some = ["transaction_timeout", "idle_session_timeout", "restrict_nonsystem_relation_kind"];
    PINNED.lines().filter_map(set).chain(some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_a_refusal_with_its_remedy() {
        let told = "a\torigin\treplica\tALTER ROLE x SET a = 'origin';";
        let found: Vec<_> = deviations(told).collect();
        let denied = PgError::Server(Box::new(super::super::ServerError {
            code: "42501".into(),
            message: "permission denied".into(),
            detail: None,
            hint: None,
            position: None,
            context: None,
            table: None,
            constraint: None,
            grant: None,
            library: None,
        }));
        assert!(matches!(found[0].refused(denied, "db"), PgError::Setting(e) if e.name == "a"));
        assert_eq!(deviations("").count(), 0);
        assert!(pinned().any(|name| name == "transform_null_equals"));
    }
}
