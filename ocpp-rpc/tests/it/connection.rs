//! Two machines, or one and a script.

use ocpp_rpc::{
    Connection, ConnectionConfig, CsmsCall, Event, Input, Instant, Machine, MessageIds, StationCall, Transmit,
};
use ocpp_types::{Version, v16};

fn station() -> Connection<CsmsCall> {
    Connection::new(ConnectionConfig::station(), MessageIds::new(1))
}

fn csms() -> Connection<StationCall> {
    Connection::new(ConnectionConfig::csms(), MessageIds::new(2))
}

fn text<M: Machine>(machine: &mut M) -> Option<String> {
    match machine.poll_transmit() {
        Some(Transmit::Text(text)) => Some(text.to_owned()),
        Some(other) => panic!("{other:?}"),
        None => None,
    }
}

#[test]
fn a_call_is_answered() {
    let now = Instant::ZERO;
    let (mut station, mut csms) = (station(), csms());
    station.handle_input(now, Input::LinkUp(Version::V16));
    csms.handle_input(now, Input::LinkUp(Version::V16));
    let call = station.call(now, &v16::HeartbeatRequest::new()).unwrap();
    let frame = text(&mut station).unwrap();
    assert_eq!(station.poll_transmit(), None);
    csms.handle_input(now, Input::Text(&frame));
    let Some(Event::Call(incoming)) = csms.poll_event() else { panic!() };
    let (request, responder) = incoming.into_parts();
    let StationCall::V16(v16::StationCall::Heartbeat(request)) = request else { panic!() };
    let time = "2026-03-01T10:15:30Z".parse::<ocpp_types::Timestamp>().unwrap();
    csms.reply(now, responder.of(&request), Ok(v16::HeartbeatResponse::new(time.clone()))).unwrap();
    let frame = text(&mut csms).unwrap();
    station.handle_input(now, Input::Text(&frame));
    let Some(Event::Answer(answer)) = station.poll_event() else { panic!() };
    assert_eq!(answer.claim(call).unwrap().unwrap().current_time, time);
}
