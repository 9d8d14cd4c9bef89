//! The options of an address that say how it is encrypted.
//!
//! No message repeats anything of the address, which may hold a password.

use super::super::PgError;
use super::super::address::Settings;
use super::{Mode, wrong};

/// What an address says about TLS; nothing where it is silent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::pg) struct Said {
    pub(super) mode: Option<Mode>,
    pub(super) rootcert: Option<String>,
    pub(super) cert: Option<String>,
    pub(super) key: Option<String>,
}

/// An option of ours.
#[derive(Clone, Copy)]
enum Name {
    Mode,
    Rootcert,
    Cert,
    Key,
}

impl Name {
    fn word(self) -> &'static str {
        match self {
            Name::Mode => "sslmode",
            Name::Rootcert => "sslrootcert",
            Name::Cert => "sslcert",
            Name::Key => "sslkey",
        }
    }
}

impl Said {
    /// Of an option that is given twice the last counts, as in libpq.
    fn put(&mut self, name: Name, value: String) -> Result<(), PgError> {
        // A variable that was not set where the address was put together; silence would be weaker.
        if value.is_empty() {
            return Err(wrong(format!("{} is empty", name.word())));
        }
        match name {
            Name::Mode => {
                let known =
                    "sslmode must be disable, allow, prefer, require, verify-ca or verify-full";
                self.mode = Some(Mode::of(&value).ok_or_else(|| wrong(known))?);
            }
            Name::Rootcert => self.rootcert = Some(value),
            Name::Cert => self.cert = Some(value),
            Name::Key => self.key = Some(value),
        }
        Ok(())
    }
}

impl Said {
    /// What the options of an address say.
    ///
    /// # Errors
    /// One of them has a value it cannot have.
    pub(in crate::pg) fn of(settings: &Settings) -> Result<Said, PgError> {
        let mut said = Said::default();
        for name in [Name::Mode, Name::Rootcert, Name::Cert, Name::Key] {
            if let Some(value) = settings.get(name.word()) {
                said.put(name, value.to_owned())?;
            }
        }
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pg::address::{self, Surroundings};

    fn said(text: &str) -> Result<Said, PgError> {
        Said::of(&address::resolve(Some(text), &Surroundings::default())?.settings)
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn both_forms_say_the_same() {
        let all = Said {
            mode: Some(Mode::VerifyFull),
            rootcert: text("/a b/ca's.pem"),
            cert: text("c@d.pem"),
            key: text("k=1&2"),
        };
        let url = "postgresql://me:p%40@h:1,i/db?sslmode=verify-full&connect_timeout=3\
                   &sslrootcert=%2Fa%20b/ca's.pem&sslcert=c@d.pem&sslkey=k%3d1%262&options=-c%20a%3Db";
        assert_eq!(said(url).unwrap(), all);
        let pairs = "host=h,i sslmode = 'verify-full'password='x y'  sslrootcert=/a\\ b/ca\\'s.pem \
                     sslcert=c@d.pem sslkey='k=1&2' options='-c a=b' ";
        assert_eq!(said(pairs).unwrap(), all);
    }

    #[test]
    fn the_last_counts_and_what_is_no_option_says_nothing() {
        let mode = |text: &str| said(text).unwrap().mode;
        assert_eq!(mode("postgres://h/db?sslmode=disable&ssl%6dode=require"), Some(Mode::Require));
        assert_eq!(mode("postgres://h/db?ssl=true"), Some(Mode::Require));
        for address in [
            "host=db password='sslmode=require'",
            "host=db password=sslmode\\=require",
            "postgresql://me:sslmode=disable@h/db",
            "postgres://h/sslmode=require",
        ] {
            assert_eq!(said(address).unwrap(), Said::default(), "{address}");
        }
    }

    #[test]
    fn a_wrong_value_is_named_by_its_option_only() {
        for (address, part) in [
            ("host=h sslmode=hunter2", "sslmode must be disable, allow"),
            ("host=h sslmode=Require", "sslmode must be disable, allow"),
            ("host=h sslmode=", "sslmode is empty"),
            ("host=h sslrootcert='' password=hunter2", "sslrootcert is empty"),
            ("postgresql://me:hunter2@h/db?sslmode=1", "sslmode must be disable, allow"),
            ("postgresql://me:hunter2@h/db?sslcert=%2", "in sslcert two hex digits"),
            ("postgresql://me:hunter2@h/db?sslcert=%ff", "in sslcert two hex digits"),
            ("postgresql://me:hunter2@h/db?sslkey=%00", "in sslkey two hex digits"),
        ] {
            let error = said(address).unwrap_err().to_string();
            assert!(error.contains(part) && !error.contains("hunter2"), "{address}: {error}");
        }
    }
}
