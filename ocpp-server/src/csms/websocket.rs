//! WebSockets of stations.

use std::borrow::Cow;
use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use ocpp_rpc::websocket::{Accept, Compression, HandshakeRequest, Limits, Listener, Reject};
use ocpp_rpc::{CloseCode, CloseReason};
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::{Csms, Entrance, EntranceDenied};
use crate::handshake::{CHALLENGE, ClientCertificate, Offer, Refusal, Transport, Validity};
use crate::registry::NotAdmitted;

impl Csms {
    /// Serves the stations that dial this listener, until `stop` completes. Those that are connected then stay: see
    /// [`drain`](Self::drain).
    pub async fn serve(&self, listener: Listener, stop: impl Future<Output = ()>) {
        let (door, hall) = (self.clone(), self.clone());
        let decide = move |request: HandshakeRequest| {
            let csms = door.clone();
            async move { csms.open(&request).await }
        };
        let run = move |entrance: Option<Entrance>, link| {
            let running = entrance.map(|entrance| hall.run(entrance, link));
            async move {
                if let Some(running) = running {
                    // told by an event
                    _ = running.await;
                }
            }
        };
        listener.serve(decide, run, stop).await;
    }

    /// Says yes or no to a handshake; for a server of somebody else, such as axum. Where the answer has no [`Entrance`], the
    /// WebSocket is closed as soon as it stands.
    ///
    /// # Errors
    /// The answer of HTTP to send instead.
    pub async fn open(&self, request: &HandshakeRequest) -> Result<Accept<Option<Entrance>>, Reject> {
        let target = match request.query() {
            Some(query) => Cow::Owned(format!("{}?{query}", request.path())),
            None => Cow::Borrowed(request.path()),
        };
        let headers: Vec<(&str, &[u8])> = request.headers().collect();
        let transport = match (request.client_certificate().first(), request.is_tls()) {
            (Some(der), _) => Transport::MutualTls(subject(der)),
            (None, true) => Transport::Tls,
            (None, false) => Transport::Plain,
        };
        let source = Some(request.remote().ip());
        let offer = Offer { method: "GET", target: &target, headers: &headers, transport: &transport, source };
        let denied = match self.enter(&offer).await {
            Ok(entrance) => {
                return Ok(Accept {
                    subprotocol: entrance.handshake.subprotocol.map(Cow::Borrowed),
                    compression: Compression::ByVersion,
                    limits: Limits::csms(),
                    close: None,
                    context: Some(entrance),
                });
            }
            Err(denied) => denied,
        };
        match denied.refusal() {
            Refusal::Status(401) => Err(Reject {
                challenge: Some(Cow::Borrowed(CHALLENGE)),
                ..Reject::new(401, "credentials are missing or wrong")
            }),
            Refusal::Status(503) => {
                Err(Reject { retry_after: Some(come_back(&denied)), ..Reject::new(503, "come back later") })
            }
            // what is wrong in detail is for the log of this side
            Refusal::Status(status) => Err(Reject::new(status, "connection refused")),
            Refusal::CloseAfterUpgrade => Ok(Accept {
                subprotocol: None,
                compression: Compression::Never,
                limits: Limits::csms(),
                close: Some(CloseReason::new(CloseCode::PROTOCOL, "no common OCPP version")),
                context: None,
            }),
        }
    }
}

/// After how long a station for which there is no room is to try again: another time for each, so that those who were sent away
/// together do not come back together.
fn come_back(denied: &EntranceDenied) -> Duration {
    const SPREAD_MS: u64 = 30_000;
    let earliest = match denied {
        EntranceDenied::NotAdmitted(NotAdmitted::TooFast { retry_in }) => *retry_in,
        _ => Duration::from_secs(1),
    };
    // keyed by the system's random numbers, like the maps of the standard library
    let random = RandomState::new().build_hasher().finish();
    earliest + Duration::from_millis(random % SPREAD_MS)
}

/// Who a certificate is of; the TLS layer has found it to be in order. One that cannot be read is nobody's.
fn subject(der: &[u8]) -> ClientCertificate {
    let Ok(certificate) = Certificate::from_der(der) else { return ClientCertificate::default() };
    let subject = certificate.tbs_certificate().subject();
    ClientCertificate {
        common_name: subject.common_name().ok().flatten().map(|name| name.value().into_owned()),
        organization: subject.organization().ok().flatten().map(|name| name.value().into_owned()),
        validity: Validity::Current,
    }
}
