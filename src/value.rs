//! A JSON object whose values stay the text they arrived as.
//!
//! Owns reading, changing and writing the members of one object; [`text`] owns what one
//! value is as a text, [`scan`] a few members of a payload in one pass, [`payload_layout`] what makes
//! that quicker where payloads are alike. It deliberately has no tree of values: a member is parsed further only when a path leads into it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

pub mod jsonb;
pub mod payload_layout;
pub mod scan;
pub mod text;

use text::push_quoted;
pub use text::{check_depth, kind, quote_json, sql_text};

/// Objects up to this many members are searched for duplicate keys pairwise,
/// which is cheaper than an index; above it the pairs would grow as a square.
const PAIRWISE_MEMBERS: usize = 24;

/// A JSON object: its members in order, each value as JSON text.
///
/// A text given to [`Object::set`] or [`Object::set_path`] must be JSON; it is
/// written out as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object<'a> {
    // Invariant: no two members have the same key.
    members: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// Why a text is not the JSON it should be. No message quotes the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is not JSON at all.
    #[error("the text is not JSON: {0}")]
    Syntax(String),
    /// The text is JSON, but not an object.
    #[error("the JSON is {0}, not an object")]
    NotAnObject(&'static str),
    /// A path leads through a member that is not an object.
    #[error("the member {name:?} is {found}, not an object")]
    NotAnObjectOnTheWay {
        /// The member on the way.
        name: String,
        /// What it is, see [`kind`].
        found: &'static str,
    },
    /// A path has no parts.
    #[error("the path is empty")]
    EmptyPath,
    /// A string holds a NUL, which PostgreSQL's text cannot.
    #[error("a string holds \\u0000, which a text of PostgreSQL cannot hold")]
    Nul,
    /// A string holds half of a surrogate pair, which is no character.
    #[error("a string holds the lone surrogate \\u{0:04x}, which a text of PostgreSQL cannot hold")]
    LoneSurrogate(u16),
    /// Arrays and objects are nested too deep.
    #[error("the JSON is nested deeper than {0} levels")]
    TooDeep(usize),
}

impl<'a> Object<'a> {
    /// An object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads an object in one pass, borrowing from the text. Of members with
    /// one key the last wins, at the place of the first, as in `jsonb`.
    ///
    /// # Errors
    /// The text is not JSON, or not an object.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        let mut members = read(text, MembersVisitor)?;
        drop_overwritten(&mut members);
        Ok(Self { members })
    }

    /// The JSON text of a member.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.position(key).map(|at| &*self.members[at].1)
    }

    /// The JSON text a path leads to. A missing member or anything but an
    /// object on the way is `None`. Nothing is allocated.
    ///
    /// # Errors
    /// A nested object cannot be read (a key with a lone surrogate).
    pub fn get_path<S: AsRef<str>>(&self, path: &[S]) -> Result<Option<Cow<'_, str>>, JsonError> {
        let Some((first, rest)) = path.split_first() else {
            return Ok(None);
        };
        let mut found = self.get(first.as_ref());
        for part in rest {
            found = match found {
                Some(raw) if raw.starts_with('{') => read(raw, MemberVisitor(part.as_ref()))?,
                _ => return Ok(None),
            };
        }
        Ok(found.map(Cow::Borrowed))
    }

    /// Sets a member, at its place if it is there and at the end if not.
    pub fn set(&mut self, key: &str, raw: String) {
        match self.position(key) {
            Some(at) => self.members[at].1 = Cow::Owned(raw),
            None => self.members.push((Cow::Owned(key.to_owned()), Cow::Owned(raw))),
        }
    }

    /// Sets what a path leads to and creates the objects on the way. A null on
    /// the way counts as absent, as it does for [`Object::get_path`].
    ///
    /// # Errors
    /// Something else on the way is not an object, or the path is empty.
    pub fn set_path<S: AsRef<str>>(&mut self, path: &[S], raw: String) -> Result<(), JsonError> {
        let (first, rest) = path.split_first().ok_or(JsonError::EmptyPath)?;
        let first = first.as_ref();
        if rest.is_empty() {
            self.set(first, raw);
            return Ok(());
        }
        let mut nested = match self.get(first) {
            None | Some("null") => Object::new(),
            Some(text) if text.starts_with('{') => Object::parse(text)?,
            Some(text) => {
                let name = first.to_owned();
                return Err(JsonError::NotAnObjectOnTheWay { name, found: kind(text) });
            }
        };
        nested.set_path(rest, raw)?;
        let text = nested.to_json();
        self.set(first, text);
        Ok(())
    }

    /// Takes a member out.
    pub fn remove(&mut self, key: &str) -> Option<Cow<'a, str>> {
        self.position(key).map(|at| self.members.remove(at).1)
    }

    /// Takes out what a path leads to; the objects on the way stay, even empty.
    ///
    /// # Errors
    /// A nested object cannot be read (a key with a lone surrogate).
    pub fn remove_path<S: AsRef<str>>(
        &mut self,
        path: &[S],
    ) -> Result<Option<Cow<'a, str>>, JsonError> {
        let Some((first, rest)) = path.split_first() else {
            return Ok(None);
        };
        let first = first.as_ref();
        if rest.is_empty() {
            return Ok(self.remove(first));
        }
        let Some(text) = self.get(first).filter(|text| text.starts_with('{')) else {
            return Ok(None);
        };
        let mut nested = Object::parse(text)?;
        let Some(taken) = nested.remove_path(rest)? else {
            return Ok(None);
        };
        let (taken, text) = (taken.into_owned(), nested.to_json());
        self.set(first, text);
        Ok(Some(Cow::Owned(taken)))
    }

    /// The place of a member in the order.
    pub(crate) fn position(&self, key: &str) -> Option<usize> {
        self.members.iter().position(|(k, _)| k == key)
    }

    /// Gives the members at these places new keys, all at once, so that two
    /// members can swap theirs. The new keys must differ from each other.
    ///
    /// # Errors
    /// The first new key that a member which is not renamed already has.
    pub(crate) fn rename_at<'k>(&mut self, renames: &[(usize, &'k str)]) -> Result<(), &'k str> {
        for (_, key) in renames {
            let taken = self.position(key);
            if taken.is_some_and(|at| renames.iter().all(|(place, _)| *place != at)) {
                return Err(key);
            }
        }
        for (at, key) in renames {
            self.members[*at].0 = Cow::Owned((*key).to_owned());
        }
        Ok(())
    }

    /// An object of members whose keys are known to differ.
    pub(crate) fn of_distinct(members: Vec<(String, String)>) -> Self {
        let owned = |(key, raw)| (Cow::Owned(key), Cow::Owned(raw));
        Self { members: members.into_iter().map(owned).collect() }
    }

    /// The members in order: key and JSON text.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|(key, raw)| (&**key, &**raw))
    }

    /// The object as JSON text, without spaces between its members.
    #[must_use]
    pub fn to_json(&self) -> String {
        let bytes: usize = self.members.iter().map(|(key, raw)| key.len() + raw.len() + 4).sum();
        let mut json = String::with_capacity(bytes + 2);
        json.push('{');
        for (nth, (key, raw)) in self.members.iter().enumerate() {
            if nth > 0 {
                json.push(',');
            }
            push_quoted(&mut json, key);
            json.push(':');
            json.push_str(raw);
        }
        json.push('}');
        json
    }
}

type Members<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

fn read<'a, V: Visitor<'a>>(text: &'a str, visitor: V) -> Result<V::Value, JsonError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = json.deserialize_map(visitor);
    value.and_then(|value| json.end().map(|()| value)).map_err(|error| {
        // serde quotes the value in its own words for a wrong type, and no
        // message here may show a payload.
        if error.is_data() {
            JsonError::NotAnObject(kind(text))
        } else {
            JsonError::Syntax(error.to_string())
        }
    })
}

fn drop_overwritten(members: &mut Members<'_>) {
    let duplicate = if members.len() <= PAIRWISE_MEMBERS {
        let mut keys = members.iter().enumerate();
        keys.any(|(at, (key, _))| members[..at].iter().any(|(before, _)| before == key))
    } else {
        let mut seen = std::collections::HashSet::with_capacity(members.len());
        !members.iter().all(|(key, _)| seen.insert(&**key))
    };
    if !duplicate {
        return;
    }
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(members.len());
    let mut kept: Members<'_> = Vec::with_capacity(members.len());
    for (key, raw) in members.drain(..) {
        if let Some(&at) = places.get(&key) {
            kept[at].1 = raw;
        } else {
            places.insert(key.clone(), kept.len());
            kept.push((key, raw));
        }
    }
    *members = kept;
}

/// Collects all members.
struct MembersVisitor;

impl<'a> Visitor<'a> for MembersVisitor {
    type Value = Members<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(8);
        while let Some(key) = map.next_key_seed(KeySeed)? {
            members.push((key, Cow::Borrowed(map.next_value::<&'a RawValue>()?.get())));
        }
        Ok(members)
    }
}

/// Looks for one member and skips the others.
struct MemberVisitor<'k>(&'k str);

impl<'a> Visitor<'a> for MemberVisitor<'_> {
    type Value = Option<&'a str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key_seed(KeySeed)? {
            if key == self.0 {
                found = Some(map.next_value::<&'a RawValue>()?.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// A key, borrowed unless it holds an escape.
struct KeySeed;

impl<'a> DeserializeSeed<'a> for KeySeed {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for KeySeed {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, key: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_every_digit() {
        let text =
            r#" {"b" : 9007199254740993.1, "a":1e400000 ,"c":{"x": [1, 2]}, "k\u0065y":-0} "#;
        let object = Object::parse(text).unwrap();
        let members: Vec<_> = object.members().collect();
        assert_eq!(
            members,
            [
                ("b", "9007199254740993.1"),
                ("a", "1e400000"),
                ("c", r#"{"x": [1, 2]}"#),
                ("key", "-0")
            ]
        );
        assert_eq!(
            object.to_json(),
            r#"{"b":9007199254740993.1,"a":1e400000,"c":{"x": [1, 2]},"key":-0}"#
        );
        assert_eq!(Object::parse("{}").unwrap(), Object::new());
    }

    #[test]
    fn of_duplicate_keys_the_last_wins() {
        let object = Object::parse(r#"{"a":1,"b":2,"\u0061":3}"#).unwrap();
        assert_eq!(object.to_json(), r#"{"a":3,"b":2}"#);
        let many: Vec<_> = (0..100).map(|n| format!("\"k{}\":{n}", n % 60)).collect();
        let many = format!("{{{}}}", many.join(","));
        let object = Object::parse(&many).unwrap();
        assert_eq!(object.members().count(), 60);
        assert_eq!(object.get("k39"), Some("99"));
        assert_eq!(object.get("k59"), Some("59"));
        let nested = Object::parse(r#"{"a":{"b":1,"b":2}}"#).unwrap();
        assert_eq!(nested.get_path(&["a", "b"]).unwrap().as_deref(), Some("2"));
    }

    #[test]
    fn what_is_not_an_object_is_named_and_never_quoted() {
        let error = |text: &str| Object::parse(text).unwrap_err().to_string();
        assert_eq!(error("[1]"), "the JSON is an array, not an object");
        assert_eq!(error("\"secret\""), "the JSON is a string, not an object");
        assert_eq!(error("12"), "the JSON is a number, not an object");
        assert_eq!(error("null"), "the JSON is null, not an object");
        for text in ["", "{", "{\"a\":}", "{\"a\":NaN}", "{} x", "{\"a\":01}", "{'a':1}", "nope"] {
            assert!(matches!(Object::parse(text), Err(JsonError::Syntax(_))), "{text}");
        }
        assert!(error("{\"a\": secret}").starts_with("the text is not JSON: expected"));
        assert!(!error("{\"a\": secret}").contains("secret"));
    }

    #[test]
    fn hostile_depth_neither_overflows_nor_passes() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert!(Object::parse(&deep).is_ok());
        assert_eq!(check_depth(&deep, 128), Err(JsonError::TooDeep(128)));
        let cut = format!("{{\"a\":{}", "[{\"a\":".repeat(1_000_000));
        assert!(matches!(Object::parse(&cut), Err(JsonError::Syntax(_))));
        let edge = format!("{}{}", "[".repeat(128), "]".repeat(128));
        assert_eq!(check_depth(&edge, 128), Ok(()));
        assert_eq!(check_depth(&edge, 127), Err(JsonError::TooDeep(127)));
        assert_eq!(check_depth(r#"["[[[\"[[", "\\", "[["]"#, 1), Ok(()));
    }

    #[test]
    fn paths_descend_through_objects_only() {
        let object = Object::parse(r#"{"a":{"b":{"c":"x"}},"n":null,"l":[{"b":1}]}"#).unwrap();
        let get = |path: &[&str]| object.get_path(path).unwrap().map(Cow::into_owned);
        assert_eq!(get(&["a", "b", "c"]).as_deref(), Some("\"x\""));
        assert_eq!(get(&["a", "b"]).as_deref(), Some(r#"{"c":"x"}"#));
        for absent in
            [&["a", "x"][..], &["n", "b"], &["l", "b"], &["a", "b", "c", "d"], &["z"], &[]]
        {
            assert_eq!(get(absent), None, "{absent:?}");
        }
        assert_eq!(get(&["n"]).as_deref(), Some("null"));
    }

    #[test]
    fn setting_a_path_creates_the_way_and_never_replaces_a_value_on_it() {
        let mut object = Object::parse(r#"{"n":null,"s":"x","a":{"b":1}}"#).unwrap();
        object.set_path(&["a", "c", "d"], "2".into()).unwrap();
        object.set_path(&["n", "x"], "3".into()).unwrap();
        object.set_path(&["q\"t"], "4".into()).unwrap();
        assert_eq!(
            object.set_path(&["s", "x"], "5".into()).unwrap_err().to_string(),
            "the member \"s\" is a string, not an object"
        );
        assert_eq!(object.set_path::<&str>(&[], "5".into()), Err(JsonError::EmptyPath));
        assert_eq!(object.to_json(), r#"{"n":{"x":3},"s":"x","a":{"b":1,"c":{"d":2}},"q\"t":4}"#);
    }

    #[test]
    fn removing_gives_what_was_there() {
        let mut object = Object::parse(r#"{"a":{"b":1},"c":2}"#).unwrap();
        assert_eq!(object.remove_path(&["a", "b"]).unwrap().as_deref(), Some("1"));
        assert_eq!(object.remove_path(&["a", "b"]).unwrap(), None);
        assert_eq!(object.remove_path(&["c", "b"]).unwrap(), None);
        assert_eq!(object.remove("c").as_deref(), Some("2"));
        assert_eq!(object.to_json(), r#"{"a":{}}"#);
    }
}
