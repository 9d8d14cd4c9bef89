//! `host=... dbname=...`

use super::keys;
use super::{Origin, Settings, wrong};
use crate::pg::PgError;

/// Reads the form.
pub(super) fn read(text: &str) -> Result<Settings, PgError> {
    let (mut settings, mut after_password, mut rest) = (Settings::default(), false, text);
    while !rest.trim_start().is_empty() {
        let Some((name, value, quoted, after)) = pair(rest) else {
            return Err(wrong(
                "it is neither postgresql://user@host:5432/database nor host=... dbname=... \
                 (values with blanks in single quotes)",
            ));
        };
        match keys::find(name) {
            Some(key) => settings.put(key, value, Origin::Text),
            None if after_password => {
                return Err(wrong(
                    "behind the password is an option that is none of libpq's: \
                     a password with blanks must stand in single quotes",
                ));
            }
            None => return Err(wrong(keys::unknown(name))),
        }
        after_password |= matches!(name, "password" | "sslpassword") && !quoted;
        rest = after;
    }
    Ok(settings)
}

/// The first `key = value` of a text, whether the value stands in quotes, and what is behind it.
fn pair(text: &str) -> Option<(&str, String, bool, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| c.is_whitespace() || c == '=')?;
    let value = text[end..].trim_start().strip_prefix('=')?.trim_start();
    let quoted = value.starts_with('\'');
    let (value, after) = unquoted(value)?;
    (end > 0).then_some((&text[..end], value, quoted, after))
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

/// An option as the driver's parser reads it.
pub(super) fn quoted(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('\'', "\\'");
    format!("{name}='{value}' ")
}
