//! Messages of the frontend/backend protocol, version 3, as far as somebody in between must know
//! them (PostgreSQL manual, "Message Formats"): where one ends, and what the first one says.

use std::io::{self, Read};

/// The request that ends another connection's statement, in place of a protocol version.
pub(super) const CANCEL: [u8; 4] = 80_877_102_u32.to_be_bytes();
/// The requests for an encrypted connection; the answer is one byte.
pub(super) const ENCRYPT: [[u8; 4]; 2] =
    [80_877_103_u32.to_be_bytes(), 80_877_104_u32.to_be_bytes()];

/// A message without a kind, such as a connection's first: its length, which counts itself, and
/// its body.
pub(super) fn first(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    body(from, &mut message)?;
    Ok(message)
}

/// A message with its kind, which it gives.
pub(super) fn next(from: &mut impl Read, message: &mut Vec<u8>) -> io::Result<u8> {
    let mut kind = [0];
    from.read_exact(&mut kind)?;
    message.clear();
    message.push(kind[0]);
    body(from, message)?;
    Ok(kind[0])
}

fn body(from: &mut impl Read, message: &mut Vec<u8>) -> io::Result<()> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    message.extend_from_slice(&length);
    let begun = message.len();
    message.resize(begun - 4 + usize::try_from(u32::from_be_bytes(length)).unwrap(), 0);
    from.read_exact(&mut message[begun..])
}

/// What a connection's first message calls its application.
pub(super) fn application(startup: &[u8]) -> String {
    let text = String::from_utf8_lossy(&startup[8..]).into_owned();
    let mut words = text.split('\0');
    let found = words.find(|word| *word == "application_name").and_then(|_| words.next());
    found.unwrap_or_default().to_owned()
}

/// Whether a query is a COMMIT, or a script that ends with one.
pub(super) fn is_commit(query: &[u8]) -> bool {
    let text = String::from_utf8_lossy(query).to_ascii_uppercase();
    let text = text.trim_end_matches(|c: char| c == '\0' || c == ';' || c.is_whitespace());
    let before = text.strip_suffix("COMMIT").map(|rest| rest.chars().last());
    before.is_some_and(|last| last.is_none_or(|c| c == ';' || c.is_whitespace()))
}

#[test]
fn a_commit_is_seen_wherever_it_stands_last() {
    for commit in
        ["COMMIT\0", "commit;\0", "UPDATE x SET a = 1;\nCommit ;\n\0", "select 1;COMMIT\0"]
    {
        assert!(is_commit(commit.as_bytes()), "{commit:?}");
    }
    for other in ["ROLLBACK\0", "COMMIT; SELECT 1\0", "SELECT 1 AS autocommit\0", "\0"] {
        assert!(!is_commit(other.as_bytes()), "{other:?}");
    }
}
