//! `array_append`, which `||` is as well.

use super::{Function, Operation, Typed};
use crate::cell::{Cell, Kind};
use crate::handler::native::expr::{decline, own};
use crate::handler::native::operators::bounded;
use crate::handler::native::rejection::{Reason, Refused, refuse};

pub(super) const ALL: &[Function] =
    &[Function { name: "array_append", takes: 2..=2, typed: array_append }];

static APPEND: Operation = Operation {
    is_strict: false,
    can_fail: false,
    value: |call, scope| {
        let (array, element) = call.two(scope)?;
        Ok(own(decline(append(&array, &element))?))
    },
};

fn array_append(args: Vec<Typed>) -> Result<Typed, Refused> {
    match <[Typed; 2]>::try_from(args) {
        Ok([array, element]) => appended(array, element),
        Err(_) => refuse(Reason::OtherFunction("array_append".to_owned())),
    }
}

pub(in crate::handler::native) fn appended(array: Typed, element: Typed) -> Result<Typed, Refused> {
    match (array.kind(), element.kind()) {
        (Some(Kind::TextArray), Some(Kind::Text) | None) => {
            let element = element.settle(Kind::Text)?;
            APPEND.of(vec![(array.expr, Kind::TextArray), (element, Kind::Text)], Kind::TextArray)
        }
        _ => refuse(Reason::OfFunction(
            "appending to what is not text[] is not in the native subset",
        )),
    }
}

fn append(array: &Cell, element: &Cell) -> Option<Cell> {
    let element = match element {
        Cell::Null => None,
        Cell::Text(text) => Some(text.clone()),
        _ => return None,
    };
    let mut elements = match array {
        Cell::Null => Vec::with_capacity(1),
        Cell::Array(elements) => (**elements).clone(),
        _ => return None,
    };
    bounded(elements.len()).ok()?;
    elements.push(element);
    Some(Cell::Array(Box::new(elements)))
}
