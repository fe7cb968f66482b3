//! Every class, property and enumeration of the census against the types, in both directions.

use std::collections::BTreeMap;

use ocpi_types::Version;
use ocpi_types::shape::{Format, Kind, Primitive};
use serde_json::Value;

use crate::oracle;

/// Where the extension documents still follow edition 1 of the core: the core counts (E-22, E-32).
const EDITION_1: [(&str, &str); 3] = [("Location", "address"), ("Location", "state"), ("SignedValue", "plain_data")];

/// Also CRE-09, CRE-10, CDR-13, SES-12, OWN-02, TOK-09, TOK-10, TAR-18 and TAR-19, which are about members.
#[test]
fn every_class_and_property_is_there_with_its_type_and_nothing_else() {
    if oracle::directory().is_none() {
        return;
    }
    let mut expected: BTreeMap<Version, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    let (mut classes, mut properties) = (0, 0);
    for (directory, version) in oracle::DIRECTORIES {
        let census = oracle::load(directory, "objects.json");
        for (name, class) in census.as_object().unwrap() {
            classes += 1;
            let fields = class["fields"].as_array().unwrap();
            properties += fields.len();
            if name == "Response" {
                // the envelope is generic: `Envelope`
                let names: Vec<_> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
                assert_eq!(names, ["data", "status_code", "status_message", "timestamp"]);
                continue;
            }
            let entry = ocpi_types::object(version, name).unwrap_or_else(|| panic!("{version} has no {name}"));
            assert_eq!(entry.shape.name, name);
            assert!(!entry.shape.doc.trim().is_empty());
            let known = expected.entry(version).or_default().entry(name.clone()).or_default();
            for field in fields {
                let property = field["name"].as_str().unwrap();
                if !known.iter().any(|other| other == property) {
                    known.push(property.to_owned());
                }
                let member = entry.shape.member(property).unwrap_or_else(|| panic!("{version} {name}.{property}"));
                let place = format!("{directory} {name}.{property}");
                if field.get("choice").is_some() && member.cardinality.sign() == "?" {
                    assert_eq!(field["cardinality"], "1", "{place}: a choice is never required by itself");
                } else {
                    assert_eq!(member.cardinality.sign(), field["cardinality"], "{place}");
                    assert_eq!(member.cardinality.is_required(), field["required"].as_bool().unwrap(), "{place}");
                }
                assert_eq!(member.cardinality.is_list(), field["list"].as_bool().unwrap(), "{place}");
                assert!(!member.doc.trim().is_empty(), "{place}");
                compare(&place, version, field, &member.kind, EDITION_1.contains(&(name, property)));
            }
        }
    }
    for (version, classes) in &expected {
        let ours: Vec<_> = ocpi_types::objects(*version).iter().map(|entry| entry.shape.name).collect();
        assert_eq!(ours.len(), classes.len(), "{version}: objects that no document has");
        for entry in ocpi_types::objects(*version) {
            let known = &classes[entry.shape.name];
            for member in entry.shape.members {
                assert!(known.iter().any(|name| name == member.name), "{version} {}.{}", entry.shape.name, member.name);
            }
            assert_eq!(entry.shape.members.len(), known.len());
        }
    }
    assert_eq!((classes, properties), (289, 1629), "the census has changed");
    println!("census: {classes} classes with {properties} properties compared");
}

fn compare(place: &str, version: Version, field: &Value, kind: &Kind, edition_1: bool) {
    let name = field["type"].as_str().unwrap();
    let length = field["max_length"].as_u64();
    match kind {
        Kind::Boolean => assert_eq!(name, "boolean", "{place}"),
        Kind::Integer { min, max } => {
            assert_eq!(name, "int", "{place}");
            if let Some(given) = field.get("min") {
                assert_eq!(given.as_i64(), Some(*min), "{place}");
                assert_eq!(field["max"].as_i64(), Some(*max), "{place}");
            } else if let Some(digits) = length {
                assert_eq!(*max, 10_i64.pow(digits as u32) - 1, "{place}");
            } else {
                assert_eq!(*max, i64::MAX, "{place}");
            }
        }
        Kind::Number { decimals } => {
            assert_eq!(name, "number", "{place}");
            assert_eq!(
                field.get("decimals").map_or(4, |value| value.as_u64().unwrap()),
                u64::from(*decimals),
                "{place}"
            );
        }
        Kind::DateTime { fraction } => {
            assert_eq!(name, "DateTime", "{place}");
            assert_eq!(*fraction, version != Version::V2_1_1, "{place}");
        }
        Kind::Text(text) => {
            let primitive = match text.primitive {
                Primitive::String | Primitive::AsciiString => "string",
                Primitive::CiString => "CiString",
                Primitive::Url => "URL",
            };
            assert_eq!(name, primitive, "{place}");
            let expected = match (primitive, length) {
                ("URL", _) => 255,
                (_, Some(length)) => length as usize,
                (_, None) => usize::MAX,
            };
            if !edition_1 {
                assert_eq!(text.max, expected, "{place}");
            }
            if version == Version::V2_1_1 && text.format == Format::Free && primitive == "string" && text.max != 64 {
                assert_eq!(text.primitive, Primitive::AsciiString, "{place}");
            }
            let pattern = field.get("pattern").and_then(Value::as_str);
            let expected = match text.format {
                Format::Time => Some("([0-1][0-9]|2[0-3]):[0-5][0-9]".to_owned()),
                Format::Date => Some("([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])".to_owned()),
                Format::Latitude { min: 6, max: 6 } => Some("-?[0-9]{1,2}\\.[0-9]{6}".to_owned()),
                Format::Longitude { min: 6, max: 6 } => Some("-?[0-9]{1,3}\\.[0-9]{6}".to_owned()),
                Format::Latitude { min, max } => Some(format!("-?[0-9]{{1,2}}\\.[0-9]{{{min},{max}}}")),
                Format::Longitude { min, max } => Some(format!("-?[0-9]{{1,3}}\\.[0-9]{{{min},{max}}}")),
                _ => None,
            };
            assert_eq!(pattern, expected.as_deref(), "{place}");
            let standard = field.get("standard").and_then(Value::as_str);
            match text.format {
                Format::CountryAlpha2 => assert_eq!(standard, Some("ISO 3166 alpha-2"), "{place}"),
                Format::CountryAlpha3 => assert_eq!(standard, Some("ISO 3166-1 alpha-3"), "{place}"),
                Format::Currency => assert_eq!(standard, Some("ISO 4217"), "{place}"),
                Format::Language => assert_eq!(standard, Some("ISO 639-1"), "{place}"),
                _ => {}
            }
        }
        Kind::Enumeration { name: enumeration, .. } => {
            assert_eq!(field["type_kind"], "enum", "{place}");
            assert_eq!(name, *enumeration, "{place}");
        }
        Kind::Object(shape) => {
            assert_eq!(field["type_kind"], "class", "{place}");
            assert_eq!(name, shape.name, "{place}");
        }
        _ => panic!("{place}: {kind:?}"),
    }
}

/// ENU-01 to ENU-03.
#[test]
fn every_enumeration_has_its_values_and_no_others() {
    if oracle::directory().is_none() {
        return;
    }
    let mut expected: BTreeMap<Version, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    let (mut enumerations, mut count) = (0, 0);
    for (directory, version) in oracle::DIRECTORIES {
        let census = oracle::load(directory, "enums.json");
        for (name, enumeration) in census.as_object().unwrap() {
            enumerations += 1;
            let find = |kind: &&Kind| matches!(kind, Kind::Enumeration { name: ours, .. } if ours == name);
            let kind = ocpi_types::enumerations(version).iter().find(find);
            let Some(Kind::Enumeration { values, open, .. }) = kind else { panic!("{version} has no {name}") };
            assert_eq!(enumeration["open"].as_bool(), Some(*open), "{directory} {name}");
            let known = expected.entry(version).or_default().entry(name.clone()).or_default();
            for value in enumeration["values"].as_array().unwrap() {
                let value = value.as_str().or_else(|| value["value"].as_str()).unwrap();
                count += 1;
                assert!(values.contains(&value), "{directory} {name} {value}");
                if !known.iter().any(|other| other == value) {
                    known.push(value.to_owned());
                }
            }
        }
    }
    for (version, known) in &expected {
        assert_eq!(ocpi_types::enumerations(*version).len(), known.len(), "{version}");
        for kind in ocpi_types::enumerations(*version) {
            let Kind::Enumeration { name, values, .. } = kind else { panic!("{kind:?}") };
            assert_eq!(values.len(), known[*name].len(), "{version} {name}");
        }
    }
    assert_eq!((enumerations, count), (181, 1189), "the census has changed");
    println!("census: {enumerations} enumerations with {count} values compared");
}
