//! Who is connected: rules WS-26, CS-08, CS-50, CS-51, CS-57, fault rows B18 to B20, E10.

use std::net::IpAddr;
use std::time::Duration;

use ocpp_rpc::CloseCode;
use ocpp_server::registry::{
    Alarm, Arrival, DuplicatePolicy, Generation, NotAdmitted, NotEntered, ProbeResult, Rate, Registry, RegistryConfig,
};

use crate::{at, id};

fn registry(change: impl FnOnce(&mut RegistryConfig)) -> Registry<&'static str> {
    let mut config = RegistryConfig::default();
    change(&mut config);
    Registry::new(config)
}

fn home() -> Option<IpAddr> {
    "192.0.2.1".parse().ok()
}

fn away() -> Option<IpAddr> {
    "203.0.113.9".parse().ok()
}

#[track_caller]
fn entered<H: std::fmt::Debug>(arrival: Arrival<H>) -> Generation {
    match arrival {
        Arrival::Entered { generation } => generation,
        other => panic!("{other:?}"),
    }
}

#[test]
fn ws_26_cs_50_b18_the_newest_authenticated_connection_wins() {
    let mut registry = registry(|_| {});
    let old = entered(registry.arrive(at(0), id("CP1"), home(), "old"));
    let Arrival::Replaced { generation: new, loser, alarm } = registry.arrive(at(9), id("CP1"), home(), "new") else {
        panic!("not replaced")
    };
    assert!(new > old);
    assert_eq!((loser.handle, loser.code, alarm), ("old", CloseCode::POLICY, None));
    assert!(loser.reason.contains("replaced"));
    assert_eq!(registry.get("CP1").map(|found| *found.handle), Some("new"));
    assert_eq!(registry.len(), 1);
}

/// Of the mistakes of other stacks: two live sockets for one identity, and a finaliser that ends the new one.
#[test]
fn b18_what_is_done_in_the_name_of_an_old_connection_has_no_effect() {
    let mut registry = registry(|_| {});
    let old = entered(registry.arrive(at(0), id("CP1"), home(), "old"));
    let Arrival::Replaced { generation: new, .. } = registry.arrive(at(1), id("CP1"), home(), "new") else {
        panic!("not replaced")
    };
    assert!(!registry.seen(at(2), &id("CP1"), old), "its messages are not delivered");
    assert!(!registry.leave(&id("CP1"), old), "its end does not end the new one");
    assert!(registry.is_current(&id("CP1"), new) && registry.seen(at(2), &id("CP1"), new));
    assert_eq!(registry.counters().stale, 1);
    assert!(registry.leave(&id("CP1"), new) && registry.is_empty());
    assert!(!registry.leave(&id("CP1"), new));
    let later = entered(registry.arrive(at(3), id("CP1"), home(), "later"));
    assert!(later > new, "numbers are never used again");
}

#[test]
fn by_name_the_old_connection_stays() {
    let mut registry = registry(|config| config.duplicates = DuplicatePolicy::RejectNew);
    entered(registry.arrive(at(0), id("CP1"), home(), "old"));
    let Arrival::Refused { loser, why, alarm } = registry.arrive(at(1), id("CP1"), home(), "new") else {
        panic!("not refused")
    };
    assert_eq!((loser.handle, loser.code, why), ("new", CloseCode::POLICY, NotEntered::AlreadyConnected));
    assert_eq!(alarm, None, "a station that comes back from the same address is no alarm");
    assert_eq!(registry.get("CP1").map(|found| *found.handle), Some("old"));
    assert_eq!(registry.counters().refused, 1);
}

#[test]
fn by_name_the_old_connection_is_asked_first() {
    let mut registry = registry(|config| config.duplicates = DuplicatePolicy::ProbeOldThenKick);
    let old = entered(registry.arrive(at(0), id("CP1"), home(), "old"));
    let probe = registry.arrive(at(1), id("CP1"), home(), "new");
    assert_eq!(probe, Arrival::Probe { handle: "new", holder: old });
    let alive = registry.probed(at(2), id("CP1"), home(), "new", (old, ProbeResult::Alive));
    assert!(matches!(alive, Arrival::Refused { why: NotEntered::AlreadyConnected, .. }));

    let dead = registry.probed(at(3), id("CP1"), home(), "new", (old, ProbeResult::Dead));
    let Arrival::Replaced { generation, loser, .. } = dead else { panic!("not replaced") };
    assert_eq!(loser.handle, "old");
    // the answer about one that has gone meanwhile says nothing about the next
    let third = registry.probed(at(4), id("CP1"), home(), "third", (old, ProbeResult::Dead));
    assert!(matches!(third, Arrival::Refused { .. }));
    registry.leave(&id("CP1"), generation);
    entered(registry.probed(at(5), id("CP1"), home(), "third", (generation, ProbeResult::Alive)));
}

/// Two devices with one identity at different addresses take turns: that is one alarm each time, not two.
#[test]
fn b19_cs_51_every_connection_and_every_alarm_is_counted_once() {
    let mut registry = registry(|_| {});
    entered(registry.arrive(at(0), id("CP1"), home(), "a"));
    let mut alarms = 0;
    for second in 1..=9 {
        let source = if second % 2 == 0 { home() } else { away() };
        match registry.arrive(at(second), id("CP1"), source, "b") {
            Arrival::Replaced { alarm, .. } | Arrival::Refused { alarm, .. } => alarms += u64::from(alarm.is_some()),
            other => panic!("{other:?}"),
        }
    }
    let counters = registry.counters();
    assert_eq!((counters.entered, counters.replaced, counters.refused), (6, 5, 4));
    assert_eq!((alarms, counters.alarms), (9, 9));
}

#[test]
fn b20_a_connection_that_had_to_wait_for_a_probe_finds_no_room_that_is_not_there() {
    let mut registry = registry(|config| {
        config.duplicates = DuplicatePolicy::ProbeOldThenKick;
        config.max_connections = 1;
    });
    let old = entered(registry.arrive(at(0), id("CP1"), home(), "old"));
    assert!(matches!(registry.arrive(at(1), id("CP1"), home(), "new"), Arrival::Probe { .. }));
    registry.leave(&id("CP1"), old);
    entered(registry.arrive(at(2), id("CP2"), home(), "other"));
    let late = registry.probed(at(3), id("CP1"), home(), "new", (old, ProbeResult::Dead));
    assert!(matches!(late, Arrival::Refused { why: NotEntered::Full, .. }), "{late:?}");
    assert_eq!(registry.len(), 1);
}

#[test]
fn cs_57_a_connection_that_had_to_wait_for_a_probe_does_not_enter_what_goes_down() {
    let mut registry = registry(|config| config.duplicates = DuplicatePolicy::ProbeOldThenKick);
    let old = entered(registry.arrive(at(0), id("CP1"), home(), "old"));
    assert!(matches!(registry.arrive(at(1), id("CP1"), home(), "new"), Arrival::Probe { .. }));
    registry.start_drain(at(2), 1);
    assert_eq!(registry.drain(at(2)).len(), 1);
    let late = registry.probed(at(3), id("CP1"), home(), "new", (old, ProbeResult::Dead));
    assert!(matches!(late, Arrival::Refused { why: NotEntered::Draining, .. }), "{late:?}");
    assert!(!registry.is_current(&id("CP1"), old), "it is out");
}

#[test]
fn b19_a_takeover_from_another_address_while_the_first_is_alive_is_an_alarm() {
    let mut registry = registry(|_| {});
    let old = entered(registry.arrive(at(0), id("CP1"), home(), "old"));
    registry.seen(at(100), &id("CP1"), old);
    let Arrival::Replaced { alarm, .. } = registry.arrive(at(110), id("CP1"), away(), "thief") else {
        panic!("not replaced")
    };
    let expected = Alarm::DuplicateIdentity { identity: id("CP1"), older: home(), newer: away() };
    assert_eq!(alarm, Some(expected));
    // silent for longer than a live one: its network has changed, that is all
    let Arrival::Replaced { alarm, .. } = registry.arrive(at(141), id("CP1"), home(), "back") else {
        panic!("not replaced")
    };
    assert_eq!((alarm, registry.counters().alarms), (None, 1));
    // at the last moment at which it counts as alive
    let Arrival::Replaced { alarm, .. } = registry.arrive(at(171), id("CP1"), away(), "again") else {
        panic!("not replaced")
    };
    assert!(alarm.is_some());
}

#[test]
fn cs_51_connections_that_keep_replacing_each_other_are_stopped() {
    let mut registry = registry(|_| {});
    entered(registry.arrive(at(0), id("CP1"), home(), "a"));
    for second in 1..=5 {
        let arrival = registry.arrive(at(second), id("CP1"), home(), "b");
        assert!(matches!(arrival, Arrival::Replaced { alarm: None, .. }), "{arrival:?}");
    }
    let Arrival::Refused { loser, why, alarm } = registry.arrive(at(6), id("CP1"), home(), "c") else {
        panic!("not refused")
    };
    assert_eq!((why, loser.code), (NotEntered::Flapping, CloseCode::OVERLOAD));
    assert_eq!(alarm, Some(Alarm::Flapping { identity: id("CP1") }));
    assert!(matches!(registry.arrive(at(61), id("CP1"), home(), "c"), Arrival::Replaced { .. }), "a minute later");
}

#[test]
fn b20_more_connections_than_allowed_are_turned_away() {
    let mut registry = registry(|config| config.max_connections = 2);
    for name in ["CP1", "CP2"] {
        registry.admit(at(0)).expect("room");
        entered(registry.arrive(at(0), id(name), home(), "x"));
    }
    assert_eq!(registry.admit(at(0)), Err(NotAdmitted::Full));
    // one that was let in before the last place was taken
    let arrival = registry.arrive(at(0), id("CP3"), home(), "x");
    assert!(matches!(arrival, Arrival::Refused { why: NotEntered::Full, .. }));
    assert!(matches!(registry.arrive(at(0), id("CP1"), home(), "x"), Arrival::Replaced { .. }), "no place more");
}

#[test]
fn e10_a_token_bucket_spreads_a_storm() {
    let mut registry = registry(|config| config.rate = Some(Rate { per_second: 100, burst: 50 }));
    let admitted = |registry: &mut Registry<_>, millis: u64| {
        (0..1000).filter(|_| registry.admit(ocpp_rpc::Instant::from_millis(millis)).is_ok()).count()
    };
    assert_eq!(admitted(&mut registry, 10_000), 50);
    let retry_in = Duration::from_millis(10);
    assert_eq!(registry.admit(at(10)), Err(NotAdmitted::TooFast { retry_in }));
    assert_eq!(admitted(&mut registry, 10_100), 10);
    assert_eq!(admitted(&mut registry, 60_000), 50, "no more than a burst is saved up");
}

#[test]
fn e10_ten_thousand_stations_come_in_at_once_where_no_rate_is_set() {
    let mut registry = registry(|_| {});
    for number in 0..10_000 {
        registry.admit(at(0)).expect("room");
        entered(registry.arrive(at(0), id(&format!("CP{number}")), home(), "x"));
    }
    assert_eq!(registry.len(), 10_000);
}

#[test]
fn cs_57_draining_sends_so_many_per_second_away_and_lets_nobody_in() {
    let mut registry = registry(|_| {});
    for number in 0..25 {
        entered(registry.arrive(at(0), id(&format!("CP{number:02}")), home(), "x"));
    }
    assert!(registry.drain(at(0)).is_empty() && registry.poll_timeout().is_none());
    registry.start_drain(at(100), 10);
    assert_eq!(registry.admit(at(100)), Err(NotAdmitted::Draining));
    let arrival = registry.arrive(at(100), id("CP99"), home(), "x");
    assert!(matches!(arrival, Arrival::Refused { why: NotEntered::Draining, .. }));

    let first = registry.drain(at(100));
    assert_eq!((first.len(), first[0].code, first[0].identity.as_str()), (1, CloseCode::RESTART, "CP00"));
    assert_eq!(registry.poll_timeout(), Some(ocpp_rpc::Instant::from_millis(100_100)));
    assert_eq!(registry.drain(at(101)).len(), 10);
    assert_eq!(registry.drain(at(200)).len(), 10, "a pause of the caller is not made up for at once");
    assert_eq!(registry.drain(at(201)).len(), 4);
    assert!(registry.is_empty() && registry.poll_timeout().is_none());
}

#[test]
fn cs_08_when_a_station_was_last_heard_of_is_known() {
    let mut registry = registry(|_| {});
    let generation = entered(registry.arrive(at(3), id("CP1"), home(), "x"));
    registry.seen(at(8), &id("CP1"), generation);
    let found = registry.get("CP1").expect("connected");
    assert_eq!((found.since, found.last_seen, found.source), (at(3), at(8), home()));
    assert_eq!(registry.iter().map(|found| found.identity.to_string()).collect::<Vec<_>>(), ["CP1"]);
}
