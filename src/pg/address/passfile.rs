//! The password file: `host:port:database:user:password` a line.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tokio_postgres::config::{Config, Host};

use super::keys::PORT;
use super::{SOCKETS, wrong};
use crate::pg::PgError;

/// What is asked of a line.
struct Wanted<'a> {
    host: String,
    port: String,
    database: &'a str,
    user: &'a str,
}

/// Of each host of an address its password, if the file has one; and what is wrong with a file that
/// does not count. As in libpq one that others may read is left alone, and one that is not there is
/// no mistake.
pub(super) fn passwords(
    path: &Path,
    config: &Config,
) -> Result<(Vec<Option<String>>, Vec<String>), PgError> {
    let shown = path.display();
    let Ok(meta) = fs::metadata(path) else { return Ok((Vec::new(), Vec::new())) };
    if !meta.is_file() {
        return Ok((
            Vec::new(),
            vec![format!("the password file {shown} is no file, and is not read")],
        ));
    }
    if meta.permissions().mode() & 0o077 != 0 {
        let note = format!(
            "the password file {shown} is not read, since others may read it too: chmod 600 {shown}"
        );
        return Ok((Vec::new(), vec![note]));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .map_err(|error| wrong(format!("the password file {shown} cannot be read: {error}")))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok((each_host(config).iter().map(|wanted| find(&text, wanted)).collect(), Vec::new()))
}

/// The hosts in the order the driver has them, by the names the file has for them.
fn each_host(config: &Config) -> Vec<Wanted<'_>> {
    let user = config.get_user().unwrap_or_default();
    let database = config.get_dbname().unwrap_or(user);
    let (hosts, ports) = (config.get_hosts(), config.get_ports());
    let addresses = config.get_hostaddrs();
    let count = hosts.len().max(addresses.len());
    let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(PORT).to_string();
    (0..count)
        .map(|at| Wanted {
            // The socket's usual folder is called localhost there.
            host: match hosts.get(at) {
                Some(Host::Tcp(name)) => name.clone(),
                Some(Host::Unix(path)) if SOCKETS.iter().any(|s| Path::new(s) == path) => {
                    "localhost".into()
                }
                Some(Host::Unix(path)) => path.display().to_string(),
                None => addresses.get(at).map(ToString::to_string).unwrap_or_default(),
            },
            port: port(at),
            database,
            user,
        })
        .collect()
}

fn find(text: &str, wanted: &Wanted<'_>) -> Option<String> {
    let lines = text.lines().map(|line| line.trim_end_matches('\r'));
    lines.filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut rest = line;
        for value in [&wanted.host, &wanted.port, wanted.database, wanted.user] {
            rest = behind(rest, value)?;
        }
        Some(unescaped(rest))
    })
}

/// What is behind a line's first field, if that field is `value` or a star.
fn behind<'l>(line: &'l str, value: &str) -> Option<&'l str> {
    if let Some(rest) = line.strip_prefix("*:") {
        return Some(rest);
    }
    let (mut field, mut characters) = (String::new(), line.chars());
    loop {
        match characters.next()? {
            ':' => return (field == value).then_some(characters.as_str()),
            '\\' => field.push(characters.next()?),
            c => field.push(c),
        }
    }
}

fn unescaped(password: &str) -> String {
    let (mut text, mut characters) = (String::new(), password.chars());
    while let Some(c) = characters.next() {
        match (c, characters.clone().next()) {
            ('\\', Some(next)) => {
                text.push(next);
                characters.next();
            }
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let file = "# a:1:b:c:comment\n\nhost\\:x:5432:shop:me:with\\:colon\\\\\n*:*:*:other:star\r\n\
                    h:1:d:u:first\nh:1:d:u:second\nbroken\nh:*:d:u:any: port \n";
        let found = |host: &str, port: &str, database: &str, user: &str| {
            find(file, &Wanted { host: host.into(), port: port.into(), database, user })
        };
        assert_eq!(found("host:x", "5432", "shop", "me").as_deref(), Some("with:colon\\"));
        assert_eq!(found("anything", "7", "x", "other").as_deref(), Some("star"));
        assert_eq!(found("h", "1", "d", "u").as_deref(), Some("first"));
        assert_eq!(found("h", "2", "d", "u").as_deref(), Some("any: port "));
        assert_eq!(found("h", "2", "d", "v"), None);
        assert_eq!(found("a", "1", "b", "c"), None);
    }
}
