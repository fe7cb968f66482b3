//! A station on the bench, and a hand that plays the CSMS.

use std::time::Duration;

use ocpp_client::{Boot, MemoryStore, Station, StationConfig, StationEvent, StationInfo, Store};
use ocpp_rpc::{Input, Instant, Machine, Transmit};
use ocpp_types::Version;
use serde_json::{Value, json};

/// What the CSMS says the time is when it accepts.
pub(crate) const NOON: &str = "2026-03-01T12:00:00Z";

pub(crate) struct Lab<S: Store> {
    pub(crate) station: Station<S>,
    pub(crate) now: Instant,
    pub(crate) events: Vec<StationEvent>,
    csms_calls: u32,
}

/// A frame the station sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) kind: u64,
    pub(crate) id: String,
    /// The action of a CALL, the code of a CALLERROR.
    pub(crate) name: String,
    pub(crate) payload: Value,
}

impl Lab<MemoryStore> {
    pub(crate) fn new(version: Version) -> Self {
        Self::with(config(version))
    }

    pub(crate) fn with(config: StationConfig) -> Self {
        Self::on(config, MemoryStore::new(), 1)
    }

    /// A station that is connected and accepted, all of its first messages answered.
    pub(crate) fn online(version: Version) -> Self {
        let mut lab = Self::new(version);
        lab.go_online();
        lab
    }
}

pub(crate) fn config(version: Version) -> StationConfig {
    let mut config = StationConfig::new(version, StationInfo::new("Acme", "Two"));
    config.security_events = false;
    config
}

impl<S: Store> Lab<S> {
    pub(crate) fn on(config: StationConfig, store: S, seed: u128) -> Self {
        let now = Instant::from_secs(1000);
        let station = Station::new(now, config, store, Boot::new(seed)).expect("a station");
        Self { station, now, events: Vec::new(), csms_calls: 0 }
    }

    pub(crate) fn link_up(&mut self) {
        let version = self.station.version();
        self.input(Input::LinkUp(version));
    }

    pub(crate) fn link_down(&mut self) {
        self.input(Input::LinkDown);
    }

    pub(crate) fn go_online(&mut self) {
        self.link_up();
        let boot = self.one_sent();
        assert_eq!(boot.name, "BootNotification");
        self.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
        self.settle();
        self.events.clear();
    }

    /// Answers whatever comes with what accepts it.
    pub(crate) fn settle(&mut self) -> Vec<Sent> {
        let mut all = Vec::new();
        loop {
            let sent = self.sent();
            if sent.is_empty() {
                return all;
            }
            for frame in sent {
                if frame.kind == 2 {
                    let answer = usual_answer(&frame.name, &frame.payload);
                    self.answer(&frame, answer);
                }
                all.push(frame);
            }
        }
    }

    pub(crate) fn input(&mut self, input: Input<'_>) {
        self.station.handle_input(self.now, input);
        self.take_events();
    }

    pub(crate) fn take_events(&mut self) {
        while let Some(event) = self.station.poll_event() {
            self.events.push(event);
        }
    }

    /// Lets time pass in steps, as its timers ask for.
    pub(crate) fn pass(&mut self, seconds: u64) {
        let end = self.now + Duration::from_secs(seconds);
        while let Some(at) = self.station.poll_timeout().filter(|at| *at <= end) {
            let before = self.now;
            self.now = self.now.max(at);
            self.input(Input::Timeout);
            assert!(
                self.station.poll_timeout().is_none_or(|next| next > self.now || before < self.now),
                "a timer that does not move"
            );
        }
        self.now = end;
    }

    pub(crate) fn sent(&mut self) -> Vec<Sent> {
        let mut sent = Vec::new();
        while let Some(transmit) = self.station.poll_transmit() {
            if let Transmit::Text(text) = transmit {
                sent.push(read(text));
            }
        }
        sent
    }

    #[track_caller]
    pub(crate) fn one_sent(&mut self) -> Sent {
        let sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.into_iter().next().expect("just counted")
    }

    #[track_caller]
    pub(crate) fn nothing_sent(&mut self) {
        assert_eq!(self.sent(), []);
    }

    pub(crate) fn answer(&mut self, to: &Sent, payload: Value) {
        self.text(&json!([3, to.id, payload]).to_string());
    }

    pub(crate) fn refuse(&mut self, to: &Sent, code: &str) {
        self.text(&json!([4, to.id, code, "", {}]).to_string());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.input(Input::Text(text));
    }

    /// Calls the station.
    pub(crate) fn call(&mut self, action: &str, payload: Value) -> String {
        self.csms_calls += 1;
        let id = format!("csms-{}", self.csms_calls);
        self.text(&json!([2, id, action, payload]).to_string());
        id
    }

    pub(crate) fn now(&self) -> Instant {
        self.now
    }

    /// Cuts the power: what is left is the store.
    pub(crate) fn into_store(self) -> S {
        self.station.into_store()
    }
}

pub(crate) fn read(text: &str) -> Sent {
    let frame: Vec<Value> = serde_json::from_str(text).expect("what is sent is a frame");
    let kind = frame[0].as_u64().expect("a message type");
    let text_at = |at: usize| frame[at].as_str().unwrap_or_default().to_owned();
    match kind {
        2 | 6 => Sent { kind, id: text_at(1), name: text_at(2), payload: frame[3].clone() },
        3 => Sent { kind, id: text_at(1), name: String::new(), payload: frame[2].clone() },
        _ => Sent { kind, id: text_at(1), name: text_at(2), payload: frame[4].clone() },
    }
}

pub(crate) fn usual_answer(action: &str, payload: &Value) -> Value {
    match action {
        "BootNotification" => json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}),
        "Heartbeat" => json!({"currentTime": NOON}),
        "StartTransaction" => json!({"idTagInfo": {"status": "Accepted"}, "transactionId": 42}),
        "Authorize" if payload.get("idTag").is_some() => json!({"idTagInfo": {"status": "Accepted"}}),
        "Authorize" => json!({"idTokenInfo": {"status": "Accepted"}}),
        _ => json!({}),
    }
}

pub(crate) mod make {
    use ocpp_client::Store;
    use ocpp_types::{Decimal, Timestamp, Version, v16, v21, v201};

    use super::Lab;

    pub(crate) fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    pub(crate) fn start() -> v16::StartTransactionRequest {
        v16::StartTransactionRequest::new(1, "04A1", 1000, time("2026-03-01T12:00:00Z"))
    }

    pub(crate) fn stop() -> v16::StopTransactionRequest {
        v16::StopTransactionRequest::new(9000, time("2026-03-01T13:00:00Z"), 0)
    }

    pub(crate) fn meter(wh: u32) -> v16::MeterValuesRequest {
        let sample = v16::SampledValue::new(wh.to_string());
        v16::MeterValuesRequest::new(1, [v16::MeterValue::new(time("2026-03-01T12:30:00Z"), [sample])])
    }

    pub(crate) fn event_201(
        kind: v201::TransactionEvent,
        reason: v201::TriggerReason,
        seq_no: i64,
    ) -> v201::TransactionEventRequest {
        let transaction = v201::Transaction::new("tx-1");
        let mut event =
            v201::TransactionEventRequest::new(kind, time("2026-03-01T12:00:00Z"), reason, seq_no, transaction);
        let sample = v201::SampledValue::new(Decimal::from(seq_no));
        event.meter_value = [v201::MeterValue::new([sample], time("2026-03-01T12:00:00Z"))].into();
        event
    }

    pub(crate) fn event_21(
        kind: v21::TransactionEvent,
        reason: v21::TriggerReason,
        seq_no: i64,
    ) -> v21::TransactionEventRequest {
        let transaction = v21::Transaction::new("tx-1");
        v21::TransactionEventRequest::new(kind, time("2026-03-01T12:00:00Z"), reason, seq_no, transaction)
    }

    /// Starts a transaction in any version.
    pub(crate) fn something_start<S: Store>(lab: &mut Lab<S>) {
        match lab.station.version() {
            Version::V16 => drop(lab.station.start_transaction(lab.now, &start()).expect("taken")),
            Version::V201 => {
                let event = event_201(v201::TransactionEvent::Started, v201::TriggerReason::Authorized, 0);
                lab.station.transaction_event(lab.now, &event).expect("taken");
            }
            _ => {
                let event = event_21(v21::TransactionEvent::Started, v21::TriggerReason::Authorized, 0);
                lab.station.transaction_event(lab.now, &event).expect("taken");
            }
        }
    }
}
