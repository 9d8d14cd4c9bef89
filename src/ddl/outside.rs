//! Statements and transactions.
//!
//! Owns which statements PostgreSQL refuses inside a transaction block, and
//! what of them the catalog shows afterwards: such a statement cannot share its
//! fate with a row in the history, so whoever runs it has to look.

use squawk_syntax::ast::{self, AstNode, Stmt};

use super::{Name, parse};
use crate::handler;
use crate::source::{SourceFile, Span};

/// Whether PostgreSQL runs a statement in a transaction block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transactional {
    /// It does.
    Inside,
    /// It refuses.
    Never(Outside),
    /// The statement begins, ends or divides transactions itself.
    Control,
}

/// What to look for to know whether a statement has happened. Names are as the
/// catalog holds them; one without a schema is found by the search path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outside {
    /// `CREATE INDEX CONCURRENTLY`: an index of this name on the table. Killed
    /// half way, it is there and invalid.
    CreateIndex {
        /// The table's schema, and so the index's.
        schema: Option<String>,
        /// None: PostgreSQL chooses the name.
        name: Option<String>,
        /// The table.
        table: String,
    },
    /// `DROP INDEX CONCURRENTLY`: no index of these names.
    DropIndex {
        /// PostgreSQL takes a single one here.
        names: Vec<Name>,
    },
    /// `REINDEX ... CONCURRENTLY` of one table or index: no invalid index is
    /// left on it, nor one with `_ccnew` or `_ccold` at the end of its name.
    Reindex {
        /// The table or index.
        name: Option<Name>,
    },
    /// `DETACH PARTITION ... CONCURRENTLY`: the one is no child of the other,
    /// and no detach is pending.
    DetachPartition {
        /// The partitioned table.
        parent: Name,
        /// The partition.
        partition: Name,
    },
    /// VACUUM, databases, tablespaces and the like: nothing to look for, or
    /// nothing that matters to a lineage.
    Other,
}

/// How a statement stands to transactions. `stmt` is its tree, if there is one;
/// a tree with errors will do, for the words that matter are found in it.
pub(super) fn transactional(sql: &str, stmt: Option<&Stmt>) -> Transactional {
    let words = handler::first_words(sql);
    let word = |n: usize| words.get(n).map_or("", String::as_str);
    // These decide whatever a parser of ours makes of the rest: PostgreSQL's grammar has no other
    // statement that begins so.
    match (word(0), word(1)) {
        ("BEGIN" | "COMMIT" | "END" | "ROLLBACK" | "ABORT" | "SAVEPOINT" | "RELEASE", _)
        | ("START" | "PREPARE", "TRANSACTION") => return Transactional::Control,
        _ => {}
    }
    match stmt.map(read) {
        Some(known) => known,
        // Not even a beginning was understood. Its first word still tells.
        None if word(0) == "VACUUM" => Transactional::Never(Outside::Other),
        None => Transactional::Inside,
    }
}

fn read(stmt: &Stmt) -> Transactional {
    let never = |is: bool| {
        if is { Transactional::Never(Outside::Other) } else { Transactional::Inside }
    };
    match stmt {
        Stmt::Begin(_)
        | Stmt::Commit(_)
        | Stmt::Rollback(_)
        | Stmt::SavepointCreate(_)
        | Stmt::ReleaseSavepoint(_)
        | Stmt::PrepareTransaction(_) => Transactional::Control,
        Stmt::CreateIndex(create) if create.concurrently_token().is_some() => {
            Transactional::Never(create_index(create))
        }
        Stmt::DropIndex(drop) if drop.concurrently_token().is_some() => {
            let names = drop.index_refs().filter_map(|name| Name::within(&name)).collect();
            Transactional::Never(Outside::DropIndex { names })
        }
        Stmt::Reindex(reindex) => reindexed(reindex),
        Stmt::AlterTable(alter) => detached(alter),
        // Without a table, each table gets a transaction of its own.
        Stmt::Cluster(cluster) => {
            never(cluster.table_name_ref().is_none() && cluster.cluster_legacy().is_none())
        }
        Stmt::Repack(repack) => {
            let options = repack.option_item_list().map(|list| list.syntax().text().to_string());
            let concurrently = options.is_some_and(|o| o.to_ascii_lowercase().contains("concurr"));
            never(concurrently || repack.table_and_columns_list().is_none())
        }
        Stmt::AlterDatabase(alter) => {
            never(matches!(alter.action(), Some(ast::AlterDatabaseAction::SetTablespace(_))))
        }
        // Whether a slot is made or dropped is an option; the default is yes.
        Stmt::AlterSubscription(alter) => never(matches!(
            alter.action(),
            Some(
                ast::AlterSubscriptionAction::RefreshPublication(_)
                    | ast::AlterSubscriptionAction::SetPublication(_)
                    | ast::AlterSubscriptionAction::AddPublication(_)
                    | ast::AlterSubscriptionAction::DropSubscriptionPublication(_)
            )
        )),
        Stmt::Vacuum(_)
        | Stmt::CreateDatabase(_)
        | Stmt::DropDatabase(_)
        | Stmt::CreateTablespace(_)
        | Stmt::DropTablespace(_)
        | Stmt::CreateSubscription(_)
        | Stmt::DropSubscription(_)
        | Stmt::AlterSystem(_) => never(true),
        Stmt::Discard(discard) => {
            never(discard.syntax().text().to_string().to_ascii_lowercase().contains("all"))
        }
        _ => Transactional::Inside,
    }
}

fn create_index(create: &ast::CreateIndex) -> Outside {
    let table = create.table_relation_name().and_then(|table| Name::of_table(&table));
    let index = create.index().and_then(|index| index.path());
    let Some(table) = table else { return Outside::Other };
    Outside::CreateIndex {
        schema: table.schema,
        name: index.and_then(|path| Name::of_path(&path)).map(|name| name.name),
        table: table.name,
    }
}

fn reindexed(reindex: &ast::Reindex) -> Transactional {
    use ast::ReindexTarget as Target;
    let name = match reindex.reindex_target() {
        Some(Target::ReindexTargetTable(table)) => {
            table.table_name_ref().and_then(|name| Name::within(&name))
        }
        Some(Target::ReindexTargetIndex(index)) => {
            index.index_ref().and_then(|name| Name::within(&name))
        }
        // A schema or database is done table by table.
        Some(_) => return Transactional::Never(Outside::Other),
        None => None,
    };
    if reindex.is_concurrently() {
        Transactional::Never(Outside::Reindex { name })
    } else {
        Transactional::Inside
    }
}

fn detached(alter: &ast::AlterTable) -> Transactional {
    let parent = alter.table_relation_name().and_then(|table| Name::of_table(&table));
    for action in alter.actions() {
        let ast::AlterTableAction::DetachPartition(detach) = action else { continue };
        let Some(ast::DetachPartitionOption::DetachConcurrently(_)) =
            detach.detach_partition_option()
        else {
            continue;
        };
        let partition = detach.table_name_ref().and_then(|name| Name::within(&name));
        return Transactional::Never(match (parent, partition) {
            (Some(parent), Some(partition)) => Outside::DetachPartition { parent, partition },
            _ => Outside::Other,
        });
    }
    Transactional::Inside
}

/// The file with its statements made fit for one transaction: where only the
/// word CONCURRENTLY stands against it, blanks take its place; what is refused
/// in any form becomes blanks altogether. Every other byte stays where it is, so
/// an error's position is true. For a scratch schema or a build that nobody
/// reads: what is left out (VACUUM, REINDEX of fresh indexes) changes no
/// definition. A file that cannot be cut into statements is given back as it is,
/// and so are BEGIN and COMMIT; `lint` speaks of those.
#[must_use]
pub fn inside_transaction(file: &SourceFile) -> SourceFile {
    let mut text = file.text.clone();
    for handler::Cut { span, .. } in handler::cut(file).unwrap_or_default() {
        let sql = &file.text[span.clone()];
        let stmt = parse::statement(sql).map(|tree| tree.stmt);
        let Transactional::Never(what) = transactional(sql, stmt.as_ref()) else { continue };
        let word = stmt.as_ref().filter(|_| what != Outside::Other).and_then(concurrently);
        let part = word.unwrap_or(0..sql.len());
        let part = span.start + part.start..span.start + part.end;
        let blank: String = text[part.clone()].bytes().map(blank).collect();
        text.replace_range(part, &blank);
    }
    SourceFile::new(file.path.clone(), text)
}

fn blank(byte: u8) -> char {
    if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }
}

/// The word CONCURRENTLY where it stands alone. As an option in parentheses it
/// cannot be taken out without the parentheses.
fn concurrently(stmt: &Stmt) -> Option<Span> {
    let token = match stmt {
        Stmt::CreateIndex(create) => create.concurrently_token(),
        Stmt::DropIndex(drop) => drop.concurrently_token(),
        Stmt::Reindex(reindex) => reindex.reindex_target()?.concurrently_token(),
        Stmt::AlterTable(alter) => {
            let word = parse::find::<ast::DetachConcurrently>(alter.syntax())?;
            return Some(parse::span(word.syntax()));
        }
        _ => None,
    };
    token.map(|token| token.text_range().start().into()..token.text_range().end().into())
}
