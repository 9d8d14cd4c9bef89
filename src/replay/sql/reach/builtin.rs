//! Which of PostgreSQL's own functions give the same value at the next rebuild.
//!
//! Those it calls IMMUTABLE do. Those it calls STABLE look at something else: at settings, which every
//! session of ours pins (`pg/session.sql`), or at the clock, the session, the catalog. The first are
//! listed, so one that a later version brings is refused until somebody has looked at it. Of those it
//! calls VOLATILE a few triggers only touch the row at hand.

/// STABLE by pinned settings alone, by name.
const BY_SETTINGS: [&str; 44] = [
    "anytextcat",
    "array_to_json",
    "array_to_string",
    "concat",
    "concat_ws",
    "convert",
    "convert_from",
    "convert_to",
    "date",
    "date_add",
    "date_part",
    "date_subtract",
    "date_trunc",
    "enum_first",
    "enum_last",
    "enum_range",
    "extract",
    "format",
    "generate_series",
    "in_range",
    "interval_pl_timestamptz",
    "length",
    "make_timestamptz",
    "money",
    "numeric",
    "overlaps",
    "pg_trigger_depth",
    "pg_typeof",
    "quote_literal",
    "quote_nullable",
    "row_to_json",
    "textanycat",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "to_number",
    "to_timestamp",
    "xml",
    "xml_is_well_formed",
];
/// The same, by how the names begin.
const FAMILIES: [&str; 5] = ["json_", "jsonb_", "date_", "timestamp_", "timestamptz_"];
/// What looks like these and asks for the session's own text search configuration.
const BY_CONFIGURATION: &str = "_to_tsvector";
/// VOLATILE, and triggers that change nothing but the row at hand.
const TRIGGERS: [&str; 3] = [
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
];

/// Whether a function of PostgreSQL's own gives the same value for the same arguments, whoever asks and
/// whenever. `volatility` is pg_proc's.
pub(super) fn is_fixed(name: &str, volatility: &str) -> bool {
    match volatility {
        "i" => true,
        "s" => {
            let of_family = FAMILIES.iter().any(|f| name.starts_with(f));
            // What reads a text as a date or time knows the words that ask the clock.
            let is_input = name.ends_with("_in");
            BY_SETTINGS.contains(&name)
                || (of_family && !is_input && !name.ends_with(BY_CONFIGURATION))
        }
        _ => TRIGGERS.contains(&name),
    }
}
