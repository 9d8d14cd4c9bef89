//! Words in values that ask the clock: `now`, `today`, `tomorrow`, `yesterday`.
//!
//! PostgreSQL's input functions of dates and times read them as the moment of reading, so the same
//! event would give other rows at the next rebuild. Owns the words and where in a value they count;
//! `epoch` and `infinity` always mean the same, and stand in no list here.

/// The words, as `src/backend/utils/adt/datetime.c` has them. Letters may be of either case.
const WORDS: [&str; 4] = ["now", "today", "tomorrow", "yesterday"];

/// Where in the values of a type dates and times are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moments {
    /// Nowhere.
    None,
    /// Everywhere: a date or a time, or a range or an array of them.
    All,
    /// In elements of an array.
    Elements {
        /// What stands between two elements.
        delimiter: char,
        /// Where in each element.
        of: Box<Moments>,
    },
    /// In columns of a row.
    Columns(Vec<Moments>),
}

impl Moments {
    /// Of an array, by where they are in its elements.
    #[must_use]
    pub fn of_array(delimiter: char, of: Moments) -> Moments {
        match of {
            Moments::None | Moments::All => of,
            of => Moments::Elements { delimiter, of: Box::new(of) },
        }
    }

    /// Of a row, by where they are in its columns.
    #[must_use]
    pub fn of_row(columns: Vec<Moments>) -> Moments {
        let none = columns.iter().all(|of| *of == Moments::None);
        if none { Moments::None } else { Moments::Columns(columns) }
    }

    /// Whether a value, written as its type reads it, asks the clock. A text that is no value of
    /// the type is looked at as a whole: PostgreSQL might read it all the same.
    #[must_use]
    pub fn ask_the_clock(&self, text: &str) -> bool {
        match self {
            Moments::None => false,
            Moments::All => may_ask(text),
            // Most values hold no such word anywhere, and need not be taken apart.
            _ if !may_ask(text) => false,
            Moments::Elements { delimiter, of } => match elements(text, *delimiter) {
                Some(list) => list.iter().any(|one| of.ask_the_clock(one)),
                None => true,
            },
            Moments::Columns(columns) => match fields(text) {
                Some(list) if list.len() == columns.len() => {
                    list.iter().zip(columns).any(|(one, of)| of.ask_the_clock(one))
                }
                _ => true,
            },
        }
    }
}

/// Whether one of the words stands in a text, between other things than letters.
#[must_use]
pub fn has_word(text: &str) -> bool {
    words(text).next().is_some()
}

/// Whether one of the words stands in a text, or would once it is taken apart: inside an array, a
/// range and a row quotes and backslashes are not part of the value.
fn may_ask(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '"' | '\\');
    has_word(text) || (text.contains(is_mark) && has_word(&text.replace(is_mark, "")))
}

/// A value of which another may be read than is written, without the words that ask the clock; none if
/// there are none.
#[must_use]
pub fn without_words(text: &str) -> Option<String> {
    if !may_ask(text) {
        return None;
    }
    let is_mark = |c: char| matches!(c, '"' | '\\');
    let bare = if has_word(text) { text.to_owned() } else { text.replace(is_mark, "") };
    let mut other = bare.clone();
    for (offset, word) in words(&bare) {
        other.replace_range(offset..offset + word.len(), &"x".repeat(word.len()));
    }
    Some(other)
}

/// The first word in a text that asks the clock, as it is written, or in what it says without quotes.
#[must_use]
pub fn first_word(text: &str) -> Option<String> {
    let is_mark = |c: char| matches!(c, '"' | '\\');
    let bare = text.replace(is_mark, "");
    [text, &bare].iter().find_map(|text| Some(words(text).next()?.1.to_ascii_lowercase()))
}

/// The words in a text that ask the clock, by their place in bytes.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let runs = text.split(|c: char| !c.is_ascii_alphabetic());
    let asks = |run: &str| WORDS.iter().any(|word| run.eq_ignore_ascii_case(word));
    runs.filter(move |run| asks(run))
        .map(|run| (run.as_ptr() as usize - text.as_ptr() as usize, run))
}

/// The columns of a row's text, `(a,"b ""c""",)`; PostgreSQL manual, "Composite Type Input and
/// Output Syntax".
fn fields(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    let (mut list, mut one, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = inner.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' => one.push(characters.next()?),
            '"' if quoted && characters.peek() == Some(&'"') => one.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => list.push(std::mem::take(&mut one)),
            '(' | ')' if !quoted => return None,
            c => one.push(c),
        }
    }
    list.push(one);
    (!quoted).then_some(list)
}

/// The elements of an array's text, those of all its dimensions in a row.
fn elements(text: &str, delimiter: char) -> Option<Vec<String>> {
    let text = text.trim();
    // `[2:3]={...}` says where the numbers of its elements begin.
    let text = if text.starts_with('[') { text.split_once('=')?.1.trim() } else { text };
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let (mut list, mut one, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => one.push(characters.next()?),
            '"' => quoted = !quoted,
            c if !quoted && (c == delimiter || matches!(c, '{' | '}')) => {
                list.push(std::mem::take(&mut one));
            }
            c => one.push(c),
        }
    }
    list.push(one);
    (!quoted).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_by_themselves() {
        for text in [
            "now",
            "NOW",
            " Today 12:00",
            "[now,)",
            "{2020-01-01,yesterday}",
            "tomorrow+1",
            "1now1",
        ] {
            assert!(has_word(text), "{text}");
        }
        for text in ["", "epoch", "infinity", "2020-01-01T10:00:00Z", "snow", "nowadays", "To day"]
        {
            assert!(!has_word(text), "{text}");
        }
        assert_eq!(words("a now, Today").collect::<Vec<_>>(), [(2, "now"), (7, "Today")]);
    }

    #[test]
    fn only_dates_and_times_are_asked() {
        let row = Moments::of_row(vec![Moments::None, Moments::All]);
        for text in ["(x,now)", "(\"a, \"\"b\"\"\",\" NOW \")", "(a,today", "(now,a,b)", "now"] {
            assert!(row.ask_the_clock(text), "{text}");
        }
        for text in ["(now,2020-01-01)", "(\"see you, today\",)", "(\"a \\\" now\",)"] {
            assert!(!row.ask_the_clock(text), "{text}");
        }
        let list = Moments::of_array(',', row);
        for text in
            ["{\"(x,now)\"}", "[2:2]={\"(x,now)\"}", "{\"(now,)\",\"(,\\\"now\\\")\"}", "{(x"]
        {
            assert_eq!(list.ask_the_clock(text), text != "{(x", "{text}");
        }
        assert!(!list.ask_the_clock("{\"(now,2020-01-01)\"}"));
        for text in ["{\"n\\ow\"}", "[n\"o\"w,)", "{\"(\\\\\"no\\\\\\\\w\\\\\")\"}"] {
            assert!(Moments::All.ask_the_clock(text), "{text}");
        }
        assert_eq!(Moments::of_row(vec![Moments::None]), Moments::None);
        assert_eq!(Moments::of_array(',', Moments::All), Moments::All);
        assert!(!Moments::None.ask_the_clock("now"));
    }
}
