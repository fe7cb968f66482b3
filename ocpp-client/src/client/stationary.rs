//! What a client can keep connected.

use std::time::Duration;

use ocpp_rpc::{
    Answer, CallError, CloseCode, Conversation, CsmsCall, Instant, Machine, Replier, ReplyRefused, Responder,
};
use ocpp_types::{DecodePolicy, Request, v201};

use crate::charger::{Charger, ChargerEvent};
use crate::{Boot, Password, Station, StationError, StationEvent, Store};

/// A machine that behaves as a station towards its connection: [`Station`] and [`Charger`].
pub trait Stationary: Machine<Event: Send> + Send + Sized + 'static {
    /// Asks for the link to be closed, once what waits to be sent is out.
    fn close(&mut self, code: CloseCode, reason: &'static str);

    /// Starts registration anew.
    fn introduce_again(&mut self, now: Instant, reason: v201::BootReason);

    /// Whether all messages may flow.
    fn is_online(&self) -> bool;

    /// How often the link is pinged; `None` for never (rule WS-22).
    fn ping_interval(&self) -> Option<Duration> {
        Some(Duration::from_secs(60))
    }

    /// What an event asks of whoever keeps the connection.
    fn wish(&self, event: &Self::Event) -> Option<Wish>;

    /// The answer to a call, or the event again if it is none.
    ///
    /// # Errors
    /// The event again.
    fn answer(event: Self::Event) -> Result<Answer, Self::Event>;

    /// Starts anew with what the store has kept.
    ///
    /// # Errors
    /// When that cannot be read.
    fn restart(self, now: Instant, boot: Boot) -> Result<Self, StationError>;
}

/// What a machine, or its owner, asks of whoever keeps the connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Wish {
    /// Another connection, at once.
    Reconnect,
    /// No connection any more.
    Stay,
    /// Another connection with this password (rule WS-15).
    Credentials(Password),
    /// A boot for this reason, and then another connection.
    Restart(v201::BootReason),
}

impl<S: Store + Send + 'static> Stationary for Station<S> {
    fn close(&mut self, code: CloseCode, reason: &'static str) {
        Self::close(self, code, reason);
    }

    fn introduce_again(&mut self, now: Instant, reason: v201::BootReason) {
        Self::introduce_again(self, now, reason);
    }

    fn is_online(&self) -> bool {
        Self::is_online(self)
    }

    fn wish(&self, _: &StationEvent) -> Option<Wish> {
        None
    }

    fn answer(event: StationEvent) -> Result<Answer, StationEvent> {
        match event {
            StationEvent::Answer(answer) => Ok(answer),
            other => Err(other),
        }
    }

    fn restart(self, now: Instant, boot: Boot) -> Result<Self, StationError> {
        self.reboot(now, boot)
    }
}

impl<S: Store + Send + 'static> Conversation for Station<S> {
    type In = CsmsCall;

    fn policy(&self) -> DecodePolicy {
        self.config().connection.policy
    }

    fn reply<R: Request>(
        &mut self,
        now: Instant,
        to: Replier<R>,
        outcome: Result<R::Response, CallError>,
    ) -> Result<(), ReplyRefused> {
        Self::reply(self, now, to, outcome)
    }

    fn refuse(&mut self, now: Instant, to: Responder, error: CallError) -> Result<(), ReplyRefused> {
        Self::refuse(self, now, to, error)
    }
}

impl<S: Store + Send + 'static> Stationary for Charger<S> {
    fn close(&mut self, code: CloseCode, reason: &'static str) {
        self.station_mut().close(code, reason);
    }

    fn introduce_again(&mut self, now: Instant, reason: v201::BootReason) {
        self.station_mut().introduce_again(now, reason);
    }

    fn is_online(&self) -> bool {
        self.station().is_online()
    }

    fn ping_interval(&self) -> Option<Duration> {
        let seconds = self.setting("WebSocketPingInterval").and_then(|value| value.parse().ok()).unwrap_or(0);
        (seconds > 0).then(|| Duration::from_secs(seconds))
    }

    fn wish(&self, event: &ChargerEvent) -> Option<Wish> {
        match event {
            ChargerEvent::Restart { reason } => Some(Wish::Restart(reason.clone())),
            ChargerEvent::Credentials { password } => Some(Wish::Credentials(password.clone())),
            _ => None,
        }
    }

    fn answer(event: ChargerEvent) -> Result<Answer, ChargerEvent> {
        match event {
            ChargerEvent::Station(StationEvent::Answer(answer)) => Ok(answer),
            other => Err(other),
        }
    }

    fn restart(self, now: Instant, boot: Boot) -> Result<Self, StationError> {
        self.reboot(now, boot)
    }
}
