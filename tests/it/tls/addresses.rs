//! Addresses against libpq: what is in the text, in a service, in variables and in the password file,
//! drawn at random, leads psql and us to the same place as the same role, or neither of us.

use std::collections::BTreeMap;

use super::*;
use regrow::pg::Surroundings;

/// Numbers that are the same each time (Knuth's MMIX generator).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

const OPTIONS: [(&str, &str); 8] = [
    ("host", "PGHOST"),
    ("port", "PGPORT"),
    ("user", "PGUSER"),
    ("dbname", "PGDATABASE"),
    ("password", "PGPASSWORD"),
    ("sslmode", "PGSSLMODE"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("options", "PGOPTIONS"),
];

const WHO: &str = "SELECT concat_ws(' ', current_user, current_database(), inet_server_port(), \
                   current_setting('work_mem'))";

/// Where something may stand, in the order in which it counts.
#[derive(Default)]
struct Places {
    text: Vec<(&'static str, String)>,
    service: Vec<(&'static str, String)>,
    variables: BTreeMap<String, String>,
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b.is_ascii_alphanumeric() {
            true => char::from(b).to_string(),
            false => format!("%{b:02x}"),
        })
        .collect()
}

impl Places {
    fn draw(draw: &mut Draw, port: u16) -> Places {
        let mut places = Places::default();
        let port = port.to_string();
        for (name, variable) in OPTIONS {
            for place in 0..3 {
                if draw.below(3) > 0 {
                    continue;
                }
                let value = match name {
                    "host" => draw.one(&["127.0.0.1", "localhost"]),
                    "port" => draw.one(&[&port, &port, &port, &port, &port, "1"]),
                    "user" => draw.one(&["by_password", "by_password", "by_password", "anyhow"]),
                    "dbname" => draw.one(&["regrow", "postgres", "template1"]),
                    "password" => draw.one(&[PASSWORD, PASSWORD, "wrong"]),
                    "sslmode" => draw.one(&["require", "require", "prefer", "disable"]),
                    "target_session_attrs" => draw.one(&[
                        "any",
                        "read-write",
                        "primary",
                        "prefer-standby",
                        "standby",
                        "read-only",
                    ]),
                    _ => draw.one(&["-c work_mem=1MB", "-c work_mem=2MB", "-cwork_mem=3MB"]),
                };
                match place {
                    0 => places.text.push((name, value.to_owned())),
                    1 => places.service.push((name, value.to_owned())),
                    _ => drop(places.variables.insert(variable.into(), value.to_owned())),
                }
            }
        }
        // What was drawn nowhere would mostly be a server, a role and a database that are not there.
        for (variable, value) in [
            ("PGHOST", "127.0.0.1"),
            ("PGPORT", &port),
            ("PGUSER", "by_password"),
            ("PGDATABASE", "regrow"),
        ] {
            if draw.below(20) > 0 {
                places.variables.entry(variable.into()).or_insert_with(|| value.to_owned());
            }
        }
        places
    }

    fn text(&self, draw: &mut Draw) -> String {
        if draw.below(2) == 0 {
            let pairs = self.text.iter().map(|(name, value)| format!("{name}='{value}'"));
            return pairs.collect::<Vec<_>>().join(" ");
        }
        let get = |name: &str| self.text.iter().find(|(n, _)| *n == name).map(|(_, v)| percent(v));
        let (user, password) = (get("user"), get("password"));
        let credentials = user.as_ref().map_or_else(String::new, |user| match &password {
            Some(password) => format!("{user}:{password}@"),
            None => format!("{user}@"),
        });
        let host = get("host").unwrap_or_default();
        let port = get("port").filter(|_| !host.is_empty());
        let in_place = [user.map(|_| "user"), Some("host"), port.as_ref().map(|_| "port")];
        let with_user = !credentials.is_empty();
        let rest = self.text.iter().filter(|(name, _)| {
            !(in_place.contains(&Some(*name)) || *name == "password" && with_user)
        });
        let rest: Vec<String> = rest.map(|(n, v)| format!("{n}={}", percent(v))).collect();
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        format!("postgresql://{credentials}{host}{port}/?{}", rest.join("&"))
            .trim_end_matches('?')
            .into()
    }
}

#[test]
fn whatever_says_it_leads_where_it_leads_libpq() {
    let turn = showing(Face::Good);
    let home = turn.folder.join("home");
    fs::create_dir_all(&home).unwrap();
    let (mut in_, mut out, mut draw) = (0, 0, Draw(7));
    for round in 0..150 {
        let mut places = Places::draw(&mut draw, turn.port);
        let text = places.text(&mut draw);
        let lines: Vec<String> =
            places.service.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        fs::write(home.join(".pg_service.conf"), format!("# ours\n[drawn]\n{}", lines.concat()))
            .unwrap();
        let file = format!(
            "{}:{}:{}:{}:{}\n",
            draw.one(&["*", "localhost", "127.0.0.1"]),
            draw.one(&["*", &turn.port.to_string()]),
            draw.one(&["*", "regrow", "postgres"]),
            draw.one(&["*", "by_password"]),
            draw.one(&[PASSWORD, PASSWORD, "wrong"]),
        );
        let passfile = home.join(".pgpass");
        fs::write(&passfile, file).unwrap();
        let mode = if draw.below(5) == 0 { 0o644 } else { 0o600 };
        fs::set_permissions(&passfile, fs::Permissions::from_mode(mode)).unwrap();
        if draw.below(4) > 0 {
            places.variables.insert("PGSERVICE".into(), "drawn".into());
        }
        places.variables.insert("HOME".into(), home.display().to_string());

        let beside = bin_dir().map(|dir| dir.join("psql")).filter(|path| path.exists());
        let mut psql = Command::new(beside.unwrap_or_else(|| PathBuf::from("psql")));
        crate::bench::nowhere(&mut psql);
        psql.args(["--no-psqlrc", "--no-password", "-Atqc", WHO, "--dbname", &text]);
        psql.envs(&places.variables).env("PGGSSENCMODE", "disable");
        let psql = psql.output().unwrap();
        let theirs = psql.status.success().then(|| String::from_utf8(psql.stdout).unwrap());
        let theirs = theirs.map(|text| text.trim().to_owned());

        let around = Surroundings::of(places.variables.clone());
        let ours = Server::resolve(
            Some(&text).filter(|text| !text.is_empty()).map(String::as_str),
            &around,
        )
        .and_then(|server| Session::open(&server, "test"))
        .and_then(|mut session| Ok(session.query_one(WHO, &[])?.get::<_, String>(0)));
        let said = String::from_utf8_lossy(&psql.stderr).into_owned();
        assert_eq!(
            ours.as_ref().ok(),
            theirs.as_ref(),
            "round {round}: {text:?}\n{:?}\nservice {lines:?}, file of mode {mode:o}\nours: {ours:?}\npsql: {said}",
            places.variables
        );
        match theirs {
            Some(_) => in_ += 1,
            None => out += 1,
        }
    }
    assert!(in_ > 30 && out > 30, "{in_} connected, {out} did not");
}
