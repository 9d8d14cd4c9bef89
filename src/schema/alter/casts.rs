//! Which change of a column's type PostgreSQL does by itself, and without loss.
//!
//! Owns a list by the names `format_type` prints. A conversion that is not in it may
//! exist all the same; then a person writes the USING. One that would round silently
//! is left out on purpose, and one that fails on a value too large is in.

/// Conversions that need no USING (pg_cast, contexts `i` and `a`), without those that round.
const FREE: &[(&str, &[&str])] = &[
    ("smallint", &["integer", "bigint", "numeric", "real", "double precision"]),
    ("integer", &["smallint", "bigint", "numeric", "double precision"]),
    ("bigint", &["smallint", "integer", "numeric"]),
    ("real", &["double precision"]),
    ("character", &["text", "character varying"]),
    ("character varying", &["text", "character"]),
    ("text", &["character varying", "character"]),
    ("name", &["text", "character varying"]),
    ("date", &["timestamp without time zone", "timestamp with time zone"]),
    ("timestamp without time zone", &["timestamp with time zone"]),
    ("timestamp with time zone", &["timestamp without time zone"]),
    ("json", &["jsonb"]),
    ("jsonb", &["json"]),
    ("cidr", &["inet"]),
    ("bit", &["bit varying"]),
];

/// Whether `ALTER COLUMN ... TYPE` alone does it and no value becomes another.
pub(super) fn is_free(from: &str, to: &str) -> bool {
    let (base, modifiers) = split(from);
    let (to_base, to_modifiers) = split(to);
    if base == to_base {
        return keeps_digits(&base, &modifiers, &to_modifiers);
    }
    if to_base == "numeric" {
        // An integer keeps all its digits in any scale that is not negative.
        return free(&base, &to_base) && to_modifiers.get(1).is_none_or(|scale| *scale >= 0);
    }
    // Every type has an assignment cast to the string types.
    let to_text = to == "text" || to == "character varying";
    to_text && !base.ends_with(']') || free(&base, &to_base)
}

fn free(from: &str, to: &str) -> bool {
    FREE.iter().any(|(base, others)| *base == from && others.contains(&to))
}

/// Whether another modifier of the same type rounds nothing.
fn keeps_digits(base: &str, from: &[i64], to: &[i64]) -> bool {
    if to.is_empty() || from == to {
        return true;
    }
    if base.starts_with("numeric") {
        let scale = |modifiers: &[i64]| modifiers.get(1).copied().unwrap_or(0);
        return !from.is_empty() && scale(to) >= scale(from);
    }
    if base.starts_with("time") || base.starts_with("interval") {
        return from.first().is_some_and(|from| to.first() >= Some(from));
    }
    true
}

/// A type without its modifiers, and they: `timestamp(3) with time zone` has one.
fn split(sql_type: &str) -> (String, Vec<i64>) {
    let parts = sql_type.split_once('(').and_then(|(head, rest)| {
        let (modifiers, tail) = rest.split_once(')')?;
        Some((format!("{head}{tail}"), modifiers))
    });
    match parts {
        Some((base, modifiers)) => {
            (base, modifiers.split(',').filter_map(|m| m.trim().parse().ok()).collect())
        }
        None => (sql_type.to_owned(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_free;

    #[test]
    fn a_type_that_takes_every_value_needs_no_using() {
        for (from, to) in [
            ("integer", "bigint"),
            ("bigint", "integer"),
            ("integer", "numeric(12,2)"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("numeric(10,2)", "numeric"),
            ("character varying(10)", "character varying(20)"),
            ("character varying(10)", "text"),
            ("uuid", "text"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
            ("json", "jsonb"),
        ] {
            assert!(is_free(from, to), "{from} to {to}");
        }
    }

    #[test]
    fn a_type_that_rounds_or_must_be_told_how_does() {
        for (from, to) in [
            ("text", "integer"),
            ("numeric", "integer"),
            ("numeric(10,4)", "numeric(10,2)"),
            ("numeric", "numeric(10,2)"),
            ("timestamp with time zone", "timestamp(3) with time zone"),
            ("text", "jsonb"),
            ("integer[]", "bigint[]"),
            ("text", "status"),
        ] {
            assert!(!is_free(from, to), "{from} to {to}");
        }
    }
}
