//! A step written in jq, compiled once and run on jaq.
//!
//! Owns what a jq step may see and call: the payload, `$event`, and the
//! functions that give the same answer every time. It deliberately has no
//! clock, environment, input, module, time zone of the machine or output.
//! What comes out is bounded here, in events and bytes; how long a filter may take to give it in
//! `fuel`, and what it may make and go through on the way in `bounded`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str;
use std::sync::Arc;

use jaq_core::load::{self, Arena, File, Loader, parse};
use jaq_core::{Compiler, Ctx, Vars, compile};
use jaq_json::{Num, Val, write};

use crate::event::RawEvent;
use crate::value::{Object, quote_json};

use super::Context;
use super::bounded::{self, Bounded};
use super::fuel::{self, Fuel, Meter};
use super::functions;
use super::limits::{FilterError, MAX_DEPTH, MAX_OUTPUT, value_of};
use super::rounded::Rounded;

/// How deep a filter's own text may nest, brackets and operators in a row together: jaq reads,
/// compiles and runs it recursively.
const MAX_NESTED: usize = 200;
/// The name by which the compiler knows the whole filter.
const MAIN: &str = "__filter";
/// A raised value of more bytes is not written out.
const MAX_SHOWN: usize = 1 << 20;
/// What is said of a value that is too large.
const NOT_SMALL: &str = "it is too large";
/// The longest message of a jq error that is passed on, in characters.
const MAX_MESSAGE: usize = 300;

/// What jq or jaq know and an upcaster must not.
pub(super) const NOT_AVAILABLE: [&str; 18] = [
    "now",
    "localtime",
    "strflocaltime",
    "env",
    "$ENV",
    "$__prog_args",
    "input",
    "inputs",
    "input_filename",
    "input_line_number",
    "debug",
    "debug_empty",
    "stderr",
    "stderr_empty",
    "halt",
    "halt_error",
    "get_search_list",
    "repl",
];

/// A compiled jq filter.
pub(super) struct Filter {
    program: jaq_core::Filter<Fuel>,
    context: Context,
    uses_event: bool,
    touched: Option<Vec<Vec<String>>>,
    gives_several: bool,
    rounded: Vec<Rounded>,
}

/// A mistake in a filter, and its byte offset in the filter's text.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) offset: usize,
    pub(super) message: String,
}

impl Filter {
    /// Compiles a filter.
    pub(super) fn compile(code: &str) -> Result<Self, Vec<Mistake>> {
        if let Some(offset) = too_deep(code) {
            let message = format!(
                "the filter is nested deeper than {MAX_NESTED} levels of brackets and operators in a row"
            );
            return Err(vec![Mistake { offset, message }]);
        }
        let arena = Arena::default();
        let modules = Loader::new([])
            .load(&arena, File { code, path: () })
            .map_err(|errors| load_mistakes(code, errors))?;
        load::import(&modules, |_| Err(String::new()))
            .map_err(|errors| load_mistakes(code, errors))?;
        // Loaded once more, as a definition of the prelude, where its rounds can be counted.
        let Some(whole) = load::parse(code, |parser| parser.term()) else {
            let message = "a filter is one term, without a head of a module".to_owned();
            return Err(vec![Mistake { offset: 0, message }]);
        };
        let touched = super::touched::touched(&whole);
        let gives_several = super::several::gives_several(&whole);
        let rounded = super::rounded::rounded(&whole);
        let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let mut prelude: Vec<parse::Def<&str>> = Vec::new();
        for def in defs.filter(|def| !NOT_AVAILABLE.contains(&def.name)) {
            prelude.push(fuel::counted(def));
        }
        prelude.push(parse::Def { name: MAIN, args: Vec::new(), body: fuel::term(whole) });
        let modules = Loader::new(prelude)
            .load(&arena, File { code: MAIN, path: () })
            .map_err(|errors| load_mistakes(code, errors))?;
        let program = Compiler::default()
            .with_funs(functions::all())
            .with_global_vars(["$event"])
            .compile(modules)
            .map_err(|errors| undefined(code, errors))?;
        let (uses_event, context) = mentions(code);
        Ok(Self { program, context, uses_event, touched, gives_several, rounded })
    }

    /// What of the envelope the filter may look at.
    pub(super) fn context(&self) -> Context {
        self.context
    }

    /// The paths it may write, if it gives one event for one and leaves all other fields as they are;
    /// `None` where that cannot be told.
    pub(super) fn touched(&self) -> Option<&[Vec<String>]> {
        self.touched.as_deref()
    }

    /// Whether it may give several events for one.
    pub(super) fn gives_several(&self) -> bool {
        self.gives_several
    }

    /// The fields that it computes with floats.
    pub(super) fn rounded(&self) -> &[Rounded] {
        &self.rounded
    }

    /// Runs the filter on a payload; `event` is the event as it was stored, and
    /// `room` the number of events that may still come of it.
    pub(super) fn run(
        &self,
        payload: &Object<'_>,
        event: &RawEvent<'_>,
        room: usize,
    ) -> Result<Vec<Object<'static>>, FilterError> {
        // jaq has arithmetic and slices that panic at the edges of their types, and a bound that is
        // passed ends a filter by unwinding. One odd payload must cost one event, not the process.
        let outputs = AssertUnwindSafe(|| {
            let json = payload.to_json();
            bounded::begin(json.len());
            let payload = Bounded::read(value_of(&json)?, MAX_DEPTH);
            let envelope = match self.uses_event {
                true => self.envelope(event)?,
                false => Bounded::flat(Val::Null),
            };
            self.outputs(payload, envelope, room)
        });
        catch_unwind(outputs).unwrap_or_else(|cause| {
            Err(cause.downcast().map_or(FilterError::Panic, |stopped| *stopped))
        })
    }

    fn outputs(
        &self,
        payload: Bounded,
        envelope: Bounded,
        room: usize,
    ) -> Result<Vec<Object<'static>>, FilterError> {
        let meter = Meter::new(&self.program.lut);
        let context = Ctx::<Fuel>::new(&meter, Vars::new([envelope]));
        let mut objects = Vec::new();
        let mut left = MAX_OUTPUT;
        for output in self.program.id.run((context, payload)) {
            let value = output.map_err(|exception| {
                let error = exception.get_err().map(|error| message(error.into_val().into_val()));
                FilterError::Jq(error.unwrap_or_else(|_| "the filter broke off".to_owned()))
            })?;
            if objects.len() == room {
                return Err(FilterError::TooMany);
            }
            objects.push(object_of(value.into_val(), &mut left)?);
        }
        Ok(objects)
    }

    fn envelope(&self, event: &RawEvent<'_>) -> Result<Bounded, FilterError> {
        let number = |number: i64| Bounded::flat(Val::Num(Num::from_integral(number)));
        let metadata = match event.metadata.filter(|_| self.context.metadata) {
            Some(json) => Bounded::read(value_of(json).map_err(FilterError::Metadata)?, MAX_DEPTH),
            None => Bounded::flat(Val::Null),
        };
        let recorded_at = event.recorded_at.map_or(Bounded::flat(Val::Null), Bounded::text);
        Ok(Bounded::object(vec![
            ("position", number(event.position.0)),
            ("stream_id", Bounded::text(event.stream_id)),
            ("stream_version", number(event.stream_version)),
            ("type", Bounded::text(event.event_type)),
            ("schema_version", number(event.schema_version.into())),
            ("recorded_at", recorded_at),
            ("metadata", metadata),
        ]))
    }
}

/// The object that a value is; takes its bytes from those that are `left`. Values share what they
/// hold, so a small one can be written without end: it is measured before it is written.
fn object_of(value: Val, left: &mut usize) -> Result<Object<'static>, FilterError> {
    if let Err(problem) = check_json(&value, MAX_DEPTH, left) {
        take_apart(value);
        return Err(match problem {
            NOT_SMALL => FilterError::TooLarge,
            other => FilterError::NotJson(other),
        });
    }
    let Val::Obj(map) = value else {
        return Err(FilterError::NotAnObject(kind(&value)));
    };
    let mut members = Vec::with_capacity(map.len());
    for (key, value) in map.iter() {
        let Val::TStr(key) = key else {
            return Err(FilterError::NotJson("a key is not a string"));
        };
        let mut text = Vec::new();
        let not_text = |_| FilterError::NotJson("a string is not UTF-8");
        write::write(&mut text, &write::Pp::default(), 0, value)
            .map_err(|_| FilterError::NotJson("a value cannot be written"))?;
        let key = str::from_utf8(key).map_err(not_text)?.to_owned();
        let text = String::from_utf8(text).map_err(|e| not_text(e.utf8_error()))?;
        members.push((key, text));
    }
    Ok(Object::of_distinct(members))
}

/// What a raised value says: a text without its quotes, cut to a bound.
fn message(value: Val) -> String {
    let text = match &value {
        Val::TStr(text) => String::from_utf8_lossy(text).into_owned(),
        // Writing a value recurses into it.
        _ if check_json(&value, MAX_DEPTH, &mut MAX_SHOWN.clone()).is_err() => {
            "a value that is not JSON, or a large one".to_owned()
        }
        _ => value.to_string(),
    };
    take_apart(value);
    text.chars().take(MAX_MESSAGE).collect()
}

/// jaq writes what JSON cannot hold in a notation of its own; this finds it. Each value takes some
/// of the bytes that are `left`.
fn check_json(value: &Val, depth: usize, left: &mut usize) -> Result<(), &'static str> {
    let bytes = match value {
        Val::TStr(text) | Val::BStr(text) => text.len() + 4,
        _ => 4,
    };
    *left = left.checked_sub(bytes).ok_or(NOT_SMALL)?;
    match value {
        Val::Num(Num::Float(number)) if !number.is_finite() => Err("a number is not finite"),
        Val::BStr(_) => Err("a string is of bytes"),
        Val::TStr(text) if str::from_utf8(text).is_err() => Err("a string is not UTF-8"),
        Val::Arr(_) | Val::Obj(_) if depth == 0 => Err("it is nested too deep"),
        Val::Arr(items) => items.iter().try_for_each(|item| check_json(item, depth - 1, left)),
        Val::Obj(map) => map.iter().try_for_each(|(key, value)| {
            if !matches!(key, Val::TStr(_)) {
                return Err("a key is not a string");
            }
            check_json(key, depth - 1, left)?;
            check_json(value, depth - 1, left)
        }),
        _ => Ok(()),
    }
}

/// Where a filter's text nests too deep, if it does. Strings count as what they hold: a filter may
/// stand in one, and one in a row of brackets is no filter that anybody wrote.
fn too_deep(code: &str) -> Option<usize> {
    // The operators since each bracket that is open was opened.
    let mut open = vec![0_usize];
    let mut deep = 0_usize;
    let mut word = 0;
    for (at, byte) in code.bytes().enumerate() {
        let in_word = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
        if !in_word && at > word {
            let nests =
                ["and", "or", "as", "def", "if", "elif", "try", "reduce", "foreach", "label"];
            if nests.iter().any(|nest| code.get(word..at) == Some(nest)) {
                deep += 1;
                *open.last_mut()? += 1;
            }
        }
        if !in_word {
            word = at + 1;
        }
        match byte {
            b'(' | b'[' | b'{' => {
                open.push(0);
                deep += 2;
            }
            b')' | b']' | b'}' if open.len() > 1 => {
                deep -= open.pop().unwrap_or(0) + 2;
                // What follows a bracket is one more of a row: `.[0][0]`.
                deep += 1;
                *open.last_mut()? += 1;
            }
            b'|' | b',' | b'+' | b'-' | b'*' | b'/' | b'%' | b'=' | b'<' | b'>' | b'?' => {
                deep += 1;
                *open.last_mut()? += 1;
            }
            _ => {}
        }
        if deep > MAX_NESTED {
            return Some(at);
        }
    }
    None
}

/// Drops a value level by level: a deep one would overflow the stack.
fn take_apart(value: Val) {
    let mut values = vec![value];
    while let Some(value) = values.pop() {
        match value {
            Val::Arr(items) => values.extend(Arc::try_unwrap(items).unwrap_or_default()),
            Val::Obj(map) => {
                let map = Arc::try_unwrap(map).unwrap_or_default();
                values.extend(map.into_iter().flat_map(|(key, value)| [key, value]));
            }
            _ => {}
        }
    }
}

fn kind(value: &Val) -> &'static str {
    match value {
        Val::Null => "null",
        Val::Bool(_) => "a boolean",
        Val::Num(_) => "a number",
        Val::BStr(_) | Val::TStr(_) => "a string",
        Val::Arr(_) => "an array",
        Val::Obj(_) => "an object",
    }
}

/// Whether a filter's text mentions `$event`, and what of it. A mention that
/// is not followed by a plain `.field` may be of any field.
fn mentions(code: &str) -> (bool, Context) {
    let mut context = Context::default();
    let mut any = false;
    let ident = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for (at, name) in code.match_indices("$event") {
        let rest = &code[at + name.len()..];
        if rest.starts_with(ident) {
            continue;
        }
        any = true;
        let field = rest.strip_prefix('.').filter(|field| field.starts_with(ident));
        let field = field.map(|field| &field[..field.find(|c| !ident(c)).unwrap_or(field.len())]);
        context.metadata |= field.is_none_or(|field| field == "metadata");
        context.recorded_at |= field.is_none_or(|field| field == "recorded_at");
    }
    (any, context)
}

fn mistake(code: &str, at: &str, message: String) -> Mistake {
    // The parts jaq blames are slices of the code; any other is blamed on its start.
    let offset = (at.as_ptr() as usize).checked_sub(code.as_ptr() as usize);
    let offset = offset.filter(|offset| *offset <= code.len()).unwrap_or(0);
    Mistake { offset, message }
}

fn load_mistakes(code: &str, errors: load::Errors<&str, ()>) -> Vec<Mistake> {
    let found = |at: &str| match at.split_whitespace().next() {
        Some(word) => format!("found {}", quote_json(word)),
        None => "found the end".to_owned(),
    };
    let syntax = |expected: &str, at: &str| {
        mistake(code, at, format!("jq syntax: expected {expected}, {}", found(at)))
    };
    let mut mistakes = Vec::new();
    for (_, error) in errors {
        match error {
            load::Error::Io(list) => mistakes.extend(list.into_iter().map(|(path, _)| {
                mistake(
                    code,
                    path,
                    format!("jq module {path:?} is not available: a filter stands alone"),
                )
            })),
            load::Error::Lex(list) => {
                mistakes
                    .extend(list.into_iter().map(|(expected, at)| syntax(expected.as_str(), at)));
            }
            load::Error::Parse(list) => {
                mistakes
                    .extend(list.into_iter().map(|(expected, at)| syntax(expected.as_str(), at)));
            }
        }
    }
    mistakes
}

/// What those look for who expect more than one event.
const PREVIOUS: [&str; 8] =
    ["$previous", "$prev", "$last", "$before", "$state", "$stream", "$events", "$history"];

fn undefined(code: &str, errors: compile::Errors<&str, ()>) -> Vec<Mistake> {
    let all = errors.into_iter().flat_map(|(_, list)| list);
    all.map(|(name, kind)| {
        let what = match kind {
            compile::Undefined::Filter(_) => "function",
            ref other => other.as_str(),
        };
        let message = match kind {
            _ if NOT_AVAILABLE.contains(&name) => format!(
                "jq {what} {name} is not available: an upcaster must give the same answer every time"
            ),
            _ if PREVIOUS.contains(&name) => format!(
                "jq {what} {name} is not there: a step sees one event and nothing before it. What came \
                 before is in the projection's tables, so it is a handler that can use it"
            ),
            compile::Undefined::Filter(arity) if arity > 0 => {
                format!("jq function {name} with {arity} arguments is not defined")
            }
            _ => format!("jq {what} {name} is not defined"),
        };
        mistake(code, name, message)
    })
    .collect()
}
