//! How far a build may lie behind the log: in events, or in time.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Visitor};

/// How far a build may lie behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxLag {
    /// So many events.
    Events(i64),
    /// So long after the oldest event that it has not read was recorded.
    Time(Duration),
}

/// A lag that cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a number of events such as 1000, or a time such as 500ms, 30s, 5m or 1h")]
pub struct MaxLagError;

impl FromStr for MaxLag {
    type Err = MaxLagError;

    fn from_str(text: &str) -> Result<MaxLag, MaxLagError> {
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let scale_ms = match unit.trim() {
            "" => return number.parse().map(MaxLag::Events).map_err(|_| MaxLagError),
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            _ => return Err(MaxLagError),
        };
        let number: u64 = number.parse().map_err(|_| MaxLagError)?;
        let time = number.checked_mul(scale_ms).map(Duration::from_millis);
        time.map(MaxLag::Time).ok_or(MaxLagError)
    }
}

impl fmt::Display for MaxLag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MaxLag::Events(1) => f.write_str("1 event"),
            MaxLag::Events(events) => write!(f, "{events} events"),
            MaxLag::Time(time) if time.subsec_millis() > 0 => write!(f, "{} ms", time.as_millis()),
            MaxLag::Time(time) => write!(f, "{} s", time.as_secs()),
        }
    }
}

impl<'de> Deserialize<'de> for MaxLag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MaxLag, D::Error> {
        struct Either;

        impl Visitor<'_> for Either {
            type Value = MaxLag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of events such as 1000, or a time such as \"30s\"")
            }

            fn visit_i64<E: serde::de::Error>(self, events: i64) -> Result<MaxLag, E> {
                match events {
                    0.. => Ok(MaxLag::Events(events)),
                    _ => Err(E::custom(MaxLagError)),
                }
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<MaxLag, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_and_times_are_read() {
        assert_eq!("1000".parse(), Ok(MaxLag::Events(1000)));
        assert_eq!("30s".parse(), Ok(MaxLag::Time(Duration::from_secs(30))));
        assert_eq!(" 2 min".parse(), Ok(MaxLag::Time(Duration::from_secs(120))));
        for wrong in ["", "s", "-1", "1.5s", "3 days", "99999999999999999999"] {
            assert_eq!(wrong.parse::<MaxLag>(), Err(MaxLagError), "{wrong}");
        }
    }

    #[test]
    fn they_are_told_as_people_say_them() {
        for (text, said) in
            [("1", "1 event"), ("7", "7 events"), ("90s", "90 s"), ("250ms", "250 ms")]
        {
            assert_eq!(text.parse::<MaxLag>().unwrap().to_string(), said);
        }
    }
}
