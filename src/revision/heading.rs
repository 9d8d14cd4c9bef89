//! Headings: comments by which other tools divide a file, and what they ask of those tools.
//!
//! Owns the words. A short comment line whose words are one for the way back and what frames it is a heading; a
//! sentence that mentions one is prose.

/// What a comment asks for, or begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// The way forth begins.
    Up,
    /// The way back begins.
    Down,
    /// The file runs outside a transaction.
    Alone,
    /// Variables are put into the text.
    Variables,
    /// It is one of Liquibase's.
    Liquibase,
}

/// What tools' comments begin with.
const TOOLS: [&str; 4] = ["+goose", "+migrate", "+micrate", "migrate:"];

/// Words around the one that counts: tools' names, and what they call a part of a file.
const AROUND: [&str; 63] = [
    "a",
    "and",
    "atlas",
    "automatic",
    "begin",
    "block",
    "bytebase",
    "changes",
    "changeset",
    "code",
    "commands",
    "create",
    "darwin",
    "db",
    "dbmate",
    "ddl",
    "end",
    "evolutions",
    "file",
    "flyway",
    "for",
    "from",
    "go",
    "goose",
    "here",
    "is",
    "knex",
    "liquibase",
    "manual",
    "manually",
    "micrate",
    "mig",
    "migrate",
    "migration",
    "migrations",
    "nomad",
    "of",
    "only",
    "optional",
    "part",
    "pg",
    "queries",
    "query",
    "rambler",
    "revision",
    "schema",
    "script",
    "scripts",
    "section",
    "sql",
    "sqlx",
    "start",
    "statement",
    "statements",
    "step",
    "steps",
    "tern",
    "the",
    "this",
    "to",
    "version",
    "way",
    "procedure",
];

/// Words for the way back; tern's is `---- create above / drop below ----`.
const BACK: [&str; 24] = [
    "down",
    "downs",
    "downwards",
    "undo",
    "undoes",
    "rollback",
    "rollbacks",
    "revert",
    "reverts",
    "reverse",
    "backward",
    "backwards",
    "backout",
    "downgrade",
    "downgrades",
    "teardown",
    "unapply",
    "unmigrate",
    "uninstall",
    "drop",
    "below",
    "above",
    "back",
    "out",
];

/// Those of them that are a heading only beside another.
const WEAK: [&str; 5] = ["drop", "below", "above", "back", "out"];

/// Words before `down` that make prose of it.
const BEFORE_DOWN: [&str; 20] = [
    "scale", "scales", "scaled", "scaling", "count", "counts", "counting", "shut", "shuts", "slow",
    "slows", "break", "cut", "round", "rounds", "rounded", "rounding", "narrow", "drill", "trim",
];

/// Words for the way forth.
const FORTH: [&str; 6] = ["up", "ups", "forward", "forwards", "upgrade", "upwards"];

/// How many words a heading has at most where one of them is of no list: the name of a tool or of a revision.
const SHORT: usize = 3;

/// What a comment says, if it is a tool's or a heading of a way.
pub(super) fn says(comment: &str) -> Option<Says> {
    let lower = comment.to_lowercase();
    let plain = lower.trim_start_matches(['\u{feff}', '-', '/', '*', '#', ' ', '\t']).trim_end();
    if plain.starts_with("liquibase formatted sql") || plain.starts_with("changeset ") {
        return Some(Says::Liquibase);
    }
    if plain.starts_with("+goose envsub on") {
        return Some(Says::Variables);
    }
    if comment.starts_with("--rollback ") {
        return Some(Says::Liquibase);
    }
    let is_tools = TOOLS.iter().any(|tool| plain.starts_with(tool));
    // What stands in parentheses is a remark.
    let bare = without_remarks(plain);
    let whole = words_of(plain);
    let words = words_of(&bare);
    if is_way_back_heading(&words, &bare) || is_way_back_heading(&whole, plain) {
        return Some(Says::Down);
    }
    let has = |list: &[&str]| whole.iter().any(|word| list.contains(word));
    if is_tools && has(&["down"]) {
        return Some(Says::Down);
    }
    let alone = ["no transaction", "notransaction", "transaction:false"];
    if is_tools && alone.iter().any(|words| plain.contains(words)) {
        return Some(Says::Alone);
    }
    let frames = |word: &&str| FORTH.contains(word) || AROUND.contains(word) || is_number(word);
    (is_tools && has(&["up"]) || words.iter().all(frames) && has(&FORTH) && !has(&["to"]))
        .then_some(Says::Up)
}

fn words_of(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// A text without what stands in parentheses, if something is left.
fn without_remarks(text: &str) -> String {
    let (mut bare, mut depth) = (String::new(), 0_usize);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare.trim().to_owned()
}

/// Whether a comment is a heading of the way back: a word for it, and beside it only what frames one, such as
/// names of tools, numbers of revisions and signs; or a short line that ends with such a word. A sentence that
/// mentions one has other words.
fn is_way_back_heading(words: &[&str], text: &str) -> bool {
    let is_strong = |word: &str| BACK.contains(&word) && !WEAK.contains(&word);
    let strong = words.iter().any(|word| is_strong(word));
    let weak = words.iter().filter(|word| WEAK.contains(word)).count();
    if words.iter().any(|word| ["no", "not", "never", "cannot", "without"].contains(word)) {
        return false;
    }
    let frames = |word: &&str| BACK.contains(word) || AROUND.contains(word) || is_number(word);
    if words.iter().all(frames) {
        return strong || weak > 1;
    }
    // Prose has other signs within.
    let inner = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let is_prose = inner.contains([',', ';', '\'', '"', '=']) || inner.contains(". ");
    let [.., before, last] = words else { return false };
    !is_prose && words.len() <= SHORT && is_strong(last) && !BEFORE_DOWN.contains(before)
}

/// `2`, `v2`, `20260301`.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}
