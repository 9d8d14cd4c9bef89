//! `length`.

use super::{Function, Operation, Typed};
use crate::cell::{Cell, Kind};
use crate::handler::native::expr::{Stop, own};
use crate::handler::native::rejection::{Reason, Refused, refuse};

pub(super) const ALL: &[Function] = &[Function { name: "length", takes: 1..=1, typed: length }];

/// In characters.
static LENGTH: Operation = Operation {
    is_strict: true,
    can_fail: false,
    value: |call, scope| {
        let (text, _) = call.one(scope)?;
        match &*text {
            Cell::Null => Ok(own(Cell::Null)),
            Cell::Text(text) => {
                let length = i32::try_from(text.chars().count()).map_err(|_| Stop::Decline)?;
                Ok(own(Cell::Int(length.into())))
            }
            _ => Err(Stop::Decline),
        }
    },
};

fn length(args: Vec<Typed>) -> Result<Typed, Refused> {
    match args.into_iter().next() {
        Some(text) if text.kind() == Some(Kind::Text) => {
            LENGTH.of(vec![(text.expr, Kind::Text)], Kind::Int4)
        }
        _ => refuse(Reason::OfFunction("length of other than a text is not in the native subset")),
    }
}
