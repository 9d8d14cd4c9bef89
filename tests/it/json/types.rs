//! The shapes of reports, read from the sources of `src/report`: what a value must look like, and what is said of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// What a member may be.
#[derive(Clone)]
pub(crate) enum Shape {
    /// A string, integer, number or boolean; or one of these words.
    Leaf(&'static str),
    /// Any value.
    Any,
    /// The columns of a row, each a string or null.
    Columns,
    /// A list.
    List(Box<Shape>),
    /// What stands in a list and may be null.
    OrNull(Box<Shape>),
    /// An object, by the name of its type.
    Object(String),
}

/// A member of an object.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) meaning: String,
    pub(crate) shape: Shape,
    pub(crate) may_be_null: bool,
    pub(crate) may_be_absent: bool,
    is_spliced: bool,
}

/// A type of `src/report`.
#[derive(Default, Clone)]
pub(crate) struct Type {
    pub(crate) meaning: String,
    pub(crate) members: Vec<Member>,
    /// What it is a list of, if it is one.
    pub(crate) list_of: Option<Shape>,
    /// The words that it may be, with their meanings, if it is one of some.
    pub(crate) words: Option<String>,
}

/// Every type, and which of them are printed by what.
pub(crate) struct Types {
    types: BTreeMap<String, Type>,
    /// What prints it, and its type.
    pub(crate) printed: BTreeMap<String, String>,
    /// The types of lines of a log of objects.
    pub(crate) logged: Vec<String>,
}

impl Types {
    /// Reads the sources.
    pub(crate) fn read() -> Types {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut all =
            Types { types: BTreeMap::new(), printed: BTreeMap::new(), logged: Vec::new() };
        let folder = std::fs::read_dir(src.join("report")).unwrap();
        let mut files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        files.push(src.join("failure.rs"));
        files.sort();
        for file in files {
            all.take_in(&std::fs::read_to_string(file).unwrap());
        }
        let members = all.types.values().flat_map(|of| &of.members);
        for mut shape in members.map(|member| &member.shape) {
            while let Shape::List(element) = shape {
                shape = element;
            }
            if let Shape::Object(name) = shape {
                assert!(all.types.contains_key(name), "{name} is no type of src/report");
            }
        }
        all
    }

    fn take_in(&mut self, text: &str) {
        let (mut docs, mut attributes) = (Vec::new(), String::new());
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let line = line.trim();
            if let Some(doc) = line.strip_prefix("/// ") {
                docs.push(doc);
                continue;
            }
            if line.starts_with("#[") {
                attributes.push_str(line);
                continue;
            }
            let is_printed = attributes.contains("Serialize");
            let (name, rest) = name_of(line);
            let meaning = docs.join(" ");
            if line.starts_with("pub struct ") && is_printed {
                let mut of = Type { meaning, ..Type::default() };
                if let Some(inner) = rest.strip_prefix("(pub ") {
                    of.list_of = Some(shape_of(inner.trim_end_matches(");")).0);
                } else if !rest.ends_with("{}") {
                    of.members = members(&mut lines, "}");
                }
                self.add(name, of);
            } else if line.starts_with("pub enum ") && is_printed {
                let words = words(&mut lines, &attributes);
                self.add(name, Type { meaning, ..words });
            } else if let Some(name) = line.strip_prefix("impl Printed for ") {
                let command = lines.by_ref().take(2).collect::<String>();
                let command = command.split('"').nth(1).unwrap().to_owned();
                self.printed.insert(command, name.trim_end_matches(" {").to_owned());
            } else if let Some(name) = line.strip_prefix("impl Logged for ") {
                self.logged.push(name.split(['<', ' ']).next().unwrap().to_owned());
            }
            docs.clear();
            attributes.clear();
        }
    }

    fn add(&mut self, name: &str, of: Type) {
        assert!(self.types.insert(name.to_owned(), of).is_none(), "two shapes are named {name}");
    }

    /// A type with the members of those that are spliced into it.
    pub(crate) fn of(&self, name: &str) -> Option<Type> {
        let mut of = self.types.get(name)?.clone();
        let all = std::mem::take(&mut of.members);
        for member in all {
            match &member.shape {
                Shape::Object(inner) if member.is_spliced => {
                    for inner in self.of(inner).unwrap().members {
                        let may_be_absent = inner.may_be_absent || member.may_be_absent;
                        match of.members.iter_mut().find(|known| known.name == inner.name) {
                            Some(known) => known.may_be_null |= inner.may_be_null,
                            None => of.members.push(Member { may_be_absent, ..inner }),
                        }
                    }
                }
                _ => of.members.push(member),
            }
        }
        Some(of)
    }

    /// Why a value does not have a shape.
    pub(crate) fn misfit(&self, value: &Value, shape: &Shape) -> Option<String> {
        let is = match (value, shape) {
            (_, Shape::Any) => true,
            (Value::String(_), Shape::Leaf(word)) => *word == "string",
            (Value::Bool(_), Shape::Leaf(word)) => *word == "boolean",
            (Value::Number(n), Shape::Leaf(word)) => {
                *word == if n.is_f64() { "number" } else { "integer" }
            }
            (Value::Object(all), Shape::Columns) => {
                all.values().all(|v| v.is_string() || v.is_null())
            }
            (Value::Array(all), Shape::List(of)) => {
                return all.iter().find_map(|one| self.misfit(one, of));
            }
            (Value::Null, Shape::OrNull(_)) => true,
            (_, Shape::OrNull(of)) => return self.misfit(value, of),
            (_, Shape::Object(name)) => match (self.of(name), value) {
                // One that a macro makes, or one that has words only.
                (None, _) => value.is_string(),
                (Some(of), Value::String(_)) => of.members.is_empty() && of.list_of.is_none(),
                (Some(of), Value::Object(_)) => return self.misfit_of(value, &of),
                (Some(of), _) => {
                    return of.list_of.map_or(Some(format!("{value} is no {name}")), |shape| {
                        self.misfit(value, &shape)
                    });
                }
            },
            _ => false,
        };
        (!is).then(|| value.to_string())
    }

    fn misfit_of(&self, value: &Value, of: &Type) -> Option<String> {
        let mut members = of.members.iter();
        for (key, value) in value.as_object().unwrap() {
            if ["server", "read_models_server"].contains(&key.as_str()) {
                continue;
            }
            let Some(member) = members.by_ref().find(|m| m.name == *key || !m.may_be_absent) else {
                return Some(format!("{key} is no member, or not at its place"));
            };
            if member.name != *key {
                return Some(format!("{} is missing before {key}", member.name));
            }
            let is_null = value.is_null() && member.may_be_null;
            let inner = if is_null { None } else { self.misfit(value, &member.shape) };
            if let Some(why) = inner {
                return Some(format!("{key}: {why}"));
            }
        }
        let missing = members.find(|member| !member.may_be_absent);
        missing.map(|member| format!("{} is missing", member.name))
    }
}

/// The name that a line declares, and what stands behind it.
fn name_of(line: &str) -> (&str, &str) {
    let declared = line.trim_start_matches("pub struct ").trim_start_matches("pub enum ");
    let end = declared.find(|c: char| !c.is_alphanumeric()).unwrap_or(declared.len());
    let (name, rest) = declared.split_at(end);
    (name, rest.trim_start_matches("<'l>"))
}

/// The members that stand in lines up to one that closes.
fn members<'t>(lines: &mut impl Iterator<Item = &'t str>, closes: &str) -> Vec<Member> {
    let (mut all, mut docs, mut attributes) = (Vec::new(), Vec::new(), String::new());
    for line in lines {
        let line = line.trim();
        if line == closes {
            break;
        }
        if let Some(doc) = line.strip_prefix("/// ") {
            docs.push(doc);
        } else if line.starts_with("#[") {
            attributes.push_str(line);
        } else if let Some((name, of)) = line.trim_end_matches(',').split_once(": ") {
            let (shape, may_be_null) = shape_of(of);
            let may_be_absent = attributes.contains("skip_serializing_if");
            // One that is absent if it is none is null only if it may be none twice.
            let is_twice = of.starts_with("Option<Option<");
            let name = name.trim_start_matches("pub ").to_owned();
            let renamed = attributes.split_once("rename = \"").map(|(_, rest)| rest);
            let renamed = renamed.and_then(|rest| rest.split('"').next()).map(str::to_owned);
            if !attributes.contains("serde(skip)") {
                all.push(Member {
                    name: renamed.unwrap_or(name),
                    meaning: docs.join(" "),
                    shape,
                    may_be_null: may_be_null && (!may_be_absent || is_twice),
                    may_be_absent,
                    is_spliced: attributes.contains("flatten"),
                });
            }
            docs.clear();
            attributes.clear();
        }
    }
    all
}

/// An enum: of one whose variants have members all of these, with the member that tells which it is.
fn words<'t>(lines: &mut impl Iterator<Item = &'t str>, attributes: &str) -> Type {
    let tag = attributes.split_once("tag = \"").map(|(_, rest)| rest.split('"').next().unwrap());
    let (mut names, mut variants, mut docs) = (Vec::new(), Vec::<Member>::new(), Vec::new());
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line == "}" {
            break;
        }
        if let Some(doc) = line.strip_prefix("/// ") {
            docs.push(doc);
            continue;
        }
        let (name, rest) = name_of(line);
        if !name.starts_with(|c: char| c.is_uppercase()) {
            continue;
        }
        let word: String = name
            .char_indices()
            .map(|(at, c)| {
                format!("{}{}", if at > 0 && c.is_uppercase() { "_" } else { "" }, c.to_lowercase())
            })
            .collect();
        let meaning = docs.join(" ");
        let (first, rest_of) = meaning.split_at(1);
        let meaning = format!("{}{}", first.to_lowercase(), rest_of.trim_end_matches('.'));
        names.push(format!("`{word}` ({meaning})"));
        docs.clear();
        let own = match rest.trim() {
            "{" => members(lines, "},"),
            inner if inner.starts_with('(') => vec![Member {
                name: String::new(),
                meaning: String::new(),
                shape: shape_of(inner.trim_matches(['(', ')', ','])).0,
                may_be_null: false,
                may_be_absent: false,
                is_spliced: true,
            }],
            _ => Vec::new(),
        };
        for member in own {
            let is_there = |known: &&mut Member| match (&known.shape, &member.shape) {
                (Shape::Object(a), Shape::Object(b)) if member.is_spliced => a == b,
                _ => known.name == member.name,
            };
            match variants.iter_mut().find(is_there) {
                Some(_) => {}
                None => variants.push(Member { may_be_absent: true, ..member }),
            }
        }
    }
    let meaning = format!("One of {}.", names.join(", "));
    let Some(tag) = tag else {
        let words = Some(meaning).filter(|_| !names.is_empty());
        return Type { words, ..Type::default() };
    };
    let tag = Member {
        name: tag.to_owned(),
        meaning,
        shape: Shape::Leaf("string"),
        may_be_null: false,
        may_be_absent: false,
        is_spliced: false,
    };
    Type { members: std::iter::once(tag).chain(variants).collect(), ..Type::default() }
}

/// The shape of a type of Rust, and whether it may be null.
fn shape_of(of: &str) -> (Shape, bool) {
    let of = of.trim_start_matches("&'l ").trim_start_matches("&'static ").trim_end_matches("<'l>");
    let inner = |prefix: &str| of.strip_prefix(prefix)?.strip_suffix('>');
    if let Some(inner) = inner("Option<") {
        return (shape_of(inner).0, true);
    }
    let element = inner("Vec<").or_else(|| of.strip_prefix('[')?.strip_suffix(']'));
    if let Some(element) = element {
        let element = match shape_of(element) {
            (shape, true) => Shape::OrNull(Box::new(shape)),
            (shape, false) => shape,
        };
        return (Shape::List(Box::new(element)), false);
    }
    let shape = match of {
        "String" | "str" | "PathBuf" => Shape::Leaf("string"),
        "bool" => Shape::Leaf("boolean"),
        "f64" => Shape::Leaf("number"),
        "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => Shape::Leaf("integer"),
        "Value" => Shape::Any,
        "Columns" => Shape::Columns,
        other => Shape::Object(other.rsplit("::").next().unwrap().to_owned()),
    };
    (shape, false)
}
