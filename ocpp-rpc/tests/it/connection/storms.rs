//! Two machines on a bad network: what must hold whatever happens.

use std::collections::BTreeMap;

use ocpp_rpc::sim::{Dice, End, Line, Sim, Weather};
use ocpp_rpc::{
    CallError, CallKey, CallOptions, Class, Connection, ConnectionConfig, CsmsCall, Event, Inbound, Machine,
    MessageIds, StationCall,
};
use ocpp_types::{Payload, Request, Timestamp, Version, v16};
use proptest::prelude::*;

use super::*;

type World = Sim<Connection<CsmsCall>, Connection<StationCall>>;

fn world(weather: Weather, seed: u64) -> World {
    let station = Connection::new(ConnectionConfig::station(), MessageIds::new(u128::from(seed)));
    let csms = Connection::new(ConnectionConfig::csms(), MessageIds::new(!u128::from(seed)));
    Sim::new(station, csms, weather, seed)
}

/// The calls of one end and how often each has ended.
#[derive(Default)]
struct Book(BTreeMap<CallKey, u32>);

impl Book {
    fn open(&mut self, key: CallKey) {
        assert_eq!(self.0.insert(key, 0), None, "a key was given out twice");
    }

    fn close(&mut self, key: CallKey) {
        *self.0.get_mut(&key).expect("a call that was made") += 1;
    }

    fn is_balanced(&self) -> bool {
        self.0.values().all(|&ends| ends == 1)
    }
}

/// An application that answers, refuses, forgets, calls and cancels as the dice fall.
struct Whims {
    dice: Dice,
    forgets: u16,
}

impl Whims {
    fn acts<In: Inbound>(&mut self, end: &mut Connection<In>, now: Instant, book: &mut Book, options: CallOptions<'_>) {
        let made = match In::PEER {
            ocpp_types::Origin::Station => {
                end.call_with(now, &v16::ClearCacheRequest::new(), options).map(|call| call.key())
            }
            _ => end.call_with(now, &v16::HeartbeatRequest::new(), options).map(|call| call.key()),
        };
        if let Ok(key) = made {
            book.open(key);
            if self.dice.happens(50) {
                end.cancel(now, key);
            }
        }
    }

    fn handles<In: Inbound>(&mut self, end: &mut Connection<In>, now: Instant, event: Event<In>, book: &mut Book) {
        match event {
            Event::Answer(answer) => book.close(answer.key()),
            Event::Call(_) if self.dice.happens(self.forgets) => {}
            Event::Call(incoming) if incoming.action() == "Heartbeat" => {
                let time: Timestamp = "2026-03-01T10:15:30Z".parse().unwrap();
                replied::<v16::HeartbeatRequest, In>(end, now, incoming, v16::HeartbeatResponse::new(time));
            }
            Event::Call(incoming) if self.dice.happens(700) => {
                let accepted = v16::ClearCacheResponse::new(v16::ClearCacheStatus::Accepted);
                replied::<v16::ClearCacheRequest, In>(end, now, incoming, accepted);
            }
            Event::Call(incoming) => {
                let (_, responder) = incoming.into_parts();
                end.refuse(now, responder, CallError::internal("a whim")).unwrap_or_default();
            }
            _ => {}
        }
    }
}

fn replied<R: Request, In: Inbound>(
    end: &mut Connection<In>,
    now: Instant,
    incoming: Incoming<In>,
    response: R::Response,
) where
    R::Response: Payload,
{
    let taken = incoming.take::<R>(ocpp_types::DecodePolicy::Repair).unwrap();
    // the link may have gone, or the deadline come, in the meantime
    let _ = end.reply(now, taken.replier, Ok(response));
}

/// Runs a world for a while; at the end, every call has ended exactly once.
fn run(weather: Weather, seed: u64, rounds: u32) -> World {
    let mut world = world(weather, seed);
    let mut whims = Whims { dice: Dice(seed), forgets: 100 };
    let (mut at_station, mut at_csms) = (Book::default(), Book::default());
    for _ in 0..rounds {
        if !world.is_up() && whims.dice.happens(300) {
            world.connect(Version::V16);
        }
        let classes = [Class::Transaction, Class::Normal, Class::Triggered, Class::Boot];
        let class = classes[whims.dice.below(4) as usize];
        let now = world.now();
        match whims.dice.below(4) {
            0 => whims.acts(&mut world.station, now, &mut at_station, CallOptions::of(class)),
            1 => {
                let deadline = now + Duration::from_secs(whims.dice.below(60));
                whims.acts(&mut world.csms, now, &mut at_csms, CallOptions::of(class).deadline(deadline));
            }
            _ => {}
        }
        world.step();
        let now = world.now();
        while let Some(event) = world.station.poll_event() {
            whims.handles(&mut world.station, now, event, &mut at_station);
        }
        while let Some(event) = world.csms.poll_event() {
            whims.handles(&mut world.csms, now, event, &mut at_csms);
        }
        assert!(world.csms.unanswered() <= 16 && world.station.unanswered() <= 16);
    }
    world.disconnect();
    for event in events(&mut world.station) {
        if let Event::Answer(answer) = event {
            at_station.close(answer.key());
        }
    }
    for event in events(&mut world.csms) {
        if let Event::Answer(answer) = event {
            at_csms.close(answer.key());
        }
    }
    assert!(at_station.is_balanced() && at_csms.is_balanced(), "seed {seed}: {:?} {:?}", at_station.0, at_csms.0);
    world
}

/// No end sends a CALL while one of its own waits: between two CALLs lies an answer, a timeout or a new link.
fn one_call_at_a_time(transcript: &[Line], end: End) {
    let mut out: Option<(&str, &Line)> = None;
    let mut answered = std::collections::BTreeSet::new();
    for line in transcript {
        let id = line.text.split('"').nth(1).unwrap_or_default();
        if line.from != end && !line.text.starts_with("[2,") {
            answered.insert(id);
        }
        if line.from == end && line.text.starts_with("[2,") {
            if let Some((before, last)) = out.filter(|(_, last)| last.link == line.link) {
                assert!(answered.contains(before) || line.at - last.at >= seconds(30), "{before} was still out");
            }
            out = Some((id, line));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Field need 2.
    #[test]
    fn every_call_ends_exactly_once_whatever_the_network_does(seed: u64) {
        run(Weather::storm(), seed, 400);
    }

    #[test]
    fn rpc_20_at_most_one_call_is_out_whatever_the_network_does(seed: u64) {
        let world = run(Weather::storm(), seed, 400);
        // an answer is written before it arrives, so that the check is the laxer the slower the network
        one_call_at_a_time(world.transcript(), End::Station);
    }

    /// Whoever drives a machine may ask in any order, too often or too seldom.
    #[test]
    fn the_order_of_polls_does_not_show(seed: u64, orders in proptest::collection::vec(any::<u64>(), 2)) {
        let runs: Vec<_> = orders.into_iter().map(|order| polled_in(seed, order)).collect();
        prop_assert_eq!(&runs[0], &runs[1]);
    }
}

/// What is sent and told when polls come in an order that the second seed decides.
fn polled_in(seed: u64, order: u64) -> (Vec<String>, Vec<String>) {
    let mut order = Dice(order);
    let mut csms = csms(Version::V16);
    let mut world = Dice(seed);
    let (mut texts, mut told) = (Vec::new(), Vec::new());
    let mut now = START;
    let mut known: Vec<String> = Vec::new();
    for number in 0..200 {
        now += Duration::from_millis(world.below(8000));
        // all that came before has been taken out by now, in one order or the other
        match world.below(7) {
            0 => drop(csms.call(now, &v16::ClearCacheRequest::new())),
            1 => csms.handle_input(now, Input::Text(&format!("[2,\"{}\",\"Heartbeat\",{{}}]", world.below(6)))),
            2 => csms.handle_input(now, Input::Text("[2,\"odd\"")),
            3 => csms.handle_input(now, Input::Timeout),
            4 if number % 50 == 49 => {
                csms.handle_input(now, Input::LinkDown);
                csms.handle_input(now, Input::LinkUp(Version::V16));
            }
            _ => {
                let id = known.last().cloned().unwrap_or_default();
                csms.handle_input(now, Input::Text(&format!("[3,\"{id}\",{{\"status\":\"Accepted\"}}]")));
            }
        }
        let (mut quiet, mut answers) = (0, Vec::new());
        while quiet < 8 {
            let before = texts.len() + told.len();
            match order.below(4) {
                0 => match csms.poll_transmit() {
                    Some(Transmit::Text(text)) => {
                        if text.starts_with("[2,") {
                            known.push(id_of(text));
                        }
                        texts.push(text.to_owned());
                    }
                    Some(Transmit::Close { code, reason }) => texts.push(format!("close {code} {reason}")),
                    _ => {}
                },
                1 => {
                    if let Some(event) = csms.poll_event() {
                        told.push(format!("{event:?}"));
                        if let Event::Call(incoming) = event {
                            answers.push(incoming.into_parts().1);
                        }
                    }
                }
                2 => csms.handle_input(now, Input::Timeout),
                _ => drop(csms.poll_timeout()),
            }
            quiet = if texts.len() + told.len() == before { quiet + 1 } else { 0 };
        }
        // what the dice missed
        texts.extend(sent(&mut csms).into_iter().inspect(|text| {
            if text.starts_with("[2,") {
                known.push(id_of(text));
            }
        }));
        for event in events(&mut csms) {
            told.push(format!("{event:?}"));
            if let Event::Call(incoming) = event {
                answers.push(incoming.into_parts().1);
            }
        }
        for responder in answers {
            let _ = csms.refuse(now, responder, CallError::not_supported());
        }
        texts.extend(sent(&mut csms));
    }
    (texts, told)
}

/// The simulation repeats itself: same seed, same run.
#[test]
fn a_run_can_be_repeated() {
    let (one, other) = (run(Weather::storm(), 7, 300), run(Weather::storm(), 7, 300));
    assert_eq!(one.transcript(), other.transcript());
    assert!(one.transcript().len() > 100);
}

/// In fine weather nothing goes wrong.
#[test]
fn in_fine_weather_every_answer_comes() {
    let mut whims = Whims { dice: Dice(1), forgets: 0 };
    let mut world = world(Weather::fine(), 1);
    let mut book = Book::default();
    world.connect(Version::V16);
    for _ in 0..100 {
        let now = world.now();
        let call = world.station.call(now, &v16::HeartbeatRequest::new()).unwrap();
        book.open(call.key());
        let mut answer = None;
        while answer.is_none() && world.step() {
            let now = world.now();
            while let Some(event) = world.csms.poll_event() {
                whims.handles(&mut world.csms, now, event, &mut Book::default());
            }
            while let Some(event) = world.station.poll_event() {
                if let Event::Answer(found) = event {
                    answer = Some(found);
                }
            }
        }
        assert!(answer.unwrap().claim(call).unwrap().is_ok());
    }
    assert_eq!(world.station.counters().timeouts, 0);
}
