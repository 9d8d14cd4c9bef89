//! The read models' database: whether schemas can be made, the ledger written, the views replaced.

use super::{Code, Finding, Inspection, PreflightError, Severity};
use crate::definition::OnError;
use crate::ident::{Ident, quote_ident};
use crate::ledger;
use crate::pg::{PgError, Session, Sql, owner};
use crate::preflight::Depth;
use crate::promote::{self, PromoteError};
use crate::scratch::Scratch;

/// What a rebuild does with the ledger's tables, and with the history of its own revisions.
const LEDGER: [(&str, &str); 16] = [
    ("definition", "SELECT"),
    ("definition", "INSERT"),
    ("build", "SELECT"),
    ("build", "INSERT"),
    ("build", "UPDATE"),
    ("checkpoint", "SELECT"),
    ("checkpoint", "INSERT"),
    ("checkpoint", "UPDATE"),
    ("parked_events", "SELECT"),
    ("finish_step", "SELECT"),
    ("finish_step", "INSERT"),
    ("finish_step", "DELETE"),
    ("publication", "SELECT"),
    ("publication", "INSERT"),
    ("audit", "INSERT"),
    ("refinery_schema_history", "SELECT"),
];
/// What it does besides where events are put aside.
const PARKING: [(&str, &str); 1] = [("parked_events", "INSERT")];
/// The same where they are skipped: what is counted already is looked up.
const SKIPPING: [(&str, &str); 2] = [("skipped_events", "INSERT"), ("skipped_events", "SELECT")];

/// Whether there is a ledger that this role may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ledger {
    /// There is none, or it is closed to this role.
    Unread,
    /// It can be asked.
    Open,
}

/// Looks at the read models' database.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
) -> Result<Ledger, PreflightError> {
    let mut schemas = Vec::new();
    let mut wanted = LEDGER.to_vec();
    for name in inspection.names {
        // A build that was begun may be of a projection whose files are gone.
        let Some(files) = inspection.context.project.projections.get(name) else { continue };
        let given = files.settings.publish_schema.as_deref();
        schemas.push(inspection.context.publish_schema(given).as_str().to_owned());
        let more: &[(&str, &str)] = match files.settings.on_error {
            OnError::Stop => &[],
            OnError::Park => &PARKING,
            OnError::Skip => &SKIPPING,
        };
        for right in more {
            if !wanted.contains(right) {
                wanted.push(*right);
            }
        }
    }
    let (tables, privileges): (Vec<&str>, Vec<&str>) = wanted.into_iter().unzip();
    let of_ledger = session.ledger().quoted();
    let row = session
        .query_one(
            &ledger::ours(session, include_str!("read_models.sql")),
            &[&schemas, &tables, &privileges, &of_ledger],
        )
        .map_err(PreflightError::from)?;
    let (role, database): (String, String) = (row.get("role"), row.get("database"));
    let (may_use, missing): (bool, Vec<String>) = (row.get("may_use_ledger"), row.get("missing"));
    let is_open = may_use && !missing.iter().any(|right| right.contains("SELECT"));
    let has_ledger: bool = row.get("has_ledger");
    let ledger = if has_ledger && is_open { Ledger::Open } else { Ledger::Unread };
    if inspection.depth == Depth::Servers {
        return Ok(ledger);
    }
    let mut found = Vec::new();
    if !row.get::<_, bool>("may_create") {
        let message = format!("{role} may not make schemas in the database {database}");
        let next = format!("GRANT CREATE ON DATABASE {database} TO {role};");
        found.push(Finding::refused(Code::NoCreateOnDatabase, &database, message, next));
    }
    if has_ledger && (!may_use || !missing.is_empty()) {
        found.push(no_rights_on_ledger((&role, session.ledger()), may_use, &missing));
    }
    for schema in row.get::<_, Vec<String>>("closed") {
        let message = format!("{role} may not make views in the readers' schema {schema}");
        let next = format!("GRANT USAGE, CREATE ON SCHEMA {schema} TO {role};");
        let severity = inspection.at_promote();
        let code = Code::NoCreateInReadersSchema;
        found.push(Finding::new(severity, code, schema, message, next));
    }
    if ledger == Ledger::Open {
        found.extend(views(inspection, session)?);
        if inspection.depth == Depth::Thorough {
            found.extend(at_the_switch(inspection, session)?);
        }
    }
    if inspection.depth == Depth::Thorough && (ledger == Ledger::Open || !has_ledger) {
        found.extend(taken_schemas(inspection, session)?);
    }
    inspection.found.extend(found);
    Ok(ledger)
}

/// Schemas of the next builds that are there already.
fn taken_schemas(
    inspection: &Inspection<'_>,
    session: &mut Session,
) -> Result<Vec<Finding>, PreflightError> {
    let mut told = Vec::new();
    for name in inspection.names {
        let next = ledger::next_schema(session, name).map_err(PromoteError::from);
        match owner::must_be_new(session, &next.map_err(Box::new)?) {
            Err(PgError::Taken(taken)) => {
                let (message, next) = (taken.to_string(), taken.remedy());
                told.push(Finding::refused(
                    Code::SchemaTaken,
                    taken.schema.as_str(),
                    message,
                    next,
                ));
            }
            other => other?,
        }
    }
    Ok(told)
}

/// What the switch of readers would be refused for, or leave behind.
fn at_the_switch(
    inspection: &Inspection<'_>,
    session: &mut Session,
) -> Result<Vec<Finding>, PreflightError> {
    let mut scratch = Scratch::of(inspection.context);
    let mut told = Vec::new();
    for name in inspection.names {
        match promote::of_files(inspection.context, &mut scratch, session, name)
            .map_err(Box::new)?
        {
            Ok(errors) => told.extend(errors.into_iter().map(|error| {
                let (severity, next) = (inspection.at_promote(), error.way().unwrap_or_default());
                Finding::new(severity, Code::ViewsInTheWay, name, error.to_string(), next)
            })),
            Err(error) => {
                let message = format!("what becomes of the views of {name} was not tried: {error}");
                let next = format!("regrow check {name} says what is in the way of that");
                told.push(Finding::note(Code::ViewsNotTried, name, message, next));
            }
        }
        let handed = promote::handed_on_by_live(session, name).map_err(PromoteError::from);
        told.extend(handed.map_err(Box::new)?.into_iter().map(|handed| {
            let next = format!(
                "after the promote: make the new build's table at each subscriber, then here: ALTER PUBLICATION {} \
                 ADD TABLE ...; and at each subscriber: ALTER SUBSCRIPTION ... REFRESH PUBLICATION;",
                handed.publication
            );
            Finding::note(Code::TablesHandedOn, &handed.table, handed.sentence(), next)
        }));
        let built = promote::built_on_live(session, name).map_err(PromoteError::from);
        told.extend(built.map_err(Box::new)?.into_iter().map(|built| {
            Finding::note(Code::StaysBehind, &built.what, built.sentence(), built.next())
        }));
    }
    Ok(told)
}

impl Inspection<'_> {
    /// How severe it is what only stops a promote.
    pub(super) fn at_promote(&self) -> Severity {
        if self.promote { Severity::Refused } else { Severity::Warning }
    }
}

fn no_rights_on_ledger(
    (role, ledger): (&str, &Ident),
    may_use: bool,
    missing: &[String],
) -> Finding {
    // As people write it.
    let quoted = match ledger.as_str() {
        plain if plain.bytes().all(|b| b == b'_' || b.is_ascii_lowercase()) => plain.to_owned(),
        other => quote_ident(other),
    };
    let mut lacks: Vec<String> = missing.to_vec();
    if !may_use {
        lacks.insert(0, "USAGE on the schema".into());
    }
    let message =
        format!("{role} may not work with the ledger {ledger}: {} is missing", lacks.join("; "));
    let mut next = Vec::new();
    if !may_use {
        next.push(format!("GRANT USAGE ON SCHEMA {quoted} TO {role};"));
    }
    if !missing.is_empty() {
        next.push(format!(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {quoted} TO {role};"
        ));
    }
    Finding::refused(Code::NoRightsOnLedger, ledger.as_str(), message, next.join(" "))
}

/// Views of other owners: PostgreSQL lets only the owner replace a view, and reads its tables with
/// the owner's rights.
fn views(inspection: &Inspection<'_>, session: &mut Session) -> Result<Vec<Finding>, PgError> {
    let rows =
        session.query(&ledger::ours(session, include_str!("views.sql")), &[&inspection.names])?;
    let told = rows.iter().filter_map(|row| {
        let (view, role, owner): (String, String, String) =
            (row.get("view"), row.get("role"), row.get("owner"));
        if !row.get::<_, bool>("may_replace") {
            let message = format!("{view} belongs to {owner}, and {role} may not replace it");
            let next = format!("GRANT {owner} TO {role}; or: ALTER VIEW {view} OWNER TO {role};");
            let severity = inspection.at_promote();
            return Some(Finding::new(severity, Code::NoRightsOnViews, view, message, next));
        }
        if row.get("may_read") {
            return None;
        }
        let message = format!(
            "{view} belongs to {owner}, who may not read what {role} makes: after a promote its readers are refused"
        );
        let next = format!("ALTER VIEW {view} OWNER TO {role};");
        Some(Finding::warning(Code::ViewsOfAnotherOwner, view, message, next))
    });
    Ok(told.collect())
}
