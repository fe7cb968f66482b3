//! The link comes and goes, and time passes.

use alloc::boxed::Box;

use ocpp_types::Version;

use super::timers::{Timer, Timers};
use super::{Connection, Phase, count};
use crate::{Anomaly, CallError, CallFailure, CloseCode, Event, Inbound, Instant};

/// The link and the clock.
impl<In: Inbound> Connection<In> {
    pub(super) fn on_link_up(&mut self, now: Instant, version: Version) {
        if self.phase != Phase::Down {
            self.on_link_down();
        }
        self.link = self.link.wrapping_add(1);
        self.calls.timeouts = 0;
        self.unreadable_again = Instant::ZERO;
        self.phase = Phase::Up(version);
        if In::speaks(version) {
            self.touch(now);
        } else {
            self.fail(CloseCode::PROTOCOL, "version not supported");
        }
    }

    /// Nothing of the old link goes on: calls fail, answers are dropped (rule RPC-32).
    pub(super) fn on_link_down(&mut self) {
        self.phase = Phase::Down;
        self.close = None;
        self.timers = Timers::new();
        self.transmissions.clear();
        self.requests.clear();
        if let Some(pending) = self.calls.pending.take() {
            let sent = pending.handed_out;
            self.failed(pending.caller, CallFailure::ConnectionLost { sent });
        }
        for queued in core::mem::take(&mut self.calls.queue) {
            self.failed(queued.call.caller, CallFailure::ConnectionLost { sent: false });
        }
    }

    pub(super) fn on_timer(&mut self, now: Instant, timer: Timer) {
        match timer {
            Timer::Answer => {
                let Some(pending) = self.calls.pending.take() else { return };
                count(&mut self.counters.timeouts);
                self.calls.timeouts = self.calls.timeouts.saturating_add(1);
                self.failed(pending.caller, CallFailure::Timeout);
                if self.calls.timeouts == self.config.timeouts_until_close {
                    return self.fail(CloseCode::GOING_AWAY, "calls are not answered");
                }
                self.advance(now);
            }
            Timer::Queue => {
                while let Some(index) =
                    self.calls.queue.iter().position(|queued| queued.deadline.is_some_and(|deadline| deadline <= now))
                {
                    if let Some(queued) = self.calls.queue.remove(index) {
                        self.failed(queued.call.caller, CallFailure::Expired);
                    }
                }
                self.watch_queue();
            }
            Timer::Handler => {
                while let Some(request) = self.requests.take_overdue(now) {
                    count(&mut self.counters.handler_timeouts);
                    if let Phase::Up(version) = self.phase {
                        let error = CallError::internal("no answer from the application in time");
                        self.send_error(now, b'4', request.id.as_message_id(), version, &error);
                    }
                }
                self.watch_requests();
            }
            Timer::Idle => {
                let idle_at = self.last_message + self.config.idle_after;
                if idle_at > now {
                    return self.timers.set(Timer::Idle, idle_at);
                }
                self.requests.forget();
                self.give_back();
            }
        }
    }

    /// Lets happen what was due, so that nothing depends on who comes first: the clock, the link or the application.
    #[inline]
    pub(super) fn catch_up(&mut self, now: Instant) {
        while let Some(timer) = self.timers.take_due(now) {
            self.on_timer(now, timer);
        }
    }

    /// Notes that something was sent or received.
    pub(super) fn touch(&mut self, now: Instant) {
        self.last_message = now;
        if !self.timers.is_set(Timer::Idle) && matches!(self.phase, Phase::Up(_)) {
            self.timers.set(Timer::Idle, now + self.config.idle_after);
        }
    }

    /// Notes that a text waits to be sent, and gives up on a peer that does not read.
    pub(super) fn sent(&mut self, now: Instant) {
        self.touch(now);
        if self.transmissions.waiting_bytes() > self.config.max_unsent_bytes {
            self.fail(CloseCode::POLICY, "messages are not taken off the link");
        }
    }

    /// Closes the link because of the peer.
    pub(super) fn fail(&mut self, code: CloseCode, reason: &'static str) {
        if matches!(self.phase, Phase::Up(_)) {
            // what waits is not worth sending any more
            self.transmissions.clear();
            self.close(code, reason);
            self.events.push_back(Event::Closing { code, reason });
        }
    }

    pub(super) fn anomaly(&mut self, anomaly: impl FnOnce() -> Anomaly) {
        self.minor(|| Event::Anomaly(Box::new(anomaly())));
    }

    /// Adds an event that may be dropped when the application takes none out.
    pub(super) fn minor(&mut self, event: impl FnOnce() -> Event<In>) {
        if self.minor_events < self.config.max_events {
            self.minor_events += 1;
            self.events.push_back(event());
        } else {
            count(&mut self.counters.events_lost);
        }
    }
}
