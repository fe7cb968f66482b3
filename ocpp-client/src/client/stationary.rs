//! What a client can keep connected.

use std::collections::BTreeMap;
use std::time::Duration;

use ocpp_rpc::{
    Answer, CallError, CloseCode, Conversation, CsmsCall, Instant, Machine, Replier, ReplyRefused, Responder,
};
use ocpp_types::{DecodePolicy, Request, v201};

use crate::charger::{Charger, ChargerEvent};
use crate::{
    Boot, Equipment, NetworkChange, NetworkProfile, NetworkProfiles, Password, Reconnect, Station, StationError,
    StationEvent, Store, TlsFailure,
};

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

    /// How long the answer to a ping may take: as long as any answer (rule WS-22).
    fn pong_timeout(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// Takes over how the owner has configured the connection: the profile in each slot, the order in which they are tried,
    /// and what there is to secure them with.
    fn provision(&mut self, _profiles: BTreeMap<i64, NetworkProfile>, _priority: &[i64], _equipment: Equipment) {}

    /// The network profiles of the machine, if it has its own; they come before those of the connector.
    fn network(&self) -> Option<&NetworkProfiles> {
        None
    }

    /// Tells the order in which slots are to be tried now, if the machine has network profiles of its own.
    fn guide(&self, _reconnect: &mut Reconnect) {}

    /// Notes that a slot has led to a CSMS.
    fn connected(&mut self, _now: Instant, _slot: i64) -> NetworkChange {
        NetworkChange::Same
    }

    /// Notes that TLS failed on the way to the CSMS (rules WS-11 and WS-12).
    fn tls_failed(&mut self, _now: Instant, _failure: TlsFailure) {}

    /// What an event asks of whoever keeps the connection.
    fn wish(&self, event: &Self::Event) -> Option<Wish>;

    /// The answer to a call, or the event again if it is none.
    ///
    /// # Errors
    /// The event again.
    fn answer(event: Self::Event) -> Result<Answer, Self::Event>;

    /// Starts anew, as after a reset.
    ///
    /// # Errors
    /// When the machine cannot be set up.
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

    fn pong_timeout(&self) -> Duration {
        self.message_timeout()
    }

    fn tls_failed(&mut self, now: Instant, failure: TlsFailure) {
        Self::tls_failed(self, now, failure);
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

    fn pong_timeout(&self) -> Duration {
        self.station().message_timeout()
    }

    fn provision(&mut self, profiles: BTreeMap<i64, NetworkProfile>, priority: &[i64], equipment: Equipment) {
        Self::provision(self, profiles, priority, equipment);
    }

    fn network(&self) -> Option<&NetworkProfiles> {
        Some(Self::network(self))
    }

    fn guide(&self, reconnect: &mut Reconnect) {
        Self::guide(self, reconnect);
    }

    fn connected(&mut self, now: Instant, slot: i64) -> NetworkChange {
        Self::connected(self, now, slot)
    }

    fn tls_failed(&mut self, now: Instant, failure: TlsFailure) {
        Self::tls_failed(self, now, failure);
    }

    fn wish(&self, event: &ChargerEvent) -> Option<Wish> {
        match event {
            ChargerEvent::Reconnect => Some(Wish::Reconnect),
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
