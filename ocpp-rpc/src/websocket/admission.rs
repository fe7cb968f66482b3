//! How many connections there may be, and how fast new ones come in.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The limits on connections of a server: how many there are, how many are in their handshake, how many start per second.
///
/// One value may be shared by several listeners.
#[derive(Clone, Debug)]
pub struct Admission(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    present: AtomicUsize,
    bucket: Option<Mutex<Bucket>>,
}

/// A token bucket (E10): every handshake takes a token, tokens come back at a steady rate.
#[derive(Debug)]
struct Bucket {
    interval: Duration,
    burst: u32,
    /// The moment at which the bucket was, or will be, full.
    full_at: Instant,
}

/// The right to be connected; dropping it makes room for the next.
#[derive(Debug)]
pub struct Permit(Arc<Shared>);

impl Admission {
    /// Admits up to this many connections at a time, as fast as they come.
    #[must_use]
    pub fn new(connections: usize) -> Self {
        Self(Arc::new(Shared { most: connections, present: AtomicUsize::new(0), bucket: None }))
    }

    /// Admits up to this many connections at a time, `burst` at once and then `per_second`.
    ///
    /// A rate of 0 counts as 1.
    #[must_use]
    pub fn with_rate(connections: usize, per_second: u32, burst: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        let bucket = Bucket { interval, burst: burst.max(1), full_at: Instant::now() };
        Self(Arc::new(Shared { most: connections, present: AtomicUsize::new(0), bucket: Some(Mutex::new(bucket)) }))
    }

    /// The number of connections there are.
    #[must_use]
    pub fn present(&self) -> usize {
        self.0.present.load(Ordering::Relaxed)
    }

    /// Room for one more connection, if there is.
    #[must_use]
    pub fn enter(&self) -> Option<Permit> {
        let most = self.0.most;
        self.0
            .present
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |present| (present < most).then_some(present + 1))
            .ok()
            .map(|_| Permit(Arc::clone(&self.0)))
    }

    /// Waits for the next token of the rate.
    pub(crate) async fn token(&self) {
        let Some(bucket) = &self.0.bucket else { return };
        let wait_until = {
            let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let full_at = bucket.full_at.max(now) + bucket.interval;
            bucket.full_at = full_at;
            full_at.checked_sub(bucket.interval * bucket.burst).filter(|until| *until > now)
        };
        if let Some(until) = wait_until {
            tokio::time::sleep_until(until).await;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.present.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b20_room_is_counted_and_given_back() {
        let admission = Admission::new(2);
        let first = admission.enter().unwrap();
        let _second = admission.enter().unwrap();
        assert!(admission.enter().is_none());
        drop(first);
        assert_eq!(admission.present(), 1);
        assert!(admission.enter().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn e10_tokens_come_in_a_burst_and_then_steadily() {
        let admission = Admission::with_rate(usize::MAX, 100, 50);
        let start = Instant::now();
        for _ in 0..50 {
            admission.token().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..100 {
            admission.token().await;
        }
        // tokio's timer counts whole milliseconds
        let elapsed = start.elapsed();
        assert!(elapsed >= Duration::from_secs(1) && elapsed < Duration::from_millis(1010), "{elapsed:?}");
    }
}
