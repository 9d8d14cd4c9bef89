//! The service file: sections of options by a service's name.

use std::fs;
use std::path::PathBuf;

use super::keys;
use super::{Origin, Settings, Surroundings, wrong};
use crate::pg::PgError;

/// Where the system's own file is, beside the folder that PGSYSCONFDIR names: Debian's libpq.
const SYSTEM: &str = "/etc/postgresql-common";

/// Fills in what the service says that is named.
///
/// # Errors
/// No file has it, or one of its options cannot be understood.
pub(super) fn fill_in(settings: &mut Settings, around: &Surroundings) -> Result<(), PgError> {
    let named = settings.get("service").or_else(|| around.variable("PGSERVICE"));
    let Some(name) = named.filter(|name| !name.is_empty()).map(str::to_owned) else {
        return Ok(());
    };
    for path in files(settings, around)? {
        let text = fs::read(&path).map_err(|error| {
            wrong(format!("the service file {} cannot be read: {error}", path.display()))
        })?;
        let text = String::from_utf8_lossy(&text);
        if let Some(options) = section(&text, &name) {
            for (number, option) in options {
                put(settings, option)
                    .map_err(|reason| wrong(format!("{}:{number}: {reason}", path.display())))?;
            }
            return Ok(());
        }
    }
    Err(wrong(format!("no service file has the service {name}")))
}

/// The files, the user's first. One that is named must be there.
fn files(settings: &Settings, around: &Surroundings) -> Result<Vec<PathBuf>, PgError> {
    let named = settings.get("servicefile").or_else(|| around.variable("PGSERVICEFILE"));
    let own = match named.filter(|path| !path.is_empty()) {
        Some(path) => Some(PathBuf::from(path)),
        None => around.home().map(|home| home.join(".pg_service.conf")).filter(|p| p.exists()),
    };
    let system = around.variable("PGSYSCONFDIR").unwrap_or(SYSTEM);
    let system = PathBuf::from(system).join("pg_service.conf");
    Ok(own.into_iter().chain(system.exists().then_some(system)).collect())
}

/// The lines of a section with their numbers.
fn section<'t>(text: &'t str, name: &str) -> Option<Vec<(usize, &'t str)>> {
    let header = |line: &'t str| line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.find(|(_, line)| header(line) == Some(name))?;
    Some(lines.take_while(|(_, line)| header(line).is_none()).collect())
}

fn put(settings: &mut Settings, option: &str) -> Result<(), String> {
    if option.starts_with("ldap") {
        return Err("services in LDAP directories are not read".into());
    }
    let (name, value) = option.split_once('=').ok_or("there is no = in the line")?;
    match keys::find(name) {
        Some(key) if matches!(key.name, "service" | "servicefile") => {
            Err("a service cannot name another".into())
        }
        Some(key) => {
            settings.add(key, value.to_owned(), Origin::Service);
            Ok(())
        }
        None => Err(keys::unknown(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_ends_where_the_next_begins() {
        let text =
            "# [prod]\n[test]\nhost=t\n\n[prod]\n# one\n host=p \ndbname=a b\n[other]\nport=1";
        assert_eq!(section(text, "prod").unwrap(), [(7, "host=p"), (8, "dbname=a b")]);
        assert_eq!(section(text, "test").unwrap(), [(3, "host=t")]);
        assert!(section(text, "none").is_none());
    }
}
