//! Random valid payloads of every message, broken at random, judged by the official schema and by `decode`.
//!
//! The normal run takes a slice with a fixed seed; `CHARGEWIRE_MUTANTS=100000` sets the number of mutants per version and
//! `CHARGEWIRE_SEED` the seed.

use std::collections::BTreeSet;
use std::str::FromStr;

use jsonschema::error::ValidationErrorKind;
use ocpp_types::{Decimal, DecodePolicy, Remark, Timestamp, Version, ViolationKind, inspect};
use serde_json::{Map, Value, json};

use crate::official;
use crate::types::types;

#[test]
fn verdicts_on_mutants_of_1_6_are_those_of_the_official_schema() {
    judge(Version::V16);
}

#[test]
fn verdicts_on_mutants_of_2_0_1_are_those_of_the_official_schema() {
    judge(Version::V201);
}

#[test]
fn verdicts_on_mutants_of_2_1_are_those_of_the_official_schema() {
    judge(Version::V21);
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name}: not a number")))
}

fn judge(version: Version) {
    let Some(schemas) = official::schemas(version) else { return };
    let types = types(version);
    let mutants = setting("CHARGEWIRE_MUTANTS", 6000);
    let mut random = Random(setting("CHARGEWIRE_SEED", 0x0C99));
    let (mut judged, mut refused, mut repaired) = (0, 0, 0);
    while judged < mutants {
        for (name, schema) in &schemas {
            let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
            let (shape, recode) = (types[name.as_str()].shape, types[name.as_str()].recode);
            for _ in 0..(mutants / schemas.len() as u64 / 8).max(3) {
                let mut value = valid(schema, schema, &mut random);
                let text = value.to_string();
                assert!(validator.is_valid(&value), "{name}: the generator is wrong: {text}");
                for mutation in 0..3 {
                    if mutation > 0 {
                        mutate(&mut value, &mut random);
                    }
                    let text = value.to_string();
                    let expected = validator.is_valid(&value);
                    let case = || format!("{version} {name}: {text}");
                    let enforced = recode(&text, DecodePolicy::Enforce);
                    assert_eq!(enforced.is_ok(), expected, "{}\n{:?}", case(), enforced.err());
                    let inspected = inspect(&text, shape, DecodePolicy::Enforce);
                    assert_eq!(inspected.is_ok(), expected, "inspected: {}", case());
                    let served = recode(&text, DecodePolicy::Repair);
                    match enforced {
                        Ok((written, remarks)) => {
                            assert!(remarks.is_empty(), "{}", case());
                            assert_eq!(served.as_ref(), Ok(&(written.clone(), remarks)), "{}", case());
                            assert_nothing_lost(&value, &written, &[], &case());
                        }
                        Err(error) => {
                            refused += 1;
                            assert!(error.violations().iter().all(|it| it.offset <= text.len()), "{}", case());
                            if error.violations().len() < 16 {
                                assert_same_findings(&error, &validator, &value, &case());
                            }
                            if let Ok((written, remarks)) = served {
                                repaired += 1;
                                assert!(!remarks.is_empty(), "{}", case());
                                assert_nothing_lost(&value, &written, &remarks, &case());
                            }
                        }
                    }
                    judged += u64::from(mutation > 0);
                }
            }
        }
    }
    eprintln!("{version}: {judged} mutants judged, {refused} refused, {repaired} of them served under Repair");
    assert!(refused > judged / 4 && refused < judged, "mutation breaks too little or too much");
    assert!(repaired > refused / 10, "Repair serves too little");
}

/// Both judges point at the same places with the same kinds.
fn assert_same_findings(error: &ocpp_types::DecodeError, validator: &jsonschema::Validator, value: &Value, case: &str) {
    let mut official = BTreeSet::new();
    for error in validator.iter_errors(value) {
        let place = error.instance_path().to_string();
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap().replace('~', "~0").replace('/', "~1");
                official.insert((format!("{place}/{name}"), ViolationKind::Occurrence));
            }
            ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MaxItems { .. } => {
                official.insert((place, ViolationKind::Occurrence));
            }
            ValidationErrorKind::Type { .. } if place.is_empty() => {
                official.insert((place, ViolationKind::Format));
            }
            ValidationErrorKind::Type { .. } => {
                official.insert((place, ViolationKind::Type));
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                for name in unexpected {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    official.insert((format!("{place}/{name}"), ViolationKind::Format));
                }
            }
            // how an object without properties refuses its members
            ValidationErrorKind::FalseSchema => {
                for name in value.pointer(&place).and_then(Value::as_object).unwrap().keys() {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    official.insert((format!("{place}/{name}"), ViolationKind::Format));
                }
            }
            _ => {
                official.insert((place, ViolationKind::Property));
            }
        }
    }
    // what has the wrong type is not of the enumeration either, nor are its members of any object; one finding is enough
    let wrong_type: Vec<_> =
        official.iter().filter(|(_, kind)| *kind == ViolationKind::Type).map(|(place, _)| place.clone()).collect();
    official.retain(|(place, kind)| *kind == ViolationKind::Type || !wrong_type.iter().any(|it| is_within(place, it)));
    let ours: BTreeSet<_> = error.violations().iter().map(|it| (it.pointer.clone(), it.kind())).collect();
    assert_eq!(ours, official, "{case}");
}

/// Every value that was sent is written again, or a remark speaks of it.
fn assert_nothing_lost(sent: &Value, written: &str, remarks: &[Remark], case: &str) {
    let written: Value = serde_json::from_str(written).unwrap();
    let mut leaves = Vec::new();
    collect_leaves(sent, String::new(), &mut leaves);
    for (pointer, value) in leaves {
        let kept = written.pointer(&pointer).is_some_and(|other| means_the_same(value, other));
        let remarked = remarks.iter().any(|remark| is_within(&pointer, &remark.pointer));
        assert!(kept || remarked, "{pointer} is lost: {case}\n{written}\n{remarks:?}");
    }
}

/// Whether a pointer names a place or something in it.
fn is_within(pointer: &str, place: &str) -> bool {
    pointer.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn collect_leaves<'a>(value: &'a Value, pointer: String, leaves: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_leaves(item, format!("{pointer}/{index}"), leaves);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect_leaves(member, format!("{pointer}/{name}"), leaves);
            }
        }
        _ => leaves.push((pointer, value)),
    }
}

fn means_the_same(sent: &Value, written: &Value) -> bool {
    match (sent, written) {
        (Value::Number(sent), Value::Number(written)) => {
            Decimal::from_str(&sent.to_string()).ok() == Decimal::from_str(&written.to_string()).ok()
        }
        (Value::String(sent), Value::String(written)) if sent != written => {
            let time = |text: &str| Timestamp::from_str(text).ok();
            time(sent).is_some() && time(sent) == time(written)
        }
        _ => sent == written,
    }
}

/// xorshift64*: the same sequence everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn text(&mut self, length: usize) -> String {
        const CHARACTERS: [char; 12] = ['a', 'Z', '0', '-', ' ', '"', '\\', '/', 'é', '☃', '𝄞', '\u{7f}'];
        (0..length).map(|_| *self.pick(&CHARACTERS)).collect()
    }
}

/// A random value that the schema accepts.
fn valid(root: &Value, schema: &Value, random: &mut Random) -> Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return valid(root, root.pointer(reference.trim_start_matches('#')).unwrap(), random);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return random.pick(values).clone();
    }
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let required: Vec<_> = schema.get("required").and_then(Value::as_array).into_iter().flatten().collect();
            let mut members = Map::new();
            for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if required.contains(&&Value::from(name.as_str())) || random.one_in(3) {
                    members.insert(name.clone(), valid(root, member, random));
                }
            }
            Value::Object(members)
        }
        Some("array") => {
            let min = limit("minItems").unwrap_or(0.0) as usize;
            let max = limit("maxItems").map_or(min + 3, |max| max as usize).min(min + 3);
            let count = min + random.below(max - min + 1);
            (0..count).map(|_| valid(root, &schema["items"], random)).collect()
        }
        Some("string") => match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => random.pick(&TIMES).to_owned().into(),
            Some("uri") => {
                random.pick(&["https://example.org/a?b=c#d", "ftp://u:p@[::1]:21/%41", "urn:x:y"]).to_owned().into()
            }
            _ => {
                let max = limit("maxLength").map_or(40, |max| max as usize);
                let length = if random.one_in(8) { max } else { random.below(max.min(30) + 1) };
                random.text(length).into()
            }
        },
        Some("integer") => {
            let min = limit("minimum").unwrap_or(-1000.0) as i64;
            let max = limit("maximum").unwrap_or(5_000_000_000.0) as i64;
            let value = min + (random.next() % (max - min + 1) as u64) as i64;
            value.into()
        }
        Some("number") => {
            let min = limit("minimum").unwrap_or(-1000.0) as i64;
            let max = limit("maximum").unwrap_or(100_000.0) as i64;
            let whole = min + (random.next() % (max - min) as u64) as i64;
            serde_json::from_str(&format!("{whole}.{}", random.below(10))).unwrap()
        }
        Some("boolean") => random.one_in(2).into(),
        _ => json!({ "any": [random.below(10), null, random.text(3)] }),
    }
}

const TIMES: [&str; 8] = [
    "2026-03-01T10:15:30Z",
    "2026-03-01T10:15:30.5Z",
    "2026-03-01t10:15:30.123456789z",
    "2026-03-01T10:15:30+14:00",
    "2026-03-01T10:15:30.1-12:00",
    "0001-01-02T00:00:00Z",
    "9999-12-30T23:59:59Z",
    "2016-12-31T23:59:60Z",
];

/// Breaks the value somewhere, or at least changes it.
fn mutate(value: &mut Value, random: &mut Random) {
    let mut places = vec![String::new()];
    collect_places(value, String::new(), &mut places);
    let place = random.pick(&places[usize::from(places.len() > 1)..]).clone();
    match random.below(12) {
        0 | 1 => remove(value, &place),
        2 => rename(value, &place, random),
        3 => replace(value, &place, Value::Null),
        4 => replace(value, &place, json!([])),
        5 => replace(value, &place, json!({})),
        6 => replace(value, &place, json!("")),
        7 | 8 => {
            let replacements = [
                json!(true),
                json!(1),
                json!(-1),
                json!(1.0),
                json!(0.55),
                json!(1e2),
                json!("1"),
                json!("true"),
                json!([1]),
                json!("Accepted"),
                json!("accepted"),
                json!("2026-03-01 10:15:30Z"),
                json!("2026-03-01T10:15:30"),
                json!("2026-02-30T10:15:30Z"),
                json!(3_000_000_000_u64),
                json!([[]]),
                json!(12345.678),
                json!("a:b c"),
            ];
            replace(value, &place, random.pick(&replacements).clone());
        }
        9 => {
            if let Some(text) = value.pointer(&place).and_then(Value::as_str) {
                let times = if text.len() > 2000 { 2 } else { *random.pick(&[2, 40, 300]) };
                let longer = text.repeat(times) + "x";
                replace(value, &place, longer.into());
            } else if let Some(list) = value.pointer(&place).and_then(Value::as_array) {
                let longer: Vec<_> = list.iter().cycle().take(list.len() * 6).cloned().collect();
                replace(value, &place, longer.into());
            } else if let Some(item) = value.pointer(&place).cloned() {
                replace(value, &place, json!([item]));
            }
        }
        10 => {
            if let Some(Value::Array(list)) = value.pointer(&place).cloned().as_ref()
                && let Some(first) = list.first()
            {
                replace(value, &place, first.clone());
            }
        }
        _ => {
            let objects: Vec<_> =
                places.iter().filter(|place| value.pointer(place).is_some_and(Value::is_object)).collect();
            let place = (*random.pick(&objects)).clone();
            let name = *random.pick(&["extra", "customData", "", "a/b~c", "__proto__", "é"]);
            if let Some(members) = value.pointer_mut(&place).and_then(Value::as_object_mut) {
                members.insert(name.to_owned(), json!({ "vendorId": "org.example", "more": [1] }));
            }
        }
    }
}

fn collect_places(value: &Value, pointer: String, places: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places.push(format!("{pointer}/{index}"));
                collect_places(item, format!("{pointer}/{index}"), places);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places.push(format!("{pointer}/{name}"));
                collect_places(member, format!("{pointer}/{name}"), places);
            }
        }
        _ => {}
    }
}

fn replace(value: &mut Value, place: &str, with: Value) {
    if !place.is_empty()
        && let Some(old) = value.pointer_mut(place)
    {
        *old = with;
    }
}

/// The parent of a place, and its last step.
fn parent<'v>(value: &'v mut Value, place: &str) -> Option<(&'v mut Value, String)> {
    let (parent, step) = place.rsplit_once('/')?;
    Some((value.pointer_mut(parent)?, step.replace("~1", "/").replace("~0", "~")))
}

fn remove(value: &mut Value, place: &str) {
    match parent(value, place) {
        Some((Value::Object(members), name)) => drop(members.remove(&name)),
        Some((Value::Array(items), index)) => drop(items.remove(index.parse().unwrap())),
        _ => {}
    }
}

fn rename(value: &mut Value, place: &str, random: &mut Random) {
    if let Some((Value::Object(members), name)) = parent(value, place) {
        let member = members.remove(&name);
        let other = match random.below(3) {
            0 => name.to_uppercase(),
            1 => name + "X",
            _ => "evseId".to_owned(),
        };
        members.insert(other, member.unwrap_or_default());
    }
}
