//! Which sequence numbers were seen.

use serde::{Deserialize, Serialize};

/// A run of sequence numbers, both ends included.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct SeqRange {
    /// The first.
    pub from: i64,
    /// The last.
    pub to: i64,
}

/// A set of sequence numbers, kept as runs: its size depends on the number of gaps, never on the numbers.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct SeqSet(Vec<SeqRange>);

/// Whether a number could be added to a [`SeqSet`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Insertion {
    /// It is new.
    New,
    /// It was there.
    Known,
    /// It would make one run more than allowed.
    Full,
}

impl SeqSet {
    pub(super) fn insert(&mut self, number: i64, most_runs: usize) -> Insertion {
        // the first run that does not end before the number
        let at = self.0.partition_point(|run| run.to < number);
        if self.0.get(at).is_some_and(|run| run.from <= number) {
            return Insertion::Known;
        }
        let extends_left = at > 0 && self.0[at - 1].to.checked_add(1) == Some(number);
        let extends_right = self.0.get(at).is_some_and(|run| run.from.checked_sub(1) == Some(number));
        match (extends_left, extends_right) {
            (true, true) => self.0[at - 1].to = self.0.remove(at).to,
            (true, false) => self.0[at - 1].to = number,
            (false, true) => self.0[at].from = number,
            (false, false) if self.0.len() >= most_runs => return Insertion::Full,
            (false, false) => self.0.insert(at, SeqRange { from: number, to: number }),
        }
        Insertion::New
    }

    pub(super) fn contains(&self, number: i64) -> bool {
        let at = self.0.partition_point(|run| run.to < number);
        self.0.get(at).is_some_and(|run| run.from <= number)
    }

    pub(super) fn last(&self) -> Option<i64> {
        self.0.last().map(|run| run.to)
    }

    /// Whether all numbers from one to another are there, whichever of them is greater.
    pub(super) fn is_whole(&self, one: i64, other: i64) -> bool {
        let (first, last) = (one.min(other), one.max(other));
        self.0.iter().any(|run| run.from <= first && last <= run.to)
    }

    /// The first of its runs.
    pub(super) fn first_runs(&self, most: usize) -> Self {
        Self(self.0.iter().take(most).copied().collect())
    }

    /// The runs that are missing between the first number and the last.
    pub(super) fn gaps(&self) -> impl Iterator<Item = SeqRange> {
        // neighbouring runs are at least two apart, so nothing can overflow
        self.0
            .windows(2)
            .map(|pair| SeqRange { from: pair[0].to.saturating_add(1), to: pair[1].from.saturating_sub(1) })
    }
}
