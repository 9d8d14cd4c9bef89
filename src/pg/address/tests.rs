use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use tokio_postgres::config::Host;

use super::*;

fn around(variables: &[(&str, &str)]) -> Surroundings {
    let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut all: BTreeMap<String, String> = pairs.collect();
    all.entry("HOME".into()).or_insert("/nowhere".into());
    Surroundings::of(all)
}

fn refused(text: &str) -> String {
    resolve(Some(text), &Surroundings::default()).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_text_comes_before_a_service_before_variables_before_the_password_file() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    std::fs::write(path(".pg_service.conf"), "[prod]\nhost=s\nuser=s\nport=2\n").unwrap();
    std::fs::write(path(".pgpass"), "t:2:v:s:from the file\n*:*:*:*:other\n").unwrap();
    std::fs::set_permissions(path(".pgpass"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let home = home.path().display().to_string();
    let all = [
        ("HOME", home.as_str()),
        ("PGHOST", "v"),
        ("PGUSER", "v"),
        ("PGPORT", "3"),
        ("PGDATABASE", "v"),
    ];
    let resolved = resolve(Some("host=t service=prod"), &around(&all)).unwrap();
    let config = &resolved.config;
    assert_eq!(config.get_hosts(), [Host::Tcp("t".into())]);
    assert_eq!(
        (config.get_user(), config.get_ports(), config.get_dbname()),
        (Some("s"), &[2][..], Some("v"))
    );
    assert_eq!(resolved.passwords, [Some("from the file".to_owned())]);
    assert_eq!(resolved.variables, ["PGDATABASE"]);
    // A password that is given anywhere else is the password.
    let with = resolve(Some("host=t service=prod password=p"), &around(&all)).unwrap();
    assert_eq!((with.config.get_password(), with.passwords.len()), (Some(&b"p"[..]), 0));
    // Variables alone.
    let alone = resolve(None, &around(&[&all[..], &[("PGSERVICE", "prod")]].concat())).unwrap();
    assert_eq!(alone.config.get_hosts(), [Host::Tcp("s".into())]);
    // What others may read is told and left alone.
    let open = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(std::path::Path::new(&home).join(".pgpass"), open).unwrap();
    let resolved = resolve(Some("host=t service=prod"), &around(&all)).unwrap();
    assert_eq!(resolved.passwords, []);
    assert!(resolved.notes[0].contains("chmod 600"), "{:?}", resolved.notes);
}

#[test]
fn a_service_that_is_not_there_or_says_nonsense_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("services");
    std::fs::write(&file, "[a]\nhost=x\nhunter_two=1\n[b]\nservice=a\n[c]\nno sign\n").unwrap();
    let file = file.display().to_string();
    let of = |name: &str| {
        let around = around(&[("PGSERVICEFILE", &file), ("PGSERVICE", name)]);
        resolve(None, &around).map(|_| ()).unwrap_err().to_string()
    };
    assert!(of("d").ends_with("no service file has the service d"), "{}", of("d"));
    assert!(of("a").contains("services:3: unknown option hunter_two"), "{}", of("a"));
    assert!(of("b").contains("services:5: a service cannot name another"), "{}", of("b"));
    assert!(of("c").contains("services:7: there is no = "), "{}", of("c"));
    let gone = around(&[("PGSERVICEFILE", "/nowhere/x"), ("PGSERVICE", "a")]);
    let error = resolve(None, &gone).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("/nowhere/x cannot be read"), "{error}");
}

#[test]
fn forms_of_other_libraries_are_named() {
    for (text, part) in [
        ("postgresql+psycopg2://me:hunter2@db/shop", "postgresql+psycopg2:// is SQLAlchemy's form"),
        ("postgres+hunter2://me@db/shop", "postgresql+...:// is SQLAlchemy's form"),
        ("jdbc:postgresql://db/shop?user=me&password=hunter2", "Java's form"),
        ("mysql://me:hunter2@db/shop", "mysql:// is no address of PostgreSQL's own"),
        ("hunter2://me@db/shop", "it is no address of PostgreSQL's own"),
        ("POSTGRESQL://me:hunter2@db/shop", "small letters"),
        ("\"postgresql://me:hunter2@db/shop\"", "it stands in quotes"),
        ("postgresql://me:hunter@2secret@db/shop", "an @ too many"),
        ("postgresql://me:hunter2/x@db/shop", "%2F"),
        ("postgresql://me:hunter2 x@db/shop", "a blank in it"),
        ("postgresql://me@db/shop?search_path=hunter2", "unknown option search_path"),
        ("postgresql://me@db/shop?sslMode=hunter2", "sslmode=require"),
        ("postgresql://me@db/shop?hunter2=1", "it has an option that is none of libpq's"),
        ("postgresql://me@db/shop?password=a&hunter=b", "behind the password"),
        ("postgresql://me@db/shop?password=a&hunter", "behind the password"),
        ("postgresql://me@db/shop?hunter", "no option=value"),
        ("host=db password=my hunter=2", "behind the password"),
        ("host=db user=me hunter", "it is neither"),
        ("host=db sslsni=0", "sslsni asks for what regrow does not have"),
        ("host=db sslcrl=hunter", "unknown option sslcrl: regrow does not have it"),
        ("host=db requirepeer=hunter", "unknown option requirepeer"),
        ("host=db:5432", "a port is an option of its own"),
        ("host=db port=hunter2", "the value of port cannot be one"),
        ("postgresql://[::1/shop", "the brackets"),
        ("postgresql://::1:5432/shop", "must stand in brackets"),
    ] {
        let said = refused(text);
        assert!(said.contains(part), "{text}: {said}");
        assert!(!said.contains("hunter") || text.contains("hunter="), "{text}: {said}");
        assert!(!said.contains("hunter"), "{text}: {said}");
    }
    let said =
        resolve(None, &around(&[("PGPORT", "hunter2")])).map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("PGPORT") && !said.contains("hunter2"), "{said}");
}

#[test]
fn blanks_around_an_address_are_no_part_of_it() {
    for text in
        [" postgresql://me@db/shop\n", "\tpostgresql://me@db/shop\r\n", "\nhost=db dbname=shop "]
    {
        let resolved = resolve(Some(text), &Surroundings::default()).unwrap();
        assert_eq!(resolved.config.get_dbname(), Some("shop"), "{text:?}");
    }
}

#[test]
fn a_url_says_what_libpq_reads_in_it() {
    let config = |text: &str| resolve(Some(text), &Surroundings::default()).unwrap().config;
    let url = config(
        "postgres://me:p%40%3A@a:1,[::1]:2,%2Ftmp/a%20b?connect_timeout=5&options=-c%20a%3Db",
    );
    assert_eq!(
        url,
        config(
            "user=me password='p@:' host=a,::1,/tmp port=1,2, dbname='a b' connect_timeout=5 options='-c a=b'"
        )
    );
    assert_eq!(config("postgresql://db"), config("host=db"));
    assert_eq!(config("postgresql://a,b:7/shop").get_ports(), [5432, 7]);
    // Without a host the socket of this machine is meant.
    assert!(matches!(config("postgresql:///shop").get_hosts(), [Host::Unix(_)]));
    for text in [
        "postgresql:///shop?host=db",
        "postgresql:///shop?hostaddr=1.2.3.4&target_session_attrs=primary",
        "host=db keepalives_count=3 client_encoding=latin1 gssencmode=prefer sslcompression=0",
    ] {
        config(text);
    }
}
