//! What PostgreSQL says beside its answers: a line of ours with the revision's place, wherever SQL of
//! the project runs on a live database, and never the driver's own words, nor a payload.

use super::{ORDER, STORE, live};
use crate::bench::{Project, Ran};

const SAYS: &str =
    "DO $$ BEGIN RAISE WARNING 'three had no owner'; RAISE NOTICE 'moved: 42'; END $$;\n";

/// Whether a run said something of its own accord, and nothing raw.
#[track_caller]
fn said(ran: &Ran, place: Option<&str>) {
    let both = format!("{}{}", ran.stdout, ran.stderr);
    for raw in ["postgres::config", "WARNING", "NOTICE", "hunter2"] {
        assert!(!both.contains(raw), "{raw}\n{both}");
    }
    let Some(place) = place else {
        assert!(!both.contains("three had no owner"), "{both}");
        return;
    };
    for line in
        [format!("warning: {place}: three had no owner"), format!("notice: {place}: moved: 42")]
    {
        let json =
            line.split_once(": ").map(|(severity, _)| format!("\"severity\":\"{severity}\""));
        let in_json = |l: &str| l.contains(&json.clone().unwrap()) && l.contains(place);
        let told = ran.stderr.lines().any(|l| l == line || in_json(l));
        assert!(told, "{line}\n{}", ran.stderr);
    }
}

fn ran(project: &Project, args: &[&str]) -> Ran {
    let ran = project.run(args);
    assert_eq!(ran.code, 0, "regrow {args:?}\n{}{}", ran.stdout, ran.stderr);
    ran
}

#[test]
fn notices_are_told_with_their_place_wherever_files_run() {
    let project = live();
    // A trigger that says what it sees: it is data, so nobody repeats it.
    let trigger = "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                   RAISE WARNING 'hunter2 %', NEW; RETURN NEW; END $$;\n\
                   CREATE TRIGGER tell BEFORE INSERT OR UPDATE ON order_summary FOR EACH ROW EXECUTE FUNCTION tell();\n";
    project.write(&format!("{ORDER}/V2__says.sql"), &format!("{SAYS}{trigger}"));
    let of_projection = format!("{ORDER}/V2__says.sql:1:1");
    said(&ran(&project, &["check", "--allow-pending"]), None);
    said(&ran(&project, &["rebuild", "order_summary"]), Some(&of_projection));
    said(&ran(&project, &["promote", "order_summary"]), None);
    said(&ran(&project, &["run", "--until-caught-up"]), None);
    said(&ran(&project, &["rollback", "order_summary"]), None);
    project.write(&format!("{STORE}/V2__says.sql"), SAYS);
    project.write(&format!("{STORE}/V2__says.down.sql"), SAYS);
    said(&ran(&project, &["verify-down"]), None);
    said(&ran(&project, &["migrate"]), Some(&format!("{STORE}/V2__says.sql:1:1")));
    said(&ran(&project, &["downgrade", "-1"]), Some(&format!("{STORE}/V2__says.down.sql:1:1")));
    said(&ran(&project, &["migrate", "--json"]), Some(&format!("{STORE}/V2__says.sql:1:1")));
    said(&ran(&project, &["rebuild", "order_summary", "--json"]), Some(&of_projection));
}
