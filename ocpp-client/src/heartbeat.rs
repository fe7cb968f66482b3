//! When a heartbeat is due.

use core::time::Duration;

use ocpp_rpc::Instant;

/// A station asks for the time at least this often, however much else it sends (rule HB-03).
const SYNC_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// The heartbeat of a station: after an interval without other traffic, and once a day (rules HB-01 to HB-05).
#[derive(Clone, Debug, Default)]
pub struct Heartbeat {
    interval: Duration,
    last_traffic: Instant,
    last_sync: Instant,
}

impl Heartbeat {
    /// The interval; zero means there are no heartbeats.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Sets the interval and counts it from now.
    pub fn set_interval(&mut self, now: Instant, interval: Duration) {
        self.interval = interval;
        self.last_traffic = now;
    }

    /// Notes that something was sent to the CSMS.
    pub fn traffic(&mut self, now: Instant) {
        self.last_traffic = now;
    }

    /// Notes that the CSMS told the time, or was asked for it.
    pub fn synced(&mut self, now: Instant) {
        self.last_sync = now;
        self.last_traffic = now;
    }

    /// When the next heartbeat is due, if there is to be one.
    pub fn due(&self) -> Option<Instant> {
        (!self.interval.is_zero()).then(|| (self.last_traffic + self.interval).min(self.last_sync + SYNC_EVERY))
    }
}
