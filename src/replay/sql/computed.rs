//! Fields that an upcaster computes with floats, and that end in what is exact.

use super::Fault;
use crate::definition::Parsed;
use crate::handler::function::StatementTypes;
use crate::handler::{Handler, ParamSource};
use crate::upcast::Computed;

/// Types whose values are whole numbers.
const WHOLE: [&str; 4] = ["bigint", "integer", "smallint", "money"];

/// Each computed field, and what handlers take it for. Where its numbers may be whole, the type must not say so.
pub(super) fn doubts(parsed: &Parsed, types: &[Vec<StatementTypes>]) -> Vec<Fault> {
    let mut doubts = Vec::new();
    for (handler, types) in parsed.handlers.handlers.iter().zip(types) {
        let exact = exact_uses(handler, types);
        for event_type in &handler.event_types {
            for computed in parsed.upcasters.rounded(event_type) {
                let is_it = |(path, ty): &&(&[String], &str)| {
                    let is_whole = WHOLE.contains(ty);
                    (computed.is_certain || (computed.path.is_some() && !is_whole))
                        && computed.path.is_none_or(|written| overlap(written, path))
                };
                if let Some((path, ty)) = exact.iter().find(is_it) {
                    doubts.push(doubt(&computed, (&path.join("."), ty)));
                }
            }
        }
    }
    doubts
}

/// The payload's fields that a handler takes for exact numbers, with the type.
fn exact_uses<'h>(
    handler: &'h Handler,
    types: &'h [StatementTypes],
) -> Vec<(&'h [String], &'h str)> {
    let mut found = Vec::new();
    for (statement, types) in handler.statements.iter().zip(types) {
        let mut uses = types.by_use.iter();
        statement.render(|param| {
            if let (Some(ty), ParamSource::Field(path)) =
                (uses.next(), &handler.params[param].source)
                && (ty.base.starts_with("numeric") || WHOLE.contains(&ty.base.as_str()))
            {
                found.push((path.as_slice(), ty.base.as_str()));
            }
            String::new()
        });
    }
    found
}

/// Whether one path leads to the other.
fn overlap(one: &[String], other: &[String]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

fn doubt(computed: &Computed<'_>, (field, ty): (&str, &str)) -> Fault {
    let what = computed.path.map_or_else(|| "a value".to_owned(), |path| path.join("."));
    let computes = match computed.is_certain {
        true => format!("computes {what} with floats"),
        false => format!("computes {what} with floats, if its numbers have fractions"),
    };
    let message = format!(
        "the jq step {} {computes}: there 1.005 * 100 is 100.49999999999999, and handlers take {field} for {ty}, \
         which is meant to be exact",
        computed.step
    );
    let hint = "move the point with scaled(2), which is exact: .cents = (.price | scaled(2)); or hand the number \
                on and compute in the handler, where numeric is exact";
    Fault { place: computed.place.clone(), message, hint: Some(hint.to_owned()) }
}
