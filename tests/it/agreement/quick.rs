//! A build without what surrounds it: tables, program and pass of the log, over sessions that stay open.
//!
//! A rebuild spends most of a small case in the catalog, on histories and checks that have tests of their own.
//! Here a case costs little more than its events, so that there can be many of them.

use regrow::config::{Config, Rebuild};
use regrow::definition::{Definition, EngineChoice, OnError};
use regrow::event::Position;
use regrow::ledger;
use regrow::pg::{Session, Sql as _};
use regrow::progress::{Interrupt, Unobserved};
use regrow::rebuild::feed::{Ended, Line, Pass, Source};
use regrow::source::SourceFile;

use super::case::{Case, SIDES};
use super::ground::Ground;
use super::handlers;

/// Sessions that outlive a case.
#[derive(Default)]
pub(super) struct Sessions {
    /// Of the log and of the log as a table with `json` payloads.
    logs: [Option<Source>; 2],
    sides: [Option<Session>; 2],
}

/// Both builds, open.
pub(super) struct Pair {
    lines: [Line; 2],
    paces: [Rebuild; 2],
    pub(super) ends: [Vec<String>; 2],
}

/// The definition of one side.
fn definition(case: &Case, side: usize) -> Definition {
    let (projection, engine) = SIDES[side];
    let read = |text: &str| serde_json::Value::String(text.to_owned());
    let folder = format!("projections/{projection}");
    let engine: EngineChoice = serde_json::from_value(read(engine)).unwrap();
    let on_error: OnError = serde_json::from_value(read(&case.on_error)).unwrap();
    let upcaster = |u: &super::upcasters::Upcaster| {
        SourceFile::new(format!("migrations/events/{}.toml", u.event_type), u.text.clone())
    };
    Definition {
        projection: projection.into(),
        revisions: vec![SourceFile::new(
            format!("{folder}/schema/V1__tables.sql"),
            case.schema.clone(),
        )],
        handlers: SourceFile::new(format!("{folder}/handlers.sql"), handlers::file(&case.handlers)),
        checks: None,
        upcasters: case.upcasters.iter().map(upcaster).collect(),
        on_error,
        engine,
        publish_schema: None,
    }
}

/// Makes both builds; says why where the definition is refused.
pub(super) fn open(ground: &mut Ground, case: &Case) -> Result<Pair, String> {
    let paces = [0, 1].map(|side| {
        let text = format!("[rebuild]\n{}", case.plan.paces[side]);
        Config::parse(&SourceFile::new("config.toml", text)).unwrap().rebuild
    });
    let [one, two] = [0, 1].map(|side| open_one(ground, case, side));
    match (one, two) {
        (Ok(one), Ok(two)) => Ok(Pair { lines: [one, two], paces, ends: [Vec::new(), Vec::new()] }),
        (one, two) => {
            let words = [one, two].map(|line| line.err().unwrap_or_else(|| "accepted".into()));
            match words[0].replace("s__b1", "n__b1") == words[1] {
                true => Err(words[0].clone()),
                false => panic!("seed {}: one side refuses the definition: {words:?}", case.seed),
            }
        }
    }
}

fn open_one(ground: &mut Ground, case: &Case, side: usize) -> Result<Line, String> {
    let mut session = match ground.sessions.sides[side].take() {
        Some(session) => session,
        None => ground.site().open_read_models(&format!("side {side}")).unwrap(),
    };
    ledger::ensure(&mut session).unwrap();
    let definition = definition(case, side);
    let mut transaction = session.begin().unwrap();
    let build = ledger::create_build(&mut transaction, &definition, None).unwrap();
    let schema = build.schema.quoted();
    let tables =
        format!("CREATE SCHEMA {schema}; SET LOCAL search_path = {schema}; {}", case.schema);
    transaction.run(&tables).map_err(|error| error.to_string())?;
    transaction.commit().unwrap();
    Line::open(session, build).map_err(|error| error.to_string())
}

impl Pair {
    /// Brings both to a position, unless they stopped before.
    pub(super) fn advance(&mut self, ground: &mut Ground, case: &Case, until: i64) {
        let log = usize::from(case.raw);
        let mut source = ground.sessions.logs[log].take().unwrap_or_else(|| {
            case.write_config(ground.project.folder.path(), 0);
            let (session, log) = ground.site().open_log("log").unwrap();
            Source { session, log }
        });
        let [one, two] = &mut self.lines;
        let stopped = |ends: &Vec<String>| !ends.is_empty();
        let mut open: Vec<(&mut Line, usize)> = Vec::new();
        for (line, side) in [(one, 0), (two, 1)] {
            if !stopped(&self.ends[side]) {
                open.push((line, side));
            }
        }
        let run = |pace: &Rebuild, lines: &mut [&mut Line], source: &mut Source| {
            let pass = Pass { pace, observer: &Unobserved, interrupt: &Interrupt::new() };
            pass.run(source, lines, Position(until)).unwrap();
        };
        if case.plan.paces[0] == case.plan.paces[1] {
            let mut lines: Vec<&mut Line> = open.iter_mut().map(|(line, _)| &mut **line).collect();
            run(&self.paces[0], &mut lines, &mut source);
        } else {
            for (line, side) in &mut open {
                run(&self.paces[*side], &mut [&mut **line], &mut source);
            }
        }
        for (line, side) in open {
            match std::mem::replace(&mut line.ended, Ended::Reached) {
                Ended::Reached => {}
                Ended::Poisoned(failure) => {
                    ledger::fail(&mut line.session, line.build.id, &failure).unwrap();
                    self.ends[side].push("poisoned".into());
                }
                other => self.ends[side].push(format!("{other:?}")),
            }
        }
        ground.sessions.logs[log] = Some(source);
    }

    /// Gives the sessions back; says how both ended.
    pub(super) fn close(self, ground: &mut Ground) -> [Vec<String>; 2] {
        for (side, line) in self.lines.into_iter().enumerate() {
            ground.sessions.sides[side] = Some(line.session);
        }
        self.ends
    }
}
