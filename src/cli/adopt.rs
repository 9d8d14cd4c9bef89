//! `regrow adopt`

use super::invocation::Invocation;
use super::{Answer, Global, output};
use crate::adopt::{self, AdoptError, Adopted, Recognised, Wanted};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::log::presets;
use crate::project::{Project, ProjectError};
use crate::report::file::RecognisedTables;

/// Read a log that another library writes, where it is.
///
/// Without arguments it says which tables of the database it recognises. With a preset it looks at the real table,
/// writes the section [event_store.adopt] into config.toml, and says what the library's way of giving positions means. The log
/// itself is not touched. A log without an order is not adopted: the SQL that gives it one goes to stdout.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  regrow adopt\n  regrow adopt --preset eventsourcing --table public.dogschool_events\n  \
                  regrow adopt --preset marten --gaps 10s"
)]
pub(crate) struct Args {
    /// The library; docs/presets.md lists them.
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// The table of events, with its schema; the only one that fits, if none is named.
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,
    /// How long a writer takes at the most from taking a position to its COMMIT, such as 10s.
    #[arg(long, value_name = "TIME", requires = "preset")]
    gaps: Option<String>,
    /// Read this tenant's events only, where tenants share the table.
    #[arg(long, value_name = "TENANT", requires = "preset")]
    tenant: Option<String>,
}

pub(crate) fn run(global: &Global, args: &Args) -> Answer {
    if let Some(preset) = &args.preset {
        // A wrong name is told before a server is asked.
        presets::Preset::named(preset)?;
    }
    let project = match global.project() {
        Ok(project) if project.adopts() && args.preset.is_some() => {
            return Err(ProjectError::Adopted.into());
        }
        Ok(project) => project,
        // An empty folder becomes a project by its section.
        Err(error) if error.is(Reason::NotAProject) && global.folder().is_dir() => {
            let (mut project, _folder) = Project::embedded([("config.toml", "")])?;
            project.root = global.folder();
            project
        }
        Err(error) => return Err(error),
    };
    let invocation = Invocation::with_project(global, project)?;
    let Some(preset) = &args.preset else {
        let found = adopt::recognised(&invocation.context, args.table.as_deref())?;
        print_recognised(global, &found);
        return Ok(Code::Done);
    };
    let wanted = Wanted {
        preset: preset.clone(),
        table: args.table.clone(),
        gaps: args.gaps.clone(),
        tenant: args.tenant.clone(),
    };
    match adopt::adopt(&invocation.context, &wanted) {
        Ok(adopted) => print(global, &adopted),
        // As JSON the statements are in the error.
        Err(error @ AdoptError::SqlFirst { .. }) if global.json => return Err(error.into()),
        Err(AdoptError::SqlFirst { table, because, sql }) => {
            output::line(sql.trim());
            let error = Error::from(AdoptError::SqlFirst { table, because, sql });
            return Err(error.hint(
                "run the SQL that stands on stdout as the owner of the table, then the same command again",
            ));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Code::Done)
}

fn print(global: &Global, adopted: &Adopted) {
    if global.json {
        output::report(&adopted.report());
        return;
    }
    let Adopted { section, hazard, proof, notes, sql, .. } = adopted;
    output::line(section.trim_end());
    output::note(format!("tried: {}", adopted.tried().join("; ")));
    output::note(format!("order: {hazard}"));
    if let Some(proof) = proof {
        output::note(format!(
            "proof: none is named, and promote and run will ask for one; {proof}"
        ));
    }
    for note in notes {
        output::note(format!("note: {note}"));
    }
    for statement in sql {
        output::note(format!("each look at the log reads all of it without an index: {statement}"));
    }
    output::note(
        "written to config.toml; next: regrow census, then a first projection: regrow new projection NAME",
    );
}

fn print_recognised(global: &Global, found: &[Recognised]) {
    if global.json {
        let found = found.iter().map(|one| one.report(next(one))).collect();
        output::report(&RecognisedTables { found });
        return;
    }
    if found.is_empty() {
        output::line("no table is recognised");
        output::note(format!(
            "presets: {}; any other table: the keys of [event_store.adopt] in docs/presets.md",
            presets::names().join(", ")
        ));
        return;
    }
    let row = |one: &Recognised| {
        vec![one.table.clone(), one.preset.name.to_owned(), one.preset.store.clone(), next(one)]
    };
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    output::line(output::table(&["TABLE", "PRESET", "STORE", "NEXT"], &rows));
}

fn next(one: &Recognised) -> String {
    let quoted = match one.table.contains('"') {
        true => format!("'{}'", one.table),
        false => one.table.clone(),
    };
    format!("regrow adopt --preset {} --table {quoted}", one.preset.name)
}
