//! Keys that the events which an upcaster makes of one stored event have in common.
//!
//! They share position, stream and time, and only `:event.index` and their payloads tell them apart. A key
//! that is made of the envelope alone takes the second for the first.

use std::collections::BTreeSet;

use super::order::Facts;
use super::tree::{Node, Tree};
use crate::handler::{EnvelopeField, ParamSource};

/// An INSERT whose key all of these events share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    /// ON CONFLICT takes the second for the first.
    Taken,
    /// The second is refused.
    Refused,
}

/// `CmdType`.
const INSERT: i64 = 3;

/// The INSERTs of a statement whose rows have a key of the envelope alone. `sources` has the source of each
/// use of a parameter.
pub(super) fn shared_keys<'t>(
    tree: &'t Tree,
    facts: &Facts,
    sources: &[&ParamSource],
) -> Vec<(&'t Node, Shared)> {
    let inserts = tree.named("QUERY").filter(|node| node.number("commandType") == Some(INSERT));
    let shared = |query: &'t Node| {
        let target = usize::try_from(query.number("resultRelation")?).ok()?.checked_sub(1)?;
        let table = tree.below(query, "rtable").nth(target)?.oids("relid").next()?;
        let entries: Vec<&Node> = tree.below(query, "targetList").collect();
        let is_shared = |key: &&[i64]| {
            let uses: Option<Vec<&EnvelopeField>> = key
                .iter()
                .map(|column| {
                    let entry = entries.iter().find(|e| e.number("resno") == Some(*column))?;
                    envelope_of(tree, entry, sources)
                })
                .collect::<Option<Vec<Vec<_>>>>()
                .map(|all| all.into_iter().flatten().collect());
            let Some(uses) = uses else { return false };
            let has = |field: &EnvelopeField| uses.contains(&field);
            // Without these it is a key of several stored events, and the conflict is meant.
            has(&EnvelopeField::Position)
                || (has(&EnvelopeField::StreamId) && has(&EnvelopeField::StreamVersion))
        };
        let keys: Vec<&[i64]> = facts.keys_of(table).collect();
        let key = keys.iter().copied().find(is_shared)?;
        let Some(clause) = tree.below(query, "onConflict").next() else {
            return Some((query, Shared::Refused));
        };
        let named: BTreeSet<i64> = tree
            .below(clause, "arbiterElems")
            .filter_map(|one| tree.below(one, "expr").next()?.number("varattno"))
            .collect();
        let is_of_key = named.is_empty() || named == key.iter().copied().collect();
        Some((query, if is_of_key { Shared::Taken } else { Shared::Refused }))
    };
    inserts.filter_map(shared).collect()
}

/// The fields of the envelope that a value is made of; nothing where it is made of something else as well.
fn envelope_of<'s>(
    tree: &Tree,
    entry: &Node,
    sources: &[&'s ParamSource],
) -> Option<Vec<&'s EnvelopeField>> {
    let mut fields = Vec::new();
    for node in tree.inside(entry) {
        match node.name.as_str() {
            "VAR" | "QUERY" => return None,
            "PARAM" => {
                let number = usize::try_from(node.number("paramid")?).ok()?.checked_sub(1)?;
                match sources.get(number)? {
                    ParamSource::Envelope(EnvelopeField::Index) | ParamSource::Field(_) => {
                        return None;
                    }
                    ParamSource::Envelope(field) => fields.push(field),
                }
            }
            _ => {}
        }
    }
    Some(fields)
}
