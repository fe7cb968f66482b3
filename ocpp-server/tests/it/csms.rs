//! The CSMS over loopback sockets: rules CS-01, CS-05, CS-20 to CS-23, CS-50, CS-57, fault rows B9, B11 to B14, B17 to B20, E2,
//! E4, E10, E16; field needs 3, 12, 36.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use ocpp_rpc::websocket::{
    Admission, ClientTls, Credentials, Dial, DialError, ListenConfig, Listener, ServerTls, StationCertificates,
    TlsIdentity, TrustedRoots, WebSocketLink,
};
use ocpp_rpc::{CloseCode, Outgoing, Received, Router};
use ocpp_server::handshake::{Offer, Transport};
use ocpp_server::registry::{DuplicatePolicy, Rate};
use ocpp_server::{
    AllowEveryStationUnauthenticated, CallError, CallOptions, CommandFailure, Csms, CsmsConfig, CsmsEvent, Enrolment,
    HoldCalls, Lost, PasswordHash, Registration, SecurityProfile, StaticAuthenticator, Station, StationConnection,
    WhenOffline,
};
use ocpp_types::{Timestamp, v16, v201};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use tokio::time::timeout;

use crate::id;

/// A CSMS with its address, and what it has told.
struct Site {
    csms: Csms,
    address: SocketAddr,
    told: Arc<Mutex<Vec<String>>>,
}

fn now() -> Timestamp {
    "2026-03-01T10:00:00Z".parse().expect("a time")
}

fn router() -> Router<Station, StationConnection> {
    Router::new()
        .on(|_, _: v16::HeartbeatRequest| async { Ok(v16::HeartbeatResponse::new(now())) })
        .on(|_, _: v201::HeartbeatRequest| async { Ok(v201::HeartbeatResponse::new(now())) })
        .on(|_, _: v16::BootNotificationRequest| async {
            Ok(v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, now(), 300))
        })
        .on(|station: Station, _: v16::DataTransferRequest| async move {
            // field need 3: a handler that calls back
            let answer = station.call(&v16::ResetRequest::new(v16::ResetType::Soft)).await;
            let status = match answer {
                Ok(_) => v16::DataTransferStatus::Accepted,
                Err(_) => v16::DataTransferStatus::Rejected,
            };
            Ok(v16::DataTransferResponse::new(status))
        })
        .on(|_, _: v16::AuthorizeRequest| async { panic!("a handler that falls over") })
}

fn open_config() -> CsmsConfig {
    let mut config = CsmsConfig::new(Arc::new(AllowEveryStationUnauthenticated));
    config.rules.hold_calls = HoldCalls::UntilAccepted;
    config
}

impl Site {
    fn start(config: CsmsConfig) -> Self {
        Self::listening(config, ListenConfig::default())
    }

    fn listening(config: CsmsConfig, listen: ListenConfig) -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&told);
        let config = config.observed(move |event: &CsmsEvent<'_>| {
            log.lock().expect("a log").push(format!("{event:?}"));
        });
        let csms = Csms::new(config, router());
        let listener = Listener::bind("127.0.0.1:0".parse().expect("an address"), listen).expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = csms.clone();
        tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
        Self { csms, address, told }
    }

    fn dial(&self, path: &str) -> Dial {
        let mut dial = Dial::new(format!("ws://{}/{path}", self.address), ["ocpp1.6"]);
        dial.deadline = Duration::from_secs(5);
        dial
    }

    async fn station(&self, path: &str) -> Client {
        Client(self.dial(path).connect().await.expect("it is let in"))
    }

    /// A station that is accepted.
    async fn accepted(&self, path: &str) -> Client {
        let mut client = self.station(path).await;
        client.boot().await;
        client
    }

    #[track_caller]
    fn has_told(&self, what: &str) -> bool {
        self.told.lock().expect("a log").iter().any(|event| event.contains(what))
    }

    /// Waits until something is so.
    async fn until(&self, is_so: impl Fn(&Csms) -> bool) {
        let waiting = async {
            while !is_so(&self.csms) {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(10), waiting).await.expect("it becomes so");
    }
}

/// The other end of a connection.
struct Client(WebSocketLink);

impl Client {
    async fn send(&mut self, text: &str) {
        self.0.send(Outgoing::Text(text.to_owned())).await.expect("it is sent");
    }

    /// The next text; none if the link is over.
    async fn next(&mut self) -> Option<String> {
        loop {
            match timeout(Duration::from_secs(10), self.0.next()).await.expect("something comes")? {
                Ok(Received::Text(text)) => return Some(text),
                Ok(Received::Close(reason)) => return Some(format!("close {reason}")),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    async fn ask(&mut self, text: &str) -> String {
        self.send(text).await;
        self.next().await.expect("an answer")
    }

    async fn boot(&mut self) {
        let answer = self.ask(r#"[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]"#).await;
        assert!(answer.contains("Accepted"), "{answer}");
    }

    /// Takes the next call in and accepts it.
    async fn accept(&mut self, action: &str) {
        let call = self.next().await.expect("a call");
        assert!(call.contains(&format!("\"{action}\"")), "{call}");
        let id = call.split('"').nth(1).expect("an id").to_owned();
        self.send(&format!(r#"[3,"{id}",{{"status":"Accepted"}}]"#)).await;
    }
}

fn reset() -> v16::ResetRequest {
    v16::ResetRequest::new(v16::ResetType::Soft)
}

#[tokio::test]
async fn a_task_holds_next_to_nothing_of_how_a_station_came_in() {
    let site = Site::start(open_config());
    let link = site.station("CP0").await.0;
    let headers: [(&str, &[u8]); 5] = [
        ("Upgrade", b"websocket"),
        ("Connection", b"Upgrade"),
        ("Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", b"13"),
        ("Sec-WebSocket-Protocol", b"ocpp1.6"),
    ];
    let offer = Offer { method: "GET", target: "/CP1", headers: &headers, transport: &Transport::Plain, source: None };
    let entrance = site.csms.enter(&offer).await.expect("it may come in");
    let size = size_of_val(&site.csms.run(entrance, link));
    println!("future of a connection: {size} bytes");
    assert!(size <= 64, "{size} bytes for as long as the connection stands");
}

#[tokio::test]
async fn a_station_boots_and_is_called() {
    let site = Site::start(open_config());
    let mut client = site.accepted("CP1").await;
    let station = site.csms.station("CP1").expect("it is connected");
    assert_eq!((station.identity().as_str(), station.version()), ("CP1", ocpp_types::Version::V16));
    let request = reset();
    let (response, ()) = tokio::join!(station.call(&request), client.accept("Reset"));
    assert_eq!(response.expect("a response").status, v16::ResetStatus::Accepted);
    let raw = station.call_raw("Reset", r#"{"type":"Hard"}"#, CallOptions::default());
    let (response, ()) = tokio::join!(raw, client.accept("Reset"));
    assert_eq!(response.expect("a response"), r#"{"status":"Accepted"}"#);
    assert_eq!(site.csms.registration("CP1"), Registration::Accepted);
    assert!(site.csms.station("CP2").is_none());
    assert!(site.has_told("Registered"), "{:?}", site.told);
}

/// Of the mistakes of other stacks: a handler that calls back and deadlocks (field need 3).
#[tokio::test]
async fn a_handler_may_call_back() {
    let site = Site::start(open_config());
    let mut client = site.accepted("CP1").await;
    client.send(r#"[2,"d","DataTransfer",{"vendorId":"x"}]"#).await;
    client.accept("Reset").await;
    assert_eq!(client.next().await.as_deref(), Some(r#"[3,"d",{"status":"Accepted"}]"#));
}

#[tokio::test]
async fn e2_a_handler_that_panics_is_answered_and_the_connection_goes_on() {
    let site = Site::start(open_config());
    let mut client = site.accepted("CP1").await;
    let answer = client.ask(r#"[2,"a","Authorize",{"idTag":"x"}]"#).await;
    assert!(answer.starts_with(r#"[4,"a","InternalError""#), "{answer}");
    assert!(client.ask(r#"[2,"h","Heartbeat",{}]"#).await.starts_with(r#"[3,"h","#));
    let answer = client.ask(r#"[2,"m","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":"1"}]}]}]"#).await;
    assert!(answer.starts_with(r#"[4,"m","NotSupported""#), "{answer}");
}

#[tokio::test]
async fn cs_04_a_station_that_was_not_accepted_gets_a_security_error() {
    let site = Site::start(open_config());
    let mut client = site.station("CP1").await;
    assert!(client.ask(r#"[2,"h","Heartbeat",{}]"#).await.starts_with(r#"[4,"h","SecurityError""#));
    assert!(site.has_told("Early"));
}

#[tokio::test]
async fn cs_05_ws_21_a_station_that_was_accepted_comes_back_without_boot() {
    let site = Site::start(open_config());
    drop(site.accepted("CP1").await);
    site.until(|csms| csms.connected() == 0).await;
    let mut client = site.station("CP1").await;
    assert!(client.ask(r#"[2,"h","Heartbeat",{}]"#).await.starts_with(r#"[3,"h","#));
    assert!(site.has_told("Disconnected"));
}

fn secured() -> CsmsConfig {
    let stations = StaticAuthenticator::new();
    let secret = PasswordHash::new(&[0, 0x3a, 0xff, b'k', b'e', b'y'], [5; 16]);
    let enrolment = Enrolment::with_password(SecurityProfile::Password, secret);
    stations.enrol(id("CP1"), enrolment.clone());
    stations.enrol(id("site:CP1"), enrolment);
    CsmsConfig::new(Arc::new(stations))
}

async fn status(dial: &Dial) -> u16 {
    match dial.connect().await {
        Err(DialError::Refused { status, .. }) => status,
        Err(other) => panic!("{other:?}"),
        Ok(_) => 101,
    }
}

#[tokio::test]
async fn cs_01_b9_b11_b12_b13_b15_the_door_opens_for_the_right_station_only() {
    let site = Site::start(secured());
    let key = [0, 0x3a, 0xff, b'k', b'e', b'y'];
    let with = |path: &str, user: &str, password: &[u8]| {
        let mut dial = site.dial(path);
        dial.credentials = Some(Credentials::new(user, password));
        dial
    };
    assert_eq!(status(&site.dial("CP1")).await, 401);
    assert_eq!(status(&with("CP1", "CP1", b"wrong")).await, 401);
    assert_eq!(status(&with("CP1", "CP2", &key)).await, 401);
    assert_eq!(status(&with("CP9", "CP9", &key)).await, 404);
    assert_eq!(status(&with("CP1", "CP1", &key)).await, 101);
    assert_eq!(status(&with("site%3ACP1", "site:CP1", &key)).await, 101);
    assert_eq!(status(&with("a%00b", "a", &key)).await, 400);
    let mut other_version = with("CP1", "CP1", &key);
    other_version.subprotocols = vec!["ocpp0.1".into()];
    assert_eq!(status(&other_version).await, 400);
    for why in ["MissingCredentials", "WrongPassword", "OtherUser", "UnknownStation", "NoCommonVersion"] {
        assert!(site.has_told(why), "{why}");
    }
}

#[tokio::test]
async fn b14_after_some_wrong_passwords_the_right_one_has_to_wait_too() {
    let site = Site::start(secured());
    let mut dial = site.dial("CP1");
    dial.credentials = Some(Credentials::new("CP1", b"guess".as_slice()));
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(status(&dial).await);
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 401, 429, 429]);
    dial.credentials = Some(Credentials::new("CP1", [0, 0x3a, 0xff, b'k', b'e', b'y'].as_slice()));
    assert_eq!(status(&dial).await, 429);
}

/// Of the mistakes of other stacks: two live sockets for one identity.
#[tokio::test]
async fn ws_26_b18_cs_50_a_second_connection_replaces_the_first() {
    let site = Site::start(open_config());
    let mut first = site.accepted("CP1").await;
    let station = site.csms.station("CP1").expect("it is connected");
    let request = reset();
    let second = async {
        // the first reset is out, and a second one waits, when the station comes back
        let call = first.next().await.expect("a call");
        assert!(call.contains("Reset"));
        let mut second = site.station("CP1").await;
        let goodbye = first.next().await.expect("a close frame");
        assert!(goodbye.starts_with("close 1008"), "{goodbye}");
        second.accept("Reset").await;
        second
    };
    let (lost, kept, mut second) = tokio::join!(station.call(&request), station.call(&request), second);
    assert_eq!(lost.map(drop), Err(CallError::Failed(CommandFailure::Unknown(Lost::Connection))));
    assert!(kept.is_ok(), "what waited goes on: {kept:?}");
    assert!(second.ask(r#"[2,"h","Heartbeat",{}]"#).await.starts_with(r#"[3,"h","#), "it is no new boot");
    assert_eq!((site.csms.connected(), site.csms.counters().replaced), (1, 1));
    assert!(!station.is_connected());
    let current = site.csms.station("CP1").expect("it is connected");
    assert!(current.generation() > station.generation());
}

#[tokio::test]
async fn by_name_a_second_connection_is_closed_while_the_first_answers() {
    for policy in [DuplicatePolicy::RejectNew, DuplicatePolicy::ProbeOldThenKick] {
        let mut config = open_config();
        config.registry.duplicates = policy;
        let site = Site::start(config);
        let mut first = site.accepted("CP1").await;
        let mut second = site.station("CP1").await;
        // the first one reads, and with that answers pings
        let reading = async { while let Some(Ok(Received::Ping)) = first.0.next().await {} };
        tokio::select! {
            closed = second.next() => assert!(closed.expect("a close frame").starts_with("close 1008"), "{policy:?}"),
            () = reading => panic!("the first one is closed"),
        }
        assert!(first.ask(r#"[2,"h","Heartbeat",{}]"#).await.starts_with(r#"[3,"h","#));
        assert_eq!(site.csms.counters().refused, 1);
    }
}

#[tokio::test]
async fn cs_22_a_call_to_a_station_that_went_away_fails_and_one_that_may_wait_goes_to_its_next_connection() {
    let site = Site::start(open_config());
    let client = site.station("CP1").await;
    site.until(|csms| csms.station("CP1").is_some()).await;
    let station = site.csms.station("CP1").expect("it is connected");
    // neither is sent: the station has not booted
    let mut keep = CallOptions::default();
    (keep.offline, keep.within) = (WhenOffline::Keep, Some(Duration::from_secs(20)));
    let (request, configuration) = (reset(), v16::ChangeConfigurationRequest::new("a", "1"));
    let comes_back = async {
        site.until(|csms| csms.station("CP1").is_some()).await;
        tokio::task::yield_now().await;
        drop(client);
        site.until(|csms| csms.connected() == 0).await;
        let mut client = site.accepted("CP1").await;
        client.accept("ChangeConfiguration").await;
    };
    let (gone, kept, ()) = tokio::join!(station.call(&request), station.call_with(&configuration, keep), comes_back);
    assert_eq!(gone.map(drop), Err(CallError::Failed(CommandFailure::Offline)));
    assert!(kept.is_ok(), "{kept:?}");
    let again = station.call(&request).await.map(drop);
    assert!(matches!(&again, Err(CallError::Refused(_))) && !again.unwrap_err().may_have_happened());
}

#[tokio::test]
async fn cs_21_a_call_whose_future_is_dropped_is_taken_back() {
    let site = Site::start(open_config());
    let mut client = site.station("CP1").await;
    site.until(|csms| csms.station("CP1").is_some()).await;
    let station = site.csms.station("CP1").expect("it is connected");
    assert!(timeout(Duration::from_millis(50), station.call(&reset())).await.is_err(), "it waits for the boot");
    client.boot().await;
    let request = v16::ClearCacheRequest::new();
    let (answer, ()) = tokio::join!(station.call(&request), client.accept("ClearCache"));
    assert!(answer.is_ok());
}

#[tokio::test]
async fn b20_more_connections_than_allowed_get_503() {
    let mut listen = ListenConfig::default();
    listen.admission = Admission::new(3);
    let mut config = open_config();
    config.registry.max_connections = 2;
    let site = Site::listening(config, listen);
    let (_one, _two) = (site.accepted("CP1").await, site.accepted("CP2").await);
    assert_eq!(status(&site.dial("CP3")).await, 503);
    assert!(site.has_told("NotAdmitted"));
}

/// "Embedding at scale" 5: those who are sent away together do not come back together.
#[tokio::test]
async fn e10_who_comes_too_fast_is_told_when_to_come_back_each_another_time() {
    let mut config = open_config();
    config.registry.rate = Some(Rate { per_second: 1, burst: 1 });
    let site = Site::start(config);
    let _first = site.accepted("CP1").await;
    let mut told = std::collections::BTreeSet::new();
    for _ in 0..20 {
        match site.dial("CP2").connect().await {
            Err(DialError::Refused { status: 503, retry_after: Some(after) }) => _ = told.insert(after.as_secs()),
            Err(other) => panic!("{other:?}"),
            Ok(_) => {} // its second has come
        }
    }
    assert!(told.len() > 3, "{told:?}");
    assert!(told.iter().all(|seconds| (1..=32).contains(seconds)), "{told:?}");
}

#[tokio::test]
async fn cs_57_draining_closes_every_connection_and_lets_nobody_in() {
    let site = Site::start(open_config());
    let mut clients = Vec::new();
    for number in 0..5 {
        clients.push(site.accepted(&format!("CP{number}")).await);
    }
    site.csms.drain(100).await;
    for client in &mut clients {
        let goodbye = client.next().await.expect("a close frame");
        assert!(goodbye.starts_with("close 1012"), "{goodbye}");
    }
    assert_eq!(status(&site.dial("CP9")).await, 503);
}

#[tokio::test]
async fn e10_many_stations_come_at_once() {
    let site = Site::start(open_config());
    let coming = (0..200).map(|number| {
        let dial = site.dial(&format!("CP{number}"));
        async move {
            let mut client = Client(dial.connect().await.expect("it is let in"));
            client.boot().await;
            client
        }
    });
    let clients = futures_util::future::join_all(coming).await;
    assert_eq!((clients.len(), site.csms.connected()), (200, 200));
    assert_eq!(site.csms.stations().len(), 200);
}

/// Over a real socket: what the application does not take stays in the buffers of the system, until those of the station are
/// full, too.
#[tokio::test]
async fn cs_55_a_slow_application_is_felt_by_the_station_and_nothing_is_lost() {
    const MESSAGES: usize = 500;
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let handler_gate = Arc::clone(&gate);
    let router = router().on(move |_, _: v16::MeterValuesRequest| {
        let gate = Arc::clone(&handler_gate);
        async move {
            gate.acquire().await.expect("a gate").forget();
            Ok(v16::MeterValuesResponse::new())
        }
    });
    let csms = Csms::new(open_config(), router);
    let listener = Listener::bind("127.0.0.1:0".parse().expect("an address"), ListenConfig::default()).expect("a port");
    let dial = Dial::new(format!("ws://{}/CP1", listener.local_addr().expect("an address")), ["ocpp1.6"]);
    let serving = csms.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    let mut client = Client(dial.connect().await.expect("it is let in"));
    client.boot().await;

    let sample = format!(r#"{{"value":"{}"}}"#, "7".repeat(400));
    let values = vec![sample; 100].join(",");
    let (mut sink, mut stream) = client.0.split();
    let sent = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let sending = tokio::spawn(async move {
        for number in 0..MESSAGES {
            let text = format!(
                r#"[2,"m{number}","MeterValues",{{"connectorId":1,"transactionId":7,"meterValue":[{{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{values}]}}]}}]"#
            );
            sink.send(Outgoing::Text(text)).await.expect("it is sent");
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        sink
    });
    // it stops: nothing more is taken, however long one waits
    let mut before = usize::MAX;
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let now = sent.load(std::sync::atomic::Ordering::Relaxed);
        if now == before {
            break;
        }
        before = now;
    }
    assert!(before < MESSAGES && !sending.is_finished(), "{before} messages of 40 KB were taken from the station");
    gate.add_permits(MESSAGES);
    for number in 0..MESSAGES {
        let answer = loop {
            match timeout(Duration::from_secs(10), stream.next()).await.expect("something comes") {
                Some(Ok(Received::Text(text))) => break text,
                Some(Ok(Received::Ping | Received::Pong)) => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(answer, format!(r#"[3,"m{number}",{{}}]"#));
    }
}

/// A slice of the soak test; `examples/soak.rs` has all of it.
#[tokio::test]
async fn e16_connections_leave_nothing_behind() {
    let site = Site::start(open_config());
    for _ in 0..20 {
        for number in 0..10 {
            drop(site.accepted(&format!("CP{number}")).await);
        }
    }
    site.until(|csms| csms.connected() == 0).await;
    let counters = site.csms.counters();
    assert_eq!(counters.entered, 200);
    // what is left is what the CSMS and the tasks of the runtime are made of
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    site.until(|_| tokio::runtime::Handle::current().metrics().num_alive_tasks() <= 2).await;
    assert!(tasks < 50, "{tasks}");
}

/// A root certificate that signs others.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, "root");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"))
    }

    fn sign(&self, names: &[&str], common_name: &str, usage: ExtendedKeyUsagePurpose) -> TlsIdentity {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.distinguished_name.push(DnType::OrganizationName, "Operator");
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        TlsIdentity::from_pem(&certificate.pem(), &key.serialize_pem()).expect("an identity")
    }
}

#[tokio::test]
async fn ws_13_b17_cs_07_profile_3_is_the_certificate_of_that_station_and_no_other() {
    let authority = Authority::new();
    let roots = TrustedRoots::Pem(authority.0.pem());
    let server = authority.sign(&["localhost"], "csms", ExtendedKeyUsagePurpose::ServerAuth);
    let mut listen = ListenConfig::default();
    let station_roots = StationCertificates::Required(TrustedRoots::Pem(authority.0.pem()));
    listen.tls = Some(ServerTls::new(server, &station_roots).expect("TLS"));
    let stations = StaticAuthenticator::new();
    let mut enrolment = Enrolment::with_certificate("SN-1");
    enrolment.certificate.as_mut().expect("a rule").organization = Some("Operator".into());
    stations.enrol(id("CP1"), enrolment);
    let site = Site::listening(CsmsConfig::new(Arc::new(stations)), listen);
    let dial = |serial: &str| {
        let identity = authority.sign(&[], serial, ExtendedKeyUsagePurpose::ClientAuth);
        let mut dial = site.dial("CP1");
        dial.url = dial.url.replace("ws://", "wss://");
        let tls = ClientTls::new(&roots, Some(identity)).expect("TLS");
        dial.tls = Some(tls.with_server_name("localhost").expect("a name"));
        dial
    };
    assert_eq!(status(&dial("SN-2")).await, 401);
    assert!(site.has_told("OtherCertificate"));
    let mut client = Client(dial("SN-1").connect().await.expect("it is let in"));
    client
        .send(r#"[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":"SN-9"}]"#)
        .await;
    let goodbye = client.next().await.expect("a close frame");
    assert!(goodbye.starts_with("close 1008"), "{goodbye}");
    assert!(site.has_told("OtherSerialNumber"));
    let mut client = Client(dial("SN-1").connect().await.expect("it is let in"));
    let boot = r#"[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","chargePointSerialNumber":"SN-1"}]"#;
    assert!(client.ask(boot).await.contains("Accepted"));
}

#[tokio::test]
async fn a_handle_closes_its_connection() {
    let site = Site::start(open_config());
    let mut client = site.accepted("CP1").await;
    site.csms.station("CP1").expect("it is connected").close(CloseCode::NORMAL, "enough");
    assert!(client.next().await.expect("a close frame").starts_with("close 1000"));
}
