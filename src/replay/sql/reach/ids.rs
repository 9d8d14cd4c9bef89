//! Object ids as values: a table has another one in each build.

use crate::replay::sql::tree::{Node, Tree};

/// The first object id that is not PostgreSQL's own (`src/include/access/transam.h`).
pub(super) const FIRST_MADE: u32 = 16384;

/// Types that stand for an object and are its number: regproc, regprocedure, regoper, regoperator, regclass,
/// regtype, regrole, regnamespace, regcollation. Those of text search are arguments, mostly.
const NAMES: [u32; 9] = [24, 2202, 2203, 2204, 2205, 2206, 4096, 4089, 4191];
/// oid, and integer, as which it is taken without a function.
const NUMBERS: [u32; 2] = [26, 23];
/// `bigint(oid)`
const TO_BIGINT: u32 = 1287;
/// `nextval`, `currval` and both `setval`, which are told for themselves.
const OF_SEQUENCES: [u32; 4] = [1574, 1575, 1576, 1765];
/// The fields in which nodes have their type.
const TYPES: [&str; 8] = [
    "consttype",
    "paramtype",
    "vartype",
    "funcresulttype",
    "resulttype",
    "casetype",
    "coalescetype",
    "opresulttype",
];

/// Whether the id of an object of the database is a value in a tree.
pub(super) fn is_shown(tree: &Tree) -> bool {
    let of = |node: &Node, field: &str| node.oids(field).next();
    let is_name = |node: &Node| TYPES.iter().any(|t| node.oids(t).any(|oid| NAMES.contains(&oid)));
    tree.nodes.iter().any(|node| match node.name.as_str() {
        "CONST" => {
            let sequence = tree.around(node).and_then(|call| of(call, "funcid"));
            is_name(node)
                && value(node) >= FIRST_MADE
                && !sequence.is_some_and(|f| OF_SEQUENCES.contains(&f))
        }
        "RELABELTYPE" => {
            of(node, "resulttype").is_some_and(|oid| NUMBERS.contains(&oid))
                && tree.below(node, "arg").any(|arg| arg.name != "CONST" && is_name(arg))
        }
        "FUNCEXPR" => {
            of(node, "funcid") == Some(TO_BIGINT)
                && tree.below(node, "args").any(|arg| arg.name != "CONST" && is_name(arg))
        }
        _ => false,
    })
}

/// The number that a constant is: its bytes stand in brackets.
fn value(node: &Node) -> u32 {
    let bytes = node.words("constvalue").filter_map(|word| word.parse::<i16>().ok()).skip(1);
    let bytes = bytes.take(4).enumerate();
    bytes.map(|(n, byte)| u32::from(byte.to_le_bytes()[0]) << (8 * n)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_what_was_made_are_shown() {
        let of = |text: &str| is_shown(&Tree::read(text).unwrap());
        let table = "{CONST :consttype 2205 :constlen 4 :constvalue 4 [ 6 64 0 0 0 0 0 0 ]}";
        assert!(of(&format!("({{TARGETENTRY :expr {table}}})")));
        assert!(!of(&format!("({{FUNCEXPR :funcid 1574 :args ({table})}})")));
        assert!(!of("({CONST :consttype 2206 :constlen 4 :constvalue 4 [ 23 0 0 0 0 0 0 0 ]})"));
        assert!(!of("({CONST :consttype 3734 :constlen 4 :constvalue 4 [ 6 64 0 0 0 0 0 0 ]})"));
        assert!(of("({RELABELTYPE :arg {PARAM :paramtype 2205} :resulttype 26})"));
        assert!(of("({FUNCEXPR :funcid 1287 :args ({VAR :vartype 24})})"));
        assert!(!of(
            "({COERCEVIAIO :arg {FUNCEXPR :funcid 1619 :funcresulttype 2206} :resulttype 25})"
        ));
    }
}
