//! A span of time as people write it: `500ms`, `5s`, `2m`.

use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};

use super::max_lag::MaxLag;

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.parse() {
            Ok(MaxLag::Time(time)) => Ok(Span(time)),
            _ => Err(D::Error::custom("expected a time such as 500ms, 5s or 2m")),
        }
    }
}
