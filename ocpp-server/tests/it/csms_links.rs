//! The CSMS over links, in virtual time: rules CS-25, CS-29, CS-52, CS-54, CS-55, CS-56; fault rows E11, E12; field needs 35, 36;
//! "Embedding at scale" 3, 4, 6.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ocpp_rpc::{CloseCode, LinkEnd, Outgoing, Received, Router};
use ocpp_server::directory::{
    Delivery, Directory, Epoch, MemoryDirectory, NodeId, RemoteAnswer, RemoteCall, RemoteFailure,
};
use ocpp_server::handshake::{Handshake, Offer, Transport};
use ocpp_server::ledger::TransactionId;
use ocpp_server::registry::{DuplicatePolicy, NotEntered};
use ocpp_server::{
    Admission, AllowEveryStationUnauthenticated, Authenticator, CallError, CallOptions, Cluster, CommandFailure,
    CommandRefused, Csms, CsmsConfig, CsmsEvent, Denial, Entrance, HoldCalls, Lost, NodeError, Nodes, Registration,
    RemoteStartError, RoutedError, RunEnd, SecurityProfile, StateError, StateStore, Station, StationConnection,
    StationId, StationRules, StationState, WhenOffline,
};
use ocpp_types::{Timestamp, v16, v201};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::id;
use crate::link::{FarEnd, pair};

fn now() -> Timestamp {
    "2026-03-01T10:00:00Z".parse().expect("a time")
}

/// Answers what a station of 1.6 needs; readings wait for a permit.
fn router(gate: Arc<Semaphore>) -> Router<Station, StationConnection> {
    Router::new()
        .on(|_, _: v16::BootNotificationRequest| async {
            Ok(v16::BootNotificationResponse::new(v16::RegistrationStatus::Accepted, now(), 300))
        })
        .on(|_, _: v16::StartTransactionRequest| async {
            let info = v16::IdTagInfo::new(v16::AuthorizationStatus::Accepted);
            Ok(v16::StartTransactionResponse::new(info, 4711))
        })
        .on(|_, _: v16::HeartbeatRequest| async { Ok(v16::HeartbeatResponse::new(now())) })
        .on(move |_, _: v16::MeterValuesRequest| {
            let gate = Arc::clone(&gate);
            async move {
                gate.acquire().await.expect("a gate").forget();
                Ok(v16::MeterValuesResponse::new())
            }
        })
}

fn config() -> CsmsConfig {
    let mut config = CsmsConfig::new(Arc::new(AllowEveryStationUnauthenticated));
    config.rules.hold_calls = HoldCalls::UntilAccepted;
    config
}

fn csms(config: CsmsConfig) -> Csms {
    Csms::new(config, router(Arc::new(Semaphore::new(1000))))
}

/// A station that is connected.
struct Far {
    far: FarEnd,
    end: JoinHandle<RunEnd>,
}

async fn connect(csms: &Csms, identity: &str) -> Far {
    let entrance = enter(csms, identity).await;
    let (link, far) = pair();
    let running = csms.clone();
    let end = tokio::spawn(async move { running.run(entrance, link).await });
    Far { far, end }
}

async fn enter(csms: &Csms, identity: &str) -> Entrance {
    let target = format!("/ocpp/{identity}");
    let headers: [(&str, &[u8]); 5] = [
        ("Upgrade", b"websocket"),
        ("Connection", b"Upgrade"),
        ("Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", b"13"),
        ("Sec-WebSocket-Protocol", b"ocpp1.6"),
    ];
    let transport = Transport::Plain;
    let offer = Offer { method: "GET", target: &target, headers: &headers, transport: &transport, source: None };
    csms.enter(&offer).await.expect("it is let in")
}

impl Far {
    /// What comes next that is no ping.
    async fn next(&self) -> String {
        loop {
            match self.far.receive().await {
                Outgoing::Text(text) => return text,
                Outgoing::Close(reason) => return format!("close {reason}"),
                _ => self.far.send(Received::Pong),
            }
        }
    }

    async fn boot(&self) {
        self.far.text(r#"[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]"#);
        let answer = self.next().await;
        assert!(answer.contains("Accepted"), "{answer}");
    }

    /// Whether the station counts as accepted.
    async fn is_known(&self) -> bool {
        self.far.text(r#"[2,"h","Heartbeat",{}]"#);
        self.next().await.starts_with(r#"[3,"h","#)
    }

    /// Takes the next call and answers it with a status.
    async fn answer(&self, action: &str, status: &str) {
        let call = self.next().await;
        assert!(call.contains(&format!("\"{action}\"")), "{call}");
        let id = call.split('"').nth(1).expect("an id");
        self.far.text(&format!(r#"[3,"{id}",{{"status":"{status}"}}]"#));
    }

    /// Breaks down; completes when the CSMS knows.
    async fn cut(self) -> RunEnd {
        self.far.cut();
        self.end.await.expect("it ends")
    }
}

/// Gives all tasks their turn.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

fn readings(number: usize) -> String {
    format!(
        r#"[2,"m{number}","MeterValues",{{"connectorId":1,"transactionId":7,"meterValue":[{{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{{"value":"{number}"}}]}}]}}]"#
    )
}

/// Whoever runs a connection may stop doing so before it is over: a server that takes its tasks down, a time limit.
#[tokio::test(start_paused = true)]
async fn b18_cs_23_a_connection_whose_future_is_dropped_is_gone_and_nobody_waits_for_it() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    let csms = csms(config().observed(move |event| match event {
        CsmsEvent::Connected { .. } => telling.lock().expect("a list").push("connected"),
        CsmsEvent::Disconnected { .. } => telling.lock().expect("a list").push("disconnected"),
        _ => {}
    }));
    let station = connect(&csms, "CP1").await;
    station.boot().await;
    settle().await;
    let handle = csms.station("CP1").expect("it is connected");
    let calling = handle.clone();
    let sent = tokio::spawn(async move { calling.call(&v16::ClearCacheRequest::new()).await });
    assert!(station.next().await.contains("ClearCache"));
    station.end.abort();
    settle().await;

    assert_eq!((csms.connected(), handle.is_connected()), (0, false));
    assert_eq!(*told.lock().expect("a list"), ["connected", "disconnected"]);
    let sent = timeout(Duration::from_secs(60), sent).await.expect("it ends").expect("it ends well");
    assert_eq!(sent, Err(CallError::Failed(CommandFailure::Unknown(Lost::Connection))), "it may have happened");
    let late = timeout(Duration::from_secs(60), handle.call(&v16::ClearCacheRequest::new())).await;
    assert_eq!(late.expect("it ends"), Err(CallError::Refused(CommandRefused::Offline)));
    let again = connect(&csms, "CP1").await;
    assert!(again.is_known().await, "it goes on where it was");
}

/// Rule CS-57: "finish handlers".
#[tokio::test(start_paused = true)]
async fn cs_57_a_node_that_goes_down_answers_what_it_has_read_first() {
    let gate = Arc::new(Semaphore::new(0));
    let csms = Csms::new(config(), router(Arc::clone(&gate)));
    let (busy, idle) = (connect(&csms, "CP1").await, connect(&csms, "CP2").await);
    busy.boot().await;
    idle.boot().await;
    settle().await;
    let handle = csms.station("CP1").expect("it is connected");
    busy.far.text(&readings(1));
    settle().await;
    let drained = {
        let csms = csms.clone();
        tokio::spawn(async move { csms.drain(1000).await })
    };
    sleep(Duration::from_secs(5)).await;
    assert!(idle.next().await.starts_with("close 1012"), "it has nothing to wait for");
    busy.far.text(&readings(2));
    let calling = tokio::spawn(async move { handle.call(&v16::ClearCacheRequest::new()).await });
    sleep(Duration::from_secs(5)).await;
    assert!(!drained.is_finished());
    gate.add_permits(10);
    assert_eq!(busy.next().await, r#"[3,"m1",{}]"#);
    assert!(busy.next().await.starts_with("close 1012"), "what was not read is not answered");
    drained.await.expect("it ends");
    busy.far.cut();
    let call = calling.await.expect("it ends");
    assert!(call.as_ref().is_err_and(|error| !error.may_have_happened()), "no call was made meanwhile: {call:?}");
}

/// The same where a handler never answers: it is answered for.
#[tokio::test(start_paused = true)]
async fn cs_57_e1_a_handler_that_never_answers_does_not_hold_a_node_up() {
    let csms = Csms::new(config(), router(Arc::new(Semaphore::new(0))));
    let station = connect(&csms, "CP1").await;
    station.boot().await;
    station.far.text(&readings(1));
    settle().await;
    let begun = Instant::now();
    csms.drain(1000).await;
    assert!(begun.elapsed() <= Duration::from_secs(31), "{:?}", begun.elapsed());
    assert!(station.next().await.contains("InternalError"));
    assert!(station.next().await.starts_with("close 1012"));
}

/// Of a station that breaks the rule of one call at a time, no more is read than may wait for the application.
#[tokio::test(start_paused = true)]
async fn cs_55_a_slow_application_stops_the_reading_and_loses_no_transaction_message() {
    let gate = Arc::new(Semaphore::new(0));
    let csms = Csms::new(config(), router(Arc::clone(&gate)));
    let station = connect(&csms, "CP1").await;
    station.boot().await;
    for number in 0..100 {
        station.far.text(&readings(number));
    }
    settle().await;
    assert_eq!(station.far.untaken(), 84, "16 are with the application, the others stay where they are");
    gate.add_permits(10);
    settle().await;
    assert_eq!(station.far.untaken(), 74, "one for each that was answered");
    gate.add_permits(90);
    for number in 0..100 {
        assert_eq!(station.next().await, format!(r#"[3,"m{number}",{{}}]"#));
    }
    assert!(!station.end.is_finished());
}

/// A silence that this side causes is none of the station's: it is neither gone nor lost.
#[tokio::test(start_paused = true)]
async fn cs_55_a_station_that_is_not_listened_to_does_not_count_as_silent() {
    let gate = Arc::new(Semaphore::new(0));
    let mut config = config();
    config.rules.ping_interval = Some(Duration::from_secs(40));
    let mut connection = ocpp_rpc::ConnectionConfig::csms();
    connection.handler_timeout = Duration::from_secs(200);
    config.rules.connection = Arc::new(connection);
    let csms = Csms::new(config, router(Arc::clone(&gate)));
    let station = connect(&csms, "CP1").await;
    station.boot().await;
    for number in 0..20 {
        station.far.text(&readings(number));
    }
    sleep(Duration::from_secs(150)).await;
    assert!(!station.end.is_finished(), "three pings have gone out, and no pong was read");
    gate.add_permits(20);
    for number in 0..20 {
        assert_eq!(station.next().await, format!(r#"[3,"m{number}",{{}}]"#));
    }
}

#[tokio::test(start_paused = true)]
async fn cs_55_e11_a_station_that_does_not_read_for_30_seconds_is_closed() {
    let csms = csms(config());
    let (slow, other) = (connect(&csms, "SLOW").await, connect(&csms, "CP2").await);
    slow.boot().await;
    other.boot().await;
    slow.far.room(Some(0));
    let since = Instant::now();
    slow.far.text(r#"[2,"h","Heartbeat",{}]"#);
    sleep(Duration::from_millis(29_900)).await;
    assert!(!slow.end.is_finished());
    assert!(other.is_known().await, "the others do not notice");
    let end = slow.end.await.expect("it ends");
    assert!(matches!(end, RunEnd::Over(LinkEnd::SlowReader)), "{end:?}");
    assert!(since.elapsed() < Duration::from_millis(30_100), "{:?}", since.elapsed());
    assert_eq!(csms.connected(), 1);
}

#[tokio::test(start_paused = true)]
async fn cs_29_calls_that_the_station_has_to_refuse_are_not_made() {
    let csms = csms(config());
    let station = connect(&csms, "CP1").await;
    station.boot().await;
    let mut request = v16::RemoteStartTransactionRequest::new("a");
    request.connector_id = Some(0);
    let refused = csms.station("CP1").expect("it is connected").call(&request).await;
    let Err(CallError::Refused(CommandRefused::Objection(objections))) = refused else { panic!("{refused:?}") };
    assert_eq!(objections.first().clause, "1.6 §6.33");
}

/// Field need 19: how strict the CSMS is may be said for each station.
#[tokio::test(start_paused = true)]
async fn a_station_can_have_rules_of_its_own() {
    struct Strict;
    #[async_trait]
    impl Authenticator for Strict {
        async fn authenticate(&self, handshake: &Handshake) -> Result<Admission, Denial> {
            let mut admission = Admission::new(SecurityProfile::Unsecured);
            if handshake.identity.as_str() == "STRICT" {
                let mut connection = ocpp_rpc::ConnectionConfig::csms();
                connection.policy = ocpp_types::DecodePolicy::Enforce;
                let mut rules = StationRules::default();
                rules.connection = Arc::new(connection);
                admission.rules = Some(Arc::new(rules));
            }
            Ok(admission)
        }
    }
    let csms = csms(CsmsConfig::new(Arc::new(Strict)));
    for (identity, answer) in [("STRICT", "[4,\"b\",\"FormationViolation\""), ("CP1", "[3,\"b\"")] {
        let station = connect(&csms, identity).await;
        station.far.text(r#"[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","extra":1}]"#);
        let said = station.next().await;
        assert!(said.starts_with(answer), "{identity}: {said}");
    }
}

const WITHIN: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn cs_25_a_remote_start_is_awaited_until_its_transaction_is_there() {
    let csms = csms(config());
    let far = connect(&csms, "CP1").await;
    far.boot().await;
    let station = csms.station("CP1").expect("it is connected");
    let request = v16::RemoteStartTransactionRequest::new("abc");
    let time = chrono::Utc::now().to_rfc3339();
    let driver = async {
        far.answer("RemoteStartTransaction", "Accepted").await;
        sleep(Duration::from_secs(40)).await;
        far.far.text(&format!(
            r#"[2,"s","StartTransaction",{{"connectorId":3,"idTag":"ABC","meterStart":0,"timestamp":"{time}"}}]"#
        ));
        far.next().await
    };
    let (started, _) = tokio::join!(station.remote_start(&request, CallOptions::default(), WITHIN), driver);
    let started = started.expect("a transaction");
    assert_eq!((started.transaction, started.place), (TransactionId::Number(4711), Some(3)));

    let (refused, ()) = tokio::join!(
        station.remote_start(&request, CallOptions::default(), WITHIN),
        far.answer("RemoteStartTransaction", "Rejected")
    );
    assert_eq!(refused, Err(RemoteStartError::Refused("Rejected".into())));

    let since = Instant::now();
    let (nothing, ()) = tokio::join!(
        station.remote_start(&request, CallOptions::default(), WITHIN),
        far.answer("RemoteStartTransaction", "Accepted")
    );
    assert_eq!(nothing, Err(RemoteStartError::NotStarted));
    assert!(since.elapsed() < WITHIN + Duration::from_secs(1), "{:?}", since.elapsed());
}

#[tokio::test(start_paused = true)]
async fn cs_25_a_transaction_that_starts_after_a_reconnect_is_still_the_one() {
    let csms = csms(config());
    let far = connect(&csms, "CP1").await;
    far.boot().await;
    let station = csms.station("CP1").expect("it is connected");
    let request = v16::RemoteStartTransactionRequest::new("abc");
    let time = chrono::Utc::now().to_rfc3339();
    let again = csms.clone();
    let driver = async move {
        far.answer("RemoteStartTransaction", "Accepted").await;
        settle().await;
        far.cut().await;
        let far = connect(&again, "CP1").await;
        far.far.text(&format!(
            r#"[2,"s","StartTransaction",{{"connectorId":1,"idTag":"abc","meterStart":0,"timestamp":"{time}"}}]"#
        ));
        far.next().await
    };
    let (started, _) = tokio::join!(station.remote_start(&request, CallOptions::default(), WITHIN), driver);
    assert_eq!(started.expect("a transaction").transaction, TransactionId::Number(4711));
}

#[tokio::test(start_paused = true)]
async fn cs_54_what_is_known_of_a_station_goes_into_a_file_and_another_process_goes_on_with_it() {
    let first = csms(config());
    let station = connect(&first, "CP1").await;
    station.boot().await;
    let text = serde_json::to_string(&first.state("CP1").await).expect("JSON");
    station.cut().await;
    assert_eq!(serde_json::to_string(&first.state("CP1").await).expect("JSON"), text, "it does not need to be there");
    assert_eq!(first.state("CP2").await, None);

    let second = csms(config());
    assert!(!connect(&second, "CP1").await.is_known().await, "another process knows nothing of it");
    let second = csms(config());
    let state: Option<StationState> = serde_json::from_str(&text).expect("a state");
    assert!(second.restore(&id("CP1"), state.expect("a state")));
    assert_eq!(second.registration("CP1"), Registration::Accepted);
    let station = connect(&second, "CP1").await;
    assert!(station.is_known().await);
    assert!(!second.restore(&id("CP1"), StationState::default()), "not while it is connected");
}

/// What nodes share: a store, a directory, and ways to each other.
#[derive(Default)]
struct Site {
    states: Mutex<BTreeMap<StationId, String>>,
    nodes: Mutex<BTreeMap<NodeId, Csms>>,
    /// Nodes that cannot be reached.
    cut_off: Mutex<Vec<NodeId>>,
}

struct Shared(Arc<Site>);

#[async_trait]
impl StateStore for Shared {
    async fn load(&self, station: &StationId) -> Result<Option<StationState>, StateError> {
        let text = self.0.states.lock().expect("a store").get(station).cloned();
        Ok(text.map(|text| serde_json::from_str(&text).expect("a state")))
    }

    async fn save(&self, station: &StationId, state: StationState) -> Result<(), StateError> {
        let text = serde_json::to_string(&state).expect("JSON");
        self.0.states.lock().expect("a store").insert(station.clone(), text);
        Ok(())
    }
}

#[async_trait]
impl Nodes for Shared {
    async fn call(&self, node: &NodeId, call: RemoteCall) -> Result<RemoteAnswer, NodeError> {
        if self.0.cut_off.lock().expect("a list").contains(node) {
            return Err(NodeError::Unreachable);
        }
        let csms = self.0.nodes.lock().expect("nodes").get(node).cloned().ok_or(NodeError::Unreachable)?;
        // as on a wire
        let call = serde_json::from_str(&serde_json::to_string(&call).expect("JSON")).expect("a call");
        csms.take_remote(call).await.ok_or(NodeError::NoAnswer)
    }

    async fn let_go(&self, node: &NodeId, station: &StationId, epoch: Epoch) {
        if self.0.cut_off.lock().expect("a list").contains(node) {
            return;
        }
        let csms = self.0.nodes.lock().expect("nodes").get(node).cloned();
        if let Some(csms) = csms {
            csms.let_go(station, epoch);
        }
    }
}

fn node(name: &str) -> NodeId {
    NodeId(name.into())
}

impl Site {
    fn new() -> (Arc<Self>, Arc<MemoryDirectory>) {
        let clock = ocpp_rpc::Clock::start();
        (Arc::default(), Arc::new(MemoryDirectory::new(move || clock.now())))
    }

    /// Starts a node, and the keeping of its lease.
    async fn start(self: &Arc<Self>, name: &str, directory: &Arc<MemoryDirectory>) -> (Csms, JoinHandle<()>) {
        self.start_with(config(), name, directory).await
    }

    async fn start_with(
        self: &Arc<Self>,
        mut config: CsmsConfig,
        name: &str,
        directory: &Arc<MemoryDirectory>,
    ) -> (Csms, JoinHandle<()>) {
        config.states = Some(Arc::new(Shared(Arc::clone(self))));
        config.cluster = Some(Cluster::new(
            node(name),
            Arc::clone(directory) as Arc<dyn Directory>,
            Arc::new(Shared(Arc::clone(self))),
        ));
        let csms = csms(config);
        self.nodes.lock().expect("nodes").insert(node(name), csms.clone());
        let leased = csms.clone();
        let lease = tokio::spawn(async move { leased.keep_lease().await });
        settle().await;
        (csms, lease)
    }
}

fn reset() -> v16::ResetRequest {
    v16::ResetRequest::new(v16::ResetType::Soft)
}

async fn call(csms: &Csms, station: &str) -> Result<v16::ResetStatus, RoutedError> {
    let options = CallOptions::default();
    csms.call(&id(station), &reset(), options, Delivery::AtMostOnce).await.map(|response| response.status)
}

#[tokio::test(start_paused = true)]
async fn cs_52_a_command_given_to_any_node_reaches_the_one_that_holds_the_station() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let station = connect(&a, "CP1").await;
    station.boot().await;
    for (csms, status) in [(&a, v16::ResetStatus::Accepted), (&b, v16::ResetStatus::Rejected)] {
        let (answer, ()) = tokio::join!(call(csms, "CP1"), station.answer("Reset", status.as_str()));
        assert_eq!(answer, Ok(status));
    }
    let identity = id("CP1");
    let raw = b.call_raw(&identity, "Reset", r#"{"type":"Hard"}"#, CallOptions::default(), Delivery::AtMostOnce);
    let (answer, ()) = tokio::join!(raw, station.answer("Reset", "Accepted"));
    assert_eq!(answer.as_deref(), Ok(r#"{"status":"Accepted"}"#));

    let refuses = async {
        let call = station.next().await;
        let id = call.split('"').nth(1).expect("an id");
        station.far.text(&format!(r#"[4,"{id}","NotSupported","no",{{}}]"#));
    };
    let (answer, ()) = tokio::join!(call(&b, "CP1"), refuses);
    let Err(RoutedError::Refused(error)) = answer else { panic!("{answer:?}") };
    assert_eq!((error.code, error.description.as_str()), (ocpp_rpc::ErrorCode::NotSupported, "no"));
}

/// A connection that is sent away leaves the claim with the one that stays.
#[tokio::test(start_paused = true)]
async fn cs_52_a_second_connection_that_is_refused_does_not_take_the_station_away() {
    let (site, directory) = Site::new();
    let mut picky = config();
    picky.registry.duplicates = DuplicatePolicy::RejectNew;
    let (a, _) = site.start_with(picky, "a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let station = connect(&a, "CP1").await;
    station.boot().await;
    let second = connect(&a, "CP1").await;
    assert!(second.next().await.starts_with("close"));
    assert!(matches!(second.end.await, Ok(RunEnd::NotEntered(NotEntered::AlreadyConnected))));
    let both = async { tokio::join!(call(&b, "CP1"), station.answer("Reset", "Accepted")) };
    let (answer, ()) = timeout(Duration::from_secs(60), both).await.expect("the call reaches it");
    assert_eq!(answer, Ok(v16::ResetStatus::Accepted));
    station.cut().await;
    assert_eq!(directory.find(&id("CP1")).await, Ok(None), "nothing is left of it");
}

#[tokio::test(start_paused = true)]
async fn e12_a_command_for_a_station_that_no_node_holds_ends_at_once() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    assert_eq!(call(&b, "CP1").await, Err(RoutedError::Elsewhere(RemoteFailure::NotConnected)));
    let station = connect(&a, "CP1").await;
    station.boot().await;
    station.cut().await;
    assert_eq!(call(&b, "CP1").await, Err(RoutedError::Elsewhere(RemoteFailure::NotConnected)));
    assert_eq!(directory.find(&id("CP1")).await, Ok(None), "it was released");
    let alone = csms(config());
    assert_eq!(call(&alone, "CP1").await, Err(RoutedError::Elsewhere(RemoteFailure::NotConnected)));
}

#[tokio::test(start_paused = true)]
async fn e12_a_node_that_dies_holds_nothing_once_its_lease_is_over() {
    let (site, directory) = Site::new();
    let (a, lease) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let station = connect(&a, "CP1").await;
    station.boot().await;
    lease.abort();
    site.nodes.lock().expect("nodes").remove(&node("a"));
    // still in the directory, and not there: told at once, not waited for
    assert_eq!(call(&b, "CP1").await, Err(RoutedError::Elsewhere(RemoteFailure::NotConnected)));
    sleep(Duration::from_secs(31)).await;
    assert_eq!(directory.find(&id("CP1")).await, Ok(None));
    let again = connect(&b, "CP1").await;
    assert!(again.is_known().await, "the other node goes on where the first one was");
}

/// A node that was cut off does not know that its station is elsewhere: calls by the old claim are not sent.
#[tokio::test(start_paused = true)]
async fn cs_52_of_two_nodes_that_hold_a_station_the_one_with_the_lower_epoch_closes() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let old = connect(&a, "CP1").await;
    old.boot().await;
    let new = connect(&b, "CP1").await;
    assert!(new.is_known().await);
    assert!(old.next().await.starts_with("close 1008"));
    old.far.cut();
    old.end.await.expect("it ends");
    let holder = directory.find(&id("CP1")).await.expect("it answers").expect("it is held");
    assert_eq!(holder.node, node("b"), "the old node does not let go of what is not its own any more");
    let (answer, ()) = tokio::join!(call(&a, "CP1"), new.answer("Reset", "Accepted"));
    assert_eq!(answer, Ok(v16::ResetStatus::Accepted));
}

/// The same while it waits for what the one before it leaves.
#[tokio::test(start_paused = true)]
async fn b18_a_connection_that_is_dropped_before_it_has_taken_over_is_gone() {
    let csms = csms(config());
    let (link, _far) = pair();
    let mut stuck = Box::pin(csms.run(enter(&csms, "CP1").await, link));
    assert!(timeout(Duration::from_millis(1), &mut stuck).await.is_err(), "it goes on");
    assert_eq!(csms.connected(), 1);
    let new = connect(&csms, "CP1").await;
    settle().await;
    new.end.abort();
    settle().await;
    assert_eq!(csms.connected(), 0);
}

/// Field need 12: the end of an old connection must not be taken for that of the new one.
#[tokio::test(start_paused = true)]
async fn b18_events_tell_which_connection_they_are_about() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    let csms = csms(config().observed(move |event| {
        let (what, generation) = match event {
            CsmsEvent::Connected { generation, .. } => ("connected", generation),
            CsmsEvent::Disconnected { generation, .. } => ("disconnected", generation),
            _ => return,
        };
        telling.lock().expect("a list").push((what, *generation));
    }));
    let old = connect(&csms, "CP1").await;
    settle().await;
    let first = csms.station("CP1").expect("it is connected").generation();
    let _new = connect(&csms, "CP1").await;
    settle().await;
    let second = csms.station("CP1").expect("it is connected").generation();
    old.far.cut();
    settle().await;
    assert!(second > first);
    let told = told.lock().expect("a list").clone();
    assert_eq!(told, [("connected", first), ("connected", second), ("disconnected", first)]);
}

/// The directory is slow for the first of two connections, so that the later claim is the older connection's. Before that, one
/// is dropped while it waits (row B18).
#[tokio::test(start_paused = true)]
async fn cs_52_a_claim_that_is_late_is_that_of_the_connection_that_stays() {
    struct SlowTwice(Arc<MemoryDirectory>, std::sync::atomic::AtomicU8);
    #[async_trait]
    impl Directory for SlowTwice {
        async fn renew(&self, node: &NodeId, lease: Duration) -> Result<(), ocpp_server::directory::DirectoryError> {
            self.0.renew(node, lease).await
        }
        async fn claim(
            &self,
            station: &StationId,
            node: &NodeId,
        ) -> Result<ocpp_server::directory::Claim, ocpp_server::directory::DirectoryError> {
            if self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2 {
                sleep(Duration::from_secs(1)).await;
            }
            self.0.claim(station, node).await
        }
        async fn release(
            &self,
            station: &StationId,
            epoch: Epoch,
        ) -> Result<bool, ocpp_server::directory::DirectoryError> {
            self.0.release(station, epoch).await
        }
        async fn find(
            &self,
            station: &StationId,
        ) -> Result<Option<ocpp_server::directory::Holder>, ocpp_server::directory::DirectoryError> {
            self.0.find(station).await
        }
    }
    let (site, directory) = Site::new();
    let (b, _) = site.start("b", &directory).await;
    let mut config = config();
    let slow = SlowTwice(Arc::clone(&directory), std::sync::atomic::AtomicU8::new(0));
    config.cluster = Some(Cluster::new(node("a"), Arc::new(slow), Arc::new(Shared(Arc::clone(&site)))));
    let a = csms(config);
    site.nodes.lock().expect("nodes").insert(node("a"), a.clone());
    let leased = a.clone();
    tokio::spawn(async move { leased.keep_lease().await });
    settle().await;

    let dropped = connect(&a, "CP2").await;
    settle().await;
    assert_eq!(a.connected(), 1);
    dropped.end.abort();
    settle().await;
    assert_eq!(a.connected(), 0);

    let old = connect(&a, "CP1").await;
    settle().await;
    let new = connect(&a, "CP1").await;
    new.boot().await;
    sleep(Duration::from_secs(10)).await;
    old.cut().await;
    let (answer, ()) = tokio::join!(call(&b, "CP1"), new.answer("Reset", "Accepted"));
    assert_eq!(answer, Ok(v16::ResetStatus::Accepted));
    new.cut().await;
    assert_eq!(directory.find(&id("CP1")).await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn cs_52_a_command_by_an_old_claim_ends_with_moved() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let first = connect(&a, "CP1").await;
    first.boot().await;
    let epoch = directory.find(&id("CP1")).await.expect("it answers").expect("it is held").epoch;
    first.cut().await;
    let again = connect(&a, "CP1").await;
    assert!(again.is_known().await);
    let call = RemoteCall {
        id: "x-1".into(),
        station: id("CP1"),
        epoch,
        action: "Reset".into(),
        payload: r#"{"type":"Soft"}"#.into(),
        remaining_ms: 1000,
        delivery: Delivery::AtMostOnce,
    };
    let answer = a.take_remote(call).await.expect("an answer");
    assert_eq!(answer.outcome, ocpp_server::directory::RemoteOutcome::Failed(RemoteFailure::Moved));
    assert!(again.is_known().await, "and nothing was sent");
}

fn remote(id: &str, epoch: Epoch) -> RemoteCall {
    RemoteCall {
        id: id.into(),
        station: StationId::new("CP1").expect("an identity"),
        epoch,
        action: "Reset".into(),
        payload: r#"{"type":"Soft"}"#.into(),
        remaining_ms: 10_000,
        delivery: Delivery::AtMostOnce,
    }
}

#[tokio::test(start_paused = true)]
async fn cs_23_a_remote_call_that_is_given_up_half_way_is_not_made_again() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let far = connect(&a, "CP1").await;
    far.boot().await;
    let epoch = directory.find(&id("CP1")).await.expect("it answers").expect("it is held").epoch;
    let given_up = tokio::time::timeout(Duration::from_secs(1), a.take_remote(remote("x-1", epoch))).await;
    assert!(given_up.is_err());
    assert!(far.next().await.contains("Reset"));
    let again = a.take_remote(remote("x-1", epoch)).await.expect("an answer");
    assert_eq!(again.outcome, ocpp_server::directory::RemoteOutcome::Failed(RemoteFailure::Unknown));

    // two deliveries of one call at a time: one is carried out, and its answer is for both
    far.far.text(r#"[3,"late",{}]"#);
    let (first, second, ()) =
        tokio::join!(a.take_remote(remote("x-2", epoch)), a.take_remote(remote("x-2", epoch)), async {
            // the one that was given up keeps the station busy until it is answered or late
            far.answer("Reset", "Accepted").await;
        });
    assert!(second.is_none());
    let answered = ocpp_server::directory::RemoteOutcome::Answered(r#"{"status":"Accepted"}"#.into());
    let later = a.take_remote(remote("x-2", epoch)).await.map(|answer| answer.outcome);
    assert_eq!((first.map(|answer| answer.outcome), later), (Some(answered.clone()), Some(answered)));
}

/// The other node's deadline is the caller's, and what it says then is not lost on the way.
#[tokio::test(start_paused = true)]
async fn a_remote_call_that_the_station_never_answers_ends_with_its_time() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let far = connect(&a, "CP1").await;
    far.boot().await;
    let mut options = CallOptions::default();
    options.within = Some(Duration::from_secs(5));
    let since = Instant::now();
    let (identity, request) = (id("CP1"), reset());
    let (lost, _) = tokio::join!(b.call(&identity, &request, options, Delivery::AtMostOnce), far.next());
    assert_eq!(lost.map(drop), Err(RoutedError::Elsewhere(RemoteFailure::Unknown)));
    assert!(since.elapsed() < Duration::from_secs(7), "{:?}", since.elapsed());
}

#[tokio::test(start_paused = true)]
async fn cs_52_a_node_without_lease_lets_nobody_in_and_one_that_loses_it_lets_go() {
    let (site, directory) = Site::new();
    let (a, lease) = site.start("a", &directory).await;
    let station = connect(&a, "CP1").await;
    station.boot().await;
    lease.abort();
    sleep(Duration::from_secs(31)).await;
    let late = connect(&a, "CP2").await;
    assert!(late.next().await.starts_with("close 1013"));
    assert!(matches!(late.end.await, Ok(RunEnd::NotEntered(NotEntered::NoClaim))));

    // a directory that does not answer
    struct Dead;
    #[async_trait]
    impl Directory for Dead {
        async fn renew(&self, _: &NodeId, _: Duration) -> Result<(), ocpp_server::directory::DirectoryError> {
            std::future::pending().await
        }
        async fn claim(
            &self,
            _: &StationId,
            _: &NodeId,
        ) -> Result<ocpp_server::directory::Claim, ocpp_server::directory::DirectoryError> {
            MemoryDirectory::new(|| ocpp_rpc::Instant::ZERO)
                .claim(&StationId::new("x").expect("an identity"), &node("x"))
                .await
        }
        async fn release(&self, _: &StationId, _: Epoch) -> Result<bool, ocpp_server::directory::DirectoryError> {
            Ok(false)
        }
        async fn find(
            &self,
            _: &StationId,
        ) -> Result<Option<ocpp_server::directory::Holder>, ocpp_server::directory::DirectoryError> {
            Ok(None)
        }
    }
    let mut config = config();
    config.cluster = Some(Cluster::new(node("c"), Arc::new(Dead), Arc::new(Shared(Arc::clone(&site)))));
    let told = Arc::new(Mutex::new(0));
    let count = Arc::clone(&told);
    let config = config.observed(move |event: &CsmsEvent<'_>| {
        *count.lock().expect("a count") += u32::from(matches!(event, CsmsEvent::Directory(_)));
    });
    let c = csms(config);
    tokio::spawn(async move { c.keep_lease().await });
    sleep(Duration::from_secs(60)).await;
    assert!(*told.lock().expect("a count") > 2);
}

#[tokio::test(start_paused = true)]
async fn cs_52_a_node_whose_lease_ends_closes_its_connections() {
    let (site, directory) = Site::new();
    /// Answers until it is switched off.
    struct Switch(Arc<MemoryDirectory>, Arc<std::sync::atomic::AtomicBool>);
    #[async_trait]
    impl Directory for Switch {
        async fn renew(&self, node: &NodeId, lease: Duration) -> Result<(), ocpp_server::directory::DirectoryError> {
            if self.1.load(std::sync::atomic::Ordering::Relaxed) {
                return Err(ocpp_server::directory::DirectoryError::Unavailable("off".into()));
            }
            self.0.renew(node, lease).await
        }
        async fn claim(
            &self,
            station: &StationId,
            node: &NodeId,
        ) -> Result<ocpp_server::directory::Claim, ocpp_server::directory::DirectoryError> {
            self.0.claim(station, node).await
        }
        async fn release(
            &self,
            station: &StationId,
            epoch: Epoch,
        ) -> Result<bool, ocpp_server::directory::DirectoryError> {
            self.0.release(station, epoch).await
        }
        async fn find(
            &self,
            station: &StationId,
        ) -> Result<Option<ocpp_server::directory::Holder>, ocpp_server::directory::DirectoryError> {
            self.0.find(station).await
        }
    }
    let off = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let mut config = config();
    let switch = Arc::new(Switch(directory, Arc::clone(&off)));
    config.cluster = Some(Cluster::new(node("a"), switch, Arc::new(Shared(Arc::clone(&site)))));
    let a = csms(config);
    let leased = a.clone();
    tokio::spawn(async move { leased.keep_lease().await });
    settle().await;
    let station = connect(&a, "CP1").await;
    station.boot().await;
    off.store(true, std::sync::atomic::Ordering::Relaxed);
    let since = Instant::now();
    assert!(station.next().await.starts_with("close 1012"));
    assert!(since.elapsed() <= Duration::from_secs(31), "{:?}", since.elapsed());
}

#[tokio::test(start_paused = true)]
async fn cs_56_a_station_that_comes_to_another_node_goes_on_there_with_its_commands() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let far = connect(&a, "CP1").await;
    far.boot().await;
    let station = a.station("CP1").expect("it is connected");
    let configuration = v16::ChangeConfigurationRequest::new("HeartbeatInterval", "60");
    let mut keep = CallOptions::default();
    (keep.offline, keep.within) = (WhenOffline::Keep, Some(Duration::from_secs(600)));
    let blocking = reset();
    let goes = async {
        far.next().await; // the reset, which it does not answer any more
        settle().await;
        far.far.cut();
    };
    let (lost, kept, ()) = tokio::join!(station.call(&blocking), station.call_with(&configuration, keep), goes);
    assert!(lost.expect_err("it was out").may_have_happened());
    assert_eq!(kept, Err(CallError::Failed(CommandFailure::Kept)));
    settle().await;

    let far = connect(&b, "CP1").await;
    far.answer("ChangeConfiguration", "Accepted").await;
    assert!(far.is_known().await, "it was accepted, by whichever node");
    settle().await;
    assert_eq!(b.state("CP1").await.expect("a state").commands, []);
    assert!(a.state("CP1").await.is_none_or(|state| state.commands.is_empty()), "it is carried out once");
}

#[tokio::test(start_paused = true)]
async fn a_handle_of_a_station_that_moved_is_closed() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let far = connect(&a, "CP1").await;
    far.boot().await;
    let handle = a.station("CP1").expect("it is connected");
    let _new = connect(&b, "CP1").await;
    assert!(far.next().await.starts_with("close 1008"));
    far.cut().await;
    assert!(!handle.is_connected());
    handle.close(CloseCode::NORMAL, "nothing to close");
    let request = v201::GetLocalListVersionRequest::new();
    assert!(matches!(handle.call(&request).await, Err(CallError::Refused(CommandRefused::Offline))));
}

/// A store that is down keeps no station out; somebody is told.
#[tokio::test(start_paused = true)]
async fn cs_56_a_store_that_does_not_answer_costs_what_it_holds_and_no_more() {
    struct Down;
    #[async_trait]
    impl StateStore for Down {
        async fn load(&self, _: &StationId) -> Result<Option<StationState>, StateError> {
            Err(StateError("down".into()))
        }
        async fn save(&self, _: &StationId, _: StationState) -> Result<(), StateError> {
            Err(StateError("down".into()))
        }
    }
    let told = Arc::new(Mutex::new(0));
    let count = Arc::clone(&told);
    let mut config = config().observed(move |event: &CsmsEvent<'_>| {
        *count.lock().expect("a count") += u32::from(matches!(event, CsmsEvent::StateUnavailable { .. }));
    });
    config.states = Some(Arc::new(Down));
    let csms = csms(config);
    let station = connect(&csms, "CP1").await;
    assert!(!station.is_known().await);
    station.boot().await;
    assert!(station.is_known().await);
    station.cut().await;
    settle().await;
    assert_eq!(*told.lock().expect("a count"), 3, "on arrival, on its registration, and when it went");
}

/// A store that takes its time: a station that is back before its state is saved is not given an older one, and an older one never
/// replaces a newer one.
#[tokio::test(start_paused = true)]
async fn cs_56_states_are_saved_in_order_and_a_station_does_not_wait_for_that() {
    struct Slow(Mutex<Vec<StationState>>);
    #[async_trait]
    impl StateStore for Slow {
        async fn load(&self, _: &StationId) -> Result<Option<StationState>, StateError> {
            Ok(self.0.lock().expect("a store").last().cloned())
        }
        async fn save(&self, _: &StationId, state: StationState) -> Result<(), StateError> {
            // the first one takes longest
            let saved = self.0.lock().expect("a store").len();
            sleep(Duration::from_secs(if saved == 0 { 60 } else { 1 })).await;
            self.0.lock().expect("a store").push(state);
            Ok(())
        }
    }
    let store = Arc::new(Slow(Mutex::default()));
    let mut config = config();
    config.states = Some(Arc::clone(&store) as Arc<dyn StateStore>);
    let csms = csms(config);
    let station = connect(&csms, "CP1").await;
    station.boot().await;
    let handle = csms.station("CP1").expect("it is connected");
    let configuration = v16::ChangeConfigurationRequest::new("HeartbeatInterval", "60");
    let mut keep = CallOptions::default();
    (keep.offline, keep.within) = (WhenOffline::Keep, Some(Duration::from_secs(600)));
    let blocking = reset();
    let goes = async {
        station.next().await;
        settle().await;
        station.far.cut();
    };
    let (_, kept, ()) = tokio::join!(handle.call(&blocking), handle.call_with(&configuration, keep), goes);
    assert_eq!(kept, Err(CallError::Failed(CommandFailure::Kept)));

    let since = Instant::now();
    let station = connect(&csms, "CP1").await;
    station.answer("ChangeConfiguration", "Accepted").await;
    assert!(since.elapsed() < Duration::from_secs(1), "nobody waits for the store");
    settle().await;
    csms.drain(100).await;
    assert!(station.next().await.starts_with("close 1012"));
    let saved = store.0.lock().expect("a store");
    assert_eq!(saved.len(), 2, "what was outdated before its turn was left out");
    assert_eq!(saved.last().map(|state| state.commands.len()), Some(0), "and the last one is how it was left");
}

#[tokio::test(start_paused = true)]
async fn cs_57_a_node_that_goes_down_leaves_its_commands_to_the_others() {
    let (site, directory) = Site::new();
    let (a, _) = site.start("a", &directory).await;
    let (b, _) = site.start("b", &directory).await;
    let far = connect(&a, "CP1").await;
    far.boot().await;
    let station = a.station("CP1").expect("it is connected");
    let configuration = v16::ChangeConfigurationRequest::new("HeartbeatInterval", "60");
    let mut keep = CallOptions::default();
    (keep.offline, keep.within) = (WhenOffline::Keep, Some(Duration::from_secs(600)));
    let blocking = reset();
    let goes = async {
        far.next().await; // the reset
        settle().await;
        a.drain(100).await;
        assert!(far.next().await.starts_with("close 1012"));
        far.far.cut();
    };
    let impatient = v16::ClearCacheRequest::new();
    let (lost, kept, not_sent, ()) =
        tokio::join!(station.call(&blocking), station.call_with(&configuration, keep), station.call(&impatient), goes);
    assert_eq!(not_sent, Err(CallError::Failed(CommandFailure::Offline)));
    assert!(lost.expect_err("it was out").may_have_happened());
    assert_eq!(kept, Err(CallError::Failed(CommandFailure::Kept)));
    let far = connect(&b, "CP1").await;
    far.answer("ChangeConfiguration", "Accepted").await;
    assert!(far.is_known().await);
}
