//! Files drawn at random that hide transaction words in names, columns, strings, bodies, comments,
//! rules and rows, put real ones between them, and do to the log what must not be kept. Whatever a
//! text looks like: a revision happens as a whole or not at all, and the log stays where it was.

mod pieces;

use std::time::{Duration, Instant};

use postgres::Client;

use self::pieces::{CONTROL, DAMAGE, Dice, any, bytes, harmless, slip};
use super::STORE;
use crate::bench::{Project, rows};

/// How a file was drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// It runs.
    Harmless,
    /// It is refused.
    Control,
    /// Nobody knows.
    Slipped,
    /// It does harm and cannot be committed, whatever else it says: its constraint does not hold.
    Doomed,
}

/// What every file begins with: a table that rows can be put into.
const FIRST: &str = "CREATE TABLE first (id int GENERATED ALWAYS AS IDENTITY);\n";
/// A row that no COMMIT lets through, and that only a ROLLBACK takes away.
const DOOM: &str = "CREATE TABLE doom (id int PRIMARY KEY, of int REFERENCES doom DEFERRABLE INITIALLY DEFERRED);\n\
                    INSERT INTO doom VALUES (1, 2);\n";

fn draw(dice: &mut Dice) -> (Kind, Vec<u8>) {
    let kind = [Kind::Harmless, Kind::Control, Kind::Slipped, Kind::Doomed][dice.below(4)];
    let mut parts: Vec<String> = match kind {
        Kind::Harmless | Kind::Control => {
            (0..1 + dice.below(5)).map(|n| harmless(dice, n)).collect()
        }
        Kind::Slipped | Kind::Doomed => (0..1 + dice.below(5)).map(|n| any(dice, n)).collect(),
    };
    let mut put = |dice: &mut Dice, part: String| {
        let at = dice.below(parts.len() + 1);
        parts.insert(at, format!("{part}\n"));
    };
    if kind != Kind::Harmless {
        let control = dice.one_of(&CONTROL).replace("{n}", "99");
        put(dice, control);
    }
    if kind == Kind::Doomed {
        for _ in 0..2 {
            let damage = (*dice.one_of(&DAMAGE)).to_owned();
            put(dice, damage);
        }
    }
    let mut text = parts.concat();
    if kind == Kind::Slipped || kind == Kind::Doomed && dice.below(2) == 0 {
        slip(dice, &mut text);
    }
    let doom = if kind == Kind::Doomed { DOOM } else { "" };
    let text = format!("{FIRST}{doom}{text}\nCREATE TABLE last ();\n");
    let (bytes, is_text) = bytes(dice, &text);
    (if is_text { kind } else { Kind::Slipped }, bytes)
}

/// The log to the last bit and where it lies, the history, and every object of the database.
fn state(client: &mut Client) -> Vec<String> {
    const LOG: &str = "SELECT 'event_store.events'::regclass::oid, count(*), md5(string_agg(e::text, '' ORDER BY position)), \
        (SELECT last_value FROM event_store.events_position_seq) FROM event_store.events e";
    const HISTORY: &str = "SELECT * FROM event_store.refinery_schema_history ORDER BY version";
    const OBJECTS: &str = "SELECT c, o, n FROM (\
        SELECT 'class' c, oid::int8 o, relname::text n FROM pg_class WHERE relnamespace <> 'pg_toast'::regnamespace \
        UNION ALL SELECT 'proc', oid, proname FROM pg_proc UNION ALL SELECT 'type', oid, typname FROM pg_type WHERE typname !~ '^_?pg_toast' \
        UNION ALL SELECT 'schema', oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp' \
        UNION ALL SELECT 'constraint', oid, conname FROM pg_constraint) x WHERE o >= 16384 ORDER BY 1, 2";
    const PREPARED: &str = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()";
    [LOG, HISTORY, OBJECTS, PREPARED].into_iter().flat_map(|sql| rows(client, sql)).collect()
}

/// A project whose log has events and whose only revision is applied.
fn template() -> Project {
    let project = Project::orders();
    std::fs::remove_dir_all(project.folder.path().join("projections")).unwrap();
    std::fs::remove_dir_all(project.folder.path().join("migrations/events")).unwrap();
    project.ok(&["migrate"]);
    let append = "SELECT event_store.append('s-' || n % 7, NULL, jsonb_build_array(jsonb_build_object('type', 'A', \
                  'payload', jsonb_build_object('n', n)))) FROM generate_series(1, 60) n";
    project.events().batch_execute(append).unwrap();
    project
}

#[test]
fn a_revision_happens_as_a_whole_or_not_at_all() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
    };
    let seed = number("REGROW_SEED", 20_261_129);
    let (cases, began) = (number("REGROW_HIDDEN_CASES", 24), Instant::now());
    let limit = Duration::from_secs(number("REGROW_HIDDEN_S", u64::MAX));
    let template = template();
    let mut project = Project::like(&template);
    let (mut ran, mut counts) = (0_u64, [0_u64; 8]);
    while ran < cases && began.elapsed() < limit {
        // Each case is a die of its own, so that one can be thrown again.
        let mut dice = Dice(seed.wrapping_add(ran));
        let (kind, bytes) = draw(&mut dice);
        let about = format!(
            "REGROW_SEED={} {kind:?}\n{}",
            seed.wrapping_add(ran),
            String::from_utf8_lossy(&bytes)
        );
        let mut client = project.events();
        let before = state(&mut client);
        std::fs::write(project.folder.path().join(STORE).join("V2__x.sql"), &bytes).unwrap();
        let checked = project.run(&["check", "--only", "migrations"]);
        assert_eq!(state(&mut client), before, "check of {about}\n{}", checked.stdout);
        let done = project.run(&["migrate"]);
        let said = format!("{about}\n{}{}{}", checked.stdout, done.stdout, done.stderr);
        let after = state(&mut client);
        counts[kind as usize * 2 + usize::from(done.code == 0)] += 1;
        if done.code == 0 {
            assert!(matches!(kind, Kind::Harmless | Kind::Slipped), "{said}");
            assert_eq!(after[0], before[0], "{said}");
            let made = "SELECT relname FROM pg_class WHERE relnamespace = 'event_store'::regnamespace \
                        AND relname IN ('first', 'last') ORDER BY 1";
            let versions = "SELECT version FROM event_store.refinery_schema_history ORDER BY 1";
            assert_eq!(rows(&mut client, versions), ["(1)", "(2)"], "{said}");
            if kind == Kind::Harmless {
                assert_eq!(rows(&mut client, made), ["(first)", "(last)"], "{said}");
            }
            drop(client);
            project = Project::like(&template);
        } else {
            assert!(kind != Kind::Harmless, "{said}");
            assert_eq!(after, before, "{said}");
        }
        if kind == Kind::Harmless {
            assert!(!checked.stdout.contains("mistake"), "{said}");
        }
        ran += 1;
    }
    println!("{ran} files in {} s; refused and run by kind: {counts:?}", began.elapsed().as_secs());
}
