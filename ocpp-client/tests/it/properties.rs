//! Whatever happens in whatever order: nothing panics, no timer stands still, and what must arrive does, in order.

use std::time::Duration;

use ocpp_client::{Boot, MemoryStore, Station};
use ocpp_rpc::{Input, Instant, Machine, Transmit};
use ocpp_types::{Version, v21};
use proptest::prelude::*;
use serde_json::json;

use crate::lab::{config, make, read, usual_answer};

#[derive(Clone, Debug)]
enum Step {
    LinkUp,
    LinkDown,
    Wait(u16),
    Event,
    Call,
    /// Answers so many of the calls that came.
    Answer(u8),
    Refuse,
    Text(String),
    PowerCut,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::LinkUp),
        2 => Just(Step::LinkDown),
        4 => (0..200_u16).prop_map(Step::Wait),
        6 => Just(Step::Event),
        2 => Just(Step::Call),
        8 => (1..4_u8).prop_map(Step::Answer),
        1 => Just(Step::Refuse),
        1 => prop_oneof![
            Just(String::new()),
            Just("{".to_owned()),
            Just(r#"[3,"nobody",{}]"#.to_owned()),
            Just(r#"[2,"x","Reset",{"type":"Immediate"}]"#.to_owned()),
            Just(r#"[2,"y","TriggerMessage",{"requestedMessage":"Heartbeat"}]"#.to_owned()),
            ".{0,40}",
        ].prop_map(Step::Text),
        1 => Just(Step::PowerCut),
    ]
}

struct World {
    station: Station<MemoryStore>,
    now: Instant,
    is_up: bool,
    boots: u128,
    /// Calls that have come and wait for an answer.
    waiting: Vec<(String, String, serde_json::Value)>,
    /// Numbers of the events that were answered, in the order in which they came first.
    arrived: Vec<i64>,
}

impl World {
    fn new() -> Self {
        let now = Instant::from_secs(10);
        let station = Self::boot(now, MemoryStore::new(), 0);
        Self { station, now, is_up: false, boots: 0, waiting: Vec::new(), arrived: Vec::new() }
    }

    fn boot(now: Instant, store: MemoryStore, seed: u128) -> Station<MemoryStore> {
        let mut config = config(Version::V21);
        config.transactions_before_accepted = true;
        // nothing is ever given up, so everything has to arrive
        config.outbox.attempts = 0;
        Station::new(now, config, store, Boot::new(seed)).expect("a station")
    }

    fn input(&mut self, input: Input<'_>) {
        self.station.handle_input(self.now, input);
        let mut closes = false;
        while let Some(transmit) = self.station.poll_transmit() {
            match transmit {
                Transmit::Text(text) => {
                    let frame = read(text);
                    if frame.kind == 2 {
                        self.waiting.push((frame.id, frame.name, frame.payload));
                    }
                }
                // two calls in a row without an answer (rule RPC-24)
                _ => closes = true,
            }
        }
        while self.station.poll_event().is_some() {}
        // one call of the station at a time (rule RPC-20), so what waited before was given up
        let latest = self.waiting.len().saturating_sub(1);
        self.waiting.drain(..latest);
        if closes {
            self.link_down();
        }
    }

    fn link_down(&mut self) {
        self.is_up = false;
        self.waiting.clear();
        self.input(Input::LinkDown);
    }

    fn answer(&mut self) {
        let Some((id, name, payload)) = self.waiting.pop() else { return };
        if !self.is_up {
            return;
        }
        if name == "TransactionEvent" {
            let number = payload["seqNo"].as_i64().expect("a number");
            if !self.arrived.contains(&number) {
                self.arrived.push(number);
            }
        }
        let text = json!([3, id, usual_answer(&name, &payload)]).to_string();
        self.input(Input::Text(&text));
    }

    fn wait(&mut self, seconds: u64) {
        let end = self.now + Duration::from_secs(seconds);
        for _ in 0..10_000 {
            match self.station.poll_timeout().filter(|at| *at <= end) {
                Some(at) => {
                    self.now = self.now.max(at);
                    self.input(Input::Timeout);
                }
                None => {
                    self.now = end;
                    return;
                }
            }
        }
        panic!("a timer that stands still");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn e6_q_06_what_must_arrive_arrives_in_order_whatever_happens(steps in proptest::collection::vec(step(), 1..80)) {
        let mut world = World::new();
        let mut made = 0;
        for step in steps {
            match step {
                Step::LinkUp if !world.is_up => {
                    world.is_up = true;
                    world.input(Input::LinkUp(Version::V21));
                }
                Step::LinkDown => world.link_down(),
                Step::Wait(seconds) => world.wait(u64::from(seconds)),
                Step::Event => {
                    let event =
                        make::event_21(v21::TransactionEvent::Updated, v21::TriggerReason::ChargingStateChanged, made);
                    world.station.transaction_event(world.now, &event).expect("taken");
                    made += 1;
                    world.input(Input::Timeout);
                }
                Step::Call => {
                    let request = v21::ClearedChargingLimitRequest::new("EMS");
                    // refused while offline
                    let _call = world.station.call(world.now, &request);
                    world.input(Input::Timeout);
                }
                Step::Answer(count) => (0..count).for_each(|_| world.answer()),
                Step::Refuse => {
                    if let Some((id, ..)) = world.waiting.pop().filter(|_| world.is_up) {
                        let text = json!([4, id, "InternalError", "", {}]).to_string();
                        world.input(Input::Text(&text));
                    }
                }
                Step::Text(text) if world.is_up => world.input(Input::Text(&text)),
                Step::PowerCut => {
                    world.boots += 1;
                    let World { station, now, boots, arrived, .. } = world;
                    let station = World::boot(now, station.into_store(), boots);
                    world = World { station, now, is_up: false, boots, waiting: Vec::new(), arrived };
                }
                Step::LinkUp | Step::Text(_) => {}
            }
        }
        // a long quiet time with a CSMS that answers
        for _ in 0..5000 {
            if !world.is_up {
                world.is_up = true;
                world.input(Input::LinkUp(Version::V21));
            }
            if world.waiting.is_empty() {
                if world.station.outbox().is_empty() && world.station.is_online() {
                    break;
                }
                world.wait(60);
            }
            world.answer();
        }
        prop_assert!(world.station.outbox().is_empty());
        prop_assert_eq!(world.arrived, (0..made).collect::<Vec<_>>());
    }
}
