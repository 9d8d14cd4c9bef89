//! Roles: everything runs under the roles of docs/security.md, each of which is refused the rest.
//!
//! The SQL is read from the document itself, so what it says is what is tested.

mod belongings;
mod grants;
mod owner;
mod policies;
mod refusals;
mod search_path;
mod views;

use postgres::{Client, NoTls};

use crate::bench::{Project, Ran, rows};

const OWNER: &str = "regrow_owner";
const MIGRATE: &str = "app_migrate";
const REBUILD: &str = "app_rebuild";
const APPEND: &str = "app_append";
const READ: &str = "app_read";
const ROLES: [&str; 5] = [OWNER, MIGRATE, REBUILD, APPEND, READ];

const ORDERS: usize = 60;

/// A project whose database has the document's roles, under names of its own in the cluster.
struct Estate {
    project: Project,
    // Dropped behind the database: a role goes when it owns nothing any more.
    names: Names,
}

/// The names in the document, as they are here.
struct Names {
    prefix: String,
    url: String,
}

impl Names {
    /// A text of the document or a test with the names as they are here.
    fn here(&self, text: &str) -> String {
        let mut here = String::new();
        for piece in text.split_inclusive(|c: char| c != '_' && !c.is_ascii_alphanumeric()) {
            let word = piece.trim_end_matches(|c: char| c != '_' && !c.is_ascii_alphanumeric());
            match word {
                "shop" => here.push_str(&self.prefix),
                word if ROLES.contains(&word) => here.push_str(&self.role(word)),
                word => here.push_str(word),
            }
            here.push_str(&piece[word.len()..]);
        }
        here
    }

    /// The other way round.
    fn there(&self, text: &str) -> String {
        let text = text.replace(&format!("{}_", self.prefix), "");
        text.replace(&self.prefix, "shop")
    }

    fn role(&self, name: &str) -> String {
        format!("{}_{name}", self.prefix)
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        if let Ok(mut admin) = Client::connect(&self.url, NoTls) {
            for role in ROLES.iter().chain(&["attacker"]) {
                let _ = admin.batch_execute(&format!("DROP ROLE IF EXISTS {}", self.role(role)));
            }
        }
    }
}

/// The document's blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/security.md");
    let text = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// The statements of the document's SQL, without comments, on one line each.
fn statements() -> Vec<String> {
    let lines: Vec<String> = blocks("sql")
        .iter()
        .flat_map(|b| b.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let sql: Vec<&str> = lines.iter().filter(|l| !l.starts_with("--")).map(|l| l.trim()).collect();
    let whole = sql.join(" ");
    whole.split(';').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

impl Estate {
    /// The roles are there, and nothing was migrated.
    fn empty() -> Estate {
        let project = Project::orders();
        let prefix = project.database.name();
        let url = project.database.url().replace(&format!("dbname={prefix}"), "dbname=regrow");
        let estate = Estate { project, names: Names { prefix, url } };
        estate.admin(&blocks("sql")[0]);
        // Each chunk is written back, so that rows change which are in the tables already.
        let pace = "[rebuild]\nbatch_events = 1200\ncheckpoint_interval_s = 0\n";
        let config = format!("{}\n{pace}", blocks("toml")[0]);
        estate.project.write("config.toml", &estate.names.here(&config));
        estate
    }

    /// A log with events, and both projections live.
    fn live() -> Estate {
        Estate::live_with(ORDERS)
    }

    fn live_with(orders: usize) -> Estate {
        let estate = Estate::empty();
        estate.ok(MIGRATE, &["migrate"]);
        estate.admin(&blocks("sql")[1]);
        estate.write_events("orders.ndjson", "o", orders);
        estate.ok(APPEND, &["import", "orders.ndjson"]);
        estate.ok(REBUILD, &["rebuild", "--all", "--promote"]);
        estate
    }

    /// A file of orders that are created, and then all of them paid.
    fn write_events(&self, file: &str, stream: &str, orders: usize) {
        let line = |n: usize, version: usize, kind: &str| {
            format!(
                r#"{{"stream_id":"{stream}{n}","stream_version":{version},"type":"{kind}","payload":{{"order_id":"{stream}{n}","customer_id":"c{}","customer_name":"N"}}}}"#,
                n % 50
            )
        };
        let created = (0..orders).map(|n| line(n, 0, "OrderCreated"));
        let lines: Vec<String> =
            created.chain((0..orders).map(|n| line(n, 1, "OrderPaid"))).collect();
        self.project.write(file, &(lines.join("\n") + "\n"));
    }

    /// Runs SQL as the superuser who sets the roles up.
    fn admin(&self, sql: &str) {
        let sql = self.names.here(sql);
        self.project.events().batch_execute(&sql).unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
    }

    fn url(&self, role: &str) -> String {
        self.project
            .database
            .url()
            .replace("user=regrow", &format!("user={}", self.names.role(role)))
    }

    fn connect(&self, role: &str) -> Client {
        Client::connect(&self.url(role), NoTls).unwrap()
    }

    /// Runs the binary as a role.
    fn run(&self, role: &str, args: &[&str]) -> Ran {
        let mut command = self.project.command(args);
        command.env("DATABASE_URL", self.url(role));
        Ran::from(command.output().unwrap(), args)
    }

    fn ok(&self, role: &str, args: &[&str]) -> String {
        let ran = self.run(role, args);
        assert_eq!(ran.code, 0, "{role}: regrow {args:?}\n{}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    /// One row of one text, asked by a role.
    fn ask(&self, role: &str, sql: &str) -> String {
        rows(&mut self.connect(role), sql).join(" ")
    }

    /// Each statement is refused for want of a right, and nothing else.
    fn refuses(&self, role: &str, statements: &[&str]) {
        let mut client = self.connect(role);
        for sql in statements {
            let sql = self.names.here(sql);
            let error = match client.batch_execute(&sql) {
                Ok(()) => panic!("{role} may: {sql}"),
                Err(error) => error,
            };
            let code = error.code().map(|c| c.code().to_owned());
            assert_eq!(code.as_deref(), Some("42501"), "{role}: {sql}: {error:?}");
        }
    }
}

#[test]
fn a_whole_life_needs_no_superuser() {
    let estate = Estate::live();
    let superusers = "SELECT rolname FROM pg_roles WHERE rolname LIKE current_database() || '\\_%' \
                      AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)";
    assert_eq!(rows(&mut estate.project.events(), superusers), [""; 0]);
    let append = "SELECT event_store.append('late', -1, '[{\"type\": \"OrderCreated\", \"payload\": \
                  {\"order_id\": \"late\", \"customer_id\": \"c1\", \"customer_name\": \"X\"}}]')";
    assert_eq!(estate.ask(APPEND, append), format!("({})", 2 * ORDERS + 1));
    estate.ok(REBUILD, &["run", "--until-caught-up"]);
    estate.ok(REBUILD, &["status"]);
    estate.ok(REBUILD, &["check"]);
    estate.ok(REBUILD, &["census"]);
    estate.ok(REBUILD, &["current"]);
    estate.ok(REBUILD, &["history"]);
    estate.ok(REBUILD, &["rebuild", "order_summary"]);
    estate.ok(REBUILD, &["promote", "order_summary"]);
    estate.ok(REBUILD, &["rollback", "order_summary"]);
    estate.ok(REBUILD, &["rollback", "order_summary"]);
    estate.ok(REBUILD, &["prune", "order_summary", "--keep", "0"]);
    estate.ok(REBUILD, &["export", "all.ndjson"]);
    estate.ok(MIGRATE, &["migrate"]);
    let orders = estate.ask(READ, "SELECT count(*) FROM read_model.order_summary");
    assert_eq!(orders, format!("({})", ORDERS + 1));
    let exported = estate.project.read("all.ndjson");
    assert_eq!(exported.lines().count(), 2 * ORDERS + 1);
}

/// Functions run as whoever calls them, and look at no path but their own.
#[test]
fn no_function_of_ours_defines_security_or_trusts_a_path() {
    let estate = Estate::live();
    let ours = "pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
                WHERE n.nspname !~ '^(pg_|information_schema)'";
    let mut admin = estate.project.events();
    let count = rows(&mut admin, &format!("SELECT count(*) > 4 FROM {ours}"));
    assert_eq!(count, ["(t)"], "append, advance, build_moves and a function a build");
    let definers = format!("SELECT p.oid::regprocedure FROM {ours} AND p.prosecdef");
    assert_eq!(rows(&mut admin, &definers), [""; 0]);
    let open = format!(
        "SELECT p.oid::regprocedure FROM {ours} AND NOT EXISTS \
         (SELECT FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%')"
    );
    assert_eq!(rows(&mut admin, &open), [""; 0]);
}
