//! What to do when a server lets nobody in, or cannot be trusted.

use super::NO_ROOM;
use crate::pg::{TlsFileError, TlsTrouble};

const ADDRESS: &str =
    "is the server running, and is the address right? (--database-url, DATABASE_URL, config.toml)";

/// How PostgreSQL begins when it misses a certificate, or when it is somebody else's.
const CERTIFICATE: [&str; 2] =
    ["connection requires a valid client certificate", "certificate authentication failed"];

/// The next step after a connection that did not come about.
pub(super) fn hint(reason: &str, code: Option<&str>, tls: Option<&TlsTrouble>) -> Option<String> {
    let hint = match (code, tls) {
        (Some("28P01"), _) => "check user and password; it is not tried again",
        // The reason is PostgreSQL's and may be translated.
        (Some("28000"), _) if CERTIFICATE.iter().any(|words| reason.starts_with(words)) => {
            "give a certificate of this user in the address: sslcert=FILE and sslkey=FILE; it is not tried again"
        }
        (Some("28000"), _) if reason.contains("pg_hba.conf") => {
            "the server's pg_hba.conf decides who may come in, from where, and whether in TLS (sslmode); it is not tried again"
        }
        (Some("28000"), _) => "check user and password; it is not tried again",
        (Some("3D000"), _) => "create the database, or name another one in the address",
        (Some("22023"), _) => "is there such a role? config.toml names one: [migrate] role",
        (Some("53300"), _) => NO_ROOM,
        (Some("57P03"), _) => "it was asked again for some seconds; try again when it is up",
        (Some(_), _) => return None,
        (None, Some(trouble)) => return secure(trouble),
        (None, None) => ADDRESS,
    };
    Some(hint.into())
}

/// The next step towards a connection that is secure, or is not meant to be.
fn secure(trouble: &TlsTrouble) -> Option<String> {
    let hint = match trouble {
        TlsTrouble::NotSpoken { .. } => {
            "if plain text is meant, say so in the address: sslmode=disable"
        }
        TlsTrouble::Untrusted { .. } => {
            "name the certificate of the authority that signed it in the address: sslrootcert=FILE"
        }
        TlsTrouble::WrongName { .. } => {
            "name the host as its certificate does (hostaddr can say where it is), or leave the name out with sslmode=verify-ca and sslrootcert=FILE"
        }
        TlsTrouble::Expired { .. } => {
            "the server needs a new certificate; is this machine's clock right?"
        }
        TlsTrouble::NotYetValid { .. } => "is this machine's clock right?",
        TlsTrouble::Unfit { .. } => {
            "the server needs a certificate of its own, signed by the authority in sslrootcert and with its names in subjectAltName"
        }
        TlsTrouble::Refused { .. } => {
            "sslcert=FILE and sslkey=FILE in the address must be of an authority that the server knows (its ssl_ca_file)"
        }
        TlsTrouble::Unbound => {
            "it needs TLS, a password, and scram-sha-256 in the server's pg_hba.conf"
        }
        TlsTrouble::Handshake { .. } => {
            "is there a PostgreSQL that speaks TLS 1.2 or later at this address?"
        }
    };
    Some(hint.into())
}

/// The next step after a file that cannot be used.
pub(super) fn file_hint(error: &TlsFileError) -> Option<String> {
    match error {
        TlsFileError::Shown { path, .. } => {
            Some(format!("keep it to its owner: chmod 600 {path} (640 where root owns it)"))
        }
        TlsFileError::Encrypted { .. } => {
            Some("take the passphrase off: openssl pkey -in KEY -out NEW".into())
        }
        TlsFileError::NoStore => Some(
            "name the authority's certificate in the address: sslrootcert=FILE; or install ca-certificates"
                .into(),
        ),
        _ => None,
    }
}
