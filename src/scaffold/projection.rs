//! The draft of a projection: one row a stream, with the fields of the last event of each type.
//!
//! It is the one read model that can be made of any log without knowing what its events mean, and it shows which
//! fields there are. Every event of the types is looked into, after its upcasters, as handlers see it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::columns::{Column, Columns};
use super::fields::{Fields, sample, stored};
use super::{MOST_EVENTS, MOST_TYPES, ScaffoldError, TypeFields, Written, toml_string, write_all};
use crate::context::Context;
use crate::definition::{Definition, EngineChoice, OnError};
use crate::event::Position;
use crate::figures::{counted, grouped};
use crate::handler::Handlers;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};
use crate::log::{Log, LogError};
use crate::pg::{Session, Sql};
use crate::project::Project;
use crate::source::SourceFile;
use crate::upcast::Upcasters;
use crate::value::Object;
use crate::visible::one_line;

const BOUNDS: ChunkBounds = ChunkBounds { events: 5_000, bytes: 16 << 20 };

/// Writes a draft of a projection of these event types, as handlers see them; of all that the log has, if none is named.
///
/// # Errors
/// There is such a folder, the types are none or too many, or the log cannot be read. Nothing is written then.
pub fn projection(context: &Context, name: &str, on: &[String]) -> Result<Written, ScaffoldError> {
    Project::may_be_named(name)?;
    let folder = format!("projections/{name}");
    if context.project.is_taken(&folder) {
        return Err(ScaffoldError::There { path: folder });
    }
    let lines = |errors: Vec<crate::upcast::UpcasterError>| {
        ScaffoldError::Files(errors.iter().map(ToString::to_string).collect())
    };
    let upcasters = Upcasters::load(&context.project.upcasters).map_err(lines)?;
    let (mut session, log) = context.open_log("new")?;
    let mut notes = Vec::new();
    let types = types_of(&mut session, &log, &upcasters, (name, on), &mut notes)?;
    let seen = look(context, (&mut session, &log), &upcasters, &types)?;
    let mut columns = Columns::default();
    let mut told = Vec::new();
    let mut leaves = Vec::new();
    for event_type in &types {
        let fields = seen.fields.get(event_type);
        let found = fields.map(Fields::leaves).unwrap_or_default();
        leaves.push(columns.take(event_type, found));
        told.push((event_type, fields.map_or(0, |fields| fields.events)));
        if fields.is_some_and(|fields| fields.has_more) {
            notes.push(format!("{event_type}: it has more fields than are looked at"));
        }
    }
    let told: Vec<TypeFields> = told
        .into_iter()
        .zip(&leaves)
        .map(|((event_type, events), leaves)| TypeFields {
            event_type: event_type.clone(),
            events,
            fields: leaves.iter().filter_map(|leaf| columns.of(leaf)).collect(),
        })
        .collect();
    let names = quoted(&mut session, name, &columns)?;
    let draft =
        Draft { name, names: &names, columns: &columns, types: &told, upcasters: &upcasters };
    let files = draft.files();
    draft.must_be_read(&files, &context.project)?;
    notes.extend(seen.notes());
    notes.extend(columns.left_out.iter().map(|text| one_line(text).into_owned()));
    let files = write_all(context, &files)?;
    Ok(Written { files, extended: None, types: told, notes })
}

/// The types that are handled, as handlers see them.
fn types_of(
    session: &mut Session,
    log: &Log,
    upcasters: &Upcasters,
    (name, on): (&str, &[String]),
    notes: &mut Vec<String>,
) -> Result<Vec<String>, ScaffoldError> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in log.census(session)? {
        let (Some(event_type), Ok(version)) = (row.event_type, row.schema_version) else {
            continue;
        };
        // A version without a path ends where those of its type do that have one.
        let ends = match upcasters.final_type(&event_type, version) {
            Ok(Some(end)) => end,
            Ok(None) => continue,
            Err(_) => event_type.clone(),
        };
        found.entry(ends).or_default().insert(event_type);
    }
    let types: Vec<String> = if on.is_empty() {
        found.keys().cloned().collect()
    } else {
        on.iter().flat_map(|text| named(text, &found)).collect()
    };
    let name = name.to_owned();
    if types.is_empty() {
        return Err(ScaffoldError::NoEvents { name });
    }
    if types.len() > MOST_TYPES {
        return Err(ScaffoldError::TooMany { name, types });
    }
    let mut kept: Vec<String> = Vec::new();
    for event_type in types {
        if kept.contains(&event_type) {
            continue;
        }
        let is_found = found.contains_key(&event_type);
        if let Some((end, _)) = found.iter().find(|(_, of)| !is_found && of.contains(&event_type)) {
            return Err(ScaffoldError::Becomes { event_type, becomes: end.clone() });
        }
        match header(&event_type) {
            Some(_) => kept.push(event_type.clone()),
            None if on.is_empty() => {
                let shown = one_line(&event_type).into_owned();
                notes.push(format!("{shown}: it is left out: a handler's header cannot name it"));
            }
            None => {
                let reason = "a handler's header is one line".to_owned();
                return Err(ScaffoldError::Name { event_type, reason });
            }
        }
        if !is_found {
            notes.push(format!("{}: no event of it is in the log yet", one_line(&event_type)));
        }
    }
    match kept.is_empty() {
        true => Err(ScaffoldError::NoEvents { name }),
        false => Ok(kept),
    }
}

/// The types that a word of `--on` names: a type that has a comma in its name, or several.
fn named(text: &str, found: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let is_known =
        |name: &str| found.contains_key(name) || found.values().any(|of| of.contains(name));
    if is_known(text) {
        return vec![text.to_owned()];
    }
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The header of a type; nothing if it would be read as something else.
fn header(event_type: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = match !event_type.is_empty() && event_type.chars().all(is_plain) {
        true => event_type.to_owned(),
        false => format!("\"{}\"", event_type.replace('"', "\"\"")),
    };
    let header = format!("-- on {name}");
    let file = SourceFile::new("handlers.sql", format!("{header}\nDELETE FROM t;\n"));
    let read = Handlers::parse(file).ok()?;
    (!event_type.is_empty() && read.event_types().eq([event_type])).then_some(header)
}

/// What was seen of the log.
#[derive(Default)]
struct Seen {
    fields: BTreeMap<String, Fields>,
    events: u64,
    /// Events that a handler would not see, and why the first of them.
    unreadable: u64,
    first: Option<(Position, String)>,
    is_cut: bool,
}

impl Seen {
    fn fails(&mut self, position: Position, why: String) {
        self.unreadable += 1;
        self.first.get_or_insert((position, why));
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_cut {
            notes.push(format!(
                "the first {} were looked into, and no others: a later event may have other fields",
                counted(i64::try_from(self.events).unwrap_or(i64::MAX), "event", "events")
            ));
        }
        if let Some((position, why)) = &self.first {
            let events = i64::try_from(self.unreadable).unwrap_or(i64::MAX);
            notes.push(format!(
                "{} cannot be applied, the first at position {}: {}; a rebuild stops there, unless on_error says \
                 otherwise",
                counted(events, "event", "events"),
                grouped(position.0),
                one_line(why)
            ));
        }
        notes
    }
}

/// Looks into the events of some types.
fn look(
    context: &Context,
    (session, log): (&mut Session, &Log),
    upcasters: &Upcasters,
    types: &[String],
) -> Result<Seen, ScaffoldError> {
    let sources: Vec<String> =
        upcasters.sources_of(types.iter().map(String::as_str)).into_iter().collect();
    let of_jq = upcasters.jq_context();
    let needs = Needs {
        metadata: of_jq.metadata,
        recorded_at: of_jq.recorded_at,
        minimal_columns: false,
        stream: true,
    };
    let range = Range { after: Position(0), until: log.highest(session)? };
    let mut seen = Seen::default();
    let mut failed = None;
    log.read(session, range, Wanted::Types(&sources), needs, BOUNDS, &mut |chunk| {
        let mut made = Vec::new();
        for event in chunk.texts(needs) {
            seen.is_cut = seen.events >= MOST_EVENTS;
            if seen.is_cut || context.interrupt.raised() {
                return false;
            }
            seen.events += 1;
            let event = match event {
                Ok(event) => event,
                Err(LogError::Event(event)) => {
                    seen.fails(event.position, event.reason());
                    continue;
                }
                Err(error) => {
                    failed = Some(error);
                    return false;
                }
            };
            if let Err(excess) = chunk.limits.check(event.payload) {
                seen.fails(event.position, excess.to_string());
                continue;
            }
            made.clear();
            if let Err(failure) = upcasters.upcast(&event, &mut made) {
                seen.fails(event.position, failure.reason());
                continue;
            }
            for one in made.iter().filter(|one| types.iter().any(|of| *of == one.event_type)) {
                let fields = seen.fields.entry(one.event_type.to_string()).or_default();
                fields.take(&one.payload);
            }
        }
        true
    })?;
    match failed {
        Some(error) => Err(error.into()),
        None if context.interrupt.raised() => Err(ScaffoldError::Interrupted),
        None => Ok(seen),
    }
}

/// The names of the table and its columns, in quotes where SQL needs them.
fn quoted(
    session: &mut Session,
    table: &str,
    columns: &Columns,
) -> Result<BTreeMap<String, String>, ScaffoldError> {
    let mut names: Vec<&str> = columns.all().map(|(name, _)| name).collect();
    names.push(table);
    let ask = "SELECT n, pg_catalog.quote_ident(n) FROM unnest($1::text[]) AS n";
    let rows = session.query(ask, &[&names])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

struct Draft<'d> {
    name: &'d str,
    names: &'d BTreeMap<String, String>,
    columns: &'d Columns,
    types: &'d [TypeFields],
    upcasters: &'d Upcasters,
}

impl Draft<'_> {
    fn sql(&self, name: &str) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }

    /// The files by their paths.
    fn files(&self) -> Vec<(String, String)> {
        let folder = format!("projections/{}", self.name);
        let stem: String = self
            .name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
            .collect();
        let stem = stem.trim_matches('_');
        let stem = if stem.is_empty() { "table" } else { stem };
        [
            (format!("schema/V1__{stem}.sql"), self.schema()),
            ("handlers.sql".to_owned(), self.handlers()),
            ("projection.toml".to_owned(), SETTINGS.to_owned()),
            ("checks.sql".to_owned(), self.checks()),
            ("tests/draft.toml".to_owned(), self.test()),
        ]
        .map(|(path, text)| (format!("{folder}/{path}"), text))
        .into()
    }

    fn schema(&self) -> String {
        let mut text = String::from(
            "-- A draft: one row for each stream, with the fields of the last event of each type; one that it lacks is NULL then.\n\
             -- Nobody has built it yet, so it can be changed here; after that a change is a revision of its own.\n",
        );
        let _ = writeln!(text, "CREATE TABLE {} (", self.sql(self.name));
        text.push_str(
            "    stream_id text PRIMARY KEY,\n    events bigint NOT NULL,\n    last_position bigint NOT NULL",
        );
        for (name, sql_type) in self.columns.all() {
            let _ = write!(text, ",\n    {} {sql_type}", self.sql(name));
        }
        text.push_str("\n);\n");
        text
    }

    fn handlers(&self) -> String {
        let mut text = String::from(
            "-- A draft. A name with a colon is a field of the payload; a question mark says that it may be missing, and is\n\
             -- NULL then. docs/handlers.md has the rules.\n",
        );
        let table = self.sql(self.name);
        for TypeFields { event_type, events, fields } in self.types {
            let Some(header) = header(event_type) else { continue };
            let _ = write!(text, "\n{header}\n");
            for field in fields {
                text.push_str(&told(field, *events));
            }
            let list = |of: &dyn Fn(&Column) -> String| -> String {
                fields.iter().map(|field| format!(", {}", of(field))).collect()
            };
            let columns = list(&|field| self.sql(&field.name).to_owned());
            let values = list(&|field| field.param.clone());
            let sets = list(&|field| {
                let name = self.sql(&field.name);
                format!("\n    {name} = EXCLUDED.{name}")
            });
            let _ = writeln!(
                text,
                "INSERT INTO {table} (stream_id, events, last_position{columns})\n\
                 VALUES (:event.stream_id, 1, :event.position{values})\n\
                 ON CONFLICT (stream_id) DO UPDATE SET\n    events = {table}.events + 1,\n    \
                 last_position = EXCLUDED.last_position{sets};"
            );
        }
        text
    }

    fn checks(&self) -> String {
        format!(
            "-- each row is of at least one event\nSELECT stream_id FROM {} WHERE events < 1 OR last_position < 1;\n",
            self.sql(self.name)
        )
    }

    /// A test of made-up events: those of the log may hold what belongs in no repository.
    fn test(&self) -> String {
        let mut text = String::from(
            "# Made-up events, one of each type. To write a test of real ones: regrow test NAME --record STREAM\n",
        );
        let mut row: BTreeMap<&str, Option<String>> = BTreeMap::new();
        for TypeFields { event_type, fields, .. } in self.types {
            let mut payload = Object::new();
            for field in fields {
                let value = sample(&field.kinds);
                // One that lies in another's place is left out, and NULL.
                let is_set = payload.set_path(&field.path, value.to_owned()).is_ok();
                let value = is_set.then(|| stored(field.sql_type, value)).flatten();
                row.insert(&field.name, value);
            }
            let _ = write!(text, "\n[[given]]\ntype = {}\n", toml_string(event_type));
            let version = self.upcasters.latest_version(event_type);
            if version != 1 {
                let _ = writeln!(text, "version = {version}");
            }
            let _ = writeln!(text, "payload = {}", toml_string(&payload.to_json()));
        }
        let events = self.types.len();
        let _ = write!(
            text,
            "\n[[expect.{}]]\nstream_id = \"test\"\nevents = {events}\nlast_position = {events}\n",
            key(self.name)
        );
        for (name, _) in self.columns.all() {
            let value = match row.get(name).cloned().flatten() {
                Some(value) => toml_string(&value),
                None => "{ null = true }".to_owned(),
            };
            let _ = writeln!(text, "{} = {value}", key(name));
        }
        text
    }

    /// Reads the draft as a project's files are read.
    fn must_be_read(
        &self,
        files: &[(String, String)],
        project: &Project,
    ) -> Result<(), ScaffoldError> {
        let file = |ending: &str| {
            let found = files.iter().find(|(path, _)| path.ends_with(ending));
            found.map(|(path, text)| SourceFile::new(path, text))
        };
        let Some((revision, handlers)) = files
            .iter()
            .find(|(path, _)| path.contains("/schema/"))
            .map(|(path, text)| SourceFile::new(path, text))
            .zip(file("/handlers.sql"))
        else {
            return Ok(());
        };
        let definition = Definition {
            projection: self.name.to_owned(),
            revisions: vec![revision],
            handlers,
            checks: file("/checks.sql"),
            upcasters: project.upcasters.clone(),
            on_error: OnError::Stop,
            engine: EngineChoice::Auto,
            publish_schema: None,
            reads: Vec::new(),
            trust_functions: Vec::new(),
        };
        definition.parse().map_err(|errors| ScaffoldError::Files(errors.lines()))?;
        definition
            .proofread(&project.upcasters)
            .map_err(|errors| ScaffoldError::Files(errors.lines()))
    }
}

/// What is known of a field, as a comment: `--   :note?  text, missing in 3 of 10 events`.
fn told(field: &Column, events: u64) -> String {
    let mut parts = vec![field.sql_type.to_owned()];
    if field.kinds.is_empty() {
        parts.push("never seen with a value".to_owned());
    } else if field.kinds.len() > 1 {
        parts.push("of several kinds".to_owned());
    }
    if field.missing > 0 {
        parts.push(format!("missing in {} of {events}", field.missing));
    }
    if field.nulls > 0 {
        parts.push(format!("null in {} of {events}", field.nulls));
    }
    format!("--   {}  {}\n", field.param, parts.join(", "))
}

/// A key of TOML.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => serde_json::Value::from(name).to_string(),
    }
}

const SETTINGS: &str = "\
# What happens to an event that cannot be applied: \"stop\" (the build waits for it to be fixed), \"park\" or \"skip\".
on_error = \"stop\"
";
