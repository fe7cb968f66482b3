//! The clock of the machines.

use std::time::Duration;

use crate::Instant;

/// The monotonic clock that drivers read. Machines that outlive their links have to be driven by one and the same.
#[derive(Clone, Copy, Debug)]
pub struct Clock(tokio::time::Instant);

impl Clock {
    /// A clock that starts now, at [`Instant::ZERO`].
    #[must_use]
    pub fn start() -> Self {
        Self(tokio::time::Instant::now())
    }

    /// The moment.
    #[must_use]
    pub fn now(self) -> Instant {
        Instant::ZERO + self.0.elapsed()
    }

    /// A moment of a machine in tokio's time. The timer has milliseconds, so it is rounded up: an alarm is never early.
    pub(crate) fn at(self, moment: Instant) -> tokio::time::Instant {
        /// A moment further away is as good as never.
        const FAR: Duration = Duration::from_secs(365 * 24 * 3600);
        self.0.checked_add(moment - Instant::ZERO).unwrap_or_else(|| tokio::time::Instant::now() + FAR)
    }
}
