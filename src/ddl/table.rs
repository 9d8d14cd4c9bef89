//! `CREATE TABLE` and `ALTER TABLE`, action by action.
//!
//! Owns the lock of each action, as PostgreSQL's page of `ALTER TABLE` gives it.
//! PostgreSQL takes the strongest lock of a statement for all of its actions;
//! here each step keeps its own, and [`super::Statement::lock`] is their maximum.

use squawk_syntax::ast::{self, AlterColumnOption, AlterTableAction, AstNode};

use super::expression::{Varies, varies};
use super::parse::{find, span};
use super::{Change, Creates, Kind, Lock, Name, Sketch, Work};

/// The steps of `CREATE TABLE`: the table, and what its existence asks of others.
pub(super) fn create(create: &ast::CreateTable) -> Vec<Sketch> {
    let name = create.table_name().and_then(|name| name.path());
    let mut table = Sketch::new(Kind::CreateTable, Change::InPlace);
    table.table = name.and_then(|path| Name::of_path(&path));
    table.creates = if create.if_not_exists().is_some() { Creates::Perhaps } else { Creates::Yes };
    let mut steps = vec![table];
    if let Some(parent) = create.partition_of() {
        let name = parent.table_name_ref().and_then(|name| Name::within(&name));
        let step = Sketch::new(Kind::Partition, Change::Rebuild).at(&parent);
        steps.push(step.on(name, Lock::AccessExclusive));
    }
    for parent in create.inherits().iter().flat_map(|inherits| inherits.table_name_refs()) {
        let step = Sketch::new(Kind::AlterTable, Change::Rebuild).at(&parent);
        steps.push(step.on(Name::within(&parent), Lock::ShareUpdateExclusive));
    }
    steps.extend(referenced(create));
    steps
}

/// The steps of `ALTER TABLE`.
pub(super) fn alter(alter: &ast::AlterTable) -> Vec<Sketch> {
    let Some(table) = alter.table_relation_name() else {
        // ALL IN TABLESPACE moves tables that are not named.
        let step = Sketch::new(Kind::AlterTable, Change::InPlace).work(Work::Rewrite);
        return vec![step.on(None, Lock::AccessExclusive)];
    };
    let table = Name::of_table(&table);
    let mut steps = Vec::new();
    for action in alter.actions() {
        let (kind, lock, work, change) = one(&action);
        let sketch = Sketch::new(kind, change).work(work).at(&action);
        steps.push(sketch.on(table.clone(), lock));
        steps.extend(others(&action));
    }
    steps
}

/// What an action does to tables that are not the one altered.
fn others(action: &AlterTableAction) -> Vec<Sketch> {
    match action {
        AlterTableAction::AddColumn(_) | AlterTableAction::AddConstraint(_) => referenced(action),
        // The rows of the new partition are read to see that they belong there.
        AlterTableAction::AttachPartition(attach) => {
            let name = attach.table_name_ref().and_then(|name| Name::within(&name));
            let step = Sketch::new(Kind::Partition, Change::Rebuild).work(Work::Scan).at(attach);
            vec![step.on(name, Lock::AccessExclusive)]
        }
        AlterTableAction::DetachPartition(detach) => {
            let name = detach.table_name_ref().and_then(|name| Name::within(&name));
            let step = Sketch::new(Kind::Partition, Change::Rebuild).at(detach);
            vec![step.on(name, Lock::AccessExclusive)]
        }
        _ => Vec::new(),
    }
}

fn referenced(node: &impl AstNode) -> Vec<Sketch> {
    let mut steps = Vec::new();
    for node in node.syntax().descendants() {
        let target = if let Some(key) = ast::ForeignKeyConstraint::cast(node.clone()) {
            key.table_name_ref()
        } else {
            ast::ReferencesConstraint::cast(node.clone()).and_then(|key| key.table())
        };
        if let Some(target) = target {
            let mut step = Sketch::new(Kind::Referenced, Change::InPlace);
            step.span = Some(span(&node));
            steps.push(step.on(Name::within(&target), Lock::ShareRowExclusive));
        }
    }
    steps
}

type Facts = (Kind, Lock, Work, Change);

fn one(action: &AlterTableAction) -> Facts {
    use AlterTableAction as A;
    use Change::{InPlace, Rebuild};
    use Lock::{AccessExclusive, ShareRowExclusive, ShareUpdateExclusive};
    match action {
        A::AddColumn(add) => add_column(add),
        A::DropColumn(_) => (Kind::DropColumn, AccessExclusive, Work::None, Rebuild),
        A::AlterColumn(alter) => alter_column(alter.option().as_ref()),
        A::AddConstraint(add) => add_constraint(add.constraint().as_ref()),
        A::ValidateConstraint(_) => {
            (Kind::ValidateConstraint, ShareUpdateExclusive, Work::Scan, InPlace)
        }
        A::DropConstraint(_) => (Kind::DropConstraint, AccessExclusive, Work::None, InPlace),
        A::TableRenameTo(_) | A::RenameColumn(_) | A::SetSchema(_) => {
            (Kind::Rename, AccessExclusive, Work::None, Rebuild)
        }
        A::SetLogged(_) => (Kind::Persistence, AccessExclusive, Work::Rewrite, InPlace),
        A::SetUnlogged(_) => (Kind::Persistence, AccessExclusive, Work::Rewrite, Rebuild),
        A::SetAccessMethod(_) | A::SetTablespace(_) => {
            (Kind::AlterTable, AccessExclusive, Work::Rewrite, InPlace)
        }
        A::SetOptions(_)
        | A::ResetOptions(_)
        | A::AlterOptionList(_)
        | A::ClusterOn(_)
        | A::SetWithoutCluster(_) => (Kind::AlterTable, ShareUpdateExclusive, Work::None, InPlace),
        A::AlterConstraint(_)
        | A::OwnerTo(_)
        | A::RenameConstraint(_)
        | A::ReplicaIdentity(_)
        | A::EnableRls(_)
        | A::DisableRls(_)
        | A::NoForceRls(_)
        | A::SetWithoutOids(_) => (Kind::AlterTable, AccessExclusive, Work::None, InPlace),
        A::EnableTrigger(_)
        | A::EnableAlwaysTrigger(_)
        | A::EnableReplicaTrigger(_)
        | A::DisableTrigger(_) => (Kind::Trigger, ShareRowExclusive, Work::None, Rebuild),
        A::EnableRule(_) | A::EnableAlwaysRule(_) | A::EnableReplicaRule(_) | A::DisableRule(_) => {
            (Kind::Trigger, AccessExclusive, Work::None, Rebuild)
        }
        A::AttachPartition(_) => (Kind::Partition, ShareUpdateExclusive, Work::None, Rebuild),
        A::DetachPartition(detach) => {
            let lock = match detach.detach_partition_option() {
                Some(_) => ShareUpdateExclusive,
                None => AccessExclusive,
            };
            (Kind::Partition, lock, Work::None, Rebuild)
        }
        A::MergePartitions(_) | A::SplitPartition(_) => {
            (Kind::Partition, AccessExclusive, Work::Rewrite, Rebuild)
        }
        _ => (Kind::AlterTable, AccessExclusive, Work::None, Rebuild),
    }
}

fn add_column(add: &ast::AddColumn) -> Facts {
    let mut work = Work::None;
    let mut change = Change::InPlace;
    let serial = add.ty().is_some_and(|ty| {
        let word = ty.syntax().text().to_string().to_ascii_lowercase();
        ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"]
            .contains(&word.trim())
    });
    if serial {
        (work, change) = (Work::Rewrite, Change::Backfill);
    }
    for constraint in add.constraints() {
        let (more, worse) = match &constraint {
            ast::Constraint::DefaultConstraint(default) => {
                match default.expr().map_or(Varies::ByRow, |expr| varies(&expr)) {
                    Varies::Never => (Work::None, Change::InPlace),
                    Varies::ByTransaction => (Work::None, Change::Backfill),
                    Varies::ByRow => (Work::Rewrite, Change::Backfill),
                }
            }
            ast::Constraint::GeneratedConstraint(generated) => generated_column(generated),
            ast::Constraint::UniqueConstraint(_)
            | ast::Constraint::PrimaryKeyConstraint(_)
            | ast::Constraint::CheckConstraint(_) => (Work::Scan, Change::InPlace),
            // A new column without a default is NULL everywhere, and NULL
            // points nowhere; with one, every row is looked up.
            ast::Constraint::ReferencesConstraint(_) if has_default(add) => {
                (Work::Scan, Change::InPlace)
            }
            _ => (Work::None, Change::InPlace),
        };
        work = work.max(more);
        change = change.max(worse);
    }
    (Kind::AddColumn, Lock::AccessExclusive, work, change)
}

fn has_default(add: &ast::AddColumn) -> bool {
    find::<ast::DefaultConstraint>(add.syntax()).is_some()
}

fn generated_column(generated: &ast::GeneratedConstraint) -> (Work, Change) {
    match generated.generated_as() {
        Some(ast::GeneratedAs::GeneratedStored(column)) => match column.generated_kind() {
            Some(ast::GeneratedKind::Stored(_)) => (Work::Rewrite, Change::InPlace),
            // Virtual: computed by whoever reads it.
            _ => (Work::None, Change::InPlace),
        },
        // An identity: the rows are numbered as they lie in the table.
        _ => (Work::Rewrite, Change::Backfill),
    }
}

fn alter_column(option: Option<&AlterColumnOption>) -> Facts {
    use AlterColumnOption as O;
    use Change::{InPlace, Rebuild};
    use Lock::{AccessExclusive, ShareUpdateExclusive};
    match option {
        Some(O::SetType(_)) => (Kind::ColumnType, AccessExclusive, Work::Rewrite, Rebuild),
        Some(O::SetDefault(_) | O::DropDefault(_)) => {
            (Kind::ColumnDefault, AccessExclusive, Work::None, Rebuild)
        }
        Some(O::SetNotNull(_)) => (Kind::SetNotNull, AccessExclusive, Work::Scan, Rebuild),
        Some(O::SetStatistics(_) | O::SetOptions(_) | O::ResetOptions(_)) => {
            (Kind::AlterColumn, ShareUpdateExclusive, Work::None, InPlace)
        }
        Some(O::DropNotNull(_) | O::SetStorage(_) | O::SetCompression(_)) => {
            (Kind::AlterColumn, AccessExclusive, Work::None, InPlace)
        }
        // The column is computed anew for every row, and follows from it.
        Some(O::SetExpression(_)) => (Kind::AlterColumn, AccessExclusive, Work::Rewrite, InPlace),
        _ => (Kind::AlterColumn, AccessExclusive, Work::None, Rebuild),
    }
}

fn add_constraint(constraint: Option<&ast::Constraint>) -> Facts {
    use ast::Constraint as C;
    let scan = match constraint {
        Some(C::UniqueConstraint(unique)) => unique.using_index().is_none(),
        Some(C::PrimaryKeyConstraint(key)) => key.using_index().is_none(),
        Some(other) => !other.is_not_valid(),
        None => true,
    };
    let work = if scan { Work::Scan } else { Work::None };
    match constraint {
        Some(C::ForeignKeyConstraint(_)) => {
            (Kind::AddForeignKey, Lock::ShareRowExclusive, work, Change::Rebuild)
        }
        _ => (Kind::AddConstraint, Lock::AccessExclusive, work, Change::Rebuild),
    }
}
