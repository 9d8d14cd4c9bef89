//! `regrow revision`

use time::OffsetDateTime;

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::autogenerate::{self, Generated};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::migrate::{self, MigrateError};
use crate::project::{self, Project};
use crate::report::revision::RevisionWritten;
use crate::revision::draft::{Draft, next_version};
use crate::revision::target::TargetError;
use crate::revision::{EVENT_STORE, Lineage};

/// Write a new revision's files, parented on the head of its lineage.
///
/// The version is the next number where the lineage counts its revisions, else the UTC time
/// of now. With --autogenerate the SQL is what leads from the revisions there are to the
/// tables that schema.sql of the lineage asks for; what cannot be done safely is left as a
/// comment. What it cannot write at all is named, and it exits with 10.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  regrow revision -m 'add status'
  regrow revision -m 'paid at' --lineage order_summary
  regrow revision -m 'what schema.sql asks for' -l order_summary --autogenerate")]
pub(crate) struct Args {
    /// What it is about; the file's name is made of it.
    #[arg(short, long, value_name = "TEXT")]
    message: String,
    /// event_store or a projection.
    #[arg(short, long, default_value = EVENT_STORE, value_name = "LINEAGE")]
    lineage: String,
    /// The revision to come after, instead of the head; base begins a history of its own.
    #[arg(long, value_name = "TARGET")]
    head: Option<String>,
    /// Come after a revision that is no head: a branch.
    #[arg(long, requires = "head")]
    splice: bool,
    /// What else must have run before it, such as event_store@3; may be repeated.
    #[arg(long, value_name = "LINEAGE@VERSION")]
    depends_on: Vec<String>,
    /// A name for its branch; may be repeated.
    #[arg(long, value_name = "NAME")]
    label: Vec<String>,
    /// The version, instead of the next one.
    #[arg(long, value_name = "NUMBER")]
    version: Option<i64>,
    /// Write the SQL that leads to the lineage's schema.sql.
    #[arg(long)]
    autogenerate: bool,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    let project = global.project()?;
    let lineage = migrate::lineage(&project, &args.lineage)?;
    let generated = if args.autogenerate {
        let invocation = Invocation::with_project(global, project.clone())?;
        let generated = autogenerate::generate(&invocation.context, &args.lineage)?;
        if generated.is_empty() {
            return nothing(global, &args.lineage);
        }
        Some(generated)
    } else {
        None
    };
    let draft = Draft {
        revises: parents(&project, &lineage, args)?,
        version: args.version.unwrap_or_else(|| next_version(&lineage, now())),
        lineage: args.lineage.clone(),
        created: now(),
        message: args.message.clone(),
        depends_on: args.depends_on.clone(),
        labels: args.label.clone(),
        up: generated.as_ref().map(|g| g.up.clone()).unwrap_or_default(),
        down: generated.as_ref().map(|g| g.down.clone()).unwrap_or_default(),
    };
    write(global, &project, &draft, generated.as_ref())
}

fn nothing(global: &Global, lineage: &str) -> Answer {
    if global.json {
        output::report(&RevisionWritten {
            lineage: lineage.to_owned(),
            ..RevisionWritten::default()
        });
    } else {
        output::line(format!("{lineage}: the revisions make what schema.sql asks for"));
    }
    Ok(Code::Done)
}

/// Writes the files of a draft, and says so.
pub(super) fn write(
    global: &Global,
    project: &Project,
    draft: &Draft,
    generated: Option<&Generated>,
) -> Answer {
    let written = project::write_revision(project, draft)?;
    let left = generated.map_or(0, |g| g.left_to_do.len() + g.by_hand.len());
    let by_hand = generated.map_or(&[][..], |g| &g.by_hand);
    // It does not make what was asked for.
    let code = if by_hand.is_empty() { Code::Done } else { Code::Unverified };
    if global.json {
        output::report(&RevisionWritten {
            lineage: draft.lineage.clone(),
            revision: Some(draft.stem()),
            version: Some(draft.version),
            revises: Some(draft.revises.clone()),
            written,
            left_to_do: left,
            by_hand: by_hand.to_vec(),
        });
        return Ok(code);
    }
    for path in &written {
        output::line(format!("wrote {path}"));
    }
    for line in generated.iter().flat_map(|g| &g.left_to_do) {
        output::note(format!("left to do by hand: {line}"));
    }
    for line in by_hand {
        output::note(format!("not written: {line}"));
    }
    Ok(code)
}

fn parents(project: &Project, lineage: &Lineage, args: &Args) -> Result<Vec<i64>, Error> {
    let Some(text) = &args.head else {
        return match lineage.heads().as_slice() {
            [] => Ok(Vec::new()),
            [head] => Ok(vec![head.version]),
            several => Err(MigrateError::from(TargetError::SeveralHeads {
                lineage: lineage.name.clone(),
                heads: several.iter().map(|r| r.stem()).collect(),
            })
            .into()),
        };
    };
    let (_, target) = migrate::target(project, Some(&lineage.name), Some(text))?;
    let parents = lineage.destinations(&target).map_err(MigrateError::from)?;
    let inner = parents.iter().find(|v| lineage.children(**v).next().is_some());
    match inner.and_then(|v| lineage.get(*v)) {
        Some(revision) if !args.splice => Err(Error::usage(format!(
            "{} is not a head: a second revision after it begins a branch",
            revision.stem()
        ))
        .hint("if that is meant: --splice")),
        _ => Ok(parents),
    }
}

/// `YYYYMMDDHHMMSS` of now, in UTC.
pub(super) fn now() -> i64 {
    let now = OffsetDateTime::now_utc();
    let date = i64::from(now.year()) * 10_000
        + i64::from(u8::from(now.month())) * 100
        + i64::from(now.day());
    let time =
        i64::from(now.hour()) * 10_000 + i64::from(now.minute()) * 100 + i64::from(now.second());
    date * 1_000_000 + time
}
