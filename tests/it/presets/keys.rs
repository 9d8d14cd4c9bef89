//! Keys of `[event_store.adopt]`: rows that are left out, tenants, other names and versions of types.

use super::{shown, store};
use crate::bench::{Project, rows};

/// A log with a projection `seen` of type `Placed`, whose rows are its position and what `value` gives.
fn noted(sql: &str, section: &str, value: &str) -> Project {
    let project = Project::empty();
    project.events().batch_execute(sql).unwrap();
    project.write("config.toml", section);
    let table = "CREATE TABLE seen (id bigint PRIMARY KEY, value text);";
    project.write("projections/seen/schema/V1__seen.sql", table);
    let handler =
        format!("-- on Placed\nINSERT INTO seen (id, value) VALUES (:event.position, {value});\n");
    project.write("projections/seen/handlers.sql", &handler);
    project
}

fn seen(project: &Project) -> Vec<String> {
    rows(&mut project.reads(), "SELECT id, value FROM read_model.seen ORDER BY id")
}

const LOG: &str = "CREATE TABLE public.log (id bigserial PRIMARY KEY, whose text, gone boolean NOT NULL DEFAULT false,
        kind text NOT NULL, body jsonb NOT NULL, meta jsonb);
    INSERT INTO public.log (whose, gone, kind, body, meta) VALUES
        ('a', false, 'Placed', '{\"n\": 1}', '{\"by\": \"x\"}'), ('b', false, 'Placed', '{\"n\": 2}', NULL),
        ('a', true, 'Placed', '{\"n\": 3}', '[]'), ('b', false, 'Shop.Orders+Placed, Shop', '{\"n\": 4}', '{}'),
        ('a', false, 'Placed_v2', '{\"n\": 5}', '{}');";

const SECTION: &str = "[event_store.adopt]\ntable = \"public.log\"\nposition = \"id\"\ntype = \"kind\"\npayload = \"body\"\n";

/// A row that is left out after it was read is no lost event, and one that never counted is none either.
#[test]
fn rows_that_are_left_out() {
    let section = format!("{SECTION}where = \"NOT log.gone\"\n");
    let project = noted(LOG, &section, ":n");
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(seen(&project), ["(1,1)", "(2,2)"]);
    let mut log = project.events();
    log.batch_execute("INSERT INTO public.log (kind, body) VALUES ('Placed', '{\"n\": 6}')")
        .unwrap();
    project.ok(&["run", "--until-caught-up"]);
    // The last event that was read, and with it the newest anchor.
    log.batch_execute("UPDATE public.log SET gone = true WHERE id = 6").unwrap();
    project.ok(&["status"]);
    log.batch_execute("INSERT INTO public.log (kind, body) VALUES ('Placed', '{\"n\": 7}')")
        .unwrap();
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(
        seen(&project),
        ["(1,1)", "(2,2)", "(6,6)", "(7,7)"],
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(seen(&project), ["(1,1)", "(2,2)", "(7,7)"]);
    // Where the log begins is not where it began, and nothing was deleted.
    log.batch_execute("UPDATE public.log SET gone = true WHERE id = 1").unwrap();
    log.batch_execute("INSERT INTO public.log (kind, body) VALUES ('Placed', '{\"n\": 8}')")
        .unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(seen(&project).last().unwrap(), "(8,8)");
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(seen(&project), ["(2,2)", "(7,7)", "(8,8)"]);
    let kinds = project.json(&["census"])["kinds"].as_array().unwrap().clone();
    let placed = kinds.iter().find(|kind| kind["type"] == "Placed").unwrap();
    assert_eq!(placed["events"], 3);
}

#[test]
fn tenants_are_among_the_metadata() {
    let section = format!("{SECTION}tenant = \"whose\"\nmetadata = \"meta\"\n");
    let project =
        noted(LOG, &section, ":event.metadata.tenant || ':' || COALESCE(:event.metadata.by?, '-')");
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(seen(&project), ["(1,a:x)", "(2,b:-)", "(3,a:-)"]);
}

#[test]
fn types_have_other_names_and_versions() {
    let types = "types = { \"Shop.Orders+Placed, Shop\" = \"Placed\", \"Placed_v2\" = { type = \"Placed\", version = 2 } }\n";
    let project = noted(LOG, &format!("{SECTION}{types}"), ":n");
    project.write(
        "migrations/events/Placed.toml",
        "type = \"Placed\"\n[[step]]\nfrom = 1\njq = '.n = .n + 100'\n",
    );
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(seen(&project), ["(1,101)", "(2,102)", "(3,103)", "(4,104)", "(5,5)"]);
}

/// Positions that begin at 0, read in ranges, followed, sampled, traced and verified.
#[test]
fn positions_that_begin_at_0() {
    let sql = "CREATE SEQUENCE public.numbers MINVALUE 0 START WITH 0;
        CREATE TABLE public.log (id bigint PRIMARY KEY DEFAULT nextval('public.numbers'), kind text NOT NULL, body jsonb NOT NULL);
        INSERT INTO public.log (kind, body) SELECT 'Placed', jsonb_build_object('n', n) FROM generate_series(0, 299) AS n;";
    let section = format!("[rebuild]\nrange_positions = 7\n{SECTION}position_offset = 1\n");
    let project = noted(sql, &section, ":n");
    project.ok(&["rebuild", "seen", "--promote"]);
    let all = || seen(&project);
    assert_eq!((all().len(), all()[0].as_str(), all()[299].as_str()), (300, "(1,0)", "(300,299)"));
    project
        .events()
        .batch_execute("INSERT INTO public.log (kind, body) VALUES ('Placed', '{\"n\": 300}')")
        .unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(all()[300], "(301,300)");
    project.ok(&["verify", "seen", "--against", "log"]);
    project.ok(&["trace", "seen", "--key", "id=301"]);
    assert_eq!(project.json(&["check", "--allow-pending"])["ok"], true);
    let first: serde_json::Value =
        serde_json::from_str(project.ok(&["export"]).lines().next().unwrap()).unwrap();
    assert_eq!(first["position"], 1);
    // Without the key the first event would never be read, and that is told.
    project.write("config.toml", SECTION);
    let ran = project.run(&["rebuild", "seen"]);
    assert!(ran.stderr.contains("position_offset = 1"), "{}", ran.stderr);
}

/// A moment is one of the events that are read, at the positions that they have here.
#[test]
fn moments_mind_what_is_left_out_and_where_positions_begin() {
    let sql = "CREATE SEQUENCE public.numbers MINVALUE 0 START WITH 0;
        CREATE TABLE public.log (id bigint PRIMARY KEY DEFAULT nextval('public.numbers'), kind text NOT NULL, body jsonb NOT NULL,
                                 at timestamptz, dead bool NOT NULL DEFAULT false);
        INSERT INTO public.log (kind, body, at)
        SELECT 'Placed', jsonb_build_object('n', n), '2026-03-01Z'::timestamptz + n * interval '1 minute'
          FROM generate_series(0, 9) AS n;
        UPDATE public.log SET at = '2026-05-01Z', dead = true WHERE id = 2;";
    let keys = "position_offset = 1\nwhere = \"NOT dead\"\nrecorded_at = \"at\"\n";
    let project = noted(sql, &format!("{SECTION}{keys}"), ":n");
    project.ok(&["rebuild", "seen", "--promote"]);
    let moment = "2026-03-01 00:05:30Z";
    let shown = project.json(&["as-of", "seen", "--at", moment, "--publish", "then"]);
    assert_eq!(
        (&shown["position"], &shown["recorded_by_then_and_later_in_the_log"]),
        (&6.into(), &0.into())
    );
    let mut client = project.events();
    let of_then = rows(&mut client, "SELECT id, value FROM \"then\".seen ORDER BY id");
    assert_eq!(of_then, ["(1,0)", "(2,1)", "(4,3)", "(5,4)", "(6,5)"]);
    project.ok(&["rebuild", "seen", "--until", moment]);
    let last = "SELECT position FROM regrow.build JOIN regrow.checkpoint ON build_id = id ORDER BY id DESC LIMIT 1";
    assert_eq!(rows(&mut client, last), ["(6)"]);
    let ran = project.run(&["rebuild", "seen", "--until", "2999-01-01", "--json"]);
    assert!(ran.code == 2 && ran.stderr.contains("\"moment-empty\""), "{}", ran.stderr);
}

/// Tenants that share Marten's table: their streams may have one id, and one of them can be read alone.
#[test]
fn marten_with_tenants() {
    let adopted = |more: &[&str]| {
        let project = store("marten");
        let sql = "DROP INDEX public.pk_mt_events_stream_and_version;
            CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events (tenant_id, stream_id, version);
            INSERT INTO public.mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
            SELECT nextval('public.mt_events_sequence'), gen_random_uuid(), stream_id, version,
                   jsonb_set(data, '{order_id}', '\"other\"'), type, 'other'
              FROM public.mt_events WHERE seq_id = 1";
        project.events().batch_execute(sql).unwrap();
        let ran =
            project.run(&[&["adopt", "--preset", "marten", "--gaps", "100ms"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains(":event.metadata.tenant"), "{}", ran.stderr);
        project.ok(&["rebuild", "orders", "--promote"]);
        project
    };
    let all = adopted(&[]);
    assert!(all.read("config.toml").contains("tenant = \"tenant_id\""));
    assert_eq!(shown(&all, "orders", "1").lines().count(), 81);
    let found = all.json(&["rebuild", "orders", "--preflight"]);
    let codes: Vec<&str> =
        found.as_array().unwrap().iter().filter_map(|f| f["code"].as_str()).collect();
    assert!(!codes.contains(&"stream-versions"), "{found}");
    // Without the key their versions seem out of order, and the finding names the key.
    let config = all.read("config.toml");
    all.write("config.toml", &config.replace("tenant = \"tenant_id\"\n", ""));
    let told = all.run(&["rebuild", "orders", "--preflight"]);
    let named = format!("{}{}", told.stdout, told.stderr)
        .contains("tenant = \"COLUMN\" in [event_store.adopt]");
    assert!(told.code == 0 && named, "{}{}", told.stdout, told.stderr);
    let other = adopted(&["--tenant", "other"]);
    assert_eq!(shown(&other, "orders", "1").lines().count(), 1);
}
