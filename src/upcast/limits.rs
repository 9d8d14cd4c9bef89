//! How much a jq filter may take and make, and why one gave no events.

use jaq_json::{Val, read};

use crate::value::{JsonError, check_depth};

/// How deep the JSON that goes into or comes out of jq may be nested: jaq
/// reads, writes and drops values recursively.
pub(super) const MAX_DEPTH: usize = 128;
/// The most events the jq steps may make of one.
pub(super) const MAX_EVENTS: usize = 10_000;
/// The most bytes of JSON the jq steps may make of one event: what a line of an export holds.
pub(super) const MAX_OUTPUT: usize = 64 << 20;
/// The longest number jq is given. jaq turns integers to binary, in a time that
/// grows with the square of their length.
pub(super) const MAX_DIGITS: usize = 131_072;
/// The longest string, in bytes, and the most members of a value.
pub(super) const MAX_VALUE: usize = 64 << 20;
/// How deep a value may be nested while a filter runs.
pub(super) const MAX_LEVELS: u32 = 512;
/// The most rounds for one event.
pub(super) const MAX_STEPS: u32 = 1_000_000;

/// Why a filter gave no events.
#[derive(Debug, thiserror::Error)]
pub(super) enum FilterError {
    #[error("the payload cannot be given to jq: {0}")]
    Payload(#[from] Unreadable),
    #[error("the metadata cannot be given to jq: {0}")]
    Metadata(Unreadable),
    #[error("jq: {0}")]
    Jq(String),
    #[error("jq gave {0}, not an object")]
    NotAnObject(&'static str),
    #[error("jq gave an object that is not JSON: {0}")]
    NotJson(&'static str),
    #[error("jq made more than {MAX_EVENTS} events of one")]
    TooMany,
    #[error("jq made more than {MAX_OUTPUT} bytes of one event")]
    TooLarge,
    #[error("jq did not end within {MAX_STEPS} steps")]
    Endless,
    #[error("jq made a value of more than {MAX_VALUE} bytes or members")]
    LargeValue,
    #[error("jq made a value that is nested deeper than {MAX_LEVELS} levels")]
    DeepValue,
    #[error("jq made a number of more than {MAX_DIGITS} digits")]
    LongNumber,
    #[error("jq went through more values than an event of this size may cost")]
    MuchWork,
    #[error("jq made more bytes of values than an event of this size may cost")]
    MuchRoom,
    #[error("jq calls itself too deep")]
    TooDeep,
    #[error("jq stopped on a defect of its own")]
    Panic,
}

/// Why a JSON text cannot become a jq value.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("a number has more than {MAX_DIGITS} digits")]
    LongNumber,
    #[error("{0}")]
    Jaq(read::Error),
}

/// A JSON text as a value of jq.
pub(super) fn value_of(json: &str) -> Result<Val, Unreadable> {
    check_depth(json, MAX_DEPTH)?;
    let long = |digits: &[u8]| digits.len() > MAX_DIGITS;
    if json.len() > MAX_DIGITS && json.as_bytes().split(|b| !b.is_ascii_digit()).any(long) {
        return Err(Unreadable::LongNumber);
    }
    read::parse_single(json.as_bytes()).map_err(Unreadable::Jaq)
}
