//! Where to listen: this machine alone, unless an address says otherwise.

use std::net::TcpListener;

use super::ServiceError;

/// Who is meant where only a port is given.
const LOOPBACK: &str = "127.0.0.1";

/// Listens on `9464`, `:9464`, `host:9464`, `0.0.0.0:9464` or `[::1]:9464`.
///
/// # Errors
/// It is no address, or it cannot be listened on.
pub(super) fn listen(address: &str) -> Result<TcpListener, ServiceError> {
    let full = whole(address)?;
    let refused = |error: std::io::Error| ServiceError::Listen {
        address: full.clone(),
        reason: error.to_string(),
    };
    let listener = TcpListener::bind(&full).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    Ok(listener)
}

/// An address with its host.
fn whole(address: &str) -> Result<String, ServiceError> {
    let wrong = |reason: &str| ServiceError::Address {
        address: address.to_owned(),
        reason: reason.to_owned(),
    };
    let trimmed = address.trim();
    let (host, port) = match trimmed.rsplit_once(':') {
        None if trimmed.bytes().all(|b| b.is_ascii_digit()) => ("", trimmed),
        None => return Err(wrong("it has no port; expected a port such as 9464, or HOST:PORT")),
        Some((host, _)) if host.contains(':') && !host.ends_with(']') => {
            return Err(wrong("an IPv6 address stands in brackets: [::1]:9464"));
        }
        Some(parts) => parts,
    };
    let port: u16 = port.parse().map_err(|_| wrong("a port is a number up to 65535"))?;
    let host = if host.is_empty() { LOOPBACK } else { host };
    Ok(format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_port_is_of_this_machine_alone() {
        for (given, expect) in [
            ("9464", "127.0.0.1:9464"),
            (":9464", "127.0.0.1:9464"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::]:0", "[::]:0"),
            ("metrics.example:9464", "metrics.example:9464"),
        ] {
            assert_eq!(whole(given).unwrap(), expect);
        }
    }

    #[test]
    fn what_is_no_address_is_told() {
        for (given, expect) in [
            ("", "a port is a number"),
            ("localhost", "it has no port"),
            ("::1:9464", "in brackets"),
            ("localhost:http", "a port is a number"),
            ("localhost:70000", "a port is a number"),
        ] {
            let error = whole(given).unwrap_err().to_string();
            assert!(error.contains(expect), "{given}: {error}");
        }
    }
}
