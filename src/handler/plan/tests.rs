//! Plans against the general path: by hand, and for thousands of random chains.

use std::cell::RefCell;

use super::*;
use crate::event::{Payload, Position, RawEvent};
use crate::handler::bind::Seen;
use crate::handler::param_type::ParamType;
use crate::source::SourceFile;

/// Handlers, upcasters and, for each handler, a slot for each parameter and form.
struct World {
    handlers: Handlers,
    upcasters: Upcasters,
    slots: Vec<Vec<Slot>>,
    plans: Plans,
    layouts: RefCell<LayoutCache>,
}

type Texts = Vec<Option<String>>;

impl World {
    /// `None`: the files have mistakes.
    fn new(handlers: &str, upcasters: &[String], forms: &[Form]) -> Option<World> {
        let handlers = Handlers::parse(SourceFile::new("handlers.sql", handlers)).unwrap();
        let file = |(nth, text): (usize, &String)| SourceFile::new(format!("{nth}.toml"), text);
        let files: Vec<_> = upcasters.iter().enumerate().map(file).collect();
        let upcasters = Upcasters::load(&files).ok()?;
        let slots_of = |count: usize| {
            let slot = |(param, form): (usize, &Form)| {
                let sql_type = match form {
                    Form::Text => "text",
                    Form::Json => "jsonb",
                    Form::Array { .. } => "text[]",
                };
                Slot { param, ty: ParamType { form: *form, ..ParamType::plain(sql_type) } }
            };
            let each = (0..count).flat_map(|param| forms.iter().map(move |form| (param, form)));
            each.map(slot).collect::<Vec<_>>()
        };
        let slots: Vec<_> = handlers.handlers.iter().map(|h| slots_of(h.params.len())).collect();
        let reach = Reach::new(&handlers, &upcasters);
        let plans = Plans::new(&handlers, &upcasters, &reach, &slots);
        let layouts = RefCell::new(plans.layouts());
        Some(World { handlers, upcasters, slots, plans, layouts })
    }

    /// Handler, type, version and texts by the general path.
    fn general(
        &self,
        event_type: &str,
        version: i32,
        payload: &str,
    ) -> Option<(usize, String, i32, Texts)> {
        let raw = RawEvent {
            position: Position(1),
            stream_id: "s",
            stream_version: 1,
            event_type,
            schema_version: version,
            payload,
            metadata: None,
            recorded_at: None,
            recorded_micros: None,
        };
        let mut out = Vec::new();
        self.upcasters.upcast(&raw, &mut out).ok()?;
        let [one] = &out[..] else { return None };
        let handler = self.handlers.index_of(&one.event_type)?;
        let seen = Seen {
            raw: &raw.with_payload(()),
            event_type: &one.event_type,
            schema_version: one.schema_version,
            index: one.index,
            payload: &one.payload,
            metadata: None,
        };
        let mut texts = Vec::new();
        for slot in &self.slots[handler] {
            let param = &self.handlers.handlers[handler].params[slot.param];
            let is_field = matches!(param.source, ParamSource::Field(_));
            let value = if is_field { param.value(&seen, &slot.ty).ok()? } else { None };
            texts.push(value.map(Cow::into_owned));
        }
        Some((handler, one.event_type.to_string(), one.schema_version, texts))
    }

    /// The same by the plan.
    fn direct(
        &self,
        event_type: &str,
        version: i32,
        payload: &str,
    ) -> Option<(usize, String, i32, Texts)> {
        let Route::Direct(plan) = self.plans.route(event_type, version) else { return None };
        let mut texts: Texts = Vec::new();
        // One reader for all payloads, which guesses each from the one before it.
        plan.read(&mut self.layouts.borrow_mut(), Payload::Text(payload), |nth, text| {
            assert_eq!(nth, texts.len());
            texts.push(text.map(Cow::into_owned));
            Some(())
        })?;
        Some((plan.handler(), plan.event_type().to_owned(), plan.schema_version(), texts))
    }
}

fn world(handlers: &str, upcasters: &[&str]) -> World {
    let upcasters: Vec<_> = upcasters.iter().map(|text| (*text).to_owned()).collect();
    World::new(handlers, &upcasters, &[Form::Text]).unwrap()
}

/// The plan accepts and gives these texts, as does the general path.
fn check(world: &World, version: i32, payload: &str, expected: &[Option<&str>]) {
    let direct = world.direct("T", version, payload);
    let texts = direct.as_ref().map(|(_, _, _, texts)| texts.iter().map(Option::as_deref));
    assert_eq!(texts.map(Iterator::collect::<Vec<_>>).as_deref(), Some(expected), "{payload}");
    assert_eq!(direct, world.general("T", version, payload), "{payload}");
}

#[test]
fn an_old_event_is_read_in_one_pass() {
    let world = world(
        "-- on T\nINSERT INTO t VALUES (:order_id, :unit_price, :currency, :note?, :event.position, :buyer.id);",
        &[
            "type = \"T\"\n[[step]]\nfrom = 1\nrename = { price = \"unit_price\" }\nmove = { customer = \"buyer.id\" }\n\
           default = { currency = \"USD\" }\n[[step]]\nfrom = 2\ncast = { unit_price = \"number\" }\n",
        ],
    );
    let price = |text| [Some("o"), Some(text), Some("USD"), None, None, Some("7")];
    check(&world, 1, r#"{"order_id":"o","price":"12.50","customer":7}"#, &price("12.50"));
    check(
        &world,
        2,
        r#"{"order_id":"o","unit_price":1e2,"buyer":{"id":7},"currency":"USD"}"#,
        &price("1e2"),
    );
    check(
        &world,
        3,
        r#"{"order_id":"o","unit_price":"x","buyer":{"id":7},"currency":"USD"}"#,
        &price("x"),
    );
    // A null on the way is as good as nothing there.
    check(
        &world,
        1,
        r#"{"order_id":"o","price":"1","customer":7,"buyer":null}"#,
        &[Some("o"), Some("1"), Some("USD"), None, None, Some("7")],
    );
    for (version, bad) in [
        (1, r#"{"order_id":"o","unit_price":"1","customer":7}"#),
        (1, r#"{"order_id":"o","price":"1","unit_price":2,"customer":7}"#),
        (1, r#"{"order_id":"o","price":"1","customer":7,"buyer":"x"}"#),
        (2, r#"{"order_id":"o","unit_price":"x","buyer":{"id":7},"currency":"USD"}"#),
        (3, r#"{"order_id":"o","unit_price":"x","buyer":7,"currency":"USD"}"#),
        (3, "[1]"),
    ] {
        assert_eq!(world.direct("T", version, bad), None, "{bad}");
        assert_eq!(world.general("T", version, bad), None, "{bad}");
    }
}

#[test]
fn a_plain_text_is_borrowed() {
    let world = world("-- on T\nINSERT INTO t VALUES (:a, :b);", &[]);
    let Route::Direct(plan) = world.plans.route("T", 1) else { panic!("no plan") };
    let mut out = Vec::new();
    let payload = r#"{"b":"x","a":12}"#;
    let keep = |_, text| {
        out.push(text);
        Some(())
    };
    let mut layouts = world.plans.layouts();
    plan.read(&mut layouts, Payload::Text(payload), keep).unwrap();
    assert!(matches!(out[..], [Some(Cow::Borrowed("12")), Some(Cow::Borrowed("x"))]));
}

#[test]
fn routes() {
    let world = world(
        "-- on T\nINSERT INTO t VALUES (:a);\n-- on Quiet\n",
        &[
            "type = \"T\"\n[[step]]\nfrom = 3\njq = '.'\n[[step]]\nfrom = 4\n",
            "type = \"Old\"\n[[step]]\nfrom = 1\ntype = \"T\"\nto = 4\n[[step]]\nfrom = 2\ndrop = true\n",
            "type = \"Gone\"\n[[step]]\nfrom = 1\ndrop = true\n",
        ],
    );
    let route = |event_type, version| match world.plans.route(event_type, version) {
        Route::Ignored => "ignored".to_owned(),
        Route::General => "general".to_owned(),
        Route::Direct(p) => format!("{} {} {}", p.handler(), p.event_type(), p.schema_version()),
    };
    assert_eq!(route("Other", 1), "ignored");
    assert_eq!(route("Gone", 1), "ignored");
    assert_eq!(route("Quiet", 1), "1 Quiet 1");
    assert_eq!(route("T", 4), "0 T 5");
    assert_eq!(route("T", 5), "0 T 5");
    assert_eq!(route("Old", 1), "0 T 5");
    // By jq, dropped, of another type than any handled, and without a path.
    for (event_type, version) in
        [("T", 3), ("Old", 2), ("Old", 3), ("T", 2), ("T", 6), ("T", i32::MIN), ("Quiet", 0)]
    {
        assert_eq!(route(event_type, version), "general", "{event_type} {version}");
    }
}

#[test]
fn what_is_inside_another_is_left_to_the_general_path() {
    for (step, handler, composed) in [
        ("rename = { a = \"b\" }", "INSERT INTO t VALUES (:b.x);", false),
        ("set = { b.x = 1 }", "INSERT INTO t VALUES (:b);", false),
        ("move = { b.x = \"c\" }\nset = { b = 1 }", "INSERT INTO t VALUES (:c);", false),
        ("remove = [\"b.x\"]", "INSERT INTO t VALUES (:b);", false),
        ("set = { a = 1 }", "INSERT INTO t VALUES (:b, :b.x);", true),
        ("move = { b.x = \"c\" }\nremove = [\"b\"]", "INSERT INTO t VALUES (:c, :b.y?);", true),
    ] {
        let file = format!("type = \"T\"\n[[step]]\nfrom = 1\n{step}\n");
        let world = world(&format!("-- on T\n{handler}"), &[&file]);
        assert_eq!(matches!(world.plans.route("T", 1), Route::Direct(_)), composed, "{step}");
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn of<'t, T: ?Sized>(&mut self, list: &[&'t T]) -> &'t T {
        list[self.below(list.len())]
    }

    fn path(&mut self) -> &'static str {
        let odd = if self.percent(8) { 2 } else { 0 };
        let paths = ["a", "b", "c", "d", "e", "n.x", "n.y", "m.x", "m.y.z", "n", "m.y"];
        self.of(&paths[..9 + odd])
    }

    fn step(&mut self, from: usize) -> String {
        let mut step = format!("[[step]]\nfrom = {from}\n");
        for form in ["rename", "move", "remove", "cast", "map", "set", "default"] {
            if !self.percent(30) {
                continue;
            }
            let mut entries = Vec::new();
            for _ in 0..=self.below(3) {
                let path = self.path();
                let key =
                    if self.percent(80) { format!("\"{path}?\"") } else { format!("\"{path}\"") };
                entries.push(match form {
                    "rename" | "move" => format!("{key} = \"{}\"", self.path()),
                    "remove" => format!("\"{path}\""),
                    "cast" => {
                        let to = ["string", "integer", "number", "boolean", "string"];
                        format!("{key} = \"{}\"", self.of(&to))
                    }
                    "map" => format!(
                        "{key} = {{ \"1\" = \"one\", \"true\" = false, null = 7, x = [1]{} }}",
                        self.of(&["", ", \"*\" = 12", ", \"*\" = \"other\""])
                    ),
                    _ => format!(
                        "\"{path}\" = {}",
                        self.of(&["1", "\"12\"", "true", "[1, \"x\"]", "{ x = 1 }", "\"q\\\"\""])
                    ),
                });
            }
            let (open, close) = if form == "remove" { ("[", "]") } else { ("{", "}") };
            step.push_str(&format!("{form} = {open} {} {close}\n", entries.join(", ")));
        }
        step
    }

    fn handler(&mut self) -> String {
        let mut params: Vec<String> = Vec::new();
        for _ in 0..=self.below(5) {
            let path = self.path();
            if params.iter().all(|param| param.trim_end_matches('?') != format!(":{path}")) {
                params.push(format!(":{path}{}", self.of(&["?", "?", ""])));
            }
        }
        format!("-- on T, U\nINSERT INTO t VALUES ({}, :event.position);", params.join(", "))
    }

    fn value(&mut self) -> &'static str {
        if self.percent(10) {
            return self.of(&[
                "{ \"x\" : 1 }",
                "[1, \"a\\\"b\", null]",
                "[[1],[{}]]",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"a\\n\\u00e9\"",
                "\"\\u0031\"",
            ]);
        }
        self.of(&[
            "1",
            "12.0",
            "-0",
            "1e2",
            "\"12\"",
            "\"x\"",
            "true",
            "\"true\"",
            "null",
            "\"กข\"",
            "\"\"",
            "[\"x\", 2]",
        ])
    }

    fn blank(&mut self) -> &'static str {
        if self.percent(5) { self.of(&[" ", "\n\t", "  ", "\r"]) } else { "" }
    }

    fn object(&mut self, keys: &[&str], chance: usize) -> String {
        let mut members = Vec::new();
        let rounds = if self.percent(8) { 2 } else { 1 };
        for _ in 0..rounds {
            for key in keys {
                if !self.percent(chance) {
                    continue;
                }
                let value = match *key {
                    "n" | "m" if self.percent(85) => self.object(&["x", "y"], 70),
                    "y" if self.percent(60) => self.object(&["z", "w"], 70),
                    _ => self.value().to_owned(),
                };
                let escaped = format!("\\u{:04x}", u32::from(key.chars().next().unwrap()));
                let key = match self.below(400) {
                    0 => &escaped,
                    1 => "\\ud800",
                    _ => *key,
                };
                members.push(format!(
                    "{}\"{key}\"{}:{}{value}{}",
                    self.blank(),
                    self.blank(),
                    self.blank(),
                    self.blank()
                ));
            }
        }
        if self.percent(30) {
            members.reverse();
        }
        format!("{{{}{}}}", self.blank(), members.join(","))
    }

    fn payload(&mut self) -> String {
        let chance = self.of(&[&30, &60, &90]);
        let mut payload = self.object(&["a", "b", "n", "other", "c", "d", "m", "e"], *chance);
        if self.percent(1) {
            payload.truncate(payload.len() - 1);
        }
        format!("{}{payload}{}", self.blank(), self.blank())
    }
}

#[test]
fn a_plan_agrees_with_the_general_path_or_declines() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let (mut chains, mut composed) = (0, 0);
    let (mut fails, mut fine, mut accepted) = (0, 0, 0);
    while chains < 6_000 {
        let steps = [0, 1, 1, 2, 2, 3, 3, 4][dice.below(8)];
        let mut file = String::from("type = \"T\"\n");
        for from in 1..=steps {
            file.push_str(&dice.step(from));
        }
        if steps > 0 && dice.percent(20) {
            file.push_str("type = \"U\"\nto = 1\n");
        }
        let handler = dice.handler();
        let forms = dice.of(&[&[Form::Text][..], &[Form::Json], &[Form::ARRAY, Form::Text]]);
        let Some(world) = World::new(&handler, &[file.clone()], forms) else { continue };
        chains += usize::from(steps > 0);
        let Route::Direct(_) = world.plans.route("T", 1) else { continue };
        composed += usize::from(steps > 0);
        for _ in 0..30 {
            let payload = dice.payload();
            let general = world.general("T", 1, &payload);
            let direct = world.direct("T", 1, &payload);
            match &general {
                Some(_) => fine += usize::from(steps > 0),
                None => fails += 1,
            }
            if direct.is_some() {
                accepted += usize::from(steps > 0);
                assert_eq!(direct, general, "{file}\n{handler}\n{payload}");
            }
        }
    }
    assert!(composed * 100 > chains * 75, "{composed} of {chains} chains have a plan");
    assert!(fine > 20_000 && fails > 20_000, "{fine} are fine, {fails} fail");
    assert!(accepted * 100 > fine * 90, "{accepted} of {fine} events are accepted");
}
