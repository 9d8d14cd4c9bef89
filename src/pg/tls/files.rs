//! The files that an address names: authorities, our certificate, our key.
//!
//! Owns reading them and what is wrong with them, by the name of the option. It never shows what
//! is in one.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::RootCertStore;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What is wrong with a file that an address names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFileError {
    /// It cannot be read.
    #[error("{option} names {path}, which {reason}")]
    Unreadable {
        /// The option of the address.
        option: &'static str,
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// It is not what it should be.
    #[error("{option} names {path}, which holds no {what} in PEM form")]
    Empty {
        /// The option of the address.
        option: &'static str,
        /// The file.
        path: String,
        /// What should be in it.
        what: &'static str,
    },
    /// It is damaged, or of a kind that cannot be used.
    #[error("{option} names {path}, whose {what} cannot be used")]
    Unusable {
        /// The option of the address.
        option: &'static str,
        /// The file.
        path: String,
        /// What is in it.
        what: &'static str,
    },
    /// A key with a passphrase.
    #[error("sslkey names {path}, which is encrypted, and regrow asks for no passphrase")]
    Encrypted {
        /// The file.
        path: String,
    },
    /// A key that is no secret.
    #[error("sslkey names {path}, which others than its owner can read (mode {mode:04o})")]
    Shown {
        /// The file.
        path: String,
        /// Its permissions.
        mode: u32,
    },
    /// Two files that do not belong together.
    #[error("the key in {key} (sslkey) is not the one of the certificate in {cert} (sslcert)")]
    Apart {
        /// The certificate's file.
        cert: String,
        /// The key's file.
        key: String,
    },
    /// The system trusts nobody.
    #[error("this system has no store of authorities that could vouch for a server")]
    NoStore,
}

/// A path as messages show it. Whoever puts `;password=...` behind one meant something else.
pub(super) fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    match text.to_ascii_lowercase().find("password") {
        Some(at) => format!("{}...", &text[..at]),
        None => text,
    }
}

fn unreadable(option: &'static str, path: &Path, error: &io::Error) -> TlsFileError {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "does not exist".into(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".into(),
        io::ErrorKind::IsADirectory => "is a directory".into(),
        _ => format!("cannot be read: {error}"),
    };
    TlsFileError::Unreadable { option, path: shown(path), reason }
}

/// The certificates in a file, at least one.
fn certificates(
    option: &'static str,
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, TlsFileError> {
    let bytes = fs::read(path).map_err(|error| unreadable(option, path, &error))?;
    let what = "certificate";
    let found: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if found.is_empty() => {
            Err(TlsFileError::Empty { option, path: shown(path), what })
        }
        Ok(found) => Ok(found),
        Err(_) => Err(TlsFileError::Unusable { option, path: shown(path), what }),
    }
}

/// The authorities in a file.
pub(super) fn roots(path: &Path) -> Result<RootCertStore, TlsFileError> {
    let option = "sslrootcert";
    let mut roots = RootCertStore::empty();
    for certificate in certificates(option, path)? {
        roots.add(certificate).map_err(|_| TlsFileError::Unusable {
            option,
            path: shown(path),
            what: "certificate",
        })?;
    }
    Ok(roots)
}

/// The authorities that the system trusts, read once: there are some hundred.
pub(super) fn system() -> Result<Arc<RootCertStore>, TlsFileError> {
    static STORE: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    let store = STORE.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::debug!(%error, "a part of the system's store of authorities cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        Arc::new(roots)
    });
    if store.is_empty() { Err(TlsFileError::NoStore) } else { Ok(Arc::clone(store)) }
}

/// Our certificate, with those between it and its authority behind it.
pub(super) fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsFileError> {
    certificates("sslcert", path)
}

/// Our key, if it is a secret.
pub(super) fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsFileError> {
    let failed = |error: io::Error| unreadable("sslkey", path, &error);
    // Before it is opened: opening a pipe would wait for its other end.
    let look = fs::metadata(path).map_err(failed)?;
    if !look.is_file() {
        let reason = "is not a regular file".into();
        return Err(TlsFileError::Unreadable { option: "sslkey", path: shown(path), reason });
    }
    let mut file = File::open(path).map_err(failed)?;
    let open = file.metadata().map_err(failed)?;
    if !is_secret(&open) {
        return Err(TlsFileError::Shown { path: shown(path), mode: open.mode() & 0o7777 });
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(failed)?;
    let what = "private key";
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| match error {
        _ if is_encrypted(&bytes) => TlsFileError::Encrypted { path: shown(path) },
        pem::Error::NoItemsFound => {
            TlsFileError::Empty { option: "sslkey", path: shown(path), what }
        }
        _ => TlsFileError::Unusable { option: "sslkey", path: shown(path), what },
    })
}

/// libpq's rule: nothing for group and others; root's may be read by its group.
fn is_secret(file: &Metadata) -> bool {
    let forbidden = if file.uid() == 0 { 0o037 } else { 0o077 };
    file.mode() & forbidden == 0
}

/// Both ways a PEM file says that a passphrase is needed.
fn is_encrypted(pem: &[u8]) -> bool {
    let text = String::from_utf8_lossy(pem);
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

/// Why a certificate and a key make no identity.
pub(super) fn unusable(error: &rustls::Error, cert: &Path, key: &Path) -> TlsFileError {
    tracing::debug!(%error, "sslcert and sslkey make no identity");
    let (option, path, what): (_, &Path, _) = match error {
        rustls::Error::InconsistentKeys(_) => {
            return TlsFileError::Apart { cert: shown(cert), key: shown(key) };
        }
        rustls::Error::InvalidCertificate(_) => ("sslcert", cert, "certificate"),
        _ => ("sslkey", key, "private key"),
    };
    TlsFileError::Unusable { option, path: shown(path), what }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_a_secret_is_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.pem");
        fs::write(&path, "no key").unwrap();
        let root = fs::metadata(&path).unwrap().uid() == 0;
        for (mode, secret) in [
            (0o600, true),
            (0o400, true),
            (0o640, root),
            (0o620, false),
            (0o610, false),
            (0o604, false),
            (0o644, false),
            (0o601, false),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let said = key(&path).unwrap_err().to_string();
            let expected = if secret { "no private key" } else { "others than its owner" };
            assert!(said.contains(expected), "{mode:o}: {said}");
        }
    }

    #[test]
    fn a_passphrase_and_what_is_no_file_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.pem");
        for kind in [
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAAA\n-----END RSA PRIVATE KEY-----\n",
        ] {
            fs::write(&path, kind).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            let said = key(&path).unwrap_err().to_string();
            assert!(said.contains("is encrypted"), "{said}");
        }
        let said = key(folder.path()).unwrap_err().to_string();
        assert!(said.contains("is not a regular file"), "{said}");
        let said = roots(folder.path()).unwrap_err().to_string();
        assert!(said.contains("sslrootcert names") && said.contains("is a directory"), "{said}");
    }

    #[test]
    fn a_path_never_shows_what_was_meant_as_a_password() {
        assert_eq!(shown(Path::new("/ca.pem;Password=hunter2")), "/ca.pem;...");
    }
}
