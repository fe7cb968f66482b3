//! How far the clock of a station is off.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Estimates how far the clock of a station is off, from the times in messages that it sends as things happen (rule CS-09,
/// field need 20).
///
/// A message is always older than its receipt, so of the last few the one that seems youngest is nearest to the truth. Only
/// give it messages that tell the present: see [`Freshness`](crate::ledger::Freshness).
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ClockSkew {
    seconds: VecDeque<i64>,
}

/// How many messages the estimate rests on.
const SAMPLES: usize = 8;

impl ClockSkew {
    /// From how much on somebody should be told.
    pub const ALARMING: TimeDelta = TimeDelta::seconds(60);

    /// Without an estimate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the time in a message in that came just now.
    pub fn observe(&mut self, received: DateTime<Utc>, told: DateTime<Utc>) {
        if self.seconds.len() == SAMPLES {
            self.seconds.pop_front();
        }
        self.seconds.push_back(told.signed_duration_since(received).num_seconds());
    }

    /// How far the clock is ahead; negative if it is behind. None before the first message.
    pub fn estimate(&self) -> Option<TimeDelta> {
        self.seconds.iter().max().map(|seconds| TimeDelta::try_seconds(*seconds).unwrap_or(TimeDelta::MAX))
    }

    /// Whether it is off by more than [`ALARMING`](Self::ALARMING).
    pub fn is_alarming(&self) -> bool {
        self.estimate().is_some_and(|skew| skew.abs() > Self::ALARMING)
    }
}
