//! The options of an address that say how it is encrypted, taken out of it.
//!
//! Owns both forms of an address as far as that needs: what is not ours stays as it was, byte for
//! byte, for the driver's parser, which refuses options it does not know. No message repeats
//! anything of the address, which may hold a password.

use super::super::PgError;
use super::{Mode, wrong};

const PREFIXES: [&str; 2] = ["postgresql://", "postgres://"];

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
    fn of(word: &str) -> Option<Name> {
        [Name::Mode, Name::Rootcert, Name::Cert, Name::Key].into_iter().find(|n| n.word() == word)
    }

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

/// The address without them, and what they said.
///
/// # Errors
/// One of them has a value it cannot have.
pub(in crate::pg) fn take(address: &str) -> Result<(String, Said), PgError> {
    match PREFIXES.iter().find(|prefix| address.starts_with(**prefix)) {
        Some(prefix) => of_url(address, prefix.len()),
        None => of_pairs(address),
    }
}

fn of_url(address: &str, start: usize) -> Result<(String, Said), PgError> {
    let mut said = Said::default();
    // An @ ends the credentials unless a slash comes before it: libpq's rule. In the credentials
    // a question mark is one of theirs.
    let credentials = match address[start..].find(['@', '/']) {
        Some(at) if address[start + at..].starts_with('@') => start + at,
        _ => start,
    };
    let Some(query) = address[credentials..].find('?').map(|at| credentials + at) else {
        return Ok((address.to_owned(), said));
    };
    let mut others = Vec::new();
    for piece in address[query + 1..].split('&') {
        let pair = piece.split_once('=');
        let ours = pair.and_then(|(key, value)| Some((Name::of(&decoded(key)?)?, value)));
        match ours {
            None => others.push(piece),
            Some((name, value)) => {
                let value = decoded(value).ok_or_else(|| {
                    wrong(format!(
                        "in {} two hex digits must follow a %, and make UTF-8",
                        name.word()
                    ))
                })?;
                said.put(name, value)?;
            }
        }
    }
    let mut rest = address[..query].to_owned();
    if !others.is_empty() {
        rest.push('?');
        rest.push_str(&others.join("&"));
    }
    Ok((rest, said))
}

/// Percent-encoded text as it is meant; nothing if it is damaged.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? * 16 + hex(rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn of_pairs(address: &str) -> Result<(String, Said), PgError> {
    let mut said = Said::default();
    let mut kept = String::with_capacity(address.len());
    let mut rest = address;
    while let Some((key, value, after)) = pair(rest) {
        match Name::of(key) {
            Some(name) => {
                said.put(name, value)?;
                kept.push(' ');
            }
            None => kept.push_str(&rest[..rest.len() - after.len()]),
        }
        rest = after;
    }
    // Blanks, or what the driver will refuse.
    kept.push_str(rest);
    Ok((kept, said))
}

/// The first `key = value` of a text, and what is behind it.
fn pair(text: &str) -> Option<(&str, String, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| c.is_whitespace() || c == '=')?;
    let value = text[end..].trim_start().strip_prefix('=')?.trim_start();
    let (value, after) = unquoted(value)?;
    Some((&text[..end], value, after))
}

/// The value a text begins with, and what is behind it; nothing if its quotes do not end.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let (quoted, mut chars) = match text.strip_prefix('\'') {
        Some(inner) => (true, inner.chars()),
        None => (false, text.chars()),
    };
    let mut value = String::new();
    loop {
        let here = chars.as_str();
        match chars.next() {
            Some('\'') if quoted => return Some((value, chars.as_str())),
            Some(c) if !quoted && c.is_whitespace() => return Some((value, here)),
            Some('\\') => value.extend(chars.next()),
            Some(c) => value.push(c),
            None if quoted => return None,
            None => return Some((value, here)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (rest, said) = take(url).unwrap();
        assert_eq!(rest, "postgresql://me:p%40@h:1,i/db?connect_timeout=3&options=-c%20a%3Db");
        assert_eq!(said, all);
        let pairs = "host=h,i sslmode = 'verify-full'password='x y'  sslrootcert=/a\\ b/ca\\'s.pem \
                     sslcert=c@d.pem sslkey='k=1&2' options='-c a=b' ";
        let (rest, said) = take(pairs).unwrap();
        let words: Vec<&str> = rest.split_whitespace().collect();
        assert_eq!(words.join(" "), "host=h,i password='x y' options='-c a=b'");
        assert_eq!(said, all);
    }

    #[test]
    fn what_is_not_ours_stays_as_it_was() {
        for address in [
            "",
            "x",
            "host=db password='it\\'s ' user=me",
            "host=db password='sslmode=require'",
            "host=db password=sslmode\\=require",
            "host = db password='open",
            "postgresql://me:a?sslmode=disable@h/db",
            "postgresql://me:sslmode=disable@h/db",
            "postgres://h/db?a=b&c&d=%zz&",
            "postgres://h/sslmode=require",
            "postgresql://h/db?password=%zz&sslMode=x",
        ] {
            assert_eq!(take(address).unwrap(), (address.to_owned(), Said::default()), "{address}");
        }
    }

    #[test]
    fn the_last_counts_and_the_rest_of_a_url_may_be_nothing() {
        let (rest, said) = take("postgres://h/db?sslmode=disable&ssl%6dode=require").unwrap();
        assert_eq!((rest.as_str(), said.mode), ("postgres://h/db", Some(Mode::Require)));
        // The credentials' question mark is theirs, and the path's slash ends them.
        let (rest, said) = take("postgres://me:a?b@h?sslmode=allow").unwrap();
        assert_eq!((rest.as_str(), said.mode), ("postgres://me:a?b@h", Some(Mode::Allow)));
        let (rest, said) = take("postgres://h/db?sslcert=a@b").unwrap();
        assert_eq!((rest.as_str(), said.cert), ("postgres://h/db", text("a@b")));
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
            let error = take(address).unwrap_err().to_string();
            assert!(error.contains(part) && !error.contains("hunter2"), "{address}: {error}");
        }
    }
}
