//! Positions of type numeric: whole numbers are positions, whatever their scale, and one with a fraction is refused where it is met.

use super::{COLUMNS, noted, put, seen};
use crate::bench::{Database, Project};

fn log(positions: &[&str]) -> Project {
    let log = format!("CREATE TABLE log (seq numeric PRIMARY KEY, {COLUMNS})");
    let project = noted(Database::new(), &log, ("public.log", "sequence = \"none\""), "");
    add(&project, positions);
    project
}

fn add(project: &Project, positions: &[&str]) {
    for position in positions {
        let sql = format!(
            "INSERT INTO log (seq, stream, ver, kind, body) VALUES ({position}, 's', 0, 'Noted', '{{}}')"
        );
        project.events().batch_execute(&sql).unwrap();
    }
}

#[test]
fn a_position_with_a_fraction_is_refused() {
    let project = log(&["1", "2.00", "300"]);
    project.ok(&["rebuild", "seen", "--promote"]);
    put(&mut project.events(), "log", Some(301));
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(seen(&project), ["(1)", "(2)", "(300)", "(301)"]);
    for fractions in [
        &["301.4"][..],
        &["301.5"],
        &["301.4", "302"],
        &["301.4", "301.6", "302"],
        &["9223372036854775808"],
        &["302", "90071992547409931234567"],
        &["'NaN'"],
    ] {
        add(&project, fractions);
        let ran = project.run(&["run", "--until-caught-up"]);
        assert_eq!(ran.code, 1, "{fractions:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("fraction"), "{fractions:?}: {}", ran.stderr);
        let ran = project.run(&["rebuild", "seen", "--promote"]);
        assert_eq!(ran.code, 1, "{fractions:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("fraction"), "{fractions:?}: {}", ran.stderr);
        assert_eq!(seen(&project), ["(1)", "(2)", "(300)", "(301)"], "{fractions:?}");
        project.events().batch_execute("DELETE FROM log WHERE seq > 301").unwrap();
    }
    for log in [
        log(&["1", "2.5", "4"]),
        log(&["0.5", "1", "2"]),
        log(&["1", "1.5", "2"]),
        log(&["1", "1.2"]),
        log(&["1", "9223372036854775808"]),
        log(&["90071992547409931234567"]),
    ] {
        let ran = log.run(&["rebuild", "seen", "--promote"]);
        assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("fraction"), "{}", ran.stderr);
    }
}
