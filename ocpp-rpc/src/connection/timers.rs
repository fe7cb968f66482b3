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
pub(super) struct Timers([Instant; Timer::ALL.len()]);

impl Timers {
    pub(super) const fn new() -> Self {
        Self([Instant::NEVER; Timer::ALL.len()])
    }

    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        self.0[timer as usize] = at;
    }

    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = Instant::NEVER;
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.0[timer as usize] != Instant::NEVER
    }

    /// Stops a timer that is due, and names it.
    #[inline]
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        if self.0.iter().all(|&at| at > now) {
            return None;
        }
        let due = Timer::ALL.into_iter().find(|&timer| self.is_set(timer) && self.0[timer as usize] <= now)?;
        self.stop(due);
        Some(due)
    }

    /// When the first of them is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().copied().min().filter(|&at| at != Instant::NEVER)
    }
}

/// Those that are set.
impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Timer::ALL.into_iter().filter(|&timer| self.is_set(timer));
        f.debug_map().entries(set.map(|timer| (timer, self.0[timer as usize]))).finish()
    }
}
