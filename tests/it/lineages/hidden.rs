//! Files drawn at random that hide transaction words in names, columns, strings, bodies, comments
//! and rules, and put real ones between them. Whatever a text looks like: a revision happens as a
//! whole or not at all, and what was there stays where it was.

use super::{STORE, store};
use crate::bench::rows;

/// Pieces of a file that are what they seem to be to PostgreSQL; `{n}` is a number of their own.
const HARMLESS: [&str; 14] = [
    "CREATE TABLE \"commit;{n}\" (begin int, \"end\" int, \"case;\" text DEFAULT 'COMMIT; END;');\n",
    "/* BEGIN; /* COMMIT; */ ROLLBACK; ' */\n",
    "-- END; COMMIT; '\n",
    "SELECT 'it''s; COMMIT;', E'\\'; ROLLBACK; --', $x$; COMMIT; $x$, U&'\\0041; END';\n",
    "SELECT E'a' -- it's; COMMIT;\n  '\\'; END; --';\n",
    "SELECT 1 AS begin, 2 AS \"end;\", 3 AS commit, 4 AS rollback;\n",
    "CREATE TABLE t{n} (begin int, \"commit\" int);\n\
     CREATE FUNCTION f{n}(begin int) RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n  SELECT t.begin FROM t{n} t;\n  \
     SELECT CASE WHEN begin > 0 THEN CASE begin WHEN 1 THEN 2 END END AS end;\nEND;\n",
    "CREATE FUNCTION g{n}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; BEGIN NULL; END; END; $$;\n",
    "CREATE FUNCTION h{n}() RETURNS void LANGUAGE sql AS 'SELECT 1; -- COMMIT;';\n",
    "CREATE TABLE r{n} (begin int);\nCREATE RULE commit{n} AS ON INSERT TO r{n} DO ALSO (DELETE FROM r{n}; SELECT 1 AS begin; NOTIFY x);\n",
    "CREATE PROCEDURE begin{n}() BEGIN ATOMIC END;\n",
    "CREATE VIEW v{n} AS SELECT 1 AS begin, 2 AS commit;\nCOMMENT ON VIEW v{n} IS 'BEGIN; COMMIT';\n",
    "DO $do$ BEGIN PERFORM $$COMMIT;$$; END $do$;\n",
    "PREPARE commit{n} AS SELECT 1;\nDEALLOCATE commit{n};\n",
];

/// Pieces that would end the transaction of the revision, or begin one.
const CONTROL: [&str; 14] = [
    "COMMIT;\n",
    "/* a */ commit and chain;\n",
    "END;\n",
    "-- a\nEnd Transaction;\n",
    "ROLLBACK;\n",
    "ABORT;\n",
    "BEGIN;\n",
    "START TRANSACTION READ ONLY;\n",
    "PREPARE TRANSACTION 'x';\n",
    "SAVEPOINT a;\n",
    "ROLLBACK /* b */ TO a;\n",
    "RELEASE a;\n",
    "DO $$ BEGIN COMMIT; END $$;\n",
    "CREATE PROCEDURE p{n}() LANGUAGE plpgsql AS $$ BEGIN ROLLBACK; END $$;\nCALL p{n}();\n",
];

/// What a slip puts into a text.
const SLIPS: [&str; 9] =
    ["'", "\"", "$$", "*/", "/*", ";", "(", " BEGIN ATOMIC ", " END; COMMIT; "];

/// splitmix64 (Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }
}

/// How a file was drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// It runs.
    Harmless,
    /// It is refused.
    Control,
    /// Nobody knows.
    Slipped,
}

fn draw(dice: &mut Dice) -> (Kind, String) {
    let kind = [Kind::Harmless, Kind::Control, Kind::Slipped][dice.below(3)];
    let mut pieces: Vec<String> = (0..2 + dice.below(5))
        .map(|n| HARMLESS[dice.below(HARMLESS.len())].replace("{n}", &n.to_string()))
        .collect();
    if kind != Kind::Harmless {
        let at = dice.below(pieces.len() + 1);
        pieces.insert(at, CONTROL[dice.below(CONTROL.len())].replace("{n}", "99"));
    }
    let mut text = format!("CREATE TABLE first ();\n{}CREATE TABLE last ();\n", pieces.concat());
    if kind == Kind::Slipped {
        let mut at = dice.below(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, SLIPS[dice.below(SLIPS.len())]);
    }
    (kind, text)
}

#[test]
fn a_revision_happens_as_a_whole_or_not_at_all() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
    };
    let seed = number("REGROW_SEED", 20_261_129);
    let mut dice = Dice(seed);
    for case in 0..number("REGROW_HIDDEN_CASES", 16) {
        let (kind, text) = draw(&mut dice);
        let about = format!("case {case} of seed {seed}, {kind:?}\n{text}");
        let project = store(&[("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);")]);
        project.ok(&["migrate"]);
        let mut client = project.events();
        client.batch_execute("INSERT INTO event_store.a SELECT generate_series(1, 100)").unwrap();
        project.write(&format!("{STORE}/V2__x.sql"), &text);
        let state = |client: &mut postgres::Client| {
            rows(
                client,
                "SELECT (SELECT count(*) FROM event_store.a), \
                        (SELECT count(*) FROM event_store.refinery_schema_history), \
                        (SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class \
                          WHERE relnamespace = 'event_store'::regnamespace AND relname IN ('first', 'last')), \
                        (SELECT count(*) FROM pg_class WHERE relnamespace = 'event_store'::regnamespace)",
            )
        };
        let before = state(&mut client);
        let checked = project.run(&["check", "--only", "migrations"]);
        assert_eq!(state(&mut client), before, "check of {about}");
        let ran = project.run(&["migrate"]);
        let said = format!("{about}\n{}{}", ran.stdout, ran.stderr);
        let after = state(&mut client);
        if ran.code == 0 {
            assert!(kind != Kind::Control, "{said}");
            assert!(after[0].starts_with("(100,2,\"first last\","), "{after:?} {said}");
        } else {
            assert!(kind != Kind::Harmless, "{said}\n{}", checked.stdout);
            assert_eq!(after, before, "{said}");
        }
        if kind == Kind::Harmless {
            assert!(!checked.stdout.contains("mistake"), "{said}\n{}", checked.stdout);
        }
    }
}
