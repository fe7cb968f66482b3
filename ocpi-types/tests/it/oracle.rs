//! Access to the census of the OCPI documents, which is not part of this repository.

use std::path::PathBuf;

use serde_json::Value;

/// The census directory, or `None` with a loud line when it is absent.
pub(crate) fn directory() -> Option<PathBuf> {
    let path = match std::env::var_os("CHARGEWIRE_ORACLE") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracle"),
    }
    .join("ocpi");
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: no census at {} (set CHARGEWIRE_ORACLE); NOTHING WAS COMPARED", path.display());
    None
}

/// A file of the census as JSON.
pub(crate) fn load(version: &str, file: &str) -> Value {
    let path = directory().expect("callers check").join(version).join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The directories of the census with the version each belongs to.
pub(crate) const DIRECTORIES: [(&str, ocpi_types::Version); 5] = [
    ("v2_1_1", ocpi_types::Version::V2_1_1),
    ("v2_2_1", ocpi_types::Version::V2_2_1),
    ("v2_3_0", ocpi_types::Version::V2_3_0),
    ("v2_3_0_bookings", ocpi_types::Version::V2_3_0),
    ("v2_3_0_payments", ocpi_types::Version::V2_3_0),
];
