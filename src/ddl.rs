//! What the statements of a migration do, told from their text alone.
//!
//! Owns which lock a statement takes on which table, whether it reads or
//! rewrites the table while it holds it, whether PostgreSQL runs it in a
//! transaction, and what it does to rows that handlers have built. It runs
//! nothing and asks no catalog: whether a name exists, a type change is only a
//! relabelling or a CHECK makes a scan superfluous is not known here, and the
//! costlier case is assumed. It does not judge syntax; PostgreSQL does. It does
//! not look into the bodies of functions and DO blocks.
//!
//! | room | what it turns into what |
//! |---|---|
//! | `parse` | one statement's text into a tree, if it can be had safely |
//! | `name` | a name in the text into the name in the catalog |
//! | `table` | `CREATE TABLE` and `ALTER TABLE` into [`Step`]s |
//! | `command` | any other statement into [`Step`]s |
//! | `expression` | a column's default into "constant", "stable" or "volatile" |
//! | `outside` | a statement into [`Transactional`]; a file into one that fits a transaction |
//! | `beyond` | a statement of a projection into what it does outside the build |
//! | `server` | a statement into whether it is about the whole server |
//! | `setting` | a statement into the [`Setting`] it changes |
//! | `types` | a file into one without the statements about some types |
//! | `change` | statements into one [`Change`] |
//! | `compared` | a statement into what a comparison of catalogs does not see of it |

mod beyond;
mod change;
mod command;
mod compared;
mod expression;
mod kind;
mod name;
mod outside;
pub(crate) mod parse;
mod server;
mod setting;
mod table;
mod types;

use squawk_syntax::ast;

pub use self::beyond::{Beyond, beyond};
pub use self::change::{Change, change_of};
pub use self::compared::unseen;
pub use self::kind::{Kind, Lock, Work};
pub use self::name::Name;
pub use self::outside::{Outside, Transactional, inside_transaction};
pub use self::server::{
    about_the_server, blank, extension_made, given_away, is_about_the_server, made_role,
    made_schema, makes_extension,
};
pub use self::setting::{Setting, of as setting_of};
pub use self::types::without_types;
use crate::handler::{self, Cut, HandlerError, HandlerErrorKind};
use crate::source::{Place, SourceFile, Span};

/// A statement of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its bytes in the file, without comments around it and its semicolon.
    pub span: Span,
    /// The rows below it, for a `COPY ... FROM STDIN`.
    pub rows: Option<Span>,
    /// What it does, one step for each table or action it names. Never empty.
    pub steps: Vec<Step>,
    /// Whether PostgreSQL runs it in a transaction block.
    pub transaction: Transactional,
    /// The setting of the session that it changes, as far as its own words tell.
    pub setting: Option<Setting>,
}

/// One thing a statement does: `ALTER TABLE t ADD COLUMN a int, DROP COLUMN b`
/// has two, and so has `TRUNCATE a, b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its bytes in the file: the action, or the whole statement.
    pub span: Span,
    /// What it does.
    pub kind: Kind,
    /// The table it does it to. `DROP INDEX` and the like do not say which.
    pub table: Option<Name>,
    /// The lock on that table. None: no lock there, or none that anybody could
    /// feel, since the file creates the table.
    pub lock: Option<Lock>,
    /// What it reads or writes while it holds the lock.
    pub work: Work,
    /// What it does to rows that handlers have built.
    pub change: Change,
    /// The same file creates the table, or creates it if it is not there.
    pub on_new_table: bool,
    /// The same file creates the table, which was not there before.
    pub on_own_table: bool,
}

/// Why a file cannot be cut into statements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct DdlError {
    /// Where.
    pub place: Place,
    /// Why: a quote or parenthesis that is not closed, a psql command, a NUL byte.
    pub reason: HandlerErrorKind,
}

impl From<HandlerError> for DdlError {
    fn from(error: HandlerError) -> Self {
        Self { place: error.place, reason: error.kind }
    }
}

impl Statement {
    /// What its first step does.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.steps.first().map_or(Kind::Other, |step| step.kind)
    }

    /// The first table it names.
    #[must_use]
    pub fn table(&self) -> Option<&Name> {
        self.steps.iter().find_map(|step| step.table.as_ref())
    }

    /// The strongest lock it takes on a table that was there before.
    #[must_use]
    pub fn lock(&self) -> Option<Lock> {
        self.steps.iter().filter_map(|step| step.lock).max()
    }

    /// Whether it writes a whole table anew.
    #[must_use]
    pub fn rewrites(&self) -> bool {
        self.steps.iter().any(|step| step.work == Work::Rewrite)
    }

    /// Whether it takes rows out of a table, or the table with them.
    #[must_use]
    pub fn takes_rows_from(&self, table: &Name) -> bool {
        let takes = |step: &Step| match step.kind {
            Kind::DropTable | Kind::Truncate | Kind::Delete | Kind::Merge => {
                step.table.as_ref().is_some_and(|t| t.may_be(table))
            }
            Kind::DropSchema => {
                step.table.as_ref().is_some_and(|t| table.schema.as_ref() == Some(&t.name))
            }
            _ => false,
        };
        self.steps.iter().any(takes)
    }

    /// What it does to rows that handlers have built: its worst step decides.
    #[must_use]
    pub fn change(&self) -> Change {
        self.steps.iter().map(|step| step.change).max().unwrap_or(Change::Rebuild)
    }
}

/// Reads the statements of a migration. One that is not understood is
/// [`Kind::Other`].
///
/// # Errors
/// The file cannot be cut into statements, see [`DdlError`].
pub fn read(file: &SourceFile) -> Result<Vec<Statement>, DdlError> {
    let mut created = Created::default();
    let mut statements = Vec::new();
    for Cut { span, rows } in handler::cut(file)? {
        statements.push(Statement { rows, ..statement(&file.text, span, &mut created) });
    }
    Ok(statements)
}

fn statement(text: &str, span: Span, created: &mut Created) -> Statement {
    let sql = &text[span.clone()];
    let tree = parse::statement(sql);
    let mut sketches = match &tree {
        Some(tree) if tree.is_whole => steps(&tree.stmt),
        _ => Vec::new(),
    };
    if sketches.is_empty() {
        sketches.push(Sketch::new(Kind::Other, Change::Rebuild));
    }
    for sketch in &sketches {
        created.note(sketch);
    }
    let steps = sketches.into_iter().map(|sketch| created.place(sketch, &span)).collect();
    let transaction = outside::transactional(sql, tree.as_ref().map(|tree| &tree.stmt));
    Statement { span, rows: None, steps, transaction, setting: setting::of(sql) }
}

fn steps(stmt: &ast::Stmt) -> Vec<Sketch> {
    match stmt {
        ast::Stmt::AlterTable(alter) => table::alter(alter),
        ast::Stmt::CreateTable(create) => table::create(create),
        other => command::steps(other),
    }
}

/// A step before it is known which tables the file creates.
#[derive(Debug)]
struct Sketch {
    kind: Kind,
    /// Bytes in the statement; None is all of it.
    span: Option<Span>,
    table: Option<Name>,
    lock: Option<Lock>,
    work: Work,
    change: Change,
    creates: Creates,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Creates {
    No,
    /// `CREATE TABLE IF NOT EXISTS`: the table may be an old one.
    Perhaps,
    Yes,
}

impl Sketch {
    fn new(kind: Kind, change: Change) -> Self {
        Self {
            kind,
            span: None,
            table: None,
            lock: None,
            work: Work::None,
            change,
            creates: Creates::No,
        }
    }

    fn on(mut self, table: Option<Name>, lock: Lock) -> Self {
        self.table = table;
        self.lock = Some(lock);
        self
    }

    fn work(mut self, work: Work) -> Self {
        self.work = work;
        self
    }

    fn at(mut self, node: &impl ast::AstNode) -> Self {
        self.span = Some(parse::span(node.syntax()));
        self
    }
}

/// The tables a file has created so far.
#[derive(Default)]
struct Created(Vec<(Name, Creates)>);

impl Created {
    fn note(&mut self, sketch: &Sketch) {
        if let (Some(table), false) = (&sketch.table, sketch.creates == Creates::No) {
            self.0.push((table.clone(), sketch.creates));
        }
    }

    fn place(&self, sketch: Sketch, statement: &Span) -> Step {
        let created = sketch.table.as_ref().map_or(Creates::No, |table| {
            let same = self.0.iter().find(|(created, _)| created.may_be(table));
            same.map_or(Creates::No, |(_, how)| *how)
        });
        let on_new_table = created != Creates::No;
        // A table that was surely not there before holds no row that a handler
        // built. What a statement puts into it is another matter.
        let untouched = created == Creates::Yes && !sketch.kind.writes_rows();
        Step {
            span: sketch.span.map_or_else(
                || statement.clone(),
                |span| statement.start + span.start..statement.start + span.end,
            ),
            kind: sketch.kind,
            table: sketch.table,
            lock: sketch.lock.filter(|_| !on_new_table),
            work: sketch.work,
            change: if untouched { Change::InPlace } else { sketch.change },
            on_new_table,
            on_own_table: created == Creates::Yes,
        }
    }
}

#[cfg(test)]
mod tests;
