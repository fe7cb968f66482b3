//! Sending connections away slowly, so that they do not all come back at once.

use std::time::Duration;

use ocpp_rpc::Instant;

#[derive(Clone, Debug)]
pub(super) struct Drain {
    next: Instant,
    pause: Duration,
}

impl Drain {
    pub(super) fn new(now: Instant, per_second: u32) -> Self {
        Self { next: now, pause: Duration::from_secs(1) / per_second.max(1) }
    }

    /// How many are due by now, at most those of one second.
    pub(super) fn due(&mut self, now: Instant) -> usize {
        let most = (Duration::from_secs(1).as_nanos() / self.pause.as_nanos().max(1)).max(1);
        let mut due = 0;
        while self.next <= now && due < most {
            self.next += self.pause;
            due += 1;
        }
        // a pause of the caller is not made up for at once
        self.next = self.next.max(now);
        usize::try_from(due).unwrap_or(usize::MAX)
    }

    pub(super) fn next(&self) -> Instant {
        self.next
    }
}
