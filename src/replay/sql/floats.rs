//! Parameters that PostgreSQL takes for floats although nothing they end in is one.
//!
//! A function such as `abs` exists for several number types, and of a parameter without one
//! PostgreSQL takes the float. The value then loses digits on its way into a `numeric`. Whether a
//! float is meant is asked of the server: were the parameter `numeric`, would it turn it into a
//! float again?

use super::probe::{self, Looked, Probe};
use super::tree::{Node, Tree};
use crate::handler::Statement;
use crate::handler::function::StatementTypes;
use crate::ident::Ident;
use crate::pg::{PgError, Transaction};

/// `float4` and `float8` in `pg_type`.
const FLOATS: [i64; 2] = [700, 701];
/// Arrays of them.
const FLOAT_ARRAYS: [i64; 2] = [1021, 1022];
/// `COERCE_EXPLICIT_CAST` in `src/include/nodes/primnodes.h`.
const EXPLICIT: i64 = 1;
/// `COERCE_IMPLICIT_CAST` there.
const IMPLICIT: i64 = 2;

/// The uses of parameters, by their numbers in the statement, that pass through a float for nothing.
pub(super) fn lossy(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    statement: &Statement,
    types: &StatementTypes,
) -> Result<Vec<usize>, PgError> {
    let is_float = |name: &str| matches!(name, "double precision" | "real");
    let floats: Vec<usize> =
        (0..types.by_use.len()).filter(|nth| is_float(&types.by_use[*nth].sql)).collect();
    if floats.is_empty() {
        return Ok(Vec::new());
    }
    let mut tree = |instead: &[usize]| -> Result<Option<Tree>, PgError> {
        let name = |nth: usize| match instead.contains(&nth) {
            true => "numeric",
            false => types.by_use[nth].sql.as_str(),
        };
        let types: Vec<&str> = (0..types.by_use.len()).map(name).collect();
        let at = Looked { schema, statement, types: &types };
        let take = |_: &mut Transaction<'_>, probe: &Probe| Ok(probe.tree.clone());
        Ok(probe::look(transaction, at, take)?.ok())
    };
    let (Some(as_inferred), Some(as_numeric)) = (tree(&[])?, tree(&floats)?) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for nth in floats {
        let Some(node) = use_of(&as_numeric, nth) else { continue };
        let around: Vec<&Node> = as_numeric.all_around(node).collect();
        if around.first().is_some_and(|outer| cast_to_float(outer, &[EXPLICIT])) {
            continue;
        }
        let is_inside = around.iter().filter(|outer| outer.name == "QUERY").count() > 1;
        let needs_float = match is_inside {
            // What a query gives is used where the tree does not lead from here.
            true => match tree(&[nth])? {
                Some(alone) => casts_to_float(&alone) > 0 && casts_to_float(&as_numeric) > 0,
                None => true,
            },
            false => around.iter().any(|outer| cast_to_float(outer, &[EXPLICIT, IMPLICIT])),
        };
        if !needs_float || use_of(&as_inferred, nth).is_some_and(|n| leaves_floats(&as_inferred, n))
        {
            found.push(nth);
        }
    }
    Ok(found)
}

/// The node of the parameter's use with that number, from 0.
fn use_of(tree: &Tree, nth: usize) -> Option<&Node> {
    let number = i64::try_from(nth).ok()? + 1;
    tree.named("PARAM").find(|node| node.number("paramid") == Some(number))
}

fn is_float(oid: Option<i64>) -> bool {
    oid.is_some_and(|oid| FLOATS.contains(&oid))
}

fn is_cast(node: &Node, forms: &[i64]) -> bool {
    node.name == "FUNCEXPR" && node.number("funcformat").is_some_and(|form| forms.contains(&form))
}

fn cast_to_float(node: &Node, forms: &[i64]) -> bool {
    let of_list = node.name == "ARRAYCOERCEEXPR"
        && node.number("resulttype").is_some_and(|oid| FLOAT_ARRAYS.contains(&oid));
    of_list || (is_cast(node, forms) && is_float(node.number("funcresulttype")))
}

fn casts_to_float(tree: &Tree) -> usize {
    tree.nodes.iter().filter(|node| cast_to_float(node, &[EXPLICIT, IMPLICIT])).count()
}

/// Whether the float that a parameter is part of is cast to what is none.
fn leaves_floats(tree: &Tree, param: &Node) -> bool {
    for node in tree.all_around(param) {
        let result = match node.name.as_str() {
            "FUNCEXPR" => node.number("funcresulttype"),
            "OPEXPR" => node.number("opresulttype"),
            "COALESCE" | "COALESCEEXPR" => node.number("coalescetype"),
            "MINMAX" | "MINMAXEXPR" => node.number("minmaxtype"),
            "CASE" | "CASEEXPR" => node.number("casetype"),
            "WHEN" | "CASEWHEN" => continue,
            "COERCEVIAIO" => return true,
            _ => return false,
        };
        if !is_float(result) {
            return is_cast(node, &[EXPLICIT, IMPLICIT]);
        }
    }
    false
}
