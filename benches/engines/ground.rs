//! Where it is measured: one private server, and a database with a project folder for each log.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use postgres::{Client, NoTls};
use regrow::dev_cluster::{DevCluster, Lease, Options, Settings};
use regrow::project::{TemporaryFolder, write_sample};

use crate::{Outcome, regrow_binary};

/// What the sample project does not have.
const MORE_FILES: [(&str, &str); 12] = [
    ("projections/event_row/schema/V1__event_row.sql", include_str!("rows/table.sql")),
    ("projections/event_row/handlers.sql", include_str!("rows/handlers.sql")),
    ("projections/customer_visits/schema/V1__customer_visits.sql", include_str!("hot/table.sql")),
    ("projections/customer_visits/handlers.sql", include_str!("hot/handlers.sql")),
    ("projections/order_pace/schema/V1__order_pace.sql", include_str!("pace/table.sql")),
    ("projections/order_pace/handlers.sql", include_str!("pace/handlers.sql")),
    ("projections/counter/schema/V1__counter.sql", include_str!("counter/table.sql")),
    ("projections/counter/handlers.sql", include_str!("counter/handlers.sql")),
    ("projections/stream_count/schema/V1__stream_count.sql", include_str!("trace/table.sql")),
    ("projections/stream_count/handlers.sql", include_str!("trace/handlers.sql")),
    ("migrations/events/OrderItemAdded.toml", include_str!("orders/OrderItemAdded.toml")),
    ("migrations/events/PageVisited.toml", include_str!("hot/PageVisited.toml")),
];

/// The server and the folder everything lies in.
pub(crate) struct Ground {
    // Dropped first: the server stops before its folder goes.
    lease: Lease,
    folder: TemporaryFolder,
}

impl Ground {
    /// Starts the server.
    pub(crate) fn new() -> Outcome<Ground> {
        let folder = TemporaryFolder::new()?;
        let bin_dir = std::env::var_os("REGROW_PG_BIN").map(Into::into);
        let options =
            Options { bin_dir, major: None, settings: Settings::default(), guard: regrow_binary() };
        let lease = DevCluster::at(&folder.path().join(".regrow"), options)?.lease()?;
        Ok(Ground { lease, folder })
    }

    /// A connection to the database that no log is in.
    pub(crate) fn connect(&self) -> Outcome<Client> {
        Ok(Client::connect(&self.lease.url(), NoTls)?)
    }

    /// A database and a project folder: the sample project and the projections of this benchmark.
    pub(crate) fn context(&self, name: &str) -> Outcome<Context> {
        let folder = self.folder.path().join(name);
        fs::create_dir(&folder)?;
        write_sample(&folder)?;
        let mut admin = self.connect()?;
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))?;
        let url = self.lease.url().replace("dbname=regrow", &format!("dbname={name}"));
        let context = Context { folder, url, name: name.to_owned(), admin_url: self.lease.url() };
        for (path, text) in MORE_FILES {
            context.write(path, text)?;
        }
        Ok(context)
    }
}

/// A database with one log, and the project that replays it.
pub(crate) struct Context {
    folder: PathBuf,
    url: String,
    name: String,
    admin_url: String,
}

impl Context {
    /// A connection to its database.
    pub(crate) fn connect(&self) -> Outcome<Client> {
        Ok(Client::connect(&self.url, NoTls)?)
    }

    /// The binary in the project, ready to run.
    pub(crate) fn regrow(&self, args: &[&str]) -> Command {
        let mut command = Command::new(regrow_binary());
        command.args(["-q", "-C"]).arg(&self.folder).args(args);
        command.env("DATABASE_URL", &self.url).env_remove("READ_MODELS_URL");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome<()> {
        match self.regrow(args).status()?.success() {
            true => Ok(()),
            false => Err(format!("regrow {} failed", args.join(" ")).into()),
        }
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, path: &str, text: &str) -> Outcome<()> {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        Ok(fs::write(path, text)?)
    }

    /// psql as it came with the server, on its database.
    pub(crate) fn psql(&self, sql: &str) -> Outcome<Command> {
        let folder = "SELECT setting FROM pg_config WHERE name = 'BINDIR'";
        let folder: String = self.connect()?.query_one(folder, &[])?.get(0);
        let mut command = Command::new(Path::new(&folder).join("psql"));
        command.args(["-qXAtd", &self.url, "-c", sql]).stdin(Stdio::null());
        Ok(command)
    }

    /// Adds a section or a key to `config.toml`: `text` replaces `place`, which must be there.
    pub(crate) fn configure(&self, place: &str, text: &str) -> Outcome<()> {
        let before = fs::read_to_string(self.folder.join("config.toml"))?;
        if !before.contains(place) {
            return Err(format!("config.toml has no {place:?}").into());
        }
        self.write("config.toml", &before.replacen(place, text, 1))
    }

    /// Says which engine the next build of a projection runs on.
    pub(crate) fn choose_engine(&self, projection: &str, engine: &str) -> Outcome<()> {
        let path = format!("projections/{projection}/projection.toml");
        self.write(&path, &format!("engine = \"{engine}\"\n"))
    }

    /// Forgets every build and what was made by hand, and lets the server come to rest.
    pub(crate) fn clear(&self) -> Outcome<()> {
        let mut client = self.connect()?;
        client.batch_execute(include_str!("clear.sql"))?;
        // Not in the transaction of the rest, which it could not be part of.
        client.batch_execute("CHECKPOINT")?;
        Ok(())
    }

    /// The schema of a projection's last build.
    pub(crate) fn build_schema(&self, projection: &str) -> Outcome<String> {
        let sql = "SELECT schema_name::text FROM regrow.build WHERE projection = $1 ORDER BY id DESC LIMIT 1";
        Ok(self.connect()?.query_one(sql, &[&projection])?.get(0))
    }

    /// The same project with a copy of its database, to which nobody may be connected.
    pub(crate) fn copy(&self) -> Outcome<Context> {
        let (name, folder) = (format!("{}_copy", self.name), self.folder.clone());
        let mut admin = Client::connect(&self.admin_url, NoTls)?;
        // Sessions that were closed just now may be on their way out: the server waits for them a while.
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {}", self.name))?;
        admin.batch_execute("CHECKPOINT")?;
        let url = self.url.replace(&format!("dbname={}", self.name), &format!("dbname={name}"));
        Ok(Context { folder, url, name, admin_url: self.admin_url.clone() })
    }

    /// Drops the database, so that the next one has the disk to itself.
    pub(crate) fn drop_database(self) -> Outcome<()> {
        let mut admin = Client::connect(&self.admin_url, NoTls)?;
        admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))?;
        Ok(())
    }
}
