//! The JSON Schemas: fresh, and the judge of the examples (feature `schema`).

use std::path::PathBuf;

use ocpi_types::{Version, objects};
use serde_json::Value;

use crate::generate::minimal;
use crate::oracle;

fn file(version: Version, name: &str) -> PathBuf {
    let folder = match version {
        Version::V2_1_1 => "v211",
        Version::V2_2_1 => "v221",
        _ => "v230",
    };
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas").join(folder).join(format!("{name}.json"))
}

/// The schemas that are checked in are those of the types; `OCPI_TYPES_BLESS=1` writes them.
#[test]
fn schemas_are_fresh() {
    let mut count = 0;
    for version in Version::ALL {
        for entry in objects(version) {
            let path = file(version, entry.shape.name);
            let text = format!("{}\n", serde_json::to_string_pretty((entry.schema)().as_value()).unwrap());
            if std::env::var_os("OCPI_TYPES_BLESS").is_some() {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let stored = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(stored == text, "{} is stale; OCPI_TYPES_BLESS=1 cargo test --features schema", path.display());
            count += 1;
        }
        let folder = file(version, "x");
        let files = std::fs::read_dir(folder.parent().unwrap()).unwrap().count();
        assert_eq!(files, objects(version).len(), "{version}: schemas that no object has");
    }
    assert_eq!(count, 165);
}

/// The least valid object of every class is valid by its schema, without any required member it is not.
#[test]
fn schemas_judge_the_least_objects() {
    for version in Version::ALL {
        for entry in objects(version) {
            let schema = jsonschema::validator_for((entry.schema)().as_value()).unwrap();
            let value = minimal(entry.shape);
            assert!(schema.is_valid(&value), "{version} {}: {:?}", entry.shape.name, schema.iter_errors(&value).next());
            for member in entry.shape.members.iter().filter(|member| member.cardinality.is_required()) {
                let mut less = value.clone();
                less.as_object_mut().unwrap().remove(member.name);
                assert!(!schema.is_valid(&less), "{version} {}.{}", entry.shape.name, member.name);
            }
        }
    }
}

/// Valid examples are valid by the schema; those with a defect that a schema can see are not.
#[test]
fn schemas_judge_the_examples() {
    let Some(root) = oracle::directory() else { return };
    let (mut valid, mut invalid) = (0, 0);
    for (directory, version) in oracle::DIRECTORIES {
        for entry in oracle::load(directory, "examples/index.json").as_array().unwrap() {
            let (Some(class), "object") = (entry["object_type"].as_str(), entry["kind"].as_str().unwrap()) else {
                continue;
            };
            if entry["json_document"] == false {
                continue;
            }
            let name = entry["file"].as_str().unwrap();
            let text = std::fs::read_to_string(root.join(directory).join("examples").join(name)).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            let schema = (ocpi_types::object(version, class).unwrap().schema)();
            let schema = jsonschema::validator_for(schema.as_value()).unwrap();
            let rules: Vec<_> =
                entry["errors"].as_array().into_iter().flatten().map(|it| it["rule"].as_str().unwrap()).collect();
            if entry["valid"] == true {
                valid += 1;
                let error = schema.iter_errors(&value).next().map(|error| error.to_string());
                assert!(error.is_none(), "{directory}/{name}: {error:?}");
            } else if rules.iter().any(|rule| ["required", "max_length", "type", "enum"].contains(rule)) {
                invalid += 1;
                assert!(!schema.is_valid(&value), "{directory}/{name}");
            }
        }
    }
    assert!(valid > 150 && invalid > 10, "{valid} {invalid}");
    println!("schemas: {valid} valid and {invalid} invalid examples judged");
}
