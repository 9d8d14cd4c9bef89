//! The section `[event_store.adopt]` as text.

use crate::config::{Adopt, Renamed};
use crate::value::quote_json;

/// The section with these keys.
pub(super) fn of(keys: &Adopt) -> String {
    let text = |key: &Option<String>| key.as_deref().map(quote_json);
    let list = |all: &Vec<String>| {
        format!("[{}]", all.iter().map(|one| quote_json(one)).collect::<Vec<_>>().join(", "))
    };
    let lines = [
        ("preset", text(&keys.preset)),
        ("table", text(&keys.table)),
        ("where", text(&keys.filter)),
        ("position", text(&keys.position)),
        ("position_offset", keys.position_offset.map(|offset| offset.to_string())),
        ("stream_id", text(&keys.stream_id)),
        ("stream_version", text(&keys.stream_version)),
        ("tenant", text(&keys.tenant)),
        ("type", text(&keys.event_type)),
        ("types", keys.types.as_ref().map(types)),
        ("schema_version", text(&keys.schema_version)),
        ("payload", text(&keys.payload)),
        ("metadata", text(&keys.metadata)),
        ("recorded_at", text(&keys.recorded_at)),
        ("writers", keys.writers.as_ref().map(list)),
        ("sequence", text(&keys.sequence)),
        ("order", keys.order.map(|order| quote_json(order.name()))),
        ("gaps", text(&keys.gaps)),
    ];
    let mut section = "[event_store.adopt]\n".to_owned();
    for (key, value) in lines {
        if let Some(value) = value {
            section.push_str(&format!("{key} = {value}\n"));
        }
    }
    section
}

fn types(types: &std::collections::BTreeMap<String, Renamed>) -> String {
    let one = |(stored, renamed): (&String, &Renamed)| {
        let renamed = match renamed {
            Renamed::Name(name) => quote_json(name),
            Renamed::Versioned { event_type, version } => {
                format!("{{ type = {}, version = {version} }}", quote_json(event_type))
            }
        };
        format!("{} = {renamed}", quote_json(stored))
    };
    format!("{{ {} }}", types.iter().map(one).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::presets::all;

    /// What is written is what is read.
    #[test]
    fn every_preset_is_written_as_it_is() {
        for preset in all() {
            for form in &preset.form {
                let text = of(&form.keys);
                let config: crate::config::Config = toml::from_str(&text).unwrap();
                assert_eq!(config.event_store.adopt.unwrap(), form.keys, "{text}");
            }
        }
    }

    #[test]
    fn types_are_written() {
        let keys = "[event_store.adopt]\ntypes = { \"A+B, C\" = \"B\", \"O_v2\" = { type = \"O\", version = 2 } }\n";
        let config: crate::config::Config = toml::from_str(keys).unwrap();
        assert_eq!(of(&config.event_store.adopt.unwrap()), keys);
    }
}
