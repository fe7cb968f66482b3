//! Requests that are too long for one message.

use std::ops::Range;

/// Cuts so many items into messages of at most `most`: variables, monitors and components by the `ItemsPerMessage` of the
/// station, which is 1 until it is known (rule CS-27).
pub fn batches(items: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    let most = most.max(1);
    (0..items).step_by(most).map(move |start| start..start.saturating_add(most).min(items))
}

/// One SendLocalList of several that together replace a list.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ListPart {
    /// Whether it replaces what is there, or adds to it.
    pub update: ListUpdate,
    /// The version number the list has afterwards.
    pub version: i64,
    /// Which entries go with it.
    pub entries: Range<usize>,
}

/// Whether a part of a list replaces what is there, or adds to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ListUpdate {
    /// `Full`: it replaces it.
    Full,
    /// `Differential`: it adds to it.
    Differential,
}

/// Cuts a local authorization list into messages: first one that replaces, then those that add, with rising version numbers
/// (rule CS-26). On `Failed` or `VersionMismatch` start again from the first.
pub fn local_list(entries: usize, most: usize, version: i64) -> Vec<ListPart> {
    // an empty list is one message, too: it clears
    let clears = (entries == 0).then_some(0..0);
    let part = |(index, entries)| ListPart {
        update: if index == 0 { ListUpdate::Full } else { ListUpdate::Differential },
        version: version.saturating_add(i64::try_from(index).unwrap_or(i64::MAX)),
        entries,
    };
    clears.into_iter().chain(batches(entries, most)).enumerate().map(part).collect()
}
