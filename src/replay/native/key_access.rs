//! What a handler's arguments tell before any row is known: the keys of rows it changes, adds or
//! looks up, and the values by which it searches.

use crate::handler::native::expr::Lookup;
use crate::handler::native::{self, Action, Conflict, Expr, Rejection, Statement, Target};

/// What one handler's arguments tell.
#[derive(Debug, Default)]
pub(super) struct KeyAccess {
    pub(super) keys: Vec<KnownKey>,
    pub(super) values: Vec<KnownValue>,
}

/// A key of a table, over arguments.
#[derive(Debug)]
pub(super) struct KnownKey {
    pub(super) table: usize,
    pub(super) key: Vec<Expr>,
    /// Whether it is of the row that the handler's first statement adds or changes.
    pub(super) first: bool,
}

/// A value by which rows of a table are searched, over arguments.
#[derive(Debug)]
pub(super) struct KnownValue {
    pub(super) table: usize,
    pub(super) column: usize,
    pub(super) value: Expr,
}

impl KeyAccess {
    /// What is told for a handler's statements.
    pub(super) fn of(
        statements: &Result<Vec<Statement>, Vec<Rejection>>,
        tables: &[native::Table],
    ) -> KeyAccess {
        let mut access = KeyAccess::default();
        for (nth, statement) in statements.iter().flatten().enumerate() {
            access.tell(statement, nth == 0, tables);
        }
        let is_known = |part: &Expr| !part.looks_at_row() && !part.looks_up();
        access.keys.retain(|key| key.key.iter().all(is_known));
        access.values.retain(|value| is_known(&value.value));
        access
    }

    fn tell(&mut self, statement: &Statement, first: bool, tables: &[native::Table]) {
        let table = statement.table;
        let mut expressions: Vec<&Expr> = Vec::new();
        match &statement.action {
            Action::Insert { values, conflict } => {
                let key = tables[table].key.iter().map(|column| values[*column].clone());
                self.keys.push(KnownKey { table, key: key.collect(), first });
                expressions.extend(values);
                if let Conflict::Update { conditions, set } = conflict {
                    expressions.extend(conditions.iter().chain(set.iter().map(|(_, value)| value)));
                }
            }
            Action::Update { target, gates, conditions, set } => {
                expressions.extend(self.target(table, target, first));
                self.new_key(table, &tables[table].key, (target, set));
                expressions.extend(gates);
                expressions.extend(conditions.iter().chain(set.iter().map(|(_, value)| value)));
            }
            Action::Delete { target, gates, conditions } => {
                expressions.extend(self.target(table, target, first));
                expressions.extend(gates.iter().chain(conditions));
            }
        }
        let mut found = Vec::new();
        expressions.into_iter().for_each(|e| e.lookups(&mut found));
        let of = |Lookup { table, key, .. }: &Lookup| KnownKey {
            table: *table,
            key: key.clone(),
            first: false,
        };
        self.keys.extend(found.into_iter().map(of));
    }

    /// What a statement's target tells; gives its expressions.
    fn target<'t>(&mut self, table: usize, target: &'t Target, first: bool) -> &'t [Expr] {
        match target {
            Target::Key(key) => {
                self.keys.push(KnownKey { table, key: key.clone(), first });
                key
            }
            Target::Column { column, value } => {
                self.values.push(KnownValue { table, column: *column, value: value.clone() });
                std::slice::from_ref(value)
            }
        }
    }

    /// The key that rows get, where an UPDATE changes it.
    fn new_key(&mut self, table: usize, columns: &[usize], of: (&Target, &[(usize, Expr)])) {
        let (Target::Key(old), set) = of else { return };
        let given = |column: &usize| set.iter().find(|(c, _)| c == column).map(|(_, value)| value);
        if columns.iter().any(|column| given(column).is_some()) {
            let part = |(column, old)| given(column).unwrap_or(old).clone();
            let key = columns.iter().zip(old).map(part).collect();
            self.keys.push(KnownKey { table, key, first: false });
        }
    }
}
