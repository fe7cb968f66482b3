//! Whether one more connection may come.

use std::time::Duration;

use ocpp_rpc::Instant;
use serde::{Deserialize, Serialize};

/// Lets connections in as long as there are not too many, and not too many at once (fault rows B20, E10).
#[derive(Clone, Debug)]
pub struct Admittance {
    max_connections: usize,
    rate: Option<Rate>,
    /// The moment up to which the tokens of the bucket are spent.
    spent_until: Instant,
}

/// A token bucket: so many per second in the long run, so many at once.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Rate {
    /// In the long run.
    pub per_second: u32,
    /// At once.
    pub burst: u32,
}

/// Why a connection is turned away before its handshake.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAdmitted {
    /// There are as many connections as there may be.
    #[error("too many connections")]
    Full,
    /// Too many come at once.
    #[error("too many connections at once, next one in {} ms", .retry_in.as_millis())]
    TooFast {
        /// When the next one will be let in.
        retry_in: Duration,
    },
    /// Connections are being sent away.
    #[error("going down")]
    Draining,
}

impl Admittance {
    /// Lets in so many, this fast.
    pub fn new(max_connections: usize, rate: Option<Rate>) -> Self {
        Self { max_connections, rate, spent_until: Instant::ZERO }
    }

    /// Lets one more in beside those that are connected, or tells why not.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(&mut self, now: Instant, connected: usize) -> Result<(), NotAdmitted> {
        if connected >= self.max_connections {
            return Err(NotAdmitted::Full);
        }
        let Some(rate) = self.rate else { return Ok(()) };
        let token = Duration::from_secs(1) / rate.per_second.max(1);
        // each admission moves this moment on by one token; it may be a burst ahead of now, and never falls behind
        let spent = self.spent_until.max(now) + token;
        let ahead = spent - now;
        let allowed = token.saturating_mul(rate.burst.max(1));
        if ahead > allowed {
            return Err(NotAdmitted::TooFast { retry_in: ahead.saturating_sub(allowed) });
        }
        self.spent_until = spent;
        Ok(())
    }
}
