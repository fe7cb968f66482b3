//! The timers of a connection, in one table.

use core::fmt;

use crate::Instant;

/// What may become due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Timer {
    /// The answer to the call that is out (rule RPC-23).
    Answer,
    /// The first of the calls that wait and have a deadline.
    Queue,
    /// The application's answer to the oldest request (rule RPC-33).
    Handler,
    /// Nothing has happened for a while: give back memory.
    Idle,
}

impl Timer {
    /// All of them, in the order in which they act when due at once.
    pub(super) const ALL: [Self; 4] = [Self::Answer, Self::Queue, Self::Handler, Self::Idle];
}

/// When each timer is due.
pub(super) struct Timers {
    at: [Instant; Timer::ALL.len()],
    /// Nothing is due before: asked with every message, so that the table is not.
    not_before: Instant,
}

impl Timers {
    pub(super) const fn new() -> Self {
        Self { at: [Instant::NEVER; Timer::ALL.len()], not_before: Instant::NEVER }
    }

    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        self.at[timer as usize] = at;
        self.not_before = self.not_before.min(at);
    }

    pub(super) fn stop(&mut self, timer: Timer) {
        self.at[timer as usize] = Instant::NEVER;
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.at[timer as usize] != Instant::NEVER
    }

    /// Stops a timer that is due, and names it.
    #[inline]
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        if now < self.not_before { None } else { self.find_due(now) }
    }

    fn find_due(&mut self, now: Instant) -> Option<Timer> {
        let due = Timer::ALL.into_iter().find(|&timer| self.is_set(timer) && self.at[timer as usize] <= now);
        match due {
            Some(timer) => self.stop(timer),
            None => self.not_before = self.at.into_iter().min().unwrap_or(Instant::NEVER),
        }
        due
    }

    /// When the first of them is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.at.into_iter().min().filter(|&at| at != Instant::NEVER)
    }
}

/// Those that are set.
impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Timer::ALL.into_iter().filter(|&timer| self.is_set(timer));
        f.debug_map().entries(set.map(|timer| (timer, self.at[timer as usize]))).finish()
    }
}
