//! The one reconnect decision: rules WS-04, WS-06, WS-15, WS-20, WS-21, WS-22, WS-24, WS-25 and WS-28, field need 9.

use std::time::Duration;

use ocpp_client::{Backoff, CloseReason, Decision, Random, Reconnect, SlotChange, StationEvent, StatusScope};
use ocpp_rpc::Instant;
use ocpp_types::{Version, v201};
use serde_json::json;

use crate::lab::{Lab, NOON};

fn even_backoff() -> Backoff {
    let mut backoff = Backoff::default();
    backoff.wait_minimum = Duration::from_secs(10);
    backoff.repeat_times = 3;
    backoff.random_range = Duration::ZERO;
    backoff
}

fn wait(decision: Decision, now: Instant) -> (i64, u64) {
    match decision {
        Decision::Dial { slot, at } => (slot, (at - now).as_secs()),
        Decision::Stay => panic!("stays away"),
    }
}

#[test]
fn ws_20_the_wait_doubles_to_its_limit_and_a_success_resets_it() {
    let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::from_secs(9));
    assert_eq!(wait(reconnect.start(now), now), (1, 0));
    for expected in [10, 20, 40, 80, 80, 80] {
        assert_eq!(wait(reconnect.decide(now, CloseReason::ConnectFailed, &mut random), now), (1, expected));
    }
    assert_eq!(reconnect.connected(), SlotChange::Same);
    let lost = CloseReason::PeerClosed { code: Some(1001) };
    for expected in [10, 20, 40] {
        assert_eq!(wait(reconnect.decide(now, lost, &mut random), now), (1, expected));
    }
}

#[test]
fn ws_20_chance_is_drawn_anew_each_time_and_not_doubled() {
    let mut backoff = even_backoff();
    backoff.random_range = Duration::from_secs(5);
    let mut random = Random::new(42);
    let waits: Vec<_> = (0..200).map(|_| backoff.wait(3, &mut random) - Duration::from_secs(80)).collect();
    assert!(waits.iter().all(|extra| *extra <= Duration::from_secs(5)));
    let mut distinct = waits.clone();
    distinct.sort();
    distinct.dedup();
    assert!(distinct.len() > 150, "{} of 200 differ", distinct.len());
    assert!(
        distinct.first() < Some(&Duration::from_millis(250)) && distinct.last() > Some(&Duration::from_millis(4750))
    );
}

#[test]
fn ws_20_no_number_of_attempts_overflows() {
    let mut backoff = even_backoff();
    backoff.wait_minimum = Duration::MAX;
    backoff.repeat_times = u32::MAX;
    assert_eq!(backoff.wait(u32::MAX, &mut Random::new(1)), Duration::MAX);
}

/// Field need 9, rules WS-04, WS-06, WS-22 and WS-25: there is no reason but the station's own wish that ends without
/// another attempt, whether the connection had been up or not.
#[test]
fn ws_25_every_reason_leads_to_the_next_attempt() {
    for reason in CloseReason::ALL {
        for was_up in [false, true] {
            let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
            let _first = reconnect.start(now);
            if was_up {
                let _same = reconnect.connected();
            }
            let decision = reconnect.decide(now, reason, &mut random);
            let expected = match reason {
                CloseReason::Shutdown => None,
                CloseReason::CredentialsChanged | CloseReason::ProfileChanged | CloseReason::Restart => Some(0),
                _ => Some(10),
            };
            match expected {
                None => assert_eq!(decision, Decision::Stay),
                Some(expected) => assert_eq!(wait(decision, now), (1, expected), "{reason:?}, up: {was_up}"),
            }
            assert_eq!(reconnect.active_slot(), None);
        }
    }
}

#[test]
fn ws_25_every_close_code_leads_to_the_next_attempt() {
    for code in (0..=5000).map(Some).chain([None]) {
        let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
        let _first = reconnect.start(now);
        let _same = reconnect.connected();
        assert_eq!(wait(reconnect.decide(now, CloseReason::PeerClosed { code }, &mut random), now), (1, 10));
    }
}

#[test]
fn ws_06_a_refused_handshake_is_no_tight_loop() {
    let (mut reconnect, mut random, mut now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
    let _first = reconnect.start(now);
    let mut attempts = 0;
    while now < Instant::from_secs(3600) {
        let (_, seconds) = wait(reconnect.decide(now, CloseReason::HandshakeRefused { status: 404 }, &mut random), now);
        now += Duration::from_secs(seconds);
        attempts += 1;
    }
    // 10, 30, 70 and then every 80 s
    assert_eq!(attempts, 48);
}

#[test]
fn ws_28_the_list_of_profiles_is_walked_and_never_ends() {
    let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
    reconnect.set_profiles(&[2, 1], 3);
    let mut slots = vec![wait(reconnect.start(now), now).0];
    for _ in 0..8 {
        slots.push(wait(reconnect.decide(now, CloseReason::ConnectFailed, &mut random), now).0);
    }
    assert_eq!(slots, [2, 2, 2, 1, 1, 1, 2, 2, 2]);
}

#[test]
fn ws_28_after_a_loss_the_list_is_walked_from_its_beginning() {
    let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
    reconnect.set_profiles(&[2, 1], 1);
    let _first = reconnect.start(now);
    assert_eq!(wait(reconnect.decide(now, CloseReason::TlsFailed, &mut random), now).0, 1);
    assert_eq!(reconnect.connected(), SlotChange::Same);
    assert_eq!(reconnect.active_slot(), Some(1));
    assert_eq!(wait(reconnect.decide(now, CloseReason::PongMissing, &mut random), now), (2, 10));
    // another slot than before: the station has to introduce itself (WS-21)
    assert_eq!(reconnect.connected(), SlotChange::Switched);
}

#[test]
fn ws_28_an_empty_list_or_no_attempts_change_nothing() {
    let mut reconnect = Reconnect::new(even_backoff());
    reconnect.set_profiles(&[], 3);
    reconnect.set_profiles(&[5], 0);
    assert_eq!(wait(reconnect.start(Instant::ZERO), Instant::ZERO), (5, 0));
}

#[test]
fn ws_15_new_credentials_are_used_at_once_and_then_with_back_off() {
    let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
    let _first = reconnect.start(now);
    let _same = reconnect.connected();
    assert_eq!(wait(reconnect.decide(now, CloseReason::CredentialsChanged, &mut random), now), (1, 0));
    let refused = CloseReason::HandshakeRefused { status: 401 };
    assert_eq!(wait(reconnect.decide(now, refused, &mut random), now), (1, 10));
    assert_eq!(wait(reconnect.decide(now, refused, &mut random), now), (1, 20));
}

#[test]
fn ws_21_a_reconnect_is_no_boot() {
    for version in Version::ALL {
        let mut lab = Lab::online(version);
        for _ in 0..3 {
            lab.link_down();
            assert!(!lab.station.is_online());
            lab.pass(5);
            lab.link_up();
            lab.nothing_sent();
            assert!(lab.station.is_online(), "{version}");
        }
    }
}

#[test]
fn ws_21_a_switch_to_another_profile_needs_a_boot_notification() {
    let mut lab = Lab::online(Version::V201);
    lab.link_down();
    lab.station.introduce_again(lab.now, v201::BootReason::ApplicationReset);
    lab.link_up();
    let boot = lab.one_sent();
    assert_eq!(boot.payload["reason"], "ApplicationReset");
    assert!(!lab.station.is_online());
    lab.events.clear();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
    assert!(lab.station.is_online());
    // whoever has just accepted the station knows nothing of its connectors (BOOT-06, BOOT-07)
    let online = lab.events.iter().filter(|event| matches!(event, StationEvent::Online(StatusScope::All)));
    assert_eq!(online.count(), 1, "{:?}", lab.events);
    // and once it does, a reconnect is one again
    lab.link_down();
    lab.link_up();
    let online = lab.events.iter().filter(|event| matches!(event, StationEvent::Online(StatusScope::Changed)));
    assert_eq!(online.count(), 1, "{:?}", lab.events);
}

/// Rules BOOT-09 and WS-21: an introduction is no boot, so transactions may begin meanwhile.
#[test]
fn ws_21_transactions_begin_while_the_station_introduces_itself_again() {
    let mut lab = Lab::online(Version::V16);
    lab.link_down();
    lab.station.introduce_again(lab.now, v201::BootReason::ApplicationReset);
    lab.station.start_transaction(lab.now, &crate::lab::make::start()).expect("taken");
    lab.link_up();
    assert_eq!(lab.one_sent().name, "BootNotification");
}

#[test]
fn q_10_q_11_after_a_reconnect_the_status_is_reported_of_what_changed_or_of_all() {
    for (version, away, scope) in [
        (Version::V16, 3600, StatusScope::Changed),
        (Version::V201, 60, StatusScope::Changed),
        (Version::V201, 61, StatusScope::All),
        (Version::V21, 61, StatusScope::All),
    ] {
        let mut lab = Lab::online(version);
        lab.link_down();
        lab.pass(away);
        lab.events.clear();
        lab.link_up();
        let reported = lab.events.iter().find_map(|event| match event {
            StationEvent::Online(scope) => Some(*scope),
            _ => None,
        });
        assert_eq!(reported, Some(scope), "{version} after {away} s");
    }
}

#[test]
fn ws_21_an_introduction_on_the_link_there_is_shuts_it_for_everything_else() {
    let mut lab = Lab::online(Version::V201);
    lab.station.introduce_again(lab.now, v201::BootReason::ApplicationReset);
    lab.take_events();
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::Offline)));
    let boot = lab.one_sent();
    crate::lab::make::something_start(&mut lab);
    lab.nothing_sent();
    lab.events.clear();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::Online(StatusScope::All))));
    assert_eq!(lab.one_sent().payload["offline"], true);
}

#[test]
fn q_11_the_threshold_counts_from_the_loss_of_the_link() {
    let mut lab = Lab::online(Version::V201);
    for _ in 0..20 {
        lab.pass(290);
        lab.settle();
    }
    lab.link_down();
    lab.pass(5);
    lab.events.clear();
    lab.link_up();
    assert!(lab.events.iter().any(|event| matches!(event, StationEvent::Online(StatusScope::Changed))));
}

#[test]
fn ws_11_a_failure_of_tls_is_told_again_after_a_connection() {
    let mut lab = Lab::new(Version::V201);
    for times in [1, 2] {
        for _ in 0..3 {
            lab.station.tls_failed(lab.now, ocpp_client::TlsFailure::Version);
        }
        assert_eq!(lab.station.outbox().len(), 1, "once, however often in a row");
        lab.link_up();
        if times == 1 {
            let boot = lab.one_sent();
            lab.answer(&boot, json!({"currentTime": NOON, "interval": 300, "status": "Accepted"}));
        }
        assert_eq!(lab.settle()[0].payload["type"], "InvalidTLSVersion");
        lab.link_down();
    }
}

/// Nothing waits for a CSMS that has yet to accept the station.
#[test]
fn q_16_what_is_due_while_the_station_introduces_itself_makes_no_timer_that_stands_still() {
    let mut lab = Lab::online(Version::V201);
    crate::lab::make::something_start(&mut lab);
    let event = lab.one_sent();
    lab.refuse(&event, "InternalError");
    lab.station.introduce_again(lab.now, v201::BootReason::ApplicationReset);
    let boot = lab.one_sent();
    lab.answer(&boot, json!({"currentTime": NOON, "interval": 3600, "status": "Pending"}));
    // the bench checks that every timer moves
    lab.pass(600);
    lab.nothing_sent();
}

#[test]
fn ws_28_a_planned_reconnect_walks_the_list_from_its_beginning() {
    for reason in [CloseReason::CredentialsChanged, CloseReason::ProfileChanged, CloseReason::Restart] {
        let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
        reconnect.set_profiles(&[2, 1], 1);
        let _first = reconnect.start(now);
        assert_eq!(wait(reconnect.decide(now, CloseReason::ConnectFailed, &mut random), now), (1, 10));
        let _same = reconnect.connected();
        assert_eq!(wait(reconnect.decide(now, reason, &mut random), now), (2, 0), "{reason:?}");
    }
}

#[test]
fn ws_28_a_list_that_becomes_shorter_is_walked_all_the_same() {
    let (mut reconnect, mut random, now) = (Reconnect::new(even_backoff()), Random::new(1), Instant::ZERO);
    reconnect.set_profiles(&[1, 2, 3], 1);
    let _first = reconnect.start(now);
    for expected in [2, 3] {
        assert_eq!(wait(reconnect.decide(now, CloseReason::ConnectFailed, &mut random), now).0, expected);
    }
    reconnect.set_profiles(&[7], 5);
    assert_eq!(wait(reconnect.decide(now, CloseReason::ConnectFailed, &mut random), now).0, 7);
    assert_eq!(reconnect.connected(), SlotChange::Same);
    assert_eq!(reconnect.active_slot(), Some(7));
}
