//! Whether a connection is encrypted, and whom it trusts.
//!
//! Owns what `sslmode`, `sslrootcert`, `sslcert` and `sslkey` of an address mean, and the
//! connector made of them. The words are libpq's (PostgreSQL manual, chapter "SSL Support" of
//! libpq); the driver knows three of the six modes and none of the files. Where this differs from
//! libpq on purpose, docs/decisions/0011-tls.md says why. It opens no connection; `connect` does.

mod files;
pub(super) mod options;
mod trouble;
mod verifier;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::crypto::ring;
use tokio_postgres::config::{Config, Host, SslNegotiation};
use tokio_postgres_rustls::MakeRustlsConnect;

pub use files::TlsFileError;
pub use trouble::TlsTrouble;

use super::PgError;
use options::Said;
use verifier::{Check, Verifier};

/// What a server is told it will be spoken to in, as libpq does since PostgreSQL 17.
const PROTOCOL: &[u8] = b"postgresql";

/// How much is asked of a connection, from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// Plain text.
    Disable,
    /// Plain text, and TLS where the server refuses that.
    Allow,
    /// TLS, and plain text where there is none.
    Prefer,
    /// TLS with whoever answers.
    Require,
    /// TLS with a server whose certificate an authority of ours has signed.
    VerifyCa,
    /// The same, and the certificate is for the host that was named.
    VerifyFull,
}

impl Mode {
    const ALL: [Mode; 6] =
        [Mode::Disable, Mode::Allow, Mode::Prefer, Mode::Require, Mode::VerifyCa, Mode::VerifyFull];

    fn word(self) -> &'static str {
        match self {
            Mode::Disable => "disable",
            Mode::Allow => "allow",
            Mode::Prefer => "prefer",
            Mode::Require => "require",
            Mode::VerifyCa => "verify-ca",
            Mode::VerifyFull => "verify-full",
        }
    }

    fn of(word: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// Who may have signed the server's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Roots {
    /// Whom the system trusts.
    System,
    /// The authorities in a file.
    File(PathBuf),
}

/// Who we are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    cert: PathBuf,
    key: PathBuf,
}

/// What an address asks of its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tls {
    mode: Mode,
    /// Where nothing is verified there are none.
    roots: Option<Roots>,
    identity: Option<Identity>,
}

fn wrong(reason: impl Into<String>) -> PgError {
    PgError::Address { reason: reason.into() }
}

impl Tls {
    /// What was said, with the defaults for what was not.
    ///
    /// # Errors
    /// The options contradict each other, or together promise more than they give.
    pub(super) fn settle(said: Said, config: &Config) -> Result<Tls, PgError> {
        let named = said.rootcert.map(|name| match name.as_str() {
            "system" => Roots::System,
            _ => Roots::File(PathBuf::from(name)),
        });
        let mode = match said.mode {
            Some(mode) => mode,
            // Whoever names an authority wants it asked.
            None if named.is_some() || leads_elsewhere(config) => Mode::VerifyFull,
            None => Mode::Prefer,
        };
        if mode == Mode::VerifyCa && named.is_none() {
            return Err(wrong(
                "sslmode=verify-ca needs sslrootcert=FILE, since the system's authorities sign for everybody",
            ));
        }
        if named == Some(Roots::System) && mode != Mode::VerifyFull {
            return Err(wrong(
                "sslrootcert=system needs sslmode=verify-full, since the system's authorities sign for everybody",
            ));
        }
        if config.get_ssl_negotiation() == SslNegotiation::Direct && mode < Mode::Require {
            return Err(wrong("sslnegotiation=direct needs sslmode=require or a stronger one"));
        }
        let roots = match mode {
            Mode::VerifyFull => Some(named.unwrap_or(Roots::System)),
            _ => named,
        };
        let identity = match (said.cert, said.key) {
            (Some(cert), Some(key)) => Some(Identity { cert: cert.into(), key: key.into() }),
            (None, None) => None,
            (Some(_), None) => return Err(wrong("sslcert needs sslkey as well")),
            (None, Some(_)) => return Err(wrong("sslkey needs sslcert as well")),
        };
        Ok(Tls { mode, roots, identity })
    }

    pub(super) fn mode(&self) -> Mode {
        self.mode
    }

    /// What makes a plain stream an encrypted one. The files are read each time: in a process that
    /// runs for weeks certificates are renewed beside it.
    ///
    /// # Errors
    /// A file is missing, is not what it should be, or shows a key to others.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, TlsFileError> {
        let provider = Arc::new(ring::default_provider());
        let roots = match &self.roots {
            None => None,
            Some(Roots::System) => Some(files::system()?),
            Some(Roots::File(path)) => Some(Arc::new(files::roots(path)?)),
        };
        let check = match (roots, self.mode) {
            (None, _) => Check::Nothing,
            (Some(roots), Mode::VerifyFull) => Check::ChainAndName(roots),
            // libpq's rule: an authority that is named is asked, whatever the mode.
            (Some(roots), _) => Check::Chain(roots),
        };
        let verifier = Verifier::new(check, provider.signature_verification_algorithms);
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has cipher suites for TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some(Identity { cert, key }) => builder
                .with_client_auth_cert(files::chain(cert)?, files::key(key)?)
                .map_err(|error| files::unusable(&error, cert, key))?,
        };
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        // PostgreSQL gives out no tickets.
        config.resumption = Resumption::disabled();
        Ok(MakeRustlsConnect::new(config))
    }

    /// Why an attempt on `host` failed, where TLS is the reason.
    pub(super) fn trouble(&self, error: &tokio_postgres::Error, host: &str) -> Option<TlsTrouble> {
        let store = match &self.roots {
            Some(Roots::File(path)) => format!("in {} (sslrootcert)", files::shown(path)),
            Some(Roots::System) | None => "of the system's store".into(),
        };
        let client = self.identity.is_some();
        trouble::of(error, &trouble::Asked { mode: self.mode.word(), store, host, client })
    }
}

/// Whether any of the hosts is, or may be, another machine.
fn leads_elsewhere(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    let hosts = config.get_hosts();
    let named = |name: &String| {
        let is_local = name.eq_ignore_ascii_case("localhost")
            || name.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        !is_local
    };
    hosts.iter().any(|host| matches!(host, Host::Tcp(name) if named(name)))
        || addresses.iter().any(|address| !address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pg::address::{self, Surroundings};

    fn settled(text: &str) -> Result<Tls, String> {
        let resolved = address::resolve(Some(text), &Surroundings::default());
        let resolved = resolved.map_err(|e| e.to_string())?;
        let said = Said::of(&resolved.settings).map_err(|e| e.to_string())?;
        Tls::settle(said, &resolved.config).map_err(|e| e.to_string())
    }

    #[test]
    fn without_a_mode_other_machines_are_verified_and_this_one_is_not() {
        let mode = |hosts: &str| settled(&format!("user=me {hosts}")).unwrap().mode;
        for hosts in [
            "host=localhost",
            "host=LOCALHOST",
            "host=127.0.0.1",
            "host=127.8.9.1",
            "host=::1",
            "host=/run/postgresql",
            "hostaddr=127.0.0.1",
            "host=/run,localhost",
            "host=localhost hostaddr=::1",
        ] {
            assert_eq!(mode(hosts), Mode::Prefer, "{hosts}");
        }
        for hosts in [
            "host=db",
            "host=localhost.example",
            "host=10.0.0.1",
            "host=0.0.0.0",
            "host=127.1",
            "hostaddr=10.0.0.1",
            // One that is elsewhere decides for all.
            "host=localhost,db",
            "host=/run,db",
            "host=localhost hostaddr=10.0.0.1",
            "host=db hostaddr=127.0.0.1",
            // Named authorities are there to be asked.
            "host=localhost sslrootcert=ca.pem",
            "host=localhost sslrootcert=system",
        ] {
            assert_eq!(mode(hosts), Mode::VerifyFull, "{hosts}");
        }
        for word in Mode::ALL {
            let address = format!("host=db sslrootcert=ca.pem sslmode={}", word.word());
            assert_eq!(settled(&address).unwrap().mode, word);
        }
    }

    #[test]
    fn options_that_contradict_each_other_are_refused() {
        let refused = |address: &str, part: &str| {
            let error = settled(address).unwrap_err();
            assert!(error.contains(part), "{address}: {error}");
        };
        refused("host=db sslmode=verify-ca", "sslmode=verify-ca needs sslrootcert");
        for mode in ["disable", "allow", "prefer", "require", "verify-ca"] {
            let address = format!("host=db sslmode={mode} sslrootcert=system");
            refused(&address, "sslrootcert=system needs sslmode=verify-full");
        }
        refused("host=db sslcert=a", "sslcert needs sslkey");
        refused("host=db sslkey=a", "sslkey needs sslcert");
        refused("host=localhost sslnegotiation=direct", "sslnegotiation=direct needs");
        assert_eq!(settled("host=db sslnegotiation=direct").unwrap().mode, Mode::VerifyFull);
    }
}
