//! PostgreSQL's messages without the values they quote.
//!
//! A message may be translated, so only what no translation changes is looked at: the SQLSTATE,
//! quotation marks, brackets, and the word RAISE in the context. In class 23 (integrity
//! constraints) the message names tables and constraints and the values are in the detail, behind
//! `=(`; everywhere else what stands in quotation marks may be a value (PostgreSQL manual,
//! appendix A; `src/backend/utils/adt`).

/// Quotation marks of PostgreSQL's translations. An apostrophe is a letter in some of them.
const QUOTES: [char; 8] =
    ['"', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}', '\u{300c}', '\u{300d}'];

/// Whether the words are those of a function's author: a RAISE may hold anything.
#[must_use]
pub fn is_raised(sqlstate: &str, context: Option<&str>) -> bool {
    let raised =
        context.and_then(|c| c.lines().next()).is_some_and(|l| l.trim_end().ends_with("RAISE"));
    raised || sqlstate == "P0001" || matches!(sqlstate.get(..2), Some("38" | "39"))
}

/// The message with `"..."` for what it quotes.
#[must_use]
pub fn message_without_values(sqlstate: &str, message: &str) -> String {
    if sqlstate.starts_with("23") {
        return message.to_owned();
    }
    let Some(first) = message.find(QUOTES) else { return message.to_owned() };
    let after = message.rfind(QUOTES).filter(|last| *last > first).map_or("", |last| {
        let width = message[last..].chars().next().map_or(1, char::len_utf8);
        &message[last + width..]
    });
    format!("{}\"...\"{after}", &message[..first])
}

/// The detail with `...` for the values of a row or a key; none where it would be nothing else.
#[must_use]
pub fn detail_without_values(sqlstate: &str, detail: &str) -> Option<String> {
    match sqlstate {
        // Precision and scale of the column.
        "22003" if !detail.contains(QUOTES) => Some(detail.to_owned()),
        _ if !sqlstate.starts_with("23") => None,
        _ => {
            let behind = |mark: &str| detail.find(mark).map(|at| at + mark.len());
            let Some(open) = behind("=(").or_else(|| behind(" = (")).or_else(|| behind("(")) else {
                return Some(detail.to_owned());
            };
            let close = detail.rfind(')').filter(|close| *close >= open)?;
            Some(format!("{}...{}", &detail[..open], &detail[close..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_and_names_stay() {
        let check = |code: &str, message: &str, expect: &str| {
            assert_eq!(message_without_values(code, message), expect);
        };
        check(
            "22P02",
            "invalid input syntax for type numeric: \"secret\"",
            "invalid input syntax for type numeric: \"...\"",
        );
        check(
            "22003",
            "value \"99\"9\" is out of range for type integer",
            "value \"...\" is out of range for type integer",
        );
        check("22P02", "cut \"off secret", "cut \"...\"");
        check(
            "22P02",
            "ungültige Eingabe für Typ integer: »geheim«",
            "ungültige Eingabe für Typ integer: \"...\"",
        );
        check("22012", "division by zero", "division by zero");
        let names = "null value in column \"a\" of relation \"t\" violates not-null constraint";
        check("23502", names, names);
    }

    #[test]
    fn a_detail_keeps_its_columns() {
        let check = |code: &str, detail: &str, expect: Option<&str>| {
            assert_eq!(detail_without_values(code, detail).as_deref(), expect);
        };
        check(
            "23505",
            "Key (lower(email), n)=(x@y), =(z, 1) already exists.",
            Some("Key (lower(email), n)=(...) already exists."),
        );
        check("23502", "Failing row contains (1, secret).", Some("Failing row contains (...)."));
        check(
            "23514",
            "Partition key of the failing row contains (a) = (secret).",
            Some("Partition key of the failing row contains (a) = (...)."),
        );
        check("23503", "Key (a)=(secret", None);
        check("22P02", "Token \"secret\" is invalid.", None);
        let scale =
            "A field with precision 4, scale 2 must round to an absolute value less than 10^2.";
        check("22003", scale, Some(scale));
    }

    #[test]
    fn a_raise_is_known_by_its_context() {
        assert!(is_raised(
            "23514",
            Some("PL/pgSQL function f() line 3 at RAISE\nSQL statement ...")
        ));
        assert!(is_raised("P0001", None));
        assert!(!is_raised("22P02", Some("PL/pgSQL function f() line 3 at SQL statement")));
    }
}
