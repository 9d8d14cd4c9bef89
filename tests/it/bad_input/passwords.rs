//! Passwords: right with odd characters, wrong, missing.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

#[test]
fn a_wrong_password_is_said_plainly_and_never_repeated() {
    // The cluster trusts everybody but this role, for which a line goes before its own.
    let role = Role::new("locked", "PASSWORD 'p@ss:w/r%d ''x\\'");
    let project = migrated();
    let mut admin = project.events();
    let file: String = admin.query_one("SHOW hba_file", &[]).unwrap().get(0);
    let before = std::fs::read_to_string(&file).unwrap();
    let line = format!("local all {} scram-sha-256\n", role.0);
    let others: String = before
        .lines()
        .filter(|l| !l.starts_with("local all locked_"))
        .map(|l| format!("{l}\n"))
        .collect();
    std::fs::write(&file, format!("{line}{others}")).unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").unwrap();
    let with = |password: &str| format!("{} password={password}", role.url(&project));
    wait_until("the rule", || Client::connect(&with("wrong"), NoTls).is_err());

    let url = with(CANARY);
    let args = ["status", "--database-url", &url];
    let ran = project.run(&args);
    says(&ran, &args, 1, &["password authentication failed for user", "check user and password"]);
    let ran_json = project.run(&[&args[..], &["--json"]].concat());
    for text in [&ran.stderr, &ran_json.stderr, &ran_json.stdout] {
        assert!(!text.contains(CANARY), "{text}");
    }
    // None at all is another sentence.
    let none = role.url(&project);
    let args = ["status", "--database-url", &none];
    says(&project.run(&args), &args, 1, &["cannot connect to ", "password"]);
    assert_eq!(code_of(&project, &["status", "--database-url", &url]), "wrong-password");
    // The right one gets as far as its rights go, whatever it is made of.
    let quoted = with(r"'p@ss:w/r%d \'x\\'");
    let socket = quoted.split(['=', ' ']).nth(1).unwrap().replace('/', "%2F");
    let port = quoted.split("port=").nth(1).map_or("5432", |p| p.split(' ').next().unwrap());
    let (name, database) = (&role.0, project.database.name());
    let percent =
        format!("postgresql://{name}:p%40ss%3Aw%2Fr%25d%20%27x%5C@{socket}:{port}/{database}");
    for right in [quoted, percent] {
        let args = ["census", "--database-url", &right];
        says(&project.run(&args), &args, 1, &["permission denied for schema event_store"]);
        assert_eq!(code_of(&project, &args), "privilege-missing");
    }
}

/// A server that refuses every start of a session with one SQLSTATE, and counts them.
fn refusing(sqlstate: &'static str, message: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address =
        format!("postgresql://me:{CANARY}@{}/shop?sslmode=disable", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    // It ends with the process: nobody connects any more then.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut size = [0; 4];
            while stream.read_exact(&mut size).is_ok() {
                let mut rest = vec![0; usize::try_from(u32::from_be_bytes(size)).unwrap() - 4];
                stream.read_exact(&mut rest).unwrap();
                // SSLRequest has no version but this number.
                if rest == 80_877_103_u32.to_be_bytes() {
                    stream.write_all(b"N").unwrap();
                    continue;
                }
                counted.fetch_add(1, Ordering::SeqCst);
                let fields = format!("SFATAL\0VFATAL\0C{sqlstate}\0M{message}\0\0");
                let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
                stream.write_all(&[b"E", &length[..], fields.as_bytes()].concat()).unwrap();
                break;
            }
        }
    });
    (address, count)
}

/// In plain text: with `prefer`, on this machine, somebody who is not let in by TLS is tried without.
#[test]
fn what_a_server_refuses_for_good_is_not_asked_again() {
    let project = Project::orders();
    for (sqlstate, message, code) in [
        ("28P01", "password authentication failed for user \"me\"", "wrong-password"),
        ("28000", "no pg_hba.conf entry for host \"127.0.0.1\"", "wrong-password"),
        ("3D000", "database \"shop\" does not exist", "database-missing"),
    ] {
        for verb in [&["status"][..], &["migrate"], &["rebuild", "order_summary"], &["run"]] {
            let (address, count) = refusing(sqlstate, message);
            let args = [verb, &["--database-url", &address]].concat();
            assert_eq!(code_of(&project, &args), code);
            assert_eq!(count.load(Ordering::SeqCst), 1, "{verb:?} asked again after {sqlstate}");
            refused(&project, &args, 1, &["cannot connect to 127.0.0.1:", message]);
        }
    }
}

#[test]
fn a_server_that_is_starting_is_asked_again_for_a_while() {
    let project = Project::orders();
    let (address, count) = refusing("57P03", "the database system is starting up");
    let args = ["status", "--database-url", &address];
    assert_eq!(code_of(&project, &args), "starting-up");
    let asked = count.load(Ordering::SeqCst);
    assert!((2..40).contains(&asked), "{asked}");
}
