//! Stderr: lines for people, or JSON objects for what collects logs.
//!
//! With `--log-format json` everything that a command says beside its data is one object a line: `time`, `level`,
//! `message`, and what else is known. Nothing of ours writes to stderr but this file.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::{EnvFilter, Registry};

use crate::error::Error;
use crate::report::log_line::Plain;
use crate::report::{self, Logged};
use crate::visible;

/// How lines on stderr are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON object a line: time, level, message, and what else is known.
    Json,
}

/// The variable that says how, if no flag does.
const VARIABLE: &str = "REGROW_LOG_FORMAT";

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// What `REGROW_LOG` asks for.
    Trace(tracing::Level),
    /// What happens.
    Info,
    /// What needs attention.
    Warning,
    /// What ended a command, or a build.
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Trace(tracing::Level::TRACE) => "trace",
            Level::Trace(tracing::Level::DEBUG) => "debug",
            Level::Trace(tracing::Level::INFO) | Level::Info => "info",
            Level::Trace(tracing::Level::WARN) | Level::Warning => "warning",
            Level::Trace(tracing::Level::ERROR) | Level::Error => "error",
        }
    }

    /// What a line of ours begins with, and the rest of it.
    fn of(text: &str) -> (Level, &str) {
        let begins =
            [("warning: ", Level::Warning), ("error: ", Level::Error), ("note: ", Level::Info)];
        let found =
            begins.iter().find_map(|(word, level)| Some((*level, text.strip_prefix(word)?)));
        found.unwrap_or((Level::Info, text))
    }
}

/// Whether lines are objects, for the whole process.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// Whether lines on stderr are JSON objects.
pub(crate) fn is_json() -> bool {
    IS_JSON.load(Ordering::Relaxed)
}

/// Chooses the format before anything is said: what is typed may be wrong already.
///
/// # Errors
/// The variable says something else than `text` or `json`.
pub(crate) fn choose_format() -> Result<(), Error> {
    let typed: Vec<String> =
        std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    match flag(&typed) {
        Some("json") => IS_JSON.store(true, Ordering::Relaxed),
        Some("text") => {}
        // A wrong flag is told when all that was typed is read, in the form that the variable asks for.
        _ => match std::env::var_os(VARIABLE).as_deref().map(|word| word.to_string_lossy()) {
            None => {}
            Some(word) if word == "text" => {}
            Some(word) if word == "json" => IS_JSON.store(true, Ordering::Relaxed),
            Some(word) => {
                let word = visible::one_line(&word);
                return Err(Error::usage(format!("{VARIABLE}: {word:?} is neither text nor json")));
            }
        },
    }
    Ok(())
}

/// The value of `--log-format` among what was typed, where it is an option.
fn flag(typed: &[String]) -> Option<&str> {
    let options = typed.iter().position(|arg| arg == "--").map_or(typed, |end| &typed[..end]);
    options.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--log-format")? {
        "" => options.get(at + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    })
}

/// Says something to people, beside the data. `warning: `, `error: ` or `note: ` before it is its level.
pub(crate) fn note(text: impl AsRef<str>) {
    tell(text.as_ref(), &Plain {});
}

/// The same with what is known besides, which only an object shows.
pub(crate) fn tell(text: &str, fields: &impl Logged) {
    if is_json() {
        let (level, message) = Level::of(text);
        object(level, message, report::value(fields));
    } else {
        put(&visible::lines(text));
    }
}

/// Says something whose level does not stand before it.
pub(crate) fn tell_at(level: Level, text: &str, fields: &impl Logged) {
    match is_json() {
        true => object(level, text, report::value(fields)),
        false => put(&visible::lines(text)),
    }
}

/// Prints one JSON value as one line, beside the data: what `--json` says there.
pub(crate) fn json_note(level: Level, message: &str, fields: &impl Logged) {
    let fields = report::value(fields);
    match is_json() {
        true => object(level, message, fields),
        false => put(&visible::json(&fields.to_string())),
    }
}

fn object(level: Level, message: &str, fields: Value) {
    let mut all = Map::new();
    all.insert("time".into(), now().into());
    all.insert("level".into(), level.name().into());
    all.insert("message".into(), message.into());
    if let Value::Object(fields) = fields {
        for (key, value) in fields {
            // What is known besides takes the place of none of the three.
            all.entry(key).or_insert(value);
        }
    }
    put(&visible::json(&Value::Object(all).to_string()));
}

/// One write a line: lines of several processes that share a pipe are not torn.
fn put(text: &str) {
    let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
}

/// RFC 3339 in UTC, to the microsecond, always of one width.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let (date, time) = (now.date(), now.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.microsecond()
    )
}

/// `REGROW_LOG=debug` and friends show what the rooms below trace, and nothing of what others do: the
/// driver writes down every parameter, which may be a payload, and every notice of the server.
pub(crate) fn start_tracing() {
    let Ok(filter) = EnvFilter::try_from_env("REGROW_LOG") else { return };
    let ours = filter_fn(|metadata| metadata.target().split("::").next() == Some("regrow"));
    let subscriber = Registry::default().with(Traces).with(filter).with(ours);
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes what is traced.
struct Traces;

impl<S: tracing::Subscriber> Layer<S> for Traces {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let mut told = EventFields::default();
        event.record(&mut told);
        let level = Level::Trace(*metadata.level());
        if is_json() {
            told.fields.insert("target".into(), metadata.target().into());
            object(level, &told.message, Value::Object(told.fields));
            return;
        }
        let mut line =
            format!("{} {:>5} {}: {}", now(), metadata.level(), metadata.target(), told.message);
        for (name, value) in &told.fields {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _ = write!(line, " {name}={text}");
        }
        put(&visible::one_line(line.trim_end()));
    }
}

/// What an event says.
#[derive(Default)]
struct EventFields {
    message: String,
    fields: Map<String, Value>,
}

impl EventFields {
    fn add(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            (name, value) => drop(self.fields.insert(name.to_owned(), value)),
        }
    }
}

impl Visit for EventFields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_what_a_line_begins_with() {
        assert_eq!(Level::of("warning: a: b"), (Level::Warning, "a: b"));
        assert_eq!(Level::of("error: x"), (Level::Error, "x"));
        assert_eq!(Level::of("errors: x"), (Level::Info, "errors: x"));
    }

    #[test]
    fn the_flag_is_found_before_everything_is_read() {
        let typed = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(flag(&typed("regrow --log-format json run")), Some("json"));
        assert_eq!(flag(&typed("regrow run --log-format=text")), Some("text"));
        assert_eq!(flag(&typed("regrow run -- --log-format json")), None);
        assert_eq!(flag(&typed("regrow run --log-formats json")), None);
    }

    #[test]
    fn times_are_of_one_width() {
        let now = now();
        assert_eq!((now.len(), &now[10..11], &now[26..]), (27, "T", "Z"), "{now}");
    }
}
