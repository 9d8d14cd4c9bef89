//! `jsonb_build_object`.

use compact_str::CompactString;

use super::{Call, Function, Operation, Typed};
use crate::cell::json::{Target, takes};
use crate::cell::{Cell, Kind, assign};
use crate::handler::native::expr::{Expr, Scope, Stop, decline, own};
use crate::handler::native::operators::bounded;
use crate::handler::native::rejection::{Reason, Refused, refuse};
use crate::handler::native::typed::Is;
use crate::value::quote_json;

pub(super) const ALL: &[Function] =
    &[Function { name: "jsonb_build_object", takes: 0..=usize::MAX, typed: jsonb_build_object }];

static BUILD_OBJECT: Operation = Operation {
    is_strict: false,
    can_fail: true,
    value: |call, scope| Ok(own(Cell::Text(object(call, scope)?))),
};

/// Keys and values in turn; the keys are written out, each once.
fn jsonb_build_object(args: Vec<Typed>) -> Result<Typed, Refused> {
    let mut members: Vec<(Expr, Kind)> = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    let mut args = args.into_iter();
    while let Some(key) = args.next() {
        let (Is::Literal(key), Some(value)) = (key.is, args.next()) else {
            return refuse(Reason::OfFunction(
                "jsonb_build_object needs written keys for the native engine",
            ));
        };
        let kind = match value.kind() {
            Some(kind) if is_written(kind) => kind,
            Some(kind) => return refuse(Reason::InJson(kind)),
            None => Kind::Text,
        };
        if keys.contains(&key) {
            return refuse(Reason::OfFunction(
                "a key that stands twice is not in the native subset",
            ));
        }
        members.push((Expr::Const(Cell::Text(key.as_str().into())), Kind::Text));
        members.push((value.settle(kind)?, kind));
        keys.push(key);
    }
    BUILD_OBJECT.of(members, Kind::Jsonb)
}

fn is_written(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Text
            | Kind::Bool
            | Kind::Int2
            | Kind::Int4
            | Kind::Int8
            | Kind::Numeric
            | Kind::Uuid
            | Kind::Date
            | Kind::Timestamp
            | Kind::TimestampTz
            | Kind::Json
            | Kind::Jsonb
    )
}

fn object(call: &Call, scope: &Scope<'_>) -> Result<CompactString, Stop> {
    let mut json = CompactString::const_new("{");
    for (n, member) in call.args.chunks_exact(2).enumerate() {
        let [(Expr::Const(Cell::Text(key)), _), (value, kind)] = member else {
            return Err(Stop::Decline);
        };
        if n > 0 {
            json.push_str(", ");
        }
        json.push_str(&quote_json(key));
        json.push_str(": ");
        let value = value.value(scope)?;
        match (&*value, kind) {
            (Cell::Null, _) => json.push_str("null"),
            (Cell::Bool(value), _) => json.push_str(if *value { "true" } else { "false" }),
            (Cell::Text(raw), Kind::Json | Kind::Jsonb) => json.push_str(raw),
            (Cell::Text(text), _) => json.push_str(&quote_json(text)),
            (cell, Kind::Uuid | Kind::Date | Kind::Timestamp | Kind::TimestampTz) => {
                let text = decline(assign::text_of(cell, *kind))?;
                // As ISO 8601 has it, which is not how the types print themselves.
                let zone = if *kind == Kind::TimestampTz { ":00" } else { "" };
                json.push('"');
                json.push_str(&text.replace(' ', "T"));
                json.push_str(zone);
                json.push('"');
            }
            (number, Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::Numeric) => {
                let number = decline(number.decimal())?;
                json.push_str(&number.to_text());
            }
            _ => return Err(Stop::Decline),
        }
    }
    json.push('}');
    bounded(json.len())?;
    // A `json` may hold what a `jsonb` may not, and every object around another nests it deeper.
    let holds_json = |(_, kind): &(Expr, Kind)| matches!(kind, Kind::Json | Kind::Jsonb);
    match call.args.iter().any(holds_json) && !takes(Target::Jsonb, &json) {
        true => Err(Stop::Decline),
        false => Ok(json),
    }
}
