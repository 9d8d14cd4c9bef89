//! Logs that are watched at the tables behind them.

use super::{COLUMNS, noted, put, seen, there};
use crate::bench::Database;
use crate::hazards::Dice;
use crate::hazards::table::{Scenario, times};

const SHORT: &str = "[rebuild]\nbarrier_timeout_s = 1\n";

/// Tables of one log, those an event can be put into, and the name that shows all of them.
struct Ground {
    sql: String,
    targets: Vec<&'static str>,
    /// What one name shows as a whole; without it there is only a UNION ALL of `parts`.
    whole: Option<&'static str>,
    parts: Vec<&'static str>,
}

fn ground(dice: &mut Dice) -> Ground {
    let own = *dice.of(&[
        "bigserial",
        "serial",
        "bigint GENERATED ALWAYS AS IDENTITY",
        "bigint DEFAULT nextval('public.numbers')",
    ]);
    let default = "bigint DEFAULT nextval('public.numbers')";
    let numbers = "CREATE SEQUENCE public.numbers;";
    match dice.below(5) {
        0 => Ground {
            sql: format!("{numbers} CREATE TABLE public.ev (seq {own} PRIMARY KEY, {COLUMNS});"),
            targets: vec!["public.ev"],
            whole: Some("public.ev"),
            parts: vec!["public.ev"],
        },
        1 => Ground {
            sql: format!(
                "{numbers} CREATE TABLE public.ev (seq {default}, {COLUMNS}) PARTITION BY RANGE (seq);
                 CREATE TABLE public.low PARTITION OF public.ev FOR VALUES FROM (0) TO (1000) PARTITION BY LIST (stream);
                 CREATE TABLE public.leaf PARTITION OF public.low FOR VALUES IN ('s');
                 CREATE TABLE public.high PARTITION OF public.ev FOR VALUES FROM (1000) TO (9000);
                 CREATE INDEX ON public.ev (seq);"
            ),
            targets: vec!["public.ev", "public.low", "public.leaf"],
            whole: Some("public.ev"),
            parts: vec!["public.low", "public.high"],
        },
        2 => Ground {
            sql: format!(
                "{numbers} CREATE TABLE public.ev (seq {default}, {COLUMNS});
                 CREATE TABLE public.child (PRIMARY KEY (seq)) INHERITS (public.ev);
                 CREATE TABLE public.grandchild (more int) INHERITS (public.child);"
            ),
            targets: vec!["public.ev", "public.child", "public.grandchild"],
            whole: Some("public.ev"),
            parts: vec!["public.ev"],
        },
        // What is named is a part, and writers go through what it is a part of.
        3 => Ground {
            sql: format!(
                "CREATE TABLE public.ev (seq bigserial, {COLUMNS}) PARTITION BY LIST (stream);
                 CREATE TABLE public.leaf PARTITION OF public.ev FOR VALUES IN ('s');"
            ),
            targets: vec!["public.ev", "public.leaf"],
            whole: Some("public.leaf"),
            parts: vec!["public.leaf"],
        },
        _ => Ground {
            sql: format!(
                "{numbers} CREATE TABLE public.one (seq {default} PRIMARY KEY, {COLUMNS});
                 CREATE TABLE public.two (seq {default} PRIMARY KEY, {COLUMNS});"
            ),
            targets: vec!["public.one", "public.two"],
            whole: None,
            parts: vec!["public.one", "public.two"],
        },
    }
}

/// Views over a log, one over another; gives the name of the last.
fn views(dice: &mut Dice, ground: &mut Ground) -> String {
    let mut name = ground.whole.map(str::to_owned);
    let depth = dice.below(3) + usize::from(name.is_none());
    for n in 0..depth {
        let arms: Vec<String> = match &name {
            Some(name) => vec![name.clone()],
            None => ground.parts.iter().map(ToString::to_string).collect(),
        };
        let position =
            *dice.of(&["x.seq", "x.seq::bigint AS seq", "x.seq + 1 AS seq", "(x.seq - 0) AS seq"]);
        // The same for each part of a union: else positions are no longer one row of numbers.
        let condition =
            *dice.of(&["", "WHERE kind <> 'none' AND ver >= 0", "WHERE stream IN ('s', 't')"]);
        let arm = |table: &String| {
            format!(
                "SELECT {position}, x.stream, x.ver, lower(x.kind) AS lower, x.kind, x.body FROM {table} x {condition}"
            )
        };
        let arms: Vec<String> = arms.iter().map(arm).collect();
        let mut body = arms.join(" UNION ALL ");
        if dice.percent(30) {
            body = format!(
                "SELECT u.seq, u.stream, u.ver, u.kind, u.body FROM ({body}) u ORDER BY u.stream"
            );
        }
        let view = format!("public.view_{n}");
        ground.sql.push_str(&format!("CREATE VIEW {view} AS {body};"));
        name = Some(view);
    }
    name.unwrap()
}

/// One writer takes a position and is held open while another commits a later one: a follower waits for
/// it, whatever table it writes to and whatever view is read.
#[test]
fn a_late_writer_is_waited_for_behind_every_shape() {
    let mut scenario = Scenario::new("F23 late writers behind views, children and partitions");
    let mut dice = Dice::new("watched shapes");
    for _ in 0..times(8, 60) {
        let mut ground = ground(&mut dice);
        let name = views(&mut dice, &mut ground);
        let targets = (*dice.of(&ground.targets), *dice.of(&ground.targets));
        let what = format!("{name} over {}, writers of {targets:?}", ground.sql);
        println!("{what}");
        let project = noted(Database::new(), &ground.sql, (&name, ""), SHORT);
        let (mut late, mut early) = (project.events(), project.events());
        put(&mut early, targets.1, None);
        project.ok(&["rebuild", "seen", "--promote"]);
        late.batch_execute("BEGIN").unwrap();
        put(&mut late, targets.0, None);
        put(&mut early, targets.1, None);
        let ran = project.run(&["run", "--until-caught-up"]);
        assert_eq!(ran.code, 7, "{what}\n{}{}", ran.stdout, ran.stderr);
        assert_eq!(seen(&project).len(), 1, "{what}");
        late.batch_execute("COMMIT").unwrap();
        project.ok(&["run", "--until-caught-up"]);
        assert_eq!(seen(&project), there(&project, &name), "{what}");
        assert_eq!(seen(&project).len(), 3, "{what}");
        assert_eq!(project.json(&["status"])["builds"][0]["lag"], 0, "{what}");
        scenario.ran();
    }
    scenario.end();
}

/// Where a view joins, tables and sequence are named; the writer of a table that is not named shows by
/// the sequence that it took a number of.
#[test]
fn a_view_that_joins_is_watched_by_what_is_named() {
    let sql = format!(
        "CREATE TABLE public.ev (seq bigserial PRIMARY KEY, stream_no int, ver int, kind text, body jsonb);
         CREATE TABLE public.streams (no int PRIMARY KEY, stream text);
         INSERT INTO public.streams VALUES (1, 's');
         CREATE VIEW public.joined AS SELECT e.seq, s.stream, e.ver, e.kind, e.body
           FROM public.ev e JOIN public.streams s ON s.no = e.stream_no; -- {COLUMNS}"
    );
    let named = "writers = [\"public.streams\"]\nsequence = \"public.ev_seq_seq\"";
    let project = noted(Database::new(), &sql, ("public.joined", named), SHORT);
    let append = "INSERT INTO public.ev (stream_no, ver, kind, body) VALUES (1, 0, 'Noted', '{}')";
    let (mut late, mut early) = (project.events(), project.events());
    early.batch_execute(append).unwrap();
    project.ok(&["rebuild", "seen", "--promote"]);
    late.batch_execute(&format!("BEGIN; {append}")).unwrap();
    early.batch_execute(append).unwrap();
    assert_eq!(project.run(&["run", "--until-caught-up"]).code, 7);
    late.batch_execute("COMMIT").unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(seen(&project), there(&project, "public.joined"));
    // And a lookup row without which its events do not show.
    late.batch_execute("BEGIN; INSERT INTO public.streams VALUES (2, 't')").unwrap();
    early.batch_execute(append).unwrap();
    assert_eq!(project.run(&["run", "--until-caught-up"]).code, 7);
}

/// A number that is taken by nextval before the INSERT, in its transaction, locks no table yet.
#[test]
fn a_number_taken_before_the_insert_is_waited_for() {
    let sql = format!(
        "CREATE SEQUENCE public.numbers; CREATE TABLE public.ev (seq bigint PRIMARY KEY, {COLUMNS});
         ALTER SEQUENCE public.numbers OWNED BY public.ev.seq;"
    );
    let project = noted(Database::new(), &sql, ("public.ev", ""), SHORT);
    let (mut late, mut early) = (project.events(), project.events());
    let take = |client: &mut postgres::Client| -> i64 {
        client.query_one("SELECT nextval('public.numbers')", &[]).unwrap().get(0)
    };
    let first = take(&mut early);
    put(&mut early, "public.ev", Some(first));
    project.ok(&["rebuild", "seen", "--promote"]);
    late.batch_execute("BEGIN").unwrap();
    let (below, above) = (take(&mut late), take(&mut early));
    put(&mut early, "public.ev", Some(above));
    assert_eq!(project.run(&["run", "--until-caught-up"]).code, 7);
    put(&mut late, "public.ev", Some(below));
    late.batch_execute("COMMIT").unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(seen(&project), ["(1)", "(2)", "(3)"]);
}

/// Children that come while a log is followed are watched as soon as they are there.
#[test]
fn a_child_that_comes_while_a_log_is_followed_is_watched() {
    let sql = format!(
        "CREATE TABLE public.ev (seq bigserial, {COLUMNS}) PARTITION BY LIST (stream);
         CREATE TABLE public.other PARTITION OF public.ev FOR VALUES IN ('t');"
    );
    let config = "[follow]\npoll_ms = 5\n";
    let project = noted(Database::new(), &sql, ("public.ev", ""), config);
    project.ok(&["rebuild", "seen", "--promote"]);
    let follower = crate::hazards::Running::start(&project, &["run"]);
    let (mut late, mut early) = (project.events(), project.events());
    early
        .batch_execute("CREATE TABLE public.leaf PARTITION OF public.ev FOR VALUES IN ('s')")
        .unwrap();
    late.batch_execute("BEGIN").unwrap();
    put(&mut late, "public.leaf", None);
    put(&mut early, "public.leaf", None);
    crate::hazards::wait_for_a_barrier_wait(&mut early, "regrow run");
    assert_eq!(seen(&project), [""; 0]);
    late.batch_execute("COMMIT").unwrap();
    crate::bench::wait_until("both events", || seen(&project).len() == 2);
    // A part that goes takes its events out of the log, and nobody waits for its writers.
    early.batch_execute("ALTER TABLE public.ev DETACH PARTITION public.other").unwrap();
    put(&mut early, "public.ev", None);
    crate::bench::wait_until("the third event", || seen(&project).len() == 3);
    assert_eq!(follower.stop().code, 0);
}

/// A writer that appends between the two looks at the log's end and at its sequence is no reason to
/// refuse.
#[test]
fn a_racing_writer_is_no_false_refusal() {
    let sql = format!("CREATE TABLE public.ev (seq bigserial PRIMARY KEY, {COLUMNS});");
    let project = noted(Database::new(), &sql, ("public.ev", ""), "");
    project.ok(&["rebuild", "seen", "--promote"]);
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = project.events();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                put(&mut client, "public.ev", None);
            }
        });
        let mut codes = Vec::new();
        for _ in 0..15 {
            codes.push(project.run(&["status"]).code);
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(codes, [0; 15]);
    });
}
