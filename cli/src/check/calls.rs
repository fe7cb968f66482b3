//! Which call had which id.

use std::collections::{BTreeMap, VecDeque};

/// The actions of the latest calls, by id.
#[derive(Default)]
pub(crate) struct Calls {
    actions: BTreeMap<String, String>,
    ids: VecDeque<String>,
}

/// How many calls are remembered.
const MOST: usize = 4096;

/// The longest action worth remembering, in bytes; no version has a longer one.
const LONGEST_ACTION: usize = 64;

impl Calls {
    /// The action of the latest call with this id.
    pub(crate) fn action(&self, id: &str) -> Option<&str> {
        self.actions.get(id).map(String::as_str)
    }

    pub(crate) fn remember(&mut self, id: &str, action: &str) {
        if action.len() > LONGEST_ACTION {
            return;
        }
        if let Some(known) = self.actions.get_mut(id) {
            action.clone_into(known);
            return;
        }
        if self.ids.len() == MOST
            && let Some(oldest) = self.ids.pop_front()
        {
            self.actions.remove(&oldest);
        }
        self.ids.push_back(id.to_owned());
        self.actions.insert(id.to_owned(), action.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_call_is_forgotten_first() {
        let mut calls = Calls::default();
        for id in 0..=MOST {
            calls.remember(&id.to_string(), "Heartbeat");
        }
        assert_eq!(calls.action("0"), None);
        assert_eq!(calls.action("1"), Some("Heartbeat"));
        calls.remember("1", "Authorize");
        assert_eq!(calls.action("1"), Some("Authorize"));
        assert_eq!((calls.ids.len(), calls.actions.len()), (MOST, MOST));
    }
}
