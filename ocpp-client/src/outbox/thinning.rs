//! What goes when the outbox is full.

use alloc::vec::Vec;

use super::DropClass;
use super::entry::Entry;

/// Chooses what to drop: of the first class that has any, every second message, beginning with the first (rule Q-08), so
/// that what remains is spread over the whole time. What is in flight stays.
pub(super) fn choose<'a>(
    entries: impl Iterator<Item = &'a Entry> + Clone,
    in_flight: [Option<u64>; 2],
    order: &[DropClass],
) -> Vec<u64> {
    for class in order {
        let of_class = entries.clone().filter(|entry| entry.record.drop_class == Some(*class));
        let free = of_class.map(|entry| entry.number).filter(|number| !in_flight.contains(&Some(*number)));
        let chosen: Vec<u64> = free.step_by(2).collect();
        if !chosen.is_empty() {
            return chosen;
        }
    }
    Vec::new()
}
