//! Encrypted connections, against a real server with real certificates.

mod addresses;
mod certificates;
mod server;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use regrow::pg::{PgError, Server, Session, Sql as _};

use crate::bench::{Project, Ran, bin_dir, rows};
use crate::first_light::ORDERS;
use server::{Face, PASSWORD, Turn, showing};

const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Whether our session is encrypted.
const IS_TLS: &str = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

/// What comes of a connection: whether it is encrypted, or why there is none.
type Outcome = Result<bool, String>;

fn ours(address: &str) -> Outcome {
    let open = || -> Result<bool, PgError> {
        let mut session = Session::open(&Server::parse(address)?, "test")?;
        Ok(session.query_one(IS_TLS, &[])?.get(0))
    };
    open().map_err(|error| error.to_string())
}

/// The same by libpq. psql comes with the server, or stands on the path.
fn libpq(turn: &Turn, address: &str) -> Outcome {
    let beside = bin_dir().map(|dir| dir.join("psql")).filter(|path| path.exists());
    let mut command = Command::new(beside.unwrap_or_else(|| PathBuf::from("psql")));
    command.args(["--no-psqlrc", "--no-password", "-Atqc", IS_TLS, "--dbname"]);
    command.arg(format!("{address} gssencmode=disable"));
    for variable in ["PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGPASSWORD"] {
        command.env_remove(variable);
    }
    // Nobody's own ~/.postgresql.
    command.env("HOME", turn.folder.join("nobody"));
    let output = command.output().unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout).unwrap().trim() == "t"),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// What must come of it by libpq's manual.
fn by_the_book(face: Face, role: &str, mode: &str, verifies: bool) -> Option<bool> {
    let chain = !verifies || matches!(face, Face::Good | Face::OtherName);
    let name = mode != "verify-full" || face == Face::Good;
    let tls = face != Face::Plain && chain && name && role != "only_plain";
    let plain = role != "only_tls";
    match mode {
        "disable" => plain.then_some(false),
        "allow" if plain => Some(false),
        "prefer" if plain && !tls => Some(false),
        _ => tls.then_some(true),
    }
}

#[test]
fn every_mode_against_every_certificate_is_as_libpq_does_it() {
    let mut turn = showing(Face::Good);
    let ca = turn.file("ca.pem");
    let mut seen = 0;
    for (face, roles) in [
        (Face::Good, &["anyhow", "only_tls", "only_plain"][..]),
        (Face::OtherName, &["anyhow"]),
        (Face::Expired, &["anyhow", "only_tls"]),
        (Face::OtherAuthority, &["anyhow"]),
        (Face::Plain, &["anyhow", "only_tls", "only_plain"]),
    ] {
        turn.show(face);
        for (role, mode, verifies) in roles.iter().flat_map(|role| {
            MODES.iter().flat_map(move |mode| [(*role, *mode, false), (*role, *mode, true)])
        }) {
            if !verifies && mode.starts_with("verify") {
                // Whom libpq asks then is another's file, and whom we ask is the system.
                continue;
            }
            let mut address = format!("{} sslmode={mode}", turn.pairs(role));
            if verifies {
                address.push_str(&format!(" sslrootcert='{ca}'"));
            }
            let expected = by_the_book(face, role, mode, verifies);
            let (ours, theirs) = (ours(&address), libpq(&turn, &address));
            assert_eq!(ours.clone().ok(), expected, "{face:?} {address}: {ours:?}");
            assert_eq!(theirs.clone().ok(), expected, "{face:?} {address}: {theirs:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 100);
}

/// Runs `regrow current` with addresses, none of which may show its password.
struct Client {
    project: Project,
}

impl Client {
    fn new() -> Client {
        Client { project: Project::orders() }
    }

    fn run(&self, address: &str, environment: &[(&str, &str)]) -> Ran {
        let args = ["current"];
        let mut command = self.project.command(&args);
        for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            command.env_remove(variable);
        }
        command.env("DATABASE_URL", address).envs(environment.iter().copied());
        let quiet = Ran::from(command.output().unwrap(), &args);
        command.env("REGROW_LOG", "trace").arg("--json");
        let loud = Ran::from(command.output().unwrap(), &args);
        assert_eq!(quiet.code, loud.code, "{}{}", quiet.stderr, loud.stderr);
        for text in [&quiet.stdout, &quiet.stderr, &loud.stdout, &loud.stderr] {
            assert!(!text.contains(PASSWORD), "{address}: {text}");
        }
        for word in ["os error", "Error {", "Context {", "InvalidCertificate", "AlertReceived"] {
            assert!(!quiet.stderr.contains(word), "{address}: {}", quiet.stderr);
        }
        quiet
    }

    #[track_caller]
    fn refused(&self, address: &str, environment: &[(&str, &str)], code: i32, parts: &[&str]) {
        let ran = self.run(address, environment);
        assert_eq!(ran.code, code, "{address}\n{}{}", ran.stdout, ran.stderr);
        for part in parts {
            assert!(ran.stderr.contains(part), "{address}: {part:?} is not in\n{}", ran.stderr);
        }
    }

    /// It gets in: the database has pending revisions.
    #[track_caller]
    fn welcome(&self, address: &str, environment: &[(&str, &str)]) {
        let ran = self.run(address, environment);
        assert_eq!(ran.code, 3, "{address}\n{}{}", ran.stdout, ran.stderr);
    }
}

/// Options as a URL has them, with a password that must not show.
fn url(turn: &Turn, role: &str, options: &[(&str, &str)]) -> String {
    let encoded = |text: &str| text.replace('%', "%25").replace('/', "%2F").replace('&', "%26");
    let list: Vec<String> =
        options.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
    format!("postgresql://{role}:{PASSWORD}@127.0.0.1:{}/regrow?{}", turn.port, list.join("&"))
}

#[test]
fn what_a_server_shows_wrongly_is_said_plainly() {
    let client = Client::new();
    let mut turn = showing(Face::Good);
    let (ca, own) = (turn.file("ca.pem"), turn.file("own.pem"));
    let full = [("sslmode", "verify-full"), ("sslrootcert", ca.as_str())];
    client.welcome(&url(&turn, "anyhow", &full), &[]);
    let untrusted = format!(
        "cannot connect to 127.0.0.1:{}/regrow: its certificate is not signed by an authority in {ca} (sslrootcert)",
        turn.port
    );
    for (face, parts) in [
        (Face::OtherAuthority, &[untrusted.as_str(), "in the address: sslrootcert=FILE"][..]),
        (Face::Forged, &[&untrusted, "sslrootcert=FILE"]),
        (
            Face::OtherName,
            &["its certificate is for other.example and not for 127.0.0.1", "sslmode=verify-ca"],
        ),
        (Face::Expired, &["its certificate expired (2021-02-28)", "needs a new certificate"]),
        (
            Face::Plain,
            &["it does not speak TLS, which sslmode=verify-full asks for", "sslmode=disable"],
        ),
    ] {
        turn.show(face);
        client.refused(&url(&turn, "anyhow", &full), &[], 1, parts);
    }
    // libpq takes an authority's own certificate for a server's, webpki does not.
    turn.show(Face::Own);
    let full = [("sslmode", "verify-full"), ("sslrootcert", own.as_str())];
    client.refused(&url(&turn, "anyhow", &full), &[], 1, &["it is an authority's own (CA:TRUE)"]);
    client.welcome(&url(&turn, "anyhow", &[("sslmode", "require")]), &[]);
}

#[test]
fn the_systems_authorities_are_asked_where_none_is_named() {
    let client = Client::new();
    let mut turn = showing(Face::Good);
    let (ca, other) = (turn.file("ca.pem"), turn.file("other_ca.pem"));
    let (good, bad) = ([("SSL_CERT_FILE", ca.as_str())], [("SSL_CERT_FILE", other.as_str())]);
    let unknown =
        ["its certificate is not signed by an authority of the system's store", "sslrootcert=FILE"];
    for options in [&[("sslrootcert", "system")][..], &[("sslmode", "verify-full")]] {
        let address = url(&turn, "anyhow", options);
        client.welcome(&address, &good);
        client.refused(&address, &bad, 1, &unknown);
        // A self-made authority is nobody that this machine knows.
        client.refused(&address, &[], 1, &["authorit", "sslrootcert=FILE"]);
        let none = [("SSL_CERT_FILE", "/nowhere")];
        client.refused(&address, &none, 1, &["no store of authorities", "sslrootcert=FILE"]);
    }
    // On this machine nothing is verified unless it is asked for; another is verified by default.
    client.welcome(&url(&turn, "anyhow", &[]), &bad);
    let away = format!(
        "{} password={PASSWORD}",
        turn.pairs("anyhow").replace("localhost", "other.example")
    );
    client.refused(
        &away,
        &good,
        1,
        &["its certificate is for localhost, 127.0.0.1 and not for other.example"],
    );
    turn.show(Face::OtherName);
    client.welcome(&away, &good);
    client.refused(&away, &bad, 1, &unknown);
    turn.show(Face::Plain);
    client.refused(
        &away,
        &good,
        1,
        &["it does not speak TLS, which sslmode=verify-full asks for", "sslmode=disable"],
    );
    client.welcome(&format!("{away} sslmode=disable"), &[]);
}

#[test]
fn a_client_shows_its_certificate_or_stays_outside() {
    let client = Client::new();
    let turn = showing(Face::Good);
    let address = |name: &str| {
        let pair = |end: &str| turn.file(&format!("{name}.{end}"));
        let (ca, cert, key) = (turn.file("ca.pem"), pair("crt"), pair("key"));
        let options = [
            ("sslmode", "verify-full"),
            ("sslrootcert", ca.as_str()),
            ("sslcert", &cert),
            ("sslkey", &key),
        ];
        url(&turn, "by_certificate", &options[..if name.is_empty() { 2 } else { 4 }])
    };
    client.welcome(&address("by_certificate"), &[]);
    let again = "it is not tried again";
    let parts =
        ["connection requires a valid client certificate", "sslcert=FILE and sslkey=FILE", again];
    client.refused(&address(""), &[], 1, &parts);
    let parts =
        ["certificate authentication failed for user \"by_certificate\"", "sslcert=FILE", again];
    client.refused(&address("somebody"), &[], 1, &parts);
    let parts = ["it does not accept our client certificate", "sslcert=FILE", "ssl_ca_file"];
    client.refused(&address("stranger"), &[], 1, &parts);
    let plain = format!("{} sslmode=disable password={PASSWORD}", turn.pairs("by_certificate"));
    client.refused(&plain, &[], 1, &["no pg_hba.conf entry", "whether in TLS (sslmode)"]);
}

#[test]
fn a_password_is_bound_to_its_channel() {
    let client = Client::new();
    let turn = showing(Face::Good);
    let ca = turn.file("ca.pem");
    let with = |role: &str, mode: &str| {
        let bound = ("channel_binding", "require");
        url(&turn, role, &[bound, ("sslmode", mode), ("sslrootcert", &ca)])
    };
    for mode in ["verify-full", "require"] {
        client.welcome(&with("by_password", mode), &[]);
    }
    // Who is let in without a password binds nothing.
    let parts =
        ["it did not use channel binding, which channel_binding=require asks for", "scram-sha-256"];
    client.refused(&with("only_tls", "verify-full"), &[], 1, &parts);

    // A wrong one is sent once, whatever the mode and however many hosts there are.
    let failed = || {
        let mut admin = turn.admin();
        let data: String = admin.query_one("SHOW data_directory", &[]).unwrap().get(0);
        let log = PathBuf::from(data).with_file_name("log").join("server.log");
        fs::read_to_string(log).unwrap().matches("FATAL:  password authentication failed").count()
    };
    for mode in ["allow", "prefer", "require"] {
        let before = failed();
        let hosts = format!("{} password=wrong sslmode={mode}", turn.pairs("by_password"))
            .replace("localhost", "localhost,localhost")
            .replace("127.0.0.1", "127.0.0.1,127.0.0.1");
        let said = ours(&hosts).unwrap_err();
        assert!(said.contains("password authentication failed"), "{mode}: {said}");
        assert_eq!(failed() - before, 1, "{mode}");
    }
}

#[test]
fn files_that_are_not_what_they_should_be_are_named() {
    let client = Client::new();
    let turn = showing(Face::Good);
    let (ca, cert, key) =
        (turn.file("ca.pem"), turn.file("by_certificate.crt"), turn.file("by_certificate.key"));
    let odd = |name: &str, text: &str, mode: u32| {
        let path = certificates::write(&turn.folder, name, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    };
    let secret = fs::read_to_string(&key).unwrap();
    let shown = odd("shown.key", &secret, 0o644);
    let group = odd("group.key", &secret, 0o660);
    let empty = odd("empty.pem", "nothing\n", 0o600);
    let broken =
        odd("broken.pem", &fs::read_to_string(&ca).unwrap().replace('M', "\u{20ac}"), 0o600);
    let odder =
        odd("odd.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0o600);
    let other = turn.file("somebody.key");
    let case = |ca: &str, cert: &str, key: &str, parts: &[&str]| {
        let options =
            [("sslmode", "verify-full"), ("sslrootcert", ca), ("sslcert", cert), ("sslkey", key)];
        client.refused(&url(&turn, "by_certificate", &options), &[], 1, parts);
    };
    case(
        "/nowhere/ca.pem",
        &cert,
        &key,
        &["sslrootcert names /nowhere/ca.pem, which does not exist"],
    );
    case(&ca, "/nowhere/c", &key, &["sslcert names /nowhere/c, which does not exist"]);
    case(&ca, &cert, "/nowhere/k", &["sslkey names /nowhere/k, which does not exist"]);
    case(
        &empty,
        &cert,
        &key,
        &[&format!("sslrootcert names {empty}, which holds no certificate in PEM form")],
    );
    case(
        &broken,
        &cert,
        &key,
        &[&format!("sslrootcert names {broken}, whose certificate cannot be used")],
    );
    case(
        &odder,
        &cert,
        &key,
        &[&format!("sslrootcert names {odder}, whose certificate cannot be used")],
    );
    case(&ca, &key, &key, &[&format!("sslcert names {key}, which holds no certificate")]);
    case(&ca, &cert, &cert, &[&format!("sslkey names {cert}, which holds no private key")]);
    case(&ca, &cert, &other, &["(sslkey) is not the one of the certificate in", "(sslcert)"]);
    case(
        &ca,
        &cert,
        &shown,
        &[
            &format!("sslkey names {shown}, which others than its owner can read (mode 0644)"),
            "chmod 600",
        ],
    );
    case(&ca, &cert, &group, &["(mode 0660)"]);
    case(&format!("{ca};password={PASSWORD}"), &cert, &key, &["ca.pem;..., which does not exist"]);
}

#[test]
fn an_address_is_read_in_both_forms_and_its_mistakes_are_usage() {
    let client = Client::new();
    let turn = showing(Face::Good);
    // A name that both forms have to quote.
    let odd = turn.folder.join("it's 100% ca?.pem");
    fs::copy(turn.folder.join("ca.pem"), &odd).unwrap();
    let odd = odd.display().to_string();
    let quoted = odd.replace('\'', "\\'");
    let pairs = turn.pairs("only_tls");
    client.welcome(
        &format!("{pairs} sslmode = verify-full sslrootcert='{quoted}'password={PASSWORD}"),
        &[],
    );
    let encoded = odd.replace('%', "%25").replace(' ', "%20").replace('?', "%3F");
    let url = format!("postgres://only_tls:{PASSWORD}@localhost:{}/regrow", turn.port);
    client.welcome(
        &format!("{url}?sslrootcert={encoded}&connect_timeout=9&sslmode=verify-full"),
        &[],
    );
    for (options, part) in [
        (format!("sslmode={PASSWORD}"), "sslmode must be disable, allow, prefer"),
        ("sslmode=verify-ca".into(), "sslmode=verify-ca needs sslrootcert=FILE"),
        (
            "sslrootcert=system&sslmode=require".into(),
            "sslrootcert=system needs sslmode=verify-full",
        ),
        ("sslcert=a".into(), "sslcert needs sslkey"),
        ("sslrootcert=".into(), "sslrootcert is empty"),
        ("sslcrl=a".into(), "unknown option sslcrl"),
        ("sslnegotiation=direct".into(), "sslnegotiation=direct needs sslmode=require"),
        (format!("sslrootcert=%zz{PASSWORD}"), "in sslrootcert two hex digits must follow"),
    ] {
        let said = ["DATABASE_URL: the database address cannot be read: ", part];
        client.refused(&format!("{url}?{options}"), &[], 2, &said);
        let pairs = format!("{pairs} password={PASSWORD} {}", options.replace('&', " "));
        if !options.contains('%') {
            client.refused(&pairs, &[], 2, &said);
        }
    }
    // Nobody knows where the password ends: whatever is read there, it is not a weaker mode.
    let odd = format!(
        "postgresql://only_tls:a/{PASSWORD}?b@localhost:{}/regrow?sslmode=disable",
        turn.port
    );
    client.refused(&odd, &[], 2, &["written as %40, %2F, %3F"]);
}

#[test]
fn each_of_several_hosts_is_spoken_to_in_its_own_way() {
    let turn = showing(Face::Good);
    let ca = turn.file("ca.pem");
    let socket = turn.socket_dir();
    let tail = format!("user=anyhow dbname=regrow sslmode=verify-full sslrootcert={ca}");
    let port = turn.port;
    // A socket never speaks TLS, whatever is asked of the others.
    assert_eq!(ours(&format!("host={socket} port={port} {tail}")), Ok(false));
    assert_eq!(ours(&format!("host={socket},localhost port={port} {tail}")), Ok(false));
    // Who does not answer is passed over, in either order.
    assert_eq!(ours(&format!("host=localhost,localhost port=1,{port} {tail}")), Ok(true));
    assert_eq!(ours(&format!("host=/nowhere,127.0.0.1 port={port} {tail}")), Ok(true));
    assert_eq!(ours(&format!("host=nosuch.invalid,localhost port={port} {tail}")), Ok(true));
    assert_eq!(ours(&format!("host=/nowhere,{socket} port={port} {tail}")), Ok(false));
    let random = format!("host=localhost,127.0.0.1 port={port} {tail} load_balance_hosts=random");
    assert_eq!(ours(&random), Ok(true));
    // An address alone is the name that its certificate must have.
    assert_eq!(ours(&format!("hostaddr=127.0.0.1 port={port} {tail}")), Ok(true));
    // Who shows a wrong certificate has answered for all.
    let wrong =
        format!("host=other.example,localhost hostaddr=127.0.0.1,127.0.0.1 port={port} {tail}");
    let said = ours(&wrong).unwrap_err();
    assert!(
        said.contains("cannot connect to other.example:") && said.contains("not for other.example"),
        "{said}"
    );
    // Each is named when it fails.
    let said = ours(&format!("host=localhost,127.0.0.1 port=1,1 {tail}")).unwrap_err();
    assert!(said.contains("cannot connect to 127.0.0.1:1/regrow"), "{said}");
}

#[test]
fn a_whole_rebuild_is_encrypted_and_shows_its_certificate() {
    let turn = showing(Face::Good);
    let database = turn.server().database("by_certificate");
    let (ca, cert, key) =
        (turn.file("ca.pem"), turn.file("by_certificate.crt"), turn.file("by_certificate.key"));
    let options = [
        ("sslmode", "verify-full"),
        ("sslrootcert", ca.as_str()),
        ("sslcert", &cert),
        ("sslkey", &key),
    ];
    let address =
        url(&turn, "by_certificate", &options).replace("/regrow?", &format!("/{}?", database.name));
    let project = Project::orders();
    // A pass this long is read by two sessions of their own.
    project.write("config.toml", "[rebuild]\nbatch_events = 100\n");
    let run = |args: &[&str]| project.ok(&[args, &["--database-url", &address]].concat());
    run(&["migrate"]);
    turn.admin_of(&database.name).batch_execute(ORDERS).unwrap();
    run(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let counted = "SELECT count(*), sum(item_count) FROM read_model.order_summary";
    assert_eq!(rows(&mut turn.admin_of(&database.name), counted), ["(1000,10000)"]);
    run(&["status"]);

    let log = turn.log_of(&database.name);
    let sessions = |name: &str| {
        log.iter().filter(|line| line.contains(&format!("application_name=regrow {name}"))).count()
    };
    assert_eq!(sessions("reader"), 2, "{log:#?}");
    assert!(sessions("") > 6, "{log:#?}");
    for line in log.iter().filter(|line| line.contains("user=by_certificate")) {
        assert!(line.contains("SSL enabled (protocol=TLSv1.3"), "{line}");
    }
}
