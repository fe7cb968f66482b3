//! What time it is: really, or in a story.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

/// What time it is.
#[derive(Clone, Debug)]
pub(crate) enum TimeSource {
    /// By the clock of this machine.
    Real,
    /// By the story that is told: milliseconds since 1970.
    Story(Arc<AtomicI64>),
}

impl TimeSource {
    /// A story that begins at this time.
    pub(crate) fn story(begin: DateTime<Utc>) -> Self {
        Self::Story(Arc::new(AtomicI64::new(begin.timestamp_millis())))
    }

    /// The time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Real => Utc::now(),
            Self::Story(millis) => DateTime::from_timestamp_millis(millis.load(Ordering::Relaxed)).unwrap_or_default(),
        }
    }

    /// The story goes on; without effect on the real time.
    pub(crate) fn set(&self, time: DateTime<Utc>) {
        if let Self::Story(millis) = self {
            millis.store(time.timestamp_millis(), Ordering::Relaxed);
        }
    }
}
