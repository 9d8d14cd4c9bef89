//! Statements into actions on rows.

use sqlparser::ast;

use super::expr::Expr;
use super::keys::{KeyParts, free_value, gated, in_order, take_key};
use super::rejection::{Reason, Refused, Rejection, refuse};
use super::syntax::{self, ConflictParts, InsertParts, Relation};
use super::tables::Table;
use super::typing::{Names, Use, find, value_for};
use super::{Action, Conflict, Statement, Target};
use crate::handler::function::{Slot, StatementTypes};
use crate::handler::param_type::ParamType;
use crate::handler::{self, Handler};
use crate::source::SourceFile;

/// A handler's statements, or every reason why it runs in SQL.
pub(super) fn compile(
    tables: &[Table],
    file: &SourceFile,
    handler: &Handler,
    types: &[StatementTypes],
    slots: &[Slot],
) -> Result<Vec<Statement>, Vec<Rejection>> {
    let (mut compiled, mut rejected) = (Vec::new(), Vec::new());
    for (nth, (statement, types)) in handler.statements.iter().zip(types).enumerate() {
        let (rendered, uses) = written(statement, types, slots);
        match read(tables, &rendered.sql, &uses) {
            Ok(statements) => {
                compiled.extend(statements.into_iter().map(|one| Statement { nth, ..one }));
            }
            Err(refused) => {
                rejected.push(refused.place(file, |at| rendered.source_offset(at)));
            }
        }
    }
    if rejected.is_empty() { Ok(compiled) } else { Err(rejected) }
}

/// A statement with `$1`, `$2` ... for each use of a parameter, and what they are.
fn written(
    statement: &handler::Statement,
    types: &StatementTypes,
    slots: &[Slot],
) -> (handler::Rendered, Vec<Use>) {
    let mut uses: Vec<Use> = Vec::new();
    let rendered = statement.render(|param| {
        let ty = types.by_use.get(uses.len()).cloned().unwrap_or_else(ParamType::text);
        let slot = slots.iter().position(|s| s.param == param && s.ty == ty);
        uses.push(Use { slot: slot.unwrap_or(usize::MAX), sql_type: ty.sql });
        format!("${}", uses.len())
    });
    (rendered, uses)
}

/// One statement, or one for each row of an INSERT.
fn read(tables: &[Table], sql: &str, uses: &[Use]) -> Result<Vec<Statement>, Refused> {
    let compiler = Compiler { tables, uses, sql };
    match syntax::statement(sql)? {
        ast::Statement::Insert(insert) => compiler.insert(&syntax::insert(&insert)?),
        ast::Statement::Update(update) => {
            let (relation, assignments, condition) = syntax::update(&update)?;
            let (table, target, conditions) = compiler.rows(&relation, condition)?;
            let names = compiler.names(Some((table, &relation.alias)), false);
            let set = compiler.assignments(&names, table, assignments)?;
            let in_key = |(column, _): &(usize, Expr)| tables[table].key.contains(column);
            if matches!(target, Target::Column { .. }) && set.iter().any(in_key) {
                return refuse(Reason::KeyOfMany);
            }
            let (gates, conditions) = gated(conditions);
            let action = Action::Update { target, gates, conditions, set };
            Ok(vec![Statement { table, action, nth: 0 }])
        }
        ast::Statement::Delete(delete) => {
            let (relation, condition) = syntax::delete(&delete)?;
            let (table, target, conditions) = compiler.rows(&relation, condition)?;
            let (gates, conditions) = gated(conditions);
            let action = Action::Delete { target, gates, conditions };
            Ok(vec![Statement { table, action, nth: 0 }])
        }
        _ => refuse(Reason::OtherStatement),
    }
}

struct Compiler<'c> {
    tables: &'c [Table],
    uses: &'c [Use],
    sql: &'c str,
}

impl<'c> Compiler<'c> {
    fn names<'n>(&self, row: Option<(usize, &'n str)>, excluded: bool) -> Names<'n>
    where
        'c: 'n,
    {
        Names { tables: self.tables, uses: self.uses, row, excluded, outer: None }
    }

    fn insert(&self, parts: &InsertParts<'_>) -> Result<Vec<Statement>, Refused> {
        if let [row] = parts.rows {
            return Ok(vec![self.insert_row(parts, row.as_ref())?]);
        }
        // One after another they are what they are together, unless one looks at another.
        if parts.conflict.as_ref().is_some_and(|conflict| conflict.update.is_some()) {
            return refuse(Reason::UpdateOfSeveral);
        }
        let mut statements = Vec::with_capacity(parts.rows.len());
        for row in parts.rows {
            let statement = self.insert_row(parts, row.as_ref())?;
            if let Action::Insert { values, .. } = &statement.action
                && values.iter().any(Expr::looks_up)
            {
                return refuse(Reason::LookupAmongSeveral);
            }
            statements.push(statement);
        }
        Ok(statements)
    }

    fn insert_row(
        &self,
        parts: &InsertParts<'_>,
        given_values: &[ast::Expr],
    ) -> Result<Statement, Refused> {
        let index = find(self.tables, &parts.relation.table)?;
        let table = &self.tables[index];
        let all: Vec<String> = match parts.columns.is_empty() {
            // Positions count generated columns too, so they must not be left to guess.
            true if !table.generated.is_empty() => {
                return refuse(Reason::UnnamedColumns);
            }
            true => table.columns.iter().take(given_values.len()).map(|c| c.name.clone()).collect(),
            false => parts.columns.clone(),
        };
        if all.len() != given_values.len() {
            return refuse(Reason::ValueCount);
        }
        if let Some(unknown) =
            all.iter().find(|name| !table.columns.iter().any(|c| c.name == **name))
        {
            return refuse(Reason::NotWritten(unknown.clone()));
        }
        let names = self.names(None, false);
        let mut values = Vec::with_capacity(table.columns.len());
        for column in &table.columns {
            let given = all.iter().position(|name| *name == column.name);
            values.push(match given {
                Some(at) => value_for(&names, column, &given_values[at], self.sql)?,
                None => column.default_value()?,
            });
        }
        let conflict = match &parts.conflict {
            None => Conflict::Fail,
            Some(conflict) => self.conflict(index, &parts.relation.alias, conflict)?,
        };
        Ok(Statement { table: index, action: Action::Insert { values, conflict }, nth: 0 })
    }

    fn conflict(
        &self,
        index: usize,
        alias: &str,
        parts: &ConflictParts<'_>,
    ) -> Result<Conflict, Refused> {
        let table = &self.tables[index];
        if let Some(columns) = &parts.columns {
            let mut key: Vec<&str> =
                table.key.iter().map(|k| table.columns[*k].name.as_str()).collect();
            let mut columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            key.sort_unstable();
            columns.sort_unstable();
            columns.dedup();
            if key != columns {
                return refuse(Reason::OtherConflictColumns);
            }
        }
        let Some((assignments, condition)) = parts.update else { return Ok(Conflict::Nothing) };
        let names = self.names(Some((index, alias)), true);
        let set = self.assignments(&names, index, assignments)?;
        let mut conditions = Vec::new();
        if let Some(condition) = condition {
            conditions.push(names.typed(condition, self.sql)?.condition()?);
        }
        Ok(Conflict::Update { conditions, set })
    }

    fn assignments(
        &self,
        names: &Names<'_>,
        index: usize,
        assignments: &[ast::Assignment],
    ) -> Result<Vec<(usize, Expr)>, Refused> {
        let table = &self.tables[index];
        let mut set: Vec<(usize, Expr)> = Vec::new();
        for assignment in assignments {
            let ast::AssignmentTarget::ColumnName(name) = &assignment.target else {
                return refuse(Reason::SetList);
            };
            let name = syntax::plain(name)?;
            let Some(column) = table.columns.iter().position(|c| c.name == name) else {
                return refuse(Reason::NotWritten(name));
            };
            set.push((
                column,
                value_for(names, &table.columns[column], &assignment.value, self.sql)?,
            ));
        }
        Ok(set)
    }

    /// Which rows a WHERE is about: those of a key, or of a value in a column.
    fn rows(
        &self,
        relation: &Relation,
        condition: Option<&ast::Expr>,
    ) -> Result<(usize, Target, Vec<Expr>), Refused> {
        let index = find(self.tables, &relation.table)?;
        let table = &self.tables[index];
        let around = self.names(None, false);
        let inner = self.names(Some((index, &relation.alias)), false);
        let mut list = Vec::new();
        if let Some(condition) = condition {
            syntax::conjuncts(condition, &mut list);
        }
        let (mut key, mut rest) = (KeyParts::of(table), Vec::new());
        for one in &list {
            if !take_key(&around, &inner, &mut key, one, self.sql)? {
                rest.push(*one);
            }
        }
        if let Some(key) = key.whole() {
            let conditions = self.conditions(&inner, &rest)?;
            in_order(&key, &conditions)?;
            return Ok((index, Target::Key(key), conditions));
        }
        for (nth, one) in list.iter().enumerate() {
            if let Some((column, value)) = self.searched(&around, &inner, table, one)? {
                let rest: Vec<_> =
                    list.iter().enumerate().filter(|(n, _)| *n != nth).map(|(_, e)| *e).collect();
                let conditions = self.conditions(&inner, &rest)?;
                in_order(std::slice::from_ref(&value), &conditions)?;
                return Ok((index, Target::Column { column, value }, conditions));
            }
        }
        refuse(Reason::RowsByOther)
    }

    fn conditions(&self, names: &Names<'_>, list: &[&ast::Expr]) -> Result<Vec<Expr>, Refused> {
        list.iter().map(|one| names.typed(one, self.sql)?.condition()).collect()
    }

    fn searched(
        &self,
        around: &Names<'_>,
        inner: &Names<'_>,
        table: &Table,
        condition: &ast::Expr,
    ) -> Result<Option<(usize, Expr)>, Refused> {
        let ast::Expr::BinaryOp { left, op: ast::BinaryOperator::Eq, right } = condition else {
            return Ok(None);
        };
        for (column, value) in [(left, right), (right, left)] {
            let Some(name) = inner.own_column(table, column) else { continue };
            let Some(index) = table.columns.iter().position(|c| c.name == name) else { continue };
            let wanted = table.columns[index].ty.kind;
            if !wanted.is_key() {
                continue;
            }
            if let Some(value) = free_value(around, inner, table, value, wanted, self.sql)? {
                return Ok(Some((index, value)));
            }
        }
        Ok(None)
    }
}
