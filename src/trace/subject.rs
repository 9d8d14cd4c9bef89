//! What is traced: a build, one of its tables, a row.
//!
//! Owns what names a row. Checkpoint, row and parked events are read in one snapshot, so they belong to
//! one position.

use super::{Request, TraceError, Values};
use crate::context::Context;
use crate::definition::Definition;
use crate::failure::Failure;
use crate::handler::function::NAME;
use crate::ident::{Ident, quote_literal};
use crate::identity;
use crate::ledger::{self, Build, State};
use crate::pg::catalog::{self, KeyColumn};
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Session, Sql};

/// What is traced.
pub(crate) struct Subject {
    pub(crate) build: Build,
    pub(crate) definition: Definition,
    pub(crate) table: Ident,
    pub(crate) columns: Vec<Ident>,
    pub(crate) key: Vec<KeyPart>,
    /// The row in the table.
    pub(crate) row: Option<Values>,
    /// The build's parked events.
    pub(crate) parked: Vec<Failure>,
    /// The events that it has skipped.
    pub(crate) skipped: Vec<Failure>,
    /// What the row was read by.
    pub(crate) sql: String,
    /// The search path of the build's schema.
    pub(crate) path: SearchPath,
}

/// A part of a row's key.
pub(crate) struct KeyPart {
    pub(crate) column: Ident,
    /// As it was typed.
    pub(crate) given: String,
    /// As PostgreSQL prints it.
    pub(crate) value: String,
}

/// A table that may be meant.
struct Meant {
    build: Build,
    table: Ident,
    columns: Vec<KeyColumn>,
}

impl Subject {
    pub(crate) fn find(
        context: &Context,
        session: &mut Session,
        request: &Request,
    ) -> Result<Subject, TraceError> {
        let meant = the_one(candidates(context, session, request)?, request)?;
        Subject::read(session, meant, request)
    }

    /// A table of a projection, or the projection with all its tables, and no row: what is made of a stream. The table's
    /// name is given back unless it is all of them.
    pub(crate) fn of_stream(
        context: &Context,
        session: &mut Session,
        request: &Request,
    ) -> Result<(Subject, Option<Ident>), TraceError> {
        let found = candidates(context, session, request)?;
        let all: Vec<String> = found
            .iter()
            .map(|meant| format!("{}.{}", meant.build.projection, meant.table.as_str()))
            .collect();
        let is_one = found.len() == 1;
        let first = found.into_iter().next();
        let meant = first.ok_or_else(|| TraceError::Unknown { name: request.name.clone() })?;
        let table = is_one.then(|| meant.table.clone());
        if !is_one && meant.build.projection != request.name {
            return Err(TraceError::Ambiguous { name: request.name.clone(), meant: all });
        }
        Ok((Subject::read(session, meant, request)?, table))
    }

    fn read(session: &mut Session, meant: Meant, request: &Request) -> Result<Subject, TraceError> {
        let Meant { build, table, columns } = meant;
        let begin = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;";
        let (mut transaction, _) = session.begin_and_ask(begin)?;
        let gone = || TraceError::Unknown { name: request.name.clone() };
        let build = ledger::build(&mut transaction, build.id)?.ok_or_else(gone)?;
        let definition = ledger::definition(&mut transaction, &build)?;
        let parked = ledger::parked(&mut transaction, build.id, build.position)?;
        let skipped = ledger::skipped(&mut transaction, &build, build.position)?;
        let path = SearchPath::of(&mut transaction, &build.schema, NAME)?;
        path.set(&mut transaction)?;
        let mut key = Vec::new();
        for (column, given) in &request.key {
            let Some(of) = columns.iter().find(|one| one.name.as_str() == column) else { continue };
            if let Some(message) = ambiguity(&of.base_type, given) {
                return Err(TraceError::Value { column: column.clone(), message });
            }
            let ask = format!("SELECT ({}::{})::text", quote_literal(given), of.base_type);
            let mut savepoint = transaction.savepoint()?;
            match savepoint.ask(&ask) {
                Ok(value) => {
                    savepoint.release()?;
                    let value = value.unwrap_or_default();
                    key.push(KeyPart { column: of.name.clone(), given: given.clone(), value });
                }
                Err(PgError::Server(error)) if error.code.starts_with("22") => {
                    let (column, message) = (column.clone(), error.message.clone());
                    return Err(TraceError::Value { column, message });
                }
                Err(error) => return Err(error.into()),
            }
        }
        let columns: Vec<Ident> = columns.into_iter().map(|column| column.name).collect();
        let sql = format!(
            "SELECT {} FROM {} AS regrow$row WHERE {}",
            values_of("regrow$row", &columns),
            build.schema.dot(&table),
            is_of_key("regrow$row", &key)
        );
        let row = match key.is_empty() {
            true => None,
            false => transaction.query_opt(&sql, &[])?.map(|row| row.get(0)),
        };
        Ok(Subject { build, definition, table, columns, key, row, parked, skipped, sql, path })
    }

    /// The events that the build is without.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = &Failure> {
        self.parked.iter().chain(&self.skipped)
    }
}

/// What keeps a date or a time from having one meaning. The server that shows it may print days before months;
/// a session of ours reads months first, and would take another row.
fn ambiguity(base_type: &str, given: &str) -> Option<String> {
    let has_date = base_type == "date" || base_type.starts_with("timestamp");
    let given = given.trim();
    if !has_date || ["infinity", "-infinity", "epoch"].contains(&given) {
        return None;
    }
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (date, time) = given.split_at(given.find([' ', 'T']).unwrap_or(given.len()));
    let parts: Vec<&str> = date.split('-').collect();
    let is_iso = matches!(&parts[..], [year, month, day]
        if digits(year, 4, 6) && digits(month, 2, 2) && digits(day, 2, 2));
    if !is_iso {
        return Some("it can be read in more than one way; write it as in 2026-04-02".to_owned());
    }
    let has_zone = time.ends_with(['Z', 'z']) || time.contains(['+', '-']);
    (base_type == "timestamp with time zone" && !has_zone)
        .then(|| "it names no time zone; write it as in 2026-04-02 09:30:00+02".to_owned())
}

/// The values of a row as one array of texts.
pub(crate) fn values_of(row: &str, columns: &[Ident]) -> String {
    let list: Vec<String> = columns.iter().map(|c| format!("{row}.{}::text", c.quoted())).collect();
    format!("ARRAY[{}]::text[]", list.join(", "))
}

/// The condition that a row is of a key: a literal takes the type of what it is compared with.
pub(crate) fn is_of_key(row: &str, key: &[KeyPart]) -> String {
    let part =
        |part: &KeyPart| format!("{row}.{} = {}", part.column.quoted(), quote_literal(&part.given));
    key.iter().map(part).collect::<Vec<_>>().join(" AND ")
}

/// The tables that may be meant. Which build of a projection: the one that was asked for, the live one, or
/// else the newest that has tables.
fn candidates(
    context: &Context,
    session: &mut Session,
    request: &Request,
) -> Result<Vec<Meant>, TraceError> {
    let builds = ledger::builds(session, None)?;
    let mut builds = identity::own_builds(context, session, builds)?;
    builds.retain(|build| build.state != State::Dropped);
    let mut projections: Vec<&str> = builds.iter().map(|b| b.projection.as_str()).collect();
    projections.dedup();
    let is_projection = |name: &str| projections.contains(&name);
    let (projection, table) = match request.name.split_once('.') {
        _ if is_projection(&request.name) => (Some(request.name.as_str()), None),
        Some((projection, table)) if is_projection(projection) => (Some(projection), Some(table)),
        _ => (None, Some(request.name.as_str())),
    };
    let mut found = Vec::new();
    for name in projections.iter().filter(|name| projection.is_none_or(|one| one == **name)) {
        let mut of = builds.iter().filter(|build| build.projection == *name);
        let build = match request.build {
            Some(number) if projection.is_some() => {
                let there: Vec<i32> = of.clone().map(|build| build.number).collect();
                let (projection, number) = ((*name).to_owned(), number);
                let wanted = of.clone().find(|build| build.number == number);
                wanted.ok_or(TraceError::NoBuild { projection, number, there })?
            }
            Some(number) => match of.clone().find(|build| build.number == number) {
                Some(build) => build,
                None => continue,
            },
            None => match of.clone().find(|build| build.state == State::Live).or(of.next_back()) {
                Some(build) => build,
                None => continue,
            },
        };
        for relation in catalog::tables(session, &build.schema)? {
            if table.is_none_or(|table| table == relation.name.as_str()) {
                let columns = catalog::key_columns(session, &build.schema, &relation.name)?;
                found.push(Meant { build: build.clone(), table: relation.name, columns });
            }
        }
    }
    Ok(found)
}

/// Of the tables that may be meant the one whose key was given.
fn the_one(mut found: Vec<Meant>, request: &Request) -> Result<Meant, TraceError> {
    let key_of = |meant: &Meant| -> Vec<String> {
        let mut key: Vec<&KeyColumn> =
            meant.columns.iter().filter(|c| c.in_key.is_some()).collect();
        key.sort_by_key(|column| column.in_key);
        key.into_iter().map(|column| column.name.as_str().to_owned()).collect()
    };
    let given: Vec<String> = request.key.iter().map(|(column, _)| column.clone()).collect();
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    let fits = |meant: &Meant| !given.is_empty() && sorted(key_of(meant)) == sorted(given.clone());
    let is_one = found.len() == 1;
    let named = |meant: &Meant| {
        format!(
            "{}.{} ({})",
            meant.build.projection,
            meant.table.as_str(),
            key_of(meant).join(", ")
        )
    };
    let all: Vec<String> = found.iter().map(named).collect();
    if is_one && let Some(only) = found.first().filter(|only| !fits(only)) {
        let (table, key) = (only.table.as_str().to_owned(), key_of(only));
        return Err(match key.is_empty() {
            true => TraceError::NoKey { table },
            false => TraceError::Key { table, key, given },
        });
    }
    found.retain(fits);
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (Some(_), _) | (None, _) if !all.is_empty() => {
            Err(TraceError::Ambiguous { name: request.name.clone(), meant: all })
        }
        _ => Err(TraceError::Unknown { name: request.name.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::ambiguity;

    #[test]
    fn a_date_in_a_key_has_one_meaning() {
        let stamp = "timestamp without time zone";
        let zoned = "timestamp with time zone";
        for (of, given) in [
            ("date", "2026-04-02"),
            ("date", "0044-03-15 BC"),
            ("date", "infinity"),
            (stamp, "2026-04-02T10:00:00"),
            (stamp, "2026-04-02"),
            (zoned, "2026-04-02 10:00:00.123456+05:45"),
            (zoned, "2026-04-02T10:00:00Z"),
            ("text", "02.04.2026"),
            ("interval", "-1 day"),
        ] {
            assert_eq!(ambiguity(of, given), None, "{of} {given}");
        }
        for (of, given) in [
            ("date", "02.04.2026"),
            ("date", "04/02/2026"),
            ("date", "02-04-2026"),
            ("date", "20260402"),
            ("date", "today"),
            (stamp, "2 April 2026"),
            (stamp, "26-04-02 10:00"),
            (zoned, "2026-04-02"),
            (zoned, "2026-04-02 10:00:00"),
            (zoned, "02.04.2026 10:00:00+02"),
        ] {
            assert!(ambiguity(of, given).is_some(), "{of} {given}");
        }
    }
}
