//! A revision's files before they run: whether they can, and where they failed.

use super::MigrateError;
use super::frame::Breach;
use crate::bulk::{Part, Parts};
use crate::ddl::{self, Outside, Setting, Transactional};
use crate::handler::{self, HandlerErrorKind};
use crate::pg::{PgError, ServerError};
use crate::revision::{Direction, Lineage, Marker, Revision, marker};
use crate::source::{Bulk, Place, SourceFile};

/// Looks at every file of a plan before the first of them runs.
pub(super) fn check(
    lineage: &Lineage,
    direction: Direction,
    plan: &[&Revision],
) -> Result<(), MigrateError> {
    let without: Vec<&Revision> =
        plan.iter().filter(|r| r.script(direction).is_none()).copied().collect();
    if let Some(first) = without.first() {
        return Err(MigrateError::NoDown {
            lineage: lineage.name.clone(),
            stems: without.iter().map(|r| r.stem()).collect(),
            missing: match &first.down {
                None => format!("{} is missing", down_path(&first.up.path)),
                Some(file) => format!("{} has no statement", file.path),
            },
        });
    }
    plan.iter().filter_map(|r| r.script(direction)).try_for_each(|(f, outside)| can_run(f, outside))
}

/// Where a revision's way back lies, or would.
pub(super) fn down_path(up: &str) -> String {
    format!("{}.down.sql", up.strip_suffix(".sql").unwrap_or(up))
}

/// Whether a file can run in a transaction of ours, or statement by statement.
pub(super) fn can_run(file: &SourceFile, outside: bool) -> Result<(), MigrateError> {
    if let Some(bulk) = &file.bulk {
        return can_stream(file, bulk, outside);
    }
    fits_us(file)?;
    for statement in ddl::read(file).map_err(unread)? {
        let refuse = |reason: &str, hint: &str| {
            Err(MigrateError::Script {
                place: file.place(statement.span.start),
                reason: reason.to_owned(),
                hint: hint.to_owned(),
            })
        };
        if outside && statement.rows.is_some() {
            return refuse(
                "rows in a file are copied in the transaction of their revision",
                "take '-- transaction: none' out, or put them into a revision of their own",
            );
        }
        match statement.transaction {
            Transactional::Control => {
                return refuse(
                    "a revision cannot begin or end transactions",
                    "regrow commits each revision with its history row; take the statement out",
                );
            }
            Transactional::Never(_) if !outside => {
                return refuse(
                    "this statement cannot run in a transaction",
                    "put '-- transaction: none' into the head, best in a revision of its own",
                );
            }
            Transactional::Never(Outside::CreateIndex { name: None, .. }) => {
                return refuse(
                    "an index that is built CONCURRENTLY needs a name",
                    "without one, a half-built index could not be found again: CREATE INDEX CONCURRENTLY name ON ...",
                );
            }
            Transactional::Never(_) | Transactional::Inside => {}
        }
        match &statement.setting {
            Some(Setting::Transaction) => {
                return refuse(
                    "a revision cannot change its transaction",
                    "regrow begins it; what must run otherwise is for psql",
                );
            }
            Some(Setting::Authorization) => {
                return refuse(
                    "a revision cannot change the session's authorization",
                    "SET ROLE holds to the end of the file",
                );
            }
            Some(Setting::Strings) => {
                return refuse(
                    "revisions are read with standard_conforming_strings on",
                    "take the statement out, and write strings with backslash escapes as E'...'",
                );
            }
            Some(Setting::Encoding) => {
                return refuse(
                    "revisions are sent in UTF-8",
                    "take the statement out; a file in another encoding is turned into UTF-8 (iconv), \
                     and pg_dump writes it with -E UTF8",
                );
            }
            Some(Setting::Timeout(_) | Setting::Other) | None => {}
        }
    }
    Ok(())
}

/// Whether a file that is too large to be held can run: it holds rows, and what belongs to them.
fn can_stream(file: &SourceFile, bulk: &Bulk, outside: bool) -> Result<(), MigrateError> {
    let refuse = |place: Place, reason: &str, hint: &str| {
        Err(MigrateError::Script { place, reason: reason.into(), hint: hint.into() })
    };
    if outside {
        let hint = "take '-- transaction: none' out, or divide the file";
        return refuse(file.place(0), "a file of this size runs in a transaction", hint);
    }
    // Their first word says that they may stand in a transaction and set nothing.
    const ROWS: [&str; 6] = ["INSERT", "UPDATE", "DELETE", "COPY", "MERGE", "VALUES"];
    let mut parts = Parts::of(file, bulk)?;
    while let Some(part) = parts.next_part()? {
        let mut piece = match part {
            Part::Statements(piece) => piece,
            Part::Copy(_) => {
                parts.rows(|_| Ok::<_, MigrateError>(()))?;
                continue;
            }
        };
        let cuts = handler::cut(&piece).map_err(|error| unread(error.into()))?;
        let is_rows = |cut: &handler::Cut| {
            let word =
                piece.text[cut.span.clone()].split(|c: char| !c.is_ascii_alphabetic()).next();
            word.is_some_and(|word| ROWS.iter().any(|rows| rows.eq_ignore_ascii_case(word)))
        };
        if !cuts.iter().all(is_rows) {
            if let Some(span) = ddl::about_the_server(&piece).first() {
                let hint = "put it into a revision of its own";
                return refuse(
                    piece.place(span.start),
                    "a file of this size holds rows, and this is about the server",
                    hint,
                );
            }
            can_run(&piece, false)?;
        }
        // Whether anything stands below a comment at the end is for the next piece to say.
        piece.text.push_str("\n;SELECT 1");
        fits_us(&piece)?;
    }
    Ok(())
}

/// Refuses a file that another tool would run in part, or otherwise: run whole, it undoes itself.
pub(crate) fn fits_us(file: &SourceFile) -> Result<(), MigrateError> {
    match marker(file) {
        None => Ok(()),
        Some(Marker { place, reason, hint }) => Err(MigrateError::Script { place, reason, hint }),
    }
}

/// Whether a file that is no revision can run in a transaction of ours.
pub(crate) fn can_run_inside(file: &SourceFile) -> Result<(), MigrateError> {
    handler::split(file).map_err(|error| unread(error.into()))?;
    can_run(file, false)
}

pub(crate) fn unread(error: ddl::DdlError) -> MigrateError {
    MigrateError::Script {
        hint: match &error.reason {
            HandlerErrorKind::CopyFromStdin => {
                "take the rows out: a seed is a revision of the event store"
            }
            HandlerErrorKind::RowsWithoutEnd => {
                "end them as pg_dump does; a file that was cut off is not run in part"
            }
            HandlerErrorKind::PsqlCommand(_) => {
                "psql alone knows it: take the line out, or write it in SQL"
            }
            HandlerErrorKind::CopyToStdout => "take it out; psql is for that",
            _ => "correct the file and run the command again",
        }
        .into(),
        place: error.place,
        reason: error.reason.to_string(),
    }
}

/// What is said of a statement that has broken the frame it runs in.
pub(super) fn broken(breach: Breach, place: Place) -> MigrateError {
    let (reason, hint) = match breach {
        Breach::Ended => (
            "the transaction of its revision ended here, and what came before is kept",
            "take out what ended it, and see what is there before the command runs again",
        ),
        Breach::Unlocked => (
            "the lock that keeps other runs out was given away here",
            "pg_advisory_unlock_all() gives away every lock of the session: give back one by its key, \
             pg_advisory_unlock(key)",
        ),
        Breach::ReadOnly => (
            "the transaction of its revision takes no writes from here on, not even its row in the history, \
             and was rolled back",
            "take out what makes it read only: SET TRANSACTION READ ONLY, or transaction_read_only",
        ),
        Breach::History => (
            "the file changes the history of revisions, and was rolled back: others would run again, or never",
            "leave refinery_schema_history and regrow_schema_* to regrow: 'regrow stamp' and 'regrow repair' write there",
        ),
    };
    MigrateError::Script { place, reason: reason.into(), hint: hint.into() }
}

/// A revision in the form that runs in one transaction in a direction.
///
/// The transaction is the caller's to end: a COMMIT in a file, which would keep what a scratch
/// schema makes and what was moved aside for it, is refused.
pub(super) fn inside(revision: &Revision, direction: Direction) -> Result<Revision, MigrateError> {
    let mut inside = revision.clone();
    if revision.outside_transaction {
        inside.up = ddl::inside_transaction(&revision.up);
        inside.outside_transaction = false;
    }
    if revision.down_outside_transaction {
        inside.down = revision.down.as_ref().map(ddl::inside_transaction);
        inside.down_outside_transaction = false;
    }
    if let Some((file, outside)) = inside.script(direction) {
        can_run(file, outside)?;
    }
    Ok(inside)
}

/// What to do about an enum value that is used where it was added.
const UNSAFE_ENUM: &str = "before PostgreSQL 17 an enum value cannot be used in the transaction that \
    added it, and a fresh build is one transaction: make a type with all the values and move the \
    column to it, or use text and a CHECK";

/// What to do about a CALL or DO that ends transactions.
const COMMITS: &str = "a CALL or DO that commits runs alone: put '-- transaction: none' into the head, best \
    of a revision of its own. What was cut off runs again, so it must be fit to run twice";

/// What to do where an index shall be built CONCURRENTLY on a partitioned table.
const PARTITIONED: &str = "CREATE INDEX name ON ONLY the partitioned table; then, with '-- transaction: none', \
    CREATE INDEX CONCURRENTLY other_name on each partition; then ALTER INDEX name ATTACH PARTITION other_name";

/// The server's own hint, or a better one.
fn advised(mut error: Box<ServerError>) -> Box<ServerError> {
    let concurrently =
        || error.message.contains("partitioned") && error.message.contains("concurrently");
    let better = match error.code.as_str() {
        "55P04" => UNSAFE_ENUM,
        "2D000" => COMMITS,
        "0A000" if concurrently() => PARTITIONED,
        _ => return error,
    };
    error.hint = Some(better.into());
    error
}

/// What the server said, with the place in the file: `base` is where the text it was sent
/// begins there.
pub(super) fn failed(
    lineage: &str,
    revision: &Revision,
    file: &SourceFile,
    base: usize,
    rolled_back: bool,
    error: PgError,
) -> MigrateError {
    match error {
        PgError::Server(error) => MigrateError::Failed {
            lineage: lineage.to_owned(),
            stem: revision.stem(),
            place: place_in(file, base, error.position),
            rolled_back,
            error: advised(error),
        },
        lost => lost.into(),
    }
}

/// What the server said of a file that is no revision.
pub(crate) fn failed_file(file: &SourceFile, base: usize, error: PgError) -> MigrateError {
    match error {
        PgError::Server(error) => MigrateError::File {
            place: place_in(file, base, error.position),
            error: advised(error),
        },
        lost => lost.into(),
    }
}

/// PostgreSQL counts characters from 1 in the text it was sent.
fn place_in(file: &SourceFile, base: usize, position: Option<u32>) -> Place {
    let characters = position.map_or(0, |at| usize::try_from(at).unwrap_or(1).saturating_sub(1));
    let inside = file.text[base..].char_indices().nth(characters).map_or(0, |(offset, _)| offset);
    file.place(base + inside)
}
