//! The charger in software: rules TX16-*, TX2-*, AUTH-*, ST-*, MV-*, AV-*, RC-*, UNL-*, RST-*, CFG-*, DM-* as far as a
//! small station has them.

mod csms_requests;
mod driver_side;
mod limits;
mod network;
mod power;
mod resumption;
mod status;
mod transactions;

use std::time::Duration;

use ocpp_client::charger::{Charger, ChargerEvent};
use ocpp_client::{Boot, MemoryStore, StationConfig};
use ocpp_rpc::{Input, Instant, Machine, Transmit};
use ocpp_types::Version;
use serde_json::{Value, json};

use crate::lab::{Sent, config, read, usual_answer};

/// A charger on the bench, and a CSMS that answers.
pub(crate) struct Bench {
    pub(crate) charger: Charger<MemoryStore>,
    pub(crate) now: Instant,
    pub(crate) events: Vec<ChargerEvent>,
    calls: u32,
    version: Version,
    config: StationConfig,
    answers: Vec<(String, Value)>,
}

impl Bench {
    pub(crate) fn new(version: Version) -> Self {
        Self::with(config(version))
    }

    /// One that reports security events.
    pub(crate) fn reporting(version: Version) -> Self {
        let mut config = config(version);
        config.security_events = true;
        Self::with(config)
    }

    fn with(config: StationConfig) -> Self {
        let (now, version) = (Instant::from_secs(500), config.version);
        let charger = Charger::new(now, config.clone(), 2, MemoryStore::new(), Boot::new(11)).expect("a charger");
        Self { charger, now, events: Vec::new(), calls: 0, version, config, answers: Vec::new() }
    }

    pub(crate) fn online(version: Version) -> Self {
        let mut bench = Self::new(version);
        bench.connect();
        bench.settle();
        bench.events.clear();
        bench
    }

    pub(crate) fn connect(&mut self) {
        let version = self.version;
        self.charger.handle_input(self.now, Input::LinkUp(version));
    }

    pub(crate) fn disconnect(&mut self) {
        self.charger.handle_input(self.now, Input::LinkDown);
    }

    /// From now on an action is answered like this.
    pub(crate) fn will_answer(&mut self, action: &str, answer: Value) {
        self.answers.retain(|(other, _)| other != action);
        self.answers.push((action.into(), answer));
    }

    pub(crate) fn sent(&mut self) -> Vec<Sent> {
        let mut sent = Vec::new();
        while let Some(transmit) = self.charger.poll_transmit() {
            if let Transmit::Text(text) = transmit {
                sent.push(read(text));
            }
        }
        sent
    }

    /// Answers everything, and gives what was sent.
    pub(crate) fn settle(&mut self) -> Vec<Sent> {
        let mut all = Vec::new();
        loop {
            let sent = self.sent();
            if sent.is_empty() {
                break;
            }
            for frame in sent {
                if frame.kind == 2 {
                    let told = self.answers.iter().find(|(action, _)| *action == frame.name);
                    let answer =
                        told.map_or_else(|| usual_answer(&frame.name, &frame.payload), |(_, answer)| answer.clone());
                    let text = json!([3, frame.id, answer]).to_string();
                    self.charger.handle_input(self.now, Input::Text(&text));
                }
                all.push(frame);
            }
        }
        while let Some(event) = self.charger.poll_event() {
            self.events.push(event);
        }
        all
    }

    /// Calls the charger; gives its answer and what it sends after that.
    pub(crate) fn call(&mut self, action: &str, payload: Value) -> (Sent, Vec<Sent>) {
        self.calls += 1;
        let id = format!("c{}", self.calls);
        let text = json!([2, id, action, payload]).to_string();
        self.charger.handle_input(self.now, Input::Text(&text));
        let mut sent = self.settle();
        let at = sent.iter().position(|frame| frame.id == id).expect("an answer");
        assert_eq!(at, 0, "the answer comes first: {sent:?}");
        (sent.remove(0), sent)
    }

    pub(crate) fn pass(&mut self, seconds: u64) -> Vec<Sent> {
        let end = self.now + Duration::from_secs(seconds);
        let mut all = Vec::new();
        while let Some(at) = self.charger.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.charger.handle_input(self.now, Input::Timeout);
            all.extend(self.settle());
        }
        self.now = end;
        all
    }

    /// Cuts the power and boots.
    pub(crate) fn power_cut(self) -> Self {
        let Self { charger, now, version, config, answers, .. } = self;
        let charger = Charger::new(now, config.clone(), 2, charger.into_store(), Boot::new(12)).expect("a charger");
        Self { charger, now, events: Vec::new(), calls: 0, version, config, answers }
    }
}

pub(crate) fn names(sent: &[Sent]) -> Vec<&str> {
    sent.iter().map(|sent| &*sent.name).collect()
}

/// `Started(CablePluggedIn)` and so on.
pub(crate) fn events(sent: &[Sent]) -> Vec<String> {
    let events = sent.iter().filter(|sent| sent.name == "TransactionEvent");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    events
        .map(|sent| format!("{}({})", text(&sent.payload["eventType"]), text(&sent.payload["triggerReason"])))
        .collect()
}

/// Status per connector, as reported.
pub(crate) fn statuses(sent: &[Sent]) -> Vec<(i64, String)> {
    let reports = sent.iter().filter(|sent| sent.name == "StatusNotification");
    reports
        .map(|sent| {
            let id = sent.payload.get("evseId").unwrap_or(&sent.payload["connectorId"]);
            let status = sent.payload.get("status").unwrap_or(&sent.payload["connectorStatus"]);
            (id.as_i64().unwrap_or(-1), status.as_str().unwrap_or_default().to_owned())
        })
        .collect()
}
