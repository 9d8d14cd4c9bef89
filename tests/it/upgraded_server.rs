//! A server whose files are replaced while it runs, as an upgrade of its packages does.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use postgres::Client;
use regrow::dev_cluster::{DevCluster, Lease, Options, Settings};
use tempfile::TempDir;

use crate::bench::{Database, Project, REGROW, rows};

/// A server that runs from an installation of its own: programs that are copied, and links to libraries and the rest,
/// as far from one another as in the installation that the tests run with, for a server looks for them from where it
/// is itself.
struct Installation {
    /// Before the folder, for fields are dropped in this order: a server whose files are gone notices after a minute.
    lease: Lease,
    folder: TempDir,
    libraries: PathBuf,
}

impl Installation {
    fn start() -> Installation {
        let folder =
            tempfile::Builder::new().prefix("regrow-upgraded-").tempdir_in("/tmp").unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let other = Database::new();
        let place = |name: &str| {
            let sql = "SELECT setting FROM pg_config WHERE name = $1";
            PathBuf::from(other.connect().query_one(sql, &[&name]).unwrap().get::<_, String>(0))
        };
        let (programs, libraries, share) = (place("BINDIR"), place("PKGLIBDIR"), place("SHAREDIR"));
        let above =
            |a: &Path, b: &Path| a.ancestors().find(|up| b.starts_with(up)).map(Path::to_owned);
        let root = above(&above(&programs, &libraries).unwrap(), &share).unwrap();
        let copied =
            |of: &Path| folder.path().join("installed").join(of.strip_prefix(&root).unwrap());
        fs::create_dir_all(copied(&programs)).unwrap();
        for program in ["initdb", "pg_ctl", "postgres"] {
            fs::copy(programs.join(program), copied(&programs).join(program)).unwrap();
        }
        fs::create_dir_all(copied(&libraries)).unwrap();
        link_all(&libraries, &copied(&libraries));
        // What programs are linked with may lie beside: a package that can be put anywhere finds it from there.
        let beside = programs.parent().unwrap().join("lib");
        if beside != libraries && beside.is_dir() {
            link_all(&beside, &copied(&beside));
        }
        fs::create_dir_all(copied(&share).parent().unwrap()).unwrap();
        symlink(&share, copied(&share)).unwrap();
        let settings = Settings { shared_buffers_mb: 16, ..Settings::default() };
        let bin_dir = Some(copied(&programs));
        let options = Options { bin_dir, major: None, settings, guard: REGROW.into() };
        let lease =
            DevCluster::at(&folder.path().join("cluster"), options).unwrap().lease().unwrap();
        let libraries = copied(&libraries);
        Installation { folder, lease, libraries }
    }

    fn plpgsql(&self) -> PathBuf {
        let with = |end: &str| self.libraries.join(format!("plpgsql.{end}"));
        ["so", "dylib"].map(with).into_iter().find(|path| path.exists()).unwrap()
    }
}

fn link_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = to.join(entry.file_name());
        if !name.exists() {
            symlink(entry.path(), name).unwrap();
        }
    }
}

fn append(client: &mut Client, stream: &str) {
    let event = r#"[{"type": "E", "payload": {"id": "one"}}]"#;
    client.query("SELECT event_store.append($1, -1, $2::text::jsonb)", &[&stream, &event]).unwrap();
}

/// Each command that meets a library that is gone says so, and what to do.
#[track_caller]
fn are_told(project: &Project, library: &str) {
    for args in
        [&["rebuild", "p"][..], &["rebuild", "q"], &["run", "--until-caught-up"], &["migrate"]]
    {
        let ran = project.run(args);
        let both = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, 1, "{args:?}: {both}");
        assert!(both.contains(library), "{args:?}: {both}");
        assert!(
            both.contains("while it runs") && both.contains("restart the server"),
            "{args:?}: {both}"
        );
        let ran = project.run(&[args, &["--json"]].concat());
        let both = format!("{}{}", ran.stdout, ran.stderr);
        assert!(both.contains("\"library-unloadable\""), "{args:?}: {both}");
    }
}

#[test]
fn a_server_whose_libraries_were_replaced_is_to_be_restarted() {
    let installation = Installation::start();
    let project = Project::on(Database::at(installation.lease.url(), "template0"));
    project.ok(&["init", "."]);
    for name in ["p", "q"] {
        let table = format!("CREATE TABLE {name} (id text PRIMARY KEY, n int NOT NULL);\n");
        project.write(&format!("projections/{name}/schema/V1__{name}.sql"), &table);
        let handlers = format!(
            "-- on E\nINSERT INTO {name} VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET n = {name}.n + 1;\n"
        );
        project.write(&format!("projections/{name}/handlers.sql"), &handlers);
    }
    project.ok(&["migrate"]);
    // A session of before keeps what it has loaded.
    let mut writer = project.events();
    append(&mut writer, "a");
    project.ok(&["rebuild", "p", "--promote"]);
    project.write(
        "migrations/event_store/V9__a.sql",
        "CREATE FUNCTION a() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';\n",
    );

    let library = installation.plpgsql();
    let away = installation.folder.path().join("plpgsql");
    fs::rename(&library, &away).unwrap();
    append(&mut writer, "b");
    are_told(&project, "plpgsql\"");
    // A file that is there and is no library of this server.
    fs::write(&library, "not what it was\n").unwrap();
    are_told(&project, "plpgsql.");

    // Nothing was decided meanwhile: what was asked for works as soon as the server is whole.
    fs::remove_file(&library).unwrap();
    fs::rename(&away, &library).unwrap();
    project.ok(&["migrate"]);
    project.ok(&["run", "--until-caught-up"]);
    project.ok(&["rebuild", "q", "--promote"]);
    for name in ["p", "q"] {
        assert_eq!(
            rows(&mut project.reads(), &format!("SELECT * FROM read_model.{name}")),
            ["(one,2)"]
        );
    }
}
