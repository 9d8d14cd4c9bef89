//! Where scratch databases are: a private server, or beside the live one.
//!
//! Owns what project code may do there: it runs as a login of its own, which owns its database and
//! has no right elsewhere. A role that is only set would be no boundary, since RESET ROLE leads
//! back. On the private server the login is no superuser, so no program and no file is in its reach.

use std::time::Duration;

use crate::context::Context;
use crate::ddl;
use crate::dev_cluster::Lease;
use crate::ident::{Ident, quote_ident, quote_literal};
use crate::migrate::MigrateError;
use crate::pg::{PgError, Server, Session, Sql, lock};
use crate::revision::Lineage;

/// What the names of all scratch databases and roles begin with.
const PREFIX: &str = "regrow_scratch_";
/// The login on a private server.
const LOGIN: &str = "regrow_scratch";
/// How long others who set up roles on a private server are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Extensions that reach out of their database: not made for files that only expect them.
const REACHING_OUT: [&str; 4] = ["dblink", "file_fdw", "adminpack", "postgres_fdw"];

/// A server that scratch databases are made on.
pub(super) struct Place {
    admin: Session,
    admins: Server,
    login: Server,
    role: String,
    /// What this run's databases are called, with a number behind. Its advisory lock is held: what
    /// bears a name whose lock is free was left behind.
    tag: String,
    made: u32,
    live: Live,
    is_private: bool,
    // Dropped last: the private server stops.
    _lease: Option<Lease>,
}

/// What is known of the live database.
struct Live {
    major: u32,
    number: u32,
    may_create: bool,
    like: String,
    roles: Vec<String>,
    extensions: Vec<(String, String)>,
}

/// Why a library has no private server.
const EMBEDDED: &str = "a program that embeds regrow starts no private server";

impl Place {
    pub(super) fn open(context: &Context, server: &Server) -> Result<Place, MigrateError> {
        let mut session = Session::open(server, "scratch")?;
        let live = Live::of(&mut session)?;
        let private = match &context.scratch {
            Some(servers) => servers.cluster(live.major).and_then(|cluster| cluster.lease()),
            None => return Place::made_beside(live, session, server, EMBEDDED.into()),
        };
        match private {
            Ok(lease) => Place::private(live, lease),
            Err(error) => Place::made_beside(live, session, server, error.to_string()),
        }
    }

    /// A database on the user's server, where it allows one; else `reason` says why there is no other.
    fn made_beside(
        live: Live,
        mut session: Session,
        server: &Server,
        reason: String,
    ) -> Result<Place, MigrateError> {
        if session.must_write().is_err() || !live.may_create {
            let server = session.server().to_owned();
            return Err(MigrateError::NoScratch { reason, server });
        }
        match Place::beside(live, session, server) {
            Err(MigrateError::Pg(error @ (PgError::Connect { .. } | PgError::Server(_)))) => {
                let server = format!("{} ({error})", server.label());
                Err(MigrateError::NoScratch { reason, server })
            }
            other => other,
        }
    }

    fn private(live: Live, lease: Lease) -> Result<Place, MigrateError> {
        let admins = Server::parse(&lease.url())?;
        let mut admin = Session::open(&admins, "scratch")?;
        let login = admins.for_login(LOGIN, None);
        if !lock::acquire(&mut admin, "scratch roles", PATIENCE)? {
            let reason = "another run sets up the private server".to_owned();
            return Err(MigrateError::NoScratch { reason, server: admins.label() });
        }
        let attributes = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";
        let has = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)";
        if !super::holds(&mut admin, has, &[&LOGIN]) {
            admin.run(&format!("CREATE ROLE {LOGIN} LOGIN {attributes}"))?;
        }
        // A file may have set something for its own role, which would meet the next one.
        admin.run(&format!("ALTER ROLE {LOGIN} RESET ALL"))?;
        let missing = "SELECT name FROM unnest($1::text[]) AS name \
                        WHERE name NOT IN (SELECT rolname FROM pg_roles)";
        for row in admin.query(missing, &[&live.roles])? {
            admin.run(&role_script(row.get(0)))?;
        }
        lock::release(&mut admin, "scratch roles")?;
        Place {
            admin,
            admins,
            login,
            role: LOGIN.into(),
            tag: String::new(),
            made: 0,
            live,
            is_private: true,
            _lease: Some(lease),
        }
        .named(PREFIX)
    }

    /// On the user's server: nothing there is touched but the database and the login made for it.
    fn beside(live: Live, admin: Session, admins: &Server) -> Result<Place, MigrateError> {
        let prefix = format!("{PREFIX}{}_", live.number);
        let (login, role) = (admins.clone(), String::new());
        let place = Place {
            admin,
            admins: admins.clone(),
            login,
            role,
            tag: String::new(),
            made: 0,
            live,
            is_private: false,
            _lease: None,
        };
        let mut place = place.named(&prefix)?;
        let password = format!("{}{}", place.random()?, place.random()?);
        let role = quote_ident(&place.tag);
        place.admin.run(&format!(
            "CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}; GRANT {role} TO CURRENT_USER",
            quote_literal(&password)
        ))?;
        place.role.clone_from(&place.tag);
        place.login = place.admins.for_login(&place.role, Some(&password));
        Ok(place)
    }

    /// Drops what others left behind, and takes a name that nobody has.
    fn named(mut self, prefix: &str) -> Result<Place, MigrateError> {
        let left = "SELECT DISTINCT regexp_replace(name, '-[0-9]+$', '') FROM ( \
                        SELECT datname::text AS name FROM pg_database UNION ALL SELECT rolname::text FROM pg_roles) AS n \
                     WHERE starts_with(name, $1)";
        for row in self.admin.query(left, &[&prefix])? {
            let tag: String = row.get(0);
            if lock::acquire(&mut self.admin, &tag, Duration::ZERO)? {
                drop_all(&mut self.admin, &tag)?;
                lock::release(&mut self.admin, &tag)?;
            }
        }
        self.tag = format!("{prefix}{}", &self.random()?[..12]);
        lock::acquire(&mut self.admin, &self.tag, Duration::ZERO)?;
        Ok(self)
    }

    fn random(&mut self) -> Result<String, PgError> {
        let uuid = self.admin.ask("SELECT pg_catalog.gen_random_uuid()")?.ok_or(PgError::NoRow)?;
        Ok(uuid.replace('-', ""))
    }

    /// An empty database for a lineage, and a session with it. The database before it is dropped.
    pub(super) fn database(&mut self, lineage: &Lineage) -> Result<Session, MigrateError> {
        if self.made > 0 {
            drop_database(&mut self.admin, &format!("{}-{}", self.tag, self.made))?;
        }
        self.made += 1;
        let text = format!("{}-{}", self.tag, self.made);
        let name = quote_ident(&text);
        // Copying a few megabytes through the write-ahead log takes three times as long.
        let copied = match self.is_private && self.live.major >= 15 {
            true => " STRATEGY file_copy",
            false => "",
        };
        let owner = quote_ident(&self.role);
        let create = format!("CREATE DATABASE {name} OWNER {owner} TEMPLATE template0{copied}");
        let like = self.live.like.clone();
        // A locale that the private server does not have is no reason to try nothing.
        match self.admin.run_one(&format!("{create} {like}")) {
            Err(PgError::Server(_)) => self.admin.run_one(&create)?,
            other => other?,
        }
        let ident = Ident::new(text).expect("a short name");
        if self.is_private {
            self.name_roles(lineage);
            self.extend(&ident, lineage)?;
        }
        Ok(Session::open(&self.login.database(&ident), "scratch")?)
    }

    /// The roles that a lineage makes are not made as it says, but their names are there: what comes
    /// after needs them.
    fn name_roles(&mut self, lineage: &Lineage) {
        for file in lineage.revisions.iter().map(|revision| &revision.up) {
            for span in ddl::about_the_server(file) {
                if let Some(role) = ddl::made_role(&file.text[span]) {
                    // It may be there already.
                    let _ = self.admin.run(&role_script(&role));
                }
            }
        }
    }

    /// Extensions that somebody else made in the live database are there for revisions to use.
    fn extend(&mut self, database: &Ident, lineage: &Lineage) -> Result<(), MigrateError> {
        let made = |name: &str| lineage.revisions.iter().any(|r| ddl::makes_extension(&r.up, name));
        let wanted: Vec<&(String, String)> = self
            .live
            .extensions
            .iter()
            .filter(|(name, _)| !REACHING_OUT.contains(&name.as_str()) && !made(name))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut admin = Session::open(&self.admins.database(database), "scratch")?;
        for (name, in_schema) in wanted {
            let (name, schema) = (quote_ident(name), quote_ident(in_schema));
            let is_there = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)";
            let make_schema = match super::holds(&mut admin, is_there, &[&in_schema]) {
                true => String::new(),
                false => {
                    format!("CREATE SCHEMA {schema} AUTHORIZATION {};", quote_ident(&self.role))
                }
            };
            let made = admin
                .run(&format!("{make_schema} CREATE EXTENSION {name} SCHEMA {schema} CASCADE"));
            // What needs it will say so.
            if let Err(error) = made {
                tracing::debug!(%error, "an extension is not there in scratch");
            }
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = drop_all(&mut self.admin, &self.tag) {
            tracing::debug!(%error, "the next run drops the scratch database");
        }
    }
}

impl Live {
    fn of(session: &mut Session) -> Result<Live, PgError> {
        let row = session.query_one(include_str!("live.sql"), &[])?;
        let number = |at: usize| u32::try_from(row.get::<_, i64>(at)).unwrap_or_default();
        let (names, schemas): (Vec<String>, Vec<String>) = (row.get(5), row.get(6));
        Ok(Live {
            major: number(0),
            number: number(1),
            may_create: row.get(2),
            like: row.get(3),
            roles: row.get(4),
            extensions: names.into_iter().zip(schemas).collect(),
        })
    }
}

/// A role of that name which may do nothing, and which the login may act as.
fn role_script(name: &str) -> String {
    let name = quote_ident(name);
    format!("CREATE ROLE {name} NOLOGIN; GRANT {name} TO {LOGIN}")
}

/// Drops the databases and the login of a run.
fn drop_all(admin: &mut Session, tag: &str) -> Result<(), PgError> {
    let databases = "SELECT datname::text FROM pg_database WHERE starts_with(datname, $1 || '-')";
    for row in admin.query(databases, &[&tag])? {
        drop_database(admin, row.get(0))?;
    }
    admin.run(&format!("DROP ROLE IF EXISTS {}", quote_ident(tag)))
}

fn drop_database(admin: &mut Session, name: &str) -> Result<(), PgError> {
    admin.run_one(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_ident(name)))
}
