//! What a body of PL/pgSQL names, where nothing in it hides what it does.
//!
//! PostgreSQL keeps no dependencies of such a body: it is a text that is read when it runs. So it is
//! cut into tokens, and counts as open to the eye only where each statement is of a kind that does
//! what its names say: no EXECUTE, nothing that is no query, no name that stands for the clock, the
//! session or the build's own number. What the names mean is asked of the server by whoever reads
//! them. Whatever is not known here is hidden: a false alarm can be answered by trusting the function,
//! and the other mistake by nobody.

mod assigned;

use std::collections::BTreeSet;

pub use self::assigned::Assigned;
use super::clock;
use super::literal::literals;
use super::scan::{Token, TokenKind, scan, unquote};

/// What an open body names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Everything that is followed by an opening parenthesis and may be a function.
    pub calls: BTreeSet<Call>,
    /// Names that stand for themselves: tables, columns, variables, keywords.
    pub names: BTreeSet<String>,
    /// Names with one before them: `alias.column`, `schema.table`.
    pub qualified: BTreeSet<(String, String)>,
    /// What it assigns, in its order.
    pub assigned: Vec<Assigned>,
    /// Types of its variables, or tables whose rows they are; with the column where they are of its type.
    pub typed: BTreeSet<(String, Option<String>)>,
    /// Types that values are cast to.
    pub cast: BTreeSet<String>,
}

/// What may be the call of a function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The schema it is called in, where one is named.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// With how many arguments; -1 where `row.name` may be one, too.
    pub arguments: i32,
}

/// Why nobody can tell what a body does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// What hides it, as a piece of a sentence: `it holds EXECUTE`.
    pub why: String,
    /// The line, from 1.
    pub line: usize,
}

/// Words that hide what is done, wherever they stand.
const HIDING: [&str; 6] = ["execute", "tablesample", "nowait", "locked", "others", "copy"];
/// Words that are not the same at the next rebuild.
const CHANGING: [&str; 28] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "user",
    "current_role",
    "current_catalog",
    "current_schema",
    "tg_relid",
    "tg_table_schema",
    "xmin",
    "cmin",
    "cmax",
    "ctid",
    "tableoid",
    "timetz",
    "regclass",
    "regcollation",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regtype",
    "regrole",
    "regnamespace",
];
/// Aggregates whose result has its values in their order, or takes one of them.
const KEEPING: [&str; 8] = [
    "any_value",
    "array_agg",
    "json_agg",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_object_agg",
    "string_agg",
    "xmlagg",
];
/// Types that a text can become, and the word now with it.
const DATES: [&str; 4] = ["date", "time", "timestamp", "timestamptz"];
/// What a statement may begin with, besides the name of a variable.
const STATEMENTS: [&str; 22] = [
    "assert", "case", "close", "continue", "delete", "exit", "fetch", "for", "foreach", "if",
    "insert", "merge", "null", "open", "perform", "raise", "return", "select", "update", "while",
    "with", "end",
];
/// Reserved keywords that stand before a parenthesis: no function has such a name without quotes.
const NO_FUNCTIONS: [&str; 43] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "between",
    "case",
    "cast",
    "check",
    "coalesce",
    "collate",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "for",
    "from",
    "greatest",
    "group",
    "grouping",
    "having",
    "in",
    "intersect",
    "lateral",
    "least",
    "limit",
    "not",
    "nullif",
    "offset",
    "on",
    "or",
    "returning",
    "row",
    "select",
    "some",
    "then",
    "union",
    "when",
];
/// Further ones of these.
const NOR_THESE: [&str; 4] = ["using", "values", "where", "with"];

/// Reads a body.
///
/// # Errors
/// Something hides what it does.
pub fn read(text: &str) -> Result<Body, Hidden> {
    let scan = scan(text);
    let hidden = |at: usize, why: &str| Hidden {
        why: why.to_owned(),
        line: text[..at].matches('\n').count() + 1,
    };
    if let Some((at, _)) = scan.stopped {
        return Err(hidden(at, "it cannot be read"));
    }
    let tokens: Vec<Token> = scan.tokens.into_iter().filter(|t| !t.is_comment()).collect();
    let reader = Reader { text, tokens: &tokens };
    let words: Vec<String> = (0..tokens.len()).map(|at| reader.word(at)).collect();
    if let Some((at, word)) = moment_in(text) {
        return Err(hidden(
            at,
            &format!("it holds the word {word}, which dates take for the clock"),
        ));
    }
    for (at, token) in tokens.iter().enumerate() {
        if let Some(why) = reader.hides(at, &words) {
            return Err(hidden(token.start, &why));
        }
    }
    if let Err(at) = reader.statements(&words) {
        let start = tokens.get(at).map_or(text.len(), |t| t.start);
        let word = tokens.get(at).map_or("its end", |t| t.text(text));
        return Err(hidden(start, &format!("it has a statement that begins with {word}")));
    }
    let body = reader.names(&words);
    let alone = |name: &str| {
        body.names.contains(name) || ["new", "old", "excluded", "pg_catalog"].contains(&name)
    };
    if let Some((schema, name)) = body.qualified.iter().find(|(first, _)| !alone(first)) {
        let at = text.to_lowercase().find(schema.as_str()).unwrap_or(0);
        return Err(hidden(at.min(text.len()), &format!("it names {schema}.{name}")));
    }
    Ok(body)
}

/// The first word in a text's constants that dates take for the clock, and where the constant begins.
#[must_use]
pub fn moment_in(text: &str) -> Option<(usize, String)> {
    literals(text).into_iter().find_map(|l| Some((l.span.start, clock::first_word(&l.value)?)))
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token],
}

impl Reader<'_> {
    /// The name a token stands for; empty where it is none.
    fn word(&self, at: usize) -> String {
        let written = self.tokens[at].text(self.text);
        match self.tokens[at].kind {
            TokenKind::Word => written.to_ascii_lowercase(),
            TokenKind::QuotedName => {
                unquote(written.get(1..).unwrap_or_default()).map_or_else(String::new, |(n, _)| n)
            }
            _ => String::new(),
        }
    }

    fn symbol(&self, at: Option<usize>) -> Option<u8> {
        match self.tokens.get(at?)?.kind {
            TokenKind::Symbol(byte) => Some(byte),
            _ => None,
        }
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, TokenKind::Word | TokenKind::QuotedName)
    }

    /// Whether the token before it is a dot.
    fn is_inner(&self, at: usize) -> bool {
        self.symbol(at.checked_sub(1)) == Some(b'.')
    }

    /// What one token hides.
    fn hides(&self, at: usize, words: &[String]) -> Option<String> {
        let token = self.tokens[at];
        let written = token.text(self.text);
        match token.kind {
            TokenKind::Text => {
                let escaped = written.starts_with(['e', 'E', 'u', 'U']) && written.contains('\\');
                escaped.then(|| "it holds a string with escapes".into())
            }
            TokenKind::QuotedName if written.starts_with(['u', 'U']) => {
                Some("it holds a name with escapes".into())
            }
            TokenKind::Parameter | TokenKind::Symbol(b'#') => Some(format!("it holds {written}")),
            // `1..n` is cut as one number.
            TokenKind::Number
                if written.contains("..") && written.contains(char::is_alphabetic) =>
            {
                Some(format!("it holds {written}"))
            }
            TokenKind::Word if !self.is_inner(at) && HIDING.contains(&words[at].as_str()) => {
                Some(format!("it holds {}", written.to_uppercase()))
            }
            TokenKind::Word if CHANGING.contains(&words[at].as_str()) => {
                Some(format!("it holds {written}, which is not the same at the next rebuild"))
            }
            TokenKind::Word if !self.is_inner(at) && DATES.contains(&words[at].as_str()) => {
                Some(format!(
                    "it holds {written}: a text may become one, and now, which asks the clock, with it"
                ))
            }
            TokenKind::Word
                if words[at] == "limit" && !self.is_inner(at) && !self.is_sorted(at, words) =>
            {
                Some("it has LIMIT without ORDER BY, which takes any of the rows".into())
            }
            TokenKind::Word
                if KEEPING.contains(&words[at].as_str())
                    && self.symbol(Some(at + 1)) == Some(b'(')
                    && !self.sorts_inside(at + 1, words) =>
            {
                Some(format!(
                    "it has {written} without ORDER BY inside, so its values come in any order"
                ))
            }
            TokenKind::Word | TokenKind::QuotedName => {
                let is_call = self.symbol(Some(at + 1)) == Some(b'(');
                let outside = words[at].starts_with("pg_") && !is_call && words[at] != "pg_catalog";
                (outside || words[at] == "information_schema")
                    .then(|| format!("it reads PostgreSQL's own {written}"))
            }
            _ => None,
        }
    }

    /// Whether ORDER BY stands before a LIMIT in the same query.
    fn is_sorted(&self, limit: usize, words: &[String]) -> bool {
        let mut depth = 0_usize;
        for at in (0..limit).rev() {
            match self.symbol(Some(at)) {
                Some(b')') => depth += 1,
                Some(b'(') if depth == 0 => return false,
                Some(b'(') => depth -= 1,
                Some(b';') if depth == 0 => return false,
                _ if depth == 0 && words[at] == "order" => return true,
                _ => {}
            }
        }
        false
    }

    /// Whether ORDER BY or DISTINCT stands in the parentheses that open at a token, and in none inside them.
    fn sorts_inside(&self, open: usize, words: &[String]) -> bool {
        let mut depth = 0_usize;
        for (at, word) in words.iter().enumerate().skip(open) {
            match self.symbol(Some(at)) {
                Some(b'(') => depth += 1,
                Some(b')') if depth == 1 => return false,
                Some(b')') => depth -= 1,
                _ if depth == 1 && matches!(word.as_str(), "order" | "distinct") => {
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    /// Goes through the statements; gives the token that begins one which is none of ours.
    fn statements(&self, words: &[String]) -> Result<(), usize> {
        let (mut at, mut declares) = (0, false);
        while at < self.tokens.len() {
            let word = match self.tokens[at].kind {
                TokenKind::Word => words[at].as_str(),
                _ => "",
            };
            at = match word {
                "declare" => {
                    declares = true;
                    at + 1
                }
                "begin" => {
                    declares = false;
                    at + 1
                }
                "else" | "loop" | "exception" => at + 1,
                "if" | "elsif" | "elseif" => self.after(at + 1, words, "then"),
                "when" => self.after(at + 1, words, "then"),
                "case" => self.after(at + 1, words, "when").saturating_sub(1).max(at + 1),
                "while" | "for" | "foreach" => self.after(at + 1, words, "loop"),
                _ if self.symbol(Some(at)) == Some(b'<') => self.label(at)?,
                _ if self.symbol(Some(at)) == Some(b';') => at + 1,
                _ if STATEMENTS.contains(&word) => self.after(at + 1, words, ";"),
                _ if declares && self.is_name(at) => self.after(at + 1, words, ";"),
                _ if self.is_name(at) && self.assigns(at) => self.after(at + 1, words, ";"),
                _ => return Err(at),
            };
        }
        Ok(())
    }

    /// Behind the word or sign that ends an expression; a CASE in it has words of its own.
    fn after(&self, from: usize, words: &[String], end: &str) -> usize {
        let mut cases = 0_usize;
        for (at, word) in words.iter().enumerate().skip(from) {
            if end == ";" && self.symbol(Some(at)) == Some(b';') {
                return at + 1;
            }
            if self.tokens[at].kind != TokenKind::Word || self.is_inner(at) {
                continue;
            }
            match word.as_str() {
                word if word == end && cases == 0 => return at + 1,
                "case" => cases += 1,
                "end" => cases = cases.saturating_sub(1),
                _ => {}
            }
        }
        self.tokens.len()
    }

    fn label(&self, at: usize) -> Result<usize, usize> {
        let ends = |n: &usize| self.symbol(Some(*n)) == Some(b'>');
        let last = (at..self.tokens.len().min(at + 6)).filter(ends).nth(1);
        last.map(|last| last + 1).ok_or(at)
    }

    /// Whether a name is one that a value is assigned to: `a.b[1] := ...`.
    fn assigns(&self, from: usize) -> bool {
        let mut depth = 0_usize;
        for at in from..self.tokens.len() {
            match self.symbol(Some(at)) {
                Some(b'[') => depth += 1,
                Some(b']') => depth = depth.saturating_sub(1),
                Some(b':' | b'=') if depth == 0 => return true,
                Some(b';') => return false,
                None | Some(b'.') => {}
                Some(_) if depth == 0 => return false,
                Some(_) => {}
            }
            // Two names side by side are no variable.
            let pair = at > from && self.is_name(at) && self.is_name(at - 1);
            if depth == 0 && pair {
                return false;
            }
        }
        false
    }

    fn names(&self, words: &[String]) -> Body {
        let mut body = Body::default();
        self.assigned(words, &mut body);
        for at in (0..self.tokens.len()).filter(|at| self.is_name(*at)) {
            let name = words[at].clone();
            let before = at.checked_sub(2).filter(|_| self.is_inner(at)).map(|n| words[n].clone());
            if self.symbol(Some(at + 1)) == Some(b'(') {
                let keyword = self.tokens[at].kind == TokenKind::Word
                    && NO_FUNCTIONS.iter().chain(&NOR_THESE).any(|word| *word == name);
                let into = at.checked_sub(1).is_some_and(|n| words[n] == "into");
                match into {
                    true => drop(body.names.insert(name)),
                    false if keyword && before.is_none() => {}
                    false => {
                        let arguments = self.arguments(at + 1);
                        body.calls.insert(Call { schema: before, name, arguments });
                    }
                }
                continue;
            }
            match before {
                Some(first) => {
                    body.calls.insert(Call { schema: None, name: name.clone(), arguments: -1 });
                    // `table.column%TYPE` is a type and reads nothing.
                    if self.symbol(Some(at + 1)) != Some(b'%') {
                        body.qualified.insert((first, name));
                    }
                }
                None if self.symbol(Some(at + 1)) == Some(b'.') => {}
                None => drop(body.names.insert(name)),
            }
        }
        body
    }

    /// How many arguments stand in the parentheses that open at a token.
    fn arguments(&self, open: usize) -> i32 {
        let (mut depth, mut commas) = (0, 0);
        for at in open..self.tokens.len() {
            match self.symbol(Some(at)) {
                Some(b'(' | b'[') => depth += 1,
                Some(b')' | b']') => depth -= 1,
                Some(b',') if depth == 1 => commas += 1,
                _ => {}
            }
            if depth == 0 {
                return if at == open + 1 { 0 } else { commas + 1 };
            }
        }
        commas + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: i32) -> Call {
        Call { schema: None, name: name.into(), arguments }
    }

    #[test]
    fn an_open_body_tells_its_names() {
        let body = read(
            "DECLARE\n  total numeric(12, 2) := 0; r record;\nBEGIN\n\
             IF NEW.a = CASE WHEN NEW.b THEN 1 ELSE 2 END THEN NEW.c := lower(NEW.c); \
             ELSIF NEW.a IS NULL THEN RETURN NULL; END IF;\n\
             <<l>> FOR r IN SELECT x.id FROM items x WHERE x.n > round(total, 2) LOOP total := total + r.id; END LOOP l;\n\
             CASE NEW.a WHEN 1 THEN total := 1; ELSE NULL; END CASE;\n\
             INSERT INTO totals (id, n) VALUES (NEW.id, coalesce(total, 0)) ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n;\n\
             r.id[1] = 5; RETURN NEW; -- now() is a comment\nEXCEPTION WHEN unique_violation THEN RETURN NULL; END",
        )
        .unwrap();
        let real: Vec<&Call> = body.calls.iter().filter(|c| c.arguments >= 0).collect();
        assert_eq!(
            real,
            [&call("conflict", 1), &call("lower", 1), &call("numeric", 2), &call("round", 2)]
        );
        for name in ["items", "totals", "total", "x", "r"] {
            assert!(body.names.contains(name), "{name}: {body:?}");
        }
        assert!(body.qualified.contains(&("new".into(), "id".into())));
    }

    #[test]
    fn what_hides_what_it_does_is_told() {
        for (statement, why) in [
            ("EXECUTE 'x';", "EXECUTE"),
            ("NOTIFY a;", "begins with NOTIFY"),
            ("FOR r IN EXECUTE q LOOP END LOOP;", "EXECUTE"),
            ("CALL f();", "begins with CALL"),
            ("TRUNCATE t;", "begins with TRUNCATE"),
            ("COPY t TO PROGRAM 'x';", "COPY"),
            ("SET search_path = public;", "begins with SET"),
            ("COMMIT;", "begins with COMMIT"),
            ("LOCK TABLE t;", "begins with LOCK"),
            ("CREATE TABLE t (a int);", "begins with CREATE"),
            ("DO 'x';", "begins with DO"),
            ("GET DIAGNOSTICS a = PG_CONTEXT;", "PG_CONTEXT"),
            ("INSERT INTO public.outbox VALUES (1);", "public.outbox"),
            ("NEW.at := CURRENT_TIMESTAMP;", "CURRENT_TIMESTAMP"),
            ("NEW.at := 'now'::timestamptz;", "the word now"),
            ("NEW.at := E'n\\x6fw';", "the word now"),
            ("NEW.at := 'n'\n'ow';", "the word now"),
            ("NEW.a := E'\\x61';", "escapes"),
            ("NEW.a := tableoid;", "tableoid"),
            ("NEW.at := U&\"clock\\005ftimestamp\"();", "escapes"),
            ("SELECT count(*) INTO n FROM pg_stat_activity;", "pg_stat_activity"),
            ("NEW.a := (SELECT 1 FROM t TABLESAMPLE system (1));", "TABLESAMPLE"),
            ("NEW.a := TG_RELID;", "TG_RELID"),
            ("NEW.at := NEW.t::date;", "holds date"),
            ("FOR i IN 1..clock_timestamp() LOOP END LOOP;", "1..clock"),
            ("IF a THEN NULL; ELSE LISTEN b; END IF;", "begins with LISTEN"),
            ("LOOP NOTIFY c; END LOOP;", "begins with NOTIFY"),
            ("BEGIN a := 1; EXCEPTION WHEN OTHERS THEN NULL; END;", "OTHERS"),
            ("a := 'open", "cannot be read"),
            ("a := (SELECT b FROM t LIMIT 1);", "LIMIT without ORDER BY"),
            (
                "a := (SELECT b FROM (SELECT b FROM t ORDER BY b) s LIMIT 1);",
                "LIMIT without ORDER BY",
            ),
            ("a := (SELECT string_agg(b, ',') FROM t);", "string_agg without ORDER BY"),
            ("a := (SELECT array_agg((SELECT c FROM u ORDER BY c)) FROM t);", "array_agg without"),
        ] {
            let text = format!("BEGIN\n{statement}\nRETURN NEW;\nEND");
            let hidden = read(&text).unwrap_err();
            assert!(hidden.why.contains(why), "{statement}: {hidden:?}");
            assert!(hidden.line >= 1 && hidden.line <= 2, "{statement}: {hidden:?}");
        }
    }

    #[test]
    fn what_sorts_is_open() {
        for statement in [
            "a := (SELECT b FROM t ORDER BY c, b LIMIT 1);",
            "a := (SELECT string_agg(b, ',' ORDER BY c) FROM t);",
            "a := (SELECT array_agg(DISTINCT b) FROM t);",
            "FOR r IN SELECT b FROM t ORDER BY (c) LIMIT 5 LOOP NULL; END LOOP;",
        ] {
            read(&format!("BEGIN\n{statement}\nRETURN NEW;\nEND")).unwrap();
        }
    }

    #[test]
    fn quoted_names_and_schemas_are_names_of_functions() {
        let body =
            read("BEGIN NEW.a := \"clock_timestamp\"(); a := pg_catalog.now(); END").unwrap();
        assert!(body.calls.contains(&call("clock_timestamp", 0)));
        let of_schema =
            Call { schema: Some("pg_catalog".into()), name: "now".into(), arguments: 0 };
        assert!(body.calls.contains(&of_schema), "{body:?}");
    }
}
