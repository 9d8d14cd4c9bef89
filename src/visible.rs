//! Text from elsewhere, made safe to print: what drives a terminal, hides or turns text around, or
//! commands a CI runner is shown as what it is.
//!
//! A log, a server or a file may hold any character. Owns which of them are not printed as they are,
//! and the one way to write them instead. It does not print.

use std::borrow::Cow;

/// What a CI runner takes for a command wherever it stands in a line (GitHub's older form, Azure,
/// TeamCity).
const COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Whether a character acts instead of being seen: controls (of C0 and C1), what the terminal or an
/// editor reads to turn text around (bidi), what has no width, and the tags that no font shows. These
/// are the categories Cc, Cf, Zl and Zp of Unicode, and the fillers, which are letters by name only.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A text as one line: characters that act are escaped as in Rust, line ends among them.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| if acts(c) { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}

/// A text of several lines, to be printed at the beginning of one: nothing in it acts but its line
/// ends and tabs, and none of its lines is a command of a CI runner.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    // The first half of a line end is no more than its second.
    let is_plain = |line: &str| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        !line.chars().any(|c| c != '\t' && acts(c))
            && !line.trim_start().starts_with("::")
            && !COMMANDS.iter().any(|command| line.contains(command))
    };
    if !text.ends_with('\r') && text.split('\n').all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut all = String::with_capacity(text.len() + 16);
    let last = text.matches('\n').count();
    for (nth, line) in text.split('\n').enumerate() {
        if nth > 0 {
            all.push('\n');
        }
        let (line, end) = match line.strip_suffix('\r') {
            Some(line) if nth < last => (line, "\r"),
            _ => (line, ""),
        };
        let parts: Vec<_> = line.split('\t').map(one_line).collect();
        let mut line = parts.join("\t");
        let indent = line.len() - line.trim_start().len();
        if line[indent..].starts_with("::") {
            line.replace_range(indent..=indent, "\\u{3a}");
        }
        for command in COMMANDS {
            line = line.replace(command, &format!("#\\u{{23}}{}", &command[2..]));
        }
        all.push_str(&line);
        all.push_str(end);
    }
    Cow::Owned(all)
}

/// JSON text, whose characters that act can only stand in strings, where JSON has an escape for them.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !acts(c);
    if text.chars().all(is_plain) && !COMMANDS.iter().any(|command| text.contains(command)) {
        return Cow::Borrowed(text);
    }
    let mut all = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_plain(c) {
            all.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            all.push_str(&format!("\\u{unit:04x}"));
        }
    }
    for command in COMMANDS {
        all = all.replace(command, &format!("#\\u0023{}", &command[2..]));
    }
    Cow::Owned(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown() {
        for (text, shown) in [
            ("plain é ไทย 日本 😀", "plain é ไทย 日本 😀"),
            ("a\u{1b}[2J\u{7}b", "a\\u{1b}[2J\\u{7}b"),
            ("a\r\nb\tc", "a\\r\\nb\\tc"),
            ("a\u{9b}31m\u{85}", "a\\u{9b}31m\\u{85}"),
            ("a\u{202e}b\u{2066}c\u{200b}\u{feff}", "a\\u{202e}b\\u{2066}c\\u{200b}\\u{feff}"),
            ("\u{e0041}\u{2028}", "\\u{e0041}\\u{2028}"),
        ] {
            assert_eq!(one_line(text), shown);
        }
    }

    #[test]
    fn no_line_commands_a_runner() {
        for (text, shown) in [
            ("a::b", "a::b"),
            ("::error::x", "\\u{3a}:error::x"),
            ("ok\n  ::add-mask::x\nok", "ok\n  \\u{3a}:add-mask::x\nok"),
            ("x\r::error::y", "x\\r::error::y"),
            ("a ##[error]x", "a #\\u{23}[error]x"),
            ("##vso[task.x]", "#\\u{23}vso[task.x]"),
            ("##teamcity[x]", "#\\u{23}teamcity[x]"),
            ("\tindented\n\u{1b}::error::", "\tindented\n\\u{1b}::error::"),
        ] {
            assert_eq!(lines(text), shown);
        }
    }

    #[test]
    fn json_stays_what_it_means() {
        let all: String = ('\0'..=char::MAX).step_by(7).chain('\0'..'\u{3000}').collect();
        let value = serde_json::json!({ "a": all, "b": "##[x] ##vso[y]" });
        let text = value.to_string();
        let safe = json(&text);
        assert!(!safe.chars().any(acts) && !safe.contains("##["), "something acts");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
        assert_eq!(json("{\"a\":1}"), "{\"a\":1}");
    }
}
