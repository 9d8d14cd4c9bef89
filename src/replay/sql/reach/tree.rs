//! What a stored parse tree names, in the text form of PostgreSQL's `pg_node_tree`.
//!
//! The form is nodeToString's (`src/backend/nodes/outfuncs.c`): labels begin with a colon, what follows
//! is a value, and blanks inside a name are escaped, so no name can look like a label with its value.

use std::collections::{BTreeMap, BTreeSet};

/// Rights a statement needs on a relation (`src/include/nodes/parsenodes.h`): all but SELECT change it
/// or lock its rows.
const SELECT: u32 = 1 << 1;

/// What a tree names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// Functions, those of operators, aggregates and windows among them.
    pub(super) functions: BTreeSet<u32>,
    /// Relations, and whether they are written to.
    pub(super) relations: BTreeMap<u32, bool>,
    /// Types that values are made of, of which some may be domains.
    pub(super) types: BTreeSet<u32>,
    /// What is not the same at the next rebuild and is no function.
    pub(super) changing: BTreeSet<String>,
    /// Whether a rule notifies whoever listens.
    pub(super) notifies: bool,
}

/// The words of `SQLValueFunctionOp`, in its order.
const SQL_VALUES: [&str; 15] = [
    "current_date",
    "current_time",
    "current_time",
    "current_timestamp",
    "current_timestamp",
    "localtime",
    "localtime",
    "localtimestamp",
    "localtimestamp",
    "current_role",
    "current_user",
    "user",
    "session_user",
    "current_catalog",
    "current_schema",
];

impl Mentions {
    /// Reads a tree.
    pub(super) fn of(tree: &str) -> Mentions {
        let mut found = Mentions::default();
        let mut relation = None;
        let mut tokens = tree.split([' ', '\n']).peekable();
        let number = |token: Option<&&str>| -> Option<i64> {
            token?.trim_end_matches([')', '}']).parse().ok()
        };
        while let Some(token) = tokens.next() {
            let next = number(tokens.peek());
            let oid = next.and_then(|n| u32::try_from(n).ok()).filter(|oid| *oid != 0);
            match token {
                ":funcid" | ":opfuncid" | ":aggfnoid" | ":winfnoid" => found.functions.extend(oid),
                ":relid" => relation = oid,
                ":requiredPerms" => {
                    let (Some(relation), Some(rights)) = (relation, next) else { continue };
                    let writes = rights & !i64::from(SELECT) != 0;
                    *found.relations.entry(relation).or_default() |= writes;
                }
                ":resulttype" => {
                    found.types.extend(oid);
                }
                // In a rule nothing else can stand there.
                ":utilityStmt" if tokens.peek().is_some_and(|t| !t.starts_with("<>")) => {
                    found.notifies = true;
                }
                // REPEATABLE names a seed, and not where rows lie.
                ":repeatable" => {
                    found.changing.insert("TABLESAMPLE".into());
                }
                // Only their own transaction's.
                ":varattno" if matches!(next, Some(-2 | -3 | -5)) => {
                    found.changing.insert("a row's transaction".into());
                }
                ":varattno" if next == Some(-6) => {
                    found.changing.insert("tableoid".into());
                }
                ":waitPolicy" if next == Some(1) => {
                    found.changing.insert("SKIP LOCKED".into());
                }
                _ if token.ends_with("{SQLVALUEFUNCTION") => {
                    tokens.next();
                    let word = number(tokens.peek()).and_then(|n| usize::try_from(n).ok());
                    let word = word.and_then(|n| SQL_VALUES.get(n)).unwrap_or(&"a SQL value");
                    found.changing.insert((*word).to_owned());
                }
                _ if token.ends_with("{NEXTVALUEEXPR") => {
                    found.changing.insert("nextval".into());
                }
                _ => {}
            }
        }
        found
    }

    /// Adds what another tree names.
    pub(super) fn add(&mut self, other: Mentions) {
        self.functions.extend(other.functions);
        for (relation, writes) in other.relations {
            *self.relations.entry(relation).or_default() |= writes;
        }
        self.types.extend(other.types);
        self.changing.extend(other.changing);
        self.notifies |= other.notifies;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_tree_names_is_found_and_no_name_passes_for_it() {
        let tree = "({QUERY :rtable ({RANGETBLENTRY :eref {ALIAS :aliasname t :colnames (\"a\\ :relid\\ 9\")} \
                    :rtekind 0 :relid 16390 :relkind r :tablesample {TABLESAMPLECLAUSE :tsmhandler 3313 :repeatable <>} \
                    :requiredPerms 7 :checkAsUser 0} {RANGETBLENTRY :relid 16391 :requiredPerms 2}) :targetList \
                    ({FUNCEXPR :funcid 480} {OPEXPR :opno 98 :opfuncid 67} {SQLVALUEFUNCTION :op 3 :type 1184} \
                    {COERCEVIAIO :arg {VAR :varattno -6} :resulttype 1184 :resultcollid 0} \
                    {COERCETODOMAIN :resulttype 16400 :resulttypmod -1})})";
        let found = Mentions::of(tree);
        assert_eq!(found.functions, BTreeSet::from([480, 67]));
        assert_eq!(found.relations, BTreeMap::from([(16390, true), (16391, false)]));
        assert_eq!(found.types, BTreeSet::from([1184, 16400]));
        let words = ["TABLESAMPLE", "current_timestamp", "tableoid"].map(str::to_owned);
        assert_eq!(found.changing, BTreeSet::from(words));
    }
}
