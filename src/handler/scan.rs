//! SQL cut into tokens, as PostgreSQL's own scanner would cut it.
//!
//! Owns where strings, quoted names, comments, `:parameters` and words begin
//! and end. It does not know what a statement or a header is, and gives
//! parameters no meaning: inside `a[lo:hi]` the `:hi` is cut like one, and the
//! reader above decides. Rules: PostgreSQL manual, "Lexical Structure", with
//! `standard_conforming_strings` on.

use super::error::{HandlerErrorKind, Quote};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `-- ...` up to, not with, the end of the line.
    LineComment,
    /// `/* ... */`, nested ones with it.
    BlockComment,
    /// A string in any quotes: `'...'`, `E'...'`, `U&'...'`, `$tag$...$tag$`.
    Text,
    /// A name in double quotes.
    QuotedName,
    /// A keyword or a name without quotes.
    Word,
    /// A number, or what starts like one.
    Number,
    /// `:name`, `:a."b".c` or `:name?`.
    Parameter,
    /// `$1`.
    Positional,
    /// The rows below a `COPY ... FROM STDIN;`, from the line after it to the line `\.` and with that,
    /// as `psql` reads them.
    Rows,
    /// One character of punctuation, or a run of colons.
    Symbol(u8),
}

/// A token: what it is and its bytes in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Token {
    /// Its bytes in `text`, which must be the text it was cut from.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }

    /// Whether it is a comment.
    #[must_use]
    pub fn is_comment(&self) -> bool {
        matches!(self.kind, TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Whether a value can end with it, so that a `:` glued to it is more
    /// likely a slice than a parameter.
    #[must_use]
    pub(super) fn ends_a_value(&self) -> bool {
        match self.kind {
            TokenKind::Symbol(byte) => matches!(byte, b')' | b']'),
            TokenKind::LineComment | TokenKind::BlockComment => false,
            _ => true,
        }
    }
}

/// The tokens of a text, and why cutting stopped before its end, if it did.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) tokens: Vec<Token>,
    pub(super) stopped: Option<(usize, HandlerErrorKind)>,
}

/// Cuts a text into tokens. A byte order mark at byte 0 is skipped; all
/// offsets count it.
pub(crate) fn scan(text: &str) -> Scan {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: start };
    let mut tokens = Vec::new();
    let mut stopped = None;
    let mut copy = CopyFromStdin::default();
    loop {
        match scanner.next() {
            Ok(Some(token)) => {
                tokens.push(token);
                if let Some(start) = copy.takes(token, text) {
                    match scanner.rows(start) {
                        Ok(rows) => tokens.push(rows),
                        Err(error) => {
                            stopped = Some(error);
                            break;
                        }
                    }
                }
            }
            Ok(None) => break,
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
    }
    Scan { tokens, stopped }
}

/// The tokens of a text as far as it can be cut.
#[must_use]
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    scan(text).tokens
}

/// Whether a character may stand in a parameter's name. PostgreSQL takes every
/// character beyond ASCII for a letter; so do we, blanks excepted, since a name
/// cut short at a vowel sign would silently read another field.
pub(super) fn is_name_char(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '_'
    } else {
        !c.is_whitespace() && !c.is_control()
    }
}

/// Whether a parameter's name may begin with a character.
pub(super) fn is_name_start(c: char) -> bool {
    is_name_char(c) && !c.is_ascii_digit()
}

/// The length of the name characters `text` begins with, in bytes.
pub(super) fn name_len(text: &str) -> usize {
    text.find(|c| !is_name_char(c)).unwrap_or(text.len())
}

/// What stands before the closing `"`, doubled ones undone, and the bytes up to
/// and with that quote. `text` begins after the opening quote.
pub(crate) fn unquote(text: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            name.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            return Some((name, at + 1));
        }
    }
    None
}

/// Whether the statement that is read is a COPY whose rows stand below it. PostgreSQL's grammar has
/// the word first, and `FROM STDIN` outside of all parentheses.
#[derive(Default)]
struct CopyFromStdin {
    /// Where the statement begins.
    start: Option<usize>,
    is_copy: bool,
    after_from: bool,
    has_rows: bool,
    depth: usize,
}

impl CopyFromStdin {
    /// Takes a token; where the statement began, if it is the semicolon that ends such a one.
    fn takes(&mut self, token: Token, text: &str) -> Option<usize> {
        let is = |word: &str| {
            token.kind == TokenKind::Word && token.text(text).eq_ignore_ascii_case(word)
        };
        match token.kind {
            _ if token.is_comment() => return None,
            TokenKind::Symbol(b'(') => self.depth += 1,
            TokenKind::Symbol(b')') => self.depth = self.depth.saturating_sub(1),
            TokenKind::Symbol(b';') if self.depth == 0 => {
                let ended = std::mem::take(self);
                return ended.start.filter(|_| ended.has_rows);
            }
            _ => {}
        }
        self.is_copy |= self.start.is_none() && is("COPY");
        self.has_rows |= self.is_copy && self.after_from && is("STDIN") && self.depth == 0;
        self.after_from = self.depth == 0 && is("FROM");
        self.start.get_or_insert(token.start);
        None
    }
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

type Step<T> = Result<T, (usize, HandlerErrorKind)>;

impl Scanner<'_> {
    fn next(&mut self) -> Step<Option<Token>> {
        while self.peek(0).is_some_and(is_blank) {
            self.at += 1;
        }
        let start = self.at;
        let Some(first) = self.peek(0) else { return Ok(None) };
        let kind = match first {
            0 => return Err((start, HandlerErrorKind::Nul)),
            b'-' if self.peek(1) == Some(b'-') => self.line_comment(),
            b'\\' if self.is_pledge() => self.line_comment(),
            b'/' if self.peek(1) == Some(b'*') => self.block_comment()?,
            b'\'' => self.quoted(start, Quote::Text)?,
            b'"' => self.quoted(start, Quote::Name)?,
            b'$' => self.dollar()?,
            b':' => self.colon()?,
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|b| b.is_ascii_digit()) => self.number(),
            byte if is_word_start(byte) => self.word()?,
            byte => {
                self.at += 1;
                TokenKind::Symbol(byte)
            }
        };
        Ok(Some(Token { kind, start, end: self.at }))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn line_comment(&mut self) -> TokenKind {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
        TokenKind::LineComment
    }

    /// `\restrict KEY` or `\unrestrict KEY` on a line of its own, with which `pg_dump` makes `psql` refuse
    /// what we always refuse: other commands of `psql`. It counts as a comment.
    fn is_pledge(&self) -> bool {
        let before = &self.bytes[..self.at];
        let line = self.text[self.at..].split(['\n', '\r']).next().unwrap_or_default();
        let key = line.strip_prefix("\\restrict ").or_else(|| line.strip_prefix("\\unrestrict "));
        let key = key.map(str::trim).unwrap_or_default();
        before.last().is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
            && !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    /// The rows below the semicolon that was read last, of the statement that begins at `copy`.
    fn rows(&mut self, copy: usize) -> Step<Token> {
        let rest = &self.text[self.at..];
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.trim();
        if !line.is_empty() && !line.starts_with("--") {
            return Err((self.at, HandlerErrorKind::BesideRows));
        }
        let start = self.text.len() - below.len();
        let mut end = start;
        for line in below.split_inclusive('\n') {
            end += line.len();
            if line.trim_end_matches(['\n', '\r']) == "\\." {
                self.at = end;
                return Ok(Token { kind: TokenKind::Rows, start, end });
            }
        }
        Err((copy, HandlerErrorKind::RowsWithoutEnd))
    }

    fn block_comment(&mut self) -> Step<TokenKind> {
        let start = self.at;
        let mut depth = 0usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(b'/'), Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return Ok(TokenKind::BlockComment);
                    }
                }
                (Some(_), _) => self.at += 1,
                (None, _) => return Err(unterminated(start, Quote::Comment)),
            }
        }
    }

    /// A string or name whose quote is doubled to stand inside. `at` is at the
    /// opening quote, `start` where the token begins.
    fn quoted(&mut self, start: usize, what: Quote) -> Step<TokenKind> {
        let (quote, kind) = match what {
            Quote::Name => (b'"', TokenKind::QuotedName),
            _ => (b'\'', TokenKind::Text),
        };
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(byte) if byte == quote && self.peek(1) == Some(quote) => self.at += 2,
                Some(byte) if byte == quote => {
                    self.at += 1;
                    return Ok(kind);
                }
                Some(_) => self.at += 1,
                None => return Err(unterminated(start, what)),
            }
        }
    }

    /// A string with backslash escapes, `at` at its opening quote. The standard
    /// lets a string go on in quotes on the next line, and PostgreSQL keeps
    /// reading backslashes there.
    fn escaped(&mut self, start: usize) -> Step<TokenKind> {
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(b'\\') => self.at += 2,
                Some(b'\'') if self.peek(1) == Some(b'\'') => self.at += 2,
                Some(b'\'') => {
                    self.at += 1;
                    match self.continuation() {
                        Some(quote) => self.at = quote + 1,
                        None => return Ok(TokenKind::Text),
                    }
                }
                Some(_) => self.at += 1,
                None => return Err(unterminated(start, Quote::Text)),
            }
        }
    }

    /// Where the string that just ended goes on: blanks with a line end, then a quote. Line comments
    /// among the blanks count as blanks, as in PostgreSQL's own scanner.
    fn continuation(&self) -> Option<usize> {
        let (mut end, mut new_line) = (self.at, false);
        loop {
            match (self.bytes.get(end)?, self.bytes.get(end + 1)) {
                (b'\n' | b'\r', _) => new_line = true,
                (b'-', Some(b'-')) => {
                    let rest = &self.bytes[end..];
                    end += rest.iter().position(|b| matches!(b, b'\n' | b'\r'))?;
                    continue;
                }
                (b'\'', _) => return new_line.then_some(end),
                (byte, _) if is_blank(*byte) => {}
                _ => return None,
            }
            end += 1;
        }
    }

    fn dollar(&mut self) -> Step<TokenKind> {
        let start = self.at;
        if self.peek(1).is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
            while self.peek(0).is_some_and(|b| b.is_ascii_digit()) {
                self.at += 1;
            }
            return Ok(TokenKind::Positional);
        }
        let rest = &self.bytes[start + 1..];
        let tag = match rest.first() {
            Some(byte) if is_word_start(*byte) => {
                rest.iter().take_while(|b| is_word_start(**b) || b.is_ascii_digit()).count()
            }
            _ => 0,
        };
        if rest.get(tag) != Some(&b'$') {
            self.at += 1;
            return Ok(TokenKind::Symbol(b'$'));
        }
        let body = start + tag + 2;
        let delimiter = &self.text[start..body];
        match self.text[body..].find(delimiter) {
            Some(length) => {
                self.at = body + length + delimiter.len();
                Ok(TokenKind::Text)
            }
            None => Err(unterminated(start, Quote::Dollar)),
        }
    }

    fn colon(&mut self) -> Step<TokenKind> {
        let colons = self.bytes[self.at..].iter().take_while(|b| **b == b':').count();
        self.at += colons;
        let next = self.text[self.at..].chars().next();
        if colons > 1 || !next.is_some_and(|c| c == '"' || is_name_start(c)) {
            return Ok(TokenKind::Symbol(b':'));
        }
        loop {
            if self.peek(0) == Some(b'"') {
                self.quoted(self.at, Quote::Name)?;
            } else {
                self.at += name_len(&self.text[self.at..]);
            }
            let dot = self.text[self.at..].strip_prefix('.');
            let part = dot.and_then(|rest| rest.chars().next());
            if !part.is_some_and(|c| c == '"' || is_name_char(c)) {
                break;
            }
            self.at += 1;
        }
        if self.peek(0) == Some(b'?') {
            self.at += 1;
        }
        Ok(TokenKind::Parameter)
    }

    fn number(&mut self) -> TokenKind {
        while self.peek(0).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) {
            self.at += 1;
        }
        TokenKind::Number
    }

    fn word(&mut self) -> Step<TokenKind> {
        let start = self.at;
        match (self.bytes[start].to_ascii_lowercase(), self.peek(1), self.peek(2)) {
            (b'e', Some(b'\''), _) => {
                self.at += 1;
                return self.escaped(start);
            }
            (b'b' | b'x' | b'n', Some(b'\''), _) => {
                self.at += 1;
                return self.quoted(start, Quote::Text);
            }
            (b'u', Some(b'&'), Some(b'\'')) => {
                self.at += 2;
                return self.quoted(start, Quote::Text);
            }
            (b'u', Some(b'&'), Some(b'"')) => {
                self.at += 2;
                return self.quoted(start, Quote::Name);
            }
            _ => {}
        }
        while self.peek(0).is_some_and(|b| is_word_start(b) || b.is_ascii_digit() || b == b'$') {
            self.at += 1;
        }
        Ok(TokenKind::Word)
    }
}

fn unterminated(start: usize, what: Quote) -> (usize, HandlerErrorKind) {
    (start, HandlerErrorKind::Unterminated(what))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Bytes of characters beyond ASCII are letters to PostgreSQL.
fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests;
