//! The sql engine: handlers run in the server, one event after another.
//!
//! | stage | what it turns into what |
//! |---|---|
//! | [`typing`], `types` | handlers into the types PostgreSQL infers for their parameters |
//! | [`envelope`] | the same for parameters whose types are known |
//! | [`crate::handler::function`] | handlers and types into one PL/pgSQL function |
//! | [`batch`] | events of the log into a batch of arguments |
//! | [`apply`] | a batch into rows, with its checkpoint, in one round trip |
//!
//! It takes any SQL a handler may hold. It keeps nothing between batches; what it did
//! is in the tables and the checkpoint.

pub mod apply;
pub mod batch;
mod clock;
mod computed;
pub mod determinism;
mod encoding;
pub mod envelope;
mod floats;
pub mod meaning;
mod order;
mod parts;
mod probe;
pub mod reach;
mod refused;
mod spread;
mod tree;
mod types;
pub mod typing;

use std::sync::Arc;

use envelope::Written;

use crate::definition::{Definition, DefinitionErrors, Parsed};
use crate::failure::Failure;
use crate::handler::Handlers;
use crate::handler::function::{self, Function, Slot, StatementTypes};
use crate::ident::Ident;
use crate::log::wanted::Needs;
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Session, Sql, Transaction, catalog, citus, lock};
use crate::source::Place;
use crate::upcast::Upcasters;

/// A definition made ready to run in a build's schema.
pub struct Program {
    /// The handlers.
    pub handlers: Arc<Handlers>,
    /// The generated function.
    pub function: Arc<Function>,
    /// The upcasters, owned by the thread that binds.
    pub upcasters: Upcasters,
    /// Every stored type that can end at a handler.
    pub types: Vec<String>,
    /// What of the envelope must be read.
    pub needs: Needs,
    /// The encoding of the read models' database.
    encoding: String,
}

/// A definition's files, and what PostgreSQL inferred of its handlers against a build's tables.
#[derive(Clone, Copy)]
pub struct Inferred<'i> {
    /// The files.
    pub parsed: &'i Parsed,
    /// For each handler, the types of each statement's parameters.
    pub types: &'i [Vec<StatementTypes>],
    /// For each handler, the arguments it takes.
    pub slots: &'i [Vec<Slot>],
}

/// A handler's statement the server refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Fault {
    /// Where in the handlers file.
    pub place: Place,
    /// Why, mostly in PostgreSQL's words.
    pub message: String,
    /// PostgreSQL's hint.
    pub hint: Option<String>,
}

/// Why a definition cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The stored files cannot be read.
    #[error(transparent)]
    Definition(#[from] DefinitionErrors),
    /// Statements do not fit the tables.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<Fault>),
    /// Handlers, or what they set off, reach outside the build, or cannot be looked into.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Outside(Vec<Fault>),
}

impl ProgramError {
    /// What was found, if something is in the way.
    ///
    /// # Errors
    /// It is.
    pub fn of_found(found: reach::Found) -> Result<(), ProgramError> {
        let reach::Found { mut faults, outside, .. } = found;
        match (faults.is_empty(), outside.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(ProgramError::Outside(outside)),
            (false, _) => {
                faults.extend(outside);
                Err(ProgramError::Faults(faults))
            }
        }
    }
}

/// A definition whose statements were typed against the tables of a schema.
pub struct Typed {
    /// The definition.
    pub parsed: Parsed,
    /// The types of each statement, by handler.
    pub types: Vec<Vec<StatementTypes>>,
    /// The schema's search path.
    pub path: SearchPath,
}

impl Program {
    /// Prepares a stored definition for a build and writes its function into the build's schema.
    /// `also` sees what was inferred, in the same transaction and behind the same lock; what it
    /// gives is given back.
    ///
    /// # Errors
    /// The definition cannot be read, a statement does not fit the tables, or `also` fails.
    pub fn install<T>(
        session: &mut Session,
        schema: &Ident,
        definition: &Definition,
        also: impl FnOnce(&mut Transaction<'_>, Inferred<'_>) -> Result<T, PgError>,
    ) -> Result<(Program, T), ProgramError> {
        Program::install_parsed(session, schema, definition.parse()?, also)
    }

    /// The same for a definition that has been read already.
    ///
    /// # Errors
    /// A statement does not fit the tables, or `also` fails.
    pub fn install_parsed<T>(
        session: &mut Session,
        schema: &Ident,
        parsed: Parsed,
        also: impl FnOnce(&mut Transaction<'_>, Inferred<'_>) -> Result<T, PgError>,
    ) -> Result<(Program, T), ProgramError> {
        let mut transaction = session.begin()?;
        // Of two that replace one function at once PostgreSQL fails the second
        // ("tuple concurrently updated"): followers and a promote may start together.
        lock::within(&mut transaction, &format!("install {}", schema.as_str()))?;
        let (types, function) = Program::text(&mut transaction, schema, &parsed)?;
        // Nobody calls it on a worker, and a worker that is away is no reason not to make it.
        if transaction.session().has_citus() {
            transaction.run("SET LOCAL citus.enable_ddl_propagation = off")?;
        }
        transaction.run(&function.sql)?;
        let inferred = Inferred { parsed: &parsed, types: &types, slots: &function.slots };
        let given = also(&mut transaction, inferred)?;
        transaction.commit("engine::install")?;
        session.forget_prepared();
        let encoding = session.query_one("SELECT pg_catalog.getdatabaseencoding()::text", &[])?;
        Ok((Program::new(parsed, function, encoding.get(0)), given))
    }

    /// A program that only binds events: its function is not written into the schema, which may be a
    /// live one and the transaction read-only.
    ///
    /// # Errors
    /// The server refuses.
    pub fn unwritten<T>(
        transaction: &mut Transaction<'_>,
        schema: &Ident,
        typed: Typed,
        also: impl FnOnce(Inferred<'_>) -> T,
    ) -> Result<(Program, T), ProgramError> {
        let Typed { parsed, types, path } = typed;
        let function = Program::function(transaction, (schema, &path), &parsed, &types)?;
        let given = also(Inferred { parsed: &parsed, types: &types, slots: &function.slots });
        let encoding =
            transaction.query_one("SELECT pg_catalog.getdatabaseencoding()::text", &[])?;
        Ok((Program::new(parsed, function, encoding.get(0)), given))
    }

    /// A program whose function is the session's alone, under a name of its own that begins with
    /// [`function::NAME`]: what it runs by is not what the build runs by.
    ///
    /// # Errors
    /// A statement does not fit the tables, or the role may not make temporary objects.
    pub fn temporary(
        session: &mut Session,
        schema: &Ident,
        parsed: Parsed,
        name: &str,
    ) -> Result<Program, ProgramError> {
        let mut transaction = session.begin()?;
        let (_, function) = Program::text(&mut transaction, schema, &parsed)?;
        transaction.run(&function.temporary(schema, name))?;
        let encoding =
            transaction.query_one("SELECT pg_catalog.getdatabaseencoding()::text", &[])?;
        let program = Program::new(parsed, function, encoding.get(0));
        transaction.commit("repair::install")?;
        Ok(program)
    }

    /// The types of all parameters, and the function that runs the handlers.
    fn text(
        transaction: &mut Transaction<'_>,
        schema: &Ident,
        parsed: &Parsed,
    ) -> Result<(Vec<Vec<StatementTypes>>, Function), ProgramError> {
        citus::must_agree(transaction, schema)?;
        let path = SearchPath::of(transaction, schema, function::NAME)?;
        let types = typing::infer_on(transaction, &path, &parsed.handlers, Written::Before)?;
        let function = Program::function(transaction, (schema, &path), parsed, &types)?;
        Ok((types, function))
    }

    fn function(
        transaction: &mut Transaction<'_>,
        (schema, path): (&Ident, &SearchPath),
        parsed: &Parsed,
        types: &[Vec<StatementTypes>],
    ) -> Result<Function, PgError> {
        let deferred = catalog::deferred_constraints(transaction, schema)?;
        let ledger = transaction.ledger().clone();
        let of = (schema, path.list.as_str(), &ledger);
        let first = citus::two_phase(transaction, schema)?;
        let also = (deferred.as_slice(), first.as_deref());
        Ok(Function::write(of, &parsed.handlers, types, also))
    }

    /// A failure whose words any database can keep: its stream may have a name that this one cannot.
    fn storable(&self, failure: Failure) -> Failure {
        match self.encoding.as_str() {
            // SQL_ASCII keeps bytes as they are.
            "UTF8" | "SQL_ASCII" => failure,
            _ => failure.in_ascii(),
        }
    }

    fn new(parsed: Parsed, function: Function, encoding: String) -> Program {
        let Parsed { handlers, upcasters, reach, .. } = parsed;
        let types = reach.types().iter().cloned().collect();
        let jq = upcasters.jq_context();
        let needs = Needs {
            metadata: handlers.uses_metadata() || jq.metadata,
            recorded_at: handlers.uses_recorded_at() || jq.recorded_at,
            minimal_columns: false,
            stream: true,
        };
        Program {
            handlers: Arc::new(handlers),
            function: Arc::new(function),
            upcasters,
            types,
            needs,
            encoding,
        }
    }
}
