//! Every statement that is not `CREATE TABLE` or `ALTER TABLE`.
//!
//! Owns their locks, as PostgreSQL's chapter "Explicit Locking" and the pages of
//! the statements give them. Locks on indexes, views, sequences and functions
//! are left out: nobody appends to those.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, Stmt};

use super::parse::{find, span};
use super::{Change, Creates, Kind, Lock, Name, Sketch, Work};

/// The steps of a statement. Empty: it is not understood.
pub(super) fn steps(stmt: &Stmt) -> Vec<Sketch> {
    use Change::{Backfill, InPlace, Rebuild};
    let sketch = |kind, change| vec![Sketch::new(kind, change)];
    let near = || first_table(stmt.syntax());
    let on = |kind, change, lock| vec![Sketch::new(kind, change).on(near(), lock)];
    match stmt {
        Stmt::CreateIndex(create) => vec![create_index(create)],
        // The lock is on the index's table, which the statement does not name.
        Stmt::DropIndex(drop) => {
            let lock = match drop.concurrently_token() {
                Some(_) => Lock::ShareUpdateExclusive,
                None => Lock::AccessExclusive,
            };
            vec![Sketch::new(Kind::DropIndex, InPlace).on(None, lock)]
        }
        Stmt::AlterIndex(_) => sketch(Kind::Known, InPlace),
        Stmt::Reindex(reindex) => vec![reindexed(reindex)],
        Stmt::DropTable(drop) => {
            each(drop.table_name_refs().map(|name| Name::within(&name)), |on| {
                Sketch::new(Kind::DropTable, Rebuild).on(on, Lock::AccessExclusive)
            })
        }
        Stmt::DropSchema(drop) => each(
            drop.schema_refs().map(|schema| Name::parse(&schema.syntax().text().to_string())),
            |on| Sketch { table: on, ..Sketch::new(Kind::DropSchema, Rebuild) },
        ),
        Stmt::Truncate(truncate) => {
            let tables = truncate.table_list().into_iter().flat_map(|l| l.table_relation_names());
            each(tables.map(|table| Name::of_table(&table)), |on| {
                Sketch::new(Kind::Truncate, Backfill).on(on, Lock::AccessExclusive)
            })
        }
        Stmt::Vacuum(vacuum) => vacuumed(vacuum),
        Stmt::Cluster(_) | Stmt::Repack(_) => {
            let lock = Lock::AccessExclusive;
            vec![Sketch::new(Kind::Cluster, InPlace).work(Work::Rewrite).on(near(), lock)]
        }
        Stmt::Analyze(_) => on(Kind::Known, InPlace, Lock::ShareUpdateExclusive),
        Stmt::Refresh(_) => sketch(Kind::Known, InPlace),
        Stmt::Lock(lock) => locked(lock),
        Stmt::CreateTrigger(create) => {
            let on = create.on_relation().and_then(|on| on.relation_name_ref());
            let on = on.and_then(|name| name.path_ref()).and_then(|path| Name::of(&path));
            vec![Sketch::new(Kind::Trigger, Rebuild).on(on, Lock::ShareRowExclusive)]
        }
        Stmt::AlterTrigger(_) => on(Kind::Trigger, Rebuild, Lock::AccessExclusive),
        Stmt::DropTrigger(_) | Stmt::CreateRule(_) | Stmt::AlterRule(_) | Stmt::DropRule(_) => {
            on(Kind::Trigger, Rebuild, Lock::AccessExclusive)
        }
        Stmt::CreatePolicy(_) | Stmt::AlterPolicy(_) | Stmt::DropPolicy(_) => {
            on(Kind::Known, InPlace, Lock::AccessExclusive)
        }
        Stmt::CommentOn(_) | Stmt::CreateStatistics(_) if near().is_some() => {
            on(Kind::Known, InPlace, Lock::ShareUpdateExclusive)
        }
        Stmt::CreateTableAs(create) => {
            let name = create.table_name().and_then(|name| name.path());
            let perhaps = create.if_not_exists().is_some();
            filled(name, if perhaps { Creates::Perhaps } else { Creates::Yes }, stmt)
        }
        Stmt::SelectInto(select) => {
            let name = select.into_clause().and_then(|into| into.table_name());
            filled(name.and_then(|name| name.path()), Creates::Yes, stmt)
        }
        Stmt::Copy(copy) => copied(copy),
        Stmt::Insert(_) | Stmt::Update(_) | Stmt::Delete(_) | Stmt::Merge(_) => {
            written(stmt.syntax())
        }
        Stmt::Select(_)
        | Stmt::CompoundSelect(_)
        | Stmt::ParenSelect(_)
        | Stmt::Values(_)
        | Stmt::Table(_)
        | Stmt::Explain(_) => queried(stmt.syntax()),
        // Handlers may call a function, and a type may be a column's.
        Stmt::CreateFunction(create) if create.or_replace().is_none() => {
            sketch(Kind::Known, InPlace)
        }
        Stmt::CreateAggregate(create) if create.or_replace().is_none() => {
            sketch(Kind::Known, InPlace)
        }
        Stmt::AlterType(alter) => match alter.action() {
            Some(ast::AlterTypeAction::OwnerTo(_)) => sketch(Kind::Known, InPlace),
            // What was no value is one: an event that had failed would not, and builds share their types.
            _ => sketch(Kind::Known, Rebuild),
        },
        stmt if is_harmless(stmt) => sketch(Kind::Known, InPlace),
        stmt if is_unknowable(stmt) => Vec::new(),
        _ => sketch(Kind::Known, Rebuild),
    }
}

/// New objects beside the tables, rights, settings, and what is for the moment.
fn is_harmless(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::CommentOn(_)
            | Stmt::SecurityLabel(_)
            | Stmt::Grant(_)
            | Stmt::Revoke(_)
            | Stmt::AlterDefaultPrivileges(_)
            | Stmt::CreateSchema(_)
            | Stmt::CreateSequence(_)
            | Stmt::CreateType(_)
            | Stmt::CreateDomain(_)
            | Stmt::CreateExtension(_)
            | Stmt::CreateCollation(_)
            | Stmt::CreateProcedure(_)
            | Stmt::CreateStatistics(_)
            | Stmt::CreatePublication(_)
            | Stmt::CreateView(_)
            | Stmt::AlterView(_)
            | Stmt::DropView(_)
            | Stmt::CreateMaterializedView(_)
            | Stmt::AlterMaterializedView(_)
            | Stmt::DropMaterializedView(_)
            | Stmt::AlterStatistics(_)
            | Stmt::DropStatistics(_)
            | Stmt::Set(_)
            | Stmt::SetConstraints(_)
            | Stmt::SetRole(_)
            | Stmt::Reset(_)
            | Stmt::ResetRole(_)
            | Stmt::SetTransaction(_)
            | Stmt::Show(_)
            | Stmt::Notify(_)
            | Stmt::Checkpoint(_)
            | Stmt::Begin(_)
            | Stmt::Commit(_)
            | Stmt::SavepointCreate(_)
            | Stmt::ReleaseSavepoint(_)
    )
}

/// They run a text that is not read here.
fn is_unknowable(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Do(_) | Stmt::Call(_) | Stmt::Execute(_) | Stmt::EmptyStmt(_))
}

fn each(
    tables: impl Iterator<Item = Option<Name>>,
    step: impl Fn(Option<Name>) -> Sketch,
) -> Vec<Sketch> {
    tables.map(step).collect()
}

fn create_index(create: &ast::CreateIndex) -> Sketch {
    let table = create.table_relation_name().and_then(|table| Name::of_table(&table));
    let lock = match create.concurrently_token() {
        Some(_) => Lock::ShareUpdateExclusive,
        None => Lock::Share,
    };
    let change = if create.unique_token().is_some() { Change::Rebuild } else { Change::InPlace };
    Sketch::new(Kind::CreateIndex, change).work(Work::Scan).on(table, lock)
}

fn reindexed(reindex: &ast::Reindex) -> Sketch {
    let table = match reindex.reindex_target() {
        Some(ast::ReindexTarget::ReindexTargetTable(target)) => {
            target.table_name_ref().and_then(|name| Name::within(&name))
        }
        _ => None,
    };
    let lock = if reindex.is_concurrently() { Lock::ShareUpdateExclusive } else { Lock::Share };
    Sketch::new(Kind::Reindex, Change::InPlace).work(Work::Scan).on(table, lock)
}

fn vacuumed(vacuum: &ast::Vacuum) -> Vec<Sketch> {
    let (kind, lock, work) = if vacuum.is_full() {
        (Kind::VacuumFull, Lock::AccessExclusive, Work::Rewrite)
    } else {
        (Kind::Vacuum, Lock::ShareUpdateExclusive, Work::Scan)
    };
    let step = |table| Sketch::new(kind, Change::InPlace).work(work).on(table, lock);
    let list = vacuum.table_and_columns_list();
    let tables = list.iter().flat_map(|list| list.table_and_columnss());
    let steps: Vec<_> =
        tables.map(|t| step(t.table_relation_name().and_then(|t| Name::of_table(&t)))).collect();
    if steps.is_empty() { vec![step(None)] } else { steps }
}

fn locked(lock: &ast::Lock) -> Vec<Sketch> {
    let mode = match lock.lock_mode_clause().and_then(|clause| clause.lock_mode()) {
        Some(ast::LockMode::AccessShare(_)) => Lock::AccessShare,
        Some(ast::LockMode::RowShare(_)) => Lock::RowShare,
        Some(ast::LockMode::RowExclusive(_)) => Lock::RowExclusive,
        Some(ast::LockMode::ShareUpdateExclusive(_)) => Lock::ShareUpdateExclusive,
        Some(ast::LockMode::Share(_)) => Lock::Share,
        Some(ast::LockMode::ShareRowExclusive(_)) => Lock::ShareRowExclusive,
        Some(ast::LockMode::Exclusive(_)) => Lock::Exclusive,
        Some(ast::LockMode::AccessExclusive(_)) | None => Lock::AccessExclusive,
    };
    let tables = lock.relation_list().into_iter().flat_map(|list| list.relation_names());
    each(tables.map(|table| Name::of_relation(&table)), |on| {
        Sketch::new(Kind::Known, Change::InPlace).on(on, mode)
    })
}

/// `CREATE TABLE AS` and `SELECT INTO`: the rows are the revision's own.
fn filled(path: Option<ast::Path>, creates: Creates, stmt: &Stmt) -> Vec<Sketch> {
    let mut step = Sketch::new(Kind::CreateTableAs, Change::Backfill);
    step.table = path.and_then(|path| Name::of_path(&path));
    step.creates = creates;
    let mut steps = vec![step];
    steps.extend(writes(stmt.syntax()));
    steps
}

fn copied(copy: &ast::Copy) -> Vec<Sketch> {
    if !matches!(copy.copy_direction(), Some(ast::CopyDirection::CopyFrom(_))) {
        return queried(copy.syntax());
    }
    let table = copy.copy_table().and_then(|table| table.table_name_ref());
    let table = table.and_then(|name| Name::within(&name));
    vec![Sketch::new(Kind::CopyFrom, Change::Backfill).on(table, Lock::RowExclusive)]
}

fn written(node: &SyntaxNode) -> Vec<Sketch> {
    let mut steps = writes(node);
    // The statement itself comes first, whatever its WITH does before it.
    steps.sort_by_key(|step| step.span.as_ref().map(|span| span.start));
    steps
}

/// Functions that a query may call without writing anything.
const READING_FUNCTIONS: [&str; 6] = ["set_config", "count", "min", "max", "sum", "now"];

/// A query: what its WITH writes. A function it calls may do anything.
fn queried(node: &SyntaxNode) -> Vec<Sketch> {
    let calls = node.descendants().filter_map(ast::CallExpr::cast);
    let unknown = calls.filter_map(|call| call.expr()).any(|function| match function {
        ast::Expr::NameRef(name) => !READING_FUNCTIONS.contains(&name.text().as_str()),
        ast::Expr::FieldExpr(field) => {
            let name = field.field().map(|name| name.text()).unwrap_or_default();
            !READING_FUNCTIONS.contains(&name.as_str())
        }
        _ => true,
    });
    let change = if unknown { Change::Rebuild } else { Change::InPlace };
    let mut steps = vec![Sketch::new(Kind::Query, change)];
    steps.extend(writes(node));
    steps
}

/// Every INSERT, UPDATE, DELETE and MERGE in a statement, those in WITH too.
fn writes(node: &SyntaxNode) -> Vec<Sketch> {
    let mut steps = Vec::new();
    let mut push = |kind, table, at: &SyntaxNode| {
        let mut step = Sketch::new(kind, Change::Backfill).on(table, Lock::RowExclusive);
        step.span = Some(span(at));
        steps.push(step);
    };
    for node in node.descendants() {
        if let Some(insert) = ast::Insert::cast(node.clone()) {
            let table = insert.relation_name_ref().and_then(|name| name.path_ref());
            let table = table.and_then(|path| Name::of(&path));
            push(Kind::Insert, table.clone(), &node);
            let action = insert.on_conflict_clause().and_then(|clause| clause.conflict_action());
            if let Some(ast::ConflictAction::ConflictDoUpdateSet(update)) = action {
                push(Kind::Update, table, update.syntax());
            }
        } else if let Some(update) = ast::Update::cast(node.clone()) {
            let table = update.relation_name().and_then(|name| Name::of_relation(&name));
            push(Kind::Update, table, &node);
        } else if let Some(delete) = ast::Delete::cast(node.clone()) {
            let table = delete.relation_name().and_then(|name| Name::of_relation(&name));
            push(Kind::Delete, table, &node);
        } else if let Some(merge) = ast::Merge::cast(node.clone()) {
            let table = merge.table_relation_name().and_then(|name| Name::of_table(&name));
            push(Kind::Merge, table, &node);
        }
    }
    steps
}

/// The first table a statement names.
fn first_table(node: &SyntaxNode) -> Option<Name> {
    if let Some(table) = find::<ast::TableNameRef>(node) {
        return Name::within(&table);
    }
    let relation = find::<ast::RelationNameRef>(node)?;
    relation.path_ref().and_then(|path| Name::of(&path))
}
