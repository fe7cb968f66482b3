//! The schemas derived from the types, compared with the official ones.

use std::collections::BTreeSet;

use ocpp_types::{Version, v16, v21, v201};
use serde_json::{Map, Value};

use crate::official;

fn derived(version: Version) -> Vec<(&'static str, Value)> {
    let plain = |(name, schema): (&'static str, fn() -> schemars::Schema)| (name, schema().to_value());
    match version {
        Version::V16 => v16::schemas().map(plain).collect(),
        Version::V201 => v201::schemas().map(plain).collect(),
        _ => v21::schemas().map(plain).collect(),
    }
}

/// Every schema of a version says the same as the official one, intended differences aside.
fn compare(version: Version, messages: usize) {
    let Some(mut official) = official::schemas(version) else { return };
    let mut differences = Vec::new();
    for (name, schema) in derived(version) {
        let theirs = official.remove(name).unwrap_or_else(|| panic!("no official schema of {name}"));
        let (ours, theirs) = (rows(&schema), rows(&theirs));
        differences.extend(ours.difference(&theirs).map(|row| format!("{version} {name}: only here: {row}")));
        differences.extend(theirs.difference(&ours).map(|row| format!("{version} {name}: only there: {row}")));
    }
    assert!(official.is_empty(), "official schemas without a type: {:?}", official.keys());
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    let named = official::DIFFERENCES.iter().filter(|it| it.version == version);
    for difference in named {
        eprintln!("intended: {version} {} {:?}: {}", difference.message, difference.add_to_enum, difference.reason);
    }
    eprintln!("{version}: {messages} schemas compared");
}

#[test]
fn schemas_of_1_6_are_the_official_ones() {
    compare(Version::V16, 78);
}

#[test]
fn schemas_of_2_0_1_are_the_official_ones() {
    compare(Version::V201, 128);
}

#[test]
fn schemas_of_2_1_are_the_official_ones() {
    compare(Version::V21, 181);
}

#[test]
fn few_differences_are_intended() {
    assert!(official::DIFFERENCES.iter().map(|it| it.add_to_enum.len()).sum::<usize>() <= 12);
    assert!(official::DIFFERENCES.iter().all(|it| !it.reason.is_empty()));
}

/// What a schema demands, as a set of rows that do not depend on notation.
fn rows(schema: &Value) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    walk(schema, schema, "", &mut rows);
    rows
}

fn walk(root: &Value, schema: &Value, place: &str, rows: &mut BTreeSet<String>) {
    let schema = resolve(root, schema);
    for (keyword, value) in &schema {
        match keyword.as_str() {
            "properties" => {
                for (name, member) in value.as_object().unwrap() {
                    rows.insert(format!("{place}/{name}: member"));
                    walk(root, member, &format!("{place}/{name}"), rows);
                }
            }
            "items" => walk(root, value, &format!("{place}/[]"), rows),
            "enum" | "required" => {
                for value in value.as_array().unwrap() {
                    rows.insert(format!("{place}: {keyword} {value}"));
                }
            }
            // of objects only: the official files put it on texts as well
            "additionalProperties" if schema["type"] != "object" => {}
            "minimum" | "maximum" | "multipleOf" => {
                rows.insert(format!("{place}: {keyword} {}", value.as_f64().unwrap()));
            }
            "type" | "format" | "maxLength" | "minItems" | "maxItems" | "additionalProperties" => {
                rows.insert(format!("{place}: {keyword} {value}"));
            }
            "$schema" | "$id" | "id" | "$ref" | "$defs" | "definitions" | "title" | "description" | "comment"
            | "javaType" | "additionalItems" | "default" => {}
            other => panic!("{place}: keyword {other} is not compared"),
        }
    }
}

/// The schema a `$ref` means, with what stands beside the reference.
fn resolve(root: &Value, schema: &Value) -> Map<String, Value> {
    let mut resolved = schema.as_object().cloned().unwrap_or_default();
    while let Some(Value::String(reference)) = resolved.remove("$ref") {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference}"));
        for (keyword, value) in target.as_object().unwrap() {
            resolved.entry(keyword.clone()).or_insert_with(|| value.clone());
        }
    }
    resolved
}

/// The files under `schemas/` are what the types say; `cargo xtask schemas` writes them.
#[test]
fn schemas_in_the_repository_are_fresh() {
    for (version, folder) in [(Version::V16, "v16"), (Version::V201, "v201"), (Version::V21, "v21")] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(folder);
        let schemas = derived(version);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), schemas.len());
        for (name, schema) in schemas {
            let file = std::fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&file).unwrap(), schema, "{name} is stale: cargo xtask schemas");
        }
    }
}

/// The derived schemas are schemas: `jsonschema` accepts them and they judge as `decode` does.
#[test]
fn derived_schemas_judge_payloads() {
    let (_, schema) = v201::schemas().find(|(name, _)| *name == "AuthorizeRequest").unwrap();
    let validator = jsonschema::validator_for(schema().as_value()).unwrap();
    let valid = serde_json::json!({ "idToken": { "idToken": "04A1", "type": "ISO14443" } });
    assert!(validator.is_valid(&valid));
    for broken in [
        serde_json::json!({}),
        serde_json::json!({ "idToken": { "idToken": "04A1", "type": "Badge" } }),
        serde_json::json!({ "idToken": { "idToken": "04A1", "type": "Local" }, "certificate": null }),
        serde_json::json!({ "idToken": { "idToken": "04A1", "type": "Local" }, "more": 1 }),
    ] {
        assert!(!validator.is_valid(&broken), "{broken}");
    }
    for schemas in [v16::schemas().collect::<Vec<_>>(), v21::schemas().collect()] {
        for (name, schema) in schemas {
            assert!(jsonschema::meta::is_valid(schema().as_value()), "{name}");
        }
    }
}
