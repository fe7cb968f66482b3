//! How long to wait before the next attempt to connect.

use core::time::Duration;

use crate::Random;

/// The waits between attempts to connect (OCPP 2.x Part 4 §5.3; used for 1.6 as well).
///
/// Attempt n, counted from 0, waits `wait_minimum · 2^min(n, repeat_times)` and a random part of at most `random_range`,
/// which is drawn anew for every attempt and not doubled (rule WS-20). There is always a next attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Backoff {
    /// The first wait: `RetryBackOffWaitMinimum`.
    pub wait_minimum: Duration,
    /// How often the wait doubles: `RetryBackOffRepeatTimes`.
    pub repeat_times: u32,
    /// The most that chance adds: `RetryBackOffRandomRange`.
    pub random_range: Duration,
}

impl Backoff {
    /// The wait before this attempt, counted from 0 since the last success.
    pub fn wait(&self, attempt: u32, random: &mut Random) -> Duration {
        let doublings = attempt.min(self.repeat_times).min(31);
        self.wait_minimum.saturating_mul(1 << doublings).saturating_add(random.up_to(self.random_range))
    }
}

/// 10 s, doubled five times, and up to 10 s of chance.
impl Default for Backoff {
    fn default() -> Self {
        Self { wait_minimum: Duration::from_secs(10), repeat_times: 5, random_range: Duration::from_secs(10) }
    }
}
