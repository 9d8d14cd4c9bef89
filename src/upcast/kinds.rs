//! How each of jaq's native functions is had.
//!
//! Owns the list of all of them: each is taken as it is, since all it does is done to values that are
//! bounded; or weighed before it runs; or ours; or refused, since it does not give the same answer
//! twice. A function that is not in the list is not there: a new version of jaq adds none that nobody
//! has looked at.

use std::collections::HashMap;
use std::sync::OnceLock;

/// How a native function of jaq is had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As it is.
    Plain,
    /// As it is, after what its input may become was weighed: so many times as long.
    Grows(usize),
    /// As it is, after the regular expression and its input were weighed.
    Regex,
    /// Written anew, for jaq has it for its own values only.
    Ours,
    /// Not at all: it has a clock, an environment, an input, an output or an end of its own.
    Refused,
}

/// The native functions of jaq, with the number of their arguments.
pub(super) const NATIVE: &[(Kind, usize, &str)] = &[
    (Kind::Plain, 0, "error_empty keys_unsorted key_values"),
    (Kind::Plain, 1, "path path_value first last sort_by group_by min_by_or_empty max_by_or_empty"),
    (Kind::Plain, 2, "limit skip"),
    (Kind::Plain, 3, "range fma"),
    (Kind::Plain, 0, "floor round ceil utf8bytelength reverse sort trim ltrim rtrim"),
    (Kind::Plain, 1, "startswith endswith ltrimstr rtrimstr"),
    (
        Kind::Plain,
        0,
        "acos acosh asin asinh atan atanh cbrt cos cosh erf erfc exp exp10 exp2 expm1",
    ),
    (Kind::Plain, 0, "fabs frexp ilogb j0 j1 lgamma log log10 log1p log2 modf nearbyint rint sin"),
    (Kind::Plain, 0, "sinh sqrt tan tanh tgamma trunc y0 y1"),
    (Kind::Plain, 2, "atan2 copysign fdim fmax fmin fmod hypot jn ldexp nextafter pow remainder"),
    (Kind::Plain, 2, "scalbln yn"),
    (Kind::Plain, 0, "fromdateiso8601 todateiso8601 gmtime mktime"),
    (Kind::Plain, 1, "strptime"),
    (Kind::Grows(1), 0, "ascii_downcase ascii_upcase unescape_html decode_uri decode_base64"),
    (Kind::Grows(2), 0, "encode_base64"),
    (Kind::Grows(24), 0, "explode"),
    (Kind::Grows(8), 0, "implode escape_sh escape_html encode_uri"),
    (Kind::Grows(64), 1, "strftime"),
    (Kind::Regex, 2, "matches split_matches split_"),
    (Kind::Ours, 0, "fromjson tojson tobytes length"),
    (Kind::Ours, 1, "contains has indices bsearch"),
    (Kind::Refused, 0, "now localtime env debug_empty stderr_empty"),
    (Kind::Refused, 1, "strflocaltime halt"),
];

/// How a function is had; `None` for one that nobody has looked at.
pub(super) fn kind_of(name: &str, arguments: usize) -> Option<Kind> {
    // Asked for each function and each call of the prelude, with each filter.
    static KINDS: OnceLock<HashMap<(&str, usize), Kind>> = OnceLock::new();
    let kinds = KINDS.get_or_init(|| {
        let all = NATIVE.iter().flat_map(|(kind, arguments, names)| {
            names.split_whitespace().map(|name| ((name, *arguments), *kind))
        });
        all.collect()
    });
    kinds.get(&(name, arguments)).copied()
}

/// What weighs a call before it is made, if something must. No filter can name it.
pub(super) fn weighed_by(name: &str, arguments: usize) -> Option<&'static str> {
    match kind_of(name, arguments)? {
        Kind::Grows(1) => Some("!weigh1"),
        Kind::Grows(2) => Some("!weigh2"),
        Kind::Grows(8) => Some("!weigh8"),
        Kind::Grows(24) => Some("!weigh24"),
        Kind::Grows(_) => Some("!weigh64"),
        Kind::Regex => Some("!regex"),
        Kind::Plain | Kind::Ours | Kind::Refused => None,
    }
}
