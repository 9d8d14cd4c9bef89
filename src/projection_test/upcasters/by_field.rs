//! The fields of an upcast event as the native engine reads them.
//!
//! The sql engine runs the steps over a whole payload ([`Upcasters::upcast`]). The native engine reads the fields that its
//! handlers name in one pass over what is stored ([`Upcasters::compose`]), wherever the steps allow it, and goes the way of
//! the sql engine elsewhere. So a test of upcasters reads each field both ways, as a handler would get it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::event::Payload;
use crate::upcast::{Composed, Field, Memory, Upcasters};
use crate::value::{Object, sql_text};

/// More fields than a handler has are not read at once.
const AT_ONCE: usize = 16;

type Path = Vec<String>;

/// What was read both ways.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// How many fields there were to be read in one pass.
    pub(super) fields: usize,
    /// Where both ways part, in words that follow the number of the event.
    pub(super) differences: Vec<String>,
}

/// Reads the fields that an event has before and after its steps. `upcast` is its payload after them by the way of the sql
/// engine; `None` if it fails there.
pub(super) fn read(
    upcasters: &Upcasters,
    (event_type, version): (&str, i32),
    payload: &str,
    upcast: Option<&str>,
) -> Read {
    let mut paths = BTreeSet::new();
    for text in [Some(payload), upcast].into_iter().flatten() {
        gather(text, &mut Path::new(), &mut paths);
    }
    let composed = |fields: &[&[String]]| upcasters.compose(event_type, version, fields);
    let alone: Vec<&Path> =
        paths.iter().filter(|path| composed(&[path.as_slice()]).is_some()).collect();
    let mut read = Read { fields: alone.len(), differences: Vec::new() };
    // Each by itself, and as a handler does, several in one pass.
    let several = alone.chunks(AT_ONCE).filter(|chunk| chunk.len() > 1);
    let lists = alone.iter().map(std::slice::from_ref).chain(several);
    for list in lists {
        let fields: Vec<&[String]> = list.iter().map(|path| path.as_slice()).collect();
        let Some(way) = composed(&fields) else { continue };
        for difference in differences(&way, list, payload, upcast) {
            if !read.differences.contains(&difference) {
                read.differences.push(difference);
            }
        }
    }
    read
}

/// The paths of all members, at every level.
fn gather(text: &str, at: &mut Path, paths: &mut BTreeSet<Path>) {
    let Ok(object) = Object::parse(text) else { return };
    for (key, value) in object.members() {
        at.push(key.to_owned());
        paths.insert(at.clone());
        gather(value, at, paths);
        at.pop();
    }
}

fn differences(
    way: &Composed,
    paths: &[&Path],
    payload: &str,
    upcast: Option<&str>,
) -> Vec<String> {
    let mut memory = Memory::default();
    let mut told = Vec::new();
    // Twice: a second payload of the same layout is read by what is remembered of the first.
    for _ in 0..2 {
        way.read(&mut memory, Payload::Text(payload), |fields| {
            let Some(upcast) = upcast else {
                told.push(" does not fail in the native engine, and does in the sql engine".into());
                return Some(());
            };
            let after = Object::parse(upcast).ok()?;
            for (nth, path) in paths.iter().enumerate() {
                let native = fields.get(nth).map(Field::into_json);
                let sql = after.get_path(path.as_slice()).ok().flatten();
                if argument(native.as_deref()) != argument(sql.as_deref()) {
                    let path = path.join(".");
                    let [native, sql] = [native, sql].map(shown);
                    told.push(format!(
                        ": payload.{path} is {native} in the native engine, and {sql} in the sql engine"
                    ));
                }
            }
            Some(())
        });
    }
    told
}

/// What a handler gets: nothing for a field that is absent or null. Blanks between the members of an object or a list are
/// no part of it.
fn argument(raw: Option<&str>) -> Option<Cow<'_, str>> {
    let raw = raw?;
    let value = sql_text(raw).unwrap_or(Some(Cow::Borrowed(raw)))?;
    match raw.trim_start().starts_with(['{', '[']) {
        true => Some(without_blanks(&value).into()),
        false => Some(value),
    }
}

/// A JSON text without the blanks that stand outside its strings.
fn without_blanks(json: &str) -> String {
    let (mut is_within, mut is_escaped) = (false, false);
    let counts = |c: &char| {
        let is_blank = !is_within && matches!(c, ' ' | '\t' | '\n' | '\r');
        if *c == '"' && !is_escaped {
            is_within = !is_within;
        }
        is_escaped = is_within && *c == '\\' && !is_escaped;
        !is_blank
    };
    json.chars().filter(counts).collect()
}

fn shown(raw: Option<Cow<'_, str>>) -> Cow<'_, str> {
    raw.unwrap_or(Cow::Borrowed("absent"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn upcasters(steps: &str) -> Upcasters {
        let text = format!("type = \"T\"\n{steps}");
        Upcasters::load(&[SourceFile::new("migrations/events/T.toml", text)]).unwrap()
    }

    const STEPS: &str = "[[step]]\nfrom = 1\nrename = { price = \"unit_price\" }\ndefault = { currency = \"USD\" }\n\
                         [[step]]\nfrom = 2\ncast = { quantity = \"number\" }\n";
    const STORED: &str = r#"{"price": "1.50", "quantity": "2", "buyer": {"id": 7}}"#;

    #[test]
    fn both_ways_are_the_same() {
        let after = r#"{"unit_price":"1.50","quantity":2,"buyer":{"id": 7},"currency":"USD"}"#;
        let read = read(&upcasters(STEPS), ("T", 1), STORED, Some(after));
        assert_eq!((read.fields, read.differences), (6, Vec::new()));
    }

    #[test]
    fn a_field_that_is_read_otherwise_is_told() {
        let after = r#"{"unit_price":"1.5","quantity":2,"buyer":{"id":7},"currency":"EUR"}"#;
        let read = read(&upcasters(STEPS), ("T", 1), STORED, Some(after));
        assert_eq!(
            read.differences,
            [
                ": payload.currency is \"USD\" in the native engine, and \"EUR\" in the sql engine",
                ": payload.unit_price is \"1.50\" in the native engine, and \"1.5\" in the sql engine",
            ]
        );
    }

    #[test]
    fn blanks_within_strings_count() {
        assert_eq!(without_blanks(r#"{ "a b" : [1,  "c \" d"] }"#), r#"{"a b":[1,"c \" d"]}"#);
    }

    #[test]
    fn a_failure_of_one_way_alone_is_told() {
        let failed = read(&upcasters(STEPS), ("T", 1), STORED, None);
        assert_eq!(failed.differences.len(), 1, "{failed:?}");
        // What both refuse: a price that is missing.
        let both = read(&upcasters(STEPS), ("T", 1), r#"{"quantity": "2"}"#, None);
        assert_eq!(both.differences, Vec::<String>::new());
        // A filter makes the native engine go the way of the sql engine.
        let filtered = upcasters("[[step]]\nfrom = 1\njq = '. + {a: 1}'\n");
        assert_eq!(read(&filtered, ("T", 1), STORED, None).fields, 0);
    }
}
