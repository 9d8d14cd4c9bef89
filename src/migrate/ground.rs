//! The ground a run stands on: a lineage's schema on a server, with the deploy lock held.

use super::MigrateError;
use super::attempt::Attempts;
use super::deploy_lock::DeployLock;
use super::log_guard::LogGuard;
use crate::context::Context;
use crate::ident::Ident;
use crate::pg::Server;
use crate::replay::sql::reach::Allowed;
use crate::revision::Lineage;

/// Where revisions run, and how patiently.
pub(crate) struct Ground<'a> {
    pub(super) context: &'a Context,
    pub(super) lineage: &'a Lineage,
    pub(super) schema: &'a Ident,
    pub(super) lock: &'a DeployLock,
    pub(super) attempts: Attempts,
    /// What a projection's statements may reach outside the build; without it nobody looks.
    pub(super) allowed: Option<Allowed<'a>>,
    /// The log that a way back must leave as it is.
    pub(super) log: Option<LogGuard>,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(
        context: &'a Context,
        server: &Server,
        lineage: &'a Lineage,
        schema: &'a Ident,
        lock: &'a DeployLock,
    ) -> Ground<'a> {
        let attempts = Attempts::on(context, server);
        Ground { context, lineage, schema, lock, attempts, allowed: None, log: None }
    }

    /// The same for a projection, whose statements are looked at before they run.
    pub(crate) fn looking(self, allowed: Allowed<'a>) -> Ground<'a> {
        Ground { allowed: Some(allowed), ..self }
    }

    /// The same for ways back that may lose no event.
    pub(super) fn keeping_events(self) -> Ground<'a> {
        let log = Some(LogGuard::of(self.schema));
        Ground { log, ..self }
    }

    /// Whether nobody has asked to stop.
    pub(super) fn go_on(&self) -> Result<(), MigrateError> {
        self.attempts.go_on()
    }
}
