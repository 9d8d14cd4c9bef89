//! Addresses of servers: unreadable, leading nowhere.

use super::*;

#[test]
fn no_server() {
    let project = Project::orders();
    for address in ["postgresql://me@127.0.0.1:1/shop", "host=/nowhere dbname=shop user=me"] {
        for args in SERVER {
            let args = [args, &["--database-url", address]].concat();
            refused(
                &project,
                &args,
                1,
                &["cannot connect to ", "/shop: ", "is the server running"],
            );
        }
    }
}

#[test]
fn no_such_database() {
    let project = Project::orders();
    let wrong = project.database.url().replace("dbname=", "dbname=nosuch_");
    for args in SERVER {
        let args = [args, &["--database-url", &wrong]].concat();
        refused(
            &project,
            &args,
            1,
            &["database \"nosuch_", "does not exist", "create the database"],
        );
    }
}

#[test]
fn an_address_that_cannot_be_read_gives_no_password_away() {
    let project = migrated();
    let mut seen = 0;
    for address in [
        format!("postgresql://me:{CANARY}@db:port/shop"),
        format!("postgresql://me:{CANARY}@db/%ff"),
        format!("postgresql://me:{CANARY}@[::1/shop"),
        format!("postgresql://me@db/shop?password={CANARY}&nosuch=1"),
        format!("postgresql://me@db/shop?{CANARY}=1"),
        format!("host=db user=me password='{CANARY}"),
        format!("host=db password={CANARY} port=x"),
        format!("{CANARY}=1"),
        CANARY.to_owned(),
        format!("mysql://me:{CANARY}@db/shop"),
        format!("postgresql://me:{CANARY}@db/shop?sslmode={CANARY}"),
        format!("postgresql://me:{CANARY}@db/shop?sslmode=verify-ca"),
        format!("postgresql://me:{CANARY}@db/shop?sslkey=%ff"),
        format!("host=db user=me password={CANARY} sslcert=''"),
        format!("host=db user=me password=a sslrootcert='{CANARY}"),
        String::new(),
    ] {
        for verb in [&["status"][..], &["migrate", "--json"], &["rebuild", "order_summary"]] {
            for variable in ["DATABASE_URL", "READ_MODELS_URL"] {
                let mut command = project.command(verb);
                command.env(variable, &address).env("REGROW_LOG", "trace");
                let ran = Ran::from(command.output().unwrap(), verb);
                let parts = [variable, "the database address cannot be read"];
                says(&ran, verb, 2, &parts);
                assert!(
                    !format!("{}{}", ran.stdout, ran.stderr).contains(CANARY),
                    "{}",
                    ran.stderr
                );
                seen += 1;
            }
        }
        if !address.is_empty() {
            project.write("config.toml", &format!("[read_models]\nurl = {address:?}\n"));
            let ran = project.run(&["status"]);
            says(&ran, &["status"], 2, &["config.toml: the database address cannot be read"]);
            assert!(!ran.stderr.contains(CANARY), "{}", ran.stderr);
            project.write("config.toml", "");
        }
    }
    assert_eq!(seen, 96);
    // One that can be read, but leads nowhere, shows where it leads and nothing else.
    let address = format!("postgresql://me:{CANARY}@127.0.0.1:1/shop");
    let mut command = project.command(&["status"]);
    command.env("DATABASE_URL", &address).env("REGROW_LOG", "trace");
    let ran = Ran::from(command.output().unwrap(), &["status"]);
    says(&ran, &["status"], 1, &["cannot connect to 127.0.0.1:1/shop"]);
    assert!(!ran.stderr.contains(CANARY) && !ran.stderr.contains("me:"), "{}", ran.stderr);
}
