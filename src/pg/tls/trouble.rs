//! Why a connection could not be made secure, in plain words.
//!
//! Owns the translation of what rustls, the driver and a server's alerts say. It adds no advice:
//! the face does.

use std::error::Error as _;
use std::io;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, ExtendedKeyPurpose};
use time::OffsetDateTime;

/// Names of a certificate that a message shows at the most.
const NAMES: usize = 5;

/// The driver's own words, which it has no types for.
const NO_TLS: &str = "server does not support TLS";
const NO_BINDING: &str = "server did not use channel binding";

/// What stands between us and a secure connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsTrouble {
    /// The server answers in plain text only.
    #[error("it does not speak TLS, which sslmode={mode} asks for")]
    NotSpoken {
        /// The mode.
        mode: &'static str,
    },
    /// No authority of ours has signed its certificate.
    #[error("its certificate is not signed by an authority {store}")]
    Untrusted {
        /// Where the authorities are.
        store: String,
    },
    /// The certificate is another server's.
    #[error("its certificate is for {} and not for {host}", names(.presented))]
    WrongName {
        /// The name that was asked for.
        host: String,
        /// The names it has.
        presented: Vec<String>,
    },
    /// The certificate is too old.
    #[error("its certificate expired{}", on(.since))]
    Expired {
        /// The day, in UTC.
        since: Option<String>,
    },
    /// The certificate is too young.
    #[error("its certificate is not valid yet{}", on(.from))]
    NotYetValid {
        /// The day, in UTC.
        from: Option<String>,
    },
    /// The certificate is not one for this use.
    #[error("its certificate cannot be used: {reason}")]
    Unfit {
        /// Why not.
        reason: &'static str,
    },
    /// The server does not take our certificate.
    #[error("it does not accept our client certificate: {reason}")]
    Refused {
        /// What it said.
        reason: &'static str,
    },
    /// The password was not bound to the channel.
    #[error("it did not use channel binding, which channel_binding=require asks for")]
    Unbound,
    /// They could not agree.
    #[error("the TLS handshake failed: {reason}")]
    Handshake {
        /// Why.
        reason: &'static str,
    },
}

fn names(presented: &[String]) -> String {
    match presented.len() {
        0 => "no name (a subjectAltName is needed; the common name is not looked at)".into(),
        count if count > NAMES => format!("{} and others", presented[..NAMES].join(", ")),
        _ => presented.join(", "),
    }
}

fn on(day: &Option<String>) -> String {
    day.as_ref().map_or_else(String::new, |day| format!(" ({day})"))
}

/// What was asked of the server.
pub(super) struct Asked<'a> {
    pub(super) mode: &'static str,
    /// Where the authorities are, as a part of a sentence.
    pub(super) store: String,
    pub(super) host: &'a str,
    /// Whether a client certificate was offered.
    pub(super) client: bool,
}

/// Why an attempt failed, where TLS is the reason.
pub(super) fn of(error: &tokio_postgres::Error, asked: &Asked<'_>) -> Option<TlsTrouble> {
    let source = error.source()?;
    if let Some(error) = source.downcast_ref::<io::Error>() {
        return of_io(error, asked);
    }
    match source.to_string().as_str() {
        NO_TLS => Some(TlsTrouble::NotSpoken { mode: asked.mode }),
        NO_BINDING => Some(TlsTrouble::Unbound),
        _ => None,
    }
}

fn of_io(error: &io::Error, asked: &Asked<'_>) -> Option<TlsTrouble> {
    if let Some(inner) = error.get_ref() {
        if let Some(error) = inner.downcast_ref::<Error>() {
            tracing::debug!(%error, "TLS failed");
            return Some(of_rustls(error, asked));
        }
        if inner.is::<rustls::pki_types::InvalidDnsNameError>() {
            let reason = "the host's name is none that a certificate could have";
            return Some(TlsTrouble::Handshake { reason });
        }
    }
    // The server's alert can be lost behind what we were sending.
    let cut = matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
    );
    let reason = "it ended the connection when it had seen it";
    (cut && asked.client).then_some(TlsTrouble::Refused { reason })
}

fn of_rustls(error: &Error, asked: &Asked<'_>) -> TlsTrouble {
    match error {
        Error::InvalidCertificate(error) => of_certificate(error, asked),
        Error::AlertReceived(alert) => of_alert(*alert),
        Error::NoCertificatesPresented => TlsTrouble::Unfit { reason: "it sent none" },
        Error::PeerIncompatible(_) => TlsTrouble::Handshake {
            reason: "we have no version of TLS and no cipher in common (TLS 1.2 is the oldest)",
        },
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => {
            TlsTrouble::Handshake { reason: "what answers there does not speak TLS" }
        }
        Error::DecryptError => TlsTrouble::Handshake { reason: "a message was changed on its way" },
        _ => TlsTrouble::Handshake { reason: "the server does not keep to the protocol" },
    }
}

fn of_certificate(error: &CertificateError, asked: &Asked<'_>) -> TlsTrouble {
    use CertificateError as E;
    let unfit = |reason| TlsTrouble::Unfit { reason };
    match error {
        // A forged one fails by its signature; another authority may have the same name.
        E::UnknownIssuer | E::BadSignature => TlsTrouble::Untrusted { store: asked.store.clone() },
        E::NotValidForNameContext { presented, .. } => TlsTrouble::WrongName {
            host: asked.host.to_owned(),
            presented: presented.iter().filter_map(|name| plain_name(name)).collect(),
        },
        E::NotValidForName => {
            TlsTrouble::WrongName { host: asked.host.to_owned(), presented: Vec::new() }
        }
        E::ExpiredContext { not_after, .. } => TlsTrouble::Expired { since: day(*not_after) },
        E::Expired => TlsTrouble::Expired { since: None },
        E::NotValidYetContext { not_before, .. } => {
            TlsTrouble::NotYetValid { from: day(*not_before) }
        }
        E::NotValidYet => TlsTrouble::NotYetValid { from: None },
        E::Revoked => unfit("it was revoked"),
        E::InvalidPurposeContext { presented, .. }
            if presented.contains(&ExtendedKeyPurpose::ClientAuth) =>
        {
            unfit("it is a client's")
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            unfit("it is not meant for a server")
        }
        E::UnsupportedSignatureAlgorithmContext { .. }
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            unfit("it is signed in a way that is not supported, or too weak")
        }
        E::Other(other) => match other.to_string().as_str() {
            "CaUsedAsEndEntity" => unfit("it is an authority's own (CA:TRUE), not a server's"),
            "UnsupportedCertVersion" => unfit("it is of an old form, X.509 version 3 is needed"),
            _ => unfit("it is not well made"),
        },
        _ => unfit("it is not well made"),
    }
}

/// A name as a certificate has it, from the way rustls writes it: `DnsName("db.example")`.
fn plain_name(name: &str) -> Option<String> {
    let (_, inner) = name.split_once('(')?;
    let inner = inner.trim_end_matches(')').trim_matches('"');
    Some(inner.chars().filter(|c| !c.is_control()).collect())
}

fn day(time: UnixTime) -> Option<String> {
    let seconds = i64::try_from(time.as_secs()).ok()?;
    Some(OffsetDateTime::from_unix_timestamp(seconds).ok()?.date().to_string())
}

/// What a server says before it hangs up.
fn of_alert(alert: AlertDescription) -> TlsTrouble {
    use AlertDescription as A;
    let refused = |reason| TlsTrouble::Refused { reason };
    let failed = |reason| TlsTrouble::Handshake { reason };
    match alert {
        A::UnknownCA => refused("it does not know the authority that signed it"),
        A::CertificateExpired => refused("it expired"),
        A::CertificateRevoked => refused("it was revoked"),
        A::CertificateRequired => refused("there is none, and it wants one"),
        A::BadCertificate | A::UnsupportedCertificate | A::CertificateUnknown => {
            refused("it finds it damaged or of a kind it does not take")
        }
        A::AccessDenied => refused("it does not let it in"),
        A::DecryptError => refused("its signature is wrong"),
        A::HandshakeFailure | A::ProtocolVersion | A::InsufficientSecurity => {
            failed("we have no version of TLS and no cipher in common (TLS 1.2 is the oldest)")
        }
        A::NoApplicationProtocol => failed("what answers there is no PostgreSQL"),
        A::UnrecognisedName => failed("it knows no server of that name"),
        _ => failed("the server broke it off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(error: Error) -> String {
        let asked =
            Asked { mode: "verify-full", store: "in ca.pem".into(), host: "db", client: false };
        of_rustls(&error, &asked).to_string()
    }

    #[test]
    fn names_of_a_certificate_are_shown_without_rustls_words() {
        let name = |count: usize| {
            let presented = (0..count).map(|n| format!("DnsName(\"h{n}.example\")")).collect();
            let expected = "db".try_into().unwrap();
            said(CertificateError::NotValidForNameContext { expected, presented }.into())
        };
        assert_eq!(name(2), "its certificate is for h0.example, h1.example and not for db");
        assert!(name(9).contains("h4.example and others and not for db"), "{}", name(9));
        assert!(name(0).contains("for no name (a subjectAltName is needed"), "{}", name(0));
        assert_eq!(plain_name("IpAddress(127.0.0.1)").as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn days_are_days() {
        let at = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let error = CertificateError::ExpiredContext { time: at(0), not_after: at(951_868_799) };
        assert_eq!(said(error.into()), "its certificate expired (2000-02-29)");
        assert_eq!(said(CertificateError::Expired.into()), "its certificate expired");
    }
}
