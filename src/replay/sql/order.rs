//! Where what a statement gives depends on an order, or on a choice among rows, that nobody wrote.
//!
//! Without an ORDER BY PostgreSQL gives rows as it comes upon them, and a rebuild lays them down in another
//! order. What LIMIT, DISTINCT ON, a window, an aggregate that keeps the order of its values, or an UPDATE
//! that joins several rows makes of them is another then. Whether rows are told apart is proved from keys
//! and equations ([`level`]): what is proved nobody hears of, what is certain is refused, and what only may
//! be so is told and stops nothing. Nothing is evaluated.

mod facts;
mod level;

use std::collections::BTreeSet;

pub(super) use facts::Facts;
use level::{Level, is_referred, references};

use super::tree::{Node, Tree};
use crate::pg::{PgError, Sql};

/// Something that the statement does not determine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Undetermined {
    /// What depends on it.
    pub(super) what: What,
    /// Whether there is an ORDER BY, which does not tell all rows apart.
    pub(super) is_sorted: bool,
    /// Whether the rows are several by all that their tables' keys tell.
    pub(super) is_certain: bool,
    /// A key that would tell the rows apart: `u.id`.
    key: Option<String>,
}

/// What may depend on the order of rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// LIMIT, OFFSET, FETCH FIRST.
    Limit,
    DistinctOn,
    /// `ARRAY (SELECT ...)`.
    Array,
    /// An aggregate whose result has its values in their order, or takes one of them.
    Aggregate(String),
    /// An aggregate that adds floats.
    Floats(String),
    /// One that keeps the last value of each key.
    Last(String),
    Window(String),
    /// UPDATE ... FROM.
    Update,
    /// INSERT ... SELECT ... ON CONFLICT DO NOTHING.
    Conflict,
    /// Where a row lies.
    Ctid,
}

/// Aggregates that keep the order of their values, or take any of them.
const KEEPING: [&str; 14] = [
    "any_value",
    "array_agg",
    "json_agg",
    "json_agg_strict",
    "json_object_agg",
    "json_object_agg_strict",
    "json_object_agg_unique",
    "json_object_agg_unique_strict",
    "jsonb_agg",
    "jsonb_agg_strict",
    "string_agg",
    "xmlagg",
    "json_objectagg",
    "json_arrayagg",
];
/// Those that keep the last value of each key.
const LAST: [&str; 2] = ["jsonb_object_agg", "jsonb_object_agg_strict"];
/// Those that round at each value, by how their names begin.
const ROUNDING: [&str; 7] = ["sum", "avg", "stddev", "var", "corr", "covar", "regr"];
/// Functions of a window that look at the order inside of it.
const ORDERED: [&str; 7] =
    ["row_number", "ntile", "lag", "lead", "first_value", "last_value", "nth_value"];
/// `float4` and `float8` in `pg_type`.
const FLOATS: [u32; 2] = [700, 701];
/// `tid` there.
const TID: i64 = 27;
/// `SubLinkType`.
const EXISTS: i64 = 0;
const ARRAY: i64 = 6;
/// `CmdType`.
const UPDATE: i64 = 2;
const INSERT: i64 = 3;
/// `OnConflictAction`.
const NOTHING: i64 = 1;
/// `FRAMEOPTION_ROWS` in `src/include/nodes/parsenodes.h`.
const FRAME_OF_ROWS: i64 = 4;

/// Looks at a parse tree; gives what is not determined, each with its node.
pub(super) fn look<'t>(
    sql: &mut impl Sql,
    tree: &'t Tree,
    facts: &mut Facts,
) -> Result<Vec<(&'t Node, Undetermined)>, PgError> {
    if !tree.nodes.iter().any(|node| may_depend(tree, node)) {
        return Ok(Vec::new());
    }
    facts.read(sql, tree)?;
    Ok(found(tree, facts))
}

/// Whether a node is of a kind that is looked at at all.
fn may_depend(tree: &Tree, node: &Node) -> bool {
    match node.name.as_str() {
        "QUERY" => {
            let has = |field: &'static str| tree.below(node, field).next().is_some();
            has("limitCount")
                || has("limitOffset")
                || has("onConflict")
                || node.word("hasDistinctOn") == Some("true")
                || (node.number("commandType") == Some(UPDATE)
                    && tree.below(node, "rtable").count() > 1)
        }
        "AGGREF" | "WINDOWFUNC" => true,
        "SUBLINK" => node.number("subLinkType") == Some(ARRAY),
        "VAR" => is_ctid(node),
        _ => false,
    }
}

fn is_ctid(node: &Node) -> bool {
    node.number("varattno") == Some(-1) && node.number("vartype") == Some(TID)
}

fn found<'t>(tree: &'t Tree, facts: &Facts) -> Vec<(&'t Node, Undetermined)> {
    let mut found = Vec::new();
    for node in &tree.nodes {
        let one = match node.name.as_str() {
            "QUERY" => {
                let level = Level::of(tree, facts, node);
                let all = [
                    limit(tree, &level),
                    distinct_on(&level),
                    update(tree, &level),
                    conflict(tree, facts, &level),
                ];
                found.extend(all.into_iter().flatten().map(|one| (node, one)));
                None
            }
            "AGGREF" => aggregate(tree, facts, node),
            "WINDOWFUNC" => window(tree, facts, node),
            "SUBLINK" => array(tree, facts, node),
            "VAR" if is_ctid(node) => Some(Undetermined {
                what: What::Ctid,
                is_sorted: false,
                is_certain: false,
                key: None,
            }),
            _ => None,
        };
        found.extend(one.map(|one| (node, one)));
    }
    found
}

/// What is not determined in a query, certain where nothing sorts rows of tables.
fn of(level: &Level<'_>, what: What, is_sorted: bool) -> Undetermined {
    let key = level.key(&level.follow([], &[]));
    Undetermined { what, is_sorted, is_certain: !is_sorted && level.is_of_tables(), key }
}

fn limit(tree: &Tree, level: &Level<'_>) -> Option<Undetermined> {
    let query = level.query;
    let counts = |field: &'static str| {
        // LIMIT ALL is a NULL.
        let is_null = |node: &Node| {
            let mut nodes = std::iter::once(node).chain(tree.inside(node));
            nodes.any(|n| n.word("constisnull") == Some("true"))
        };
        tree.below(query, field).any(|node| !is_null(node))
    };
    if !counts("limitCount") && !counts("limitOffset") {
        return None;
    }
    // Whether there is a row says the number of rows.
    if tree
        .around(query)
        .is_some_and(|n| n.name == "SUBLINK" && n.number("subLinkType") == Some(EXISTS))
    {
        return None;
    }
    let sorted = level.references("sortClause");
    let with_ties = query.number("limitOption") == Some(1) && !counts("limitOffset");
    if (with_ties && !sorted.is_empty()) || level.is_list() || level.gives_known(&sorted) {
        return None;
    }
    Some(of(level, What::Limit, !sorted.is_empty()))
}

fn distinct_on(level: &Level<'_>) -> Option<Undetermined> {
    if level.query.word("hasDistinctOn") != Some("true") {
        return None;
    }
    let distinct = level.references("distinctClause");
    let sorted = level.references("sortClause");
    let all: BTreeSet<i64> = distinct.union(&sorted).copied().collect();
    if level.gives_known(&all) {
        return None;
    }
    Some(of(level, What::DistinctOn, !sorted.is_subset(&distinct)))
}

fn array(tree: &Tree, facts: &Facts, link: &Node) -> Option<Undetermined> {
    if link.number("subLinkType") != Some(ARRAY) {
        return None;
    }
    // = ANY (ARRAY (...)) looks at no order.
    if tree.around(link).is_some_and(|around| around.name == "SCALARARRAYOPEXPR") {
        return None;
    }
    let level = Level::of(tree, facts, tree.below(link, "subselect").next()?);
    let sorted = level.references("sortClause");
    if level.is_list() || level.gives_known(&sorted) {
        return None;
    }
    Some(of(&level, What::Array, !sorted.is_empty()))
}

/// The query whose rows an aggregate or a window goes through.
fn query_of<'t>(tree: &'t Tree, node: &'t Node, up: Option<i64>) -> Option<&'t Node> {
    let up = usize::try_from(up.unwrap_or(0)).ok()?;
    tree.all_around(node).filter(|around| around.name == "QUERY").nth(up)
}

fn aggregate(tree: &Tree, facts: &Facts, call: &Node) -> Option<Undetermined> {
    let (name, is_builtin) = call.oids("aggfnoid").find_map(|oid| facts.functions.get(&oid))?;
    // Those of an ordered set sort it.
    if call.word("aggkind") != Some("n") {
        return None;
    }
    let what =
        kind_of(name, *is_builtin, call.oids("aggargtypes").any(|oid| FLOATS.contains(&oid)))?;
    // Distinct values are sorted.
    if tree.below(call, "aggdistinct").next().is_some() {
        return None;
    }
    let level = Level::of(tree, facts, query_of(tree, call, call.number("agglevelsup"))?);
    let sorted = references(tree, call, "aggorder");
    if is_told_apart(tree, &level, (call, &what), &sorted) {
        return None;
    }
    let is_keeping = matches!(what, What::Aggregate(_)) && *is_builtin;
    let one = of(&level, what, !sorted.is_empty());
    Some(Undetermined { is_certain: one.is_certain && is_keeping, ..one })
}

fn kind_of(name: &str, is_builtin: bool, is_of_floats: bool) -> Option<What> {
    let name = name.to_owned();
    match name.as_str() {
        word if !is_builtin || KEEPING.contains(&word) => Some(What::Aggregate(name)),
        word if LAST.contains(&word) => Some(What::Last(name)),
        word if is_of_floats && ROUNDING.iter().any(|begin| word.starts_with(begin)) => {
            Some(What::Floats(name))
        }
        _ => None,
    }
}

/// Whether values that an aggregate is given are the same wherever its ORDER BY leaves them side by side.
fn is_told_apart<'l>(
    tree: &'l Tree,
    level: &Level<'l>,
    (call, what): (&'l Node, &What),
    sorted: &BTreeSet<i64>,
) -> bool {
    if level.is_list() && sorted.is_empty() {
        return true;
    }
    let args: Vec<&Node> = tree.below(call, "args").collect();
    let entries: Vec<&Node> = level.targets().collect();
    let groups = level.references("groupClause");
    let mut given = level.given(&entries, &groups);
    given.extend(level.given(&args, sorted));
    // Of equal keys the last stays.
    if matches!(what, What::Last(_)) {
        given.extend(args.first().map(|arg| level.columns(arg)).unwrap_or_default());
    }
    let known = level.follow(given, &[]);
    if level.knows_rows(&known) {
        return true;
    }
    let mut values = args.iter().filter(|arg| arg.word("resjunk") != Some("true"));
    values.all(|arg| {
        is_referred(arg, sorted) || level.columns(arg).iter().all(|column| known.has(column))
    })
}

fn window(tree: &Tree, facts: &Facts, call: &Node) -> Option<Undetermined> {
    let (name, is_builtin) = call.oids("winfnoid").find_map(|oid| facts.functions.get(&oid))?;
    let level = Level::of(tree, facts, query_of(tree, call, None)?);
    let mut clauses = tree.below(level.query, "windowClause");
    let clause = clauses.find(|clause| clause.number("winref") == call.number("winref"))?;
    let sorted = references(tree, clause, "orderClause");
    let of_rows = clause.number("frameOptions").is_some_and(|bits| bits & FRAME_OF_ROWS != 0);
    let is_aggregate = call.word("winagg") == Some("true");
    let keeps = is_aggregate && KEEPING.contains(&name.as_str());
    let is_ordered = ORDERED.contains(&name.as_str()) || keeps || (is_aggregate && of_rows);
    if *is_builtin && !is_ordered {
        return None;
    }
    let mut given = references(tree, clause, "partitionClause");
    given.extend(sorted.iter().copied());
    // A list keeps its order where nothing sorts it.
    if (sorted.is_empty() && given.is_empty() && level.is_list()) || level.gives_known(&given) {
        return None;
    }
    let one = of(&level, What::Window(name.clone()), !sorted.is_empty());
    let is_certain = one.is_certain && *is_builtin && (keeps || !is_aggregate);
    Some(Undetermined { is_certain, ..one })
}

fn update<'l>(tree: &'l Tree, level: &Level<'l>) -> Option<Undetermined> {
    if level.query.number("commandType") != Some(UPDATE) {
        return None;
    }
    let target = level.query.number("resultRelation")?;
    if level.from.iter().all(|number| *number == target) {
        return None;
    }
    let known = level.follow([], &[target]);
    let set = tree.below(level.query, "targetList").filter(|e| e.word("resjunk") != Some("true"));
    let mut columns = set.flat_map(|entry| level.columns(entry));
    if columns.all(|column| known.has(&column)) {
        return None;
    }
    let key = level.key(&known);
    Some(Undetermined { what: What::Update, is_sorted: false, is_certain: false, key })
}

fn conflict<'l>(tree: &'l Tree, facts: &'l Facts, level: &Level<'l>) -> Option<Undetermined> {
    let query = level.query;
    let clause = tree.below(query, "onConflict").next()?;
    if query.number("commandType") != Some(INSERT) || clause.number("action") != Some(NOTHING) {
        return None;
    }
    let [source] = level.from.iter().copied().collect::<Vec<_>>()[..] else { return None };
    if let Some(inner) = level.query_of(source) {
        let inner = Level::of(tree, facts, inner);
        if inner.is_list() || inner.gives_one() || !inner.references("sortClause").is_empty() {
            return None;
        }
    } else if level.is_list() {
        return None;
    }
    let named: Vec<i64> = tree
        .below(clause, "arbiterElems")
        .filter_map(|one| tree.below(one, "expr").next()?.number("varattno"))
        .collect();
    let keys = match named.is_empty() {
        false => vec![named],
        true => {
            let table = level.table(query.number("resultRelation")?)?;
            let keys = facts.keys.get(&table).into_iter().flatten();
            keys.map(|key| key.columns.clone()).collect()
        }
    };
    let entries: Vec<&Node> = level.targets().collect();
    let tells = |key: &Vec<i64>| {
        let of_key =
            entries.iter().filter(|e| e.number("resno").is_some_and(|no| key.contains(&no)));
        let columns: Vec<_> = of_key.flat_map(|entry| level.plain_of(entry)).collect();
        level.knows_rows(&level.follow(columns, &[]))
    };
    if keys.iter().all(tells) {
        return None;
    }
    Some(Undetermined { what: What::Conflict, is_sorted: false, is_certain: false, key: None })
}

impl Undetermined {
    /// What is wrong, as a sentence.
    pub(super) fn message(&self) -> String {
        let order = match self.is_sorted {
            true => "its ORDER BY leaves rows that are equal in any order",
            false => "no ORDER BY says in which order they come",
        };
        let may = match self.is_certain {
            true => "the next rebuild may give others",
            false => "if there are several, the next rebuild may give others",
        };
        match &self.what {
            What::Limit => format!("LIMIT takes some of the rows, and {order}: {may}"),
            What::DistinctOn => {
                format!("DISTINCT ON keeps one row of each value, and {order}: {may}")
            }
            What::Array => format!("ARRAY (SELECT ...) keeps the order of the rows, and {order}: {may}"),
            What::Aggregate(name) => format!("{name} depends on the order of the rows, and {order}: {may}"),
            What::Floats(name) => format!(
                "{name} rounds floats row by row, and {order}: the next rebuild may differ in the last digits"
            ),
            What::Last(name) => format!(
                "{name} keeps the last value of a key that comes twice, and {order}: {may}"
            ),
            What::Window(name) => format!("{name} depends on the order of its window's rows, and {order}: {may}"),
            What::Update => "UPDATE ... FROM may find several rows for one that it changes, and PostgreSQL takes \
                             any of them: the next rebuild may take another"
                .into(),
            What::Conflict => "several rows of the SELECT may conflict with each other, and ON CONFLICT DO NOTHING \
                               keeps the one that comes first: the next rebuild may keep another"
                .into(),
            What::Ctid => {
                "ctid tells where a row lies, which is another place at the next rebuild".into()
            }
        }
    }

    /// What helps.
    pub(super) fn hint(&self) -> String {
        let key = self.key.as_deref().unwrap_or("a key of the rows");
        match &self.what {
            What::Limit if self.is_sorted => format!("add {key} to the ORDER BY"),
            What::Limit => format!(
                "write ORDER BY {key}; or leave LIMIT out, if there is one row anyway"
            ),
            What::DistinctOn => format!("add {key} to the ORDER BY, after what DISTINCT ON names"),
            What::Array => format!("sort inside: ARRAY (SELECT ... ORDER BY {key})"),
            What::Aggregate(name) | What::Last(name) => {
                format!("sort inside: {name}(... ORDER BY {key})")
            }
            What::Floats(name) => {
                format!("use numeric, which is exact; or sort inside: {name}(... ORDER BY {key})")
            }
            What::Window(_) => format!("sort the window by a key: OVER (... ORDER BY {key})"),
            What::Update => "join by a key of each table in FROM; or choose the row in a subquery, with DISTINCT ON \
                             and ORDER BY"
                .into(),
            What::Conflict => "write ORDER BY in the SELECT, or let it give each key once".into(),
            What::Ctid => "compare rows by their key".into(),
        }
    }

    /// What stands in the statement where it comes from.
    pub(super) fn needle(&self) -> &str {
        match &self.what {
            What::Limit => "limit",
            What::DistinctOn => "distinct",
            What::Array => "array",
            What::Aggregate(name) | What::Floats(name) | What::Last(name) | What::Window(name) => {
                name
            }
            What::Update => "from",
            What::Conflict => "on conflict",
            What::Ctid => "ctid",
        }
    }
}
