//! What a connection asks of the allocator; alone in its binary, since it counts for the whole process.

#![allow(clippy::unwrap_used)] // a test may

use std::alloc::System;

use ocpp_rpc::{
    Connection, ConnectionConfig, CsmsCall, Event, Input, Instant, Machine, MessageIds, StationCall, Transmit,
};
use ocpp_types::{Timestamp, Version, v16};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn pass(from: &mut impl Machine, to: &mut impl Machine, now: Instant) {
    match from.poll_transmit() {
        Some(Transmit::Text(text)) => to.handle_input(now, Input::Text(text)),
        other => panic!("no text but {other:?}"),
    }
}

fn heartbeat(station: &mut Connection<CsmsCall>, csms: &mut Connection<StationCall>, now: Instant, time: &Timestamp) {
    let call = station.call(now, &v16::HeartbeatRequest::new()).unwrap();
    pass(station, csms, now);
    let Some(Event::Call(incoming)) = csms.poll_event() else { panic!("no request") };
    let (request, responder) = incoming.into_parts();
    let StationCall::V16(v16::StationCall::Heartbeat(request)) = *request else { panic!("no heartbeat") };
    csms.reply(now, responder.of(&request), Ok(v16::HeartbeatResponse::new(time.clone()))).unwrap();
    pass(csms, station, now);
    let Some(Event::Answer(answer)) = station.poll_event() else { panic!("no answer") };
    answer.claim(call).unwrap().unwrap();
}

/// Bytes that are held beyond those at the start.
fn held(region: &Region<'_, System>) -> isize {
    let change = region.change();
    change.bytes_allocated as isize - change.bytes_deallocated as isize
}

/// What was seen in one run.
struct Measured {
    /// Bytes held more after 10 000 calls.
    growth: isize,
    /// Allocations for each of them.
    allocations: usize,
    /// Bytes held by both sides when they were told to give back what they can.
    at_rest: isize,
    /// Bytes held by two idle connections.
    idle: isize,
}

fn measured() -> Measured {
    let time: Timestamp = "2026-03-01T10:15:30Z".parse().unwrap();
    let start = Region::new(GLOBAL);
    let mut station = Connection::<CsmsCall>::new(ConnectionConfig::station(), MessageIds::new(1));
    let mut csms = Connection::<StationCall>::new(ConnectionConfig::csms(), MessageIds::new(2));
    let configs = held(&start);
    station.handle_input(Instant::ZERO, Input::LinkUp(Version::V16));
    csms.handle_input(Instant::ZERO, Input::LinkUp(Version::V16));
    // ids have as many digits then as at the end
    for _ in 0..5000 {
        heartbeat(&mut station, &mut csms, Instant::ZERO, &time);
    }
    let warm = Region::new(GLOBAL);
    for _ in 0..10_000 {
        heartbeat(&mut station, &mut csms, Instant::ZERO, &time);
    }
    let (growth, allocations) = (held(&warm), warm.change().allocations / 10_000);
    station.give_back();
    csms.give_back();
    let at_rest = held(&start) - configs;
    station.handle_input(Instant::from_secs(3600), Input::Timeout);
    csms.handle_input(Instant::from_secs(3600), Input::Timeout);
    Measured { growth, allocations, at_rest, idle: held(&start) - configs }
}

/// The least of several counts, since the threads of the test harness allocate too.
#[test]
fn memory_does_not_grow_with_calls_and_is_given_back_when_idle() {
    let runs: Vec<_> = (0..5).map(|_| measured()).collect();
    let growth = runs.iter().map(|run| run.growth).min().unwrap();
    let allocations = runs.iter().map(|run| run.allocations).min().unwrap();
    let at_rest = runs.iter().map(|run| run.at_rest).min().unwrap();
    let idle = runs.iter().map(|run| run.idle).min().unwrap();
    println!(
        "a connection has {} bytes; two hold {at_rest} more at rest, {idle} idle; {allocations} allocations per round trip",
        size_of::<Connection<StationCall>>()
    );
    assert!(growth <= 0, "{growth} bytes more after 10000 calls");
    assert!(allocations <= 2, "{allocations} allocations for a call, its request and its answer");
    // eight answers of 40 bytes, each with three numbers about it, and up to as much room that is used again
    let kept = 8 * 40..=8 * (2 * 40 + 24) + 64;
    assert!(kept.contains(&at_rest), "{at_rest} bytes held for answers that may be asked for again");
    assert!(idle <= 0, "{idle} bytes held by two idle connections");
}
