//! `postgresql://user:password@host:5432/database?option=value`
//!
//! As `conninfo_uri_parse_options` in libpq's `fe-connect.c` reads it, but for what could be read in
//! two ways: that is refused.

use super::keys;
use super::{Origin, Settings, UNESCAPED, wrong};
use crate::pg::PgError;

const PREFIXES: [&str; 2] = ["postgresql://", "postgres://"];

/// What is behind the scheme, if the text has the form.
pub(super) fn after_scheme(text: &str) -> Option<&str> {
    PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix))
}

/// Reads the form.
pub(super) fn read(text: &str, rest: &str) -> Result<Settings, PgError> {
    if has_two_meanings(rest) {
        return Err(wrong(UNESCAPED));
    }
    if text.chars().any(char::is_whitespace) {
        return Err(wrong("there is a blank in it, which must be written as %20"));
    }
    let mut settings = Settings::default();
    let mut put = |name: &str, value: &str, what: &str| {
        settings.put(keys::named(name), decoded(value, what)?, Origin::Text);
        Ok::<_, PgError>(())
    };
    let rest = match rest.find(['@', '/']) {
        Some(at) if rest[at..].starts_with('@') => {
            let (user, password) = match rest[..at].split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (&rest[..at], None),
            };
            put("user", user, "the user")?;
            if let Some(password) = password {
                put("password", password, "the password")?;
            }
            &rest[at + 1..]
        }
        _ => rest,
    };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(p, q)| (p, Some(q)));
    let (hosts, database) = place.split_once('/').map_or((place, None), |(h, d)| (h, Some(d)));
    if !hosts.is_empty() {
        let (mut names, mut ports) = (Vec::new(), Vec::new());
        for host in hosts.split(',') {
            let (name, port) = host_and_port(host)?;
            names.push(decoded(name, "the host")?);
            ports.push(decoded(port, "the port")?);
        }
        put("host", &encoded(&names.join(",")), "the host")?;
        if ports.iter().any(|port| !port.is_empty()) {
            let one = ports.windows(2).all(|pair| pair[0] == pair[1]);
            let all = if one { ports[0].clone() } else { ports.join(",") };
            put("port", &encoded(&all), "the port")?;
        }
    }
    if let Some(database) = database.filter(|name| !name.is_empty()) {
        put("dbname", database, "the database")?;
    }
    options(&mut settings, query.unwrap_or_default())?;
    Ok(settings)
}

fn options(settings: &mut Settings, query: &str) -> Result<(), PgError> {
    let mut after_password = false;
    for piece in query.split('&').filter(|_| !query.is_empty()) {
        let hidden = || {
            wrong(
                "behind the password is what is no option of libpq's: in a password & must be written \
                 as %26, and = as %3D",
            )
        };
        let Some((name, value)) = piece.split_once('=') else {
            return Err(match after_password {
                true => hidden(),
                false => wrong("behind its question mark stands what is no option=value"),
            });
        };
        let name = decoded(name, "the name of an option")?;
        // What JDBC says for sslmode=require, and libpq takes.
        let (name, value) = match (name.as_str(), value) {
            ("ssl", "true") => ("sslmode", "require"),
            (name, value) => (name, value),
        };
        match keys::find(name) {
            Some(key) => settings.put(key, decoded(value, key.name)?, Origin::Text),
            None if after_password => return Err(hidden()),
            None => return Err(wrong(keys::unknown(name))),
        }
        after_password |= matches!(name, "password" | "sslpassword");
    }
    Ok(())
}

/// `name`, `name:port`, `[address]` or `[address]:port`.
fn host_and_port(host: &str) -> Result<(&str, &str), PgError> {
    let Some(inner) = host.strip_prefix('[') else {
        return match host.split_once(':') {
            Some((_, port)) if port.contains(':') => {
                Err(wrong("an IPv6 address must stand in brackets: [::1]:5432"))
            }
            Some((name, port)) => Ok((name, port)),
            None => Ok((host, "")),
        };
    };
    match inner.split_once(']') {
        Some((address, "")) => Ok((address, "")),
        Some((address, port)) if port.starts_with(':') => Ok((address, &port[1..])),
        _ => Err(wrong("the brackets around an IPv6 address do not end, or not before its port")),
    }
}

/// Whether it can be told in more than one way where the credentials of a URL end: at a second `@`,
/// or at the only one behind a slash or a question mark. What one reader takes for a host, a port or
/// a database is a piece of the password to another, and hosts are shown.
fn has_two_meanings(rest: &str) -> bool {
    let Some(at) = rest.find('@') else { return false };
    let behind = &rest[at + 1..];
    let place = &behind[..behind.find('?').unwrap_or(behind.len())];
    rest[..at].contains(['/', '?', '#']) || place.contains('@')
}

/// Percent-encoded text as it is meant; `what` it is, for the message.
fn decoded(text: &str, what: &str) -> Result<String, PgError> {
    let damaged = || wrong(format!("in {what} two hex digits must follow a %, and make UTF-8"));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || rest.next().and_then(hex).ok_or_else(damaged);
                digit()? * 16 + digit()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).ok_or_else(damaged)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The other way round, as far as [`decoded`] needs it.
fn encoded(text: &str) -> String {
    text.replace('%', "%25")
}
