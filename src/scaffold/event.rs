//! The draft of an event type's upcasters: its file, and the step to its next version.

use std::fmt::Write as _;

use super::fields::{Fields, Leaf, sample};
use super::{MOST_EVENTS, ScaffoldError, Written, toml_string, write_all};
use crate::context::Context;
use crate::event::Position;
use crate::log::LogError;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};
use crate::source::SourceFile;
use crate::upcast::{UpcasterError, Upcasters};
use crate::value::Object;
use crate::visible::one_line;

const BOUNDS: ChunkBounds = ChunkBounds { events: 5_000, bytes: 16 << 20 };
/// Fields that are named in a comment.
const NAMED: usize = 30;

/// Writes the file of a type's upcasters, without a step yet.
///
/// # Errors
/// The type has a file, cannot be the name of one, or the log cannot be read.
pub fn event(context: &Context, event_type: &str) -> Result<Written, ScaffoldError> {
    let upcasters = load(&context.project.upcasters)?;
    if let Some((_, place)) = upcasters.files().find(|(of, _)| *of == event_type) {
        let (event_type, path) = (event_type.to_owned(), place.file.clone());
        return Err(ScaffoldError::Known { event_type, path });
    }
    let stem = stem(event_type)?;
    let (fields, notes) = fields_of(context, event_type, 1)?;
    let text = format!(
        "# Version 1: {}\ntype = {}\n\n# Each later version is a step from the one before it: regrow new version {}\n",
        list(&fields.leaves()),
        toml_string(event_type),
        one_line(event_type)
    );
    let path = format!("migrations/events/{stem}.toml");
    read_with(context, None, (&path, &text))?;
    let files = [(path, text)];
    let files = write_all(context, &files)?;
    Ok(Written { files, notes, ..Written::default() })
}

/// Puts the step to a type's next version behind its last, or writes the file with it, and a test.
///
/// # Errors
/// The last step drops its events or makes another type of them, or the file cannot be extended.
pub fn version(context: &Context, event_type: &str) -> Result<Written, ScaffoldError> {
    let upcasters = load(&context.project.upcasters)?;
    let known =
        upcasters.files().find(|(of, _)| *of == event_type).map(|(_, place)| place.file.clone());
    let latest = upcasters.latest_version(event_type);
    let no_step = |reason: String, step: Option<String>| ScaffoldError::NoStep {
        event_type: event_type.to_owned(),
        reason,
        step,
    };
    // What the events of the last version but one become.
    if known.is_some() && latest > 1 {
        match upcasters.final_type(event_type, latest - 1) {
            Ok(Some(end)) if end == event_type => {}
            Ok(Some(end)) => return Err(no_step(format!("it makes {end} of its events"), None)),
            Ok(None) => return Err(no_step("it drops its events".to_owned(), None)),
            Err(error) => return Err(no_step(error.to_string(), None)),
        }
    }
    let Some(next) = latest.checked_add(1) else {
        return Err(no_step(format!("{latest} is the last version there can be"), None));
    };
    let stem = stem(event_type)?;
    let (fields, notes) = fields_of(context, event_type, latest)?;
    let step = step((latest, next), &fields.leaves());
    let test = test((event_type, latest), &fields);
    let test = (format!("migrations/events/tests/{stem}-{latest}-to-{next}.toml"), test);
    let Some(path) = known else {
        let path = format!("migrations/events/{stem}.toml");
        let head = format!(
            "# Version 1: {}\ntype = {}\n",
            list(&fields.leaves()),
            toml_string(event_type)
        );
        let text = format!("{head}\n{step}");
        read_with(context, None, (&path, &text))?;
        let files = write_all(context, &[(path, text), test])?;
        return Ok(Written { files, notes, ..Written::default() });
    };
    let before = context.project.read(&path)?.map(|file| file.text).unwrap_or_default();
    let end = if before.ends_with('\n') { "" } else { "\n" };
    let text = format!("{before}{end}\n{step}");
    let read = read_with(context, Some(&path), (&path, &text));
    let is_next = read.as_ref().is_ok_and(|read| read.latest_version(event_type) == next);
    if !is_next {
        return Err(no_step(
            format!("{path} has its steps in another form than [[step]]"),
            Some(step),
        ));
    }
    if context.project.is_taken(&test.0) {
        return Err(ScaffoldError::There { path: test.0 });
    }
    let files = write_all(context, &[test])?;
    context.project.write(&path, &text)?;
    Ok(Written { files, extended: Some(path), notes, ..Written::default() })
}

fn load(files: &[SourceFile]) -> Result<Upcasters, ScaffoldError> {
    let lines = |errors: Vec<UpcasterError>| {
        ScaffoldError::Files(errors.iter().map(ToString::to_string).collect())
    };
    Upcasters::load(files).map_err(lines)
}

/// The project's upcasters with a file that is new, or has another text.
fn read_with(
    context: &Context,
    instead_of: Option<&str>,
    (path, text): (&str, &str),
) -> Result<Upcasters, ScaffoldError> {
    let others =
        context.project.upcasters.iter().filter(|file| instead_of != Some(file.path.as_str()));
    let all: Vec<SourceFile> = others.cloned().chain([SourceFile::new(path, text)]).collect();
    let read = load(&all)?;
    let wrong: Vec<String> = read
        .misnamed()
        .iter()
        .filter(|error| error.place.file == path)
        .map(ToString::to_string)
        .collect();
    match wrong.is_empty() {
        true => Ok(read),
        false => Err(ScaffoldError::Files(wrong)),
    }
}

/// The name of a type's file, without its ending.
fn stem(event_type: &str) -> Result<String, ScaffoldError> {
    let refuse = |reason: &str| {
        let (event_type, reason) = (event_type.to_owned(), reason.to_owned());
        Err(ScaffoldError::Name { event_type, reason })
    };
    if event_type.is_empty() {
        return refuse("it is empty");
    }
    if event_type.len() > 200 {
        return refuse("it is too long for a file's name");
    }
    if event_type.starts_with('.') {
        return refuse("a file whose name begins with a dot is not read");
    }
    Ok(crate::upcast::file_stem(event_type))
}

/// The fields of the events of a type and version, as the log has them.
fn fields_of(
    context: &Context,
    event_type: &str,
    version: i32,
) -> Result<(Fields, Vec<String>), ScaffoldError> {
    let (mut session, log) = context.open_log("new")?;
    let needs = Needs { metadata: false, recorded_at: false, minimal_columns: false, stream: true };
    let range = Range { after: Position(0), until: log.highest(&mut session)? };
    let types = [event_type.to_owned()];
    let (mut fields, mut failed, mut events) = (Fields::default(), None, 0);
    log.read(&mut session, range, Wanted::Types(&types), needs, BOUNDS, &mut |chunk| {
        for event in chunk.texts(needs) {
            events += 1;
            if events > MOST_EVENTS || context.interrupt.raised() {
                return false;
            }
            match event {
                Ok(event) if event.schema_version == version => {
                    if let Ok(payload) = Object::parse(event.payload) {
                        fields.take(&payload);
                    }
                }
                Ok(_) | Err(LogError::Event(_)) => {}
                Err(error) => {
                    failed = Some(error);
                    return false;
                }
            }
        }
        true
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    if context.interrupt.raised() {
        return Err(ScaffoldError::Interrupted);
    }
    let mut notes = Vec::new();
    if fields.events == 0 {
        let shown = one_line(event_type);
        notes.push(format!(
            "{shown}: no event of version {version} is in the log, so the draft has no fields"
        ));
    }
    Ok((fields, notes))
}

/// The fields in a comment: `{book, member, note?}`.
fn list(leaves: &[Leaf]) -> String {
    let name =
        |leaf: &Leaf| format!("{}{}", leaf.path.join("."), if leaf.missing > 0 { "?" } else { "" });
    let mut names: Vec<String> = leaves.iter().take(NAMED).map(name).collect();
    if leaves.len() > NAMED {
        names.push("...".to_owned());
    }
    comment(&format!("{{{}}}", names.join(", ")))
}

/// A text that is one line, and nothing that a comment of TOML may not have.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '_' } else { c }).collect()
}

fn step((from, to): (i32, i32), leaves: &[Leaf]) -> String {
    // What a short form takes for a path is one.
    let is_path = |leaf: &&Leaf| {
        leaf.path.iter().all(|part| !part.is_empty() && !part.contains(['.', '?', '[', ']']))
    };
    let first =
        leaves.iter().find(is_path).map_or_else(|| "old".to_owned(), |leaf| leaf.path.join("."));
    let first = comment(&toml_string(&first));
    format!(
        "# Version {to}: a draft, which changes nothing yet. Take what is needed, and say what is new.\n\
         [[step]]                 # {from} -> {to}\n\
         from = {from}\n\
         # rename  = {{ {first} = \"new\" }}\n\
         # default = {{ new = \"\" }}\n\
         # remove  = [{first}]\n\
         # jq      = '.new = 1'     # what the short forms do not say, in a step without them\n"
    )
}

/// A test that holds as long as the step changes nothing.
fn test((event_type, version): (&str, i32), fields: &Fields) -> String {
    let mut payload = Object::new();
    for leaf in fields.leaves() {
        // Of two that are in each other's place the first is enough.
        let _ = payload.set_path(&leaf.path, sample(&leaf.kinds).to_owned());
    }
    let payload = toml_string(&payload.to_json());
    let mut text = String::from(
        "# Made-up values. After a change of the step: regrow test --upcasters --update, and look at what it wrote.\n",
    );
    let _ = write!(
        text,
        "[[given]]\ntype = {}\nversion = {version}\npayload = {payload}\n\n[[expect]]\npayload = {payload}\n",
        toml_string(event_type)
    );
    text
}
