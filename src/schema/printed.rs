//! Finding names in what the server prints.
//!
//! Not a parser of SQL: it knows double quotes and where a name ends. What mentions a
//! name may mean something else by it, so the answer is good for an order, not for proof.

/// Where `mark` first stands outside double quotes.
pub(super) fn outside_quotes(text: &str, mark: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (!quoted && text[at..].starts_with(mark)).then_some(at)
    })
}

/// The table and the column of `table.column`.
pub(super) fn table_and_column(text: &str) -> Option<(&str, &str)> {
    outside_quotes(text, ".").map(|at| (&text[..at], &text[at + 1..]))
}

/// The name of `name(arguments)`.
pub(super) fn bare(routine: &str) -> &str {
    outside_quotes(routine, "(").map_or(routine, |at| &routine[..at])
}

/// Whether the name stands in the text as a whole.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    occurrences(text, name).any(|after| !after.starts_with(is_name))
}

/// Whether the name stands in the text with its arguments.
pub(super) fn calls(text: &str, name: &str) -> bool {
    occurrences(text, name).any(|after| after.starts_with('('))
}

/// What follows each place where `name` begins as a whole name.
fn occurrences<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(name)
        .filter(|(at, _)| !text[..*at].ends_with(is_name))
        .map(|(at, _)| &text[at + name.len()..])
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$' || c == '"'
}

/// A name with more at its end, quoted if it was.
pub(super) fn longer(name: &str, end: &str) -> String {
    match name.strip_suffix('"') {
        Some(name) => format!("{name}{end}\""),
        None => format!("{name}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_whole_only() {
        assert!(mentions("SELECT id FROM orders o", "orders"));
        assert!(mentions("nextval('orders'::regclass)", "orders"));
        assert!(!mentions("SELECT id FROM orders_2", "orders"));
        assert!(!mentions("SELECT id FROM \"orders\"", "orders"));
        assert!(calls("CHECK (f(x))", "f") && !calls("SELECT f FROM t", "f"));
    }

    #[test]
    fn quotes_hide_what_is_in_them() {
        assert_eq!(table_and_column("\"a.b\".c"), Some(("\"a.b\"", "c")));
        assert_eq!(bare("\"f(\"(x integer)"), "\"f(\"");
        assert_eq!(longer("\"A b\"", "_old"), "\"A b_old\"");
    }
}
