//! The CSMS, and what scripts do with it.

use std::sync::Arc;

use ocpp_rpc::CallRefused;
use ocpp_rpc::CloseCode;
use ocpp_rpc::websocket::{Listener, WebSocketLink};
use ocpp_server::{
    AllowEveryStationUnauthenticated, CallError, CallOptions, CommandFailure, CommandRefused, Csms, CsmsConfig,
    CsmsEvent, Entrance, HoldCalls, Lost, StaticAuthenticator, StationId,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::answering::router;
use super::desk::{Desk, RegistrationOrder};
use super::passwords::{NewPassword, Taken};
use crate::capture::Direction;
use crate::journal::Journal;
use crate::printable::Beginning;
use crate::story::TimeSource;
use crate::tap::Tap;

/// The CSMS, and what scripts do with it.
pub(crate) struct Floor {
    csms: Csms,
    desk: Arc<Desk>,
    journal: Arc<Journal>,
    /// The passwords of stations, where they have some.
    passwords: Option<Arc<StaticAuthenticator>>,
}

/// A call that a script wants made.
#[derive(Deserialize)]
pub(crate) struct Call {
    pub(crate) action: String,
    pub(crate) payload: Option<Box<RawValue>>,
}

impl Floor {
    pub(crate) fn new(
        desk: Desk,
        journal: &Arc<Journal>,
        passwords: Option<StaticAuthenticator>,
        time: &TimeSource,
    ) -> Arc<Self> {
        let desk = Arc::new(desk);
        let observing = Arc::clone(journal);
        let passwords = passwords.map(Arc::new);
        let config = match &passwords {
            Some(passwords) => CsmsConfig::new(Arc::clone(passwords)),
            None => CsmsConfig::new(Arc::new(AllowEveryStationUnauthenticated)),
        };
        let mut config = config.observed(move |event| note(&observing, event));
        // a CSMS for trying things out calls stations as soon as they are accepted
        config.rules.hold_calls = HoldCalls::UntilAccepted;
        let csms = Csms::new(config, router(&desk, time));
        Arc::new(Self { csms, desk, journal: Arc::clone(journal), passwords })
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Serves the stations that dial, until `stop` completes.
    pub(crate) async fn serve(self: Arc<Self>, listener: Listener, stop: impl Future<Output = ()>) {
        if !self.journal.wants_messages() {
            return self.csms.serve(listener, stop).await;
        }
        let (door, hall) = (self.csms.clone(), self);
        listener
            .serve(
                move |request| {
                    let csms = door.clone();
                    async move { csms.open(&request).await }
                },
                move |entrance, link| Arc::clone(&hall).host(entrance, link),
                stop,
            )
            .await;
    }

    /// Talks with a station that was let in, until its connection is gone.
    async fn host(self: Arc<Self>, entrance: Option<Entrance>, link: WebSocketLink) {
        if let Some(entrance) = entrance {
            let identity = entrance.handshake.identity.clone();
            let link = Tap::new(link, Arc::clone(&self.journal), identity.as_str(), Direction::FromStation);
            // an event has told
            drop(self.csms.run(entrance, link).await);
        }
    }

    /// All stations that are connected.
    pub(crate) fn stations(&self) -> Value {
        let stations = self.csms.stations().into_iter().map(|station| {
            let identity = station.identity();
            let connectors: Vec<Value> = self
                .desk
                .connectors(identity)
                .into_iter()
                .map(|(place, status)| json!({ "evse": place.evse, "connector": place.connector, "status": status }))
                .collect();
            json!({
                "id": identity.as_str(),
                "version": station.version().as_str(),
                "registration": format!("{:?}", self.csms.registration(identity.as_str())),
                "connectors": connectors,
            })
        });
        stations.collect()
    }

    /// Makes a call and says how it ended.
    pub(crate) async fn call(&self, station: &str, call: &Call) -> Value {
        let Some(station) = self.csms.station(station) else { return json!({ "failure": "offline" }) };
        let payload = call.payload.as_ref().map_or("{}", |payload| payload.get());
        let passwords = self.passwords.as_ref();
        let password =
            passwords.and_then(|passwords| NewPassword::sent(passwords, station.identity(), &call.action, payload));
        let outcome = station.call_raw(&call.action, payload, CallOptions::default()).await;
        if let Some(password) = password {
            password.ended(Taken::by(&outcome));
        }
        match outcome {
            Ok(answer) => json!({ "answer": serde_json::from_str(&answer).unwrap_or(Value::Null) }),
            Err(error) => failed(&error),
        }
    }

    /// Whether a station is connected.
    pub(crate) fn is_connected(&self, station: &str) -> bool {
        self.csms.station(station).is_some()
    }

    /// Closes the connection of a station; whether it had one.
    pub(crate) fn disconnect(&self, station: &str) -> bool {
        let station = self.csms.station(station);
        if let Some(station) = &station {
            station.close(CloseCode::NORMAL, "closed by the operator");
        }
        station.is_some()
    }

    /// Sets what a station is told when it boots next.
    pub(crate) fn order_registration(&self, station: &str, order: RegistrationOrder) -> Result<(), String> {
        let station = StationId::new(station).map_err(|error| error.to_string())?;
        self.desk.order_registration(station, order);
        Ok(())
    }
}

/// A call without answer, as a script sees it.
fn failed(error: &CallError) -> Value {
    let kind = match error {
        CallError::Failed(CommandFailure::Refused(error)) => {
            let details = error.details.as_deref().and_then(|details| serde_json::from_str::<Value>(details).ok());
            return json!({ "error": {
                "code": error.code_text(),
                "description": error.description,
                "details": details.unwrap_or(json!({})),
            }});
        }
        CallError::Refused(CommandRefused::Offline | CommandRefused::Invalid(CallRefused::NotConnected))
        | CallError::Failed(CommandFailure::Offline) => "offline",
        CallError::Refused(CommandRefused::QueueFull(_)) => "queue_full",
        CallError::Failed(CommandFailure::Expired) => "expired",
        CallError::Failed(CommandFailure::Cancelled { .. }) => "cancelled",
        CallError::Failed(CommandFailure::InvalidResponse(_)) => "invalid_response",
        CallError::Failed(CommandFailure::Unknown(Lost::Timeout)) => "timeout",
        CallError::Failed(CommandFailure::Unknown(Lost::Connection)) => "connection_lost",
        _ => "invalid",
    };
    json!({ "failure": kind, "message": error.to_string() })
}

/// Takes note of what the CSMS tells.
fn note(journal: &Journal, event: &CsmsEvent<'_>) {
    let tell = |station: &str, kind: &str, why: String| {
        let station = Beginning(station).to_string();
        let json = json!({ "event": kind, "station": station, "why": why });
        journal.event(&format!("! {station}: {}: {why}", kind.replace('_', " ")), &json);
    };
    match event {
        CsmsEvent::Connected { identity, version, .. } => journal.connected(identity.as_str(), *version),
        CsmsEvent::Disconnected { identity, .. } => journal.disconnected(identity.as_str()),
        CsmsEvent::Denied { identity, why, .. } => {
            tell(identity.as_ref().map_or("?", StationId::as_str), "turned_away", why.to_string());
        }
        CsmsEvent::Early { identity, action } => {
            tell(identity.as_str(), "refused", format!("{action} before it was accepted"));
        }
        CsmsEvent::Anomaly { identity, anomaly } => tell(identity.as_str(), "anomaly", anomaly.to_string()),
        CsmsEvent::OtherSerialNumber { identity } => {
            tell(identity.as_str(), "turned_away", "serial number is not that of the certificate".to_owned());
        }
        CsmsEvent::Alarm(alarm) => tell("?", "alarm", format!("{alarm:?}")),
        _ => {}
    }
}
