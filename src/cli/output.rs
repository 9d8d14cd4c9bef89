//! Stdout: the only place that writes to it.
//!
//! Data goes to stdout, everything else to stderr (`stderr`). A reader that closes the pipe early
//! is no error. Where stdout takes no more for another reason, such as a full disk, the run ends with an error
//! ([`lost`]): half of an answer is not taken for the whole.

use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::{Mutex, OnceLock};

use serde_json::Value;

pub(crate) use super::stderr::{is_json as logs_json, json_note, note, tell};
use crate::failure::SensitiveDetail;
pub(crate) use crate::figures::{counted, duration, grouped, number, rate};
use crate::report::{self, Printed};
use crate::visible;

/// Prints data for people, of one line or several.
pub(crate) fn line(text: impl AsRef<str>) {
    put(&mut io::stdout().lock(), &visible::lines(text.as_ref()));
}

/// Prints data for people that takes the place of what was printed before: on a terminal the screen is cleared, elsewhere
/// an empty line stands between two blocks.
pub(crate) fn block(text: &str) {
    let (mut out, text) = (io::stdout().lock(), visible::lines(text));
    match out.is_terminal() {
        true => put(&mut out, &format!("\x1b[H\x1b[2J{text}")),
        false => put(&mut out, &format!("{text}\n")),
    }
}

/// Prints text of our own for a program, as it is.
pub(crate) fn script(text: &str) {
    kept(io::stdout().lock().write_all(text.as_bytes()));
}

/// Why a part of what was printed is lost.
static LOST: OnceLock<String> = OnceLock::new();

/// Takes note of what was not printed.
pub(crate) fn kept(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}

/// Why a part of what was printed is lost, if it is.
pub(crate) fn lost() -> Option<&'static str> {
    // What stands in the buffer may be refused, too.
    kept(io::stdout().lock().flush());
    LOST.get().map(String::as_str)
}

/// What every JSON object of this run says besides: the servers that it is about.
static IN_EVERY_OBJECT: Mutex<Vec<(&'static str, Value)>> = Mutex::new(Vec::new());

/// Puts a key into every JSON object that is printed from here on.
pub(crate) fn in_every_object(key: &'static str, value: Value) {
    if let Ok(mut all) = IN_EVERY_OBJECT.lock() {
        all.push((key, value));
    }
}

/// Prints a report as one JSON value in one line.
pub(crate) fn report(report: &impl Printed) {
    let mut value = report::value(report);
    if let (Value::Object(members), Ok(all)) = (&mut value, IN_EVERY_OBJECT.lock()) {
        members.extend(all.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    }
    put(&mut io::stdout().lock(), &visible::json(&value.to_string()));
}

/// Prints a command for a CI runner: `::word properties::text`, whose parts are escaped so that they
/// end neither it nor its line.
pub(crate) fn command(word: &str, properties: &[(&str, &str)], text: &str) {
    let data = |text: &str| {
        let text = text.replace("\r\n", "\n");
        visible::lines(&text).replace('%', "%25").replace('\n', "%0A")
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let properties: Vec<_> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let line = format!("::{word} {}::{}", properties.join(","), data(text));
    put(&mut io::stdout().lock(), &line);
}

fn put(output: &mut impl Write, text: &str) {
    kept(writeln!(output, "{text}"));
}

/// What was said of an event and its payload, in lines below a sentence.
pub(crate) fn lines_of(sensitive: &SensitiveDetail) -> [String; 2] {
    [("said", &sensitive.said), ("payload", &sensitive.payload)]
        .map(|(what, text)| format!("  {what}: {}", visible::one_line(text)))
}

/// A table with a header, columns as wide as they need to be. Numbers stand right.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let cell = |text: &String| visible::one_line(text).into_owned();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count());
        cells.chain([header[column].chars().count()]).max().unwrap_or(0)
    };
    let numeric = |column: usize| {
        !rows.is_empty()
            && rows.iter().filter_map(|r| r.get(column)).all(|c| {
                c.is_empty()
                    || c.starts_with(|f: char| f.is_ascii_digit())
                        && c.chars().all(|x| x.is_ascii_digit() || ",.+".contains(x))
            })
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let right: Vec<bool> = (0..header.len()).map(numeric).collect();
    let mut text = String::new();
    let mut push = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for (column, cell) in cells.enumerate() {
            let pad = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
            let (before, after) =
                if right[column] { (pad.as_str(), "") } else { ("", pad.as_str()) };
            line.push_str(&format!("{before}{cell}{after}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    push(&mut header.iter().copied());
    for row in &rows {
        push(&mut row.iter().map(String::as_str));
    }
    text.trim_end().to_owned()
}

/// A word as a shell takes it for one.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@=:,".contains(c);
    match text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right() {
        let rows = vec![vec!["a".into(), "1,000".into()], vec!["bcd".into(), "7".into()]];
        assert_eq!(table(&["name", "n"], &rows), "name      n\na     1,000\nbcd       7");
    }
}
