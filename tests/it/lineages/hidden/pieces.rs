//! What files are drawn from: words of transactions where they are none, where they are some, and
//! what a slip makes of a text.

/// splitmix64 (Steele, Lea and Flood 2014).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    pub(super) fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Words that would end a transaction, if they were what they look like.
const WORDS: [&str; 12] = [
    "COMMIT;",
    "END;",
    "ROLLBACK;",
    "ABORT; BEGIN;",
    "commit and chain;",
    "BEGIN; COMMIT;",
    "PREPARE TRANSACTION 'x';",
    "END TRANSACTION;",
    "; COMMIT; --",
    "START TRANSACTION;",
    "END; $b$ COMMIT;",
    "COMMIT PREPARED 'x';",
];

/// Statements that hide `{w}` as what it is not to PostgreSQL; `{q}` is the same with doubled quotes,
/// `{e}` with escaped ones, `{i}` for a name, `{n}` a number of their own.
const HARMLESS: [&str; 44] = [
    "SELECT '{q}';",
    "SELECT E'\\'{e}\\\\';",
    "SELECT e'{e}'\n-- it's '\n  'more {q} \\' ; --';",
    "SELECT 'a'\n  '{q}';",
    "SELECT U&'\\0041{u}', U&'d!0061{u}' UESCAPE '!';",
    "SELECT $${w}$$, $a$ $$ {w} $$ $a$, $é${w}$é$;",
    "SELECT $_1$ $1$ {w} $_1$;",
    "SELECT N'{q}', B'01', x'ff', '{q}'::text;",
    "SELECT 1 AS \"{i}\", 2 AS \"a\"\"{i}\";",
    "SELECT 1 AS U&\"{i}\", 2 AS U&\"d!0061{i}\" UESCAPE '!';",
    "SELECT 1 AS commit, 2 AS begin, 3 AS \"end\", 4 AS rollback, 5 AS a$b$;",
    "/* {c} /* '{c} */ \" $$ */ SELECT /* {c} */ 1 /* {c} */;",
    "-- {w} '\nSELECT 1; -- {w} $$\n",
    "SELECT 2 */* {c} */ 3, 4 -/**/- 1, 3 --{w}\n + 1;",
    "CREATE TABLE \"{i}{n}\" (begin int, \"end\" int, \"case;\" text DEFAULT '{q}');",
    "CREATE TABLE t{n} (begin int, \"commit\" int, atomic int);\nCREATE FUNCTION f{n}(begin int) RETURNS int LANGUAGE sql\n\
     BEGIN ATOMIC\n SELECT t.begin FROM t{n} t; -- {w}\n SELECT CASE WHEN begin > 0 THEN CASE begin WHEN 1 THEN 2 END END AS end;\nEND;",
    "CREATE FUNCTION f{n}(\"end\" int, case_ text DEFAULT '{q}') RETURNS text BEGIN ATOMIC SELECT '{q}'; SELECT $x${w}$x$; END;",
    "CREATE PROCEDURE begin{n}() BEGIN ATOMIC END;",
    "CREATE PROCEDURE p{n}() BEGIN ATOMIC /* END; {c} */ SELECT 1 AS begin; -- END; {w}\n SELECT (SELECT CASE WHEN true THEN (1) END); END;",
    "CREATE FUNCTION g{n}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM '{q}'; BEGIN NULL; END; END; $$;",
    "CREATE FUNCTION h{n}() RETURNS text LANGUAGE sql AS 'SELECT 1; -- {q}\n SELECT ''a''::text';",
    "CREATE PROCEDURE k{n}() LANGUAGE plpgsql AS $p$ BEGIN COMMIT; ROLLBACK; END $p$;",
    "CREATE TABLE r{n} (begin int);\nCREATE RULE commit{n} AS ON INSERT TO r{n} DO ALSO (DELETE FROM r{n}; SELECT '{q}' AS begin; NOTIFY x);",
    "CREATE TABLE s{n} (i int);\nCREATE RULE rollback{n} AS ON UPDATE TO s{n} DO INSTEAD (SELECT (1); (SELECT 2); SELECT $${w}$$);",
    "CREATE VIEW v{n} AS SELECT 1 AS begin, 2 AS commit;\nCOMMENT ON VIEW v{n} IS '{q}';",
    "DO $do$ BEGIN PERFORM $${w}$$; /* {c} */ END $do$;",
    "DO LANGUAGE plpgsql 'BEGIN PERFORM ''{qq}''; END';",
    "PREPARE commit{n} AS SELECT 1; EXECUTE commit{n}; DEALLOCATE commit{n};",
    "CREATE TYPE begin{n} AS ENUM ('{q}', 'END');",
    "CREATE DOMAIN commit{n} AS text CHECK (VALUE <> '{q}');",
    "CREATE TABLE c{n} (v text);\nCOPY c{n} FROM stdin;\n{w}\n'{w}\n-- $$ /* \"\n\\\\.\nEND;\n\\.",
    "CREATE TABLE d{n} (v text);\nCOPY d{n} (v) FROM STDIN WITH (FORMAT csv);\n\"{w}\n\"\"COMMIT;\"\"\n\"\n\\.",
    "SET LOCAL application_name = '{q}';",
    "SELECT set_config('regrow.commit', '{q}', false);",
    "SAVE_POINT: SELECT 1;",
    "SELECT (array[1,2,3])[1:2], '{q}' :: text;",
    "INSERT INTO first VALUES (DEFAULT) RETURNING id AS commit;",
    "WITH begin AS (SELECT 1 AS \"end\") SELECT * FROM begin WHERE 'END;' <> '{q}';",
    "CREATE SEQUENCE commit{n}; SELECT nextval('commit{n}') AS \"{i}\";",
    "CREATE TRIGGER t{n} BEFORE UPDATE ON first FOR EACH ROW WHEN (NEW.id::text <> '{q}') EXECUTE FUNCTION suppress_redundant_updates_trigger();",
    "CREATE AGGREGATE commit{n} (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');",
    "CREATE OPERATOR @@@{n} (LEFTARG = int);",
    "SET standard_conforming_strings = on; SELECT 'a\\'; SELECT '{q}\\';",
    "SELECT\u{c}1;\tSELECT\r2;",
];

/// Statements that end the transaction of the revision or begin one, or try to; `{n}` is a number.
pub(super) const CONTROL: [&str; 33] = [
    "COMMIT;",
    "/* a */ commit and chain;",
    "END;",
    "-- a\nEnd Transaction;",
    "ROLLBACK;",
    "ROLLBACK; BEGIN;",
    "ABORT;",
    "BEGIN;",
    "START TRANSACTION READ ONLY;",
    "PREPARE TRANSACTION 'x';",
    "COMMIT PREPARED 'x';",
    "SAVEPOINT a;",
    "ROLLBACK /* b */ TO a;",
    "RELEASE a;",
    "DO $$ BEGIN COMMIT; END $$;",
    "DO 'BEGIN ROLLBACK; END';",
    "DO $$ BEGIN EXECUTE 'COM' || 'MIT'; END $$;",
    "CREATE PROCEDURE q{n}() LANGUAGE plpgsql AS $$ BEGIN ROLLBACK; END $$;\nCALL q{n}();",
    "CREATE PROCEDURE q{n}() LANGUAGE plpgsql AS $$ BEGIN COMMIT AND CHAIN; END $$;\nDO $$ BEGIN CALL q{n}(); END $$;",
    "SELECT 1 AS a$b$; COMMIT; --$b$\n",
    "SELECT U&'\\0041'; COMMIT;",
    "SELECT 'a\\'; COMMIT; --';\n",
    "SELECT E'\\\\'; COMMIT; --';\n",
    "SELECT 1 /* /* */ ; */; COMMIT;",
    "CREATE FUNCTION q{n}() RETURNS date BEGIN ATOMIC SELECT s.begin FROM first_ s; END; COMMIT;",
    "CREATE FUNCTION q{n}() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; END;",
    "SET standard_conforming_strings = off;\nSELECT 'it\\'; COMMIT; --';",
    "DO $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$;\nSELECT 'it\\'; COMMIT; --';\n",
    "DO $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', true); END $$;\nSELECT 'it\\'''; COMMIT; SELECT ''';\n",
    "SELECT :commit;\nCOMMIT;",
    "SELECT 1 \\; COMMIT;",
    "SELECT 1 \\g\nCOMMIT;",
    "SET TRANSACTION READ ONLY;",
];

/// What nobody may do to a log and have kept, in a revision that fails.
pub(super) const DAMAGE: [&str; 9] = [
    "ALTER TABLE events RENAME TO moved;",
    "ALTER SCHEMA event_store RENAME TO moved;",
    "DELETE FROM events;",
    "TRUNCATE events RESTART IDENTITY;",
    "DROP TABLE events CASCADE;",
    "UPDATE events SET payload = '{}';",
    "DROP SCHEMA event_store CASCADE;",
    "INSERT INTO events (stream_id, stream_version, event_type, payload) VALUES ('x', 0, 'X', '{}');",
    "DELETE FROM refinery_schema_history;",
];

/// What a slip puts into a text.
const SLIPS: [&str; 26] = [
    "'",
    "\"",
    "$$",
    "*/",
    "/*",
    ";",
    "(",
    ")",
    " BEGIN ATOMIC ",
    " END; COMMIT; ",
    "\\",
    "--",
    "E'",
    "$a$",
    "U&'",
    "\u{feff}",
    "\u{a0}",
    "\n\\.\n",
    "COPY first FROM stdin;\n",
    "\r",
    "\u{2028}",
    "\u{b}",
    "'\n'",
    ":x",
    "\nCOMMIT;\n",
    "CREATE FUNCTION z() RETURNS int ",
];

/// A statement that is what it seems to be to PostgreSQL.
pub(super) fn harmless(dice: &mut Dice, n: usize) -> String {
    let template = loop {
        let template = dice.one_of(&HARMLESS);
        // psql's own, and an operator that cannot be made: kept for the slips.
        if !template.starts_with("SAVE_POINT") && !template.contains("@@@{n}") {
            break template;
        }
    };
    fill(template, dice, n)
}

/// Any statement of the list, also one that PostgreSQL refuses.
pub(super) fn any(dice: &mut Dice, n: usize) -> String {
    let template = dice.one_of(&HARMLESS);
    fill(template, dice, n)
}

fn fill(template: &str, dice: &mut Dice, n: usize) -> String {
    let word = *dice.one_of(&WORDS);
    let quoted = word.replace('\'', "''");
    template
        .replace("{qq}", &quoted.replace('\'', "''"))
        .replace("{q}", &quoted)
        .replace("{e}", &word.replace('\'', "\\'"))
        .replace("{u}", &quoted.replace(['\\', '!'], ""))
        .replace("{i}", &word.replace(['"', '!', '\\'], ""))
        .replace("{c}", &word.replace("*/", ""))
        .replace("{w}", word)
        .replace("{n}", &n.to_string())
        + "\n"
}

/// Puts up to three slips into a text: something added, taken away, or said twice.
pub(super) fn slip(dice: &mut Dice, text: &mut String) {
    for _ in 0..=dice.below(3) {
        let at = boundary(text, dice.below(text.len().max(1)));
        let end = boundary(text, (at + 1 + dice.below(12)).min(text.len()));
        match dice.below(5) {
            0 => text.replace_range(at..end, ""),
            1 => {
                let again = text[at..end].to_owned();
                text.insert_str(end, &again);
            }
            _ => text.insert_str(at, SLIPS[dice.below(SLIPS.len())]),
        }
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text as the bytes of a file: with other line ends, a byte order mark, a NUL, or bytes that are
/// no text. Whether it can still run.
pub(super) fn bytes(dice: &mut Dice, text: &str) -> (Vec<u8>, bool) {
    let crlf = || text.replace("\r\n", "\n").replace('\n', "\r\n");
    match dice.below(10) {
        0 => (format!("\u{feff}{text}").into_bytes(), true),
        1 | 2 => (crlf().into_bytes(), true),
        3 => (format!("\u{feff}{}", crlf()).into_bytes(), true),
        4 => {
            let mut bytes = text.as_bytes().to_vec();
            bytes.insert(dice.below(bytes.len()), *dice.one_of(&[0, 0xff, 0xc3]));
            (bytes, false)
        }
        _ => (text.as_bytes().to_vec(), true),
    }
}
