//! Objects made from their shapes: the least that is valid, or random ones.

use ocpi_types::DateTime;
use ocpi_types::shape::{Format, Kind, Shape, TextKind};
use serde_json::{Map, Value, json};

/// A small random generator (SplitMix64), so that a seed names a document.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

/// The least valid object: required members only, one item where a list needs one.
pub(crate) fn minimal(shape: &Shape) -> Value {
    object(shape, None)
}

/// A random object: optional members come and go, lists have up to three items.
pub(crate) fn random(shape: &Shape, random: &mut Random) -> Value {
    object(shape, Some(random))
}

fn object(shape: &Shape, mut random: Option<&mut Random>) -> Value {
    let mut members = Map::new();
    for member in shape.members {
        let is_wanted = match &mut random {
            None => member.cardinality.is_required(),
            Some(random) => member.cardinality.is_required() || random.below(2) == 0,
        };
        if !is_wanted {
            continue;
        }
        let value = if member.cardinality.is_list() {
            let count = random.as_mut().map_or(1, |random| 1 + random.below(3));
            (0..count).map(|index| value(&member.kind, member.name, index, random.as_deref_mut())).collect()
        } else {
            value(&member.kind, member.name, 0, random.as_deref_mut())
        };
        members.insert(member.name.to_owned(), value);
    }
    Value::Object(members)
}

fn value(kind: &Kind, name: &str, index: u64, random: Option<&mut Random>) -> Value {
    match (kind, random) {
        (Kind::Object(shape), random) => object(shape, random),
        (Kind::Boolean, None) => json!(true),
        (Kind::Boolean, Some(random)) => json!(random.below(2) == 0),
        (Kind::Integer { min, .. }, None) => json!((*min).max(1)),
        (Kind::Integer { min, max }, Some(random)) => {
            let (low, high) = ((*min).max(0), (*max).min(100_000));
            json!(low + random.below((high - low + 1) as u64) as i64)
        }
        (Kind::Number { .. }, None) => json!(1),
        (Kind::Number { decimals }, Some(random)) => {
            let scale = 10_f64.powi(*decimals as i32);
            json!(random.below(1_000_000) as f64 / scale)
        }
        (Kind::DateTime { .. }, None) => json!("2024-05-01T10:00:00Z"),
        (Kind::DateTime { fraction }, Some(random)) => {
            let time = DateTime::<true>::from_unix_seconds(1_500_000_000 + random.below(300_000_000) as i64).unwrap();
            let mut text = time.to_string();
            if *fraction && random.below(3) == 0 {
                text = text.replace('Z', &format!(".{:03}Z", 1 + random.below(999)));
            }
            json!(text)
        }
        (Kind::Enumeration { values, .. }, None) => json!(values[0]),
        (Kind::Enumeration { values, open, .. }, Some(random)) => {
            let pick = random.below(values.len() as u64 + u64::from(*open));
            json!(values.get(pick as usize).copied().unwrap_or("SOMETHING_NEW"))
        }
        (Kind::Text(kind), random) => json!(text(kind, name, index, random)),
        (other, _) => panic!("{other:?}"),
    }
}

fn text(kind: &TextKind, name: &str, index: u64, random: Option<&mut Random>) -> String {
    let number = match random {
        None => index,
        Some(random) => random.below(1_000_000),
    };
    match kind.format {
        Format::Uri => format!("https://example.com/{name}/{number}"),
        Format::Time => format!("{:02}:{:02}", number % 24, number % 60),
        Format::Date => format!("20{:02}-{:02}-{:02}", number % 100, 1 + number % 12, 1 + number % 28),
        Format::Latitude { min, .. } => format!("{}.{:0min$}", number % 90, number % 100_000),
        Format::Longitude { min, .. } => format!("{}.{:0min$}", number % 180, number % 100_000),
        Format::CountryAlpha2 => ["NL", "DE", "BE", "SE"][number as usize % 4].to_owned(),
        Format::CountryAlpha3 => ["NLD", "DEU", "BEL", "SWE"][number as usize % 4].to_owned(),
        Format::Currency => ["EUR", "SEK", "GBP"][number as usize % 3].to_owned(),
        Format::Language => ["nl", "de", "en", "sv"][number as usize % 4].to_owned(),
        _ => {
            let text = match name {
                "time_zone" => "Europe/Amsterdam".to_owned(),
                "party_id" => "TNM".to_owned(),
                "hub_party_id" => "NLHUB".to_owned(),
                "signed_data" | "public_key" => "AAEC".to_owned(),
                _ => format!("{}{number}", ["a", "B", "c-", "D*"][number as usize % 4]),
            };
            text.chars().take(kind.max).collect()
        }
    }
}

/// Sets a value at a JSON pointer, making objects on the way.
pub(crate) fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    if document.pointer(parent).is_none() {
        set(document, parent, json!({}));
    }
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.insert(name.to_owned(), value)),
        Value::Array(items) => match name.parse::<usize>() {
            Ok(index) if index < items.len() => items[index] = value,
            _ => items.push(value),
        },
        other => panic!("{pointer}: {other}"),
    }
}
