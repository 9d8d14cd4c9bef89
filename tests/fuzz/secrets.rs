//! Addresses of servers: what is secret in them is in no message.

use proptest::prelude::*;
use proptest::sample::select;
use regrow::pg::Server;

use crate::corpus::broken;
use crate::harness::{property, text_property};

const WORDS: &[&str] = &[
    "postgresql://",
    "postgres://",
    "mysql://",
    "host=",
    "hostaddr=",
    "user=",
    "password=",
    "dbname=",
    "port=",
    "sslmode=require",
    "sslmode=",
    "options=",
    "application_name=",
    "connect_timeout=",
    "keepalives=",
    "target_session_attrs=",
    "channel_binding=",
    "127.0.0.1",
    "[::1",
    "[::1]",
    "::1",
    "/var/run",
    "%2Fvar",
    "5432",
    "99999",
    "x",
    "@",
    ":",
    "/",
    "?",
    "&",
    "=",
    "'",
    "\\'",
    "%40",
    "%ff",
    "%zz",
    "%",
    " ",
    ",",
    "#",
    "nosuch=1",
    "require",
    "disable",
    "prefer",
    "%00",
];

#[test]
fn any_text_is_an_address_or_a_short_sentence() {
    let files = [
        "postgresql://me:pw@db.example:6000/shop?sslmode=disable",
        "host=/tmp user=me dbname='a b' password='it\\'s'",
    ];
    let files = files.iter().map(|text| text.as_bytes().to_vec()).collect();
    text_property("addresses", 400, broken(files, WORDS), |text| {
        match Server::parse(text) {
            Ok(server) => {
                let _ = (server.label(), format!("{server:?}"));
            }
            Err(error) => prop_assert!(error.to_string().len() < 400, "{error}"),
        }
        Ok(())
    });
}

/// The pieces of a secret that would tell it.
fn pieces(secret: &str) -> impl Iterator<Item = &str> {
    (0..secret.len().saturating_sub(5)).map(|at| &secret[at..at + 6])
}

#[test]
fn no_message_repeats_a_password() {
    // Nothing of it is a word of any message.
    let secret =
        "[A-Z0-9]{7,12}(%40|%2F|%25|[;!$*()_~.+-]|@|:|/|\\?|#|&|=|'|\"|`|%| ){0,3}[A-Z0-9]{7,12}";
    let place = select(
        &[
            "postgresql://me:SECRET@db/shop",
            "postgresql://me:SECRET@db:port/shop",
            "postgresql://me:SECRET@[::1/shop",
            "postgresql://me:SECRET@db/%ff",
            "postgresql://SECRET@db/%ff",
            "postgresql://me@db/shop?password=SECRET",
            "postgresql://me@db/shop?password=SECRET&port=x",
            "postgresql://me@db/shop?SECRET=1",
            "SECRET",
            "SECRET=1",
            "postgresql://me@db/shop?port=SECRET",
            "postgresql://me@db:SECRET/shop",
            "postgresql://me@db/shop?sslmode=SECRET",
            "host=db password=SECRET",
            "host=db password='SECRET",
            "host=db password='SECRET' port=x",
            "host=db port=SECRET",
            "host=db password=SECRET sslmode=nosuch",
            "host=db connect_timeout=SECRET",
            "host=db target_session_attrs=SECRET",
            "host=db user=me 'SECRET'",
            "mysql://me:SECRET@db/shop",
            "host=db,db2 port=1,SECRET",
            "hostaddr=SECRET",
            "host=db options=SECRET keepalives=SECRET",
            "host=db channel_binding=SECRET",
            "=SECRET",
            "host==SECRET=",
        ][..],
    );
    let bytes = |(a, b): &(String, &str)| a.len() + b.len();
    property("secrets", 600, (secret, place), bytes, 100, |(secret, place)| {
        let address = place.replace("SECRET", secret);
        let decoded = secret.replace("%40", "@").replace("%2F", "/").replace("%25", "%");
        let said = match Server::parse(&address) {
            Err(error) => format!("{error} {error:?}"),
            // A name of a host or a database is no secret, and may stand in the label.
            Ok(server) if place.contains(":SECRET@db/") || place.contains("password=") => {
                format!("{} {server:?}", server.label())
            }
            Ok(_) => return Ok(()),
        };
        // Where the driver takes a piece of it for the host, it is shown where we connect to; an
        // address cut at its own separators is not ours to mend.
        let plain = !secret.contains(['@', '/', ':', '?', '#', ' ', '\'', '&', '='])
            || said.starts_with("the database");
        if plain {
            for piece in pieces(secret).chain(pieces(&decoded)) {
                prop_assert!(!said.contains(piece), "{piece:?} of {address:?} is in {said:?}");
            }
        }
        Ok(())
    });
}
