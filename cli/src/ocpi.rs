//! What the commands on OCPI documents share.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ocpi_types::{Entry, Finding, Severity, Version};
use serde::Serialize;

use crate::failure::Failure;

/// The most bytes of a document that are read.
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What is said about a document; its JSON form is that of `--json`.
#[derive(Serialize)]
pub(crate) struct Remark {
    pub(crate) pointer: String,
    /// The rule that is broken, if a rule says so.
    pub(crate) rule: Option<&'static str>,
    pub(crate) severity: Severity,
    pub(crate) message: String,
}

impl Remark {
    /// An error that no rule of the documents is about.
    pub(crate) fn without_rule(pointer: String, message: String) -> Self {
        Self { pointer, rule: None, severity: Severity::Error, message }
    }
}

impl From<Finding> for Remark {
    fn from(finding: Finding) -> Self {
        let Finding { pointer, rule, severity, message, .. } = finding;
        Self { pointer, rule: Some(rule), severity, message: message.into_owned() }
    }
}

/// One line for people, in the form of the library; it still has to be made fit for a terminal.
impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{}: {pointer}: {}", self.severity, self.message)?;
        self.rule.map_or(Ok(()), |rule| write!(f, " ({rule})"))
    }
}

/// A document that is not even text.
pub(crate) fn not_utf_8(error: &std::str::Utf8Error) -> Remark {
    let message = format!("not UTF-8 from byte {} on", error.valid_up_to());
    // what cannot be parsed is one rule, whatever the reason
    Remark { rule: Some("ENV-12"), ..Remark::without_rule(String::new(), message) }
}

/// Finds an object by its name.
pub(crate) fn object(version: Version, name: &str) -> Result<&'static Entry, Failure> {
    ocpi_types::object(version, name).ok_or_else(|| Failure::UnknownObject {
        version,
        name: name.to_owned(),
        near: names(version).filter(|known| is_near(known, name)).collect(),
    })
}

/// The names on a line; those of all objects if there are none.
pub(crate) fn names_or_all(version: Version, near: &[&'static str]) -> String {
    if near.is_empty() { names(version).collect::<Vec<_>>().join(", ") } else { near.join(", ") }
}

fn names(version: Version) -> impl Iterator<Item = &'static str> {
    ocpi_types::objects(version).iter().map(|entry| entry.shape.name)
}

/// Whether a name is part of the other, or a slip of the finger away from it.
fn is_near(known: &str, name: &str) -> bool {
    const SLIPS: usize = 2;
    let (known, name) = (known.to_ascii_lowercase(), name.to_ascii_lowercase());
    let is_part = name.len() > SLIPS && (known.contains(&name) || (known.len() > SLIPS && name.contains(&known)));
    is_part
        || (known.len() > 2 * SLIPS && known.len().abs_diff(name.len()) <= SLIPS && distance(&known, &name) <= SLIPS)
}

/// How many characters have to be put in, taken out or replaced.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (index, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, right) in other.chars().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[row.len() - 1]
}

/// Reads a whole document, from standard input if the file is `-` or not given.
pub(crate) fn read(file: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let path = file.filter(|path| *path != Path::new("-"));
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // one byte more tells a document of just that length from a longer one
        match path {
            Some(path) => File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?,
            None => io::stdin().lock().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    };
    let bytes = read().map_err(|source| Failure::Read { path: path.map(Path::to_owned), source })?;
    if bytes.len() > MAX_BYTES {
        return Err(Failure::TooLarge { path: path.map(Path::to_owned), max: MAX_BYTES as u64 });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        assert_eq!([distance("", "ab"), distance("kitten", "sitting"), distance("cdr", "cdr")], [2, 3, 0]);
        assert!(is_near("Location", "locaton") && is_near("Location", "Locations") && is_near("CdrToken", "token"));
        assert!(!is_near("EVSE", "Tariff") && !is_near("CDR", "Car") && !is_near("Location", "o"));
    }
}
