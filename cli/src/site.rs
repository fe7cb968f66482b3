//! A charger on a real network: dials, comes back, restarts.

use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use ocpp_client::charger::{Charger, ChargerEvent};
use ocpp_client::{
    Boot, CloseReason, Decision, NetworkChange, Password, Random, Reconnect, SlotChange, StationError, Stationary,
    Store, Target, TlsFailure,
};
use ocpp_rpc::websocket::{Credentials, Dial, DialError, DialPhase, TlsFault, WebSocketLink};
use ocpp_rpc::{
    Application, Clock, CloseCode, Gone, Input, Instant, Keepalive, Link, LinkEnd, LinkError, Machine, Mailbox,
    Patience, Turn, drive, wait,
};
use ocpp_types::{Version, v201};
use tokio::sync::{oneshot, watch};

use crate::random;

/// Who watches a charger.
pub(crate) trait Watcher: Send + 'static {
    /// There is a connection.
    fn connected(&mut self, version: Version);
    /// There is none any more.
    fn disconnected(&mut self, why: &LinkEnd);
    /// There was to be one.
    fn not_connected(&mut self, why: &DialError);
    /// Something happened at the charger.
    fn event(&mut self, event: &ChargerEvent);
}

/// Nobody watches.
pub(crate) struct Silent;

impl Watcher for Silent {
    fn connected(&mut self, _: Version) {}

    fn disconnected(&mut self, _: &LinkEnd) {}

    fn not_connected(&mut self, _: &DialError) {}

    fn event(&mut self, _: &ChargerEvent) {}
}

/// Whether there is a network.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Network {
    On,
    Off,
    /// And never again: the charger is to end.
    Ended,
}

/// What becomes of the events of a charger.
pub(crate) struct Owner<S> {
    watcher: Box<dyn Watcher>,
    errand: Option<Errand>,
    keepalive: Option<Keepalive>,
    store: PhantomData<fn() -> S>,
}

/// The pings that a charger wants (rule WS-22).
fn pings<S: Store + Send + 'static>(charger: &Charger<S>) -> Option<Keepalive> {
    charger.ping_interval().map(|every| Keepalive { every, within: charger.pong_timeout() })
}

/// Why a connection has to end.
enum Errand {
    Restart(v201::BootReason),
    Credentials(Password),
    /// To another security profile.
    Reconnect,
}

impl<S: Store + Send + 'static> Application for Owner<S> {
    type Machine = Charger<S>;

    fn on_event(&mut self, event: ChargerEvent, turn: &mut Turn<'_, Self>) {
        self.watcher.event(&event);
        self.keepalive = pings(turn.machine);
        let (errand, why) = match event {
            ChargerEvent::Restart { reason } => (Errand::Restart(reason), "restarts"),
            ChargerEvent::Credentials { password } => (Errand::Credentials(password), "has a new password"),
            ChargerEvent::Reconnect => (Errand::Reconnect, "changes its security profile"),
            _ => return,
        };
        self.errand = Some(errand);
        turn.machine.station_mut().close(CloseCode::NORMAL, why);
    }

    fn keepalive(&self) -> Option<Keepalive> {
        self.keepalive
    }
}

/// The way to a charger, for whoever plugs and swipes.
pub(crate) struct Remote<S: Store + Send + 'static> {
    mailbox: Mailbox<Owner<S>>,
    network: watch::Sender<Weather>,
}

/// Whether there is a network, and how often there was none: one that comes back at once has been away all the same.
#[derive(Clone, Copy, Debug)]
struct Weather {
    network: Network,
    cuts: u64,
}

impl<S: Store + Send + 'static> Remote<S> {
    /// Does something with the charger and waits for what comes of it.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Charger<S>, Instant) -> T + Send + 'static,
    ) -> Result<T, Gone> {
        let (sender, receiver) = oneshot::channel();
        self.mailbox.post(move |_, turn| _ = sender.send(act(turn.machine, turn.now)))?;
        receiver.await.map_err(|_| Gone)
    }

    /// The network comes or goes.
    pub(crate) fn set_network(&self, network: Network) {
        self.network.send_modify(|weather| {
            weather.network = network;
            weather.cuts += u64::from(network == Network::Off);
        });
    }
}

/// A charger and what it takes to keep it on the network.
pub(crate) struct Site<S: Store + Send + 'static> {
    pub(crate) charger: Charger<S>,
    dial: Dial,
    identity: String,
    /// What the network profiles of the charger add to, if it may change them.
    target: Option<Target>,
    reconnect: Reconnect,
    random: Random,
    owner: Owner<S>,
    mailbox: Mailbox<Owner<S>>,
    network: watch::Receiver<Weather>,
    clock: Clock,
}

/// What ended the waiting for a connection.
enum Next {
    Linked(Result<WebSocketLink, DialError>),
    NetworkChanged,
}

impl<S: Store + Send + 'static> Site<S> {
    /// A charger that dials as soon as there is a network.
    pub(crate) fn new(
        charger: Charger<S>,
        dial: Dial,
        identity: &str,
        reconnect: Reconnect,
        seed: u64,
        watcher: Box<dyn Watcher>,
        clock: Clock,
    ) -> (Self, Remote<S>) {
        let (network, receiver) = watch::channel(Weather { network: Network::On, cuts: 0 });
        let mailbox = Mailbox::new();
        let owner = Owner { watcher, errand: None, keepalive: pings(&charger), store: PhantomData };
        let remote = Remote { mailbox: mailbox.clone(), network };
        let (identity, random) = (identity.to_owned(), Random::new(seed));
        let site =
            Self { charger, dial, identity, target: None, reconnect, random, owner, mailbox, network: receiver, clock };
        (site, remote)
    }

    /// Lets the CSMS change the way to it, beginning with this one.
    pub(crate) fn movable(mut self, target: Target) -> Self {
        self.charger.provision([(1, target.profile())], &[1], target.equipment());
        self.target = Some(target);
        self
    }

    /// Keeps the charger on the network until that has ended for good.
    ///
    /// # Errors
    /// When it cannot restart, because of its store.
    pub(crate) async fn run<L: Link>(mut self, wrap: impl Fn(WebSocketLink) -> L) -> Result<(), StationError> {
        self.charger.guide(&mut self.reconnect);
        let mut decision = self.reconnect.start(self.clock.now());
        let mailbox = self.mailbox.clone();
        let outcome = loop {
            self = match self.run_errand() {
                Ok(site) => site,
                Err(error) => break Err(error),
            };
            let network = self.network.borrow_and_update().network;
            let next = match network {
                Network::Ended => break Ok(()),
                Network::Off => self.wait_for_network().await,
                Network::On => self.dial(decision).await,
            };
            decision = match next {
                // the first attempt on a network that has just come is made at once
                Next::NetworkChanged => self.reconnect.start(self.clock.now()),
                // a machine that is to restart does so before it says anything
                Next::Linked(Ok(_)) if self.owner.errand.is_some() => self.reconnect.start(self.clock.now()),
                Next::Linked(Ok(link)) => {
                    self.connected(decision);
                    let reason = self.converse(wrap(link)).await;
                    self = match self.run_errand() {
                        Ok(site) => site,
                        Err(error) => break Err(error),
                    };
                    self.charger.guide(&mut self.reconnect);
                    self.reconnect.decide(self.clock.now(), reason, &mut self.random)
                }
                Next::Linked(Err(error)) => {
                    self.owner.watcher.not_connected(&error);
                    if let Some(failure) = failure_to_tell(&error) {
                        self.charger.tls_failed(self.clock.now(), failure);
                    }
                    self.reconnect.decide(self.clock.now(), reason_of_failure(&error), &mut self.random)
                }
            };
        };
        mailbox.close();
        outcome
    }

    async fn wait_for_network(&mut self) -> Next {
        let until = async {
            // the sender is there as long as somebody can switch the network on
            if self.network.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            Next::NetworkChanged
        };
        wait(until, &mut self.charger, &mut self.owner, &self.mailbox, self.clock).await
    }

    /// There is a link; it may be the first by another network profile (rules WS-16 and WS-21).
    fn connected(&mut self, decision: Decision) {
        let change = self.reconnect.connected();
        let Decision::Dial { slot, .. } = decision else { return };
        let now = self.clock.now();
        let news = self.charger.connected(now, slot);
        let is_raise = self.charger.station().version() == Version::V16 && news != NetworkChange::Same;
        if change == SlotChange::Switched && !is_raise {
            self.charger.station_mut().introduce_again(now, v201::BootReason::ApplicationReset);
        }
    }

    async fn dial(&mut self, decision: Decision) -> Next {
        let (delay, slot) = match decision {
            Decision::Dial { at, slot } => (at - self.clock.now(), slot),
            Decision::Stay => (Duration::MAX, 1),
        };
        let dial = match &self.target {
            Some(target) => &target.clone().by(self.charger.network(), slot).dial(),
            None => &self.dial,
        };
        let network = &mut self.network;
        let until = async {
            tokio::select! {
                Ok(()) = network.changed() => Next::NetworkChanged,
                linked = async {
                    tokio::time::sleep(delay).await;
                    dial.connect().await
                } => Next::Linked(linked),
            }
        };
        wait(until, &mut self.charger, &mut self.owner, &self.mailbox, self.clock).await
    }

    /// Talks over a link until it is gone; gives the reason.
    async fn converse(&mut self, link: impl Link) -> CloseReason {
        let version = self.charger.station().version();
        self.owner.watcher.connected(version);
        let cuts = self.network.borrow().cuts;
        let end = {
            let (charger, owner, mailbox) = (&mut self.charger, &mut self.owner, &self.mailbox);
            let mut driving = pin!(drive(link, version, charger, owner, mailbox, self.clock, Patience::default()));
            loop {
                tokio::select! {
                    end = &mut driving => break Some(end),
                    Ok(()) = self.network.changed() => {
                        let weather = *self.network.borrow_and_update();
                        if weather.cuts != cuts {
                            break None;
                        }
                        if weather.network == Network::Ended {
                            // one that is gone needs no closing
                            _ = mailbox.post(|_, turn| {
                                turn.machine.station_mut().close(CloseCode::GOING_AWAY, "the station goes away");
                            });
                        }
                    }
                }
            }
        };
        let end = end.unwrap_or_else(|| {
            self.charger.handle_input(self.clock.now(), Input::LinkDown);
            LinkEnd::Lost(LinkError::Ended)
        });
        self.owner.watcher.disconnected(&end);
        match &self.owner.errand {
            Some(Errand::Credentials(_)) => CloseReason::CredentialsChanged,
            Some(Errand::Restart(_)) => CloseReason::Restart,
            Some(Errand::Reconnect) => CloseReason::ProfileChanged,
            None => reason_of_end(&end),
        }
    }

    fn run_errand(mut self) -> Result<Self, StationError> {
        match self.owner.errand.take() {
            None | Some(Errand::Reconnect) => {}
            Some(Errand::Credentials(password)) => {
                self.dial.credentials = Some(Credentials::new(self.identity.clone(), password.as_bytes()));
            }
            Some(Errand::Restart(reason)) => {
                // message ids must not repeat, whatever seeds the rest
                let seed = random::number().unwrap_or_else(|_| u128::from(self.random.bits()));
                self.charger = self.charger.reboot(self.clock.now(), Boot::new(seed).because(reason))?;
            }
        }
        Ok(self)
    }
}

/// What the CSMS has to be told of a TLS handshake that failed (rules WS-11 and WS-12).
fn failure_to_tell(error: &DialError) -> Option<TlsFailure> {
    let DialError::Tls { fault, .. } = error else { return None };
    match fault {
        TlsFault::Version => Some(TlsFailure::Version),
        TlsFault::CipherSuite => Some(TlsFailure::CipherSuite),
        TlsFault::PeerCertificate => Some(TlsFailure::CsmsCertificate),
        _ => None,
    }
}

fn reason_of_end(end: &LinkEnd) -> CloseReason {
    match end {
        LinkEnd::ClosedByPeer(reason) => CloseReason::PeerClosed { code: Some(reason.code.0) },
        LinkEnd::Closed(_) => CloseReason::AnswersMissing,
        LinkEnd::Lost(LinkError::Violation { .. }) => CloseReason::ProtocolViolation,
        LinkEnd::Silent => CloseReason::PongMissing,
        _ => CloseReason::TransportFailed,
    }
}

fn reason_of_failure(error: &DialError) -> CloseReason {
    match error {
        DialError::Dns(_) => CloseReason::NameNotFound,
        DialError::Tls { .. } => CloseReason::TlsFailed,
        DialError::Refused { status, .. } => CloseReason::HandshakeRefused { status: *status },
        DialError::Subprotocol { .. } => CloseReason::SubprotocolMismatch,
        DialError::Deadline(DialPhase::Http) => CloseReason::HandshakeTimedOut,
        _ => CloseReason::ConnectFailed,
    }
}

#[cfg(test)]
mod tests {
    use ocpp_client::{MemoryStore, StationConfig, StationInfo};
    use ocpp_rpc::Transmit;
    use serde_json::{Value, json};

    use super::*;

    /// Rule WS-22: the interval that the CSMS has set is the one that is kept.
    #[test]
    fn ws_22_pings_follow_the_setting() {
        let config = StationConfig::new(Version::V16, StationInfo::new("Acme", "Two"));
        let charger = Charger::new(Instant::ZERO, config, 1, MemoryStore::new(), Boot::new(1)).unwrap();
        let (mut site, _remote) = Site::new(
            charger,
            Dial::new("ws://csms.example.com/CS-1", ["ocpp1.6"]),
            "CS-1",
            Reconnect::new(ocpp_client::Backoff::default()),
            1,
            Box::new(Silent),
            Clock::start(),
        );
        let seconds = |site: &Site<MemoryStore>| site.owner.keepalive().map(|keepalive| keepalive.every.as_secs());
        assert_eq!(seconds(&site), Some(60));
        site.charger.handle_input(Instant::ZERO, Input::LinkUp(Version::V16));
        let accepted = json!({"status": "Accepted", "currentTime": "2026-03-01T12:00:00Z", "interval": 300});
        let Some(Transmit::Text(boot)) = site.charger.poll_transmit() else { panic!("no boot") };
        let boot: Value = serde_json::from_str(boot).unwrap();
        site.charger.handle_input(Instant::ZERO, Input::Text(&json!([3, boot[1], accepted]).to_string()));
        for (value, expected) in [("7", Some(7)), ("0", None)] {
            let call = json!([2, value, "ChangeConfiguration", {"key": "WebSocketPingInterval", "value": value}]);
            site.charger.handle_input(Instant::ZERO, Input::Text(&call.to_string()));
            while let Some(event) = site.charger.poll_event() {
                let mut turn = Turn { machine: &mut site.charger, now: Instant::ZERO, mailbox: &site.mailbox };
                site.owner.on_event(event, &mut turn);
            }
            assert_eq!(seconds(&site), expected);
        }
    }
}
