//! Running revisions in scratch, and what their failures mean.

use std::collections::BTreeSet;

use super::{Room, Skipped, holds};
use crate::ddl;
use crate::ident::quote_ident;
use crate::migrate::{self, How, MigrateError};
use crate::pg::{ServerError, Session, Sql};
use crate::progress::Unobserved;
use crate::replay::sql::ProgramError;
use crate::replay::sql::reach::{self, Allowed};
use crate::revision::{Direction, EVENT_STORE, Lineage, Revision};
use crate::source::{Place, SourceFile};

impl Room<'_> {
    /// Applies all revisions of a lineage: one by one as a deploy does, or, for a projection, in the one
    /// transaction that makes a build.
    pub(super) fn apply(&mut self, lineage: &Lineage) -> Result<(), MigrateError> {
        if lineage.name == EVENT_STORE {
            return lineage.revisions.iter().try_for_each(|r| self.step(r, Direction::Up));
        }
        let files = self.context.project.known(&self.lineage).ok();
        let (reads, trusted) = files.map_or((Vec::new(), Vec::new()), |files| {
            (files.settings.reads.clone(), files.settings.trust_functions.clone())
        });
        let allowed = Allowed { reads: &reads, trusted: &trusted };
        for revision in &lineage.revisions {
            // Scratch runs nothing of the server's, and has none of what lies outside.
            let stem = revision.stem();
            let script = reach::revision::Script {
                projection: &self.lineage,
                stem: &stem,
                file: &revision.up,
            };
            let outside = reach::revision::beyond(script, allowed);
            if !outside.is_empty() {
                return Err(Box::new(ProgramError::Outside(outside)).into());
            }
        }
        let fit: Vec<Revision> = lineage.revisions.iter().map(|r| self.fit(r)).collect();
        let how = How { without: &BTreeSet::new(), allowed: Some(allowed), observer: &Unobserved };
        let mut transaction = self.session.begin()?;
        for revision in &fit {
            let of = (&self.schema, self.lineage.as_str());
            match migrate::apply_as(&mut transaction, of, revision, how) {
                Ok(()) => {}
                Err(error) => {
                    drop(transaction);
                    return Err(self.judged(revision, error));
                }
            }
        }
        Ok(transaction.commit("scratch::apply")?)
    }

    /// Applies a revision or takes it back, and commits.
    ///
    /// # Errors
    /// It fails, or cannot be tried.
    pub fn step(&mut self, revision: &Revision, way: Direction) -> Result<(), MigrateError> {
        let fit = self.fit(revision);
        let (schema, lineage) = (self.schema.clone(), self.lineage.clone());
        let done = migrate::apply_here(&mut self.session, &schema, &lineage, &fit, way);
        done.map_err(|error| self.judged(revision, error))
    }

    /// Runs a file that is no revision in the schema, which is made for it.
    pub(super) fn run_file(&mut self, file: &SourceFile) -> Result<(), MigrateError> {
        self.session.run(&format!("CREATE SCHEMA {}", self.schema.quoted()))?;
        let path = migrate::ddl_path(&mut self.session, &self.lineage, &self.schema)?;
        self.session.run(&format!("SET search_path = {path}"))?;
        let given_away = ddl::given_away(file);
        for statement in ddl::read(file).map_err(migrate::unread)? {
            if given_away.contains(&statement.span) {
                continue;
            }
            let (start, text) = (statement.span.start, &file.text[statement.span]);
            let is_own = ddl::made_schema(text).is_some_and(|made| made == self.schema.as_str());
            if is_own || ddl::is_about_the_server(text) {
                continue;
            }
            let done = self.session.run_one(text);
            done.map_err(|error| migrate::failed_file(file, start, error))?;
        }
        Ok(self.session.renew()?)
    }

    /// The revision without its statements on what the whole server shares; every other byte stays
    /// where it is.
    fn fit(&mut self, revision: &Revision) -> Revision {
        let mut fit = revision.clone();
        for file in [Some(&mut fit.up), fit.down.as_mut()].into_iter().flatten() {
            for span in ddl::about_the_server(file) {
                let skipped = Skipped { stem: revision.stem(), place: file.place(span.start) };
                if !self.skipped.contains(&skipped) {
                    self.skipped.push(skipped);
                }
                ddl::blank(file, span);
            }
            // Scratch has one role. A dump has such a statement for each object: the first is told.
            for (number, span) in ddl::given_away(file).into_iter().enumerate() {
                if number == 0 {
                    let skipped = Skipped { stem: revision.stem(), place: file.place(span.start) };
                    self.skipped.push(skipped);
                }
                ddl::blank(file, span);
            }
        }
        fit
    }

    /// Whether a failure is one of the file, or of the place it was tried in.
    fn judged(&mut self, revision: &Revision, error: MigrateError) -> MigrateError {
        let MigrateError::Failed { place, error: said, .. } = &error else { return error };
        let why = if self.applied.contains(&revision.version) {
            "it is applied, and on an empty database it fails".to_owned()
        } else if is_a_matter_of_rights(said) {
            "scratch gives it no right to do that".to_owned()
        } else if self.is_there_live(said) {
            "what it needs is in the live database, and no revision makes it".to_owned()
        } else {
            return error;
        };
        not_tried(revision, place.clone(), &format!("{why}: {}", said.message))
    }

    /// Whether the live database has what was missing, by the words of the refusal.
    fn is_there_live(&self, said: &ServerError) -> bool {
        let Some((kind, name)) = missing(said) else { return false };
        let events = self.lineage == EVENT_STORE || self.context.one_server();
        let server = if events { &self.context.event_store } else { &self.context.read_models };
        let Ok(mut live) = Session::open(server, "scratch") else { return false };
        let path = quote_ident(self.schema.as_str());
        let set = format!("SET search_path = {path}, public, pg_catalog");
        live.run(&set).is_ok() && holds(&mut live, include_str!("there.sql"), &[&kind, &name])
    }
}

fn not_tried(revision: &Revision, place: Place, why: &str) -> MigrateError {
    MigrateError::NotTried { stem: revision.stem(), place, why: why.to_owned() }
}

/// A missing right, a feature or a program that a private server does not have.
fn is_a_matter_of_rights(said: &ServerError) -> bool {
    let is_extension = said.message.contains("extension") || said.message.contains("library");
    said.code == "42501" || (matches!(&*said.code, "0A000" | "58P01") && is_extension)
}

/// What a refusal misses: `relation "a.b" does not exist` is a relation named `a.b`.
fn missing(said: &ServerError) -> Option<(&str, &str)> {
    if !matches!(&*said.code, "42P01" | "42883" | "42704" | "3F000" | "42703") {
        return None;
    }
    let words = said.message.strip_suffix(" does not exist")?;
    if let Some(function) = words.strip_prefix("function ") {
        return Some(("function", function.split('(').next()?));
    }
    let (kind, name) = words.split_once(" \"")?;
    Some((kind, name.strip_suffix('"')?))
}
