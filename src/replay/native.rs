//! The native engine: handlers run in this process, rows in memory, tables written in bulk.
//!
//! | stage | what it turns into what |
//! |---|---|
//! | [`install`](Native::install) | a definition and a build's tables into a program |
//! | [`bind`] | events of the log into arguments, in the threads that read |
//! | [`fold`] | arguments into rows in memory |
//! | `key_access` | handlers into what their arguments alone tell |
//! | `prefetch` | coming events into guesses where their rows are |
//! | [`store`], `absent_keys` | what is known of rows and of keys without one |
//! | [`fetch`] | rows that are only in the tables into memory |
//! | [`write_back`] | rows in memory into the tables, with the checkpoint |
//! | [`worker`] | the loop: fold, fetch what is missing, write back, by halves where rows are many, leave to SQL what declines |
//! | `alone` | the same for a few events, without a build |
//! | [`watch`] | the same for many, and what each statement makes of one row |
//!
//! What it cannot do with certainty is run by the sql engine ([`super::sql`]), one event or
//! one chunk at a time, behind a checkpoint: memory is written back before and forgotten after.

mod absent_keys;
mod alone;
pub mod bind;
pub mod fetch;
pub mod fold;
mod key_access;
mod prefetch;
pub mod store;
pub mod watch;
pub mod worker;
pub mod write_back;

use crate::cell::CellType;
use crate::definition::EngineChoice;
use crate::handler::function::{NAME, Slot};
use crate::handler::native;
use crate::handler::plan::Plans;
use crate::handler::{EnvelopeField, Handler, Param, ParamSource};
use crate::ident::{Ident, quote_ident};
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Sql, citus, schema};
use crate::replay::sql::Inferred;
use crate::schema::Schema;
use bind::Runner;
use fold::Fold;
use key_access::KeyAccess;
use store::Table;

/// A definition compiled for a build's tables.
#[derive(Debug)]
pub struct Native {
    /// The program.
    pub program: native::Program,
    /// How events reach the parameters.
    pub plans: Plans,
    /// For each handler, what is taken of an event.
    arguments: Vec<Vec<Argument>>,
    /// For each handler, what its arguments alone tell.
    access: Vec<KeyAccess>,
    /// For each handler, the tables its statements may change; all where nobody knows.
    touched: Vec<Vec<usize>>,
    /// Whether it needs no time as a text, and nothing for jq filters.
    minimal_columns: bool,
    /// Whether a handler looks at the stream.
    stream: bool,
    /// Whether it leaves to SQL only what it must, however slow that is.
    never_fall_back: bool,
    /// Whether tables lie on other nodes (Citus): each of their indexes is one of every shard, and rows of two
    /// transactions cannot be taken back as one.
    is_spread: bool,
    /// The build's schema.
    schema: Ident,
}

/// What a slot takes of an event.
#[derive(Debug, Clone, Copy)]
struct Argument {
    /// As what; nothing where no cell is of the slot's type.
    ty: Option<CellType>,
    /// Whether it is a field of the payload.
    of_payload: bool,
}

impl Argument {
    fn new(handler: &Handler, slot: &Slot) -> Argument {
        let of_payload = matches!(handler.params[slot.param].source, ParamSource::Field(_));
        Argument { ty: CellType::of_sql(&slot.ty.sql), of_payload }
    }
}

impl Native {
    /// Compiles a definition for a build.
    ///
    /// # Errors
    /// The server refuses.
    pub fn install(
        sql: &mut impl Sql,
        of: &Ident,
        choice: EngineChoice,
        inferred: Inferred<'_>,
    ) -> Result<Native, PgError> {
        Ok(Native::on(&BuildTables::of(sql, of)?, of, choice, inferred))
    }

    /// Compiles a definition for tables that were looked at before.
    #[must_use]
    pub fn on(
        tables: &BuildTables,
        of: &Ident,
        choice: EngineChoice,
        inferred: Inferred<'_>,
    ) -> Native {
        let program = tables.compile(inferred);
        let Inferred { parsed, slots, .. } = inferred;
        let handlers = &parsed.handlers;
        let everything: Vec<usize> = (0..program.tables.len()).collect();
        let touched = handlers
            .handlers
            .iter()
            .map(|handler| match reaches_further(&tables.facts) {
                true => everything.clone(),
                false => named(&program, handlers.file.text.as_str(), handler),
            })
            .collect();
        Native {
            plans: Plans::new(handlers, &parsed.upcasters, &parsed.reach, slots),
            arguments: handlers
                .handlers
                .iter()
                .zip(slots)
                .map(|(handler, slots)| slots.iter().map(|s| Argument::new(handler, s)).collect())
                .collect(),
            access: program.handlers.iter().map(|h| KeyAccess::of(h, &program.tables)).collect(),
            touched,
            minimal_columns: !parsed.upcasters.has_filters()
                && program.handlers.iter().all(Result::is_ok)
                && handlers.handlers.iter().zip(slots).all(|(handler, slots)| {
                    slots.iter().all(|slot| does_with_less(&handler.params[slot.param], slot))
                }),
            stream: handlers.handlers.iter().flat_map(|h| &h.params).any(is_of_stream),
            never_fall_back: choice == EngineChoice::Native,
            is_spread: tables.is_spread,
            schema: of.clone(),
            program,
        }
    }

    /// Whether it can do with what a reading of minimal columns gives.
    #[must_use]
    pub fn takes_minimal_columns(&self) -> bool {
        self.minimal_columns
    }

    /// Whether a handler looks at the stream or the event's number in it.
    #[must_use]
    pub fn uses_stream(&self) -> bool {
        self.stream
    }

    /// Whether the build's tables have no row.
    ///
    /// # Errors
    /// The server refuses.
    pub fn are_empty(&self, sql: &mut impl Sql) -> Result<bool, PgError> {
        let tables = 0..self.program.tables.len();
        let any: Vec<String> = tables
            .map(|table| format!("EXISTS (SELECT 1 FROM {})", self.table_name(table)))
            .collect();
        if any.is_empty() {
            return Ok(true);
        }
        Ok(!sql.query_one(&format!("SELECT {}", any.join(" OR ")), &[])?.get::<_, bool>(0))
    }

    /// A fold without rows. `whole` says that the build's tables are empty.
    #[must_use]
    pub fn fold(&self, whole: bool) -> Fold {
        let tables = self.program.tables.iter().enumerate().map(|(index, table)| {
            let searched = self.program.columns_searched(index);
            Table::new(table.columns.len(), table.key.clone(), searched, whole)
        });
        Fold::new(tables.collect())
    }

    /// The statements that the fold runs for a step.
    fn statements(&self, runner: Runner) -> Option<&[native::Statement]> {
        let handler = self.program.handlers.get(runner.native()?)?;
        handler.as_deref().ok()
    }

    /// A table's name in SQL.
    fn table_name(&self, table: usize) -> String {
        format!("{}.{}", self.schema.quoted(), quote_ident(&self.program.tables[table].name))
    }

    /// Columns of a table in SQL.
    fn columns(&self, table: usize, columns: impl IntoIterator<Item = usize>) -> Vec<String> {
        let of = &self.program.tables[table].columns;
        columns.into_iter().map(|column| quote_ident(&of[column].name)).collect()
    }
}

/// The tables of a build as the catalog has them.
#[derive(Debug, Clone)]
pub struct BuildTables {
    facts: Schema,
    tables: Vec<native::Table>,
    is_spread: bool,
}

impl BuildTables {
    /// Looks at the tables of a schema, which takes longer than all else that a compilation asks the server.
    ///
    /// # Errors
    /// The server refuses.
    pub fn of(sql: &mut impl Sql, schema: &Ident) -> Result<BuildTables, PgError> {
        let path = SearchPath::of(sql, schema, NAME)?;
        BuildTables::on(sql, schema, &path)
    }

    /// The same where the schema's search path is known.
    ///
    /// # Errors
    /// The server refuses.
    pub fn on(
        sql: &mut impl Sql,
        schema: &Ident,
        path: &SearchPath,
    ) -> Result<BuildTables, PgError> {
        let facts = schema::read_for_handlers(sql, schema)?;
        let tables = native::catalog::describe(&facts, &obstacles(sql, schema, path)?);
        let is_spread = !citus::tables(sql, schema)?.is_empty();
        Ok(BuildTables { facts, tables, is_spread })
    }

    /// Compiles handlers against them.
    #[must_use]
    pub fn compile(&self, inferred: Inferred<'_>) -> native::Program {
        let Inferred { parsed, types, slots } = inferred;
        native::Program::compile(self.tables.clone(), &parsed.handlers, types, slots)
    }
}

/// Compiles handlers against the tables of a schema.
///
/// # Errors
/// The server refuses.
pub fn compile(
    sql: &mut impl Sql,
    of: &Ident,
    inferred: Inferred<'_>,
) -> Result<native::Program, PgError> {
    Ok(BuildTables::of(sql, of)?.compile(inferred))
}

/// Whether a projection that asks for this engine runs by the program. It is faster than the sql
/// engine unless every handler runs there.
#[must_use]
pub fn is_chosen(choice: EngineChoice, program: &native::Program) -> bool {
    match choice {
        EngineChoice::Sql => false,
        EngineChoice::Native => true,
        EngineChoice::Auto => program.handlers.iter().flatten().any(|of| !of.is_empty()),
    }
}

/// What the schema's value does not tell of tables: rules, and what gives an expression another
/// meaning than PostgreSQL's own functions and operators do.
fn obstacles(
    sql: &mut impl Sql,
    schema: &Ident,
    path: &SearchPath,
) -> Result<Vec<(String, String)>, PgError> {
    let (of, on_path) = (schema.quoted(), path.schemas());
    let functions = native::functions::names();
    let rows = sql.query(include_str!("native/obstacles.sql"), &[&of, &on_path, &functions])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

fn is_of_stream(param: &Param) -> bool {
    let of = [EnvelopeField::StreamId, EnvelopeField::StreamVersion];
    matches!(&param.source, ParamSource::Envelope(field) if of.contains(field))
}

/// Whether a parameter's value is in what a reading of minimal columns gives.
fn does_with_less(param: &Param, slot: &Slot) -> bool {
    match &param.source {
        ParamSource::Envelope(EnvelopeField::RecordedAt) => {
            slot.ty.sql == "timestamp with time zone"
        }
        _ => true,
    }
}

/// Whether a statement may change a table that it does not name: by a trigger, a key's action, a view that can
/// be written, a function, or the parent of what it names.
fn reaches_further(facts: &Schema) -> bool {
    let acts =
        |definition: &str| definition.contains(" ON DELETE ") || definition.contains(" ON UPDATE ");
    let mut constraints = facts.tables.values().flat_map(|t| t.constraints.values());
    let inherits = facts.tables.values().any(|t| !t.parents.is_empty());
    let by_name = facts.views.is_empty() && facts.routines.is_empty() && !inherits;
    !by_name
        || !facts.triggers.is_empty()
        || constraints.any(|c| c.kind == 'f' && acts(&c.definition))
}

/// The tables whose names stand in a handler's statements, also inside longer words.
fn named(program: &native::Program, text: &str, handler: &Handler) -> Vec<usize> {
    let statements: Vec<String> =
        handler.statements.iter().map(|s| text[s.span.clone()].to_lowercase()).collect();
    // A name may be written with escapes, and then it is none that could be found.
    let is_plain = !statements.iter().any(|s| s.contains("u&\""));
    let stands = |table: &native::Table| {
        let name = table.name.to_lowercase().replace('"', "\"\"");
        !is_plain || statements.iter().any(|s| s.contains(&name))
    };
    (0..program.tables.len()).filter(|n| stands(&program.tables[*n])).collect()
}
