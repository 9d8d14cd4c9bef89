//! Other people's objects around a build: nothing that regrow does may take one of them away.
//!
//! `schema.sql` is a projection with everything that something can depend on; `objects.sql`, and what is
//! put together here, are objects of others that depend on it, in every way that `pg_depend` knows
//! (`pairs.txt` counts them). A dump tells whether one is missing afterwards.

use std::collections::BTreeSet;
use std::process::Command;

use postgres::Client;
use postgres::error::DbError;

use crate::bench::{Project, Ran, bin_dir, rows, server_major, wait_until};

mod shared;
mod shown;

const BUILD: &str = "p__b1";

/// Expressions that each lean on something else of the build, and where an expression can stand.
const LEANS_ON: [(&str, &str); 8] = [
    ("pg_proc", "{b}.add(1, 1) > 0"),
    ("pg_operator", "'calm'::{b}.mood OPERATOR({b}.===) 'wild'"),
    ("pg_type", "'calm'::{b}.mood IS NOT NULL"),
    ("pg_collation", "('a' COLLATE {b}.plain) > 'a'"),
    ("pg_ts_config", "'{b}.search'::regconfig IS NOT NULL"),
    ("pg_ts_dict", "'{b}.words'::regdictionary IS NOT NULL"),
    ("pg_class", "'{b}.counter'::regclass IS NOT NULL"),
    ("pg_namespace", "'{b}'::regnamespace IS NOT NULL"),
];
const STANDS_IN: [(&str, &str); 9] = [
    ("pg_attrdef", "CREATE TABLE theirs_d{i} (c boolean DEFAULT ({e}))"),
    ("pg_constraint", "CREATE TABLE theirs_c{i} (c int CONSTRAINT theirs_k{i} CHECK ({e}))"),
    ("pg_class", "CREATE INDEX theirs_x{i} ON theirs_notes (id) WHERE {e}"),
    ("pg_rewrite", "CREATE VIEW theirs_v{i} AS SELECT {e} AS e"),
    (
        "pg_proc",
        "CREATE FUNCTION theirs_f{i}() RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT {e}; END",
    ),
    ("pg_policy", "CREATE POLICY theirs_p{i} ON theirs_notes USING ({e})"),
    (
        "pg_trigger",
        "CREATE TRIGGER theirs_t{i} AFTER INSERT ON theirs_notes FOR EACH ROW WHEN ({e}) \
         EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ),
    ("pg_statistic_ext", "CREATE STATISTICS theirs_s{i} ON (id > 0 AND {e}) FROM theirs_notes"),
    ("pg_type", "CREATE DOMAIN theirs_o{i} AS boolean DEFAULT ({e})"),
];

/// The dependencies that came since `before` was made, from objects of others to objects of these schemas.
const PAIRS: &str = "
    WITH RECURSIVE own (c, o) AS (
      SELECT 'pg_namespace'::regclass::oid, oid FROM pg_namespace WHERE nspname = ANY ($1)
      UNION SELECT d.classid, d.objid FROM before d JOIN own ON d.refclassid = c AND d.refobjid = o)
    SELECT DISTINCT concat_ws(' ', d.classid::regclass, d.deptype::text, d.refclassid::regclass) COLLATE \"C\"
      FROM (SELECT * FROM pg_depend EXCEPT SELECT * FROM before) d
      JOIN own ON d.refclassid = c AND d.refobjid = o
     WHERE NOT EXISTS (SELECT FROM own w WHERE w.c = d.classid AND w.o = d.objid)
     ORDER BY 1";

/// Two builds of a projection, the older one retired, in a database full of other people's objects.
fn crowded() -> Project {
    let project = Project::orders();
    project.write("projections/p/schema/V1__p.sql", include_str!("strangers/schema.sql"));
    let handlers =
        "-- on OrderCreated\nINSERT INTO t (id) VALUES (:order_id) ON CONFLICT DO NOTHING;\n";
    project.write("projections/p/handlers.sql", handlers);
    let trust = "trust_functions = [\"noop\"]\n";
    project.write("projections/p/projection.toml", trust);
    project.ok(&["migrate"]);
    let event = "SELECT event_store.append('o1', -1, '[{\"type\": \"OrderCreated\", \"payload\": \
                 {\"order_id\": \"o1\", \"customer_id\": \"c\", \"customer_name\": \"N\"}}]')";
    let mut client = project.events();
    client.batch_execute(event).unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    // A view may be others', too, in a schema of readers.
    client
        .batch_execute("SET search_path = public; CREATE TABLE before AS SELECT * FROM pg_depend")
        .unwrap();
    let objects = objects();
    for statement in objects.lines().map(str::to_owned).chain(crowd(&LEANS_ON)) {
        make(&mut client, &statement.replace("{b}", BUILD));
    }
    project
}

/// The statements that make each expression stand wherever one can stand.
fn crowd(leans_on: &[(&str, &str)]) -> Vec<String> {
    let expressions = STANDS_IN
        .iter()
        .flat_map(|(_, holder)| leans_on.iter().map(move |(_, expression)| (holder, expression)));
    let numbered = expressions.zip(1..);
    let fill = |((holder, expression), number): ((&&str, &&str), i32)| {
        holder.replace("{i}", &number.to_string()).replace("{e}", expression)
    };
    numbered.map(fill).collect()
}

/// What the server can make of them: before PostgreSQL 15 publications have neither conditions nor whole schemas, and a
/// generated column stays bound to what its expression called, also without it, so that nothing but its drop helps.
fn objects() -> String {
    let all = include_str!("strangers/objects.sql");
    if server_major() >= 15 {
        return all.to_owned();
    }
    let kept = all.lines().filter(|line| !line.contains("FOR TABLES IN SCHEMA"));
    let plain = kept.map(|line| match line.starts_with("CREATE PUBLICATION") {
        true => line.replace(" WHERE (n > 0)", ""),
        false => line.to_owned(),
    });
    let bound = "GENERATED ALWAYS AS ({b}.label('wild')) STORED";
    plain.collect::<Vec<_>>().join("\n").replace(bound, "DEFAULT 'wild'")
}

fn make(client: &mut Client, statement: &str) {
    client.batch_execute(statement).unwrap_or_else(|e| {
        panic!("{statement}: {}", e.as_db_error().map_or("", DbError::message))
    });
}

fn pairs_with(client: &mut Client, schemas: &[&str]) -> Vec<String> {
    client.query(PAIRS, &[&schemas]).unwrap().iter().map(|row| row.get(0)).collect()
}

/// Runs what a refusal says must be run first, until the command succeeds; gives what that prints.
fn out_of_the_way(project: &Project, client: &mut Client, command: &[&str]) -> String {
    for _ in 0..6 {
        let ran = project.run(command);
        if ran.code == 0 {
            return ran.stdout;
        }
        let first = ran.stderr.lines().filter_map(|line| line.strip_prefix("    "));
        let first: Vec<&str> = first.filter(|line| line.ends_with(';')).collect();
        assert!(!first.is_empty(), "{}", ran.stderr);
        first.into_iter().for_each(|statement| make(client, statement));
    }
    panic!("{command:?} is refused however often its hints are followed");
}

/// Everything in the database that is not regrow's to change: the retired build and what is attached to
/// it among it, without the rows that a follower may add.
fn dump(project: &Project) -> Vec<String> {
    let program = bin_dir().map_or_else(|| "pg_dump".into(), |folder| folder.join("pg_dump"));
    let mut command = Command::new(program);
    command.args(["--no-sync", "-d", &project.database.url(), "-N", "regrow", "-N", "p__b[2-9]"]);
    command.args([
        "-N",
        "event_store",
        "-T",
        "read_model.[^t]*",
        "-T",
        "read_model.t",
        "-T",
        "public.before",
    ]);
    command.args(["--exclude-table-data", "p__b1.*"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // Since a minor version of 2025 each dump has a random word of its own.
    let same = |line: &&str| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict");
    text.lines().filter(same).map(str::to_owned).collect()
}

/// What was there and is gone, or is new.
fn changes(before: &[String], after: &[String]) -> Vec<String> {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
    let gone = old.difference(&new).map(|line| format!("- {line}"));
    gone.chain(new.difference(&old).map(|line| format!("+ {line}"))).collect()
}

/// The names of others' objects.
fn names() -> BTreeSet<String> {
    let text = objects();
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !is_of_name(c)).filter(|word| word.starts_with("theirs_"));
    words.map(str::to_owned).collect()
}

#[test]
fn nothing_of_others_goes_with_a_build() {
    let project = crowded();
    let mut client = project.reads();
    client.batch_execute("SET search_path = public").unwrap();
    let met = pairs_with(&mut client, &[BUILD]);
    let of_later = ["pg_publication_namespace a pg_namespace", "pg_publication_rel n pg_class"];
    let is_known = |pair: &&str| server_major() >= 15 || !of_later.contains(pair);
    let expected: Vec<&str> =
        include_str!("strangers/pairs.txt").lines().filter(is_known).collect();
    // PostgreSQL 14 writes down some that later ones spare.
    let counts = |pair: &&str| server_major() >= 15 || expected.contains(pair);
    let met: Vec<&str> = met.iter().map(|pair| &**pair).filter(counts).collect();
    assert_eq!(met, expected, "every pair that pg_depend can hold");
    for (holder, _) in STANDS_IN {
        for (leaned_on, _) in LEANS_ON {
            assert!(
                expected.contains(&&*format!("{holder} n {leaned_on}")),
                "{holder} {leaned_on}"
            );
        }
    }
    let before = dump(&project);
    project.write("projections/p/schema/V2__more.sql", "ALTER TABLE t ADD COLUMN more int;\n");
    let same_after = |args: &[&str], codes: &[i32]| {
        let ran = project.run(args);
        assert!(codes.contains(&ran.code), "{args:?}: {}\n{}{}", ran.code, ran.stdout, ran.stderr);
        assert_eq!(changes(&before, &dump(&project)), [""; 0], "{args:?}");
        ran
    };
    same_after(&["check"], &[0, 1, 3, 4, 8]);
    same_after(&["verify-down"], &[0, 1]);
    same_after(&["revision", "-l", "p", "-m", "auto", "--autogenerate"], &[0, 1]);
    let _ = std::fs::remove_file(project.folder.path().join("projections/p/schema/V3__auto.sql"));
    same_after(&["rebuild", "p"], &[0]);
    same_after(&["promote", "p"], &[0]);
    same_after(&["run", "--until-caught-up"], &[0]);
    same_after(&["prune"], &[0]);
    same_after(&["prune", "--unfinished"], &[0]);
    let told = same_after(&["prune", BUILD, "--dry-run"], &[0]).stdout;
    let refused = same_after(&["prune", BUILD, "--json"], &[1]).stderr;
    assert!(refused.contains("\"objects-of-others\""), "{refused}");
    let refused = same_after(&["prune", "p", "--keep", "0"], &[1]).stderr;
    // Parts of what is named as a whole, of what depends on nothing of ours, or of no object at all.
    let folded =
        ["theirs_part", "theirs_parent", "theirs_key_2", "theirs_remote", "theirs_attribute"];
    let missing = |said: &str| -> Vec<String> {
        let silent =
            |name: &String| !said.contains(name.as_str()) && !folded.contains(&name.as_str());
        let is_plain = |name: &String| server_major() < 15 && name == "theirs_stored";
        let silent = |name: &String| silent(name) && !is_plain(name);
        names().into_iter().filter(silent).collect()
    };
    assert_eq!(missing(&told), UNNAMED, "{told}");
    assert_eq!(missing(&refused), UNNAMED, "{refused}");
    // What is said to be run first is enough, after a round or two, and keeps the rows of others.
    assert_eq!(out_of_the_way(&project, &mut client, &["prune", BUILD]), "dropped p__b1\n");
    assert_eq!(
        rows(&mut client, "SELECT * FROM theirs_archive"),
        ["(a,wild,\"(a,1,calm,)\",\"(1,2)\",3,\"[1,2)\",{calm},kept)"]
    );
    assert_eq!(rows(&mut client, "SELECT id, theirs_stored FROM theirs_notes"), ["(1,wild)"]);
    assert_eq!(rows(&mut client, "SELECT count(*) FROM theirs_part"), ["(0)"]);
    let there =
        "SELECT to_regclass('public.theirs_inside'), to_regprocedure('public.theirs_helper()')";
    assert_eq!(rows(&mut client, there), ["(theirs_inside,\"theirs_helper()\")"]);
    assert_eq!(rows(&mut client, "SELECT id FROM read_model.t"), ["(o1)"]);
    killed_while_it_drops(&project);
}

/// A prune that is killed has dropped its build or not, and nothing else.
#[cfg(feature = "failpoints")]
fn killed_while_it_drops(project: &Project) {
    for side in ["before", "after"] {
        let built = project.json(&["rebuild", "p", "--promote"]);
        let retired = built["builds"][0]["promoted"]["retired"].as_str().unwrap();
        let before = dump(project);
        let mut command = project.command(&["prune", retired]);
        command.env("FAILPOINTS", format!("prune::drop::{side}=1*return(kill)"));
        assert_eq!(command.output().unwrap().status.code(), None);
        // The server rolls back when it sees that nobody is there.
        wait_until("the session of the killed prune to go", || {
            let theirs = "SELECT FROM pg_stat_activity WHERE datname = current_database() \
                          AND application_name LIKE 'regrow %'";
            project.reads().query(theirs, &[]).unwrap().is_empty()
        });
        assert_eq!(changes(&before, &dump(project)), [""; 0], "{side}");
        let said = project.ok(&["prune", retired]);
        assert_eq!(said.starts_with("dropped"), side == "before", "{said}");
        assert_eq!(changes(&before, &dump(project)), [""; 0], "after {side}");
    }
}

#[cfg(not(feature = "failpoints"))]
fn killed_while_it_drops(_: &Project) {}

/// A projection with a type of its own, and a retired build.
fn small() -> Project {
    let project = Project::orders();
    let schema =
        "CREATE TYPE mood AS ENUM ('calm');\nCREATE TABLE t (id text PRIMARY KEY, m text);\n";
    project.write("projections/p/schema/V1__p.sql", schema);
    let handlers = "-- on OrderCreated\nINSERT INTO t (id) VALUES (:order_id);\n";
    project.write("projections/p/handlers.sql", handlers);
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "p", "--promote"]);
    project.ok(&["rebuild", "p", "--promote"]);
    project
}

/// What comes while the drop waits for its locks is seen under them.
#[test]
fn what_comes_before_the_locks_is_in_the_way() {
    let project = small();
    let (mut holder, mut other) = (project.reads(), project.reads());
    let mut held = holder.transaction().unwrap();
    held.batch_execute("SELECT FROM p__b1.t").unwrap();
    let prune = project.spawn(&["prune", BUILD]);
    wait_until("prune to wait for the table", || {
        let waits = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'p__b1.t'::regclass";
        !other.query(waits, &[]).unwrap().is_empty()
    });
    other.batch_execute("CREATE TABLE public.late (m p__b1.mood)").unwrap();
    held.rollback().unwrap();
    let ran = Ran::from(prune.wait_with_output().unwrap(), &["prune"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("table column public.late.m"), "{}", ran.stderr);
    assert_eq!(rows(&mut other, "SELECT * FROM p__b1.t"), [""; 0]);
}

/// What comes after the locks is seen before the COMMIT: types and functions cannot be locked.
#[test]
fn what_comes_under_the_locks_is_in_the_way() {
    let project = small();
    let mut client = project.reads();
    // At the moment of the drop, and in a transaction of its own.
    let late = format!(
        "CREATE EXTENSION dblink SCHEMA public; \
         CREATE FUNCTION public.at_the_drop() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN \
           IF to_regclass('public.late') IS NULL THEN \
             PERFORM public.dblink_exec($s${}$s$, 'CREATE TABLE public.late (m p__b1.mood)'); \
           END IF; END $f$; \
         CREATE EVENT TRIGGER late ON sql_drop WHEN TAG IN ('DROP SCHEMA') EXECUTE FUNCTION public.at_the_drop()",
        project.database.url()
    );
    client.batch_execute(&late).unwrap();
    let ran = project.run(&["prune", BUILD]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("table column public.late.m"), "{}", ran.stderr);
    client.batch_execute("INSERT INTO public.late VALUES ('calm')").unwrap();
    client.batch_execute("ALTER TABLE public.late ALTER COLUMN m TYPE text").unwrap();
    assert_eq!(project.ok(&["prune", BUILD]), "dropped p__b1\n");
    assert_eq!(rows(&mut client, "SELECT m FROM public.late"), ["(calm)"]);
}

/// What a revision in place makes is the build's own, and what others add to it is not.
#[test]
fn what_revisions_in_place_make_is_ours() {
    let project = small();
    project.ok(&["prune", BUILD]);
    let revision = "CREATE INDEX t_m ON t (m);\nCREATE TABLE more (id int PRIMARY KEY);\n";
    project.write("projections/p/schema/V2__more.sql", revision);
    project.ok(&["migrate", "p@head"]);
    project.reads().batch_execute("CREATE INDEX theirs ON p__b2.t (id, m)").unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    let ran = project.run(&["prune", "p__b2"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let said = "error: p__b2 is not dropped: what regrow did not make would go with it: index p__b2.theirs\n";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    project.reads().batch_execute("DROP INDEX p__b2.theirs").unwrap();
    project.ok(&["prune", "p__b2"]);
}

/// A build of which an older regrow wrote nothing down is what lies in its schema.
#[test]
fn a_build_of_an_older_regrow_takes_nothing_of_others() {
    let project = small();
    let mut client = project.reads();
    client.batch_execute("DELETE FROM regrow.build_object").unwrap();
    client
        .batch_execute(
            "CREATE TABLE public.theirs (m p__b1.mood); CREATE PUBLICATION theirs FOR TABLE p__b1.t; \
             CREATE POLICY theirs ON p__b1.t",
        )
        .unwrap();
    let ran = project.run(&["prune", BUILD]);
    for named in ["column public.theirs.m", "p__b1.t in publication theirs", "policy theirs"] {
        assert!(ran.stderr.contains(named), "{named}: {}", ran.stderr);
    }
    client
        .batch_execute(
            "DROP TABLE public.theirs; DROP PUBLICATION theirs; DROP POLICY theirs ON p__b1.t",
        )
        .unwrap();
    assert_eq!(project.ok(&["prune", BUILD]), "dropped p__b1\n");
}

/// What stands on stderr after the line that names the server.
fn says(ran: &Ran, expected: &str) {
    let said = ran.stderr.split_inclusive('\n').filter(|line| !line.starts_with("server: "));
    assert_eq!(said.collect::<String>(), expected);
}

#[test]
fn prune_keeps_a_way_back() {
    let project = small();
    project.ok(&["rebuild", "p", "--promote"]);
    // The build that readers see is the one that they saw longest.
    let days = "UPDATE regrow.audit SET at = at - interval '3 days' WHERE schema_name = 'p__b3' AND to_state = 'live'";
    project.reads().batch_execute(days).unwrap();
    let ran = project.run(&["prune", "--dry-run"]);
    assert_eq!(ran.stdout, "would drop p__b1\n");
    says(&ran, "p__b2 is kept: readers saw it last; regrow prune p__b2 drops it\n");
    assert_eq!(project.ok(&["prune", "--keep", "2", "p"]), "nothing to drop\n");
    // The oldest was live all week but for a moment.
    let week = "UPDATE regrow.audit SET at = at - interval '6 days' WHERE schema_name = 'p__b1' AND to_state = 'live'";
    project.reads().batch_execute(week).unwrap();
    let ran = project.run(&["prune"]);
    assert_eq!(ran.stdout, "nothing to drop\n");
    says(
        &ran,
        "p__b2 is kept: readers saw it last; regrow prune p__b2 drops it\n\
         p__b1 is kept: readers saw it longest within the last week; regrow prune p__b1 drops it\n",
    );
    let ran = project.run(&["prune", "p__b3"]);
    assert_eq!(ran.code, 1);
    says(
        &ran,
        "error: p__b3 is what readers see, and is not dropped\n  \
         show readers another build first: regrow rebuild p --promote, or regrow rollback p\n  \
         to end the projection: regrow retire p\n",
    );
    // What is unfinished is another matter than what is retired.
    project.ok(&["rebuild", "p", "--until", "0"]);
    assert_eq!(project.ok(&["prune", "--unfinished"]), "dropped p__b4\n");
    project.write("config.toml", "[rebuild]\nkeep_retired = 0\n");
    assert_eq!(project.ok(&["prune"]), "dropped p__b1, p__b2\n");
    assert_eq!(project.ok(&["prune", "p__b1"]), "nothing to drop\n");
}

/// Names in `objects.sql` of what needs not be named: it stays as it is, or goes with what is named.
const UNNAMED: [&str; 0] = [];
