//! What a statement is to the server: its parse tree, with every name resolved.
//!
//! The statement becomes the body of a scratch SQL function, whose tree and dependencies the
//! catalog keeps. The function lives in a savepoint that is rolled back.

use super::tree::{Node, Tree};
use crate::handler::{Rendered, Statement};
use crate::ident::Ident;
use crate::pg::{PgError, ServerError, Sql, Transaction};

/// The function's name in the build's schema, until it is rolled back.
const NAME: &str = "regrow_probe";

/// A statement as the server understands it.
pub(super) struct Probe {
    pub(super) tree: Tree,
    /// As it was sent, with `$1`, `$2` ... for each use of a parameter.
    pub(super) rendered: Rendered,
    /// Where the statement begins in what was sent.
    begin: usize,
}

/// A statement, and the schema and parameter types it is looked at with.
#[derive(Clone, Copy)]
pub(super) struct Looked<'l> {
    pub(super) schema: &'l Ident,
    pub(super) statement: &'l Statement,
    /// A type in SQL for each use of a parameter.
    pub(super) types: &'l [&'l str],
}

/// Lets the server understand a statement; `look` may ask for more while the function is there.
pub(super) fn look<T>(
    transaction: &mut Transaction<'_>,
    at: Looked<'_>,
    look: impl FnOnce(&mut Transaction<'_>, &Probe) -> Result<T, PgError>,
) -> Result<Result<T, Box<ServerError>>, PgError> {
    let rendered = numbered(at.statement);
    let head = format!(
        "CREATE FUNCTION {}.{NAME}({}) RETURNS void LANGUAGE sql BEGIN ATOMIC ",
        at.schema.quoted(),
        at.types.join(", ")
    );
    let mut savepoint = transaction.savepoint()?;
    match savepoint.run(&format!("{head}{}; END", rendered.sql)) {
        Ok(()) => {}
        Err(PgError::Server(error)) => return Ok(Err(error)),
        Err(lost) => return Err(lost),
    }
    let tree = "SELECT prosqlbody::text FROM pg_catalog.pg_proc \
                WHERE pronamespace = pg_catalog.to_regnamespace($1) AND proname = $2";
    let row = savepoint.query_one(tree, &[&at.schema.quoted(), &NAME])?;
    let tree = Tree::read(row.get(0)).unwrap_or_default();
    let probe = Probe { tree, rendered, begin: head.len() };
    look(&mut savepoint, &probe).map(Ok)
}

/// A statement with `$1`, `$2` ... for each use of a parameter.
pub(super) fn numbered(statement: &Statement) -> Rendered {
    let mut uses = 0;
    statement.render(|_| {
        uses += 1;
        format!("${uses}")
    })
}

impl Probe {
    /// The offset in the handlers file of a node; PostgreSQL 17 and later do not say where it is.
    pub(super) fn offset(&self, node: &Node) -> Option<usize> {
        let at = usize::try_from(node.number("location")?).ok()?.checked_sub(self.begin)?;
        Some(self.rendered.source_offset(at))
    }
}
