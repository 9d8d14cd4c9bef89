//! Payloads: objects, their scanner, and the texts that become values.

use proptest::prelude::*;
use regrow::cell::json::{Target, takes};
use regrow::value::scan::Wanted;
use regrow::value::{Object, check_depth, quote_json, sql_text};

use crate::corpus::{JSON_WORDS, broken, json, object};
use crate::harness::{Outcome, property, text_property};

fn anything() -> impl Strategy<Value = String> {
    let files = vec![
        br#"{"a":1,"b":[1,-0.5e+3,{"a":"x\"y\u00e9"}],"c":{"d":null,"e":true}}"#.to_vec(),
        br#"{ "b" : {"a":[[],{}]} , "a" : "a long text of words, \\ and more", "a":false}"#
            .to_vec(),
    ];
    prop_oneof![broken(files, JSON_WORDS), json(), object()]
}

#[test]
fn objects_read_back_as_themselves() {
    text_property("object", 200, anything(), |text| {
        let _ = check_depth(text, 10);
        let Ok(object) = Object::parse(text) else { return Ok(()) };
        let printed = object.to_json();
        let again = Object::parse(&printed).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(&again, &object);
        prop_assert_eq!(again.to_json(), printed);
        for (key, raw) in object.members() {
            let _ = sql_text(raw);
            let path = [key, "a"];
            let mut changed = object.clone();
            let _ = object.get_path(&path);
            if changed.set_path(&path, "[1]".into()).is_ok() {
                let found = changed.get_path(&path).unwrap();
                prop_assert_eq!(found.as_deref(), Some("[1]"));
                let taken = changed.remove_path(&path).unwrap().map(|raw| raw.into_owned());
                prop_assert_eq!(taken.as_deref(), Some("[1]"));
            }
        }
        Ok(())
    });
}

#[test]
fn the_scanner_finds_what_the_parser_finds() {
    let keys = ["a", "b", "id", "amount", "é", ""];
    let wanted = Wanted::new(keys.into_iter().zip(0..));
    text_property("scan", 300, anything(), |text| {
        let mut found = [None; 6];
        let Some(()) = wanted.scan(text, |nth, raw| found[nth] = Some(raw)) else { return Ok(()) };
        let parsed = Object::parse(text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        for (key, raw) in keys.iter().zip(found) {
            prop_assert_eq!(raw, parsed.get(key), "{}", key);
        }
        Ok(())
    });
}

#[test]
fn what_jsonb_surely_takes_is_json() {
    text_property("json, jsonb", 300, anything(), |text| {
        let json = takes(Target::Json, text);
        if takes(Target::Jsonb, text) {
            prop_assert!(json);
        }
        if json {
            let parsed: Result<&serde_json::value::RawValue, _> = serde_json::from_str(text);
            prop_assert!(parsed.is_ok(), "{:?}", parsed.err());
        }
        Ok(())
    });
}

#[test]
fn quoted_texts_come_back() {
    let test = |text: &String| -> Outcome {
        let quoted = quote_json(text);
        if text.contains('\0') {
            prop_assert!(sql_text(&quoted).is_err());
        } else {
            let back = sql_text(&quoted).unwrap();
            prop_assert_eq!(back.as_deref(), Some(text.as_str()));
        }
        Ok(())
    };
    property("quote_json", 200, any::<String>(), String::len, 20, test);
}
