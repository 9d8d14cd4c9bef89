//! What of `[event_store.adopt]` decides how the rows of a log's table are read as events.
//!
//! A build is what its handlers make of events, and which events a table holds is said by config.toml. So a build goes
//! on only by what it began with: a key that says something else would mix rows of two meanings.

use super::shape::LogShape;
use crate::anchor::Mapping;

impl LogShape {
    /// How the rows of an adopted log are read; nothing for a log of our own, which is read in one way.
    #[must_use]
    pub fn mapping(&self) -> Option<Mapping> {
        if self.is_own {
            return None;
        }
        let offset = (self.offset != 0).then(|| self.offset.to_string());
        let said = [
            ("where", self.filter.clone()),
            ("position", Some(self.position.clone())),
            ("position_offset", offset),
            ("stream_id", self.has_streams.then(|| self.stream_id.clone())),
            ("stream_version", self.has_versions.then(|| self.stream_version.clone())),
            ("tenant", self.tenant.clone()),
            ("type", Some(self.event_type.clone())),
            ("schema_version", Some(self.schema_version.clone())),
            ("payload", Some(self.payload.clone())),
            ("metadata", self.metadata.clone()),
            ("recorded_at", self.recorded_at.clone()),
        ];
        let said = said.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?)));
        Some(said.collect())
    }
}

/// The keys that say something else. With `tenant` the metadata differ, too, and are not named.
#[must_use]
pub fn differing(one: &Mapping, other: &Mapping) -> Vec<String> {
    let keys = one.keys().chain(other.keys());
    let mut differ: Vec<String> =
        keys.filter(|key| one.get(*key) != other.get(*key)).cloned().collect();
    differ.sort();
    differ.dedup();
    if differ.iter().any(|key| key == "tenant") {
        differ.retain(|key| key != "metadata");
    }
    differ
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Adopt;
    use crate::ident::Ident;

    fn of(text: &str) -> Mapping {
        let least = "table = \"t\"\nposition = \"p\"\ntype = \"kind\"\npayload = \"body\"\n";
        let adopt: Adopt = toml::from_str(&format!("{least}{text}")).unwrap();
        LogShape::adopted(&adopt).unwrap().mapping().unwrap()
    }

    #[test]
    fn every_key_that_decides_an_event_counts() {
        for (more, keys) in [
            ("where = \"NOT gone\"", &["where"][..]),
            ("position_offset = 1", &["position_offset"]),
            ("stream_id = \"s\"", &["stream_id"]),
            ("stream_version = \"v\"", &["stream_version"]),
            ("tenant = \"t\"", &["tenant"]),
            ("schema_version = \"2\"", &["schema_version"]),
            ("metadata = \"m\"", &["metadata"]),
            ("recorded_at = \"at\"", &["recorded_at"]),
            ("[types]\nA = \"B\"", &["type"]),
            ("[types]\nA = { type = \"B\", version = 2 }", &["schema_version", "type"]),
            ("gaps = \"3s\"\nwriters = [\"w\"]\nsequence = \"s\"", &[]),
        ] {
            assert_eq!(differing(&of(""), &of(more)), keys, "{more}");
        }
        assert_eq!(LogShape::own(&Ident::new("event_store").unwrap()).mapping(), None);
    }
}
