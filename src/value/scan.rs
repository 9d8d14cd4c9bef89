//! A few members of a JSON object, found in one pass that builds nothing.
//!
//! Owns the fast way to raw texts: what [`super::Object`] would give for the wanted keys, as
//! slices of the text. The whole text is checked on the way, so that what is not a JSON
//! object is never taken for one. It declines rather than explains: a caller that gets
//! nothing asks [`super::Object::parse`], which knows why.

/// How deep arrays and objects may be nested below a member: the bits of the stack.
const MAX_DEPTH: u32 = 64;

/// The keys that are looked for, each with a number of the caller's.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    // Invariant: no two keys are equal; shorter ones come first, as in `jsonb`.
    keys: Vec<(Box<[u8]>, usize)>,
    /// A bit for each length among the keys; the last stands for all longer ones.
    lengths: u64,
    /// Whether no key holds what would have to be escaped.
    plain: bool,
}

impl Wanted {
    /// Looks for these keys, which must differ from each other.
    #[must_use]
    pub fn new<'k>(keys: impl IntoIterator<Item = (&'k str, usize)>) -> Self {
        let boxed = |(key, number): (&str, usize)| (Box::from(key.as_bytes()), number);
        let mut keys: Vec<(Box<[u8]>, usize)> = keys.into_iter().map(boxed).collect();
        keys.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
        let lengths = keys.iter().fold(0, |bits, (key, _)| bits | length_bit(key));
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        let plain = !keys.iter().any(|(key, _)| key.iter().any(special));
        Self { keys, lengths, plain }
    }

    /// Gives `found` the JSON text of each wanted member, without blanks around it. Of
    /// members with one key the last counts, so a number may be given more than once.
    ///
    /// `None`: the text is not a JSON object, or one that needs a closer look (a key with an
    /// escape, deep nesting); what was given before is then worth nothing.
    #[inline]
    pub fn scan<'t>(&self, text: &'t str, mut found: impl FnMut(usize, &'t str)) -> Option<()> {
        self.members(text, |number, start, end| {
            if let Some(number) = number {
                found(number, text.get(start..end)?);
            }
            Some(())
        })
    }

    /// Gives `found` each member: its number, if it is wanted, and where its value stands.
    #[inline]
    pub(super) fn members(
        &self,
        text: &str,
        mut found: impl FnMut(Option<usize>, usize, usize) -> Option<()>,
    ) -> Option<()> {
        let json = Json(text.as_bytes());
        let mut at = json.expect(json.blanks(0), b'{')?;
        at = json.blanks(at);
        if json.byte(at)? == b'}' {
            return json.end(at + 1);
        }
        let mut next = 0;
        loop {
            let start = json.expect(at, b'"')?;
            let (number, end) = match self.likely(json, start, next) {
                Some((number, end)) => {
                    next += 1;
                    (Some(number), end)
                }
                None => {
                    let end = json.special(start)?;
                    if json.byte(end)? != b'"' {
                        return None;
                    }
                    (self.number(json.0.get(start..end)?, &mut next), end)
                }
            };
            at = json.blanks(json.expect(json.blanks(end + 1), b':')?);
            let value = at;
            at = json.value(value)?;
            found(number, value, at)?;
            at = json.blanks(at);
            match json.byte(at)? {
                b',' => at = json.blanks(at + 1),
                b'}' => return json.end(at + 1),
                _ => return None,
            }
        }
    }

    /// The number and the end of the key that is likely the next, if it stands there.
    #[inline]
    fn likely(&self, json: Json<'_>, start: usize, next: usize) -> Option<(usize, usize)> {
        let (key, number) = self.keys.get(next)?;
        let end = start + key.len();
        let stands = json.0.get(end) == Some(&b'"') && json.0.get(start..end)? == &**key;
        (stands && self.plain).then_some((*number, end))
    }

    /// The number of a key. `next` is where it likely stands: `jsonb` sorts as we do.
    #[inline]
    pub(super) fn number(&self, key: &[u8], next: &mut usize) -> Option<usize> {
        if self.lengths & length_bit(key) == 0 {
            return None;
        }
        let is_key = |(wanted, _): &(Box<[u8]>, usize)| **wanted == *key;
        let at = match self.keys.get(*next) {
            Some(likely) if is_key(likely) => *next,
            _ => self.keys.iter().position(is_key)?,
        };
        let (_, number) = self.keys.get(at)?;
        *next = at + 1;
        Some(*number)
    }
}

/// Whether a text is a number by JSON's own grammar, with nothing around it.
#[must_use]
pub fn is_number(text: &str) -> bool {
    Json(text.as_bytes()).number(0) == Some(text.len())
}

/// Whether the inside of a string that was scanned has no escape in it.
#[must_use]
#[inline]
pub(super) fn is_plain(inner: &str) -> bool {
    let bytes = inner.as_bytes();
    // The last eight bytes are looked at in one piece, whatever of them was seen before.
    let (chunks, _) = bytes.as_chunks::<8>();
    let has = |eight: &[u8; 8]| zero_byte(u64::from_le_bytes(*eight) ^ (0x5c * ONES)) != 0;
    match bytes.last_chunk::<8>() {
        Some(last) => !chunks.iter().any(has) && !has(last),
        None => !bytes.contains(&b'\\'),
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Marks in the high bit of each zero byte, and perhaps of bytes above one.
#[inline]
fn zero_byte(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (0x80 * ONES)
}

fn length_bit(key: &[u8]) -> u64 {
    1 << key.len().min(63)
}

/// A text under the scanner. Its functions take an offset and give the one behind what they
/// name; `None` is no JSON.
#[derive(Clone, Copy)]
pub(super) struct Json<'t>(pub(super) &'t [u8]);

impl Json<'_> {
    #[inline]
    fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    #[inline]
    fn expect(self, at: usize, byte: u8) -> Option<usize> {
        (self.byte(at)? == byte).then_some(at + 1)
    }

    #[inline]
    fn blanks(self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(byte), _) if byte > b' ' => at,
            // One blank behind a colon or a comma, as `jsonb` is written.
            (Some(b' '), Some(byte)) if byte > b' ' => at + 1,
            _ => self.skip_blanks(at),
        }
    }

    fn skip_blanks(self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.byte(at) {
            at += 1;
        }
        at
    }

    fn end(self, at: usize) -> Option<()> {
        (self.blanks(at) == self.0.len()).then_some(())
    }

    /// A piece of text that is known.
    #[inline]
    pub(super) fn piece(self, at: usize, piece: &[u8]) -> Option<usize> {
        let end = at + piece.len();
        (self.0.get(at..end)? == piece).then_some(end)
    }

    #[inline]
    pub(super) fn value(self, at: usize) -> Option<usize> {
        match self.byte(at)? {
            b'{' | b'[' => self.nested(at),
            _ => self.scalar(at),
        }
    }

    #[inline]
    fn scalar(self, at: usize) -> Option<usize> {
        match self.byte(at)? {
            b'"' => match self.special(at + 1)? {
                end if self.byte(end) == Some(b'"') => Some(end + 1),
                escape => self.string(escape),
            },
            b'-' | b'0'..=b'9' => self.number(at),
            b't' => self.piece(at, b"true"),
            b'f' => self.piece(at, b"false"),
            b'n' => self.piece(at, b"null"),
            _ => None,
        }
    }

    #[inline]
    fn number(self, mut at: usize) -> Option<usize> {
        if self.byte(at)? == b'-' {
            at += 1;
        }
        // A number that begins with 0 has no other digit before its point.
        at = if self.byte(at)? == b'0' { at + 1 } else { self.digits(at)? };
        if self.byte(at) == Some(b'.') {
            at = self.digits(at + 1)?;
        }
        if let Some(b'e' | b'E') = self.byte(at) {
            at += 1;
            if let Some(b'+' | b'-') = self.byte(at) {
                at += 1;
            }
            at = self.digits(at)?;
        }
        Some(at)
    }

    #[inline]
    fn digits(self, start: usize) -> Option<usize> {
        let mut at = start;
        while let Some(b'0'..=b'9') = self.byte(at) {
            at += 1;
        }
        (at > start).then_some(at)
    }

    /// A string behind its opening quote. Escapes are checked as far as serde does where it
    /// skips them: half a surrogate pair is for those to refuse who read the string.
    #[inline]
    fn string(self, mut at: usize) -> Option<usize> {
        loop {
            at = self.special(at)?;
            match (self.byte(at)?, self.byte(at + 1)) {
                (b'"', _) => return Some(at + 1),
                (b'\\', Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => at += 2,
                (b'\\', Some(b'u')) => {
                    let digits = self.0.get(at + 2..at + 6)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return None;
                    }
                    at += 6;
                }
                _ => return None,
            }
        }
    }

    /// The first quote, backslash or control character: eight bytes at a time, by the test
    /// for a zero byte of "Bit Twiddling Hacks" (Anderson). A borrow can only mark bytes above
    /// one that is marked rightly, so the lowest mark is right.
    #[inline]
    fn special(self, mut at: usize) -> Option<usize> {
        const HIGH: u64 = 0x80 * ONES;
        while let Some(Ok(eight)) = self.0.get(at..at + 8).map(TryInto::try_into) {
            let word = u64::from_le_bytes(eight);
            let (quote, backslash) = (word ^ (0x22 * ONES), word ^ (0x5c * ONES));
            let marks =
                (word.wrapping_sub(0x20 * ONES) & !word) | zero_byte(quote) | zero_byte(backslash);
            let marks = marks & HIGH;
            if marks != 0 {
                return Some(at + usize::try_from(marks.trailing_zeros() / 8).ok()?);
            }
            at += 8;
        }
        let rest = self.0.get(at..)?;
        let found = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        Some(at + found)
    }

    /// An array or object, without recursion.
    fn nested(self, mut at: usize) -> Option<usize> {
        // One bit a level, the lowest the innermost: 1 is an object.
        let (mut objects, mut depth) = (0_u64, 0_u32);
        loop {
            let open = self.byte(at)?;
            if let b'{' | b'[' = open {
                if depth == MAX_DEPTH {
                    return None;
                }
                depth += 1;
                objects = (objects << 1) | u64::from(open == b'{');
                at = self.blanks(at + 1);
                // The closing brackets stand two behind the opening ones in ASCII.
                if self.byte(at)? != open + 2 {
                    at = if open == b'{' { self.key(at)? } else { at };
                    continue;
                }
            } else {
                at = self.blanks(self.scalar(at)?);
            }
            loop {
                let object = objects & 1 == 1;
                match self.byte(at)? {
                    b',' => {
                        at = self.blanks(at + 1);
                        at = if object { self.key(at)? } else { at };
                        break;
                    }
                    b'}' if object => {}
                    b']' if !object => {}
                    _ => return None,
                }
                (objects, depth, at) = (objects >> 1, depth - 1, at + 1);
                if depth == 0 {
                    return Some(at);
                }
                at = self.blanks(at);
            }
        }
    }

    /// A key and its colon, up to the value.
    fn key(self, at: usize) -> Option<usize> {
        let end = self.string(self.expect(at, b'"')?)?;
        Some(self.blanks(self.expect(self.blanks(end), b':')?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Object;
    use super::*;

    fn scan<'t>(keys: &[&str], text: &'t str) -> Option<Vec<Option<&'t str>>> {
        let wanted = Wanted::new(keys.iter().copied().zip(0..));
        let mut found = vec![None; keys.len()];
        wanted.scan(text, |number, raw| found[number] = Some(raw))?;
        Some(found)
    }

    #[test]
    fn wanted_members_are_slices_of_the_text() {
        let text = " { \"b\" : 9007199254740993.1,\"long_name\":\"x y\\n\",\n\"a\":{\"x\" : [ 1, {} ,[]]}\t,\"é\":null , \"t\":true } ";
        let found = scan(&["a", "b", "long_name", "é", "t", "z"], text).unwrap();
        let expected = [
            Some("{\"x\" : [ 1, {} ,[]]}"),
            Some("9007199254740993.1"),
            Some("\"x y\\n\""),
            Some("null"),
            Some("true"),
            None,
        ];
        assert_eq!(found, expected);
        assert_eq!(scan(&["a"], "{}"), Some(vec![None]));
        assert_eq!(scan(&[], "{ }"), Some(vec![]));
        let long = "k".repeat(100);
        assert_eq!(scan(&[&long], &format!("{{\"{long}\":1}}")), Some(vec![Some("1")]));
    }

    #[test]
    fn a_backslash_is_found_wherever_it_stands() {
        for length in 0..40 {
            let plain = "é".repeat(length / 2) + &"x".repeat(length % 2);
            assert!(is_plain(&plain), "{plain}");
            for at in (0..=plain.len()).filter(|at| plain.is_char_boundary(*at)) {
                let (head, tail) = plain.split_at(at);
                assert!(!is_plain(&format!("{head}\\{tail}")), "{head}\\{tail}");
            }
        }
    }

    #[test]
    fn of_duplicate_keys_the_last_wins() {
        assert_eq!(scan(&["a", "b"], r#"{"a":1,"b":2,"a":3}"#), Some(vec![Some("3"), Some("2")]));
    }

    #[test]
    fn a_key_with_an_escape_is_not_guessed_at() {
        assert_eq!(scan(&["a"], r#"{"\u0061":1}"#), None);
        assert_eq!(scan(&["a"], r#"{"a":1,"b\\":1}"#), None);
        for broken in ["{\"a\n:1}", "{\"a\u{1}:1}", "{\"a", "{\"a\":1", "{\"a\":1,}"] {
            assert_eq!(scan(&["a"], broken), None, "{broken:?}");
        }
        assert_eq!(scan(&["a"], r#"{"a":{"b\\":1}}"#), Some(vec![Some(r#"{"b\\":1}"#)]));
    }

    /// Pieces that, strung together at random, are often nearly JSON.
    const PIECES: [&str; 30] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"a\":",
        "\"b\":1",
        " ",
        "\n",
        "\\",
        "\\u00e9",
        "\\ud800",
        "1",
        "0",
        "-",
        ".5",
        "e+1",
        "true",
        "null",
        "nul",
        "\u{1}",
        "กข",
        "12345678",
        "{}",
        "[1,2]",
        "\"a long text of words\"",
        "\u{a0}",
    ];

    #[test]
    fn it_takes_nothing_that_the_parser_refuses_and_finds_the_same() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = move |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % u64::try_from(below).unwrap()).unwrap()
        };
        let valid = [
            r#"{"a":1,"b":[1,-0.5e+3,{"a":"x\"y\u00e9"}],"c":{"d":null,"e":true}}"#,
            r#"{ "b" : {"a":[[],{}]} , "a" : "a long text of words, \\ and more", "a":false}"#,
        ];
        let (mut taken, mut refused) = (0, 0);
        for nth in 0..60_000 {
            let mut text = String::new();
            if nth % 3 == 0 {
                text.push_str("{\"a\":");
                for _ in 0..next(5) {
                    text.push_str(PIECES[next(PIECES.len())]);
                }
                text.push('}');
            } else {
                // A valid text with one piece put in or one character taken out.
                text.push_str(valid[next(valid.len())]);
                let at = next(text.len());
                if nth % 3 == 1 {
                    text.remove(at);
                } else {
                    text.insert_str(at, PIECES[next(PIECES.len())]);
                }
            }
            let parsed = Object::parse(&text);
            match scan(&["a", "b"], &text) {
                Some(found) => {
                    taken += 1;
                    let parsed = parsed.unwrap_or_else(|e| panic!("took {text:?}: {e}"));
                    assert_eq!(found, [parsed.get("a"), parsed.get("b")], "{text:?}");
                }
                None => {
                    refused += 1;
                    let escaped = parsed.is_ok_and(|_| text.contains('\\'));
                    assert!(escaped || Object::parse(&text).is_err(), "refused {text:?}");
                }
            }
        }
        assert!(taken > 5_000 && refused > 5_000, "{taken} taken, {refused} refused");
    }

    #[test]
    fn deep_nesting_is_declined_without_recursion() {
        let deep = |levels| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(scan(&["a"], &deep(64)).is_some());
        assert!(scan(&["a"], &deep(65)).is_none());
        assert!(scan(&["a"], &deep(1_000_000)).is_none());
    }
}
