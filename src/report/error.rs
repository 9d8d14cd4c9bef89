//! Why a command, or a part of what it was to do, ended with an error.

use serde::Serialize;

use crate::failure::Failure;

/// An error.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorReport {
    /// Its code, one of docs/errors.md.
    pub code: &'static str,
    /// What happened, in a sentence for people; it may change with any release.
    pub message: String,
    /// What to do next: sentences or commands, one a line.
    pub hint: Option<String>,
    /// The exit code that a command ends with for it. Of a hook: what the program ended with, null if it did not end by itself.
    pub exit_code: Option<i32>,
    /// The event it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<FailedEvent>,
}

/// An event that could not be applied.
#[derive(Debug, Clone, Serialize)]
pub struct FailedEvent {
    /// Which, and why.
    #[serde(flatten)]
    pub failure: Failure,
    /// What was said of it, values of its payload included: with `--show-payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// Its payload as it is in the log, or the beginning of a long one: with `--show-payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}
