//! The connection machine: one against a script, or two against each other.

mod calls;
mod field;
mod link;
mod quirks;
mod requests;
#[cfg(feature = "sim")]
mod storms;
mod versions;

use std::time::Duration;

use ocpp_rpc::{
    Anomaly, Answer, CallFailure, Connection, ConnectionConfig, CsmsCall, Event, Inbound, Incoming, Input, Instant,
    Machine, MessageIds, StationCall, Transmit,
};
use ocpp_types::{Version, v16, v21, v201};

const START: Instant = Instant::from_secs(100);

/// A station with a link of this version.
fn station(version: Version) -> Connection<CsmsCall> {
    up(Connection::new(ConnectionConfig::station(), MessageIds::new(0xa)), version)
}

/// A CSMS with a link of this version.
fn csms(version: Version) -> Connection<StationCall> {
    up(Connection::new(ConnectionConfig::csms(), MessageIds::new(0xb)), version)
}

/// A CSMS that is set up otherwise.
fn csms_with(version: Version, change: impl FnOnce(&mut ConnectionConfig)) -> Connection<StationCall> {
    let mut config = ConnectionConfig::csms();
    change(&mut config);
    up(Connection::new(config, MessageIds::new(0xb)), version)
}

/// A station that is set up otherwise.
fn station_with(version: Version, change: impl FnOnce(&mut ConnectionConfig)) -> Connection<CsmsCall> {
    let mut config = ConnectionConfig::station();
    change(&mut config);
    up(Connection::new(config, MessageIds::new(0xa)), version)
}

fn up<In: Inbound>(mut connection: Connection<In>, version: Version) -> Connection<In> {
    connection.handle_input(START, Input::LinkUp(version));
    connection
}

/// What a machine has to say to the link.
fn sent<In: Inbound>(connection: &mut Connection<In>) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(transmit) = connection.poll_transmit() {
        all.push(match transmit {
            Transmit::Text(text) => text.to_owned(),
            Transmit::Close { code, reason } => format!("close {code} {reason}"),
            other => panic!("{other:?}"),
        });
    }
    all
}

/// The one thing a machine has to say.
#[track_caller]
fn sent_one<In: Inbound>(connection: &mut Connection<In>) -> String {
    let mut all = sent(connection);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn events<In: Inbound>(connection: &mut Connection<In>) -> Vec<Event<In>> {
    std::iter::from_fn(|| connection.poll_event()).collect()
}

/// Takes in a text and gives what is sent because of it.
fn feed<In: Inbound>(connection: &mut Connection<In>, now: Instant, text: &str) -> Vec<String> {
    connection.handle_input(now, Input::Text(text));
    sent(connection)
}

/// The one request that came in.
#[track_caller]
fn request<In: Inbound>(connection: &mut Connection<In>) -> Incoming<In> {
    let mut all = events(connection);
    assert_eq!(all.len(), 1, "{all:?}");
    match all.remove(0) {
        Event::Call(incoming) => incoming,
        other => panic!("{other:?}"),
    }
}

/// The one answer there is.
#[track_caller]
fn answer<In: Inbound>(connection: &mut Connection<In>) -> Answer {
    let mut all = events(connection);
    assert_eq!(all.len(), 1, "{all:?}");
    match all.remove(0) {
        Event::Answer(answer) => answer,
        other => panic!("{other:?}"),
    }
}

/// Why the one call that ended has failed.
#[track_caller]
fn failure<In: Inbound>(connection: &mut Connection<In>) -> CallFailure {
    answer(connection).failure().expect("a failure").clone()
}

/// The anomalies among the events.
fn anomalies<In: Inbound>(connection: &mut Connection<In>) -> Vec<Anomaly> {
    let only = |event| if let Event::Anomaly(anomaly) = event { Some(*anomaly) } else { None };
    events(connection).into_iter().filter_map(only).collect()
}

/// The id in a frame.
fn id_of(frame: &str) -> String {
    frame.split('"').nth(1).expect("an id").to_owned()
}

/// Makes a Heartbeat of the version, sends it, and gives its message id.
fn heartbeat(station: &mut Connection<CsmsCall>, now: Instant) -> String {
    match station.version() {
        Some(Version::V16) => drop(station.call(now, &v16::HeartbeatRequest::new()).unwrap()),
        Some(Version::V201) => drop(station.call(now, &v201::HeartbeatRequest::new()).unwrap()),
        _ => drop(station.call(now, &v21::HeartbeatRequest::new()).unwrap()),
    }
    id_of(&sent_one(station))
}

const TIME: &str = r#"{"currentTime":"2026-03-01T10:15:30Z"}"#;

/// A good answer to a Heartbeat.
fn time_for(id: &str) -> String {
    format!("[3,\"{id}\",{TIME}]")
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn two_machines_call_and_answer_each_other() {
    let (mut station, mut csms) = (station(Version::V16), csms(Version::V16));
    let call = station.call(START, &v16::HeartbeatRequest::new()).unwrap();
    csms.handle_input(START, Input::Text(&sent_one(&mut station)));
    let (heartbeat, responder) = request(&mut csms).into_parts();
    let StationCall::V16(v16::StationCall::Heartbeat(heartbeat)) = *heartbeat else { panic!("no heartbeat") };
    let time = "2026-03-01T10:15:30Z".parse::<ocpp_types::Timestamp>().unwrap();
    csms.reply(START, responder.of(&heartbeat), Ok(v16::HeartbeatResponse::new(time.clone()))).unwrap();

    let reset = csms.call(START, &v16::ResetRequest::new(v16::ResetType::Soft)).unwrap();
    for text in sent(&mut csms) {
        station.handle_input(START, Input::Text(&text));
    }
    let mut events = self::events(&mut station).into_iter();
    let Some(Event::Answer(answer)) = events.next() else { panic!() };
    assert_eq!(answer.claim(call).unwrap().unwrap().current_time, time);
    let Some(Event::Call(incoming)) = events.next() else { panic!() };
    let taken = incoming.take::<v16::ResetRequest>(ocpp_types::DecodePolicy::Enforce).unwrap();
    station.reply(START, taken.replier, Ok(v16::ResetResponse::new(v16::ResetStatus::Accepted))).unwrap();
    csms.handle_input(START, Input::Text(&sent_one(&mut station)));
    assert_eq!(self::answer(&mut csms).claim(reset).unwrap().unwrap().status, v16::ResetStatus::Accepted);
}
