//! The official JSON schemas, where they are present.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ocpp_types::{Version, v16, v21, v201};
use serde_json::Value;

/// Where the judges are; none, loudly, if they are not there.
pub(crate) fn oracle(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CHARGEWIRE_ORACLE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/oracle")), PathBuf::from);
    let path = root.join("ocpp").join(part);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no official files at {}; set CHARGEWIRE_ORACLE to test against them", path.display());
    None
}

/// A difference from an official schema that is meant: version, message, JSON pointer into the schema, what it is there,
/// what it is here, why.
pub(crate) struct Difference {
    pub(crate) version: Version,
    pub(crate) message: &'static str,
    pub(crate) pointer: &'static str,
    pub(crate) add_to_enum: &'static [&'static str],
    pub(crate) reason: &'static str,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        version: Version::V16,
        message: "MeterValuesRequest",
        pointer: "/properties/meterValue/items/properties/sampledValue/items/properties/unit/enum",
        add_to_enum: &["Hertz"],
        reason: "stations name the unit of Frequency, which 1.6 leaves unnamed (§7.31)",
    },
    Difference {
        version: Version::V16,
        message: "StopTransactionRequest",
        pointer: "/properties/transactionData/items/properties/sampledValue/items/properties/unit/enum",
        add_to_enum: &["Celsius", "Hertz"],
        reason: "the same datatype as in MeterValues, whose schema has Celsius; Hertz as there",
    },
];

/// The schemas of a version by the name of our type, intended differences made.
pub(crate) fn schemas(version: Version) -> Option<BTreeMap<String, Value>> {
    let folder = oracle(match version {
        Version::V16 => "v1_6",
        Version::V201 => "v2_0_1",
        _ => "v2_1",
    })?;
    let mut schemas = BTreeMap::new();
    for (file, name) in files(version) {
        let path = folder.join(format!("{file}.json"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut schema: Value = serde_json::from_str(&text).unwrap();
        for difference in DIFFERENCES.iter().filter(|it| it.version == version && it.message == name) {
            let values = schema.pointer_mut(difference.pointer).unwrap().as_array_mut().unwrap();
            for value in difference.add_to_enum {
                assert!(!values.contains(&Value::from(*value)), "no difference any more: {}", difference.reason);
                values.push(Value::from(*value));
            }
        }
        schemas.insert(name, schema);
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), schemas.len(), "a schema without a type");
    Some(schemas)
}

/// The official file and our name of every message.
fn files(version: Version) -> Vec<(String, String)> {
    macro_rules! of {
        ($module:ident, $request:literal) => {
            $module::Action::ALL
                .iter()
                .flat_map(|action| {
                    let request = match action.response() {
                        Some(_) => format!("{action}{}", $request),
                        None => action.to_string(),
                    };
                    let response = action.response().map(|shape| (format!("{action}Response"), shape.name.to_owned()));
                    [Some((request, action.request().name.to_owned())), response].into_iter().flatten()
                })
                .collect()
        };
    }
    match version {
        Version::V16 => of!(v16, ""),
        Version::V201 => of!(v201, "Request"),
        _ => of!(v21, "Request"),
    }
}
