//! The stations of the demo and their CSMS, in one process and on real sockets.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ocpp_client::charger::{Charger, ChargerError};
use ocpp_client::{Backoff, Boot, Identity, MemoryStore, Reconnect, StationConfig};
use ocpp_rpc::websocket::{Credentials, Dial, ListenConfig, Listener};
use ocpp_rpc::{Clock, Instant};
use ocpp_server::ledger::{SessionRecord, SessionStatus};
use ocpp_server::{Enrolment, PasswordHash, SecurityProfile, StaticAuthenticator, StationId};
use ocpp_types::Version;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::csms::desk::{Desk, TagStatus};
use crate::csms::floor::{Call, Floor};
use crate::failure::Failure;
use crate::journal::Journal;
use crate::random;
use crate::site::{Network, Remote, Silent, Site};
use crate::story::TimeSource;

/// The stations and their CSMS.
pub(super) struct Stage<const N: usize> {
    time: TimeSource,
    journal: Arc<Journal>,
    floor: Arc<Floor>,
    actors: [Actor; N],
    curtain: oneshot::Sender<()>,
    listening: JoinHandle<()>,
}

/// A station.
pub(super) struct Actor {
    name: &'static str,
    version: Version,
    remote: Remote<MemoryStore>,
}

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(8);

/// How often is looked whether it is so.
const GLANCE: Duration = Duration::from_millis(2);

impl<const N: usize> Stage<N> {
    /// A CSMS that listens, and stations that are switched off.
    pub(super) async fn set(
        journal: &Arc<Journal>,
        time: TimeSource,
        cast: &[(&'static str, Version); N],
    ) -> Result<Self, Failure> {
        let authenticator = StaticAuthenticator::new();
        let mut passwords = Vec::new();
        for (name, _) in cast {
            let password: [u8; 20] = random::bytes()?;
            let id = StationId::new(name).map_err(|error| wrong(&error))?;
            let hash = PasswordHash::new(&password, random::bytes()?);
            authenticator.enrol(id, Enrolment::with_password(SecurityProfile::Password, hash));
            passwords.push(password);
        }
        let desk = Desk::new(random::bytes()?, 300, TagStatus::Accepted);
        let floor = Floor::new(desk, journal, Some(authenticator), &time);

        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let cannot_listen = |source| Failure::Listen { address, source };
        let listener = Listener::bind(address, ListenConfig::default()).map_err(cannot_listen)?;
        let url = format!("ws://{}/ocpp", listener.local_addr().map_err(cannot_listen)?);
        let (curtain, fallen) = oneshot::channel();
        let listening = tokio::spawn(Arc::clone(&floor).serve(listener, async { drop(fallen.await) }));

        let clock = Clock::start();
        let mut actors = Vec::new();
        for ((name, version), password) in cast.iter().copied().zip(passwords) {
            actors.push(actor(name, version, &url, password, clock)?);
        }
        let actors = actors.try_into().map_err(|_| Failure::Demo("not all stations are there".into()))?;
        Ok(Self { time, journal: Arc::clone(journal), floor, actors, curtain, listening })
    }

    /// The stations, in the order of the cast.
    pub(super) fn actors(&self) -> &[Actor; N] {
        &self.actors
    }

    /// The story goes on at this time: the clocks of all stations with it.
    pub(super) async fn scene(&self, time: DateTime<Utc>, text: &str) -> Result<(), Failure> {
        self.time.set(time);
        for actor in &self.actors {
            _ = actor.remote.act(move |charger, now| charger.station_mut().set_clock(now, time)).await;
        }
        self.journal.event(&format!("\n{}  {text}", time.format("%H:%M")), &Value::Null);
        Ok(())
    }

    /// The stations come online, one after the other, so that the story can be followed.
    pub(super) async fn open(&self) -> Result<(), Failure> {
        for actor in &self.actors {
            self.mend(actor).await?;
        }
        Ok(())
    }

    /// Something is done at a station; everything it has to say arrives, if it is online.
    pub(super) async fn act(
        &self,
        actor: &Actor,
        act: impl FnOnce(&mut Charger<MemoryStore>, Instant) -> Result<(), ChargerError> + Send + 'static,
    ) -> Result<(), Failure> {
        actor.remote.act(act).await.map_err(|error| wrong(&error))?.map_err(|error| wrong(&error))?;
        actor
            .until("everything has arrived", |charger| charger.station().is_idle() || !charger.station().is_online())
            .await
    }

    /// The connection of a station breaks.
    pub(super) async fn cut(&self, actor: &Actor) -> Result<(), Failure> {
        actor.remote.set_network(Network::Off);
        actor.until("the connection is gone", |charger| !charger.station().is_online()).await?;
        self.until("the CSMS has noticed", || !self.is_connected(actor)).await
    }

    /// The connection of a station is there, and everything that waited arrives.
    pub(super) async fn mend(&self, actor: &Actor) -> Result<(), Failure> {
        actor.remote.set_network(Network::On);
        actor.until("it is online", |charger| charger.station().is_online() && charger.station().is_idle()).await
    }

    /// The CSMS starts a session.
    pub(super) async fn remote_start(&self, actor: &Actor, outlet: i64, tag: &str) -> Result<(), Failure> {
        let (action, payload) = match actor.version {
            Version::V16 => ("RemoteStartTransaction", json!({ "connectorId": outlet, "idTag": tag })),
            _ => {
                let token = json!({ "idToken": tag, "type": "ISO14443" });
                let payload = json!({ "evseId": outlet, "idToken": token, "remoteStartId": 1 });
                ("RequestStartTransaction", payload)
            }
        };
        self.call(actor, action, &payload).await
    }

    /// The CSMS stops the session of a station.
    pub(super) async fn remote_stop(&self, actor: &Actor) -> Result<(), Failure> {
        let records = self.floor.desk().records(Some(actor.name));
        let open = records.iter().find(|record| record.status == SessionStatus::Open);
        let id = open.map(|record| &record.transaction_id).ok_or_else(|| wrong(&"there is no session to stop"))?;
        let action = if actor.version == Version::V16 { "RemoteStopTransaction" } else { "RequestStopTransaction" };
        self.call(actor, action, &json!({ "transactionId": id })).await
    }

    async fn call(&self, actor: &Actor, action: &str, payload: &Value) -> Result<(), Failure> {
        let payload = RawValue::from_string(payload.to_string()).map_err(|error| wrong(&error))?;
        let call = Call { action: action.to_owned(), payload: Some(payload) };
        let end = timeout(PATIENCE, self.floor.call(actor.name, &call)).await.map_err(|error| wrong(&error))?;
        match end.pointer("/answer/status").and_then(Value::as_str) {
            Some("Accepted") => actor.until("it has done so", |charger| charger.station().is_idle()).await,
            _ => Err(wrong(&format!("{} answers {action} with {end}", actor.name))),
        }
    }

    /// Everybody goes home; gives the sessions.
    pub(super) async fn close(self) -> Result<Vec<SessionRecord>, Failure> {
        for actor in &self.actors {
            actor.remote.set_network(Network::Ended);
        }
        self.until("the stations are gone", || !self.actors.iter().any(|actor| self.is_connected(actor))).await?;
        // one that listens no more is not told
        _ = self.curtain.send(());
        self.listening.await.map_err(|error| wrong(&error))?;
        Ok(self.floor.desk().records(None))
    }

    fn is_connected(&self, actor: &Actor) -> bool {
        self.floor.is_connected(actor.name)
    }

    async fn until(&self, what: &str, is_so: impl Fn() -> bool) -> Result<(), Failure> {
        let look = async {
            while !is_so() {
                sleep(GLANCE).await;
            }
        };
        timeout(PATIENCE, look).await.map_err(|_| wrong(&format!("this did not happen in time: {what}")))
    }
}

impl Actor {
    async fn until(&self, what: &str, is_so: fn(&Charger<MemoryStore>) -> bool) -> Result<(), Failure> {
        let look = async {
            while let Ok(false) = self.remote.act(move |charger, _| is_so(charger)).await {
                sleep(GLANCE).await;
            }
        };
        let late = || format!("{}: this did not happen in time: {what}", self.name);
        timeout(PATIENCE, look).await.map_err(|_| wrong(&late()))
    }
}

/// A station that is switched on and has no network yet.
fn actor(name: &'static str, version: Version, url: &str, password: [u8; 20], clock: Clock) -> Result<Actor, Failure> {
    let identity = Identity::new(name, version).map_err(|error| wrong(&error))?;
    let mut dial = Dial::new(identity.url(url), [version.subprotocol()]);
    dial.credentials = Some(Credentials::new(name, password));
    let mut config = StationConfig::new(version, crate::station::info(name));
    // the story sets the clocks, in leaps that are worth no security event
    config.security_events = false;
    let seed = random::number()?;
    let charger =
        Charger::new(clock.now(), config, 2, MemoryStore::new(), Boot::new(seed)).map_err(|error| wrong(&error))?;
    let mut backoff = Backoff::default();
    (backoff.wait_minimum, backoff.random_range) = (Duration::from_millis(50), Duration::from_millis(50));
    let reconnect = Reconnect::new(backoff);
    let (site, remote) = Site::new(charger, dial, name, reconnect, seed as u64, Box::new(Silent), clock);
    remote.set_network(Network::Off);
    tokio::spawn(site.run(|link| link));
    Ok(Actor { name, version, remote })
}

fn wrong(why: &dyn std::fmt::Display) -> Failure {
    Failure::Demo(why.to_string())
}
