//! The server's settings as a file.
//!
//! Owns which parameters a private cluster sets and their quoting. Writes
//! nothing itself.

use std::fmt::Write as _;
use std::path::Path;

use super::place::PORT;
use super::{ClusterError, Settings};

/// The server's configuration file. It comes after what `initdb` chose for this
/// machine (such as the kind of shared memory), and what keeps the cluster
/// private comes last.
pub(super) fn configuration(
    settings: &Settings,
    socket_dir: &Path,
) -> Result<String, ClusterError> {
    let shared_buffers = format!("{}MB", settings.shared_buffers_mb);
    let max_connections = settings.max_connections.to_string();
    let socket_dirs = format!("\"{}\"", socket_dir.display());
    let port = PORT.to_string();
    let ours = [
        ("shared_buffers", shared_buffers.as_str()),
        ("max_connections", &max_connections),
        ("max_prepared_transactions", "16"),
        ("wal_level", "replica"),
        ("max_wal_size", "4GB"),
        ("checkpoint_timeout", "15min"),
        ("fsync", "on"),
        ("autovacuum", "on"),
        ("jit", "off"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("logging_collector", "off"),
        // Its role has the name of the ledger's schema: with "$user" first, what an application makes by a bare
        // name would go there, and its second half from the day there is a ledger.
        ("search_path", "public"),
    ];
    let private = [
        ("listen_addresses", ""),
        ("port", &port),
        ("unix_socket_directories", &socket_dirs),
        ("unix_socket_permissions", "0700"),
    ];
    let extra = settings.extra.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    let mut text = "# Written at every start.\ninclude 'data/postgresql.conf'\n".to_owned();
    for (name, value) in ours.into_iter().chain(extra).chain(private) {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(ClusterError::Setting { name: name.to_owned() });
        }
        let value = value.replace('\\', "\\\\").replace('\'', "''");
        let value = value.replace('\n', "\\n");
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{name} = '{value}'");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_settings_are_quoted_and_cannot_open_a_port() {
        let settings = Settings {
            extra: vec![
                ("listen_addresses".to_owned(), "*".to_owned()),
                ("app.note".to_owned(), "it's \\ a\nnote".to_owned()),
            ],
            ..Settings::default()
        };
        let text = configuration(&settings, Path::new("/my run")).unwrap();
        assert!(text.contains("search_path = 'public'\n"), "{text}");
        assert!(text.contains("app.note = 'it''s \\\\ a\\nnote'\n"), "{text}");
        assert!(text.contains("unix_socket_directories = '\"/my run\"'\n"));
        assert!(text.rfind("listen_addresses = ''") > text.rfind("listen_addresses = '*'"));
        let settings = Settings {
            extra: vec![("a = 1\nfsync".to_owned(), "off".to_owned())],
            ..Settings::default()
        };
        assert!(configuration(&settings, Path::new("/run")).is_err());
    }
}
