//! The JSON Schemas that lie in `ocpp-types/schemas`.

use ocpp_types::{Version, v16, v21, v201};

/// Path and text of every schema.
pub fn generate() -> Vec<(String, String)> {
    let file = |folder: Version| {
        move |(name, schema): (&'static str, fn() -> schemars::Schema)| {
            let folder = match folder {
                Version::V16 => "v16",
                Version::V201 => "v201",
                _ => "v21",
            };
            let text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON");
            (format!("{folder}/{name}.json"), text + "\n")
        }
    };
    let mut files: Vec<_> = v16::schemas().map(file(Version::V16)).collect();
    files.extend(v201::schemas().map(file(Version::V201)));
    files.extend(v21::schemas().map(file(Version::V21)));
    files
}
