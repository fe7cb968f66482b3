//! A few stations on real sockets; the CSMS is a handful of handlers.

mod handmade;
mod profiles;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpp_client::charger::Charger;
use ocpp_client::{
    Backoff, Boot, Client, ClientError, Connector, Identity, MemoryStore, Password, Refused, Station, Target,
};
use ocpp_rpc::websocket::{Accept, ListenConfig, Listener, Reject, ServerTls, Tally};
use ocpp_rpc::{
    CloseCode, Connection, ConnectionConfig, Instant, Keepalive, MessageIds, Peer, Router, StationCall, converse,
};
use ocpp_types::{Timestamp, Version, v16, v201};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::lab::config;

type CsmsPeer = Peer<StationCall>;

/// What the CSMS has seen.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().expect("no panic").push(what.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }
}

struct Csms {
    address: SocketAddr,
    peers: mpsc::UnboundedReceiver<CsmsPeer>,
    seen: Seen,
    /// The paths of the handshakes.
    paths: Seen,
    password: Arc<Mutex<Option<Vec<u8>>>>,
    tally: Tally,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Csms {
    /// Goes away, so that another can take its address.
    async fn stop(self) -> SocketAddr {
        // it is waiting for nothing else
        _ = self.stop.send(());
        self.served.await.expect("no panic");
        self.address
    }
}

fn time() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a time")
}

/// Accepts whoever has the right password, in whatever version it offers first.
async fn csms() -> Csms {
    csms_at("127.0.0.1:0".parse().expect("an address"), None).await
}

/// The same at an address, with TLS or without.
async fn csms_at(address: SocketAddr, tls: Option<ServerTls>) -> Csms {
    let mut config = ListenConfig::default();
    config.tls = tls;
    let listener = Listener::bind(address, config).expect("bound");
    let tally = listener.tally();
    let address = listener.local_addr().expect("bound");
    let seen = Seen::default();
    let password = Arc::new(Mutex::new(None::<Vec<u8>>));
    let (sender, peers) = mpsc::unbounded_channel();

    let note = seen.clone();
    let notes = move |what: &'static str| {
        let note = note.clone();
        move || note.note(what)
    };
    let (boot, stop, event) = (notes("boot"), notes("stop"), notes("event"));
    let boot_2 = boot.clone();
    let (security, security_2) = (seen.clone(), seen.clone());
    let router = Router::new()
        .on(move |_: CsmsPeer, _: v16::BootNotificationRequest| {
            boot();
            async { Ok(v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, time(), 300)) }
        })
        .on(|_, _: v16::StatusNotificationRequest| async { Ok(v16::StatusNotificationResponse::new()) })
        .on(|_, _: v16::AuthorizeRequest| async {
            Ok(v16::AuthorizeResponse::new(v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted)))
        })
        .on(|_, _: v16::StartTransactionRequest| async {
            let accepted = v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted);
            Ok(v16::StartTransactionResponse::new(accepted, 7))
        })
        .on(|_, _: v16::MeterValuesRequest| async { Ok(v16::MeterValuesResponse::new()) })
        .on(move |_, request: v16::StopTransactionRequest| {
            assert_eq!(request.transaction_id, 7);
            stop();
            async { Ok(v16::StopTransactionResponse::new()) }
        })
        .on(move |_, _: v201::BootNotificationRequest| {
            boot_2();
            async { Ok(v201::BootNotificationResponse::new(time(), 300, v201::RegistrationStatus::Accepted)) }
        })
        .on(|_, _: v201::AuthorizeRequest| async {
            Ok(v201::AuthorizeResponse::new(v201::IdTokenInfo::new(v201::AuthorizationStatus::Accepted)))
        })
        .on(move |_, request: v201::SecurityEventNotificationRequest| {
            security.note(request.kind.as_str());
            async { Ok(v201::SecurityEventNotificationResponse::new()) }
        })
        .on(move |_, request: v16::SecurityEventNotificationRequest| {
            security_2.note(request.kind.as_str());
            async { Ok(v16::SecurityEventNotificationResponse::new()) }
        })
        .on(|_, _: v201::StatusNotificationRequest| async { Ok(v201::StatusNotificationResponse::new()) })
        .on(move |_, _: v201::TransactionEventRequest| {
            event();
            async { Ok(v201::TransactionEventResponse::new()) }
        });
    let router = Arc::new(router);
    let wanted = Arc::clone(&password);
    let paths = Seen::default();
    let path = paths.clone();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(async move {
        let served = listener.serve(
            move |request| {
                use base64::Engine as _;
                path.note(request.path());
                let wanted = wanted.lock().expect("no panic").clone();
                let given = request
                    .header("authorization")
                    .and_then(|value| value.strip_prefix(b"Basic "))
                    .and_then(|value| base64::engine::general_purpose::STANDARD.decode(value).ok())
                    .and_then(|value| Some(value.splitn(2, |byte| *byte == b':').nth(1)?.to_vec()));
                let offered = request.subprotocols().next().map(str::to_owned);
                async move {
                    match (wanted, offered) {
                        (Some(wanted), _) if given.as_ref() != Some(&wanted) => Err(Reject::unauthorized()),
                        (_, None) => Err(Reject::new(400, "no subprotocol")),
                        (_, Some(offered)) => Ok(Accept::new(offered, ())),
                    }
                }
            },
            move |(), link| {
                let version = link.subprotocol().and_then(Version::from_subprotocol).expect("it was agreed on");
                let connection = Connection::new(ConnectionConfig::csms(), MessageIds::new(5));
                let router = Arc::clone(&router);
                let (peer, running) = converse(link, version, connection, router, Peer::clone, Keepalive::default());
                _ = sender.send(peer);
                async move { drop(running.await) }
            },
            async { _ = stopped.await },
        );
        served.await;
    });
    Csms { address, peers, seen, paths, password, tally, stop, served }
}

fn target(csms: &Csms, version: Version) -> Target {
    let identity = Identity::new("CS-1", version).expect("an identity");
    Target::new(format!("ws://{}/ocpp", csms.address), identity, [version])
}

fn quick() -> Backoff {
    let mut backoff = Backoff::default();
    backoff.wait_minimum = Duration::from_millis(20);
    backoff.random_range = Duration::from_millis(10);
    backoff
}

async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("it takes too long")
}

#[tokio::test]
async fn a_client_connects_calls_and_answers() {
    let mut csms = csms().await;
    let router = Router::new().on(|client: Client<Station<MemoryStore>>, _: v201::ClearCacheRequest| async move {
        // a call from within a handler (field need 3)
        let token = v201::IdToken::new("04A1", v201::IdTokenKind::Iso14443);
        let answer = client.call(&v201::AuthorizeRequest::new(token)).await;
        assert!(answer.is_ok(), "{answer:?}");
        Ok(v201::ClearCacheResponse::new(v201::ClearCacheStatus::Accepted))
    });
    let target = target(&csms, Version::V201);
    let client = soon(Client::connect(target, config(Version::V201), router)).await.expect("set up");
    assert!(client.is_online());
    let token = v201::IdToken::new("04A1", v201::IdTokenKind::Iso14443);
    let answer = soon(client.call(&v201::AuthorizeRequest::new(token))).await.expect("answered");
    assert_eq!(answer.id_token_info.status, v201::AuthorizationStatus::Accepted);

    let peer = soon(csms.peers.recv()).await.expect("connected");
    let answer = soon(peer.call(&v201::ClearCacheRequest::new())).await.expect("answered");
    assert_eq!(answer.status, v201::ClearCacheStatus::Accepted);

    client.stop();
    soon(async { while client.next_event().await.is_some() {} }).await;
    let refused = client.call(&v201::AuthorizeRequest::new(v201::IdToken::new("1", v201::IdTokenKind::Iso14443))).await;
    assert!(matches!(refused, Err(ClientError::Stopped)));
}

#[tokio::test]
async fn field_need_9_a_charger_comes_back_after_a_close_and_delivers_what_happened_meanwhile() {
    let mut csms = csms().await;
    let charger =
        Charger::new(Instant::ZERO, config(Version::V16), 2, MemoryStore::new(), Boot::new(3)).expect("a charger");
    let client = Client::start(Connector::with_backoff(target(&csms, Version::V16), quick()), charger);
    soon(client.online()).await;
    client.with(|charger, now| charger.plug_in(now, 1)).await.expect("running").expect("free");
    client.with(|charger, now| charger.swipe(now, 1, "04A1")).await.expect("running").expect("in service");
    let peer = soon(csms.peers.recv()).await.expect("connected");
    // until the transaction has its id
    soon(async {
        while !client
            .with(|charger, _| charger.station().outbox().transaction_with_id(7).is_some())
            .await
            .expect("running")
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
    peer.close(CloseCode::GOING_AWAY, "restart");
    soon(async {
        while client.is_online() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    client.with(|charger, now| charger.plug_out(now, 1)).await.expect("running").expect("a car");
    let _again = soon(csms.peers.recv()).await.expect("it came back");
    soon(async {
        while !csms.seen.all().iter().any(|what| what == "stop") {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let boots = csms.seen.all().iter().filter(|what| *what == "boot").count();
    assert_eq!(boots, 1, "WS-21: a reconnect is no boot");
}

#[tokio::test]
async fn ws_15_field_need_33_a_new_password_is_used_at_once() {
    let mut csms = csms().await;
    *csms.password.lock().expect("no panic") = Some(b"the old password".to_vec());
    let mut target = target(&csms, Version::V16);
    target.password = Some(Password::text("the old password"));
    let charger =
        Charger::new(Instant::ZERO, config(Version::V16), 1, MemoryStore::new(), Boot::new(3)).expect("a charger");
    let client = Client::start(Connector::with_backoff(target, quick()), charger);
    soon(client.online()).await;
    let peer = soon(csms.peers.recv()).await.expect("connected");
    // bytes that are no text, and a colon among them (row B15)
    let key = "003A000102030405060708090A0B0C0D0EFF0F10";
    *csms.password.lock().expect("no panic") = Password::hexadecimal(key).ok().map(|key| key.as_bytes().to_vec());
    let change = v16::ChangeConfigurationRequest::new("AuthorizationKey", key);
    let answer = soon(peer.call(&change)).await.expect("answered before the link is closed");
    assert_eq!(answer.status, v16::ConfigurationStatus::Accepted);
    let _again = soon(csms.peers.recv()).await.expect("it came back with the new one");
}

#[tokio::test]
async fn rst_04_a_reset_is_answered_and_then_the_charger_boots() {
    let mut csms = csms().await;
    let charger =
        Charger::new(Instant::ZERO, config(Version::V16), 1, MemoryStore::new(), Boot::new(3)).expect("a charger");
    let client = Client::start(Connector::with_backoff(target(&csms, Version::V16), quick()), charger);
    soon(client.online()).await;
    let peer = soon(csms.peers.recv()).await.expect("connected");
    let answer = soon(peer.call(&v16::ResetRequest::new(v16::ResetType::Soft))).await.expect("answered");
    assert_eq!(answer.status, v16::ResetStatus::Accepted);
    let _again = soon(csms.peers.recv()).await.expect("it came back");
    soon(async {
        while csms.seen.all().iter().filter(|what| *what == "boot").count() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn ws_06_a_client_that_is_refused_tries_again_and_can_be_stopped() {
    let csms = csms().await;
    *csms.password.lock().expect("no panic") = Some(b"not that of this one".to_vec());
    let mut target = target(&csms, Version::V16);
    target.password = Some(Password::text("wrong"));
    let station =
        Station::new(Instant::ZERO, config(Version::V16), MemoryStore::new(), Boot::new(3)).expect("a station");
    let client = Client::start(Connector::with_backoff(target, quick()), station);
    let refused = client.call(&v16::AuthorizeRequest::new("04A1")).await;
    assert!(matches!(refused, Err(ClientError::Refused(Refused::Offline))), "{refused:?}");
    // the password of the site is put right
    *csms.password.lock().expect("no panic") = Some(b"wrong".to_vec());
    soon(client.online()).await;
    client.stop();
    soon(async { while client.next_event().await.is_some() {} }).await;
    assert!(!client.is_online());
}
