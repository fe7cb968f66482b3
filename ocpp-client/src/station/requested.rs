//! What a station that is not accepted yet may send: rules BOOT-10 and TRIG-03.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;

/// The messages a CSMS has asked for, by their action. It holds no more than there are actions, however often they are asked
/// for.
#[derive(Debug, Default)]
pub(super) struct Requested(BTreeMap<String, Times>);

/// How often a message may be sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Times {
    /// So many times.
    Some(u32),
    /// As often as it takes: the pages of a report, the connectors of a station.
    Any,
}

impl Requested {
    pub(super) fn add(&mut self, action: &str, times: Times) {
        let sum = match (self.0.get(action), times) {
            (None, times) => times,
            (Some(Times::Some(before)), Times::Some(more)) => Times::Some(before.saturating_add(more)),
            (Some(_), _) => Times::Any,
        };
        self.0.insert(action.to_owned(), sum);
    }

    pub(super) fn contains(&self, action: &str) -> bool {
        self.0.contains_key(action)
    }

    /// Notes that such a message was sent.
    pub(super) fn sent(&mut self, action: &str) {
        match self.0.get_mut(action) {
            Some(Times::Some(left)) if *left > 1 => *left -= 1,
            Some(Times::Any) | None => {}
            Some(Times::Some(_)) => drop(self.0.remove(action)),
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
